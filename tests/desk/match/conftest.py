"""The page 匹配 in the real window, over a real register."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from pinggu_desk.desk.match.page import MatchPage
from pinggu_desk.desk.wizard.page import WizardPage
from pinggu_desk.register import Register
from pinggu_desk.register.records import MATCHING, Case
from pinggu_desk.work.papers import Papers
from tests.desk.conftest import PATIENCE, Desk

ON = date(2026, 4, 1)


@dataclass
class Enquirer:
    """A desk at 匹配, and a clerk's hands."""

    desk: Desk
    qtbot: QtBot

    @property
    def page(self) -> MatchPage:
        page = self.desk.frame.page("匹配")
        assert isinstance(page, MatchPage)
        return page

    def register(self) -> Register:
        got: list[Register] = []
        self.desk.services.operations.run(lambda register: register, got.append)
        self.desk.settle()
        return got[0]

    def cases(self) -> list[Case]:
        """The enquiries that the register has open."""
        return [case for case in self.register().open_cases() if case.policy_id == MATCHING]

    def begin(self, facts: Mapping[str, object], *, who: str = "示例装备", on: date = ON) -> MatchPage:
        """An enquiry of a sample applicant with these answers, opened."""
        register = self.register()
        whose = register.search(who)[0].id if who else None
        case = register.open_case(MATCHING, self.desk.services.pack.version, applicant_id=whose, on=on)
        for name, value in facts.items():
            register.set_answer(case.id, name, str(value))
        self.desk.frame.open_case(case.id)
        self.desk.settle()
        return self.page

    def kept(self) -> dict[str, str]:
        """What the register has, once what is held back for a moment was sent by itself."""
        if self.page.session.journal.waiting:
            with self.qtbot.waitSignal(self.desk.services.operations.saved, timeout=PATIENCE):
                pass
        self.desk.settle()
        assert self.page.session.case is not None
        return self.register().answers(self.page.session.case.id)


Opener = Callable[[Path], Enquirer]


@pytest.fixture
def open_desk(make_desk: Callable[..., Desk], qtbot: QtBot) -> Opener:
    """Opens a desk on a folder, logged in, with the real wizard and papers."""

    def make(folder: Path) -> Enquirer:
        desk = make_desk(folder, in_practice=True)
        desk.services.make_wizard = WizardPage
        desk.services.papers = Papers()
        desk.services.today = lambda: ON
        desk.log_in()
        return Enquirer(desk, qtbot)

    return make


@pytest.fixture
def enquirer(open_desk: Opener, practice_folder: Path, tmp_path: Path) -> Enquirer:
    folder = tmp_path / "register"
    shutil.copytree(practice_folder, folder)
    return open_desk(folder)
