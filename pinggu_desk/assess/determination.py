"""The answer for one benefit (测算结论), as every screen, sheet, letter and batch shows it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Literal, get_args

from pinggu_desk.assess.notes import (
    DeadlineNote,
    Indicator,
    InHand,
    MaterialNote,
    Missing,
    OutsideNote,
    Over,
    OverlapNote,
    ReadingNote,
    TraceLine,
    yuan_or_none,
)
from pinggu_desk.policy import say, sayways
from pinggu_desk.policy.quantity import headline_sum

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


class _Made:
    """Where a determination keeps what makes its attributes; of one that was put together at once it is never set."""

    __slots__ = ("_made",)

    _made: Callable[[str], Any]


@dataclass(frozen=True, slots=True)
class Determination(_Made):
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
    settled: tuple[ReadingNote, ...] = ()
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
    in_hand: tuple[InHand, ...] = ()  # 在途; their words stand first among ``notes``
    again: tuple[
        str, ...
    ] = ()  # when the very same was had before, where no rule settles that; among ``notes`` as well
    nearest: tuple[
        str, ...
    ] = ()  # of the facts that are missing, those of the nearest way, where there are several ways

    @classmethod
    def made_by(cls, maker: Callable[[str], Any]) -> Determination:
        """A determination whose attributes are made when they are first looked at, each by ``maker`` of its name."""
        made = object.__new__(cls)
        object.__setattr__(made, "_made", maker)
        return made

    if not TYPE_CHECKING:  # or every misspelt attribute would pass for one

        def __getattr__(self, name: str) -> Any:
            """An attribute that nobody looked at yet: Python asks here where a slot is still empty."""
            if name not in type(self).__slots__:
                raise AttributeError(name, name=name, obj=self)
            value = self._made(name)
            object.__setattr__(self, name, value)
            return value

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
        asks = {m.name: m.words for m in self.missing if m.kind == "ask"}
        near = [asks.get(name, name) for name in self.nearest]
        said = [say.still_asked(say.asked(near, list(asks.values()), most))] if asks else []
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

        Of several grounds as many as fit, of several ways the nearest, the others counted. Where a reading was settled that rules it
        out, by whose word. Its citation stands apart, in ``ground_clauses``. Empty for what is not ruled out.
        """
        line = sayways.in_one_line([line.brief for line in self.failed])
        by = "；".join(dict.fromkeys(one.settled for one in self.settled))
        return f"{line}（{by}）" if line and by else line

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
            short = "、".join(i.lacks for i in self.indicators if i.passed is False)
            return f"{self._answer}（{short}）" if short else self._answer
        if self.status == "ineligible":
            return "不予支持"
        if self.figure == "in_kind":
            return "服务事项"
        if self.rate_pct is not None:
            return self._with_money(f"{self.rate_noun} {self.rate_pct}%", money)
        if self.rate_max_pct is not None:
            low = f"{self.rate_min_pct}% 至 " if self.rate_min_pct is not None else ""
            ceiling = "最高 " if self.figure == "up_to" else "" if low else "不超过 "
            return self._with_money(f"{self.rate_noun} {low or ceiling}{self.rate_max_pct}%", money)
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

    def _with_money(self, rate: str, money: Callable[[int], str]) -> str:
        """A rate with the sum that it comes to, where that is known: in all, else a month or a year; a rate alone tells no money."""
        comes_to = "" if self.amount_fen is None else money(self.amount_fen)
        if not comes_to and self.over is not None and self.figure is not None:
            comes_to = self.over.headline(money, ceiling=self.figure == "up_to")
            if comes_to and self.figure == "computed" and self.status != "eligible":
                comes_to = f"符合条件时 {comes_to}"
        return f"{comes_to}（{rate}）" if comes_to else rate

    @property
    def rate_noun(self) -> str:
        """What a share is a share of or for: a bare 60% says nothing."""
        return {"interest": "贴息比例", "loan": "贷款比例", "price_preference": "价格扣除比例"}.get(
            self.kind, "补贴比例"
        )

    @property
    def reading_words(self) -> str:
        """口径待主管部门确认, when the answer rests on a reading; by whose word, when on one that was settled; else empty."""
        open_ = ("口径待主管部门确认",) if self.readings else ()
        return "；".join((*open_, *dict.fromkeys(one.settled for one in self.settled)))

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
            "amount_yuan": yuan_or_none(self.amount_fen),
            "min_yuan": yuan_or_none(self.min_fen),
            "max_yuan": yuan_or_none(self.max_fen),
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
        if self.settled:
            out["settled"] = [
                {"id": r.id, "clause": r.clause, "question": r.question, "taken": r.taken, "by": r.settled}
                for r in self.settled
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
        if self.in_hand:
            out["in_hand"] = [one.to_json() for one in self.in_hand]
        return out


@dataclass(frozen=True, slots=True)
class Assessment:
    """All determinations of one run, with what they were judged by."""

    on: date
    pack_version: str
    determinations: tuple[Determination, ...]
    stated: tuple[tuple[str, str], ...] = field(default=())
