"""What is known already while matters are ticked: how much is gone into, how much is left to ask, what may come of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from pinggu_desk.desk.kit import Caption, Card, ScrollColumn, Subtitle, Words
from pinggu_desk.desk.theme import look

if TYPE_CHECKING:
    from pinggu_desk.assess.match.match import Match

_SECONDS = 8  # what a question takes at the window
_LIKELY = 4


class SumsCard(ScrollColumn):
    """已经看得出来: how much is gone into, how much was not raised, what is asked next and what may come of it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, margin=0)
        scale = look().scale
        self.setAccessibleName("已经看得出来")
        self.setFixedWidth(scale.body * 17 + 40)
        self.body.setSpacing(scale.grid(1))
        seen, likely = Card(self, margin=1.5, spacing=0.5), Card(self, margin=1.5, spacing=0.5)
        self.counts, self.left, self.first, self.likely = Words(), Words(), Caption(), Words()
        seen.body.addWidget(Subtitle("已经看得出来"))
        for widget in (self.counts, self.left, self.first):
            seen.body.addWidget(widget)
        likely.body.addWidget(Subtitle("可能拿到的"))
        likely.body.addWidget(self.likely)
        for card in (seen, likely):
            self.body.addWidget(card)
        self.body.addStretch(1)

    def show_match(self, match: Match, left: int) -> None:
        """Say what is known so far."""
        groups = match.groups
        may = len(match.raised) - len(set(groups["ineligible"]) & match.raised)
        wrong = len(set(groups["ineligible"]) - match.raised)
        lines = [f"还可能享受　{may} 项", f"来访未涉及　{len(groups['not_raised'])} 项"]
        self.counts.setText("\n".join([*lines, f"主体不对　{wrong} 项"] if wrong else lines))
        minutes = -(-left * _SECONDS // 60)
        self.left.setText(f"接着最多问 {left} 个问题，约 {minutes} 分钟" if left else "勾选之后，这里说还要问几个问题")
        question, facts = match.question if match.raised else None, match.engine.pack.facts
        self.first.setText(f"先问：{facts[question.fact].question}（关系到 {question.open_} 项）" if question else "")
        money = sorted(
            (i for i in match.raised if i not in groups["ineligible"]), key=lambda i: -(match.concluded[i].high or 0)
        )
        rows = [f"{match.rules[i].benefit.title}　{match.determination(i).headline}" for i in money[:_LIKELY]]
        self.likely.setText("\n".join(rows) or "勾选之后显示")
