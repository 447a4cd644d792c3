"""Rows of a list worth a second look (提示): the same doubts as at the desk, worked out a column at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import numpy as np

from pinggu_desk.assess.columns import ColumnEngine, Given
from pinggu_desk.documents.books.applicants import EnterpriseList
from pinggu_desk.documents.books.rows import Rows
from pinggu_desk.policy.facts import Fact
from pinggu_desk.policy.quantity import Dim
from pinggu_desk.policy.usual import day_bounds, early_words, late_words, particular_words, size_words, usual_bounds


def note_doubts(
    table: ColumnEngine, listed: EnterpriseList, rows: Rows, columns: Mapping[str, Given], on: date
) -> None:
    """Note with their places, in how the list was read, the values that are far from usual; nothing is left out for it."""
    for index, fact in enumerate(listed.facts):
        column = listed.column_of(fact.name)
        if column is None:
            continue
        if fact.name in columns:
            for words, which in _of_column(fact, columns[fact.name], on):
                for row in which:
                    listed.note(words, rows.numbers[row], column)
        elif fact.dim is Dim.TEXT and (fact.standing or fact.party == "电话"):
            texts = rows.texts(index)
            said = {
                text: words for text in set(texts) if text is not None and (words := particular_words(fact, text, on))
            }
            for number, text in zip(rows.numbers, texts, strict=True) if said else ():
                if text in said:
                    listed.note(said[text].rstrip("。"), number, column)
    for item, mask in table.broken(columns, on, soft=True):
        beside = next((found for name in item.facts if (found := listed.column_of(name)) is not None), None)
        if beside is None:
            continue
        for row in np.flatnonzero(mask).tolist():
            listed.note(item.sentence.rstrip("。"), rows.numbers[row], beside)


def _of_column(fact: Fact, given: Given, on: date) -> Iterator[tuple[str, list[Any]]]:
    values, known = given
    if fact.dim is Dim.DATE:
        first, last = day_bounds(fact, on)
        yield f"{fact.name}{late_words(on)}", np.flatnonzero(known & (values > last)).tolist()
        yield f"{fact.name}{early_words(on)}", np.flatnonzero(known & (values < first)).tolist()
    ends = usual_bounds(fact)
    if ends is not None:
        for way, out in ((-1, values < ends[0]), (1, values > ends[1])):
            yield f"{fact.name}{size_words(fact, way)}", np.flatnonzero(known & (values != 0) & out).tolist()
