"""How high a table's rows are: each is measured when it comes into sight, for a table may have thousands of them."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QTableView
from typing_extensions import override

from pinggu_desk.desk.kit.rows import row_height

_WIDE = 100_000


class Heights(QObject):
    """Keeps the rows of a table that are in sight as high as their words.

    Those that nobody has seen yet are taken for rows of one line. `again` is for whoever has changed what rows say or how wide they
    are; other widths, sizes and rows are noticed.
    """

    def __init__(self, table: QTableView) -> None:
        super().__init__(table)
        self._table = table
        self._known: set[int] = set()
        self._at_work = False
        self._soon = QTimer(self)  # columns are resized one after another
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self.again)
        table.verticalScrollBar().valueChanged.connect(self._measure)
        table.horizontalHeader().sectionResized.connect(self.later)
        table.model().modelReset.connect(self.again)
        table.selectionModel().currentRowChanged.connect(self._keep_in_sight)
        for watched in (table, table.viewport()):
            watched.installEventFilter(self)

    def later(self, *_what: int) -> None:
        """Measure anew once nothing waits."""
        self._known.clear()
        self._soon.start()

    def again(self) -> None:
        """Measure anew what is in sight."""
        self._soon.stop()
        self._known.clear()
        self._table.verticalHeader().setDefaultSectionSize(row_height("字", self._table.font(), _WIDE))
        self._measure()

    def _measure(self, _value: int = 0) -> None:
        """Measure rows in sight that were not; one that is lower than it was taken for lets others in."""
        if self._at_work:  # by the scroll bar, which follows
            return
        self._at_work = True
        try:
            while fresh := [row for row in self._in_sight() if row not in self._known]:
                for row in fresh:
                    self._table.resizeRowToContents(row)
                self._known.update(fresh)
                self._table.doItemsLayout()
        finally:
            self._at_work = False

    def _in_sight(self) -> range:
        first, last = self._table.rowAt(0), self._table.rowAt(self._table.viewport().height() - 1)
        if first < 0:
            return range(0)
        return range(first, (last if last >= 0 else self._table.model().rowCount() - 1) + 1)

    def _keep_in_sight(self) -> None:
        """Who goes to a row stands on it whole, though rows that came into sight with it are higher than they were taken for."""
        for _ in range(2):
            self._table.scrollTo(self._table.currentIndex())
            self._measure()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Resize or event.type() is QEvent.Type.StyleChange:
            self.later()
        return False
