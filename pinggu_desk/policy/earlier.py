"""What an answer of an earlier visit is worth now (旧值): only what lasts is filled in, everything else is offered.

A grant is never worked out from last year's project: what a new visit didn't say, or confirm by a key, is unknown.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from pinggu_desk.policy.errors import BadAnswer, Diagnostic
from pinggu_desk.policy.facts import Fact, read_answer
from pinggu_desk.policy.masking import cover

#: 常在: of the applicant, until it is changed; 当年: as it was then; 本次: of that application alone;
#: 簿: worked out anew from past awards at each visit
Worth = Literal["常在", "当年", "本次", "簿"]
_ASIDE: dict[Worth, str] = {"当年": "会变的，请核对现在", "本次": "那次申报的，这次是同一件才采用"}


def worth_of(fact: Fact) -> Worth | None:
    """What an old answer is worth, by what the fact is where that tells it; None where nothing does."""
    if fact.history is not None:
        return "簿"
    if fact.party:
        return "常在"
    if fact.owner == "项目" or fact.decided_by:
        return "本次"  # another project; a verdict on another application
    return fact.earlier or None


def lasts(fact: Fact) -> bool:
    """Whether an old answer is filled in at the next visit; what nobody classified doesn't."""
    return worth_of(fact) == "常在"


def classified(facts: Iterable[Fact]) -> list[Diagnostic]:
    """Every fact has a worth, told once: by what it is, or by its 旧值."""
    out = []
    for fact in facts:
        told = worth_of(fact.model_copy(update={"earlier": ""}))
        if told is None and not fact.earlier:
            words = f"填报项“{fact.name}”没有写旧值，应写“旧值: 常在”（长期不变）、“当年”（会变）或“本次”（只属于那次申报）。"
            out.append(Diagnostic("no-worth", "facts.yaml", 0, words))
        elif told is not None and fact.earlier:
            words = f"填报项“{fact.name}”的旧值由归属、登记项、由或由登记簿定为“{told}”，不必再写，请删去。"
            out.append(Diagnostic("worth-twice", "facts.yaml", 0, words))
    return out


@dataclass(frozen=True, slots=True)
class Earlier:
    """An answer of an earlier visit that is offered, not taken: as it was typed, in words, of which day, worth what.

    ``source`` says where it is from when no visit told it (名单导入).
    """

    text: str
    shown: str
    day: date
    worth: Worth
    source: str = ""

    @property
    def words(self) -> str:
        """``上次 2026-03-02 填：800万元（那次申报的，这次是同一件才采用）``."""
        told = f"{self.source} {self.day:%Y-%m-%d}" if self.source else f"上次 {self.day:%Y-%m-%d} 填"
        return f"{told}：{self.shown}（{_ASIDE.get(self.worth, _ASIDE['当年'])}）"

    @property
    def origin(self) -> str:
        """Where the answer comes from once it is taken, as the journal keeps it."""
        return f"采用{self.source or '上次填报'}（{self.day:%Y-%m-%d}）"


def offer_of(fact: Fact, text: str, day: date, source: str = "") -> Earlier | None:
    """What is offered of an old answer; None where it lasts, is worked out anew, or can no longer be read."""
    worth = worth_of(fact) or "当年"
    if worth in ("常在", "簿") or not text:
        return None
    try:
        shown = fact.show(read_answer(fact, text))
    except BadAnswer:
        return None
    return Earlier(text, cover(fact.cover, shown), day, worth, source)


__all__ = ["Earlier", "Worth", "classified", "lasts", "offer_of", "worth_of"]
