"""A list of applicants in (名单): one row each, a header row of facts' names or codes; read in chunks, never whole.

Cells are read as the desk reads answers. Numbers of the commonest kind take a short way that gives the same value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from pinggu_desk.assess.engine import read_answers
from pinggu_desk.policy.errors import BadAnswer, BadInput
from pinggu_desk.policy.facts import Fact, read_answer
from pinggu_desk.policy.models import Pack
from pinggu_desk.policy.quantity import UNITS, Dim

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

#: as many different answers of a column are remembered
_REMEMBERED = 4096


@dataclass(frozen=True, slots=True)
class Listed:
    """One applicant: the row's number in its sheet, the cells as they stand there, and their read values (None: empty)."""

    row: int
    shown: tuple[Any, ...]
    values: tuple[int | str | None, ...]


class EnterpriseList:
    """An open list: its facts by column, then its rows. Use as a context manager; raises BadInput naming the place."""

    def __init__(self, path: str, pack: Pack) -> None:
        self.path = path
        self._book = _open(path)
        sheets = [sheet for sheet in self._book.worksheets if sheet.sheet_state == "visible"]
        self._sheet: Any = (sheets or self._book.worksheets)[0]
        #: how many applicants the file claims to have; 0 where it does not say
        self.claimed = (self._sheet.max_row or 1) - 1
        self._sheet.reset_dimensions()  # a file may claim fewer rows than it has
        self._cells = self._sheet.iter_rows()
        self.facts = self._head(pack)
        self._readers = [_reader(fact) for fact in self.facts]

    def __enter__(self) -> EnterpriseList:
        return self

    def __exit__(self, *_: object) -> None:
        self._book.close()

    def place(self, row: int, column: int) -> str:
        """``文件“名单.xlsx”工作表“Sheet1”C5``."""
        return f"文件“{self.path}”工作表“{self._sheet.title}”{get_column_letter(column)}{row}"

    def chunks(self, rows: int) -> Iterator[list[Listed]]:
        """The applicants, so many at a time; rows without any entry are passed over."""
        chunk: list[Listed] = []
        for number, cells in enumerate(self._cells, 2):
            listed = self._row(number, cells)
            if listed is not None:
                chunk.append(listed)
            if len(chunk) == rows:
                yield chunk
                chunk = []
        if chunk:
            yield chunk

    def _row(self, number: int, cells: tuple[Any, ...]) -> Listed | None:
        width = len(self._readers)
        shown = [cell.value for cell in cells[:width]] + [None] * (width - len(cells))
        values: list[int | str | None] = [None] * width
        for column, value in enumerate(shown):
            if value is None or value == "":
                continue
            try:
                values[column] = self._readers[column](value, cells[column])
            except BadAnswer as error:
                raise BadInput(f"{self.place(number, column + 1)}：{error.sentence}") from None
        for column, cell in enumerate(cells[width:], width + 1):
            if cell.value is not None:
                raise BadInput(f"{self.place(number, column)}有内容，而这一列没有列名，请补上列名或清空。")
        return Listed(number, tuple(shown), tuple(values)) if any(v is not None for v in values) else None

    def _head(self, pack: Pack) -> list[Fact]:
        names = [cell.value for cell in next(self._cells, ())]
        while names and names[-1] in (None, ""):
            names.pop()
        if not names:
            raise BadInput(f"文件“{self.path}”工作表“{self._sheet.title}”的第一行是空的，请写填报项的名称作列名。")
        facts: list[Fact] = []
        for column, name in enumerate(names, 1):
            place = self.place(1, column)
            if name in (None, ""):
                raise BadInput(f"{place}没有列名，请写填报项的名称，或删去这一列。")
            key = str(name).strip()
            try:
                read_answers(pack, {key: None})
            except BadAnswer as error:
                raise BadInput(f"{place}：{error.sentence}") from None
            fact = pack.fact(key)
            assert fact is not None
            if fact in facts:
                raise BadInput(f"{place}：填报项“{fact.name}”已有一列，请只留一列。")
            facts.append(fact)
        return facts


def _open(path: str) -> Workbook:
    try:
        return load_workbook(path, read_only=True)
    except FileNotFoundError:
        raise BadInput(f"找不到文件“{path}”，请核对路径。") from None
    except (InvalidFileException, BadZipFile, KeyError, ValueError):
        raise BadInput(f"文件“{path}”不是能读的 Excel 工作簿，请另存为 .xlsx。") from None
    except IsADirectoryError:
        raise BadInput(f"“{path}”是一个目录，请给出 .xlsx 文件。") from None
    except OSError:
        raise BadInput(f"文件“{path}”读不出来，请检查权限和磁盘。") from None


_Reader = Callable[[Any, Any], "int | str"]


def _reader(fact: Fact) -> _Reader:
    """How the cells of a fact's column are read: remembered answers first, then the short way, then the desk's way."""
    known: dict[tuple[type, Any], int | str] = {}
    short = _short_way(fact)

    def read(value: Any, cell: Any) -> int | str:
        if fact.dim is Dim.RATE and not isinstance(value, str) and "%" in (cell.number_format or ""):
            value = f"{_trimmed(value * 100)}%"  # a cell that shows 5% holds 0.05
        key = (type(value), value)
        found = known.get(key)
        if found is None:
            found = short(value)
            if found is None:
                found = read_answer(fact, _as_typed(fact, value, cell))
            if len(known) < _REMEMBERED:
                known[key] = found
        return found

    return read


def _short_way(fact: Fact) -> Callable[[Any], int | None]:
    """Numbers in the fact's unit and real dates, where the value is exact and within bounds; None for all else."""
    least, most = fact.bounds
    if fact.dim is Dim.DATE:
        return lambda value: _day(value, least, most)
    if fact.dim in (Dim.TEXT, Dim.TRUTH, Dim.OPTION):
        return lambda _: None
    factor = UNITS[fact.input_unit][1]
    if factor.denominator != 1:
        return lambda _: None
    times = int(factor)

    def number(value: Any) -> int | None:
        if type(value) is int:
            whole = value * times
        elif type(value) is float and abs(value) < _EXACT:
            whole = round(value * times)
            if whole / times != value:  # not the number that was typed
                return None
        else:
            return None
        return whole if least <= whole <= most else None

    return number


def _day(value: Any, least: int, most: int) -> int | None:
    if not isinstance(value, datetime) or value.time() != _MIDNIGHT:
        return None
    day = value.toordinal()
    return day if least <= day <= most else None


_MIDNIGHT = datetime.min.time()
#: below this, a float tells apart all numbers of two decimals
_EXACT = 2.0**40


def _as_typed(fact: Fact, value: Any, cell: Any) -> Any:
    """A cell as a clerk would have typed it. Raises BadAnswer for a formula, whose value is not in the file for sure."""
    if isinstance(value, str) and value.startswith("=") and (fact.dim is not Dim.TEXT or cell.data_type == "f"):
        raise BadAnswer(f"“{fact.name}”填的是公式，请复制后选择性粘贴为数值。")
    if isinstance(value, (datetime, date)) and fact.dim in (Dim.DATE, Dim.TEXT):
        return value.strftime("%Y-%m-%d")
    if isinstance(value, float):
        return _trimmed(value)
    if fact.dim is Dim.TEXT and not isinstance(value, str):
        return str(value)
    return value


def _trimmed(value: float) -> str:
    """A number as an office program shows it: 15 figures, which hides that 0.1 + 0.2 is a little more than 0.3."""
    text = f"{value:.15g}"
    with suppress(ValueError):
        return str(int(text))
    return text
