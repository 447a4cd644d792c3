"""What one key does at 匹配, and in which order it is painted: its answer, the working of it, and only then the next question."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from pinggu_desk.desk.kit.basics import paint_now, settle

if TYPE_CHECKING:
    from pinggu_desk.desk.match.page import MatchPage

_IDLE_MS = 120  # after the last key, what the next Enter will want is worked out ahead


class Turn(QObject):
    """Brings the page up to each change of the enquiry.

    First what the clerk looks for (the key's own mark, the list in sight, the counters, the certain sum) is painted, then the bundle
    and the working beside it, both before anything else is handled: what is stale stands beside a new figure no longer than
    that. Where the key also goes on, the next question is looked for after them.
    """

    def __init__(self, page: MatchPage) -> None:
        super().__init__(page)
        self._page = page
        self._held = self._owed = False  # while one key answers and asks on, its question waits for its answer
        self._asked_on = False  # a question was asked since the last change
        self.shows = False  # while all is shown anew, where one stands is shown with it
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.setInterval(_IDLE_MS)
        self._idle.timeout.connect(self._look_ahead)

    @contextmanager
    def showing(self) -> Iterator[None]:
        """All is shown anew within."""
        self.shows = True
        try:
            yield
        finally:
            self.shows = False

    def answering(self, begins: bool) -> None:
        """A key on 是 or 否 answers, and goes on to the next question: its answer is painted before that is looked for."""
        self._held = begins
        if not begins and self._owed:
            self._owed = False
            self._finish()
            settle(self._page.asking.widget(), self._page.answer.widget())

    def asked(self, fact: str) -> None:
        """A question is asked: one stands on what it is about, and its column was brought up to the answer with it."""
        page, match = self._page, self._page.session.enquiry.match
        self._asked_on = True
        with self.showing():
            page.list.follow(fact, match)
        page.answer.go_on_to(match, page.list.benefit)

    def changed(self) -> None:
        """Something was answered, or what was known is other."""
        page = self._page
        had, self._asked_on = page.foot(), False
        if not page.told.isHidden():
            page.told.show_words("")
            settle()
        page.show_answer()
        self._paint()
        page.answer_painted.emit()
        page.show_working()
        settle(page.answer.widget())
        self._paint()
        page.working_painted.emit()
        if self._held:
            self._owed = True
        else:
            self._finish()
            settle(page.asking.widget(), page.answer.widget())
        if had != page.foot():
            page.foot_changed.emit()

    def _paint(self) -> None:
        if self._page.isVisible():
            paint_now(self._page)

    def _finish(self) -> None:
        """What is beside the answer: the column of the question, and what an idle moment works out."""
        page = self._page
        if not self._asked_on:
            page.asking.refresh()
        if page.stack.currentIndex() == 2:
            page.triage.refresh()
        self._idle.start()

    def _look_ahead(self) -> None:
        """Work out what the next key may want, while nobody types."""
        page, enquiry = self._page, self._page.session.enquiry
        assert enquiry.question is None or enquiry.question.fact
        if page.comparing.other is not None:
            page.comparing.renew(enquiry.match.answers)
            page.answer.show_match(enquiry, page.list.benefit, page.comparing.other)
