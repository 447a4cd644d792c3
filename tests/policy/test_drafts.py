"""The drafts (草稿): policies encoded but not yet read by a second person, so not served. They must stay loadable.

Laid over the pack they are read, cross-checked, held to the ledger and to soundness like any policy that is served.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pinggu_desk.assess.soundness import check_soundness
from pinggu_desk.policy.check import check_pack
from pinggu_desk.policy.pack import load_pack, read_pack
from pinggu_desk.policy.resources import resource_root

DRAFTS = resource_root() / "drafts"


@pytest.fixture(scope="module")
def laid_over(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("whole") / "resources"
    shutil.copytree(resource_root(), root, ignore=shutil.ignore_patterns("drafts", "fonts", "icons", "style"))
    shutil.copytree(DRAFTS / "policies", root / "policies", dirs_exist_ok=True)
    for path in DRAFTS.glob("*.yaml"):
        served = root / path.name
        text = served.read_text(encoding="utf-8")
        kept = "" if text.rstrip().endswith("[]") else text  # a file that holds nothing yet
        served.write_text(f"{kept}\n{path.read_text(encoding='utf-8')}", encoding="utf-8")
    return root


def test_with_the_drafts_all_24_texts_are_accounted_for(laid_over: Path) -> None:
    pack, found = read_pack(laid_over)
    assert [str(item) for item in found] == []
    assert [str(item) for item in check_pack(pack, laid_over)] == []
    assert [str(item) for item in check_soundness(pack, laid_over)] == []
    assert len(pack.policies) == 24


def test_no_draft_is_served() -> None:
    drafts = {path.name for path in (DRAFTS / "policies").iterdir()}
    assert drafts.isdisjoint(load_pack().policies)
