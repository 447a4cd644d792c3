"""会改什么: the applicants of the list, what would be written of each side by side, and what must be decided first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHeaderView, QListWidgetItem, QStackedWidget, QTableView, QVBoxLayout, QWidget
from typing_extensions import override

from pinggu_desk.desk.kit import Banner, Caption, ChoiceField, FocusChain, RowList, Subtitle, Words
from pinggu_desk.desk.kit.choice import takes_list
from pinggu_desk.desk.kit.rows import row_table
from pinggu_desk.desk.kit.table import RowsModel
from pinggu_desk.desk.theme import look

if TYPE_CHECKING:
    from pinggu_desk.work.importing.items import Change, Item, Preview

_HEADS = ("行", "申请人", "怎样", "内容")
_CHANGES = ("采用", "项目", "登记库现在", "名单上的", "说明")
_WALK = "上下键选一位，回车看各项（要先定的去定），空格先不导入这一位；F5 写入。"
_TICK = "上下键选一项，空格采用或不采用，Esc 回到名单。"
_DECIDE = "按数字键选，回车定下；Ctrl+回车 同类的都这样定，Esc 以后再定。"
_SEARCH = "输文字或拼音首字母，上下键选，回车定下；Esc 以后再定。"
_LONGEST = 160  # characters of a row's summary


def _cells(item: Item) -> tuple[str, ...]:
    summary = item.summary if len(item.summary) <= _LONGEST else f"{item.summary[:_LONGEST]}…"
    return "、".join(map(str, item.rows)), f"{item.who}\n{item.number}".rstrip(), item.state, summary


def _change_cells(change: Change) -> tuple[str, ...]:
    return "采用" if change.ticked else "不采用", change.name, change.before or "（空）", change.after, change.note


class _Stack(QStackedWidget):
    """As high as what is in sight, not as the highest that it holds."""

    @override
    def sizeHint(self) -> QSize:
        here = self.currentWidget()
        return here.sizeHint() if here is not None else super().sizeHint()

    @override
    def minimumSizeHint(self) -> QSize:
        here = self.currentWidget()
        return here.minimumSizeHint() if here is not None else super().minimumSizeHint()


class ChangesPanel(QWidget):
    """Enter goes into what is stood on, Esc comes back; nothing here writes anything."""

    def __init__(self) -> None:
        super().__init__()
        self.plan: Preview | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self.measure)
        scale = look().scale
        self.about = Caption("")
        self.model: RowsModel[Item] = RowsModel(_HEADS, _cells, self)
        self.table = row_table(self.model, "会改的申请人")
        self.changes: RowsModel[Change] = RowsModel(_CHANGES, _change_cells, self)
        self.detail = row_table(self.changes, "这一位的各项")
        self.question: ChoiceField | None = None
        self.chain = FocusChain(self, to_the_end=True)
        self.chain.finished.connect(lambda: self._decide(alike=False))
        self.hint = Caption(_WALK)
        self.unread = RowList("没有读出的")
        self.unread.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # it may be longer than its place: arrows walk it
        self._nothing = Words("")
        self._asked = QWidget()
        self._asking = QVBoxLayout(self._asked)
        self._asking.setContentsMargins(0, 0, 0, 0)
        self._asking.addStretch(1)
        self._below = _Stack()
        for widget in (self.detail, self._asked, self._nothing):
            self._below.addWidget(widget)
        self.more = Banner("", "warn")
        self.more.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(*[scale.grid(2)] * 4)
        column.setSpacing(scale.grid(1))
        for widget in (Subtitle("会改什么"), self.about, self.more):
            column.addWidget(widget)
        column.addWidget(self.table, 3)
        column.addWidget(self._below, 2)
        column.addWidget(self.unread, 2)
        column.addWidget(self.hint)
        self.unread.hide()
        for table in (self.table, self.detail):
            table.installEventFilter(self)
            table.verticalScrollBar().valueChanged.connect(lambda _value: self._timer.start())
        self.table.doubleClicked.connect(self.go_in)
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._show_detail())

    # --- showing

    def show_plan(self, plan: Preview) -> None:
        """Show a preview from its beginning."""
        self.plan = plan
        self.unread.clear()
        for one in plan.unread:
            self.unread.addItem(QListWidgetItem(f"{one.place}：{one.sentence}"))
        for line in plan.told:
            self.unread.addItem(QListWidgetItem(line))
        self.unread.hide()
        self.model.show(plan.ordered())
        self._fit()
        self.refresh()

    def refresh(self) -> None:
        """Tell again what was answered or ticked."""
        plan = self.plan
        if plan is None:
            return
        self.about.setText(f"{plan.words}。")
        self._nothing.setText("" if self.model.rows else "名单里的都已登记，没有变化。")
        self.model.show(self.model.rows, same=True)
        self._show_detail()
        self._timer.start()

    def begin(self) -> None:
        """Stand on the first row."""
        if self.model.rowCount() and self.table.currentIndex().row() < 0:
            self.table.selectRow(0)
        self.hint.setText(_WALK)
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        self._timer.start()

    def toggle_unread(self) -> None:
        """Show what could not be read and how the list was read, or no more."""
        self.unread.setVisible(self.unread.isHidden() and self.unread.count() > 0)
        self._below.setVisible(self.unread.isHidden())
        self.begin()
        if not self.unread.isHidden():
            self.unread.setCurrentRow(max(self.unread.currentRow(), 0))
            self.unread.setFocus(Qt.FocusReason.OtherFocusReason)

    def here(self) -> Item | None:
        """The applicant that is stood on."""
        return self.model.at(self.table.currentIndex().row())

    def _show_detail(self) -> None:
        item = self.here()
        question = item.question if item is not None else None
        if self.question is not None:
            self.chain.set_fields([])
            self._asking.removeWidget(self.question)
            self.question.hide()
            self.question.deleteLater()
            self.question = None
        if item is not None and question is not None:
            words = [option.words for option in question.options]
            self.question = ChoiceField("怎么定", words, question.words, required=True)
            self._asking.insertWidget(0, self.question)
            self.chain.set_fields([self.question])
            self._below.setCurrentWidget(self._asked)
        elif item is not None and item.changes:
            self.changes.show(item.changes)
            self._below.setCurrentWidget(self.detail)
        else:
            self._nothing.setText("；".join(item.told) if item is not None else "名单里的都已登记，没有变化。")
            self._below.setCurrentWidget(self._nothing)
        self._below.updateGeometry()
        self._timer.start()

    # --- deciding

    def go_in(self) -> None:
        """Into what the row that is stood on asks, or shows."""
        item = self.here()
        if item is None:
            return
        if item.skipped or (item.state == "不导入" and item.questions):
            self.plan.ask_again(item) if self.plan is not None else None
            self.refresh()
        if self.question is not None:
            self.hint.setText(_SEARCH if takes_list(self.question.options) else _DECIDE)
            self.question.focus_input()
        elif self.changes.rowCount() and self._below.currentWidget() is self.detail:
            self.hint.setText(_TICK)
            self.detail.selectRow(max(self.detail.currentIndex().row(), 0))
            self.detail.setFocus(Qt.FocusReason.OtherFocusReason)

    def _decide(self, *, alike: bool) -> None:
        item, plan = self.here(), self.plan
        question = item.question if item is not None else None
        if item is None or plan is None or question is None or self.question is None or not self.question.text():
            return
        option = question.options[self.question.options.index(self.question.text())]
        if alike:
            plan.answer_alike(item, option)
        else:
            plan.answer(item, option)
        self.refresh()
        if item.question is not None:
            self.go_in()
            return
        rows = list(self.model.rows)
        here = rows.index(item)
        left = [at for at, one in enumerate(rows) if one.question is not None]
        after = next((at for at in left if at > here), left[0] if left else here)
        self.table.selectRow(after)
        self.begin()

    def back(self) -> bool:
        """Out of what was gone into; False where nothing was."""
        if not self.unread.isHidden():
            self.toggle_unread()
            return True
        if self.table.hasFocus():
            return False
        self.begin()
        return True

    def decide_alike(self) -> None:
        """Answer every question of this kind like this one."""
        self._decide(alike=True)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or event.type() is not QEvent.Type.KeyPress or self.plan is None:
            return False
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return False
        key = event.key()
        if watched is self.table and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.go_in()
            return True
        if key == Qt.Key.Key_Space:
            item = self.here()
            if watched is self.table and item is not None and item.question is None:
                self.plan.tick(item)
            elif watched is self.detail and item is not None:
                change = self.changes.at(self.detail.currentIndex().row())
                if change is not None:
                    self._tick(item, change)
                return True
            self.refresh()
            return True
        return False

    def _tick(self, item: Item, change: Change) -> None:
        assert self.plan is not None
        row = self.detail.currentIndex().row()
        self.plan.tick(item, change)
        self.refresh()
        self.detail.selectRow(row)
        self.detail.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- measuring

    def _fit(self) -> None:
        for table, narrow in ((self.table, (0, 2)), (self.detail, (0,))):
            header = table.horizontalHeader()
            header.setMinimumSectionSize(look().scale.body * 3)
            for column in range(table.model().columnCount()):
                mode = QHeaderView.ResizeMode.ResizeToContents if column in narrow else QHeaderView.ResizeMode.Stretch
                header.setSectionResizeMode(column, mode)
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Fixed)
        header.resizeSection(1, look().scale.body * 15)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._timer.start()

    def measure(self) -> None:
        """Make the rows in sight as high as what is in them."""
        for table in (self.table, self.detail):
            _measure(table)


def _measure(table: QTableView) -> None:
    at, room, rows = max(table.rowAt(0), 0), table.viewport().height(), table.model().rowCount()
    while at < rows and room > 0:
        table.resizeRowToContents(at)
        room -= table.rowHeight(at)
        at += 1
