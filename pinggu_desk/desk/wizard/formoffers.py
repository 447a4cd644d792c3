"""What an earlier visit told, offered under the fields of a form and taken by a key, one or all."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut

from pinggu_desk.assess.views import FieldView
from pinggu_desk.desk.kit import Banner
from pinggu_desk.desk.offers import KEY, KEY_ALL, OfferLine, all_words
from pinggu_desk.desk.wizard.valuepast import KEY as PAST
from pinggu_desk.desk.wizard.valuepast import Past, ValuePast, read_past

if TYPE_CHECKING:
    from pinggu_desk.desk.wizard.factform import FactForm

_NOTHING = "这一项没有以前填过的值可采用。"


class FormOffers:
    """The lines under the fields, made when first wanted; ``all`` stands over the form and takes everything of the step."""

    def __init__(self, form: FactForm) -> None:
        self._form = form
        self.lines: dict[str, OfferLine] = {}
        self.all = Banner("", "info", action="全部采用", key=KEY_ALL)
        self.all.pressed.connect(self.take_all)
        self.all.hide()
        take = QShortcut(QKeySequence(KEY), form)
        take.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        take.activated.connect(self.take_here)
        past = QShortcut(QKeySequence(PAST), form)
        past.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        past.activated.connect(self.show_past)
        self.past: ValuePast | None = None  # the list that is open

    def show_offer(self, view: FieldView, at: int) -> None:
        """Show what is offered for one field, at a place in its column, while the field is empty."""
        name, offer = view.fact.name, view.offer if not self._form.session.closed else None
        if name not in self.lines:
            if offer is None:
                return
            field = self._form.fields[name]
            line = self.lines[name] = OfferLine(field)
            line.taken.connect(lambda: self._take(name))
            field.column.insertWidget(at, line)
        self.lines[name].show_offer(offer)

    def show_all(self) -> None:
        """Say how much the step offers in all."""
        words = all_words(self._form.session.interview.offers(self._form.key).values(), "这一步")
        if self.all.text() != words:
            self.all.show_words(words, "info")

    def take_here(self) -> None:
        """Take what is offered at the field one stands in, and go on to the next."""
        place = self._form.folds.here()
        if place is not None and (fact := place.card.list.here()) is not None:
            self._taken([fact.name])
            return
        name = next((name for name, field in self._form.fields.items() if field.has_focus()), "")
        self._take(name) if name in self.lines else self._form.session.said.emit(_NOTHING)

    def _name_here(self) -> str:
        """The fact of the field, or of the line of a fold, that one stands in."""
        place = self._form.folds.here()
        if place is not None and (fact := place.card.list.here()) is not None:
            return fact.name
        return next((name for name, field in self._form.fields.items() if field.has_focus()), "")

    def show_past(self) -> None:
        """Show where the value of the field one stands in has come from, now and before."""
        name, session = self._name_here(), self._form.session
        record = session.record
        if not name or record is None:
            return
        session.flush()
        whose = record.applicant.id if record.applicant is not None else None
        case_id = session.case.id
        session.services.operations.run(lambda register: read_past(register, name, case_id, whose), self._open_past)

    def _open_past(self, past: Past) -> None:
        self.past = ValuePast(past, self._form.session.pack, self._form.window())
        self.past.destroyed.connect(self._past_gone)
        self.past.open()

    def _past_gone(self) -> None:
        self.past = None

    def take_all(self) -> None:
        """Take everything that the step offers."""
        offers = self._form.session.interview.offers(self._form.key)
        self._form.session.take_offers(offers)
        self._form.show_taken(offers)
        self._form.session.said.emit(f"已采用上次填报 {len(offers)} 项，可按 Ctrl+Z 逐项撤销。")
        self._form.stand_in()

    def _take(self, name: str) -> None:
        if self._taken([name]):
            self._form.onward_from(name)

    def _taken(self, names: Iterable[str]) -> bool:
        """Take what is offered for these and say so; whether there was anything."""
        session = self._form.session
        offers = {name: offer for name in names if (offer := session.interview.field(name).offer) is not None}
        if not offers:
            session.said.emit(_NOTHING)
            return False
        session.take_offers(offers)
        self._form.show_taken(offers)
        for name, offer in offers.items():
            session.said.emit(f"“{name}”已采用上次填报：{offer.shown}。")
        return True
