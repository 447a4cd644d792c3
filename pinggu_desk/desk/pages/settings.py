"""设置: the look, the office, the password, backup, colleagues; and what this program is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QVBoxLayout
from typing_extensions import override

from pinggu_desk.desk.kit import (
    Caption,
    Card,
    ChoiceField,
    FocusChain,
    LineField,
    ScrollColumn,
    Subtitle,
    Title,
)
from pinggu_desk.desk.page import Page
from pinggu_desk.desk.pages.about import about_card
from pinggu_desk.desk.pages.answers import answering, buttons, refusing
from pinggu_desk.desk.pages.backups import BackupCard, RestoreCard
from pinggu_desk.desk.pages.bundles import bundles_card
from pinggu_desk.desk.pages.corrections import CorrectionCard
from pinggu_desk.desk.pages.locking import lock_card
from pinggu_desk.desk.pages.own_forms import OwnForms
from pinggu_desk.desk.pages.packs import PackCard
from pinggu_desk.desk.pages.parameters import ParameterCard
from pinggu_desk.desk.pages.people import PeopleCard
from pinggu_desk.desk.pages.retention import RetentionCard
from pinggu_desk.desk.pages.server import server_card
from pinggu_desk.desk.pages.verify import KeyCard
from pinggu_desk.desk.passwordpair import PasswordPair
from pinggu_desk.desk.services import Services
from pinggu_desk.desk.theme import BODY_PIXELS, MODE_WORDS
from pinggu_desk.register import RegisterError
from pinggu_desk.register.roles import HEAD


class SettingsPage(Page):
    """Each card is one thing to set; what it says in answer stands in the card."""

    title = "设置"

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        column = ScrollColumn()
        outer.addWidget(column)
        column.body.addWidget(Title("设置"))
        self.keys = KeyCard(services, self)
        self.parameters = ParameterCard(services, self)
        self.corrections = CorrectionCard(services, self)
        self.corrections.changed.connect(self.parameters.read)
        self.packs = PackCard(services, self)
        self.own_forms = OwnForms(services)
        self.backups = BackupCard(services, self)
        self.backup_to = self.backups.place
        self.restores = RestoreCard(services, self.backups.folder, self._restored)
        self.people = PeopleCard(services, self)
        self.retention = RetentionCard(services)
        if services.clerk.role != HEAD:
            self.retention.card.hide()
        locking, self.lock_minutes = lock_card(services, self)
        for card in (
            self._look_card(), self._office_card(), locking, self._password_card(), self.people.card, self.backups.card,
            self.restores.card, self.retention.card, self.parameters.card, self.corrections.card, self.own_forms.card,
            self.keys.card, self.packs.card, bundles_card(self), server_card(self),
            about_card(services),
        ):  # fmt: skip
            column.body.addWidget(card)
        column.body.addStretch(1)
        chain = FocusChain(self)
        chain.set_fields([self.size_field, self.mode_field, self.office])
        chain.finished.connect(lambda: self.old.focus_input())

    @override
    def enter(self) -> None:
        self.size_field.focus_input()
        self.backups.read()
        self.own_forms.read()
        self.parameters.read()
        self.corrections.read()
        self.people.read()
        self.packs.read()

    def _restored(self, kept: Path) -> None:
        self._services.leave(f"已从备份恢复，请重新登录。原来的登记库留存在“{kept.name}”，要找回可在“设置”里再恢复。")

    # --- the look and the office: kept as soon as they are chosen

    def _look_card(self) -> Card:
        card = Card(spacing=2)
        card.body.addWidget(Subtitle("显示"))
        now = self._services.settings.now
        self.size_field = ChoiceField("字号", tuple(BODY_PIXELS), required=True)
        self.size_field.set_text(now.size)
        self.mode_field = ChoiceField("配色", tuple(MODE_WORDS.values()), required=True)
        self.mode_field.set_text(MODE_WORDS[now.mode])
        self.size_field.edited.connect(lambda text: self._change(size=text))
        self.mode_field.edited.connect(self._change_mode)
        card.body.addWidget(self.size_field)
        card.body.addWidget(self.mode_field)
        return card

    def _change_mode(self, text: str) -> None:
        self._change(mode=next(mode for mode, words in MODE_WORDS.items() if words == text))

    def _change(self, **values: Any) -> None:
        try:
            self._services.settings.change(**values)
        except RegisterError as error:
            self.said.emit(error.sentence)

    def _office_card(self) -> Card:
        card = Card(spacing=2)
        card.body.addWidget(Subtitle("单位与窗口"))
        self.office = LineField("单位名称", "单位名称（印在告知书落款处）", chars=44)
        self.office.set_text(self._services.settings.now.office)
        self.office.left.connect(lambda: self._change(office=self.office.text().strip()))
        card.body.addWidget(self.office)
        clerk = self._services.clerk
        window = f"窗口号 {clerk.window}，编入办件编号。" if clerk.window else "没有设窗口号，办件编号中记为 0。"
        card.body.addWidget(Caption(f"经办人 {clerk.name}（工号 {clerk.no}）。{window}"))
        return card

    # --- the register

    def _password_card(self) -> Card:
        card, answer = answering("修改口令")
        self.old = LineField("原口令", secret=True, chars=24)
        self.new = PasswordPair("新口令")
        chain = FocusChain(self)
        chain.set_fields([self.old, self.new.first, self.new.second])

        def done(_none: None) -> None:
            self.old.line.clear()
            self.new.clear()
            answer.show_words("口令已修改，下次登录起用新口令。", "good")

        def change() -> None:
            old, new = self.old.text(), self.new.first.text()
            clerk = self._services.clerk
            if self.new.check(clerk.no, clerk.name):
                self._services.operations.run(
                    lambda register: register.change_password(old, new), done, refusing(answer)
                )

        chain.finished.connect(change)
        for field in (self.old, self.new.first, self.new.second):
            card.body.addWidget(field)
        card.body.addLayout(buttons(("修改口令", change)))
        return card
