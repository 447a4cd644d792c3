"""FOUND 27, 49, 50: every form has what money can be paid on, and prints what is applied for and nothing of an editor's."""

from __future__ import annotations

from dataclasses import replace

import pytest
from openpyxl import load_workbook

from pinggu_desk.documents.sheet.draw.words import pays, serves_persons
from pinggu_desk.documents.sheet.fill import sheet_bytes
from pinggu_desk.documents.sheet.names import form_path
from pinggu_desk.documents.visit import Party
from tests.documents.sheet_samples import ANSWERS, COMPANY, PACK, Read, visit, worked

POLICIES = sorted(PACK.policies)
ACCOUNT = {"开户银行": "示例银行平谷支行", "开户名称": COMPANY.name, "银行账号": "110901234567890123"}
STANDING = {
    **ACCOUNT, "法定代表人": "示例法人", "法定代表人证件号码": "110101196001011233", "法定代表人电话": "13900000000",
    "注册资本": "500万元", "所属行业": "专用设备制造业", "注册地址": "示例街道示例路1号", "邮政编码": "101200",
}  # fmt: skip


def _words(policy: str) -> str:
    sheet = load_workbook(form_path(policy)).worksheets[0]
    return "".join("".join(str(cell.value).split()) for row in sheet.iter_rows() for cell in row if cell.value)


@pytest.mark.parametrize("policy", POLICIES)
def test_every_form_has_cover_notes_and_who_applies(policy: str) -> None:
    words = _words(policy)
    for part in ("填表说明", "申报事项", "申报日期", "咨询", "联系人", "联系电话", "邮政编码", "承诺", "审核意见"):
        assert part in words, part
    if pays(PACK.policies[policy]):
        for part in ("开户银行", "开户名称", "银行账号", "申请金额", "核定金额"):
            assert part in words, part
    if set(PACK.policies[policy].serves) != {"个人"}:
        for part in ("法定代表人", "法定代表人证件号码", "注册资本", "所属行业", "注册地址"):
            assert part in words, part
    if serves_persons(PACK.policies[policy]):
        assert "证件类型" in words and "证件号码" in words


@pytest.mark.parametrize("policy", POLICIES)
def test_no_form_carries_an_editors_marks(policy: str) -> None:
    words = _words(policy)
    for mark in ("存疑", "原文印作", "原文没有列材料清单，以", "未写明形式", "另见", f"{policy}."):
        assert mark not in words


def test_what_is_kept_with_the_applicant_stands_in_its_cells() -> None:
    read = Read(sheet_bytes(visit("ss", {**ANSWERS["ss"], **STANDING})))
    for name, value in STANDING.items():
        shown = {"注册资本": 5_000_000, "法定代表人证件号码": "110101********1233"}.get(name, value)
        assert read.cell(name).value == shown, name


def test_what_is_not_known_is_left_to_be_written() -> None:
    read = Read(sheet_bytes(visit("ss")))
    for name in STANDING:
        cell = read.cell(name)
        assert cell.value is None and not cell.protection.locked
        assert not read.places[name].sheet.row_dimensions[cell.row].hidden


def test_a_persons_name_and_number_stand_and_a_units_rows_don_t() -> None:
    person = Party("示例人", "110117199001011230", kind="个人", document="居民身份证")
    read = Read(sheet_bytes(visit("bys", {**worked("bys"), **ACCOUNT}, party=person)))
    hidden = {name for name, p in read.places.items() if p.sheet.row_dimensions[p.row].hidden}
    assert read.cell("申请人名称").value == "示例人" and read.cell("证件号码").value == "110117********1230"
    assert (read.cell("证件类型").value, read.cell("银行账号").value) == ("居民身份证", ACCOUNT["银行账号"])
    assert {"法定代表人", "注册资本"} <= hidden and not {"证件号码", "开户银行"} & hidden
    unit = Read(sheet_bytes(visit("bys", worked("bys"))))
    assert unit.places["证件号码"].sheet.row_dimensions[unit.places["证件号码"].row].hidden


def test_the_reviewers_sum_is_empty_and_open() -> None:
    read = Read(sheet_bytes(visit("ss")))
    sheet = read.book.worksheets[0]
    heads = [
        c for row in sheet.iter_rows() for c in row if isinstance(c.value, str) and c.value.startswith("核定金额（元）")
    ]
    assert heads
    for head in heads:
        below = sheet.cell(head.row + 1, head.column)
        assert below.value is None and not below.protection.locked


def test_one_project_is_one_row_of_36() -> None:
    of = visit("wltst", {"获国家常设文艺奖项": "是"})
    read = Read(sheet_bytes(of))
    listed = [value for value in read.column("事项_名称") if value]
    assert 1 <= len(listed) < 6 and "文艺创作奖励" in listed
    assert "续页" not in read.book.sheetnames


def test_nothing_said_leaves_rows_to_write_in() -> None:
    read = Read(sheet_bytes(visit("zxqy", {})))
    assert [value for value in read.column("事项_名称") if value] == []
    assert not read.cell("事项_名称").protection.locked
    assert "没有说明" in read.cell("事项说明").value


def test_a_rare_character_is_set_in_a_font_that_has_it_and_the_font_is_named() -> None:
    read = Read(sheet_bytes(visit("ss", party=replace(COMPANY, name="示例㛃𬭎𡌶有限公司"))))
    family = read.cell("申请人名称").font.name
    assert family not in ("宋体", "仿宋") and family in read.cell("字体说明").value
    assert "resources/fonts" in read.cell("字体说明").value
    usual = Read(sheet_bytes(visit("ss")))
    assert usual.cell("申请人名称").font.name == "仿宋" and usual.cell("字体说明").value is None
    assert usual.places["字体说明"].sheet.row_dimensions[usual.cell("字体说明").row].hidden


@pytest.mark.parametrize("policy", ["ss", "zxqy", "bys", "rcst"])
def test_the_cover_is_one_page_and_signatures_stand_with_the_undertaking(policy: str) -> None:
    read = Read(sheet_bytes(visit(policy, worked(policy))))
    cover, together = read.places["整页_封面"], read.places["同页_签字盖章"]
    heights = cover.sheet.row_dimensions
    tall = sum(heights[row].height or 15 for row in range(cover.row, cover.last_row + 1) if not heights[row].hidden)
    assert 715 < tall < 746  # what A4 has between our margins
    assert "承诺" in str(cover.sheet.cell(together.row, 1).value)
