"""A look through the bytes of a long sheet: whether all of it is written in the one shape in which office programs write a sheet.

Only then are its cells cut from the bytes (``quick``); a sheet of another shape, or one that is not whole XML, is left to the exact
reader (``xlsx``), which says what is wrong with it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.parsers import expat

import numpy as np

from pinggu_desk.documents.books.grid import MOST_COLUMNS, MOST_ROWS, Area, Marks, SheetName, column_number
from pinggu_desk.documents.books.package import BROKEN, Package
from pinggu_desk.documents.books.quick import END, INSIDE, NUMBER, ROW_NUMBER
from pinggu_desk.documents.books.sharedtexts import in_large_pieces, is_utf8
from pinggu_desk.policy.errors import BadInput

if TYPE_CHECKING:
    from pinggu_desk.documents.books.xlsx import Book

_MOST_CELLS = 20_000_000
_MOST_MARKS = 100_000
_MOST_MERGED = 5_000
_ROW = re.compile(rb"<row( [^<>]*?)?/?>")
#: what may stand between cells
_TAGS = re.compile(rb"\s*(?:</row>\s*)?(?:<row [^<>]*/>\s*|<row [^<>]*[^/<>]>\s*</row>\s*)*(?:<row [^<>]*[^/<>]>\s*)?")
_HIDDEN = re.compile(rb' hidden="(?:1|true)"')
_A_NUMBER = rb"<v>-?[0-9]{1,16}(?:\.[0-9]{1,20})?(?:[Ee][+-]?[0-9]{1,2})?</v>|<v ?/>|<v></v>"
#: a cell as a whole, and nothing that the two readers could take otherwise: its column, row, style and shared text
_CELL = re.compile(
    rb'<c r="([A-Z]{1,3})([1-9][0-9]{0,6})"(?: s="([0-9]{1,5})")?'
    rb"(?:>(?:" + _A_NUMBER + rb")?</c>|/>|"
    rb' (?:t="(?:inlineStr"><is><t(?: xml:space="preserve")?>[^<]{0,32767}</t></is></c>|s"><v>([0-9]{1,9})</v></c>'
    rb'|n">(?:' + _A_NUMBER + rb')?</c>|str"><v(?: xml:space="preserve")?>[^<]{0,32767}</v></c>'
    rb'|b"><v>[01]</v></c>|e"><v>[^<]{1,20}</v></c>|(?:n|s|str|inlineStr|b|e)" ?/>)|/>)'
    rb'|(?: t="(?:n|b|e|str)")?>\s*<f(?: [^<>]*)?(?:/>|>[^<]*</f>)'
    rb'(?:<v(?: xml:space="preserve")?>[^<]{0,32767}</v>|<v ?/>)?</c>)'
)
_FORMULA = re.compile(
    rb'<c r="[A-Z]{1,3}[0-9]{1,7}"(?: s="[0-9]{1,5}")?(?: t="([a-zA-Z]+)")?>(\s*<f.*?)</c>', re.DOTALL
)
_COLUMN = re.compile(rb"<col ([^<>]*?)/?>")
_MERGE = re.compile(rb'<mergeCell ref="([A-Z]{1,3})([0-9]{1,7})(?::([A-Z]{1,3})([0-9]{1,7}))?"')
_NEXT = re.compile(rb'</row>\s*<row r="([0-9]{1,7})"(?: [^<>]*[^<>/])?>\s*')
_CONTROLS = bytes(code for code in range(32) if code not in b"\t\n\r")
_NO_CHARACTER = re.compile(b"\xef\xbf[\xbe\xbf]")
_ENTITY = re.compile(rb"&(?:amp|lt|gt|quot|apos);")
#: further rows have no place behind the rows
_CELLS = re.compile(rb"<(?:\w+:)?(?:row|c|sheetData)\b")


class _OtherShapeError(Exception):
    """The sheet is not written in the shape that is known here."""


@dataclass(slots=True)
class Looked:
    """What the bytes say of a sheet: its marks, how far it goes, whether a formula made some of its cells."""

    marks: Marks = field(default_factory=Marks)
    formulas: bool = False
    last_row: int = 0
    last_column: int = 0


def look(book: Book, sheet: SheetName) -> Looked | None:
    """Look through a sheet; None where it is left to the exact reader."""
    if book.first_day_1904:
        return None
    try:
        eye = _Eye(len(book.forms or ()))
        eye.look_through(book.package, sheet.part)
        if eye.last_text >= 0 and eye.last_text >= book.plain_texts:
            return None
    except (_OtherShapeError, BadInput, *BROKEN):
        return None
    found, cells = eye.found, eye.found.marks.cells
    # rows are held in columns: a few far cells would take room for all that lies before them
    return found if found.last_row * max(found.last_column, 1) <= 4 * cells + 1_000_000 else None


def _refuse(*_: object) -> None:
    raise _OtherShapeError


class _Eye:
    """Looks at piece after piece; all of a sheet is held to be whole XML."""

    def __init__(self, styles: int) -> None:
        self.found = Looked()
        self._styles = max(styles, 1)
        #: the last of the shared texts that a cell takes
        self.last_text = -1
        self._parser = expat.ParserCreate()
        self._parser.StartDoctypeDeclHandler = _refuse

    def look_through(self, package: Package, part: str) -> None:
        """Look at the head, at the rows in pieces that end with a row, at the tail. Raises what a sheet of another shape raises."""
        rest, inside, tail = b"", False, list[bytes]()
        for chunk in in_large_pieces(package.chunks(part)):
            if tail:
                tail.append(chunk)
                continue
            held = rest + chunk
            if not inside:
                head, found, held = held.partition(b"<sheetData>")
                if not found:
                    raise _OtherShapeError
                self._parser.Parse(head + found, False)
                self.head(head)
                inside = True
            if (end := held.find(END)) >= 0:
                tail.append(held[end:])
                self.look(held[:end])
                continue
            cut = held.rfind(b"</row>") + len(b"</row>")
            if cut < len(b"</row>"):
                raise _OtherShapeError
            self.look(held[:cut])
            rest = held[cut:]
        if not tail:
            raise _OtherShapeError
        self._parser.Parse(b"".join(tail), True)
        self.tail(b"".join(tail))

    def head(self, text: bytes) -> None:
        """What stands before the rows: hidden columns. A sheet in another encoding or with a prefix is not of this shape."""
        if not is_utf8(text) or b"<!" in text or b"<row" in text or b"<c " in text:
            raise _OtherShapeError
        for attributes in _COLUMN.findall(text):
            if _HIDDEN.search(b" " + attributes):
                ends = [re.search(rb'\b%s="([0-9]{1,5})"' % name, attributes) for name in (b"min", b"max")]
                if ends[0] is None or ends[1] is None:
                    raise _OtherShapeError
                self.found.marks.hidden_columns.append((int(ends[0][1]), min(int(ends[1][1]), MOST_COLUMNS)))

    def tail(self, text: bytes) -> None:
        """What stands behind the rows: merges."""
        merges = _MERGE.findall(text)
        if (
            text.count(b"<mergeCell ") != len(merges)
            or b"<!" in text
            or len(merges) > _MOST_MARKS
            or _CELLS.search(text)
        ):
            raise _OtherShapeError
        for left, top, right, bottom in merges:
            area = Area(
                int(top), column_number(left.decode()), int(bottom or top), column_number((right or left).decode())
            )
            bounds = 1 <= area.top <= area.bottom <= MOST_ROWS and 1 <= area.left <= area.right <= MOST_COLUMNS
            if not bounds or area.bottom - area.top > _MOST_MERGED or area.right - area.left > _MOST_MERGED:
                raise _OtherShapeError
            self.found.marks.merged.append(area)

    def look(self, piece: bytes) -> None:
        """Some whole rows: cells of the known shapes, and between them nothing but the rows' own tags."""
        if b"&#" in piece or b"\r" in piece or b"_x" in piece:
            raise _OtherShapeError
        parts = _CELL.split(piece)
        letters, numbers, styles, texts = (parts[group::5] for group in (1, 2, 3, 4))
        marks = self.found.marks
        marks.cells += len(letters)
        if any(int(style or 0) >= self._styles for style in set(styles)):
            raise _OtherShapeError
        column_of = {name: column_number(name.decode()) for name in set(letters)}
        self.last_text = max([self.last_text, *(int(text) for text in set(texts) if text)])
        self.found.last_column = max([self.found.last_column, *column_of.values()])
        if marks.cells > _MOST_CELLS or self.found.last_column > MOST_COLUMNS:
            raise _OtherShapeError
        self._rows(parts[0::5], numbers)
        columns = np.fromiter(map(column_of.__getitem__, letters), np.int32, len(letters))
        backward = np.flatnonzero(np.diff(columns) <= 0).tolist()
        if any(numbers[at] == numbers[at + 1] for at in backward):
            raise _OtherShapeError
        made = b"<f" in piece
        # of cells that the expression knows, XML can but be hurt by what stands in their words
        self._parser.Parse(piece if made else b"".join(parts[0::5]), False)
        if not made and not _are_words(piece):
            raise _OtherShapeError
        if made:
            self.found.formulas = True
            if any(kind in (b"", b"n") and not _is_number(inner) for kind, inner in _FORMULA.findall(piece)):
                raise _OtherShapeError

    def _rows(self, between: list[bytes], numbers: list[bytes]) -> None:
        """What stands before each cell, and behind the last; the cells' rows must be those that they stand in."""
        row, begun, marks = b"", 0, self.found.marks
        for at, text in enumerate(between):
            if text and not text.isspace():
                if numbers[begun:at].count(row) != at - begun:
                    raise _OtherShapeError
                begun = at
                if (usual := _NEXT.fullmatch(text)) is not None:
                    row = self._row(usual[1], text)
                elif _TAGS.fullmatch(text) is None:
                    raise _OtherShapeError
                else:
                    for attributes in _ROW.findall(text):
                        number = ROW_NUMBER.search(attributes)
                        row = self._row(number[1] if number is not None else b"0", attributes)
        if begun < len(numbers):  # a piece ends with a row's end
            raise _OtherShapeError
        if len(marks.hidden_rows) > _MOST_MARKS:
            raise _OtherShapeError

    def _row(self, number: bytes, attributes: bytes) -> bytes:
        row = int(number)
        if not self.found.last_row < row <= MOST_ROWS:
            raise _OtherShapeError
        self.found.last_row = row
        self.found.marks.rows += 1
        if b"hidden" in attributes and _HIDDEN.search(attributes):
            self.found.marks.hidden_rows.append(row)
        return str(row).encode()


def _are_words(piece: bytes) -> bool:
    """Whether nothing stands among words that has no place in XML: half a character, a control character, a lone ampersand."""
    piece.decode()
    return (
        len(piece.translate(None, _CONTROLS)) == len(piece)
        and b"]]>" not in piece
        and not (b"\xef\xbf" in piece and _NO_CHARACTER.search(piece))
        and (b"&" not in piece or piece.count(b"&") == len(_ENTITY.findall(piece)))
    )


def _is_number(inner: bytes) -> bool:
    """Whether what a formula made is a number, or is not kept."""
    value = INSIDE.search(inner)
    return value is None or not value[1] or NUMBER.match(value[1].decode().strip()) is not None


__all__ = ["Looked", "look"]
