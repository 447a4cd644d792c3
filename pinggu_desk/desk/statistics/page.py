"""统计: the table at the left, its chart beside it (in its place where there is no room for both), the choices on top."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QHeaderView, QPushButton, QTableView, QVBoxLayout, QWidget
from typing_extensions import override

from pinggu_desk.desk.kit import Banner, Caption, Card, EmptyState, PrimaryButton, SecondaryButton, Title
from pinggu_desk.desk.kit.heights import Heights
from pinggu_desk.desk.kit.rows import row_table
from pinggu_desk.desk.kit.table import stand_again
from pinggu_desk.desk.operations import sentence_of
from pinggu_desk.desk.page import Page
from pinggu_desk.desk.services import Services
from pinggu_desk.desk.statistics.chart import ChartView
from pinggu_desk.desk.statistics.choices import Choices
from pinggu_desk.desk.statistics.model import StatDelegate, StatModel
from pinggu_desk.desk.statistics.output import Output
from pinggu_desk.desk.statistics.reading import Reading
from pinggu_desk.desk.theme import look
from pinggu_desk.documents.statistics.table import StatTable
from pinggu_desk.work.statistics import Cube

#: from so many characters of the body on, the chart stands beside the table
_BESIDE = 68
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class StatisticsPage(Page):
    """Counts the register's cases anew whenever it comes to the front; Enter on a row opens the cases behind it."""

    title = "统计"
    #: the cases behind a row (their ids) and what they are, in words
    cases_wanted = Signal(object, str)

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self._cube: Cube | None = None
        self._beside, self._chart_first = True, False
        self.table_shown: StatTable | None = None
        scale = look().scale
        column = QVBoxLayout(self)
        column.setContentsMargins(*[scale.grid(2)] * 4)
        column.setSpacing(scale.grid(1))
        head = QHBoxLayout()
        self.told = Caption("", self)
        self.told.setAccessibleName("统计进度")
        head.addWidget(Title("统计", self, wrap=False))
        head.addWidget(self.told, 1, Qt.AlignmentFlag.AlignBottom)
        column.addLayout(head)
        self.choices = Choices(self)
        column.addWidget(self.choices)
        self.banner = Banner("", "bad", self)
        self.banner.hide()
        column.addWidget(self.banner)
        self._make_sides(column)
        self._join()

    def _make_sides(self, column: QVBoxLayout) -> None:
        """The table and, in a column of its own, the chart; what is to be said of both beneath."""
        self.model = StatModel(self)
        self.table = self._make_table()
        self.chart = ChartView(self)
        self._card = Card(spacing=0)
        self._card.body.addWidget(self.chart, 1)
        self._both = QWidget(self)
        sides = QHBoxLayout(self._both)
        sides.setContentsMargins(0, 0, 0, 0)
        sides.setSpacing(look().scale.grid(1.5))
        sides.addWidget(self.table, 62)
        sides.addWidget(self._card, 38)
        self._empty = EmptyState("这个期间没有办件", "换一个期间，或者看全部；办过的每一件都会数在这里。", self)
        self._empty.hide()
        self.notes = Caption("", self)
        self.notes.setAccessibleName("统计说明")
        for widget, share in ((self._both, 1), (self._empty, 1), (self.notes, 0)):
            column.addWidget(widget, share)

    def _join(self) -> None:
        self._buttons()
        self.output = Output(self._services, self)
        self.output.told.connect(lambda words, good: self.banner.show_words(words, "good" if good else "bad"))
        self.reading = Reading(self._services, self)
        self.reading.told.connect(self.told.setText)
        self.reading.ready.connect(self._take)
        self.reading.failed.connect(self._refused)
        self.choices.changed.connect(self._ask)
        self.choices.wrong.connect(self._wrong)
        self.choices.done.connect(lambda: self.table.setFocus(Qt.FocusReason.TabFocusReason))

    def _buttons(self) -> None:
        self._again = SecondaryButton("重新统计", "F5", self)
        self._again.clicked.connect(self.reading_begins)
        self._export = SecondaryButton("导出", "Ctrl+E", self)
        self._export.setAccessibleDescription("存成工作簿、PDF 或者文字表格")
        self._export.clicked.connect(lambda: self.output.export(self.table_shown, self.choices.shown_measure()))
        self._print = SecondaryButton("打印", "Ctrl+P", self)
        self._print.clicked.connect(lambda: self.output.preview(self.table_shown, self.choices.shown_measure()))
        self._turn = SecondaryButton("图／表", "F4", self)
        self._turn.setAccessibleDescription("在表和图之间换，说明在图下")
        self._turn.clicked.connect(self.turn)
        self._turn.hide()
        self._open = PrimaryButton("打开办件", parent=self)
        self._open.setAccessibleDescription("在台账中列出这一行的办件")
        self._open.clicked.connect(self.open_cases)

    def _make_table(self) -> QTableView:
        table = row_table(self.model, "统计表")
        table.setAccessibleDescription("上下键选行，左右键选列，空格按这一列排序，回车打开这一行的办件")
        table.setItemDelegate(StatDelegate(table))
        self._heights = Heights(table)
        table.setSortingEnabled(False)
        header = table.horizontalHeader()
        header.setResizeContentsPrecision(0)  # each row tells how wide the widest is
        header.setSectionsClickable(True)
        header.setSortIndicatorShown(False)
        header.sectionClicked.connect(self.sort_by)
        table.doubleClicked.connect(self.open_cases)
        table.installEventFilter(self)
        return table

    # --- reading

    @override
    def enter(self) -> None:
        self.choices.by.setFocus(Qt.FocusReason.OtherFocusReason)
        self.reading_begins()

    @override
    def leave(self) -> None:
        self.reading.stop()

    @override
    def again(self) -> Callable[[StatisticsPage], None] | None:
        state = self.choices.state()
        return lambda page: page.choices.restore(state)

    @override
    def foot(self) -> list[QPushButton]:
        narrow = [] if self._beside else [self._turn]
        return [*narrow, self._again, self._export, self._print, self._open]

    def reading_begins(self) -> None:
        """Read the register anew."""
        self.banner.show_words("")
        self.reading.begin()

    def _take(self, cube: Cube) -> None:
        self._cube = cube
        self.choices.offer(cube, self._services.today())
        self._ask()

    def _refused(self, error: Exception) -> None:
        self.banner.show_words(sentence_of(error), "bad")

    def _wrong(self, sentence: str) -> None:
        if sentence or self.banner.property("kind") == "bad":
            self.banner.show_words(sentence, "bad")

    # --- showing

    def _ask(self) -> None:
        """Make the table anew of what was read."""
        query = self.choices.query() if self._cube is not None else None
        if query is None or self._cube is None:
            return
        before, table = self.table_shown, self._cube.table(query)
        self.table_shown = table
        if not self.choices.measure_chosen:
            self.choices.show_measure(table.measure)
        self._list(table, same=before is not None and before.by == table.by)
        self.chart.show_table(table, self.choices.shown_measure())
        if not table.rows and self.table.hasFocus():
            self.choices.by.setFocus()  # a table that goes takes the keys with it
        self._both.setVisible(bool(table.rows))
        self._empty.setVisible(not table.rows)
        self.notes.setText("".join(table.notes))
        self.notes.setToolTip("\n".join(table.notes))
        self._say_what()
        if table.rows:
            self._fit()

    def _list(self, table: StatTable, *, same: bool) -> None:
        """Fill the table; one of the ``same`` kind keeps its order, and whoever stands on a row goes on standing on it."""
        header, sorted_by = self.table.horizontalHeader(), self._sorted
        if not same:
            self._sorted = -1
            header.setSortIndicatorShown(False)
            self.model.show(table)
            self.table.selectRow(1)
            return

        def show() -> None:
            self.model.show(table)
            if sorted_by >= 0:
                self.model.sort(sorted_by, header.sortIndicatorOrder())

        stand_again(self.table, self._keys_at, show, first=1)

    def _keys_at(self, row: int) -> tuple[str, ...] | None:
        one = self.model.row_at(row)
        return one.keys if one is not None else None

    def _fit(self) -> None:
        """Figures as wide as they are; what is left is the labels', which wrap."""
        header = self.table.horizontalHeader()
        labels = self.model.labels
        for column in range(self.model.columnCount()):
            mode = QHeaderView.ResizeMode.ResizeToContents if column else QHeaderView.ResizeMode.Stretch
            header.setSectionResizeMode(column, mode)
        if labels > 1 and self.table_shown is not None and self.table_shown.by[1] in ("政策", "支持事项"):
            header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        header.setMinimumSectionSize(look().scale.body * 3)
        for column in range(
            labels if labels > 1 else 0
        ):  # where figures leave no room, the labels' heads are whole and the table scrolls
            wanted = max(header.sectionSizeHint(column), look().scale.body * 9)
            if header.sectionSize(column) < wanted:
                header.setSectionResizeMode(column, QHeaderView.ResizeMode.Interactive)
                header.resizeSection(column, wanted)
        self._heights.later()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        beside = self.width() >= look().scale.body * _BESIDE
        if beside is not self._beside:
            self._beside = beside
            self._arrange()
            self.foot_changed.emit()
        if self.table_shown is not None and self.table_shown.rows:
            self._fit()

    def _arrange(self) -> None:
        """Table and chart side by side; one at a time, the notes with the chart, where there is no room for both."""
        self.table.setVisible(self._beside or not self._chart_first)
        self._card.setVisible(self._beside or self._chart_first)
        self.notes.setVisible(self._beside or self._chart_first)
        self._say_what()

    def _say_what(self) -> None:
        """How many are counted; and what the sums are not, where the notes that say so are out of sight."""
        table = self.table_shown
        if table is not None:
            short = "" if self._beside or self._chart_first else "；金额是测算数，未经审批（说明按 F4 看）"
            self.told.setText(
                f"{table.period}，共 {table.total.cases:,} 件、{table.total.applicants:,} 个申请人{short}"
            )

    def turn(self) -> None:
        """From the table to the chart, and back."""
        self._chart_first = not self._chart_first
        self._arrange()
        if not self._chart_first:
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- doing

    _sorted = -1

    def sort_by(self, column: int) -> None:
        """Sort by a column, figures the largest first; the same again turns it round, the third time it is as it was."""
        header = self.table.horizontalHeader()
        first = Qt.SortOrder.AscendingOrder if column < self.model.labels else Qt.SortOrder.DescendingOrder
        order = first
        if self._sorted == column:
            if header.sortIndicatorOrder() is first:
                order = Qt.SortOrder(1 - first.value)
            else:
                column = -1
        self._sorted = column
        header.setSortIndicatorShown(column >= 0)
        if column >= 0:
            header.setSortIndicator(column, order)
        at = self.table.currentIndex()
        self.model.sort(column, order)
        self._heights.later()
        if at.isValid():
            self.table.setCurrentIndex(self.model.index(1, at.column()))

    def open_cases(self) -> None:
        """Open the ledger with the cases behind the row that is stood on."""
        row = self.model.row_at(self.table.currentIndex().row())
        table = self.table_shown
        if row is None or table is None or not row.case_ids:
            return
        words = (
            [f"{by}：{key}" for by, key in zip(table.by, row.keys, strict=False)] if row.keys != ("合计",) else ["合计"]
        )
        picked = [table.picked] if table.picked else []
        self.cases_wanted.emit(row.case_ids, f"{'，'.join([*words, *picked])}（{table.period}）")

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.table and isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            if event.key() in _ENTER:
                self.open_cases()
                return True
            if event.key() == Qt.Key.Key_Space:
                self.sort_by(self.table.currentIndex().column())
                return True
        return False
