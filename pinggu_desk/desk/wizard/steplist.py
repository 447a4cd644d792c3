"""The steps at the left: what is done, what is wrong, what is left; any may be opened at any time."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QColor, QFont, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget
from typing_extensions import override

from pinggu_desk.assess.views import StepKey, StepView
from pinggu_desk.desk.icons import paint_icon
from pinggu_desk.desk.kit import Caption, ScrollColumn, Subtitle
from pinggu_desk.desk.theme import look
from pinggu_desk.desk.wizard.valuepast import KEY as PAST

_KEYS = "F1 原文　Esc 返回\nAlt+← → 上一步、下一步\nCtrl+Z 撤销　Ctrl+Y 重做"
#: the same where one stands in a field: where its value came from
_FIELD_KEYS = _KEYS.replace("\n", f"\n{PAST} 这一项的来历\n", 1)


class StepRow(QAbstractButton):
    """One step: its number, its title, and ✓, 有误 n or 还缺 n."""

    reader_role = QAccessible.Role.ListItem

    def __init__(self, key: StepKey, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.key = key
        self._number, self._view = 0, StepView(key, "", 0, 0, done=False)
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_step(self, number: int, view: StepView) -> None:
        """Show how the step stands."""
        if (number, view) == (self._number, self._view):
            return
        self._number, self._view = number, view
        self.setText(f"{number}  {view.title}")
        state = view.summary or ("已完成" if view.done else "")
        self.setAccessibleName(f"第 {number} 步 {view.title}" + (f"，{state}" if state else ""))
        self.updateGeometry()
        self.update()

    @override
    def sizeHint(self) -> QSize:
        scale = look().scale
        bold, small = QFont(self.font()), QFont(self.font())
        bold.setBold(True)
        small.setPixelSize(scale.small)
        width = QFontMetrics(bold).horizontalAdvance(self.text())
        width += QFontMetrics(small).horizontalAdvance(self._view.summary) if self._view.summary else 0
        width += round(scale.body * 1.1) + scale.grid(0.5) if self._view.errors or not self._view.left else 0
        return QSize(width + scale.grid(3), self.fontMetrics().height() + scale.grid(2))

    @override
    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        self.updateGeometry()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.focusNextPrevChild(event.key() == Qt.Key.Key_Down)
        else:
            super().keyPressEvent(event)

    @override
    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens, scale = look().tokens, look().scale
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        whole = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        here = self.isChecked()
        if here or self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.accent_on))
            painter.drawRoundedRect(whole, 6, 6)
        if self.hasFocus():
            painter.setPen(QPen(QColor(tokens.accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(whole, 6, 6)
        inner = self.rect().adjusted(scale.grid(1), 0, -scale.grid(1), 0)
        font = QFont(self.font())
        font.setBold(here)
        painter.setFont(font)
        painter.setPen(QColor(tokens.accent if here else tokens.ink))
        painter.drawText(inner, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), self.text())
        self._paint_state(painter, inner)
        painter.end()

    def _paint_state(self, painter: QPainter, inner: QRect) -> None:
        """At the right: a drawing, and for what is wrong or left also the words."""
        tokens, scale = look().tokens, look().scale
        view = self._view
        side = round(scale.body * 1.1)
        words = view.summary
        colour = tokens.bad if view.errors else tokens.warn if view.left else tokens.good
        if not words and not view.done:
            return
        font = QFont(self.font())
        font.setPixelSize(scale.small)
        painter.setFont(font)
        painter.setPen(QColor(colour))
        painter.drawText(inner, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), words)
        icon = "error" if view.errors else "" if view.left else "check"
        if icon:
            width = painter.fontMetrics().horizontalAdvance(words) + (scale.grid(0.5) if words else 0)
            box = QRectF(inner.right() - width - side, inner.center().y() - side / 2, side, side)
            paint_icon(painter, icon, colour, box)


class StepList(ScrollColumn):
    """Whose case it is, the steps, and, where there is room, the keys worth knowing. ``chosen`` carries a step's key."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, margin=0, rows=True)
        scale = look().scale
        self.setAccessibleName("办理步骤")
        self.body.setContentsMargins(scale.grid(1.5), scale.grid(2), scale.grid(0.5), scale.grid(1))
        self.body.setSpacing(scale.grid(0.5))
        self._whose, self._code = Subtitle("", self), Caption("", self)
        self._keys = Caption(_KEYS, self)
        self.rows: dict[StepKey, StepRow] = {}
        self._made, self._party = 0, ("", "")
        for widget in (self._whose, self._code):
            self.body.addWidget(widget)
        self.body.addSpacing(scale.grid(1))
        self._first = self.body.count()
        self.body.addStretch(1)
        self.body.addWidget(self._keys)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_keys()

    def _fit_keys(self) -> None:
        width = self.viewport().width()
        # A long name takes the lines that it needs at this width at once, not at the layout's next pass.
        margins = self.body.contentsMargins()
        self._whose.setMinimumHeight(max(0, self._whose.heightForWidth(width - margins.left() - margins.right())))
        self._keys.show()
        self._keys.setVisible(self.body.totalHeightForWidth(width) <= self.viewport().height())

    def show_keys(self, *, in_field: bool) -> None:
        """Tell the keys worth knowing here; a field has one more."""
        words = _FIELD_KEYS if in_field else _KEYS
        if self._keys.text() != words:
            self._keys.setText(words)
            self._fit_keys()

    def show_party(self, name: str, code: str) -> None:
        """Say whose case it is."""
        if (name, code) != self._party:
            self._party = name, code
            self._whose.setText(name or "未填申请人")
            self._code.setText(code)
            self._fit_keys()

    def show_steps(self, steps: tuple[StepView, ...], current: str) -> None:
        """Show how every step stands and which one is open."""
        for number, view in enumerate(steps, start=1):
            row = self.rows.get(view.key)
            if row is None:
                row = self.rows[view.key] = StepRow(view.key, self)
                row.clicked.connect(lambda _on=False, key=view.key: self.chosen.emit(key))
                self.body.insertWidget(self._first + number - 1, row)
            row.show_step(number, view)
            row.setChecked(view.key == current)
        if len(self.rows) != self._made:
            self._made = len(self.rows)
            self._fit_keys()
