"""One 正页 for several policies: one number, one signature, each policy's items, days and telephones."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pypdf
import pytest

from pinggu_desk.assess.engine import Answers, read_answers
from pinggu_desk.assess.examples import spoken
from pinggu_desk.assess.interview import Interview
from pinggu_desk.assess.match.match import Match, Subject
from pinggu_desk.commands.cli import run
from pinggu_desk.documents.assemble import assemble
from pinggu_desk.documents.joined import joined, of_match
from pinggu_desk.documents.matchvisit import MatchVisit, match_visit
from pinggu_desk.documents.papers.letter import letter_bytes, letter_flow
from pinggu_desk.documents.pdf.fonts import bundled
from pinggu_desk.documents.proof.check import check_bytes
from pinggu_desk.documents.visit import Visit
from pinggu_desk.policy.errors import BadInput
from tests.assess.match.test_match import COUPLE
from tests.assess.profiles import ON, engine, example
from tests.documents.match_samples import FIRM, PERSON, sample
from tests.documents.paper_reader import Paper
from tests.documents.paper_samples import TYPICAL
from tests.documents.papers.test_words_of_papers import visit_of
from tests.documents.signers import OURS


def facts_of(*benefits: str) -> dict[str, Any]:
    """The facts of worked examples put together; what two of them state stands as the first has it."""
    found: dict[str, Any] = {}
    for benefit in benefits:
        for name, value in spoken(example(benefit)).items():
            found.setdefault(name, value)
    return found


def came(subject: Subject, facts: dict[str, Any], *matters: str) -> MatchVisit:
    """The match of a visitor who said what he came with (ids of matters)."""
    pack = engine().pack
    said = {**pack.matters.said(matters), **facts}
    match = Match(engine(), Answers(ON, read_answers(pack, said), []), subject=subject, mentioned=matters)
    return match_visit(
        match, FIRM if subject == "单位" else PERSON, printed_at=TYPICAL.printed_at, serial="PG-3-20261124-0009-01",
        clerk="示例经办 003", window="3号窗口", office="示例街道政务服务中心",
    )  # fmt: skip


def first_benefit(policy: str) -> str:
    """A benefit that some worked example of the policy makes eligible."""
    for rule in engine().rules_of(policy):
        try:
            example(rule.benefit.id)
        except AssertionError:
            continue
        return rule.benefit.id
    raise AssertionError(policy)


@pytest.fixture(scope="module")
def visits() -> list[Visit]:
    facts = facts_of(*map(first_benefit, ("gjj", "zscq", "ss")))
    made = []
    for policy in ("gjj", "zscq", "ss"):
        interview = Interview(engine(), policy, ON, answers=facts, awards=())
        made.append(
            assemble(
                engine(), interview, FIRM, printed_at=TYPICAL.printed_at, serial="PG-3-20261124-0007-01", clerk="示例经办 003",
                window="3号窗口", office="示例街道政务服务中心", practice=False,
            )
        )  # fmt: skip
    return made


@pytest.fixture(scope="module")
def answers() -> Answers:
    facts = facts_of(*map(first_benefit, ("gjj", "zscq", "ss")))
    return Answers(ON, read_answers(engine().pack, facts), ())


def test_several_policies_share_one_sheet_with_each_one_s_items_days_and_telephones(
    visits: list[Visit], answers: Answers
) -> None:
    one = joined(engine(), answers, visits)
    pages = Counter(page.section for page in letter_flow(one, bundled(), "PGZ1:" + "A" * 235).pages)
    assert pages["正页"] <= 2
    data = letter_bytes(one, bundled(), OURS)
    assert check_bytes(data, [OURS.key]).ok
    paper = Paper(data)
    front = "".join("".join(page.split()) for page in paper.pages[: pages["正页"]])
    first = "".join(paper.pages[0].split())
    assert "3项政策中有" in first
    for visit in visits:
        title = f"《{visit.policy_title}》"
        number = next(c.text for c in visit.contacts if "010-" in c.text)
        assert title in first and number in first, visit.policy
        for d in visit.determinations:
            if d.status == "eligible":
                assert "".join(d.title.split()) in front and "".join(d.headline.split()) in front
            if d.deadline is not None and d.deadline.day is not None and d.status == "eligible":
                assert f"{d.deadline.day.year}年{d.deadline.day.month}月{d.deadline.day.day}日" in first
    assert front.count("编号：PG-3-20261124-0007-01") == 1 and "（盖章处）" in front
    annex = "".join("".join(page.split()) for page in paper.pages[pages["正页"] :])
    assert "（《平谷区知识产权促进办法》）" in annex, "whose benefit it is, where clauses of several policies stand"


def test_one_visit_stays_as_it_is_and_strangers_are_not_joined(visits: list[Visit], answers: Answers) -> None:
    assert joined(engine(), answers, visits[:1]) is visits[0]
    other = replace(visits[1], applicant=replace(FIRM, name="另一示例公司"))
    for wrong in ([visits[0], other], [visits[0], replace(visits[1], on=date(2026, 5, 1))], []):
        with pytest.raises(BadInput):
            joined(engine(), answers, wrong)


def test_what_may_be_had_together_is_worked_out_over_all_policies(visits: list[Visit], answers: Answers) -> None:
    one = joined(engine(), answers, visits)
    sums = [d.amount_fen for d in one.determinations if d.amount_fen is not None and d.status == "eligible"]
    assert len(sums) > 1 and one.together.total_fen is not None
    assert max(sums) <= one.together.total_fen <= sum(sums)
    assert "按条款能算出的合计" in Paper(letter_bytes(one, bundled(), OURS)).text


def test_a_match_gives_the_policies_of_which_something_can_be_had() -> None:
    found = sample("manufacturer")
    one = of_match(found)
    had = {i.split(".")[0] for i in (*found.match.groups["eligible"], *found.match.groups["review"])}
    assert {part.policy for part in one.each} == had
    text = Paper(letter_bytes(one, bundled(), OURS)).text
    for benefit in found.match.groups["eligible"]:
        assert "".join(found.determination(benefit).title.split()) in text
    assert all(part.contacts and part.materials for part in one.each)
    with pytest.raises(BadInput):
        of_match(sample("nothing"))


def test_what_a_match_did_not_go_into_is_counted_and_nowhere_refused() -> None:
    """来访未涉及 after the triage: out of the open groups, one sentence with numbers and policies."""
    match = sample("manufacturer").match
    left = [i for i in match.groups["unknown"] if not i.startswith("zxqy.")]
    found = match_visit(match, FIRM, printed_at=TYPICAL.printed_at, not_raised=left)
    assert {one.benefit for one in found.visit.not_raised} == set(left)
    assert not {d.benefit for d in found.visit.determinations} & set(left)
    text = Paper(letter_bytes(of_match(found), bundled(), OURS)).text
    assert f"另有{len({i.split('.')[0] for i in left})}项政策的{len(left)}项。没有谈到不等于不符合" in text


def test_the_command_line_takes_several_policies(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, out = tmp_path / "f.json", tmp_path / "告知书.pdf"
    facts = {**facts_of(first_benefit("gjj"), first_benefit("ss")), "申请人名称": "示例"}
    path.write_text(json.dumps(facts, ensure_ascii=False), encoding="utf-8")
    given = ["letter", "--facts", str(path), "--on", "2026-04-01", "-o", str(out)]
    assert run([*given, "--policy", "gjj", "--policy", "ss", "--policy", "gjj"]) == 0
    reader = pypdf.PdfReader(out)
    assert reader.page_labels[0] == "正页 1" and reader.page_labels[-1].startswith("附页")
    assert "2 项政策" in reader.pages[0].extract_text()
    capsys.readouterr()
    assert run(given) == 2
    assert "--policy" in capsys.readouterr().err
    assert run([*given, "--policy", "gjj", "--policy", "没有"]) == 2


def test_what_only_who_the_visitor_is_rules_out_is_not_on_his_letter() -> None:
    """A couple who asked for a flat was refused jobs for doctors, of which they never spoke, with the telephone for them."""
    found = came("个人", COUPLE, "housing", "housing_graduate")
    refused = set(found.match.groups["ineligible"]) - found.match.raised
    assert "bys.doctor" in refused
    one = of_match(found)
    assert {part.policy for part in one.each} == {"anju", "rcst"}
    assert not refused & {d.benefit for d in one.determinations}


MAKER = {
    **example("gxjs.hitech"), **example("gjj.rd_subsidy"), **example("zxqy.srdi"), "高新技术企业证书": "是",
}  # fmt: skip
MOVED = {**example("ss.listing"), **example("zxqy.giant_moved"), "上市企业来源": "京外迁入"}
POSTDOC = {**example("rcst.postdoc"), "博士后身份": "本区工作站在站博士后"}


def letter_of(found: MatchVisit) -> tuple[Visit, Paper, int]:
    """One letter over a match's policies, made on the day of judgement, and how many pages its 正页 takes."""
    printed = datetime(ON.year, ON.month, ON.day, 9, 30)
    one = of_match(replace(found, visit=replace(found.visit, printed_at=printed)))
    flow = letter_flow(one, bundled(), "PGZ1:" + "A" * 235)
    return one, Paper(letter_bytes(one, bundled(), OURS)), sum(page.section == "正页" for page in flow.pages)


def test_a_few_policies_of_one_visit_take_one_page_with_the_total_on_it() -> None:
    """Issue 10: three policies' letter took two pages, each title twice, the total on neither."""
    one, paper, pages = letter_of(came("单位", MAKER, "hitech", "hitech_title", "research", "research_spend", "srdi"))
    first = "".join(paper.pages[0].split())
    assert pages == 1 and len(one.each) == 3
    assert one.together.total_fen is not None and f"合计{one.together.total_fen // 1_000_000}.00万元" in first
    assert "各项政策的申报表（签字或者盖章）" in first


def test_a_couple_reads_once_that_of_two_flats_one_is_taken() -> None:
    one, paper, pages = letter_of(came("个人", COUPLE, "housing", "housing_graduate", "services", "services_spouse"))
    assert pages == 1
    assert "".join(paper.pages).replace("\n", "").count("优秀大学毕业生快速配租合租型公寓”也可能申") == 0
    assert all("".join(said.split()) in paper.text for said in one.together.said)


def test_what_can_be_had_its_days_and_every_number_stand_on_the_first_of_two_pages() -> None:
    for found in (
        came("单位", MOVED, "landing", "landing_listed", "landing_giant"),
        came("个人", POSTDOC, "postdoc", "postdoc_new", "housing", "housing_postdoc", "housing_buy"),
    ):
        one, paper, pages = letter_of(found)
        first = "".join(paper.pages[0].split())
        assert pages == 2
        assert all("".join(d.title.split()) in first for d in one.determinations if d.status == "eligible")
        numbers = {n for part in one.each for n in re.findall(r"010-[0-9]+", "".join(c.text for c in part.contacts))}
        assert numbers and all(number in first for number in numbers)
        assert len(re.findall("(?<!、)010-69966799《", first)) <= 1, "one number for several policies is told once"
        dated = [d for d in one.determinations if d.deadline is not None and d.deadline.day is not None]
        assert all(f"日（{''.join(d.title.split())}" in first for d in dated if d.status == "eligible")


def test_what_is_given_up_for_what_is_said_in_the_letter_wherever_there_is_room() -> None:
    """A first page with room for one remark told ① alone, and the 附页 left out the choice that the page should have told."""
    for policy in ("zxqy", "gjj"):
        visit = visit_of(policy, known=True)
        text = Paper(letter_bytes(visit, bundled(), OURS)).text
        assert all("".join(said.split()) in text for said in visit.together.said), policy
    assert visit_of("zxqy", known=True).together.said
