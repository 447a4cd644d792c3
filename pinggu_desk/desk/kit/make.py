"""The right field for a fact."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from pinggu_desk.desk.kit.choice import ChoiceField
from pinggu_desk.desk.kit.entry import DateField, NumberField, TextField
from pinggu_desk.policy.quantity import Dim

if TYPE_CHECKING:
    from pinggu_desk.policy.facts import Fact


def make_field(fact: Fact, parent: QWidget | None = None) -> NumberField | DateField | TextField | ChoiceField:
    """The field that asks this fact (填报项)."""
    if fact.dim in (Dim.TRUTH, Dim.OPTION):
        return ChoiceField.for_fact(fact, parent)
    if fact.dim is Dim.DATE:
        return DateField(fact, parent)
    if fact.dim is Dim.TEXT:
        return TextField(fact, parent)
    return NumberField(fact, parent)
