"""The list of policies: filter by words or pinyin initials of the policy, or of what it offers; walk with the arrows, take with Enter."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListWidgetItem, QVBoxLayout, QWidget
from typing_extensions import override

from pinggu_desk.desk import pinyin
from pinggu_desk.desk.kit import Line, RowList
from pinggu_desk.desk.spoken import nearly, said_as
from pinggu_desk.desk.theme import look
from pinggu_desk.policy.models import Pack, Policy
from pinggu_desk.policy.synonyms import load_synonyms

_ID = Qt.ItemDataRole.UserRole


def summary(policy: Policy) -> str:
    """What a policy offers, in one line: how many benefits, the first of them, and its department."""
    titles = "、".join(benefit.title for benefit in policy.benefits[:3])
    more = f"等 {len(policy.benefits)} 项" if len(policy.benefits) > 3 else f"，共 {len(policy.benefits)} 项"
    return f"{titles}{more}　{policy.department}"


class PolicyList(QWidget):
    """``taken`` carries the id of the policy that was chosen, ``walked`` that of the one walked onto (empty: none fits)."""

    taken = Signal(str)
    walked = Signal(str)

    def __init__(self, pack: Pack, *, brief: bool = False) -> None:
        super().__init__()
        self.line = Line(40, self)
        self.line.setPlaceholderText("政策、事项、拼音")
        self.line.setAccessibleName("筛选政策")
        self.line.setAccessibleDescription("上下键选择，回车打开")
        self.list = RowList("政策", self)
        self._offered = {policy.id: [(b.title, b.id) for b in policy.benefits] for policy in pack.policies.values()}
        self._said = load_synonyms()
        self._plain_words: dict[str, str] = {}
        for policy in pack.policies.values():
            self._plain_words[policy.id] = policy.title if brief else f"{policy.title}\n{summary(policy)}"
            item = QListWidgetItem(self._plain_words[policy.id])
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
        """Policies by name; where none has it, by what they offer or by an everyday word, and each says by which."""
        rows = [self.list.item(row) for row in range(self.list.count())]
        why = {
            item.data(_ID): "" for item in rows
            if pinyin.contains(item.data(_ID + 1), typed) or item.data(_ID) == typed.strip().lower()
        }  # fmt: skip
        if typed.strip():
            own = not why
            for loosely in (False, True):
                if loosely and why:
                    break
                for item in rows:
                    reason = self._reason(item.data(_ID), typed, offered=own, loosely=loosely)
                    if reason:
                        why.setdefault(item.data(_ID), reason)
        for item in rows:
            key = item.data(_ID)
            item.setHidden(key not in why)
            item.setText(f"{self._plain_words[key]}\n{why[key]}" if why.get(key) else self._plain_words[key])
        first = next((row for row, item in enumerate(rows) if not item.isHidden()), -1)
        self.list.setCurrentRow(first)
        if first < 0:
            self.walked.emit("")

    def _reason(self, policy_id: str, typed: str, *, offered: bool, loosely: bool) -> str:
        """By what a policy fits whose name does not: something it offers, or an everyday word."""
        fits = nearly if loosely else pinyin.contains
        titles = [title for title, _ in self._offered[policy_id] if offered and fits(title, typed)]
        if titles:
            return f"有：{titles[0]}" + (f" 等 {len(titles)} 项" if len(titles) > 1 else "")
        for title, key in [*self._offered[policy_id], ("", policy_id)]:
            if word := said_as(self._said.get(key, ()), typed, within=loosely):
                return f"常说的“{word}”" + (f"：{title}" if title else "")
        return ""

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
