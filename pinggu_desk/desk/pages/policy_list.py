"""The list of policies: filter by words or pinyin initials of the policy, or of what it offers; walk with the arrows, take with Enter."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListWidgetItem, QVBoxLayout, QWidget
from typing_extensions import override

from pinggu_desk.desk import pinyin
from pinggu_desk.desk.kit import Line, RowList
from pinggu_desk.desk.theme import look
from pinggu_desk.policy.models import Pack, Policy

_ID = Qt.ItemDataRole.UserRole


def summary(policy: Policy) -> str:
    """What a policy offers, in one line: how many benefits, the first of them, and its department."""
    titles = "、".join(benefit.title for benefit in policy.benefits[:3])
    more = f"等 {len(policy.benefits)} 项" if len(policy.benefits) > 3 else f"，共 {len(policy.benefits)} 项"
    return f"{titles}{more}　{policy.department}"


class PolicyList(QWidget):
    """``taken`` carries the id of the policy that was chosen, ``walked`` that of the one walked onto."""

    taken = Signal(str)
    walked = Signal(str)

    def __init__(self, pack: Pack, *, brief: bool = False) -> None:
        super().__init__()
        self.line = Line(40, self)
        self.line.setPlaceholderText("政策、事项、拼音")
        self.line.setAccessibleName("筛选政策")
        self.line.setAccessibleDescription("上下键选择，回车打开")
        self.list = RowList("政策", self)
        self._offered = {policy.id: [b.title for b in policy.benefits] for policy in pack.policies.values()}
        for policy in pack.policies.values():
            item = QListWidgetItem(policy.title if brief else f"{policy.title}\n{summary(policy)}")
            item.setData(_ID, policy.id)
            item.setData(_ID + 1, policy.title)
            self.list.addItem(item)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look().scale.grid(1))
        column.addWidget(self.line)
        column.addWidget(self.list, 1)
        self.line.textChanged.connect(self._filter)
        self.line.installEventFilter(self)
        self.list.itemClicked.connect(lambda item: self.taken.emit(item.data(_ID)))
        self.list.currentItemChanged.connect(self._walked)

    def begin(self) -> None:
        """Show all, stand on the first, take the focus."""
        self.line.clear()
        self._filter("")
        self.list.setMinimumHeight(min(self.list.wanted_height(), look().scale.body * 22))
        self.line.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_current(self, policy_id: str) -> None:
        """Stand on a policy without taking it."""
        for row in range(self.list.count()):
            if self.list.item(row).data(_ID) == policy_id:
                self.list.setCurrentRow(row)

    def take_current(self) -> None:
        """Take the policy that is stood on."""
        item = self.list.currentItem()
        if item is not None and not item.isHidden():
            self.taken.emit(item.data(_ID))

    def shown(self) -> list[str]:
        """The ids of the policies in sight, in order."""
        items = [self.list.item(row) for row in range(self.list.count())]
        return [item.data(_ID) for item in items if not item.isHidden()]

    def _walked(self, item: QListWidgetItem | None, _before: object) -> None:
        if item is not None:
            self.walked.emit(item.data(_ID))

    def _filter(self, typed: str) -> None:
        rows = [self.list.item(row) for row in range(self.list.count())]
        fitting = [
            item for item in rows
            if pinyin.contains(item.data(_ID + 1), typed) or item.data(_ID) == typed.strip().lower()
        ]  # fmt: skip
        if not fitting:  # not a policy's name: perhaps that of something it offers
            fitting = [item for item in rows if any(pinyin.contains(t, typed) for t in self._offered[item.data(_ID)])]
        for item in rows:
            item.setHidden(item not in fitting)
        self.list.setCurrentRow(rows.index(fitting[0]) if fitting else -1)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is not self.line or not isinstance(event, QKeyEvent) or event.type() is not QEvent.Type.KeyPress:
            return False
        key = event.key()
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self._walk(1 if key == Qt.Key.Key_Down else -1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not self.line.composing:
            self.take_current()
        else:
            return False
        return True

    def _walk(self, way: int) -> None:
        row = self.list.currentRow() + way
        while 0 <= row < self.list.count():
            if not self.list.item(row).isHidden():
                self.list.setCurrentRow(row)
                return
            row += way
