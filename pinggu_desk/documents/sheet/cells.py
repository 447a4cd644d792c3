"""One value into one cell, with its type: text stays text, a sum is exact, a day is a day, nothing becomes a formula."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from pinggu_desk.documents.sheet.numfmt import shape_of, widened
from pinggu_desk.documents.sheet.text import clean, literal
from pinggu_desk.documents.sheet.values import Money, Number, Value, Words
from pinggu_desk.policy.capital import CAPITAL_MAX_FEN, rmb_capital
from pinggu_desk.policy.quantity import Dim, yuan

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell

    from pinggu_desk.documents.sheet.unitwords import Unit

MONEY_FORMAT = "#,##0.00"
DATE_FORMAT = 'yyyy"年"m"月"d"日"'
PERCENT_FORMAT = "0.00%"
WHOLE_FORMAT = "#,##0"
_FEN_A_YUAN = 100
#: smallest units (0.01 %) in one whole
_SHARE = 10_000
#: what an office program takes for the start of a formula when a person edits the cell
_RISKY = ("=", "+", "-", "@")


def put(cell: Cell, value: Value, unit: Unit | None = None) -> str:
    """Put ``value`` into ``cell``, in ``unit`` where it is a figure, and return what will be seen there.

    Empty text empties the cell. Without a unit, sums are in yuan and other figures as they come.
    """
    if isinstance(value, str):
        return put_text(cell, clean(value))
    if isinstance(value, Words):
        return put_text(cell, value.say(lambda fen: _spelt(fen, unit)))
    if isinstance(value, Money):
        return _put_money(cell, value.fen, unit)
    if isinstance(value, Number):
        return _put_number(cell, value, unit)
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


def _put_money(cell: Cell, fen: int, unit: Unit | None) -> str:
    """Whole fen, exactly, in the cell's unit, or written out where the form asks for capitals."""
    if unit is not None and unit.capitals:
        return put_text(cell, rmb_capital(fen) if 0 <= fen <= CAPITAL_MAX_FEN else "")
    if unit is None or unit.size == _FEN_A_YUAN:
        exact, shown = yuan(fen), f"{fen // 100:,}.{fen % 100:02d}"
        _set(cell, exact, "n")
        _fit_format(cell, exact, MONEY_FORMAT, cents=fen % _FEN_A_YUAN != 0)
        return shown
    exact = _decimal(Fraction(fen) / unit.size)
    _set(cell, exact, "n")
    _fit_format(cell, exact)
    return f"{exact}{unit.word if unit.word in cell.number_format else ''}"


def _spelt(fen: int, unit: Unit | None) -> str:
    """A sum in words: ``800,000.06 元``, ``80.000006 万元``; whole yuan without cents, so that a narrow cell holds them."""
    if unit is None or unit.capitals or unit.size == _FEN_A_YUAN:
        cents = f".{fen % 100:02d}" if fen % 100 else ""
        return f"{fen // 100:,}{cents} 元"
    return f"{_decimal(Fraction(fen) / unit.size)} {unit.word}"


def _put_number(cell: Cell, number: Number, unit: Unit | None) -> str:
    """A figure in the cell's unit; a share stands as a fraction where the cell shows it as one of a hundred."""
    value = number.value
    if number.percent:
        return _put_share(cell, value, unit)
    if unit is not None and number.size and unit.size:
        value = value * number.size / unit.size
        if (
            unit.dim is Dim.MONTHS
            and value.denominator != 1
            and number.value * number.size == int(number.value * number.size)
        ):
            return put_text(cell, f"{int(number.value * number.size)}个月")  # 13 months are no round number of years
    exact = _decimal(value)
    _set(cell, exact, "n")
    _fit_format(cell, exact)
    return exact


def _put_share(cell: Cell, value: Fraction, unit: Unit | None) -> str:
    """A share: 0.04 where the format shows it as 4 %, else 4 in the cell's unit (a sign that is only written counts nothing)."""
    if cell.number_format in ("General", "@") or shape_of(cell.number_format).day:
        cell.number_format = PERCENT_FORMAT
    percent = shape_of(cell.number_format).percent
    if not percent and unit is not None and unit.size:
        value = value * _SHARE / unit.size
    exact = _decimal(value)
    _set(cell, exact, "n")
    cell.number_format = widened(cell.number_format, max(_places(exact) - (2 if percent else 0), 0))
    return exact


def _fit_format(cell: Cell, exact: str, usual: str = "", *, cents: bool = True) -> None:
    """A number format that shows the figure whole: the form's own with the decimals that it lacks, or the usual one.

    Under General an office program rounds to the cell's width; a format for days or fractions says nothing of a sum.
    """
    places = _places(exact) if cents else 0
    own, shape = cell.number_format, shape_of(cell.number_format)
    if own in ("General", "@") or shape.day or shape.odd:
        own = usual or (WHOLE_FORMAT if places == 0 else f"{WHOLE_FORMAT}.{'0' * places}")
    cell.number_format = widened(own, places)


def _places(exact: str) -> int:
    return len(exact.partition(".")[2])


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
