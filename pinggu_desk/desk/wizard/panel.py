"""The answer beside the form, always live: in full what can be had, in a line each what is open or ruled out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from pinggu_desk.assess.determination import STATUS_WORDS, Determination, Status
from pinggu_desk.desk.kit import Caption, Card, QuietButton, ScrollColumn, Subtitle
from pinggu_desk.desk.kit.accessible import Teller
from pinggu_desk.desk.kit.basics import laid_out_once
from pinggu_desk.desk.theme import look
from pinggu_desk.desk.wizard import phrases
from pinggu_desk.desk.wizard.card import ResultCard, put
from pinggu_desk.desk.wizard.working import Place

_TOLD = 2  # changed answers that are told one by one


class Section:
    """The benefits of one status: where the policy has many, a head that folds them to lines and unfolds them."""

    def __init__(self, status: Status, parent: QWidget, changed: Callable[[], None]) -> None:
        self.status = status
        self.count = 0
        self.many = False
        self._wish: bool | None = None  # what the clerk chose; else it goes by how many there are
        self._changed = changed
        self.head = QuietButton("", parent=parent)
        self.head.clicked.connect(self._toggle)
        self.folded = Card(parent, margin=1.5)
        self.lines = Caption(parent=self.folded)
        self.folded.body.addWidget(self.lines)
        self.head.hide()
        self.folded.hide()

    @property
    def open(self) -> bool:
        """Whether its benefits are shown as cards."""
        if not self.many or self.status in ("eligible", "review"):
            return True
        if self._wish is not None:
            return self._wish
        return self.count <= phrases.FEW

    def show_state(self, determinations: Sequence[Determination], *, many: bool) -> None:
        """Show how many there are, and where they are folded, a line for each."""
        self.count, self.many = len(determinations), many
        folds = self.status in ("unknown", "ineligible")
        mark = "收起" if self.open else "展开"
        put(self.head, f"{mark}{STATUS_WORDS[self.status]} {self.count} 项" if many and folds and self.count else "")
        lines = phrases.gathered(determinations) if self.status == "unknown" and self.count and not self.open else []
        put(self.lines, "\n".join(lines))  # why the rest is ruled out is told once it is asked for
        if self.folded.isHidden() is bool(self.lines.text()):
            self.folded.setVisible(bool(self.lines.text()))

    def _toggle(self) -> None:
        self._wish = not self.open
        self._changed()


class ResultPanel(QWidget):
    """The answer to everything that is asked for, the good news first.

    While a question is being answered, the card of the benefit that asks it stands above all others. ``place_wanted``
    carries a clause.
    """

    place_wanted = Signal(str)

    def __init__(self, place: Place, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._place = place
        self.cards: dict[str, ResultCard] = {}
        self._shown: list[Determination] = []
        self._told: dict[str, str] = {}
        self._teller = Teller(self)
        self._asking = ""
        scale = look().scale
        column = QVBoxLayout(self)
        column.setContentsMargins(0, scale.grid(2), 0, 0)
        column.setSpacing(scale.grid(0.5))
        head = QHBoxLayout()
        head.setContentsMargins(scale.grid(1), 0, scale.grid(2), 0)
        self._on = Caption("", self)
        self._on.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        head.addWidget(Subtitle("测算", self))
        head.addWidget(self._on, 1)
        column.addLayout(head)
        self.counts = Caption("", self)
        self.counts.setContentsMargins(scale.grid(1), 0, scale.grid(2), 0)
        self.counts.hide()
        column.addWidget(self.counts)
        self.column = ScrollColumn(self, margin=1, rows=True)
        self.column.setAccessibleName("测算结果")
        column.addWidget(self.column, 1)
        self._fill()

    def _fill(self) -> None:
        body = self.column.body
        self.sections = {status: Section(status, self, self._arrange) for status in phrases.STATUS_ORDER}
        for section in self.sections.values():
            body.addWidget(section.head, 0, Qt.AlignmentFlag.AlignLeft)
            body.addWidget(section.folded)
        self._empty = Caption("没有选择申报事项。", self)
        self._contacts, self._last = Caption(parent=self), Caption("以主管部门审核为准", self)
        for widget in (self._empty, self._contacts, self._last):
            body.addWidget(widget)
        body.addStretch(1)

    @property
    def order(self) -> list[str]:
        """The benefits whose cards are in sight, from the top."""
        mine = [d.benefit for d in self._shown if self._in_full(d)]
        return sorted(mine, key=lambda benefit: benefit != self._asking) if self._many else mine

    @property
    def _many(self) -> bool:
        return len(self._shown) > phrases.MANY

    def show_contacts(self, contacts: str) -> None:
        """Say whom to ask, once for all benefits."""
        put(self._contacts, contacts)

    def show_asking(self, benefit: str) -> None:
        """Keep the card of this benefit (empty: of none) at the top, whatever its answer is."""
        if benefit != self._asking:
            self._asking = benefit
            if self._many:
                self._arrange()
                self._to_the_top()

    def _to_the_top(self) -> None:
        self.column.widget().adjustSize()  # at once: the card would be seen squeezed first, and then at its height
        self.column.verticalScrollBar().setValue(0)

    def show_all(self, determinations: tuple[Determination, ...], on: str, asking: str | None = None) -> None:
        """Show the answers as they stand now, and, where one key also went on, the card of what is ``asking`` on top."""
        put(self._on, on)
        shown = phrases.in_order(determinations)
        risen = asking is not None and asking != self._asking
        self._asking = self._asking if asking is None else asking
        if risen and shown == self._shown and self._many:
            self._arrange()
        if shown != self._shown or not self._shown:
            self._shown = shown
            self._arrange()
            if self._told:
                self._teller.tell(self._changes)
            else:
                self._told = self._standing()  # what stands there from the first is read where it stands
        if risen and self._many:
            self._to_the_top()

    def _changes(self) -> str:
        """Which answers became others since this was last told; of many, how they all stand."""
        before, self._told = self._told, self._standing()
        changed = [words for benefit, words in self._told.items() if before.get(benefit) != words]
        counts = Counter(d.status_words for d in self._shown)
        many = f"{len(changed)} 项有变化：{'，'.join(f'{words} {count} 项' for words, count in counts.items())}"
        return "；".join(changed) if len(changed) <= _TOLD else many

    def _standing(self) -> dict[str, str]:
        return {d.benefit: f"{d.title}，{d.status_words}，{d.headline}" for d in self._shown}

    def _in_full(self, d: Determination) -> bool:
        return self.sections[d.status].open or d.benefit == self._asking

    def _arrange(self) -> None:
        """Every card where it belongs; what is folded has none to keep up."""
        body = self.column.body
        with laid_out_once(body):
            many, counted = self._many, []
            first = [self._card(d) for d in self._shown if many and d.benefit == self._asking]
            wanted: list[QWidget] = [*first]
            for status, section in self.sections.items():
                mine = [d for d in self._shown if d.status == status]
                section.show_state(mine, many=many)
                counted += [f"{STATUS_WORDS[status]} {len(mine)}"] if mine else []
                wanted += [section.head, section.folded]
                wanted += [card for d in mine if self._in_full(d) and (card := self._card(d)) not in first]
            put(self.counts, "　".join(counted) if many else "")
            for index, widget in enumerate(wanted):
                if body.indexOf(widget) != index:
                    body.removeWidget(widget)
                    body.insertWidget(index, widget)
            for card in self.cards.values():
                if card.isHidden() is (card in wanted):
                    card.setVisible(card in wanted)
            self._empty.setVisible(not self._shown)

    def _card(self, d: Determination) -> ResultCard:
        card = self.cards.get(d.benefit)
        if card is None:
            card = self.cards[d.benefit] = ResultCard(self._place, self)
            card.place_wanted.connect(self.place_wanted)
        card.show_determination(d, brief=self._many)
        return card
