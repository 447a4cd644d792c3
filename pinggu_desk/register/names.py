"""How a name is found: by its characters, by pinyin initials (拼音首字母), by a mix, or by full pinyin.

Every reading of a character counts (单 dan, shan, chan), without writing out the product of all readings: a name is
a row of units, each with its alternatives; an index of short pieces ("grams") finds candidates, and a matcher
goes through each candidate's units to keep the true ones. A character without a known reading is found by itself.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from pinggu_desk.policy.characters import plain_name

_LETTERS = re.compile(r"[a-z]+")
_LONGEST_SYLLABLE = 6

_FINALS = {  # every toneless syllable: after which initials, which finals
    "": "a ai an ang ao e ei en eng er o ou",
    "b": "a ai an ang ao ei en eng i ian iao ie in ing o u",
    "c s": "a ai an ang ao e en eng i ong ou u uan ui un uo",
    "ch": "a ai an ang ao e en eng i ong ou u ua uai uan uang ui un uo",
    "d": "a ai an ang ao e ei en eng i ia ian iao ie ing iu ong ou u uan ui un uo",
    "f": "a an ang ei en eng iao o ou u",
    "g h k": "a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo",
    "j q x": "i ia ian iang iao ie in ing iong iu u uan ue un",
    "l": "a ai an ang ao e ei en eng i ia ian iang iao ie in ing iu o ong ou u uan un uo v ve",
    "m": "a ai an ang ao e ei en eng i ian iao ie in ing iu o ou u",
    "n": "a ai an ang ao e ei en eng i ian iang iao ie in ing iu ong ou u uan un uo v ve",
    "p": "a ai an ang ao ei en eng i ian iao ie in ing o ou u",
    "r": "an ang ao e en eng i ong ou u ua uan ui un uo",
    "sh": "a ai an ang ao e ei en eng i ou u ua uai uan uang ui un uo",
    "t": "a ai an ang ao e ei eng i ian iao ie ing ong ou u uan ui un uo",
    "w": "a ai an ang ei en eng o u",
    "y": "a an ang ao e i in ing o ong ou u uan ue un",
    "z": "a ai an ang ao e ei en eng i ong ou u uan ui un uo",
    "zh": "a ai an ang ao e ei en eng i ong ou u ua uai uan uang ui un uo",
}
_SYLLABLES = frozenset(
    initial + final
    for initials, finals in _FINALS.items()
    for initial in initials.split() or [""]
    for final in finals.split()
)


@dataclass(frozen=True, slots=True)
class Unit:
    """One character of a name: what stands for it when typed singly, and its readings in full (ü as v)."""

    singles: frozenset[str]
    readings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Search:
    """One way to look for a text: the grams that a candidate must have, and the test that it must pass."""

    grams: str
    kind: str
    text: str

    def accepts(self, name: str) -> bool:
        """Whether the name truly is a hit, its grams being there already."""
        row = units(name)
        if self.kind.startswith("pinyin"):
            starts = range(1) if self.kind == "pinyin start" else range(len(row))
            return any(_spelt(row, at, self.text) for at in starts)
        if self.kind == "whole" and len(row) != len(self.text):
            return False
        last = len(row) - len(self.text)
        starts = range(min(last, 0) + 1) if self.kind in ("whole", "start") else range(last + 1)
        return last >= 0 and any(all(c in row[at + i].singles for i, c in enumerate(self.text)) for at in starts)


def units(name: str) -> list[Unit]:
    """The units of a name."""
    return [_unit(c) for c in plain_name(name)]


def grams(name: str) -> str:
    """The pieces that the index keeps for a name, separated by spaces. The first letter tells their kind:

    c one single, d two singles side by side, s the first single, n the number of units,
    p a reading in full, q the first reading in full.
    """
    row = units(name)
    found = {f"n{len(row)}"}
    for at, unit in enumerate(row):
        found.update(f"c{one}" for one in unit.singles)
        found.update(f"p{reading}" for reading in unit.readings)
        if at + 1 < len(row):
            found.update(f"d{a}{b}" for a in unit.singles for b in row[at + 1].singles if a.isascii() == b.isascii())
    if row:
        found.update(f"s{one}" for one in row[0].singles)
        found.update(f"q{reading}" for reading in row[0].readings)
    return " ".join(sorted(found))


def searches(typed: str) -> Iterator[Search]:
    """The ways to look for what was typed, the closest first; their results are shown in this order."""
    text = plain_name(typed)
    if not text:
        return
    pieces = list(_pieces(text))
    first, length = f"s{text[0]}", f"n{len(text)}"
    yield Search(_all([first, length, *pieces]), "whole", text)
    yield Search(_all([first, *pieces]), "start", text)
    yield Search(_all(pieces), "inside", text)
    if len(text) > 1 and _LETTERS.fullmatch(text):
        for kind, mark in (("pinyin start", "q"), ("pinyin inside", "p")):
            ways = [
                _all([f"{mark}{way[0]}", *(f"p{s}" for s in way[1:])], open_end=partial) for way, partial in _ways(text)
            ]
            if ways:
                yield Search(" OR ".join(f"({way})" for way in ways), kind, text)


def _pieces(text: str) -> Iterator[str]:
    """Grams that any hit has: pairs of the same script, singles where scripts meet."""
    paired: set[int] = set()
    for at in range(len(text) - 1):
        if text[at].isascii() == text[at + 1].isascii():
            paired |= {at, at + 1}
            yield f"d{text[at : at + 2]}"
    for at, one in enumerate(text):
        if at not in paired:
            yield f"c{one}"


def _all(pieces: list[str], *, open_end: bool = False) -> str:
    quoted = [f'"{piece}"' for piece in dict.fromkeys(pieces[:-1] if open_end else pieces)]
    if open_end:  # the last syllable is still being typed; unless it stands alone, the matcher looks after it
        quoted = quoted or [f'"{pieces[-1]}"*']
    return " AND ".join(quoted)


@lru_cache(maxsize=256)
def _ways(text: str) -> tuple[tuple[tuple[str, ...], bool], ...]:
    """Every way to cut letters into syllables, the last of which may be unfinished (True)."""
    found: list[tuple[tuple[str, ...], bool]] = []

    def cut(at: int, so_far: tuple[str, ...]) -> None:
        rest = text[at:]
        for size in range(1, min(len(rest), _LONGEST_SYLLABLE) + 1):
            part = rest[:size]
            if part in _SYLLABLES:
                if size == len(rest):
                    found.append(((*so_far, part), False))
                else:
                    cut(at + size, (*so_far, part))
            if size == len(rest) and any(s.startswith(part) and s != part for s in _SYLLABLES):
                found.append(((*so_far, part), True))

    cut(0, ())
    return tuple(sorted(found, key=lambda way: len(way[0]))[:12])


def _spelt(row: list[Unit], at: int, text: str) -> bool:
    """Whether the letters spell the units from `at` on, the last perhaps unfinished."""
    if at == len(row):
        return False
    for reading in row[at].readings:
        if reading.startswith(text) or (text.startswith(reading) and _spelt(row, at + 1, text[len(reading) :])):
            return True
    return False


@lru_cache(maxsize=32768)
def _unit(character: str) -> Unit:
    if character.isascii():
        return Unit(frozenset(character), (character,))
    # late: its tables take a while to load, and opening the desk needs none. Every character is read by itself, so the
    # table of words, four fifths of what it holds in memory, stays out.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "1")
    os.environ.setdefault("PYPINYIN_NO_DICT_COPY", "1")
    from pypinyin import Style, pinyin

    read = pinyin(character, style=Style.NORMAL, heteronym=True, errors="ignore")
    readings = tuple(dict.fromkeys(r for r in (read[0] if read else ()) if _LETTERS.fullmatch(r)))
    return Unit(frozenset({character, *(r[0] for r in readings)}), readings)
