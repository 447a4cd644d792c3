"""One enquiry at work: what is asked and answered, and every edit of it on its way to the register. Knows no widget."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Signal

from pinggu_desk.assess.match.enquiry import Enquiry
from pinggu_desk.desk.allowed import may_work
from pinggu_desk.desk.catchup import CatchUp
from pinggu_desk.desk.head import Head
from pinggu_desk.desk.journal import Journal, nothing_to_walk
from pinggu_desk.desk.match.begin import enquiry_for, open_several
from pinggu_desk.desk.match.kept import (
    ALL_MATTERS,
    CHOICE,
    MATTERS,
    SUBJECT,
    SUBJECTS,
    Opened,
    before_of,
    enquiry_of,
    mentioned_in,
    open_enquiry,
    subject_of,
)
from pinggu_desk.desk.operations import sentence_of
from pinggu_desk.desk.services import Services
from pinggu_desk.desk.wizard.record import (
    CaseRecord,
    earlier,
    news_of,
    note_news_if_there,
    past_awards,
    read_case,
    read_scope,
    scope_text,
    whose,
)
from pinggu_desk.desk.wizard.together import asked_by
from pinggu_desk.policy.facts import NEVER
from pinggu_desk.register import Register
from pinggu_desk.register.errors import CaseClosed, HeadOvertaken
from pinggu_desk.register.records import MATCHING, Applicant, Case

T = TypeVar("T")
STEP = "能享受什么"


class MatchSession(QObject):
    """The enquiry that the page is about.

    Without an applicant it begins with nothing, and its case is opened in the register by the first answer; an
    applicant's last open enquiry is gone on with. ``restored`` is sent when it was read, ``changed`` after every edit,
    ``replaced`` when undo or redo gave a fact another text, ``party_changed`` when it became known who asks.
    """

    restored = Signal()
    changed = Signal()
    replaced = Signal(str)
    party_changed = Signal()
    closed_changed = Signal()
    said = Signal(str)

    def __init__(self, services: Services, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.services = services
        self.case: Case | None = None
        self.applicant: Applicant | None = None
        self.field = ""
        self._opened: Case | None = None  # the register's thread writes this, when the first edit comes
        self._record: CaseRecord | None = None
        self._before: dict[str, str] = {}
        self._taken: dict[str, tuple[str, str]] = {}  # what was taken of an earlier visit, and where that came from
        self.enquiry = Enquiry(services.engine, services.today())
        #: what is told of a case that was last worked out by another pack (政策包) than the one that serves; empty else
        self.repacked = ""
        #: whether nobody has said yet what the visitor came with
        self.untriaged = True
        self.journal = Journal(services.operations, self.case_of, self)
        self.journal.due.connect(self.journal.flush)
        self.journal.written.connect(self._note_case)
        self.journal.refused.connect(self._refused)
        self.journal.undone.connect(self._walked)
        self.journal.failed.connect(self._tell)
        self.catch_up = CatchUp(self.journal, self.take_up, self.said.emit, lambda: services.pack, self)
        self.head = Head(
            services.operations, self.catch_up, lambda: self.case, self._case_changed, lambda: self.enquiry.on,
            self._show_day, self._read_again,
        )  # fmt: skip

    @property
    def closed(self) -> bool:
        """Whether the enquiry takes no edits (已出具, 已撤销), or none of whoever only looks."""
        return not may_work(self.services) or (self.case is not None and self.case.state != "办理中")

    # --- reading

    def resume(self, case_id: int) -> None:
        """Go on with an enquiry; ``restored`` follows."""
        services = self.services
        self._run(lambda register: open_enquiry(register, services, case_id), self._take)

    def begin_for(self, applicant_id: int) -> None:
        """Go on with an applicant's open enquiry of today, or begin one for it; ``restored`` follows.

        What was answered on another day is offered, not taken; that enquiry stays under 继续办理.
        """
        services = self.services
        self._run(lambda register: enquiry_for(register, services, applicant_id), self._take)

    def belongs_to(self, applicant_id: int) -> None:
        """Say whose enquiry it is, now that the name is asked; what was answered stays."""
        self.journal.flush()
        made_on = self.case.version if self.case is not None else None

        def say(register: Register, case_id: int) -> CaseRecord:
            register.set_applicant(case_id, applicant_id, made_on=made_on)
            return read_case(register, case_id)

        self._in_case(say, self._take_party, writes=True)

    def _take(self, opened: Opened) -> None:
        record, self.repacked = opened.record, opened.words
        self._hold(record)
        self.journal.base = record.last_edit
        self.field = record.case.field
        self.enquiry = enquiry_of(self.services.engine, record)
        self.untriaged = not record.answers and not self.closed
        self.restored.emit()

    def _take_party(self, record: CaseRecord) -> None:
        self._hold(record)
        kept = {n: text for n, text in self._before.items() if record.answers.get(n) != ""}
        before = earlier(self.services.pack.facts, record)
        self.enquiry.learn(kept, past_awards(record), before, record.elsewhere)
        if SUBJECT not in record.answers:
            self.enquiry.serve(subject_of(record))
        self.party_changed.emit()
        self.changed.emit()

    def _hold(self, record: CaseRecord) -> None:
        self.case = self._opened = record.case
        self.applicant, self._record = record.applicant, record
        self._before = before_of(self.services.pack.facts, record)
        self._taken |= {name: (record.answers[name], origin) for name, origin in record.origins.items()}

    @property
    def whose(self) -> str:
        """Whose enquiry it is, where a colleague opened it."""
        return whose(self._record, self.services.clerk) if self._record is not None else ""

    def source_of(self, fact: str, source: str) -> str:
        """Where a value that nobody typed now came from, with its day: ``上次填报，2026年3月2日``."""
        known = self._record.known.get(fact) if self._record else None
        day = known.noted_at if source == "上次填报" and known else self.enquiry.on
        if not source:
            text, origin = self._taken.get(fact, ("", ""))
            return f"已{origin}" if origin and self.enquiry.answers.get(fact) == text else ""
        if source in ("试算", NEVER):
            return source
        if source == "上次填报" and known and known.listed:
            source = known.listed
        return f"{source}，{'截至' if source == '登记簿' else ''}{day.year}年{day.month}月{day.day}日"

    def renew(self) -> None:
        """Take up outside figures that were entered while another page was open."""
        if self.enquiry.renew():
            self.changed.emit()

    # --- editing

    def set(self, fact: str, text: str) -> None:
        """Take what was typed for a fact; it is on its way to the register a moment later, unless it is only tried."""
        self.enquiry.set(fact, text)
        if self.enquiry.trial is None:
            self.journal.keep(fact, text)
        self.changed.emit()

    def take_offers(self, facts: Iterable[str]) -> None:
        """Take what an earlier visit told of these facts as answers of this one: each an edit, with its origin."""
        offers = {fact: offer for fact in facts if (offer := self.enquiry.view(fact).offer) is not None}
        if self.closed or not offers:
            return
        for fact, offer in offers.items():
            self._taken[fact] = offer.text, offer.origin
            self.enquiry.set(fact, offer.text)
            self.journal.keep(fact, offer.text, offer.origin)
        self.changed.emit()

    def set_many(self, texts: Mapping[str, str]) -> None:
        """Take several answers that were confirmed together (一并确认); the screen follows once."""
        for fact, text in texts.items():
            self.enquiry.hold(fact, text)
            if self.enquiry.trial is None:
                self.journal.keep(fact, text)
        self.enquiry.work_out()
        self.changed.emit()

    def mention(self, mentioned: frozenset[str] | None) -> None:
        """Say what the visitor came with; what that answers outright is kept as an answer, silence is none."""
        edits = self.enquiry.mention(mentioned)
        self.journal.keep(MATTERS, ALL_MATTERS if mentioned is None else "、".join(sorted(mentioned)))
        for fact, text in edits.items():
            self.journal.keep(fact, text)
        self.changed.emit()

    def accept_pack(self) -> None:
        """Note that the clerk has read what the pack which serves changes; the trail tells, and it is said no more."""
        version, self.repacked = self.services.pack.version, ""
        self.head.repack(version)

    def serve(self, words: str) -> None:
        """Say who is asking: 单位, 个人 or 都看."""
        if SUBJECTS.get(words, "") == self.enquiry.subject:
            return
        self.enquiry.serve(SUBJECTS.get(words, ""))
        self.journal.keep(SUBJECT, words)
        self.changed.emit()

    def choose(self, benefit: str) -> None:
        """Take what the applicant chose (申请人选择), kept like any answer; during a trial it is only tried."""
        self.enquiry.choose(benefit)
        if self.enquiry.trial is None:
            self.journal.keep(CHOICE, scope_text(list(self.enquiry.choices)))
        self.changed.emit()

    def judge_on(self, on: date) -> None:
        """Judge as of another day (判断日)."""
        if on == self.enquiry.on:
            return
        if not self.closed:
            self.head.keep_day(on)
        self._show_day(on)

    def _show_day(self, on: date) -> None:
        self.enquiry.judge_on(on)
        self.changed.emit()

    def stand(self, field: str) -> None:
        """Note which question the clerk stands at, so that a killed program comes back to it."""
        if field != self.field:
            self.field = field
            if self.case is not None and not self.closed and self.enquiry.trial is None:
                self._in_case(lambda register, case_id: register.set_position(case_id, STEP, field), keep=True)

    def undo(self) -> None:
        """Take back the last edit of the enquiry."""
        if self._may_walk():
            self.journal.take_back()

    def redo(self) -> None:
        """Do again what was taken back last."""
        if self._may_walk():
            self.journal.do_again()

    def _may_walk(self) -> bool:
        if self.enquiry.trial is not None:
            self.said.emit("试算中改的不记入办件，退出试算即全部还原。")
            return False
        return self.case is not None or bool(self.enquiry.answers)

    def _walked(self, edit: tuple[str, str | None] | None, again: bool) -> None:
        self.said.emit("" if edit else nothing_to_walk(again))
        if edit is None or self.journal.holds(edit[0]):
            return
        self.take_up(*edit)
        self.replaced.emit(edit[0])

    def take_up(self, fact: str, text: str | None) -> None:
        """Show what the register has: after undo, or because another window answered."""
        if fact == SUBJECT:
            self.enquiry.serve(SUBJECTS.get(text or "", ""))
        elif fact == CHOICE:
            self.enquiry.take_choices(read_scope(text or ""))
        elif fact == MATTERS:
            self.enquiry.mentioned = mentioned_in(self.services.pack, {MATTERS: text} if text else {})
            self.enquiry.work_out()
        else:
            self.enquiry.restore(fact, text, self._before.get(fact))
        self.changed.emit()

    # --- keeping

    def leave(self) -> None:
        """Send all that waits, and note what was told of the applicant for the next visit (一次录入)."""
        self.journal.flush()
        record, applicant = self._record, self.applicant
        if record is None or applicant is None or self.closed:
            return
        stated = self.enquiry.stated.answers
        news = news_of(self.services.pack.facts, self.enquiry.answers, stated.values, record.known)
        if not news:
            return
        on, case_id = stated.on, record.case.id
        self._run(
            lambda register: note_news_if_there(register, applicant.id, news, on, case_id), self._noted, keep=True
        )

    def _noted(self, record: CaseRecord | None) -> None:
        if record is not None:
            self._hold(record)

    def case_of(self, register: Register) -> int:
        """The case's id, on the register's thread; the first edit opens it."""
        if self._opened is None:
            self._opened = register.open_case(MATCHING, self.services.pack.version, on=self.enquiry.on)
            register.set_position(self._opened.id, STEP, self.field)
        return self._opened.id

    def _note_case(self) -> None:
        if self.case is None:
            self.case = self._opened

    def _refused(self, error: Exception) -> None:
        self._tell(error)
        if isinstance(error, CaseClosed):
            self.journal.forget()
            self._in_case(lambda register, case_id: register.case(case_id), self._case_changed)

    # --- what becomes of it

    def open_wizards(self, several: Sequence[list[str]], then: Callable[[Case], None], *, together: bool) -> None:
        """Open a case for each policy, by its benefits, with the applicant and every answer filled in; ``then`` gets the first.

        ``together``: they are one visit's, and know it; a policy whose case of it is still worked on gets no second one.
        """
        texts = {policy: self._told(policy) for policy in (one[0].split(".", 1)[0] for one in several)}
        whose, on, version = self.applicant.id if self.applicant else None, self.enquiry.on, self.services.pack.version
        taken = dict(self._taken)
        self.leave()

        def begin(register: Register) -> Case:
            visit = self.case_of(register) if together else None
            return open_several(register, several, texts, taken, whose, on, version, visit)

        self._run(begin, then, writes=True)

    def _told(self, policy: str) -> dict[str, str]:
        """What was answered that a policy asks."""
        asked = asked_by(self.services.engine, policy)
        return {name: text for name, text in self.enquiry.answers.items() if name in asked and text}

    def close(self) -> None:
        """Close the enquiry (办结); it takes no edits until it is reopened."""
        self.leave()
        self.head.close()

    def reopen(self) -> None:
        """Take up a closed enquiry again."""
        self.head.reopen()

    def _case_changed(self, case: Case) -> None:
        closed = self.closed
        self.case = self._opened = case
        if closed != self.closed:
            self.closed_changed.emit()

    def _read_again(self) -> None:
        self._in_case(read_case, self._take_party)

    # --- the door

    def _in_case(
        self, work: Callable[[Register, int], T], then: Callable[[T], None] | None = None, *, writes: bool = False,
        keep: bool = False,
    ) -> None:  # fmt: skip
        self._run(lambda register: work(register, self.case_of(register)), then, writes=writes, keep=keep)

    def _run(self, work: Any, then: Any = None, *, writes: bool = False, keep: bool = False) -> None:
        self.services.operations.run(work, then, self._tell if writes or keep else None, writes=writes, keep=keep)

    def _tell(self, error: Exception) -> None:
        self.services.operations.failed.emit(sentence_of(error))
        if isinstance(error, HeadOvertaken):
            self.head.overtaken(error)
