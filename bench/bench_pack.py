"""Having the rules at hand when the program starts: the pack read and checked, against libyaml reading the same files."""

from __future__ import annotations

from collections.abc import Iterator

import yaml

from bench.harness import Row, compare
from pinggu_desk.policy.pack import load_pack
from pinggu_desk.policy.resources import resource_root


def rows() -> Iterator[Row]:
    """One row: load_pack over every policy there is, against the bare reading of its YAML."""
    paths = [*resource_root().glob("*.yaml"), *resource_root().glob("policies/*/policy.yaml")]

    def bare() -> None:
        for path in paths:
            yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)

    yield compare(
        "load and check the pack", load_pack, bare, floor_name="its YAML through libyaml", budget=None, rounds=3
    )
