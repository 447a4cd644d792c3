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

from pinggu_desk.assess.basis import bases_text
from pinggu_desk.desk.parties import party_of
from pinggu_desk.desk.services import Services
from pinggu_desk.desk.wizard.elsewhere import as_of_now, refuse_overtaken
from pinggu_desk.desk.wizard.session import Session
from pinggu_desk.documents.assemble import assemble
from pinggu_desk.documents.proof.record import Signer
from pinggu_desk.documents.together import counted_json
from pinggu_desk.documents.visit import Visit
from pinggu_desk.policy.errors import DeskError
from pinggu_desk.register import Register, events, records
from pinggu_desk.register.events import How
from pinggu_desk.register.issuing import Standing
from pinggu_desk.register.records import Applicant, IssuedDocument

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pinggu_desk.assess.engine import Answers, Engine
    from pinggu_desk.assess.interview import Interview
    from pinggu_desk.documents.matchvisit import MatchVisit

PaperName = Literal[
    "政策符合性告知书", "一次性告知书", "申请表", "受理回执", "材料清单", "测算明细", "政策匹配清单", "政策匹配表"
]
LETTER: PaperName = records.LETTER
NOTICE: PaperName = "一次性告知书"
SHEET: PaperName = "申请表"
RECEIPT: PaperName = "受理回执"
CHECKLIST: PaperName = "材料清单"
WORKING: PaperName = "测算明细"
#: the two papers of an enquiry over every policy (能享受什么)
LIST: PaperName = "政策匹配清单"
BOOK: PaperName = "政策匹配表"
#: the papers that are workbooks; all others are PDF
_BOOKS = frozenset({SHEET, BOOK})
_UNFIT = re.compile(r'[\\/:*?"<>|\s\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069]+')
_AGAIN: dict[How, str] = {"打印": "打印", "保存": "另存"}  # how the trail tells of a reprint
_PART = 40  # characters of a name within a file's name; paths have an end on every system


class Papers(Protocol):
    """Who makes the papers; built late, for their libraries are heavy."""

    def content_of(self, paper: str, visit: Visit, found: MatchVisit | None = None) -> str:
        """A digest of what the paper says, the same for whichever number and moment of the day."""

    def form_note(self, policy: str, version: str = "") -> str:
        """What is told of the office's own form before a sheet is saved; empty where there is nothing to tell."""

    def pdf_bytes(self, title: str, visit: Visit, signer: Signer | None = None) -> bytes:
        """The paper of that title, PDF, signed."""

    def one_sheet(self, engine: Engine, answers: Answers, visits: Sequence[Visit]) -> Visit:
        """Visits over several policies as one, for one letter."""

    def one_sheet_of_match(self, found: MatchVisit) -> Visit:
        """Every policy of a match of which something can be had, as one visit for one letter."""

    def sheet_bytes(self, visit: Visit) -> bytes:
        """申请表, xlsx."""

    def match_list_bytes(self, found: MatchVisit, signer: Signer | None = None) -> bytes:
        """政策匹配清单, PDF, signed."""

    def match_book_bytes(self, found: MatchVisit) -> bytes:
        """政策匹配表, xlsx."""

    def missing_glyphs(self, texts: Iterable[str]) -> list[str]:
        """Characters that no font has, each with its code point."""


#: nothing is held against how the case stood
ANYHOW = Standing(None, None)


@dataclass(frozen=True, slots=True)
class Draft:
    """A paper made but not yet handed out: the very bytes that are previewed, saved and printed.

    ``missing`` names the characters that no font has; ``recorded`` says that the register has it. ``found`` is the
    match that a paper over every policy is made of, ``note`` what is to be told of the form that it was filled into.
    """

    paper: PaperName
    visit: Visit
    data: bytes
    missing: tuple[str, ...]
    recorded: bool = False
    found: MatchVisit | None = None
    mark: str = ""
    note: str = ""

    @property
    def serial(self) -> str:
        """The paper's serial (文书编号)."""
        return self.visit.serial or ""

    @property
    def file_name(self) -> str:
        """A name that a person can file it by: 单位名称_政策_文书_日期; never a code or an identity number."""
        parts = (self.visit.applicant.name, self.visit.policy_title, self.paper, f"{self.visit.printed_at:%Y%m%d}")
        return "_".join(_fit(part) for part in parts if _fit(part)) + ending(self.paper)


@dataclass(frozen=True, slots=True)
class Issued:
    """A paper from the register, handed out again (补打): its bytes are what they were; ``mark`` is put on the print."""

    paper: str
    serial: str
    file_name: str
    data: bytes
    mark: str
    missing: tuple[str, ...] = ()


def ending(paper: str) -> str:
    """The ending of a paper's file."""
    return ".xlsx" if paper in _BOOKS else ".pdf"


def _fit(part: str) -> str:
    return _UNFIT.sub("", part).strip(".")[:_PART]


def visit_of(session: Session, now: datetime) -> Visit:
    """The visit as it stands, still without a serial."""
    return visit_by(session.services, session.interview, session.applicant, now)


def visit_by(services: Services, interview: Interview, who: Applicant | None, now: datetime) -> Visit:
    """The same by an interview and whose it is."""
    party = party_of(who, now.date())
    return assemble(
        interview.whole, interview, party, printed_at=now.replace(microsecond=0), serial=None,
        clerk=f"{services.clerk.name} {services.clerk.no}".strip(), window=services.clerk.window,
        office=services.settings.now.office, practice=services.practice or bool(who and who.sample),
    )  # fmt: skip


def draft_or_again(
    register: Register, case_id: int, paper: PaperName, visit: Visit, papers: Papers, found: MatchVisit | None = None
) -> Draft | Issued:
    """A new paper; or, where the case has the very same one of today already, that one as a reprint (补打), marked.

    A new paper of a kind that the case has says which number it takes the place of (取代). Raises DeskError, RegisterError.
    """
    visit = as_of_now(register, case_id, visit)
    before = _before(register, case_id, paper, visit)
    if before is not None and register.paper_content(before.serial) == papers.content_of(paper, visit, found):
        return issued_again(register, before, visit.printed_at)
    return make_draft(register, case_id, paper, visit, papers, found)


def _before(register: Register, case_id: int, paper: PaperName, visit: Visit) -> IssuedDocument | None:
    """The last paper of its kind that was issued in the case; one over several policies takes no single one's place, nor that its."""
    joined = bool(visit.parts)
    alike = (one for one in reversed(register.documents(case_id)) if one.kind == paper)
    return next((one for one in alike if paper != LETTER or _of_several(one) == joined), None)


def _of_several(paper: IssuedDocument) -> bool:
    """Whether a letter is over several policies."""
    stated = json.loads(paper.determinations_json)
    return len({str(one["benefit"]).split(".", 1)[0] for one in stated}) > 1


def make_draft(
    register: Register, case_id: int, paper: PaperName, visit: Visit, papers: Papers, found: MatchVisit | None = None
) -> Draft:
    """Give the paper the case's next serial, make and sign it. On the register's thread.

    Raises DeskError, RegisterError. A sheet (申请表) is the applicant's own to sign. ``found`` is the match that
    政策匹配清单 and 政策匹配表 are made of, its visit being ``visit``.
    """
    before = _before(register, case_id, paper, visit)
    visit = replace(
        visit, serial=register.next_serial(case_id), replaces=before.serial if before else "",
        anchor="" if visit.practice else register.anchor().code,
    )  # fmt: skip
    found = replace(found, visit=visit) if found is not None else None
    data = _made(paper, visit, found, papers, register)
    missing = () if paper in _BOOKS else tuple(papers.missing_glyphs(_own_words(visit)))
    return Draft(
        paper,
        visit,
        data,
        missing,
        found=found,
        note=papers.form_note(visit.policy, visit.pack_version) if paper == SHEET else "",
    )


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


def record(
    register: Register, case_id: int, draft: Draft, papers: Papers, how: How, seen: Standing = ANYHOW
) -> Draft:  # fmt: skip
    """Put the paper on record, once, and how it leaves the machine, each time, before it does; returns it as recorded.

    Where another paper of the case took the serial in the meantime, this one is made again with the next, unless that other
    one, of another window, is the very same: then it is handed out again (补打). ``seen`` is how the case stood on the
    screen: raises `Overtaken` where a colleague has changed it since, and nothing is recorded.
    """
    if draft.recorded:
        register.note_handed_out(draft.serial, draft.paper, how)
        return draft
    while (recorded := _recorded(register, case_id, draft, papers, how, seen)) is None:
        made = draft_or_again(register, case_id, draft.paper, draft.visit, papers, draft.found)
        if isinstance(made, Issued):
            return _handed_out_again(register, draft, made, how)
        draft = made
    return recorded


def _handed_out_again(register: Register, draft: Draft, copy: Issued, how: How) -> Draft:
    """The reprint in the draft's place, on the trail."""
    note_again(register, copy, how)
    visit = replace(draft.visit, serial=copy.serial)
    return Draft(draft.paper, visit, copy.data, copy.missing, recorded=True, found=draft.found, mark=copy.mark)


def _recorded(register: Register, case_id: int, draft: Draft, papers: Papers, how: How, seen: Standing) -> Draft | None:
    """The paper on record; None where another one has its number by now. Raises `Overtaken` as `record`.

    What is in hand and which number is free are looked up in the step that records it: two windows never both find nothing.
    """
    stated = json.dumps([d.to_json() for d in draft.visit.determinations], ensure_ascii=False)
    bundle = draft.found.match.bundle if draft.found is not None else None
    counted = json.dumps(counted_json(draft.visit, bundle), ensure_ascii=False)
    digest, basis = hashlib.sha256(draft.data).hexdigest(), bases_text(draft.visit.basis)
    content = papers.content_of(draft.paper, draft.visit, draft.found)
    with register.at_once("出具文书"):
        register.refuse_unseen(case_id, seen)
        if draft.paper == LETTER:
            refuse_overtaken(register, case_id, draft.visit)
        if register.next_serial(case_id) != draft.serial:
            return None
        serial = register.record_document(
            case_id, draft.paper, draft.file_name, digest, stated, draft.data, content, how, counted, basis
        )
        _share(register, case_id, serial, draft.visit)
    return replace(draft, recorded=True)


def _share(register: Register, case_id: int, serial: str, visit: Visit) -> None:
    """A paper over several policies is one of each of the visit's cases that it tells of."""
    told = {part.policy for part in visit.parts}
    number = register.visit_of(case_id) if told else None
    if number is not None:
        mine = [c.id for c in register.cases_of_visit(number) if c.policy_id in told and c.id != case_id]
        register.share_paper(serial, mine)


def save(
    register: Register, case_id: int, draft: Draft, path: Path, papers: Papers, seen: Standing = ANYHOW
) -> Draft:  # fmt: skip
    """Record the paper and write it to ``path``, beside first and then in one step. Raises DeskError, RegisterError."""
    from pinggu_desk.documents.pdf.pdfdoc import save as write

    draft = record(register, case_id, draft, papers, "保存", seen)
    write(draft.data, path)
    return draft


def set_of(visit: Visit) -> list[PaperName]:
    """The papers of a whole visit (整套): what the applicant takes away first, then what is filed."""
    lacking = any(line.state == "待补" for line in visit.materials) or any(
        d.missing for d in visit.determinations if d.status in ("unknown", "review")
    )
    wanted: list[tuple[PaperName, bool]] = [
        (LETTER, True), (NOTICE, lacking), (RECEIPT, any(line.state == "已收" for line in visit.materials)),
        (CHECKLIST, bool(visit.materials)), (SHEET, True), (WORKING, True),
    ]  # fmt: skip
    return [name for name, take in wanted if take]


def issue_set(
    register: Register, case_id: int, names: Iterable[PaperName], visit: Visit, papers: Papers, how: How = "打印",
    seen: Standing = ANYHOW,
) -> list[Draft]:  # fmt: skip
    """Make and record several papers, each under a serial of its own. On the register's thread. Raises DeskError.

    One that was issued today with the same content is among them as a reprint, marked and on the trail as such.
    """
    drafts = []
    for name in names:
        made = draft_or_again(register, case_id, name, visit, papers)
        if isinstance(made, Issued):
            first = Draft(name, visit, made.data, made.missing)
            drafts.append(_handed_out_again(register, first, made, how))
        else:
            drafts.append(record(register, case_id, made, papers, how, seen))
    return drafts


def save_set(
    folder: Path, register: Register, case_id: int, names: Iterable[PaperName], visit: Visit, papers: Papers,
    seen: Standing = ANYHOW,
) -> list[Draft]:  # fmt: skip
    """Issue several papers into a folder; none takes the place of a file that is there. Raises DeskError, RegisterError."""
    from pinggu_desk.documents.pdf.pdfdoc import save as write

    drafts = issue_set(register, case_id, names, visit, papers, "保存", seen)
    for draft in drafts:
        write(draft.data, free_path(folder / draft.file_name))
    return drafts


def free_path(path: Path) -> Path:
    """``path``, or with the first number behind its name that no file has yet."""
    free, number = path, 1
    while free.exists():
        number += 1
        free = path.with_stem(f"{path.stem}_{number}")
    return free


def issued_again(register: Register, paper: IssuedDocument, now: datetime) -> Issued:
    """An issued paper as it was handed out, to be handed out again. Raises DeskError where its file wasn't kept."""
    data = register.paper_file(paper.serial)
    if data is None:
        raise DeskError(f"文书 {paper.serial} 是早先的版本出具的，登记库没有留存它的文件，不能补打；请重新出具一份。")
    mark = f"补打　{now:%Y-%m-%d %H:%M}　经办人 {register.clerk.no}"
    return Issued(
        paper.kind, paper.serial, f"{Path(paper.file_name).stem}_补打{Path(paper.file_name).suffix}", data, mark
    )


def note_again(register: Register, copy: Issued, how: How) -> Issued:
    """Put the reprint on the audit trail, before it leaves the machine. Raises RegisterError."""
    register.record_event(events.PAPER_AGAIN, copy.serial, f"{copy.paper}，{_AGAIN[how]}")
    return copy


def save_again(register: Register, copy: Issued, path: Path) -> Issued:
    """Write the paper's own bytes, on the trail first: a file that was marked would no longer be the one that was signed."""
    from pinggu_desk.documents.pdf.pdfdoc import save as write

    note_again(register, copy, "保存")
    write(copy.data, path)
    return copy


def papers_of(services: Services) -> Papers:
    """Who makes the papers here."""
    papers: Papers = services.papers
    return papers
