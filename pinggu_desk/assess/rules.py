"""One benefit made ready to run: its general and own conditions, its deadline and limits folded in, compiled."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter
from typing import Any, TypeVar

from pinggu_desk.assess.conclude import Conclusion
from pinggu_desk.assess.determination import Figure, figure_meaning
from pinggu_desk.assess.env import Env, Fn, Span
from pinggu_desk.assess.kinds import kinds_of
from pinggu_desk.assess.meaning import Meaning
from pinggu_desk.assess.nearest import Nearest
from pinggu_desk.assess.needs import NOTHING, Collector, Lacking
from pinggu_desk.assess.notes import MaterialNote
from pinggu_desk.assess.turning import turning
from pinggu_desk.policy import forms as f
from pinggu_desk.policy.forms import Cond, Expr
from pinggu_desk.policy.models import UNWRITTEN, Benefit, Definition, Limit, Policy
from pinggu_desk.policy.parameters import Parameter
from pinggu_desk.policy.quantity import Dim, parse_quantity
from pinggu_desk.policy.scope import JUDGED_ON, Scope

T = TypeVar("T")
#: so much of a rule is kept: what was made of its last few states, with each reading turned
_STATES = 32


@dataclass(frozen=True)
class Check:
    """Of a check (核对): whom it is for (``applies``), and what each of its indicators still lacks."""

    applies: Fn
    lacks: tuple[Collector, ...]


@dataclass(frozen=True)
class Rule:
    """One benefit made ready to run: its conditions with their labels, its figure with limits, compiled.

    ``test`` and ``figure`` are the meanings of ``condition`` and ``give``; ``test_lacks`` and ``figure_lacks`` name
    what each still needs. ``told`` says of each reading (口径) of the benefit when it can matter; None: always. ``doubts``
    says when one could turn a refusal; None: never.
    ``check`` is there for a check (核对). ``lines`` name what each condition lacks: the general ones, and its own;
    ``nearest`` names of any-of-many the nearest way alone, compiled when it is first looked at.
    """

    policy: Policy
    benefit: Benefit
    conditions: tuple[tuple[str, Cond], ...]
    condition: Cond
    give: Expr
    test: Fn
    figure: Fn
    test_lacks: Collector
    figure_lacks: Collector
    meaning: Meaning
    told: tuple[Fn | None, ...] = ()
    doubts: tuple[Fn | None, ...] = ()
    check: Check | None = None
    lines: tuple[tuple[Collector, ...], tuple[Collector, ...]] = ((), ())
    nearest: Nearest | None = None

    @cached_property
    def dim(self) -> Dim:
        """What the figure counts."""
        return self.meaning.scope.dim(self.give)

    @cached_property
    def refused(self) -> Conclusion | None:
        """The conclusion that it surely can't be had; None for a check (核对), which goes on asking."""
        return Conclusion("ineligible", None, None, None, False, self.dim, NOTHING) if self.check is None else None

    @cached_property
    def served(self) -> Conclusion:
        """The conclusion that a service surely can be had."""
        return Conclusion("eligible", "in_kind", None, None, False, self.dim, NOTHING)

    @cached_property
    def kinds(self) -> frozenset[Figure]:
        """The kinds of figure that it can come to, whatever the answers."""
        return kinds_of(self.meaning, self.give)

    @cached_property
    def reach(self) -> tuple[Expr | Cond, ...]:
        """Every form that the benefit rests on, definitions opened: first the figure's, then the conditions'."""
        scope = self.meaning.scope
        return (*scope.reach(self.give), *scope.reach(self.condition))

    @cached_property
    def sees(self) -> tuple[int, ...]:
        """The slots that its forms can see: facts, outside figures, readings."""
        index = self.meaning.slots.index
        named = (f"读法:{n.reading}" if isinstance(n, f.ByReading) else n.name
                 for n in (*self.reach, self.condition) if isinstance(n, (f.Name, f.ByReading)))  # fmt: skip
        return tuple(sorted({index[name] for name in named if name in index}))

    @cached_property
    def inputs(self) -> Callable[[Sequence[Span]], object]:
        """Of an environment's spans, those of the slots that it sees."""
        return itemgetter(*self.sees) if self.sees else lambda _: ()

    @cached_property
    def _kept(self) -> dict[object, Any]:
        return {}

    def once(self, env: Env, work: Callable[[], T], about: object) -> T:
        """What ``work`` makes of an environment, looked up where the rule had the same day and the same inputs.

        One more answer leaves most rules as they were, and the wizard, the match and a paper ask for the same. Spans that the
        rule looks at, the day and the calendars that were entered are all that its forms can see; what else the work rests on
        is named by ``about``, which also tells one work from another.
        """
        key = about, env.on, self.meaning.slots.edition, self.inputs(env.values)
        found: T | None = self._kept.get(key)
        if found is None:
            found = work()
            if len(self._kept) >= _STATES:
                self._kept.clear()
            self._kept[key] = found
        return found

    @cached_property
    def written(self) -> dict[str, frozenset[int]]:
        """The bounds that its words set on each fact itself (smallest units), by the fact's name."""
        found: dict[str, set[int]] = {}
        for node in self.reach:
            if isinstance(node, f.Compare):
                for mine, theirs in ((node.left, node.right), (node.right, node.left)):
                    if isinstance(mine, f.Name) and isinstance(theirs, f.Lit):
                        found.setdefault(mine.name, set()).add(theirs.quantity.value)
            elif isinstance(node, f.Bands) and isinstance(node.on, f.Name):
                ends = (end.value for row in node.rows for end in (row.low, row.high) if end is not None)
                found.setdefault(node.on.name, set()).update(ends)
            elif isinstance(node, f.Steps) and isinstance(node.on, f.Name):
                found.setdefault(node.on.name, set()).update(edge.value for edge in node.at)
        return {name: frozenset(bounds) for name, bounds in found.items()}

    @cached_property
    def may_change(self) -> tuple[tuple[str, str], ...]:
        """The facts among its forms that may lawfully change (可变), each once with the clause that first looks at it (empty: its own)."""
        facts = self.meaning.scope.pack.facts
        first: dict[str, str] = {}
        for node in self.reach:
            if isinstance(node, f.Name) and node.name in facts and facts[node.name].changes:
                first.setdefault(node.name, node.cite[0] if node.cite else "")
        return tuple(first.items())

    @cached_property
    def waits(self) -> tuple[f.Since | f.Compare | f.Name, ...]:
        """Its forms that a later day may turn by itself: periods, bounds on the day of judgement, what counts within a year."""
        facts = self.meaning.scope.pack.facts
        found: list[f.Since | f.Compare | f.Name] = []
        for node in self.reach:
            if isinstance(node, f.Since):
                found.append(node)
            elif isinstance(node, f.Compare) and isinstance(node.left, f.Name) and node.left.name == JUDGED_ON:
                found += [node] if node.word in ("不早于", "超过") else []
            elif isinstance(node, f.Name) and node.name in facts:
                history = facts[node.name].history
                found += [node] if history is not None and history.window == "本年度" else []
        return tuple(found)

    @cached_property
    def asks(self) -> tuple[str, ...]:
        """Names of the facts that it can look at, its conditions' first, each once."""
        facts, scope = self.meaning.scope.pack.facts, self.meaning.scope
        worth = self.benefit.worth.parts if self.benefit.worth is not None else ()
        nodes = (
            *scope.reach(self.condition),
            *scope.reach(self.give),
            *(n for part in worth for n in scope.reach(part)),
        )
        return tuple(dict.fromkeys(n.name for n in nodes if isinstance(n, f.Name) and n.name in facts))

    @cached_property
    def looks_at(self) -> tuple[str, ...]:
        """The same, and what only decides whether a reading (口径) or note (提示) is told: where none changed, nothing did."""
        facts, scope = self.meaning.scope.pack.facts, self.meaning.scope
        whens = (when for _, when in (*self.benefit.told_when, *self.benefit.doubted_when, *self.benefit.notes_when))
        nodes = [node for when in whens for node in scope.reach(when)]
        told = (n.name for n in nodes if isinstance(n, f.Name) and n.name in facts)
        return tuple(dict.fromkeys((*self.asks, *told)))

    @cached_property
    def switches(self) -> tuple[str, ...]:
        """Ids of the readings that its forms switch on, the conditions' first."""
        forms = [*self.meaning.scope.reach(self.condition), *self.meaning.scope.reach(self.give)]
        return tuple(dict.fromkeys(node.reading for node in forms if isinstance(node, f.ByReading)))

    @cached_property
    def rests_on(self) -> tuple[str, ...]:
        """Ids of every reading that it may rest on: those that its forms switch on, and those that no rule can compute."""
        return tuple(dict.fromkeys((*self.switches, *self.benefit.readings)))

    @cached_property
    def outside(self) -> dict[str, str]:
        """Names of the outside figures (外部参数) that it looks at or its clauses name, each with the clause."""
        scope, cited = self.meaning.scope, set(self.benefit.cite)
        named = {
            node.name: node.cite[0] for node in self.reach
            if isinstance(node, f.Name) and isinstance(scope.lookup(node), Parameter)
        }  # fmt: skip
        parameters = scope.pack.parameters.values()
        return named | {p.name: clause for p in parameters for clause in p.clauses if clause in cited}

    @cached_property
    def scored(self) -> f.Name | None:
        """The score that its figure is read off from, if it is one."""
        scope = self.meaning.scope
        for node in scope.reach(self.give):
            if isinstance(node, (f.Steps, f.Bands)) and scope.dim(node.on) is Dim.SCORE:
                return node.on
        return None

    @cached_property
    def indicators(self) -> tuple[Definition, ...]:
        """The definitions marked 指标 that it rests on, in the policy's order."""
        names = {node.name for node in self.reach if isinstance(node, f.Name)}
        return tuple(d for d in self.policy.definitions if d.indicator and d.name in names)

    def figure_meaning(self, figure: Figure, *, gap: bool = False) -> str:
        """What a kind of figure of this benefit means in words; nothing for a check (核对), which comes to no figure."""
        return "" if self.check is not None else figure_meaning(figure, self.decided, gap=gap)

    @property
    def decided(self) -> str:
        """Who settles a figure that the text leaves open: the benefit's own words, else the policy's."""
        return self.benefit.decided or self.policy.decided

    @cached_property
    def presumed(self) -> tuple[str, ...]:
        """The facts that stand for something while nobody answered (不填按, 默认为): told, offered and never waited for."""
        facts, chosen = self.meaning.scope.pack.facts, self.presumed_choices
        return tuple(name for name in self.asks if name in chosen or facts[name].taken_for is not None)

    @cached_property
    def presumed_choices(self) -> tuple[str, ...]:
        """The choices among them (默认为)."""
        chosen = {node.left.name for node in self.reach if isinstance(node, f.IsOne) and node.presumed}
        return tuple(name for name in self.asks if name in chosen)

    @cached_property
    def worth_asks(self) -> tuple[str, ...]:
        """Names of the facts that only its sum in money looks at (折算)."""
        worth, facts = self.benefit.worth, self.meaning.scope.pack.facts
        nodes = [node for part in (worth.parts if worth else ()) for node in self.meaning.scope.reach(part)]
        return tuple(dict.fromkeys(n.name for n in nodes if isinstance(n, f.Name) and n.name in facts))

    @cached_property
    def each(self) -> Expr | None:
        """What one period comes to in money, should the benefit say so (折算): its base at the rate, or its yearly sum."""
        worth = self.benefit.worth
        if worth is None or worth.base is None:
            return None if worth is None else self.benefit.give
        return f.Times(self.benefit.cite, self.benefit.path, worth.base, self.benefit.give)

    @cached_property
    def months(self) -> int | None:
        """The longest term (期限) in months, where the text gives one in months or years."""
        quantity = parse_quantity(self.benefit.term) if self.benefit.term else None
        return quantity.value if quantity is not None and quantity.dim is Dim.MONTHS else None

    @cached_property
    def materials(self) -> tuple[MaterialNote, ...]:
        """The materials (材料) that the policy asks for this benefit, in the text's order."""
        code = self.benefit.id.removeprefix(f"{self.policy.id}.")
        return tuple(
            MaterialNote(m.key, m.name, "" if m.form == UNWRITTEN else m.form, m.sealed, m.source, m.clause)
            for m in self.policy.materials
            if not m.benefits or code in m.benefits
        )


def policy_rules(policy: Policy, meaning: Meaning) -> list[Rule]:
    """The rules of every benefit of a policy, in the text's order."""
    lacking, nearest = Lacking(meaning), Nearest(meaning)
    for general in policy.general:
        lacking.keep(general.condition)
    return [_rule(policy, benefit, meaning, lacking, nearest) for benefit in policy.benefits]


def _rule(policy: Policy, benefit: Benefit, meaning: Meaning, lacking: Lacking, nearest: Nearest) -> Rule:
    labelled: list[tuple[str, Cond]] = [
        (general.name, general.condition) for general in policy.general if general.name not in benefit.exempt
    ]
    if benefit.condition is not None:
        labelled.append(("申报条件", benefit.condition))
    if (deadline := deadline_condition(benefit)) is not None:
        labelled.append(("办理时限", deadline))
    give = benefit.give
    for limit in policy.limits:
        if benefit.id in limit.benefits:
            give, extra = _limited(meaning.scope, limit, give)
            labelled.extend(extra)
    condition = f.All(benefit.cite, benefit.path, tuple(part for _, part in labelled))
    shared = {id(one.condition) for one in policy.general}
    general = tuple(lacking.of(part) for _, part in labelled if id(part) in shared)
    own = tuple(lacking.of(part) for _, part in labelled if id(part) not in shared)
    beside = (*(benefit.worth.parts if benefit.worth is not None else ()), *(when for _, when in benefit.notes_when))
    for part in beside:
        meaning.of(part)  # gives the facts that it looks at their slots
    turned = ((reading, turning(when, condition, meaning.scope)) for reading, when in benefit.doubted_when)
    return Rule(
        policy, benefit, tuple(labelled), condition, give, meaning.of(condition), meaning.of(give),
        lacking.of(condition), lacking.of(give), meaning, _told(benefit, benefit.told_when, meaning),
        _told(benefit, turned, meaning),
        _check(policy, benefit, labelled, meaning, lacking) if benefit.answers else None, (general, own), nearest,
    )  # fmt: skip


def _check(
    policy: Policy, benefit: Benefit, labelled: list[tuple[str, Cond]], meaning: Meaning, lacking: Lacking
) -> Check:
    """What a check (核对) asks though one of its indicators has failed: everything that the others still lack."""
    whom = tuple(part for _, part in labelled if part is not benefit.condition)
    reach = meaning.scope.reach(benefit.condition) if benefit.condition is not None else []
    names = {node.name for node in reach if isinstance(node, f.Name)}
    indicators = (d.body for d in policy.definitions if d.indicator and d.name in names)
    return Check(meaning.of(f.All(benefit.cite, benefit.path, whom)), tuple(map(lacking.of, indicators)))


def _told(benefit: Benefit, whens: Iterable[tuple[str, Cond]], meaning: Meaning) -> tuple[Fn | None, ...]:
    """Under which condition each reading of the benefit is told; None where none is written."""
    when = {reading: meaning.of(condition) for reading, condition in whens}
    return tuple(map(when.get, benefit.readings))


def _limited(scope: Scope, limit: Limit, give: Expr) -> tuple[Expr, list[tuple[str, Cond]]]:
    """A limit in money caps the figure by what is left of it; a limit in times or years is a condition."""
    received = f.Name(limit.cite, limit.path, limit.received)
    if scope.dim(limit.most) is Dim.MONEY:
        capped = f.Cap(limit.cite, limit.path, give, f.Less(limit.cite, limit.path, limit.most, received))
        if limit.reading:
            return f.ByReading(limit.cite, limit.path, limit.reading, give, capped), []
        return capped, []
    return give, [(limit.name, f.Compare(limit.cite, limit.path, received, "低于", limit.most))]


def deadline_condition(benefit: Benefit) -> Cond | None:
    """The benefit's deadline as a condition on the day of judgement, bound only by those whom it binds."""
    deadline = benefit.deadline
    if deadline is None:
        return None
    judged = f.Name(deadline.cite, benefit.path, JUDGED_ON)
    on_time: Cond = f.Compare(deadline.cite, benefit.path, judged, "不晚于", deadline.last_day)
    if (other := deadline.other) is not None:
        gap = f.Verdict(other.cite, benefit.path, other.who, other.why, (), True)
        later = f.Compare(other.cite, benefit.path, judged, "不晚于", other.last_day)
        on_time = f.AnyOf(
            other.cite, benefit.path, (on_time, f.All(other.cite, benefit.path, (other.when, later, gap)))
        )
    if deadline.when is None:
        return on_time
    return f.AnyOf(deadline.cite, benefit.path, (f.Not(deadline.cite, benefit.path, deadline.when), on_time))
