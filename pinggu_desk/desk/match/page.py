"""匹配 (能享受什么): the questions at the left, every benefit in the middle, the best bundle and the working at the right."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from pinggu_desk.desk.kit import Banner, EmptyState, SecondaryButton
from pinggu_desk.desk.kit.columns import Ground
from pinggu_desk.desk.match.answer import AnswerPanel
from pinggu_desk.desk.match.asking import AskPanel
from pinggu_desk.desk.match.compare import Comparing, ask_folder
from pinggu_desk.desk.match.head import FilterBar, MatchHead, banner_of
from pinggu_desk.desk.match.listing import MatchList
from pinggu_desk.desk.match.moving import show_closed, take_keys
from pinggu_desk.desk.match.onward import Onward
from pinggu_desk.desk.match.repacked import RepackedBanner
from pinggu_desk.desk.match.rows import MatchModel
from pinggu_desk.desk.match.session import MatchSession
from pinggu_desk.desk.match.several import SeveralPanel
from pinggu_desk.desk.match.triage import TriagePanel
from pinggu_desk.desk.match.turn import Turn
from pinggu_desk.desk.match.who import WhoPanel
from pinggu_desk.desk.page import ColumnsPage
from pinggu_desk.desk.services import Services
from pinggu_desk.desk.sidebyside import OvertakenBanner
from pinggu_desk.desk.theme import look

_ASK_WIDE, _ANSWER_WIDE = (13, 108), (14, 118)  # body characters, and pixels beside


class MatchPage(ColumnsPage):
    """The page of the rail's 匹配. It begins with nothing, with an applicant, or where an enquiry was left.

    ``answer_painted`` says that what was answered stands on the screen with its mark, the list, the counters and the certain sum;
    ``working_painted`` that the bundle and the working beside it do. The next question is asked after both (`turn.Turn`).
    """

    answer_painted = Signal()
    working_painted = Signal()
    title = "匹配"

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self._wanted: Callable[[MatchSession], None] | None = None
        self.ask_folder: Callable[[QWidget], Path | None] = ask_folder
        self.comparing = Comparing(services, self)
        self.comparing.changed.connect(lambda: self._show_all())
        self.comparing.said.connect(self.said)
        self.session = MatchSession(services, self)
        self._trial = SecondaryButton("试算", "F7")
        self._trial.clicked.connect(self.toggle_trial)
        self._end_trial = SecondaryButton("退出试算", "Esc")
        self._end_trial.clicked.connect(self.toggle_trial)
        self.onward = Onward(services, self, lambda: self.session)
        self.hand = self.onward.hand
        self.onward.told.connect(lambda words, good: self.told.show_words(words, "good" if good else "bad"))
        self.onward.case_wanted.connect(self.case_wanted)
        self.onward.several_wanted.connect(self._ask_several)
        self.onward.handle.clicked.connect(lambda: self.onward.open_case(self.list.benefit))
        self._turn = Turn(self)
        self._build()
        self._join(self.session)
        self.keep_wide(self.asking, *_ASK_WIDE)
        self.keep_wide(self.answer, *_ANSWER_WIDE)

    def _build(self) -> None:
        scale = look().scale
        self.head, self.asking = MatchHead(self.session), AskPanel(self.session)
        self.filters, self.model = FilterBar(), MatchModel(self)
        self.list = MatchList(self.model)
        self.answer = AnswerPanel(self._services.pack)
        self.answer.bundle.lead_on(self.onward.several, self.onward.letter)
        self.banner, self.told = Banner("", "warn"), Banner("", "good")
        self.told.hide()
        self.closed, self.overtaken = Banner("", "warn", action="重新打开", key="Ctrl+R"), OvertakenBanner(self)
        self._empty = EmptyState("这一类目前没有事项", "换一类看，或者接着问左边的问题。")
        self._listed = QStackedWidget()
        self._listed.addWidget(self.list)
        self._listed.addWidget(self._empty)
        middle = QVBoxLayout()
        middle.setContentsMargins(scale.grid(1), scale.grid(1), scale.grid(1), scale.grid(1))
        middle.setSpacing(scale.grid(1))
        self.repacked = RepackedBanner(self)
        for widget in (self.overtaken, self.repacked, self.closed, self.told, self.banner, self.filters):
            middle.addWidget(widget)
        middle.addWidget(self._listed, 1)
        columns = QHBoxLayout()
        columns.setSpacing(0)
        columns.addWidget(self.asking)
        columns.addLayout(middle, 1)
        columns.addWidget(self.answer)
        inside = Ground()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addLayout(columns, 1)
        self.who, self.triage, self.several = WhoPanel(self._services), TriagePanel(self.session), SeveralPanel()
        self.stack = QStackedWidget(self)
        for panel in (inside, self.who, self.triage, self.several):
            self.stack.addWidget(panel)
        outer = QVBoxLayout(self)
        outer.addWidget(self.stack)
        outer.setContentsMargins(0, 0, 0, 0)
        self._listen()

    def _listen(self) -> None:
        self.head.who_wanted.connect(self._ask_who)
        self.head.fresh_wanted.connect(self.begin_fresh)
        self.head.compare_wanted.connect(self.compare)
        self.who.chosen.connect(lambda applicant_id: self.session.belongs_to(applicant_id))
        self.who.given_up.connect(self._back_from_who)
        self.several.confirmed.connect(self._open_several)
        self.several.given_up.connect(self._back_to_list)
        self.triage.done.connect(self._triaged)
        self.triage.who_wanted.connect(self._ask_who)
        self.head.matters_wanted.connect(self._ask_matters)
        self.filters.chosen.connect(lambda _groups: self._show_list())
        self.list.stood_on.connect(self._stood_on)
        self.asking.asked.connect(self._turn.asked)
        self.asking.answering.connect(self._turn.answering)
        self.asking.ended.connect(self._look_at_answer)
        self.list.opened.connect(self._opened)
        self.answer.place_wanted.connect(self.clause_wanted)
        self.answer.chosen.connect(self._choose)
        self.closed.pressed.connect(lambda: self.session.reopen())
        take_keys(self)

    # --- which enquiry

    def want_case(self, case_id: int) -> None:
        """Go on with this enquiry when the page comes to the front."""
        self._wanted = lambda session: session.resume(case_id)

    def want_applicant(self, applicant_id: int) -> None:
        """Ask for this applicant when the page comes to the front."""
        self._wanted = lambda session: session.begin_for(applicant_id)

    def begin_fresh(self) -> None:
        """Begin another enquiry with nothing; the one so far stays under 继续办理."""
        self._use(MatchSession(self._services, self))
        self._restored()

    def _use(self, session: MatchSession) -> None:
        old = self.session
        old.leave()
        for signal in (old.restored, old.changed, old.replaced, old.party_changed, old.closed_changed, old.said):
            signal.disconnect()
        # only after its last edit is answered: what the disk refuses must still be told
        self._services.operations.run(lambda _register: None, lambda _none: old.deleteLater())
        self.session, self.comparing.other = session, None
        for use in (self.head.use, self.asking.use, self.triage.use):
            use(session)
        self._join(session)
        self.stack.setCurrentIndex(0)
        self.told.show_words("")

    def _join(self, session: MatchSession) -> None:
        self.overtaken.follow(session.catch_up)
        self.repacked.follow(session)
        session.restored.connect(self._restored)
        session.changed.connect(self._turn.changed)
        session.replaced.connect(self._replaced)
        session.party_changed.connect(self._back_from_who)
        session.closed_changed.connect(lambda: show_closed(self))
        session.said.connect(self.said)

    @override
    def enter(self) -> None:
        wanted, self._wanted = self._wanted, None
        if wanted is not None:
            session = MatchSession(self._services, self)
            self._use(session)
            wanted(session)
        elif self.model.rowCount() == 0:
            self._restored()
        else:
            self.session.renew()
            if (at := self.stack.currentIndex()) == 0:  # Alt+2 comes back to the question, wherever one was
                self.asking.ask(self.asking.name) if self.asking.name else self.asking.ask_next()
            else:
                self._begin_panel(at)

    def _look_at_answer(self) -> None:
        """Nothing is left to ask: the keys go to what came of it; 补填 would open its list over what is said of the end."""
        if self.model.rowCount():
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.asking.other.focus_input()

    def _back_to_question(self) -> None:
        self.asking.ask(self.asking.name) if self.asking.name else self.asking.ask_next()

    def _begin_panel(self, at: int) -> None:
        match = self.session.enquiry.match
        self.several.begin(match) if at == 3 else self.who.begin() if at == 1 else self.triage.begin()

    @override
    def leave(self) -> None:
        self.session.leave()

    @override
    def again(self) -> Callable[[MatchPage], None] | None:
        case = self.session.case
        return None if case is None else lambda page: page.want_case(case.id)

    def _restored(self) -> None:
        """Stand where it was left: at the same question, or the one worth asking."""
        show_closed(self)
        self._show_all()
        self.list.stand_on("")
        field = self.session.field
        if self.session.untriaged:
            self._ask_matters()
        elif field and field in self._services.pack.facts:
            self.asking.ask(field)
        else:
            self.asking.ask_next()

    # --- the page, for the window

    @override
    def foot(self) -> list[QPushButton]:
        if self.session.enquiry.trial is not None:
            return [self._end_trial]
        if self.session.closed:
            return []
        if self.stack.currentIndex() == 2:
            return [*self.triage.foot()]
        if self.stack.currentIndex() == 3:
            return [self.several.back, self.several.open]
        finish = [self.onward.finish] if self.session.case is not None else []
        return [*finish, self._trial, *self.onward.buttons()]

    @override
    def clause_here(self) -> str:
        if self.asking.isAncestorOf(self.focusWidget() or self):
            return self.asking.clause
        rule = self.session.enquiry.match.rules.get(self.list.benefit)
        return rule.benefit.clause if rule is not None else ""

    # --- showing

    def show_answer(self) -> None:
        """What the answer comes to: the list with its counters, and the certain sum."""
        with self._turn.showing():
            self._show_list()
        self.answer.show_sum(self.session.enquiry.match.bundle)

    def show_working(self) -> None:
        """How it comes about: the bundle and the working of where one stands, and what is said over the list."""
        self.answer.show_match(self.session.enquiry, self.list.benefit, self.comparing.other)
        self.head.refresh()
        self.banner.show_words(*banner_of(self.session, self._services.today()))

    def _show_all(self) -> None:
        self.show_answer()
        self.show_working()

    def _show_list(self) -> None:
        enquiry = self.session.enquiry
        self.filters.show_counts(enquiry.match.groups)
        here = self.list.benefit
        moves = {move.benefit for move in enquiry.moves}
        change = self.model.show(enquiry.match, self.filters.groups, moves)
        if change == "rows":
            self.list.stand_on(here)
        elif change == "heights":
            self.list.doItemsLayout()
        self._listed.setCurrentIndex(0 if self.model.rowCount() else 1)

    def _opened(self, benefit: str) -> None:
        """Enter in the list: the working, or of what was not raised, the questions after all (补问)."""
        enquiry = self.session.enquiry
        if enquiry.mentioned is None or benefit in enquiry.match.raised or enquiry.trial is not None:
            self.answer.unfold()
            return
        self.session.mention(enquiry.mentioned | {self._services.pack.matters.opening(benefit).id})
        self.asking.ask_next()

    def _stood_on(self, benefit: str) -> None:
        if not self._turn.shows:  # else it is shown with everything else
            self.answer.show_benefit(self.session.enquiry.match, benefit)

    def _choose(self, benefit: str) -> None:
        """Take the other of a certain sum and a ceiling far above it, as the applicant chose (申请人选择)."""
        if not self.session.closed:
            self.session.choose(benefit)

    def _replaced(self, fact: str) -> None:
        if fact in self._services.pack.facts:
            self.asking.write(fact)

    # --- whose it is

    def _ask_matters(self) -> None:
        """来访先问: what the visitor came with."""
        self.stack.setCurrentIndex(2)
        self.triage.begin()
        self.foot_changed.emit()

    def _triaged(self) -> None:
        self.session.untriaged = False
        self.session.journal.flush()
        self.stack.setCurrentIndex(0)
        self._show_all()
        self.foot_changed.emit()
        self.asking.ask_next()

    def _ask_who(self) -> None:
        self.stack.setCurrentIndex(1)
        self.who.begin()

    def _back_from_who(self) -> None:
        if self.session.untriaged:
            self._ask_matters()
            return
        self.stack.setCurrentIndex(0)
        self.head.refresh()
        self._back_to_question()

    # --- what is done from here

    def _ask_several(self) -> None:
        """Which policies get a case now (一起办)."""
        if self.session.enquiry.trial is None:
            self.stack.setCurrentIndex(3)
            self.several.begin(self.session.enquiry.match)
            self.foot_changed.emit()

    def _open_several(self, several: list[list[str]]) -> None:
        self._back_to_list()
        self.onward.open_cases(several)

    def _back_to_list(self) -> None:
        self.stack.setCurrentIndex(0)
        self.foot_changed.emit()
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def toggle_trial(self) -> None:
        """Begin a trial (试算), or give it up: then everything is as it was before it."""
        enquiry = self.session.enquiry
        if enquiry.trial is None:
            enquiry.begin_trial()
            self.answer.verticalScrollBar().setValue(0)  # what moves is said at the top
        else:
            enquiry.end_trial()
            if self.asking.name:
                self.asking.write(self.asking.name)
        self._show_all()
        self.asking.refresh()
        self.foot_changed.emit()

    def compare(self) -> None:
        """Show what another edition of the rules would say of the same answers; pressed again, put that away."""
        self.comparing.toggle(self.session.enquiry.match, self.ask_folder)
