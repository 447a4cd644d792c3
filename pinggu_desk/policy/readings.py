"""Readings (读法) of what the texts leave open: the two branches, and which of them was settled by whose word."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Literal

from pydantic import Field

from pinggu_desk.policy.dates import day_words
from pinggu_desk.policy.errors import Diagnostic
from pinggu_desk.policy.facts import Strict
from pinggu_desk.policy.lines import Lines
from pinggu_desk.policy.reader import digest


class Settled(Strict):
    """How a reading was settled (定): which branch (采), by which office's word, in which document of which day, from when on.

    For a case judged as of an earlier day than ``since`` it is open as before; without one it is settled for all.
    """

    branch: Literal["取", "另"] = Field(alias="采")
    office: str = Field(alias="单位", min_length=2)
    document: str = Field(alias="文件", default="")
    dated: date | None = Field(alias="日期", default=None)
    since: date | None = Field(alias="自", default=None)

    @property
    def words(self) -> str:
        """``按示例局2026年3月2日答复（示例〔2026〕3号）``."""
        return by_word_of(self.office, self.dated, self.document)


def by_word_of(office: str, dated: date | None, document: str, did: str = "答复") -> str:
    """By whose word something counts: of which office, which day, in which document; ``did`` is what the office did."""
    day = day_words(dated) if dated is not None else ""
    return f"按{office}{day}{did}" + (f"（{document}）" if document else "")


class Reading(Strict):
    """A reading (读法) of an ambiguous clause: what is taken, what else it could mean, and what that would change.

    The words 取 and 另 name the two branches of the rules that switch on it; which one counts is said by ``settled`` (定),
    never by swapping the words.
    """

    id: str = Field(alias="编号", pattern=r"^[a-z0-9._]+$")
    clause: str = Field(alias="依据")
    question: str = Field(alias="问")
    taken: str = Field(alias="取")
    other: str = Field(alias="另")
    effect: str = Field(alias="影响")
    sure: Literal["高", "中", "低"] = Field(alias="把握", default="中")
    settled: Settled | None = Field(alias="定", default=None)
    #: a digest of the words of both branches (印), so that words swapped between them are told before they are printed
    mark: str = Field(alias="印", default="", pattern=r"^([0-9a-f]{8})?$")

    @property
    def words(self) -> str:
        """What the mark is a digest of."""
        return f"{self.taken}|{self.other}"


def swapped(readings: Iterable[Reading], lines: Lines) -> list[Diagnostic]:
    """Readings whose words are others than those that the rules' two branches were written by."""
    return [
        Diagnostic(
            "changed-reading", "readings.yaml", lines.of("readings.yaml", one.id),
            f"读法“{one.id}”的“取”“另”改过（印应为 {digest(one.words)}）：两支的名称不能对换，要改采哪一支请写“定”；"
            "确是改了措辞，对照规则后改印。",
        )
        for one in readings if one.mark and one.mark != digest(one.words)
    ]  # fmt: skip
