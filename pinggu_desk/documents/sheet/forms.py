"""The forms (申请表表样): which names a workbook may bind its cells by, where each stands, and whether a form is sound.

A form is an .xlsx whose defined names (定义的名称) bind cells. A fact's own Chinese name binds one cell; so do the names in
:data:`VISIT_NAMES`. A name of :data:`ROW_NAMES` such as ``事项_名称`` binds a column of cells: the first is the pattern, the
number of rows is the room. An office can put its own workbook in place of ours.

Some names bind rows and say when they are shown: ``仅留_…`` (any ending) leaves out the rows whose bound cells stay
empty, and heads with nothing under them; ``仅当_`` with a benefit's id (``仅当_yl.checkup``) or a fact's name shows its rows only
when that benefit is applied for, that fact was stated; ``仅当_单位`` and ``仅当_个人`` go by who applies. ``整页_…`` is a page of
its own, the rows of ``同页_…`` stay on one page. The same value in a second cell: ``申请人名称_2``, and so on; in another unit:
``申请金额_万元``.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pinggu_desk.documents.sheet.guard import open_sound, sound_bytes
from pinggu_desk.documents.sheet.layout import Layout
from pinggu_desk.documents.sheet.package import lost
from pinggu_desk.documents.sheet.running import running
from pinggu_desk.documents.sheet.units import MEASURED, CellUnit, Units, unit_of
from pinggu_desk.policy.errors import BadInput, Diagnostic
from pinggu_desk.policy.quantity import Dim
from pinggu_desk.policy.resources import forms_root

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

    from pinggu_desk.assess.engine import Engine
    from pinggu_desk.policy.facts import Fact
    from pinggu_desk.policy.models import Pack, Policy

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
_REQUIRED = ("申请人名称", "统一社会信用代码", "编号", "制表日期", "依据说明", "事项_名称", "事项_口径", "事项_依据")
_REQUIRED_FOR_MONEY = ("事项_金额", "合计金额", "合计大写")
_REQUIRED_FOR_MATERIALS = ("材料_名称", "材料_状态")
_NO_MONEY = frozenset({"服务", "资格"})
#: what does in place of a required name
_INSTEAD = {"合计金额": "申请金额", "统一社会信用代码": "证件号码"}
#: names beside the facts that stand for sums
_SUMS = frozenset({"合计金额", "申请金额", "事项_金额"})


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
            found[name] = Place(book[sheet], int(top or 0), int(left or 0), int(bottom or 0))
        except (ValueError, KeyError, TypeError):
            wrong.append(f"名称“{name}”指的不是一处单元格（{str(defined.value)[:40]}），请在名称管理器里重新指定。")
    return found, wrong


def _defined(book: Workbook) -> Iterable[tuple[str, Any]]:
    for names in (book.defined_names, *(sheet.defined_names for sheet in book.worksheets)):
        for name, defined in names.items():
            if not defined.is_reserved and not name.startswith("_xl"):
                yield name, defined


def unit_finder(layouts: dict[str, Layout], found: Mapping[str, Place]) -> Units:
    """What tells in which unit the cells that ``found`` binds are filled."""
    bound = {
        (place.sheet.title, row, place.column)
        for name, place in found.items() if not binds_rows(name)
        for row in range(place.row, (place.last_row if row_name(name) else place.row) + 1)
    }  # fmt: skip
    return Units(layouts, bound)


def cell_unit(finder: Units, name: str, place: Place, facts: Mapping[str, Fact]) -> CellUnit | None:
    """The unit in which a name's cell is filled; None for a name that isn't counted in one."""
    value, suffix = split_name(name)
    if value in _SUMS:
        return finder.of(name, suffix, place, Dim.MONEY, "元")
    fact = facts.get(value)
    if fact is None or fact.dim not in MEASURED:
        return None
    return finder.of(name, suffix, place, fact.dim, "元" if fact.dim is Dim.MONEY else fact.input_unit)


@dataclass(frozen=True, slots=True)
class Misspelt:
    """A name that nothing is known by; ``meant`` is the known name nearest to it, or empty."""

    name: str
    meant: str

    def __str__(self) -> str:
        if self.meant:
            return f"不认识名称“{self.name}”，是不是“{self.meant}”？"
        return f"不认识名称“{self.name}”，请改用填报项的名称，或者删去。"


@dataclass(frozen=True, slots=True)
class FormReport:
    """What a form binds (``bound``), what it must bind and doesn't, what it misspells, and what else is wrong with it.

    ``unasked`` are facts that the policy's rules use and the form has no cell for: no fault, but worth knowing. ``units`` says
    in which unit each figure's cell is filled; ``lost`` names what the form has and a filled one would not.
    """

    policy: str
    bound: tuple[str, ...]
    missing: tuple[str, ...]
    misspelt: tuple[Misspelt, ...]
    problems: tuple[str, ...]
    unasked: tuple[str, ...]
    units: tuple[CellUnit, ...] = ()
    lost: tuple[str, ...] = ()
    harm: tuple[str, ...] = ()

    @property
    def usable(self) -> bool:
        """Whether nothing would stand wrong in it (``harm``): names that mean nothing only leave cells empty."""
        return not self.harm

    @property
    def ok(self) -> bool:
        """Whether the form may be used."""
        return not (self.missing or self.misspelt or self.problems)

    @property
    def sentences(self) -> tuple[str, ...]:
        """Every fault as one Chinese sentence."""
        lacks = (f"缺少名称“{name}”，请在表样里指定它的单元格。" for name in self.missing)
        return (*map(str, self.misspelt), *lacks, *self.problems)


def check_forms(pack: Pack, folder: Path | None = None) -> list[Diagnostic]:
    """Check the form of every policy of the pack; a policy without one is a finding, too."""
    from pinggu_desk.assess.engine import Engine

    found: list[Diagnostic] = []
    engine = Engine(pack)
    versions = {policy.folder: (era, policy.id) for era in pack.every() for policy in era.policies.values()}
    for name, (era, policy_id) in versions.items():
        own = (folder or forms_root()) / f"{name}.xlsx"
        path = own if own.is_file() else (folder or forms_root()) / f"{policy_id}.xlsx"
        file = f"forms/{path.name}"
        try:
            report = check_form(path, era, policy_id, engine.at(era.since))
            reaching = running(form_bytes(path))
        except BadInput as error:
            found.append(Diagnostic("form-unreadable", file, 0, error.sentence))
            continue
        codes = (("form-misspelt", len(report.misspelt)), ("form-missing", len(report.missing)))
        marks = [code for code, count in codes for _ in range(count)]
        marks += ["form-unsound"] * len(report.problems)
        found += [Diagnostic(code, file, 0, line) for code, line in zip(marks, report.sentences, strict=True)]
        sentence = "表样里有{}，政策包不收会运行或者连到外面的内容，请删去后另存为普通的 .xlsx。"
        found += [Diagnostic("form-unsound", file, 0, sentence.format(words)) for words in reaching]
    return found


def check_form(path: Path, pack: Pack, policy_id: str, engine: Engine | None = None) -> FormReport:
    """Which names the form at ``path`` binds, lacks and misspells for a policy; raises BadInput if it can't be opened."""
    policy = pack.policies[policy_id]
    data = form_bytes(path)
    book = open_form(path, data)
    found, problems = places(book)
    for_lists = _for_lists(book, found)
    known = _known(policy, pack)
    bound = tuple(name for name in found if value_name(name) in known or name.startswith((KEEP, PAGE, TOGETHER)))
    strange = [name for name in found if name not in bound and name not in for_lists]
    cells = {name: found[name] for name in bound if not binds_rows(name)}
    harm = list(_unsound(cells))
    finder = unit_finder({sheet.title: Layout(sheet) for sheet in book.worksheets}, found)
    units = [unit for name, place in cells.items() if (unit := cell_unit(finder, name, place, pack.facts))]
    harm += [unit.wrong for unit in units if unit.wrong]
    has = {value_name(name) for name in found if not _AGAIN.search(name)}
    return FormReport(
        policy_id,
        bound,
        tuple(name for name in _required(policy) if not has & {name, _INSTEAD.get(name, name)}),
        tuple(Misspelt(name, _nearest(name, known - set(bound))) for name in strange),
        (*harm, *problems, *_formulas(book)),
        tuple(name for name in asked(policy, pack, engine) if name not in has),
        tuple(units),
        lost(data),
        tuple(harm),
    )


def _for_lists(book: Workbook, found: Mapping[str, Place]) -> set[str]:
    """Names that the form's own lists to choose from, formats and other names use: they are not for filling."""
    formulas = [
        str(formula)
        for sheet in book.worksheets
        for rule in sheet.data_validations.dataValidation for formula in (rule.formula1, rule.formula2) if formula
    ]  # fmt: skip
    formulas += [
        str(formula)
        for sheet in book.worksheets for area in sheet.conditional_formatting
        for rule in area.rules for formula in rule.formula
    ]  # fmt: skip
    return {name for name in found if any(name in formula for formula in formulas)}


def _known(policy: Policy, pack: Pack) -> set[str]:
    """Every name that may stand in a form of the policy, but for those of :data:`KEEP`, which end as they please."""
    rows = (f"{family}_{column}" for family, columns in ROW_NAMES.items() for column in columns)
    facts = dict.fromkeys(pack.facts)
    conditions = (f"{WHEN}{what}" for what in (*(b.id for b in policy.benefits), *facts, *KINDS))
    return {*VISIT_NAMES, *facts, *rows, *conditions}


def form_bytes(path: Path) -> bytes:
    """The form's bytes, looked at; raises BadInput with one Chinese sentence when it is not there or can't be read."""
    return sound_bytes(path, "表样")


def open_form(path: Path, data: bytes | None = None) -> Workbook:
    """The form as a workbook, from its bytes where they were read before; raises BadInput as :func:`form_bytes` does."""
    return open_sound(path, "表样", data=data, rich_text=True)


def _required(policy: Policy) -> Iterable[str]:
    yield from _REQUIRED
    if any(benefit.kind not in _NO_MONEY for benefit in policy.benefits):
        yield from _REQUIRED_FOR_MONEY
    if policy.materials:
        yield from _REQUIRED_FOR_MATERIALS


def _nearest(name: str, known: set[str]) -> str:
    near = difflib.get_close_matches(name, sorted(known), n=1, cutoff=0.6)
    return near[0] if near else ""


def asked(policy: Policy, pack: Pack, engine: Engine | None = None) -> Iterable[str]:
    """The facts that the policy's rules ask an applicant for, in the text's order."""
    from pinggu_desk.assess.engine import Engine
    from pinggu_desk.assess.interview import Interview

    interview = Interview(engine or Engine(pack), policy.id, policy.begins)
    for step in ("eligibility", "data"):
        yield from (view.fact.name for view in interview.fields(step) if not view.fact.decided_by)


def _unsound(found: dict[str, Place]) -> Iterable[str]:
    """Cells bound twice, rows of one family that don't run side by side, cells hidden under a merge."""
    taken: dict[tuple[str, int, int], str] = {}
    families: dict[str, tuple[str, Place]] = {}
    for name, place in found.items():
        parts = row_name(name)
        last = place.last_row if parts else place.row
        for row in range(place.row, last + 1):
            other = taken.setdefault((place.sheet.title, row, place.column), name)
            if other != name:
                yield f"名称“{name}”和“{other}”指的是同一个单元格 {place.words}，请各指一处。"
                break
        if parts:
            first, beside = families.setdefault(parts[0], (name, place))
            if (beside.sheet, beside.row, beside.last_row) != (place.sheet, place.row, place.last_row):
                yield f"名称“{name}”和“{first}”的起止行不同（{place.words}），同一类的各列应从同一行到同一行。"
        yield from _covered(name, place)


def _formulas(book: Workbook) -> Iterable[str]:
    """Cells that are worked out: ours have none, and one of an office's own is told."""
    for sheet in book.worksheets:
        for row_cells in sheet.iter_rows():
            for cell in row_cells:
                if cell.data_type == "f":
                    yield f"单元格 {sheet.title}!{cell.coordinate} 是公式，申请表里只能有文字和数，请改成固定内容。"


def _covered(name: str, place: Place) -> Iterable[str]:
    cell = place.sheet.cell(place.row, place.column)
    if type(cell).__name__ == "MergedCell":
        yield f"名称“{name}”指的 {place.words} 被合并单元格盖住，应指合并区域左上角的单元格。"
