"""资格条件 and 申报数据: the questions that still matter, each with its clause, errors and where its value came from."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from typing_extensions import override

from pinggu_desk.assess.views import FieldView, StepKey
from pinggu_desk.desk.doubts import show_doubt
from pinggu_desk.desk.folding import FoldCard
from pinggu_desk.desk.kit import Banner, Caption, Card, ChoiceField, LineField, Subtitle, make_field
from pinggu_desk.desk.kit.field import Field
from pinggu_desk.desk.wizard.formfolds import FoldPlace, FormFolds
from pinggu_desk.desk.wizard.formoffers import FormOffers
from pinggu_desk.desk.wizard.formorder import FormOrder
from pinggu_desk.desk.wizard.formothers import OthersLine
from pinggu_desk.desk.wizard.session import Session
from pinggu_desk.desk.wizard.step import Step, is_redo, rest_of, set_visible
from pinggu_desk.policy.facts import NEVER

_IRRELEVANT_NAMED = 12
_MANY_BENEFITS, _MANY_QUESTIONS = 9, 15  # from here on it pays to choose first
_NOTHING = "这一步没有需要填的内容。"
_REFUSED = "按已填的情况，所选事项都不符合，这一步不用再填；原因见右侧测算。"
_SENTENCES: dict[str, str] = {
    "eligibility": "对政策总的要求。随时可以跳过，缺的会列出来。",
    "data": "按事项填写；已经无关的不再询问。",
}


class FactForm(Step):
    """A form of facts (填报项), grouped by what they are asked for.

    Fields are made once and keep their identity: typing never rebuilds the form, it only shows, hides and marks.
    ``answering`` says that one key begins to answer and to go on (True), and that it has done both (False).
    """

    answering = Signal(bool)

    def __init__(self, session: Session, key: StepKey) -> None:
        super().__init__(session, key, _SENTENCES[key], passes=self._passes)
        self.folds, self.order = FormFolds(session, self._fold_place), FormOrder(session, key)
        self.chain.before_going_on = self._arrange_visible
        self.fields: dict[str, Field] = {}
        self._sources: dict[str, Caption] = {}
        self._clauses: dict[str, str] = {}
        self._stands: dict[str, tuple[object, ...]] = {}  # what was last shown beside each field
        self._cards: dict[str, Card] = {}
        self._order: list[tuple[str, str]] = []
        self._arranged: set[str] | None = None
        self._kept: Field | None = None  # in sight only because one is in it
        self._placed: list[tuple[str, ...]] = []
        self._nothing = Caption(_NOTHING)
        self._irrelevant = Caption()
        self._choose = Banner("", "info", action="去选事项")
        self._choose.pressed.connect(lambda: self.step_wanted.emit("scope"))
        self._choose.hide()
        self.body.addWidget(self._choose)
        self.taking = FormOffers(self)
        self.body.addWidget(self.taking.all)
        self.body.addWidget(self._nothing)
        self._at = self.body.count()
        self.others = OthersLine(self)
        self.body.addWidget(self._irrelevant)
        self.body.addStretch(1)
        self._later = QTimer(self)
        self._later.setSingleShot(True)  # of no interval
        self._later.timeout.connect(self._close_up)
        self.refresh()

    # --- making

    def _plan(self, views: Iterable[FieldView]) -> None:
        """Put every field into the card of its group; only a change of what is asked for comes here again."""
        order = [(view.group, view.fact.name) for view in views]
        if order == self._order:
            return
        self._order, self._arranged = order, None
        for item in (*self.fields.values(), *self.folds.places):
            item.setParent(self.widget())
            item.hide()
        for card in self._cards.values():
            self.body.removeWidget(card)
            rest_of(card)
        self._cards = {}
        for group, name in order:
            if group not in self._cards:
                card = self._cards[group] = Card(margin=2, spacing=2)
                if group != self.title.text():
                    card.body.addWidget(Subtitle(group))
                self.body.insertWidget(self._at + len(self._cards) - 1, card)
                card.show()
            self._cards[group].body.addWidget(self._field(name))
        self._place_folds()

    def _place_folds(self) -> None:
        """Every question over several conditions before the first of them, and Enter's way through all."""
        self._placed = self.folds.plan
        before = {place.names[0]: place for place in self.folds.live}
        for place in self.folds.places:
            place.hide()
        walked: list[QWidget] = []
        for group, name in self._order:
            if name in before:
                place, body = before[name], self._cards[group].body
                body.insertWidget(body.indexOf(self.fields[name]), place)
                place.show()
                walked.append(place.card)
            walked.append(self.fields[name])
        self.chain.set_fields(walked)
        for place in before.values():
            place.card.order_tabs()

    def _fold_place(self) -> FoldPlace:
        place = FoldPlace(self.widget())
        place.setEnabled(not self.session.closed)
        place.confirmed.connect(self._confirmed)
        place.opened.connect(self.open_apart)
        place.entered.connect(lambda: self.here.emit(self.folds.position(place)))
        return place

    def _passes(self, field: QWidget) -> bool:
        """Enter goes on to what is still to be answered or mended, but not to the details of what was left open."""
        if not isinstance(field, Field):  # a card whose conditions are no longer asked together has nothing to confirm
            return not any(place.card is field for place in self.folds.live)
        return self.order.passes(self.session.interview.field(field.name), here.name if (here := self._here()) else "")

    def _confirmed(self, texts: dict[str, str]) -> None:
        """What was confirmed is answered; what is not clear, or otherwise, stands by itself from now on."""
        now = {name: self.session.interview.field(name) for name in texts}
        self.folds.apart |= {name for name, text in texts.items() if not text}
        self.session.set_many(
            {name: text for name, text in texts.items() if text != now[name].text or now[name].source}
        )
        for name in texts:
            self.write(name, self.session.interview.field(name).text)
        self._arrange_visible()

    def open_apart(self, names: list[str]) -> None:
        """Show conditions that were put together by themselves, and stand in the first."""
        self.folds.apart.update(names)
        self.stand_in(next(iter(names), ""))

    def _field(self, name: str) -> Field:
        if name not in self.fields:
            view = self.session.interview.field(name)
            field = self.fields[name] = make_field(view.fact)
            source = self._sources[name] = Caption(parent=field)
            source.hide()
            field.column.insertWidget(field.column.count() - 3, source)
            self.write(name, view.text)
            field.edited.connect(lambda text, name=name: self._edited(name, text))
            field.left.connect(self._left)
            field.entered.connect(lambda name=name: self.here.emit(name))
            if isinstance(field, ChoiceField):
                field.answering.connect(self.answering)
            for one in field.inputs():
                if isinstance(one, QLineEdit):
                    one.installEventFilter(self)
        return self.fields[name]

    # --- showing

    @override
    def refresh(self) -> None:
        views = self.session.interview.fields(self.key)
        self._plan(views)
        typing, closed = self._typing(), self.session.closed
        for view in views:
            field = self.fields[name := view.fact.name]
            if view.text != field.text() and not field.has_focus() and not (view.error and not field.text()):
                self.write(name, view.text)
            words = self.session.source_of(name, view.source) if view.text else ""
            stands = view.error, view.doubt, view.offer, words, typing, closed
            if self._stands.get(name) != stands:  # of a hundred questions one key changes few
                self._stands[name] = stands
                self._show_beside(view, words, typing=typing)
        self.taking.show_all()
        self._show_folds(views)
        if self._shown(views) == self._arranged and self.folds.plan == self._placed:
            return
        if self.isVisible():  # the answer at the right comes first; the form closes up right after it
            self._later.start()
        else:
            self._arrange_visible()

    def _show_beside(self, view: FieldView, words: str, *, typing: bool) -> None:
        """What stands with a field: what is wrong or doubtful, where its value came from, what is offered."""
        field, source = self.fields[view.fact.name], self._sources[view.fact.name]
        self._show_error(field, view.error, force=not typing)
        show_doubt(field, view.doubt, typing=typing)
        if source.text() != words:
            source.setText(words)
            source.setVisible(bool(words))
        self.taking.show_offer(view, field.column.indexOf(source))

    def _here(self) -> Field | None:
        """The field that the focus is in."""
        at = QApplication.focusWidget()
        while at is not None and not isinstance(at, Field):
            at = at.parentWidget()
        return at if at is not None and self.fields.get(at.name) is at and at.has_focus() else None

    def _typing(self) -> bool:
        """Whether somebody is in the middle of a number, a date or a name: no new error is shown before that is done."""
        return isinstance(self._here(), LineField)

    @staticmethod
    def _show_error(field: Field, sentence: str, *, force: bool) -> None:
        if force or not sentence or field.error():
            field.set_error(sentence)

    def _close_up(self) -> None:
        """A moment after an answer, or after a field was left: arrange the form, unless it stands as it should."""
        views, kept = self.session.interview.fields(self.key), self._kept
        left = kept is not None and not kept.has_focus()
        if left or self._shown(views) != self._arranged or self.folds.plan != self._placed:
            self._arrange_visible()
        else:
            self._offer_choice(views)

    def _arrange_visible(self) -> None:
        """Show what matters, fold away what doesn't; what has the focus stays, and stays where it is on the screen."""
        self._later.stop()
        here = self._here()
        before = here.mapTo(self.viewport(), here.rect().topLeft()).y() if here else 0
        views = self.session.interview.fields(self.key)
        shown = self._arranged = self._shown(views)
        self._show_folds(views)
        moved = self.folds.plan != self._placed
        if moved:
            self._place_folds()
        folded = self.folds.names
        self._kept = here if here is not None and here.name not in shown - folded else None
        for view in views:
            field = self.fields[view.fact.name]
            moved |= set_visible(field, (view.fact.name in shown and view.fact.name not in folded) or field is here)
        for group, card in self._cards.items():
            mine = any(g == group and (n in folded or not self.fields[n].isHidden()) for g, n in self._order)
            moved |= set_visible(card, mine)
        self._show_quotes(views)
        determinations = self.session.interview.determinations
        refused = bool(determinations) and all(d.status == "ineligible" for d in determinations)
        self._nothing.setText(_REFUSED if refused else _NOTHING)
        self._nothing.setVisible(all(card.isHidden() for card in self._cards.values()))
        self._offer_choice(views)
        self.others.show_for(views)
        names = [v.fact.name for v in views if v.state not in ("later", "others") and v.fact.name not in folded]
        gone = [name for name in names if self.fields[name].isHidden()]
        more = f"等 {len(gone)} 项" if len(gone) > _IRRELEVANT_NAMED else ""
        self._irrelevant.setText(f"已无关：{'、'.join(gone[:_IRRELEVANT_NAMED])}{more}" if gone else "")
        self._irrelevant.setVisible(bool(gone))
        if moved and here is not None:
            self.widget().layout().activate()
            after = here.mapTo(self.viewport(), here.rect().topLeft()).y()
            bar = self.verticalScrollBar()
            bar.setValue(bar.value() + after - before)

    def _show_folds(self, views: Iterable[FieldView]) -> None:
        """What may be confirmed together now."""
        folds = self.session.interview.folds(self.key, self.folds.apart)
        self.folds.arrange(folds, {view.fact.name: view for view in views})

    def _offer_choice(self, views: Iterable[FieldView]) -> None:
        """Where everything of a long policy is asked for, say how much shorter it can be."""
        interview = self.session.interview
        left, every = sum(view.state == "needed" for view in views), len(interview.benefits)
        many = self.key == "data" and len(interview.chosen) == every > _MANY_BENEFITS and left > _MANY_QUESTIONS
        words = f"现在选了全部 {every} 个事项，还要问 {left} 项。只办其中几项的，先选事项，只问相关的。" if many else ""
        if self._choose.text() != words:
            self._choose.show_words(words, "info")

    def _shown(self, views: Iterable[FieldView]) -> set[str]:
        """Names of the fields worth showing: what is asked and what was answered.

        What only the register knows is shown while its benefit is not ruled out.
        """
        ruled_out = {d.title for d in self.session.interview.determinations if d.status == "ineligible"}
        return {
            view.fact.name
            for view in views
            if view.state not in ("irrelevant", "later", "others")
            and not (view.source in ("登记簿", NEVER) and view.group in ruled_out)
        }

    def _show_quotes(self, views: Iterable[FieldView]) -> None:
        """Each clause stands under the last of the fields in a row that come from it."""
        last: tuple[str, str, Field] | None = None
        for view in views:
            field = self.fields[view.fact.name]
            if self._clauses.get(view.fact.name) != view.clause:
                self._clauses[view.fact.name] = view.clause
                field.set_clause(view.quote, view.place)
            if field.isHidden():
                continue
            if last is not None:
                last[2].quote.setVisible((last[0], last[1]) != (view.group, view.clause) and bool(last[2].quote.text()))
            last = (view.group, view.clause, field)
        if last is not None:
            last[2].quote.setVisible(bool(last[2].quote.text()))

    def write(self, name: str, text: str) -> None:
        """Put a text into a field as if it had always been there: nothing is sent, and the line has nothing to undo."""
        field = self.fields[name]
        field.blockSignals(True)
        try:
            if isinstance(field, LineField):
                field.line.setText(text)  # forgets the line's own undo, which would disagree with the journal
                field.show_check(force=True)
            else:
                field.set_text(text)
        finally:
            field.blockSignals(False)

    # --- being filled in

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Undo and redo are the case's own: a line that took back its text by itself would disagree with the journal."""
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            if event.matches(QKeySequence.StandardKey.Undo):
                self.session.undo()
                return True
            if is_redo(event):
                self.session.redo()
                return True
        return super().eventFilter(watched, event)

    def show_taken(self, names: Iterable[str]) -> None:
        """Show what was taken of an earlier visit, as if it had always been there."""
        for name in names:
            self.write(name, self.session.interview.field(name).text)
        self._show_errors()

    def onward_from(self, name: str) -> None:
        """From a field that was filled in for the clerk: to what Enter would go to."""
        if self.chain.goes_on_from(self.fields[name]):
            self.chain.onward_from(self.fields[name])
        else:
            self.stand_in()

    def _edited(self, name: str, text: str) -> None:
        self.session.set(name, text)
        if isinstance(self.fields[name], ChoiceField):
            self._show_errors()

    def _left(self) -> None:
        self._show_errors()
        if not self._later.isActive():
            self._later.start()

    def _show_errors(self) -> None:
        for view in self.session.interview.fields(self.key):
            if field := self.fields.get(
                view.fact.name
            ):  # else it is asked for again only now, and made when shown next
                field.set_error(view.error)
                show_doubt(field, view.doubt, typing=False)

    @override
    def stand_in(self, field: str = "") -> bool:
        self.others.open_for(field)
        if field in self.folds.names:  # it was asked for by its name: by itself, then
            self.folds.apart.add(field)
        self.chain.forget_key()
        self._later.stop()
        self._arrange_visible()
        named = next((place for place in self.folds.live if field == self.folds.position(place)), None)
        target: QWidget | None = named.card if named is not None and named.card.isVisible() else self.fields.get(field)
        if target is None or target.isHidden():
            target = self._best()
        if isinstance(target, (Field, FoldCard)):
            target.focus_input()
        if isinstance(target, LineField):
            target.line.end(False)  # the cursor behind what is there, nothing selected: typing goes on
        return target is not None

    def _best(self) -> QWidget | None:
        """The first field that is wrong or lacking, else the first in sight."""
        seen = [one for one in self.chain.fields() if not one.isHidden() and not one.parentWidget().isHidden()]
        return next((one for one in seen if self._wants(one)), next(iter(seen), None))

    def _wants(self, field: QWidget) -> bool:
        view = self.session.interview.field(field.name) if isinstance(field, Field) else None
        return view is None or bool(view.error) or view.state == "needed"

    @override
    def clause_here(self) -> str:
        place = self.folds.here()
        fact = place.card.list.here() if place is not None else None
        at = fact or self._here()
        return self._clauses.get(at.name if at is not None else "", "")

    @override
    def lock_up(self, closed: bool) -> None:
        for field in (*self.fields.values(), *self.folds.places, self.others):
            field.setEnabled(not closed)
