"""Near misses (差一点) and steps up (再进一步): the smallest lawful change that would matter, and what it is worth.

Only facts that may lawfully change (可变), in the direction they may, and waiting (a period that will be complete, a new
year's limit) are tried; nothing else is ever suggested. Each change is tried by running the rule itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from pinggu_desk.assess.conclude import Conclusion, conclude
from pinggu_desk.assess.determination import Figure, Status
from pinggu_desk.policy import forms as f
from pinggu_desk.policy import say
from pinggu_desk.policy.dates import add_months
from pinggu_desk.policy.facts import Fact
from pinggu_desk.policy.quantity import INF, Dim

if TYPE_CHECKING:
    from pinggu_desk.assess.rules import Rule
    from pinggu_desk.assess.run import Run

#: A change is worth telling only within this many times the present value: 差一点 is no wish.
FAR = 16
#: nobody is told to wait longer
LATEST_YEARS = 20


@dataclass(frozen=True, slots=True)
class Change:
    """One lawful change and what it would come to.

    Either ``fact`` reaches ``target`` (from ``current``, smallest units; ``over`` when the bound itself is excluded),
    or one waits until ``day``. ``gain_fen`` is what the benefit by itself comes to more where both figures are settled sums or ceilings,
    else None (what the visitor then has more in all: ``match.gain``); ``clause`` is the clause whose bound is met.
    """

    benefit: str
    title: str
    fact: str
    current: int | None
    target: int | None
    day: date | None
    words: str
    status: Status
    figure: Figure | None
    low: int | None
    high: int | None
    gain_fen: int | None
    clause: str


@dataclass(frozen=True, slots=True)
class _Try:
    """A change to try: a fact that reaches a target, or a day to wait for; ``clause`` looks at it."""

    clause: str
    fact: Fact | None = None
    current: int | None = None
    target: int | None = None
    day: date | None = None


def near_miss(run: Run, rule: Rule, now: Conclusion) -> Change | None:
    """The smallest lawful change after which a benefit that is ruled out no longer is; None where one doesn't do."""
    if now.status != "ineligible":
        return None
    return next(_sorted(_changes(run, rule, now)), None)


def step_up(run: Run, rule: Rule, now: Conclusion) -> Change | None:
    """The nearest bound past which an eligible benefit's figure jumps up (再进一步); None where there is none."""
    if now.status != "eligible" or now.dim is not Dim.MONEY or now.high is None:
        return None
    return next(_sorted(change for change in _changes(run, rule, now) if (change.gain_fen or 0) > 0), None)


def _sorted(changes: Iterator[Change]) -> Iterator[Change]:
    """Waiting costs nothing and comes last only if it is long; of changes of figures, the relatively smallest first."""

    def effort(change: Change) -> tuple[float, str]:
        if change.day is not None:
            return 0.5, change.words
        assert change.current is not None
        assert change.target is not None
        return abs(change.target - change.current) / max(abs(change.current), 1), change.words

    return iter(sorted(changes, key=effort))


def _changes(run: Run, rule: Rule, now: Conclusion) -> Iterator[Change]:
    for fact, clause in _changeable(run, rule):
        current, _ = run.env.values[run.engine.slots.slot(fact.name)]
        target = _reach(run, rule, now, fact, current)
        if target is not None and run.can_be(fact.name, target):
            yield _change(run, rule, now, _Try(clause, fact, current, target))
    yield from _waits(run, rule, now)


def _changeable(run: Run, rule: Rule) -> Iterator[tuple[Fact, str]]:
    """Facts of the rule that are known and may lawfully change, with the clause that looks at each."""
    for name, clause in rule.may_change:
        if name in run.answers.values and (fact := run.engine.pack.facts.get(name)) is not None:
            yield fact, clause or rule.benefit.clause


def _with(run: Run, rule: Rule, fact: Fact, value: int) -> Conclusion:
    return run.with_(rule, fact.name, value)


def _after(run: Run, rule: Rule, tried: _Try) -> Conclusion:
    if tried.fact is not None and tried.target is not None:
        return _with(run, rule, tried.fact, tried.target)
    assert tried.day is not None
    return conclude(rule, *run.engine.case(replace(run.answers, on=tried.day)))


def _reach(run: Run, rule: Rule, now: Conclusion, fact: Fact, current: int) -> int | None:
    """The nearest value in a lawful direction that matters: a bound of the rule, or where a ratio tips over."""
    least, most = fact.bounds
    up, down = "增" in fact.changes, "减" in fact.changes
    bounds = sorted({b for b in bounds_of(rule, fact) if least <= b <= most})
    tried = [b for b in bounds if up and current < b] + [b for b in reversed(bounds) if down and b < current]
    for value in tried:
        if abs(value - current) > FAR * max(current, 1) or not _matters(now, _with(run, rule, fact, value)):
            continue
        if now.status == "ineligible":  # the bound does, and less may: where other figures count with it
            return _tips(run, rule, now, fact, current, value)
        if _jumps(run, rule, fact, value, up=value > current):
            return value
    if now.status != "ineligible" or not up:
        return None
    far = min(most, max(current, 1) * (FAR + 1))
    return _tips(run, rule, now, fact, current, far)


def _tips(run: Run, rule: Rule, now: Conclusion, fact: Fact, current: int, far: int) -> int | None:
    """The value nearest to the current one at which the benefit stops being ruled out; None where even ``far`` does not do."""
    if far == current or not _matters(now, _with(run, rule, fact, far)):
        return None
    while abs(far - current) > 1:
        middle = (current + far) // 2
        if _matters(now, _with(run, rule, fact, middle)):
            far = middle
        else:
            current = middle
    return far


def _matters(now: Conclusion, then: Conclusion) -> bool:
    if now.status == "ineligible":
        return then.status in ("eligible", "review")
    return then.status == "eligible" and (then.high or 0) > (now.high or 0)


def _jumps(run: Run, rule: Rule, fact: Fact, value: int, *, up: bool) -> bool:
    """Whether the figure jumps at a bound, rather than growing evenly with the fact."""
    here, before = _with(run, rule, fact, value), _with(run, rule, fact, value - 1 if up else value + 1)
    return (here.high or 0) - (before.high or 0) > 1


def bounds_of(rule: Rule, fact: Fact) -> Iterator[int]:
    """Where a written bound on the fact itself changes sides: at it, just before and just past it."""
    for written in rule.written.get(fact.name, ()):
        yield from (written - 1, written, written + 1)


def _waits(run: Run, rule: Rule, now: Conclusion) -> Iterator[Change]:
    """Waiting until a period is complete, a date is reached, or a new year opens a yearly limit."""
    days: dict[date, str] = {}
    for node in rule.waits:
        if isinstance(node, f.Since):
            low, high = rule.meaning.of(node.left)(run.env)
            if low == high:
                days.setdefault(add_months(date.fromordinal(low), node.term.value), node.cite[0])
        elif isinstance(node, f.Compare):
            low, high = rule.meaning.of(node.right)(run.env)
            if low == high and 0 < low < INF:
                days.setdefault(date.fromordinal(low + (node.word == "超过")), node.cite[0])
        elif run.answers.past is not None and node.name not in run.answers.values:
            days.setdefault(date(run.answers.on.year + 1, 1, 1), node.cite[0] if node.cite else rule.benefit.clause)
    for day in sorted(days):
        if run.answers.on < day and day.year - run.answers.on.year <= LATEST_YEARS and rule.policy.in_force(day):
            tried = _Try(days[day], day=day)
            if _matters(now, _after(run, rule, tried)):
                yield _change(run, rule, now, tried)
                return


def _change(run: Run, rule: Rule, now: Conclusion, tried: _Try) -> Change:
    after = _after(run, rule, tried)
    settled = after.dim is Dim.MONEY and after.high is not None
    before = now.high or 0 if now.status == "eligible" else 0
    words = change_words(rule, tried.fact, tried.current, tried.target, tried.day)
    return Change(
        rule.benefit.id, rule.benefit.title, tried.fact.name if tried.fact else "", tried.current, tried.target,
        tried.day, words, after.status, after.figure, after.low, after.high,
        after.high - before if settled and after.high is not None else None, tried.clause,
    )  # fmt: skip


def change_words(rule: Rule, fact: Fact | None, current: int | None, target: int | None, day: date | None) -> str:
    """What would have to change, as ``policy.say`` words it; a bound that is itself excluded reads 超过."""
    if fact is None or current is None or target is None:
        assert day is not None
        return say.from_day(day.toordinal())
    written = rule.written.get(fact.name, frozenset())
    up = target > current
    bound, word = target, "达到" if up else "降到"
    if target not in written and target - 1 in written and up:
        bound, word = target - 1, "超过"
    elif target not in written and target + 1 in written and not up:
        bound, word = target + 1, "低于"
    return say.reached(fact, word, bound, current)
