"""Fields for numbers, dates and text, each made from a fact (填报项)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget
from typing_extensions import override

from pinggu_desk.desk.kit.field import LineField, help_of
from pinggu_desk.policy.errors import BadAnswer
from pinggu_desk.policy.quantity import Dim, decimal_of, half_width

if TYPE_CHECKING:
    from pinggu_desk.policy.facts import Fact

_WEEKDAYS = "一二三四五六日"


def _read_answer(fact: Fact, text: str) -> int | str:
    """Kept out of the window's start: the pack's models come with it, and no fact is asked before login."""
    from pinggu_desk.policy.facts import read_answer

    return read_answer(fact, text)


class _FactLine(LineField):
    def __init__(self, fact: Fact, placeholder: str, parent: QWidget | None) -> None:
        super().__init__(
            fact.name, fact.question or fact.name, unit=fact.input_unit, chars=self.chars(fact), check=self._read,
            placeholder=placeholder, parent=parent,
        )  # fmt: skip
        self.fact = fact
        self.set_help(help_of(fact))
        self.cover(fact.cover)

    def ask_fact(self, fact: Fact) -> None:
        """Ask another fact of the same kind (``make.kind_of``), as if made for it."""
        self.fact = fact
        self.line.set_chars(self.chars(fact))
        self.start_over(fact.name, fact.question or fact.name, fact.input_unit)
        self.set_help(help_of(fact))
        self.cover(fact.cover)

    def chars(self, fact: Fact) -> int:
        """How many characters the line is wide."""
        raise NotImplementedError

    def value(self) -> int | str | None:
        """The answer in smallest units (text for text), or None while it can't be read or there is none."""
        try:
            return _read_answer(self.fact, self.text()) if self.text().strip() else None
        except BadAnswer:
            return None

    def _read(self, text: str) -> tuple[str, str]:
        try:
            value = _read_answer(self.fact, text)
        except BadAnswer as bad:
            return bad.sentence, ""
        return "", self.hint_for(value, text)

    def hint_for(self, _value: int | str, _text: str) -> str:
        """What to show beside a good answer."""
        return ""


class NumberField(_FactLine):
    """An amount, share, area or count. ``800``, ``800万``, ``8,000,000元`` and full-width digits are all read.

    Sums of money are shown in capitals (捌佰万元整) beside it, other numbers as read when written otherwise.
    """

    def __init__(self, fact: Fact, parent: QWidget | None = None) -> None:
        super().__init__(fact, "", parent)

    @override
    def chars(self, fact: Fact) -> int:
        return 14 if fact.dim in (Dim.MONEY, Dim.DOLLAR, Dim.AREA) else 9

    @override
    def hint_for(self, value: int | str, text: str) -> str:
        if isinstance(value, str):
            return ""
        bare = decimal_of(half_width(text)) is not None
        read = "" if bare else self.fact.show(value)
        if self.fact.dim is not Dim.MONEY:
            return f"即 {read}" if read and read != half_width(text) else ""
        # kept out of the window's start: only a typed sum needs it
        from pinggu_desk.policy.capital import capital

        return "　".join(part for part in (read, capital(value)) if part)


class DateField(_FactLine):
    """A date: ``20240312``, ``2024.3.12``, ``2024-03-12``, ``2024年3月12日``; shown in full beside it."""

    def __init__(self, fact: Fact, parent: QWidget | None = None) -> None:
        super().__init__(fact, "如 20240312", parent)

    @override
    def chars(self, fact: Fact) -> int:
        return 13

    @override
    def hint_for(self, value: int | str, _text: str) -> str:
        day = date.fromordinal(int(value))
        return f"{day.year}年{day.month}月{day.day}日 星期{_WEEKDAYS[day.weekday()]}"


class TextField(_FactLine):
    """Free text: names, projects."""

    def __init__(self, fact: Fact, parent: QWidget | None = None) -> None:
        super().__init__(fact, "", parent)

    @override
    def chars(self, fact: Fact) -> int:
        return 48
