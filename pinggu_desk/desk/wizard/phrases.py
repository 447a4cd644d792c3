"""What is said of a determination on the screen beside its own words: what is lacking, by when, which reading."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pinggu_desk.assess.determination import Determination, Status
from pinggu_desk.assess.notes import DeadlineNote, ReadingNote, TraceLine
from pinggu_desk.desk.kit import Kind
from pinggu_desk.desk.words import day_words
from pinggu_desk.policy import say
from pinggu_desk.policy.capital import CAPITAL_MAX_FEN, capital
from pinggu_desk.policy.corrections import contact_line
from pinggu_desk.policy.models import Policy

#: status -> the kind of badge
STATUS_KINDS: dict[Status, Kind] = {"eligible": "good", "unknown": "warn", "review": "info", "ineligible": "plain"}
#: the order in which the answers are shown: what can be had, what only others have yet to decide, what is open, what is not
STATUS_ORDER: dict[Status, int] = {"eligible": 0, "review": 1, "unknown": 2, "ineligible": 3}
#: of more benefits than this, those that are open or ruled out are gathered
MANY = 6
#: so many that are open stand in full among the many
FEW = 3
#: a deadline this near is a warning
SOON_DAYS = 3
_NAMED = 8


def in_order(determinations: tuple[Determination, ...]) -> list[Determination]:
    """可申请 first, then what others decide, then what lacks an answer, then what is ruled out."""
    return sorted(determinations, key=lambda d: STATUS_ORDER[d.status])


def meaning(d: Determination) -> str:
    """What the figure means and, for a settled sum, the same in capitals (大写)."""
    settled = d.amount_fen is not None and 0 <= d.amount_fen <= CAPITAL_MAX_FEN
    words = capital(d.amount_fen) if settled and d.amount_fen is not None else ""
    months = f"最长 {d.max_months} 个月" if d.max_months is not None and d.status != "ineligible" else ""
    return "　".join(part for part in (words, d.figure_words, months) if part)


def lacking(d: Determination) -> list[str]:
    """What is lacking: 还缺 what, which outside figure, who decides what; of many questions as many as a card has room for."""
    return d.lacking(_NAMED)


def failing(d: Determination) -> list[TraceLine]:
    """The lines of the working that rule it out, each said once though several clauses may say it."""
    return list(d.failed)


def too_many(determinations: Sequence[Determination]) -> list[Status]:
    """The statuses whose benefits are too many to stand one by one, in the order in which they are shown."""
    if len(determinations) <= MANY:
        return []
    folding: tuple[Status, ...] = ("unknown", "ineligible")
    return [status for status in folding if sum(d.status == status for d in determinations) > FEW]


def gathered(determinations: Sequence[Determination]) -> list[str]:
    """Many benefits of one status, a line each: the open ones with what they lack, fewest first; the others by reason."""
    if all(d.status == "ineligible" for d in determinations):
        return [f"{'、'.join(d.title for d in group)}：{reason}" for reason, group in by_reason(determinations).items()]
    lines = {d.benefit: sum(m.kind == "ask" for m in d.missing) for d in determinations}
    ordered = sorted(
        determinations, key=lambda d: lines[d.benefit] or len(lines) * 100
    )  # no question left: others decide
    return [f"{d.title}　还缺 {lines[d.benefit]} 项" if lines[d.benefit] else d.title for d in ordered]


def by_reason(determinations: Iterable[Determination]) -> dict[str, list[Determination]]:
    """Benefits that are ruled out by the first reason why, in order."""
    groups: dict[str, list[Determination]] = {}
    for d in determinations:
        lines = failing(d)
        groups.setdefault(bare(lines[0]) if lines else d.headline, []).append(d)
    return groups


def bare(line: TraceLine) -> str:
    """A line of the working without the verdict at its end, which a mark shows."""
    return say.bare(line.text)


def deadline(note: DeadlineNote) -> tuple[Kind, str]:
    """By when, how much is left, and how loudly to say it."""
    late = f"，逾期{note.consequence.strip('，。；')}" if note.consequence else ""
    if note.day is None:
        return "plain", f"时限：{note.text}{late}。"
    day = day_words(note.day)
    if note.passed:
        real = f"，{note.today}" if note.today else ""
        return "bad", f"期限已过：{note.text}，最后一日是{day}{late}{real}。"
    if note.provisional:
        return "info", f"时限：{note.text}，最后一日暂按{day}计（{note.why_provisional}）{late}。"
    left = note.days_left
    if note.today:
        return "warn", f"{note.today}：{note.text}，最后一日是{day}{late}。"
    if left is None:
        return "plain", f"时限：{note.text}，最后一日是{day}{late}。"
    if left <= SOON_DAYS:
        when = "今天是最后一天" if left == 0 else f"只剩 {left} 个工作日"
        return "warn", f"{when}：{note.text}，最后一日是{day}{late}。"
    return "plain", f"还有 {left} 个工作日：{note.text}，最后一日是{day}{late}。"


def reading_named(note: ReadingNote) -> str:
    """That the answer rests on a reading, and of what."""
    return f"口径待主管部门确认：{note.question}。"


def reading(note: ReadingNote) -> str:
    """The reading that the answer rests on, the other one, and what that would change."""
    parts = (f"所取读法：{note.taken}", f"另一读法：{note.other}", f"影响：{note.effect}" if note.effect else "")
    return f"口径待主管部门确认：{note.question}。" + "；".join(part for part in parts if part) + "。"


def ahead(changes: Sequence[str]) -> str:
    """What changes after the day of judgement (即将变化), one or a line each; empty where nothing does."""
    if len(changes) == 1:
        return f"即将变化：{changes[0]}。"
    return "\n".join(("即将变化：", *(f"· {words}。" for words in changes))) if changes else ""


def contacts(policy: Policy) -> str:
    """Whom to call on the day of judgement, a line each."""
    return "\n".join(contact_line(one) for one in policy.contacts)
