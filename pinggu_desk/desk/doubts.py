"""When a field asks for a second look (提示): at once for what more figures cannot mend, else when it has been left."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from pinggu_desk.assess.doubts import Doubt
    from pinggu_desk.desk.kit import DateField, NumberField
    from pinggu_desk.desk.kit.field import Field


def show_doubt(field: Field, doubt: Doubt | None, *, typing: bool) -> None:
    """Show a doubt under its field, or that there is none; half a number is not called too small."""
    if doubt is not None and (doubt.plain or not typing):
        field.set_warning(doubt.sentence)
    elif doubt is None or field.warning() != doubt.sentence:
        field.set_warning("")


def mind(field: NumberField | DateField, on: date) -> None:
    """Ask for a second look at a field that stands by itself, once it has been left."""

    def left() -> None:
        # kept out of the window's start: the pack's models come with it
        from pinggu_desk.policy.usual import doubt_of

        value = field.value()
        field.set_warning("" if value is None or field.error() else doubt_of(field.fact, value, on))

    field.left.connect(left)
    field.edited.connect(lambda _text: field.set_warning(""))
