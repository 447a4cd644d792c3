"""The working (测算过程) as text with places in it that open the whole text there, by mouse or by Tab and Enter."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from html import escape

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget
from typing_extensions import override

from pinggu_desk.assess.notes import Indicator, TraceLine
from pinggu_desk.desk.kit.accessible import announce
from pinggu_desk.desk.theme import look
from pinggu_desk.desk.wizard.phrases import bare

_MARKS = {"holds": "√ ", "fails": "× ", "open": "？ ", "value": "", "note": ""}
_SPOKEN = {"holds": "符合：", "fails": "不符合：", "open": "待补充：", "value": "", "note": ""}
#: a line of many sentences names so many places; the papers name all
_MOST_PLACES = 4
_JOIN = "\u2060"
Place = Callable[[str], str]


class Working(QLabel):
    """Lines with the places of their clauses as links. ``place_wanted`` carries the clause of the one that was taken.

    Everything but the links is escaped: what an applicant typed is shown, never obeyed.
    """

    place_wanted = Signal(str)

    def __init__(self, place: Place, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._place = place
        self._lines: tuple[TraceLine, ...] = ()
        self._indicators: tuple[Indicator, ...] = ()
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setWordWrap(True)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.linkActivated.connect(self.place_wanted)
        self.hide()

    def show_lines(self, lines: Iterable[TraceLine], indicators: Iterable[Indicator] = ()) -> None:
        """Show these lines and indicators, nothing if there are none."""
        wanted = tuple(lines), tuple(indicators)
        if wanted == (self._lines, self._indicators):
            return
        self._lines, self._indicators = wanted
        self._write()

    def _write(self) -> None:
        # the points come before the sum that the lines make of them
        parts = [self._indicator(i) for i in self._indicators] + [self._line(line) for line in self._lines]
        self.setText("".join(f'<p style="margin:0 0 4px 0">{part}</p>' for part in parts))
        reach = Qt.TextInteractionFlag
        # lines without a place to open take no focus: there would be nothing to do there
        self.setTextInteractionFlags(
            reach.TextBrowserInteraction if "<a href" in self.text() else reach.TextSelectableByMouse
        )
        spoken = [f"{i.name} {i.value}，{i.result}，{i.bound}" for i in self._indicators]
        spoken += [f"{_SPOKEN[line.mark]}{bare(line)}，{self._places(line)}" for line in self._lines]
        self.setAccessibleName("测算过程")
        self.setAccessibleDescription("；".join(spoken))
        self.setVisible(bool(parts))

    def _line(self, line: TraceLine) -> str:
        links = "".join(map(self._link, self._told(line)))
        return f"{_MARKS[line.mark]}{escape(bare(line))}{links}"

    def _told(self, line: TraceLine) -> list[str]:
        """The clauses that a line rests on, one a place of the text, so many as a line bears."""
        by: dict[str, str] = {}
        for clause in line.clauses:
            by.setdefault(self._place(clause), clause)
        return list(by.values())[:_MOST_PLACES]

    def _places(self, line: TraceLine) -> str:
        return "，".join(map(self._place, self._told(line)))

    def _indicator(self, one: Indicator) -> str:
        small = f'<span style="font-size:{look().scale.small}px; color:{look().tokens.soft}">'
        return (
            f"{escape(one.name)}　{escape(one.value)}　<b>{escape(one.result)}</b>"
            f"<br>{small}{escape(one.bound)}</span>{self._link(one.clause)}"
        )

    def _link(self, clause: str) -> str:
        place = self._place(clause) if clause else ""
        if not place:
            return ""
        style = f"font-size:{look().scale.small}px; color:{look().tokens.accent}; text-decoration:none"
        whole = _JOIN.join(place)  # a place is not broken over two lines
        return f'　<a href="{escape(clause)}" style="{style}">{escape(whole)}</a>'

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        """By Tab one comes to the first place at once (by Shift+Tab to the last): Qt would first stand on none, unseen."""
        super().focusInEvent(event)
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            self.focusNextPrevChild(event.reason() is Qt.FocusReason.TabFocusReason)

    @override
    def focusNextPrevChild(self, onward: bool) -> bool:
        moved = super().focusNextPrevChild(onward)
        if moved and self.hasFocus() and (place := self.selectedText().replace(_JOIN, "")):
            announce(self, f"{place}，回车看原文")
        return moved

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.hasFocus():
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(look().tokens.accent), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)
            painter.end()

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange and (self._lines or self._indicators):
            self._write()
