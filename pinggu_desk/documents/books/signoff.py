"""The sign-off as a workbook (审签稿): a sheet to sign, and 原文 | 规则读法 | 样例 side by side with room for remarks.

What a filled one says is read back by ``read_filled``: 同意 or 不同意 a sentence, who and when, each with the print (印) of
what was read.

An office program shows no row taller than 409 points, so what a sentence has beside it runs on over as many rows as it takes.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

from pinggu_desk.documents.papers.common import formula
from pinggu_desk.documents.papers.signoff import LEGEND, SIGNOFF_TITLE
from pinggu_desk.documents.pdf.pdfdoc import save
from pinggu_desk.documents.sheet.file import workbook_bytes
from pinggu_desk.documents.sheet.guard import sound_bytes
from pinggu_desk.documents.sheet.text import clean, height, literal
from pinggu_desk.policy.errors import BadAnswer, BadInput
from pinggu_desk.policy.facts import Fact, read_answer

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

    from pinggu_desk.assess.signoff import Block, SignOff, SignOffRow

_HEAD = ("条款", "位置", "原文", "规则读法", "样例", "印", "意见", "说明")
#: column widths in characters, and what one character of them takes in points
_WIDTHS = (12, 14, 36, 62, 54, 10, 9, 24)
#: what the column 意见 takes
OPINIONS = ("同意", "不同意")
_STAMP, _OPINION = _HEAD.index("印") + 1, _HEAD.index("意见") + 1
_SIGNED = Fact.model_validate({"名": "日期", "代号": "signed_on", "类": "日期", "问": "日期"})
_POINT = 5.25
_SIZE = 10.0
_FONT = "宋体"
#: the tallest row that is made, in points
_TALLEST = 380.0
_STEP = "　　"


def make_signoff_book(told: SignOff, out: Path, made: datetime) -> None:
    """Write the sign-off of one policy to ``out`` as .xlsx in one step. Raises DeskError when it cannot be written."""
    save(signoff_xlsx(told, made), out)


def signoff_xlsx(told: SignOff, made: datetime) -> bytes:
    """The sign-off of one policy as a workbook."""
    from openpyxl import Workbook

    book = Workbook()
    front = book.worksheets[0]
    front.title = "审签"
    _front(front, told)
    _beside(book.create_sheet("逐句对照"), told)
    if told.closing or told.refused:
        _closing(book, told)
    return workbook_bytes(book, made, f"{SIGNOFF_TITLE}：{told.title}", told.product)


def _front(sheet: Worksheet, told: SignOff) -> None:
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 16, 80
    _put(sheet, 1, 1, f"{SIGNOFF_TITLE}：{told.title}", bold=True, size=16, frame=False)
    pairs = [
        ("政策编号", told.policy), ("依据", f"{told.source}；{told.known}"), ("主管部门", told.department),
        ("政策包版本", told.pack_version), *told.counts, ("怎样读", LEGEND),
    ]  # fmt: skip
    row = 3
    for name, value in [*pairs, ("审核意见", ""), ("审核人", ""), ("日期", "")]:
        _put(sheet, row, 1, name, bold=True)
        _put(sheet, row, 2, value)
        tall = 120.0 if name == "审核意见" else 30.0 if not value else height(value, _SIZE, 80 * _POINT)
        sheet.row_dimensions[row].height = math.ceil(tall)
        row += 1
    _page(sheet)


def _beside(sheet: Worksheet, told: SignOff) -> None:
    for column, (word, width) in enumerate(zip(_HEAD, _WIDTHS, strict=True), 1):
        sheet.column_dimensions[_letter(column)].width = width
        _put(sheet, 1, column, word, bold=True)
    number = 2
    for row in told.rows:
        for cells in _rows(row):
            for column, text in enumerate(cells, 1):
                _put(sheet, number, column, text, bold=row.heading)
            rooms = zip(cells, _WIDTHS, strict=True)
            sheet.row_dimensions[number].height = math.ceil(
                max(height(text, _SIZE, width * _POINT) for text, width in rooms)
            )
            number += 1
    _offer(sheet, number)
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    _page(sheet)


def _rows(row: SignOffRow) -> Iterator[tuple[str, ...]]:
    """One sentence as rows none of which is too tall: its words in the first, the rest beside and below."""
    words = [formula(row.words), *([row.doubt] if row.doubt else [])]
    middle = [line for block in row.blocks for line in _lines(block)]
    columns = [_filled(lines, width) for lines, width in
               zip((words, middle, [formula(one.words) for one in row.examples]), _WIDTHS[2:5], strict=True)]  # fmt: skip
    for index, texts in enumerate(itertools.zip_longest(*columns, fillvalue="")):
        clause = row.clause if index == 0 else f"{row.clause}（续）"
        stamp = row.stamp if index == 0 and not row.heading else ""
        yield (clause, row.place if index == 0 else "", *texts, stamp, "", "")


def _offer(sheet: Worksheet, end: int) -> None:
    """同意 and 不同意 to choose from; anything else is refused where it is typed."""
    from openpyxl.worksheet.datavalidation import DataValidation

    letter = _letter(_OPINION)
    offered = DataValidation(type="list", formula1=f'"{",".join(OPINIONS)}"', allow_blank=True, showErrorMessage=True)
    offered.errorTitle, offered.error = "意见", f"请选{'或'.join(OPINIONS)}，其他的话写在“说明”里。"
    offered.add(f"{letter}2:{letter}{max(end - 1, 2)}")
    sheet.add_data_validation(offered)


def _lines(block: Block) -> list[str]:
    return [f"【{formula(block.title)}】", *(f"{_STEP * line.level}{formula(line.words)}" for line in block.lines)]


def _filled(lines: Sequence[str], width: int) -> list[str]:
    """The lines put together into texts of which each fits into one row."""
    texts: list[str] = []
    for line in (part for whole in lines for part in _parted(whole, width)):
        joined = f"{texts[-1]}\n{line}" if texts else line
        if texts and height(joined, _SIZE, width * _POINT) <= _TALLEST:
            texts[-1] = joined
        else:
            texts.append(line)
    return texts or [""]


def _parted(line: str, width: int) -> Iterator[str]:
    """The line, or, where it alone would be too tall, its parts, each ending behind a mark if it can."""
    most = int(_TALLEST / (_SIZE * 1.6)) * int(width * _POINT / _SIZE - 2)
    while height(line, _SIZE, width * _POINT) > _TALLEST:
        end = max(line.rfind(mark, most // 2, most) for mark in "，；。") + 1 or most
        yield line[:end]
        line = line[end:]
    yield line


def _closing(book: Workbook, told: SignOff) -> None:
    sheet = book.create_sheet("附")
    sheet.column_dimensions["A"].width = 160
    number = 1
    for block in (*told.refused, *told.closing):
        _put(sheet, number, 1, block.title, bold=True)
        for line in block.lines:
            number += 1
            _put(sheet, number, 1, formula(line.words))
            sheet.row_dimensions[number].height = math.ceil(height(line.words, _SIZE, 160 * _POINT))
        number += 2
    _page(sheet)


def _put(
    sheet: Worksheet, row: int, column: int, text: str, *, bold: bool = False, size: float = _SIZE, frame: bool = True
) -> None:
    from openpyxl.styles import Alignment, Border, Font, Side

    cell: Any = sheet.cell(row, column)
    # set as text, whatever it looks like: nothing may become a formula
    if text:
        cell.value = "\n".join(map(_written, text.split("\n")))
        cell.data_type = "s"
    cell.font = Font(name=_FONT, size=size, bold=bold)
    cell.alignment = Alignment(vertical="top", wrap_text=frame)
    if frame:
        side = Side(style="thin", color="A0A0A0")
        cell.border = Border(left=side, right=side, top=side, bottom=side)


def _written(line: str) -> str:
    """A line as it stands in the file; the step that it stands in is kept, which cleaning would trim."""
    rest = line.lstrip("　")
    return line[: len(line) - len(rest)] + literal(clean(rest))


def _letter(column: int) -> str:
    return chr(ord("A") + column - 1)


def _page(sheet: Any) -> None:
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddFooter.center.text = "第 &P 页 共 &N 页"


# --- what comes back --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Filled:
    """A filled sign-off: the policy, who signed when, and each sentence's print, opinion and words as they were written."""

    policy: str
    by: str
    on: date
    opinions: tuple[tuple[str, str, str, str], ...]


def read_filled(path: Path) -> Filled:
    """What somebody wrote into a sign-off. Raises BadInput, in one sentence, for all that is wrong with the file."""
    from openpyxl import load_workbook

    book = load_workbook(BytesIO(sound_bytes(path, "审签稿")))
    if "审签" not in book.sheetnames or "逐句对照" not in book.sheetnames:
        raise BadInput(f"“{path.name}”不是本程序出的审签稿（应有“审签”和“逐句对照”两页），请选择填好的那一份。")
    front = {str(row[0]): row[1] for row in book["审签"].iter_rows(min_col=1, max_col=2, values_only=True) if row[0]}
    by, on = str(front.get("审核人") or "").strip(), _day(front.get("日期"))
    if not by or on is None:
        raise BadInput(
            f"“{path.name}”的“审签”页没有写{'审核人' if not by else '日期（如2026年3月2日）'}，请填写后再读入。"
        )
    return Filled(str(front.get("政策编号") or ""), by, on, tuple(_opinions(book["逐句对照"], path.name)))


def _opinions(sheet: Any, name: str) -> Iterator[tuple[str, str, str, str]]:
    for number, row in enumerate(sheet.iter_rows(min_row=2, max_col=len(_HEAD), values_only=True), 2):
        clause, stamp, opinion, words = (str(row[at] or "").strip() for at in (0, _STAMP - 1, _OPINION - 1, _OPINION))
        if not opinion:
            continue
        if opinion not in OPINIONS:
            raise BadInput(
                f"“{name}”第 {number} 行的意见“{opinion}”看不懂，应为{'或'.join(OPINIONS)}，其他的话写在“说明”里。"
            )
        if not stamp:
            raise BadInput(f"“{name}”第 {number} 行写了意见，但这一行不是一句原文，请写在该句的第一行。")
        yield clause, stamp, opinion, words


def _day(value: Any) -> date | None:
    """A day as it may be written into the sheet: a date of the office program's, or in words."""
    if isinstance(value, datetime):
        return value.date()
    try:
        return date.fromordinal(int(read_answer(_SIGNED, str(value or ""))))
    except (BadAnswer, ValueError):
        return None
