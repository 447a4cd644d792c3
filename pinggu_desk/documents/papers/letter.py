"""The eligibility letter (政策符合性告知书): one 正页 that answers, and 附页 that show how; one file under one signature.

Every figure is the determination's own wording; this module never words or works out a figure itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pinggu_desk.documents.papers import common as papers
from pinggu_desk.documents.papers.annex import annex_flow
from pinggu_desk.documents.papers.front import Front
from pinggu_desk.documents.papers.frontwords import Contents
from pinggu_desk.documents.papers.parts import disclaimer, grounds
from pinggu_desk.documents.pdf.fonts import FontBook, installed
from pinggu_desk.documents.pdf.pdfdoc import save, to_pdf
from pinggu_desk.documents.proof.record import proof_of
from pinggu_desk.policy.district import here

if TYPE_CHECKING:
    from pathlib import Path

    from pinggu_desk.documents.pdf.page import Flow
    from pinggu_desk.documents.proof.record import Signer
    from pinggu_desk.documents.visit import Visit

LETTER_TITLE = "政策符合性告知书"


def make_letter(visit: Visit, out: Path, book: FontBook | None = None) -> None:
    """Write the letter, unsigned, to ``out`` in one step. Raises DeskError when it cannot be written."""
    save(letter_bytes(visit, book), out)


def letter_bytes(visit: Visit, book: FontBook | None = None, signer: Signer | None = None) -> bytes:
    """The letter as a PDF, signed where it has a serial and a signer; the same visit and key give the same bytes.

    ``visit`` may be several policies' (``documents.joined``): they share the 正页. ``book`` defaults to this machine's fonts.
    """
    proof = proof_of(visit, LETTER_TITLE, signer)
    flow = letter_flow(visit, book or installed(), proof.code if proof else "")
    return to_pdf(papers.frame(visit).dress(flow), papers.about(visit, LETTER_TITLE), proof)


def letter_flow(visit: Visit, book: FontBook, code: str = "") -> Flow:
    """The letter's pages before they are dressed with feet, 正页 first; ``code`` is that of its proof."""
    annex = annex_flow(visit, book, here().title(LETTER_TITLE))
    notes = (
        f"{disclaimer('告知书')}情况有变化的，测算结论可能随之变化。",
        grounds(visit),
        f"附页 {len(annex.pages)} 页（陈述、测算、条款原文），需要时打印。",
    )
    front = Front(here().title(LETTER_TITLE), visit, Contents(visit), code, notes)
    flow = front.flow(book)
    flow.pages += annex.pages
    return flow
