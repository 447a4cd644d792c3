"""What a determination says beside its conclusion (结论旁的说明): lines of the working, what lacks, deadlines, materials, overlaps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, NamedTuple

from pinggu_desk.policy import say
from pinggu_desk.policy.quantity import headline_sum, yuan


class TraceLine(NamedTuple):
    """One line of the working (测算过程): ``mark`` says what it did.

    ``holds``/``fails``/``open`` are conditions, ``value`` a step of the figure, ``note`` a remark. ``clause`` is the first
    that it rests on, ``also`` the others. ``short`` is the same for where one line is all there is; empty when ``text`` is
    short enough.
    """

    text: str
    clause: str
    mark: Literal["holds", "fails", "open", "value", "note"]
    also: tuple[str, ...] = ()
    short: str = ""

    @property
    def brief(self) -> str:
        """The line without its verdict, as short as it may be told."""
        return self.short or say.bare(self.text)

    @property
    def clauses(self) -> tuple[str, ...]:
        """All that it rests on."""
        return (self.clause, *self.also) if self.clause else self.also


@dataclass(frozen=True, slots=True)
class Missing:
    """What is still lacking: a fact to ask, an outside parameter, or somebody's verdict (``who`` decides)."""

    name: str
    code: str
    kind: Literal["ask", "parameter", "verdict"]
    who: str = ""
    why: str = ""
    yes_no: bool = False
    each_thing: bool = False

    @property
    def words(self) -> str:
        """How it is named among what is still to be stated: a yes/no fact's bare name would read as what there is not.

        Of what was had for one thing (逐件), the register's sum is no answer: it says that this one alone counts.
        """
        return f"{self.name}{'（是否）' if self.yes_no else '（只算这一个的）' if self.each_thing else ''}"


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator of a score or a screening (指标): its value, the row it fell in or the bound, its points or pass.

    ``difference`` says by how much the value falls short of the bound or goes beyond it.
    """

    name: str
    value: str
    bound: str
    score: int | None
    passed: bool | None
    clause: str
    difference: str = ""

    @property
    def lacks(self) -> str:
        """What is wrong with one that is not met, in one phrase: ``会商项目年产值差2.3亿元``, ``在禁限之列``."""
        return f"{self.name}{self.difference}" if self.difference else self.value

    @property
    def result(self) -> str:
        """Its points, or whether it is met and by how much it is not: ``20 分``, ``达到``, ``未达到，差2.3亿元``."""
        if self.score is not None:
            return f"{self.score} 分"
        said = {True: "达到", False: "未达到", None: "待定"}[self.passed]
        return f"{said}，{self.difference}" if self.passed is False and self.difference else said


@dataclass(frozen=True, slots=True)
class DeadlineNote:
    """A time limit (时限): ``day`` is the last day when known; ``provisional`` when it crosses an unpublished year.

    ``pending`` says which year's arrangement is not published (2027年放假安排尚未公布); empty when the day is settled.
    """

    text: str
    day: date | None
    provisional: bool
    passed: bool | None
    clause: str
    consequence: str
    days_left: int | None = None  # working days from the day of judgement to ``day``, both published
    pending: str = ""
    today: str = ""  # how the real day stands to ``day``, where the judgement is of another day (``assess.judged``)

    @property
    def why_provisional(self) -> str:
        """Why ``day`` is provisional, and whose word counts; empty when it is settled."""
        return f"{self.pending}，节假日安排以国务院办公厅公布为准" if self.provisional else ""


@dataclass(frozen=True, slots=True)
class ReadingNote:
    """A reading (口径待主管部门确认) that the answer rests on, the other reading and what it would change.

    Of one that was settled, ``settled`` says by whose word (按示例局2026年3月2日答复), and ``taken`` what holds by it.
    """

    id: str
    clause: str
    question: str
    taken: str
    other: str
    effect: str
    settled: str = ""

    @property
    def settled_words(self) -> str:
        """``按示例局2026年3月2日答复：（问）取：（…）``."""
        return f"{self.settled}：{self.question.rstrip('。')}，{self.taken.rstrip('。')}"


@dataclass(frozen=True, slots=True)
class MaterialNote:
    """A material (材料) to hand in: ``form`` is 原件/复印件/电子件…, ``sealed`` whether 加盖公章, ``source`` where to get it."""

    key: str
    name: str
    form: str
    sealed: bool
    source: str
    clause: str


@dataclass(frozen=True, slots=True)
class Over:
    """What a benefit comes to over time (折算): one period, the whole, and the months that are counted.

    ``period`` is 月, 年 or empty (paid once). Ends are whole fen, None where they can't be known; ``months`` are those
    counted, ``left`` those that the longest term (期限) still leaves. ``words`` says all of it in one phrase.
    """

    period: Literal["月", "年", ""]
    each: tuple[int, int] | None
    whole: tuple[int, int] | None
    months: int | None
    left: int | None
    words: str

    def headline(self, money: Callable[[int], str], *, ceiling: bool) -> str:
        """What it comes to, short: in all where the months are known (or it is paid once), else each month or year."""
        ends = self.whole if self.months is not None or not self.period else None
        start = "" if ends or not self.period else f"每{self.period}"
        low, high = ends or self.each or (0, 0)
        if high <= 0:
            return ""
        least = f"{money(low)}至 " if 0 < low < high else ""
        start += "最高" if ceiling else ""
        return f"{start}{' ' if start else ''}{least}{money(high)}"

    def to_json(self) -> dict[str, Any]:
        """As scripts read it: money as decimal strings in yuan."""
        each, whole = self.each or (None, None), self.whole or (None, None)
        return {
            "period": {"月": "month", "年": "year", "": "once"}[self.period],
            "each_min_yuan": yuan_or_none(each[0]), "each_max_yuan": yuan_or_none(each[1]),
            "whole_min_yuan": yuan_or_none(whole[0]), "whole_max_yuan": yuan_or_none(whole[1]),
            "months": self.months, "months_left": self.left, "words": self.words,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class OutsideNote:
    """An outside figure (外部参数) that the answer stands on: its value, from when to when, and who says so."""

    name: str
    value: str
    since: date | None
    until: date | None
    source: str
    words: str
    clause: str


@dataclass(frozen=True, slots=True)
class InHand:
    """在途: a letter that told the same applicant of the same benefit, and that no award was noted for since.

    ``certain`` is the sum that it stated in whole fen, ``ceiling`` one that is only a ceiling; neither where it stated none.
    """

    benefit: str
    serial: str
    on: date
    window: str
    certain: int | None = None
    ceiling: int | None = None

    @property
    def words(self) -> str:
        """The caution, in one phrase."""
        at = f"{self.window}号窗口" if self.window else ""
        if self.certain is not None:
            told = f"告知 {headline_sum(self.certain)}"
        else:
            told = f"告知最高 {headline_sum(self.ceiling)}" if self.ceiling is not None else "没有写定金额"
        day = f"{self.on.year}年{self.on.month}月{self.on.day}日"
        return (
            f"在途：{day}{at}已就本项出具告知书（{self.serial}），{told}，还没有登记领取；"
            "全年有限额的，两次合计不超过限额，请先核对"
        )

    def to_json(self) -> dict[str, Any]:
        """As scripts read it: money as decimal strings in yuan."""
        return {
            "serial": self.serial, "date": self.on.isoformat(), "window": self.window or None,
            "amount_yuan": yuan_or_none(self.certain), "max_yuan": yuan_or_none(self.ceiling), "words": self.words,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Another visit of the same applicant, as the register knows it: its benefits, its day, how it is named (``words``).

    ``letters`` is what other visits' letters of the year told; they stand in an entry of their own, which has no benefits.
    """

    benefits: frozenset[str]
    on: date
    words: str
    letters: tuple[InHand, ...] = ()


@dataclass(frozen=True, slots=True)
class OverlapNote:
    """竞合: benefits that would be the same matter as the one that is told of, and what the texts say of having both.

    ``state``: one was had, was asked for elsewhere, can be had or waits for a verdict (open), or is only possible. ``rule`` is
    the clause (empty: no text says anything), ``explicit`` whether its words themselves bind these. ``words`` says it all.
    """

    overlap: str
    matter: str
    benefits: tuple[str, ...]
    state: Literal["had", "elsewhere", "open", "possible"]
    rule: str
    explicit: bool
    words: str

    def to_json(self) -> dict[str, Any]:
        """As scripts read it."""
        return {
            "overlap": self.overlap, "matter": self.matter, "benefits": list(self.benefits), "state": self.state,
            "rule": self.rule or None, "explicit": self.explicit, "words": self.words,
        }  # fmt: skip


def yuan_or_none(fen: int | None) -> str | None:
    """Whole fen as a decimal string in yuan; None where there is no sum."""
    return None if fen is None else yuan(fen)
