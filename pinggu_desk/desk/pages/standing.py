"""长期信息: bank, account, legal person and the like, asked once, kept with the applicant; folded until it is wanted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from pinggu_desk.desk.doubts import mind
from pinggu_desk.desk.kit import LineField, NumberField, QuietButton
from pinggu_desk.desk.theme import look
from pinggu_desk.policy.identity import check_particular
from pinggu_desk.policy.models import Pack
from pinggu_desk.policy.quantity import Dim

_FOLDED = "填写开户、法定代表人信息"
_OPEN = "收起开户银行、法定代表人等"


class StandingFields(QWidget):
    """One field for each fact that is kept with an applicant beside its particulars.

    ``edited`` carries a fact's name and what was typed for it.
    """

    edited = Signal(str, str)

    def __init__(self, pack: Pack, today: date) -> None:
        super().__init__()
        self._today = today
        self.fields: dict[str, LineField | NumberField] = {
            fact.name: NumberField(fact)
            if fact.dim is not Dim.TEXT
            else LineField(fact.name, fact.question, chars=40, check=partial(self._check, fact.name))
            for fact in pack.facts.values()
            if fact.standing
        }
        self.fold = QuietButton(_FOLDED)
        self.fold.clicked.connect(lambda: self.unfold(not self.unfolded))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look().scale.grid(2))
        column.addWidget(self.fold)
        for name, field in self.fields.items():
            field.cover(pack.facts[name].cover)
            field.hide()
            if isinstance(field, NumberField):
                mind(field, today)
            field.edited.connect(partial(self.edited.emit, name))
            column.addWidget(field)

    @property
    def unfolded(self) -> bool:
        """Whether the fields are shown."""
        return any(not field.isHidden() for field in self.fields.values())

    def unfold(self, shown: bool = True) -> None:
        """Show the fields, or fold them again; what is in them stays."""
        for field in self.fields.values():
            field.setVisible(shown)
        self.fold.setText(_OPEN if shown else _FOLDED)

    def show_texts(self, known: Mapping[str, str]) -> None:
        """Show what is kept; unfolded where there is something."""
        for name, field in self.fields.items():
            if not field.has_focus():
                field.set_text(known.get(name, ""))
        self.unfold(any(known.get(name) for name in self.fields))

    def texts(self) -> dict[str, str]:
        """What stands in the fields, as it is kept."""
        return {name: self.kept_text(name) for name in self.fields}

    def kept_text(self, name: str) -> str:
        """One field's text as it is kept: a number without spaces; empty while it can't be taken."""
        field = self.fields[name]
        if not field.text().strip() or field.error():
            return ""
        return check_particular(name, field.text(), self._today).normal

    def first_bad(self) -> LineField | NumberField | None:
        """The first field whose text can't be taken."""
        for field in self.fields.values():
            field.show_check(force=True)
        return next((field for field in self.fields.values() if field.error()), None)

    def _check(self, name: str, text: str) -> tuple[str, str]:
        found = check_particular(name, text, self._today)
        return ("", found.hint) if found.ok else (found.sentence, "")
