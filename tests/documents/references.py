"""Reference images (样张): how papers of short, typical and extreme content look, small and grey, one strip a paper.

Drawn anew, after looking at what changed, by ``python -m tests.documents.references``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pypdfium2
from PIL import Image

from pinggu_desk.documents.papers.checklist import checklist_bytes
from pinggu_desk.documents.papers.fullworking import working_bytes
from pinggu_desk.documents.papers.letter import letter_bytes
from pinggu_desk.documents.papers.notice import notice_bytes
from pinggu_desk.documents.papers.receipt import receipt_bytes
from pinggu_desk.documents.pdf.fonts import bundled
from pinggu_desk.documents.statistics.paper import statistics_pdf
from pinggu_desk.documents.visit import Visit
from tests.documents.paper_samples import ELIGIBLE, EXTREME, REFUSED, REVIEW, SCORED, SHORT, TYPICAL, UNKNOWN
from tests.documents.signers import OURS
from tests.documents.stat_samples import MANY as MANY_ROWS
from tests.documents.stat_samples import PRACTICE, TOLD
from tests.documents.stat_samples import TYPICAL as STATISTICS

FOLDER = Path(__file__).parent / "reference"
#: dots an inch: words are grey lines, but every rule, gap, seal corner and page end is where it is
_DPI = 44
#: of a long paper its first pages and its last
_FIRST = 5

_MANY = replace(
    TYPICAL,
    determinations=(
        *(replace(d, benefit=f"ss.{i}", title=f"{d.title}之{i}") for i in range(4) for d in (ELIGIBLE, REVIEW, UNKNOWN, SCORED)),
        *(replace(REFUSED, benefit=f"ss.r{i}", title=f"示例不符合事项{i}") for i in range(25)),
    ),
)  # fmt: skip


def _letter(visit: Visit) -> bytes:
    return letter_bytes(visit, bundled(), OURS)


def _notice(visit: Visit) -> bytes:
    return notice_bytes(visit, bundled(), signer=OURS)


def _receipt(visit: Visit) -> bytes:
    return receipt_bytes(visit, bundled(), signer=OURS)


def _checklist(visit: Visit) -> bytes:
    return checklist_bytes(visit, bundled(), signer=OURS)


def _working(visit: Visit) -> bytes:
    return working_bytes(visit, bundled(), signer=OURS)


def _statistics(_visit: Visit) -> bytes:
    return statistics_pdf(STATISTICS, TOLD, book=bundled())


def _long_statistics(_visit: Visit) -> bytes:
    return statistics_pdf(MANY_ROWS, PRACTICE, book=bundled())


PAPERS: dict[str, tuple[Callable[[Visit], bytes], Visit]] = {
    "letter-short": (_letter, SHORT),
    "letter-typical": (_letter, TYPICAL),
    "letter-many": (_letter, _MANY),
    "letter-extreme": (_letter, EXTREME),
    "notice-short": (_notice, SHORT),
    "notice-typical": (_notice, TYPICAL),
    "notice-extreme": (_notice, EXTREME),
    "receipt-short": (_receipt, SHORT),
    "receipt-typical": (_receipt, TYPICAL),
    "receipt-extreme": (_receipt, EXTREME),
    "checklist-short": (_checklist, SHORT),
    "checklist-typical": (_checklist, TYPICAL),
    "checklist-extreme": (_checklist, EXTREME),
    "working-short": (_working, SHORT),
    "working-typical": (_working, TYPICAL),
    "working-extreme": (_working, EXTREME),
    "statistics-typical": (_statistics, TYPICAL),
    "statistics-many": (_long_statistics, TYPICAL),
}


def strip(name: str) -> Image.Image:
    """A paper's pages side by side, in grey."""
    make, visit = PAPERS[name]
    document = pypdfium2.PdfDocument(make(visit))
    try:
        numbers = [*range(min(len(document), _FIRST)), len(document) - 1]
        pages = [document[n].render(scale=_DPI / 72, grayscale=True).to_pil() for n in dict.fromkeys(numbers)]
    finally:
        document.close()
    width, height = pages[0].size
    image = Image.new("L", (width * len(pages), height), 255)
    for place, page in enumerate(pages):
        image.paste(page.convert("L"), (place * width, 0))
    return image


if __name__ == "__main__":
    for paper in PAPERS:
        strip(paper).quantize(16).save(FOLDER / f"{paper}.png", optimize=True)
