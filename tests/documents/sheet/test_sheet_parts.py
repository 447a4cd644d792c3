"""What a filled form shows and what it leaves out: rows without an answer, heads over nothing, parts not applied for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.workbook.defined_name import DefinedName

from pinggu_desk.documents.sheet.fill import sheet_bytes
from pinggu_desk.documents.sheet.layout import Layout
from pinggu_desk.documents.sheet.pages import is_head
from tests.documents.sheet_samples import ANSWERS, COMPANY, Read, visit, worked


def _hidden(sheet: Any) -> set[int]:
    return {row for row, dimension in sheet.row_dimensions.items() if dimension.hidden}


def _shown(read: Read) -> list[str]:
    """The texts of the first sheet's rows that are not left out."""
    sheet = read.book.worksheets[0]
    return [str(c.value) for row in sheet.iter_rows() for c in row if c.value and c.row not in _hidden(sheet)]


def test_a_long_form_shows_only_what_this_visit_answered() -> None:
    of = visit("wltst", worked("wltst"))
    read = Read(sheet_bytes(of))
    sheet = read.book.worksheets[0]
    assert of.concerned
    facts = [read.places[stated.name].row for stated in of.stated if stated.name in of.concerned]
    assert len(facts) < len(of.stated)  # FOUND 50: what only refused items ask is not on the application
    assert facts and not set(facts) & _hidden(sheet)
    assert len(_hidden(sheet)) > 30


def test_no_head_stands_over_nothing() -> None:
    read = Read(sheet_bytes(visit("zxqy", ANSWERS["zxqy"], chosen=["zxqy.upgrade"])))
    shown = _shown(read)
    assert "技术创新、成果转化和节能减排改造补助" in shown
    assert "银税互动贷款贴息" not in shown
    sheet = read.book.worksheets[0]
    place = read.places["仅留_填报数据"]
    rows = [row for row in range(place.row, place.last_row + 1) if row not in _hidden(sheet)]
    bound = {p.row for name, p in read.places.items() if not name.startswith("仅")}
    layout = Layout(sheet)
    heads = [is_head(layout, row, bound) for row in rows]
    assert not any(one and after for one, after in zip(heads, [*heads[1:], True], strict=True))


def test_unused_rows_of_items_are_left_out() -> None:
    of = visit("ss", chosen=["ss.listing"])
    read = Read(sheet_bytes(of))
    sheet, place = read.book.worksheets[0], read.places["事项_名称"]
    assert [row in _hidden(sheet) for row in range(place.row, place.last_row + 1)] == [False, True, True, True]


def test_a_short_form_keeps_all_its_boxes() -> None:
    read = Read(sheet_bytes(visit("ss", {})))
    assert {"上市挂牌日", "上市挂牌方式"} <= set(_shown(read))


def test_rows_for_patients_are_not_shown_for_a_check_up_alone() -> None:
    checkup = _shown(
        Read(sheet_bytes(visit("yl", {"平谷区服务包企业": "是", "组织职工体检": "是"}, chosen=["yl.checkup"])))
    )
    ward = _shown(Read(sheet_bytes(visit("yl", chosen=["yl.green_channel"]))))
    assert "就医人员" not in checkup and "就医需求" not in checkup
    assert {"就医人员", "就医需求", "身份证件号码"} <= set(ward)


def test_the_exit_promise_repeats_who_promises_what() -> None:
    read = Read(sheet_bytes(visit("hs", worked("hs"))))
    promise = read.book["企业退出承诺书"]
    assert promise["A1"].value == "企业退出承诺书"
    assert read.cell("申请人名称_2").value == COMPANY.name
    assert read.cell("会商项目年产值_2").value == read.cell("会商项目年产值").value
    assert read.places["会商项目年产值_2"].sheet is promise
    assert promise.print_area and promise.protection.sheet


def test_a_studio_brings_its_plan_and_its_agreement_and_only_when_asked_for() -> None:
    both = Read(sheet_bytes(visit("gzs", worked("gzs"), chosen=["gzs.establish"]))).book
    assert [sheet.title for sheet in both.worksheets] == ["申请表", "建设方案", "帮带培养建设协议书"]
    assert all(sheet.sheet_state == "visible" for sheet in both.worksheets)
    special = Read(sheet_bytes(visit("gzs", worked("gzs"), chosen=["gzs.special"]))).book
    assert [sheet.sheet_state for sheet in special.worksheets] == ["visible", "hidden", "hidden"]


def test_an_offices_own_form_can_show_rows_on_conditions(tmp_path: Path) -> None:
    book = Workbook()
    sheet: Any = book.worksheets[0]
    sheet.title = "表"
    for row in range(1, 9):
        sheet.cell(row, 1).value = f"第{row}行"
    names = {
        "仅当_ss.listing": "$A$1", "仅当_ss.coaching": "$A$1:$A$2", "仅当_上市挂牌日": "$A$3", "仅当_拟上市挂牌": "$A$4",
        "仅留_甲": "$A$5:$A$8", "上市挂牌方式": "$B$6", "联系人": "$B$8",
    }  # fmt: skip
    for name, at in names.items():
        book.defined_names[name] = DefinedName(name, attr_text=f"表!{at}")
    path = tmp_path / "ss.xlsx"
    book.save(path)
    answers = {k: v for k, v in ANSWERS["ss"].items() if k != "拟上市挂牌"}
    read = Read(sheet_bytes(visit("ss", answers, chosen=["ss.listing"]), path))
    assert _hidden(read.book["表"]) == {2, 4}  # 5 heads 6, 7 heads 8
