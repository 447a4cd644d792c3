"""Ways in which a condition could yet be so (以下之一即可): the nearest first, each once, and what all of them ask told once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import product
from math import prod
from typing import TYPE_CHECKING, Literal, NamedTuple

from pinggu_desk.assess.notes import TraceLine
from pinggu_desk.policy import say, sayways

if TYPE_CHECKING:
    from pinggu_desk.policy.say import Mark

#: so many ways are told, in so many characters if two are (``_LEAST``), the nearest first; more would be read by nobody
_TOLD, _ROOM, _LEAST = 6, 240, 2
#: of one way among others, so many statements are told
_POINTS = 9
#: ways that come to more statements than this are told part by part; of those within a part, so many are told
_MANY, _WITHIN = 16, 4
#: open ways that come to more characters than this in one line are told a line each, and what is long within one has its own
_LINE, _OWN_LINE = 260, 120


class Choice(NamedTuple):
    """What a statement about a choice asks: its name, the options that would do, and what was chosen."""

    name: str
    options: tuple[str, ...]
    value: str


class Piece(NamedTuple):
    """One statement that does not hold (yet), and, when it is about a choice, what it asks."""

    line: TraceLine
    choice: Choice | None
    kind: Literal["", "folded"] = ""  # several ways told as one
    far: Fraction = Fraction(1)  # how far a stated value is from its bound, at most 1
    judged: bool = False  # whether it is for somebody else to decide, and not for the applicant to say


Way = tuple[Piece, ...]


def alternatives(cite: Sequence[str], mark: Mark, every: Sequence[Way]) -> list[TraceLine]:
    """The lines of ways none of which holds (yet): what all that are left ask, then the nearest, the others counted.

    Those for other applicants are exceptions.
    """
    ways = least(every)
    own = [way for way in ways if not elsewhere(way)]
    others = [way for way in ways if elsewhere(way)]
    if not own and (one := merged(others)) is not None:
        return [one]
    ways, note = (own, exceptions(others)) if own else (others, "")
    if len(ways) == 1:
        return [p.line if p is not ways[0][-1] else noted(p.line, note) for p in ways[0]]
    shared = _shared(ways, mark)
    ways = _nearest_first([tuple(p for p in way if p not in shared) or way for way in ways])
    told = _told(ways)
    rest = Counter(_dead(way) for way in ways[len(told) :])
    judged = all(
        piece.judged for way in ways if not _dead(way) for piece in (*way, *shared) if piece.line.mark == "open"
    )
    said = sayways.ways([_words(way) for way in told], mark, fails=rest[True], opens=rest[False])
    clauses = tuple(dict.fromkeys([*cite, *(one for way in told for p in way for one in p.line.clauses)]))
    short = sayways.nearest_way([piece.line.brief for piece in told[0]], len(ways) - 1)
    first = [noted(p.line, note) for p in shared]
    if mark == "open" and len(said) > _LINE:
        head = sayways.ways_below(len(told), fails=rest[True], opens=rest[False])
        return [*first, line_of(say.ended(head + note, mark), [*cite], mark), *_a_line_each(told, cite)]
    return [*first, line_of(say.ended(said + note, mark, judged=judged), clauses, mark, short)]


def _a_line_each(told: Sequence[Way], cite: Sequence[str]) -> list[TraceLine]:
    """Ways that are too long for one line together: each with its clauses, and what is long within one after it."""
    lines: list[TraceLine] = []
    for number, way in enumerate(told, 1):
        long = [piece for piece in way if piece.kind == "folded" and len(piece.line.text) > _OWN_LINE]
        plain = tuple(piece for piece in way if piece not in long)
        for said, pieces in (
            *([(sayways.way_below(number, _words(plain)), plain)] if plain else []),
            *((sayways.besides_below(number, _told_below(piece), also=bool(plain)), (piece,)) for piece in long),
        ):
            clauses = tuple(dict.fromkeys(one for piece in pieces for one in piece.line.clauses)) or tuple(cite)
            lines.append(line_of(say.ended(said, "open"), clauses, "open"))
    return lines


def _told_below(piece: Piece) -> str:
    """What is long within a way: of what fails altogether the nearest is enough, since another way is open."""
    return piece.line.brief if piece.line.mark == "fails" else say.bare(piece.line.text)


def _dead(way: Way) -> bool:
    return any(piece.line.mark == "fails" for piece in way)


def _nearest_first(ways: Iterable[Way]) -> list[Way]:
    """Those that can still come true first, then the usual ones before exceptions that somebody else decides, the shorter first."""
    return sorted(ways, key=lambda way: (_dead(way), _judged(way), len(way), sum(piece.far for piece in way)))


def _judged(way: Way) -> bool:
    return any(piece.judged for piece in way)


def _shared(ways: Sequence[Way], mark: Mark) -> list[Piece]:
    """What every way that can still come true asks; of ways that all fail, what all fail by."""
    left = [way for way in ways if mark == "fails" or not _dead(way)]
    return [piece for piece in left[0] if all(piece in way for way in left)] if len(left) >= _LEAST else []


def _told(ways: Sequence[Way]) -> Sequence[Way]:
    told = _LEAST
    while told < min(len(ways), _TOLD) and sum(len(_words(way)) for way in ways[: told + 1]) <= _ROOM:
        told += 1
    return ways[:told]


def _words(way: Way) -> str:
    """A way among others: its first statements, the rest counted."""
    points = [in_a_way(piece) for piece in way]
    if len(points) > _POINTS + 1:
        points[_POINTS:] = [sayways.more_points(len(points) - _POINTS)]
    return "；并且".join(points)


def joined(parts: Sequence[Sequence[Way]]) -> list[Way]:
    """The ways of a condition of several parts, each of which may be so in one way or another.

    Where the parts multiply into more than anybody reads, each part is told once, with its own alternatives in it.
    """
    if prod(map(len, parts)) * sum(len(ways[0]) for ways in parts if ways) > _MANY:
        parts = [[folded(ways)] for ways in parts]
    return [tuple(piece for way in ways for piece in way) for ways in product(*parts)]


def line_of(text: str, clauses: Sequence[str], mark: Mark, short: str = "") -> TraceLine:
    """A line of the working that rests on ``clauses``; ``short`` only where it says less than the whole."""
    short = "" if short == say.bare(text) else short
    return TraceLine(text, clauses[0] if clauses else "", mark, tuple(clauses[1:]), short)


def noted(line: TraceLine, note: str) -> TraceLine:
    """A line with for whom it is not asked."""
    if not note:
        return line
    words = say.bare(line.text)
    text = say.ended(words + note, line.mark) if words != line.text else words + note
    return line._replace(text=text, short=line.brief if len(line.brief + note) > say.LINE else line.brief + note)


def elsewhere(way: Way) -> bool:
    """Whether a way is for another kind of applicant: a choice that was made excludes it."""
    return any(map(_excluding, way))


def _excluding(piece: Piece) -> bool:
    return piece.choice is not None and piece.line.mark == "fails"


def least(found: Iterable[Way]) -> list[Way]:
    """Each way once, without those that ask for more than another does."""
    ways = list(found)
    if len(ways) == 1:
        return ways
    kept: list[Way] = []
    texts: list[frozenset[str]] = []
    for way in sorted(ways, key=len):
        said = frozenset(piece.line.text for piece in way)
        if not any(other <= said for other in texts):
            kept.append(way)
            texts.append(said)
    return kept


def folded(every: Sequence[Way]) -> Way:
    """Several ways as one: what they all ask, then what is asked in one way or another, told once beside all else.

    An exception that only an authority can make is not told where the plain way is still open: it may never matter. Of ways
    that all fail, those that a choice excluded (no degree) are told as well: each is a reason that somebody looks for.
    """
    ways = least(every)
    own = [way for way in ways if not elsewhere(way)]
    if not own or all(map(_dead, ways)):
        own = _by_choice(ways)
    plain = [way for way in own if not all(piece.judged for piece in way)]
    if plain and all(piece.line.mark == "open" for way in plain for piece in way):
        own = plain
    if len(own) == 1:
        return own[0]
    common = [piece for piece in own[0] if all(piece in way for way in own)]
    rests = _nearest_first(tuple(piece for piece in way if piece not in common) for way in own)
    rests.sort(key=_judged)  # the usual way first, also where it fails
    mark: Mark = "fails" if all(any(p.line.mark == "fails" for p in rest) for rest in rests) else "open"
    told = _WITHIN if mark == "open" else _MANY  # where all fail, each is a reason that somebody looks for
    said = ["，并且".join(in_a_way(piece) for piece in rest) for rest in rests[:told]]
    clauses = tuple(dict.fromkeys(one for rest in rests for piece in rest for one in piece.line.clauses))
    short = sayways.nearest_way([piece.line.brief for piece in rests[0]], len(rests) - 1)
    return *common, Piece(
        line_of(say.ended(sayways.within_a_way(said, len(rests) - len(said)), mark), clauses, mark, short),
        None,
        "folded",
    )


def in_a_way(piece: Piece) -> str:
    """A statement as one of those of a way; one that has alternatives in it says of each of them whether it is open."""
    return say.bare(piece.line.text) if piece.kind == "folded" else sayways.of_a_way(piece.line.text, piece.line.mark)


def _by_choice(ways: Sequence[Way]) -> list[Way]:
    """Ways that ask the same but for the option of one choice, which excludes them all, as one way that names each option."""
    kept: dict[tuple[object, ...], list[Way]] = {}
    for number, way in enumerate(ways):
        names = [piece.choice.name for piece in way if piece.choice is not None and _excluding(piece)]
        rest = frozenset(piece.line.text for piece in way if not _excluding(piece))
        kept.setdefault((names[0], rest) if len(names) == 1 else (number,), []).append(way)
    return [_with_every_option(alike) for alike in kept.values()]


def _with_every_option(alike: Sequence[Way]) -> Way:
    first, line = alike[0], merged(alike) if len(alike) > 1 else None
    if line is None:
        return first
    return tuple(piece._replace(line=line) if _excluding(piece) else piece for piece in first)


def merged(ways: Sequence[Way]) -> TraceLine | None:
    """Ways that all turn on one choice, as one line that names every option that would do; None for any others.

    An option that would only wait for somebody's verdict (尚未评价) is none that would do, where there are others.
    """
    ways = [way for way in ways if not _judged(way)] or ways
    firsts = [next(p for p in way if _excluding(p)) for way in ways if elsewhere(way)]
    choices = [piece.choice for piece in firsts if piece.choice is not None]
    if len({choice.name for choice in choices}) != 1 or len(choices) != len(ways):
        return None
    options = tuple(dict.fromkeys(option for choice in choices for option in choice.options))
    name, value = choices[0].name, choices[0].value
    text = say.chosen(name, value, options, True, "fails")
    short = say.chosen_shortly(name, value, options, True, "fails")
    clauses = tuple(dict.fromkeys(one for piece in firsts for one in piece.line.clauses))
    return line_of(say.ended(text, "fails"), clauses, "fails", short)


def exceptions(ways: Sequence[Way]) -> str:
    """For whom the demand is not: the options of each other choice."""
    by: dict[str, dict[str, None]] = {}
    alone: dict[str, bool] = {}
    for way in ways:
        choice = next(piece.choice for piece in way if _excluding(piece))
        assert choice is not None
        by.setdefault(choice.name, {}).update(dict.fromkeys(choice.options))
        alone[choice.name] = alone.get(choice.name, True) and len(way) == 1
    return sayways.spared([(name, tuple(options), alone[name]) for name, options in by.items()])


__all__ = [
    "Choice", "Piece", "Way", "alternatives", "joined", "line_of",
]  # fmt: skip
