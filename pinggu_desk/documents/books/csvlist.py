"""A list as comma-separated text (.csv, .txt): UTF-8 with or without a mark, UTF-16 with one, else GB18030.

A few bytes that are no character (one cut in the middle by another program, a stray one) don't refuse the whole list: ``CUT`` stands
in their place, and the row is told and not read. A line's end stands inside no character, so the other rows are whole.
"""

from __future__ import annotations

import csv
import re
from codecs import BOM_UTF8
from collections import Counter
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

from pinggu_desk.documents.books.around import may_say_a_unit
from pinggu_desk.documents.books.grid import CUT, MOST_COLUMNS, MOST_ROWS, Cell, Marks, Row, SheetName
from pinggu_desk.policy.errors import BadInput

ENDINGS = (".csv", ".txt", ".tsv")
_MOST_BYTES = 100_000_000
#: a longer cell is the rest of a file behind a quote that nothing ends
_MOST_CELL = 1_000_000


#: for each place that is no character at least so many bytes of wide characters are sound; otherwise it is another coding
_SOUND = 8
#: by what cells may be parted; of two that part as well the comma goes first
_MARKS = ("\t", ";", "，", "|", ",")
#: what is looked at to find out
_PROBE, _PROBED = 1 << 16, 60
#: how an office program is told that figures are words
_AS_TEXT = re.compile(r'^="([^"]*)"$')


def _alike(text: str, mark: str) -> tuple[int, int]:
    """How many of the first records have the same number of cells, and how many cells; a title above them has but one."""
    widths: Counter[int] = Counter()
    try:
        for number, record in enumerate(csv.reader(StringIO(text[:_PROBE], newline=""), delimiter=mark)):
            widths[len(record)] += 1
            if number == _PROBED:
                break
    except csv.Error:
        pass
    return max(((count, width) for width, count in widths.items() if width > 1), default=(0, 0))


def _codings(raw: bytes) -> tuple[str, ...]:
    """In what it may be written: what its first bytes say, else by where it has noughts (Latin letters in UTF-16 have one each)."""
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return ("utf-16",)
    if b"\0" in raw[:_PROBE]:
        odd, even = raw[1:_PROBE:2].count(0), raw[:_PROBE:2].count(0)
        return ("utf-16-le",) if odd > even else ("utf-16-be",)
    return ("utf-8", "gb18030")


def _read(raw: bytes, coding: str) -> str | None:
    try:
        return raw.removeprefix(BOM_UTF8).decode(coding)
    except UnicodeDecodeError:
        return None if coding.startswith("utf-16") else _mended(raw.removeprefix(BOM_UTF8), coding)


def _mended(raw: bytes, coding: str) -> str | None:
    """The text with ``CUT`` for what is no character in it; None where that is too much for it to be this coding."""
    lines: list[str] = []
    cuts = wide = 0
    for line in raw.split(b"\n"):
        pieces = list(_pieces(line, coding))
        lines.append(text := "".join(pieces))
        cuts, wide = cuts + len(pieces) // 2, wide + len(line) - len(text)
        if len(pieces) > _PROBED or (cuts > _PROBED and cuts * _SOUND > wide):
            return None
    return "\n".join(lines) if cuts * _SOUND <= wide else None


def _pieces(line: bytes, coding: str) -> Iterator[str]:
    """What is sound in a line, with ``CUT`` between; of a line that is no text at all only the first of it."""
    at, cuts = 0, 0
    while cuts <= _PROBED:
        try:
            yield line[at:].decode(coding)
            return
        except UnicodeDecodeError as error:
            yield line[at : at + error.start].decode(coding)
            yield CUT
            # a byte of GB18030 that doesn't go with the one before may begin a character; the decoder of UTF-8 knows
            at, cuts = at + (error.end if coding == "utf-8" else error.start + 1), cuts + 1


def _written(text: str) -> str:
    """A cell's words without the formula that keeps figures from being taken for a number."""
    return _AS_TEXT.sub(r"\1", text) if text.startswith("=") else text


def _cell(text: str, *, short: bool = False) -> Cell:
    """A cell; of a row ``short`` of cells one in which half a character may have taken a bar for its other half is cut as well."""
    cut = CUT in text or (short and any(sign.encode("gb18030").endswith(b"|") for sign in text if sign > "\x7f"))
    return Cell("cut" if cut else "text", _written(text))


class CsvBook:
    """The text as a workbook of one sheet. Raises BadInput."""

    first_day_1904 = False

    def __init__(self, path: str) -> None:
        self.named = f"文件“{path}”"
        self.sheets = [SheetName(Path(path).stem[:31] or "名单", "", False)]
        text = self._decoded(path)
        self._text = text
        csv.field_size_limit(_MOST_CELL)  # a cell that is merely long is told by its place, where it is read
        (_, self._width), _, self._parting = max((_alike(text, mark), mark == ",", mark) for mark in _MARKS)

    def close(self) -> None:
        """Nothing is open."""

    def _decoded(self, path: str) -> str:
        try:
            with Path(path).open("rb") as file:
                raw = file.read(_MOST_BYTES + 1)
        except FileNotFoundError:
            raise BadInput(f"找不到{self.named}，请核对路径。") from None
        except IsADirectoryError:
            raise BadInput(f"“{path}”是一个目录，请给出 .xlsx 或 .csv 文件。") from None
        except (OSError, ValueError):
            raise BadInput(f"{self.named}读不出来，请检查权限和磁盘。") from None
        if len(raw) > _MOST_BYTES:
            raise BadInput(f"{self.named}大得不像一份名单，请分成几份。")
        for one in _codings(raw):
            text = _read(raw, one)
            if text is not None and "\0" not in text and ("\n" in text or not one.endswith(("-le", "-be"))):
                return text  # words taken for others have no line
        raise BadInput(f"{self.named}不是 UTF-8 或 GB18030 编码的文字，请另存为 .xlsx。")

    def marks(self, _: SheetName) -> Marks:
        """Text hides nothing."""
        return Marks(rows=self._text.rstrip("\n").count("\n") + 1)

    def may_say_units(self, _: SheetName) -> bool:
        """Whether words of the text may name a unit."""
        return may_say_a_unit(self._text.encode())

    def rows(self, _: SheetName) -> Iterator[Row]:
        """The records by the line that they end on, as cells of text."""
        read = csv.reader(StringIO(self._text, newline=""), delimiter=self._parting, strict=True)
        try:
            for number, record in enumerate(read, 1):
                if len(record) > MOST_COLUMNS or number > MOST_ROWS:
                    raise BadInput(f"{self.named}第 {number} 行超出能读的范围，请删去内容以外的行和列。")
                short = self._parting == "|" and len(record) < self._width
                cells = {column: _cell(text, short=short) for column, text in enumerate(record, 1) if text}
                if cells:
                    yield number, cells
        except csv.Error as error:
            what = "有太长的单元格，多半是" if "limit" in str(error) else "的"
            raise BadInput(f"{self.named}第 {read.line_num} 行{what}引号或分隔不对，请核对，或另存为 .xlsx。") from None
