"""One benefit's answer (测算结论) as a card of the live panel, changed in place as the form is filled in."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from pinggu_desk.assess.determination import Determination, TraceLine
from pinggu_desk.desk.kit import Badge, Banner, Caption, Card, QuietButton, ScrollColumn, Subtitle, Title, Words
from pinggu_desk.desk.theme import look
from pinggu_desk.desk.wizard import phrases
from pinggu_desk.desk.wizard.working import Place, Working

_FOLDED_SERVICE = "提供："


class ResultCard(Card):
    """Title, status, figure, what it means, how it came about, what is lacking, by when.

    What is ruled out is folded to its reasons; the rest shows the figure's own lines, and all of the working on
    demand. ``place_wanted`` carries a clause.
    """

    place_wanted = Signal(str)

    def __init__(self, place: Place, parent: QWidget | None = None) -> None:
        super().__init__(parent, margin=1.5, spacing=0.75)
        self._place = place
        self._shown: Determination | None = None
        self._open = False
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
        self.notice = Banner("", "warn", self)
        self.calm = Caption(parent=self)
        self.working = Working(place, self)
        self.working.place_wanted.connect(self.place_wanted)
        self.notes, self.reading = Caption(parent=self), Banner("", "info", self)
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

    def show_determination(self, d: Determination) -> None:
        """Show how the benefit stands now; nothing moves that did not change."""
        if d == self._shown:
            return
        if self._shown is not None and d.benefit != self._shown.benefit:
            self._open = False
        self._shown = d
        self.body.setEnabled(False)  # every label that comes or goes would lay the whole panel out again
        self._show()
        self.body.setEnabled(True)
        self.body.invalidate()

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
        refused = d.status == "ineligible"
        self.title.setText(d.title)
        self.badge.show_state(d.status_words, phrases.STATUS_KINDS[d.status])
        settled = d.status == "eligible"
        _put(self.figure, d.headline if settled else "")
        _put(self.small_figure, d.headline if not settled and not refused else "")
        _put(self.meaning, phrases.meaning(d))
        _put(self.lacking, "\n".join(phrases.lacking(d)) if not refused else "")
        _put(self.services, "\n".join(f"· {service}" for service in d.services) if not refused else "")
        self._show_deadline(d)
        self.reading.show_words("\n".join(map(phrases.reading, d.readings)), "info")
        _put(self.notes, "\n".join(note for note in d.notes if all(note != line.text for line in d.trace)))
        self._show_working(d)
        self.setAccessibleName(f"{d.title}，{d.status_words}，{d.headline}")
        self.setAccessibleDescription("；".join(filter(None, (phrases.meaning(d), *phrases.lacking(d)))))

    def _show_deadline(self, d: Determination) -> None:
        kind, words = phrases.deadline(d.deadline) if d.deadline is not None else ("plain", "")
        if d.status == "ineligible" and kind != "bad":
            words = ""  # it does not matter by when one may ask for what is not given
        loud = kind in ("bad", "warn")
        self.notice.show_words(words if loud else "", kind if loud else "warn")
        _put(self.calm, "" if loud else words)

    def _show_working(self, d: Determination) -> None:
        brief = _brief(d)
        lines = [line for line in d.trace if not _is_service(d, line)] if self._open else brief
        rest = len([line for line in d.trace if not _is_service(d, line)]) - len(brief)
        self.working.show_lines(lines, d.indicators if d.status != "ineligible" or self._open else ())
        self.more.setText("收起" if self._open else f"全部过程（另有 {rest} 行）")
        self.more.setAccessibleName(f"{d.title} 的全部测算过程")
        self.more.setVisible(rest > 0)


def _brief(d: Determination) -> list[TraceLine]:
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


def _is_service(d: Determination, line: TraceLine) -> bool:
    """Whether the line only repeats a service that is listed by itself."""
    return line.text.removeprefix(_FOLDED_SERVICE) in d.services


def _put(label: Words, text: str) -> None:
    if label.text() != text:
        label.setText(text)
    if label.isHidden() is bool(text):
        label.setVisible(bool(text))


class ResultPanel(QWidget):
    """The answer, always live: a card for each benefit that is asked for, the good news first."""

    place_wanted = Signal(str)

    def __init__(self, place: Place, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._place = place
        self.cards: dict[str, ResultCard] = {}
        self._order: list[str] = []
        scale = look().scale
        column = QVBoxLayout(self)
        column.setContentsMargins(0, scale.grid(2), 0, 0)
        column.setSpacing(scale.grid(0.5))
        head = QHBoxLayout()
        head.setContentsMargins(scale.grid(1), 0, scale.grid(2), 0)
        self._on = Caption("", self)
        self._on.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        head.addWidget(Subtitle("测算", self))
        head.addWidget(self._on, 1)
        column.addLayout(head)
        self.column = ScrollColumn(self, margin=1)
        self.column.setAccessibleName("测算结果")
        column.addWidget(self.column, 1)
        self._empty = Caption("没有选择申报事项。", self)
        self._contacts, self._last = Caption(parent=self), Caption("以主管部门审核为准", self)
        for widget in (self._empty, self._contacts, self._last):
            self.column.body.addWidget(widget)
        self.column.body.addStretch(1)

    def show_contacts(self, contacts: str) -> None:
        """Say whom to ask, once for all benefits."""
        _put(self._contacts, contacts)

    def show_all(self, determinations: tuple[Determination, ...], on: str) -> None:
        """Show the answers as they stand now."""
        self._on.setText(on)
        self.column.body.setEnabled(False)
        ordered = phrases.in_order(determinations)
        wanted = [d.benefit for d in ordered]
        for d in ordered:
            if d.benefit not in self.cards:
                card = self.cards[d.benefit] = ResultCard(self._place, self)
                card.place_wanted.connect(self.place_wanted)
            self.cards[d.benefit].show_determination(d)
        if wanted != self._order:
            self._arrange(wanted)
        self._empty.setVisible(not wanted)
        self.column.body.setEnabled(True)
        self.column.body.invalidate()

    def _arrange(self, wanted: list[str]) -> None:
        for benefit in self._order:
            if benefit not in wanted:
                self.cards[benefit].hide()
        self._order = wanted
        for index, benefit in enumerate(wanted):
            card = self.cards[benefit]
            if self.column.body.indexOf(card) != index:
                self.column.body.removeWidget(card)
                self.column.body.insertWidget(index, card)
            card.show()
