"""The pack's models (政策包): policies, benefits, materials, deadlines, readings, parameters, as loaded and checked."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

from pydantic import Field

from pinggu_desk.policy.columns import ColumnWords
from pinggu_desk.policy.dates import Calendar
from pinggu_desk.policy.district import NEUTRAL, District
from pinggu_desk.policy.facts import Fact, Strict
from pinggu_desk.policy.forms import Cond, Expr, Name, Path
from pinggu_desk.policy.matters import Matters
from pinggu_desk.policy.matters import empty as no_matters
from pinggu_desk.policy.overlaps import Overlap
from pinggu_desk.policy.parameters import Parameter
from pinggu_desk.policy.quantity import half_width
from pinggu_desk.policy.readings import Reading
from pinggu_desk.policy.say import text_words
from pinggu_desk.policy.text import Sentence, Text, place_of
from pinggu_desk.policy.versions import Family

BenefitKind = Literal["资金", "贷款", "贴息", "补贴率", "价格优惠", "服务", "资格"]
#: 类别 -> ``kind`` of a determination in JSON
KIND_CODES: dict[str, str] = {
    "资金": "grant", "贷款": "loan", "贴息": "interest", "补贴率": "subsidy_rate", "价格优惠": "price_preference",
    "服务": "service", "资格": "status",
}  # fmt: skip
#: the form of a material that the text says nothing of; for those who keep the rules, never on a paper
UNWRITTEN = "原文未写明形式"
Claim = Literal["计算", "询问", "服务", "留待主管部门", "程序", "非窗口"]


class ClaimOf(Strict):
    """How one sentence is accounted for (台账): its claim, the hash of its words, and why when it is not computed.

    ``numbers`` lists numbers of the sentence that no rule uses, each with a reason (仅见于文本).
    """

    claim: Claim = Field(alias="归")
    hash: str = Field(alias="印", pattern=r"^[0-9a-f]{8}$")
    why: str = Field(alias="因", default="")
    numbers: dict[str, str] = Field(alias="数", default_factory=dict)


class MaterialSpec(Strict):
    """A material (材料): what to hand in, in what form, sealed or not, where to get it, and for which benefits."""

    key: str = Field(alias="代号", pattern=r"^[a-z][a-z0-9_]*$")
    name: str = Field(alias="名")
    form: str = Field(alias="形式", default=UNWRITTEN)
    sealed: bool = Field(alias="盖章", default=False)
    source: str = Field(alias="来处", default="")
    clause: str = Field(alias="依据")
    benefits: tuple[str, ...] = Field(alias="用于", default=())


class ContactSpec(Strict):
    """One line of 咨询方式."""

    role: str = Field(alias="项")
    text: str = Field(alias="文")
    clause: str = Field(alias="依据")


class StepSpec(Strict):
    """One step of 申报流程 in the text's order, said for the applicant."""

    text: str = Field(alias="文")
    clause: str = Field(alias="依据")


@dataclass(frozen=True, slots=True)
class OtherStart:
    """另起: for those whom ``when`` holds for, the text doesn't say whether the term counts from ``start`` instead.

    ``why`` is the gap in words, ``who`` settles it. Who is in time either way is in time; who is late either way is late.
    """

    last_day: Expr
    start: str
    when: Cond
    who: str
    why: str
    cite: tuple[str, ...]


#: what has to be done within a time limit that doesn't say it (办)
USUAL_DEED = "提出"


@dataclass(frozen=True, slots=True)
class Deadline:
    """时限: the last day is ``term`` after ``start``; past it, ``consequence``. ``when`` limits whom it binds."""

    last_day: Expr
    start: str
    term: str
    consequence: str
    when: Cond | None
    cite: tuple[str, ...]
    other: OtherStart | None = None


@dataclass(frozen=True, slots=True)
class Limit:
    """限额: over ``benefits``, at most ``most``; ``received`` names the fact that counts what was received before.

    ``reading`` (另一读法) names the reading of which only the other branch has this limit in money at all.
    """

    name: str
    benefits: tuple[str, ...]
    most: Expr
    received: str
    cite: tuple[str, ...]
    path: Path
    reading: str = ""


@dataclass(frozen=True, slots=True)
class Definition:
    """定义: a named condition or quantity of one policy."""

    name: str
    body: Cond | Expr
    is_condition: bool
    cite: tuple[str, ...]
    path: Path
    indicator: bool


@dataclass(frozen=True, slots=True)
class Worth:
    """折算: what a benefit comes to in money over the time that it is asked for.

    ``period`` is 月 or 年, or empty for a sum that is paid once. ``base`` is what a rate is taken of (a month's rent); None
    where the benefit gives a sum of money each period by itself. ``asked`` is the fact that says for how long this time,
    ``had`` how much of the longest term (期限) is used up, ``other`` what is had elsewhere for the same thing and period: all
    of it together never comes to more than the base. None of them is asked for before the benefit can be had.
    """

    period: Literal["月", "年", ""]
    base: Expr | None
    asked: Name | None
    had: Name | None
    other: Name | None

    @property
    def parts(self) -> tuple[Expr, ...]:
        """Everything that it looks at."""
        return tuple(part for part in (self.base, self.asked, self.had, self.other) if part is not None)


@dataclass(frozen=True, slots=True)
class Benefit:
    """支持事项: one thing that a policy offers; ``id`` is ``<policy>.<code>``.

    ``readings`` (口径) are those that no rule can compute; ``told_when`` gives the condition (当) under which one of them can
    move the answer at all, and is told. ``doubted_when`` (不符合当) gives the condition under which one could turn a refusal,
    and is told beside it: beside any other refusal none is.
    ``decided`` (核定) says who settles a figure that the text leaves open, and how, in the text's own words.
    """

    id: str
    title: str
    cite: tuple[str, ...]
    kind: str
    recipient: str
    condition: Cond | None
    give: Expr
    deadline: Deadline | None
    term: str
    exempt: tuple[str, ...]
    readings: tuple[str, ...]
    notes: tuple[str, ...]
    path: Path
    about: str = ""
    told_when: tuple[tuple[str, Cond], ...] = ()
    doubted_when: tuple[tuple[str, Cond], ...] = ()
    notes_when: tuple[tuple[str, Cond], ...] = ()
    answers: tuple[str, ...] = ()
    worth: Worth | None = None
    decided: str = ""

    @property
    def clause(self) -> str:
        """The clause (依据) that offers it: the first cited."""
        return self.cite[0]


@dataclass(frozen=True, slots=True)
class General:
    """总则: one general condition of the policy, which a benefit may be spared by name (豁免)."""

    name: str
    condition: Cond
    cite: tuple[str, ...]
    path: Path


@dataclass(frozen=True, slots=True)
class Policy:
    """政策: one issued document, its text, its rules, and the ledger that ties every sentence to them."""

    id: str
    title: str
    source: str
    known_from: date
    known_words: str
    department: str
    form_title: str
    form_clause: str
    serves: tuple[str, ...]
    text: Text
    definitions: tuple[Definition, ...]
    general: tuple[General, ...]
    benefits: tuple[Benefit, ...]
    limits: tuple[Limit, ...]
    materials: tuple[MaterialSpec, ...]
    materials_note: str
    steps: tuple[StepSpec, ...]
    contacts: tuple[ContactSpec, ...]
    ledger: dict[str, ClaimOf]
    cautions: tuple[str, ...] = ()
    headings_hash: str = ""
    decided: str = "由主管部门核定"
    #: where the text comes from, as every paper says it: 依据2024年2月《…汇编（简版）》
    basis: str = ""
    #: first and last day on which this version is in force (自、至), as far as its text says so
    since: date | None = None
    until: date | None = None
    #: from which day on another version is in force in its place
    replaced: date | None = None
    #: why there is no version in force between the one before and this one (间断)
    gap: str = ""
    #: the folder that it was read from, and the line of its rules that says its days
    folder: str = ""
    line: int = 0

    @property
    def begins(self) -> date:
        """The first day on which anything is judged by it: 自, else the day from which its text is known."""
        return self.since or self.known_from

    @property
    def last(self) -> date | None:
        """The last day on which it is in force: 至, or the day before another version takes its place; None: not known."""
        return self.until if self.replaced is None else min(self.until or date.max, self.replaced - timedelta(days=1))

    def in_force(self, on: date) -> bool:
        """Whether a case of that day is judged by it."""
        return self.begins <= on and not self.ended(on)

    def ended(self, on: date) -> bool:
        """Whether its last day has passed."""
        return self.last is not None and self.last < on

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """The text's sentences in order, headings among them."""
        return self.text.sentences

    @property
    def binding(self) -> tuple[Limit, ...]:
        """The limits that bind as the readings are taken."""
        return tuple(limit for limit in self.limits if not limit.reading)

    def benefit(self, benefit_id: str) -> Benefit:
        """The benefit of that id; KeyError when the policy has none such."""
        for benefit in self.benefits:
            if benefit.id == benefit_id:
                return benefit
        raise KeyError(benefit_id)

    def words(self, clause: str) -> str:
        """The words (原文) of a clause, its sentences joined."""
        return "".join(s.words for s in self.text.find(clause))

    def place(self, clause: str) -> str:
        """Where a reader finds a clause, as the text numbers it: ``二、（二）（1）``."""
        return place_of(self.text, clause)


@dataclass(frozen=True, slots=True)
class Consistency:
    """校核: answers that cannot all be true together (shares that don't add up); ``sentence`` says what to do.

    ``soft`` (级: 提示): they seldom are, and may be (interest above its loan): a second look is asked for, nothing refused.
    """

    name: str
    facts: tuple[str, ...]
    condition: Cond
    sentence: str
    soft: bool = False


@dataclass(frozen=True, slots=True)
class Pack:
    """政策包: everything of one version; ``version`` carries a digest of its files."""

    version: str
    policies: dict[str, Policy]
    facts: dict[str, Fact]
    readings: dict[str, Reading]
    parameters: dict[str, Parameter]
    calendar: Calendar
    fact_ids: dict[str, str] = field(default_factory=dict)
    consistency: tuple[Consistency, ...] = ()
    overlaps: tuple[Overlap, ...] = ()
    columns: ColumnWords = field(default_factory=ColumnWords)
    matters: Matters = field(default_factory=no_matters)
    district: District = NEUTRAL
    #: the first day on which it stands as it is here; the first of all days where nothing changes
    since: date = date.min
    #: all versions of its policies; None for a pack in which no policy has more than one
    family: Family | None = None

    def at(self, on: date) -> Pack:
        """The pack as it stands on a day: itself where no version changes."""
        return self if self.family is None else self.family.at(on)

    def folders(self) -> dict[str, tuple[Pack, str]]:
        """Each policy's folder, those of its versions among them, with the pack of its days and the policy's id."""
        return {
            policy.folder or policy.id: (era, policy.id) for era in self.every() for policy in era.policies.values()
        }

    def every(self) -> tuple[Pack, ...]:
        """The pack of each stretch of days between which no version changes, in order."""
        return (self,) if self.family is None else tuple(self.family.every())

    def all_policies(self) -> tuple[Policy, ...]:
        """Every version of every policy, those of this pack first."""
        family = self.family.versions.values() if self.family else ()
        every = {v.policy.folder: v.policy for versions in family for v in versions}
        return *self.policies.values(), *(p for p in every.values() if p.folder != self.policies[p.id].folder)

    def fact(self, name_or_id: str) -> Fact | None:
        """A fact by its Chinese name or its Latin code; what is unseen or doubly wide in it is passed over."""
        for name in dict.fromkeys((name_or_id, half_width(name_or_id))):
            if (fact := self.facts.get(name) or self.facts.get(self.fact_ids.get(name, ""))) is not None:
                return fact
        return None

    def of_another_version(self, name_or_id: str) -> bool:
        """Whether a name means a fact that only another version of a policy asks for."""
        return self.family is not None and self.family.asks(name_or_id)

    def clause_words(self, clause: str) -> str:
        """The words of a clause of any policy in the pack; empty when there is none such."""
        policy = self.policies.get(clause.split(".", 1)[0])
        return text_words(policy.words(clause)) if policy else ""

    def clause_place(self, clause: str) -> str:
        """Where a reader finds a clause of any policy in the pack."""
        policy = self.policies.get(clause.split(".", 1)[0])
        return policy.place(clause) if policy else clause
