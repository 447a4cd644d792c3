"""Worked examples in words (样例): facts, then what each benefit comes to; told from one to the next by what changes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from pinggu_desk.assess.determination import FIGURE_WORDS
from pinggu_desk.policy.cases import Case, Cases, Expected
from pinggu_desk.policy.facts import read_answer
from pinggu_desk.policy.models import Pack, Policy
from pinggu_desk.policy.quantity import Dim, show

#: as many facts may differ from the example before for an example to be told by them alone
_MOST_CHANGES = 4


class Examples:
    """The examples of one policy by the sentence that they belong to, numbered through in the text's order."""

    def __init__(self, pack: Pack, policy: Policy, cases: Cases) -> None:
        self._pack, self._policy = pack, policy
        self._cases: dict[str, list[Case]] = {}
        for case in cases.cases:
            self._cases.setdefault(policy.text.find(case.clause)[0].id, []).append(case)
        self._number = 0

    def of(self, clause: str) -> tuple[str, ...]:
        """The examples of one sentence in words, to be asked for in the text's order."""
        out: list[str] = []
        before: Case | None = None
        for case in self._cases.get(clause, ()):
            self._number += 1
            out.append(f"例{self._number}　{self._told(case, before)} → {self._outcomes(case)}。")
            before = case
        return tuple(out)

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


def _parts(expected: Expected) -> Iterator[str]:
    yield expected.status
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
