"""一并确认: several conditions put as one question, in a match and in a wizard; nothing is answered until it is confirmed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QListWidgetItem, QSizePolicy, QWidget
from typing_extensions import override

from pinggu_desk.desk.kit import Caption, Card, ClauseQuote, PrimaryButton, QuietButton, RowList, Subtitle
from pinggu_desk.policy.facts import Fact

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_FIRST = Qt.Key.Key_1
UNKNOWN = ""


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition with the answer that keeps everything open; ``known`` is where a value that stands already came from.

    ``place`` and ``quote`` are the clause that asks it, shown while one stands on it.
    """

    fact: Fact
    plain: str
    known: str = ""
    place: str = ""
    quote: str = ""


class FoldList(RowList):
    """The conditions, each with the answer that confirming will give. A number key or Space turns one: 是, 否, 不清楚.

    ``opened`` carries the name of the one that is wanted by itself.
    """

    confirmed = Signal()
    opened = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("一并确认", parent)
        self.setAccessibleDescription("回车全部确认；数字键或空格改一项：是、否、不清楚")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._conditions: tuple[Condition, ...] = ()
        self._texts: list[str] = []
        self.itemClicked.connect(lambda item: self._turn(self.row(item)))

    def show_conditions(self, conditions: Sequence[Condition]) -> None:
        """Put these conditions, each at the answer that keeps everything open; what was turned stays as it was turned."""
        if tuple(conditions) == self._conditions:
            return
        before = {one.fact.name: text for one, text in zip(self._conditions, self._texts, strict=True)}
        row = max(self.currentRow(), 0)
        self._conditions = tuple(conditions)
        self._texts = [before.get(one.fact.name, one.plain) for one in self._conditions]
        self.clear()
        for at in range(len(self._conditions)):
            self.addItem(QListWidgetItem())
            self._write(at)
        self.setCurrentRow(min(row, len(self._conditions) - 1))
        self.updateGeometry()

    def begin(self) -> None:
        """Forget what was turned: another question begins."""
        self._conditions, self._texts = (), []

    def texts(self) -> dict[str, str]:
        """What confirming says, by fact; empty where it was said that it is not clear."""
        return {one.fact.name: text for one, text in zip(self._conditions, self._texts, strict=True)}

    def condition(self) -> Condition | None:
        """The condition that is stood on."""
        return self._conditions[self.currentRow()] if 0 <= self.currentRow() < len(self._conditions) else None

    def here(self) -> Fact | None:
        """The fact that is stood on."""
        one = self.condition()
        return one.fact if one is not None else None

    def _turn(self, at: int) -> None:
        if not 0 <= at < len(self._conditions):
            return
        plain = self._conditions[at].plain
        turns = [plain, "否" if plain == "是" else "是", UNKNOWN]
        self._texts[at] = turns[(turns.index(self._texts[at]) + 1) % len(turns)]
        self._write(at)
        self.setCurrentRow(at)

    def _write(self, at: int) -> None:
        one, text = self._conditions[at], self._texts[at]
        item = self.item(at)
        answer = text or "不清楚"
        mark = "（已改）" if text != one.plain else f"（{one.known}）" if one.known else ""
        item.setText(f"{at + 1}  {one.fact.name}：{answer}{mark}")
        item.setToolTip(one.fact.question)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{one.fact.question}，{answer}{mark}")

    @override
    def sizeHint(self) -> QSize:
        height = sum(self.sizeHintForRow(at) for at in range(self.count())) + 2 * self.frameWidth() + 4
        return QSize(super().sizeHint().width(), height)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(super().minimumSizeHint().width(), self.sizeHint().height())

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self.updateGeometry()  # rows wrap anew: all of them stay in sight

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in _ENTER:
            self.confirmed.emit()
        elif key == Qt.Key.Key_Space:
            self._turn(self.currentRow())
        elif _FIRST <= key < _FIRST + len(self._conditions):
            self._turn(key - _FIRST)
        elif key == Qt.Key.Key_Right and (fact := self.here()) is not None:
            self.opened.emit(fact.name)
        else:
            super().keyPressEvent(event)


class FoldCard(Card):
    """``confirmed`` carries the answers by fact (empty: not clear), ``opened`` the one that is wanted by itself."""

    confirmed = Signal(dict)
    opened = Signal(str)

    def __init__(self, parent: QWidget | None = None, *, margin: float = 1.5) -> None:
        super().__init__(parent, margin=margin, spacing=0.75)
        self.setProperty("keep_whole", True)
        self._title = Subtitle("以下几项都符合吗？", self)
        self._why = Caption("", self)
        self.list = FoldList(self)
        self.list.confirmed.connect(self.accept)
        self.list.opened.connect(self.opened)
        self._all = PrimaryButton("照此确认  回车", parent=self)
        self._all.setAccessibleName("照此确认")
        self._all.clicked.connect(self.accept)
        self._apart = QuietButton("单独填这一项", "→", self)
        self._apart.clicked.connect(self._open_here)
        self._hint = Caption("有不符合的，按前面的数字改成“否”，再按一次是“不清楚”。", self)
        self.quote = ClauseQuote(parent=self)
        self.list.currentRowChanged.connect(self._show_quote)
        for widget in (self._title, self._why, self.list, self.quote, self._hint):
            self.body.addWidget(widget)
        row = QHBoxLayout()
        row.addWidget(self._all)
        row.addWidget(self._apart)
        row.addStretch(1)
        self.body.addLayout(row)

    def show_conditions(self, conditions: Sequence[Condition], why: str) -> None:
        """Put these conditions; ``why`` says in one sentence whose they are."""
        plainly = all(one.plain == "是" for one in conditions)
        self._title.setText(f"以下 {len(conditions)} 项都{'符合' if plainly else '是这样'}吗？")
        self._why.setText(why)
        self.list.show_conditions(conditions)
        self._show_quote()

    def _show_quote(self) -> None:
        one = self.list.condition()
        self.quote.show_clause(one.quote if one is not None else "", one.place if one is not None else "")

    # --- as a field of a form: Enter confirms, and goes on

    def inputs(self) -> list[QWidget]:
        """The list takes the keys."""
        return [self.list]

    def focus_input(self) -> None:
        """Stand in the list."""
        self.list.setFocus(Qt.FocusReason.TabFocusReason)

    def order_tabs(self) -> None:
        """Tab goes from the list to its buttons."""
        QWidget.setTabOrder(self.list, self._all)
        QWidget.setTabOrder(self._all, self._apart)

    def accept(self) -> None:
        """Confirm what stands in the list."""
        self.confirmed.emit(self.list.texts())

    def _open_here(self) -> None:
        if (fact := self.list.here()) is not None:
            self.opened.emit(fact.name)
