"""Checks of a pack that need the evaluator: the rules run with nothing known, so that what can never happen shows itself.

Each finding is a named diagnostic with its place, as in ``policy.check``:

- ``never-true``: a condition that no answers can fulfil;
- ``unreachable-row``: a row of a table that its quantity can never fall in;
- ``useless-cap``: a cap that what it caps can never reach;
- ``too-large``: a factor or a figure with which whole numbers would leave 64 bits;
- ``wrong-unit``: a benefit whose figure is neither money, a rate nor a service.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path as FilePath
from typing import Any, get_args

from pinggu_desk.assess.engine import Answers, Engine
from pinggu_desk.assess.env import Env
from pinggu_desk.assess.meaning import Meaning
from pinggu_desk.assess.ops import MAX_FACTOR
from pinggu_desk.assess.rules import Rule
from pinggu_desk.policy import forms as f
from pinggu_desk.policy.check import Findings
from pinggu_desk.policy.errors import Diagnostic
from pinggu_desk.policy.facts import Fact
from pinggu_desk.policy.forms import Cond, Expr
from pinggu_desk.policy.models import Pack
from pinggu_desk.policy.quantity import INF, Dim
from pinggu_desk.policy.reading import step_rows
from pinggu_desk.policy.resources import pack_root

_CONDITIONS = tuple(form for form in get_args(Cond) if form not in (f.Verdict, f.ByReading))
_FIGURES = (Dim.MONEY, Dim.DOLLAR, Dim.RATE, Dim.SERVICE, Dim.TEXT)


def check_soundness(pack: Pack, root: FilePath | None = None) -> list[Diagnostic]:
    """Everything that the rules of a loaded pack can never do, or could not compute, in the policies' order."""
    head, done = Engine(pack), set[str]()
    out: list[Diagnostic] = []
    for era in pack.every():
        engine = head.at(era.since)
        for policy in era.policies.values():
            if policy.folder not in done:
                done.add(policy.folder)
                findings = Findings(root or pack_root(), policy.folder)
                _Check(engine, engine.rules_of(policy.id), findings, engine.env(Answers(policy.begins))).run()
                out.extend(findings.items)
    return out


class _Check:
    """The checks of one policy, in the environment in which nothing is known."""

    def __init__(self, engine: Engine, rules: list[Rule], findings: Findings, env: Env) -> None:
        self.engine, self.rules, self.findings, self.env = engine, rules, findings, env
        self.seen: set[f.Node] = set()

    def run(self) -> None:
        """Every form of every benefit once, then each benefit as a whole."""
        for rule in self.rules:
            before = len(self.findings.items)
            for node in rule.reach:
                if node not in self.seen:
                    self.seen.add(node)
                    self._node(rule.meaning, node)
            if rule.dim not in _FIGURES:
                sentence = f"“{rule.benefit.title}”给予的是{rule.dim}，应是金额、比例或服务。"
                self.findings.add("wrong-unit", (*rule.benefit.path, "给予"), sentence)
            if len(self.findings.items) == before:
                self._together(rule)

    # --- one form ---

    def _node(self, meaning: Meaning, node: Expr | Cond) -> None:
        self._sizes(meaning, node)
        match node:
            case f.Bands():
                self._bands(meaning, node)
            case f.Steps():
                self._steps(meaning, node)
            case f.Cap() if meaning.of(node.of)(self.env)[1] < meaning.of(node.cap)(self.env)[0]:
                self.findings.add(
                    "useless-cap",
                    node.path,
                    f"{meaning.said(node.of)}总低于封顶的{meaning.said(node.cap)}，封顶用不上。",
                )
            case _ if isinstance(node, _CONDITIONS) and self._never(meaning, node) and not self._within(meaning, node):
                self.findings.add("never-true", node.path, f"“{meaning.said(node)}”无论怎样填报都不能成立。")

    def _never(self, meaning: Meaning, node: Expr | Cond) -> bool:
        return not meaning.of(node)(self.env)[1]

    def _within(self, meaning: Meaning, node: Expr | Cond) -> bool:
        """Whether it can never hold only because a condition inside it can't, which is found by itself."""
        inner = [meaning.scope.body(part) if isinstance(part, f.Name) else part for part in f.children(node)]
        if isinstance(node, f.Not):
            return False
        return any(isinstance(part, _CONDITIONS) and self._never(meaning, part) for part in inner)

    def _bands(self, meaning: Meaning, node: f.Bands) -> None:
        low, high = meaning.of(node.on)(self.env)
        for row in node.rows:
            if not meaning.row_test(node, row)(low, high)[1]:
                self.findings.add("unreachable-row", row.path, f"“{node.on.name}”取不到“{row.label}”这一档。")

    def _steps(self, meaning: Meaning, node: f.Steps) -> None:
        low, high = meaning.of(node.on)(self.env)
        edges = [quantity.value for quantity in node.at]
        for first, last, (label, _) in zip([-INF, *edges], [*edges, INF * 2], step_rows(node), strict=True):
            if high < first or low >= last:
                self.findings.add("unreachable-row", node.path, f"“{node.on.name}”取不到“{label}”这一档。")

    def _sizes(self, meaning: Meaning, node: Expr | Cond) -> None:
        large = ""
        match node:
            case f.Compare():
                _, left, _, right = meaning.factors(node)
                if max(left, right) > MAX_FACTOR:
                    large = meaning.said(node)
            case f.Share() if meaning.ratio(node)[1] > MAX_FACTOR:
                large = node.rate.text
            case f.Per() if node.each.value > node.step.value * MAX_FACTOR or meaning.ratio(node)[1] > MAX_FACTOR:
                large = f"每{node.step.text}{node.each.text}"
            case f.Lit() if node.quantity.value >= INF:
                large = node.quantity.text
        if large:
            self.findings.add("too-large", node.path, f"“{large}”的倍数或数值过大，算不准，请换用较大的单位或核对。")

    # --- a benefit as a whole ---

    def _together(self, rule: Rule) -> None:
        """Conditions that are each possible but never together: no value of some one fact leaves them all possible."""
        for fact in self._simple_facts(rule):
            slot = self.engine.slots.index[fact.name]
            if not any(self._possible(rule, slot, value) for value in _tries(fact, rule.reach)):
                sentence = f"“{rule.benefit.title}”的各项条件对“{fact.name}”的要求互相矛盾，无论怎样填报都不能成立。"
                self.findings.add("never-true", rule.benefit.path, sentence)

    def _possible(self, rule: Rule, slot: int, value: int) -> bool:
        spans = self.env.values.copy()
        spans[slot] = (value, value)
        return bool(rule.test(Env(spans, self.env.on))[1])

    def _simple_facts(self, rule: Rule) -> Iterator[Fact]:
        """Facts that the conditions hold only against stated bounds, so that trying those bounds tries everything."""
        scope = rule.meaning.scope
        plain: dict[str, bool] = {}
        for node in scope.reach(rule.condition):
            for child in f.children(node):
                if isinstance(child, f.Name) and isinstance(scope.lookup(child), Fact):
                    simple = isinstance(node, f.IsOne) or (isinstance(node, f.Compare) and _against_a_bound(node))
                    plain[child.name] = plain.get(child.name, True) and simple
        for name, simple in plain.items():
            if simple and scope.pack.facts[name].dim is not Dim.DATE:
                yield scope.pack.facts[name]


def _against_a_bound(node: f.Compare) -> bool:
    return isinstance(node.left, f.Name) and isinstance(node.right, f.Lit)


def _tries(fact: Fact, forms: Iterable[Any]) -> list[int]:
    """Values of a fact of which one fulfils the conditions if any does: its ends, each stated bound and its neighbours."""
    least, most = fact.bounds
    if fact.dim in (Dim.TRUTH, Dim.OPTION):
        return list(range(least, most + 1))
    stated = {node.quantity.value for node in forms if isinstance(node, f.Lit) and node.quantity.dim is fact.dim}
    tried = {least, most} | {value + step for value in stated for step in (-1, 0, 1)}
    return sorted(value for value in tried if least <= value <= most)
