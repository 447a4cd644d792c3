"""The ledger (台账) as a workbook, opened again: real days and sums, nothing a formula, nothing that a paper doesn't say."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from pinggu_desk.documents.books.ledger import LedgerCase, LedgerPaper
from pinggu_desk.documents.books.ledgerbook import ledger_book_bytes
from tests.documents.paper_samples import ELIGIBLE, REFUSED, REVIEW, SERVICE, UNKNOWN

MADE = datetime(2026, 11, 24, 9, 30)
STATED = json.dumps([d.to_json() for d in (ELIGIBLE, UNKNOWN, REVIEW, SERVICE, REFUSED)], ensure_ascii=False)
LETTER = LedgerPaper("PG-3-20261124-0001-01", "政策符合性告知书", "示例.pdf", MADE, "003", STATED)
CASE = LedgerCase(
    "PG-3-20261124-0001", "示例桃源科技有限公司", "平谷区进一步鼓励和促进企业上市办法", date(2026, 11, 24),
    datetime(2026, 11, 24, 9, 5), "已出具", "003", "2024.02-3", (LETTER,),
)  # fmt: skip


def opened(*cases: LedgerCase, **about: Any) -> openpyxl.Workbook:
    return openpyxl.load_workbook(BytesIO(ledger_book_bytes(cases, MADE, **about)))


def rows(book: openpyxl.Workbook, name: str) -> list[dict[str, Any]]:
    head, *lines = book[name].iter_rows(values_only=True)
    return [dict(zip(map(str, head), line, strict=True)) for line in lines]


def test_a_case_is_a_row_with_real_days_and_sums() -> None:
    (row,) = rows(opened(CASE), "台账")
    assert row["办件编号"] == CASE.number and row["申请人"] == CASE.applicant
    assert row["判断日"] == datetime(2026, 11, 24) and row["开办时间"] == CASE.opened_at
    assert row["文书（件）"] == 1 and row["可申请（项）"] == 2
    assert row["按条款计算的资金（元）"] == 10_000_000  # the listing award; the ceiling of an open one is not added


def test_findings_come_from_the_latest_paper_and_ceilings_are_no_sums() -> None:
    older = replace(LETTER, determinations_json="[]")
    later = replace(LETTER, serial="PG-3-20261124-0001-02")
    found = {row["支持事项"]: row for row in rows(opened(replace(CASE, papers=(older, later))), "结论")}
    assert {row["依据文书"] for row in found.values()} == {"PG-3-20261124-0001-02"}
    assert found[ELIGIBLE.title]["确定金额（元）"] == 10_000_000
    assert found[UNKNOWN.title]["确定金额（元）"] is None and found[UNKNOWN.title]["上限（元）"] == 8_000_000
    assert found[REVIEW.title]["金额口径"] == "金额未公布，由主管部门核定"
    assert found[REFUSED.title]["结论"] == "不符合" and found[REFUSED.title]["金额口径"] in (None, "")


def test_papers_are_listed_with_when_and_by_whom() -> None:
    (row,) = rows(opened(CASE), "文书")
    assert (row["文书编号"], row["出具时间"], row["经办人工号"]) == (LETTER.serial, MADE, "003")


def test_heads_are_frozen_filtered_and_the_notes_say_what_it_is() -> None:
    book = opened(CASE, office="示例街道政务服务中心", clerk="示例经办 003", picked="状态：已出具", practice=True)
    assert book.sheetnames == ["台账", "文书", "结论", "说明"]
    for name in book.sheetnames[:3]:
        sheet = book[name]
        assert sheet.freeze_panes is not None and sheet.freeze_panes.endswith("2")
        assert sheet.auto_filter.ref == sheet.dimensions and sheet.print_title_rows == "$1:$1"
    notes: dict[Any, Any] = {row[0].value: row[1].value for row in book["说明"].iter_rows(min_row=2)}
    assert notes["范围"] == "状态：已出具" and notes["办件数"] == 1 and "演练" in notes
    assert "不含证件号码" in notes["个人信息"] and "审计" in notes["个人信息"]


def test_no_case_no_paper_and_a_paper_that_says_nothing_readable() -> None:
    assert rows(opened(), "台账") == []
    (row,) = rows(opened(replace(CASE, papers=())), "台账")
    assert row["文书（件）"] == 0 and row["按条款计算的资金（元）"] is None and row["可申请（项）"] is None
    broken = replace(LETTER, determinations_json="{")
    assert rows(opened(replace(CASE, papers=(broken,))), "结论") == []


@pytest.mark.parametrize(
    "text", ['=HYPERLINK("x")', "+1", "-1", "@A", "示\u202e例\x07", "<b>&", "示例" * 300, "_x0041_", "\ud800"]
)
def test_no_name_becomes_a_formula(text: str) -> None:
    paper = replace(LETTER, file_name=text, kind=text)
    book = opened(replace(CASE, applicant=text, policy=text, papers=(paper,)), office=text, clerk=text, picked=text)
    assert all(cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row)


def test_the_same_ledger_gives_the_same_bytes() -> None:
    assert ledger_book_bytes((CASE,), MADE) == ledger_book_bytes((CASE,), MADE)
