"""From column to column of 匹配 by keys, and what a closed enquiry no longer takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut

from pinggu_desk.desk.allowed import may_work

if TYPE_CHECKING:
    from pinggu_desk.desk.match.page import MatchPage


def take_keys(page: MatchPage) -> None:
    """Answer to the keys of the whole page: undo and redo, and the columns."""
    for keys, act in (
        ("Ctrl+Z", lambda: page.session.undo()), ("Ctrl+Y", lambda: page.session.redo()),
        ("Ctrl+Shift+Z", lambda: page.session.redo()), ("Alt+Right", lambda: next_column(page, 1)),
        ("Alt+Left", lambda: next_column(page, -1)),
    ):  # fmt: skip
        QShortcut(QKeySequence(keys), page).activated.connect(act)


def next_column(page: MatchPage, way: int) -> None:
    """Alt with an arrow: the questions, the list, the answer."""
    here = page.focusWidget()
    columns = (page.asking, page.list, page.answer)
    at = next((i for i, c in enumerate(columns) if here is not None and (c is here or c.isAncestorOf(here))), 0)
    target = columns[(at + way) % len(columns)]
    if target is page.asking:
        page.asking.ask(page.asking.name)
    elif target is page.answer:
        page.answer.card.more.setFocus(Qt.FocusReason.OtherFocusReason)
    else:
        page.list.setFocus(Qt.FocusReason.OtherFocusReason)


def show_closed(page: MatchPage) -> None:
    """Say that the enquiry is closed, and take no edits while it is."""
    closed, case = page.session.closed, page.session.case
    over = case is not None and case.state != "办理中" and may_work(page.session.services)
    page.closed.show_words(f"本次匹配{case.state}，不能再改。" if over and case is not None else "", "warn")
    page.asking.setEnabled(not closed)
    for button in (page.onward.several, page.onward.letter):
        button.setVisible(not closed)
    page.head.lock_up(closed)
    page.head.refresh()
    page.foot_changed.emit()
