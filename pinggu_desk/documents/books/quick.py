"""The cells of a long sheet cut from its bytes: its rows come as a stream, whatever their number.

The exact reader (``xlsx``) walks through a sheet element by element. Here a sheet that is known to have the usual shape (``looked``)
is cut at its cells, and a cell stays as it stands in the file until somebody asks what it says: cells that say the same are the same
bytes, so each is read once. The two give the same cells; a test holds them to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import zip_longest
from typing import TYPE_CHECKING, NamedTuple
from xml.sax.saxutils import unescape

from pinggu_desk.documents.books.formats import PLAIN, shown_as
from pinggu_desk.documents.books.grid import Cell, Row, SheetName, column_number
from pinggu_desk.documents.books.package import Package
from pinggu_desk.documents.books.sharedtexts import in_large_pieces

if TYPE_CHECKING:
    from pinggu_desk.documents.books.xlsx import Book

#: a cell as it stands in the file, from behind its reference to its end; empty where there is no cell
Raw = bytes
#: so many rows are given first, then twice as many each time
_FIRST = 1024
#: as many cells are held at once
_AT_ONCE = 1_000_000
ROW_NUMBER = re.compile(rb' r="([0-9]{1,7})"')
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
INSIDE = re.compile(rb"<(?:v|t)(?: [^<>]*)?>([^<]*)</(?:v|t)>")
NUMBER = re.compile(r"^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[Ee][+-]?[0-9]{1,3})?$")
END = b"</sheetData>"
_SAMPLES = (Fraction(0), Fraction(1), Fraction(-1), Fraction(2469, 2), Fraction(45_000))


def _is_plain(form: str) -> bool:
    """Whether a format shows a number and nothing else, as none does."""
    return form == "General" or (
        re.fullmatch(r"(?:0|#,##0)(?:\.0{1,4})?(?:_ )?", form) is not None
        and all(shown_as(form, number) == PLAIN or form == "0" for number in _SAMPLES)
    )


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
        value = INSIDE.search(inner)
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
        if not NUMBER.match(text):
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
    split, number_of = _AT.split, ROW_NUMBER.findall
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
        end = held.find(END)
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

__all__ = ["END", "INSIDE", "NUMBER", "ROW_NUMBER", "Cells", "Raw", "Raws", "blocks", "rows"]
