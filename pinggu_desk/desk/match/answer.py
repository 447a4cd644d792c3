"""The right column: what a trial moves, the best bundle, the working of the benefit one stands on, what is given up."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal

from pinggu_desk.assess.match.bundle import Bundle
from pinggu_desk.assess.match.enquiry import Enquiry
from pinggu_desk.assess.match.match import Match, moved
from pinggu_desk.desk.kit import Caption, QuietButton, ScrollColumn
from pinggu_desk.desk.kit.accessible import Teller
from pinggu_desk.desk.kit.basics import laid_out_once, settle_heights
from pinggu_desk.desk.match.bundle import BundleCard, GivenUpCard, MovesCard
from pinggu_desk.desk.theme import look
from pinggu_desk.desk.wizard.card import ResultCard
from pinggu_desk.policy.models import Pack


class AnswerPanel(ScrollColumn):
    """Always live, as the panel beside a wizard's form is.

    ``place_wanted`` carries a clause, ``chosen`` the benefit that the applicant chose.
    """

    place_wanted = Signal(str)
    chosen = Signal(str)

    def __init__(self, pack: Pack) -> None:
        super().__init__(margin=0)
        scale = look().scale
        self.setAccessibleName("组合与测算")
        self.body.setContentsMargins(scale.grid(0.5), scale.grid(1), scale.grid(2), scale.grid(1))
        self.body.setSpacing(scale.grid(1))
        self.moves, self.compared = MovesCard(self), MovesCard(self)
        self.bundle, self.given_up = BundleCard(self), GivenUpCard(pack, self)
        self.card = ResultCard(pack.clause_place, self)
        self.card.place_wanted.connect(self.place_wanted)
        self.given_up.chosen.connect(self.chosen)
        self.change = Caption(parent=self)
        self.card.body.insertWidget(self.card.body.indexOf(self.card.meaning) + 1, self.change)
        self._clause = self._told = ""
        self._teller = Teller(self)
        text = QuietButton("看原文（F1）", parent=self.card)
        text.setAccessibleName("看这一项的原文")
        text.clicked.connect(lambda: self.place_wanted.emit(self._clause))
        self.card.body.addWidget(text, 0, Qt.AlignmentFlag.AlignLeft)
        self.card.hide()
        for widget in (self.moves, self.bundle, self.card, self.given_up, self.compared):
            self.body.addWidget(widget)
        self.body.addStretch(1)

    def show_sum(self, bundle: Bundle) -> None:
        """Show the certain sum alone; ``show_match`` shows what it is made of."""
        self.bundle.show_sum(bundle)

    def show_match(self, enquiry: Enquiry, benefit: str, other: Match | None) -> None:
        """Show the answer as it stands, and the benefit one stands on."""
        match = enquiry.match
        with laid_out_once(self.body):
            self.bundle.show_bundle(match.bundle, [one.words for one in match.ahead])
            self._told = (
                self._told or self.bundle.accessibleName()
            )  # what stands there from the first is read where it stands
            self._teller.tell(self._sum_if_changed)
            self.given_up.show_bundle(match.bundle, lambda i: match.rules[i].benefit.title)
            if enquiry.trial is not None:
                moves = enquiry.moves
                self.moves.show_moves(f"试算：{len(moves)} 项有变化", moves, enquiry.stated.bundle, match.bundle)
            else:
                self.moves.hide()
            if other is not None:
                differing = moved(match, other)
                title = f"与政策包 {_short(other)} 对比：{len(differing)} 项不同"
                self.compared.show_moves(title, differing, match.bundle, other.bundle)
            else:
                self.compared.hide()
            self._show_benefit(match, benefit)

    def _sum_if_changed(self) -> str:
        before, self._told = self._told, self.bundle.accessibleName()
        return self._told if self._told != before else ""

    def show_benefit(self, match: Match, benefit: str) -> None:
        """Show another benefit's working."""
        with laid_out_once(self.body):
            self._show_benefit(match, benefit)

    def go_on_to(self, match: Match, benefit: str) -> None:
        """Go on to the benefit that the next question is about; where one stands on it already, nothing changes."""
        shown = self.card.determination
        if benefit not in match.rules or shown is None or shown.benefit != benefit or self.card.isHidden():
            with laid_out_once(self.body):
                self._show_benefit(match, benefit)

    def _show_benefit(self, match: Match, benefit: str) -> None:
        if benefit not in match.rules:
            self.card.hide()
            return
        self._clause = match.rules[benefit].benefit.clause
        self.card.show_determination(match.determination(benefit))
        near, step = match.near.get(benefit), match.steps.get(benefit)
        words = f"差一点：{near.words}" if near else f"再进一步：{step.words}" if step else ""
        gain = match.gains.of(benefit).words if near or step else ""
        place = match.engine.pack.clause_place((near or step).clause) if near or step else ""  # type: ignore[union-attr]
        self.change.setText(f"{words}{f'，{gain}' if gain else ''}　{place}" if words else "")
        self.change.setVisible(bool(words))
        self.card.show()

    def unfold(self) -> None:
        """Show the whole working of the benefit one stands on, and bring it into sight."""
        self.card.unfold()
        settle_heights(self.card.working)
        self.widget().layout().activate()
        self.verticalScrollBar().setValue(self.card.y() - look().scale.grid(1))


def _short(match: Match) -> str:
    return match.engine.pack.version.split("+", maxsplit=1)[0]
