"""The same thing supported elsewhere as well is told where one benefit is judged: wizard, match, assess (FOUND 5)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from pinggu_desk.assess.awards import Award
from pinggu_desk.assess.conclude import Conclusion
from pinggu_desk.assess.determination import Determination
from pinggu_desk.assess.determine import determine
from pinggu_desk.assess.engine import Answers, read_answers
from pinggu_desk.assess.interview import Interview
from pinggu_desk.assess.match.match import Match
from pinggu_desk.assess.notes import Elsewhere, OverlapNote
from pinggu_desk.assess.rules import Rule
from pinggu_desk.assess.run import Run
from tests.assess.profiles import ON, WAN, engine, example

LOAN = Award("zscq", "pledge", 20 * WAN, date(2026, 3, 2))


def told(benefit: str, facts: dict[str, Any], awards: tuple[Award, ...] | None = ()) -> tuple[OverlapNote, ...]:
    return judged(benefit, facts, awards).overlaps


def judged(benefit: str, facts: dict[str, Any], awards: tuple[Award, ...] | None = ()) -> Determination:
    answers = Answers(ON, read_answers(engine().pack, facts), awards)
    return next(d for d in determine(engine(), answers, [benefit.split(".", maxsplit=1)[0]]) if d.benefit == benefit)


def about(notes: tuple[OverlapNote, ...], other: str) -> OverlapNote:
    (note,) = [n for n in notes if other in n.benefits]
    return note


@pytest.mark.parametrize(
    ("benefit", "other"),
    [
        ("zxqy.interest", "zscq.pledge"), ("zxqy.interest", "jsq.interest"), ("zscq.pledge", "zxqy.interest"),
        ("jsq.interest", "zscq.pledge"), ("zxqy.city_centre", "gjj.city_centre"), ("gjj.national_centre", "zxqy.national_centre"),
        ("zxqy.upgrade", "zsjd.construction"), ("zsjd.construction", "gjj.rd_subsidy"), ("gjj.rd_subsidy", "zxqy.new_build"),
        ("fhq.city_award", "jsq.city_title"), ("jsq.ip_service", "zscq.navigation"), ("zxqy.city_centre", "hgjh.carrier"),
        ("fhq.value_added", "hgjh.incubator"), ("wltst.conference", "hgjh.event"), ("jsq.rent", "jr.office_rent"),
        ("wltst.lodging_interest", "bys.interest"), ("rcst.station", "hgjh.carrier"), ("bsh.project", "hgjh.scarce_project"),
        ("bsh.project", "hgjh.research"),
    ],
)  # fmt: skip
def test_what_is_possible_elsewhere_is_told_on_either_side(benefit: str, other: str) -> None:
    """FOUND 5: not only jsq says it; whichever side is asked about."""
    note = about(told(benefit, {}), other)
    assert note.state == "possible"
    title = engine().rule(other).benefit.title
    assert f"“{title}”" in note.words
    assert note.words in judged(benefit, {}).notes


#: an award names its benefit alone, or, as the register keeps it, with its policy
FULL = replace(LOAN, benefit="zscq.pledge")


@pytest.mark.parametrize("award", [LOAN, FULL], ids=["alone", "with-its-policy"])
def test_another_award_that_is_known_is_named_with_its_day_and_sum(award: Award) -> None:
    note = about(told("zxqy.interest", {}, (award,)), "zscq.pledge")
    assert note.state == "had"
    assert note.words.startswith("2026年3月2日已领取《平谷区知识产权促进办法》“知识产权质押贷款贴息”20万元：")
    assert "能否并领原文没有写，由主管部门认定" in note.words
    assert "不是同一笔贷款的，可以分别申请" in note.words


def test_another_visit_of_the_same_applicant_is_named() -> None:
    seen = Elsewhere(
        frozenset({"zscq.pledge"}), date(2026, 3, 2), "同一申请人2026年3月2日的办件已出具文书（平惠〔2026〕7号）"
    )
    interview = Interview(engine(), "zxqy", ON, elsewhere=[seen])
    (d,) = [d for d in interview.determinations if d.benefit == "zxqy.interest"]
    note = about(d.overlaps, "zscq.pledge")
    assert note.state == "elsewhere" and "平惠〔2026〕7号" in note.words and "知识产权质押贷款贴息" in note.words


def test_what_the_known_facts_rule_out_elsewhere_is_not_told() -> None:
    notes = told("zxqy.interest", {"知识产权申请主体": "自然人"})
    assert not any("zscq.pledge" in n.benefits for n in notes)
    assert any("jsq.interest" in n.benefits for n in notes)


def test_what_can_be_had_elsewhere_is_told_as_such() -> None:
    facts = {**example("zscq.pledge"), **example("zxqy.interest")}
    note = about(told("zxqy.interest", facts), "zscq.pledge")
    assert note.state == "open" and "按已知情况" in note.words and "也可以申请" in note.words


def test_two_loans_are_no_overlap_once_that_is_said() -> None:
    """FOUND 83: what was answered in the match holds in the wizard."""
    facts = {**example("zscq.pledge"), **example("zxqy.interest"), "同一笔贷款": "否"}
    assert told("zxqy.interest", facts) == ()
    asked = about(told("zxqy.interest", {**facts, "同一笔贷款": "是"}), "zscq.pledge")
    assert "可以分别申请" not in asked.words


def test_a_clause_that_forbids_both_is_cited_and_an_analogy_is_no_clause() -> None:
    by_clause = about(told("zxqy.city_centre", {}), "hgjh.carrier")
    assert by_clause.explicit and "第九条只取一项" in by_clause.words and "待主管部门确认" not in by_clause.words
    by_analogy = about(told("rcst.rent", {}), "anju.quick_abc")
    assert not by_analogy.explicit and "类推" in by_analogy.words and "待主管部门确认" in by_analogy.words


def test_nothing_is_told_of_what_is_ruled_out() -> None:
    facts = {"纳入银税互动": "否"}
    d = judged("zxqy.interest", facts, (LOAN,))
    assert d.status == "ineligible" and d.overlaps == ()


def test_the_wizard_follows_answers_that_only_the_other_benefit_looks_at() -> None:
    """What no changed answer touches is kept, but not what is told of others."""
    interview = Interview(engine(), "zxqy", ON, answers={})
    before = {d.benefit: d for d in interview.determinations}
    assert any("zscq.pledge" in n.benefits for n in before["zxqy.interest"].overlaps)
    interview.set("知识产权申请主体", "自然人")
    after = {d.benefit: d for d in interview.determinations}
    assert not any("zscq.pledge" in n.benefits for n in after["zxqy.interest"].overlaps)
    assert len(after["zxqy.interest"].notes) == len(set(after["zxqy.interest"].notes))
    interview.set("知识产权申请主体", "")
    again = {d.benefit: d for d in interview.determinations}
    assert again["zxqy.interest"] == before["zxqy.interest"]


def test_the_match_says_what_the_wizard_says() -> None:
    answers = Answers(ON, {}, (LOAN,))
    match = Match(engine(), answers)
    (wizard,) = [d for d in determine(engine(), answers, ["zxqy"]) if d.benefit == "zxqy.interest"]
    assert match.determination("zxqy.interest") == wizard
    said = read_answers(engine().pack, {"知识产权申请主体": "自然人"})
    after = match.updated(Answers(ON, said, ()))
    assert not any("zscq.pledge" in n.benefits for n in after.determination("zxqy.interest").overlaps)


def test_json_tells_the_matter_the_benefits_and_the_words() -> None:
    (one,) = [n for n in judged("zxqy.interest", {}, (LOAN,)).to_json()["overlaps"] if "zscq.pledge" in n["benefits"]]
    assert one["state"] == "had" and one["matter"] == "同一笔贷款的利息" and one["rule"] is None and one["words"]


def test_every_overlap_is_told_on_both_sides_and_in_readable_words() -> None:
    """Over the pack: no partner of another policy is silent while nothing is known, and no sentence is said twice."""
    for d in determine(engine(), Answers(ON, {}, None)):
        partners = {
            other for o in engine().overlaps.get(d.benefit, ()) for other in o.benefits
            if other.split(".")[0] != d.policy
        }  # fmt: skip
        told_of = {other for note in d.overlaps for other in note.benefits}
        assert partners <= told_of, d.benefit
        assert len(d.notes) == len(set(d.notes))
        for note in d.overlaps:
            assert "；；" not in note.words and "《《" not in note.words and not note.words.endswith("；")


def test_a_key_works_out_no_partner_that_it_cannot_touch(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is told beside a policy's answers costs a key little: partners that no answer touched are kept."""
    interview = Interview(engine(), "zxqy", ON, answers={})
    before = [d.overlaps for d in interview.determinations]  # worked out when it is looked at, as a screen does
    worked: list[str] = []
    conclusion = Run.conclusion

    def counted(run: Run, rule: Rule) -> Conclusion:
        worked.append(rule.policy.id)
        return conclusion(run, rule)

    monkeypatch.setattr(Run, "conclusion", counted)
    interview.set("当年新增银行贷款", "600万元")
    assert any(before) and len(before) == len([d.overlaps for d in interview.determinations])
    assert worked and set(worked) == {"zxqy"}


def test_a_pair_that_is_one_matter_anyway_is_not_told_again_as_perhaps_one() -> None:
    """A couple's flat named the single flat twice: as one home, and as the same flat unless it is another."""
    notes = told("anju.couple_both", example("anju.couple_both"))
    assert "可以分别申请" not in about(notes, "anju.graduate").words
