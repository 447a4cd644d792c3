"""Which answers an outcome rests on or waits for: an answer that nothing looks at any more (已无关) is not printed as stated.

A walk like that of ``assess.needs``, over decided forms as well: a branch that was not taken, a row that was not reached and
what stands behind a condition that fails for another reason are left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pinggu_desk.assess.env import Env
from pinggu_desk.assess.rules import Rule
from pinggu_desk.policy import forms as f
from pinggu_desk.policy.forms import Cond, Expr

_SURE, _NEVER = (1, 1), (0, 0)


def rested_on(rules: Iterable[Rule], env: Env) -> set[str]:
    """Names of the facts that the answers of ``rules`` rest on or wait for in this environment."""
    names: set[str] = set()
    for rule in rules:
        walk = _Walk(rule, env)
        refused = not rule.test(env)[1]
        general = {id(item.condition) for item in rule.policy.general}
        for _, condition in rule.conditions:
            # What is asked of everybody (总则) says who the applicant is, also where another condition fails.
            if not refused or id(condition) in general or walk.fails(condition):
                names.update(walk.of(condition))
        if not refused:
            names.update(walk.of(rule.give))
            for part in rule.benefit.worth.parts if rule.benefit.worth is not None else ():
                names.update(walk.of(part))
        for indicator in rule.indicators:  # shown whatever they come to
            names.update(walk.of(indicator.body))
    return names


def stale(rules: Iterable[Rule], env: Env, answered: Iterable[str]) -> frozenset[str]:
    """Of the facts that were answered, those that the rules ask for and that no answer rests on any more."""
    rules = tuple(rules)
    asked = {name for rule in rules for name in (*rule.asks, *rule.worth_asks)}
    used = rested_on(rules, env)
    return frozenset(name for name in answered if name in asked and name not in used)


class _Walk:
    """One rule's forms in one environment."""

    def __init__(self, rule: Rule, env: Env) -> None:
        self._meaning, self._env = rule.meaning, env

    def _span(self, node: Expr | Cond) -> tuple[int, int]:
        low, high = self._meaning.of(node)(self._env)
        return int(low), int(high)

    def fails(self, node: Cond) -> bool:
        """Whether a condition surely doesn't hold."""
        return self._span(node) == _NEVER

    def of(self, node: Expr | Cond) -> Iterator[str]:
        """The facts below ``node`` that its value rests on."""
        match node:
            case f.Name():
                body = self._meaning.scope.body(node)
                if body is not None:
                    yield from self.of(body)
                elif node.name in self._meaning.scope.pack.facts:
                    yield node.name
            case f.All():
                # A condition that fails rests on the parts that fail; what else it would ask no longer matters.
                failing = self.fails(node)
                for part in node.parts:
                    if not failing or self.fails(part):
                        yield from self.of(part)
            case f.AnyOf():
                yield from self._any(node)
            case f.If():
                low, high = self._span(node.when)
                yield from self.of(node.when)
                if high:
                    yield from self.of(node.then)
                if not low:
                    yield from self.of(node.other)
            case f.Bands():
                yield from self._rows(node)
            case f.ByReading():
                slot = self._meaning.slots.slot(f"读法:{node.reading}")
                taken, other = (node.taken, node.other) if self._env.values[slot][0] else (node.other, node.taken)
                yield from self.of(taken)
                if self._span(other) != self._span(taken):  # told beside the answer, so what it stands on is stated
                    yield from self.of(other)
            case _:
                for child in f.children(node):
                    yield from self.of(child)

    def _any(self, node: f.AnyOf) -> Iterator[str]:
        """What holds, where something does (凡: nothing behind a 当 that doesn't apply); else every way that was tried."""
        first = node.parts[0]
        if isinstance(first, f.Not) and self._span(first) == _SURE:
            yield from self.of(first)
            return
        holds = [part for part in node.parts if self._span(part) == _SURE]
        for part in holds or node.parts:
            yield from self.of(part)

    def _rows(self, node: f.Bands) -> Iterator[str]:
        low, high = self._span(node.on)
        yield from self.of(node.on)
        settled = False
        for row in node.rows:
            sure, possible = self._meaning.row_test(node, row)(low, high)
            settled = settled or bool(sure)
            if possible:
                yield from self.of(row.value)
        if node.otherwise is not None and not settled:
            yield from self.of(node.otherwise)


__all__ = ["rested_on", "stale"]
