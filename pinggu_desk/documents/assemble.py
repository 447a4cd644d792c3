"""From an interview (办理向导) to the visit that its papers are made of: gathered once, worded by the pack alone."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Literal

from pinggu_desk.assess.ahead import Ahead, changes_ahead, next_version
from pinggu_desk.assess.basis import basis_of
from pinggu_desk.assess.determination import Determination
from pinggu_desk.assess.engine import Answers, Engine, Rule
from pinggu_desk.assess.interview import Interview
from pinggu_desk.assess.judged import seen_today
from pinggu_desk.assess.run import Run
from pinggu_desk.documents.together import nearly_of, together_of
from pinggu_desk.documents.visit import (
    DEPARTMENTS,
    STATED_BY_APPLICANT,
    Contact,
    MaterialLine,
    NotRaised,
    Party,
    Stated,
    Visit,
)
from pinggu_desk.policy import forms as f
from pinggu_desk.policy.corrections import contact_note
from pinggu_desk.policy.facts import PRIOR
from pinggu_desk.policy.models import ContactSpec, Pack, Policy
from pinggu_desk.policy.text import Doubt

#: a telephone number, of which another form helps; other doubts are the keepers' own
_NUMBER = re.compile("[0-9]{5}")
MaterialState = Literal["已收", "待补", "不适用"]
#: kinds of benefit (类别) that pay nothing
_UNPAID = frozenset({"服务", "资格"})
_MATERIAL_STATES: dict[str, MaterialState] = {"已收": "已收", "待补": "待补", "不适用": "不适用"}


def assemble(
    engine: Engine,
    interview: Interview,
    party: Party,
    *,
    printed_at: datetime,
    serial: str | None,
    clerk: str,
    window: str,
    office: str,
    practice: bool,
) -> Visit:
    """Everything that the papers of one visit need, so that they look nothing up themselves.

    ``serial`` is None for papers made without the register. A material that was not ticked counts as 待补; an answer
    that can't be read, or that nothing looks at any more, is not stated.
    """
    engine, policy = interview.engine, interview.policy  # by what is in force on its day
    stale = interview.stale()
    stated = tuple(_stated(interview, stale))
    values = {name: value for name, value in interview.values.items() if name not in stale}
    asked_for = _asked_for(engine, interview)
    cited = (*(one.clause for one in stated), *(one.clause for one in interview.material_list))
    clauses = clauses_of(interview.determinations, cited)
    run = Run(engine, given_of(interview))
    raised = _raised(interview, asked_for)
    open_still = {d.benefit for d in interview.determinations if d.status in ("eligible", "review")}
    return Visit(
        applicant=party, policy=policy.id, policy_title=policy.title, source=policy.basis, version=version_of(policy),
        form_title=policy.form_title, on=interview.on, printed_at=printed_at, pack_version=engine.pack.version,
        determinations=tuple(seen_today(d, interview.on, printed_at.date()) for d in interview.determinations),
        stated=stated,
        materials=tuple(
            MaterialLine(note, _MATERIAL_STATES.get(interview.materials.get(note.key, ""), "待补"))
            for note in interview.material_list
        ),
        contacts=contacts_of(policy),
        redialled=tuple(
            (own.text, now.text)
            for own, now in zip(engine.pack.policies[policy.id].contacts, policy.contacts, strict=True)
            if own.text != now.text and _NUMBER.search(own.text)
        ),
        steps=tuple(step.text for step in policy.steps), materials_note=interview.materials_words,
        values=values, facts={name: engine.pack.facts[name] for name in values},
        quotes={clause: engine.pack.clause_words(clause) for clause in clauses},
        clause_words={clause: engine.pack.clause_place(clause) for clause in clauses},
        serial=serial, clerk=clerk, window=window, office=office, practice=practice,
        asked_for=asked_for, concerned=_concerned(engine, interview, asked_for),
        near=nearly_of(run, (d.benefit for d in interview.determinations if d.refused)),
        together=together_of(run, [one for one in raised if one in open_still]),
        applying=together_of(run, [one for one in raised if one in open_still and (not asked_for or one in asked_for)]),
        not_raised=tuple(
            NotRaised(d.benefit, d.title, policy.title) for d in interview.determinations if d.benefit not in raised
        ),
        ahead=ahead_words(changes_ahead(engine, given_of(interview), [policy.id], raised)),
        lasts=last_day(engine.pack, policy, interview.on),
        basis=(basis_of(engine, given_of(interview), printed_at.date(), policy.id, interview.elsewhere),),
    )  # fmt: skip


def _raised(interview: Interview, asked_for: frozenset[str] | None) -> list[str]:
    """The benefits that the visit went into: those asked for, and every other that is settled nevertheless.

    Where nothing was said yet, the visitor came for the policy as a whole.
    """
    return [
        d.benefit for d in interview.determinations if d.status != "unknown" or not asked_for or d.benefit in asked_for
    ]


def ahead_words(changes: Iterable[Ahead]) -> tuple[str, ...]:
    """What changes ahead, for a letter: not that the text ends, which stands beside the days to apply (`last_day`)."""
    return tuple(one.words for one in changes if one.kind != "到期")


def last_day(pack: Pack, policy: Policy, on: date) -> date | None:
    """The last day of a text that is in force and that nothing known follows; None where it says none."""
    return policy.until if policy.in_force(on) and next_version(pack, policy.id, on) is None else None


def version_of(policy: Policy) -> str:
    """The name of a policy's version where it has one beside its own number (``zxqy@2027-01-01``); else empty."""
    return policy.folder if policy.folder != policy.id else ""


def given_of(interview: Interview) -> Answers:
    """The answers of an interview, with the past awards as far as they are known."""
    awards = None if interview.awards is None else tuple(interview.awards)
    return Answers(interview.on, interview.values, awards)


def _stated(interview: Interview, stale: frozenset[str]) -> Iterable[Stated]:
    """Every answer that was taken and still matters, in the text's order, with its value in words and where it came from."""
    for view in (*interview.fields("eligibility"), *interview.fields("data"), *interview.told_before()):
        if view.error or view.state != "answered" or not view.shown or view.fact.name in stale:
            continue
        decided = f"{view.fact.decided_by}认定" if view.fact.decided_by else STATED_BY_APPLICANT
        yield Stated(view.fact.name, view.shown, view.clause, view.source or decided)


def _asked_for(engine: Engine, interview: Interview) -> frozenset[str] | None:
    """The benefits that the visitor came for: those that were chosen; where all are, those that an answer concerns.

    An answer to a general condition (资格条件) concerns none in particular. What can be had as it stands is asked for, too.
    """
    every = {benefit.id for benefit in interview.policy.benefits}
    if len(every) == 1 or set(interview.chosen) != every:
        return None
    general = {view.fact.name for view in interview.fields("eligibility")}
    typed = interview.answers.keys() & interview.values.keys()
    own = {rule.benefit.id: set(_names(rule)) - general for rule in engine.rules_of(interview.policy.id)}
    asked = {benefit for benefit, names in own.items() if names & typed}
    if not asked and typed & general:
        asked = {benefit for benefit, names in own.items() if not names & engine.pack.facts.keys()}
    return frozenset(asked | {d.benefit for d in interview.determinations if d.status == "eligible"})


def _concerned(engine: Engine, interview: Interview, asked_for: frozenset[str] | None) -> frozenset[str] | None:
    """Names of the facts that what is applied for depends on; None where nothing is, and where the policy only serves."""
    if all(benefit.kind in _UNPAID for benefit in interview.policy.benefits):
        return None
    applied = {
        d.benefit for d in interview.determinations
        if d.status != "ineligible" and (asked_for is None or d.benefit in asked_for)
    }  # fmt: skip
    if not applied:
        return None
    names = _names_of(engine, interview, applied)
    if any((fact := engine.pack.facts.get(name)) is not None and fact.history is not None for name in names):
        names.add(PRIOR)  # what was had before is told by the one question
    return frozenset(names)


def _names_of(engine: Engine, interview: Interview, benefits: set[str]) -> set[str]:
    rules = (rule for rule in engine.rules_of(interview.policy.id) if rule.benefit.id in benefits)
    return {name for rule in rules for name in _names(rule)}


def _names(rule: Rule) -> Iterable[str]:
    for root in (rule.condition, rule.give):
        for node in rule.meaning.scope.reach(root):
            if isinstance(node, f.Name):
                yield node.name


def clauses_of(determinations: Iterable[Determination], also: Iterable[str] = ()) -> tuple[str, ...]:
    """Every clause that the determinations cite, and ``also``, once, in the order in which it is cited."""
    cited: dict[str, None] = {}
    for d in determinations:
        cited.update(
            dict.fromkeys(
                (d.clause, *d.also, *(one for t in d.trace for one in t.clauses), *(i.clause for i in d.indicators))
            )
        )
        cited.update(dict.fromkeys((*(r.clause for r in d.readings), *(m.clause for m in d.materials))))
        if d.deadline is not None:
            cited.setdefault(d.deadline.clause)
    cited.update(dict.fromkeys(also))
    return tuple(clause for clause in cited if clause)


def contacts_of(policy: Policy) -> tuple[Contact, ...]:
    """The policy's telephones and offices (咨询方式); its department (主管) where they name none."""
    told = tuple(_contact(spec, policy.text.doubts) for spec in policy.contacts)
    if policy.department and not any(one.role in DEPARTMENTS for one in told):
        return (Contact(DEPARTMENTS[0], policy.department), *told)
    return told


def _contact(spec: ContactSpec, doubts: Iterable[Doubt]) -> Contact:
    """A line of 咨询方式, by whose word it was corrected, with the other form where the printed one is doubtful."""
    own = [d for d in doubts if d.at == spec.clause and d.printed in spec.text and _NUMBER.search(d.printed)]
    said = [contact_note(spec), *(f"政策另一处作 {d.other}，打不通请拨这个号码" for d in own)]
    return Contact(spec.role, spec.text, "；".join(filter(None, said)))
