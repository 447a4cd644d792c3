"""What every paper of one visit is made from; papers never look anything up themselves."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Literal

from pinggu_desk.assess.determination import Determination
from pinggu_desk.assess.notes import MaterialNote
from pinggu_desk.policy import say
from pinggu_desk.policy.facts import Fact
from pinggu_desk.policy.identity import shown

if TYPE_CHECKING:
    from pinggu_desk.assess.basis import Basis

STATED_BY_APPLICANT = "申请人陈述"
#: the roles under which the policies' contacts name the department itself
#: what is said of a limit that cuts what several benefits come to together
CUT = "受限额约束"
DEPARTMENTS = ("政策制定部门", "负责解释")


@dataclass(frozen=True, slots=True)
class Party:
    """The applicant (申请人) as stated; ``code`` is a 统一社会信用代码 or the number of a person's ``document`` (证件类型), or empty.

    No paper prints ``code`` itself: ``code_shown`` is what it may show of it.
    """

    name: str
    code: str = ""
    kind: str = "企业"
    contact: str = ""
    phone: str = ""
    address: str = ""
    document: str = ""

    @property
    def person(self) -> bool:
        """Whether the applicant is a natural person."""
        return self.kind in ("个人", "自然人")

    @property
    def code_label(self) -> str:
        """What the code is called: 证件号码 or 统一社会信用代码."""
        return "证件号码" if self.person else "统一社会信用代码"

    @property
    def code_shown(self) -> str:
        """The code as a paper may show it: a person's number with its middle hidden."""
        return shown(self.code, self.kind)

    @property
    def identity(self) -> tuple[tuple[str, str], ...]:
        """The applicant in named lines, those known: name, a person's kind of document, code."""
        pairs = (
            ("姓名" if self.person else "名称", self.name),
            ("证件类型", self.document if self.person and self.code else ""),
            (self.code_label, self.code_shown),
        )
        return tuple((label, words) for label, words in pairs if words)


@dataclass(frozen=True, slots=True)
class Stated:
    """One fact as the applicant stated it (申请人陈述): its name, its value in words, where it came from."""

    name: str
    value: str
    clause: str = ""
    source: str = STATED_BY_APPLICANT


@dataclass(frozen=True, slots=True)
class Contact:
    """One line of the policy's 咨询方式, with a doubt (存疑) if the printed number looks wrong."""

    role: str
    text: str
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class MaterialLine:
    """A material (材料) and whether it was handed in: 已收, 待补 or 不适用."""

    material: MaterialNote
    state: Literal["已收", "待补", "不适用"]


@dataclass(frozen=True, slots=True)
class Nearly:
    """A benefit that is ruled out and comes near (差一点): what would change it, and what it would then come to."""

    benefit: str
    title: str
    words: str
    after: str


@dataclass(frozen=True, slots=True)
class NotRaised:
    """A benefit that the visitor didn't mention (来访未涉及): neither refused nor worked out, and nothing is stored as 否."""

    benefit: str
    title: str
    policy_title: str


@dataclass(frozen=True, slots=True)
class Together:
    """What may be had together (最优组合) of the benefits that can be applied for.

    ``total_fen`` adds the computed sums that are kept, None where there are fewer than two; ``said`` tells, a sentence each,
    what is given up for what, which limits bite, what stays open. ``counted`` is what of each benefit's own sum or ceiling (fen)
    counts there: nought of one that is given up, less of one that a joint limit cuts; without a figure none is named.
    """

    total_fen: int | None = None
    said: tuple[str, ...] = ()
    counted: tuple[tuple[str, int], ...] = ()

    @property
    def cut(self) -> bool:
        """Whether a limit over several benefits makes the total less than they come to."""
        return any(CUT in words for words in self.said)

    @property
    def explains(self) -> int:
        """How many of ``said`` tell why the total is what it is: the first, and the next where a limit cuts it."""
        return min(len(self.said), 1 + self.cut)


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit (办件) on one policy, complete for paper.

    ``serial`` is None for papers made without the register: they are marked 未登记. ``practice`` marks 演练.
    ``quotes`` maps a clause id to its words (原文) for every clause that the determinations cite; ``clause_words``
    maps it to the place a reader finds it at (``二、（二）（1）``). ``asked_for`` are the benefits that the visitor came for,
    as far as that can be told; None when all of them are meant. ``concerned`` are the facts that what is applied for rests on;
    None when every stated one is printed. ``parts`` are the visits, one a policy, that share a paper (``documents.joined``);
    empty for a visit on one policy.
    """

    applicant: Party
    policy: str
    policy_title: str
    source: str  # 依据2024年2月《…汇编（简版）》…
    form_title: str
    on: date
    printed_at: datetime
    pack_version: str
    determinations: tuple[Determination, ...]
    stated: tuple[Stated, ...] = ()
    materials: tuple[MaterialLine, ...] = ()
    contacts: tuple[Contact, ...] = ()
    steps: tuple[str, ...] = ()
    materials_note: str = "其他材料以当年申报通知为准。"  # what is said beside the list, which is never whole
    values: dict[str, int | str] = field(default_factory=dict)  # fact name -> read value, smallest units or text
    facts: dict[str, Fact] = field(default_factory=dict)
    quotes: dict[str, str] = field(default_factory=dict)
    clause_words: dict[str, str] = field(default_factory=dict)
    serial: str | None = None
    replaces: str = ""  # the serial of the paper of the same kind that this one takes the place of (取代)
    clerk: str = ""
    window: str = ""
    office: str = ""
    practice: bool = False
    asked_for: frozenset[str] | None = None
    concerned: frozenset[str] | None = None
    near: tuple[Nearly, ...] = ()
    together: Together = Together()
    applying: Together = Together()  # the same of what the form applies for alone
    not_raised: tuple[NotRaised, ...] = ()
    parts: tuple[Visit, ...] = ()
    version: str = ""  # the policy's version that it was judged by, as its folder and form are named
    ahead: tuple[str, ...] = ()  # what changes after the day of judgement (即将变化), a sentence each
    #: telephone numbers as the form may print them, with what is to be dialled in their place (更正)
    redialled: tuple[tuple[str, str], ...] = ()
    lasts: date | None = None  # the last day of the policy's text, where it says one and nothing known takes its place
    #: what its determinations stood on, one a policy; it is kept beside the paper and printed nowhere
    basis: tuple[Basis, ...] = ()
    anchor: str = ""  # how far the register's audit trail went when the paper was made (登记库校验)

    @property
    def each(self) -> tuple[Visit, ...]:
        """The visits by policy: its parts, or itself."""
        return self.parts or (self,)

    @property
    def department(self) -> str:
        """Whose word counts: the policy's department as its contacts name it, else 主管部门."""
        named = [one.text for one in self.contacts if one.role in DEPARTMENTS]
        return named[0] if named else "主管部门"

    @property
    def edition(self) -> str:
        """The pack's edition as papers name it."""
        return say.edition(self.pack_version)
