"""Draw the application forms (申请表表样), ``forms/<policy>.xlsx``, from the pack and a few lines for each policy.

usage: make_forms.py [POLICY...]   (all that are described, without arguments)

Facts, units, choices, materials and titles come from the pack; :data:`FORMS` says only what the pack doesn't: who gives an
opinion, what is filled in by hand, how many rows there is room for. The same pack gives the same bytes.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from pinggu_desk.assess.engine import Engine
from pinggu_desk.assess.interview import Interview
from pinggu_desk.documents.assemble import source_words
from pinggu_desk.documents.pdfdoc import save
from pinggu_desk.documents.sheet_file import workbook_bytes
from pinggu_desk.documents.sheet_layout import Layout
from pinggu_desk.policy.facts import Fact
from pinggu_desk.policy.models import Pack, Policy
from pinggu_desk.policy.pack import load_pack
from pinggu_desk.policy.quantity import Dim
from pinggu_desk.policy.resources import forms_root

SHEET = "申请表"
COLUMNS = 12
#: twelve columns of this width fill the type area between the margins
COLUMN_WIDTH = 6.5
MADE = datetime(2024, 2, 1, 12, 0)  # the compendium's date; a clock would make each drawing another file
DATE_FORMAT = 'yyyy"年"m"月"d"日"'
_THIN = Side(style="thin")
_BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_SHADE = PatternFill("solid", fgColor="F2F2F2")
_DAY = "　　　　　年　　　月　　　日"
#: so many facts need no headings between them
FEW = 12
#: rows of items that a form has of its own; more go on to its continuation sheet
MOST_ROOM = 8
OPINIONS = ("初审意见", "复审意见", "主管部门意见")


@dataclass(frozen=True)
class Form:
    """What the pack doesn't say about a form.

    ``who`` is what the applicant is called on it; ``by_hand`` are rows of one or two labels filled in by hand, a heading over
    them in ``by_hand_title``; ``opinions`` are the office's columns (who gives each); ``room`` and ``material_room`` count
    rows.
    """

    opinions: tuple[str, str, str]
    room: int
    material_room: int = 3
    who: str = "申报单位"
    by_hand: tuple[tuple[str, ...], ...] = ()
    by_hand_title: str = ""
    undertaking: str = (
        "本单位对所填内容和所交材料的真实、准确、完整负责，复印件与原件一致；没有就同一事项隐瞒已经领取的资金或者享受的支持。"
        "情况有变化的，及时告知主管部门。如有不实，愿意退回所得，并依法承担责任。"
    )


FORMS: dict[str, Form] = {
    "ss": Form(("", "", "区财政局（金融办）"), room=4, material_room=5),
    "zxqy": Form(("区科技和信息化局", "第三方评审机构", "区科技和信息化局"), room=5, by_hand=(("申报项目名称",),)),
    "tztc": Form(
        ("所在属地政府", "区工作领导小组", "区科技和信息化局"), room=1, by_hand=(("所在乡镇街道", "所属行业"),)
    ),
    "yl": Form(
        ("北京市平谷区医院", "", "区卫生健康委"),
        room=3,
        material_room=2,
        who="申请单位",
        by_hand_title="就医人员（申请职工体检的不填）",
        by_hand=(("姓名", "性别"), ("职务", "身份证件号码"), ("本人联系电话", "居住或工作地"), ("就医需求",)),
        undertaking=(
            "本单位对所填内容和所交材料的真实、准确负责；就医人员确为本单位高级别管理人员，职务有变更的及时告知。"
            "已知悉收费按照医保政策执行，本表所列为服务事项，不发放资金。"
        ),
    ),
}


def form_of(policy: Policy) -> Form:
    """What is said of the policy's form, or what follows from the policy where nothing is."""
    room, materials = min(len(policy.benefits), MOST_ROOM), max(len(policy.materials), 2)
    return FORMS.get(policy.id) or Form(("", "", policy.department), room, materials)


@dataclass
class Drawing:
    """One form being drawn, from the top down; ``row`` is the next free row."""

    policy: Policy
    book: Workbook = field(default_factory=Workbook)
    row: int = 1

    def __post_init__(self) -> None:
        book: Any = self.book
        self.sheet: Any = book.active
        self.sheet.title = SHEET
        book._fonts[0].name, book._fonts[0].sz, book._fonts[0].family = "宋体", 11, 3
        book._named_styles["Normal"].font = Font(name="宋体", sz=11)
        for column in range(1, COLUMNS + 1):
            self.sheet.column_dimensions[chr(64 + column)].width = COLUMN_WIDTH
        self.section_number = 0
        self.checks: dict[str, DataValidation] = {}

    def put(
        self, first: int, wide: int, text: str = "", *, size: float = 10.5, font: str = "宋体", bold: bool = False,
        across: str = "center", up: str = "center", box: bool = True, shade: bool = False, name: str = "",
        open_: bool = False, shape: str = "General", rows: int = 1,
    ) -> Any:  # fmt: skip
        """One cell (merged over ``wide`` columns) in the present row; ``name`` binds it, ``open_`` leaves it unlocked."""
        cells = [(self.row + r, first + c) for r in range(rows) for c in range(wide)]
        for row, column in cells:
            cell = self.sheet.cell(row, column)
            cell.border = _BOX if box else Border()
            cell.protection = Protection(locked=not open_)
            if shade:
                cell.fill = _SHADE
        cell = self.sheet.cell(self.row, first)
        cell.font = Font(name=font, sz=size, bold=bold)
        cell.alignment = Alignment(across, vertical=up, wrap_text=True, indent=1 if across == "left" and box else 0)
        cell.number_format = shape
        cell.value = text or None
        if len(cells) > 1:
            self.sheet.merge_cells(None, self.row, first, self.row + rows - 1, first + wide - 1)
        if name:
            self.bind(name, first, rows=1)
        return cell

    def label(self, first: int, wide: int, text: str) -> None:
        """A shaded label."""
        self.put(first, wide, text, shade=True, size=10)

    def value(self, first: int, wide: int, name: str = "", *, open_: bool = True, shape: str = "General") -> Any:
        """A cell to be filled, by name or by hand."""
        return self.put(first, wide, font="仿宋", size=10.5, name=name, open_=open_, shape=shape)

    def bind(self, name: str, column: int, rows: int, row: int | None = None) -> None:
        """Give a defined name to ``rows`` cells downwards."""
        letter, top = chr(64 + column), row or self.row
        to = f":${letter}${top + rows - 1}" if rows > 1 else ""
        self.book.defined_names[name] = DefinedName(name, attr_text=f"{SHEET}!${letter}${top}{to}")

    def end(self, height: float = 24.0) -> None:
        """Close the row at a height, or more where its texts need more."""
        self.sheet.row_dimensions[self.row].height = height
        layout = Layout(self.sheet)
        for cell in self.sheet[self.row]:
            if isinstance(cell.value, str) and layout.box(cell).row == layout.box(cell).last_row:
                layout.fits(cell, cell.value)
        self.row += 1

    def section(self, title: str) -> None:
        """The head of a numbered section."""
        numeral = "一二三四五六七八九"[self.section_number]
        self.section_number += 1
        self.put(1, COLUMNS, f"{numeral}、{title}", font="黑体", size=11, across="left")
        self.end(21)

    def rows(self, family: str, columns: Iterable[tuple[str, str, int, str, str]], room: int) -> None:
        """A table of one family: (column, head, width, alignment, number format), with room for so many rows."""
        columns = list(columns)
        at = 1
        for _, head, wide, _, _ in columns:
            self.label(at, wide, head)
            at += wide
        self.end()
        top = self.row
        for _ in range(room):
            at = 1
            for _, _, wide, across, shape in columns:
                self.put(at, wide, font="仿宋", size=10.5, across=across, shape=shape)
                at += wide
            self.end(26)
        at = 1
        for column, _, wide, _, _ in columns:
            self.bind(f"{family}_{column}", at, room, top)
            at += wide

    def check(self, cell: Any, fact: Fact) -> None:
        """Let the office program refuse what can't be an answer to the fact."""
        key, make = _validation(fact)
        if key:
            if key not in self.checks:
                self.checks[key] = make
                self.sheet.add_data_validation(make)
            self.checks[key].add(cell)


def _validation(fact: Fact) -> tuple[str, DataValidation]:
    options = {Dim.TRUTH: ["是", "否"], Dim.OPTION: [option.name for option in fact.options]}.get(fact.dim)
    told: dict[str, Any] = {"allow_blank": True, "showErrorMessage": True, "errorTitle": "请核对"}
    if options is not None:
        listed = f'"{",".join(options)}"'
        rule = DataValidation("list", formula1=listed, error=f"请从“{'、'.join(options)}”中选一项。"[:220], **told)
        return (listed if len(listed) <= 255 else ""), rule
    if fact.dim is Dim.DATE:
        return "date", DataValidation(
            "date", operator="greaterThan", formula1="18264", error="请填日期，如 2024-03-12。", **told
        )
    if fact.dim is Dim.TEXT:
        return "", DataValidation()
    whole = fact.dim in (Dim.COUNT, Dim.DAYS)
    return f"number{whole}", DataValidation(
        "whole" if whole else "decimal", operator="greaterThanOrEqual", formula1="0",
        error=f"请填{'整数' if whole else '数字'}，没有的填 0。", **told,
    )  # fmt: skip


def _fact(drawing: Drawing, first: int, fact: Fact, wide: int = 3) -> None:
    unit = "元" if fact.dim is Dim.MONEY else fact.input_unit
    drawing.label(first, 3, fact.name + (f"（{unit}）" if unit else ""))
    shape = {Dim.MONEY: "#,##0.00", Dim.DATE: DATE_FORMAT, Dim.RATE: "0.00%"}.get(fact.dim, "General")
    drawing.check(drawing.value(first + 3, wide, fact.name, shape=shape), fact)


def _facts(drawing: Drawing, pack: Pack) -> None:
    """The facts that the policy asks, two in a row; where there are many, under the item that asks for them."""
    interview = Interview(Engine(pack), drawing.policy.id, drawing.policy.known_from)
    groups: dict[str, list[Fact]] = {}
    for step in ("eligibility", "data"):
        for view in interview.fields(step):
            groups.setdefault(view.group, []).append(view.fact)
    drawing.section("填报数据")
    every = [fact for facts in groups.values() for fact in facts]
    if len(every) <= FEW:
        groups = {"": every}
    for group, facts in groups.items():
        if group:
            drawing.put(1, COLUMNS, group, across="left", bold=True, size=10.5)
            drawing.end(20)
        for left, right in zip(facts[::2], [*facts[1::2], None], strict=False):
            _fact(drawing, 1, left, 3 if right else 9)
            if right:
                _fact(drawing, 7, right)
            drawing.end()


def _head(drawing: Drawing, form: Form) -> None:
    drawing.put(1, COLUMNS, drawing.policy.form_title, size=20, bold=True, box=False)
    drawing.end(42)
    for first, wide, text, name, shape in (
        (1, 1, "编号", "", "General"), (2, 4, "", "编号", "@"), (6, 2, "", "标记", "General"),
        (8, 2, "制表日期：", "", "General"), (10, 3, "", "制表日期", DATE_FORMAT),
    ):  # fmt: skip
        across = "right" if text.startswith("制") else "center" if name == "标记" else "left"
        drawing.put(first, wide, text, across=across, box=False, name=name, shape=shape, bold=name == "标记")
    drawing.end(22)
    drawing.section(f"{form.who}基本情况")
    for pair in (
        (("单位名称", "申请人名称", "General"),),
        (("统一社会\n信用代码", "统一社会信用代码", "@"), ("法定代表人", "", "General")),
        (("联系人", "联系人", "General"), ("联系电话", "联系电话", "@")),
        (("地址", "地址", "General"),),
    ):
        for at, (label, name, shape) in zip((1, 7), pair, strict=False):
            drawing.label(at, 2, label)
            drawing.value(at + 2, 4 if len(pair) > 1 else 10, name, shape=shape)
        drawing.end(24)
    drawing.label(1, 2, "申报政策")
    drawing.put(3, 10, f"《{drawing.policy.title}》", font="仿宋", size=11, name="政策名称")
    drawing.end(24)
    if form.by_hand_title:
        drawing.put(1, COLUMNS, form.by_hand_title, across="left", bold=True)
        drawing.end(20)
    for labels in form.by_hand:
        for at, label in zip((1, 7), labels, strict=False):
            drawing.label(at, 2, label)
            drawing.value(at + 2, 4 if len(labels) > 1 else 10)
        drawing.end(24)


def _items(drawing: Drawing, form: Form) -> None:
    policy = drawing.policy
    if any(definition.indicator for definition in policy.definitions):
        drawing.section("评分指标")
        columns = (("名称", "指标", 3), ("数值", "填报数值", 3), ("分档", "所在分档", 4), ("得分", "得分（分）", 2))
        count = sum(definition.indicator for definition in policy.definitions)
        drawing.rows("指标", ((c, h, w, "center", "General") for c, h, w in columns), count)
        drawing.label(1, 10, "得分合计（分）")
        drawing.value(11, 2, "得分合计", open_=False)
        drawing.end()
    drawing.section("申报事项")
    if all(benefit.kind in ("服务", "资格") for benefit in policy.benefits):
        services = (
            ("序号", "序号", 1, "center", "General"), ("名称", "事项", 2, "center", "General"),
            ("服务", "服务内容", 6, "left", "General"), ("口径", "口径", 2, "center", "General"),
            ("依据", "依据", 1, "center", "General"),
        )  # fmt: skip
        drawing.rows("事项", services, form.room)
    else:
        money = (
            ("序号", "序号", 1, "center", "General"), ("名称", "事项", 3, "center", "General"),
            ("金额", "金额（元）", 2, "center", "#,##0.00"), ("口径", "口径", 4, "center", "General"),
            ("依据", "依据条款", 2, "center", "General"),
        )  # fmt: skip
        drawing.rows("事项", money, form.room)
        drawing.label(1, 4, "资金合计（元）")
        drawing.value(5, 2, "合计金额", open_=False, shape="#,##0.00")
        drawing.label(7, 1, "大写")
        drawing.value(8, 5, "合计大写", open_=False)
        drawing.end(26)
    _note(drawing, "事项说明")


def _note(drawing: Drawing, name: str, text: str = "") -> None:
    drawing.label(1, 2, "说明")
    drawing.put(3, 10, text, font="仿宋", size=10, across="left", name=name)
    drawing.end(21)


def _materials(drawing: Drawing, form: Form) -> None:
    drawing.section("申报材料")
    columns = (("序号", "序号", 1), ("名称", "材料名称", 6), ("形式", "形式", 3), ("状态", "已收／待补", 2))
    drawing.rows("材料", ((c, h, w, "center", "General") for c, h, w in columns), form.material_room)
    _note(drawing, "材料说明", drawing.policy.materials_note)


def _close(drawing: Drawing, form: Form) -> None:
    drawing.section(f"{form.who}承诺")
    drawing.put(1, COLUMNS, "　　" + form.undertaking, font="仿宋", size=11, across="left")
    drawing.end(40)
    sign = "法定代表人或者授权代表（签字）：\n\n\n\n" + _DAY
    drawing.put(1, 6, sign, across="left", open_=True)
    drawing.put(7, 6, f"{form.who}（盖章）：", across="left", up="top", open_=True)
    drawing.end(128)  # a seal of 42 mm is pressed here
    drawing.section("审核意见（由审核部门填写）")
    for column, (title, by) in enumerate(zip(OPINIONS, form.opinions, strict=True)):
        drawing.label(1 + 4 * column, 4, title + (f"\n（{by}）" if by else ""))
    drawing.end(28)
    for column in range(3):
        sign = "签字（盖章）：\n\n" + _DAY
        drawing.put(1 + 4 * column, 4, sign, across="left", up="bottom", size=10, open_=True)
    drawing.end(90)
    for first, text, name, shape in (
        (1, "经办人", "经办人", "General"), (4, "窗口", "窗口", "General"),
        (7, "判断日", "判断日", DATE_FORMAT), (10, "政策包", "政策包版本", "@"),
    ):  # fmt: skip
        drawing.put(first, 1, text, size=9, box=False)
        drawing.put(first + 1, 2, size=9, box=False, name=name, shape=shape, across="left")
    drawing.end(18)
    foot = f"以主管部门审核为准。{source_words(drawing.policy)}。"
    drawing.put(1, COLUMNS, foot, size=9, across="left", box=False, name="依据说明")
    drawing.end(18)


def _page(drawing: Drawing) -> None:
    sheet = drawing.sheet
    sheet.page_setup.paperSize, sheet.page_setup.orientation = 9, "portrait"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    margins = sheet.page_margins
    margins.left = margins.right = 18 / 25.4
    margins.top, margins.bottom, margins.header, margins.footer = 18 / 25.4, 16 / 25.4, 7 / 25.4, 7 / 25.4
    sheet.print_options.horizontalCentered = True
    sheet.print_area = f"A1:L{drawing.row - 1}"
    sheet.print_title_rows = "1:2"
    sheet.oddFooter.right.text = "第 &P 页 共 &N 页"
    sheet.sheet_view.showGridLines = False
    sheet.protection.sheet = True
    sheet.protection.formatRows = False  # a person may make a row taller
    sheet.protection.formatColumns = False


def draw(pack: Pack, policy_id: str) -> bytes:
    """The form of one policy as .xlsx."""
    policy = pack.policies[policy_id]
    form = form_of(policy)
    drawing = Drawing(policy)
    _head(drawing, form)
    _facts(drawing, pack)
    _items(drawing, form)
    _materials(drawing, form)
    _close(drawing, form)
    _page(drawing)
    return workbook_bytes(drawing.book, MADE, policy.form_title, "平谷惠企窗口")


def main() -> None:
    """Draw the forms named, or all."""
    pack, folder = load_pack(), forms_root()
    folder.mkdir(exist_ok=True)
    for policy_id in sys.argv[1:] or pack.policies:
        out: Path = folder / f"{policy_id}.xlsx"
        save(draw(pack, policy_id), out)
        print(out.name)


if __name__ == "__main__":
    main()
