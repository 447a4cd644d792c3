"""从备份建立: a machine that has no register begins with a backup from a stick, by the password of who is in charge there."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from pinggu_desk.desk import dialogs
from pinggu_desk.desk.kit import Caption, CentredForm, LineField
from pinggu_desk.desk.operations import Operations, sentence_of

if TYPE_CHECKING:
    from pinggu_desk.register import Register


class EstablishForm(CentredForm):
    """Which backup, who, and the password of that day."""

    logged_in = Signal(object)
    given_up = Signal()

    def __init__(self, folder: Path, operations: Operations, lacking: str = "") -> None:
        """``lacking`` is what is wrong with what lies there already: said first, and looked at again by the second button."""
        super().__init__(
            "从备份建立",
            "把另一台电脑上做的备份（例如U盘里的）变成这台电脑的登记库。由备份里的负责人用自己的口令办理。",
            "建立并登录",
        )
        self._folder, self._operations = folder, operations
        self.place = LineField("备份", "备份所在的文件夹", chars=44)
        self.no = LineField("工号", "负责人工号", chars=12)
        self.password = LineField("口令", secret=True, chars=24)
        for field in (self.place, self.no, self.password):
            field.edited.connect(lambda _text, field=field: field.set_error(""))
        self.chosen = Caption("")
        self.chosen.setAccessibleName("将用的备份")
        self.place.left.connect(self._tell)
        self.put(
            [self.place, self.chosen, self.no, self.password],
            others=[("选择文件夹", self._choose), ("重新查看" if lacking else "返回", self.given_up.emit)],
        )
        if lacking:
            self.banner.show_words(lacking, "bad")
        self.submitted.connect(self._establish)

    def _choose(self) -> None:
        chosen = dialogs.ask_folder(self, "选择备份所在的文件夹", Path(self.place.text().strip()))
        if chosen is not None:
            self.place.set_text(str(chosen))
            self._tell()
            self.no.focus_input()

    def _tell(self) -> None:
        """Say which of the backups there it will be, so that nobody takes an old one for the last one."""
        from pinggu_desk.work.restores import chosen_words

        place = self.place.text().strip()
        self._operations.without_register(
            lambda: chosen_words(Path(place)) if place else "", self.chosen.setText,
            lambda error: self.chosen.setText(sentence_of(error)),
        )  # fmt: skip

    def _establish(self) -> None:
        for field, what in ((self.place, "备份所在的文件夹"), (self.no, "工号"), (self.password, "口令")):
            field.set_error("" if field.text().strip() else f"还没有填{what}，请填写。")
        if self.focus_first_bad():
            return
        folder, place, no, password = (
            self._folder, Path(self.place.text().strip()), self.no.text().strip(), self.password.text(),
        )  # fmt: skip

        def make() -> Register:
            from pinggu_desk.register import Register
            from pinggu_desk.register.restoring import establish

            establish(folder, place, clerk_no=no, password=password)
            return Register.open(folder, clerk_no=no, password=password)

        self.busy("正在建立并核验…")
        self._operations.open(make, self._opened, self._refused)

    def _opened(self, clerk: object) -> None:
        self.password.line.clear()
        self.logged_in.emit(clerk)

    def _refused(self, error: Exception) -> None:
        self.refuse(sentence_of(error))
        self.password.focus_input()
