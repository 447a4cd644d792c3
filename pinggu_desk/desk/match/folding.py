"""一并确认: several conditions of one policy put as one question; nothing is answered until it is confirmed."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListWidgetItem, QWidget
from typing_extensions import override

from pinggu_desk.assess.match.triage import Fold
from pinggu_desk.desk.kit import Caption, Card, PrimaryButton, RowList, Subtitle
from pinggu_desk.desk.theme import look
from pinggu_desk.policy.facts import Fact

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_FIRST = Qt.Key.Key_1
UNKNOWN = ""


class FoldList(RowList):
    """The conditions, each with the answer that confirming will give. A number key or Space turns one: 是, 否, 不清楚."""

    confirmed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("一并确认", parent)
        self.setAccessibleDescription("回车全部确认；数字键或空格改一项：是、否、不清楚")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._facts: list[tuple[Fact, str]] = []
        self._texts: list[str] = []
        self.itemClicked.connect(lambda item: self._turn(self.row(item)))

    def show_fold(self, fold: Fold, facts: Mapping[str, Fact]) -> None:
        """Put these conditions, each at the answer that keeps everything open."""
        self._facts = [(facts[name], facts[name].show(plain)) for name, plain in fold.facts]
        self._texts = [plain for _, plain in self._facts]
        self.clear()
        for at in range(len(self._facts)):
            self.addItem(QListWidgetItem())
            self._write(at)
        self.setCurrentRow(0)
        self.updateGeometry()

    def texts(self) -> dict[str, str]:
        """What confirming says, by fact; empty where it was said that it is not clear."""
        return {fact.name: text for (fact, _), text in zip(self._facts, self._texts, strict=True)}

    def _turn(self, at: int) -> None:
        if not 0 <= at < len(self._facts):
            return
        plain = self._facts[at][1]
        turns = [plain, "否" if plain == "是" else "是", UNKNOWN]
        self._texts[at] = turns[(turns.index(self._texts[at]) + 1) % len(turns)]
        self._write(at)
        self.setCurrentRow(at)

    def _write(self, at: int) -> None:
        fact, text = self._facts[at][0], self._texts[at]
        item = self.item(at)
        answer = text or "不清楚"
        mark = "" if text == self._facts[at][1] else "（已改）"
        item.setText(f"{at + 1}  {fact.name}：{answer}{mark}")
        item.setToolTip(fact.question)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{fact.question}，{answer}")

    @override
    def sizeHint(self) -> QSize:
        height = sum(self.sizeHintForRow(at) for at in range(self.count())) + 2 * self.frameWidth() + 4
        return QSize(super().sizeHint().width(), height)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(super().minimumSizeHint().width(), min(self.sizeHint().height(), look().scale.body * 26))

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in _ENTER:
            self.confirmed.emit()
        elif key == Qt.Key.Key_Space:
            self._turn(self.currentRow())
        elif _FIRST <= key < _FIRST + len(self._facts):
            self._turn(key - _FIRST)
        else:
            super().keyPressEvent(event)


class FoldCard(Card):
    """``confirmed`` carries the answers by fact (empty: not clear), ``opened`` that they be asked one by one."""

    confirmed = Signal(dict)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, margin=1.5, spacing=0.75)
        self.setProperty("keep_whole", True)
        self._title = Subtitle("以下几项都符合吗？", self)
        self._why = Caption("", self)
        self.list = FoldList(self)
        self.list.confirmed.connect(self._confirm)
        self._all = PrimaryButton("照此确认  回车", parent=self)
        self._all.setAccessibleName("照此确认")
        self._all.clicked.connect(self._confirm)
        hint = Caption("有不符合的，按前面的数字改成“否”，再按一次是“不清楚”。", self)
        for widget in (self._title, self._why, self.list, hint):
            self.body.addWidget(widget)
        self.body.addWidget(self._all, 0, Qt.AlignmentFlag.AlignLeft)

    def show_fold(self, fold: Fold, facts: Mapping[str, Fact], title: str) -> None:
        """Put the conditions of one policy."""
        self._title.setText(f"以下 {len(fold.facts)} 项都符合吗？")
        self._why.setText(f"《{title}》的条件，一次问完；确认后才记为申请人陈述。")
        self.list.show_fold(fold, facts)

    def _confirm(self) -> None:
        self.confirmed.emit(self.list.texts())
