"""The results as a table of a hundred thousand rows: only what is in sight is ever put into words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractTableModel, QEvent, QModelIndex, QObject, QPersistentModelIndex, Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHeaderView, QTableView
from typing_extensions import override

from pinggu_desk.desk.batch.found import Found
from pinggu_desk.desk.kit.rows import RowDelegate, row_table
from pinggu_desk.desk.theme import look
from pinggu_desk.policy.quantity import headline_sum

HEADS = ("申请人", "可申请", "确定金额", "上限", "差一点", "最接近", "问一项", "未读")
_FIGURES = (1, 2, 3, 4, 7)
_Index = QModelIndex | QPersistentModelIndex
_TOP = QModelIndex()
_NAME = 18  # characters that a name is given where there is room
_KINDS, _USUAL = 400, "0,000.00 万元"  # so many different sums are measured; how long they usually are
_FEW = 60  # so many rows are measured all at once
_SHOWN = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole)


class ResultsModel(QAbstractTableModel):
    """Rows of a :class:`Found`, those that fit a filter, in an order."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.found: Found | None = None
        self.rows: NDArray[np.int64] = np.zeros(0, np.int64)
        self.by, self.down = -1, False
        self._fits: NDArray[np.bool_] = np.zeros(0, np.bool_)
        self._keys: dict[int, NDArray[Any]] = {}

    def show(self, found: Found) -> None:
        """Show all of these, in the list's order."""
        self.found, self._keys = found, {}
        self.by, self.down = -1, False
        self.fit(np.ones(len(found), np.bool_))

    def fit(self, fits: NDArray[np.bool_]) -> None:
        """Show only these rows, in the order as it is."""
        self._fits = fits
        self._arrange()

    @property
    def header_order(self) -> Qt.SortOrder:
        """The order of the column that is sorted by, as a header shows it."""
        return Qt.SortOrder.DescendingOrder if self.down else Qt.SortOrder.AscendingOrder

    @override
    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column (-1: the list's own order); equal ones keep the list's order."""
        self.by, self.down = column, order is Qt.SortOrder.DescendingOrder
        self._arrange()

    def _arrange(self) -> None:
        self.beginResetModel()
        rows = np.flatnonzero(self._fits)
        if self.by >= 0:
            key = self._key(self.by)[rows].astype(np.int64)
            rows = rows[np.argsort(-key if self.down else key, kind="stable")]
        self.rows = rows
        self.endResetModel()

    def _key(self, column: int) -> NDArray[Any]:
        if column not in self._keys:
            self._keys[column] = self._made(column)
        return self._keys[column]

    def _made(self, column: int) -> NDArray[Any]:
        found = self.found
        assert found is not None
        if column == 0:  # GB 18030 puts the common characters in the order of their pinyin
            return _ranks([name.encode("gb18030", "replace") for name in found.names])
        if column == 5:
            titles = [*(rule.benefit.title for rule in found.rules), ""]  # what is near nothing comes last
            ranks = _ranks([title.encode("gb18030", "replace") or b"\xff" * 8 for title in titles])
            return np.take(ranks, found.column("benefit"))
        if column == 7:
            return np.fromiter((_count(fault) for fault in found.faults), np.int64, len(found))
        return found.column({1: "eligible", 2: "sure", 3: "ceiling", 4: "near", 6: "settles"}[column])

    @property
    def near_nothing(self) -> bool:
        """Whether no applicant of the list is near anything."""
        return self.found is None or not self.found.column("near").any()

    def figures(self, column: int) -> list[str]:
        """The sums that a column shows, each once; of very many kinds one as long as they usually are."""
        if column not in (2, 3) or self.found is None:
            return []
        every = np.unique(self.found.column("sure" if column == 2 else "ceiling"))
        return [headline_sum(int(fen)) for fen in every if fen] if len(every) <= _KINDS else [_USUAL]

    # --- Qt's own

    @override
    def rowCount(self, parent: _Index = _TOP) -> int:
        """How many rows are shown."""
        return 0 if parent.isValid() else len(self.rows)

    @override
    def columnCount(self, parent: _Index = _TOP) -> int:
        """How many columns there are."""
        return 0 if parent.isValid() else len(HEADS)

    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The heads; the one that is sorted by says so."""
        if role == Qt.ItemDataRole.TextAlignmentRole and section in _FIGURES:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role != Qt.ItemDataRole.DisplayRole or orientation is not Qt.Orientation.Horizontal:
            return None
        mark = (" ↓" if self.down else " ↑") if section == self.by else ""
        return HEADS[section] + mark

    @override
    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """One cell, put into words as it comes into sight."""
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() in _FIGURES:
            return Qt.AlignmentFlag.AlignRight
        if role not in _SHOWN or not index.isValid() or self.found is None:
            return None
        return self.words(int(self.rows[index.row()]), index.column())

    def words(self, row: int, column: int) -> str:
        """One cell of a row of the list."""
        found = self.found
        assert found is not None
        if column == 0:
            return found.names[row]
        if column in (2, 3):
            fen = int(found.column("sure" if column == 2 else "ceiling")[row])
            return headline_sum(fen) if fen else ""
        if column in (1, 4):
            return str(int(found.column("eligible" if column == 1 else "near")[row]) or "")
        if column == 5:
            title = found.nearest_title(row)
            return f"{title}\n{found.nearest_words(row)}" if title else ""
        if column == 6:
            return found.question_words(row)
        return f"{_count(found.faults[row])} 项" if found.faults[row] else ""


def _count(faults: str) -> int:
    return faults.count("、") + 1 if faults else 0


def _ranks(keys: list[bytes]) -> NDArray[np.int32]:
    """The place of each key among all of them in order; the same for equal ones."""
    order = {key: at for at, key in enumerate(sorted(set(keys)))}
    return np.fromiter((order[key] for key in keys), np.int32, len(keys))


class _Widened(QObject):
    """Tells that a view has become wider or narrower."""

    def __init__(self, view: QTableView, told: Callable[[], None]) -> None:
        super().__init__(view)
        self._told, self._width = told, view.viewport().width()
        view.viewport().installEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QResizeEvent) and event.size().width() != self._width:
            self._width = event.size().width()
            self._told()
        return False


class ResultsTable:
    """The view: rows are measured as they come into sight, however many there are."""

    def __init__(self, model: ResultsModel, walked: Callable[[int], None]) -> None:
        self.model = model
        self.view: QTableView = row_table(model, "测算结果")
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setProperty("wraps", 0)  # who it is: as wide as there is room, and a long name takes two lines
        self._walked = walked
        self._measured: set[int] = set()
        self._timer = QTimer(self.view)
        self._timer.setSingleShot(True)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self.measure)
        self.view.verticalScrollBar().valueChanged.connect(lambda _value: self._timer.start())
        model.modelReset.connect(self.fit)
        _Widened(self.view, self.fit)
        header = self.view.horizontalHeader()
        header.setSectionsClickable(True)
        header.sectionClicked.connect(self.sort_by)
        header.sectionResized.connect(lambda *_: self._again())
        self.view.verticalHeader().setDefaultSectionSize(look().scale.body * 2 + look().scale.grid(2))
        self.view.selectionModel().currentRowChanged.connect(lambda now, _before: self._walked(self.row_of(now.row())))

    def row_of(self, shown: int) -> int:
        """The row of the list that is shown there; -1 for none."""
        return int(self.model.rows[shown]) if 0 <= shown < len(self.model.rows) else -1

    @property
    def here(self) -> int:
        """The row of the list that is stood on; -1 for none."""
        return self.row_of(self.view.currentIndex().row())

    def stand_on(self, row: int, column: int = 0) -> None:
        """Stand on a row of the list, or the first that is shown."""
        places = np.flatnonzero(self.model.rows == row)
        at = int(places[0]) if len(places) else 0
        if self.model.rowCount():
            self.view.setCurrentIndex(self.model.index(at, column))
            self.view.scrollTo(self.model.index(at, column), QTableView.ScrollHint.EnsureVisible)

    def sort_by(self, column: int) -> None:
        """Sort by a column; again turns it round, and a third time gives back the list's own order. Numbers begin with the most."""
        here, at = self.here, max(self.view.currentIndex().column(), 0)
        first = column in (1, 2, 3, 4, 6, 7)
        if column != self.model.by:
            by, down = column, first
        elif self.model.down == first:
            by, down = column, not first
        else:
            by, down = -1, False
        self.model.sort(by, Qt.SortOrder.DescendingOrder if down else Qt.SortOrder.AscendingOrder)
        self.stand_on(here, at)

    def fit(self) -> None:
        """Columns as wide as the figures in them; names and what is nearest share what is left, names first."""
        header, body = self.view.horizontalHeader(), look().scale.body
        metrics, pad = self.view.fontMetrics(), 2 * look().scale.grid(1) + 8
        header.setMinimumSectionSize(body * 3)
        shown = {column: (f"{HEADS[column]} ↓", *self.model.figures(column)) for column in _FIGURES}
        if self.model.near_nothing:
            shown[5] = (f"{HEADS[5]} ↓",)
        widths = {column: max(map(metrics.horizontalAdvance, texts)) + pad for column, texts in shown.items()}
        left = self.view.viewport().width() - sum(widths.values())
        share = left * 3 // 5 if self.model.near_nothing else left * 2 // 5
        widths[0] = max(min(body * _NAME + pad, share), left // 3)  # who it is goes before what is near
        for column in range(len(HEADS)):
            if column in widths:
                header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
                header.resizeSection(column, widths[column])
            else:
                header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
        self._again()

    def _again(self) -> None:
        """Widths changed, or rows: nothing that was measured counts any more."""
        self._measured.clear()
        self._timer.start()

    def measure(self) -> None:
        """Make the rows in sight as high as what is in them."""
        view, delegate = self.view, self.view.itemDelegate()
        assert isinstance(delegate, RowDelegate)
        few = self.model.rowCount() <= _FEW
        at = 0 if few else max(view.rowAt(0), 0)
        room = 1 << 24 if few else view.viewport().height()
        while at < self.model.rowCount() and room > 0:
            if at not in self._measured:
                self._measured.add(at)
                wanted = max(
                    view.sizeHintForIndex(self.model.index(at, column)).height() for column in range(len(HEADS))
                )
                if view.rowHeight(at) != wanted:
                    view.setRowHeight(at, wanted)
            room -= view.rowHeight(at)
            at += 1
