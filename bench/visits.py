"""Visitors to count by: seven worked out by hand, fifty generated, each answering as it is; and what a visit costs them.

An interaction is one tick of 来访先问 or one answer: a confirmation of several conditions is one, and one more for each that is
otherwise; a paper that was not brought is one, whatever it would have proved.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pinggu_desk.assess.engine import Answers, Engine, read_answers
from pinggu_desk.assess.folds import plain_answers
from pinggu_desk.assess.leading import serves
from pinggu_desk.assess.match.enquiry import Enquiry
from pinggu_desk.assess.match.match import Subject
from pinggu_desk.policy.cases import load_cases
from pinggu_desk.policy.facts import PRIOR, Fact
from pinggu_desk.policy.quantity import Dim

ON = date(2026, 4, 1)
_SHARED = 5  # a fact that more benefits than this look at is a general condition
_MOST = 200
#: whom, what they come with (ids of matters), and the worked examples whose facts they have
WORKED: tuple[tuple[str, Subject, tuple[str, ...], tuple[str, ...]], ...] = (
    ("制造业企业：技改、研发、专精特新", "单位", ("equipment", "equipment_upgrade", "research", "research_spend", "srdi"),
     ("zxqy.upgrade", "gjj.rd_subsidy", "zxqy.srdi")),
    ("孵化器：评上市级", "单位", ("incubator", "incubator_run"), ("fhq.city_award",)),
    ("上市企业", "单位", ("listing", "listing_done"), ("ss.listing",)),
    ("旅行社：组织游客", "单位", ("tourism", "tourism_tours"), ("wltst.tours",)),
    ("博士后工作站", "单位", ("stations", "stations_postdoc"), ("bsh.station_grant",)),
    ("回区创业的毕业生", "个人", ("startup", "startup_first"), ("bys.hires",)),
    ("夫妻都符合的毕业生租房", "个人", ("housing", "housing_graduate"), ("anju.couple_both",)),
)  # fmt: skip


@dataclass(frozen=True)
class Visitor:
    """One visitor: who asks, what was mentioned, everything that is so (smallest units), and the papers left at home (凭)."""

    name: str
    subject: Subject
    came: frozenset[str]
    known: Mapping[str, int]
    lacking: frozenset[str] = frozenset()


@dataclass
class Visit:
    """What a visit cost: interactions until the first sure benefit (None: there was none), and until nothing is left to ask."""

    first: int | None = None
    all: int = 0
    asked: list[str] = field(default_factory=list)


def profile(engine: Engine, rnd: random.Random) -> dict[str, int]:
    """Everything about one generated applicant: what many benefits ask is mostly so, what few ask mostly not."""
    looked_at = Counter(name for rule in engine.rules for name in rule.asks)

    def value(fact: Fact) -> int:
        least, most = fact.bounds
        if fact.dim is Dim.TRUTH:
            return int(rnd.random() < (0.9 if looked_at[fact.name] > _SHARED else 0.15))
        if fact.dim is Dim.OPTION:
            return rnd.randint(least, most)
        if fact.dim is Dim.DATE:
            return ON.toordinal() - rnd.randint(0, 2000)
        scale = 1_000_000 if fact.dim is Dim.MONEY else 1
        return max(least, min(most, int(10 ** rnd.uniform(0, 4)) * scale))

    return {fact.name: value(fact) for fact in engine.pack.facts.values() if fact.dim is not Dim.TEXT}


def worked(engine: Engine) -> Iterator[Visitor]:
    """The seven: the facts of worked examples, everything else as a generated applicant has it."""
    for number, (name, subject, came, benefits) in enumerate(WORKED):
        known = profile(engine, random.Random(number))  # noqa: S311 - a sample, no secret
        for benefit in benefits:
            policy, code = benefit.split(".")
            for case in load_cases(engine.pack, policy).cases:
                expected = case.expects.get(code)
                if expected is not None and expected.status == "可申请" and not case.parameters and not case.awards:
                    facts: dict[str, Any] = {
                        k: v.isoformat() if isinstance(v, date) else v for k, v in case.facts.items()
                    }
                    known |= {k: v for k, v in read_answers(engine.pack, facts).items() if isinstance(v, int)}
                    break
        yield Visitor(name, subject, frozenset(came), known)


def generated(engine: Engine, count: int = 25) -> Iterator[Visitor]:
    """As many organisations and persons: each comes with one to three things that are mostly so, and may lack a paper."""
    matters, facts = engine.pack.matters, engine.pack.facts
    subjects: tuple[Subject, Subject] = ("单位", "个人")
    for subject in subjects:
        rnd = random.Random(5)  # noqa: S311 - a sample, no secret
        may = [
            one for matter in matters for one in (matter.details or (matter,))
            if any(serves(engine.rule(b), subject) for b in one.benefits)
        ]  # fmt: skip
        for number in range(count):
            known, came = profile(engine, rnd), set()
            for one in rnd.sample(may, rnd.choice((1, 2, 2, 3))):
                came |= {one.id} | ({matters.parents[one.id].id} if one.id in matters.parents else set())
                for name in one.opens:
                    if facts[name].dim is Dim.TRUTH:
                        known[name] = int(rnd.random() < 0.9)
                    elif facts[name].dim is Dim.OPTION:
                        known[name] = rnd.randint(0, max(facts[name].bounds[1] - 1, 0))
                for benefit in one.benefits:  # who comes for a thing mostly has what it takes
                    plain = plain_answers(engine, engine.rule(benefit), Answers(ON, {}))
                    known |= {name: value for name, value in plain.items() if rnd.random() < 0.9}
            proofs = sorted({f.proof for f in facts.values() if f.proof and "营业执照" not in f.proof})
            lacking = frozenset(proof for proof in proofs if rnd.random() < 0.3)
            yield Visitor(f"{subject} {number + 1}", subject, frozenset(came), known, lacking)


def counted(engine: Engine, visitor: Visitor) -> Visit:
    """Ask a visitor what the desk would ask, until nothing is left to ask."""
    # a detail that is found by its word is one tick with its matter
    parents = {engine.pack.matters.parents[i].id for i in visitor.came if i in engine.pack.matters.parents}
    pack, visit, known = engine.pack, Visit(all=len(visitor.came - parents)), dict(visitor.known)
    enquiry = Enquiry(engine, ON, subject=visitor.subject, mentioned=(), awards=None)
    enquiry.mention(visitor.came)
    known |= {k: v for k, v in read_answers(pack, pack.matters.said(visitor.came)).items() if isinstance(v, int)}
    raised = pack.matters.raised(visitor.came)
    while visit.all < _MOST:
        if visit.first is None and any(
            enquiry.match.live[i].status == "eligible" for i in raised if i in enquiry.match.live
        ):
            visit.first = visit.all
        if not _one(enquiry, visitor, known, visit):
            break
    return visit


def _one(enquiry: Enquiry, visitor: Visitor, known: Mapping[str, int], visit: Visit) -> bool:
    """Put one question and answer it; whether there was one."""
    facts = enquiry.engine.pack.facts
    if (fold := enquiry.fold) is not None:
        visit.all += 1 + sum(known[name] != plain for name, plain in fold.facts)
        visit.asked.append(f"一并确认 {len(fold.facts)} 项")
        for name, _ in fold.facts:
            enquiry.hold(name, facts[name].show(known[name]))
        enquiry.work_out()
        return True
    if (question := enquiry.question) is None:
        return False
    name = question.fact
    visit.all += 1
    visit.asked.append(name)
    if facts[name].proof in visitor.lacking:
        enquiry.pass_over(enquiry.waits_for(facts[name].proof))
        return True
    enquiry.set(name, "否" if name == PRIOR else facts[name].show(known[name]))
    if enquiry.view(name).error:  # what contradicts an earlier answer of a generated applicant
        enquiry.set(name, "")
        enquiry.pass_over([name])
    return True
