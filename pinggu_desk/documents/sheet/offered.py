"""Which answers an office's own form offers: a list to choose from at a cell, boxes to tick; and which of the fact's own it leaves out.

An answer that isn't offered is filled in all the same, where the office program would not have taken it from a person.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from openpyxl.worksheet.cell_range import CellRange

from pinggu_desk.documents.sheet.boxes import is_worded, options_in
from pinggu_desk.documents.sheet.names import split_name
from pinggu_desk.documents.sheet.package import newer_lists
from pinggu_desk.documents.sheet.text import written
from pinggu_desk.policy.quantity import Dim

if TYPE_CHECKING:
    from openpyxl import Workbook

    from pinggu_desk.documents.sheet.names import Place
    from pinggu_desk.policy.facts import Fact

_RANGE = re.compile(
    r"^=?(?:(?:'((?:[^']|'')+)'|([^'!]+))!)?(\$?[A-Z]{1,3}\$?[0-9]{1,7}(?::\$?[A-Z]{1,3}\$?[0-9]{1,7})?)$"
)
_LONGEST = 500  # cells of a list that are looked at
_NAMED = 4  # answers that a sentence names
_NAMES_DEEP = 3


def answers_of(fact: Fact) -> tuple[str, ...]:
    """The answers that a form may offer for a fact; none where it is not chosen."""
    if fact.dim is Dim.TRUTH:
        return ("是", "否")
    return tuple(option.name for option in fact.options)


def left_out(book: Workbook, data: bytes, cells: Mapping[str, Place], facts: Mapping[str, Fact]) -> Iterator[str]:
    """For each cell, and for each row of boxes, that does not offer an answer of its fact: a sentence that names what is missing."""
    lists = _lists(book, data)
    boxed: dict[str, set[str]] = {}
    for name, place in cells.items():
        fact = facts.get(split_name(name)[0])
        if fact is None:
            of, _, answer = re.sub(r"_[0-9]{1,2}$", "", name).rpartition("_")
            if of in facts and answer in answers_of(facts[of]):
                boxed.setdefault(of, set()).add(answer)
            continue
        words = options_in(written(place.sheet.cell(place.row, place.column).value))
        offered = lists.get((place.sheet.title, place.row, place.column), ())
        for what, missing in (
            ("下拉列表", [one for one in answers_of(fact) if offered and one not in offered]),
            ("选项框", [one for one in answers_of(fact) if words and not any(is_worded(word, one) for word in words)]),
        ):
            if missing:
                yield f"{place.words} 的{what}里没有“{fact.name}”的{_few(missing)}，遇到时填的字与表上的选项不符，请补上。"
    for of, has in boxed.items():
        if of not in {split_name(name)[0] for name in cells} and (
            missing := [a for a in answers_of(facts[of]) if a not in has]
        ):
            yield f"“{of}”没有{_few(missing)}的选项框，遇到时一个也不勾，请补上，如名称“{of}_{missing[0]}”。"


def _few(answers: list[str]) -> str:
    more = f"等 {len(answers)} 项" if len(answers) > _NAMED else ""
    return f"“{'”“'.join(answers[:_NAMED])}”{more}"


def _lists(book: Workbook, data: bytes) -> dict[tuple[str, int, int], frozenset[str]]:
    """What each cell with a list offers; a list that can't be read from the file alone is left out."""
    sheets: dict[str, Any] = {sheet.title: sheet for sheet in book.worksheets}
    found: dict[tuple[str, int, int], frozenset[str]] = {}
    for title, areas, formula in _rules(book, data):
        if title in sheets and (offered := frozenset(_offered(sheets, title, formula, book.defined_names))):
            for area in filter(None, map(_area, areas)):
                found |= dict.fromkeys(((title, row, column) for row, column in area.cells), offered)
    return found


def _rules(book: Workbook, data: bytes) -> Iterator[tuple[str, list[str], str]]:
    for sheet in book.worksheets:
        for rule in sheet.data_validations.dataValidation:
            if rule.type == "list" and rule.formula1:
                yield sheet.title, [area.coord for area in rule.sqref.ranges], str(rule.formula1)
    yield from ((title, cells.split(), formula) for title, cells, formula in newer_lists(data))


def _area(words: str) -> CellRange | None:
    try:
        area = CellRange(words.replace("$", ""))
    except ValueError:
        return None
    return area if area.size["rows"] * area.size["columns"] <= _LONGEST else None


def _offered(
    sheets: Mapping[str, Any], title: str, formula: str, names: Mapping[str, Any], deep: int = 0
) -> Iterable[str]:
    """The words of a list: written in it, or in the cells that it names."""
    formula = formula.strip()
    if len(formula) > 1 and formula[0] == formula[-1] == '"':
        return (word.strip() for word in formula[1:-1].split(","))
    if match := _RANGE.match(formula):
        sheet, area = sheets.get((match[1] or match[2] or title).replace("''", "'")), _area(match[3])
        cells = (sheet.cell(row, column).value for row, column in area.cells) if sheet is not None and area else ()
        return (str(value).strip() for value in cells if value is not None)
    word = formula.lstrip("=")
    name = sheets[title].defined_names.get(word) or names.get(word)
    if name is None or deep == _NAMES_DEEP:
        return ()
    return _offered(sheets, title, str(name.attr_text), names, deep + 1)
