"""What may be had together (最优组合) and what comes near (差一点), in the words of papers: each sentence is made here once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pinggu_desk.assess.match.bundle import SUMMED, Bundle, Cut, GivenUp, find_bundle
from pinggu_desk.assess.match.nearmiss import near_miss
from pinggu_desk.assess.present import result_words
from pinggu_desk.documents.visit import CUT, Nearly, Together
from pinggu_desk.policy.quantity import wan, yuan

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pinggu_desk.assess.determination import Determination
    from pinggu_desk.assess.engine import Engine
    from pinggu_desk.assess.match.nearmiss import Change
    from pinggu_desk.assess.run import Run
    from pinggu_desk.documents.visit import Visit

#: so many benefits are named, the others counted
_NAMED = 6


def together_of(run: Run, benefits: Iterable[str]) -> Together:
    """What may be had together of ``benefits``, all that a paper speaks of; those that aren't eligible are passed over."""
    concluded = {i: run.conclusion(run.engine.rule(i)) for i in benefits}
    if sum(c.status == "eligible" for c in concluded.values()) < 2 and not any(
        c.status == "review" for c in concluded.values()
    ):
        return Together()
    return together_words(run.engine, find_bundle(run, concluded))


def together_words(engine: Engine, bundle: Bundle) -> Together:
    """A bundle in the words of papers."""
    summed = [k for k in bundle.kept if k.fen is not None and k.kind in SUMMED]
    chosen = [f"“{one.title}”" for one in bundle.choices if not one.gone]
    said = [f"申请人选择了{'、'.join(chosen)}；其余在不能同时享受的事项之间，按能够确定的金额选取。"] if chosen else []
    said = [cut_words(engine, cut) for cut in bundle.cuts] + said  # without it nobody can tell how the total came about
    said += [given_up_words(engine, lost) for lost in bundle.given_up]
    told = [*(one.words for one in bundle.waiting), *(one.words for one in bundle.choices if one.gone)]
    said += [f"{words.rstrip('。')}。" for words in told]
    return Together(bundle.total_fen if len(summed) > 1 else None, tuple(said), counted_of(bundle))


def counted_of(bundle: Bundle) -> tuple[tuple[str, int], ...]:
    """What of each benefit's own sum or ceiling (fen) the bundle counts: all of them add up to its total and its ceilings.

    What a joint limit cuts off is taken from the last of the benefits that it binds.
    """
    sums = {k.benefit: k.fen for k in bundle.kept if k.fen is not None and k.kind in SUMMED}
    ceilings = {
        k.benefit: k.max_fen for k in bundle.kept
        if k.figure == "up_to" and k.kind in SUMMED and k.rate is None and k.max_fen is not None
    }  # fmt: skip
    bound = {benefit for cut in bundle.cuts for benefit in cut.benefits}
    for counted, allowed in ((sums, bundle.total_fen), (ceilings, bundle.ceilings_fen)):
        excess = sum(counted.values()) - allowed
        for benefit in [one for one in reversed(counted) if one in bound]:
            taken = min(excess, counted[benefit])
            counted[benefit] -= taken
            excess -= taken
    return tuple((ceilings | sums | dict.fromkeys((lost.benefit for lost in bundle.given_up), 0)).items())


def counted_json(visit: Visit, bundle: Bundle | None = None) -> list[dict[str, Any]]:
    """A paper's determinations for counting them (统计): each with what of its sum the paper counts (``counted_yuan``).

    What the visitor didn't mention (来访未涉及) is marked ``not_raised``: it is no result of this visit.
    """
    counted = dict(visit.together.counted if bundle is None else counted_of(bundle))
    left = {one.benefit for one in visit.not_raised}
    marked: dict[str, Any] = {"not_raised": True}
    return [
        d.to_json() | _counted(d, counted.get(d.benefit)) | (marked if d.benefit in left else {})
        for d in visit.determinations
    ]


def _counted(d: Determination, fen: int | None) -> dict[str, str]:
    if d.status != "eligible":
        return {}
    own = d.amount_fen if d.figure == "computed" else d.max_fen if d.figure == "up_to" else None
    fen = own if fen is None else fen
    return {} if fen is None else {"counted_yuan": yuan(fen)}


def full_place(engine: Engine, clause: str) -> str:
    """Where a reader finds a clause, with the title of its policy."""
    policy = engine.pack.policies[clause.split(".", 1)[0]]
    return f"《{policy.title.strip('《》')}》{engine.pack.clause_place(clause)}"


def why_given_up(engine: Engine, lost: GivenUp) -> list[str]:
    """By which clause two benefits may not both be had, and whether its words say so."""
    if not lost.rule:
        return ["原文没有写明能否同时享受，待主管部门确认"]
    how = "明文规定" if lost.explicit else "由该条类推，原文没有写明，待主管部门确认"
    return [full_place(engine, lost.rule), how]


def given_up_words(engine: Engine, lost: GivenUp) -> str:
    """That of two benefits only one is taken, why, and what the choice costs."""
    first = "（专门办法优先）" if lost.preferred else ""
    more = [lost.difference, lost.choice_words, lost.same_words]
    why = "，".join(filter(None, (*why_given_up(engine, lost), *more)))
    return f"“{lost.title}”与“{lost.instead_title}”{first}是{lost.matter}，只取后一项（{why}）。"


def cut_words(engine: Engine, cut: Cut) -> str:
    """A limit over several benefits that bites."""
    titles = [engine.rule(i).benefit.title for i in cut.benefits]
    named = "、".join(titles[:_NAMED]) + (f" 等 {len(titles)} 项" if len(titles) > _NAMED else "")
    where = full_place(engine, cut.clause)
    return f"{named}合计{wan(cut.sum_fen)}，{CUT}，按{wan(cut.left_fen)}计。依据{where}。"


def after_words(engine: Engine, change: Change) -> str:
    """What a near miss would come to, never surer than its figure."""
    rule = engine.rule(change.benefit)
    return result_words(change.status, change.figure, rule.dim, change.low, change.high, rule.decided)


def nearly_words(engine: Engine, changes: Sequence[Change]) -> tuple[Nearly, ...]:
    """Near misses in words, that of the highest worth first."""
    ranked = sorted(changes, key=lambda change: -(change.gain_fen or 0))
    return tuple(Nearly(c.benefit, c.title, c.words, after_words(engine, c)) for c in ranked)


def nearly_of(run: Run, refused: Iterable[str]) -> tuple[Nearly, ...]:
    """Of benefits that are ruled out those that one lawful change would bring back."""
    rules = [run.engine.rule(benefit) for benefit in refused]
    found = (near_miss(run, rule, run.conclusion(rule)) for rule in rules)
    return nearly_words(run.engine, [change for change in found if change is not None])
