"""A case as the register hands it to the wizard: read whole, in one turn of the register's thread."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from pinggu_desk.assess.awards import Award
from pinggu_desk.assess.engine import Engine
from pinggu_desk.assess.interview import Interview
from pinggu_desk.assess.notes import Elsewhere
from pinggu_desk.desk.wizard.elsewhere import elsewhere_of, letters_of
from pinggu_desk.policy.dates import day_words
from pinggu_desk.policy.earlier import Earlier, lasts, offer_of
from pinggu_desk.policy.facts import NEVER, Fact
from pinggu_desk.policy.models import Policy
from pinggu_desk.register import Register
from pinggu_desk.register.errors import ServerGone
from pinggu_desk.register.records import Applicant, ApplicantKind, Case, Clerk, IssuedDocument, KnownFact
from pinggu_desk.register.records import Award as KeptAward

#: Under this name the journal keeps which benefits are asked for; no fact can have it, for facts have no such sign.
SCOPE = "@申报事项"
_BETWEEN = "、"


@dataclass(frozen=True, slots=True)
class CaseRecord:
    """Everything that the register knows about one case and its applicant."""

    case: Case
    applicant: Applicant | None
    answers: dict[str, str]
    known: dict[str, KnownFact]
    awards: tuple[KeptAward, ...]
    materials: dict[str, str]
    papers: tuple[IssuedDocument, ...]
    origins: dict[str, str]
    opened_by: str
    last_edit: int
    elsewhere: tuple[Elsewhere, ...] = ()


def read_case(register: Register, case_id: int) -> CaseRecord:
    """Read a case. Reading a person's file is on the audit trail thereby. Raises `NotFound`."""
    case, last_edit = register.case(case_id), register.last_edit(case_id)  # first: what comes now is not yet seen
    whose = case.applicant_id
    return CaseRecord(
        case,
        register.get(whose) if whose is not None else None,
        register.answers(case_id),
        register.known_facts(whose) if whose is not None else {},
        tuple(register.awards(whose)) if whose is not None else (),
        register.materials(case_id),
        tuple(register.documents(case_id)),
        register.origins(case_id),
        register.clerk_name(case.clerk_no),
        last_edit,
        elsewhere=(
            *elsewhere_of(register, whose, case_id, lambda a: read_scope(a.get(SCOPE, ""))),
            *letters_of(register, whose, case.on.year, case_id),
        )
        if whose is not None
        else (),
    )


def open_case(register: Register, case_id: int) -> CaseRecord:
    """Read a case that is opened; a colleague's is on the audit trail thereby. Raises `NotFound`."""
    register.look_at(case_id)
    return read_case(register, case_id)


def whose(record: CaseRecord, me: Clerk) -> str:
    """Whose case it is, where it is a colleague's; empty for one's own."""
    case = record.case
    if case.clerk_no == me.no:
        return ""
    who = f"{record.opened_by}（{case.clerk_no}）" if record.opened_by else f"工号 {case.clerk_no}"
    return f"本办件由{who}于{day_words(case.opened_at.date())}开办；您的查看和改动记在您（{me.no}）名下。谁改过什么，在“经过”里看。"


def interview_of(engine: Engine, record: CaseRecord) -> Interview:
    """The interview as it stood when the case was left.

    An answer kept as empty text was cleared on purpose: the value of an earlier visit does not come back for it.
    """
    engine = engine.at(record.case.on)  # by what is in force on its day
    cleared = {name for name, text in record.answers.items() if not text}
    chosen = record.answers.get(SCOPE)
    return Interview(
        engine, record.case.policy_id, record.case.on,
        answers={name: text for name, text in record.answers.items() if text and name != SCOPE}
        | (party_answers(engine, record.applicant) if record.applicant else {}),
        remembered={
            name: text for name, text in remembered(engine.pack.facts, record).items() if name not in cleared
        },
        earlier=earlier(engine.pack.facts, record), awards=past_awards(record),
        chosen=None if chosen is None else read_scope(chosen), materials=record.materials,
        elsewhere=record.elsewhere,
    )  # fmt: skip


def remembered(facts: Mapping[str, Fact], record: CaseRecord) -> dict[str, str]:
    """What earlier visits told of the applicant that lasts (常在): it is filled in."""
    return {name: one.value_text for name, one in _before(facts, record) if lasts(facts[name])}


def earlier(facts: Mapping[str, Fact], record: CaseRecord) -> dict[str, Earlier]:
    """What earlier visits told that may be otherwise now: offered at its field, unknown until it is taken by a key."""
    offers = {
        name: offer_of(facts[name], one.value_text, one.noted_at, one.listed) for name, one in _before(facts, record)
    }
    return {name: offer for name, offer in offers.items() if offer is not None}


def _before(facts: Mapping[str, Fact], record: CaseRecord) -> Iterator[tuple[str, KnownFact]]:
    return (
        (name, one) for name, one in record.known.items() if name in facts and one.case_id != record.case.id
    )  # fmt: skip


def party_writer(
    party: Applicant, case_id: int, made_on: int
) -> Callable[[Register], CaseRecord | tuple[Applicant, Case]]:
    """How an applicant as typed is kept with a case; once, however often the disk lets it be tried."""
    added: list[Applicant] = []

    def write(register: Register) -> CaseRecord | tuple[Applicant, Case]:
        if party.id:
            return register.update_applicant(party), register.case(case_id)
        if not added:
            added.append(register.add_applicant(
                party.kind, party.name, code=party.code, contact=party.contact, phone=party.phone,
                address=party.address, sample=party.sample,
            ))  # fmt: skip
        register.set_applicant(case_id, added[0].id, made_on=made_on)
        return read_case(register, case_id)  # it may be one that has come before, with awards and answers

    return write


def note_news(register: Register, applicant_id: int, news: Mapping[str, str], on: date, case_id: int) -> CaseRecord:
    """Note what a case told of its applicant for the next visit, behind what was noted before; the case as it is known then."""
    for name, text in news.items():
        register.remember(applicant_id, name, text, on, case_id)
    return read_case(register, case_id)


def note_news_if_there(
    register: Register, applicant_id: int, news: Mapping[str, str], on: date, case_id: int
) -> CaseRecord | None:
    """`note_news`; None where the register's server is away.

    Nobody typed this: it follows from the answers, which are kept, and is noted when the case is left the next time.
    """
    try:
        return note_news(register, applicant_id, news, on, case_id)
    except ServerGone:
        return None


def news_of(
    facts: Mapping[str, Fact], answers: Mapping[str, str], values: Mapping[str, int | str],
    known: Mapping[str, KnownFact],
) -> dict[str, str]:  # fmt: skip
    """What was told now and is worth noting for the next visit: readable, of the applicant, and not known already.

    Particulars (登记项) are kept with the applicant, and what follows from past awards is worked out anew each time.
    """
    return {
        name: text
        for name, text in answers.items()
        if name in values and name in facts and not facts[name].party and facts[name].history is None
        and (name not in known or known[name].value_text != text)
    }  # fmt: skip


def past_awards(record: CaseRecord) -> list[Award] | None:
    """The applicant's past awards as the engine takes them; None while the register knows of none.

    That nothing is known is no nought: whether there ever was an award is asked, once.
    """
    if record.applicant is None or not record.awards:
        return None
    return [Award(a.policy_id, a.benefit_id, a.amount_fen, a.on, a.matter) for a in record.awards]


def party_answers(engine: Engine, applicant: Applicant) -> dict[str, str]:
    """The facts that are kept with the applicant as its particulars (登记项), by name."""
    kept = _particulars(applicant)
    return {
        fact.name: kept[fact.party]
        for fact in engine.pack.facts.values()
        if kept.get(fact.party) and (not fact.personal or applicant.kind == "个人")
    }


def with_party(engine: Engine, answers: Mapping[str, str], applicant: Applicant) -> dict[str, str]:
    """The answers with these particulars in place of those before; what else was answered of the applicant stays."""
    kept = _particulars(applicant)
    facts = engine.pack.facts
    own = {name: text for name, text in answers.items() if name not in facts or facts[name].party not in kept}
    return own | party_answers(engine, applicant)


def _particulars(applicant: Applicant) -> dict[str, str]:
    return {
        "名称": applicant.name, "代码": applicant.code, "联系人": applicant.contact, "电话": applicant.phone,
        "地址": applicant.address, "类型": applicant.kind,
    }  # fmt: skip


def source_words(
    fact: str, source: str, taken: tuple[str, str], interview: Interview, record: CaseRecord | None
) -> str:  # fmt: skip
    """Where a value that nobody typed in this case came from, with its day; ``taken`` is what was taken of an earlier visit."""
    if source == NEVER:
        return source
    if not source:
        text, origin = taken
        return f"已{origin}" if origin and interview.answers.get(fact) == text else ""
    known = record.known.get(fact) if record else None
    day = known.noted_at if source == "上次填报" and known else interview.on
    upto = "截至" if source == "登记簿" else ""
    if source == "上次填报" and known and known.listed:
        source = known.listed
    return f"来自{source}，{upto}{day.year}年{day.month}月{day.day}日"


def scope_text(benefits: list[str]) -> str:
    """Which benefits are asked for, as the journal keeps it."""
    return _BETWEEN.join(benefits)


def read_scope(text: str) -> list[str]:
    """The benefits of :func:`scope_text`."""
    return [part for part in text.split(_BETWEEN) if part]


def kind_served(policy: Policy) -> ApplicantKind:
    """What kind of applicant a policy serves first, for one who was not named yet."""
    kinds: dict[str, ApplicantKind] = {"企业": "企业", "机构": "机构", "个人": "个人"}
    return next((kinds[kind] for kind in policy.serves if kind in kinds), "企业")


def put_text(interview: Interview, before: Mapping[str, str], fact: str, text: str | None) -> None:
    """Have an interview show what the register has for a fact; where that is nothing, what an earlier visit told (``before``)."""
    if fact == SCOPE:
        interview.choose([benefit.id for benefit in interview.benefits] if text is None else read_scope(text))
    elif text is None and fact in before:
        interview.remembered[fact] = before[fact]
        interview.answers.pop(fact, None)
        interview.judge_on(interview.on)
    else:
        interview.set(fact, text or "")
