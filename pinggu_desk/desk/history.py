"""经过: who did what in a case, and when, in lines; from its journal, its materials and the audit trail. Knows no widget."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pinggu_desk.assess.materials import material_titles
from pinggu_desk.desk.match.kept import SUBJECT
from pinggu_desk.desk.wizard.record import SCOPE, read_scope
from pinggu_desk.policy.errors import BadAnswer
from pinggu_desk.policy.facts import read_answer
from pinggu_desk.policy.identity import hidden
from pinggu_desk.policy.masking import covered
from pinggu_desk.policy.models import Pack
from pinggu_desk.register import Register
from pinggu_desk.register.records import AuditRow, Case, Edit

_AT_ONCE = timedelta(minutes=2)  # one value typed in several goes is one line
_UNANSWERED = "未填"


@dataclass(frozen=True, slots=True)
class Happened:
    """One line: when, who, what was done, and to what."""

    at: datetime
    who: str
    done: str
    what: str


@dataclass(frozen=True, slots=True)
class CaseHistory:
    """Everything that the register tells of how a case became what it is; ``names`` are the clerks' by number."""

    case: Case
    applicant: str
    edits: tuple[Edit, ...]
    marks: tuple[tuple[datetime, str, str, str], ...]
    events: tuple[AuditRow, ...]
    names: dict[str, str]


def read_history(register: Register, case_id: int) -> CaseHistory:
    """Read it, on the register's thread; a look at a colleague's case is on the trail thereby. Raises `NotFound`."""
    case = register.look_at(case_id)
    edits, marks = tuple(register.history(case_id)), tuple(register.material_marks(case_id))
    events = tuple(register.case_events(case.number))
    numbers = {case.clerk_no, *(e.clerk_no for e in edits), *(m[1] for m in marks), *(e.clerk_no for e in events)}
    applicant = register.glance(case.applicant_id).name if case.applicant_id is not None else ""
    return CaseHistory(case, applicant, edits, marks, events, {no: register.clerk_name(no) for no in numbers})


def lines_of(history: CaseHistory, pack: Pack) -> list[Happened]:
    """What happened, the latest first."""
    case = history.case
    lines = [Happened(case.opened_at, case.clerk_no, "开办", f"办件 {case.number}")]
    lines += [Happened(edit.at, edit.clerk_no, *_told(edit, pack)) for edit in gathered(history.edits)]
    policy = pack.policies.get(case.policy_id)
    materials = material_titles(policy) if policy is not None else {}
    lines += [Happened(at, no, "材料", f"{materials.get(key, key)}：{state}") for at, no, key, state in history.marks]
    for row in history.events:
        paper = f"编号 {row.subject}" if row.subject != case.number else ""
        lines.append(Happened(row.at, row.clerk_no, row.event, "　".join(part for part in (row.detail, paper) if part)))
    told = [replace(line, who=named(line.who, history.names)) for line in lines]
    return sorted(told, key=lambda line: line.at)[::-1]


def named(no: str, names: dict[str, str]) -> str:
    """A clerk as a line names him."""
    return f"{names[no]}（{no}）" if names.get(no) else f"工号 {no}"


def gathered(edits: Iterable[Edit]) -> Iterator[Edit]:
    """Edits of one value that followed on each other as one: the journal has every stop of the typing."""
    open_: Edit | None = None
    for edit in edits:
        plain = edit.kind == "edit" and not edit.origin
        if (
            open_ is not None and plain and (edit.fact, edit.clerk_no) == (open_.fact, open_.clerk_no)
            and edit.at - open_.at <= _AT_ONCE
        ):  # fmt: skip
            open_ = replace(edit, before=open_.before)
            continue
        if open_ is not None:
            yield open_
        open_ = edit if plain else None
        if not plain:
            yield edit
    if open_ is not None:
        yield open_


def _told(edit: Edit, pack: Pack) -> tuple[str, str]:
    """What was done and to what: ``修改``, ``职工人数：30人 → 50人``."""
    name = called(edit.fact)
    before, after = (value_words(edit.fact, text, pack) for text in (edit.before, edit.after))
    if edit.origin:
        return edit.origin, f"{name}：{after}"
    if edit.kind != "edit":
        return ("撤销" if edit.kind == "undo" else "重做"), f"{name}：{before} → {after}"
    if not edit.before:
        return "填写", f"{name}：{after}"
    return ("修改", f"{name}：{before} → {after}") if edit.after else ("清除", f"{name}：原为 {before}")


def called(name: str) -> str:
    """What a name of the journal is called on the screen."""
    return {SCOPE: "申报事项", SUBJECT: "谁来申报"}.get(name, name)


def value_words(name: str, text: str | None, pack: Pack) -> str:
    """A kept text in words, as papers show it; a person's number never whole."""
    if not text:
        return _UNANSWERED
    if name == SCOPE:
        titles = {benefit.id: benefit.title for policy in reversed(pack.all_policies()) for benefit in policy.benefits}
        chosen = [titles.get(one, one) for one in read_scope(text)]
        return "、".join(chosen[:3]) + (f"等 {len(chosen)} 项" if len(chosen) > 3 else "")
    fact = pack.facts.get(name)
    if fact is None:
        return text
    if (hidden_text := covered(name, text)) != text:
        return hidden_text
    try:
        return fact.show(read_answer(fact, text))
    except BadAnswer:
        return hidden(text) if fact.personal else text
