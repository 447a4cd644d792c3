"""Rules that can be read and yet can never do what they say are found, with their place."""

from __future__ import annotations

from pathlib import Path

import pytest

from pinggu_desk.assess.soundness import check_soundness
from pinggu_desk.policy.pack import load_pack
from pinggu_desk.work.checking import check_everything
from tests import bundled
from tests.assess.packs import Small

STEPS = "{阶梯: 总分, 界: '[%s] 分', 得: '[%s] 万元', 依据: xx.2}"
SCORES = (
    "定义:\n  - {名: 甲分, 依据: xx.3, 量: {阶梯: 人数, 界: '[10] 人', 得: '[3, 9] 分'}}\n"
    "  - {名: 乙分, 依据: xx.3, 量: {阶梯: 席位, 界: '[10] 个', 得: '[3, 9] 分'}}\n"
    "  - {名: 总分, 依据: xx.3, 量: {合计: [甲分, 乙分]}}\n"
)
SCORE_TEXT = {
    "xx.1": "按总分给予。",
    "xx.2": "总分5分、12分、20分为界，给予15、30、60、90万元。",
    "xx.3": "不足10得3分，10以上得9分。",
}


def test_the_bundled_pack_is_sound() -> None:
    assert check_soundness(bundled.pack()) == []


def test_a_step_below_the_least_score_is_found(tmp_path: Path) -> None:
    """As 调整退出's band S<5 would be: its four indicators give ten points at least."""
    small = Small(
        STEPS % ("5, 12", "15, 30, 60"),
        {**SCORE_TEXT, "xx.2": "总分5分、12分为界，给予15、30、60万元。"},
        sections=SCORES,
    )
    found = check_soundness(load_pack(small.write(tmp_path)), tmp_path)
    assert [(d.code, d.file, "不足5分" in d.sentence) for d in found] == [
        ("unreachable-row", "policies/xx/policy.yaml", True)
    ]


def test_a_step_above_the_greatest_score_is_found_and_one_at_it_is_not(tmp_path: Path) -> None:
    text = {**SCORE_TEXT, "xx.2": "总分18分、20分为界，给予15、30、60万元。"}
    found = check_soundness(
        load_pack(Small(STEPS % ("18, 20", "15, 30, 60"), text, sections=SCORES).write(tmp_path)), tmp_path
    )
    assert [("20分以上" in d.sentence, d.code) for d in found] == [(True, "unreachable-row")]


BROKEN = {
    "a band past the most that the fact may be": (
        "unreachable-row",
        "取不到“41个（含）以上”",
        Small(
            "{分档: 席位, 各档: {40个（含）以下: 10万元, 41个（含）以上: 20万元}}",
            {"xx.1": "40个（含）以下10万元，41个（含）以上20万元。"},
        ),
    ),
    "a bound above the most that the fact may be": (
        "never-true",
        "席位超过40个",
        Small("10万元", {"xx.1": "席位超过40个的，给予10万元。"}, condition="{席位: 超过 40个}"),
    ),
    "a general condition and a benefit's own that exclude each other": (
        "never-true",
        "“类型”的要求互相矛盾",
        Small(
            "10万元",
            {"xx.1": "乙类给予10万元。", "xx.2": "限于甲类。"},
            condition="{类型: 为 乙类}",
            sections="总则:\n  - {名: 对象, 依据: xx.2, 条件: {类型: 为 甲类}}\n",
        ),
    ),
    "two bounds that leave nothing between": (
        "never-true",
        "“投资额”的要求互相矛盾",
        Small(
            "10万元",
            {"xx.1": "投资额不低于500万元且低于500万元的，给予10万元。"},
            condition="{投资额: [不低于 500万元, 低于 500万元]}",
        ),
    ),
    "a cap above anything it caps": (
        "useless-cap",
        "封顶用不上",
        Small(
            "{按: {较低: [投资额 的 5%, 30万元]}, 封顶: 50万元}", {"xx.1": "按投资额的5%，不超过30万元，最高50万元。"}
        ),
    ),
    "a factor that leaves 64 bits": (
        "too-large",
        "每1元1亿元",
        Small("投资额 每1元 1亿元", {"xx.1": "每1元给予1亿元。"}),
    ),
    "a figure beyond any that may be entered": (
        "too-large",
        "20000亿元",
        Small("20000亿元", {"xx.1": "给予20000亿元。"}),
    ),
    "a figure in days": (
        "wrong-unit",
        "天数",
        Small("30天", {"xx.1": "给予30天。"}),
    ),
}


@pytest.mark.parametrize("what", BROKEN)
def test_what_can_never_be_is_found(tmp_path: Path, what: str) -> None:
    code, words, small = BROKEN[what]
    pack = load_pack(small.write(tmp_path))
    found = check_soundness(pack, tmp_path)
    assert [d.code for d in found] == [code]
    assert words in found[0].sentence
    lines = (tmp_path / found[0].file).read_text(encoding="utf-8").splitlines()
    assert 1 <= found[0].line <= len(lines)


@pytest.mark.parametrize("bound", ["5%", "20%", "33.3%", "150%"])
def test_growth_by_any_usual_rate_can_be_worked_out(tmp_path: Path, bound: str) -> None:
    """Every 同比 was told as too large a factor; found by an officer with the manual alone."""
    text = {"xx.1": f"营收同比增长不低于{bound}的，奖励10万元。"}
    small = Small("10万元", text, condition=f"{{比: {{同比: [营收, 上年营收]}}, 不低于: {bound}}}")
    assert check_soundness(load_pack(small.write(tmp_path)), tmp_path) == []


def test_what_is_found_in_a_pack_elsewhere_is_told_at_its_line_there(tmp_path: Path) -> None:
    """`pack check` of another folder looked for the line among the program's own policies, and ended as our fault."""
    root = BROKEN["a figure in days"][2].write(tmp_path)
    assert ("wrong-unit", "policies/xx/policy.yaml") in [
        (one.code, one.file) for one in check_everything(root).findings
    ]


def test_a_narrow_but_possible_condition_is_let_pass(tmp_path: Path) -> None:
    text = {"xx.1": "投资额不低于500万元且不超过500万元的，给予10万元。"}
    small = Small("10万元", text, condition="{投资额: [不低于 500万元, 不超过 500万元]}")
    assert check_soundness(load_pack(small.write(tmp_path)), tmp_path) == []
