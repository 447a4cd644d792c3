"""The right field for a fact, and fields that ask one fact after another without being made anew."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from pinggu_desk.desk.kit.choice import ChoiceField, options_of, takes_list
from pinggu_desk.desk.kit.entry import DateField, NumberField, TextField
from pinggu_desk.policy.quantity import Dim

if TYPE_CHECKING:
    from pinggu_desk.policy.facts import Fact

FactField = NumberField | DateField | TextField | ChoiceField
_EACH = (
    2  # of each kind: one that is left while the other is gone to, so that the focus moves as between any two fields
)


def make_field(fact: Fact, parent: QWidget | None = None) -> FactField:
    """The field that asks this fact (填报项)."""
    if fact.dim in (Dim.TRUTH, Dim.OPTION):
        return ChoiceField.for_fact(fact, parent)
    if fact.dim is Dim.DATE:
        return DateField(fact, parent)
    if fact.dim is Dim.TEXT:
        return TextField(fact, parent)
    return NumberField(fact, parent)


def kind_of(fact: Fact) -> str:
    """What two facts must share for a field that was made for one to ask the other."""
    if fact.dim in (Dim.TRUTH, Dim.OPTION):
        return "list" if takes_list(options_of(fact)[0]) else "rows"
    return {Dim.DATE: "date", Dim.TEXT: "text"}.get(fact.dim, "number")


class FieldStore:
    """Fields that ask one fact at a time; ``prepare`` is called once with each that is made.

    Making a field and styling it takes longer than everything else that a key does, so those of a kind take turns.
    """

    def __init__(self, prepare: Callable[[FactField], None]) -> None:
        self._prepare = prepare
        self._made: dict[str, list[FactField]] = {}

    def field(self, fact: Fact, parent: QWidget) -> FactField:
        """A hidden field that asks this fact, with nothing in it."""
        kind = kind_of(fact)
        turns = self._made.setdefault(kind, [])
        if len(turns) < _EACH:
            field = make_field(fact, parent)
            field.hide()
            self._prepare(field)
        else:
            field = turns.pop(0)
            field.ask_fact(fact)
        turns.append(field)
        return field
