"""The names (定义的名称) that bind the cells of a form, what they stand for, and where each stands.

A fact's own Chinese name binds one cell; so do the names in :data:`VISIT_NAMES`. A name of :data:`ROW_NAMES` such as
``事项_名称`` binds a column of cells: the first is the pattern, the number of rows is the room.

Some names bind rows and say when they are shown: ``仅留_…`` (any ending) leaves out the rows whose bound cells stay
empty, and heads with nothing under them; ``仅当_`` with a benefit's id (``仅当_yl.checkup``) or a fact's name shows its rows only
when that benefit is applied for, that fact was stated; ``仅当_单位`` and ``仅当_个人`` go by who applies. ``整页_…`` is a page of
its own, the rows of ``同页_…`` stay on one page. The same value in a second cell: ``申请人名称_2``, and so on; in another unit:
``申请金额_万元``, ``申请金额_大写``; a day in three cells: ``制表日期_年``, ``制表日期_月``, ``制表日期_日``; a box to tick:
``上市挂牌板块_北交所``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pinggu_desk.documents.sheet.units import CellUnit, Units
from pinggu_desk.documents.sheet.unitwords import MEASURED, unit_of
from pinggu_desk.policy.quantity import Dim
from pinggu_desk.policy.resources import forms_root

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

    from pinggu_desk.documents.sheet.layout import Layout
    from pinggu_desk.policy.facts import Fact

#: name of one cell -> what is put there; facts of the pack come beside these
VISIT_NAMES: dict[str, str] = {
    "编号": "办件编号；没有登记的写“未登记”",
    "标记": "演练、未登记；没有的留空",
    "制表日期": "打印这张表的日期",
    "判断日": "按哪一天有效的政策文本测算",
    "经办人": "经办人",
    "窗口": "窗口",
    "办理单位": "办理窗口所属单位",
    "政策名称": "政策的名称",
    "政策包版本": "测算所用政策包的版本",
    "姓名": "申请人是个人时的姓名；单位的留空",
    "申报事项": "本次申报的事项，最多列三项",
    "字体说明": "哪些字要用随程序的字体，怎样安装；没有的留空",
    "合计金额": "按条款计算的资金类事项之和（元）；有一项不能算定的写“以审定为准”",
    "申请金额": "同合计金额；单位写在名称末尾的，如“申请金额_万元”",
    "合计大写": "合计金额的大写；不能算定的留空",
    "得分合计": "评分指标的得分合计",
    "事项说明": "没有列入的事项、合计怎样算、续页",
    "材料说明": "政策对材料的说明、续页",
    "依据说明": "以主管部门审核为准，依据哪一版文本",
}
#: family -> columns: one row for each item that is applied for, material, indicator
ROW_NAMES: dict[str, tuple[str, ...]] = {
    "事项": ("序号", "名称", "金额", "结论", "口径", "服务", "依据"),
    "材料": ("序号", "名称", "形式", "来源", "状态"),
    "指标": ("名称", "数值", "分档", "得分", "依据"),
}
#: names that begin so bind rows: 仅留 leaves out what stays empty, 仅当 shows them on a condition, 整页 is a page of its own,
#: 同页 stays on one page
KEEP, WHEN, PAGE, TOGETHER = "仅留_", "仅当_", "整页_", "同页_"
#: what 仅当_ may name beside benefits and facts: whether a unit or a natural person applies
KINDS = ("单位", "个人")
_AGAIN = re.compile(r"_[0-9]{1,2}$")
#: names beside the facts that stand for sums
_SUMS = frozenset({"合计金额", "申请金额", "事项_金额"})
#: names beside the facts that stand for days
DAYS = frozenset({"制表日期", "判断日"})


def form_path(policy_id: str, version: str = "", folder: Path | None = None) -> Path:
    """Where the form of a policy lies: ``forms/<policy>.xlsx``, or that of its version (``<policy>@<day>.xlsx``) if it has its own.

    ``folder`` holds the forms of a pack other than the one in use.
    """
    forms = folder or forms_root()
    own = forms / f"{version}.xlsx"
    return own if version and own.is_file() else forms / f"{policy_id}.xlsx"


def row_name(name: str) -> tuple[str, str] | None:
    """``事项_金额`` as (事项, 金额), also with a unit behind it; None for a name that isn't one of rows."""
    family, _, column = value_name(name).partition("_")
    return (family, column) if column in ROW_NAMES.get(family, ()) else None


def again(name: str) -> bool:
    """Whether a name shows a value once more (申请人名称_2)."""
    return bool(_AGAIN.search(name))


def value_name(name: str) -> str:
    """The name whose value a cell shows: ``申请人名称_2`` and ``申请金额_万元`` without what stands behind them."""
    return split_name(name)[0]


@lru_cache(maxsize=4096)
def split_name(name: str) -> tuple[str, str]:
    """A name as (value, unit that it carries): ``申请金额_万元_2`` is (申请金额, 万元)."""
    bare = _AGAIN.sub("", name)
    value, _, unit = bare.rpartition("_")
    if value and not value.startswith((KEEP, WHEN, PAGE)) and unit_of(unit):
        return value, unit
    return bare, ""


def binds_rows(name: str) -> bool:
    """Whether a name says when rows are shown, rather than what a cell holds."""
    return name.startswith((KEEP, WHEN, PAGE, TOGETHER))


@dataclass(frozen=True, slots=True)
class Place:
    """Where a name stands: its sheet and the cells from ``row``, ``column`` down to ``last_row``."""

    sheet: Worksheet
    row: int
    column: int
    last_row: int

    @property
    def words(self) -> str:
        """The first cell, as a person finds it: ``申请表!C12``."""
        return f"{self.sheet.title}!{self.sheet.cell(max(self.row, 1), max(self.column, 1)).coordinate}"


def places(book: Workbook) -> tuple[dict[str, Place], list[str]]:
    """Every defined name of the workbook that means cells, and one sentence for each that doesn't."""
    from openpyxl.utils.cell import range_boundaries

    found: dict[str, Place] = {}
    wrong: list[str] = []
    for name, defined in _defined(book):
        try:
            ((sheet, cells),) = tuple(defined.destinations)
            left, top, _, bottom = range_boundaries(cells.replace("$", ""))
            if not (left and top and bottom):
                raise ValueError  # a whole column, a whole row
            found[name] = Place(book[sheet], top, left, bottom)
        except (ValueError, KeyError, TypeError, AttributeError):  # the library trips over a name without a sheet
            wrong.append(f"名称“{name}”指的不是一处单元格（{str(defined.value)[:40]}），请在名称管理器里重新指定。")
    return found, wrong


def _defined(book: Workbook) -> Iterable[tuple[str, Any]]:
    for names in (book.defined_names, *(sheet.defined_names for sheet in book.worksheets)):
        for name, defined in names.items():
            if not defined.is_reserved and not name.startswith("_xl"):
                yield name, defined


def unit_finder(layouts: dict[str, Layout], found: Mapping[str, Place], drawn: dict[str, list[str]]) -> Units:
    """What tells in which unit the cells that ``found`` binds are filled; ``drawn`` are the texts of text boxes by sheet."""
    bound = {
        (place.sheet.title, row, place.column)
        for name, place in found.items() if not binds_rows(name)
        for row in range(place.row, (place.last_row if row_name(name) else place.row) + 1)
    }  # fmt: skip
    return Units(layouts, bound, drawn)


def cell_unit(finder: Units, name: str, place: Place, facts: Mapping[str, Fact]) -> CellUnit | None:
    """The unit in which a name's cell is filled; None for a name that isn't counted in one."""
    value, suffix = split_name(name)
    if value in _SUMS:
        return finder.of(name, suffix, place, Dim.MONEY, "元")
    fact = facts.get(value)
    if value in DAYS or (fact is not None and fact.dim is Dim.DATE):
        return finder.day(name, suffix, place)
    if fact is None or fact.dim not in MEASURED:
        return finder.uncounted(name, suffix, place)
    return finder.of(name, suffix, place, fact.dim, "元" if fact.dim is Dim.MONEY else fact.input_unit)
