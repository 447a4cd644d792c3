"""The print dialog (打印): which printer, which tray, how many copies, which pages, one side or both.

It is the desk's own: the lock can close it, its words are Chinese on every system, and both sides are asked of whichever
printer is chosen, where the system's dialog takes over each printer's own setting.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QPageSize
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo
from PySide6.QtWidgets import QComboBox, QDialog, QFormLayout, QHBoxLayout, QSpinBox, QVBoxLayout, QWidget

from pinggu_desk.desk.kit import Caption, PrimaryButton, SecondaryButton, Subtitle
from pinggu_desk.desk.kit.marks import Tick
from pinggu_desk.desk.theme import look

_MOST_COPIES = 99
_LAST_PAGE = 999


@dataclass(frozen=True, slots=True)
class PrintChoice:
    """What was chosen. ``tray`` None leaves it to the printer; ``first`` and ``last`` 0 mean every page."""

    printer: str
    both_sides: bool = True
    copies: int = 1
    tray: Any = None
    first: int = 0
    last: int = 0


def set_up(printer: Any, choice: PrintChoice) -> Any:
    """Set a QPrinter up. The name comes first: with it a printer's own settings take the place of all others."""
    printer.setPrinterName(choice.printer)
    printer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    printer.setFullPage(True)  # else the driver's margins would move the type area
    printer.setDuplex(QPrinter.DuplexMode.DuplexAuto if choice.both_sides else QPrinter.DuplexMode.DuplexNone)
    printer.setCopyCount(choice.copies)
    printer.setFromTo(choice.first, choice.last)
    if choice.tray is not None:
        printer.setPaperSource(choice.tray)
    return printer


def prints_both_sides(name: str) -> bool:
    """Whether a printer says that it can print on both sides."""
    one_side = QPrinter.DuplexMode.DuplexNone
    return any(mode is not one_side for mode in QPrinterInfo.printerInfo(name).supportedDuplexModes())


class PrintDialog(QDialog):
    """Enter prints, Esc thinks better of it; :meth:`choice` is what was chosen."""

    def __init__(self, parent: QWidget | None, title: str) -> None:
        super().__init__(parent.window() if parent is not None else None)
        self.setWindowTitle(f"打印 {title}")
        scale = look().scale
        column = QVBoxLayout(self)
        column.setContentsMargins(*[scale.grid(2)] * 4)
        column.setSpacing(scale.grid(1.5))
        heading = Subtitle(title, self)
        heading.setMinimumWidth(scale.body * 26)
        column.addWidget(heading)
        form = QFormLayout()
        form.setHorizontalSpacing(scale.grid(2))
        form.setVerticalSpacing(scale.grid(1))
        self.printer = QComboBox(self)
        self.printer.addItems(QPrinterInfo.availablePrinterNames())
        self.printer.setCurrentText(QPrinterInfo.defaultPrinterName())
        self.tray = QComboBox(self)
        self.copies = self._number(1, _MOST_COPIES, "打印份数", 1)
        self.first = self._number(0, _LAST_PAGE, "从第几页打印", 0)
        self.last = self._number(0, _LAST_PAGE, "打印到第几页", 0)
        for spin in (self.first, self.last):
            spin.setSpecialValueText("全部")
        self.both_sides = Tick("双面打印", self)
        self.sides_note = Caption("", self)
        self.printer.setAccessibleName("打印机")
        self.tray.setAccessibleName("纸盒")
        pages = QHBoxLayout()
        for widget in (self.first, Caption("至", self, wrap=False), self.last):
            pages.addWidget(widget)
        pages.addStretch(1)
        form.addRow("打印机", self.printer)
        form.addRow("纸盒", self.tray)
        form.addRow("份数", self.copies)
        form.addRow("页", pages)
        form.addRow("", self.both_sides)
        form.addRow("", self.sides_note)
        column.addLayout(form)
        row = QHBoxLayout()
        row.addStretch(1)
        self.cancel_button, self.print_button = SecondaryButton("取消", parent=self), PrimaryButton("打印", parent=self)
        self.cancel_button.setAutoDefault(False)
        self.print_button.setDefault(True)
        self.cancel_button.clicked.connect(self.reject)
        self.print_button.clicked.connect(self.accept)
        row.addWidget(self.cancel_button)
        row.addWidget(self.print_button)
        column.addLayout(row)
        self._one_side_wanted = False
        self.both_sides.clicked.connect(self._sides_chosen)
        self.printer.currentTextChanged.connect(self._printer_chosen)
        self._printer_chosen(self.printer.currentText())
        self.print_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _number(self, least: int, most: int, name: str, value: int) -> QSpinBox:
        spin = QSpinBox(self)
        spin.setRange(least, most)
        spin.setValue(value)
        spin.setAccessibleName(name)
        return spin

    def _sides_chosen(self, both: bool) -> None:
        self._one_side_wanted = not both

    def _printer_chosen(self, name: str) -> None:
        """Both sides on every printer that can, unless one side was asked for."""
        can = prints_both_sides(name)
        self.both_sides.setEnabled(can)
        self.both_sides.setChecked(can and not self._one_side_wanted)
        self.sides_note.setText("" if can else "这台打印机不支持自动双面，将单面打印。")
        self.tray.clear()
        self.tray.addItem("由打印机决定", None)
        for tray, words in _trays(name):
            self.tray.addItem(words, tray)
        self.print_button.setEnabled(bool(name))

    def choice(self) -> PrintChoice:
        """What was chosen; pages the wrong way round are put right."""
        first, last = self.first.value(), self.last.value()
        if first or last:
            first, last = max(first, 1), last or _LAST_PAGE
            first, last = min(first, last), max(first, last)
        return PrintChoice(
            self.printer.currentText(), self.both_sides.isChecked(), self.copies.value(), self.tray.currentData(),
            first, last,
        )  # fmt: skip


_TRAYS = {
    "Upper": "上纸盒", "Lower": "下纸盒", "Middle": "中纸盒", "Manual": "手动进纸", "Envelope": "信封", "Auto": "自动选择",
    "LargeCapacity": "大容量纸盒", "Cassette": "纸盒",
}  # fmt: skip


def _trays(name: str) -> list[tuple[Any, str]]:
    """The printer's trays, where the system says which it has (Windows)."""
    ask = getattr(QPrinter(QPrinterInfo.printerInfo(name)), "supportedPaperSources", None)
    found = ask() if ask is not None else []
    return [(tray, _TRAYS[tray.name]) for tray in found if tray.name in _TRAYS and tray.name != "Auto"]
