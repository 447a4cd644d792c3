"""Worked examples in words (样例): facts, then what each benefit comes to; told from one to the next by what changes.

One at each bound stands beside the sentence (``Example.short`` tells it by what differs from the sentence's first); the rest are told
in an annex.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pinggu_desk.assess.determination import FIGURE_WORDS
from pinggu_desk.policy import forms as f
from pinggu_desk.policy.cases import Case, Cases, Expected
from pinggu_desk.policy.facts import read_answer
from pinggu_desk.policy.forms import Cond, Expr
from pinggu_desk.policy.models import Pack, Policy
from pinggu_desk.policy.quantity import Dim, Quantity, show
from pinggu_desk.policy.reading import pieces_of

#: as many facts may differ from the example before for an example to be told by them alone
_MOST_CHANGES = 4


@dataclass(frozen=True, slots=True)
class Example:
    """One worked example: ``words`` whole, ``short`` beside its sentence; ``beside`` whether it stands there or in the annex."""

    words: str
    short: str
    beside: bool


class Examples:
    """The examples of one policy by the sentence that they belong to, numbered through in the text's order."""

    def __init__(self, pack: Pack, policy: Policy, cases: Cases) -> None:
        self._pack, self._policy = pack, policy
        self._cases: dict[str, list[Case]] = {}
        for case in cases.cases:
            self._cases.setdefault(policy.text.find(case.clause)[0].id, []).append(case)
        self._number = 0

    def of(self, clause: str) -> tuple[Example, ...]:
        """The examples of one sentence in words, to be asked for in the text's order."""
        out: list[Example] = []
        cases: Sequence[Case] = self._cases.get(clause, ())
        beside = self._at_bounds(clause, cases)
        before: Case | None = None
        for index, case in enumerate(cases):
            self._number += 1
            head = f"例{self._number}　"
            words = f"{head}{self._told(case, before)} → {self._outcomes(case)}。"
            short = f"{head}{self._differs(case, cases[0])} → {self._shortly(case, cases[0])}" if index else words
            out.append(Example(words, short, index in beside))
            before = case
        return tuple(out)

    # --- which stand beside their sentence

    def _at_bounds(self, clause: str, cases: Sequence[Case]) -> set[int]:
        """The first, one at each bound that the sentence's rules have, and one that is refused."""
        bounds = set(self._bounds(clause))
        beside: set[int] = {0}
        shown: set[tuple[str, int]] = set()
        for index, case in enumerate(cases):
            here = {(name, value) for name, dim, value in self._typed(case) if (dim, value) in bounds}
            if here - shown:
                beside.add(index)
                shown |= here
        refused = [i for i, case in enumerate(cases) if any(e.status == "不符合" for e in case.expects.values())]
        if refused and not beside & set(refused):
            beside.add(refused[0])
        return beside

    def _bounds(self, clause: str) -> Iterator[tuple[Dim, int]]:
        roots: list[Expr | Cond] = [piece.node for piece in pieces_of(self._policy, clause)]
        for node in (node for root in roots for node in f.walk(root)):
            quantities: list[Quantity | None] = []
            match node:
                case f.Compare() if isinstance(node.right, f.Lit):
                    quantities = [node.right.quantity]
                case f.Bands():
                    quantities = [end for row in node.rows for end in (row.low, row.high)]
                case f.Steps():
                    quantities = list(node.at)
            yield from ((q.dim, q.value) for q in quantities if q is not None)

    def _typed(self, case: Case) -> Iterator[tuple[str, Dim, int]]:
        for name, value in case.facts.items():
            fact = self._pack.fact(name)
            read = (
                read_answer(fact, value.isoformat() if isinstance(value, date) else value) if fact is not None else ""
            )
            if fact is not None and isinstance(read, int):
                yield fact.name, fact.dim, read

    def _differs(self, case: Case, first: Case) -> str:
        """``能源节约量 10吨标煤``: what is other than in the sentence's first example."""
        now, then = dict(self._given(case)), dict(self._given(first))
        changes = [f"{name} {value}" for name, value in now.items() if then.get(name) != value]
        changes += [f"不填“{name}”" for name in then if name not in now]
        return "，".join(changes) or "事实同本句第一例"

    def _shortly(self, case: Case, first: Case) -> str:
        """What each benefit comes to, without what the first example said already in the same words."""
        told = []
        for code, expected in case.expects.items():
            said = {*_parts(first.expects[code])} - {*_sums(first.expects[code])} if code in first.expects else set()
            status, *parts = _parts(expected)
            words = "，".join([status, *(part for part in parts if part not in said)])
            told.append(words if len(case.expects) == 1 else f"{self._title(self._policy.id, code)}：{words}")
        return "；".join(told)

    # --- facts ---

    def _told(self, case: Case, before: Case | None) -> str:
        now = dict(self._given(case))
        if before is None:
            return f"{case.says}。{_all_of(now)}"
        last = dict(self._given(before))
        changes = [f"{name}：{value}" for name, value in now.items() if last.get(name) != value]
        changes += [f"不填“{name}”" for name in last if name not in now]
        same_story = case.says.rpartition("：")[0] == before.says.rpartition("：")[0] != ""
        if len(changes) > _MOST_CHANGES:
            return f"{case.says}。{_all_of(now)}"
        said = "同上，" if same_story else f"{case.says}。同上例，"
        return f"{said}只是{'，'.join(changes)}" if changes else f"{case.says}。事实同上例"

    def _given(self, case: Case) -> Iterator[tuple[str, str]]:
        yield "判断日", note(case.on)
        for name, value in case.facts.items():
            yield self._fact(name, value)
        if case.awards is not None:
            past = (f"{self._title(a.policy, a.benefit)} {a.amount}（{note(a.on)}）" for a in case.awards)
            yield "以往奖励", "、".join(past) or "没有"
        for name, value in case.parameters.items():
            yield f"参数“{name}”", value

    def _fact(self, name: str, value: Any) -> tuple[str, str]:
        fact = self._pack.fact(name)
        if fact is None:
            return name, str(value)
        return fact.name, fact.show(read_answer(fact, value.isoformat() if isinstance(value, date) else value))

    def _title(self, policy: str, benefit: str) -> str:
        found = self._pack.policies[policy]
        return found.benefit(f"{policy}.{benefit.removeprefix(policy + '.')}").title

    # --- outcomes ---

    def _outcomes(self, case: Case) -> str:
        return "；".join(
            f"{self._title(self._policy.id, code)}：{'，'.join(_parts(expected))}"
            for code, expected in case.expects.items()
        )


def _all_of(given: dict[str, str]) -> str:
    return f"事实：{'，'.join(f'{name} {value}' for name, value in given.items())}"


def _sums(expected: Expected) -> Iterator[str]:
    """What it comes to in money or as a rate."""
    if expected.amount:
        yield expected.amount
    if expected.rate:
        yield f"比例{expected.rate}"
    if expected.least and expected.least == expected.most:
        yield expected.most
    elif expected.least and expected.most:
        yield f"{expected.least}至{expected.most}"
    elif expected.least or expected.most:
        yield f"最高{expected.most}" if expected.most else f"最低{expected.least}"


def _parts(expected: Expected) -> Iterator[str]:
    yield expected.status
    yield from _sums(expected)
    if expected.figure is not None:
        yield FIGURE_WORDS[expected.figure]
    if expected.term:
        yield f"最长{expected.term}"
    if expected.score is not None:
        yield "无得分" if expected.score == "无" else f"得{expected.score}分"
    if expected.deadline is not None:
        yield f"时限至{note(expected.deadline)}{'（暂定）' if expected.provisional else ''}"
    if expected.missing:
        yield f"还缺{'、'.join(expected.missing)}"
    if expected.verdicts:
        yield f"待认定：{'、'.join(expected.verdicts)}"
    if expected.readings:
        yield f"口径待主管部门确认（{'、'.join(expected.readings)}）"
    if expected.because:
        yield f"因：{expected.because}"


def note(day: date) -> str:
    """``2026年3月2日``."""
    return show(day.toordinal(), Dim.DATE)
