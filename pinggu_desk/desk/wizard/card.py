"""One benefit's answer (测算结论) as a card of the live panel, changed in place as the form is filled in."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QHBoxLayout, QWidget

from pinggu_desk.assess.determination import Determination
from pinggu_desk.assess.notes import TraceLine
from pinggu_desk.desk.kit import Badge, Banner, Caption, Card, QuietButton, Subtitle, Title, Words
from pinggu_desk.desk.kit.basics import laid_out_once
from pinggu_desk.desk.theme import look
from pinggu_desk.desk.wizard import phrases
from pinggu_desk.desk.wizard.working import Place, Working

_FOLDED_SERVICE = "提供："


class ResultCard(Card):
    """Title, status, figure, what it means, how it came about, what is lacking, by when.

    What is ruled out is folded to its reasons; the rest shows the figure's own lines, and all of the working on
    demand. ``place_wanted`` carries a clause.
    """

    reader_role = QAccessible.Role.ListItem
    place_wanted = Signal(str)

    def __init__(self, place: Place, parent: QWidget | None = None) -> None:
        super().__init__(parent, margin=1.5, spacing=0.75)
        self._place = place
        self._shown: Determination | None = None
        self._open = self._brief = False
        self.setProperty("keep_whole", True)
        self.title, self.badge = Words(parent=self), Badge("", parent=self)
        self.title.setProperty("role", "question")
        head = QHBoxLayout()
        head.setSpacing(look().scale.grid(1))
        head.addWidget(self.title, 1)
        head.addWidget(self.badge, 0, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(head)
        self.figure, self.small_figure = Title(parent=self), Subtitle(parent=self)
        self.meaning = Caption(parent=self)
        self.lacking = Words(parent=self)
        self.services = Words(parent=self)
        self.notice = Banner("", "warn", self, quiet=True)
        self.calm = Caption(parent=self)
        self.working = Working(place, self)
        self.working.place_wanted.connect(self.place_wanted)
        self.notes, self.reading = Caption(parent=self), Banner("", "info", self, quiet=True)
        for widget in (
            self.figure, self.small_figure, self.meaning, self.lacking, self.notice, self.calm, self.services,
            self.working, self.reading, self.notes,
        ):  # fmt: skip
            widget.hide()
            self.body.addWidget(widget)
        self.more = QuietButton("全部过程", parent=self)
        self.more.clicked.connect(self._toggle)
        self.body.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)

    @property
    def determination(self) -> Determination | None:
        """What is shown."""
        return self._shown

    def show_determination(self, d: Determination, *, brief: bool = False) -> None:
        """Show how the benefit stands now; nothing moves that did not change.

        ``brief``: one card among many, where a reading is only named, and services wait until they can be had.
        """
        if d == self._shown and brief is self._brief:
            return
        self._brief = brief
        if self._shown is not None and d.benefit != self._shown.benefit:
            self._open = False
        self._shown = d
        with laid_out_once(self.body):
            self._show()

    def unfold(self) -> None:
        """Show all of the working."""
        if not self._open and self._shown is not None:
            self._toggle()

    def _toggle(self) -> None:
        self._open = not self._open
        self._show()

    def _show(self) -> None:
        d = self._shown
        assert d is not None
        refused = d.refused
        self.title.setText(d.title)
        self.badge.show_state(d.status_words, phrases.STATUS_KINDS[d.status])
        settled = d.status == "eligible"
        put(self.figure, d.headline if settled else "")
        put(self.small_figure, d.headline if not settled and not refused else "")
        put(self.meaning, phrases.meaning(d))
        put(self.lacking, "\n".join(phrases.lacking(d)) if not refused else "")
        short = self._brief and not self._open
        later = refused or (short and d.status == "unknown")
        put(self.services, "" if later else "\n".join(f"· {service}" for service in d.services))
        self._show_deadline(d)
        self.reading.show_words("\n".join(map(phrases.reading_named if short else phrases.reading, d.readings)), "info")
        notes = [note for note in d.notes if all(note != line.text for line in d.trace)]
        put(self.notes, "\n".join(notes) if not (short and later) else "")
        self._show_working(d)
        self.setAccessibleName(f"{d.title}，{d.status_words}，{d.headline}")
        self.setAccessibleDescription("；".join(filter(None, (phrases.meaning(d), *phrases.lacking(d)))))

    def _show_deadline(self, d: Determination) -> None:
        kind, words = phrases.deadline(d.deadline) if d.deadline is not None else ("plain", "")
        if d.status == "ineligible" and kind != "bad":
            words = ""  # it does not matter by when one may ask for what is not given
        loud = kind in ("bad", "warn")
        self.notice.show_words(words if loud else "", kind if loud else "warn")
        put(self.calm, "" if loud else words)

    def _show_working(self, d: Determination) -> None:
        brief = brief_lines(d)
        every = all_lines(d)
        lines, rest = every if self._open else brief, len(every) - len(brief)
        self.working.show_lines(lines, d.indicators if not d.refused or self._open else ())
        self.more.setText("收起" if self._open else f"全部过程（另有 {rest} 行）" if rest > 0 else "全部说明")
        self.more.setAccessibleName(f"{d.title} 的全部测算过程")
        hidden = self._brief and (d.readings or (d.status == "unknown" and (d.services or d.notes)))
        self.more.setVisible(rest > 0 or bool(hidden))


def brief_lines(d: Determination) -> list[TraceLine]:
    """The lines that are shown without asking: why not, or how the figure came about."""
    if d.status == "ineligible":
        return phrases.failing(d)
    if d.status == "unknown":
        return []  # a working full of what is not known yet helps nobody
    told = {one.clause for one in d.indicators}  # a table shows these
    return [
        line
        for line in d.trace
        if line.mark in ("value", "note") and line.clause not in told and not _is_service(d, line)
    ]


def all_lines(d: Determination) -> list[TraceLine]:
    """The whole working, without what only repeats a service that is listed by itself."""
    return [line for line in d.trace if not _is_service(d, line)]


def _is_service(d: Determination, line: TraceLine) -> bool:
    """Whether the line only repeats a service that is listed by itself."""
    return line.text.removeprefix(_FOLDED_SERVICE) in d.services


def put(label: Words | QuietButton, text: str) -> None:
    """Show a text; an empty one takes the label away. Nothing is laid out anew for what stays the same."""
    if label.text() != text:
        label.setText(text)
    if label.isHidden() is bool(text):
        label.setVisible(bool(text))
