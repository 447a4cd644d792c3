"""When a field asks for a second look (提示): at once for what more figures cannot mend, else when it has been left."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pinggu_desk.assess.doubts import Doubt
    from pinggu_desk.desk.kit.field import Field


def show_doubt(field: Field, doubt: Doubt | None, *, typing: bool) -> None:
    """Show a doubt under its field, or that there is none; half a number is not called too small."""
    if doubt is not None and (doubt.plain or not typing):
        field.set_warning(doubt.sentence)
    elif doubt is None or field.warning() != doubt.sentence:
        field.set_warning("")
