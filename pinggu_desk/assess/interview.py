"""The interview (办理向导) as a state machine that knows no window.

It is derived from the pack: which questions matter now, which no longer do, what is wrong, what is next. Answers are
kept exactly as typed; going back and forth changes nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

from pinggu_desk.assess.awards import Award
from pinggu_desk.assess.determination import Determination
from pinggu_desk.assess.determine import determine
from pinggu_desk.assess.doubts import by_fact, doubts
from pinggu_desk.assess.engine import Answers, Engine, Rule, awards_span
from pinggu_desk.assess.folds import FormFold, agreed_answers, form_folds
from pinggu_desk.assess.leading import Details, opened
from pinggu_desk.assess.materials import material_list, materials_words
from pinggu_desk.assess.matters import stale
from pinggu_desk.assess.notes import Elsewhere, MaterialNote
from pinggu_desk.assess.others import others_of
from pinggu_desk.assess.run import Run
from pinggu_desk.assess.typed import read_typed
from pinggu_desk.assess.views import STEP_TITLES, FieldState, FieldView, StepKey, StepView
from pinggu_desk.policy import forms as f
from pinggu_desk.policy.earlier import Earlier
from pinggu_desk.policy.facts import NEVER, PRIOR, Fact
from pinggu_desk.policy.models import Benefit, Policy

#: the group of the verdicts, behind all questions
VERDICTS = "主管部门已经作出的认定（还没有作出的不填）"
#: the group of what a rate or a yearly sum comes to in money, behind what the answer itself waits for
WORTH = "折算金额（知道的可以填，不填不影响结论）"


class Interview:
    """One case on one policy: answers in, the state of every question and every determination out."""

    def __init__(
        self,
        engine: Engine,
        policy: str,
        on: date,
        *,
        answers: Mapping[str, str] | None = None,
        remembered: Mapping[str, str] | None = None,
        earlier: Mapping[str, Earlier] | None = None,
        awards: Sequence[Award] | None = None,
        awards_from: str = "登记簿",
        chosen: Iterable[str] | None = None,
        materials: Mapping[str, str] | None = None,
        elsewhere: Sequence[Elsewhere] = (),
    ) -> None:
        self._engine, self.on, self.elsewhere = engine, on, elsewhere
        #: of the rules that are in force on the day of judgement
        self.engine = engine.at(on)
        self.policy: Policy = self.engine.policy(policy, on)
        self.answers: dict[str, str] = dict(answers or {})
        self.remembered: dict[str, str] = dict(remembered or {})
        self.earlier: dict[str, Earlier] = dict(earlier or {})
        self.awards, self.awards_from = awards, awards_from
        self.materials: dict[str, str] = dict(materials or {})
        every = [benefit.id for benefit in self.policy.benefits]
        self.chosen: list[str] = every
        self._stood: tuple[Answers, tuple[Determination, ...]] | None = None
        self._edition = self.engine.edition
        self._cited: dict[str, tuple[str, str]] = {"": ("", "")}
        self._views: dict[str, FieldView] = {}  # the questions as they stand now: one key asks for each many times
        self._plain: tuple[object, dict[str, int]] | None = None
        self._details: Details | None = None
        self._others_wanted = False
        self._plan()
        self._asking = {key for key, names in (("eligibility", self._eligibility), ("data", self._data)) if names}
        if chosen is not None:
            self.chosen = [b for b in every if b in set(chosen)]
            self._plan()
        self._refresh()

    # --- what the pack asks ---

    def _plan(self) -> None:
        """Which fact belongs to which step, group and clause, in the text's order."""
        self._clauses: dict[str, tuple[str, str]] = {}
        eligibility: dict[str, None] = {}
        data: dict[str, None] = {}
        worth: dict[str, None] = {}
        self._verdicts: dict[str, None] = {}
        rules = [rule for rule in self.engine.rules_of(self.policy.id) if rule.benefit.id in self.chosen]
        for rule in rules:
            general = {id(g.condition) for g in self.policy.general}
            for _, condition in rule.conditions:
                into = eligibility if id(condition) in general else data
                self._note(rule, condition, into, "资格条件" if into is eligibility else rule.benefit.title)
            self._note(rule, rule.give, data, rule.benefit.title)
            for part in rule.benefit.worth.parts if rule.benefit.worth is not None else ():
                self._note(rule, part, worth, WORTH)
        self._eligibility = list(eligibility)
        asked = [*(name for name in data if name not in eligibility), *worth, *self._verdicts]
        self._data = [name for name in dict.fromkeys(asked) if name not in eligibility]

    def _note(self, rule: Rule, root: f.Expr | f.Cond, into: dict[str, None], group: str) -> None:
        for node in rule.meaning.scope.reach(root):
            if isinstance(node, f.Name):
                fact = self.engine.pack.facts.get(node.name)
                if fact is not None and fact.decided_by:
                    self._verdicts.setdefault(node.name)
                    self._clauses.setdefault(node.name, (node.cite[0], VERDICTS))
                elif fact is not None and not fact.party:  # who applies is asked on the applicant's own page
                    into.setdefault(node.name)
                    self._clauses.setdefault(node.name, (node.cite[0], group))

    # --- answering ---

    def set(self, fact: str, text: str) -> None:
        """Take what was typed for a fact (empty text clears it); nothing is refused, errors are told in the views."""
        self.set_many({fact: text})

    def set_many(self, texts: Mapping[str, str]) -> None:
        """Take several answers as one step."""
        for fact, text in texts.items():
            if text == "":
                self.answers.pop(fact, None)
                self.remembered.pop(fact, None)
            else:
                self.answers[fact] = text
        self._refresh()

    def choose(self, benefits: Iterable[str]) -> None:
        """Choose the benefits that are asked for; answers to the others are kept."""
        wanted = set(benefits)
        self.chosen = [benefit.id for benefit in self.policy.benefits if benefit.id in wanted]
        self._plan()
        self._refresh()

    def judge_on(self, on: date) -> None:
        """Judge as of another date, by what is in force then: another version may offer other things and ask otherwise."""
        self.on = on
        now = self._engine.at(on)
        if now is not self.engine:
            every = len(self.chosen) == len(self.policy.benefits)
            self.engine, self.policy = now, now.policy(self.policy.id, on)
            self.chosen = [b.id for b in self.policy.benefits if every or b.id in self.chosen]
            self._stood, self._cited, self._plain = None, {"": ("", "")}, None
            self._plan()
        else:
            self.policy = now.policy(self.policy.id, on)
        self._refresh()

    @property
    def whole(self) -> Engine:
        """The engine that it was begun with, whatever version is in force on the day."""
        return self._engine

    def renew(self) -> bool:
        """Work everything out anew if outside figures were entered in the meantime; whether that was so."""
        if stale := self._edition != self.engine.edition:
            self._refresh()
        return stale

    def set_material(self, key: str, state: str) -> None:
        """Tick a material: 已收, 待补 or 不适用."""
        self.materials[key] = state

    def _refresh(self) -> None:
        self._views, self._details = {}, None
        values, self._errors = read_typed(self.engine, {**self.remembered, **self.answers}, self.on)
        self._values = values
        self._doubts = by_fact(doubts(self.engine, values, self.on, self.awards))
        answers = self._given
        if self._edition != self.engine.edition:
            self._stood, self._edition = None, self.engine.edition
            self.policy = self.engine.policy(self.policy.id, self.on)
        everything = determine(self.engine, answers, [self.policy.id], before=self._stood, elsewhere=self.elsewhere)
        self._stood = answers, everything
        self._determinations = tuple(d for d in everything if d.benefit in self.chosen)
        missing = [m for d in self._determinations for m in d.missing]
        self._needed = {m.name: None for m in missing if m.kind == "ask"}
        facts = self.engine.pack.facts
        if self._asks_prior and PRIOR not in values and any(facts[name].history for name in self._needed):
            self._needed = {**self._needed, PRIOR: None}
        self._waiting = {m.name for m in missing if m.kind == "verdict"}
        self._optional = {m.name for d in self._determinations for m in d.optional}
        self.others = frozenset() if self._others_wanted else others_of(self, self._needed)

    def ask_others(self) -> None:
        """Ask what waits for being wanted (``others``)."""
        self._others_wanted, self._views, self.others = True, {}, frozenset()

    @property
    def _given(self) -> Answers:
        """The answers that could be read, with the past awards as far as they are known."""
        return Answers(self.on, self._values, None if self.awards is None else tuple(self.awards))

    def stale(self) -> frozenset[str]:
        """Answers that no chosen benefit looks at any more: kept in case the clerk goes back, never printed as stated."""
        answers = self._given
        rules = [rule for rule in self.engine.rules_of(self.policy.id) if rule.benefit.id in self.chosen]
        names = [*self._values, *(fact.name for fact, _ in self.engine.histories)]
        return stale(rules, self.engine.env(answers), names)

    @property
    def _asks_prior(self) -> bool:
        """Whether it is to be asked once if the applicant ever had an award (以前领过吗): nobody knows, and it matters."""
        told = PRIOR in self.remembered and PRIOR not in self.answers  # at an earlier visit: it is not asked again
        known = self.awards is not None or told or PRIOR not in self.engine.pack.facts
        return not known and self._first_award is not None

    @property
    def _first_award(self) -> int | None:
        """Where in the data the first fact stands that past awards would tell."""
        facts = self.engine.pack.facts
        return next((i for i, name in enumerate(self._data) if name in facts and facts[name].history), None)

    @property
    def _asked_data(self) -> list[str]:
        """The data to ask, before the first award the question whether there ever was one."""
        if not self._asks_prior:
            return self._data
        place = self._first_award or 0
        return [*self._data[:place], PRIOR, *self._data[place:]]

    # --- what the screen shows ---

    @property
    def determinations(self) -> tuple[Determination, ...]:
        """The determinations of the chosen benefits, live."""
        return self._determinations

    @property
    def values(self) -> Mapping[str, int | str]:
        """The answers that could be read, in smallest units."""
        return self._values

    @property
    def benefits(self) -> tuple[Benefit, ...]:
        """Everything that the policy offers, chosen or not."""
        return self.policy.benefits

    def benefit_under(self, group: str, fact: str) -> str:
        """The benefit that a group of questions stands under, while it is not ruled out; else the first that still lacks the fact.

        Empty for what the whole policy asks (资格条件).
        """
        found = [d for d in self.determinations if d.title == group]
        if found and found[0].status == "ineligible":
            found = [d for d in self.determinations if any(m.name == fact for m in d.missing)] or found
        return found[0].benefit if found else ""

    def field(self, name: str) -> FieldView:
        """One question as it stands now."""
        found = self._views.get(name)
        if found is None:
            found = self._views[name] = self._viewed(name)
        return found

    def _viewed(self, name: str) -> FieldView:
        fact = self.engine.pack.facts[name]
        asked = self._data[self._first_award] if name == PRIOR and self._first_award is not None else name
        clause, group = self._clauses.get(asked, (fact.clause, ""))
        text, source = self._text(fact)
        value = self._values.get(name)
        if name in self._errors:
            state: FieldState = "needed"
        elif value is not None or (source and text):
            state = "answered"
        elif fact.decided_by:
            state = "waiting" if name in self._waiting else "later"
        else:
            state = "needed" if name in self._needed or fact.party else "irrelevant"
        state = "others" if name in self.others else state
        state = "optional" if state == "irrelevant" and name in self._optional else state
        return FieldView(
            fact, text, fact.show(value) if value is not None else text, state, self._errors.get(name, ""), source,
            clause, *self._cite(clause), group, self._doubts.get(name), None if text else self.earlier.get(name),
        )  # fmt: skip

    def _cite(self, clause: str) -> tuple[str, str]:
        """Where a clause stands and its words; looked up once, for every key asks for those of every question."""
        if clause not in self._cited:
            self._cited[clause] = self.engine.pack.clause_place(clause), self.engine.pack.clause_words(clause)
        return self._cited[clause]

    def _text(self, fact: Fact) -> tuple[str, str]:
        if fact.name in self.answers:
            return self.answers[fact.name], ""
        if fact.name in self.remembered:
            return self.remembered[fact.name], "上次填报"
        if fact.history is not None and self.awards is not None:
            least, most = awards_span(fact, self.awards, self.on)
            return (fact.show(least), self.awards_from) if least == most else ("", "")
        if fact.history is not None and self._values.get(PRIOR) == 0:
            return fact.show(0), NEVER
        return "", ""

    def fields(self, step: StepKey) -> tuple[FieldView, ...]:
        """The questions of a step, in the text's order; only 申请人、资格条件 and 申报数据 have any."""
        names = {"eligibility": self._eligibility, "data": self._asked_data}.get(step, [])
        return tuple(self.field(name) for name in names)

    def told_before(self) -> tuple[FieldView, ...]:
        """What an earlier visit told, holds still and is not asked again: that there never was an award (以前领过吗)."""
        asked = self._first_award is not None and not self._asks_prior and self.awards is None
        return (self.field(PRIOR),) if asked and PRIOR in self.remembered else ()

    def folds(self, step: StepKey, apart: Collection[str] = ()) -> tuple[FormFold, ...]:
        """The conditions of a step that are put together as one question each, but for those wanted by themselves."""
        asked_of = tuple(self.chosen), self.on, self.engine.edition
        if self._plain is None or self._plain[0] != asked_of:  # it hangs on no answer
            rules = [rule for rule in self.engine.rules_of(self.policy.id) if rule.benefit.id in self.chosen]
            self._plain = asked_of, agreed_answers(self.engine, rules, Answers(self.on, {}))
        return form_folds(self.fields(step), self._plain[1], self._values, apart)

    def offers(self, step: StepKey) -> dict[str, Earlier]:
        """What earlier visits told of the questions that a step asks now, by fact: unknown until it is taken."""
        asked = (view for view in self.fields(step) if view.state in ("needed", "optional"))
        return {view.fact.name: view.offer for view in asked if view.offer is not None}

    @property
    def steps(self) -> tuple[StepView, ...]:
        """All steps with what is left and what is wrong; any of them may be opened at any time."""
        return tuple(self.step(key) for key in STEP_TITLES if self._has(key))

    def _has(self, key: StepKey) -> bool:
        """Whether the policy has such a step at all, whatever is chosen.

        One benefit leaves nothing to choose; questions of a kind that no benefit asks have no step.
        """
        if key == "scope":
            return len(self.policy.benefits) > 1
        return key not in ("eligibility", "data") or key in self._asking

    def step(self, key: StepKey) -> StepView:
        """One step as it stands now."""
        fields = self.fields(key)
        errors = sum(bool(field.error) for field in fields)
        left = sum(field.state == "needed" and not field.error for field in fields)
        done = not errors and not left
        if key == "applicant":
            left = 0 if (done := bool(self.answers.get("申请人名称", "").strip())) else 1
        elif key == "scope":
            done, left = bool(self.chosen), 0 if self.chosen else 1
        elif key == "result":
            left = 0
            done = all(d.status != "unknown" for d in self._determinations) and bool(self._determinations)
        elif key == "materials":
            left = sum(self.materials.get(m.key) not in ("已收", "不适用") for m in self.material_list)
            done = not left and bool(self._determinations)
        elif key == "output":
            done = False
        return StepView(key, STEP_TITLES[key], errors, left, done)

    def next_question(self, after: str | None = None) -> str | None:
        """The next fact worth asking, in the text's order, starting behind ``after``; None when nothing is left.

        A detail waits for its main question (``assess.leading``); what waits for being wanted (``others``) too.
        """
        order, asked = [*self._eligibility, *self._asked_data], self._opened(after)
        start = order.index(after) + 1 if after in order else 0
        return next((name for name in (*order[start:], *order[:start]) if name in asked or name in self._errors), None)

    def _opened(self, but: str | None) -> frozenset[str]:
        """The facts that may be asked now, one passed over left out; before any one award, whether there ever was one (以前领过吗)."""
        run, facts = Run(self.engine, self._given), self.engine.pack.facts

        def may(name: str) -> bool:
            return name != but and not facts[name].party and name not in self.others

        rules = [rule for rule in self.engine.rules_of(self.policy.id) if rule.benefit.id in self.chosen]
        names = {name for rule in rules for name in opened(rule, run.env, run.conclusion(rule), may)}
        awards = {name for name in names if facts[name].history}
        return frozenset(names - awards | {PRIOR} if PRIOR in self._needed and awards else names)

    def details_of(self, mains: Collection[str]) -> frozenset[str]:
        """What need not be gone to while these questions are left open (``assess.leading.Details``)."""
        if mains and self._details is None:
            rules = [rule for rule in self.engine.rules_of(self.policy.id) if rule.benefit.id in self.chosen]
            self._details = Details(self.engine, self._given, rules)
        return self._details.of(mains) if mains and self._details is not None else frozenset()

    @property
    def material_list(self) -> tuple[MaterialNote, ...]:
        """The materials of every chosen benefit that is not ruled out, each once, in the text's order.

        The form itself is always among them, whether the text lists it or not: nothing can be applied for without it.
        """
        return material_list(self.policy, self._determinations)

    @property
    def materials_words(self) -> str:
        """What is said of the materials beside the list: a compendium's list is never whole."""
        return materials_words(self.policy, self._determinations)

    @property
    def irrelevant(self) -> tuple[str, ...]:
        """Facts of this case that no longer matter (已无关), for the line under the form."""
        return tuple(
            f.fact.name for f in (*self.fields("eligibility"), *self.fields("data")) if f.state == "irrelevant"
        )
