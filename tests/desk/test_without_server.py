"""The server is away when somebody comes in: the door says so and lets him work on this machine, by the keyboard alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from pinggu_desk.desk.lock import LockForm
from pinggu_desk.desk.login import LoginForm
from pinggu_desk.register import Register
from pinggu_desk.register.engines import server as settings
from pinggu_desk.register.engines.prepare import prepare
from pinggu_desk.register.standby import home_of
from tests.register.postgres import Server, owner_of

from .conftest import Desk

ENTER = Qt.Key.Key_Return
PASSWORD = "Sample-2024"  # noqa: S105  of registers that live as long as a test


@pytest.fixture
def folder(server: Server, tmp_path: Path) -> Path:
    """A folder whose register lies on the server, on which its clerk was once."""
    folder = tmp_path / "register"
    folder.mkdir()
    settings.write(folder, prepare(owner_of(server.fresh())))
    made, _ = Register.create(folder, clerk_no="1", clerk_name="示例经办", password=PASSWORD, window="03")
    made.close()
    return folder


def form_of(desk: Desk) -> LoginForm:
    form = desk.window.door.currentWidget()
    assert isinstance(form, LoginForm)
    return form


def locked(desk: Desk) -> LockForm:
    desk.key(Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert desk.window.lock is not None
    return desk.window.lock


def test_at_the_door_and_behind_the_lock(server: Server, folder: Path, make_desk: Callable[..., Desk]) -> None:
    server.kill()
    desk = make_desk(folder, in_practice=False)
    form = form_of(desk)
    assert "示例经办" in form.who.text(), "who may come in is known on this machine"
    desk.type(PASSWORD)
    desk.key(ENTER)
    assert form.without.isVisible() and form.without.hasFocus()
    assert "连不上登记库服务器" in form.banner.accessibleName() and "不能出具文书" in form.banner.accessibleName()
    desk.key(ENTER)
    assert desk.services.clerk.name == "示例经办" and desk.services.operations.home == home_of(folder, "1")
    assert "断线办理（到" in desk.frame.alarm.accessibleName() and not desk.frame.alarm.isHidden()
    made: list[str] = []
    desk.services.operations.run(lambda register: register.open_case("ss", "v").number, made.append, writes=True)
    desk.settle()
    server.start()
    locked(desk)
    desk.type(PASSWORD)
    desk.key(ENTER)
    assert not desk.services.locked and desk.services.operations.home == home_of(folder, "1"), (
        "cases on the pages are its"
    )
    locked(desk).another_wanted.emit()
    desk.settle()
    desk.type(PASSWORD)
    desk.key(ENTER)
    assert desk.services.operations.home == folder
    assert desk.frame.notice.accessibleName() == "断线期间在本机办的 1 件已并入登记库。" and desk.frame.alarm.isHidden()
    found: list[object] = []
    desk.services.operations.run(lambda register: register.numbered(made[0]), found.append)
    desk.settle()
    assert found[0] is not None
