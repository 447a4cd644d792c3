"""A table of answers out (测算结果): written row by row beside its place, put there in one step, nothing a formula.

Sheets: 汇总, one row an applicant; 明细, one row an applicant and benefit that isn't ruled out (continued on further
sheets where a sheet is full); 名单问题, the cells of the list that could not be taken, where there are any; 说明, what the
figures mean, what they were judged by and how the list was read.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._writer import ALL_TEMP_FILES, WorksheetWriter

from pinggu_desk.documents.sheet.text import clean, literal
from pinggu_desk.policy.errors import DeskError

#: the last row that a sheet may have
SHEET_ROWS = 1_048_576
MONEY = "#,##0.00"
_DAY = "yyyy-mm-dd"


class BatchBook:
    """A workbook being written. Leaving the context without :meth:`save` leaves nothing behind."""

    def __init__(self, out: Path, about: Sequence[tuple[str, str]], made: datetime) -> None:
        self.out, self._about, self._made = out, about, made
        self._book = Workbook(write_only=True)
        self._used = 0
        self._styled: dict[tuple[int, str], Any] = {}
        self._detail_head: tuple[list[str], list[int]] = ([], [])
        self._details = 0

    def __enter__(self) -> BatchBook:
        try:
            self._folder = TemporaryDirectory(prefix=f".{self.out.name}.", dir=self.out.parent)
        except OSError as error:
            raise self._failed(error) from error
        return self

    def __exit__(self, *_: object) -> None:
        for sheet in self._book.worksheets:
            with suppress(Exception):  # a sheet that was given up may be closed already
                sheet.close()
        self._folder.cleanup()

    def _failed(self, error: OSError) -> DeskError:
        reason = error.strerror or type(error).__name__
        return DeskError(
            f"结果没有写成：{self.out}（{reason}），请检查文件夹是否可写、有空间，文件是否正被打开，再试一次。"
        )

    def start(self, summary: tuple[list[str], list[int]], detail: tuple[list[str], list[int]]) -> None:
        """Open the sheets with their head rows, each a list of words and of column widths."""
        self._summary = self._sheet("汇总", *summary)
        self._detail_head = detail
        self._detail = self._next_detail()

    def _sheet(self, title: str, words: list[str], widths: list[int]) -> Any:
        sheet: Any = self._book.create_sheet(title)
        for index, width in enumerate(widths):
            sheet.column_dimensions[get_column_letter(index + 1)].width = width
        sheet.freeze_panes = "A2"
        # composed beside the result, not in the system's folder for temporary files: answers stay where they belong
        path = str(Path(self._folder.name) / f"{len(self._book.worksheets)}.xml")
        ALL_TEMP_FILES.append(path)
        sheet._writer = WorksheetWriter(sheet, path)
        sheet._writer.write_top()
        sheet.append([self._bold(sheet, word) for word in words])
        return sheet

    def _next_detail(self) -> Any:
        self._details += 1
        self._used = 1
        title = "明细" if self._details == 1 else f"明细{self._details}"
        return self._sheet(title, *self._detail_head)

    @staticmethod
    def _bold(sheet: Any, word: str) -> Any:
        cell: Any = WriteOnlyCell(sheet, word)
        cell.font, cell.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="center")
        return cell

    # --- cells ---

    def money(self, place: int, fen: int | None) -> Any:
        """Fen as a number in yuan; ``place`` tells apart the cells of one row, which are used again for the next."""
        return None if fen is None else self._format(place, MONEY, Decimal(fen).scaleb(-2))

    def given(self, place: int, value: Any) -> Any:
        """A cell of the list as it was given: dates as dates, text as text whatever it looks like."""
        if isinstance(value, (datetime, date)):
            return self._format(place, _DAY, value)
        return self.text(value) if isinstance(value, str) else value

    def text(self, words: str) -> Any:
        """Text, also where it begins like a formula."""
        words = literal(clean(words))
        if not words.startswith("="):
            return words
        cell: Any = WriteOnlyCell(self._summary)
        cell._value, cell.data_type = words, "s"
        cell.number_format = "@"  # and a cell without a format would be used again by the library for the next value
        return cell

    def _format(self, place: int, form: str, value: Any) -> Any:
        cell = self._styled.get((place, form))
        if cell is None:
            cell = self._styled[place, form] = WriteOnlyCell(self._summary)
            cell.number_format = form
        cell.value = value
        cell.number_format = form
        return cell

    # --- rows ---

    def summary(self, cells: list[Any]) -> None:
        """One applicant."""
        self._summary.append(cells)

    def detail(self, cells: list[Any]) -> None:
        """One applicant and benefit."""
        if self._used == SHEET_ROWS:
            self._detail = self._next_detail()
        self._detail.append(cells)
        self._used += 1

    def save(self, problems: Sequence[Sequence[Any]] = (), read: Sequence[str] = ()) -> None:
        """Close the sheets and put the file in place. Raises DeskError, naming the file and the remedy.

        ``problems`` are the rows of 名单问题 (sheet, row, column, its head, what was given, the sentence); ``read`` says how
        the list was read.
        """
        if problems:
            sheet = self._sheet(
                "名单问题", ["工作表", "行", "列", "列名", "所填内容", "问题和改法"], [14, 8, 6, 22, 30, 90]
            )
            for row in problems:
                sheet.append([self.text(cell) if isinstance(cell, str) else cell for cell in row])
        sheet = self._sheet("说明", ["项", "内容"], [18, 110])
        for name, words in (*self._about, *(("名单", line) for line in read)):
            sheet.append([name, self.text(words)])
        part = Path(self._folder.name) / "part"
        moment = self._made.replace(tzinfo=None, microsecond=0)
        self._book.properties.created = self._book.properties.modified = moment
        self._book.properties.title, self._book.properties.creator = "批量测算结果", "平谷惠企窗口"
        try:
            self._book.save(part)
            os.replace(part, self.out)
        except OSError as error:
            raise self._failed(error) from error
