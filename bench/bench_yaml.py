"""Reading the packs' YAML files, against reading the same data as JSON, which is why packs are compiled once and kept."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import yaml

from bench.harness import Row, compare

RESOURCES = Path(__file__).parent.parent / "resources"


def rows() -> Iterator[Row]:
    """One row: libyaml's loader over every YAML file, against json over the same."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(RESOURCES.glob("**/policy.yaml"))]
    jsons = [json.dumps(yaml.load(text, yaml.CSafeLoader), default=str) for text in texts]
    yield compare(
        f"read {len(texts)} YAML files",
        lambda: [yaml.load(text, yaml.CSafeLoader) for text in texts],
        lambda: [json.loads(text) for text in jsons],
        floor_name="the same as JSON",
        budget=None,
    )
