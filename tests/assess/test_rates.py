"""A rate (补贴率) says what it is, as money does: one figure, a ceiling, or two published ends."""

from __future__ import annotations

from pathlib import Path

from tests.assess.packs import Small, judge

KIND = "    类别: 补贴率\n"


def test_a_settled_rate_is_one_figure(tmp_path: Path) -> None:
    engine = Small("60%", {"xx.1": "给予60%的补贴。"}, benefit=KIND).engine(tmp_path)
    found = judge(engine, {})
    assert (found.figure, found.rate_pct, found.rate_max_pct, found.headline) == (
        "computed",
        "60",
        None,
        "补贴比例 60%",
    )


def test_two_published_ends_are_never_one_figure(tmp_path: Path) -> None:
    engine = Small("{不低于: 60%, 不高于: 100%}", {"xx.1": "给予60%至100%的补贴。"}, benefit=KIND).engine(tmp_path)
    found = judge(engine, {})
    assert (found.figure, found.rate_pct, found.rate_min_pct, found.rate_max_pct) == ("range", None, "60", "100")
    assert found.headline == "补贴比例 60% 至 100%"
    assert found.to_json()["rate_max_pct"] == "100"
    assert "rate_pct" not in found.to_json()


def test_a_ceiling_is_called_one(tmp_path: Path) -> None:
    engine = Small("{不高于: 50%}", {"xx.1": "给予不高于50%的补贴。"}, benefit=KIND).engine(tmp_path)
    found = judge(engine, {})
    assert (found.figure, found.rate_pct, found.headline) == ("up_to", None, "补贴比例 最高 50%")


def test_a_range_that_a_gap_in_the_text_leaves_is_not_called_published(tmp_path: Path) -> None:
    give = "{人工认定: 怎样给予原文未写, 由: 示例局, 可能: [10万元, 不予]}"
    found = judge(Small(give, {"xx.1": "给予10万元。"}).engine(tmp_path), {})
    assert (found.status, found.max_fen) == ("review", 10_000_000)
    assert any("10万元、不予支持" in line.text for line in found.trace)
    between = "{人工认定: 怎样给予原文未写, 由: 示例局, 可能: [10万元, 8万元]}"
    said = judge(Small(between, {"xx.1": "给予10万元或者8万元。"}).engine(tmp_path / "b"), {})
    assert said.figure == "range"
    assert "公布" not in said.figure_words
    assert "主管部门认定" in said.figure_words


def test_published_ends_stay_published_while_a_verdict_on_a_condition_is_awaited(tmp_path: Path) -> None:
    small = Small(
        "{不低于: 8000元, 不高于: 10000元}", {"xx.1": "符合条件的给予8000-10000元的补贴。"},
        condition="{人工认定: 条件原文未写, 由: 示例局}",
    )  # fmt: skip
    found = judge(small.engine(tmp_path), {})
    assert (found.status, found.figure, found.min_fen, found.max_fen) == ("review", "range", 800_000, 1_000_000)
    assert "公布" in found.figure_words
    assert "几种可能" not in found.figure_words
