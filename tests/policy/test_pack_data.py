"""What the check says of a pack's data (issue 13): holidays, outside figures, places of findings, and few of them where much is gone."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pinggu_desk.policy.pack import cross_check, read_pack
from pinggu_desk.policy.resources import PACK_VARIABLE, resource_root
from pinggu_desk.work.checking import check_everything
from tests.assess.packs import Small

ROOT = Path(__file__).parents[2]
SMALL = Small("{按: 平均工资, 封顶: 10万元}", {"xx.1": "按平均工资给予，最高不超过10万元。"})
WORKDAYS = """years:
  2026: {state: 已公布, document: 示例, "off": [2026-01-01, 2026-10-01], work: [2026-05-09]}
"""
FIGURE = (
    "- {名: 平均工资, 代号: wage, 类: 金额, 单位: 元, 最少: 1万元, 最多: 100万元, 说明: 示例, "
    "值表: [{自: 2026-01-01, 至: 2026-12-31, 值: 10万元, 来源: 示例公报}]}"
)


def found(root: Path) -> list[str]:
    pack, wrong = read_pack(root)
    return [str(d) for d in wrong or cross_check(pack, root)]


def with_file(tmp_path: Path, name: str, words: str) -> Path:
    root = SMALL.write(tmp_path)
    (root / name).write_text(words, encoding="utf-8")
    return root


@pytest.mark.parametrize(("before", "after", "told"), [
    ("2026-10-01]", "2026-10-01, '2026-13-01']", "off 里“2026-13-01”不是这一年的日期"),
    ("2026-10-01]", "2026-10-01, 2027-01-01]", "off 里“2027-01-01”不是这一年的日期"),
    ("2026-05-09", "2026-05-11", "调休上班日 2026-05-11 是星期一，本来就上班"),
    ("2026-10-01]", "2026-10-01, 2026-05-09]", "2026-05-09 又写在放假日（off）里，又写在上班日（work）里"),
    ("2026-10-01]", "2026-10-01, 2026-10-01]", "2026-10-01 在 off 里写了两次"),
    ('"off": [2026-01-01, 2026-10-01]', '"off": []', "写着已公布，却没有一天放假"),
    ("已公布", "公布了", "2026 年的 state 应写已公布或未公布"),
    ("  2026:", "  二〇二六:", "“二〇二六”应是年份"),
])  # fmt: skip
def test_a_holiday_that_cannot_be_is_told_with_its_line(tmp_path: Path, before: str, after: str, told: str) -> None:
    """Issue 13: 2027-13-01 was exit 70, and a Monday passed as a make-up day."""
    (one,) = found(with_file(tmp_path, "workdays.yaml", WORKDAYS.replace(before, after)))
    assert told in one and one.startswith("workdays.yaml:2 [bad-holiday]")


def test_a_day_that_does_not_exist_is_told_and_not_a_fault_of_ours(tmp_path: Path) -> None:
    (one,) = found(with_file(tmp_path, "workdays.yaml", WORKDAYS.replace("2026-10-01]", "2026-13-01]")))
    assert "不存在的日期" in one


@pytest.mark.parametrize(("before", "after", "told"), [
    ("值: 10万元", "值: 0元", "太小"),
    ("值: 10万元", "值: 215亿元", "太大"),
    ("值: 10万元", "值: 很多", "平均工资"),
    ("最少: 1万元", "最少: 不知道", "最少、最多应是带单位的量"),
    ("至: 2026-12-31", "至: 2025-12-31", "截止日 2025-12-31 早于起始日 2026-01-01"),
    (", 来源: 示例公报", "", "没有写来源"),
])  # fmt: skip
def test_an_outside_figure_that_cannot_be_meant_is_told_with_its_line(
    tmp_path: Path, before: str, after: str, told: str
) -> None:
    """Issue 13: a wage of 0元 or 215亿元 passed."""
    found_ = found(with_file(tmp_path, "parameters.yaml", FIGURE.replace(before, after)))
    assert any(told in one and one.startswith("parameters.yaml:1 [bad-parameter]") for one in found_), found_


def test_what_is_unused_is_told_with_its_line(tmp_path: Path) -> None:
    root = SMALL.write(tmp_path)
    facts = root / "facts.yaml"
    facts.write_text("- {名: 用不到, 代号: none, 类: 是否, 问: 问什么, 旧值: 当年}\n", encoding="utf-8")
    assert found(root) == ["facts.yaml:1 [unused-fact] 填报项“用不到”没有任何规则用到。"]


def test_a_pack_whose_policies_are_gone_gives_few_findings(tmp_path: Path) -> None:
    """Issue 13: dropping the 24 policies gave 1,044 findings without line numbers."""
    root = tmp_path / "pack"
    shutil.copytree(
        resource_root(), root, ignore=shutil.ignore_patterns("fonts", "icons", "style", "colour", "pack.bin*")
    )
    policies = root / "policies"
    kept = policies / "ss"
    for folder in policies.iterdir():
        if folder != kept:
            shutil.rmtree(folder)
    some = check_everything(root).findings
    assert 0 < len(some) < 150
    assert sum(one.line == 0 for one in some) < 12
    shutil.rmtree(kept)
    (none,) = check_everything(root).findings
    assert none.code == "no-policy"


def test_the_ledger_is_stamped_as_the_readme_prints_it(tmp_path: Path) -> None:
    root = SMALL.write(tmp_path)
    text = root / "policies" / "xx" / "text.md"
    text.write_text(
        text.read_text("utf-8").replace("最高不超过10万元", "最高不超过10万元，以审核为准"), encoding="utf-8"
    )
    assert any("[changed-sentence]" in one for one in found(root))
    words = [sys.executable, "tools/stamp_ledger.py", "xx"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, env={**os.environ, PACK_VARIABLE: str(root)}, text=True)
    assert (done.returncode, done.stdout) == (0, "xx 1\n"), done.stderr
    assert found(root) == []
    wrong = subprocess.run([*words[:2], "nothing"], cwd=ROOT, capture_output=True, text=True)
    assert wrong.returncode == 2 and "没有“nothing”这项政策" in wrong.stderr
