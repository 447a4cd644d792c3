"""材料清单: what to hand in, ticked off one by one."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from typing_extensions import override

from pinggu_desk.assess.notes import MaterialNote
from pinggu_desk.desk.kit import Banner, Card, ChoiceField
from pinggu_desk.desk.kit.marks import RadioRow
from pinggu_desk.desk.wizard.session import Session
from pinggu_desk.desk.wizard.step import Step, rest_of

STATES = ("已收", "待补", "不适用")
_BY_KEY = (Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_3)
_UNTICKED = "待补"
_FOLLOWING = {"待补": "已收", "已收": "不适用", "不适用": "待补"}  # Space first says the most likely


class MaterialField(ChoiceField):
    """One material: 1 已收, 2 待补, 3 不适用, or Space from one to the next."""

    def __init__(self, material: MaterialNote, place: str) -> None:
        super().__init__(material.name, STATES)
        self.material = material
        form = "，".join(part for part in (material.form, "加盖公章" if material.sealed else "") if part)
        source = f"来处：{material.source}" if material.source else ""
        self.set_help("　".join(part for part in (form, source, f"依据 {place}" if place else "") if part))
        self._clear.setVisible(False)

    @override
    def _show(self, option: str) -> None:
        super()._show(option or _UNTICKED)
        self._clear.setVisible(False)  # a material is always one of the three

    def _key(self, row: RadioRow, event: QKeyEvent) -> bool:
        if event.key() == Qt.Key.Key_Space and not event.modifiers():
            following = _FOLLOWING[self.text() or _UNTICKED]
            self.inputs()[STATES.index(following)].setFocus()
            self._choose(following)
            return True
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            return True
        taken = super()._key(row, event)
        if taken and event.key() in _BY_KEY and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self.at_once.emit()  # one key each: on to the next
        return taken


class MaterialsStep(Step):
    """A choice of three for each material of every benefit that is not ruled out."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, "materials", "逐件点收：1 已收、2 待补、3 不适用，空格轮换。待补的写进一次性告知书。")
        self._note = Banner("", "info")
        self._card = Card(margin=2, spacing=2)
        self.fields: dict[str, MaterialField] = {}
        for widget in (self._note, self._card):
            self.body.addWidget(widget)
        self.body.addStretch(1)
        self._closed = False
        self.refresh()

    @override
    def refresh(self) -> None:
        interview = self.session.interview
        wanted = {note.key: note for note in interview.material_list}
        if list(wanted) != list(self.fields):
            self._make(wanted)
        for key, field in self.fields.items():
            field.set_text(interview.materials.get(key) or _UNTICKED)
        if self._note.text() != interview.materials_words:
            self._note.show_words(interview.materials_words, "info")
        self._card.setVisible(bool(wanted))

    def _make(self, wanted: dict[str, MaterialNote]) -> None:
        pack = self.session.pack
        for key in [key for key in self.fields if key not in wanted]:
            field = self.fields.pop(key)
            self._card.body.removeWidget(field)
            rest_of(field)
        kept, self.fields = self.fields, {}
        for index, (key, note) in enumerate(wanted.items()):
            field = kept.get(key) or self._field(note, pack.clause_place(note.clause))
            self.fields[key] = field
            self._card.body.insertWidget(index, field)
            field.show()
            field.setEnabled(not self._closed)
        self.chain.set_fields(self.fields.values())

    def _field(self, note: MaterialNote, place: str) -> MaterialField:
        field = MaterialField(note, place)
        field.edited.connect(lambda state, key=note.key: self.session.set_material(key, state))
        field.entered.connect(lambda key=note.key: self.here.emit(key))
        return field

    @override
    def stand_in(self, field: str = "") -> bool:
        waiting = [f for f in self.fields.values() if f.text() == _UNTICKED]
        target = self.fields.get(field) or next(iter([*waiting, *self.fields.values()]), None)
        if target is None:
            return False
        target.focus_input()
        return True

    @override
    def clause_here(self) -> str:
        return next((field.material.clause for field in self.fields.values() if field.has_focus()), "")

    @override
    def lock_up(self, closed: bool) -> None:
        self._closed = closed
        for field in self.fields.values():
            field.setEnabled(not closed)
