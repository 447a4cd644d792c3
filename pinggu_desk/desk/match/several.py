"""一起办: which policies of an enquiry get a case now; one list with ticks, Enter opens them all."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from typing_extensions import override

from pinggu_desk.assess.match.match import Match
from pinggu_desk.desk.kit import Banner, Caption, Card, PrimaryButton, ScrollColumn, SecondaryButton, Subtitle, Tick

_NAMED = 4


class SeveralPanel(ScrollColumn):
    """``confirmed`` carries, policy by policy, the benefits that are asked for; ``given_up`` that nothing is opened."""

    confirmed = Signal(object)
    given_up = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("一起办")
        card = Card(spacing=1)
        card.body.addWidget(Subtitle("这次来访，哪几项政策一起办？"))
        card.body.addWidget(
            Caption(
                "每项政策开一件，申请人和已答的都填好；在一件里答过的，另几件不用再答。数字键勾选，回车开办，Esc 返回。"
            )
        )
        self._nothing = Banner("", "warn")
        self._nothing.hide()
        card.body.addWidget(self._nothing)
        self._card = card
        self.ticks: list[Tick] = []
        self._wanted: list[list[str]] = []
        self.open = PrimaryButton("开办  回车")
        self.open.setAccessibleName("开办")
        self.open.clicked.connect(self._confirm)
        self.back = SecondaryButton("返回", "Esc")
        self.back.clicked.connect(self.given_up)
        self.body.addWidget(card)
        self.body.addStretch(1)

    def begin(self, match: Match) -> None:
        """Offer every policy of which something is kept in the best bundle (ticked), then what review decides."""
        for tick in self.ticks:
            self._card.body.removeWidget(tick)
            tick.deleteLater()
        kept = {one.benefit for one in match.bundle.kept}
        waiting = [i for i in match.groups["review"] if i not in kept]
        by: dict[str, list[str]] = {}
        for benefit in (i for i in match.rules if i in kept or i in waiting):
            by.setdefault(match.rules[benefit].policy.id, []).append(benefit)
        ordered = sorted(by.values(), key=lambda mine: not kept & set(mine))
        self._wanted = ordered
        self.ticks = []
        for number, mine in enumerate(ordered, start=1):
            policy = match.rules[mine[0]].policy
            titles = [match.rules[i].benefit.title for i in mine]
            more = f"等 {len(titles)} 项" if len(titles) > _NAMED else ""
            verdict = "" if kept & set(mine) else "（待主管部门认定）"
            tick = Tick(f"{number}  {policy.title}：{'、'.join(titles[:_NAMED])}{more}{verdict}", self._card)
            tick.setAccessibleName(policy.title)
            tick.setAccessibleDescription("空格或数字键勾选，回车开办")
            tick.setChecked(bool(kept & set(mine)))
            self._card.body.addWidget(tick)
            tick.show()  # in a card that is seen already a new row is not, until the layout gets to it
            self.ticks.append(tick)
        nothing = "" if ordered else "目前还没有可以申请的事项，先把左边的问题答下去。"
        self._nothing.show_words(nothing, "warn")
        self.open.setEnabled(bool(ordered))
        (self.ticks[0] if self.ticks else self.back).setFocus(Qt.FocusReason.TabFocusReason)

    def _confirm(self) -> None:
        chosen = [mine for mine, tick in zip(self._wanted, self.ticks, strict=True) if tick.isChecked()]
        if chosen:
            self._nothing.show_words("")
            self.confirmed.emit(chosen)
        elif self.ticks:
            self._nothing.show_words("还没有勾选政策，请至少勾选一项。", "warn")

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Digits tick, Enter opens, arrows walk."""
        key = event.key()
        at = key - Qt.Key.Key_1
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._confirm()
        elif 0 <= at < min(len(self.ticks), 9):
            self.ticks[at].toggle()
            self.ticks[at].setFocus(Qt.FocusReason.TabFocusReason)
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.focusNextPrevChild(key == Qt.Key.Key_Down)
        else:
            super().keyPressEvent(event)
