"""What a benefit comes to in money over the time that it is asked for (折算): a rate of a rent, a sum a year.

Nothing here is asked before the benefit can be had, and no answer here changes whether it can: where the rent is not
known the rate stands alone. What the longest term (期限) leaves after what was had before is never exceeded, and neither
is what the share is taken of.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pinggu_desk.assess.notes import Missing, Over, TraceLine
from pinggu_desk.policy import forms as f
from pinggu_desk.policy.quantity import INF, Dim, show, wan

if TYPE_CHECKING:
    from pinggu_desk.assess.conclude import Conclusion
    from pinggu_desk.assess.rules import Rule
    from pinggu_desk.assess.run import Run
    from pinggu_desk.policy.forms import Cond, Expr

_EACH = {"月": "每月", "年": "每年", "": ""}
_YEAR = 12
Ends = tuple[int, int]


def over_of(run: Run, rule: Rule, conclusion: Conclusion) -> tuple[Over | None, tuple[TraceLine, ...]]:
    """What the benefit comes to over time with its working; None where it gives no such thing or can't be had yet."""
    if rule.benefit.worth is None or conclusion.status in ("ineligible", "unknown"):
        return None, ()
    return _Over(run, rule, conclusion).result()


def optional_of(run: Run, rule: Rule, conclusion: Conclusion) -> tuple[Missing, ...]:
    """Facts that would say more and that nothing waits for: how long, what rent; how many, where one was presumed.

    Of a refusal: what was presumed (默认为), where the answer itself could undo it.
    """
    values = run.answers.values
    if conclusion.status == "ineligible":
        unsaid = (name for name in rule.presumed_choices if name not in values)
        return tuple(run.engine.questions[name] for name in unsaid if _may_undo(run, rule, name))
    names = [name for name in rule.presumed if name not in values]
    if rule.benefit.worth is not None and conclusion.status != "unknown":
        names += [n for n in rule.worth_asks if n not in values and not _known(run, rule, n)]
    return tuple(run.engine.questions[name] for name in dict.fromkeys(names))


def _may_undo(run: Run, rule: Rule, name: str) -> bool:
    """Whether one of a choice's options makes a refused benefit anything but refused."""
    codes = range(len(run.pack.facts[name].options))
    return any(run.with_(rule, name, code).status != "ineligible" for code in codes)


def _known(run: Run, rule: Rule, name: str) -> bool:
    low, high = run.env.values[rule.meaning.slots.slot(name)]
    return bool(low == high)


class _Over:
    """One benefit's sums over time in one case."""

    def __init__(self, run: Run, rule: Rule, conclusion: Conclusion) -> None:
        assert rule.benefit.worth is not None
        assert rule.each is not None
        self.run, self.rule, self.conclusion, self.worth = run, rule, conclusion, rule.benefit.worth
        self.lines: list[TraceLine] = []
        self.covered = ""  # why nothing is left, where what is had elsewhere covers it all
        self.each_node: Expr = rule.each

    def result(self) -> tuple[Over | None, tuple[TraceLine, ...]]:
        """The sums, or None where not even one period can be known."""
        each = self._each()
        if each is None:
            return None, ()
        left, months = self._left(), None
        asked = self._exact(self.worth.asked) if self.worth.asked is not None else None
        if asked is not None:
            months = asked if left is None else min(asked, left)
            if self.worth.had is not None and left is None and self.rule.months is not None:
                months = None  # how much of the term is used up isn't known, so neither is what is left of it
        whole = self._whole(each, months, left)
        words = self._words(each, whole, months, left) + self.covered
        self._count_line(asked, months, left)
        if months is not None and whole is not None:
            self._say(f"{_ends(each)} × {_span(months, self.worth.period)}{self._had_words()} = {_ends(whole)}")
        return Over(self.worth.period, each, whole, months, left, words), tuple(self.lines)

    # --- one period

    def _each(self) -> Ends | None:
        base = self.worth.base
        if base is not None and self._exact(base) is None:
            return None
        low, high = self._span(self.each_node)
        if high >= INF:
            return None
        if base is not None:
            value = self._exact(base) or 0
            said, rate = self.rule.meaning.said(base), self._rate()
            self._say(f"{said} {wan(value)} × {rate} = {_EACH[self.worth.period]}{_ends((low, high))}")
            low, high = self._within(said, value, low, high)
        return low, high

    def _rate(self) -> str:
        low, high = self.conclusion.low, self.conclusion.high or 0
        return show(high, Dim.RATE) if low in (None, high) else f"{show(low, Dim.RATE)}至{show(high, Dim.RATE)}"

    def _within(self, said: str, base: int, low: int, high: int) -> Ends:
        """Never more than the base together with what is had elsewhere for the same thing."""
        other = self._exact(self.worth.other) if self.worth.other is not None else None
        if not other:
            return low, high
        room = max(base - other, 0)
        if high > room:
            self._say(f"同期已另领{wan(other)}，两处合计不超过{wan(base)}，按{_ends((min(low, room), room))}计")
        self.covered = "" if room else f"，同期另领的已不少于{said}，没有余额"
        return min(low, room), min(high, room)

    # --- how long

    def _left(self) -> int | None:
        """The months that the longest term still leaves; None without a term, or where what was had isn't known."""
        term = self.rule.months
        if term is None or self.worth.had is None:
            return term
        had = self._exact(self.worth.had)
        return None if had is None else max(term - had, 0)

    def _whole(self, each: Ends, months: int | None, left: int | None) -> Ends | None:
        if not self.worth.period:
            return each
        counted = months if months is not None else left if self.rule.months is not None else None
        if counted is None:
            return None
        size = _YEAR if self.worth.period == "年" else 1
        had = self._had_this_year()
        low, high = (max(end * counted // size - had, 0) for end in each)
        return (low, high) if months is not None else (0, high)

    def _had_this_year(self) -> int:
        """What was received this year already, of limits in money: the whole is less by as much."""
        return sum(
            self._exact(f.Name(limit.cite, limit.path, limit.received)) or 0
            for limit in self.run.engine.binding(self.rule.policy, self.run.answers.on)
            if self.rule.benefit.id in limit.benefits and self.rule.meaning.dim(limit.most) is Dim.MONEY
        )

    # --- words

    def _count_line(self, asked: int | None, months: int | None, left: int | None) -> None:
        term = self.rule.months
        if term is None or asked is None or months is None or left is None or asked <= left:
            return
        used = f"，已享受{_span(term - left, self.worth.period)}" if left < term else ""
        self._say(
            f"申领{_span(asked, self.worth.period)}，最长{_span(term, self.worth.period)}{used}，按{_span(months, self.worth.period)}计"
        )

    def _had_words(self) -> str:
        had = self._had_this_year()
        return f" － 本年度已领{wan(had)}" if had else ""

    def _words(self, each: Ends, whole: Ends | None, months: int | None, left: int | None) -> str:
        if not self.worth.period:
            return f"合计{_ends(each)}"
        one = f"{_EACH[self.worth.period]}{_ends(each)}"
        if whole is None:
            return one
        had = self._had_this_year()
        less = f"（已扣本年度已领{wan(had)}）" if had else ""
        if months is not None:
            return f"{one}，{_span(months, self.worth.period)}合计{_ends(whole)}{less}"
        assert left is not None
        used = (self.rule.months or 0) - left
        before = f"已享受{_span(used, self.worth.period)}，" if used else ""
        return f"{one}，{before}最长还可{_span(left, self.worth.period)}，合计至多{wan(whole[1])}{less}"

    # --- looking at the case

    def _span(self, node: Expr | Cond) -> Ends:
        low, high = self.rule.meaning.of(node)(self.run.env)
        return int(low), int(high)

    def _exact(self, node: Expr | Cond) -> int | None:
        low, high = self._span(node)
        return low if low == high else None

    def _say(self, text: str) -> None:
        self.lines.append(TraceLine(text, self.rule.benefit.clause, "value"))


def _ends(ends: Ends) -> str:
    low, high = ends
    if low == high:
        return wan(low)
    return f"最高{wan(high)}" if not low else f"{wan(low)}至{wan(high)}"


def _span(months: int, period: str) -> str:
    return f"{months // _YEAR}年" if period == "年" and months % _YEAR == 0 else f"{months}个月"
