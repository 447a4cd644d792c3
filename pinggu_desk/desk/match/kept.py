"""An enquiry as the register keeps it: read into an `Enquiry` by any pack's engine, and what another pack changes. Knows no Qt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pinggu_desk.assess.engine import Engine
from pinggu_desk.assess.match.enquiry import Enquiry
from pinggu_desk.assess.match.match import Subject
from pinggu_desk.desk.services import Services
from pinggu_desk.desk.wizard.record import CaseRecord, earlier, open_case, past_awards, read_scope, remembered
from pinggu_desk.policy.facts import Fact
from pinggu_desk.policy.models import Pack
from pinggu_desk.register import Register
from pinggu_desk.work.packs.changed import match_words

#: Under this name the journal keeps who is asking; no fact can have it, for facts have no such sign.
SUBJECT = "@申请方"
#: Under this one, which benefits the applicant chose (申请人选择) where the choice is its own.
CHOICE = "@申请人选择"
SUBJECTS: dict[str, Subject] = {"单位": "单位", "个人": "个人", "都看": ""}
#: The kind of applicant, which the applicant's own page asks.
KIND = "申请人类型"
#: Under this name the journal keeps what the visitor came with: ids of matters, or that everything is gone into.
MATTERS, ALL_MATTERS = "@来访事由", "全部"


@dataclass(frozen=True, slots=True)
class Opened:
    """An enquiry as it is opened; ``words`` tell what the pack that serves changes, empty where it was worked out by that one."""

    record: CaseRecord
    words: str


def open_enquiry(register: Register, services: Services, case_id: int) -> Opened:
    """Open an enquiry. On the register's thread. Raises `NotFound`.

    It is always worked out by the pack that serves, for it asks what can be had now; what differs from the pack by which
    it was last worked out is told, so that nothing changes in silence.
    """
    record = open_case(register, case_id)
    old, now = record.case.pack_version, services.pack.version
    if old == now or record.case.state != "办理中":
        return Opened(record, "")
    engine = services.engine_of(old)
    if engine is None:
        return Opened(record, match_words(old, now, None))
    before, after = (enquiry_of(one, record).match for one in (engine, services.engine))
    by_each = [[match.determination(name) for name in match.rules] for match in (before, after)]
    return Opened(record, match_words(old, now, (by_each[0], by_each[1])))


def enquiry_of(engine: Engine, record: CaseRecord) -> Enquiry:
    """The enquiry as it stood when the case was left, by an engine."""
    pack = engine.pack
    cleared = {name for name, text in record.answers.items() if not text}
    return Enquiry(
        engine, record.case.on, subject=subject_of(record),
        answers={n: text for n, text in record.answers.items() if text and n not in (SUBJECT, CHOICE, MATTERS)},
        remembered={n: text for n, text in before_of(pack.facts, record).items() if n not in cleared},
        awards=past_awards(record), earlier=earlier(pack.facts, record), elsewhere=record.elsewhere,
        choices=read_scope(record.answers.get(CHOICE, "")), mentioned=mentioned_in(pack, record.answers),
    )  # fmt: skip


def before_of(facts: Mapping[str, Fact], record: CaseRecord) -> dict[str, str]:
    """What earlier visits told that lasts, and what kind of applicant it is, for some rules ask it."""
    before = remembered(facts, record)
    return before if record.applicant is None else {KIND: record.applicant.kind, **before}


def subject_of(record: CaseRecord) -> Subject:
    """Who asks: as it was said; else as the applicant is."""
    said = record.answers.get(SUBJECT)
    if said is not None:
        return SUBJECTS.get(said, "")
    if record.applicant is None:
        return ""
    return "个人" if record.applicant.kind == "个人" else "单位"


def mentioned_in(pack: Pack, answers: Mapping[str, str]) -> frozenset[str] | None:
    """What the visitor came with, as far as the pack knows such matters; None: everything is gone into."""
    said = answers.get(MATTERS, ALL_MATTERS)
    return None if said == ALL_MATTERS else frozenset(one for one in said.split("、") if one in pack.matters.by_id)
