"""This district's own pack with a second version of zxqy from 2027-01-01 (issue 13): 150万元 for 100万元, one benefit gone, one new."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from pinggu_desk.policy.resources import resource_root
from pinggu_desk.policy.stamp import stamp

POLICY, DAY = "zxqy", "2027-01-01"
FOLDER = f"{POLICY}@{DAY}"
_NEW_TEXT = "- zxqy.2.8 对被评为区级智能工厂示范的企业，给予一次性20万元资金奖励。"
_NEW_RULE = """  - 事项: 智能工厂示范奖励
    代号: smart_factory
    依据: zxqy.2.8
    条件: {申报的是企业: 是, 评为智能工厂示范: 是, 已领智能工厂奖励: 为 0元}
    给予: 20万元

"""
_NEW_FACTS = """- {名: 评为智能工厂示范, 代号: smart_factory_named, 类: 是否, 问: 是否被评为区级智能工厂示范, 凭: 认定文件, 旧值: 常在}
- {名: 已领智能工厂奖励, 代号: smart_factory_had, 类: 金额, 问: 已领过的智能工厂示范奖励, 由登记簿: {对: [zxqy.smart_factory], 计: 金额}}
"""


def write_changed(root: Path) -> Path:
    """Write the pack into ``root`` (facts, matters, both versions); where it is."""
    ours = resource_root()
    shutil.copytree(
        ours, root, ignore=shutil.ignore_patterns("fonts", "icons", "style", "colour", "pack.bin*"), dirs_exist_ok=True
    )
    folder = root / "policies" / FOLDER
    shutil.copytree(root / "policies" / POLICY, folder)
    _edit(folder / "text.md", [
        (r"(- zxqy\.2\.1 .*)上限为100万元", r"\g<1>上限为150万元"),
        (r"- zxqy\.2\.2 .*\n", ""),
        (r"(- zxqy\.2\.7b .*\n)", rf"\1{_NEW_TEXT}\n"),
    ])  # fmt: skip
    rules = folder / "policy.yaml"
    _edit(rules, [
        (r"已知自: 2024-02-01\n已知说明: .*\n", f"自: {DAY}\n"),
        (r"技改固定资产投资 的 10%\}, 封顶: 100万元", "技改固定资产投资 的 10%}, 封顶: 150万元"),
        (r"  - 事项: 信息化应用补助\n(?:    .*\n|      .*\n)*\n", ""),
        (r"\n限额:\n", f"\n{_NEW_RULE}限额:\n"),
        (r"zxqy\.2\.1, zxqy\.2\.2, zxqy", "zxqy.2.1, zxqy"),
        (r"  zxqy\.2\.2: .*\n", ""),
        (r"(  zxqy\.2\.7b: .*\n)", r"\1  zxqy.2.8: {归: 计算, 印: '00000000'}\n"),
    ])  # fmt: skip
    stamp(root, FOLDER)
    (folder / "facts.yaml").write_text(_NEW_FACTS, encoding="utf-8")
    _edit(folder / "cases.yaml", [("判断日: 2026-04-01", "判断日: 2027-04-01")])
    _edit(root / "matters.yaml", [
        (r"(\n      - 名: .*\n        代号: lodging\n)",
         r"\n      - {名: 智能工厂, 代号: smart, 事项: [zxqy.smart_factory], 开: [评为智能工厂示范]}\1"),
    ])  # fmt: skip
    return root


def _edit(path: Path, changes: list[tuple[str, str]]) -> None:
    words = path.read_text(encoding="utf-8")
    for pattern, into in changes:
        words, count = re.subn(pattern, into, words)
        assert count, f"{path.name}: {pattern}"
    path.write_text(words, encoding="utf-8")
