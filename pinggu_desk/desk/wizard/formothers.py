"""The line under a form for what only another kind of applicant is asked: an organisation may have come for its people."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from pinggu_desk.assess.leading import kind_of
from pinggu_desk.assess.views import FieldView
from pinggu_desk.desk.kit import Card, QuietButton, Words

if TYPE_CHECKING:
    from pinggu_desk.desk.wizard.factform import FactForm

_NAMED = 4
_WORDS = {
    "单位": ("另有 {} 项是问个人情况的（{}），为本单位人员申报时才填。", "为本单位人员申报，填这些"),
    "个人": ("另有 {} 项是问单位情况的（{}），由单位申报时才填。", "由单位申报，填这些"),
}


class OthersLine(Card):
    """Says how many questions wait and of what; its button asks them and stands in the first."""

    def __init__(self, form: FactForm) -> None:
        super().__init__(margin=2, spacing=1)
        self._session = form.session
        self._names: list[str] = []
        self._words, self.button = Words(), QuietButton("")
        self.button.clicked.connect(lambda: form.stand_in(self._names[0]))
        self.body.addWidget(self._words)
        self.body.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        self.hide()
        form.body.addWidget(self)

    def show_for(self, views: Iterable[FieldView]) -> None:
        """Tell of what waits among a form's questions; nothing where none does."""
        interview = self._session.interview
        self._names = [view.fact.name for view in views if view.state == "others"]
        if self._names:
            words, action = _WORDS[kind_of(interview.engine.pack.facts, interview.values) or "单位"]
            more = "等" if len(self._names) > _NAMED else ""
            self._words.setText(words.format(len(self._names), "、".join(self._names[:_NAMED]) + more))
            self.button.setText(action)
        self.setVisible(bool(self._names))

    def open_for(self, name: str) -> None:
        """Ask them all where one of them is wanted."""
        if name in self._session.interview.others:
            self._session.interview.ask_others()
            self._session.changed.emit("")
