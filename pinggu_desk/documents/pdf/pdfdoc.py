"""Pages to PDF/A bytes, and bytes to a file: the same pages, moment and key give the same bytes."""

from __future__ import annotations

import contextlib
import hashlib
import os
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from io import BytesIO
from typing import TYPE_CHECKING, Any

from pinggu_desk.documents.pdf.fonts import clean
from pinggu_desk.policy.errors import DeskError, reason_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from pinggu_desk.documents.pdf.page import Page
    from pinggu_desk.documents.pdf.tagged import Tags
    from pinggu_desk.documents.proof.record import Proof

#: the library's fonts keep a reading position, so one document is written at a time
WRITING = threading.Lock()
_BEIJING = timezone(timedelta(hours=8))


@dataclass(frozen=True, slots=True)
class About:
    """The document's properties: its title, the office that made it, when (local time where it has no zone)."""

    title: str
    author: str
    subject: str
    made: datetime


def to_pdf(pages: Sequence[Page], about: About, proof: Proof | None = None) -> bytes:
    """The pages as PDF/A-2u in zh-CN with embedded subset fonts, whose text can be copied, searched and read aloud.

    The file carries ``proof``, signed over every byte of it; without one it says that it is unsigned.
    """
    from reportlab.pdfgen.canvas import Canvas

    from pinggu_desk.documents.pdf import pdfa
    from pinggu_desk.documents.pdf.page import A4_HEIGHT, A4_WIDTH, page_names
    from pinggu_desk.documents.pdf.tagged import Tags
    from pinggu_desk.documents.proof.record import blank, seal, with_texts

    called = page_names(pages)
    if proof is not None:
        proof = with_texts(proof, [_words(page) for page in pages], called)
    with WRITING:
        out = BytesIO()
        # the library's default font would be named in the file without being embedded
        first = next(p.face.font.fontName for page in pages for placed in page.lines for p in placed.line.pieces)
        options: dict[str, Any] = {
            "pageCompression": 1, "invariant": 1, "initialFontName": first, "lang": "zh-CN", "pdfVersion": pdfa.VERSION,
        }  # fmt: skip
        canvas: Any = Canvas(out, (A4_WIDTH, A4_HEIGHT), **options)
        doc = canvas._doc  # the library offers no public way to its document, which hands out the subsets' codes
        made = about.made if about.made.tzinfo else about.made.replace(tzinfo=_BEIJING)
        title, author, subject = (_whole(text) for text in (about.title, about.author, about.subject))
        _stamp(doc, made)
        canvas.setTitle(title)
        canvas.setAuthor(author)
        canvas.setSubject(subject)
        canvas.setCreator("pinggu_desk")
        canvas.setViewerPreference("DisplayDocTitle", "true")
        canvas.setViewerPreference(
            "PrintScaling", "None"
        )  # printed as large as it is, not fitted to the printer's margins
        tags = Tags()
        for page in pages:
            tags.new_page()
            canvas.setPageSize((page.area.paper_width, page.area.paper_height))
            canvas.drawText(_Content(page, doc, tags))
            _draw(canvas, page, tags)
            canvas.showPage()
        tags.write(doc, [part for page in pages for part in page.parts])
        pdfa.name_pages(doc, [page.section for page in pages])
        pdfa.conform(doc, title, author, subject, made)
        pdfa.keep_private(doc, blank(proof, len(pages)))
        canvas.save()
        return seal(out.getvalue(), proof, pdfa.labels(doc, called))


def _draw(canvas: Any, page: Page, tags: Tags) -> None:
    """The page's drawings and pictures, each marked as its figure."""
    for shown in page.pictures:
        canvas.drawText(_Marks(tags.opening(shown.part)))
        canvas.drawImage(str(shown.path), shown.x, shown.y, shown.width, shown.height)
        canvas.drawText(_Marks("EMC"))
    for placed in page.drawings:
        from reportlab.graphics.renderPDF import draw

        canvas.drawText(_Marks(tags.opening(placed.part)))
        draw(placed.drawing, canvas, placed.x, placed.y)
        canvas.drawText(_Marks("EMC"))


@dataclass(frozen=True, slots=True)
class _Marks:
    """An operator as the library's ``drawText`` takes it."""

    code: str

    def getCode(self) -> str:  # noqa: N802 - the library's own name
        return self.code


def _words(page: Page) -> str:
    """All that a page says."""
    return "".join(piece.text for placed in page.lines for piece in placed.line.pieces)


def _whole(text: str) -> str:
    """``text`` without what steers it and without halves of characters, which no file can hold."""
    return clean(text).encode("utf-8", "replace").decode()


def save(data: bytes, out: Path) -> None:
    """Write ``data`` beside ``out``, then put it in place in one step.

    Raises DeskError, naming the file and the remedy, when it cannot be written.
    """
    beside = out.with_name(f".{out.name}.{os.getpid()}.part")
    try:
        with beside.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, out)
    except OSError as error:
        with contextlib.suppress(OSError):
            beside.unlink()
        reason = reason_of(error)
        raise DeskError(
            f"文书没有写成：{out}（{reason}），请检查文件夹是否存在、可写、有空间，文件是否正被打开，再出具一次。"
        ) from error


def _stamp(doc: Any, made: datetime) -> None:
    """Date the document by the visit, not by the clock, so that the same visit gives the same bytes."""
    stamp = doc._timeStamp
    stamp.t = made.timestamp()
    stamp.lt = tuple(made.timetuple())
    stamp.YMDhms = stamp.lt[:6]
    minutes = int((made.utcoffset() or timedelta()).total_seconds()) // 60
    stamp.dhh, stamp.dmm = minutes // 60, minutes % 60
    doc.signature = hashlib.md5(made.isoformat().encode(), usedforsecurity=False)  # seeds the document's ID, no more


class _Content:
    """A page as the library's ``drawText`` takes it: the content stream's operators, each stretch marked as its part."""

    def __init__(self, page: Page, doc: Any, tags: Tags) -> None:
        self.page = page
        self.doc = doc
        self.tags = tags

    def getCode(self) -> str:  # noqa: N802 - the library's own name
        return "\n".join([*self._drawn(), *self._text()])

    def _drawn(self) -> Iterator[str]:
        """Rules, which aren't read, and the boxes of a code."""
        if self.page.strokes:
            yield self.tags.opening(None)
            for s in self.page.strokes:
                yield f"{s.weight:.2f} w {s.x1:.2f} {s.y1:.2f} m {s.x2:.2f} {s.y2:.2f} l S"
            yield "EMC"
        if self.page.boxes:
            yield self.tags.opening(self.page.figure)
            for b in self.page.boxes:
                yield f"{b.x:.3f} {b.y:.3f} {b.width:.3f} {b.height:.3f} re"
            yield "f"
            yield "EMC"

    def _text(self) -> Iterator[str]:
        yield "BT"
        font_now, track_now = "", None
        doc, open_now, part_now = self.doc, False, None
        for placed in self.page.lines:
            line = placed.line
            if line.pieces and not (open_now and placed.part is part_now):
                if open_now:
                    yield "EMC"
                yield self.tags.opening(placed.part)
                open_now, part_now = True, placed.part
            yield f"1 0 0 1 {placed.x:.3f} {placed.y:.3f} Tm"
            for piece in line.pieces:
                font = piece.face.font
                track = f"{piece.track:.4f}"
                if track != track_now:
                    yield f"{track} Tc"
                    track_now = track
                for subset, codes in font.splitString(piece.text, doc):
                    name = f"{font.getSubsetInternalName(subset, doc)} {line.size:g} Tf"
                    if name != font_now:
                        yield name
                        font_now = name
                    yield f"<{codes.hex()}> Tj"
        if open_now:
            yield "EMC"
        yield "ET"
