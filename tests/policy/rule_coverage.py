"""Which pieces of the rules a set of cases puts to work: a walk over each rule along the way an answer took.

A condition counts as seen one way only where turning it round would have changed what came out of the lines around it:
one of two faults in the same case shows neither. A branch of a figure counts only where the figure took it. So full
coverage says that each line of a rule has decided some case.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from pinggu_desk.assess.engine import Answers, Engine
from pinggu_desk.assess.env import Env
from pinggu_desk.assess.meaning import Meaning
from pinggu_desk.assess.rules import Rule
from pinggu_desk.policy import forms as f
from pinggu_desk.policy.forms import Cond, Expr
from pinggu_desk.policy.models import Policy
from pinggu_desk.policy.reading import phrase, step_rows

TRUE, FALSE = (1, 1), (0, 0)
_ATOMS = (f.Compare, f.IsOne, f.Since)


def where(node: f.Node) -> str:
    """A node's place as an officer reads it: the clauses it cites, then its words."""
    return f"{'、'.join(node.cite)}｜{phrase(node)}"  # type: ignore[arg-type]


@dataclass
class Coverage:
    """What the cases of one policy have exercised, against everything that its rules can do."""

    engine: Engine
    policy: Policy
    seen: set[str] = field(default_factory=set)

    # --- everything there is ---

    def lines(self) -> set[str]:
        """Every atom, verdict and figure form (a 行: one line of a rule)."""
        return {where(node) for node in self._nodes() if not isinstance(node, (f.All, f.AnyOf, f.Not, f.Name))}

    def branches(self) -> set[str]:
        """Every way each line can turn out."""
        return {branch for node in self._nodes() for branch in self._ways(node)}

    def _nodes(self) -> Iterator[Expr | Cond]:
        seen: set[int] = set()
        for rule in self.engine.rules_of(self.policy.id):
            scope = rule.meaning.scope
            for root in (rule.condition, rule.give):
                for node in scope.reach(root):
                    if id(node) not in seen:
                        seen.add(id(node))
                        yield node

    def _ways(self, node: Expr | Cond) -> list[str]:
        here = where(node)
        match node:
            case f.Compare() | f.IsOne() | f.Since():
                return [f"{here} → 成立", f"{here} → 不成立"]
            case f.If():
                return [f"{here} → 则", f"{here} → 否则"]
            case f.ByReading():
                return [f"{here} → 取", f"{here} → 另"]
            case f.Bands():
                rest = [f"{here} → 其余"] if node.otherwise is not None else []
                options = [f"{here} → {o}" for row in node.rows for o in (row.options or (row.label,))]
                return options + rest
            case f.Steps():
                return [f"{here} → {label}" for label, _ in step_rows(node)]
            case f.Cap():
                return [f"{here} → 未到上限", f"{here} → 恰为上限", f"{here} → 超过上限"]
            case f.Less():
                return [f"{here} → 有余", f"{here} → 恰好扣完", f"{here} → 扣减超过"]
            case f.Verdict():
                return [f"{here} → 留待认定"]
            case _:
                return []

    # --- what one case did ---

    def run(self, rule: Rule, answers: Answers, readings: tuple[str, ...]) -> None:
        """Note what one case did to one benefit, and again with each of ``readings`` taken the other way."""
        self._walk(rule, self.engine.env(answers))
        for reading in readings:
            self._walk(rule, self.engine.env(answers, {reading: False}))

    def _walk(self, rule: Rule, env: Env) -> None:
        walker = _Walker(rule.meaning, env, self.seen)
        walker.condition(rule.condition)
        if walker.span(rule.condition)[1]:
            walker.figure(rule.give)

    # --- the result ---

    def missing(self) -> list[str]:
        """Lines and branches that no case exercised."""
        return sorted((self.lines() | self.branches()) - self.seen)

    def table(self, unreachable: set[str]) -> str:
        """One row: lines and branches, exercised of reachable."""
        cells = []
        for name, every in (("行", self.lines()), ("分支", self.branches())):
            reachable = every - unreachable
            done = len(reachable & self.seen)
            cells.append(f"{name} {done}/{len(reachable)} {100 * done // max(len(reachable), 1)}%")
        return f"{self.policy.id:<6}" + "   ".join(cells) + f"   不可达 {len(unreachable)}"


class _Walker:
    """One pass over one rule in one environment."""

    def __init__(self, meaning: Meaning, env: Env, seen: set[str]) -> None:
        self.meaning, self.env, self.seen = meaning, env, seen

    def span(self, node: Expr | Cond) -> tuple[int, int]:
        low, high = self.meaning.of(node)(self.env)
        return int(low), int(high)

    def _note(self, node: f.Node, way: str = "") -> None:
        self.seen.add(where(node))
        if way:
            self.seen.add(f"{where(node)} → {way}")

    # --- conditions ---

    def condition(self, node: Cond) -> None:
        """Walk the parts of a condition that decide it; of an open one, all that would decide it if turned round."""
        span = self.span(node)
        match node:
            case f.All():
                self._all(node, span)
            case f.AnyOf():
                self._any(node, span)
            case f.Not():
                self.condition(node.part)
            case f.ByReading():
                self._reading(node)
            case f.Verdict():
                self._note(node, "留待认定")
            case f.IsOne() if (body := self.meaning.scope.body(node.left)) is not None:
                self._atom(node, span)
                self.condition(body)  # type: ignore[arg-type]
            case f.Compare():
                self._atom(node, span)
                for side in (node.left, node.right):
                    self.figure(side)
            case _:
                self._atom(node, span)

    def _atom(self, node: f.Node, span: tuple[int, int]) -> None:
        self._note(node, {TRUE: "成立", FALSE: "不成立"}.get(span, ""))

    def _all(self, node: f.All, span: tuple[int, int]) -> None:
        if span != FALSE:
            for part in node.parts:
                self.condition(part)
            return
        failing = [part for part in node.parts if self.span(part) == FALSE]
        if len(failing) == 1 or set.intersection(*(self._faults(part) for part in failing)):
            for part in failing:
                self.condition(part)

    def _faults(self, node: Cond) -> set[str]:
        """The words of every false atom: two lines that say the same thing are one fault, not two."""
        return {
            phrase(item) for item in self.meaning.scope.reach(node)
            if isinstance(item, _ATOMS) and self.span(item) == FALSE
        }  # fmt: skip

    def _any(self, node: f.AnyOf, span: tuple[int, int]) -> None:
        for part in node.parts:
            if span != TRUE or self.span(part) == TRUE:
                self.condition(part)

    def _reading(self, node: f.ByReading) -> None:
        taken = self.env.values[self.meaning.slots.slot(f"读法:{node.reading}")][0]
        self._note(node, "取" if taken else "另")
        branch = node.taken if taken else node.other
        if isinstance(branch, f.Cond):
            self.condition(branch)
        else:
            self.figure(branch)

    # --- figures ---

    def figure(self, node: Expr | Cond) -> None:
        """Walk the branches that a figure took."""
        match node:
            case f.Name():
                body = self.meaning.scope.body(node)
                if body is not None:
                    self.figure(body)
                return
            case f.If():
                self._if(node)
                return
            case f.ByReading():
                self._reading(node)
                return
            case f.Bands():
                self._bands(node)
                return
            case f.Steps():
                self._steps(node)
            case f.Cap():
                self._meet(node, node.of, node.cap, ("未到上限", "恰为上限", "超过上限"))
            case f.Less():
                self._meet(node, node.less, node.of, ("有余", "恰好扣完", "扣减超过"))
            case f.Verdict():
                self._note(node, "留待认定")
            case _:
                self._note(node)
        for child in f.children(node):
            self.figure(child)

    def _if(self, node: f.If) -> None:
        when = self.span(node.when)
        self.condition(node.when)
        if when == TRUE:
            self._note(node, "则")
            self.figure(node.then)
        elif when == FALSE:
            self._note(node, "否则")
            self.figure(node.other)

    def _bands(self, node: f.Bands) -> None:
        low, high = self.span(node.on)
        self._note(node)
        if low != high:
            return
        for row in node.rows:
            if self.meaning.row_test(node, row)(low, high)[0]:
                fact = self.meaning.scope.pack.facts.get(node.on.name)
                self._note(node, fact.options[low].name if row.options and fact else row.label)
                self.figure(row.value)
                return
        self._note(node, "其余")
        if node.otherwise is not None:
            self.figure(node.otherwise)

    def _steps(self, node: f.Steps) -> None:
        low, high = self.span(node.on)
        way = step_rows(node)[sum(low >= edge.value for edge in node.at)][0] if low == high else ""
        self._note(node, way)

    def _meet(self, node: f.Node, moving: Expr, fixed: Expr, ways: tuple[str, str, str]) -> None:
        """Below, exactly at, or past the end; only where both are known (a ceiling counts by its upper end)."""
        a, b = self.span(moving)[1], self.span(fixed)[1]
        self._note(node, ways[0] if a < b else ways[1] if a == b else ways[2])
