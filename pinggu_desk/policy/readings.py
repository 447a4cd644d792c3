"""Readings (读法) of what the texts leave open: the two branches, and which of them was settled by whose word."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from pinggu_desk.policy.facts import Strict


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
        day = f"{self.dated.year}年{self.dated.month}月{self.dated.day}日" if self.dated is not None else ""
        return f"按{self.office}{day}答复" + (f"（{self.document}）" if self.document else "")


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
