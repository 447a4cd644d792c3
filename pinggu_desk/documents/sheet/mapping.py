"""Drafting the names of an office's own form: labels that a person reads become defined names that the program fills by.

A label's value stands right of it or, where that is taken, under it. What a label means is looked up among the facts that
the policy asks and the usual words of application forms; a person then checks the draft (``forms check``, 名称管理器).
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pinggu_desk.documents.sheet.boxes import options_in
from pinggu_desk.documents.sheet.file import workbook_bytes
from pinggu_desk.documents.sheet.forms import asked, open_form
from pinggu_desk.documents.sheet.layout import Box, Layout
from pinggu_desk.documents.sheet.names import places
from pinggu_desk.documents.sheet.text import written
from pinggu_desk.documents.sheet.unitwords import CAPITALS, only_units, units_in
from pinggu_desk.policy.quantity import Dim

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell.cell import Cell

    from pinggu_desk.policy.models import Pack

#: the usual words for a single cell, by the name that they mean
_USUAL: dict[str, tuple[str, ...]] = {
    "申请人名称": (
        "申请人", "申报人", "申请人姓名",
        "姓名", "单位名称", "企业名称", "企业全称", "公司名称", "机构名称", "申报单位", "申报单位名称", "申请单位",
        "申请单位名称", "项目单位", "姓名或者单位名称", "姓名或单位名称",
    ),
    "统一社会信用代码": (
        "社会信用代码", "信用代码", "信用代码或者证件号码", "信用代码或证件号码", "统一社会信用代码或者证件号码",
    ),
    "联系人": ("联系人姓名",),
    "联系电话": ("电话", "手机", "手机号", "手机号码", "联系方式"),
    "地址": ("单位地址", "通讯地址", "联系地址", "住址", "经营地址", "办公地址"),
    "法定代表人": ("法人", "法人代表", "法人代表姓名", "法定代表人姓名", "负责人", "法定代表人（负责人）"),
    "法定代表人证件号码": (
        "法定代表人身份证号", "法定代表人身份证号码", "法人身份证号", "法人身份证号码", "法人证件号码", "法定代表人证件号",
    ),
    "法定代表人电话": ("法定代表人联系电话", "法人电话", "法人联系电话", "法定代表人手机"),
    "注册资本": ("注册资金",), "所属行业": ("行业", "行业类别", "所属行业类别"), "注册地址": ("住所", "注册地", "单位住所"),
    "邮政编码": ("邮编",), "开户银行": ("开户行", "开户行名称", "开户银行名称", "收款银行"),
    "开户名称": ("户名", "账户名称", "开户名", "收款户名", "银行户名"),
    "银行账号": ("账号", "账户", "银行账户", "开户账号", "收款账号", "银行卡号", "银行帐号", "帐号", "开户银行账号"),
    "证件类型": ("证件种类", "证件名称"), "姓名": (),
    "证件号码": ("身份证号", "身份证号码", "身份证件号码", "公民身份号码", "居民身份证号", "居民身份证号码"),
    "申报事项": (), "申请金额": (), "字体说明": (),
    "编号": ("办件编号", "受理编号", "受理号"),
    "制表日期": ("填表日期", "填报日期", "申请日期", "申报日期"),
    "窗口": ("受理窗口",),
    "办理单位": ("受理单位",),
    "政策名称": ("申报政策", "申请政策"),
    "合计金额": ("合计", "资金合计", "申请金额", "申请资金", "申报金额"),
    "合计大写": ("大写", "金额大写", "人民币大写"),
    "得分合计": ("总分", "总得分", "合计得分"),
    "政策包版本": ("政策包",),
    "判断日": (), "经办人": (), "事项说明": (), "材料说明": (), "依据说明": (), "标记": (),
}  # fmt: skip
#: names whose words stand for another name where a form has one cell for both
_ELSEWHERE = frozenset({"姓名", "申请金额"})
#: the usual heads of tables: family -> column -> words
_HEADS: dict[str, dict[str, tuple[str, ...]]] = {
    "事项": {
        "序号": ("序号",), "名称": ("事项", "支持事项", "申报事项", "申请事项", "事项名称"),
        "金额": ("金额", "申请金额", "申报金额", "补助金额", "奖励金额"), "口径": ("口径", "备注"),
        "服务": ("服务内容",), "结论": ("结论",), "依据": ("依据", "依据条款", "政策依据"),
    },
    "材料": {
        "序号": ("序号",), "名称": ("材料名称", "申报材料", "申请材料", "材料"), "形式": ("形式", "材料形式"),
        "来源": ("来源", "材料来源"), "状态": ("已收／待补", "已收/待补", "状态", "是否提交"),
    },
    "指标": {
        "名称": ("指标", "评分指标"), "数值": ("填报数值", "数值"), "分档": ("分档", "所在分档", "标准"),
        "得分": ("得分", "是否符合"), "依据": ("依据", "依据条款"),
    },
}  # fmt: skip
_LONGEST_LABEL = 40
#: how alike a label and a fact's name must be to be taken for the same
_ALIKE = 0.75
_BRACKETS = re.compile(r"[（(\[【][^（()）\]】]*[）)\]】]")
_NUMBER = re.compile(r"^(?:[一二三四五六七八九十]+、|[0-9]+[.、．])")


@dataclass(frozen=True, slots=True)
class Drafted:
    """One name drafted: the label it was taken from, and the place that it now binds (``Sheet1!C4``)."""

    name: str
    label: str
    place: str


@dataclass(slots=True)
class Draft:
    """A form with drafted names: the workbook, what was drafted, and labels beside empty cells that mean nothing known."""

    book: Workbook
    drafted: list[Drafted] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)

    def to_bytes(self, made: datetime) -> bytes:
        """The workbook as .xlsx; its own title and author stay."""
        own = self.book.properties
        return workbook_bytes(self.book, made, own.title or "", own.creator or "")


def draft_names(path: Path, pack: Pack, policy_id: str) -> Draft:
    """The form at ``path`` with names drafted from its labels; names that it has stay. Raises BadInput if unreadable."""
    draft = Draft(open_form(path))
    sums = {name for name, fact in pack.facts.items() if fact.dim is Dim.MONEY}
    drafting = _Drafting(draft, _meanings(pack, policy_id), sums)
    for sheet in draft.book.worksheets:
        drafting.tables(Layout(sheet))
    labels = [(Layout(sheet), cell) for sheet in draft.book.worksheets for cell in _labels(sheet)]
    for alike in (False, True):  # exact words first, so that no near one takes their name
        labels = [(layout, cell) for layout, cell in labels if not drafting.single(layout, cell, alike=alike)]
    draft.unknown = [
        _plain(cell.value) for layout, cell in labels
        if drafting.value_box(layout, cell) is not None and not _waits(cell.value) and not only_units(str(cell.value))
    ]  # fmt: skip
    return draft


def _meanings(pack: Pack, policy_id: str) -> dict[str, str]:
    """Each known label, plain, with the name that it means."""
    facts = list(asked(pack.policies[policy_id], pack))
    return {
        **{word: name for name, words in _USUAL.items() for word in ((), (name,))[name not in _ELSEWHERE] + words},
        **{_plain(pack.facts[name].question): name for name in facts},
        **{_plain(name): name for name in facts},
    }


def _plain(label: object) -> str:
    """A label without spaces, numbering, units in brackets and closing marks."""
    text = _NUMBER.sub("", re.sub(r"\s|　", "", str(label)))
    return _BRACKETS.sub("", text).strip("：:*＊。？?") or text


def _labels(sheet: Any) -> Iterable[Cell]:
    for row in sheet.iter_rows():
        for cell in row:
            if cell.data_type != "f" and 0 < len(written(cell.value)) <= _LONGEST_LABEL:
                yield cell


def _waits(value: object) -> bool:
    """Whether a cell is there to be filled: empty, a line to write on, its unit alone, boxes to tick."""
    text = written(value)
    blank = " _＿　\u00a0"
    if value is None or (text and not text.strip(blank)) or options_in(text):
        return True
    return bool(text) and text[0] in blank and bool(only_units(text))


class _Drafting:
    """Names being given to the cells of one workbook."""

    def __init__(self, draft: Draft, meanings: dict[str, str], sums: set[str]) -> None:
        self.draft, self.meanings, self.sums = draft, meanings, sums
        bound, _ = places(draft.book)
        self.taken = {(p.sheet.title, row, p.column) for p in bound.values() for row in range(p.row, p.last_row + 1)}
        self.heads: set[tuple[str, int]] = set()

    def tables(self, layout: Layout) -> None:
        """Bind the columns of every table whose head names a family's items and at least one column more."""
        for (row_cells,) in ((row,) for row in layout.sheet.iter_rows()):
            heads = {_plain(cell.value): cell for cell in row_cells if written(cell.value)}
            for family, columns in _HEADS.items():
                found = {c: heads[w] for c, words in columns.items() for w in words if w in heads}
                if "名称" in found and len(found) > 1:
                    self._table(layout, family, found)
                    break

    def _table(self, layout: Layout, family: str, found: dict[str, Any]) -> None:
        first, room = found["名称"], 0
        while self._row_free(layout, first.row + room + 1, found):
            room += 1
        if not room:
            return
        self.heads.add((layout.sheet.title, first.row))
        for column, cell in found.items():
            if f"{family}_{column}" in self.draft.book.defined_names:
                continue
            if self._free(layout, first.row + 1, cell.column, layout.box(cell)):
                self._bind(layout, f"{family}_{column}", _plain(cell.value), cell.row + 1, cell.column, room)

    def _row_free(self, layout: Layout, row: int, found: dict[str, Any]) -> bool:
        """Whether a row belongs to a table: its name is free, and no other column begins with words of its own."""
        others = (layout.cell(row, cell.column).value for cell in found.values() if row <= layout.sheet.max_row)
        first = found["名称"]
        return self._free(layout, row, first.column, layout.box(first)) and not any(
            isinstance(value, str) and not value.strip().isdecimal() for value in others
        )

    def _free(self, layout: Layout, row: int, column: int, like: Box) -> bool:
        """Whether an empty cell as wide as the head lies here, still within what the form draws."""
        if row > layout.sheet.max_row or (layout.sheet.title, row, column) in self.taken:
            return False
        cell = layout.cell(row, column)
        box = layout.box(cell)
        return cell.value is None and (box.column, box.last_column) == (like.column, like.last_column)

    def single(self, layout: Layout, label: Cell, *, alike: bool) -> bool:
        """Bind the cell that belongs to a label; True when the label is dealt with."""
        if (layout.sheet.title, label.row) in self.heads:
            return True
        words = _plain(label.value)
        name = self._meaning(label.value, alike=alike)
        box = self.value_box(layout, label) if name else None
        if box is None:
            return False
        names, number = self.draft.book.defined_names, 1
        again = name
        while again in names:
            number += 1
            again = f"{name}_{number}"
        self._bind(layout, again, words, box.row, box.column)
        return True

    def _meaning(self, label: object, *, alike: bool) -> str:
        """The name that a label means, empty for none; for a sum that is to be in capitals, the name of those."""
        name = self._counted(label, alike=alike)
        capitals = any(unit.capitals for unit in units_in(str(label)))
        if not capitals or not name or name.endswith(CAPITALS):
            return name
        return "合计大写" if name == "合计金额" else f"{name}_{CAPITALS}" if name in self.sums else ""

    def _counted(self, label: object, *, alike: bool) -> str:
        """The name that a label means; what stands in brackets may be a unit or part of the word."""
        for words in (_plain(label), _plain(re.sub("[（）()]", "", str(label)))):
            if words in self.meanings:
                return self.meanings[words]
            near = difflib.get_close_matches(words, self.meanings, n=1, cutoff=_ALIKE) if alike else []
            if near:
                return self.meanings[near[0]]
        return ""

    def value_box(self, layout: Layout, label: Cell) -> Box | None:
        """The empty cell right of a label, else the one under it; None where neither is free."""
        own = layout.box(label)
        for row, column in ((own.row, own.last_column + 1), (own.last_row + 1, own.column)):
            if column <= layout.last_column and row <= layout.sheet.max_row:
                cell = layout.cell(row, column)
                box = layout.box(cell)
                if _waits(cell.value) and (layout.sheet.title, box.row, box.column) not in self.taken:
                    return box
        return None

    def _bind(self, layout: Layout, name: str, label: str, row: int, column: int, rows: int = 1) -> None:
        from openpyxl.utils import get_column_letter, quote_sheetname
        from openpyxl.workbook.defined_name import DefinedName

        title, letter = layout.sheet.title, get_column_letter(column)
        to = f":${letter}${row + rows - 1}" if rows > 1 else ""
        self.draft.book.defined_names[name] = DefinedName(
            name, attr_text=f"{quote_sheetname(title)}!${letter}${row}{to}"
        )
        self.taken.update((title, row + offset, column) for offset in range(rows))
        self.draft.drafted.append(Drafted(name, label, f"{title}!{letter}{row}"))
