"""Every worked example (cases.yaml) beside a policy comes out as its author worked it out by hand from the text.

Then: each benefit has an example of each outcome that it can have, and the examples put every line and branch of the
rules to work (``rule_coverage``).
"""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import date
from functools import cache
from itertools import chain
from pathlib import Path

import pytest

from pinggu_desk.assess import examples
from pinggu_desk.assess.determination import Determination
from pinggu_desk.assess.determine import determine
from pinggu_desk.assess.engine import Answers, Engine, read_answers
from pinggu_desk.assess.examples import differences, refused_in, spoken
from pinggu_desk.assess.rules import Rule
from pinggu_desk.policy import forms as f
from pinggu_desk.policy.cases import Case, Cases, Refusal, load_cases
from pinggu_desk.policy.errors import BadAnswer, BadPack
from pinggu_desk.policy.facts import Fact
from pinggu_desk.policy.models import Pack
from pinggu_desk.policy.parameters import ParameterValue
from tests import bundled
from tests.assess.wording import faults_of
from tests.policy.rule_coverage import Coverage


@cache
def the_pack() -> Pack:
    return bundled.pack()


@cache
def the_engine() -> Engine:
    return bundled.engine()


@cache
def engine_with(parameters: tuple[tuple[str, str], ...]) -> Engine:
    """The engine as if an office had entered these parameters."""
    entered = dict(the_pack().parameters)
    for name, value in parameters:
        dated = ParameterValue.model_validate({"自": date(2020, 1, 1), "值": value, "来源": "样例"})
        entered[name] = entered[name].model_copy(update={"values": (dated,)})
    return Engine(replace(the_pack(), parameters=entered))


def engine_for(case: Case) -> Engine:
    return engine_with(tuple(sorted(case.parameters.items()))) if case.parameters else the_engine()


@cache
def the_cases() -> tuple[Cases, ...]:
    return tuple(load_cases(the_pack(), policy) for policy in the_pack().policies)


def answers_of(case: Case) -> Answers:
    """The case's facts as the desk would read them; a case must not be one that the desk refuses."""
    answers = examples.answers_of(the_pack(), case)
    broken = the_engine().inconsistencies(answers.values, case.on)
    assert not broken, f"“{case.says}”的填报值本该拒收：{broken[0].sentence}"
    return answers


@cache
def worked(policy: str) -> tuple[tuple[str, Case, tuple[Determination, ...]], ...]:
    """Each worked example of a policy under its name (``wltst-007``), with all that the policy comes to: once for all tests."""
    cases = next(one.cases for one in the_cases() if one.policy == policy)
    return tuple(
        (f"{policy}-{i:03d}", case, determine(engine_for(case), answers_of(case), [policy]))
        for i, case in enumerate(cases)
    )


POLICIES = list(the_pack().policies)


@pytest.mark.parametrize("policy", POLICIES)
def test_the_worked_examples_come_out_as_worked_by_hand(policy: str) -> None:
    """Every one of them is run, and every one that does not is told: a test for each costs more than the working."""
    told: list[str] = []
    for name, case, determinations in worked(policy):
        found = {d.benefit: d for d in determinations}
        wrong = list(chain.from_iterable(
            differences(the_pack(), found[f"{policy}.{code}"], expected) for code, expected in case.expects.items()
        ))  # fmt: skip
        if wrong:
            told += [f"{name} {case.clause} {case.says}（判断日 {case.on}）", *wrong]
    assert not told, "\n" + "\n".join(told)


@pytest.mark.parametrize("policy", [cases.policy for cases in the_cases() if cases.refusals])
def test_a_bad_value_is_refused_in_one_sentence(policy: str) -> None:
    refusals = next(cases.refusals for cases in the_cases() if cases.policy == policy)
    told = []
    for i, refusal in enumerate(refusals):
        sentence = said_of(refusal)
        if refusal.sentence not in sentence or sentence.count("。") != 1 or not sentence.endswith("。"):
            told.append(f"{policy}-{i:03d} {refusal.says}：应说“{refusal.sentence}”，说的是“{sentence}”")
    assert not told, "\n" + "\n".join(told)


def said_of(refusal: Refusal) -> str:
    """The sentence that a bad value is refused in; none where it is taken."""
    return refused_in(the_engine(), refusal.facts, refusal.on)


# --- how the outcomes read ---


@pytest.mark.parametrize("policy", POLICIES)
def test_every_worked_example_reads_without_a_fault(policy: str) -> None:
    """FOUND 25–28, over each outcome of each benefit."""
    wrong = dict.fromkeys(fault for _, _, found in worked(policy) for d in found for fault in faults_of(d))
    assert not wrong, "\n".join(list(wrong)[:20])


def test_every_benefit_that_can_be_refused_says_why_in_one_line() -> None:
    """Issue 10, over each worked refusal of each benefit: the line is there, and the pack has one for nearly every benefit."""
    grounds: dict[str, str] = {}
    for policy in POLICIES:
        for _, _, found in worked(policy):
            for d in found:
                if d.status == "ineligible":
                    grounds.setdefault(d.benefit, d.ground_line)
    assert all(grounds.values())
    every = [rule.benefit.id for policy in POLICIES for rule in the_engine().rules_of(policy)]
    assert len(grounds) > 0.9 * len(every), sorted(set(every) - set(grounds))


# --- completeness ---


@pytest.mark.parametrize("cases", the_cases(), ids=lambda cases: cases.policy)
def test_each_benefit_has_an_example_of_each_outcome_that_it_can_have(cases: Cases) -> None:
    shown: dict[str, set[str]] = {}
    for case in cases.cases:
        for code, expected in case.expects.items():
            shown.setdefault(f"{cases.policy}.{code}", set()).add(expected.status)
    never: dict[str, set[str]] = {}
    for one in cases.never:
        never.setdefault(f"{cases.policy}.{one.benefit}", set()).add(one.status)
    lacking = {
        rule.benefit.title: gone for rule in the_engine().rules_of(cases.policy)
        if (gone := outcomes(rule) - shown.get(rule.benefit.id, set()) - never.get(rule.benefit.id, set()))
    }  # fmt: skip
    assert not lacking, f"这些事项的结论还没有样例：{lacking}"
    assert not [both for code in never if (both := never[code] & shown.get(code, set()))]


def outcomes(rule: Rule) -> set[str]:
    """The outcomes that a benefit can come to: a verdict only where the text leaves one, the rest always."""
    nodes = [node for root in (rule.condition, rule.give) for node in rule.meaning.scope.reach(root)]
    facts = [the_pack().facts.get(node.name) for node in nodes if isinstance(node, f.Name)]
    leaves = any(isinstance(node, f.Verdict) for node in nodes) or any(
        isinstance(fact, Fact) and fact.decided_by for fact in facts
    )
    return {"可申请", "不符合", "需补充信息"} | ({"需人工认定"} if leaves else set())


def covered(cases: Cases) -> Coverage:
    return _covered(cases.policy)


@cache
def _covered(policy: str) -> Coverage:
    cases = next(one for one in the_cases() if one.policy == policy)
    coverage = Coverage(the_engine(), the_pack().policies[cases.policy])
    for case in cases.cases:
        if case.on < the_pack().policies[cases.policy].known_from:
            continue  # judged by a text that is not in the pack: no rule was run
        answers = answers_of(case)
        coverage.engine = engine_for(case)
        for code, expected in case.expects.items():
            rule = coverage.engine.rule(f"{cases.policy}.{code}")
            # A case that says which readings it rests on says as well that no other one would change it.
            coverage.run(rule, answers, rule.switches if expected.readings is not None else ())
    return coverage


def unreachable(cases: Cases) -> set[str]:
    every = covered(cases).lines() | covered(cases).branches()
    return {branch for branch in every if any(one.is_it(branch) for one in cases.unreachable)}


def test_the_coverage_of_the_rules_by_the_examples(capsys: pytest.CaptureFixture[str]) -> None:
    said = ["", "规则覆盖（样例走到的 / 走得到的）", *(f"  {covered(c).table(unreachable(c))}" for c in the_cases())]
    with capsys.disabled():
        sys.stdout.write("\n".join(said) + "\n")


@pytest.mark.parametrize("cases", the_cases(), ids=lambda cases: cases.policy)
def test_the_examples_put_every_line_and_branch_of_the_rules_to_work(cases: Cases) -> None:
    idle = [branch for branch in covered(cases).missing() if branch not in unreachable(cases)]
    assert not idle, "没有样例走到：\n" + "\n".join(idle)


@pytest.mark.parametrize("cases", the_cases(), ids=lambda cases: cases.policy)
def test_what_is_called_unreachable_is_one_piece_of_the_rules_and_not_reached(cases: Cases) -> None:
    every = covered(cases).lines() | covered(cases).branches()
    for one in cases.unreachable:
        meant = {branch for branch in every if one.is_it(branch)}
        assert len(meant) == 1, (one, meant)
        assert not meant & covered(cases).seen, one


def test_each_consistency_check_has_a_refusal() -> None:
    broken = {
        item.name for cases in the_cases() for refusal in cases.refusals
        if (values := readable(refusal)) is not None for item in the_engine().inconsistencies(values, refusal.on)
    }  # fmt: skip
    assert broken == {item.name for item in the_pack().consistency if not item.soft}


def readable(refusal: Refusal) -> dict[str, int | str] | None:
    try:
        return read_answers(the_pack(), spoken(refusal.facts))
    except BadAnswer:
        return None


# --- the loader ---


def test_an_example_that_says_too_little_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "policies" / "yl"
    folder.mkdir(parents=True)
    (folder / "cases.yaml").write_text(
        "判断日: 2026-04-01\n用例:\n"
        "  - {说: 没有说为什么不符合, 依据: yl.1a, 应得: {nearby: {结论: 不符合}}}\n"
        "  - {说: 没有这个事项, 依据: yl.1a, 应得: {nowhere: {结论: 可申请, 口径: in_kind}}}\n"
        "  - {说: 没有这个条款, 依据: yl.9, 应得: {nearby: {结论: 可申请, 口径: in_kind}}}\n"
        "  - {说: 没有这个基础, 依据: yl.1a, 用: 没有, 应得: {nearby: {结论: 可申请, 口径: in_kind}}}\n",
        encoding="utf-8",
    )
    with pytest.raises(BadPack) as refused:
        load_cases(the_pack(), "yl", tmp_path)
    lines = [(d.code, d.file, d.line) for d in refused.value.diagnostics]
    assert lines == [("bad-case", "policies/yl/cases.yaml", line) for line in (3, 4, 5, 6)]


def test_a_policy_without_examples_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadPack, match="missing-cases"):
        load_cases(the_pack(), "yl", tmp_path)
