"""The recovery code (恢复码) on the screen and on paper: shown once, printed once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QFont, QPainter
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from pinggu_desk.desk.kit import Caption, SecondaryButton, Tick, Title
from pinggu_desk.desk.theme import look
from pinggu_desk.policy.resources import product_name

_BODY, _LARGE = 12, 26  # points
_MARGIN, _LINE = 72.0, 1.9  # points, and lines of type


def ask_printer(parent: QWidget, title: str) -> Any:
    """See `wizard.printing.ask_printer`, which comes when somebody prints."""
    from pinggu_desk.desk.wizard import printing

    return printing.ask_printer(parent, title)


class CodeShown(QWidget):
    """A code with what to do with it: print it, tick that it is written down. ``copied`` is sent with the tick."""

    copied = Signal(bool)
    printed = Signal()

    def __init__(self, code: str, office: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._code, self._office = code, office
        self.ask_printer: Callable[[QWidget, str], Any] = ask_printer
        self.words = Title(code)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.words.setAccessibleName(f"恢复码 {' '.join(code)}")
        self.told = Caption("")
        self.told.hide()
        self.print_button = SecondaryButton("打印恢复码")
        self.print_button.setAutoDefault(True)
        self.print_button.clicked.connect(self._print)
        self.tick = Tick("已抄写或打印，并核对无误")
        self.tick.toggled.connect(self.copied)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look().scale.grid(1.5))
        row = QHBoxLayout()
        row.addWidget(self.print_button)
        row.addStretch(1)
        for widget in (self.words, self.told):
            column.addWidget(widget)
        column.addLayout(row)
        column.addWidget(self.tick)

    def forget(self) -> None:
        """Leave nothing of it on the screen."""
        self._code = ""
        self.words.setText("")
        self.words.setAccessibleName("")

    def _print(self) -> None:
        printer = self.ask_printer(self, "恢复码")
        if printer is None or not self._code:
            return
        done = print_code(printer, self._code, self._office)
        self.told.setText("已送打印机，请取走并封存。" if done else "没有打印出来，请检查打印机，或照屏幕抄写。")
        self.told.show()
        if done:
            self.print_button.setEnabled(False)  # once
            self.printed.emit()


def print_code(printer: Any, code: str, office: str) -> bool:
    """Print a code on one page; whether the printer took it."""
    painter = QPainter()
    if not painter.begin(printer):
        return False
    unit = printer.resolution() / 72
    width = painter.viewport().width() - 2 * _MARGIN * unit
    top = _MARGIN * unit
    day = date.today()
    for text, size in (
        (f"{product_name()}　恢复码", _BODY + 4), (office, _BODY), (code, _LARGE),
        (f"{day.year}年{day.month}月{day.day}日打印。忘记口令时，凭它在登录页“忘记口令”处重设；用过一次即作废，届时另打印新的。", _BODY),
        ("请装入信封交负责人封存，不要存在电脑里，也不要拍照。", _BODY),
    ):  # fmt: skip
        if not text:
            continue
        font = QFont(painter.font())
        font.setPixelSize(round(size * unit))
        painter.setFont(font)
        box = QRectF(_MARGIN * unit, top, width, 4 * size * unit * _LINE)
        drawn = painter.drawText(box, int(Qt.TextFlag.TextWordWrap), text)
        top += max(drawn.height(), size * unit) + size * unit * (_LINE - 1)
    return bool(painter.end())
