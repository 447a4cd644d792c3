"""The audit trail (审计记录) as a workbook: an entry a row, to sort, filter and file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from pinggu_desk.documents.books.listbook import MOMENT_FORMAT, Column, fill_list, fill_pairs, new_book
from pinggu_desk.documents.sheet.file import workbook_bytes
from pinggu_desk.documents.sheet.values import Number, Value
from pinggu_desk.policy.district import here

TRAIL_TITLE = "审计记录"
_COLUMNS = (
    Column("条号", 9), Column("时间", 18, MOMENT_FORMAT), Column("工号", 10), Column("事项", 18), Column("对象", 28),
    Column("说明", 60),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class TrailLine:
    """An entry as the workbook lists it."""

    number: int
    at: datetime
    clerk_no: str
    event: str
    subject: str
    detail: str


def trail_book_bytes(
    lines: Sequence[TrailLine], made: datetime, *, office: str = "", clerk: str = "", picked: str = "全部", anchor: str = ""
) -> bytes:  # fmt: skip
    """The entries as .xlsx: 审计记录, 说明. ``picked`` says which they are, ``anchor`` is the trail's head (登记库校验)."""
    book, sheet = new_book(TRAIL_TITLE)
    rows: list[list[Value | None]] = [
        [Number(Fraction(e.number)), e.at, e.clerk_no, e.event, e.subject, e.detail] for e in lines
    ]
    fill_list(sheet, _COLUMNS, rows, still=1)
    notes = [
        ("范围", picked), ("条数", str(len(lines))), ("导出时间", f"{made:%Y-%m-%d %H:%M}"), ("导出人", clerk), ("单位", office),
        ("登记库校验", anchor),
        ("说明", "申请人、办件、文书都以编号表示，不含姓名和证件号码；登记库校验可在“审计”栏目或用 audit verify 核对。"),
    ]  # fmt: skip
    fill_pairs(book.create_sheet("说明"), TRAIL_TITLE, [(name, value) for name, value in notes if value])
    return workbook_bytes(book, made, TRAIL_TITLE, office or here().program)
