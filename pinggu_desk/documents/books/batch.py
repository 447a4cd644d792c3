"""A table of answers out (测算结果): streamed beside its place, put there in one step, nothing in it a formula.

The library writes a workbook of constant memory: styles, heads, filters, pages. The rows themselves are put into its stream as
they stand in the file, with words that come again and again kept once for all sheets: a row costs a tenth of what it
costs cell by cell, and the file stays small.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from xml.sax.saxutils import escape

from xlsxwriter import Workbook
from xlsxwriter.exceptions import XlsxWriterException

from pinggu_desk.documents.books.grid import column_letters
from pinggu_desk.documents.sheet.text import clean, count_lines, literal
from pinggu_desk.policy.district import here
from pinggu_desk.policy.errors import DeskError, reason_of

#: the last row that a sheet may have
SHEET_ROWS = 1_048_576
_SHARED = ' t="s"><v>'
_FIRST_DAY = date(1899, 12, 30).toordinal()
#: words that come again are kept once, up to so many different ones
_MOST_SHARED = 100_000


@dataclass(frozen=True, slots=True)
class Head:
    """A column: its head, its width in characters, and how its values are shown: words, wrapped words, numbers, money, days."""

    words: str
    width: int
    form: str = "text"


_FORMS: dict[str, dict[str, Any]] = {
    "text": {"num_format": "@"}, "wrap": {"num_format": "@", "text_wrap": True},
    "number": {"num_format": "#,##0", "align": "center"}, "money": {"num_format": "#,##0.00"}, "day": {"num_format": "yyyy-mm-dd"},
    "place": {"num_format": "0", "align": "center"}, "any": {},
}  # fmt: skip
_DRESS = {"font_name": "宋体", "font_size": 10, "valign": "top", "bottom": 4, "bottom_color": "#9AA5B1"}
#: a list of more characters than this would be too small to read on A4
_A4_HOLDS = 150

#: the type's size, the height of a line of it, and the width of a figure, in points
_SIZE, _LINE, _DIGIT = 10, 13.5, 5.25
#: the tallest row that an office program shows holds so many lines
_MOST_LINES = 30

Value = str | int | float | date | None


class BatchBook:
    """A workbook being written. Leaving the context without :meth:`save` leaves nothing behind."""

    def __init__(self, out: Path, made: datetime) -> None:
        self.out, self._made = out, made
        self._sheets: list[BatchSheet] = []
        self._shared: dict[str, int] = {}

    def __enter__(self) -> BatchBook:
        try:
            # composed beside the result, not in the system's folder for temporary files: answers stay where they belong
            self._folder = TemporaryDirectory(prefix=f".{self.out.name}.", dir=self.out.parent)
        except OSError as error:
            raise self.failed(error) from error
        self._part = Path(self._folder.name) / "part.xlsx"
        self.book: Any = Workbook(
            str(self._part),
            {
                "constant_memory": True, "in_memory": False, "tmpdir": self._folder.name, "strings_to_formulas": False,
                "strings_to_urls": False, "strings_to_numbers": False,
            },
        )  # fmt: skip
        self.styles = {name: self.book.add_format({**_DRESS, **form}) for name, form in _FORMS.items()}
        dress = {
            **_DRESS,
            "bold": True,
            "text_wrap": True,
            "bg_color": "#E8EDF2",
            "valign": "vcenter",
            "num_format": "@",
        }
        aligned = {"number": "center", "place": "center", "money": "right"}
        self.headings = {name: self.book.add_format({**dress, "align": aligned.get(name, "left")}) for name in _FORMS}
        return self

    def __exit__(self, *_: object) -> None:
        for sheet in self._sheets:
            with suppress(Exception):  # a stream that failed may be closed already
                sheet.give_up()
        self.book.fileclosed = True  # the library would write what is given up, and say so
        self._folder.cleanup()

    def failed(self, error: OSError) -> DeskError:
        """The sentence for a result that could not be written."""
        reason = reason_of(error)
        return DeskError(
            f"结果没有写成：{self.out}（{reason}），请检查文件夹是否可写、有空间，文件是否正被打开，再试一次。"
        )

    def sheet(self, title: str, heads: Sequence[Head], still: int = 1) -> BatchSheet:
        """Open a sheet with its head; the head and the first ``still`` columns stay in sight."""
        sheet = BatchSheet(self, title, heads, still)
        self._sheets.append(sheet)
        return sheet

    def shared(self, words: str) -> int:
        """The number of words in the file's table of texts."""
        found = self._shared.get(words)
        if found is None:
            found = self._shared[words] = self.book.str_table._get_shared_string_index(literal(clean(words)))
        return found

    def save(self) -> None:
        """Close the sheets and put the file in place. Raises DeskError, naming the file and the remedy."""
        moment = self._made.replace(tzinfo=None, microsecond=0)
        self.book.set_properties({"title": "批量测算结果", "author": here().program, "created": moment})
        try:
            for sheet in self._sheets:
                sheet.close()
            self.book.str_table.count = sum(sheet.texts for sheet in self._sheets) or self.book.str_table.count
            self.book.close()
            os.replace(self._part, self.out)
        except OSError as error:
            raise self.failed(error) from error
        except XlsxWriterException as error:
            cause = error.args[0] if error.args and isinstance(error.args[0], OSError) else OSError(str(error))
            raise self.failed(cause) from error


class BatchSheet:
    """A sheet that is written from above to below, and goes on on another one when it is full."""

    def __init__(self, book: BatchBook, title: str, heads: Sequence[Head], still: int) -> None:
        self._book, self._title, self._heads, self._still = book, title, tuple(heads), still
        self._parts = 0
        self.rows = self.texts = 0
        letters = [column_letters(number) for number in range(1, len(heads) + 1)]
        styles = [book.styles[head.form]._get_xf_index() for head in heads]
        self._starts = [f'<c r="{letter}' for letter in letters]
        self._ends = [f'" s="{style}"' for style in styles]
        self._known: list[dict[Value, str]] = [{} for _ in heads]
        self._bodies = [known.get for known in self._known]
        #: columns whose words are wrapped: how many characters surely fit one line, and the room of a line in points
        self._wrapped = [(place, (head.width - 2) // 2) for place, head in enumerate(heads) if head.form == "wrap"]
        self._rooms = [head.width * _DIGIT for head in heads]
        self._open()

    def _open(self) -> None:
        self._parts += 1
        title = self._title if self._parts == 1 else f"{self._title}{self._parts}"
        sheet = self._sheet = self._book.book.add_worksheet(title)
        for number, head in enumerate(self._heads):
            sheet.set_column(number, number, head.width)
        sheet.freeze_panes(1, self._still)
        sheet.repeat_rows(0)
        sheet.set_landscape()
        sheet.set_paper(8 if sum(head.width for head in self._heads) > _A4_HOLDS else 9)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.5, right=0.5)
        sheet.set_footer("&C第 &P 页 共 &N 页")
        sheet.set_row(0, 2 * _LINE + 3)
        for number, head in enumerate(self._heads):
            sheet.write_string(0, number, head.words, self._book.headings[head.form])
        sheet._write_single_row(1)
        self._stream = sheet.row_data_fh
        self._used = 1

    def close(self) -> None:
        """Set what is known only at the end: how far the sheet goes."""
        self._sheet.dim_rowmax = self._used - 1
        self._sheet.autofilter(0, 0, max(self._used - 1, 1), len(self._heads) - 1)

    def give_up(self) -> None:
        """Close the stream."""
        self._stream.close()

    def write(self, rows: Sequence[Sequence[Value]]) -> None:
        """Write rows, each a value a column. Raises DeskError where the disk takes no more."""
        try:
            while rows:
                if self._used == SHEET_ROWS:
                    self.close()
                    self._open()
                taken = rows[: SHEET_ROWS - self._used]
                data = "".join([self._row(number, row) for number, row in enumerate(taken, self._used + 1)])
                self.texts += data.count(_SHARED)
                self._stream.write(data)
                self._used += len(taken)
                self.rows += len(taken)
                rows = rows[len(taken) :]
        except OSError as error:
            raise self._book.failed(error) from error

    def _row(self, number: int, row: Sequence[Value]) -> str:
        at = str(number)
        cells = [
            f"{start}{at}{known(value) or self._cell(value, place)}"
            for place, (start, known, value) in enumerate(zip(self._starts, self._bodies, row, strict=True))
        ]
        # not every office program makes a row as high as its wrapped words when it opens a file
        lines = 1
        for place, fits in self._wrapped:
            value = row[place]
            if isinstance(value, str) and len(value) > fits:
                lines = max(lines, _lines(value, self._rooms[place]))
        high = f' ht="{min(lines, _MOST_LINES) * _LINE:g}" customHeight="1"' if lines > 1 else ""
        return f'<row r="{at}"{high}>{"".join(cells)}</row>'

    def _cell(self, value: Value, place: int) -> str:
        """A cell from behind its reference; the first of a column are remembered."""
        end, known = self._ends[place], self._known[place]
        if value is None or value == "":
            body = f"{end}/>"
        elif isinstance(value, str):
            return self._text(value, place)
        elif isinstance(value, date):
            body = f"{end}><v>{value.toordinal() - _FIRST_DAY}</v></c>"
        else:
            body = f"{end}><v>{value!r}</v></c>"
        if len(known) < _MOST_SHARED // 10:
            known[value] = body
        return body

    def _text(self, words: str, place: int) -> str:
        """A cell of words; the first of a column are kept once for all sheets, later ones where they stand."""
        end, known = self._ends[place], self._known[place]
        if len(known) < _MOST_SHARED // 10 and len(self._book._shared) < _MOST_SHARED:
            body = known[words] = f"{end}{_SHARED}{self._book.shared(words)}</v></c>"
            return body
        text = escape(literal(clean(words)))
        return f'{end} t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


@lru_cache(maxsize=1 << 14)
def _lines(words: str, room: float) -> int:
    """How many lines wrapped words take."""
    return count_lines(clean(words), _SIZE, room)
