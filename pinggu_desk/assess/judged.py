"""What is said where the day of judgement (判断日) is not today: on screen and on paper, in the same words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from pinggu_desk.assess.determination import Determination
from pinggu_desk.assess.notes import DeadlineNote


def _words(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def judged_words(on: date, today: date) -> str:
    """That the judgement is of another day than today, and what that means; empty where it is of today."""
    if on == today:
        return ""
    if on > today:
        return (
            f"判断日是{_words(on)}，在今天（{_words(today)}）之后：到时政策文本和申请人的情况都可能变化，"
            "结论只供预估，办理时应重新测算。"
        )
    return (
        f"判断日是{_words(on)}，不是今天（{_words(today)}）：结论按判断日有效的政策文本和当日的情况作出，"
        "今天办理的，应按今天重新测算。"
    )


def seen_today(d: Determination, on: date, today: date) -> Determination:
    """A determination whose deadline is told against the real day; the same where that is the day of judgement."""
    if d.deadline is None or on == today:
        return d
    return replace(d, deadline=deadline_seen(d.deadline, on, today))


def deadline_seen(note: DeadlineNote, on: date, today: date) -> DeadlineNote:
    """A deadline as it stands today: no days are counted from another day, and its last day is held against today."""
    if on == today or note.day is None:
        return note
    said = ""
    if today == note.day and not note.provisional:
        said = "今天是最后一天"
    elif today > note.day and not note.provisional:
        said = f"今天（{_words(today)}）已过该日"
    elif note.passed:
        said = f"今天（{_words(today)}）还没有过该日"
    return replace(note, days_left=None, today=said)
