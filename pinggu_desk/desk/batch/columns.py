"""核对列: what each column of the list is read as, corrected with the keyboard, remembered for the next list of its shape."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QHeaderView, QListWidgetItem, QVBoxLayout, QWidget
from typing_extensions import override

from pinggu_desk.desk.batch.matching import ColumnsSession
from pinggu_desk.desk.kit import Banner, Caption, ChoiceField, FocusChain, QuietButton, RowList, Subtitle
from pinggu_desk.desk.kit.rows import row_table
from pinggu_desk.desk.kit.table import RowsModel
from pinggu_desk.desk.spoken import facts_said
from pinggu_desk.desk.theme import look
from pinggu_desk.desk.words import day_words

if TYPE_CHECKING:
    from pinggu_desk.work.listpreview import Seen

LEAVE_OUT = "不读这一列"
_HEADS = ("列", "名单里的列名", "读作填报项", "单位", "依据", "前几个值")
_WHY = {
    "名称": "列名就是填报项", "同义": "同义的叫法", "记得": "记得上次的核对", "改定": "这次改定", "略过": "不读", "未识别": "没有认出",
}  # fmt: skip
_LONG, _SAMPLES = 24, 36  # characters of one first cell, and of all that are shown


def _cells(one: Seen) -> tuple[str, ...]:
    return (
        one.letters, one.head or "（没有列名）", one.fact or LEAVE_OUT, one.unit, _WHY[one.why], first_words(one.samples),
    )  # fmt: skip


def first_words(samples: Sequence[str]) -> str:
    """As many of the first cells as two or three lines hold, so that a column of names does not fill the page."""
    words = ""
    for sample in samples:
        short = sample if len(sample) <= _LONG else sample[: _LONG - 1] + "…"
        if words and len(words) + len(short) > _SAMPLES:
            return f"{words}…"
        words = f"{words}、{short}" if words else short
    return words


class ColumnsPanel(QWidget):
    """Enter in the table corrects the column that is stood on; Delete leaves it out."""

    run_wanted = Signal()

    def __init__(self, session: ColumnsSession) -> None:
        super().__init__()
        self._session = session
        scale = look().scale
        self.head = Subtitle("核对列")
        self.about = Caption("")
        self.sheets: ChoiceField | None = None
        self._sheet_place = QHBoxLayout()
        self.kept = Banner("", "info", action="不用记得的", key="F9")
        self.kept.pressed.connect(session.forget)
        self.kept.hide()
        self.model: RowsModel[Seen] = RowsModel(_HEADS, _cells, self)
        self.table = row_table(self.model, "名单的列")
        self.table.installEventFilter(self)
        self.table.doubleClicked.connect(self.correct)
        self.chain = FocusChain(self)
        self.field = self._field_of(session.names())
        self.chain.finished.connect(self._corrected)
        self.hint = Caption(
            "上下键选列，回车改读作什么（输文字或拼音首字母，Esc 不改），Delete 不读；改过的会记住，下次同样列的名单不用再改。"
        )
        self.leave_out = QuietButton("不读这一列", "Ctrl+D")
        self.leave_out.clicked.connect(lambda: self._say(None))
        self.told = RowList("名单的读法", self)
        self.told.setMinimumHeight(look().scale.body * 4)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[scale.grid(2)] * 4)
        column.setSpacing(scale.grid(1))
        for widget in (self.head, self.about):
            column.addWidget(widget)
        column.addLayout(self._sheet_place)
        column.addWidget(self.kept)
        column.addWidget(self.table, 3)
        row = self._field_row = QHBoxLayout()
        row.addWidget(self.field, 1)
        row.addWidget(self.leave_out, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(row)
        column.addWidget(self.hint)
        column.addWidget(self.told, 1)
        self.field.hide()
        self.leave_out.hide()

    def _field_of(self, names: tuple[str, ...]) -> ChoiceField:
        pack = self._session.services.pack
        field = ChoiceField("这一列读作", (LEAVE_OUT, *names), required=True, said=lambda: facts_said(pack))
        self.chain.set_fields([field])
        return field

    def _offer_names(self) -> None:
        """A list of something else holds something else in its columns."""
        names = self._session.names()
        if self.field.options == (LEAVE_OUT, *names):
            return
        old = self.field
        self.chain.set_fields([])
        self.field = self._field_of(names)
        self._field_row.replaceWidget(old, self.field)
        old.hide()
        old.deleteLater()
        self.field.hide()

    def begin(self) -> None:
        """Stand in the table, on the first column that was not recognised."""
        self._offer_names()
        self.refresh()
        unknown = [at for at, one in enumerate(self.model.rows) if one.why == "未识别"]
        self.table.selectRow(unknown[0] if unknown else 0)
        self._show_field(shown=False)
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def refresh(self) -> None:
        """Show the columns as they are matched now."""
        preview = self._session.preview
        if preview is None:
            return
        self.model.show(preview.columns, same=True)
        self.about.setText(self._session.about(preview))
        self._offer_sheets(preview.sheets, preview.sheet, preview.awards_sheet)
        kept = self._session.kept
        self.kept.show_words(
            f"这份名单的列和以前核对过的一样，已按 {day_words(kept.at.date())}（工号 {kept.clerk_no}）核对的读。"
            if kept is not None and kept.choices else "", "info",
        )  # fmt: skip
        self.told.clear()
        for words in (*self._session.faults, *preview.told):
            self.told.addItem(QListWidgetItem(words))
        self.told.setVisible(self.told.count() > 0 and self.field.isHidden())
        self._fit()

    def _offer_sheets(self, sheets: tuple[str, ...], here: str, awards: str) -> None:
        """Which sheet is read, where there are several."""
        own = tuple(title for title in sheets if title != awards)
        if self.sheets is not None and self.sheets.options == own:
            self.sheets.set_text(here)
            return
        if self.sheets is not None:
            self._sheet_place.removeWidget(self.sheets)
            self.sheets.deleteLater()
            self.sheets = None
        if len(own) > 1:
            self.sheets = ChoiceField("读哪个工作表", own, required=True)
            self.sheets.set_text(here)
            self.sheets.edited.connect(self._session.take_sheet)
            self._sheet_place.addWidget(self.sheets)

    def _fit(self) -> None:
        header = self.table.horizontalHeader()
        for column in range(len(_HEADS)):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        for column in (1, 2, 5):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
        header.setMinimumSectionSize(look().scale.body * 4)
        self.table.resizeRowsToContents()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.table.resizeRowsToContents()

    # --- correcting

    def _here(self) -> Seen | None:
        row = self.table.currentIndex().row()
        return self.model.at(row)

    def correct(self) -> None:
        """Say what the column that is stood on holds."""
        here = self._here()
        if here is None:
            return
        self.field.ask(f"{here.letters}列“{here.head or '没有列名'}”读作")
        self.field.set_text(here.fact or LEAVE_OUT)
        self._show_field(shown=True)
        self.field.focus_input()
        self.table.scrollTo(self.table.currentIndex())

    def _show_field(self, *, shown: bool) -> None:
        """Ask about a column, or no more; how the list was read makes room for it meanwhile."""
        self.field.setVisible(shown)
        self.leave_out.setVisible(shown)
        self.hint.setVisible(not shown)
        self.told.setVisible(not shown and self.told.count() > 0)
        column = self.layout()
        if column is not None:
            column.activate()

    def back(self) -> bool:
        """Leave the column as it was; False where none is being asked about."""
        if self.field.isHidden():
            return False
        self._show_field(shown=False)
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def _corrected(self) -> None:
        text = self.field.text()
        self._say(None if text == LEAVE_OUT else text)

    def _say(self, fact: str | None) -> None:
        here = self._here()
        self._show_field(shown=False)
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        if here is not None and (here.fact != fact or here.why == "未识别"):
            self._session.choose(here.number, fact)
        if here is not None and here.number != self.model.rows[-1].number:
            self.table.selectRow(self.table.currentIndex().row() + 1)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or event.type() is not QEvent.Type.KeyPress or watched is not self.table:
            return False
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return False
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.correct()
            return True
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._say(None)
            return True
        if event.text().isalpha():  # typing begins the search at once
            self.correct()
            self.field.inputs()[0].setFocus()
            line = self.field.inputs()[0]
            from PySide6.QtWidgets import QLineEdit

            if isinstance(line, QLineEdit):
                line.selectAll()
                line.insert(event.text())
                line.textEdited.emit(line.text())
            return True
        return False
