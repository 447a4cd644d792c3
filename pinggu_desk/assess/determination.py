"""The answer for one benefit (测算结论), as every screen, sheet, letter and batch shows it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, NamedTuple, get_args

from pinggu_desk.policy import say
from pinggu_desk.policy.quantity import headline_sum, yuan

Status = Literal["eligible", "ineligible", "unknown", "review"]
Figure = Literal["computed", "up_to", "range", "by_review", "in_kind"]

#: status -> the word a clerk sees
STATUS_WORDS: dict[Status, str] = {
    "eligible": "可申请",
    "unknown": "需补充信息",
    "review": "需人工认定",
    "ineligible": "不符合",
}
#: who settles a figure that the text leaves open, where neither policy nor benefit says it in its own words (核定)
DECIDED = "由主管部门核定"


def figure_meaning(figure: Figure, decided: str = DECIDED, *, gap: bool = False) -> str:
    """What a kind of figure means in words, as carried onto screen, sheet and letter; ``decided`` as the text says it.

    A range that comes from a ``gap`` in the text is no published one: it says who has to settle it.
    """
    if figure == "range" and gap:
        return "原文未写明，在几种可能之间，由主管部门认定"
    words: dict[Figure, str] = {
        "computed": "按条款计算",
        "up_to": f"上限，具体{decided}",
        "range": f"只公布上下限，具体{decided}",
        "by_review": f"金额未公布，{decided}",
        "in_kind": "服务或待遇，原文没有写金额",
    }
    return words[figure]


#: kind of figure -> its meaning where nothing more is known of who decides
FIGURE_WORDS: dict[Figure, str] = {figure: figure_meaning(figure) for figure in get_args(Figure)}


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
    """A reading (口径待主管部门确认) that the answer rests on, the other reading and what it would change."""

    id: str
    clause: str
    question: str
    taken: str
    other: str
    effect: str


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

    def to_json(self) -> dict[str, Any]:
        """As scripts read it: money as decimal strings in yuan."""
        each, whole = self.each or (None, None), self.whole or (None, None)
        return {
            "period": {"月": "month", "年": "year", "": "once"}[self.period],
            "each_min_yuan": _money(each[0]), "each_max_yuan": _money(each[1]),
            "whole_min_yuan": _money(whole[0]), "whole_max_yuan": _money(whole[1]),
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
class Elsewhere:
    """Another visit of the same applicant, as the register knows it: its benefits, its day, how it is named (``words``)."""

    benefits: frozenset[str]
    on: date
    words: str


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


@dataclass(frozen=True, slots=True)
class Determination:
    """The determination (测算结论) for one benefit (支持事项) of one applicant on one date.

    Money is whole fen. ``amount_fen`` is given only for an exact figure of an eligible benefit; ``min_fen`` and
    ``max_fen`` are the published or computed ends, None where the text publishes none. ``gap`` says that the figure
    itself, and not only a condition, waits for an authority's verdict. ``optional`` are facts that would say more (what a
    rate comes to in money, how many persons) and that nothing waits for.
    """

    policy: str
    policy_title: str
    benefit: str
    title: str
    clause: str
    kind: str
    recipient: str
    status: Status
    figure: Figure | None
    amount_fen: int | None = None
    min_fen: int | None = None
    max_fen: int | None = None
    score: int | None = None
    rate_pct: str | None = None
    rate_min_pct: str | None = None
    rate_max_pct: str | None = None
    max_months: int | None = None
    missing: tuple[Missing, ...] = ()
    trace: tuple[TraceLine, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    deadline: DeadlineNote | None = None
    materials: tuple[MaterialNote, ...] = ()
    readings: tuple[ReadingNote, ...] = ()
    notes: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    gap: bool = False
    decided: str = DECIDED
    over: Over | None = None
    optional: tuple[Missing, ...] = ()
    outside: tuple[OutsideNote, ...] = ()
    answers: tuple[str, ...] = ()
    also: tuple[str, ...] = ()  # what it rests on beside ``clause``
    overlaps: tuple[OverlapNote, ...] = ()  # 竞合; their words stand among ``notes`` as well
    nearest: tuple[
        str, ...
    ] = ()  # of the facts that are missing, those of the nearest way, where there are several ways

    @property
    def clauses(self) -> tuple[str, ...]:
        """All that the benefit rests on, the clause that offers it first."""
        return (self.clause, *self.also)

    @property
    def status_words(self) -> str:
        """可申请 / 需补充信息 / 需人工认定 / 不符合; of a check (核对) that is settled, its own answer (达标 / 未达标)."""
        return self._answer or STATUS_WORDS[self.status]

    @property
    def _answer(self) -> str:
        return dict(zip(("eligible", "ineligible"), self.answers, strict=False)).get(self.status, "")

    @property
    def refused(self) -> bool:
        """Whether it is a thing that is not given; a check that came out as 未达标 refuses nothing."""
        return self.status == "ineligible" and not self._answer

    def lacking(self, most: int | None = None) -> list[str]:
        """What is lacking, a phrase each: facts to state, outside figures to enter, verdicts and who gives them.

        Of several ways that would do, the facts of the nearest are named, at ``most`` so many.
        """
        asks = [m.name for m in self.missing if m.kind == "ask"]
        said = [say.still_asked(say.asked(self.nearest, asks, most))] if asks else []
        for m in self.missing:
            if m.code == "text_in_force":
                said.append(say.text_of_then(m.why, m.who))
            elif m.kind == "parameter":
                said.append(say.still_unknown(m.name, m.why))
            elif m.kind == "verdict":
                said.append(say.still_decided(m.who, m.name, m.why))
        return said

    @property
    def failed(self) -> tuple[TraceLine, ...]:
        """The lines of the working that rule it out, each once though several clauses may say it; else none."""
        if self.status != "ineligible":
            return ()
        first = {line.text: line for line in reversed(self.trace) if line.mark == "fails"}
        return tuple(line for line in self.trace if first.get(line.text) is line)

    @property
    def ground_line(self) -> str:
        """Why it is ruled out, in one line of about 60 characters: what was stated, what is asked, the difference.

        Of several grounds as many as fit, of several ways the nearest, the others counted. Its citation stands apart, in
        ``ground_clauses``. Empty for what is not ruled out.
        """
        return say.in_one_line([line.brief for line in self.failed])

    @property
    def ground_clauses(self) -> tuple[str, ...]:
        """All that the grounds rest on, those of the ground that is told first to begin with."""
        return tuple(dict.fromkeys(clause for line in self.failed for clause in line.clauses)) or self.clauses

    @property
    def figure_words(self) -> str:
        """What the figure means, in words (按条款计算 …); empty when the benefit is ruled out or the kind is open."""
        if self.figure == "range" and self.gap:
            return figure_meaning(self.figure, gap=True) if self.status != "ineligible" else ""
        if not self.figure or self.status == "ineligible" or self.answers:
            return ""
        words = figure_meaning(self.figure, self.decided)
        return f"{words}；{self.over.words}" if self.over is not None and self.over.words else words

    @property
    def headline(self) -> str:
        """The figure as one short phrase: ``40.00 万元``, ``最高 100.00 万元``, ``500.00 万元至 7,000.00 万元`` …

        A ceiling, a range or a discretion is never worded as a sum (promise 3, 诚实).
        """
        return self.headline_in(headline_sum)

    def headline_in(self, money: Callable[[int], str]) -> str:
        """The headline with sums of fen as ``money`` says them: a form's column may be in another unit than 万元."""
        if self._answer:
            short = "、".join(f"{i.name}{i.difference}" for i in self.indicators if i.passed is False)
            return f"{self._answer}（{short}）" if short else self._answer
        if self.status == "ineligible":
            return "不予支持"
        if self.figure == "in_kind":
            return "服务事项"
        if self.rate_pct is not None:
            whole = money(self.amount_fen) if self.amount_fen is not None else ""
            return f"{whole}（{self.rate_noun} {self.rate_pct}%）" if whole else f"{self.rate_noun} {self.rate_pct}%"
        if self.rate_max_pct is not None:
            low = f"{self.rate_min_pct}% 至 " if self.rate_min_pct is not None else ""
            ceiling = "最高 " if self.figure == "up_to" else "" if low else "不超过 "
            return f"{self.rate_noun} {low or ceiling}{self.rate_max_pct}%"
        if self.figure == "computed" and self.amount_fen is not None:
            return money(self.amount_fen)
        if self.figure == "range" and self.min_fen is not None and self.max_fen is not None:
            return f"{money(self.min_fen)}至 {money(self.max_fen)}"
        if self.figure == "computed" and self.max_fen is not None:
            met = "符合条件时" if self.min_fen == self.max_fen else "不超过"
            return f"{met} {money(self.max_fen)}"
        if self.figure == "up_to" and self.max_fen is not None:
            return f"最高 {money(self.max_fen)}"
        if self.figure == "by_review":
            return self.decided
        return "待补充后测算" if self.status == "unknown" else "由主管部门认定"

    @property
    def rate_noun(self) -> str:
        """What a share is a share of or for: a bare 60% says nothing."""
        return {"interest": "贴息比例", "loan": "贷款比例", "price_preference": "价格扣除比例"}.get(
            self.kind, "补贴比例"
        )

    @property
    def reading_words(self) -> str:
        """口径待主管部门确认, when the answer rests on a reading; else empty."""
        return "口径待主管部门确认" if self.readings else ""

    def to_json(self) -> dict[str, Any]:
        """The determination as scripts read it: money as decimal strings in yuan."""
        out: dict[str, Any] = {
            "policy": self.policy,
            "benefit": self.benefit,
            "title": self.title,
            "kind": self.kind,
            "recipient": self.recipient,
            "status": self.status,
            "figure": self.figure,
            "amount_yuan": _money(self.amount_fen),
            "min_yuan": _money(self.min_fen),
            "max_yuan": _money(self.max_fen),
            "score": self.score,
            "missing": [
                {"name": m.name, "id": m.code, "kind": m.kind, "who": m.who, "why": m.why} for m in self.missing
            ],
            "trace": [
                {"text": t.text, "clause": t.clause, "clauses": list(t.clauses), "mark": t.mark} for t in self.trace
            ],
            "clause": self.clause,
            "clauses": list(self.clauses),
        }
        if self.missing:
            out["lacking"] = self.lacking()
        if self.failed:
            out["ground"] = {"text": self.ground_line, "clauses": list(self.ground_clauses)}
        if self.nearest:
            out["missing_nearest"] = list(self.nearest)
        if self.rate_pct is not None:
            out["rate_pct"] = self.rate_pct
        if self.rate_max_pct is not None:
            out |= {"rate_min_pct": self.rate_min_pct, "rate_max_pct": self.rate_max_pct}
        if self.max_months is not None:
            out["max_months"] = self.max_months
        if self.over is not None:
            out["over"] = self.over.to_json()
        if self.optional:
            out["optional"] = [{"name": m.name, "id": m.code, "why": m.why} for m in self.optional]
        if self.indicators:
            out["indicators"] = [
                {
                    "name": i.name,
                    "value": i.value,
                    "bound": i.bound,
                    "difference": i.difference,
                    "score": i.score,
                    "pass": i.passed,
                    "clause": i.clause,
                }
                for i in self.indicators
            ]
        if self.deadline is not None:
            d = self.deadline
            out["deadline"] = {
                "date": d.day.isoformat() if d.day else None,
                "counted": d.text,
                "provisional": d.provisional,
                "pending": d.pending or None,
                "passed": d.passed,
                "clause": d.clause,
            }
        out["materials"] = [
            {"name": m.name, "form": m.form, "sealed": m.sealed, "clause": m.clause} for m in self.materials
        ]
        if self.readings:
            out["reading"] = [
                {"id": r.id, "clause": r.clause, "taken": r.taken, "other": r.other, "effect": r.effect}
                for r in self.readings
            ]
        if self.outside:
            out["parameters"] = [
                {
                    "name": o.name, "value": o.value, "since": o.since.isoformat() if o.since else None,
                    "until": o.until.isoformat() if o.until else None, "source": o.source, "clause": o.clause,
                }
                for o in self.outside
            ]  # fmt: skip
        if self.services:
            out["services"] = list(self.services)
        if self.notes:
            out["notes"] = list(self.notes)
        if self.overlaps:
            out["overlaps"] = [note.to_json() for note in self.overlaps]
        return out


def _money(fen: int | None) -> str | None:
    return None if fen is None else yuan(fen)


@dataclass(frozen=True, slots=True)
class Award:
    """A past award (以往奖励) as the register or the command line gives it; ``amount_fen`` whole fen."""

    policy: str
    benefit: str
    amount_fen: int
    on: date
    matter: str = ""


@dataclass(frozen=True, slots=True)
class Assessment:
    """All determinations of one run, with what they were judged by."""

    on: date
    pack_version: str
    determinations: tuple[Determination, ...]
    stated: tuple[tuple[str, str], ...] = field(default=())
