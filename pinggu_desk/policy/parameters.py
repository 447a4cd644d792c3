"""Parameters (参数): outside figures that the texts refer to, each value with its days and its source."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from pinggu_desk.policy.dates import day_words
from pinggu_desk.policy.facts import Strict


class ParameterValue(Strict):
    """One value of a parameter (参数): in force from ``since`` to ``until`` (None: not limited), with its source.

    ``value`` is as it was written, with its unit; ``by`` is who entered it, empty for one of the pack's own.
    """

    since: date | None = Field(alias="自", default=None)
    until: date | None = Field(alias="至", default=None)
    value: str = Field(alias="值")
    source: str = Field(alias="来源", default="")
    by: str = Field(alias="录入", default="")

    def holds(self, on: date) -> bool:
        """Whether it is in force on a day."""
        return (self.since is None or self.since <= on) and (self.until is None or on <= self.until)

    @property
    def words(self) -> str:
        """Dates and source as the working says them: ``自2026年1月20日起执行，来源：…``."""
        days = [
            f"自{day_words(self.since)}起" if self.since else "",
            f"至{day_words(self.until)}止" if self.until else "",
        ]
        dates = f"{''.join(days)}执行" if any(days) else "没有注明起止日期"
        return f"{dates}，来源：{self.source or '没有注明'}" + (f"，工号{self.by}录入" if self.by else "")


class Parameter(Strict):
    """An outside figure (参数) that the texts refer to but do not give; without a value the answer is unknown.

    A bare number is read in ``unit``; what lies outside of ``least`` and ``most`` is a slip of the unit or the pen.
    ``clauses`` are those that name a figure which no rule computes with: it is told beside their answers.
    """

    name: str = Field(alias="名")
    id: str = Field(alias="代号")
    kind: Literal["金额", "比例", "数量", "月数"] = Field(alias="类")
    about: str = Field(alias="说明")
    unit: str = Field(alias="单位", default="")
    least: str = Field(alias="最少", default="")
    most: str = Field(alias="最多", default="")
    clauses: tuple[str, ...] = Field(alias="依据", default=())
    values: tuple[ParameterValue, ...] = Field(alias="值表", default=())

    def at(self, on: date) -> ParameterValue | None:
        """The value in force on a day, the first listed where several are; None when none is known."""
        return next((value for value in self.values if value.holds(on)), None)
