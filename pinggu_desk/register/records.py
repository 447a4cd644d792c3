"""What the register hands out: plain frozen records, with no tie to the database."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal

from pinggu_desk.register.roles import Role

ApplicantKind = Literal["企业", "机构", "个人"]
CaseState = Literal["办理中", "已出具", "已撤销"]
AwardSource = Literal["本机登记", "申请人陈述", "部门名单"]
#: In place of a policy's id: the case asks about every policy at once (政策匹配). No policy's folder can have this name.
MATCHING = "@match"
MATCHING_TITLE = "政策匹配"
#: the kind of paper that tells an applicant what he may have
LETTER: Final = "政策符合性告知书"


@dataclass(frozen=True, slots=True)
class Clerk:
    """The clerk (经办人) at work: number (工号), name, window number (窗口号, may be empty), and what he may do."""

    no: str
    name: str
    window: str = ""
    role: Role = "经办人"


@dataclass(frozen=True, slots=True)
class Applicant:
    """An applicant (申请人). `code` is the 统一社会信用代码 or the identity number, and may be empty.

    `sample` marks an invented applicant for practice, to be shown as such on screen and paper. `document` is the kind of
    a person's document (证件类型), `reason` why a code was kept that its check refuses (仍要登记). `version` is the one that was
    read; an applicant that was put together otherwise has none, and is kept whatever was there before.
    """

    id: int
    kind: ApplicantKind
    name: str
    code: str = ""
    contact: str = ""
    phone: str = ""
    address: str = ""
    sample: bool = False
    document: str = ""
    reason: str = ""
    version: int | None = dataclasses.field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class KnownFact:
    """The latest known text of a fact: noted on a day, in a case (None: outside any case).

    ``origin`` says where it came from (名单导入“…”第 3 行, 窗口登记) and ``clerk_no`` who noted it, where that is not the case's
    own journal's to tell.
    """

    value_text: str
    noted_at: date
    case_id: int | None
    origin: str = ""
    clerk_no: str = ""

    @property
    def listed(self) -> str:
        """``名单导入`` for what a list told; empty for what was told at a window."""
        return self.origin.partition("“")[0] if "“" in self.origin else ""


@dataclass(frozen=True, slots=True)
class Noted:
    """One dated fact in an applicant's history: for which day, noted when, in which case (empty: none), from where, by whom."""

    fact: str
    text: str
    on: date
    at: datetime
    case_number: str
    origin: str
    clerk_no: str


@dataclass(frozen=True, slots=True)
class KeptParameter:
    """An outside figure (外部参数) as an office entered it: in force from `since` to `until` (None: until further notice)."""

    id: int
    name: str
    value: str
    since: date
    until: date | None
    source: str
    entered_at: datetime
    clerk_no: str
    version: int = dataclasses.field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Case:
    """A case (办件). `on` is the day it is judged by (判断日); `step` and `field` are where the clerk stood.

    `version` counts what was changed of this (not its answers): a change names the version that it was made on.
    """

    id: int
    number: str
    applicant_id: int | None
    policy_id: str
    opened_at: datetime
    on: date
    pack_version: str
    state: CaseState
    step: str
    field: str
    clerk_no: str
    version: int = dataclasses.field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Edit:
    """One line of a case's journal (修改记录): the text before and after (None: not answered), and where it came from."""

    seq: int
    at: datetime
    clerk_no: str
    kind: Literal["edit", "undo", "redo"]
    fact: str
    before: str | None
    after: str | None
    origin: str


@dataclass(frozen=True, slots=True)
class Award:
    """A past award (已享受支持) in whole fen; `matter` (事项) tells awards for the same thing from others.

    ``title`` is its own where the packs have no such benefit (往年项目: ``benefit_id`` is empty then), ``document`` the number of
    the paper that granted it (文号), ``origin`` where it was taken from, noted ``at`` by ``clerk_no``.
    """

    id: int
    applicant_id: int
    policy_id: str
    benefit_id: str
    amount_fen: int
    on: date
    matter: str
    source: AwardSource
    title: str = ""
    document: str = ""
    origin: str = ""
    at: datetime | None = None
    clerk_no: str = ""


@dataclass(frozen=True, slots=True)
class IssuedDocument:
    """A paper that was issued: its serial (文书编号), its file's SHA-256 and the determinations it states, as JSON."""

    serial: str
    case_id: int
    kind: str
    file_name: str
    sha256: str
    determinations_json: str
    issued_at: datetime
    clerk_no: str


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One line of the audit trail (审计记录)."""

    id: int
    at: datetime
    clerk_no: str
    event: str
    subject: str
    detail: str
