"""The cells of a long sheet from its bytes: a look through all of it, then its rows as a stream, whatever their number.

The exact reader (``xlsx``) walks through a sheet element by element. Here the bytes are looked at first, by regular expressions
that know the one shape in which office programs write a sheet: a sheet of another shape, or one that is not whole, is left to the
exact reader, which says what is wrong with it. What has that shape is cut at its cells, and a cell stays as it stands in the
file until somebody asks what it says: cells that say the same are the same bytes, so each is read once. The two give the same
cells; a test holds them to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import zip_longest
from typing import TYPE_CHECKING, NamedTuple
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

#: a cell as it stands in the file, from behind its reference to its end; empty where there is no cell
Raw = bytes
_MOST_CELLS = 20_000_000
_MOST_MARKS = 100_000
_MOST_MERGED = 5_000
#: so many rows are given first, then twice as many each time
_FIRST = 1024
#: as many cells are held at once
_AT_ONCE = 1_000_000
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
#: where a cell begins
_AT = re.compile(rb'<c r="([A-Z]{1,3})[0-9]{1,7}"')
#: a cell in its parts: style, kind, and what stands within it
_PARTS = re.compile(rb'(?: s="([0-9]{1,5})")?(?: t="([a-zA-Z]+)")?(?: ?/>|>(.*)</c>)\s*', re.DOTALL)
#: a cell of words, and one of a number alone
_WORDS = re.compile(
    rb'(?: s="[0-9]{1,5}")? t="(?:inlineStr"><is><t(?: xml:space="preserve")?>([^<]*)</t></is>|s"><v>([0-9]{1,9})</v>)</c>\s*'
)
_FIGURE = re.compile(
    rb'(?: s="([0-9]{1,5})")?(?: t="n")?><v>(-?[0-9]+(?:\.[0-9]+)?(?:[Ee][+-]?[0-9]{1,2})?)</v></c>\s*'
)
_FORMULA = re.compile(
    rb'<c r="[A-Z]{1,3}[0-9]{1,7}"(?: s="[0-9]{1,5}")?(?: t="([a-zA-Z]+)")?>(\s*<f.*?)</c>', re.DOTALL
)
_INSIDE = re.compile(rb"<(?:v|t)(?: [^<>]*)?>([^<]*)</(?:v|t)>")
_NUMBER = re.compile(r"^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[Ee][+-]?[0-9]{1,3})?$")
_COLUMN = re.compile(rb"<col ([^<>]*?)/?>")
_MERGE = re.compile(rb'<mergeCell ref="([A-Z]{1,3})([0-9]{1,7})(?::([A-Z]{1,3})([0-9]{1,7}))?"')
_END = b"</sheetData>"
#: further rows have no place behind the rows
_CELLS = re.compile(rb"<(?:\w+:)?(?:row|c|sheetData)\b")
_SAMPLES = (Fraction(0), Fraction(1), Fraction(-1), Fraction(2469, 2), Fraction(45_000))


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
        for piece in _pieces(book.package, sheet.part, eye):
            eye.look(piece)
        if eye.last_text >= 0 and eye.last_text >= book.plain_texts:
            return None
    except (_OtherShapeError, BadInput, *BROKEN):
        return None
    found, cells = eye.found, eye.found.marks.cells
    # rows are held in columns: a few far cells would take room for all that lies before them
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

    def __init__(self, styles: int) -> None:
        self.found = Looked()
        self._styles = max(styles, 1)
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
        if b"<f" in piece:
            self.found.formulas = True
            if any(kind in (b"", b"n") and not _is_number(inner) for kind, inner in _FORMULA.findall(piece)):
                raise _OtherShapeError

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


def _is_plain(form: str) -> bool:
    """Whether a format shows a number and nothing else, as none does."""
    return form == "General" or (
        re.fullmatch(r"(?:0|#,##0)(?:\.0{1,4})?(?:_ )?", form) is not None
        and all(shown_as(form, number) == PLAIN or form == "0" for number in _SAMPLES)
    )


def _is_number(inner: bytes) -> bool:
    """Whether what a formula made is a number, or is not kept."""
    value = _INSIDE.search(inner)
    return value is None or not value[1] or _NUMBER.match(value[1].decode().strip()) is not None


# --- what the cells say ---


class Cells:
    """What the cells of a sheet of the usual shape say, one by one."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._forms = book.forms or ["General"]
        plain = [at for at, form in enumerate(self._forms) if _is_plain(form)]
        self._plain = {str(at).encode() for at in plain} | ({None} if 0 in plain else set())

    def of(self, raw: Raw) -> Cell | None:
        """The cell, as the exact reader gives it; None where it holds nothing."""
        found = _PARTS.fullmatch(raw)
        if found is None:
            if raw:
                raise self._book.package.damaged("工作表的内容不完整")
            return None
        style, kind, inner = found[1], found[2], found[3] or b""
        formula = b"<f" in inner
        value = _INSIDE.search(inner)
        text = _plain_words(value[1]) if value is not None else ""
        if kind == b"s" and text:
            text = self._book.texts[int(text)]
        if kind in (b"s", b"str", b"inlineStr"):
            return Cell("text", text, "General", formula) if text else Cell("formula", "") if formula else None
        if not text:
            return Cell("formula", "") if formula else None
        text = text.strip()
        if kind == b"b":
            return Cell("truth", "1" if text in ("1", "true") else "0", "General", formula)
        if kind == b"e":
            return Cell("error", text[:20], "General", formula)
        if not _NUMBER.match(text):
            raise self._book.package.damaged("一个单元格应是数，却不是")
        return Cell("number", text, self._forms[int(style or 0)], formula)

    def words(self, raw: Raw) -> str | None:
        """The text of a cell of words; None for every other."""
        found = _WORDS.fullmatch(raw)
        if found is None:
            return None
        return (_plain_words(found[1]) if found[2] is None else self._book.texts[int(found[2])]) or None

    def figure(self, raw: Raw) -> float | None:
        """The number of a cell that shows a number alone; None for every other."""
        found = _FIGURE.fullmatch(raw)
        return float(found[2]) if found is not None and found[1] in self._plain else None


def _plain_words(words: bytes) -> str:
    text = words.decode()
    return unescape(text, {"&quot;": '"', "&apos;": "'"}) if "&" in text else text


# --- the rows ---


class Raws(NamedTuple):
    """Some rows that hold cells: their numbers, and of each column (in order) a cell a row as it stands in the file."""

    numbers: list[int]
    columns: dict[int, Sequence[Raw]]


def blocks(book: Book, sheet: SheetName, after: int, rows: int) -> Iterator[Raws]:
    """The rows behind row ``after`` of a sheet that was looked through, so many at a time; fewer at first, so that work can begin."""
    size = min(_FIRST, rows)
    usual: list[bytes] = []
    numbers: list[int] = []
    lines: list[list[bytes]] = []
    for number, letters, raws in _lines(book.package, sheet.part):
        if number <= after:
            continue
        numbers.append(number)
        if letters == usual:
            lines.append(raws)
        else:
            here, known = dict(zip(letters, raws, strict=True)), set(usual)
            usual += [one for one in letters if one not in known]
            lines.append([here.get(one, b"") for one in usual])
        if len(lines) == size or len(lines) * len(usual) >= _AT_ONCE:
            yield _block(usual, numbers, lines)
            size = min(2 * size, rows)
            usual, numbers, lines = sorted(usual, key=_number_of), [], []
    if lines:
        yield _block(usual, numbers, lines)


def _number_of(letters: bytes) -> int:
    return column_number(letters.decode())


def _block(letters: list[bytes], numbers: list[int], lines: list[list[bytes]]) -> Raws:
    columns = dict(zip(map(_number_of, letters), zip_longest(*lines, fillvalue=b""), strict=True))
    return Raws(numbers, dict(sorted(columns.items())))


def _lines(package: Package, part: str) -> Iterator[tuple[int, list[bytes], list[Raw]]]:
    """Each row with cells: its number, their columns' letters, the cells."""
    split, number_of = _AT.split, _ROW_NUMBER.findall
    for text in _row_texts(package, part):
        head, *cells = split(text)
        if cells:
            yield int(number_of(head)[-1]), cells[::2], cells[1::2]


def _row_texts(package: Package, part: str) -> Iterator[bytes]:
    rest, inside = b"", False
    for chunk in in_large_pieces(package.chunks(part)):
        held = rest + chunk
        if not inside:
            held, inside = held.partition(b"<sheetData>")[2], True
        end = held.find(_END)
        *whole, rest = (held if end < 0 else held[:end]).split(b"</row>")
        yield from whole
        if end >= 0:
            return


def rows(book: Book, sheet: SheetName) -> Iterator[Row]:
    """The rows that hold something, as the exact reader gives them."""
    cells, known = Cells(book), dict[bytes, Cell | None]()
    columns: dict[bytes, int] = {}
    for number, letters, raws in _lines(book.package, sheet.part):
        found: dict[int, Cell] = {}
        for letter, raw in zip(letters, raws, strict=True):
            if raw not in known:
                if len(known) > _REMEMBERED:
                    known.clear()
                known[raw] = cells.of(raw)
            if (cell := known[raw]) is not None:
                found[columns.get(letter) or columns.setdefault(letter, _number_of(letter))] = cell
        if found:
            yield number, found


#: as many different cells are remembered
_REMEMBERED = 65_536

__all__ = ["Cells", "Looked", "Raw", "Raws", "blocks", "look", "rows"]
