"""The application sheet opened again: what stands there is what was found, with its type, in its place."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import MergedCell
from openpyxl.workbook.defined_name import DefinedName

from pinggu_desk.assess.awards import Award
from pinggu_desk.documents.sheet.fill import make_sheet, sheet_bytes
from pinggu_desk.documents.sheet.layout import Layout
from pinggu_desk.documents.sheet.names import form_path
from pinggu_desk.documents.sheet.text import height
from pinggu_desk.documents.sheet.values import applied
from pinggu_desk.documents.visit import Party, Stated, Together, Visit
from pinggu_desk.policy.capital import rmb_capital
from pinggu_desk.policy.errors import BadInput, DeskError
from tests.documents.sheet_samples import ANSWERS, COMPANY, ON, SRDI, Read, visit

POLICIES = sorted(ANSWERS)


def _fen(value: object) -> int:
    fen = Decimal(str(value)) * 100
    assert fen == int(fen)
    return int(fen)


def _read(of: Visit, template: Path | None = None) -> Read:
    return Read(sheet_bytes(of, template))


def _everything(policy: str, *, practice: bool = False) -> Visit:
    """A visit that applies for all that the policy offers, with nothing answered."""
    return replace(visit(policy, {}, practice=practice), asked_for=None, concerned=None)


# --- figures ---


@pytest.mark.parametrize("policy", POLICIES)
def test_every_figure_is_the_determinations_own_to_the_fen(policy: str) -> None:
    of = visit(policy)
    read = _read(of)
    listed = applied(of)
    assert listed
    names = [value for value in read.column("事项_名称") if value]
    assert names == [d.title for d in listed[: len(names)]]
    amounts = read.column("事项_金额") if "事项_金额" in read.places else []
    for d, value in zip(listed, amounts, strict=False):
        if d.status == "eligible" and d.figure == "computed":
            assert d.amount_fen is not None and _fen(value) == d.amount_fen
        else:
            assert value == d.headline_in(
                lambda fen: f"{fen // 100:,}" + (f".{fen % 100:02d}" if fen % 100 else "") + " 元"
            )  # FOUND 49: 金额（元） is in yuan


def test_a_sum_with_fen_is_written_digit_by_digit_and_in_capitals() -> None:
    of = visit("ss", chosen=["ss.listing"])
    read = _read(of)
    expected = 800_000_000 - 123_456_789
    assert [d.amount_fen for d in of.determinations] == [expected]
    assert _fen(read.cell("事项_金额").value) == expected
    assert _fen(read.cell("合计金额").value) == expected
    assert read.cell("合计大写").value == rmb_capital(expected) == "人民币陆佰柒拾陆万伍仟肆佰叁拾贰元壹角壹分"
    with ZipFile(BytesIO(read.data)) as file:
        assert b"<v>6765432.11</v>" in file.read("xl/worksheets/sheet1.xml")


def test_a_ceiling_is_never_added_up() -> None:
    read = _read(visit("zxqy", chosen=["zxqy.upgrade"]))
    assert read.cell("事项_金额").value == "最高 800,000.06 元"
    assert "上限" in read.cell("事项_口径").value
    assert read.cell("合计金额").value == "以审定为准"
    assert read.cell("合计大写").value is None


def test_one_open_figure_leaves_the_whole_total_to_review() -> None:
    read = _read(visit("zxqy", SRDI, chosen=["zxqy.srdi", "zxqy.upgrade"]))
    by_name = dict(zip(read.column("事项_名称"), read.column("事项_金额"), strict=True))
    assert by_name["专精特新企业奖励"] == 100_000
    assert (read.cell("合计金额").value, read.cell("合计大写").value) == ("以审定为准", None)


def test_a_service_neither_counts_nor_hinders_the_total() -> None:
    read = _read(visit("ss"))
    assert "上市企业长效服务" in read.column("事项_名称")
    assert _fen(read.cell("合计金额").value) == 676_543_211


def test_of_sums_of_which_only_one_may_be_had_the_sheet_counts_what_the_letter_counts() -> None:
    """Found by an officer with the manual alone: 70万元 in capitals on the sheet, 50万元 on the letter of the same visit."""
    of = visit("ss", chosen=["ss.listing"])
    own = of.determinations[0]
    assert own.amount_fen == 676_543_211 and of.applying == Together()
    cut = replace(of, applying=Together(None, ("",), ((own.benefit, 500_000_000),)))
    read = _read(cut)
    assert _fen(read.cell("事项_金额").value) == own.amount_fen
    assert _fen(read.cell("合计金额").value) == 500_000_000
    assert read.cell("合计大写").value == rmb_capital(500_000_000)
    assert "合计已按只能取其一的规定和限额计算" in read.cell("事项说明").value
    assert "只能取其一" not in (_read(of).cell("事项说明").value or "")


def test_where_no_money_is_offered_there_is_no_total_not_even_nought() -> None:
    read = _read(visit("ss", {**ANSWERS["ss"], "拟上市挂牌": "是"}, chosen=["ss.coaching"]))
    assert read.cell("事项_金额").value == "服务事项"
    assert (read.cell("合计金额").value, read.cell("合计大写").value) == (None, None)


def test_what_is_refused_is_not_applied_for_but_named() -> None:
    read = _read(visit("ss"))
    assert "新三板创新层挂牌奖励" not in read.column("事项_名称")
    assert "新三板创新层挂牌奖励" in read.cell("事项说明").value


def test_a_figure_on_an_ambiguous_clause_says_so() -> None:
    assert "口径待主管部门确认" in _read(visit("tztc")).cell("事项_口径").value


def test_the_scores_stand_with_their_bands_and_sum() -> None:
    read, (found,) = _read(visit("tztc")), visit("tztc").determinations
    assert read.column("指标_得分") == [i.score for i in found.indicators]
    assert read.column("指标_分档") == [i.bound for i in found.indicators]
    assert read.cell("得分合计").value == found.score == sum(read.column("指标_得分"))


# --- what was stated ---


def test_stated_facts_are_typed() -> None:
    read = _read(visit("tztc"))
    assert read.cell("税收贡献").value == 1_805_000
    assert read.cell("能源节约量").value == 120.5
    assert read.cell("占地规模").value == 12_000.25
    assert read.cell("职工人数").value == 45
    assert read.cell("列入年度调整退出计划").value == "是"
    assert {read.cell(n).data_type for n in ("税收贡献", "能源节约量", "占地规模", "职工人数")} == {"n"}


def test_days_are_days_and_codes_are_text() -> None:
    read = _read(visit("ss"))
    for name, day in (
        ("上市挂牌日", datetime(2026, 10, 10)),
        ("制表日期", datetime(2026, 11, 24)),
        ("判断日", datetime(2026, 11, 24)),
    ):
        assert (read.cell(name).value, read.cell(name).number_format) == (day, 'yyyy"年"m"月"d"日"')
    for name in ("统一社会信用代码", "联系电话", "编号"):
        assert (read.cell(name).data_type, read.cell(name).number_format) == ("s", "@")
    assert read.cell("统一社会信用代码").value == COMPANY.code


def test_a_code_of_digits_alone_stays_text() -> None:
    read = _read(visit("ss", party=replace(COMPANY, code="110117000000000000", phone="01000000000")))
    assert read.cell("联系电话").value == "01000000000"
    assert isinstance(read.cell("统一社会信用代码").value, str)


def test_an_identity_number_is_masked() -> None:
    person = Party("示例人", "110117199001011230", kind="个人")
    read = _read(visit("yl", party=person))
    assert read.cell("统一社会信用代码").value == "110117********1230"
    assert not any("19900101" in text for text in read.texts())


def test_what_was_not_answered_leaves_its_cell_empty() -> None:
    answers = {k: v for k, v in ANSWERS["tztc"].items() if k not in ("职工人数", "列入年度调整退出计划")}
    read = _read(visit("tztc", answers))
    assert read.cell("职工人数").value is None
    assert read.cell("列入年度调整退出计划").value is None


def test_what_the_register_knows_is_a_sum_as_well() -> None:
    answers = {k: v for k, v in ANSWERS["ss"].items() if k != "已领上市挂牌奖励"}
    read = _read(visit("ss", answers, awards=[Award("ss", "ss.neeq", 100_000_050, date(2024, 5, 6))]))
    assert (read.cell("已领上市挂牌奖励").data_type, _fen(read.cell("已领上市挂牌奖励").value)) == ("n", 100_000_050)


def test_materials_say_what_is_in_and_what_is_to_come() -> None:
    read = _read(visit("ss", materials={"licence": "已收", "other": "不适用"}))
    states = dict(zip(read.column("材料_名称"), read.column("材料_状态"), strict=True))
    assert states["上市、挂牌企业营业执照副本"] == "已收"
    assert states["企业上市成功的证明材料"] == "待补"
    assert "其他相关文件" not in states


def test_the_paper_says_what_it_is_not_and_what_it_rests_on() -> None:
    foot = _read(visit("ss")).cell("依据说明").value
    assert "以主管部门审核为准" in foot and "2024年2月" in foot and "汇编（简版）" in foot


def test_a_practice_sheet_is_marked_on_every_page_and_a_real_one_is_not() -> None:
    read, real = _read(_everything("rcst", practice=True)), _read(_everything("rcst"))
    assert len(read.book.worksheets) == 2
    for sheet in read.book.worksheets:
        assert "演练" in (sheet.oddHeader.center.text or "")
    assert "演练" in read.cell("标记").value
    assert not any("演练" in text for text in real.texts())
    assert not any(sheet.oddHeader.center.text for sheet in real.book.worksheets)


def test_without_the_register_it_says_unregistered() -> None:
    read = _read(visit("ss", serial=None))
    assert read.cell("编号").value == "未登记"
    assert "未登记" in read.cell("标记").value


# --- nothing does harm ---

HOSTILE = (
    "=1+1", "=HYPERLINK(\"file:///x\",\"点\")", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1+1", "<b>&amp;</b>", "]]>",
    "\x00\x07\x1b示例", "\ud800示例", "\ufffe示例", "\u202e倒置\u202c", "\u200b\u200e\ufeff零宽", "行\r\n行\u2028行", "#REF!", "_x0041_",
    "&P&N&\"宋体\"", "TRUE", "1E5", "00123", "'单引号", "\"双引号\"", "{=1}", "\u2066隔离\u2069",
)  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text_in_every_field(text: str) -> None:
    of = visit("ss", serial=f"PG{text}")
    party = Party(text + "甲", text + "乙", contact=text + "丙", phone=text + "丁", address=text + "戊")
    material = of.materials[0]
    of = replace(
        of, applicant=party, clerk=text, window=text, office=text, pack_version=text, policy_title=text, form_title=text,
        materials=(replace(material, material=replace(material.material, name=text + "料", form=text, source=text)),),
        determinations=tuple(replace(d, title=text + d.title, services=(text,)) for d in of.determinations),
        stated=(*of.stated, Stated("拟上市挂牌", text)), values={},
    )  # fmt: skip
    read = _read(of)
    assert {cell.data_type for cell in read.cells()} <= {"s", "n", "d"}
    seen = "".join(read.texts())
    assert not any(char in seen for char in "\x00\x07\x1b\ufffe\u202e\u202c\u200b\u200e\ufeff\u2066\u2069\r\u2028")
    assert read.cell("申请人名称").value.endswith("甲")
    with ZipFile(BytesIO(read.data)) as file:
        assert b"<f>" not in file.read("xl/worksheets/sheet1.xml")


def test_editing_a_formula_like_name_does_not_wake_it() -> None:
    read = _read(visit("ss", party=replace(COMPANY, name="=1+1")))
    cell = read.cell("申请人名称")
    assert (cell.value, cell.data_type, bool(cell.quotePrefix)) == ("=1+1", "s", True)


def test_what_office_programs_would_decode_is_escaped() -> None:
    data = sheet_bytes(visit("ss", party=replace(COMPANY, name="示例_x0041_公司")))
    with ZipFile(BytesIO(data)) as file:
        assert "示例_x005F_x0041_公司".encode() in file.read("xl/worksheets/sheet1.xml")


@pytest.mark.parametrize("name", ["示例㛃𬭎𡌶公司", "示例Ünïcode·名称", "示例\u2f00部首"])
def test_rare_characters_survive(name: str) -> None:
    assert _read(visit("ss", party=replace(COMPANY, name=name))).cell("申请人名称").value == name


# --- room ---


@pytest.mark.parametrize("name", ["示例" * 250, "Example " * 62, "A" * 500])
def test_a_name_of_500_characters_is_whole_and_has_room(name: str) -> None:
    read = _read(visit("ss", party=replace(COMPANY, name=name.strip(), address="示例地址" * 125)))
    layout = Layout(read.book.worksheets[0])
    assert read.cell("申请人名称").value == name.strip()
    for bound in ("申请人名称", "地址"):
        cell = read.cell(bound)
        assert layout.row_height(cell.row) >= height(cell.value, cell.font.sz, layout.room(layout.box(cell)))
        assert layout.row_height(cell.row) < 409
        assert cell.font.sz >= 8


def test_every_text_of_every_sheet_fits_its_cells() -> None:
    for policy in POLICIES:
        for sheet in _read(visit(policy)).book.worksheets:
            layout = Layout(sheet)
            for row in sheet.iter_rows():
                for cell in row:
                    if isinstance(cell.value, str) and layout.row_height(cell.row):
                        box = layout.box(cell)
                        have = sum(layout.row_height(r) for r in range(box.row, box.last_row + 1))
                        assert have + 0.1 >= height(cell.value, cell.font.sz, layout.room(box)), (
                            policy,
                            cell.coordinate,
                        )


def test_rows_beyond_the_room_go_on_under_the_same_heads() -> None:
    of = _everything("rcst")
    read = _read(of)
    main, more = read.book.worksheets
    listed = [d for d in of.determinations if d.status != "ineligible"]
    room = len(read.column("事项_名称"))
    assert len(listed) > room
    assert more.title == "续页"
    grid = [[cell.value for cell in row] for row in more.iter_rows()]
    head = next(i for i, row in enumerate(grid) if row[0] == "序号")
    first = read.places["事项_名称"]
    assert grid[head] == [cell.value for cell in main[first.row - 1]]
    rows = grid[head + 1 :]
    assert [row[first.column - 1] for row in rows] == [d.title for d in listed[room:]]
    assert [row[read.places["事项_金额"].column - 1] for row in rows] == [
        d.headline_in(lambda fen: f"{fen // 100:,}" + (f".{fen % 100:02d}" if fen % 100 else "") + " 元")
        for d in listed[room:]
    ]
    assert [row[0] for row in rows] == list(range(room + 1, len(listed) + 1))
    assert f"其余{len(listed) - room}项见续页" in read.cell("事项说明").value


def test_the_continuation_sheet_prints_like_the_form() -> None:
    main, more = _read(_everything("rcst")).book.worksheets
    assert (more.page_setup.paperSize, more.page_setup.orientation) == (main.page_setup.paperSize, "portrait")
    assert (more.page_setup.fitToWidth, more.page_setup.fitToHeight) == (1, 0)
    assert more.sheet_properties.pageSetUpPr.fitToPage
    assert more.print_title_rows == "$1:$2"
    assert more.print_area.endswith(str(more.max_row))
    assert more.protection.sheet
    assert "第 &P 页" in more.oddFooter.right.text
    assert COMPANY.name in more["A2"].value


def test_forty_items_are_all_there() -> None:
    of = visit("ss", chosen=["ss.listing"])
    many = tuple(replace(of.determinations[0], title=f"示例事项{n:02d}", amount_fen=n * 100 + 1) for n in range(1, 41))
    read = _read(replace(of, determinations=many))
    assert sorted(t for t in read.texts() if re.fullmatch("示例事项[0-9]+", t)) == [d.title for d in many]
    assert _fen(read.cell("合计金额").value) == sum(n * 100 + 1 for n in range(1, 41))


def test_a_text_no_cell_can_show_is_whole_on_the_continuation_sheet() -> None:
    name = "".join(chr(0x4E00 + n % 3000) for n in range(40_000))
    read = _read(visit("ss", party=replace(COMPANY, address=name)))
    assert read.cell("地址").value.endswith("（全文见续页）")
    more = read.book["续页"]
    assert all((more.row_dimensions[r].height or 15) < 409 for r in range(1, more.max_row + 1))
    rest = "".join(row[0].value for row in more.iter_rows(min_row=4) if row[0].value)
    assert name[:32_000] in rest
    assert "截断" in rest[-12:]


# --- the form itself ---


def _look(cell: Any) -> list[object]:
    sides = (cell.border.left, cell.border.right, cell.border.top, cell.border.bottom)
    edges = [side.style if side else None for side in sides]
    return [
        *edges,
        cell.fill.fgColor.rgb,
        cell.protection.locked,
        cell.font.name,
        cell.font.b,
        cell.alignment.horizontal,
    ]


@pytest.mark.parametrize("policy", POLICIES)
def test_the_forms_own_features_survive(policy: str) -> None:
    form, filled = load_workbook(form_path(policy)), _read(visit(policy)).book
    before, after = form.worksheets[0], filled.worksheets[0]
    assert {str(r) for r in before.merged_cells.ranges} == {str(r) for r in after.merged_cells.ranges}
    assert before.print_area == after.print_area
    assert before.print_title_rows == after.print_title_rows
    assert after.protection.sheet and not after.protection.password
    assert [(v.type, str(v.sqref), v.formula1) for v in before.data_validations.dataValidation] == [
        (v.type, str(v.sqref), v.formula1) for v in after.data_validations.dataValidation
    ]
    assert set(form.defined_names) == set(filled.defined_names)
    assert (after.page_setup.paperSize, after.page_setup.fitToWidth, after.page_setup.fitToHeight) == (9, 1, 0)
    assert before.page_margins.left == after.page_margins.left
    for row in before.iter_rows():
        for cell in row:
            mine = after[cell.coordinate]
            blank = cell.value is None and cell.protection.locked
            shown = not (blank or isinstance(cell, MergedCell))  # nobody sees the type of the rest
            assert _look(mine) == _look(cell) or not shown, cell.coordinate


@pytest.mark.parametrize("policy", POLICIES)
def test_what_is_filled_in_by_hand_is_empty_and_unlocked_and_figures_are_locked(policy: str) -> None:
    read = _read(visit(policy))
    sheet = read.book.worksheets[0]
    labels = {cell.value: cell for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)}
    beside = sheet.cell(labels["法定代表人"].row, labels["法定代表人"].column + 2)
    assert (beside.value, beside.protection.locked) == (None, False)
    heads = [cell for text, cell in labels.items() if text.startswith(("初审意见", "复审意见", "主管部门意见"))]
    assert len(heads) == 3
    for head in heads:
        opinion = sheet.cell(head.row + 1, head.column)
        assert opinion.value.startswith("签字（盖章）：") and not opinion.protection.locked
    assert read.cell("事项_名称").protection.locked
    assert read.cell("编号").protection.locked


def test_the_same_visit_gives_the_same_bytes() -> None:
    of = visit("zxqy")
    assert sheet_bytes(of) == sheet_bytes(of)
    assert sheet_bytes(of) != sheet_bytes(replace(of, clerk="示例另一人"))


def test_an_offices_own_form_takes_the_place_of_ours(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "本单位 表样"
    sheet["A1"], sheet["A3"] = "示例表样", "事项"
    sheet.merge_cells("B1:D2")
    sheet["B5"].number_format = '#,##0.000000"万元"'
    for name, at in (
        ("申请人名称", "$B$1"), ("合计金额", "$B$5"), ("事项_名称", "$A$4:$A$4"), ("事项_金额", "$B$4:$B$4"),
        ("指标_名称", "$C$4:$C$4"), ("地址", "$C$2"),
    ):  # fmt: skip
        book.defined_names[name] = DefinedName(name, attr_text=f"'本单位 表样'!{at}")
    path = tmp_path / "form.xlsx"
    book.save(path)
    read = _read(visit("ss"), path)
    assert (
        read.cell("申请人名称").value == COMPANY.address
    )  # 地址 is bound under the same merge: its first cell shows it
    assert read.cell("事项_名称").value == "企业上市奖励"
    assert (read.cell("合计金额").value, read.cell("合计金额").data_type) == (676.543211, "n")
    assert "上市企业长效服务" in [row[0].value for row in read.book["续页"].iter_rows()]


# --- files ---


def test_a_sheet_that_cannot_be_written_leaves_what_was_there(tmp_path: Path) -> None:
    out = tmp_path / "没有这个文件夹" / "表.xlsx"
    with pytest.raises(DeskError, match="没有写成"):
        make_sheet(visit("ss"), out)
    assert list(tmp_path.iterdir()) == []


def test_a_sheet_replaces_the_old_one_in_one_step(tmp_path: Path) -> None:
    out = tmp_path / "表.xlsx"
    out.write_bytes(b"old")
    make_sheet(visit("ss"), out)
    assert Read(out.read_bytes()).cell("申请人名称").value == COMPANY.name
    assert [p.name for p in tmp_path.iterdir()] == ["表.xlsx"]


def test_a_form_that_is_not_there_or_broken_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"找不到表样“缺\.xlsx”"):
        sheet_bytes(visit("ss"), tmp_path / "缺.xlsx")
    broken = tmp_path / "坏.xlsx"
    broken.write_bytes(b"PK\x03\x04not a workbook")
    with pytest.raises(BadInput, match=r"表样“坏\.xlsx”打不开"):
        sheet_bytes(visit("ss"), broken)


def test_nothing_that_was_stated_lies_in_a_temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr("os.remove", lambda *_: pytest.fail("a temporary file was made"))
    sheet_bytes(visit("ss"))
    assert list(tmp_path.iterdir()) == []


def test_the_documents_properties_carry_no_clock_and_no_applicant() -> None:
    properties = _read(visit("ss")).book.properties
    assert properties.created == properties.modified == datetime(2026, 11, 24, 1, 30)
    assert properties.title == "企业上市、挂牌奖励扶持专项资金申请表"
    assert ON.year == 2026
    assert COMPANY.name not in f"{properties.creator}{properties.subject}{properties.description}"


def test_columns_are_as_wide_on_a_machine_without_chinese_fonts() -> None:
    """FOUND 50: office programs reckon columns in the normal type; with 宋体 missing, every page ended elsewhere."""
    read = Read(sheet_bytes(visit("ss")))
    normal = read.book._named_styles["Normal"].font
    assert normal.name == "Arial" and normal.scheme is None
    written = [c for row in read.book.worksheets[0].iter_rows() for c in row if c.value or not c.protection.locked]
    assert {c.font.name for c in written if not isinstance(c, MergedCell)} <= {"宋体", "仿宋", "黑体"}
    assert 460 < Layout(read.book.worksheets[0]).width < 490  # the type area of A4 is 493 points
