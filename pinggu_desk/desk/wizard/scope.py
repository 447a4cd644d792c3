"""申报事项: which of the policy's benefits (支持事项) are asked for."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout
from typing_extensions import override

from pinggu_desk.desk.kit import Banner, Caption, Card, SecondaryButton, Tick
from pinggu_desk.desk.theme import look
from pinggu_desk.desk.wizard.session import Session
from pinggu_desk.desk.wizard.step import Step
from pinggu_desk.policy.models import Benefit

_DIGITS = {Qt.Key(Qt.Key.Key_1 + i): i for i in range(9)}
_NONE = "一项也没有选，请至少选一项申报事项。"


class ScopeStep(Step):
    """A box for each benefit. While one has the focus, number keys tick, arrows walk, Space ticks the one here."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, "scope", "默认全选。只办其中几项的，取消其余的；已填内容不会丢。")
        self._none = Banner(_NONE, "bad")
        self.body.addWidget(self._none)
        self.every, self.nothing = SecondaryButton("全选"), SecondaryButton("全不选")
        self.every.clicked.connect(lambda: self._choose([b.id for b in session.interview.benefits]))
        self.nothing.clicked.connect(lambda: self._choose([]))
        row = QHBoxLayout()
        row.addWidget(self.every)
        row.addWidget(self.nothing)
        row.addStretch(1)
        self.body.addLayout(row)
        self.ticks: dict[str, Tick] = {}
        for index, benefit in enumerate(session.interview.benefits):
            self.body.addWidget(self._card(index, benefit))
        self.body.addStretch(1)
        self.chain.set_fields(self.ticks.values())
        self.refresh()

    def _card(self, index: int, benefit: Benefit) -> Card:
        policy = self.session.interview.policy
        card = Card(margin=1, spacing=0.25)
        card.setProperty("keep_whole", True)
        tick = self.ticks[benefit.id] = Tick(f"{index + 1}  {benefit.title}" if index < len(_DIGITS) else benefit.title)
        tick.setAccessibleName(benefit.title)
        place, words = policy.place(benefit.clause), policy.words(benefit.clause)
        tick.setAccessibleDescription(f"{benefit.kind}，依据{place}")
        tick.installEventFilter(self)
        tick.clicked.connect(self._ticked)
        quote = Caption(f"{place}　{words}")
        quote.setContentsMargins(look().scale.grid(4), 0, 0, 0)
        card.body.addWidget(tick)
        card.body.addWidget(quote)
        return card

    @override
    def refresh(self) -> None:
        chosen = set(self.session.interview.chosen)
        for benefit, tick in self.ticks.items():
            tick.setChecked(benefit in chosen)
        self._none.show_words("" if chosen else _NONE, "bad")

    def _ticked(self) -> None:
        self._choose([benefit for benefit, tick in self.ticks.items() if tick.isChecked()])

    def _choose(self, benefits: list[str]) -> None:
        self.session.choose(benefits)
        self.refresh()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Number keys tick, arrows walk; Enter is the form's."""
        if isinstance(watched, Tick):
            return self._tick_event(watched, event)
        return super().eventFilter(watched, event)

    def _tick_event(self, tick: Tick, event: QEvent) -> bool:
        ticks = list(self.ticks.values())
        if event.type() is QEvent.Type.FocusIn:
            self.here.emit(list(self.ticks)[ticks.index(tick)])
        if not isinstance(event, QKeyEvent) or event.type() is not QEvent.Type.KeyPress:
            return False
        key = Qt.Key(event.key())
        if event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier):
            return False
        if key in _DIGITS and _DIGITS[key] < len(ticks):
            ticks[_DIGITS[key]].setFocus(Qt.FocusReason.TabFocusReason)
            ticks[_DIGITS[key]].click()
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            way = 1 if key == Qt.Key.Key_Down else -1
            ticks[(ticks.index(tick) + way) % len(ticks)].setFocus(Qt.FocusReason.TabFocusReason)
        else:
            return False
        return True

    @override
    def stand_in(self, field: str = "") -> bool:
        target = self.ticks.get(field) or next(iter(self.ticks.values()), None)
        if target is None:
            return False
        target.setFocus(Qt.FocusReason.TabFocusReason)
        return True

    @override
    def clause_here(self) -> str:
        focused = next((benefit for benefit, tick in self.ticks.items() if tick.hasFocus()), "")
        return next((b.clause for b in self.session.interview.benefits if b.id == focused), "")

    @override
    def lock_up(self, closed: bool) -> None:
        for widget in (*self.ticks.values(), self.every, self.nothing):
            widget.setEnabled(not closed)
