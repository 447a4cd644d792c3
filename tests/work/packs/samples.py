"""Small packs in folders and as signed files, by two sample districts' keys."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pinggu_desk.policy.pack import load_pack
from pinggu_desk.policy.packfile import PackFile, signed
from pinggu_desk.work.packs.build import build
from pinggu_desk.work.packs.store import PackStore
from tests.assess.packs import Small
from tests.documents.signers import OURS, THEIRS, SampleKey

DISTRICT = "名称: 示例区\n程序: 惠企窗口\n程序全名: 惠企政策窗口\n版次: {edition}\n来源: [{{原文: 示例, 称: 依据示例}}]\n部门: [示例局]\n"
#: at the cap, without which nothing is built
CASES = (
    "判断日: 2026-03-02\n用例:\n"
    "  - {{说: 封顶, 依据: xx.1, 事实: {{投资额: 1亿元}}, 应得: {{award: {{结论: 可申请, 口径: computed, 金额: {most}}}}}}}\n"
)


def folder(root: Path, most: str = "30万元", edition: str = "2026.01-1") -> Path:
    """A pack of one policy that gives 10 % of what was invested, capped."""
    words = f"按投资额的10%给予奖励，最高{most}。"
    Small(f"{{按: 投资额 的 10%, 封顶: {most}}}", {"xx.1": words}).write(root)
    (root / "district.yaml").write_text(DISTRICT.format(edition=edition), encoding="utf-8")
    (root / "policies/xx/cases.yaml").write_text(CASES.format(most=most), encoding="utf-8")
    return root


def pack_of(root: Path, day: date = date(2026, 1, 1), needs: str = "") -> PackFile:
    return build(root, day=day, pack=load_pack(root), needs=needs)


def written(path: Path, pack: PackFile, key: SampleKey | None = OURS) -> Path:
    """The pack as a file, signed unless no key is given."""
    made = signed(pack, key.public, key.sign) if key is not None else pack
    path.write_bytes(made.to_bytes())
    return path


def sample(tmp: Path, name: str, most: str, day: date, key: SampleKey | None = OURS) -> Path:
    """A signed pack file of a policy capped at ``most``."""
    return written(tmp / f"{name}.pack", pack_of(folder(tmp / name, most), day), key)


def store(tmp: Path) -> PackStore:
    """A store that trusts our sample district."""
    made = PackStore(tmp / "packs")
    made.trust(OURS.key)
    return made


__all__ = ["OURS", "THEIRS", "folder", "pack_of", "sample", "store", "written"]
