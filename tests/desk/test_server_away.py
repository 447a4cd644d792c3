"""The register's server goes away under a desk: typing goes on, the machine keeps it, and it is joined by itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from pinggu_desk.desk.operations import Operations
from pinggu_desk.register import Register
from pinggu_desk.register.engines import server as settings
from pinggu_desk.register.engines.prepare import prepare
from pinggu_desk.register.errors import ServerGone
from tests.desk.conftest import PATIENCE
from tests.register.postgres import Server, owner_of

PASSWORD = "Sample-2024"  # noqa: S105  of registers that live as long as a test


@pytest.fixture
def folder(server: Server, tmp_path: Path) -> Path:
    folder = tmp_path / "register"
    folder.mkdir()
    settings.write(folder, prepare(owner_of(server.fresh())))
    return folder


def open_desk(opener: Callable[[], Register]) -> Operations:
    made = Operations()
    made.open(opener)
    assert made.flush(120)
    return made


def test_what_is_typed_while_the_server_is_away_is_joined_by_itself(server: Server, folder: Path, qtbot: QtBot) -> None:
    desk = open_desk(lambda: Register.create(folder, clerk_no="1", clerk_name="示例", password=PASSWORD)[0])
    got: list[int] = []
    desk.run(lambda register: register.open_case("tztc", "1").id, got.append, writes=True)
    assert desk.flush(120)
    server.kill()
    counts: list[int] = []
    desk.put_aside.connect(counts.append)
    refused: list[Exception] = []
    desk.run(lambda register: register.set_answer(got[0], "投资额", "700万元"), writes=True, keep=True)
    desk.run(lambda register: register.open_case("tztc", "1"), failed=refused.append, writes=True)
    desk.run(lambda register: register.set_answer(got[0], "税收贡献", "9"), writes=True, keep=True)
    with qtbot.assertNotEmitted(desk.saved):
        assert desk.flush(120)
    assert counts[-1] == 2 and desk.unsaved_count == 0 and isinstance(refused[0], ServerGone)
    server.start()
    with qtbot.waitSignal(desk.saved, timeout=PATIENCE):  # nobody does anything: it is tried again
        pass
    assert counts[-1] == 0
    answers: list[dict[str, str]] = []
    desk.run(lambda register: register.answers(got[0]), answers.append)
    assert desk.flush(120)
    assert answers == [{"投资额": "700万元", "税收贡献": "9"}]
    assert desk.close()
