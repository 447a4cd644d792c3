"""A real window over a real register, offscreen; threads that leak and warnings of Qt fail a test."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar, cast

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from pinggu_desk.desk import practice
from pinggu_desk.desk.desk_frame import DeskFrame
from pinggu_desk.desk.kit import LineField
from pinggu_desk.desk.operations import Operations
from pinggu_desk.desk.page import Page
from pinggu_desk.desk.services import Services
from pinggu_desk.desk.settings import SettingsStore
from pinggu_desk.desk.shell import MainWindow, build_window
from pinggu_desk.desk.theme import apply_theme
from pinggu_desk.policy.models import Pack
from pinggu_desk.register import passwords
from pinggu_desk.register.records import Case
from tests import bundled
from tests.register.postgres import Server

W = TypeVar("W", bound=QWidget)
#: milliseconds: what is waited for comes at once, but many may share a machine
PATIENCE = 120_000
_HARMLESS = (
    "This plugin does not support propagateSizeHints()",
    "This plugin does not support setting window opacity",
    "This plugin does not support raise()",
    "This plugin does not support grabbing the keyboard",
)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A PostgreSQL of its own, which a test may stop."""
    made = Server()
    made.start()
    yield made
    made.remove()


@pytest.fixture(autouse=True)
def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2id at its lowest cost; the register's own tests hold the real one."""
    monkeypatch.setattr(passwords, "COST", (1, 8, 1))


@pytest.fixture(autouse=True)
def nothing_leaks(qtlog: Any, qapp: QApplication) -> Iterator[None]:
    """No thread outlives its test, no window stays, Qt says nothing."""
    apply_theme(qapp, "light", "中")
    before = set(threading.enumerate())
    yield
    left = [thread.name for thread in set(threading.enumerate()) - before if thread.is_alive()]
    assert not left, f"threads left behind: {left}"
    said = [record.message for record in qtlog.records if record.message not in _HARMLESS]
    assert not said, said


@pytest.fixture(scope="session")
def pack() -> Pack:
    return bundled.pack()


@pytest.fixture(scope="session")
def practice_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A practice register, made once and copied for each test."""
    folder = tmp_path_factory.mktemp("practice") / "register"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "COST", (1, 8, 1))
        practice.make_register(folder)
    return folder


class CasePage(Page):
    """Stands where the wizard would: one field, kept at once like the wizard's."""

    title = "办理"

    def __init__(self, services: Services, case: Case) -> None:
        super().__init__()
        self.case = case
        self.field = LineField("项目名称", chars=40)
        QVBoxLayout(self).addWidget(self.field)
        self.field.edited.connect(
            lambda text: services.operations.run(
                lambda register: register.set_answer(case.id, "项目名称", text), writes=True
            )
        )
        services.operations.run(lambda register: register.answers(case.id), self._show)

    def _show(self, answers: dict[str, str]) -> None:
        self.field.set_text(answers.get("项目名称", ""))

    def enter(self) -> None:
        self.field.focus_input()

    def clause_here(self) -> str:
        return "zxqy.2.1"


@dataclass
class Desk:
    """A window and the hands that use it: real key events only."""

    window: MainWindow
    services: Services
    app: QApplication

    @property
    def frame(self) -> DeskFrame:
        assert self.window.frame is not None
        return self.window.frame

    @property
    def focus(self) -> QWidget:
        widget = self.app.focusWidget()
        assert widget is not None
        return widget

    def settle(self) -> None:
        """Until the register has answered everything, and what its answers asked for."""
        while True:
            assert self.services.operations.flush(PATIENCE / 1000)
            self.app.processEvents()
            if not self.services.operations.waiting:
                return

    def key(self, key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.focus, key, held)
        self.settle()

    def alt(self, number: int) -> None:
        self.key(Qt.Key(Qt.Key.Key_0 + number), Qt.KeyboardModifier.AltModifier)

    def type(self, text: str) -> None:
        """Latin as keys, Chinese as the input method commits it."""
        if text.isascii():
            QTest.keyClicks(self.focus, text)
        else:
            commit(self.focus, text)
        self.settle()

    def log_in(self) -> None:
        self.settle()
        self.type(practice.PASSWORD)
        self.key(Qt.Key.Key_Return)


def commit(widget: QWidget, text: str) -> None:
    """Compose and commit a text as an input method does."""
    QApplication.sendEvent(widget, QInputMethodEvent(text[:1], []))
    event = QInputMethodEvent("", [])
    event.setCommitString(text)
    QApplication.sendEvent(widget, event)


@pytest.fixture
def make_desk(qapp: QApplication, pack: Pack, tmp_path: Path) -> Iterator[Callable[..., Desk]]:
    """Opens windows; closes them, and what they run, at the end."""
    made: list[Desk] = []

    def make(folder: Path, *, in_practice: bool) -> Desk:
        operations = Operations()
        store = SettingsStore(tmp_path / "settings")
        services = Services(operations, store, folder, in_practice, lambda: (pack, bundled.engine()), CasePage)
        window = build_window(services)
        desk = Desk(window, services, qapp)
        made.append(desk)
        window.show()
        window.activateWindow()
        desk.settle()
        return desk

    yield make
    for desk in made:
        desk.window.close()
        desk.window.deleteLater()
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    qapp.processEvents()


@pytest.fixture
def desk(make_desk: Callable[..., Desk], practice_folder: Path, tmp_path: Path) -> Desk:
    """A desk in practice, logged in, at 受理."""
    folder = tmp_path / "register"
    shutil.copytree(practice_folder, folder)
    opened = make_desk(folder, in_practice=True)
    opened.log_in()
    return opened


@pytest.fixture
def new_desk(make_desk: Callable[..., Desk], tmp_path: Path) -> Desk:
    """A desk that was never used."""
    return make_desk(tmp_path / "register", in_practice=False)


def within(widget: QWidget, kind: type[W]) -> list[W]:
    """Every widget of a kind inside another, typed (Qt's own stubs lose the type)."""
    return list(cast("Iterable[W]", widget.findChildren(kind)))
