"""The wizard's page: the steps at the left, the form in the middle, the answer at the right."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout
from typing_extensions import override

from pinggu_desk.assess.judged import judged_words
from pinggu_desk.assess.views import STEP_TITLES, StepKey
from pinggu_desk.desk.allowed import may_work, only
from pinggu_desk.desk.kit import Banner, EmptyState, PrimaryButton, QuietButton, SecondaryButton
from pinggu_desk.desk.page import ColumnsPage
from pinggu_desk.desk.revealing import note_numbers
from pinggu_desk.desk.services import Services
from pinggu_desk.desk.sidebyside import ask_over_window
from pinggu_desk.desk.theme import look
from pinggu_desk.desk.wizard import phrases
from pinggu_desk.desk.wizard.factform import FactForm
from pinggu_desk.desk.wizard.issue import LETTER, SHEET
from pinggu_desk.desk.wizard.output import OutputStep
from pinggu_desk.desk.wizard.panel import ResultPanel
from pinggu_desk.desk.wizard.record import SCOPE, whose
from pinggu_desk.desk.wizard.session import Session
from pinggu_desk.desk.wizard.step import Step
from pinggu_desk.desk.wizard.steplist import StepList
from pinggu_desk.desk.wizard.steps import Steps
from pinggu_desk.desk.words import day_words, masked
from pinggu_desk.register import events
from pinggu_desk.register.records import Case
from pinggu_desk.register.roles import Act
from pinggu_desk.register.roles import whose as whose_act

_LIST_WIDE, _PANEL_WIDE = (8, 80), (17, 75)  # body characters, and pixels beside


class WizardPage(ColumnsPage):
    """One case, from its applicant to its papers.

    The case is read when the page first comes to the front; ``restored`` is sent when it stands again where it was
    left: same step, same field, same text, the cursor behind it.
    """

    restored = Signal()
    title = "办理"

    def __init__(self, services: Services, case: Case) -> None:
        super().__init__()
        self.services = services
        self.session = Session(services, case, self)
        self.steps = Steps(self.session, self._adopt)
        self._open: StepKey | None = None
        self._asked = False
        self._held = self._owed = False  # while one key answers and goes on, the rest of the page waits for its end
        self._asking: str | None = None  # the benefit that it went on to
        self._previous = SecondaryButton("上一步", "Alt+←")
        self._next = SecondaryButton("下一步", "Alt+→")
        self._issue = PrimaryButton("出具", "F9")
        self._history = SecondaryButton("经过", "F4")
        self._history.setAccessibleDescription("谁在什么时候改过什么")
        self._history.clicked.connect(lambda: self.history_wanted.emit(self.session.case.id))
        self._previous.clicked.connect(lambda: self._go(-1))
        self._next.clicked.connect(lambda: self._go(1))
        self._issue.clicked.connect(lambda: self._make_paper(LETTER))
        only(services, Act.WORK, self._issue)
        self._build()
        self._listen()

    def _build(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        self.banner = Banner("", "warn", action="重新打开", key="Ctrl+R")
        self.banner.hide()
        self.banner.pressed.connect(self.session.reopen)
        edge = QVBoxLayout()
        one = look().scale.grid(1)
        edge.setContentsMargins(
            look().scale.grid(1.5), one, look().scale.grid(1.5), 0
        )  # of nothing, while nothing is said
        edge.setSpacing(one)
        edge.addWidget(self.banner)
        self.judged = Banner("", "warn")  # on every step: nothing here is said of today then
        self.judged.hide()
        edge.addWidget(self.judged)
        self.repacked = Banner("", "warn", action="按新政策包重新测算", key="Ctrl+J")
        self.repacked.hide()
        self.repacked.pressed.connect(self._rejudge)
        edge.addWidget(self.repacked)
        self.keep = QuietButton("仍按原政策包", "Ctrl+B")
        self.keep.hide()
        self.keep.clicked.connect(self._keep_pack)
        edge.addWidget(self.keep, 0, Qt.AlignmentFlag.AlignRight)
        self.whose = Banner("", "info")  # a colleague's case: said, and no more
        self.whose.hide()
        edge.addWidget(self.whose)
        self.overtaken = Banner("", "warn", action="对照", key="Ctrl+D")  # another window answered too: not yet decided
        self.overtaken.hide()
        self.overtaken.pressed.connect(self.session.catch_up.ask_again)
        edge.addWidget(self.overtaken)
        self.visit = Banner("", "info", action="下一件", key="F7")  # the same visit's other cases
        self.visit.hide()
        self.visit.pressed.connect(self._next_case)
        edge.addWidget(self.visit)
        outer.addLayout(edge)
        row = QHBoxLayout()
        row.setSpacing(0)
        self.list = StepList(self)
        self.list.chosen.connect(self.open_step)
        self.stack = QStackedWidget(self)
        self.panel = ResultPanel(lambda clause: self.session.pack.clause_place(clause), self)
        self.panel.place_wanted.connect(self.clause_wanted)
        self._waiting = EmptyState("正在调出办件", "请稍候。")
        self.stack.addWidget(self._waiting)
        row.addWidget(self.list)
        row.addWidget(self.stack, 1)
        row.addWidget(self.panel)
        outer.addLayout(row, 1)
        self.keep_wide(self.list, *_LIST_WIDE)
        self.keep_wide(self.panel, *_PANEL_WIDE)

    def _listen(self) -> None:
        session = self.session
        session.restored.connect(self._restore)
        session.changed.connect(self._changed)
        session.replaced.connect(self._replaced)
        session.refreshed.connect(self._write)
        ask_over_window(session.catch_up, self.note_numbers)
        session.catch_up.open_changed.connect(self.overtaken.show_words)
        session.closed_changed.connect(self._show_closed)
        session.version_changed.connect(self._another_version)
        session.said.connect(self.said)
        session.failed.connect(lambda sentence: self._waiting.show_words("这个办件打不开", sentence))
        for keys, act in (
            ("F8", lambda: self._make_paper(SHEET)), ("Ctrl+P", lambda: self._make_paper(LETTER)),
            ("Ctrl+D", session.catch_up.ask_again),
            ("Ctrl+F9", self._make_together), ("Ctrl+Z", session.undo), ("Ctrl+Y", session.redo), ("Ctrl+Shift+Z", session.redo),
        ):  # fmt: skip
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.activated.connect(act)
            only(self.services, Act.WORK, shortcut)

    # --- the page, for the window

    @override
    def enter(self) -> None:
        """Read the case at the first time, and go on at the field where one was at any other."""
        if not self._asked:
            self._asked = True  # not before: an older page of the same case writes what it has when it is left
            self.session.load()
            return
        self.session.renew()
        if self._open is not None:
            last = self.focusWidget()
            if last is not None and last.isVisible():
                last.setFocus(Qt.FocusReason.OtherFocusReason)
            else:
                self.steps[self._open].stand_in()

    @override
    def leave(self) -> None:
        self.session.leave()

    @override
    def shed(self) -> None:
        self.session.flush()
        self.steps.shed(self._open)

    @override
    def foot(self) -> list[QPushButton]:
        return [self._history, self._previous, self._next, self._issue]

    @override
    def clause_here(self) -> str:
        if self._open is None:
            return ""
        return self.steps[self._open].clause_here() or self.session.case.policy_id

    # --- standing where it was left

    def _restore(self) -> None:
        interview = self.session.interview
        self.steps.plan(tuple(view.key for view in interview.steps))
        session = self.session
        step, field = session.position
        keys = [view.key for view in interview.steps]
        start = next((key for key in keys if key == step), self._beginning(keys))
        self._show_closed()
        if session.record is not None:
            told = whose(session.record, self.services.clerk)
            if may_work(self.services):
                self.whose.show_words(told, "info")
        self._show_visit()
        self._show_pack()
        self.open_step(start, field)
        self.restored.emit()

    def _another_version(self) -> None:
        """The day brought another version of the policy: what it asks is asked anew, what was answered stands."""
        interview = self.session.interview
        self.steps.renew(self._open)
        self.steps.plan(tuple(view.key for view in interview.steps))

    def _show_visit(self) -> None:
        together = self.session.together
        self.visit.show_words(together.words(self.services.titles) if together is not None else "", "info")

    def _show_pack(self) -> None:
        change = self.session.judged.change if self.session.judged is not None else None
        self.repacked.show_words(change.words if change is not None and not self.session.closed else "", "warn")
        self.keep.setVisible(change is not None and change.kept and not self.session.closed)

    def _rejudge(self) -> None:
        """Judge the case by the pack that serves from now on; the trail tells."""
        session = self.session
        session.flush()
        session.head.repack(self.services.pack.version, session.load)

    def _keep_pack(self) -> None:
        """Go on by the pack that the case was judged by; the trail tells, and nothing else changes."""
        case = self.session.case
        self.services.operations.run(
            lambda register: register.record_event(events.CASE_PACK_KEPT, case.number, case.pack_version), writes=True
        )
        self.keep.hide()
        change = self.session.judged.change if self.session.judged is not None else None
        if change is not None:
            self.repacked.show_words(f"本办件仍按政策包 {change.old} 测算。", "info")

    def _next_case(self) -> None:
        """On to the next case of the same visit; this one is written first."""
        together = self.session.together
        if together is not None and together.next is not None:
            self.case_wanted.emit(together.next.id)

    def _beginning(self, keys: list[StepKey]) -> StepKey:
        """Where a new case begins: who it is, if that is lacking; else what is asked for, or the first questions."""
        if self.session.applicant is None:
            return "applicant"
        return next(key for key in keys if key != "applicant")

    def _adopt(self, key: StepKey, step: Step) -> None:
        if isinstance(step, FactForm):
            step.answering.connect(self._answering)
        step.here.connect(lambda field, key=key: self._stand(key, field))
        step.onward.connect(lambda: self._go(1))
        step.backward.connect(lambda: self._go(-1))
        step.place_wanted.connect(self.clause_wanted)
        step.step_wanted.connect(self.open_step)
        self.stack.addWidget(step)

    def _stand(self, key: StepKey, field: str) -> None:
        """Note where the clerk is, and put the answer that the question leads to where it is seen."""
        self.session.stand(STEP_TITLES[key], field)
        if key in ("eligibility", "data"):
            asking = self.session.benefit_asking(field)
            if self._owed:
                self._asking = asking
            else:
                self.panel.show_asking(asking)

    # --- steps

    def open_step(self, key: str, field: str = "") -> None:
        """Open a step, at a field or where it is best begun."""
        step = next((known for known in self.steps if known == key), None)
        if step is None:
            return
        self.session.flush()
        self._open = step
        if step not in ("eligibility", "data"):
            self.panel.show_asking("")
        self.panel.setVisible(step != "result")  # that page says all of it, larger
        self.stack.setFocus()  # a hidden line would pass the focus on to whatever comes next, and that would scroll
        self.stack.setCurrentWidget(self.steps[step])
        self._show_all()
        stands = self.steps[step].stand_in(field)
        self.list.show_keys(in_field=stands and isinstance(self.steps[step], FactForm))
        if not stands:
            self.list.rows[step].setFocus(Qt.FocusReason.OtherFocusReason)
        if self.session.position[0] != step:  # a step with nothing to stand in is a place to come back to as well
            self.session.stand(STEP_TITLES[step], "")

    def _go(self, by: int) -> None:
        keys = list(self.steps)
        if self._open is None:
            return
        index = keys.index(self._open) + by
        if 0 <= index < len(keys):
            self.open_step(keys[index])

    def _make_paper(self, paper: str) -> None:
        step = self.steps.get("output")
        if isinstance(step, OutputStep):
            if self._open != "output":
                self.open_step("output", paper)
            step.prepare(LETTER if paper == LETTER else SHEET)

    def _make_together(self) -> None:
        """One letter over all cases of the visit."""
        if self.session.together is not None and "output" in self.steps:
            if self._open != "output":
                self.open_step("output", LETTER)
            self.output.prepare_together()

    @property
    def output(self) -> OutputStep:
        """The step that papers come from; there is one from ``restored`` on."""
        step = self.steps["output"]
        assert isinstance(step, OutputStep)
        return step

    def note_numbers(self, then: Callable[[], None]) -> None:
        """Somebody wants a number of this case whole."""
        who = self.session.applicant
        note_numbers(self.services, who.id if who is not None else None, then)

    # --- keeping up

    def _answering(self, begins: bool) -> None:
        """A key on 是 or 否 answers, and goes on in the form: what stands around the form follows both at once."""
        self._held = begins
        if not begins and self._owed:
            self._owed = False
            self._show_around()

    def _changed(self, _fact: str) -> None:
        if self._held and self._open is not None:
            self._owed, self._asking = True, None
            self.steps[self._open].refresh()
        else:
            self._show_all()

    def _show_all(self) -> None:
        """The answer first, then the steps, then the form that is open."""
        self._show_around()
        if self._open is not None:
            self.steps[self._open].refresh()

    def _show_around(self) -> None:
        """The answer, the steps, and what leads from one to the next."""
        session = self.session
        interview = session.interview
        asking, self._asking = self._asking, None
        self.panel.show_all(interview.determinations, f"判断日 {day_words(interview.on)}", asking)
        self.panel.show_contacts(phrases.contacts(interview.policy))
        self.judged.show_words(judged_words(interview.on, self.services.today()), "warn")
        self.list.show_steps(interview.steps, self._open or "")
        who = session.applicant
        self.list.show_party(who.name if who else "", masked(who) if who else "")
        if self._open is not None:
            keys = list(self.steps)
            self._previous.setEnabled(self._open != keys[0])
            self._next.setEnabled(self._open != keys[-1])

    def _replaced(self, fact: str) -> None:
        """After undo or redo: show the text, where it stands."""
        if fact == SCOPE:
            self.open_step("scope")
            return
        key = self._write(fact)
        if key is not None:
            self.open_step(key, fact)

    def _write(self, fact: str) -> StepKey | None:
        """Put a fact's text into its field, if a form has one; the step that it is in."""
        for key in (key for key in self.steps if key in ("eligibility", "data")):
            step = self.steps[key]
            if isinstance(step, FactForm) and fact in step.fields:
                step.write(fact, self.session.interview.field(fact).text)
                return key
        return None

    def _show_closed(self) -> None:
        closed, case = self.session.closed, self.session.case
        looks = not may_work(self.services)
        self.banner.show_words(f"本办件{case.state}，不能再改。" if closed and not looks else "", "warn")
        if looks:
            self.whose.show_words(f"{whose_act(self.services.clerk.role, Act.WORK)}这里只能查看，不能改动。", "info")
        for step in self.steps.made.values():
            step.lock_up(closed)
        if not closed and self._open is not None:
            self.steps[self._open].stand_in()
