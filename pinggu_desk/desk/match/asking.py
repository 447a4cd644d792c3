"""The left column: the next question, any other fact by its name, what was answered and where it came from."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from pinggu_desk.assess.folds import Fold
from pinggu_desk.assess.views import FieldView
from pinggu_desk.desk.doubts import show_doubt
from pinggu_desk.desk.folding import Condition, FoldCard
from pinggu_desk.desk.kit import (
    Caption,
    Card,
    ChoiceField,
    FocusChain,
    LineField,
    QuietButton,
    ScrollColumn,
    Subtitle,
    Words,
)
from pinggu_desk.desk.kit.basics import laid_out_once, lay_out
from pinggu_desk.desk.kit.field import Field
from pinggu_desk.desk.kit.make import FactField, FieldStore
from pinggu_desk.desk.match.known import AnswerList
from pinggu_desk.desk.match.session import MatchSession
from pinggu_desk.desk.match.why import all_asked, reason
from pinggu_desk.desk.offers import KEY, KEY_ALL, OfferLine, all_words
from pinggu_desk.desk.revealing import note_numbers
from pinggu_desk.desk.sidebyside import ask_over_window
from pinggu_desk.desk.spoken import facts_said
from pinggu_desk.desk.theme import look

_NAME = Qt.ItemDataRole.UserRole
_NAMED = 6
_QUOTED = 60  # characters of a clause that stand under a question
_ROWS = 5  # answers in sight at least


class AskPanel(ScrollColumn):
    """One question at a time; ``asked`` carries the fact that it asks for.

    ``answering`` says that one key begins to answer and to ask the next question (True), and that it has done both (False).
    ``ended`` says that there is nothing left to ask, and that the keys may go to what came of it.
    """

    asked = Signal(str)
    answering = Signal(bool)
    ended = Signal()

    def note_numbers(self, then: Callable[[], None]) -> None:
        """Somebody wants a number of this enquiry whole."""
        who = self.session.applicant
        note_numbers(self.session.services, who.id if who is not None else None, then)

    def __init__(self, session: MatchSession) -> None:
        super().__init__(margin=0)
        scale = look().scale
        self.setAccessibleName("提问")
        self.body.setContentsMargins(scale.grid(2), scale.grid(1), scale.grid(0.5), scale.grid(1))
        self.body.setSpacing(scale.grid(1))
        self.session = session
        ask_over_window(session.catch_up, self.note_numbers)
        self.field: Field | None = None
        self.clause = ""
        self._asked: list[str] = []
        self._store = FieldStore(self._prepare)
        self._offers: dict[Field, OfferLine] = {}
        self._last_input: QWidget | None = None
        self._build_card()
        self._build_rest()

    def _build_card(self) -> None:
        """The question that stands, what earlier visits told of it, and that nobody knows."""
        self._card = Card(margin=1.5, spacing=0.75)
        self._card.setProperty("keep_whole", True)
        self._title = Subtitle("下一个要问的")
        self._why = Caption()
        self._place = QVBoxLayout()
        self.offer = OfferLine()  # of the question that stands; each has its own
        self.offered, self._take_all = Caption(), QuietButton("全部采用", KEY_ALL)
        self._take_all.clicked.connect(self.take_all)
        take = QShortcut(QKeySequence(KEY), self)
        take.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        take.activated.connect(self.take_offer)
        self._later = QuietButton("暂不清楚（空着按回车）")
        self._later.clicked.connect(self.onward)
        self._done = Words()
        self._done.hide()
        self._card.body.addWidget(self._title)
        self._card.body.addWidget(self._why)
        self._card.body.addLayout(self._place)
        self._card.body.addWidget(self._done)
        self._card.body.addWidget(self._later, 0, Qt.AlignmentFlag.AlignLeft)
        self._card.body.addWidget(self.offered)
        self._card.body.addWidget(self._take_all, 0, Qt.AlignmentFlag.AlignLeft)

    def _build_rest(self) -> None:
        """Several conditions at once, any other fact by its name, and what is known."""
        self.fold = FoldCard(self)
        self.fold.hide()
        self.fold.confirmed.connect(self._confirmed)
        self.fold.opened.connect(self.ask)
        self.chain = FocusChain(self, to_the_end=True)
        self.chain.finished.connect(self.onward)
        self.chain.begun.connect(self.back)
        self.other = self._make_other()
        self.answers = AnswerList(self)
        self.answers.change_wanted.connect(self.change)
        self.answers.clear_wanted.connect(self.clear)
        self._known = Caption()
        self._counts = Caption()
        row = QHBoxLayout()
        row.addWidget(Subtitle("已知情况", wrap=False))
        row.addWidget(self._known, 1)
        for item in (self._card, self.fold, self.other):
            self.body.addWidget(item)
        self.body.addLayout(row)
        self.body.addWidget(self.answers, 1)
        self.body.addWidget(self._counts)

    def _make_other(self) -> ChoiceField:
        facts = [f for f in self.session.enquiry.engine.pack.facts.values() if not f.party]
        asked = {name for rule in self.session.services.engine.rules for name in rule.asks}
        names = [fact.name for fact in facts if fact.name in asked]
        pack = self.session.services.pack
        other = ChoiceField("补填其他情况", names, "补填其他情况（文字或拼音）", said=lambda: facts_said(pack))
        other.edited.connect(self._other_chosen)
        self._other_chain = FocusChain(self)
        self._other_chain.set_fields([other])
        return other

    def use(self, session: MatchSession) -> None:
        """Ask for another enquiry."""
        self.session = session
        ask_over_window(session.catch_up, self.note_numbers)
        self._asked = []
        self._drop()

    # --- asking

    @property
    def name(self) -> str:
        """The fact that is asked for; empty when nothing is left."""
        return self.field.name if self.field is not None else ""

    def ask(self, name: str, *, focus: bool = True) -> None:
        """Ask for a fact; an empty name says that nothing is left to ask."""
        with laid_out_once(self.body, self._card.body):
            self._card.show()
            self.fold.hide()
            if name != self.name:
                self._drop()
                if name:
                    self._make(name)
                    self._asked.append(name)
            self._done.setText("" if name else all_asked(self.session.enquiry))
            self._done.setVisible(not name)
            self._later.setVisible(bool(name))
            self.session.stand(name)
            self.refresh()
            if self.field is not None:
                self.field.show()
        lay_out(self.widget())
        self.asked.emit(name)
        if not focus:
            return
        if self.field is not None:
            self.field.focus_input()
            if isinstance(self.field, LineField):
                self.field.line.end(False)
        else:
            self.ended.emit()

    def ask_next(self, *, focus: bool = True) -> None:
        """Ask what is worth asking next: conditions that may be confirmed together first, then one question."""
        enquiry = self.session.enquiry
        fold = enquiry.fold if enquiry.trial is None and enquiry.mentioned is not None else None
        if fold is not None:
            self._ask_fold(fold, focus=focus)
            return
        question = enquiry.question
        self.ask(question.fact if question is not None else "", focus=focus)

    def _ask_fold(self, fold: Fold, *, focus: bool) -> None:
        """Put several conditions as one question."""
        self._drop()
        pack = self.session.enquiry.engine.pack
        conditions = [Condition(pack.facts[name], pack.facts[name].show(plain)) for name, plain in fold.facts]
        title = pack.policies[fold.policy].title
        self.fold.list.begin()
        self.fold.show_conditions(conditions, f"《{title}》的条件，一次问完；确认后才记为申请人陈述。")
        self._card.hide()
        self.fold.show()
        self.session.stand("")
        self.refresh()
        self.asked.emit(fold.facts[0][0])
        if focus:
            self.fold.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _confirmed(self, texts: dict[str, str]) -> None:
        """What was confirmed is answered, what is not clear is passed over for now; then the next."""
        self.session.enquiry.pass_over([name for name, text in texts.items() if not text])
        self.session.set_many({name: text for name, text in texts.items() if text})
        self.session.journal.flush()
        self.ask_next()

    def onward(self) -> None:
        """Enter: what was answered is answered, what was left empty is passed over for now; then the next."""
        if self.field is not None:
            if not self.field.text():
                self.session.enquiry.passed.add(self.name)
            elif self.field.error():
                self.field.focus_input()
                return
        self.session.journal.flush()
        self.ask_next()

    def back(self) -> None:
        """Shift+Enter: the question asked before."""
        if len(self._asked) > 1:
            self._asked.pop()
            self.ask(self._asked.pop())

    def take_offer(self) -> None:
        """Take what an earlier visit told of the question, and go on to the next."""
        if self.offer.offer is None or self.field is None:
            self.session.said.emit("这一项没有以前填过的值可采用。")
            return
        words = f"“{self.name}”已采用上次填报：{self.offer.offer.shown}。"
        self.session.take_offers([self.name])
        self._show_text()
        self.session.said.emit(words)
        self.onward()

    def take_all(self) -> None:
        """Take everything that earlier visits told of what is still asked."""
        offers = self.session.enquiry.offers
        self.session.take_offers(offers)
        self.session.said.emit(f"已采用上次填报 {len(offers)} 项，可按 Ctrl+Z 逐项撤销。")
        self.ask_next()

    def change(self, name: str) -> None:
        """Ask again for something that is known."""
        self.ask(name)

    def clear(self, name: str) -> None:
        """Take an answer back."""
        self.session.set(name, "")
        if name == self.name:
            self._show_text()

    def _other_chosen(self, name: str) -> None:
        if name:
            self.other.set_text("")
            self.ask(name)

    def _drop(self) -> None:
        field, self.field = self.field, None
        if field is not None:
            if (here := field.window().focusWidget()) is not None and field.isAncestorOf(here):
                here.clearFocus()  # else the focus went on to 补填, which opens its list, on the way to the next question
            self.chain.set_fields([])
            field.hide()

    def _make(self, name: str) -> None:
        view = self.session.enquiry.view(name)
        field = self.field = self._store.field(view.fact, self._card)
        self.offer = self._offers[field]
        self.offer.show_offer(None)
        field.blockSignals(True)
        field.set_text(view.text)
        field.blockSignals(False)
        field.set_clause(*self._quoted(view))
        self.clause = view.clause
        self.chain.set_fields([field])

    def _prepare(self, field: FactField) -> None:
        """Once for each field that is made: where it stands, whom it tells, which way Tab goes."""
        offer = self._offers[field] = OfferLine(field)
        offer.taken.connect(self.take_offer)
        field.column.insertWidget(field.column.count() - 3, offer)
        field.setProperty("keep_whole", False)  # the card is kept in sight whole: why it is asked stands over it
        field.edited.connect(lambda text: self.session.set(field.name, text))
        field.left.connect(self._left)
        if isinstance(field, ChoiceField):
            field.answering.connect(self.answering)
        self._place.addWidget(field)
        self._order_tabs(field)
        for one in field.inputs():
            if isinstance(one, QLineEdit):
                one.installEventFilter(self)

    def _order_tabs(self, field: Field) -> None:
        """Tab goes from the question to 补填, and on through what stands under it; a new field would be the last of all."""
        before = [self._last_input] if self._last_input is not None else []  # the fields that wait are passed over
        inputs, self._last_input = field.inputs(), field.inputs()[-1]
        stops: list[QWidget] = [
            *before, *inputs, *self.other.inputs(), self._later, self._take_all, self.answers
        ]  # fmt: skip
        for one, following in pairwise(stops):
            QWidget.setTabOrder(one, following)

    def _quoted(self, view: FieldView) -> tuple[str, str]:
        """The clause that the question comes from: its beginning, and where it stands; F1 shows all of it."""
        policy = self.session.enquiry.engine.pack.policies.get(view.clause.split(".", 1)[0])
        words = view.quote
        if len(words) > _QUOTED:
            words = f"{words[:_QUOTED]}…（F1 看原文）"
        return words, f"《{policy.title}》{view.place}" if policy is not None else view.place

    def write(self, name: str) -> None:
        """Show what undo or redo made of a fact."""
        if name != self.name:
            self.ask(name)
        elif self.field is not None:
            self._show_text()
            self.field.focus_input()

    def _show_text(self) -> None:
        """Put the text that stands into the field, without sending it."""
        if self.field is not None:
            self.field.blockSignals(True)
            self.field.set_text(self.session.enquiry.view(self.name).text)
            self.field.blockSignals(False)

    def _left(self) -> None:
        if self.field is not None:
            view = self.session.enquiry.view(self.name)
            self.field.set_error(view.error)
            show_doubt(self.field, view.doubt, typing=False)

    # --- showing

    def refresh(self) -> None:
        """Show how things stand after an edit."""
        enquiry, name = self.session.enquiry, self.name
        needed = enquiry.match.needed
        self._show_offers(name)
        if self.field is not None:
            view = enquiry.view(name)
            if isinstance(self.field, ChoiceField) or not view.error or self.field.error():
                self.field.set_error(view.error)
            show_doubt(self.field, view.doubt, typing=isinstance(self.field, LineField) and self.field.has_focus())
            self._title.setText("下一个要问的" if not view.text and name in needed else view.fact.name)
        self._why.setText(self._reason(name))
        self._why.setVisible(bool(self._why.text()))
        known = enquiry.known()
        self.answers.show_answers(known, self.session.source_of)
        self._known.setText(f"{len(known)} 项" if known else "还没有；答一个问题，右边就会变。")
        more = list(needed)[:_NAMED]
        named = f"：{'、'.join(more)}{'等' if len(needed) > _NAMED else ''}" if more else ""
        left = f"最多还要问 {enquiry.left} 个问题。" if enquiry.mentioned is not None else ""
        irrelevant = f"已无关 {len(enquiry.match.irrelevant)} 项，不必再问。"
        self._counts.setText(f"{left}还需要 {len(needed)} 项{named}。{irrelevant}")

    def _show_offers(self, name: str) -> None:
        """What earlier visits told: of this question under it, of all that is still asked in a line."""
        enquiry, closed = self.session.enquiry, self.session.closed
        if self.field is not None:
            self.offer.show_offer(None if closed else enquiry.view(name).offer)
        words = "" if closed else all_words(enquiry.offers.values(), "还要问的里")
        if self.offered.text() != words:
            self.offered.setText(words)
        for widget in (self.offered, self._take_all):
            widget.setVisible(bool(words))

    def _reason(self, name: str) -> str:
        """Why it is asked: how much hangs on it."""
        if not name:
            return ""
        told = reason(self.session.enquiry, name)
        if not told and self.field is not None and not self.field.text():
            return "对目前的结论没有影响。"
        return told

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Undo and redo are the enquiry's own; a line that took back its text alone would disagree with the journal."""
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress and isinstance(watched, QLineEdit):
            if event.matches(QKeySequence.StandardKey.Undo):
                self.session.undo()
                return True
            if event.matches(QKeySequence.StandardKey.Redo):
                self.session.redo()
                return True
        return super().eventFilter(watched, event)
