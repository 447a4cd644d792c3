"""What a sheet of a list is made of, whatever file it comes from: cells by row and column, and what is hidden and merged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384

Kind = Literal["number", "text", "truth", "error", "date", "formula", "cut"]
#: stands where bytes of a text are no character
CUT = "\ufffd"


class Cell(NamedTuple):
    """One cell: ``kind`` of what is kept, its text as it stands in the file, the format's code, whether a formula made it.

    ``cut`` are words with bytes that are no character.
    """

    kind: Kind
    text: str
    form: str = "General"
    formula: bool = False


def first_cut(cells: Mapping[int, Cell]) -> int | None:
    """The first column of a row whose cell has bytes that are no character; None where there is none."""
    return next((column for column, cell in cells.items() if cell.kind == "cut"), None)


class Area(NamedTuple):
    """A block of cells, ends included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(slots=True)
class Marks:
    """What a sheet says of itself beside its cells' values."""

    rows: int = 0
    cells: int = 0
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    merged: list[Area] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class SheetName:
    """A sheet of cells: its title, its part, whether it is hidden."""

    title: str
    part: str
    hidden: bool


Row = tuple[int, dict[int, Cell]]


def column_number(letters: str) -> int:
    """``AB`` as 28."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def column_letters(number: int) -> str:
    """28 as ``AB``."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
