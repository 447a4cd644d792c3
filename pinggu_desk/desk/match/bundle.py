"""The right column's cards: the best lawful bundle, what was given up for it, what a trial moves."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from pinggu_desk.assess.determination import STATUS_WORDS
from pinggu_desk.assess.match.bundle import Bundle, GivenUp, over_lines
from pinggu_desk.assess.match.match import Move
from pinggu_desk.desk.kit import Banner, Caption, Card, QuietButton, Subtitle, Title, Words
from pinggu_desk.desk.kit.basics import laid_out_once
from pinggu_desk.policy.models import Pack
from pinggu_desk.policy.quantity import headline_sum, wan

_SHOWN = 40  # moves that are listed one by one

#: so many changes to come are told beside the sum
_AHEAD = 2


class BundleCard(Card):
    """合法最优组合: the sum of what is computed; beside it, never in it, what else there is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, margin=1.5, spacing=0.5)
        self.figure = Title(parent=self)
        self._meaning = Caption(parent=self)
        self._who = Words(parent=self)
        self._beside = Words(parent=self)
        self.confirm = Banner("", "warn", self)
        self.confirm.hide()
        self.ahead = Banner("", "info", self)
        self.ahead.hide()
        self.body.addWidget(Subtitle("合法最优组合", self))
        for widget in (self.figure, self._meaning, self._who, self._beside, self.confirm, self.ahead):
            self.body.addWidget(widget)

    def lead_on(self, *buttons: QuietButton) -> None:
        """Put what can be done with the whole of it under it."""
        for button in buttons:
            self.body.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)

    def show_sum(self, bundle: Bundle) -> None:
        """Show the certain sum alone, ahead of all that is said of it."""
        _put(self.figure, headline_sum(bundle.total_fen))

    def show_bundle(self, bundle: Bundle, ahead: Sequence[str] = ()) -> None:
        """Show a bundle, and what changes after the day of judgement (即将变化)."""
        with laid_out_once(self.body):
            self.show_sum(bundle)
            none = "" if bundle.kept else "还没有可以确定申请的事项；"
            summed = "按条款计算的资金合计"
            if (
                bundle.kept and not bundle.total_fen
            ):  # 0 元 of somebody who can have something reads as if it were nothing
                summed = "可以申请的没有能相加的金额，是什么见下"
            _put(self._meaning, f"{none}{summed}，以主管部门审核为准")
            who = [f"{name} {wan(fen)}" for name, fen in bundle.by_recipient.items()]
            _put(self._who, "　".join(who) if len(who) > 1 else "")
            beside = beside_words(bundle)
            said = [f"另有（不计入合计）：{'、'.join(beside)}"] if beside else []
            _put(self._beside, "\n".join([*said, *over_lines(bundle)]))
            loose = bundle.without_analogy_fen
            words = f"如主管部门认定可以并领，合计 {wan(loose)}；此处按不重复计，待主管部门确认。"
            self.confirm.show_words(words if loose != bundle.total_fen else "", "warn")
            self.ahead.show_words(ahead_words(ahead), "info")
            self.setAccessibleName(f"合法最优组合，合计{self.figure.text()}")


def ahead_words(ahead: Sequence[str]) -> str:
    """The first of what changes, and how much more there is; empty where nothing does."""
    told = "；".join(ahead[:_AHEAD])
    more = f"；另有 {len(ahead) - _AHEAD} 处变化，印在清单上" if len(ahead) > _AHEAD else ""
    return f"即将变化：{told}{more}。" if ahead else ""


def beside_words(bundle: Bundle) -> list[str]:
    """What stands beside the total: ceilings, ranges, what review decides, loans, rates, services."""
    counted = (
        ("项只公布上下限", bundle.ranges), ("项由主管部门核定", bundle.by_review), ("项贷款", bundle.loans),
        ("项补贴率", bundle.rates), ("项服务", bundle.services),
    )  # fmt: skip
    ceilings = [f"上限合计 {wan(bundle.ceilings_fen)}"] if bundle.ceilings_fen else []
    return ceilings + [f"{len(ids)} {words}" for words, ids in counted if ids]


class GivenUpCard(Card):
    """未另取: each benefit that is left out for another, the clause that says so, the difference; and limits that bite.

    Where the choice is the applicant's, a key takes the other one: ``chosen`` carries it.
    """

    chosen = Signal(str)

    def __init__(self, pack: Pack, parent: QWidget | None = None) -> None:
        super().__init__(parent, margin=1.5, spacing=0.5)
        self._pack = pack
        self._words = Words(parent=self)
        self._limits = Words(parent=self)
        self.choices: list[QuietButton] = []
        self._offers: list[Words] = []
        self._offered: list[tuple[str, str]] = []
        self._choosing = QVBoxLayout()
        self.body.addWidget(Subtitle("不能一并领取的", self))
        self.body.addLayout(self._choosing)
        self.body.addWidget(self._words)
        self.body.addWidget(self._limits)
        self.hide()

    def show_bundle(self, bundle: Bundle, title: Callable[[str], str]) -> None:
        """Show what the bundle gives up; ``title`` names a benefit."""
        open_ = [lost for lost in bundle.given_up if lost.choice]
        lines = [self._given_up(lost) for lost in bundle.given_up if not lost.choice]
        lines += [f"· {one.words}。" for one in bundle.waiting]
        lines += [f"· {one.words}。" for one in bundle.choices if one.gone]
        _put(self._words, "\n".join(lines))
        cuts = [
            f"限额：{'、'.join(title(i) for i in cut.benefits)}合计 {wan(cut.sum_fen)}，按"
            f"{self._pack.clause_place(cut.clause)}“{cut.limit}”只计 {wan(cut.left_fen)}。"
            for cut in bundle.cuts
        ]
        _put(self._limits, "\n".join(cuts))
        self._show_choices(open_)
        gone = any(one.gone for one in bundle.choices)
        self.setVisible(bool(bundle.given_up or bundle.waiting or bundle.cuts or gone))

    def _show_choices(self, open_: Sequence[GivenUp]) -> None:
        """Each that may be chosen in place of what is kept, with its key; what stays the same stays, focus and all."""
        wanted = [(lost.benefit, self._given_up(lost)) for lost in open_]
        if wanted == self._offered:
            return
        focused = any(button.hasFocus() for button in self.choices)
        for widget in (*self._offers, *self.choices):
            self._choosing.removeWidget(widget)
            widget.hide()
            widget.deleteLater()
        self._offered = wanted
        self._offers = [Words(text, parent=self) for _, text in wanted]
        self.choices = [QuietButton("改选这一项", "F5" if i == 0 else "", parent=self) for i in range(len(wanted))]
        for lost, words, button in zip(open_, self._offers, self.choices, strict=True):
            button.setAccessibleName(f"改选“{lost.title}”，放弃“{lost.instead_title}”")
            button.setAccessibleDescription("由申请人选择；记入办件，可以撤销")
            button.clicked.connect(lambda _checked=False, benefit=lost.benefit: self.chosen.emit(benefit))
            self._choosing.addWidget(words)
            self._choosing.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
            words.show()
            button.show()
        if focused and self.choices:
            self.choices[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def text(self) -> str:
        """What is shown."""
        return "\n".join((*(words.text() for words in self._offers), self._words.text(), self._limits.text()))

    def _given_up(self, lost: GivenUp) -> str:
        policy = self._pack.policies.get(lost.rule.split(".", 1)[0]) if lost.rule else None
        why = f"依据《{policy.title}》{policy.place(lost.rule)}" if policy is not None else "原文未写可否并领"
        sure = f"，{lost.why_open}" if lost.why_open else ""
        special = "（专门办法优先）" if lost.preferred else ""
        return f"· {lost.title}：{lost.matter}已取“{lost.instead_title}”{special}，{lost.difference}。{why}{sure}。"


class MovesCard(Card):
    """有变化: what differs, benefit by benefit, in words; of a trial or of another pack."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, margin=1.5, spacing=0.5)
        self._title = Subtitle(parent=self)
        self._total = Words(parent=self)
        self._words = Words(parent=self)
        for widget in (self._title, self._total, self._words):
            self.body.addWidget(widget)
        self.hide()

    def show_moves(self, title: str, moves: Sequence[Move], before: Bundle, after: Bundle) -> None:
        """Show what moves, what can be had before or after first, and what that makes of the total."""
        self._title.setText(title)
        same = before.total_fen == after.total_fen
        total = (
            f"合计不变，{wan(after.total_fen)}" if same else f"合计 {wan(before.total_fen)} → {wan(after.total_fen)}"
        )
        _put(self._total, total)
        weighty = sorted(moves, key=lambda move: not (move.before + move.after).count(STATUS_WORDS["eligible"]))
        lines = [f"· {move.title}：{move.before} → {move.after}" for move in weighty[:_SHOWN]]
        if len(moves) > _SHOWN:
            lines.append(f"另有 {len(moves) - _SHOWN} 项。")
        _put(self._words, "\n".join(lines))
        self.show()

    def text(self) -> str:
        """What is shown."""
        return "\n".join((self._title.text(), self._total.text(), self._words.text()))


def _put(label: Words, text: str) -> None:
    if label.text() != text:
        label.setText(text)
    if label.isHidden() is bool(text):
        label.setVisible(bool(text))
