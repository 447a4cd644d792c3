"""A workbook as bytes: the same cells and the same moment give the same bytes, and nothing is left in a temporary folder."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from io import BytesIO
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.writer.excel import ExcelWriter

from pinggu_desk.documents.sheet.text import clean

if TYPE_CHECKING:
    from openpyxl import Workbook


_BEIJING = timezone(timedelta(hours=8))


class _Archive(ZipFile):
    """A zip file whose entries carry one date, whatever the clock and the system say."""

    def __init__(self, out: BytesIO, made: datetime) -> None:
        super().__init__(out, "w", ZIP_DEFLATED)
        self._made = made.timetuple()[:6]

    def writestr(self, zinfo_or_arcname: str | ZipInfo, data: Any, *_: Any, **__: Any) -> None:
        """Add one entry."""
        name = zinfo_or_arcname.filename if isinstance(zinfo_or_arcname, ZipInfo) else zinfo_or_arcname
        entry = ZipInfo(name, self._made)
        entry.compress_type, entry.create_system, entry.external_attr = ZIP_DEFLATED, 3, 0o600 << 16
        super().writestr(entry, data)


class _Writer(ExcelWriter):
    """The library's writer, except that sheets are composed in memory: what an applicant stated never lies in /tmp."""

    _archive: ZipFile

    def write_worksheet(self, ws: Any) -> None:
        """Write one sheet into the archive."""
        from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing

        ws._drawing = SpreadsheetDrawing()
        ws._drawing.charts, ws._drawing.images = ws._charts, ws._images
        writer: Any = WorksheetWriter(ws, BytesIO())
        writer.write()
        ws._rels = writer._rels
        self._archive.writestr(ws.path[1:], writer.read())
        self.manifest.append(ws)


def workbook_bytes(book: Workbook, made: datetime, title: str, author: str) -> bytes:
    """The workbook as .xlsx, dated ``made`` (Beijing time where it has no zone), with its document properties set."""
    moment = (made if made.tzinfo else made.replace(tzinfo=_BEIJING)).astimezone(UTC)
    book.template = False  # a form may be a template (.xltx); what is filled from it is a workbook
    properties = book.properties
    properties.created = properties.modified = moment.replace(tzinfo=None, microsecond=0)
    properties.title, properties.creator, properties.lastModifiedBy = clean(title), clean(author), None
    out = BytesIO()
    _Writer(book, _Archive(out, made)).save()
    return out.getvalue()
