"""The cells of a long sheet by python-calamine, and what it leaves out by one look at the sheet's bytes.

The library gives values and nothing else: no unit that a format shows, no error, no formula, nothing hidden or merged, and it
takes room for every cell between the first and the last. So the bytes are looked at first, by regular expressions that know the
one shape in which office programs write a sheet: a sheet of another shape, or one that is not whole, is left to the exact
reader (``xlsx``), which says what is wrong with it. The two give the same cells; a test holds them to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from itertools import chain, repeat
from typing import TYPE_CHECKING, Any
from xml.parsers import expat
from xml.sax.saxutils import unescape

import numpy as np

from pinggu_desk.documents.books.formats import PLAIN, shown_as
from pinggu_desk.documents.books.grid import MOST_COLUMNS, MOST_ROWS, Area, Cell, Marks, Row, SheetName, column_number
from pinggu_desk.documents.books.package import BROKEN, Package
from pinggu_desk.documents.books.sharedtexts import in_large_pieces, is_utf8
from pinggu_desk.policy.errors import BadInput

if TYPE_CHECKING:
    from pinggu_desk.documents.books.xlsx import Book

#: what a cell of a sheet read by the library may be; a Cell is one that it cannot tell whole
Value = Any
#: cells that the library cannot tell whole are kept; with more of them the exact reader is no slower
_MOST_SPECIAL = 1_000_000
_MOST_CELLS = 20_000_000
_MOST_MARKS = 100_000
_MOST_MERGED = 5_000
_ROW = re.compile(rb"<row( [^<>]*?)?/?>")
#: what may stand between cells
_TAGS = re.compile(rb"\s*(?:</row>\s*)?(?:<row [^<>]*/>\s*|<row [^<>]*[^/<>]>\s*</row>\s*)*(?:<row [^<>]*[^/<>]>\s*)?")
_ROW_NUMBER = re.compile(rb' r="([0-9]{1,7})"')
_HIDDEN = re.compile(rb' hidden="(?:1|true)"')
#: a cell as a whole, and nothing that the two readers could take otherwise: its column, row, style and shared text
_CELL = re.compile(
    rb'<c r="([A-Z]{1,3})([1-9][0-9]{0,6})"(?: s="([0-9]{1,5})")?(?:(?: t="(?:n|s|str|inlineStr|b|e)")? ?/>'
    rb'| t="s"><v>([0-9]{1,9})</v></c>'
    rb'|(?: t="n")?>(?:<v>-?[0-9]{1,16}(?:\.[0-9]{1,20})?(?:[Ee][+-]?[0-9]{1,2})?</v>|<v ?/>|<v></v>)?</c>'
    rb'|(?: t="(?:n|b|e|str)")?>\s*<f(?: [^<>]*)?(?:/>|>[^<]*</f>)(?:<v(?: xml:space="preserve")?>[^<]{0,32767}</v>|<v ?/>)?</c>'
    rb'| t="str"><v(?: xml:space="preserve")?>[^<]{0,32767}</v></c>'
    rb'| t="inlineStr"><is><t(?: xml:space="preserve")?>[^<]{0,32767}</t></is></c>'
    rb'| t="b"><v>[01]</v></c>| t="e"><v>[^<]{1,20}</v></c>)'
)
_ERROR = re.compile(rb'<c r="([A-Z]{1,3})([0-9]{1,7})"(?: s="([0-9]{1,5})")? t="(e)">(.*?)</c>', re.DOTALL)
_FORMULA = re.compile(
    rb'<c r="([A-Z]{1,3})([0-9]{1,7})"(?: s="([0-9]{1,5})")?(?: t="([a-zA-Z]+)")?>(\s*<f.*?)</c>', re.DOTALL
)
#: no day is below nought, but a cell with the format of a day may be
_BELOW = re.compile(rb'<c r="([A-Z]{1,3})([0-9]{1,7})" s="([0-9]{1,5})"(?: t="(n)")?>(<v>-[^<]*</v>)</c>')
#: a number that may lie behind the last day
_LONG = re.compile(rb"<v>[0-9]{7}")
_VALUE = re.compile(rb"<v(?: [^<>]*)?>([^<]*)</v>")
_NUMBER = re.compile(r"^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[Ee][+-]?[0-9]{1,3})?$")
_COLUMN = re.compile(rb"<col ([^<>]*?)/?>")
_MERGE = re.compile(rb'<mergeCell ref="([A-Z]{1,3})([0-9]{1,7})(?::([A-Z]{1,3})([0-9]{1,7}))?"')
_END = b"</sheetData>"
#: further rows have no place behind the rows
_CELLS = re.compile(rb"<(?:\w+:)?(?:row|c|sheetData)\b")
#: day formats of which the library makes the day, and of which nothing more is to be told
_WHOLE_DAYS = frozenset((
    "yyyy/m/d", "yyyy/mm/dd", "yyyy-mm-dd", "yyyy-m-d", 'yyyy"年"m"月"d"日"', "yyyy\\-mm\\-dd", "yyyy\\-m\\-d", "yyyy/m/d;@",
))  # fmt: skip
_SAMPLES = (Fraction(0), Fraction(1), Fraction(-1), Fraction(2469, 2), Fraction(45_000))
_FIRST_DAY, _DAY = date(1899, 12, 30), timedelta(days=1)


class _OtherShapeError(Exception):
    """The sheet is not written in the shape that is known here."""


@dataclass(slots=True)
class Looked:
    """What the bytes say of a sheet: its marks, and by row and column the cells that the library cannot tell whole."""

    marks: Marks = field(default_factory=Marks)
    special: dict[int, dict[int, Cell]] = field(default_factory=dict)
    last_row: int = 0
    last_column: int = 0


def look(book: Book, sheet: SheetName) -> Looked | None:
    """Look through a sheet; None where it is left to the exact reader."""
    if book.first_day_1904:
        return None
    try:
        eye = _Eye(book.forms, book.sure_days)
        for piece in _pieces(book.package, sheet.part, eye):
            eye.look(piece)
        if eye.last_text >= 0 and eye.last_text >= book.plain_texts:
            return None
    except (_OtherShapeError, BadInput, *BROKEN):
        return None
    found, cells = eye.found, eye.found.marks.cells
    # the library takes room for all that lies between the first cell and the last
    return found if found.last_row * max(found.last_column, 1) <= 4 * cells + 1_000_000 else None


def _pieces(package: Package, part: str, eye: _Eye) -> Iterator[bytes]:
    """The rows in pieces that end with a row; head and tail are given to ``eye``. All of it is held to be whole XML."""
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse
    rest, inside, tail = b"", False, list[bytes]()
    for chunk in in_large_pieces(package.chunks(part)):
        parser.Parse(chunk, False)
        if tail:
            tail.append(chunk)
            continue
        held = rest + chunk
        if not inside:
            head, found, held = held.partition(b"<sheetData>")
            if not found:
                raise _OtherShapeError
            eye.head(head)
            inside = True
        if (end := held.find(_END)) >= 0:
            tail.append(held[end:])
            yield held[:end]
            continue
        cut = held.rfind(b"</row>") + len(b"</row>")
        if cut < len(b"</row>"):
            raise _OtherShapeError
        yield held[:cut]
        rest = held[cut:]
    parser.Parse(b"", True)
    if not tail:
        raise _OtherShapeError
    eye.tail(b"".join(tail))


def _refuse(*_: object) -> None:
    raise _OtherShapeError


class _Eye:
    """Looks at piece after piece."""

    def __init__(self, forms: Sequence[str] | None, sure_days: set[int]) -> None:
        self.found = Looked()
        self._styles = len(forms) if forms is not None else 0
        self._forms = forms
        odd = [
            str(style).encode() for style, form in enumerate(forms or ())
            if not (_is_plain(form) or (form in _WHOLE_DAYS and style in sure_days))
        ]  # fmt: skip
        self._odd = (
            re.compile(
                rb'<c r="([A-Z]{1,3})([0-9]{1,7})" s="(' + b"|".join(odd) + rb')"(?: t="(n)")?>(.*?)</c>', re.DOTALL
            )
            if odd
            else None
        )
        days = b"|".join(str(style).encode() for style in sorted(sure_days))
        self._far_days = (
            re.compile(rb'<c r="([A-Z]{1,3})([0-9]{1,7})" s="(' + days + rb')"(?: t="(n)")?>(<v>[0-9]{7}[^<]*</v>)</c>')
            if days
            else None
        )
        self._kept = 0
        self._odd_at_first = bool(forms) and not _is_plain((forms or ["General"])[0])
        #: the last of the shared texts that a cell takes
        self.last_text = -1

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
        for style in set(styles):
            if int(style or 0) >= max(self._styles, 1) or (style is None and self._odd_at_first):
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
        self._take(piece)

    def _rows(self, between: list[bytes], numbers: list[bytes]) -> None:
        """What stands before each cell, and behind the last; the cells' rows must be those that they stand in."""
        row, begun, marks = b"", 0, self.found.marks
        for at, text in enumerate(between):
            if text and not text.isspace():
                if numbers[begun:at].count(row) != at - begun or _TAGS.fullmatch(text) is None:
                    raise _OtherShapeError
                begun = at
                for attributes in _ROW.findall(text):
                    row = self._row(attributes)
                    marks.rows += 1
        if begun < len(numbers):  # a piece ends with a row's end
            raise _OtherShapeError
        if len(marks.hidden_rows) > _MOST_MARKS:
            raise _OtherShapeError

    def _row(self, attributes: bytes) -> bytes:
        number = _ROW_NUMBER.search(attributes)
        row = int(number[1]) if number is not None else 0
        if not self.found.last_row < row <= MOST_ROWS:
            raise _OtherShapeError
        self.found.last_row = row
        if b"hidden" in attributes and _HIDDEN.search(attributes):
            self.found.marks.hidden_rows.append(row)
        return str(row).encode()

    def _take(self, piece: bytes) -> None:
        """The cells that the library cannot tell whole."""
        patterns = [self._odd] if self._odd is not None else []
        patterns += [_ERROR] if b' t="e"' in piece else []
        patterns += [_FORMULA] if b"<f" in piece else []
        patterns += [_BELOW] if b"<v>-" in piece else []
        patterns += [self._far_days] if self._far_days is not None and _LONG.search(piece) else []
        for pattern in patterns:
            for letters, number, style, kind, inner in pattern.findall(piece):
                cell = self._cell(style, kind, inner)
                if cell is not None:
                    self.found.special.setdefault(int(number), {})[column_number(letters.decode())] = cell
                    self._kept += 1
        if self._kept > _MOST_SPECIAL:
            raise _OtherShapeError

    def _cell(self, style: bytes, kind: bytes, inner: bytes) -> Cell | None:
        formula = b"<f" in inner
        value = _VALUE.search(inner)
        raw = value[1] if value is not None else b""
        if b"&#" in raw or (kind in (b"s", b"inlineStr") and formula):
            raise _OtherShapeError
        text = unescape(raw.decode(), {"&quot;": '"', "&apos;": "'"})
        if kind == b"str":
            return Cell("text", text, "General", formula) if text else Cell("formula", "") if formula else None
        if not text:
            return Cell("formula", "") if formula else None
        if kind == b"b":
            return Cell("truth", "1" if text.strip() in ("1", "true") else "0", "General", formula)
        if kind == b"e":
            return Cell("error", text.strip()[:20], "General", formula)
        text = text.strip()
        if not _NUMBER.match(text):
            raise _OtherShapeError
        if (style and self._forms is None) or (not style and self._forms == []):
            raise _OtherShapeError
        form = self._forms[int(style or 0)] if self._forms else "General"
        return Cell("number", text, form, formula)


def _is_plain(form: str) -> bool:
    """Whether a format shows a number and nothing else, as none does."""
    return form == "General" or (
        re.fullmatch(r"(?:0|#,##0)(?:\.0{1,4})?(?:_ )?", form) is not None
        and all(shown_as(form, number) == PLAIN or form == "0" for number in _SAMPLES)
    )


# --- the library ---


def values(book: Book, sheet: SheetName, looked: Looked) -> tuple[int, Iterator[list[Value]]]:
    """The rows from the first on, each a list of as many values, and the number of the column that these begin with.

    They go on to the last row of which ``looked`` knows a cell. Raises ``LookupError`` where the library cannot read the sheet.
    """
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        opened = CalamineWorkbook.from_path(book.package.path)
        if opened.sheet_names.count(sheet.title) != 1:
            raise LookupError(sheet.title)
        found = opened.get_sheet_by_name(sheet.title)
    except (CalamineError, *BROKEN):
        raise LookupError(sheet.title) from None
    except BaseException as error:
        if type(error).__name__ == "PanicException":  # the library gave up; it derives from BaseException
            raise LookupError(sheet.title) from None
        raise
    first = (found.start[1] if found.start is not None else 0) + 1
    behind = max(looked.special, default=0) - (found.end[0] + 1 if found.end is not None else 0)
    blank: list[Value] = [""] * found.width
    return first, chain(found.iter_rows(), repeat(blank, max(behind, 0)))


def cell_of(value: Value) -> Cell | None:
    """A value as the exact reader gives it; None for an empty cell."""
    if isinstance(value, Cell):
        return value
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return Cell("text", value)
    if isinstance(value, bool):
        return Cell("truth", "1" if value else "0")
    if isinstance(value, (float, int)):
        return Cell("number", str(int(value)) if float(value).is_integer() and abs(value) < 1e15 else repr(value))
    if isinstance(value, (date, time, timedelta)):
        return Cell("number", _trim(_serial(value)), "yyyy-mm-dd")
    raise LookupError(type(value).__name__)


def _serial(value: date | time | timedelta) -> float:
    """The number that a day, a moment or a time of day stands for; the format holds 1900 for a leap year."""
    if isinstance(value, time):
        value = datetime.combine(_FIRST_DAY, value) - datetime.combine(_FIRST_DAY, time())
    if isinstance(value, timedelta):
        return value / _DAY
    moment = value if isinstance(value, datetime) else datetime.combine(value, time())
    serial = (moment - datetime.combine(_FIRST_DAY, time())) / _DAY
    return serial - 1 if serial < 61 else serial


def _trim(number: float) -> str:
    return str(int(number)) if number.is_integer() else repr(number)


def cells_of(first: int, line: list[Value], special: dict[int, Cell]) -> dict[int, Cell]:
    """The cells of one line that begins with column ``first``."""
    cells = {
        column: cell for column, value in enumerate(line, first)
        if column not in special and (cell := cell_of(value)) is not None
    }  # fmt: skip
    return dict(sorted((cells | special).items())) if special else cells


def rows(first: int, lines: Iterator[list[Value]], looked: Looked) -> Iterator[Row]:
    """The rows that hold something, as the exact reader gives them."""
    for number, line in enumerate(lines, 1):
        special = looked.special.get(number, {})
        cells = cells_of(first, line, special)
        if cells:
            yield number, cells


__all__ = ["Looked", "Value", "cell_of", "cells_of", "look", "rows", "values"]
