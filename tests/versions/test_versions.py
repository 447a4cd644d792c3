"""Versions in force (issue 13): a case is judged by what is in force on its day, never by two, and told what changes."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pinggu_desk.assess.ahead import changes_ahead
from pinggu_desk.assess.awards import Award
from pinggu_desk.assess.columns import FIGURES, STATUSES, assess_columns
from pinggu_desk.assess.determination import Determination
from pinggu_desk.assess.determine import determine
from pinggu_desk.assess.engine import Answers, Engine, read_answers
from pinggu_desk.assess.interview import Interview
from pinggu_desk.assess.match.match import Match
from pinggu_desk.assess.match.report import match_json
from pinggu_desk.commands.cli import run
from pinggu_desk.documents.assemble import assemble
from pinggu_desk.documents.content import content_digest
from pinggu_desk.documents.papers.letter import letter_bytes
from pinggu_desk.documents.visit import Party
from pinggu_desk.policy.cases import load_cases
from pinggu_desk.policy.pack import load_pack
from pinggu_desk.policy.resources import resource_root
from pinggu_desk.work.checking import check_everything
from pinggu_desk.work.packs.build import folder_of
from pinggu_desk.work.packs.diff import Side, compare
from tests import bundled
from tests.documents.paper_reader import Paper
from tests.versions.changed import DAY, FOLDER, POLICY, write_changed

BEFORE, FROM = date(2026, 12, 31), date.fromisoformat(DAY)
UPGRADE, GONE, NEW = "zxqy.upgrade", "zxqy.informatisation", "zxqy.smart_factory"
FIRM = {
    "申请人名称": "示例公司", "申请人类型": "企业", "位于平谷区内": "是", "申报主体类型": "实体中小企业", "符合北京市产业政策": "是",
    "独立法人资格": "是", "生产经营起始日": "2020-01-01", "财务管理制度健全规范": "是", "生产经营情况良好": "是", "会计信用良好": "是",
    "纳税信用良好": "是", "银行信用良好": "是", "符合专项资金支持方向": "是", "技改项目类别": "企业技术创新",
    "技改固定资产投资": "2000万元", "技改设备投资": "1400万元", "技改基建投资": "500万元", "充分应用新一代信息技术": "是",
    "信息化投资总额": "200万元",
}  # fmt: skip
LATELY = {**FIRM, "评为智能工厂示范": "是"}
STANDARD = "自2027年1月1日起，“技术创新、成果转化和节能减排改造补助”标准调整：由100万元改为150万元（现行二、第一段，新版二、第一段）"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_changed(tmp_path_factory.mktemp("changed") / "pack")


@pytest.fixture(scope="module")
def engine(root: Path) -> Engine:
    return Engine(load_pack(root))


def answers(engine: Engine, on: date, raw: dict[str, Any] = LATELY) -> Answers:
    return Answers(on, read_answers(engine.at(on).pack, raw), ())


def judged(engine: Engine, on: date, raw: dict[str, Any] = LATELY) -> dict[str, Determination]:
    return {d.benefit: d for d in determine(engine, answers(engine, on, raw), [POLICY])}


def test_the_pack_with_two_versions_passes_the_check(root: Path) -> None:
    report = check_everything(root)
    assert report.findings == ()


def test_the_list_of_policies_names_each_version_with_its_days(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Issue 13: `policies` listed today's version only."""
    assert run(["policies", "--pack", str(root), "--on", str(BEFORE), "--json"]) == 0
    row = next(one for one in json.loads(capsys.readouterr().out)["policies"] if one["id"] == POLICY)
    old, new = row["versions"]
    assert (old["until"], old["in_force"], new["since"], new["until"], new["in_force"]) == (
        str(BEFORE),
        True,
        DAY,
        None,
        False,
    )
    assert new["folder"] == FOLDER and new["added"] == ["智能工厂示范奖励"] and len(new["gone"]) == 1
    assert run(["policies", "--pack", str(root), "--on", str(BEFORE)]) == 0
    told = capsys.readouterr().out
    assert "〔至2026年12月31日，现行〕" in told and "〔自2027年1月1日起〕新增：智能工厂示范奖励；不再有：" in told


def test_each_day_is_judged_by_the_version_in_force_on_it(engine: Engine) -> None:
    old, new = judged(engine, BEFORE), judged(engine, FROM)
    assert (old[UPGRADE].max_fen, new[UPGRADE].max_fen) == (100_000_000, 150_000_000)
    assert old[GONE].status == "eligible" and GONE not in new
    assert NEW not in old and new[NEW].amount_fen == 20_000_000
    assert "上限为100万元" in engine.at(BEFORE).pack.clause_words("zxqy.2.1")
    assert "上限为150万元" in engine.at(FROM).pack.clause_words("zxqy.2.1")


def test_two_versions_are_never_added(engine: Engine) -> None:
    """Issue 13: from 2027-01-01 both applied and 最优组合 added 100万 and 150万."""
    for on, ceilings in ((BEFORE, 100), (FROM, 150)):
        match = Match(engine, answers(engine, on))
        kept = [k.benefit for k in match.bundle.kept]
        assert kept.count(UPGRADE) == 1 and match.bundle.ceilings_fen == ceilings * 1_000_000
        assert sum(rule.policy.id == POLICY for rule in match.rules.values()) == 11


def test_all_other_policies_answer_as_ever(engine: Engine) -> None:
    ours = bundled.engine()
    for on in (BEFORE, FROM):
        given = answers(ours, on, FIRM)
        assert [d.to_json() for d in determine(engine, given) if d.policy not in (POLICY,) and not d.overlaps] == [
            d.to_json()
            for d, mine in zip(determine(ours, given), determine(ours, given), strict=True)
            if d.policy not in (POLICY,) and not mine.overlaps
        ]


def test_a_list_is_worked_out_by_the_version_of_its_day(engine: Engine) -> None:
    for on in (BEFORE, FROM):
        given = answers(engine, on)
        now = engine.at(on)
        columns = {
            name: np.array([value], np.int64)
            for name, value in given.values.items()
            if isinstance(value, int) and name in now.slots.index
        }
        found = assess_columns(engine, columns, on, [()])
        for d in determine(engine, given):
            column = found[d.benefit]
            assert STATUSES[column.status[0]] == d.status, d.benefit
            if d.figure is not None:
                assert FIGURES[column.figure[0]] == d.figure, d.benefit
        assert (NEW in found, GONE in found) == ((False, True) if on == BEFORE else (True, False))


def test_the_command_line_judges_by_the_day_and_tells_what_changes(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "facts.json"
    file.write_text(json.dumps(LATELY, ensure_ascii=False), encoding="utf-8")
    told = {}
    for on in (BEFORE, FROM):
        words = ["assess", "--pack", str(root), "--facts", str(file), "--policy", POLICY, "--on", str(on), "--json"]
        assert run(words) == 0
        told[on] = json.loads(capsys.readouterr().out)
    most = {on: {d["benefit"]: d["max_yuan"] for d in out["determinations"]} for on, out in told.items()}
    assert (most[BEFORE][UPGRADE], most[FROM][UPGRADE]) == ("1000000.00", "1500000.00")
    kinds = {one["benefit"]: one["kind"] for one in told[BEFORE]["changes_ahead"]}
    assert kinds == {UPGRADE: "标准调整", GONE: "废止", NEW: "新增"}
    assert told[FROM]["changes_ahead"] == []


def test_a_visitor_in_december_is_told_what_changes_in_january(engine: Engine) -> None:
    words = [one.words for one in changes_ahead(engine, answers(engine, BEFORE), [POLICY])]
    assert words == [
        f"{STANDARD}；按所述情况，届时可申请，最高150万元（上限，具体由评审确定）",
        "自2027年1月1日起，“信息化应用补助”不再给予（现行二、第二段）",
        "自2027年1月1日起，新增“智能工厂示范奖励”：20万元（新版二、第八段）",
    ]
    assert [one["words"] for one in match_json(Match(engine, answers(engine, BEFORE)))["changes_ahead"]] == words


def test_what_is_more_than_a_year_ahead_is_not_told_yet(engine: Engine) -> None:
    assert changes_ahead(engine, answers(engine, date(2025, 12, 30))) == ()
    assert changes_ahead(engine, answers(engine, FROM)) == ()


def test_the_letter_says_what_changes(engine: Engine) -> None:
    interview = Interview(engine, POLICY, BEFORE, answers={**FIRM, "以前领过奖励补贴": "否"})
    visit = assemble(
        engine, interview, Party("示例公司"), printed_at=datetime(2026, 12, 31, 9), serial=None, clerk="示例", window="", office="",
        practice=False,
    )  # fmt: skip
    paper = Paper(letter_bytes(visit))
    text = "".join(paper.text.split())
    assert f"即将变化：{STANDARD}" in text and "“信息化应用补助”不再给予" in text
    plain = replace(visit, ahead=())
    assert content_digest("告知书", visit) != content_digest("告知书", plain)


def test_a_case_can_be_judged_anew_by_the_next_version(engine: Engine) -> None:
    interview = Interview(engine, POLICY, BEFORE, answers=FIRM, awards=())
    chosen = list(interview.chosen)
    interview.judge_on(FROM)
    assert GONE not in interview.chosen and NEW in interview.chosen
    assert interview.answers == FIRM
    assert {d.benefit: d.max_fen for d in interview.determinations}[UPGRADE] == 150_000_000
    interview.set("评为智能工厂示范", "是")
    assert {d.benefit: d.status for d in interview.determinations}[NEW] == "eligible"
    interview.judge_on(BEFORE)
    assert interview.chosen == chosen
    assert {d.benefit: d.max_fen for d in interview.determinations}[UPGRADE] == 100_000_000


def test_an_award_of_what_there_is_no_more_is_still_an_award(engine: Engine) -> None:
    past = Award(POLICY, "informatisation", 5_000_000, date(2025, 5, 1))
    given = replace(answers(engine, FROM), awards=(past,))
    found = {d.benefit: d for d in determine(engine, given, [POLICY])}
    assert found[UPGRADE].status == "eligible"


def test_no_near_miss_waits_beyond_a_versions_last_day(engine: Engine) -> None:
    young = {**FIRM, "生产经营起始日": "2025-02-01"}
    match = Match(engine, answers(engine, BEFORE, young))
    assert UPGRADE not in match.near
    assert Match(bundled.engine(), answers(bundled.engine(), BEFORE, young)).near[UPGRADE].day == date(2027, 2, 1)


def test_what_an_office_entered_holds_for_every_version(root: Path) -> None:
    engine = Engine(load_pack(root))
    later = engine.at(FROM if engine.at(FROM) is not engine else BEFORE)
    from pinggu_desk.policy.outside import read_figures

    engine.enter(read_figures(engine.pack, {"贷款市场报价利率": "3.1%"}, "示例"))
    assert later.pack.parameters["贷款市场报价利率"].at(BEFORE) is not None


def test_a_version_has_its_own_worked_examples(root: Path, engine: Engine) -> None:
    pack = engine.at(FROM).pack
    assert pack.policies[POLICY].folder == FOLDER
    first = (root / "policies" / FOLDER / "cases.yaml").read_text(encoding="utf-8")
    assert "判断日: 2027-04-01" in first
    with pytest.raises(Exception, match="informatisation"):
        load_cases(pack, POLICY, root)  # its examples still name what there is no more


def test_a_pack_that_brings_a_version_says_what_it_changes_and_from_when(root: Path) -> None:
    """``pack diff`` holds the versions of each day against each other: one that is to come is no more overlooked than one that is."""
    ours = Side(bundled.pack(), folder_of(resource_root()))
    changes = compare(ours, Side(load_pack(root), folder_of(root)))
    said = {(one.area, one.where): (one.before, one.after) for one in changes.items}
    before, after = said["条款", "自2027-01-01起　二、第一段（zxqy.2.1）"]
    assert "上限为100万元" in before and "上限为150万元" in after
    assert said["规则", f"自2027-01-01起　{NEW}"] == ("", "智能工厂示范奖励：20万元")
    assert said["规则", f"自2027-01-01起　{GONE}"][1] == ""
    assert said["政策", POLICY][1].endswith("自2024-02-01起，至2026-12-31")
    assert all("自2027-01-01起" in one.where for one in changes.items if one.area in ("条款", "规则"))
