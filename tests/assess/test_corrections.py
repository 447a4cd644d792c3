"""Issue 13: a reading that was settled is a switch of its branch, and of the words; figure and paper say the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from pinggu_desk.assess.columns import ColumnEngine
from pinggu_desk.assess.engine import Answers, Engine, read_answers
from pinggu_desk.assess.interview import Interview
from pinggu_desk.assess.match.match import Match
from pinggu_desk.assess.tally import tally
from pinggu_desk.policy.corrections import Correction, check_correction, contact_line, contact_note
from pinggu_desk.policy.errors import BadAnswer
from pinggu_desk.policy.pack import load_pack
from tests import bundled
from tests.assess.packs import ON, Small, judge, missing
from tests.assess.profiles import example
from tests.assess.test_forms import DEADLINE, DEADLINE_TEXT

SINCE, BEFORE = date(2026, 3, 2), date(2026, 3, 1)
SAID = "按区科信局2026年3月2日答复（京平科〔2026〕3号）"


def settled(subject: str, value: str, since: date = SINCE) -> Correction:
    return Correction("读法", subject, value, since, "区科信局", "京平科〔2026〕3号", date(2026, 3, 2), "0001")


def at_bound(tmp_path: Path) -> Engine:
    return Small("30万元", {"xx.1": "投资额300万元以上的，奖励30万元。"}, condition="{投资额: 以上 300万元}").engine(
        tmp_path
    )


def test_above_settled_as_exclusive_refuses_the_bound_itself(tmp_path: Path) -> None:
    """Seen in issue 13: 以上 settled as exclusive couldn't be written at all."""
    engine = at_bound(tmp_path)
    open_ = judge(engine, {"投资额": "300万元"}, on=SINCE)
    assert open_.status == "eligible" and open_.reading_words == "口径待主管部门确认"
    engine.enter({}, [settled("general.at_least", "另")])
    d = judge(engine, {"投资额": "300万元"}, on=SINCE)
    assert d.status == "ineligible" and d.amount_fen is None
    assert d.readings == () and d.reading_words == SAID
    assert any(SAID in note and "不含" in note for note in d.notes), "the words are those of the branch that counts"
    assert d.to_json()["settled"][0]["taken"] == "不含" and "reading" not in d.to_json()
    assert judge(engine, {"投资额": "301万元"}, on=SINCE).settled == (), (
        "what lies beyond the bound does not stand on it"
    )
    assert (
        judge(engine, {"投资额": "300万元"}, on=BEFORE) == open_
        or judge(engine, {"投资额": "300万元"}, on=BEFORE).to_json()
        == judge(at_bound(tmp_path / "again"), {"投资额": "300万元"}, on=BEFORE).to_json()
    )


def test_settled_as_taken_it_is_no_longer_open(tmp_path: Path) -> None:
    engine = at_bound(tmp_path)
    engine.enter({}, [settled("general.at_least", "取")])
    d = judge(engine, {"投资额": "300万元"}, on=SINCE)
    assert d.status == "eligible" and d.reading_words == SAID and d.readings == ()
    assert [one.taken for one in d.settled] == ["含"] and any(SAID in note for note in d.notes)
    engine.enter({})
    assert judge(engine, {"投资额": "300万元"}, on=SINCE).reading_words == "口径待主管部门确认", (
        "and taken back it is open again"
    )


def test_a_figure_by_a_settled_reading_and_its_words_agree(tmp_path: Path) -> None:
    """Seen in issue 13: 取 and 另 swapped in readings.yaml, and the paper said 另 beside the figure of 取."""
    give = "{按读法: xx.alike, 取: 30万元, 另: 25万元}"
    engine = Small(give, {"xx.1": "奖励30万元；25万元。"}).engine(tmp_path)
    assert judge(engine).headline == "30.00 万元"
    engine.enter({}, [settled("xx.alike", "另")])
    d = judge(engine)
    assert d.headline == "25.00 万元" and [one.taken for one in d.settled] == ["那样"]
    assert not any("30" in line.text for line in d.trace)
    later = settled("xx.alike", "取", date(2026, 6, 1))
    engine.enter({}, [settled("xx.alike", "另"), later])
    assert [judge(engine, on=day).headline for day in (BEFORE, SINCE, date(2026, 6, 1))] == [
        "30.00 万元",
        "25.00 万元",
        "30.00 万元",
    ]


def test_the_pack_itself_says_what_was_settled(tmp_path: Path) -> None:
    """The same switch as data of the pack: 定 in readings.yaml."""
    small = Small("{按读法: xx.alike, 取: 30万元, 另: 25万元}", {"xx.1": "奖励30万元；25万元。"})
    root = small.write(tmp_path)
    path = root / "readings.yaml"
    said = "定: {采: 另, 单位: 区科信局, 文件: 京平科〔2026〕3号, 日期: 2026-03-02, 自: 2026-03-02}}"
    path.write_text(path.read_text("utf-8").replace("影响: 结论不同}", f"影响: 结论不同, {said}"), "utf-8")
    engine = Engine(load_pack(root))
    assert judge(engine, on=SINCE).headline == "25.00 万元" and judge(engine, on=SINCE).reading_words == SAID
    assert judge(engine, on=BEFORE).headline == "30.00 万元"


def test_words_swapped_between_the_branches_are_told_by_the_check(tmp_path: Path) -> None:
    """Seen in issue 13: 取 and 另 swapped in readings.yaml kept `check` green. Which branch counts is said by 定 alone."""
    from pinggu_desk.policy.errors import BadPack
    from pinggu_desk.policy.reader import digest

    root = Small("{按读法: xx.alike, 取: 30万元, 另: 25万元}", {"xx.1": "奖励30万元；25万元。"}).write(tmp_path)
    path = root / "readings.yaml"
    marked = path.read_text("utf-8").replace("影响: 结论不同}", f"影响: 结论不同, 印: '{digest('这样|那样')}'}}")
    path.write_text(marked, "utf-8")
    load_pack(root)
    path.write_text(marked.replace("取: 这样, 另: 那样", "取: 那样, 另: 这样"), "utf-8")
    with pytest.raises(BadPack, match="不能对换"):
        load_pack(root)


def test_tables_settle_as_single_cases_do(tmp_path: Path) -> None:
    engine = at_bound(tmp_path)
    engine.enter({}, [settled("general.at_least", "另")])
    amounts = [29_999_999_00 // 100, 300_0000_00, 300_0000_01]
    given = {"投资额": (np.array(amounts), np.ones(3, bool))}
    found = tally(ColumnEngine(engine), given, SINCE, names=True)
    column = next(iter(found.columns.values()))
    singles = [judge(engine, {"投资额": f"{fen / 100:.2f}元"}, on=SINCE) for fen in amounts]
    assert [d.status for d in singles] == ["ineligible", "ineligible", "eligible"]
    assert (
        list(column.status) == [column.status[0], column.status[0], column.status[2]]
        and column.status[0] != column.status[2]
    )
    assert not column.unsettled.any()


def test_a_limit_by_the_other_reading_binds_in_the_bundle_once_it_is_settled() -> None:
    """wzwm.annual_cap: whether the 100万元 a year binds nine awards together is a reading; settled so, it cuts the bundle."""
    engine = Engine(bundled.pack())
    policy = engine.pack.policies["wzwm"]
    other = next(limit for limit in policy.limits if limit.reading == "wzwm.annual_cap")
    assert other not in engine.binding(policy, ON) and engine.binds_as_written(ON)
    engine.enter({}, [settled("wzwm.annual_cap", "另", ON)])
    assert other in engine.binding(policy, ON) and not engine.binds_as_written(ON)
    assert other not in engine.binding(policy, BEFORE)
    assert Match(engine, Answers(ON, {})).bundle is not None
    facts = {
        **example("wzwm.fdi_cash"), **example("wzwm.global"), "货币实物到位外资": "4000万美元", "知识产权出资评估价值": "3000万美元",
        "本年度已领外资扶持": "0元",
    }  # fmt: skip
    for had, most in (("0元", 100), ("60万元", 40)):  # the limit of its first part lies within that of the whole policy
        values = read_answers(engine.pack, {**facts, "本年度已领外资外贸扶持": had})
        assert Match(engine, Answers(ON, values, [])).bundle.total_fen == most * 1_000_000, had


def test_a_holiday_year_that_is_entered_settles_deadlines_from_its_day_on(tmp_path: Path) -> None:
    engine = Small("10万元", DEADLINE_TEXT, benefit=DEADLINE).engine(tmp_path)
    facts, near = {"上市日": "2026-12-01"}, date(2027, 3, 1)
    assert missing(judge(engine, facts, on=near)) == ["2027年节假日安排"]
    engine.enter({}, [check_correction(engine.pack, days_of(2027))])
    d = judge(engine, facts, on=near)
    assert d.status == "ineligible" and d.deadline is not None and not d.deadline.provisional
    assert d.deadline.day is not None and d.deadline.day < near
    before = judge(engine, facts, on=date(2026, 11, 3)).deadline
    assert "2027年放假安排按国务院办公厅2026年11月4日公布（国办发明电）" in d.deadline.text, "it says by whose word"
    assert before is not None and before.provisional, "who was judged before the arrangement was published was told so"
    assert "按国务院办公厅" not in before.text


def days_of(year: int) -> Correction:
    off = [
        date(year, 1, 1),
        *(date(year, 10, day) for day in range(1, 8)),
        *(date(year, 5, day) for day in range(1, 6)),
    ]
    value = f"休：{'、'.join(map(str, off))}；班："
    return Correction(
        "放假", f"{year}年", value, date(year - 1, 11, 4), "国务院办公厅", "国办发明电", date(year - 1, 11, 4)
    )


@pytest.mark.parametrize(("correction", "words"), [
    (settled("没有", "取"), "没有编号为"), (settled("general.at_least", "可"), "应定为"),
    (replace(settled("general.at_least", "取"), office=" "), "哪个单位"),
    (Correction("放假", "2027年", "休：2027-13-01", SINCE, "国务院办公厅"), "不是日期"),
    (Correction("放假", "2027年", "休：2027-01-01；班：2027-01-04", SINCE, "国务院办公厅"), "不是周六或周日"),
    (Correction("放假", "2027年", "休：2026-01-01", SINCE, "国务院办公厅"), "不在2027年"),
    (Correction("放假", "2027年", "休：2027-01-01", SINCE, "国务院办公厅"), "相差太多"),
    (replace(days_of(2040), since=SINCE), "不相接"), (Correction("放假", "明年", "放假", SINCE, "国务院办公厅"), "写明年份"),
    (Correction("电话", "zxqy/没有", "010-1", SINCE, "区科信局"), "没有“zxqy/没有”"),
    (Correction("口语词", "zxqy", "补", SINCE, "区科信局"), "2 至 12"),
])  # fmt: skip
def test_a_correction_that_cannot_be_meant_is_refused(correction: Correction, words: str) -> None:
    with pytest.raises(BadAnswer, match=words):
        check_correction(bundled.pack(), correction)


def test_a_corrected_telephone_number_counts_from_its_day_on_and_says_by_whose_word() -> None:
    """Issue 13: a telephone correction counted before its day; nothing said by whose word the number was another."""
    engine = Engine(bundled.pack())
    own = engine.pack.policies["zxqy"].contacts[-1]
    one = Correction("电话", f"zxqy/{own.role}", "010-00000000", SINCE, "区科信局", "", SINCE)
    engine.enter({}, [check_correction(engine.pack, one)])
    case = Interview(engine, "zxqy", BEFORE)
    before = case.policy.contacts[-1]
    assert (before.text, before.clause) == (own.text, own.clause)
    assert contact_note(before) == "自2026年3月2日起改为 010-00000000，按区科信局2026年3月2日公布", (
        "nobody dials a dead one"
    )
    case.judge_on(SINCE)
    after = case.policy.contacts[-1]
    assert (after.text, after.clause) == ("010-00000000", own.clause)
    assert contact_note(after) == "自2026年3月2日起，按区科信局2026年3月2日公布"
    engine.enter({})
    case.renew()
    assert case.policy.contacts[-1] == own, "and taken back it is the text's own again"


def test_of_two_corrections_the_last_begun_counts_and_the_next_is_told() -> None:
    engine = Engine(bundled.pack())
    role = engine.pack.policies["zxqy"].contacts[-1].role
    days = (date(2026, 3, 1), date(2026, 5, 1), date(2026, 7, 1))
    engine.enter(
        {}, [Correction("电话", f"zxqy/{role}", f"010-0000000{n}", day, "示例局") for n, day in enumerate(days)]
    )
    told = [contact_line(engine.policy("zxqy", day).contacts[-1]) for day in days]
    assert [line.split("（")[0].split()[1] for line in told] == ["010-00000000", "010-00000001", "010-00000002"]
    assert "改为 010-00000001" in told[0] and "改为" not in told[2]
