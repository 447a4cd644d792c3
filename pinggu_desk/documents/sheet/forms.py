"""Whether a form (申请表表样) is sound: what it binds, what it lacks, what would stand wrong in it.

A form is an .xlsx whose defined names bind cells (``documents.sheet.names``). An office can put its own workbook in place of ours.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pinggu_desk.documents.sheet.guard import open_sound, sound_bytes
from pinggu_desk.documents.sheet.layout import Layout
from pinggu_desk.documents.sheet.names import (
    KEEP,
    KINDS,
    PAGE,
    ROW_NAMES,
    TOGETHER,
    VISIT_NAMES,
    WHEN,
    Place,
    again,
    binds_rows,
    cell_unit,
    places,
    row_name,
    unit_finder,
    value_name,
)
from pinggu_desk.documents.sheet.offered import answers_of, left_out
from pinggu_desk.documents.sheet.package import drawn_texts, lost, needs_carrying
from pinggu_desk.documents.sheet.running import running
from pinggu_desk.documents.sheet.units import CellUnit
from pinggu_desk.policy.errors import BadInput, Diagnostic
from pinggu_desk.policy.resources import forms_root

if TYPE_CHECKING:
    from openpyxl import Workbook

    from pinggu_desk.assess.engine import Engine
    from pinggu_desk.policy.models import Pack, Policy

_REQUIRED = ("申请人名称", "统一社会信用代码", "编号", "制表日期", "依据说明", "事项_名称", "事项_口径", "事项_依据")
_REQUIRED_FOR_MONEY = ("事项_金额", "合计金额", "合计大写")
_REQUIRED_FOR_MATERIALS = ("材料_名称", "材料_状态")
_NO_MONEY = frozenset({"服务", "资格"})
#: what does in place of a required name
_INSTEAD = {"合计金额": "申请金额", "统一社会信用代码": "证件号码"}


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
    drawn = drawn_texts(data) if needs_carrying(data) else {}
    finder = unit_finder({sheet.title: Layout(sheet) for sheet in book.worksheets}, found, drawn)
    units = [unit for name, place in cells.items() if (unit := cell_unit(finder, name, place, pack.facts))]
    harm += [unit.wrong for unit in units if unit.wrong]
    has = {value_name(name) for name in found if not again(name)}
    return FormReport(
        policy_id,
        bound,
        tuple(name for name in _required(policy) if not has & {name, _INSTEAD.get(name, name)}),
        tuple(Misspelt(name, _nearest(name, known - set(bound))) for name in strange),
        (*harm, *problems, *_formulas(book), *left_out(book, data, cells, pack.facts)),
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
    boxes = (f"{fact.name}_{answer}" for fact in pack.facts.values() for answer in answers_of(fact))
    return {*VISIT_NAMES, *facts, *rows, *conditions, *boxes}


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
