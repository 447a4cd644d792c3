"""One sheet of a form being drawn, from the top down: rows of merged cells, names that bind them, what may be put in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from pinggu_desk.documents.sheet.cells import DATE_FORMAT
from pinggu_desk.documents.sheet.layout import Layout
from pinggu_desk.documents.sheet.names import KEEP, PAGE, TOGETHER, WHEN
from pinggu_desk.documents.sheet.text import count_lines
from pinggu_desk.policy.facts import Fact
from pinggu_desk.policy.quantity import Dim

COLUMNS = 12
#: twelve columns of this width fill the type area between the margins
COLUMN_WIDTH = 6.5
_THIN = Side(style="thin")
_BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_UNDER = Border(bottom=_THIN)
_SHADE = PatternFill("solid", fgColor="F2F2F2")
#: labels of cells to be filled in by hand whose value may be known
BY_LABEL = {"姓名": "姓名", "主持人姓名": "姓名", "身份证件号码": "证件号码", "证件号码": "证件号码"}
#: the most characters of a list of choices that the file format takes
_LONGEST_LIST = 255


def new_book() -> Workbook:
    """A workbook without sheets whose normal type is 宋体."""
    book: Any = Workbook()
    book.remove(book.active)
    book._fonts[0].name, book._fonts[0].sz, book._fonts[0].family = "宋体", 11, 3
    book._named_styles["Normal"].font = Font(name="宋体", sz=11)
    return book  # type: ignore[no-any-return]


@dataclass
class Drawing:
    """One sheet; ``row`` is the next free row."""

    book: Workbook
    title: str
    row: int = 1
    section_number: int = 0
    checks: dict[str, DataValidation] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.sheet: Any = self.book.create_sheet(self.title)
        for column in range(1, COLUMNS + 1):
            self.sheet.column_dimensions[chr(64 + column)].width = COLUMN_WIDTH

    def put(
        self, first: int, wide: int, text: str = "", *, size: float = 10.5, font: str = "宋体", bold: bool = False,
        across: str = "center", up: str = "center", box: bool = True, shade: bool = False, name: str = "",
        open_: bool = False, shape: str = "General", under: bool = False,
    ) -> Any:  # fmt: skip
        """One cell (merged over ``wide`` columns) in the present row; ``name`` binds it, ``open_`` leaves it unlocked.

        ``under`` draws a line to write on in place of a box.
        """
        for column in range(first, first + wide):
            cell = self.sheet.cell(self.row, column)
            cell.border = _UNDER if under else _BOX if box else Border()
            cell.protection = Protection(locked=not open_)
            if shade:
                cell.fill = _SHADE
        cell = self.sheet.cell(self.row, first)
        cell.font = Font(name=font, sz=size, bold=bold)
        cell.alignment = Alignment(across, vertical=up, wrap_text=True, indent=1 if across == "left" and box else 0)
        cell.number_format = shape
        cell.value = text or None
        if wide > 1:
            self.sheet.merge_cells(None, self.row, first, self.row, first + wide - 1)
        if name:
            self.bind(name, first)
        return cell

    def label(self, first: int, wide: int, text: str, *, apart: str = "") -> None:
        """A shaded label; its bracket ``apart`` goes on a line of its own where that makes two of it."""
        cell = self.put(first, wide, text, shade=True, size=10)
        layout = Layout(self.sheet)
        words, room = text.removesuffix(f"（{apart}）"), layout.room(layout.box(cell))
        if apart and count_lines(text, 10, room) > 1 == count_lines(words, 10, room):
            cell.value = f"{words}\n（{apart}）"

    def value(self, first: int, wide: int, name: str = "", *, open_: bool = True, shape: str = "General") -> Any:
        """A cell to be filled, by name or by hand."""
        return self.put(first, wide, font="仿宋", size=10.5, name=name, open_=open_, shape=shape)

    def bind(self, name: str, column: int, rows: int = 1, row: int | None = None) -> None:
        """Give a defined name to ``rows`` cells downwards; a name that is taken gets the next number."""
        taken, number = name, 1
        while taken in self.book.defined_names:
            number += 1
            taken = f"{name}_{number}"
        letter, top = chr(64 + column), row or self.row
        to = f":${letter}${top + rows - 1}" if rows > 1 else ""
        self.book.defined_names[taken] = DefinedName(taken, attr_text=f"{self.title}!${letter}${top}{to}")

    def keep(self, what: str, top: int) -> None:
        """From row ``top`` to here, rows without an answer are left out of a filled form."""
        self.bind(f"{KEEP}{what}", 1, self.row - top, top)

    def only_when(self, what: Iterable[str], top: int) -> None:
        """From row ``top`` to here, the form shows its rows only when one of these holds: a benefit's id, 单位 or 个人."""
        for one in what:
            self.bind(f"{WHEN}{one}", 1, self.row - top, top)

    def end(self, height: float = 24.0) -> None:
        """Close the row at a height, or more where its texts need more."""
        self.sheet.row_dimensions[self.row].height = height
        layout = Layout(self.sheet)
        for cell in self.sheet[self.row]:
            if isinstance(cell.value, str) and layout.box(cell).row == layout.box(cell).last_row:
                layout.fits(cell, cell.value)
        self.row += 1

    def line(self, text: str, *, height: float = 20.0, **look: Any) -> None:
        """One text over the whole width."""
        self.put(1, COLUMNS, text, **{"across": "left", **look})
        self.end(height)

    def section(self, title: str) -> None:
        """The head of a numbered section."""
        numeral = "一二三四五六七八九"[self.section_number]
        self.section_number += 1
        self.line(f"{numeral}、{title}", font="黑体", size=11, height=21)

    def labelled(self, labels: tuple[str, ...], *, height: float = 24.0) -> None:
        """A row of one or two labels with cells to be filled in by hand, or with what is known by such a label."""
        self.named(tuple((label, BY_LABEL.get(label, ""), "General") for label in labels), height=height)

    def named(self, cells: tuple[tuple[str, str, str], ...], *, height: float = 24.0) -> None:
        """A row of one or two cells, each (label, name, number format)."""
        for at, (label, name, shape) in zip((1, 7), cells, strict=False):
            self.label(at, 2, label)
            self.value(at + 2, 4 if len(cells) > 1 else 10, name, shape=shape)
        self.end(26 if any("\n" in label for label, _, _ in cells) else height)

    def gap(self, height: float) -> None:
        """An empty row without lines; on a page that is filled to its foot it takes what is left."""
        for column in range(1, COLUMNS + 1):
            self.sheet.cell(self.row, column).border = Border()
        self.sheet.row_dimensions[self.row].height = height
        self.row += 1

    def together(self, what: str, top: int) -> None:
        """From row ``top`` to here stays on one page."""
        self.bind(f"{TOGETHER}{what}", 1, self.row - top, top)

    def whole_page(self, what: str, top: int) -> None:
        """From row ``top`` to here is a page of its own."""
        self.bind(f"{PAGE}{what}", 1, self.row - top, top)

    def heads(self, columns: Iterable[tuple[str, int]]) -> None:
        """The head row of a table: (words, width) of each column."""
        at = 1
        for words, wide in columns:
            self.label(at, wide, words)
            at += wide
        self.end()

    def rows(self, family: str, columns: Iterable[tuple[str, str, int, str, str]], room: int, **look: Any) -> None:
        """A table of one family: (column, head, width, alignment, number format), with room for so many rows."""
        columns = list(columns)
        self.heads((head, wide) for _, head, wide, _, _ in columns)
        top = self.row
        for _ in range(room):
            at = 1
            for column, _, wide, across, shape in columns:
                own = look if column else {**look, "open_": True}  # the reviewer's
                self.put(at, wide, font="仿宋", size=10.5, across=across, shape=shape, **own)
                at += wide
            self.end(26)
        at = 1
        for column, _, wide, _, _ in columns:
            if column:  # the reviewer's own has no name
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

    def page(self, repeated: str = "", foot: str = "") -> None:
        """A4 upright, as wide as the paper, numbered at the foot, protected but for what a person fills in."""
        sheet = self.sheet
        sheet.page_setup.paperSize, sheet.page_setup.orientation = 9, "portrait"
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        margins = sheet.page_margins
        margins.left = margins.right = 18 / 25.4
        margins.top, margins.bottom, margins.header, margins.footer = 18 / 25.4, 16 / 25.4, 7 / 25.4, 7 / 25.4
        sheet.print_options.horizontalCentered = True
        sheet.print_area = f"A1:{chr(64 + COLUMNS)}{self.row - 1}"
        if repeated:
            sheet.print_title_rows = repeated
        if foot:
            sheet.oddFooter.center.text, sheet.oddFooter.center.font, sheet.oddFooter.center.size = foot, "宋体", 8
        sheet.oddFooter.right.text = "第 &P 页 共 &N 页"
        sheet.sheet_view.showGridLines = False
        sheet.protection.sheet = True
        sheet.protection.formatRows = False  # a person may make a row taller
        sheet.protection.formatColumns = False


def _validation(fact: Fact) -> tuple[str, DataValidation]:
    """A rule for the fact's cell and the key that cells with the same rule share; no key where there is nothing to refuse."""
    options = {Dim.TRUTH: ["是", "否"], Dim.OPTION: [option.name for option in fact.options]}.get(fact.dim)
    told: dict[str, Any] = {"allow_blank": True, "showErrorMessage": True, "errorTitle": "请核对"}
    if options is not None:
        listed = f'"{",".join(options)}"'
        rule = DataValidation("list", formula1=listed, error=f"请从“{'、'.join(options)}”中选一项。"[:220], **told)
        return (listed if len(listed) <= _LONGEST_LIST and not any("," in o for o in options) else ""), rule
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


def fact_cell(drawing: Drawing, first: int, fact: Fact, wide: int = 3) -> None:
    """The label of a fact with its unit, and the cell for its value."""
    unit = "元" if fact.dim is Dim.MONEY else fact.input_unit
    drawing.label(first, 3, fact.name + (f"（{unit}）" if unit else ""), apart=unit)
    shape = {Dim.MONEY: "#,##0.00", Dim.DATE: DATE_FORMAT, Dim.RATE: "0.00%"}.get(fact.dim, "General")
    drawing.check(drawing.value(first + 3, wide, fact.name, shape=shape), fact)
