"""One value into one cell, with its type: text stays text, a sum is exact, a day is a day, nothing becomes a formula."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from pinggu_desk.documents.sheet.text import clean, literal
from pinggu_desk.documents.sheet.values import Money, Number, Value
from pinggu_desk.policy.quantity import yuan

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell

MONEY_FORMAT = "#,##0.00"
DATE_FORMAT = 'yyyy"年"m"月"d"日"'
PERCENT_FORMAT = "0.00%"
WHOLE_FORMAT = "#,##0"
#: what an office program takes for the start of a formula when a person edits the cell
_RISKY = ("=", "+", "-", "@")


def put(cell: Cell, value: Value) -> str:
    """Put ``value`` into ``cell`` and return what will be seen there; empty text empties the cell."""
    if isinstance(value, str):
        return put_text(cell, clean(value))
    if isinstance(value, Money):
        return _put_money(cell, value.fen)
    if isinstance(value, Number):
        return _put_number(cell, value)
    cell.value = value
    if cell.number_format == "General" or "y" not in cell.number_format:
        cell.number_format = DATE_FORMAT
    return f"{value.year}年{value.month}月{value.day}日"


def put_text(cell: Cell, text: str) -> str:
    """Put cleaned text into ``cell`` as text, whatever it looks like."""
    if not text:
        cell.value = None
        return ""
    _set(cell, literal(text), "s")
    if text.startswith(_RISKY):
        cell.quotePrefix = True  # editing it must not turn it into a formula either
    return text


def _put_money(cell: Cell, fen: int) -> str:
    """Whole fen as yuan, or as ten thousand yuan where the form's own number format says 万元."""
    if "万元" in cell.number_format:
        exact = _decimal(Fraction(fen, 1_000_000))
        _set(cell, exact, "n")
        return f"{exact}万元"
    _set(cell, yuan(fen), "n")
    _default_format(cell, MONEY_FORMAT)
    return f"{fen // 100:,}.{fen % 100:02d}"


def _put_number(cell: Cell, number: Number) -> str:
    exact = _decimal(number.value)
    _set(cell, exact, "n")
    if number.percent:
        _default_format(cell, PERCENT_FORMAT)
    elif number.value.denominator == 1:
        _default_format(cell, WHOLE_FORMAT)
    return exact


def _default_format(cell: Cell, number_format: str) -> None:
    if cell.number_format in ("General", "@"):
        cell.number_format = number_format


def _decimal(value: Fraction) -> str:
    """The number in decimal digits: exact where decimals can be, else to four places (an area in another unit)."""
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    places = 4 if rest != 1 else next(n for n in range(64) if 10**n % value.denominator == 0)
    whole = round(value * 10**places)
    sign, digits = "-" if whole < 0 else "", f"{abs(whole):0{places + 1}d}"
    return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else f"{sign}{digits}"


def _set(cell: Cell, value: str, kind: str) -> None:
    """Set value and type as they are to stand in the file.

    The library would take text that starts with = for a formula, and write a decimal as the float next to it with 16
    digits; digits given as text are written as they are.
    """
    inner: Any = cell
    inner._value, inner.data_type = value, kind
