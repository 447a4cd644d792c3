"""The one engine behind every screen, sheet, letter and batch: a pack compiled once, and the environment of each case.

It knows nothing of how an answer is presented: ``assess.determine`` makes determinations of what it runs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

from pinggu_desk.assess.answers import Answers, carried, read_answers
from pinggu_desk.assess.awards import Award
from pinggu_desk.assess.counted import awards_span, counted_by, from_awards
from pinggu_desk.assess.env import Env, Fn, Slots, Span
from pinggu_desk.assess.meaning import Meaning
from pinggu_desk.assess.notes import Missing
from pinggu_desk.assess.ops import ScalarOps
from pinggu_desk.assess.overlapping import Partners, overlaps_of
from pinggu_desk.assess.rules import Rule, deadline_condition, policy_rules
from pinggu_desk.assess.straight import Straight, straight
from pinggu_desk.policy import forms as f
from pinggu_desk.policy.corrections import TAKEN, Correction, calendars_by, policy_on, settled_by
from pinggu_desk.policy.facts import Fact
from pinggu_desk.policy.models import Consistency, Limit, Pack, Policy
from pinggu_desk.policy.outside import pack_with
from pinggu_desk.policy.parameters import Parameter, ParameterValue
from pinggu_desk.policy.quantity import INF, Dim, parse_quantity
from pinggu_desk.policy.readings import Settled
from pinggu_desk.policy.scope import Scope

#: the days of which it is kept what stands in every environment: a visit looks at few, a near miss at one or two more
_DAYS = 16
#: so often a policy's rules are walked before they are written as one function (``assess.straight``)
_PAYS = 24


class _Base(NamedTuple):
    """A day's spans of all slots while nothing is answered, and those that are wider still in an open environment."""

    spans: list[Span]
    open: list[tuple[int, Span]]


class Engine:
    """Compiles a pack once; then answers for any applicant.

    ``ops`` chooses one case (the default) or tables; see ``assess.columns``.
    """

    def __init__(self, pack: Pack, ops: Any = None) -> None:
        self.pack = pack
        self.slots = Slots()
        self._ops = ops or ScalarOps()
        self.rules: tuple[Rule, ...] = tuple(
            rule
            for policy in pack.policies.values()
            for rule in policy_rules(policy, Meaning(Scope(pack, policy), self.slots, self._ops))
        )
        self.consistency: list[tuple[Consistency, Fn]] = []
        self._checked_with: dict[str, set[str]] = {}
        self._checks_of: dict[str, list[tuple[Consistency, Fn]]] = {}
        self._left: dict[tuple[str, f.Path], Fn | None] = {}
        #: what is only asked about (级: 提示)
        self.doubtful: list[tuple[Consistency, Fn]] = []
        for item in pack.consistency:
            scope = Scope(pack, pack.policies[item.condition.cite[0].split(".", 1)[0]])
            into = self.doubtful if item.soft else self.consistency
            into.append((item, Meaning(scope, self.slots, self._ops).of(item.condition)))
            together = set(scope.facts_of(item.condition)) if into is self.consistency else set()
            for name in together:
                self._checks_of.setdefault(name, []).append(into[-1])
                self._checked_with.setdefault(name, set()).update(together)
        self._by_id = {rule.benefit.id: rule for rule in self.rules}
        self._by_policy: dict[str, list[Rule]] = {}
        for rule in self.rules:
            self._by_policy.setdefault(rule.policy.id, []).append(rule)
        known = [(name, slot) for name, slot in self.slots.index.items() if name in pack.facts]
        self._differ_open = bool(pack.parameters) or any(pack.facts[name].most for name, _ in known)
        self.histories = [(pack.facts[name], slot) for name, slot in known if pack.facts[name].history is not None]
        #: the pack as it was given, without what was entered
        self.own = pack
        #: of each benefit, the overlaps (竞合) that it is part of
        self.overlaps, self.partners = overlaps_of(pack), Partners(self)
        #: how often outside figures were entered: answers of another count stand on other figures
        self.edition = -1
        #: the engines of the pack as it stands on other days (版本), made when such a day is first judged, and theirs this one
        self._eras: dict[date, Engine] = {pack.since: self}
        self._take({}, ())
        self.questions = {
            fact.name: Missing(
                fact.name,
                fact.id,
                "ask",
                why=fact.question,
                yes_no=fact.dim is Dim.TRUTH,
                each_thing=fact.history is not None and fact.history.each_thing,
            )
            for fact in pack.facts.values()
        }
        self._closed, self._open = self._unknowns(open_tops=False), self._unknowns(open_tops=True)
        #: of each policy its one function, and how often its rules were walked without
        self._straight: dict[str, Straight] = {}
        self._walked: dict[str, int] = {}
        #: whether these are written in a pause alone (``write_one``), never on the way to an answer
        self._in_pauses = False
        self._worked: tuple[tuple[Award, ...], date, dict[str, tuple[int, int]]] = ((), date.min, {})

    def enter(
        self, entered: Mapping[str, Sequence[ParameterValue]], corrections: Sequence[Correction] = ()
    ) -> None:  # fmt: skip
        """Take the outside figures and the corrections (更正) that an office entered, in place of any entered before.

        They hold for whatever day is judged.
        """
        for engine in self._eras.values():
            engine._take(entered, corrections)

    def _take(self, entered: Mapping[str, Sequence[ParameterValue]], corrections: Sequence[Correction]) -> None:
        self.figures, self.corrections = {name: tuple(values) for name, values in entered.items()}, tuple(corrections)
        self.pack = pack_with(self.own, entered)
        self._settled = settled_by(self.own, corrections)
        self.slots.edition += bool(self.slots.calendars or any(one.kind == "放假" for one in corrections))
        self.slots.calendars = [(day.toordinal(), one) for day, one in calendars_by(self.own, corrections)]
        known = self.pack.parameters
        #: the outside figures that some rule looks at, with their slots
        self.parameters = [
            (known[name], slot) for name, slot in self.slots.index.items()
            if name in known and name not in self.pack.facts
        ]  # fmt: skip
        self._bases: dict[date, _Base] = {}
        self.edition += 1

    def policy(self, policy: str, on: date) -> Policy:
        """A policy as it is told on a day: with the telephone numbers that count then, by the corrections (更正) entered."""
        return policy_on(self.pack.policies[policy], self.corrections, on)

    def at(self, on: date) -> Engine:
        """The engine of the rules that are in force on a day: itself where no version changes."""
        pack = self.own.at(on)
        engine = self._eras.get(pack.since)
        if engine is None:
            engine = Engine(pack, self._ops)
            engine._eras, engine._in_pauses = self._eras, self._in_pauses
            engine._take(self.figures, self.corrections)
            self._eras[pack.since] = engine
        return engine

    # --- running ---

    def _unknowns(self, *, open_tops: bool) -> list[Span]:
        """The spans of all slots while nothing is known; a reading is taken unless it is switched."""
        spans: list[Span] = []
        for name in self.slots.index:
            fact = self.pack.facts.get(name)
            if fact is not None:
                spans.append(_unknown(fact, open_tops=open_tops))
            else:
                spans.append((1, 1) if name.startswith("读法:") else (0, INF))
        return spans

    def envs(self, answers: Answers, readings: Mapping[str, bool] | None = None) -> tuple[Env, Env]:
        """The environment of one case, and the same without the most that unknown facts declare and with open parameters.

        ``readings`` switches readings to their other branch (False). No end that is printed may come from a declared
        most, hence the second; where no fact declares any, it is the first.
        """
        env, opened = self.case(answers, readings)
        return env, opened()

    def case(self, answers: Answers, readings: Mapping[str, bool] | None = None) -> tuple[Env, Callable[[], Env]]:
        """The environment of one case, and what makes the open one (see ``envs``): most answers never look at that."""
        env, base = self.env(answers, readings), self._base(answers.on)

        def opened() -> Env:
            if not self._differ_open:
                return env
            values, known = env.values.copy(), base.spans
            for slot, span in base.open:
                if values[slot] is known[slot]:  # not answered: the span itself that stands for what nobody knows
                    values[slot] = span
            return Env(values, env.on)

        return env, opened

    def straight(self, policy: str) -> Straight | None:
        """The one function of a policy's benefits, where it was made (``straighten``) and holds; else its rules are walked."""
        if self.slots.calendars:
            return None  # days are counted by what was entered, which it doesn't know
        found = self._straight.get(policy)
        if found is None:
            self._walked[policy] = self._walked.get(policy, 0) + 1
        return found

    def straighten(self, policy: str) -> bool:
        """Make that function once it pays: it takes as long as some hundred answers, so for one answer one is made and no more."""
        pays = not self._in_pauses and not self.slots.calendars and self._walked.get(policy, 0) >= _PAYS
        if pays:
            self._straight[policy] = straight(self._by_policy[policy])
        return pays

    def write_in_pauses(self) -> None:
        """Leave it to whoever knows of a pause (``write_one``): where somebody waits, one takes longer than the answer may."""
        for engine in self._eras.values():
            engine._in_pauses = True

    def write_one(self) -> bool:
        """Make the function of the policy that was walked most without one; whether there was any to make."""
        for engine in list(self._eras.values()):  # at once: others answer meanwhile in threads of their own
            walked = [] if engine.slots.calendars else list(engine._walked.items())
            if due := {policy: count for policy, count in walked if policy not in engine._straight}:
                policy = max(due, key=lambda p: due[p])
                engine._straight[policy] = straight(engine.rules_of(policy))
                return True
        return False

    def env(self, answers: Answers, readings: Mapping[str, bool] | None = None) -> Env:
        """The environment of one case: a span for every fact, parameter and reading (see ``envs``)."""
        spans, slot_of, given = self._base(answers.on).spans.copy(), self.slots.index.get, answers.values
        for name, value in given.items():
            slot = slot_of(name)
            if slot is not None and isinstance(value, int):
                spans[slot] = (value, value)
        if answers.past is not None:
            known = self.from_past(answers.past, answers.on)
            for fact, slot in self.histories:
                if fact.name not in given:
                    spans[slot] = known[fact.name]
        for parameter, slot in self.parameters:
            if parameter.name in given:  # an outside figure is the office's to state, not the applicant's
                spans[slot] = parameter_span(parameter, answers.on)
        for reading, taken in (readings or {}).items():
            if (slot := slot_of(f"读法:{reading}")) is not None:
                spans[slot] = (int(taken), int(taken))
        return Env(spans, answers.on.toordinal())

    def settled(self, reading: str, on: date) -> Settled | None:
        """How a reading is settled for cases judged as of a day; None where it is open."""
        return next((one for one in self._settled.get(reading, ()) if one.since is None or one.since <= on), None)

    def _base(self, on: date) -> _Base:
        """What stands in every environment of a day before anything is answered."""
        base = self._bases.get(on)
        if base is None:
            spans, most = self._closed.copy(), self._open.copy()
            for parameter, slot in self.parameters:
                spans[slot], most[slot] = (parameter_span(parameter, on, open_end=end) for end in (False, True))
            for reading in self._settled:
                one, switch = self.settled(reading, on), self.slots.index.get(f"读法:{reading}")
                if one is not None and switch is not None:
                    spans[switch] = most[switch] = (1, 1) if one.branch == TAKEN else (0, 0)
            open_ = [(slot, span) for slot, span in enumerate(most) if span != spans[slot]]
            if len(self._bases) >= _DAYS:
                self._bases.clear()
            base = self._bases[on] = _Base(spans, open_)
        return base

    def from_past(self, awards: Sequence[Award], on: date) -> dict[str, tuple[int, int]]:
        """What the awards make of every history fact, least and most: worked out once for all readings and trials of one applicant."""
        past, worked = tuple(awards), self._worked
        if worked[1] == on and worked[0] == past:
            return worked[2]
        by_benefit: dict[str, list[Award]] = {}
        for award in past:
            by_benefit.setdefault(award.whole_id if award.benefit else award.policy, []).append(award)
        known = {
            fact.name: awards_span(fact, [a for name in counted_by(fact.history) for a in by_benefit.get(name, ())], on)
            for fact, _ in self.histories
            if fact.history is not None
        }
        self._worked = (past, on, known)
        return known

    @staticmethod
    def varied(env: Env, slot: int, value: int) -> Env:
        """The same environment but for one value, with nothing remembered."""
        values = env.values.copy()
        values[slot] = (value, value)
        return Env(values, env.on)

    def chosen(self, policies: Iterable[str] | None) -> list[Rule]:
        """The rules of those policies, or all, in order."""
        chosen = self._by_policy if policies is None else policies
        return [rule for name in chosen for rule in self._by_policy[name]]

    def inconsistencies(self, values: Mapping[str, int | str], on: date) -> list[Consistency]:
        """The consistency checks (校核) that the answers break for certain."""
        return self.broken(self.env(Answers(on, values)))

    def broken(self, env: Env, touching: str = "") -> list[Consistency]:
        """The consistency checks (校核) that an environment breaks for certain; all, or those that look at a fact."""
        checks = self._checks_of.get(touching, ()) if touching else self.consistency
        return [item for item, test in checks if not test(env)[1]]

    def checked_with(self, names: Iterable[str]) -> frozenset[str]:
        """The facts that consistency checks (校核) hold against any of these."""
        return frozenset().union(*(self._checked_with.get(name, ()) for name in names))

    def oddities(self, values: Mapping[str, int | str], on: date) -> list[Consistency]:
        """The checks that only ask for a second look (级: 提示) which the answers break for certain."""
        env = self.env(Answers(on, values))
        return [item for item, test in self.doubtful if not test(env)[1]]

    def rules_of(self, policy: str) -> list[Rule]:
        """The rules of one policy, in the text's order."""
        return self._by_policy.get(policy, [])

    def left_of(self, policy: str, limit: Limit) -> Fn | None:
        """What a limit in money leaves after what was received before, made once; None for a limit in times or years."""
        key = policy, limit.path
        if key not in self._left:
            rules = self._by_policy.get(policy)
            node = f.Less(limit.cite, limit.path, limit.most, f.Name(limit.cite, limit.path, limit.received))
            money = rules and rules[0].meaning.dim(limit.most) is Dim.MONEY
            self._left[key] = rules[0].meaning.of(node) if rules and money else None
        return self._left[key]

    def has(self, benefit: str) -> bool:
        """Whether there is such a benefit in the pack."""
        return benefit in self._by_id

    def binding(self, policy: Policy, on: date) -> tuple[Limit, ...]:
        """The limits of a policy that bind as its readings are taken, or were settled by a day."""
        if not self._settled:
            return policy.binding
        return tuple(limit for limit in policy.limits if not limit.reading or self._is_other(limit.reading, on))

    def binds_as_written(self, on: date) -> bool:
        """Whether the same limits bind on that day as without anything settled."""
        return all(self.binding(policy, on) == policy.binding for policy in self.own.policies.values())

    def _is_other(self, reading: str, on: date) -> bool:
        one = self.settled(reading, on)
        return one is not None and one.branch != TAKEN

    def rule(self, benefit: str) -> Rule:
        """The rule of one benefit id; KeyError when there is none."""
        return self._by_id[benefit]


def standing(engine: Engine, answers: Answers) -> tuple[Engine, Answers]:
    """The engine of the rules in force on the day of the answers, and the answers as its pack reads them."""
    now = engine.at(answers.on)
    if now is engine:
        return engine, answers
    return now, replace(answers, values=carried(answers.values, engine.pack, now.pack))


def _unknown(fact: Fact, *, open_tops: bool) -> Span:
    """The span of a fact that is not known: its bounds, without its most if ``open_tops`` says so or it has none."""
    least, most = fact.bounds
    if (presumed := fact.taken_for) is not None:
        return presumed, presumed
    if fact.dim in (Dim.TRUTH, Dim.OPTION, Dim.DATE):
        return least, most
    return least, (INF if open_tops or not fact.most else most)


def parameter_span(parameter: Parameter, on: date, *, open_end: bool = False) -> Span:
    """The value of an outside figure on a date; unknown when none is entered for it, never the last one known.

    With ``open_end`` an unknown one has no lower end either: what is left after taking it off is then no ceiling.
    """
    value = parameter.at(on)
    quantity = parse_quantity(value.value) if value is not None else None
    if quantity is not None:
        return quantity.value, quantity.value
    return (-INF if open_end else 0), INF


__all__ = ["Answers", "Engine", "Rule", "awards_span", "deadline_condition", "from_awards", "read_answers"]
