"""The time limit of one benefit in one case (时限): the last day, whether it is past, and what stays open about it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from pinggu_desk.assess.explain import Explainer
from pinggu_desk.assess.notes import DeadlineNote
from pinggu_desk.policy import forms as f
from pinggu_desk.policy.corrections import arranged_by
from pinggu_desk.policy.forms import Expr
from pinggu_desk.policy.models import Deadline

if TYPE_CHECKING:
    from pinggu_desk.assess.rules import Rule
    from pinggu_desk.assess.run import Run


def deadline_note(run: Run, rule: Rule, explainer: Explainer) -> DeadlineNote | None:
    """The benefit's time limit; None where it has none or it doesn't bind this applicant.

    Where the text leaves open from which day the term counts (另起), the day told is the earlier of the two, safe however it is
    read; once that is past, the later one, with the gap in words. While the first start is not stated, the other is counted from, and
    nothing is called safe.
    """
    deadline = rule.benefit.deadline
    if deadline is None or (deadline.when is not None and explainer.span(deadline.when) == (0, 0)):
        return None
    note = _counted(run, explainer, deadline, deadline.start, deadline.last_day, deadline.cite[0])
    if deadline.other is None or explainer.span(deadline.other.when) == (0, 0):
        return note
    other = deadline.other
    also = _counted(run, explainer, deadline, other.start, other.last_day, other.cite[0])
    if note.day is None and also.day is not None:
        words = f"{other.why}；{deadline.start}还没有填，这里先按{other.start}计"
        return replace(_saying(also, words), passed=also.passed or None, days_left=None)
    if also.day is not None and note.day is not None and also.day < note.day:
        note, also = also, note
    if note.passed is False or note.day is None:
        return _saying(note, f"{other.why}，按较早的一天算，两种起算都不会逾期")
    if note.passed and also.passed:
        return also
    return replace(_saying(also, f"{other.why}，由{other.who}认定"), passed=None)


def _saying(note: DeadlineNote, words: str) -> DeadlineNote:
    return replace(note, text=f"{note.text.removesuffix('）')}；{words}）")


def _counted(
    run: Run, explainer: Explainer, deadline: Deadline, since: str, last: Expr, clause: str
) -> DeadlineNote:  # fmt: skip
    """The last day as counted from one start."""
    assert isinstance(last, f.After)
    text = f"自{since}起{deadline.term}内（起算日不计入）"
    start = explainer.span(last.base)
    if start[0] != start[1]:
        open_ = DeadlineNote(text, None, False, None, clause, deadline.consequence)
        return _saying(open_, missing) if (missing := explainer.unstated(last.base)) else open_
    low, high = explainer.span(last)
    on = run.answers.on.toordinal()
    calendar = run.engine.slots.calendar(run.engine.pack.calendar, on)
    settled = low == high
    day = date.fromordinal(low if settled else calendar.provisional(start[0], last.term.value))
    passed = True if on > high else False if on <= low else None
    left = calendar.between(on, day.toordinal()) if settled and not passed else None
    pending = "" if settled else calendar.pending(start[0], day.toordinal())
    note = DeadlineNote(text, day, not settled, passed, clause, deadline.consequence, left, pending)
    years = date.fromordinal(start[0]).year, date.fromordinal(high).year
    entered = arranged_by(run.engine.corrections, run.answers.on, *years) if run.engine.slots.calendars else ""
    return _saying(note, entered) if entered else note
