"""The wizard in the real window, over a real register, with the real papers."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from pinggu_desk.assess.determination import Determination
from pinggu_desk.assess.determine import determine
from pinggu_desk.assess.engine import Answers, Engine
from pinggu_desk.desk.kit.field import Field
from pinggu_desk.desk.wizard.factform import FactForm
from pinggu_desk.desk.wizard.page import WizardPage
from pinggu_desk.register import Register
from pinggu_desk.work.papers import Papers
from tests.desk.conftest import PATIENCE, Desk, within

ON = date(2026, 3, 2)
CTRL, ALT, SHIFT = (
    Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ShiftModifier,
)  # fmt: skip
ENTER = Qt.Key.Key_Return
ELIGIBLE_SS = {
    "本区工商注册": "是", "独立法人资格": "是", "纳入平谷区统计": "是", "上市企业来源": "本区企业",
}  # fmt: skip
LISTED = ELIGIBLE_SS | {
    "上市挂牌板块": "北交所", "上市挂牌方式": "首次上市或挂牌", "上市挂牌日": "20260105", "拟上市挂牌": "否",
}  # fmt: skip
SOUND_SME = {
    "位于平谷区内": "是", "申报主体类型": "实体中小企业", "符合北京市产业政策": "是", "独立法人资格": "是",
    "生产经营起始日": "20200101", "财务管理制度健全规范": "是", "生产经营情况良好": "是", "会计信用良好": "是",
    "纳税信用良好": "是", "银行信用良好": "是", "符合专项资金支持方向": "是",
}  # fmt: skip
LEAVING = {
    "本区正常生产经营实体工业企业": "是", "列入年度调整退出计划": "是", "职工人数": "120", "税收贡献": "300万",
    "能源节约量": "120", "占地规模": "20000",
}  # fmt: skip


@dataclass
class Work:
    """A desk with the wizard, and a clerk's hands."""

    desk: Desk
    qtbot: QtBot
    page: WizardPage = field(init=False)

    def register(self) -> Register:
        got: list[Register] = []
        self.desk.services.operations.run(lambda register: register, got.append)
        self.desk.settle()
        return got[0]

    def begin(
        self, policy: str, answers: Mapping[str, str] | None = None, *, applicant: int | None = 1, on: date = ON
    ) -> WizardPage:
        """A new case with these answers, opened."""
        register = self.register()
        case = register.open_case(policy, self.desk.services.pack.version, applicant_id=applicant, on=on)
        for name, text in (answers or {}).items():
            register.set_answer(case.id, name, text)
        return self.open(case.id)

    def open(self, case_id: int) -> WizardPage:
        self.desk.frame.open_case(case_id)
        self.desk.settle()
        page = self.desk.frame.current()
        assert isinstance(page, WizardPage)
        self.page = page
        return page

    @property
    def case_id(self) -> int:
        return self.page.session.case.id

    def kept(self) -> dict[str, str]:
        """What the register has, once what is being held back for a moment was sent by itself."""
        if self.page.session.journal.waiting:
            with self.qtbot.waitSignal(self.desk.services.operations.saved, timeout=PATIENCE):
                pass
        self.desk.settle()
        return self.register().answers(self.case_id)

    def keys(self, *keys: Qt.Key | str | tuple[Qt.Key, Qt.KeyboardModifier]) -> None:
        """Press and type one after another, wherever the focus is."""
        for key in keys:
            if isinstance(key, str):
                self.desk.type(key)
            elif isinstance(key, tuple):
                self.desk.key(*key)
            else:
                self.desk.key(key)

    def field(self, name: str) -> Field:
        return next(form.fields[name] for form in self.forms() if name in form.fields)

    def forms(self) -> list[FactForm]:
        return [step for step in self.page.steps.values() if isinstance(step, FactForm)]

    def field_here(self) -> str:
        """The name of the field that the focus is in."""
        return next((name for form in self.forms() for name, one in form.fields.items() if one.has_focus()), "")

    def in_sight(self) -> list[str]:
        return [name for form in self.forms() for name, one in form.fields.items() if one.isVisible()]

    def truth(self) -> dict[str, Determination]:
        """What a fresh engine says of the same answers."""
        interview = self.page.session.interview
        engine = Engine(self.desk.services.pack)
        answers = Answers(interview.on, dict(interview.values), interview.awards)
        return {d.benefit: d for d in determine(engine, answers, [interview.policy.id])}

    def crash_copy(self, to: Path) -> Path:
        """The folder as a killed program leaves it: copied while everything is open and nothing was left or closed."""
        shutil.copytree(self.desk.services.folder, to)
        return to


Opener = Callable[[Path], Work]


@pytest.fixture
def open_work(make_desk: Callable[..., Desk], qtbot: QtBot) -> Opener:
    """Opens a desk on a folder, logged in, with the real wizard and papers."""

    def make(folder: Path) -> Work:
        desk = make_desk(folder, in_practice=True)
        desk.services.make_wizard = WizardPage
        desk.services.papers = Papers()
        desk.log_in()
        return Work(desk, qtbot)

    return make


@pytest.fixture
def work(open_work: Opener, practice_folder: Path, tmp_path: Path) -> Work:
    folder = tmp_path / "register"
    shutil.copytree(practice_folder, folder)
    return open_work(folder)


def words(widget: QWidget) -> str:
    """Every word in sight inside a widget."""
    labels = within(widget, QLabel)
    return "\n".join(label.text().replace("\u2060", "") for label in labels if label.isVisible())
