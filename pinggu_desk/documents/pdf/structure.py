"""What the things on a page are (标签): title, heading, paragraph, table, for a reader that reads a paper aloud.

A page's lines say which part they belong to; a line of no part (page foot, repeated head) is passed over when reading.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

#: the standard structure types (ISO 32000-1, 14.8.4) that papers have
Kind = Literal["Document", "H1", "H2", "H3", "P", "Div", "Table", "TR", "TH", "TD", "Figure"]


@dataclass(slots=True, eq=False)
class Part:
    """A part of a paper: its kind, the parts in it in reading order, and what its kind needs besides.

    ``across`` and ``scope`` are a table cell's: columns that it spans, and what a header cell heads. ``alt`` is said
    instead of a figure, ``box`` is where on its page it is (left, bottom, right, top in points).
    """

    kind: Kind
    parts: list[Part] = field(default_factory=list)
    across: int = 1
    scope: Literal["", "Column", "Row"] = ""
    alt: str = ""
    box: tuple[float, float, float, float] | None = None

    def add(self, part: Part) -> Part:
        """Put ``part`` behind those that are in this one, and give it back."""
        self.parts.append(part)
        return part

    @property
    def keeps_empty(self) -> bool:
        """Whether it is a part even with nothing in it: an empty cell keeps its column."""
        return self.kind in ("TR", "TH", "TD")
