"""One cell of a list as an answer: what it holds, how it is shown, under which unit its column stands.

The most particular word wins: the cell's own, then its head's, then the fact's. Where two of them cannot both be true the
cell is named and not read: a figure that might be ten thousand times too large is worth less than none.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from pinggu_desk.documents.books.formats import PLAIN, Shown, is_written_date, shown_as
from pinggu_desk.documents.books.grid import Cell
from pinggu_desk.documents.books.heads import Column
from pinggu_desk.documents.books.lines import is_no_code, is_no_name
from pinggu_desk.documents.books.units import Unit, in_unit, unit_of
from pinggu_desk.policy.characters import brief, is_broken, odd_digit
from pinggu_desk.policy.errors import BadAnswer
from pinggu_desk.policy.facts import Fact, read_answer
from pinggu_desk.policy.numerals import in_figures
from pinggu_desk.policy.quantity import Dim, decimal_of, half_width

#: a number keeps fifteen figures; a code of eighteen has lost its last
_KEPT = 10**15
#: what a serial number of a day looks like (1927 to 2118) where no format says that it is one
_SERIALS = range(10_000, 80_000)
_BARE = re.compile(r"^([+-]?(?:[0-9,]+\.?[0-9]*|\.[0-9]+)(?:[Ee][+-]?[0-9]{1,2})?)(.*)$")
_LOST = re.compile(r"^[0-9](?:\.[0-9]+)?[Ee]\+?[0-9]{2}$")
_APOSTROPHES = "'‘’＇"
_SIGN = re.compile(r"^-?(?:￥|¥|\$|US\$|RMB|CNY|人民币)", re.IGNORECASE)
#: as many different cells of a column are remembered
_REMEMBERED = 8192


class Read(NamedTuple):
    """A cell's answer in smallest units (or text), whether its number stands in the fact's own unit, and a remark."""

    value: int | str
    own_unit: bool
    remark: str = ""


Reader = Callable[[Cell], Read]


def reader(column: Column, first_1904: bool) -> Reader:
    """How the cells of a column are read; each raises BadAnswer with its sentence."""
    known: dict[Cell, Read] = {}

    def read(cell: Cell) -> Read:
        found = known.get(cell)
        if found is None:
            found = _read(column, cell, first_1904)
            if len(known) < _REMEMBERED:
                known[cell] = found
        return found

    return read


def no_code(fact: Fact, cell: Cell) -> str | None:
    """None where a cell may be read; else it stands in a column of codes and holds none: words to remark on it, or nothing (无)."""
    if fact.party != "代码" or cell.kind != "text" or not is_no_code(cell.text):
        return None
    return "" if is_no_name(cell.text) else "填的不是代码，按没有填读取"


def _read(column: Column, cell: Cell, first_1904: bool) -> Read:
    fact = column.fact
    if cell.kind == "number":
        return _number(column, cell, first_1904)
    if cell.kind == "error":
        raise BadAnswer(f"“{fact.name}”是错误值 {cell.text}，请改成应填的值，没有就清空。")
    if cell.kind == "formula":
        raise BadAnswer(f"“{fact.name}”填的是公式，文件里没有它的结果，请复制后选择性粘贴为数值。")
    if cell.kind == "truth":
        yes = cell.text == "1"
        return Read(read_answer(fact, yes if fact.dim is Dim.TRUTH else "是" if yes else "否"), True)
    if cell.kind == "date":
        return Read(read_answer(fact, re.sub(r"T00:00:00(\.0+)?Z?$", "", cell.text)), True)
    return _text(column, cell.text)


# --- text ---


def _text(column: Column, text: str) -> Read:
    fact, unit = column.fact, column.unit
    if fact.party == "名称":
        if is_no_name(text):
            raise BadAnswer(f"“{fact.name}”写的是“{brief(text)}”，看不出是谁，请写全名称。")
    elif text[0] in _APOSTROPHES and len(text) > 1:
        text = text[1:]  # what an office program puts before figures that are to stay text
    if fact.dim is Dim.TEXT:
        if (fact.party in ("代码", "电话") or fact.cover) and _LOST.match(half_width(text)):
            raise _lost(fact)
        return Read(read_answer(fact, text), True)
    if half_width(text).startswith("="):
        raise BadAnswer(f"“{fact.name}”填的是公式，请复制后选择性粘贴为数值。")
    if unit is None or is_broken(text) or odd_digit(text):
        return Read(read_answer(fact, text), True)
    match = _BARE.match(in_figures(half_width(text)))  # 三十 under （亩） is 30亩, as 30 is
    if match is not None and not match[2]:
        number = _exact(match[1])
        if number is not None:
            return Read(read_answer(fact, in_unit(number, unit, fact)), _is_own(unit, fact))
    if _SIGN.match(half_width(text)) and not _own_word(text) and not unit.same(Unit(1, _sign(text)), fact):
        raise _two_units(column, brief(text))
    own = unit_of(match[2]) if match is not None else None
    differs = own is not None and own.fits(fact) and not own.same(unit, fact)
    return Read(read_answer(fact, text), False, _REMARK if differs else "")


_REMARK = "单元格里写的单位与列名不同，按单元格的单位读取"


def _exact(text: str) -> Fraction | None:
    """The number in a text of figures; None where its commas are not where they belong."""
    mantissa, _, power = text.upper().partition("E")
    number = decimal_of(mantissa)
    return None if number is None else Fraction(number.scaleb(int(power or 0)))


def _own_word(text: str) -> bool:
    return bool(re.search(r"[元圆万亿]", text.replace("美元", "", 1) if "$" in text else text))


def _sign(text: str) -> str:
    return "美元" if "$" in text or "USD" in text.upper() else "元"


def _is_own(unit: Unit, fact: Fact) -> bool:
    own = unit_of(fact.input_unit)
    return own is not None and unit.same(own, fact)


def _two_units(column: Column, what: str) -> BadAnswer:
    return BadAnswer(
        f"“{column.fact.name}”显示为“{what}”，与列名“{column.words}”的单位对不上，请写明单位，如“800万元”。"
    )


def _lost(fact: Fact) -> BadAnswer:
    return BadAnswer(f"“{fact.name}”以数存放，15 位以后的数字已经丢失，请把这一列设为文本格式后重新填写。")


# --- numbers ---


def _number(column: Column, cell: Cell, first_1904: bool) -> Read:
    fact = column.fact
    number = Fraction(Decimal(cell.text))
    shown = PLAIN if cell.form == "General" else shown_as(cell.form, number)
    if shown.words is not None:
        if not number and fact.dim is not Dim.TEXT and is_no_name(shown.words):
            return Read(
                read_answer(fact, "否" if fact.dim is Dim.TRUTH else "0"), True
            )  # a nought that is shown as a dash
        if not shown.words:
            raise BadAnswer(f"“{fact.name}”存有数 {_trimmed(cell.text)}，按格式却显示为空白，请核对后重新填写。")
        return Read(read_answer(fact, shown.words), True)
    if fact.dim is Dim.TEXT:
        return Read(read_answer(fact, _digits(fact, cell, number, shown, first_1904)), True)
    if fact.dim is Dim.DATE:
        return _day(fact, cell, number, shown, first_1904)
    if shown.dated:
        raise BadAnswer(f"“{fact.name}”的格式是日期或时间，看不出应是多少，请改成数字。")
    if fact.dim in (Dim.TRUTH, Dim.OPTION):
        return Read(read_answer(fact, _trimmed(cell.text)), True)
    return _amount(column, _trimmed(cell.text), shown)


def _amount(column: Column, text: str, shown: Shown) -> Read:
    """A number that is counted, in the unit that its format, its head or its fact gives it."""
    fact, unit, number = column.fact, column.unit, Fraction(Decimal(text))
    if shown.unit == "%":
        return Read(read_answer(fact, f"{_plain(number * 100)}%"), False)
    if not shown.unit:
        if shown.scale == 1:
            return Read(
                read_answer(fact, in_unit(number, unit, fact) if unit else text), not unit or _is_own(unit, fact)
            )
        if unit is not None and unit.times * shown.scale == 1:  # shown in the head's unit, kept in 元
            return Read(read_answer(fact, in_unit(number * shown.scale, unit, fact)), False)
        raise BadAnswer(
            f"“{fact.name}”存的是 {text}，格式却显示为 {_plain(number * shown.scale)}，看不出单位，请写明单位。"
        )
    own = unit_of(shown.unit)
    seen = f"{_plain(number * shown.scale)}{shown.unit}"
    if own is None:
        raise BadAnswer(f"“{fact.name}”显示为“{brief(seen)}”，不认识这个单位，请改成以{fact.input_unit}为单位。")
    if own.fits(fact) and shown.scale not in (1, own.shrinks(fact)):
        raise BadAnswer(f"“{fact.name}”显示为“{brief(seen)}”，存的却是 {text}，看不出哪个对，请写明单位。")
    differs = unit is not None and own.fits(fact) and not own.same(unit, fact)
    if shown.sign and differs:
        raise _two_units(column, f"{'￥' if shown.unit == '元' else shown.unit}{text}")
    return Read(read_answer(fact, in_unit(number * shown.scale, own, fact)), False, _REMARK if differs else "")


def _trimmed(text: str) -> str:
    """A number as an office program shows it: 15 figures, which hides that 0.1 + 0.2 is a little more than 0.3."""
    number = Decimal(text)
    if abs(number.adjusted()) > 40:
        return f"{number:E}"
    if len(number.as_tuple().digits) > 15:
        number = Decimal(f"{number:.15g}")
    return _plain(Fraction(number))


def _plain(number: Fraction) -> str:
    text = f"{Decimal(number.numerator) / Decimal(number.denominator):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _digits(fact: Fact, cell: Cell, number: Fraction, shown: Shown, first_1904: bool) -> str:
    """A number that stands for text: a code, a telephone."""
    if shown.dated:
        return str(calendar_day(fact, cell, number, first_1904))
    if abs(number) >= _KEPT:
        raise _lost(fact)
    return _trimmed(cell.text).zfill(shown.zeros)


def _day(fact: Fact, cell: Cell, number: Fraction, shown: Shown, first_1904: bool) -> Read:
    text = _trimmed(cell.text)
    if not shown.dated:
        if not (shown.plain or is_written_date(cell.form)):
            raise BadAnswer(f"“{fact.name}”的格式不是日期，请填成如 2024-03-12 的日期。")
        if text.isdigit() and int(text) in _SERIALS:
            raise BadAnswer(f"“{fact.name}”填的 {text} 像是日期的序号，请把单元格设为日期格式，核对后再填。")
        return Read(read_answer(fact, text), True)
    day = calendar_day(fact, cell, number, first_1904)
    parts = shown.dated.replace("t", "")
    if parts == "ym" and day.day == 1:
        raise BadAnswer(f"“{fact.name}”只写到月（{day.year}年{day.month}月），请补上是哪一天。")
    remark = "" if parts == "ymd" else f"单元格没有显示完整的日期，按存放的 {day.isoformat()} 读取"
    return Read(read_answer(fact, day.isoformat()), True, remark)


def calendar_day(fact: Fact, cell: Cell, number: Fraction, first_1904: bool) -> date:
    """The day of a serial number; 1900 is held for a leap year by the format, as it has been since it began."""
    day = _on_calendar(number, first_1904)
    if day is None:
        raise BadAnswer(f"“{fact.name}”的日期序号 {brief(cell.text)} 在日历上不存在，请核对。")
    return day


def _on_calendar(number: Fraction, first_1904: bool) -> date | None:
    serial = number.numerator // number.denominator
    if first_1904:
        serial += 1462
    elif serial < 60:
        serial += 1
    if not 1 < serial < 2_958_466 or (serial == 60 and not first_1904):
        return None
    return date(1899, 12, 30) + timedelta(days=serial)


def as_seen(cell: Cell, first_1904: bool) -> str:
    """A cell's words for somebody who looks at the list: a day as a day, all else as it stands in the file."""
    if cell.kind != "number" or cell.form == "General":
        return cell.text
    number = Fraction(Decimal(cell.text))
    day = _on_calendar(number, first_1904) if shown_as(cell.form, number).dated else None
    return cell.text if day is None else day.isoformat()
