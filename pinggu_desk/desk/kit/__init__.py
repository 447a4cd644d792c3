"""The widgets that every page is made of, so that all of them look, read and answer to keys alike.

The fields that are made from facts come when they are first asked for: the models of facts take longer to load than
the whole door, which has none.
"""

from typing import TYPE_CHECKING, Any

from pinggu_desk.desk.kit.basics import (
    Badge,
    Banner,
    Caption,
    Card,
    ClauseQuote,
    EmptyState,
    Kind,
    PrimaryButton,
    Question,
    QuietButton,
    SecondaryButton,
    Subtitle,
    Title,
    Words,
    restyle,
)
from pinggu_desk.desk.kit.chain import FocusChain
from pinggu_desk.desk.kit.choice import ChoiceField, Tick
from pinggu_desk.desk.kit.columns import ScrollColumn
from pinggu_desk.desk.kit.field import Check, Field, LineField
from pinggu_desk.desk.kit.forms import CentredForm
from pinggu_desk.desk.kit.line import Line
from pinggu_desk.desk.kit.rows import RowDelegate, RowList

if TYPE_CHECKING:
    from pinggu_desk.desk.kit.entry import DateField, NumberField, TextField
    from pinggu_desk.desk.kit.make import make_field

__all__ = [
    "Badge",
    "Banner",
    "Caption",
    "Card",
    "CentredForm",
    "Check",
    "ChoiceField",
    "ClauseQuote",
    "DateField",
    "EmptyState",
    "Field",
    "FocusChain",
    "Kind",
    "Line",
    "LineField",
    "NumberField",
    "PrimaryButton",
    "Question",
    "QuietButton",
    "RowDelegate",
    "RowList",
    "ScrollColumn",
    "SecondaryButton",
    "Subtitle",
    "TextField",
    "Tick",
    "Title",
    "Words",
    "make_field",
    "restyle",
]


def __getattr__(name: str) -> Any:
    if name in ("DateField", "NumberField", "TextField"):
        from pinggu_desk.desk.kit import entry

        return getattr(entry, name)
    if name == "make_field":
        from pinggu_desk.desk.kit.make import make_field

        return make_field
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
