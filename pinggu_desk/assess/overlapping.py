"""竞合 in one policy's own answers: that the same thing is, or may be, supported elsewhere as well (FOUND 5).

The best bundle chooses among benefits that can all be had; here it is told of one benefit what others would be the same matter,
where one of them was had, was asked for by the same applicant, or is possible as far as anything is known. Only the partners of
an overlap are looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Literal, NamedTuple

from pinggu_desk.assess.answers import untouched
from pinggu_desk.assess.determination import Determination
from pinggu_desk.assess.inhand import beside, in_hand_of
from pinggu_desk.assess.notes import Elsewhere, InHand, OverlapNote
from pinggu_desk.policy import forms as f
from pinggu_desk.policy import say
from pinggu_desk.policy.facts import Fact
from pinggu_desk.policy.models import Pack
from pinggu_desk.policy.overlaps import Overlap
from pinggu_desk.policy.quantity import Dim, show, wan

if TYPE_CHECKING:
    from pinggu_desk.assess.conclude import Conclusion
    from pinggu_desk.assess.engine import Answers, Engine
    from pinggu_desk.assess.rules import Rule
    from pinggu_desk.assess.run import Run

_NAMED = 3  # titles of one policy that are named one by one


# --- which overlaps there are, and what they still ask


def overlaps_of(pack: Pack) -> Mapping[str, tuple[Overlap, ...]]:
    """The overlaps of each benefit that has any."""
    by: dict[str, list[Overlap]] = {}
    for overlap in pack.overlaps:
        for benefit in overlap.benefits:
            by.setdefault(benefit, []).append(overlap)
    return {benefit: tuple(every) for benefit, every in by.items()}


def same_open(
    pack: Pack, values: Mapping[str, int | str], open_: Iterable[str], overlaps: Sequence[Overlap]
) -> dict[str, tuple[str, ...]]:
    """The questions 是否同一… that two benefits of ``open_`` (ids that can be had, or wait for a verdict) hang on, with their benefits.

    A pair that another overlap makes one matter, whatever is answered, hangs on nothing; neither does one that was answered.
    """
    ids = set(open_)
    hang: dict[str, dict[str, None]] = {}
    settled: set[frozenset[str]] = set()
    asking: list[tuple[str, frozenset[str]]] = []
    for overlap in overlaps:
        mine = [b for b in overlap.benefits if b in ids]
        if len(mine) < 2 or not overlap.holds(values, pack.facts):
            continue
        for at, one in enumerate(mine):
            for other in mine[at + 1 :]:
                if overlap.same and overlap.same not in values:
                    asking.append((overlap.same, frozenset((one, other))))
                else:
                    settled.add(frozenset((one, other)))
    for fact, pair in asking:
        if pair not in settled:
            hang.setdefault(fact, {}).update(dict.fromkeys(sorted(pair)))
    return {fact: tuple(benefits) for fact, benefits in hang.items()}


def same_idle(pack: Pack, values: Mapping[str, int | str], open_: Iterable[str]) -> frozenset[str]:
    """Of the answers to 是否同一…, those that no two benefits of ``open_`` hang on any more: kept, and printed nowhere."""
    ids = set(open_)
    used = {o.same for o in pack.overlaps if len(ids.intersection(o.benefits)) > 1}
    return frozenset(o.same for o in pack.overlaps if o.same in values and o.same not in used)


# --- words: one maker for all that tell of an overlap


def rule_words(pack: Pack, overlap: Overlap, *, explicit: bool, at: str = "") -> str:
    """What the texts say of having both, and who settles it where they don't.

    ``at`` says where the clause is, if its policy has just been named; else it is named in full.
    """
    if overlap.open or not overlap.rule:
        return "能否并领原文没有写，由主管部门认定"
    title = at or f"《{pack.policies[overlap.rule.split('.', 1)[0]].title.strip('《》')}》"
    place = f"{title}{pack.clause_place(overlap.rule)}"
    if explicit:
        return f"按{place}只取一项"
    return f"由{place}类推只取一项，原文没有写明，待主管部门确认"


def same_words(overlap: Overlap, values: Mapping[str, int | str]) -> str:
    """What follows if it isn't one thing, while nobody said so; empty where that was answered or there is but one."""
    return "" if not overlap.same or overlap.same in values else f"不是{overlap.same}的，可以分别申请"


# --- the notes of one policy's determinations


State = Literal["had", "elsewhere", "open", "possible"]
_SUREST: tuple[State, ...] = ("had", "elsewhere", "open", "possible")


class _Partner(NamedTuple):
    """A benefit of the same matter; ``known`` is what is known of it for certain, in words (empty: it is only possible)."""

    benefit: str
    known: str
    state: State


class _Key(NamedTuple):
    """What partners that are told in one sentence have in common; ``preferred`` is the special measure (专门办法) of the two."""

    matter: str
    rule: str
    explicit: bool
    preferred: Literal["", "本项", "前者"]
    same: str
    state: State
    known: str


class Beside:
    """What is told beside one run's answers. ``elsewhere`` are the applicant's other visits, as far as anybody knows them."""

    def __init__(
        self, run: Run, elsewhere: Sequence[Elsewhere] = (), concluded: Mapping[str, Conclusion] | None = None
    ):
        self._run, self._pack, self._values = run, run.engine.pack, run.answers.values
        self._elsewhere = elsewhere
        self._concluded = concluded if concluded is not None else {}

    @cached_property
    def _partners(self) -> dict[str, Conclusion]:
        """What the partners came to, as far as that is known; looked up when the first benefit that has some is told of."""
        return self._run.engine.partners.of(self._run.answers, self._run.engine.edition)

    def told(self, d: Determination) -> Determination:
        """The determination with its notes on overlaps; the very same where nothing differs."""
        d = beside(d, self._run.answers.on, self._elsewhere)
        notes = tuple(self.notes(d.benefit)) if d.status != "ineligible" else ()
        if notes == d.overlaps:
            return d
        own = [words for words in d.notes if words not in {note.words for note in d.overlaps}]
        return replace(d, overlaps=notes, notes=(*own, *(note.words for note in notes if note.words not in own)))

    def again(self, benefit: str) -> tuple[str, ...]:
        """When the very same was had before, where its rule doesn't settle what follows from that: one sentence, or none.

        A ceiling alone doesn't settle it: there may be room left for the same thing twice. What was had outside the ceiling's
        year was another year's.
        """
        rule, on = self._run.engine.rule(benefit), self._run.answers.on
        had = [a for a in self._run.answers.past or () if a.whole_id == benefit and a.on <= on and a.amount_fen]
        if not had:
            return ()
        counts, ceilings = _counting(rule, benefit), _ceilings(rule)
        if any(fact.name not in ceilings for fact in counts):
            return ()
        if counts and all(fact.history is not None and fact.history.window == "本年度" for fact in counts):
            had = [a for a in had if a.on.year == on.year]
        if not had:
            return ()
        last = max(had, key=lambda a: a.on)
        return (say.had_before(_day(last.on), wan(last.amount_fen), len(had)),)

    def in_hand(self, benefit: str) -> tuple[InHand, ...]:
        """What the year's letters of other visits told of a benefit."""
        return in_hand_of(benefit, self._run.answers.on, self._elsewhere)

    def notes(self, benefit: str) -> Iterator[OverlapNote]:
        """What to tell of a benefit that isn't ruled out, the surest first; those of one matter and one rule together."""
        by: dict[_Key, tuple[Overlap, dict[str, None]]] = {}
        holding = [o for o in self._run.engine.overlaps.get(benefit, ()) if o.holds(self._values, self._pack.facts)]
        settled = {
            (other, o.explicit(benefit, other)) for o in holding if not same_words(o, self._values) for other in o.benefits
        }  # fmt: skip
        for overlap in holding:
            for other in overlap.benefits:
                if (
                    same_words(overlap, self._values)
                    and {
                        (other, True),
                        (other, overlap.explicit(benefit, other)),
                    }
                    & settled
                ):
                    continue  # one matter whatever is answered: that it may be one thing adds nothing
                partner = self._partner(benefit, other) if other != benefit else None
                if partner is not None:
                    by.setdefault(_key(overlap, benefit, partner), (overlap, {}))[1][other] = None
        for key, (overlap, others) in sorted(by.items(), key=lambda item: _SUREST.index(item[0].state)):
            yield self._note(benefit, overlap, key, tuple(others))

    def _partner(self, benefit: str, other: str) -> _Partner | None:
        """How a partner stands; None where it is ruled out, or stands on the same page and isn't to be had."""
        own = benefit.split(".", 1)[0] == other.split(".", 1)[0]
        awards = [a for a in self._run.answers.past or () if a.whole_id == other]
        # its own policy may count what was had by itself (限额, 由登记簿)
        if awards and not (own and _counting(self._run.engine.rule(benefit), other)):
            last = max(awards, key=lambda a: a.on)
            return _Partner(other, f"{_day(last.on)}已领取{self._named([other])}{wan(last.amount_fen)}", "had")
        seen = [e for e in self._elsewhere if other in e.benefits]
        if seen and not own:
            last_seen = max(seen, key=lambda e: e.on)
            return _Partner(other, f"{last_seen.words}，问的是{self._named([other])}", "elsewhere")
        conclusion = self._conclusion(other)
        if conclusion is None or conclusion.status == "ineligible":
            return None
        if conclusion.status in ("eligible", "review"):
            may = "也可以申请" if conclusion.status == "eligible" else "也可能申请，待主管部门认定"
            return _Partner(other, f"按已知情况，{self._named([other])}{may}", "open")
        return None if own else _Partner(other, "", "possible")

    def _conclusion(self, benefit: str) -> Conclusion | None:
        known = self._concluded.get(benefit) or self._partners.get(benefit)
        rule = self._run.engine.rule(benefit)
        if known is None and rule.policy.in_force(self._run.answers.on):
            known = self._partners[benefit] = self._run.conclusion(rule)
        return known

    def _note(self, benefit: str, overlap: Overlap, key: _Key, others: Sequence[str]) -> OverlapNote:
        possible = f"{key.matter}，又按{self._named(others)}申领的"
        said = possible if key.state == "possible" else f"{key.known}：说的是{key.matter}的"
        policy = overlap.rule.split(".", 1)[0]
        named = {other.split(".", 1)[0] for other in others}
        at = "本办法" if policy == benefit.split(".", 1)[0] else "该办法" if named == {policy} else ""
        parts = (
            rule_words(self._pack, overlap, explicit=key.explicit, at=at),
            f"都能申请的，从专门办法取{key.preferred}" if key.preferred else "",
            same_words(overlap, self._values),
        )
        words = f"{said}，{'；'.join(part for part in parts if part)}"
        return OverlapNote(overlap.id, key.matter, tuple(others), key.state, overlap.rule, key.explicit, words)

    def _named(self, benefits: Sequence[str]) -> str:
        by: dict[str, list[str]] = {}
        for benefit in benefits:
            rule = self._run.engine.rule(benefit)
            by.setdefault(rule.policy.title.strip("《》"), []).append(f"“{rule.benefit.title}”")
        return "、".join(
            f"《{policy}》{'、'.join(titles[:_NAMED])}{f'等{len(titles)}项' if len(titles) > _NAMED else ''}"
            for policy, titles in by.items()
        )


def _counting(rule: Rule, benefit: str) -> list[Fact]:
    """The facts that a rule, or what is told beside it, looks at and the register works out from awards of ``benefit``."""
    looked_at = (rule.meaning.scope.pack.facts[name] for name in rule.looks_at)
    return [fact for fact in looked_at if fact.history is not None and benefit in fact.history.benefits]


def _ceilings(rule: Rule) -> set[str]:
    """The facts by which the ceilings (限额) over a benefit know what was received, definitions opened."""
    own = (limit for limit in rule.policy.limits if rule.benefit.id in limit.benefits)
    received = (
        node for limit in own for node in rule.meaning.scope.reach(f.Name(limit.cite, limit.path, limit.received))
    )
    return {node.name for node in received if isinstance(node, f.Name)}


def _key(overlap: Overlap, benefit: str, partner: _Partner) -> _Key:
    first = {benefit, partner.benefit} & set(overlap.prefer)
    preferred: Literal["", "本项", "前者"] = "" if len(first) != 1 else "本项" if benefit in first else "前者"
    return _Key(
        overlap.matter, overlap.rule, overlap.explicit(benefit, partner.benefit), preferred, overlap.same, partner.state,
        partner.known,
    )  # fmt: skip


class Partners:
    """What the partners of overlaps came to for the last answers: what no changed answer can touch is kept from key to key."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._last: tuple[Answers, int, dict[str, Conclusion]] | None = None

    def of(self, answers: Answers, edition: int) -> dict[str, Conclusion]:
        """The conclusions that still hold for these answers, to be added to."""
        known: dict[str, Conclusion] = {}
        if self._last is not None and self._last[1] == edition:
            before, _, had = self._last
            still = untouched(before, answers, map(self._engine.rule, had))
            known = {benefit: c for benefit, c in had.items() if benefit in still}
        self._last = answers, edition, known
        return known


def _day(day: date) -> str:
    return show(day.toordinal(), Dim.DATE)
