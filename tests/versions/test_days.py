"""The days of a version (自、至、失效自): what is refused, what is told, and that a measure which has ended is no more to be had."""

from __future__ import annotations

import re
import shutil
from datetime import date, datetime
from pathlib import Path

import pytest

from pinggu_desk.assess.ahead import changes_ahead
from pinggu_desk.assess.engine import Answers, Engine, read_answers
from pinggu_desk.assess.interview import Interview
from pinggu_desk.assess.match.match import Match
from pinggu_desk.documents.assemble import assemble
from pinggu_desk.documents.papers.letter import letter_bytes
from pinggu_desk.documents.visit import Party
from pinggu_desk.policy.pack import cross_check, load_pack, read_pack
from pinggu_desk.policy.packfile import name_fault
from pinggu_desk.policy.stamp import stamp
from pinggu_desk.work.checking import Report, with_examples
from tests.assess.packs import Small, judge
from tests.documents.paper_reader import Paper

ON = date(2026, 3, 2)
SMALL = Small("10万元", {"xx.1": "合格的给予10万元奖励。"}, condition="{合格: 是}")


def days(root: Path, *keys: str) -> Path:
    """The small pack with these lines in its rules."""
    folder = SMALL.write(root)
    rules = folder / "policies" / "xx" / "policy.yaml"
    rules.write_text(rules.read_text("utf-8").replace("主管: 示例局", "\n".join(("主管: 示例局", *keys))), "utf-8")
    return folder


def second(root: Path, *keys: str, at: str = "2027-01-01", sum_: str = "15万元") -> Path:
    """A second version beside the first: another sum."""
    folder = root / "policies" / f"xx@{at}"
    shutil.copytree(root / "policies" / "xx", folder)
    text, rules = folder / "text.md", folder / "policy.yaml"
    text.write_text(text.read_text("utf-8").replace("10万元", sum_), "utf-8")
    words = re.sub(r"\n(?:自|至|失效自): .*", "", rules.read_text("utf-8")).replace("给予: 10万元", f"给予: {sum_}")
    rules.write_text(words.replace("已知自: 2024-02-01", "\n".join(keys) or f"自: {at}"), "utf-8")
    stamp(root, folder.name)
    return root


def found(root: Path) -> list[str]:
    pack, wrong = read_pack(root)
    return [f"{d.code} {d.sentence}" for d in wrong or cross_check(pack, root)]


@pytest.mark.parametrize("key", ["至: 2025-12-31", "失效自: 2026-01-01"])
def test_a_measure_that_has_ended_cannot_be_had(tmp_path: Path, key: str) -> None:
    """Issue 13: a measure of 2022 was still 可申请 in 2026, and 失效自 was refused."""
    engine = Engine(load_pack(days(tmp_path, key)))
    last = judge(engine, {"合格": True}, on=date(2025, 12, 31))
    assert (last.status, last.amount_fen) == ("eligible", 10_000_000)
    over = judge(engine, {"合格": True}, on=ON)
    words = "《示例办法》执行至2025年12月31日，2026年3月2日已不在执行期内"
    assert (over.status, over.amount_fen, over.notes) == ("ineligible", None, (words,))
    match = Match(engine, Answers(ON, read_answers(engine.pack, {"合格": True})))
    assert not match.rules and match.bundle.total_fen == 0 and match.absent()[0].ground_line == words


def test_before_its_first_day_it_is_told_when_it_begins(tmp_path: Path) -> None:
    engine = Engine(load_pack(days(tmp_path, "自: 2026-07-01")))
    assert judge(engine, {"合格": True}).status == "unknown"
    assert [one.words for one in changes_ahead(engine, Answers(ON))] == [
        "自2026年7月1日起施行《示例办法》，有 1 个支持事项"
    ]


def test_that_it_ends_soon_is_told(tmp_path: Path) -> None:
    engine = Engine(load_pack(days(tmp_path, "至: 2026-12-31")))
    (one,) = changes_ahead(engine, Answers(ON))
    assert one.words == "《示例办法》执行至2026年12月31日，之后有没有接续的政策，以主管部门公布的为准"


def front(root: Path) -> str:
    """The first page of the letter of a visit on the day."""
    engine = Engine(load_pack(root))
    visit = assemble(
        engine, Interview(engine, "xx", ON, answers={"合格": "是"}, awards=[]), Party("示例桃源科技有限公司"),
        printed_at=datetime(2026, 3, 2, 9, 30), serial=None, clerk="示例", window="3号窗口", office="示例中心", practice=False,
    )  # fmt: skip
    paper = Paper(letter_bytes(visit))
    assert "正页第 1 页 共 1 页".replace(" ", "") in paper.pages[0].replace(" ", "")
    return re.sub(r"\s", "", paper.pages[0])


def test_the_letters_first_page_says_until_when_the_text_holds(tmp_path: Path) -> None:
    """Issue 13, left by an officer alone: a visitor was not told by when the measure itself is over."""
    near = front(days(tmp_path / "near", "至: 2026-12-31"))
    assert near.count("执行至2026年12月31日") == 1 and "之后有没有接续的政策，以主管部门公布的为准" in near
    assert near.index("什么时候、带什么") < near.index("执行至2026年12月31日") < near.index("带上")
    assert "（至2026年12月31日执行）" in near, "and what it was judged by, at the foot"
    far = front(days(tmp_path / "far", "至: 2029-12-31"))
    assert far.count("执行至2029年12月31日") == 1 and "接续" not in far
    assert "执行至" not in front(days(tmp_path / "open"))
    followed = front(second(days(tmp_path / "next", "至: 2026-12-31")))
    assert "政策执行至" not in followed and "即将变化" in followed, "what takes its place is told instead"


def test_a_second_version_takes_the_first_ones_place(tmp_path: Path) -> None:
    root = second(days(tmp_path))
    assert found(root) == []
    engine = Engine(load_pack(root))
    sums = {
        day: judge(engine, {"合格": True}, on=date.fromisoformat(day)).amount_fen
        for day in ("2026-12-31", "2027-01-01")
    }
    assert sums == {"2026-12-31": 10_000_000, "2027-01-01": 15_000_000}
    assert engine.at(date(2027, 1, 1)).pack.policies["xx"].basis == "依据《示例》（自2027年1月1日起执行）"


def test_after_a_gap_nothing_is_in_force_until_the_next_version(tmp_path: Path) -> None:
    engine = Engine(load_pack(second(days(tmp_path, "至: 2026-11-30"), "自: 2027-01-01", "间断: 新办法尚未公布")))
    assert judge(engine, {"合格": True}, on=date(2026, 12, 15)).status == "ineligible"
    assert judge(engine, {"合格": True}, on=date(2027, 1, 1)).amount_fen == 15_000_000


@pytest.mark.parametrize(("first", "then", "told"), [
    (["至: 2027-03-31"], [], "version-overlap “xx”的两个版本日期重叠：前一个至2027-03-31，后一个自2027-01-01，请改成首尾相接。"),
    (["至: 2026-11-30"], [], ("version-gap “xx”的两个版本之间有空档：前一个至2026-11-30，后一个自2027-01-01；"
                             "确有空档的，在后一个版本写“间断”说明原因。")),
    ([], ["已知自: 2025-01-01"], "version-dates “xx”有几个版本，除最早的一个外都要写“自”（从哪一天起执行）。"),
    ([], ["自: 2024-02-01"], "version-overlap “xx”有两个版本都自2024-02-01起执行，同一天只能有一个。"),
])  # fmt: skip
def test_versions_that_overlap_or_leave_a_gap_are_refused(
    tmp_path: Path, first: list[str], then: list[str], told: str
) -> None:
    assert found(second(days(tmp_path, *first), *then)) == [told]


@pytest.mark.parametrize(("keys", "told"), [
    (["自: 2027-01-01", "至: 2026-01-01"], "version-dates “至”（2026-01-01）早于“自”（2027-01-01）。"),
    (["至: 明年"], "bad-entry “至”应写日期，如 2027-01-01。"),
    (["至: 2026-01-01", "失效自: 2026-01-01"], "bad-entry “至”和“失效自”只写一个：“至”是执行的最后一天，“失效自”是它的后一天。"),
])  # fmt: skip
def test_days_that_cannot_be_are_refused(tmp_path: Path, keys: list[str], told: str) -> None:
    assert told in found(days(tmp_path, *keys))


def test_a_pack_file_may_hold_versions() -> None:
    for name in ("policy.yaml", "text.md", "facts.yaml", "readings.yaml", "cases.yaml"):
        assert name_fault(f"policies/xx@2027-01-01/{name}") == ""


def test_an_example_is_judged_by_its_own_version(tmp_path: Path) -> None:
    root = second(days(tmp_path))
    case = (
        "判断日: {day}\n用例:\n  - 说: 合格的\n    依据: xx.1\n    事实: {{合格: 是}}\n"
        "    应得: {{award: {{结论: 可申请, 口径: computed, 金额: {sum}}}}}\n"
    )
    for folder, day, sum_ in (("xx", "2026-03-02", "10万元"), ("xx@2027-01-01", "2027-03-02", "15万元")):
        (root / "policies" / folder / "cases.yaml").write_text(case.format(day=day, sum=sum_), "utf-8")
    assert with_examples(Report(load_pack(root), ()), root).findings == ()
    wrong = root / "policies" / "xx@2027-01-01" / "cases.yaml"
    wrong.write_text(case.format(day="2026-03-02", sum="15万元"), "utf-8")
    assert [d.file for d in with_examples(Report(load_pack(root), ()), root).findings] == [
        "policies/xx@2027-01-01/cases.yaml"
    ]
