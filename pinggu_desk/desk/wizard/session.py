"""One case at work: the interview, and every edit of it on its way to the register. Knows no widget."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from PySide6.QtCore import QObject, Signal

from pinggu_desk.assess.engine import Engine
from pinggu_desk.assess.folds import FOLD_PLACE
from pinggu_desk.assess.interview import Interview
from pinggu_desk.assess.views import STEP_TITLES
from pinggu_desk.desk.allowed import may_work
from pinggu_desk.desk.catchup import CatchUp
from pinggu_desk.desk.head import Head
from pinggu_desk.desk.journal import Journal, nothing_to_walk
from pinggu_desk.desk.operations import sentence_of
from pinggu_desk.desk.services import Services
from pinggu_desk.desk.wizard.record import (
    SCOPE,
    CaseRecord,
    earlier,
    interview_of,
    kind_served,
    news_of,
    note_news_if_there,
    party_writer,
    past_awards,
    put_text,
    read_case,
    remembered,
    scope_text,
    source_words,
    with_party,
)
from pinggu_desk.desk.wizard.repacked import Judged, open_judged
from pinggu_desk.desk.wizard.together import Together
from pinggu_desk.policy.models import Pack
from pinggu_desk.register import Register
from pinggu_desk.register.errors import CaseClosed, DuplicateApplicant, HeadOvertaken, InvalidEntry, Overtaken
from pinggu_desk.register.records import Applicant, Case

_BY_TITLE = {title: key for key, title in STEP_TITLES.items()}


class Session(QObject):
    """The case that a wizard page is about.

    ``restored`` is sent once the case was read, ``changed`` after every edit (the fact's name, or empty for anything else),
    ``replaced`` when undo or redo gave a fact another text, ``refreshed`` when another window did, ``party_refused`` with one
    sentence when the applicant can't be kept, ``closed_changed`` when the case was closed or reopened, ``version_changed`` when
    another day brought another policy's version.
    """

    restored = Signal()
    changed = Signal(str)
    replaced = Signal(str)
    refreshed = Signal(str)
    party_refused = Signal(str)
    closed_changed = Signal()
    version_changed = Signal()
    papers_changed = Signal()
    said, failed = Signal(str), Signal(str)

    def __init__(self, services: Services, case: Case, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.services, self.case = services, case
        self.record: CaseRecord | None = None
        self.judged: Judged | None = None  # by which pack, and what another that serves would change
        self.together: Together | None = None  # the cases of the same visit; None where this one is by itself
        self._interview: Interview | None = None
        self._before: dict[str, str] = {}
        self._taken: dict[str, tuple[str, str]] = {}  # what was taken of an earlier visit, and where that came from
        self._party: Applicant | None = None
        self._position: tuple[str, str] = (case.step, case.field)
        self.journal = Journal(services.operations, lambda _register: self.case.id, self)
        self.journal.due.connect(self.flush)
        self.journal.refused.connect(self._refused)
        self.journal.undone.connect(self._walked)
        self.journal.failed.connect(self._tell)
        self.catch_up = CatchUp(self.journal, self.take_up, self.said.emit, lambda: self.pack, self)
        self.head = Head(
            services.operations, self.catch_up, lambda: self.case, self._case_changed, lambda: self.interview.on,
            self._show_day, self.load,
        )  # fmt: skip

    # --- reading

    def load(self) -> None:
        """Read the case; ``restored`` follows."""
        services, case_id = self.services, self.case.id
        self._run(
            lambda register: open_judged(register, services, case_id), self._take_judged,
            lambda error: self.failed.emit(sentence_of(error)),
        )  # fmt: skip

    @property
    def interview(self) -> Interview:
        """The state machine of this case; there is one from ``restored`` on."""
        assert self._interview is not None
        return self._interview

    @property
    def pack(self) -> Pack:
        """The pack as it stands on the day that the case is judged by."""
        return self.interview.engine.pack

    @property
    def applicant(self) -> Applicant | None:
        """The applicant with what was typed last, kept or not yet."""
        return self._party or (self.record.applicant if self.record else None)

    @property
    def closed(self) -> bool:
        """Whether the case takes no edits (已出具, 已撤销), or none of whoever only looks."""
        return self.case.state != "办理中" or not may_work(self.services)

    @property
    def position(self) -> tuple[str, str]:
        """The step's key (empty: none yet) and the field where the clerk stood last."""
        title, field = self._position
        return _BY_TITLE.get(title, ""), field

    def benefit_asking(self, fact: str) -> str:
        """The benefit that a question, or a place over several, stands under; empty for what the whole policy asks."""
        if fact.startswith(FOLD_PLACE):
            return self.interview.benefit_under(fact.removeprefix(FOLD_PLACE), fact)
        known = fact in self.pack.facts
        return self.interview.benefit_under(self.interview.field(fact).group, fact) if known else ""

    def source_of(self, fact: str, source: str) -> str:
        """Where a value that nobody typed in this case came from, with its day: ``上次填报，2026年3月2日``."""
        return source_words(fact, source, self._taken.get(fact, ("", "")), self.interview, self.record)

    @property
    def engine(self) -> Engine:
        """The engine that this case is judged by: that of the pack that it was begun with, where that is kept."""
        return self.judged.engine if self.judged is not None else self.services.engine

    def _take(self, record: CaseRecord) -> None:
        self.record, self.case, self.journal.base = record, record.case, record.last_edit
        self._position = (record.case.step, record.case.field)
        self._interview = interview_of(self.engine, record)
        self._before = remembered(self.pack.facts, record)
        self._taken = {name: (record.answers[name], origin) for name, origin in record.origins.items()}
        self.restored.emit()

    def _take_judged(self, found: Judged) -> None:
        self.judged, self.together = found, found.together
        self._take(found.record)

    def renew(self) -> None:
        """Take up outside figures that were entered while another page was open."""
        if self._interview is not None and self._interview.renew():
            self.changed.emit("")

    # --- editing

    def set(self, fact: str, text: str) -> None:
        """Take what was typed for a fact; it is on its way to the register by itself a moment later."""
        self.interview.set(fact, text)
        self.journal.keep(fact, text)
        self.changed.emit(fact)

    def set_many(self, texts: Mapping[str, str]) -> None:
        """Take several answers that were given by one key, each an edit of its own."""
        for fact, text in texts.items():
            self.journal.keep(fact, text)
        self.interview.set_many(texts)
        self.changed.emit("")

    def take_offers(self, facts: Iterable[str]) -> None:
        """Take what an earlier visit told of these facts as answers of this one: each an edit, with its origin."""
        for fact in facts:
            offer = self.interview.field(fact).offer
            if offer is None or self.closed:
                continue
            self._taken[fact] = offer.text, offer.origin
            self.interview.set(fact, offer.text)
            self.journal.keep(fact, offer.text, offer.origin)
            self.changed.emit(fact)

    def choose(self, benefits: list[str]) -> None:
        """Choose the benefits that are asked for."""
        self.interview.choose(benefits)
        self.journal.keep(SCOPE, scope_text(self.interview.chosen))
        self.changed.emit("")

    def judge_on(self, on: date) -> None:
        """Judge as of another day (判断日)."""
        if on != self.interview.on:
            self.head.keep_day(on)
            self._show_day(on)

    def _show_day(self, on: date) -> None:
        before = self.interview.engine
        self.interview.judge_on(on)
        if self.interview.engine is not before:
            self.version_changed.emit()
        self.changed.emit("")

    def set_material(self, key: str, state: str) -> None:
        """Tick a material: 已收, 待补 or 不适用."""
        seen, titles = self.interview.materials.get(key, ""), {n.key: n.name for n in self.interview.material_list}
        self.head.keep_material(key, state, seen, titles.get(key, key), self._show_material)
        self._show_material(key, state)

    def _show_material(self, key: str, state: str) -> None:
        self.interview.set_material(key, state)
        self.changed.emit("")

    def set_party(self, **particulars: str) -> None:
        """Take the applicant's name, code, contact or phone as typed."""
        nobody = Applicant(0, kind_served(self.interview.policy), "", sample=self.services.practice)
        typed: dict[str, Any] = {**particulars}
        self._party = replace(self.applicant or nobody, **typed)
        self.interview.answers = with_party(self.engine, self.interview.answers, self._party)
        self.interview.judge_on(self.interview.on)  # some rules ask what kind of applicant it is
        self.journal.hold_on()
        self.changed.emit("")

    def keep_standing(self, name: str, text: str, show: Callable[[str, str], None]) -> None:
        """Keep what is asked of the applicant once (长期信息), with the applicant and in this case's papers.

        Where another window has kept something else meanwhile, ``show`` shows that, and it is told.
        """
        known = self.interview.remembered
        seen = known.get(name, "")
        if self.applicant is None or seen == text:
            return
        known[name] = text
        self.interview.judge_on(self.interview.on)
        today = self.services.today()
        self.flush()  # an applicant that was only just named is registered first

        def write(register: Register) -> None:
            whose = register.case(self.case.id).applicant_id
            if whose is not None:
                register.remember(whose, name, text, today, seen=seen)

        def refused(error: Exception) -> None:
            if isinstance(error, Overtaken):  # on screen and paper stands what the register has
                known[name] = error.changes[0].now or ""
                self.interview.judge_on(self.interview.on)
                show(name, known[name])
                said = error.sentence.partition("，您这一步")[0]
                self.services.operations.failed.emit(f"{said}，现在显示的是对方填的，要改成您的请再填一次。")
                self.changed.emit("")
            else:
                self._tell(error)

        self._run(write, None, refused, writes=True, keep=True)
        self.changed.emit("")

    def stand(self, step: str, field: str) -> None:
        """Note where the clerk stands, so that a killed program comes back to the same field."""
        if (step, field) != self._position and may_work(self.services):
            self._position = step, field
            case_id = self.case.id
            self._run(lambda register: register.set_position(case_id, step, field), keep=True)

    # --- keeping

    def flush(self) -> None:
        """Send everything that waits to the register now."""
        self.journal.flush()
        self._flush_party()

    def _refused(self, error: Exception) -> None:
        """Say why an edit is not on the disk; the journal sends it again, unless the case takes none."""
        self._tell(error)
        if isinstance(error, CaseClosed):
            self.journal.forget()
            self.reload()

    def _flush_party(self) -> None:
        party, self._party_sent = self._party, self._party
        if party is None or party == (self.record.applicant if self.record else None):
            return
        case_id, made_on = self.case.id, self.case.version
        write = party_writer(party, case_id, made_on)
        self._run(write, self._party_kept, self._party_not_kept, writes=True, keep=True)

    def _party_kept(self, kept: CaseRecord | tuple[Applicant, Case]) -> None:
        assert self.record is not None
        if isinstance(kept, CaseRecord):  # from now on what the register knows of it counts
            self.record, self.case = kept, kept.case
            self._learn(kept)
        else:
            who, self.case = kept
            self.record = replace(self.record, applicant=who, case=self.case)
        applicant = self.record.applicant
        assert applicant is not None
        typed = self._party if self._party != self._party_sent else None  # since then
        self._party = replace(typed, id=applicant.id, version=applicant.version) if typed else None
        self.party_refused.emit("")
        self.changed.emit("")

    def _learn(self, record: CaseRecord) -> None:
        """Take up what the register knows of the applicant who was only just named; what was answered here comes first."""
        facts, interview = self.pack.facts, self.interview
        self._before = remembered(facts, record)
        cleared = {name for name, text in record.answers.items() if not text}
        known = {name: text for name, text in self._before.items() if name not in cleared}
        interview.remembered = known | interview.remembered
        interview.earlier = earlier(facts, record)
        interview.awards = past_awards(record)
        interview.judge_on(interview.on)

    def _party_not_kept(self, error: Exception) -> None:
        if isinstance(error, (DuplicateApplicant, InvalidEntry)):
            self.party_refused.emit(error.sentence)
        else:
            self._tell(error)
            if isinstance(
                error, HeadOvertaken
            ):  # somebody said whose it is: that is shown, and what was typed is given up
                self._party = None
                self.head.overtaken(error)

    def leave(self) -> None:
        """Send all that waits, and note what was told of the applicant for the next visit (一次录入)."""
        if self._interview is None:
            return
        self.flush()
        self.remember()

    def remember(self) -> None:
        """Note the readable answers of this case as known of the applicant, where they are news."""
        record, applicant = self.record, self.record.applicant if self.record else None
        if record is None or applicant is None or self.closed:
            return
        on, case_id, whose = self.interview.on, self.case.id, applicant.id
        news = news_of(self.pack.facts, self.interview.answers, self.interview.values, record.known)
        if not news:
            return
        self._run(lambda register: note_news_if_there(register, whose, news, on, case_id), self._remembered, keep=True)

    def _remembered(self, record: CaseRecord | None) -> None:
        self.record = record or self.record

    # --- undoing

    def undo(self) -> None:
        """Take back the last edit of the case, whichever field it was made in."""
        self.flush()
        self.journal.take_back()

    def redo(self) -> None:
        """Do again what was taken back last."""
        self.flush()
        self.journal.do_again()

    def _walked(self, edit: tuple[str, str | None] | None, again: bool) -> None:
        self.said.emit("" if edit else nothing_to_walk(again))
        self._apply(edit)

    def _apply(self, edit: tuple[str, str | None] | None) -> None:
        if edit is None or self.journal.holds(edit[0]):  # typed again in the meantime: that is newer
            return
        self._put(*edit)
        self.replaced.emit(edit[0])

    def take_up(self, fact: str, text: str | None) -> None:
        """Show what another window has answered."""
        self._put(fact, text)
        self.refreshed.emit(fact)

    def _put(self, fact: str, text: str | None) -> None:
        put_text(self.interview, self._before, fact, text)
        self.changed.emit("")

    # --- closing

    def close_case(self) -> None:
        """Close the case as issued (办结); it takes no edits until it is reopened."""
        self.leave()
        self.head.close()

    def reopen(self) -> None:
        """Take up a closed case again."""
        self.head.reopen()

    def reload_papers(self) -> None:
        """Read again which papers were issued."""
        self._run(lambda register, case_id=self.case.id: read_case(register, case_id), self._papers_read)

    def _papers_read(self, record: CaseRecord) -> None:
        self.record = record
        self.papers_changed.emit()

    def reload(self) -> None:
        """Read the case's own line again: another window may have closed it."""
        self._run(lambda register, case_id=self.case.id: register.case(case_id), self._case_changed)

    def _case_changed(self, case: Case) -> None:
        closed, self.case = self.closed, case
        if closed != self.closed:
            self.closed_changed.emit()

    # --- the door

    def _run(
        self, work: Any, then: Any = None, failed: Any = None, *, writes: bool = False, keep: bool = False
    ) -> None:
        told = failed or (self._tell if writes or keep else None)
        self.services.operations.run(work, then, told, writes=writes, keep=keep)

    def _tell(self, error: Exception) -> None:
        self.services.operations.failed.emit(sentence_of(error))
