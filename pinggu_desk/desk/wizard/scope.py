"""申报事项: which of the policy's benefits (支持事项) are asked for; among many, found by words or pinyin initials."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from pinggu_desk.desk import pinyin
from pinggu_desk.desk.kit import Banner, Caption, Card, Line, SecondaryButton, Tick
from pinggu_desk.desk.spoken import nearly, said_as
from pinggu_desk.desk.theme import look
from pinggu_desk.desk.wizard.session import Session
from pinggu_desk.desk.wizard.step import Step
from pinggu_desk.policy import say
from pinggu_desk.policy.models import Benefit
from pinggu_desk.policy.synonyms import load_synonyms

_DIGITS = {Qt.Key(Qt.Key.Key_1 + i): i for i in range(9)}
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_KEYPAD = Qt.KeyboardModifier.KeypadModifier
_ALL_OR_NONE = "0"
_MANY = (
    "默认全选，回车到下一步。按数字只办那一项，再按数字添减；或输几个字、拼音首字母找到要办的，Ctrl+Enter 只办所列。"
)
_FEW = "默认全选，回车到下一步。只办其中几项的，按 0 全不选，再按数字选；已填内容不会丢。"
_NONE = "一项也没有选，请至少选一项申报事项。"


class ScopeStep(Step):
    """A box for each benefit. While one has the focus, number keys tick, arrows walk, Space ticks the one here.

    Where there are more than number keys, a line above them narrows them down; the buttons, too, mean those in sight.
    """

    def __init__(self, session: Session) -> None:
        many = len(session.interview.benefits) > len(_DIGITS)
        super().__init__(session, "scope", _MANY if many else _FEW)
        self._none = Banner(_NONE, "bad")
        self.body.addWidget(self._none)
        self._build_head(many)
        self.ticks: dict[str, Tick] = {}
        self._cards: dict[str, Card] = {}
        rows = QVBoxLayout()
        rows.setSpacing(look().scale.grid(0.5 if many else 1.5))
        for benefit in session.interview.benefits:
            card = self._cards[benefit.id] = self._card(benefit, 0.5 if many else 1)
            rows.addWidget(card)
        self.body.addLayout(rows)
        self._nothing_found = Caption()
        self.body.addWidget(self._nothing_found)
        self.body.addStretch(1)
        self.chain.set_fields([*([self.line] if many else []), *self.ticks.values()])
        for tick in self.ticks.values():
            tick.installEventFilter(self)  # anew: before the chain, for Enter at a tick goes on to the next step
        self.line.textChanged.connect(self._filter)
        self.line.installEventFilter(self)
        self._filter("")
        self.refresh()

    def _build_head(self, many: bool) -> None:
        """What narrows the list down, what is done with the whole of it, and how many are chosen."""
        self.line = Line(40)
        self.line.setPlaceholderText("事项、条款、拼音")
        self.line.setAccessibleName("筛选申报事项")
        self.line.setAccessibleDescription("输入后回车到第一项，Ctrl+Enter 只办所列各项")
        self.every, self.nothing = SecondaryButton("全选"), SecondaryButton("全不选")
        self.only = SecondaryButton("只办所列  Ctrl+Enter")
        self.only.setAccessibleName("只办所列")
        self.only.setShortcut(QKeySequence("Ctrl+Return"))  # a keyboard says Enter, Qt Return
        self.count = Caption()
        self.every.clicked.connect(lambda: self._choose([*self.session.interview.chosen, *self.in_sight()]))
        self.nothing.clicked.connect(lambda: self._choose(self._chosen_but(self.in_sight())))
        self.only.clicked.connect(self._only_these)
        row = QHBoxLayout()
        for widget in (self.every, self.nothing, self.only):
            row.addWidget(widget)
        row.addStretch(1)
        head = QVBoxLayout()
        head.setSpacing(look().scale.grid(1))
        head.addWidget(self.line)
        head.addLayout(row)
        head.addWidget(self.count)
        self.body.addLayout(head)
        self.line.setVisible(many)

    def _card(self, benefit: Benefit, margin: float) -> Card:
        policy = self.session.interview.policy
        card = Card(margin=margin, spacing=0)
        card.setProperty("keep_whole", True)
        tick = self.ticks[benefit.id] = Tick(benefit.title)
        tick.setAccessibleName(benefit.title)
        place, words = policy.place(benefit.clause), say.text_words(policy.words(benefit.clause))
        tick.setAccessibleDescription(f"{benefit.kind}，依据{place}")
        tick.clicked.connect(self._ticked)
        quote = Caption(f"{place}　{words}")
        quote.setContentsMargins(look().scale.grid(4), 0, 0, 0)
        card.body.addWidget(tick)
        card.body.addWidget(quote)
        return card

    def in_sight(self) -> list[str]:
        """The benefits that the line leaves in sight, in the text's order."""
        return [benefit for benefit, card in self._cards.items() if not card.isHidden()]

    def _filter(self, typed: str) -> None:
        """Leave what fits in sight, and number the first nine of it anew."""
        found, number = self._found(typed), 0
        for benefit in self.session.interview.benefits:
            fits = benefit.id in found
            self._cards[benefit.id].setVisible(fits)
            number += fits
            key = f"{number}  " if fits and number <= len(_DIGITS) else ""
            self.ticks[benefit.id].setText(f"{key}{benefit.title}")
        narrowed = bool(typed.strip())
        self.only.setVisible(narrowed and number > 0)
        self._nothing_found.setText(f"没有找到“{typed.strip()}”，删去几个字再找。" if narrowed and not number else "")
        self._nothing_found.setVisible(bool(self._nothing_found.text()))

    def _found(self, typed: str) -> set[str]:
        """By name, by words of its clause or by an everyday word; where none fits, loosely (买几台设备)."""
        policy, benefits, said = self.session.interview.policy, self.session.interview.benefits, load_synonyms()
        if not typed.strip():
            return {benefit.id for benefit in benefits}
        strictly = {
            one.id for one in benefits
            if pinyin.contains(one.title, typed) or typed.strip() in policy.words(one.clause)
            or said_as(said.get(one.id, ()), typed)
        }  # fmt: skip
        return strictly or {
            one.id for one in benefits if nearly(one.title, typed) or said_as(said.get(one.id, ()), typed, within=True)
        }

    @override
    def refresh(self) -> None:
        chosen = set(self.session.interview.chosen)
        for benefit, tick in self.ticks.items():
            tick.setChecked(benefit in chosen)
        self._none.show_words("" if chosen else _NONE, "bad")
        self.count.setText(f"已选 {len(chosen)} 项，共 {len(self.ticks)} 项")

    def _only_these(self) -> None:
        """Those in sight and no others; from the first of them Enter goes on."""
        self._choose(self.in_sight())
        if ticks := self._in_reach():
            ticks[0].setFocus(Qt.FocusReason.TabFocusReason)

    def _all_or_none(self) -> None:
        """None of those in sight, or where none is chosen, all of them."""
        seen = self.in_sight()
        if set(seen) & set(self.session.interview.chosen):
            self._choose(self._chosen_but(seen))
        else:
            self._choose([*self.session.interview.chosen, *seen])

    def _ticked(self) -> None:
        self._choose([benefit for benefit, tick in self.ticks.items() if tick.isChecked()])

    def _chosen_but(self, without: list[str]) -> list[str]:
        return [benefit for benefit in self.session.interview.chosen if benefit not in without]

    def _choose(self, benefits: list[str]) -> None:
        self.session.choose(benefits)
        self.refresh()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Number keys tick, arrows walk; Enter is the form's."""
        if isinstance(watched, Tick):
            return self._tick_event(watched, event)
        if isinstance(watched, Line) and isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            first = self._in_reach()
            if event.key() == Qt.Key.Key_Down and first:
                first[0].setFocus(Qt.FocusReason.TabFocusReason)
                return True
            if self.line.text() or self.line.composing:
                return super().eventFilter(watched, event)
            if event.key() in _ENTER and not event.modifiers() & ~_KEYPAD:  # nothing was sought: what is chosen stands
                self.onward.emit()
                return True
            if event.text() == _ALL_OR_NONE:
                first[0].setFocus(Qt.FocusReason.TabFocusReason)
                self._all_or_none()
                return True
            if event.text().isdigit() and _DIGITS.get(Qt.Key(event.key()), len(first)) < len(first):
                one = _DIGITS[
                    Qt.Key(event.key())
                ]  # nothing was sought or chosen yet: this one alone, more by their keys
                self._choose([self.in_sight()[one]])
                first[one].setFocus(Qt.FocusReason.TabFocusReason)
                return True
        return super().eventFilter(watched, event)

    def _in_reach(self) -> list[Tick]:
        return [self.ticks[benefit] for benefit in self.in_sight()]

    def _tick_event(self, tick: Tick, event: QEvent) -> bool:
        ticks = self._in_reach()
        if event.type() is QEvent.Type.FocusIn:
            self.here.emit(next(benefit for benefit, one in self.ticks.items() if one is tick))
        if not isinstance(event, QKeyEvent) or event.type() is not QEvent.Type.KeyPress:
            return False
        key = Qt.Key(event.key())
        if event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier):
            return False
        if key in _ENTER:
            (self.backward if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else self.onward).emit()
        elif event.text() == _ALL_OR_NONE:
            self._all_or_none()
        elif key in _DIGITS and _DIGITS[key] < len(ticks):
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
        found = self.ticks.get(field)
        target: QWidget | None = found if found in self._in_reach() else None
        if target is None:
            target = next(iter(self._in_reach()), None) if self.line.isHidden() else self.line
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
        for widget in (*self.ticks.values(), self.every, self.nothing, self.only):
            widget.setEnabled(not closed)
