"""Opening a workbook that somebody else made: what would take the program down is refused before it is read.

A file of a few kilobytes can hold a cell at XFD1048576, a merge over a whole sheet or a gigabyte of blanks; the library
would walk through all of it. Here the package is looked at as bytes first. Strict Open XML (the other of the two forms of
ISO 29500, which some office programs save by choice) is read as well: its names are put into the usual ones.
"""

from __future__ import annotations

import re
import warnings
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

from pinggu_desk.policy.errors import BadInput

if TYPE_CHECKING:
    from openpyxl import Workbook


@dataclass(frozen=True, slots=True)
class Bounds:
    """The most that is read: bytes of the file and of what it unpacks to, rows, columns, cells under merges."""

    packed: int
    unpacked: int
    rows: int
    columns: int
    merged: int


#: no form that people fill in comes near these
FORM = Bounds(packed=30_000_000, unpacked=80_000_000, rows=5_000, columns=702, merged=300_000)

_MOST_PARTS = 3_000
_CHUNK = 1 << 20
#: longer than any tag that is looked for
_OVERLAP = 512
_ENCRYPTED = 0x1
#: how the older .xls begins, and a workbook with a password to open it
_OLE = b"\xd0\xcf\x11\xe0"
_STRICT = b"http://purl.oclc.org/ooxml/"
#: the strict form's names, longest first, and the usual ones
_USUAL = (
    (b"officeDocument/relationships/extendedProperties", b"officeDocument/2006/relationships/extended-properties"),
    (b"officeDocument/relationships/customProperties", b"officeDocument/2006/relationships/custom-properties"),
    (b"officeDocument/extendedProperties", b"officeDocument/2006/extended-properties"),
    (b"officeDocument/customProperties", b"officeDocument/2006/custom-properties"),
    (b"officeDocument/", b"officeDocument/2006/"),
    (b"spreadsheetml/main", b"spreadsheetml/2006/main"),
    (b"drawingml/", b"drawingml/2006/"),
)
#: where a cell, a row, a comment, a merge or a link says that it is; an exponent of digits is enough to tell a far one
_CELL = re.compile(rb"""\s(?:r|ref)\s*=\s*["']\$?([A-Za-z]{0,9})\$?([0-9]{0,30})["']""")
_AREA = re.compile(rb"""<(?:\w+:)?(?:mergeCell|hyperlink)\s[^>]*?ref\s*=\s*["']([^"']{1,64})["']""")
_CORNERS = re.compile(rb"^\$?([A-Za-z]{1,3})\$?([0-9]{1,9}):\$?([A-Za-z]{1,3})\$?([0-9]{1,9})$")


def open_sound(
    path: Path, kind: str, bounds: Bounds = FORM, data: bytes | None = None, **how: Any
) -> Workbook:  # fmt: skip
    """The workbook at ``path``; ``kind`` is what a refusal calls it (表样), ``how`` goes to the library.

    ``data`` are its bytes where they were looked at before (:func:`sound_bytes`).

    Raises BadInput with one Chinese sentence: not there, no workbook, locked, damaged, too large, too far spread, without
    a sheet of cells.
    """
    from openpyxl import load_workbook

    data = sound_bytes(path, kind, bounds) if data is None else data
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what the library leaves out is told by documents.sheet.package
            book = load_workbook(BytesIO(data), **how)
    except Exception as error:  # the library raises whatever a broken file happens to trip over
        charts = b"xl/chartsheets/" in data  # names of parts stand in a package as they are
        remedy = "删去其中的图表工作表，再" if charts else ""
        raise BadInput(
            f"{kind}“{path.name}”打不开，里面有读不懂的内容，请用电子表格软件打开，{remedy}另存为 .xlsx 再试。"
        ) from error
    if not book.worksheets:
        raise BadInput(f"{kind}“{path.name}”里没有填写单元格的工作表，只有图表，请换一份。")
    return book


def sound_bytes(path: Path, kind: str, bounds: Bounds = FORM) -> bytes:
    """The file's bytes, within bounds, strict names made usual. Raises BadInput as :func:`open_sound` does."""
    data = _read(path, kind, bounds)
    named = f"{kind}“{path.name}”"
    if data.startswith(_OLE):
        raise BadInput(f"{named}是旧版 .xls 或者加了打开密码，请去掉密码并另存为 .xlsx 再试。")
    try:
        with ZipFile(BytesIO(data)) as package:
            parts = package.infolist()
            _check_size(parts, named, bounds)
            strict = False
            for part in parts:
                if part.filename.lower().endswith((".xml", ".rels")):
                    strict = _scan(package, part, named, bounds) or strict
            return _usual(package) if strict else data
    except (BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError) as error:
        raise BadInput(f"{named}打不开，文件已损坏或没有存完整，请用电子表格软件打开后另存为 .xlsx 再试。") from error


def _read(path: Path, kind: str, bounds: Bounds) -> bytes:
    try:
        if path.is_dir():
            raise BadInput(f"“{path}”是一个目录，请给出{kind}文件（.xlsx）。")
        if path.stat().st_size > bounds.packed:
            raise BadInput(
                f"{kind}“{path.name}”有 {path.stat().st_size // 1_000_000} MB，最多读 {bounds.packed // 1_000_000} MB，"
                "请去掉其中的大图再试。"
            )
        return path.read_bytes()
    except FileNotFoundError:
        raise BadInput(f"找不到{kind}“{path.name}”（{path.parent}），请放回该文件。") from None
    except OSError:
        raise BadInput(f"{kind}“{path.name}”读不出来，请检查权限和磁盘。") from None


def _check_size(parts: list[ZipInfo], named: str, bounds: Bounds) -> None:
    """Refuse what unpacks to too much; a part never gives more than it declares, so the declared size will do."""
    if any(part.flag_bits & _ENCRYPTED for part in parts):
        raise BadInput(f"{named}的压缩包加了密码，请去掉密码并另存为 .xlsx 再试。")
    whole = sum(part.file_size for part in parts)
    if whole > bounds.unpacked or len(parts) > _MOST_PARTS:
        raise BadInput(f"{named}解开后有 {whole // 1_000_000} MB，超出能读的范围，请删去多余的行、列和图再试。")


def _scan(package: ZipFile, part: ZipInfo, named: str, bounds: Bounds) -> bool:
    """Look through one part for what lies too far out; whether it is written in the strict form."""
    strict, merged = False, 0
    cells = any(word in part.filename.lower() for word in ("/worksheets/", "/comments", "sheet"))
    with package.open(part) as stream:
        for text in _windows(stream):
            strict = strict or _STRICT in text
            if cells:
                merged += _far(text, named, bounds)
    if merged > bounds.merged:
        raise BadInput(f"{named}的合并单元格盖住 {merged} 格，超出能读的范围，请拆开铺满整张表的合并单元格再试。")
    return strict


def _windows(stream: IO[bytes]) -> Iterator[bytes]:
    """The part in pieces, each beginning with the end of the one before, so that no tag is cut in two."""
    before = b""
    while piece := stream.read(_CHUNK):
        yield before + piece
        before = piece[-_OVERLAP:]


def _far(text: bytes, named: str, bounds: Bounds) -> int:
    """Refuse a cell beyond the bounds; the number of cells under merges and links here."""
    for letters, digits in dict.fromkeys(_CELL.findall(text)):
        if len(letters) > 3 or _column(letters) > bounds.columns or len(digits) > 9 or int(digits or 0) > bounds.rows:
            where = (letters + digits).decode("ascii").upper()[:20]
            what = f"单元格 {where}" if letters else f"第 {where} 行"
            raise BadInput(f"{named}里有{what}，离内容太远，请删去内容以外的行和列，另存后再试。")
    return sum(map(_covered, _AREA.findall(text)))


def _covered(area: bytes) -> int:
    corners = _CORNERS.match(area)
    if corners is None:
        return 1
    left, top, right, bottom = corners.groups()
    return (abs(_column(right) - _column(left)) + 1) * (abs(int(bottom) - int(top)) + 1)


def _column(letters: bytes) -> int:
    """``AB`` as a number; nought without letters."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _usual(package: ZipFile) -> bytes:
    """The package with the strict form's names put into the usual ones."""
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as usual:
        for part in package.infolist():
            usual.writestr(part.filename, _renamed(part.filename, package.read(part)))
    return out.getvalue()


def _renamed(name: str, text: bytes) -> bytes:
    if not name.lower().endswith((".xml", ".rels")) or _STRICT not in text:
        return text
    for strict, usual in _pairs():
        text = text.replace(strict, usual)
    return text


def _pairs() -> Iterable[tuple[bytes, bytes]]:
    return ((_STRICT + strict, b"http://schemas.openxmlformats.org/" + usual) for strict, usual in _USUAL)
