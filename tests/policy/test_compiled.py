"""The kept pack (编译缓存): the same pack, and never used once anything that it was made from has changed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pinggu_desk.policy import compiled
from pinggu_desk.policy.errors import BadPack
from pinggu_desk.policy.models import Pack
from pinggu_desk.policy.pack import load_pack
from pinggu_desk.policy.reading import phrase
from pinggu_desk.policy.resources import resource_root


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    copy = tmp_path / "resources"
    shutil.copytree(resource_root(), copy, ignore=shutil.ignore_patterns("fonts", "icons", "style", "pack.bin*"))
    for name in ("resource_root", "pack_root"):
        monkeypatch.setattr(compiled, name, lambda: copy)
    return copy


def same(one: Pack | None, other: Pack) -> bool:
    """Whether two packs say the same (forms are told apart by identity, so they are compared by their words)."""
    return one is not None and (one.version, one.facts, one.overlaps, said(one)) == (
        other.version, other.facts, other.overlaps, said(other),
    )  # fmt: skip


def said(pack: Pack) -> list[object]:
    benefits = [benefit for policy in pack.policies.values() for benefit in policy.benefits]
    rules = [(b.id, b.condition and phrase(b.condition), phrase(b.give)) for b in benefits]
    return [*rules, *(policy.sentences for policy in pack.policies.values())]


def test_the_kept_pack_is_the_pack(root: Path) -> None:
    compiled.keep_bundled()
    assert same(compiled._kept(root), load_pack(root))
    assert not (root / "pack.bin.new").exists()


def test_a_changed_source_is_read_again(root: Path) -> None:
    compiled.keep_bundled()
    facts = root / "facts.yaml"
    facts.write_text(
        facts.read_text(encoding="utf-8").replace("问: 申请人名称,", "问: 申请人的名称,"), encoding="utf-8"
    )
    assert compiled.load_bundled().facts["申请人名称"].question == "申请人的名称"


def test_a_source_that_became_wrong_is_told_and_not_passed_over(root: Path) -> None:
    compiled.keep_bundled()
    rules = root / "policies" / "ss" / "policy.yaml"
    rules.write_text(rules.read_text(encoding="utf-8").replace("500万元", "501万元"), encoding="utf-8")
    text = root / "policies" / "ss" / "text.md"
    text.write_text(text.read_text(encoding="utf-8").replace("上市", "上帝", 1), encoding="utf-8")
    with pytest.raises(BadPack):
        compiled.load_bundled()


@pytest.mark.parametrize("where", [40, -1])
def test_a_damaged_file_is_passed_over(root: Path, where: int) -> None:
    kept = bytearray(compiled.keep_bundled().read_bytes())
    kept[where] ^= 1
    (root / compiled.NAME).write_bytes(kept)
    assert same(compiled.load_bundled(), load_pack(root))


def test_without_the_file_the_sources_are_read(root: Path) -> None:
    assert same(compiled.load_bundled(), load_pack(root))
