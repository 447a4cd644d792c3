"""Beside the results: what the applicant that is stood on can have, and what he is near to, each with figure and clause."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QListWidgetItem, QVBoxLayout, QWidget

from pinggu_desk.assess.determination import STATUS_WORDS, Status
from pinggu_desk.desk.batch.found import Found
from pinggu_desk.desk.kit import Caption, RowList, Subtitle
from pinggu_desk.desk.theme import look
from pinggu_desk.policy.quantity import headline_sum

_OTHERS: tuple[Status, ...] = ("review", "unknown", "ineligible")
_STOOD_MS = 80  # a row that one only passes is not worked out
_CLAUSE = Qt.ItemDataRole.UserRole


class SidePanel(QWidget):
    """``place_wanted`` carries the clause of the line that was asked about."""

    place_wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        scale = look().scale
        self.name = Subtitle("")
        self.sums = Caption("")
        self.list = RowList("这一位能享受的和差一点的")
        self.list.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.list.itemActivated.connect(self._ask)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[scale.grid(1)] * 4)
        column.setSpacing(scale.grid(1))
        for widget in (self.name, self.sums):
            column.addWidget(widget)
        column.addWidget(self.list, 1)
        self._found: Found | None = None
        self._row = -1
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_STOOD_MS)
        self._timer.timeout.connect(self.work_out)

    @property
    def row(self) -> int:
        """The row of the list that is told of."""
        return self._row

    def show_row(self, found: Found | None, row: int) -> None:
        """Tell of a row once it is stood on for a moment."""
        self._found, self._row = found, row
        self._timer.start()

    def clause_here(self) -> str:
        """The clause of the line that is stood on."""
        item = self.list.currentItem()
        return str(item.data(_CLAUSE) or "") if item is not None else ""

    def stand(self) -> None:
        """Stand on the first line that says something."""
        for row in range(self.list.count()):
            if self.list.item(row).flags() & Qt.ItemFlag.ItemIsSelectable:
                self.list.setCurrentRow(row)
                return

    def work_out(self) -> None:
        """Work the row out and show it."""
        self._timer.stop()
        self.list.clear()
        found, row = self._found, self._row
        if found is None or row < 0:
            self.name.setText("")
            self.sums.setText("")
            return
        match = found.match(row)
        place = found.engine.pack.clause_place
        self.name.setText(found.names[row])
        sums = [f"确定 {headline_sum(match.bundle.total_fen)}"] if match.bundle.total_fen else []
        sums += [f"上限另计 {headline_sum(match.bundle.ceilings_fen)}"] if match.bundle.ceilings_fen else []
        self.sums.setText(f"名单第 {int(found.column('row')[row])} 行　" + "　".join(sums))
        eligible = match.groups.get("eligible", ())
        self._head(f"可申请（{len(eligible)}）")
        for benefit in eligible:
            told = match.determination(benefit)
            self._line(f"{told.title}：{told.headline}", f"{told.figure_words}　依据 {place(told.clause)}", told.clause)
        if found.faults[row]:
            self._head("名单里没有读取，按未知测算")
            self._line(found.faults[row], "改法见“名单问题”（F6）", "")
        near = match.near
        self._head(f"差一点（{len(near)}）")
        for change in near.values():
            gain = match.gains.of(change.benefit)
            worth = f"，{gain.note}" if gain.note else f"，可得 {headline_sum(gain.fen)}" if gain.fen else ""
            self._line(f"{change.title}", f"{change.words}{worth}　依据 {place(change.clause)}", change.clause)
        others = [
            f"{STATUS_WORDS[status]} {len(match.groups[status])} 项" for status in _OTHERS if match.groups.get(status)
        ]
        self._head("其余")
        self._line("、".join(others) or "没有", "没有写的按未知，需补充信息的还不能定；回车打开后接着问", "")

    def _head(self, words: str) -> None:
        item = QListWidgetItem(words)
        item.setFlags(Qt.ItemFlag.ItemIsEnabled)
        self.list.addItem(item)

    def _line(self, title: str, more: str, clause: str) -> None:
        item = QListWidgetItem(f"{title}\n{more}")
        item.setData(_CLAUSE, clause)
        self.list.addItem(item)

    def _ask(self, item: QListWidgetItem) -> None:
        if item.data(_CLAUSE):
            self.place_wanted.emit(str(item.data(_CLAUSE)))
