"""能享受什么 as a state machine that knows no window: answers in, the match and every question's state out.

Answers are kept exactly as typed. A trial (试算) lies over them: while there is one, what is typed goes into it alone,
and giving it up leaves everything as it was.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from pinggu_desk.assess.awards import Award
from pinggu_desk.assess.doubts import Doubt, by_fact, doubts
from pinggu_desk.assess.engine import Answers, Engine, awards_span
from pinggu_desk.assess.folds import Fold
from pinggu_desk.assess.match.match import Match, Move, Subject, moved
from pinggu_desk.assess.match.nextask import Question
from pinggu_desk.assess.notes import Elsewhere
from pinggu_desk.assess.typed import Read, read_typed
from pinggu_desk.assess.views import FieldState, FieldView
from pinggu_desk.policy import forms as f
from pinggu_desk.policy.earlier import Earlier
from pinggu_desk.policy.facts import NEVER, PRIOR, Fact

#: where a value came from that nobody typed in this enquiry
BEFORE, REGISTER, TRIED = "上次填报", "登记簿", "试算"


class KnownValue(NamedTuple):
    """A fact that is known: its name, the value in words (empty: tried as unknown), its source, what is wrong or doubtful."""

    name: str
    shown: str
    source: str
    error: str
    doubt: str = ""


class Enquiry:
    """One visitor's question, over every policy of the pack, on one date.

    ``answers`` is what was typed now, ``remembered`` what earlier visits told and still holds, ``earlier`` what they told
    that is only offered, ``awards`` the past awards (None while nobody knows them). ``passed`` are the facts that could not
    be answered now (暂不清楚).
    """

    def __init__(
        self, engine: Engine, on: date, *, subject: Subject = "", answers: Mapping[str, str] | None = None,
        remembered: Mapping[str, str] | None = None, awards: Sequence[Award] | None = None,
        mentioned: Collection[str] | None = None,
        earlier: Mapping[str, Earlier] | None = None,
        elsewhere: Sequence[Elsewhere] = (), choices: Sequence[str] = (),
    ) -> None:  # fmt: skip
        self._choices: tuple[str, ...] = tuple(choices)
        self._tried: tuple[str, ...] | None = None
        self._engine, self.on, self.subject = engine, on, subject
        self.mentioned = None if mentioned is None else frozenset(mentioned)
        self.answers: dict[str, str] = dict(answers or {})
        self.remembered: dict[str, str] = dict(remembered or {})
        self.earlier: dict[str, Earlier] = dict(earlier or {})
        self.awards, self.elsewhere = awards, elsewhere
        self.trial: dict[str, str] | None = None
        self.passed: set[str] = set()
        self._stated: Match | None = None
        self._match: Match | None = None
        self._clauses: dict[str, str] = {}
        self._read: Read = {}
        self._doubts: dict[str, Doubt] | None = None  # looked for when they are first wanted: the answer comes before
        self._refresh()

    @property
    def engine(self) -> Engine:
        """The engine of the rules that are in force on the day of judgement."""
        return self._engine.at(self.on)

    # --- answering

    def set(self, fact: str, text: str) -> None:
        """Take what was typed for a fact (empty text clears it); during a trial it goes into the trial alone."""
        self.hold(fact, text)
        self._refresh()

    def hold(self, fact: str, text: str) -> None:
        """The same without working anything out yet: several answers at once end with :meth:`work_out`."""
        if self.trial is not None:
            self.trial[fact] = text
        elif text == "":
            self.answers.pop(fact, None)
            self.remembered.pop(fact, None)
        else:
            self.answers[fact] = text
        self.passed.discard(fact)

    def work_out(self) -> None:
        """Work out what was held."""
        self._refresh()

    def restore(self, fact: str, text: str | None, before: str | None) -> None:
        """Put back what an undone or redone edit gives: a text, or (None) what earlier visits told, if anything."""
        if text is None and before is not None:
            self.answers.pop(fact, None)
            self.remembered[fact] = before
        elif text:
            self.answers[fact] = text
        else:
            self.answers.pop(fact, None)
            self.remembered.pop(fact, None)
        self._refresh()

    def mention(self, mentioned: Collection[str] | None) -> dict[str, str]:
        """Say what the visitor came with (ids of matters; None: go into everything); the edits that follow, by fact.

        A matter may answer its main question outright: such an answer is taken unless there is one already, and goes again
        (an empty text) when the matter is taken back and the answer is still the one that it gave.
        """
        matters = self.engine.pack.matters
        before, now = matters.said(self.mentioned or ()), matters.said(mentioned or ())
        self.mentioned = None if mentioned is None else frozenset(mentioned)
        edits = {name: "" for name, text in before.items() if name not in now and self.answers.get(name) == text}
        edits |= {name: text for name, text in now.items() if name not in self.answers and name not in self.remembered}
        for name, text in edits.items():
            if text:
                self.answers[name] = text
            else:
                self.answers.pop(name, None)
        self._refresh()
        return edits

    def pass_over(self, names: Collection[str]) -> None:
        """Note facts that cannot be answered now (暂不清楚, or a paper that was not brought); they are asked last."""
        self.passed.update(names)

    def waits_for(self, proof: str) -> tuple[str, ...]:
        """The facts still needed that the same paper proves (凭): one paper that was not brought defers them all."""
        facts = self.engine.pack.facts
        return tuple(name for name in self.match.needed if proof and facts[name].proof == proof)

    @property
    def choices(self) -> tuple[str, ...]:
        """What the applicant chose (申请人选择), ids in the order of choosing; during a trial what is tried."""
        return self._choices if self._tried is None else self._tried

    def choose(self, benefit: str) -> None:
        """Take what the applicant chose in place of what the bundle keeps instead; during a trial only as tried."""
        against = {lost.instead for lost in self.match.bundle.given_up if lost.benefit == benefit}
        kept = [one for one in self.choices if one != benefit and one not in against]
        self.take_choices([*kept, benefit])

    def take_choices(self, choices: Sequence[str]) -> None:
        """Take what was chosen as a whole: by undo, redo, or ``choose``."""
        if self.trial is not None:
            self._tried = tuple(choices)
        else:
            self._choices = tuple(choices)
        self._refresh()

    def judge_on(self, on: date) -> None:
        """Judge as of another date (判断日), by what is in force then."""
        self.on = on
        self._clauses = {}
        self._refresh()

    def serve(self, subject: Subject) -> None:
        """Say who is asking: an organisation, a person, or both."""
        self.subject = subject
        self._refresh()

    def learn(
        self, remembered: Mapping[str, str], awards: Sequence[Award] | None, earlier: Mapping[str, Earlier],
        elsewhere: Sequence[Elsewhere] = (),
    ) -> None:  # fmt: skip
        """Take what the register knows of the visitor, now that it is known who that is."""
        self.remembered, self.awards, self.earlier = dict(remembered), awards, dict(earlier)
        self.elsewhere = elsewhere
        self._refresh()

    def renew(self) -> bool:
        """Work everything out anew if outside figures were entered in the meantime; whether that was so."""
        stale = self.match.edition != self.engine.edition
        if stale:
            self._refresh()
        return stale

    def begin_trial(self) -> None:
        """From now on changes are tried (试算) and touch nothing."""
        if self.trial is None:
            self._stated, self.trial = self._match, {}

    def end_trial(self) -> None:
        """Give the trial up: everything is as it was before it."""
        self._tried = None
        self.trial, self._match, self._stated = None, self._stated or self._match, None
        self._refresh()

    def _refresh(self) -> None:
        stated = {**self.remembered, **self.answers}
        base = self._stated if self.trial is not None else self._match
        values, self._errors = read_typed(self.engine, stated, self.on, self._read)
        self._doubts = None
        base = self._matched(values, base, self._choices)
        if self.trial is None:
            self._match, self._values = base, values
            return
        self._stated = base
        tried = {name: text for name, text in {**stated, **self.trial}.items() if text}
        self._values, self._errors = read_typed(self.engine, tried, self.on)
        self._match = self._matched(self._values, self._match or base, self.choices)

    def _matched(self, values: Mapping[str, int | str], before: Match | None, choices: Sequence[str]) -> Match:
        return Match(
            self.engine,
            Answers(self.on, values, self.awards),
            subject=self.subject,
            before=before,
            mentioned=self.mentioned,
            elsewhere=self.elsewhere,
            choices=choices,
        )

    # --- what the screen shows

    @property
    def match(self) -> Match:
        """The match as it stands, with the trial's values while there is a trial."""
        assert self._match is not None
        return self._match

    @property
    def stated(self) -> Match:
        """The match of what was stated, without any trial."""
        return self._stated or self.match

    @property
    def moves(self) -> tuple[Move, ...]:
        """What the trial moves; nothing without one."""
        return moved(self._stated, self.match) if self._stated is not None else ()

    @property
    def question(self) -> Question | None:
        """The next question worth asking, passing over what could not be answered now."""
        return self.match.question_but(self.passed)

    @property
    def fold(self) -> Fold | None:
        """What may be asked together now (一并确认), where there is anything."""
        return self.match.fold_but(self.passed)

    @property
    def left(self) -> int:
        """How many questions are left at most, not counting what could not be answered now, nor what waits behind that."""
        return self.match.left_but(self.passed)

    def view(self, name: str) -> FieldView:
        """One fact as it stands now, with the clause that it is first asked by."""
        fact, pack = self.engine.pack.facts[name], self.engine.pack
        text, source = self._text(fact)
        value = self._values.get(name)
        state: FieldState = "irrelevant"
        if name in self._errors or name in self.match.needed:
            state = "needed"
        elif text:
            state = "answered"
        clause = self._clause(fact)
        return FieldView(
            fact, text, fact.show(value) if value is not None else text, state, self._errors.get(name, ""), source,
            clause, pack.clause_place(clause) if clause else "", pack.clause_words(clause) if clause else "", "",
            self._doubtful().get(name), None if text or self.trial is not None else self.earlier.get(name),
        )  # fmt: skip

    @property
    def offers(self) -> dict[str, Earlier]:
        """What earlier visits told of what is still asked for, by fact: unknown until it is taken; nothing in a trial."""
        if self.trial is not None:
            return {}
        return {name: offer for name, offer in self.earlier.items() if name in self.match.needed}

    def known(self) -> tuple[KnownValue, ...]:
        """Every fact with a value or an error: what was tried first, then what was typed last, then earlier visits'."""
        facts = self.engine.pack.facts
        names = dict.fromkeys([*(self.trial or {}), *reversed(self.answers), *self.remembered])
        return tuple(self._known(facts[name]) for name in names if name in facts and not facts[name].party)

    def _doubtful(self) -> dict[str, Doubt]:
        """What asks for a second look, by fact."""
        if self._doubts is None:
            self._doubts = by_fact(doubts(self.engine, self._values, self.on, self.awards))
        return self._doubts

    def _known(self, fact: Fact) -> KnownValue:
        text, source = self._text(fact)
        value = self._values.get(fact.name)
        shown = fact.show(value) if value is not None else text
        doubt = self._doubtful().get(fact.name)
        return KnownValue(fact.name, shown, source, self._errors.get(fact.name, ""), doubt.sentence if doubt else "")

    def _text(self, fact: Fact) -> tuple[str, str]:
        if self.trial is not None and fact.name in self.trial:
            return self.trial[fact.name], TRIED
        if fact.name in self.answers:
            return self.answers[fact.name], ""
        if fact.name in self.remembered:
            return self.remembered[fact.name], BEFORE
        if fact.history is not None and self.awards is not None:
            least, most = awards_span(fact, self.awards, self.on)
            return (fact.show(least), REGISTER) if least == most else ("", "")
        if fact.history is not None and self._values.get(PRIOR) == 0:
            return fact.show(0), NEVER
        return "", ""

    def _clause(self, fact: Fact) -> str:
        """The clause that looks at a fact: of a benefit that is still open, else of any; else the fact's own."""
        if fact.name not in self._clauses:
            rules = [rule for rule in self.match.rules.values() if fact.name in rule.asks]
            rules.sort(key=lambda rule: fact.name not in self.match.concluded[rule.benefit.id].needs.asks)
            cited = (n.cite[0] for rule in rules for n in rule.reach if isinstance(n, f.Name) and n.name == fact.name)
            self._clauses[fact.name] = next(cited, fact.clause)
        return self._clauses[fact.name]
