"""From a conclusion to the determination (测算结论) that everything shows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from pinggu_desk.assess.conclude import Conclusion
from pinggu_desk.assess.deadlines import deadline_note
from pinggu_desk.assess.determination import DECIDED, STATUS_WORDS, Determination, Figure, Status, figure_meaning
from pinggu_desk.assess.explain import Explainer
from pinggu_desk.assess.indicators import indicator_of
from pinggu_desk.assess.nearest import nearest_asks
from pinggu_desk.assess.notes import Indicator, InHand, Missing, OutsideNote, Over, OverlapNote, ReadingNote, TraceLine
from pinggu_desk.assess.over import optional_of, over_of
from pinggu_desk.policy import forms as f
from pinggu_desk.policy import say
from pinggu_desk.policy.corrections import TAKEN
from pinggu_desk.policy.models import KIND_CODES
from pinggu_desk.policy.quantity import Dim, plain, show, wan
from pinggu_desk.policy.scope import JUDGED_ON
from pinggu_desk.policy.versions import over_words

if TYPE_CHECKING:
    from pinggu_desk.assess.overlapping import Beside
    from pinggu_desk.assess.rules import Rule
    from pinggu_desk.assess.run import Run


def present(run: Run, rule: Rule, conclusion: Conclusion, beside: Beside | None = None) -> Determination:
    """The determination of one benefit, with its working, what is missing, its deadline, materials and readings.

    ``conclusion`` is the run's own; everything else is made when it is first looked at, from the same run. ``beside`` tells
    what other benefits would be the same matter (竞合).
    """
    return Determination.made_by(_Making(run, rule, conclusion, beside).make)


class _Making:
    """Makes the attributes of one determination, each when it is first looked at."""

    __slots__ = ("_answered", "_beside", "_had", "_paid", "_read", "_same", "conclusion", "rule", "run")

    def __init__(self, run: Run, rule: Rule, conclusion: Conclusion, beside: Beside | None) -> None:
        self.run, self.rule, self.conclusion, self._beside = run, rule, conclusion, beside
        self._answered: tuple[str, ...] | None = None
        self._read: tuple[ReadingNote, ...] | None = None
        self._had: tuple[OutsideNote, ...] | None = None
        self._same: tuple[OverlapNote, ...] | None = None
        self._paid: tuple[Over | None, tuple[TraceLine, ...]] | None = None

    def make(self, name: str) -> Any:
        """The attribute of that name."""
        return _MAKERS[name](self)

    # what several attributes rest on

    @property
    def explainer(self) -> Explainer:
        return self.run.explainer(self.rule)

    @property
    def over(self) -> tuple[Over | None, tuple[TraceLine, ...]]:
        if self._paid is None:
            self._paid = over_of(self.run, self.rule, self.conclusion)
        return self._paid

    @property
    def sums(self) -> tuple[int | None, int | None, bool]:
        return _sums(self.conclusion, self.over[0])

    @property
    def answers(self) -> tuple[str, ...]:
        if self._answered is None:
            self._answered = _answers(self.rule, self.run)
        return self._answered

    @property
    def outside(self) -> tuple[OutsideNote, ...]:
        if self._had is None:
            self._had = _outside(self.run, self.rule)
        return self._had

    @property
    def told_readings(self) -> tuple[ReadingNote, ...]:
        if self._read is None:
            self._read = _readings(self.run, self.rule, self.conclusion)
        return self._read

    # attributes

    def amount(self) -> int | None:
        low, _, exact = self.sums
        return low if exact and self.conclusion.status == "eligible" else None

    def trace(self) -> tuple[TraceLine, ...]:
        return *self.rule.once(self.run.env, self._lines, self.outside), *self.over[1]

    def _lines(self) -> tuple[TraceLine, ...]:
        return _trace(self.rule, self.explainer, self.conclusion, self.outside)

    def nearest(self) -> tuple[str, ...]:
        return self.rule.once(self.run.env, self._nearest, "")

    def _nearest(self) -> tuple[str, ...]:
        asks = tuple(self.conclusion.needs.asks)
        near = nearest_asks(self.rule, self.run.env, asks)
        return near if len(near) < len(asks) else ()

    def services(self) -> tuple[str, ...]:
        give = self.rule.give
        return give.services if isinstance(give, f.InKind) and self.conclusion.status != "ineligible" else ()

    def overlaps(self) -> tuple[OverlapNote, ...]:
        if self._same is None:
            told = self._beside is not None and self.conclusion.status != "ineligible"
            self._same = tuple(self._beside.notes(self.rule.benefit.id)) if told and self._beside else ()
        return self._same

    def again(self) -> tuple[str, ...]:
        told = self._beside is not None and self.conclusion.status != "ineligible"
        return self._beside.again(self.rule.benefit.id) if told and self._beside else ()

    def in_hand(self) -> tuple[InHand, ...]:
        told = self._beside is not None and self.conclusion.status != "ineligible"
        return self._beside.in_hand(self.rule.benefit.id) if told and self._beside else ()

    def notes(self) -> tuple[str, ...]:
        told = _notes(self.rule, self.conclusion, self.explainer, self.answers)
        settled = any(self.run.engine.settled(i, self.run.answers.on) for i in self.rule.rests_on)
        own = (*(f"{note.settled_words}。" for note in self.told_readings if note.settled), *told) if settled else told
        beside = (note.words for note in self.overlaps() if note.words not in own)
        return *(one.words for one in self.in_hand()), *self.again(), *own, *beside

    def rate(self, name: str) -> str | None:
        found: str | None = _rates(self.conclusion).get(name)
        return found


_MAKERS: dict[str, Callable[[_Making], Any]] = {
    "policy": lambda m: m.rule.policy.id,
    "policy_title": lambda m: m.rule.policy.title,
    "benefit": lambda m: m.rule.benefit.id,
    "title": lambda m: m.rule.benefit.title,
    "clause": lambda m: m.rule.benefit.clause,
    "kind": lambda m: KIND_CODES[m.rule.benefit.kind],
    "recipient": lambda m: m.rule.benefit.recipient,
    "status": lambda m: m.conclusion.status,
    "figure": lambda m: m.conclusion.figure,
    "amount_fen": _Making.amount,
    "min_fen": lambda m: m.sums[0],
    "max_fen": lambda m: m.sums[1],
    "score": lambda m: _score(m.rule, m.explainer),
    "rate_pct": lambda m: m.rate("rate_pct"),
    "rate_min_pct": lambda m: m.rate("rate_min_pct"),
    "rate_max_pct": lambda m: m.rate("rate_max_pct"),
    "max_months": lambda m: m.rule.months,
    "missing": lambda m: _missing(m.run, m.conclusion),
    "trace": _Making.trace,
    "indicators": lambda m: _indicators(m.rule, m.explainer),
    "deadline": lambda m: deadline_note(m.run, m.rule, m.explainer),
    "materials": lambda m: m.rule.materials,
    "readings": lambda m: tuple(note for note in m.told_readings if not note.settled),
    "settled": lambda m: tuple(note for note in m.told_readings if note.settled),
    "notes": _Making.notes,
    "services": _Making.services,
    "gap": lambda m: m.conclusion.gap,
    "decided": lambda m: m.rule.decided,
    "over": lambda m: m.over[0],
    "optional": lambda m: optional_of(m.run, m.rule, m.conclusion),
    "outside": lambda m: m.outside,
    "answers": lambda m: m.answers,
    "also": lambda m: m.rule.benefit.cite[1:],
    "overlaps": _Making.overlaps,
    "in_hand": _Making.in_hand,
    "again": _Making.again,
    "nearest": _Making.nearest,
}


def not_in_force(rule: Rule, on: date) -> Determination:
    """On a day on which the policy is not in force: the text in force then is not in the pack, or its last day has passed."""
    policy, benefit = rule.policy, rule.benefit
    if policy.ended(on) and policy.last is not None:
        words = over_words(policy.title, policy.last.toordinal(), on.toordinal())
        return Determination(
            policy=policy.id, policy_title=policy.title, benefit=benefit.id, title=benefit.title, clause=benefit.clause,
            kind=KIND_CODES[benefit.kind], recipient=benefit.recipient, status="ineligible", figure=None,
            trace=(TraceLine(words, benefit.clause, "fails"),), notes=(words,),
        )  # fmt: skip
    known = policy.known_words or f"自{show(policy.known_from.toordinal(), Dim.DATE)}起"
    words = f"{show(on.toordinal(), Dim.DATE)}时有效的文本不在政策包内（本政策包所收文本{known}）"
    return Determination(
        policy=policy.id, policy_title=policy.title, benefit=benefit.id, title=benefit.title, clause=benefit.clause,
        kind=KIND_CODES[benefit.kind], recipient=benefit.recipient, status="unknown", figure=None,
        missing=(Missing("当时有效的政策文本", "text_in_force", "parameter", policy.department, words),),
        trace=(TraceLine(words, benefit.clause, "open"),), notes=(words,),
    )  # fmt: skip


def _sums(conclusion: Conclusion, over: Over | None) -> tuple[int | None, int | None, bool]:
    """The ends in fen and whether they are one settled sum; of a rate, what it comes to where that is known (折算)."""
    if conclusion.dim is Dim.RATE:
        if over is None or over.whole is None or (over.period and over.months is None):
            return None, None, False
        return *over.whole, over.whole[0] == over.whole[1]
    if conclusion.dim not in (Dim.MONEY, Dim.TEXT):
        return None, None, False
    return conclusion.low, conclusion.high, conclusion.exact and conclusion.dim is Dim.MONEY


def _rates(conclusion: Conclusion) -> dict[str, Any]:
    """A rate: one figure where it is settled, else the ends that may be printed."""
    if conclusion.dim is not Dim.RATE or conclusion.high is None:
        return {}
    high = plain(Fraction(conclusion.high, 100))
    if conclusion.exact:
        return {"rate_pct": high}
    return {"rate_min_pct": plain(Fraction(conclusion.low, 100)) if conclusion.low else None, "rate_max_pct": high}


def _score(rule: Rule, explainer: Explainer) -> int | None:
    if rule.scored is None:
        return None
    low, high = explainer.span(rule.scored)
    return low if low == high else None


def _missing(run: Run, conclusion: Conclusion) -> tuple[Missing, ...]:
    needs, facts = conclusion.needs, run.pack.facts
    if not needs.any:
        return ()
    # how many there are is asked first: what is asked of each (逐) waits for it
    asks = [run.engine.questions[name] for name in needs.asks if facts[name].each not in needs.asks]
    known = run.pack.parameters
    outside = [
        Missing(name, known[name].id if name in known else "workdays", "parameter", why=about)
        for name, about in needs.parameters.items()
    ]
    verdicts = [
        Missing(name, facts[name].id if name in facts else "verdict", "verdict", who, why)
        for name, (who, why) in needs.verdicts.items()
    ]
    return (*asks, *outside, *verdicts)


def _outside(run: Run, rule: Rule) -> tuple[OutsideNote, ...]:
    """The outside figures known on the day that the benefit looks at or its clauses name, each once with its source."""
    known, on = run.pack.parameters, run.answers.on
    out: list[OutsideNote] = []
    others = _of_other_rows(run, rule) if rule.outside else frozenset()
    for name, clause in rule.outside.items():
        value = known[name].at(on)
        if value is not None and name not in others:
            words = f"外部参数“{name}”为{value.value}，{value.words}"
            out.append(OutsideNote(name, value.value, value.since, value.until, value.source, words, clause))
    return tuple(out)


def _of_other_rows(run: Run, rule: Rule) -> frozenset[str]:
    """The outside figures of rows that the applicant is surely not in: another township's figure is no ground of this answer."""
    meaning, known = rule.meaning, run.pack.parameters
    others: set[str] = set()
    for node in rule.reach:
        if isinstance(node, f.Bands):
            low, high = meaning.of(node.on)(run.env)
            named = [(row, row.value.name) for row in node.rows if isinstance(row.value, f.Name)]
            others |= {n for row, n in named if n in known and not meaning.row_test(node, row)(low, high)[1]}
    return frozenset(others)


def _trace(
    rule: Rule, explainer: Explainer, conclusion: Conclusion, outside: Sequence[OutsideNote]
) -> tuple[TraceLine, ...]:
    lines: list[TraceLine] = []
    failed = False
    for _, condition in rule.conditions:
        own = explainer.condition(condition)
        failed = failed or explainer.span(condition) == (0, 0)
        lines.extend(own)
    if not failed:
        lines.extend(explainer.amount(rule.give))
    if conclusion.status == "ineligible" and not failed and not any(line.mark == "fails" for line in lines):
        nought = TraceLine("按以上计算，可得金额为 0元：不符合", rule.benefit.clause, "fails", rule.benefit.cite[1:])
        why = explainer.nothing_left(rule.give)
        lines.extend(why if any(line.mark == "fails" for line in why) else [*why, nought])
    if conclusion.status != "ineligible" or not failed:
        lines.extend(TraceLine(note.words, note.clause, "note") for note in outside)
    else:  # only where what failed looked at one
        lines.extend(
            TraceLine(note.words, note.clause, "note") for note in outside if any(note.name in o.text for o in lines)
        )
    return tuple(dict.fromkeys(lines))


def _indicators(rule: Rule, explainer: Explainer) -> tuple[Indicator, ...]:
    shown = (indicator_of(explainer, definition) for definition in rule.indicators)
    return tuple(indicator for indicator in shown if indicator is not None)


def _readings(run: Run, rule: Rule, conclusion: Conclusion) -> tuple[ReadingNote, ...]:
    """What the answer rests on: a reading that is worked out says what the other branch comes to, and is told once."""
    notes: dict[str, ReadingNote] = {}
    settled = run.engine.settled
    answers = dict(zip(("eligible", "ineligible"), _answers(rule, run), strict=False))
    for reading_id in rule.switches:
        other = run.other_conclusion(rule, reading_id)
        if _outcome(other) != _outcome(conclusion):
            if settled(reading_id, run.answers.on) is not None:
                notes[reading_id] = _note(run, reading_id, "")
                continue
            said = answers.get(other.status) or outcome_words(other, rule.decided)
            notes[reading_id] = _note(run, reading_id, f"按另一读法：{said}")
    refused = conclusion.status == "ineligible"
    for reading_id, when in zip(rule.benefit.readings, rule.doubts if refused else rule.told, strict=True):
        if reading_id not in notes and (when(run.env)[1] if when is not None else not refused):
            notes[reading_id] = _note(run, reading_id, "")
    return tuple(notes.values())


def _outcome(conclusion: Conclusion) -> tuple[object, ...]:
    return conclusion.status, conclusion.figure, conclusion.low, conclusion.high


def outcome_words(conclusion: Conclusion, decided: str = DECIDED) -> str:
    """A conclusion in one phrase: 可申请，10万元（按条款计算）."""
    c = conclusion
    return result_words(c.status, c.figure, c.dim, c.low, c.high, decided, gap=c.gap)


def result_words(
    status: Status, figure: Figure | None, dim: Dim, low: int | None, high: int | None, decided: str = DECIDED,
    *, gap: bool = False,
) -> str:  # fmt: skip
    """The same for a result that isn't a conclusion of the case, such as what a near miss would come to."""
    words = STATUS_WORDS[status]
    if status == "ineligible" or figure is None or (status == "unknown" and figure == "computed" and high is None):
        return words
    meaning = figure_meaning(figure, decided, gap=gap)
    if high is None or dim is not Dim.MONEY:
        return f"{words}（{meaning}）"
    least = f"{wan(low)}至" if figure == "range" and low is not None else ""
    most = "最高" if figure == "up_to" else ""
    met = ""
    if status != "eligible" and figure == "computed":  # never a bare sum while something is open
        met = "符合条件时" if low == high else "不超过"
    return f"{words}，{met}{most}{least}{wan(high)}（{meaning}）"


def _note(run: Run, reading_id: str, effect: str) -> ReadingNote:
    reading, settled = run.pack.readings[reading_id], run.engine.settled(reading_id, run.answers.on)
    if settled is not None:
        taken, other = (reading.taken, reading.other)[:: 1 if settled.branch == TAKEN else -1]
        return ReadingNote(reading.id, reading.clause, reading.question, taken, other, "", settled.words)
    said = f"{reading.effect}{'；' if reading.effect and effect else ''}{effect}"
    return ReadingNote(reading.id, reading.clause, reading.question, reading.taken, reading.other, said)


def _answers(rule: Rule, run: Run) -> tuple[str, ...]:
    """The words of a check (达标、未达标); none for a matter that the policy isn't for: it is neither."""
    return rule.benefit.answers if rule.check is not None and rule.check.applies(run.env)[1] else ()


def _notes(
    rule: Rule, conclusion: Conclusion, explainer: Explainer, answers: tuple[str, ...]
) -> tuple[str, ...]:  # fmt: skip
    """What is always told of a benefit that is not ruled out (of a check, always), and what its condition says holds now."""
    benefit = rule.benefit
    always = benefit.notes if conclusion.status != "ineligible" or answers else ()
    now = (words for words, when in benefit.notes_when if explainer.span(when) == (1, 1))
    return tuple(note for note in (*now, *always) if not say.is_for_keepers(note))


__all__ = ["JUDGED_ON", "not_in_force", "outcome_words", "present", "result_words"]
