"""Issuing a paper (文书): its serial first, then its bytes, then the record, then the file or the printer. Knows no Qt."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

from pinggu_desk.desk.services import Services
from pinggu_desk.desk.wizard.session import Session
from pinggu_desk.documents.assemble import assemble
from pinggu_desk.documents.proof import Signer
from pinggu_desk.documents.visit import Party, Visit
from pinggu_desk.register import Register

if TYPE_CHECKING:
    from pinggu_desk.documents.matchvisit import MatchVisit

PaperName = Literal["政策符合性告知书", "一次性告知书", "申请表", "政策匹配清单", "政策匹配表"]
LETTER: PaperName = "政策符合性告知书"
NOTICE: PaperName = "一次性告知书"
SHEET: PaperName = "申请表"
#: the two papers of an enquiry over every policy (能享受什么)
LIST: PaperName = "政策匹配清单"
BOOK: PaperName = "政策匹配表"
#: paper -> the ending of its file
ENDINGS: dict[PaperName, str] = {LETTER: ".pdf", NOTICE: ".pdf", SHEET: ".xlsx", LIST: ".pdf", BOOK: ".xlsx"}
_UNFIT = re.compile(r'[\\/:*?"<>|\s\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069]+')
_PART = 40  # characters of a name within a file's name; paths have an end on every system


class Papers(Protocol):
    """Who makes the papers; built late, for their libraries are heavy."""

    def pdf_bytes(self, title: str, visit: Visit, signer: Signer | None = None) -> bytes:
        """The paper of that title, PDF, signed."""

    def sheet_bytes(self, visit: Visit) -> bytes:
        """申请表, xlsx."""

    def match_list_bytes(self, found: MatchVisit, signer: Signer | None = None) -> bytes:
        """政策匹配清单, PDF, signed."""

    def match_book_bytes(self, found: MatchVisit) -> bytes:
        """政策匹配表, xlsx."""

    def missing_glyphs(self, texts: Iterable[str]) -> list[str]:
        """Characters that no font has, each with its code point."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A paper made but not yet handed out: the very bytes that are previewed, saved and printed.

    ``missing`` names the characters that no font has; ``recorded`` says that the register has it. ``found`` is the
    match that a paper over every policy is made of.
    """

    paper: PaperName
    visit: Visit
    data: bytes
    missing: tuple[str, ...]
    recorded: bool = False
    found: MatchVisit | None = None

    @property
    def serial(self) -> str:
        """The paper's serial (文书编号)."""
        return self.visit.serial or ""

    @property
    def file_name(self) -> str:
        """A name that a person can file it by: 单位名称_政策_文书_日期; never a code or an identity number."""
        parts = (self.visit.applicant.name, self.visit.policy_title, self.paper, f"{self.visit.printed_at:%Y%m%d}")
        return "_".join(_fit(part) for part in parts if _fit(part)) + ENDINGS[self.paper]


def _fit(part: str) -> str:
    return _UNFIT.sub("", part).strip(".")[:_PART]


def visit_of(session: Session, now: datetime) -> Visit:
    """The visit as it stands, still without a serial."""
    services, who = session.services, session.applicant
    party = Party(who.name, who.code, who.kind, who.contact, who.phone, who.address) if who else Party("")
    return assemble(
        services.engine, session.interview, party, printed_at=now.replace(microsecond=0), serial=None,
        clerk=f"{services.clerk.name} {services.clerk.no}".strip(), window=services.clerk.window,
        office=services.settings.now.office, practice=services.practice or bool(who and who.sample),
    )  # fmt: skip


def make_draft(
    register: Register, case_id: int, paper: PaperName, visit: Visit, papers: Papers, found: MatchVisit | None = None
) -> Draft:
    """Give the paper the case's next serial, make and sign it. On the register's thread.

    Raises DeskError, RegisterError. A sheet (申请表) is the applicant's own to sign. ``found`` is the match that
    政策匹配清单 and 政策匹配表 are made of, its visit being ``visit``.
    """
    visit = replace(visit, serial=register.next_serial(case_id))
    found = replace(found, visit=visit) if found is not None else None
    data = _made(paper, visit, found, papers, register)
    missing = () if ENDINGS[paper] == ".xlsx" else tuple(papers.missing_glyphs(_own_words(visit)))
    return Draft(paper, visit, data, missing, found=found)


def _made(paper: PaperName, visit: Visit, found: MatchVisit | None, papers: Papers, register: Register) -> bytes:
    if paper == SHEET:
        return papers.sheet_bytes(visit)
    if found is not None and paper == BOOK:
        return papers.match_book_bytes(found)
    if found is not None:
        return papers.match_list_bytes(found, register.office_key())
    return papers.pdf_bytes(paper, visit, register.office_key())


def _own_words(visit: Visit) -> list[str]:
    """What was typed here; the policies' own words are known to be printable."""
    who = visit.applicant
    own = [who.name, who.code, who.contact, who.phone, who.address, visit.office, visit.clerk, visit.window]
    return [text for text in (*own, *(stated.value for stated in visit.stated)) if text]


def record(register: Register, case_id: int, draft: Draft, papers: Papers) -> Draft:
    """Put the paper on record, once, before it leaves the machine; returns it as recorded.

    Where another paper of the case took the serial in the meantime, this one is made again with the next.
    """
    if draft.recorded:
        return draft
    if register.next_serial(case_id) != draft.serial:
        draft = make_draft(register, case_id, draft.paper, draft.visit, papers, draft.found)
    stated = json.dumps([d.to_json() for d in draft.visit.determinations], ensure_ascii=False)
    digest = hashlib.sha256(draft.data).hexdigest()
    register.record_document(case_id, draft.paper, draft.file_name, digest, stated)
    return replace(draft, recorded=True)


def save(register: Register, case_id: int, draft: Draft, path: Path, papers: Papers) -> Draft:
    """Record the paper and write it to ``path``, beside first and then in one step. Raises DeskError, RegisterError."""
    from pinggu_desk.documents.pdfdoc import save as write

    draft = record(register, case_id, draft, papers)
    write(draft.data, path)
    return draft


def papers_of(services: Services) -> Papers:
    """Who makes the papers here."""
    papers: Papers = services.papers
    return papers
