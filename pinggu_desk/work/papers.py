"""The papers of a visit by name, so that a window can offer them without loading paper libraries until one is wanted."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from pinggu_desk.assess.engine import Answers, Engine
    from pinggu_desk.documents.books.ledger import LedgerCase
    from pinggu_desk.documents.matchvisit import MatchVisit
    from pinggu_desk.documents.proof.record import Signer
    from pinggu_desk.documents.visit import Visit
    from pinggu_desk.work.packs.replay import KeptPack


#: 申请表, the one paper that is filled into a form
SHEET = "申请表"


class Maker(Protocol):
    """What makes a paper of one visit."""

    def __call__(self, visit: Visit, *, signer: Signer | None = None) -> bytes:
        """The paper as PDF."""


def _letter() -> Maker:
    from pinggu_desk.documents.papers.letter import letter_bytes

    return letter_bytes


def _notice() -> Maker:
    from pinggu_desk.documents.papers.notice import notice_bytes

    return notice_bytes


def _receipt() -> Maker:
    from pinggu_desk.documents.papers.receipt import receipt_bytes

    return receipt_bytes


def _checklist() -> Maker:
    from pinggu_desk.documents.papers.checklist import checklist_bytes

    return checklist_bytes


def _working() -> Maker:
    from pinggu_desk.documents.papers.fullworking import working_bytes

    return working_bytes


#: the papers of one visit that are PDF, by title
PDF_PAPERS: dict[str, Callable[[], Maker]] = {
    "政策符合性告知书": _letter, "一次性告知书": _notice, "受理回执": _receipt, "材料清单": _checklist,
    "测算明细": _working,
}  # fmt: skip


class Papers:
    """Makes papers (文书) as bytes; the same bytes are previewed, saved and printed.

    ``own_forms`` is the folder of the office's own forms (本单位表样): a workbook there, named as ours is, takes its place.
    """

    def __init__(self, own_forms: Path | None = None) -> None:
        self.own_forms = own_forms
        #: finds the pack that a visit was judged by, where another one serves; None for the one that serves
        self.pack_of: Callable[[str], KeptPack | None] = lambda _version: None

    def pdf_bytes(self, title: str, visit: Visit, signer: Signer | None = None) -> bytes:
        """The paper of that title (one of ``PDF_PAPERS``) as PDF, signed where there is a signer and a serial."""
        return PDF_PAPERS[title]()(visit, signer=signer)

    def one_sheet(self, engine: Engine, answers: Answers, visits: Sequence[Visit]) -> Visit:
        """Visits over several policies as one, for one letter: one 正页, one number, one signature. Raises BadInput.

        The visits are one applicant's on one day, each as ``assemble`` gives it; ``answers`` are all that was stated. What comes back
        is handed to ``pdf_bytes`` and to the register like the visit of one policy.
        """
        from pinggu_desk.documents.joined import joined

        return joined(engine, answers, visits)

    def one_sheet_of_match(self, found: MatchVisit) -> Visit:
        """The same from a match: every policy of which something can be had. Raises BadInput where there is none."""
        from pinggu_desk.documents.joined import of_match

        return of_match(found)

    def sheet_bytes(self, visit: Visit) -> bytes:
        """申请表, xlsx."""
        from pinggu_desk.documents.sheet.fill import sheet_bytes

        kept = self.pack_of(visit.pack_version)
        return sheet_bytes(visit, self._form(visit.policy, kept)[0], kept.forms if kept is not None else None)

    def sheet_note(self, visit: Visit) -> str:
        """What whoever prints the sheet is told of the office's own form; empty where there is nothing to tell."""
        return self.form_note(visit.policy, visit.pack_version)

    def form_note(self, policy: str, version: str = "") -> str:
        """The same by the ids of policy and pack, before there is a visit; and whose form is filled where another pack serves."""
        kept = self.pack_of(version)
        path, told = self._form(policy, kept)
        which = f"本办件按政策包 {version} 测算，填的是那一版的申请表。" if kept is not None and path is None else ""
        return which + told

    def content_of(self, paper: str, visit: Visit, found: MatchVisit | None = None) -> str:
        """A digest of what a paper of that title says, the same for whichever number and moment of the day."""
        from pinggu_desk.documents.content import content_digest
        from pinggu_desk.work.forms import own_path

        own = own_path(self.own_forms, visit.policy) if self.own_forms is not None and paper == SHEET else None
        form = hashlib.sha256(own.read_bytes()).hexdigest() if own is not None and own.is_file() else ""
        return content_digest(paper, visit, found=found, form=form)

    def _form(self, policy: str, kept: KeptPack | None) -> tuple[Path | None, str]:
        from pinggu_desk.policy.compiled import load_bundled
        from pinggu_desk.work.forms import chosen_form, own_path

        if self.own_forms is None or own_path(self.own_forms, policy) is None:
            return None, ""
        return chosen_form(policy, kept.pack if kept is not None else load_bundled(), self.own_forms)

    def match_list_bytes(self, found: MatchVisit, signer: Signer | None = None) -> bytes:
        """政策匹配清单, PDF, signed likewise."""
        from pinggu_desk.documents.papers.matchlist import match_list_bytes

        return match_list_bytes(found, signer=signer)

    def match_book_bytes(self, found: MatchVisit) -> bytes:
        """政策匹配清单, xlsx."""
        from pinggu_desk.documents.books.match import match_book_bytes

        return match_book_bytes(found)

    def ledger_bytes(self, cases: Sequence[LedgerCase], made: datetime, **about: Any) -> bytes:
        """办件台账, xlsx; ``about`` as ``documents.ledgerbook.ledger_book_bytes`` takes it."""
        from pinggu_desk.documents.books.ledgerbook import ledger_book_bytes

        return ledger_book_bytes(cases, made, **about)

    def missing_glyphs(self, texts: Iterable[str]) -> list[str]:
        """Characters that no font of the chain has, each named with its code point."""
        from pinggu_desk.documents.pdf.fonts import missing_glyphs

        return missing_glyphs(texts)

    def warm_up(self) -> None:
        """Load the paper fonts ahead, unseen."""
        from pinggu_desk.documents.pdf.fonts import warm_up

        warm_up()
