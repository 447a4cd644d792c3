"""A policy's own words (原文), sentence by sentence, and where a reader finds a clause in them."""

from __future__ import annotations

import re
from dataclasses import dataclass

_NUMERAL = "[一二三四五六七八九十]"
_MARK = re.compile(
    rf"^(?:({_NUMERAL}+、)|([（(](?:{_NUMERAL}|[0-9])+[）)])|([0-9]+)\.(?![0-9]) ?|({_NUMERAL}是)|(第{_NUMERAL}+条))"
)
_CHINESE = "零一二三四五六七八九十"


@dataclass(frozen=True, slots=True)
class Sentence:
    """One numbered sentence (or heading) of a policy's text, as cleaned; ``line`` is its line in text.md."""

    id: str
    words: str
    heading: bool
    level: int
    line: int


@dataclass(frozen=True, slots=True)
class Doubt:
    """A place of the text that is kept as printed but marked doubtful (存疑), with the other form."""

    at: str
    printed: str
    other: str
    why: str


@dataclass(frozen=True, slots=True)
class Text:
    """A policy's own words (原文), sentence by sentence, with its recorded cleanings and doubts."""

    title: str
    sentences: tuple[Sentence, ...]
    doubts: tuple[Doubt, ...]
    source: str

    def find(self, clause: str) -> tuple[Sentence, ...]:
        """The sentences that a clause id means: itself, or, when it has none of its own, all its letters and numbers."""
        exact = tuple(s for s in self.sentences if s.id == clause)
        if exact and not exact[0].heading:
            return exact
        below = tuple(s for s in self.sentences if not s.heading and _under(s.id, clause))
        return below or exact


def _under(sentence: str, clause: str) -> bool:
    rest = sentence.removeprefix(clause)
    return rest != sentence and bool(rest) and (rest[0] == "." or rest[0].isalpha())


def place_of(text: Text, clause: str) -> str:
    """Where a reader finds a clause, from the printed markers: ``二、（二）（1）``, ``二、第六段``, ``三、1``.

    A footnote (``n1a``) is ``脚注1``; what stands before the first section is ``开头``.
    """
    parts = clause.split(".")
    if len(parts) == 1:
        return "标题"
    if note := re.fullmatch(r"n([0-9]+)[a-z]?", parts[1]):
        return f"脚注{note[1]}"
    place, stem = "", parts[0]
    for part in parts[1:]:
        section = re.match(r"s?[0-9]*", part)[0]  # type: ignore[index]  # s1: a section whose items are cited bare
        number = section.lstrip("s")
        parent, stem = stem, f"{stem}.{section or part}"
        own = next((s for s in text.sentences if s.id in (stem, f"{stem}a", f"{parent}.{part}")), None)
        match = _MARK.match(own.words) if own else None
        if match:
            place += next(group for group in match.groups() if group).replace("(", "（").replace(")", "）")
        elif own and own.words.startswith("注："):
            place += "注"
        elif own and " | " not in own.words and number and 0 < int(number) < len(_CHINESE):
            place += f"第{_CHINESE[int(number)]}段"
    if place[:1].isdigit():
        place = _section_above(text, clause) + place
    row = next((s.words for s in text.sentences if s.id == clause and " | " in s.words), "")
    if row:
        place += f"“{row.split(' | ')[0]}”"
    if place.endswith(
        "、"
    ):  # a section's heading says what it is about; a sentence that is a section is named by its number
        section_words = next(s for s in text.sentences if s.words.startswith(place))
        place = section_words.words if section_words.heading else place.rstrip("、")
    return place or "开头"


def _section_above(text: Text, clause: str) -> str:
    """The marker of the section that a clause numbered by its item alone stands under: ``二、``."""
    above = ""
    for sentence in text.sentences:
        if sentence.id == clause or _under(sentence.id, clause):
            break
        if sentence.heading and (match := re.match(r"[一二三四五六七八九十]+、", sentence.words)):
            above = match[0]
    return above
