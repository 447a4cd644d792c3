"""What every paper of one visit is made from; papers never look anything up themselves."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from pinggu_desk.assess.determination import Determination, MaterialNote
from pinggu_desk.policy.facts import Fact

STATED_BY_APPLICANT = "申请人陈述"


@dataclass(frozen=True, slots=True)
class Party:
    """The applicant (申请人) as stated; ``code`` is a 统一社会信用代码 or an identity number, or empty."""

    name: str
    code: str = ""
    kind: str = "企业"
    contact: str = ""
    phone: str = ""
    address: str = ""


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
class Visit:
    """One visit (办件) on one policy, complete for paper.

    ``serial`` is None for papers made without the register: they are marked 未登记. ``practice`` marks 演练.
    ``quotes`` maps a clause id to its words (原文) for every clause that the determinations cite; ``clause_words``
    maps it to the place a reader finds it at (``二、（二）（1）``).
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
    materials_note: str = ""
    values: dict[str, int | str] = field(default_factory=dict)  # fact name -> read value, smallest units or text
    facts: dict[str, Fact] = field(default_factory=dict)
    quotes: dict[str, str] = field(default_factory=dict)
    clause_words: dict[str, str] = field(default_factory=dict)
    serial: str | None = None
    clerk: str = ""
    window: str = ""
    office: str = ""
    practice: bool = False
