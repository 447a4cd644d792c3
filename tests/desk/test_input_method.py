"""FOUND 44: which input method is asked for, what is said when there is none, and that nothing composed is lost."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from pinggu_desk.desk import fcitx, inputmethod
from pinggu_desk.desk.inputmethod import ABSENT, Found
from pinggu_desk.desk.kit import Banner, LineField
from pinggu_desk.desk.sessionbus import BusError, Reader, socket_of, types, write

from .conftest import Desk, within

DESKTOP = {"DISPLAY": ":0", "HOME": "/nowhere"}
PORTAL = {"QT_IM_MODULE": "ibus", "IBUS_USE_PORTAL": "1"}


@pytest.fixture(autouse=True)
def machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A machine that knows who it is, whatever this one does."""
    file = tmp_path / "machine-id"
    file.write_text("0123456789abcdef0123456789abcdef\n", "ascii")
    monkeypatch.setattr(inputmethod, "_MACHINE", (tmp_path / "nothing", file))
    return file


@pytest.mark.parametrize("words", [None, "", "uninitialized\n", "0123"])
def test_a_machine_without_an_id_is_asked_nothing_and_the_program_lives(
    monkeypatch: pytest.MonkeyPatch, machine: Path, words: str | None
) -> None:
    """The D-Bus library ends the program at its first use where there is none: neither we nor Qt's plug-in may use it."""
    machine.unlink()
    if words is not None:
        machine.write_text(words, "ascii")
    monkeypatch.setattr(inputmethod, "find", lambda _environment: pytest.fail("asked"))
    environment = DESKTOP | {"QT_IM_MODULES": "ibus", "QT_IM_MODULE": "ibus"}
    assert inputmethod.choose(environment) == Found()
    assert environment == DESKTOP | {"QT_IM_MODULE": "compose"}


@pytest.mark.parametrize(
    ("found", "settled"),
    [
        (Found(portal=True), PORTAL),
        (
            Found(address_file="/a/file"),
            {"QT_IM_MODULE": "ibus", "IBUS_ADDRESS_FILE": "/a/file"},
        ),
        (Found(fcitx=True), {"QT_IM_MODULE": "compose"}),
        (Found(), {"QT_IM_MODULE": "ibus"}),
    ],
)
@pytest.mark.parametrize(
    "said",
    [
        {},
        {"QT_IM_MODULE": "fcitx"},
        {"QT_IM_MODULE": "fcitx5", "QT_IM_MODULES": "wayland;fcitx"},
        {"QT_IM_MODULE": "xim", "IBUS_USE_PORTAL": "1"},
    ],
)
def test_the_one_plugin_there_is_is_asked_for(
    monkeypatch: pytest.MonkeyPatch, found: Found, settled: dict[str, str], said: dict[str, str]
) -> None:
    """FOUND 44: plug-ins that the environment names and the program has not are passed over, in both of Qt's variables."""
    monkeypatch.setattr(inputmethod, "find", lambda _environment: found)
    environment = DESKTOP | said
    assert inputmethod.choose(environment) is found
    assert environment == DESKTOP | settled


@pytest.mark.parametrize(
    "environment",
    [{}, DESKTOP | {"QT_QPA_PLATFORM": "offscreen"}, DESKTOP | {"QT_IM_MODULE": "compose"}],
    ids=["no screen", "offscreen", "asked for by name"],
)
def test_nothing_is_asked_where_there_is_nothing_to_choose(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]
) -> None:
    monkeypatch.setattr(inputmethod, "find", lambda _environment: pytest.fail("asked"))
    before = dict(environment)
    assert inputmethod.choose(environment) is None
    assert environment == before


def test_the_windows_desk_asks_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    assert inputmethod.choose(dict(DESKTOP)) is None


def test_no_session_bus_and_a_stale_address_are_no_answer(tmp_path: Path) -> None:
    """ibus leaves its address behind when it ends; the file alone is no input method."""
    folder = tmp_path / "ibus" / "bus"
    folder.mkdir(parents=True)
    (folder / "machine-unix-0").write_text(f"# ibus\nIBUS_ADDRESS=unix:path={tmp_path}/gone\nIBUS_DAEMON_PID=1\n")
    (folder / "machine-unix-7").write_bytes(b"\xff\xfe not text")
    nobody = f"unix:path={tmp_path}/nobody"
    environment = DESKTOP | {"XDG_CONFIG_HOME": str(tmp_path), "DBUS_SESSION_BUS_ADDRESS": nobody}
    assert [file.name for file in inputmethod.address_files(environment)] == ["machine-unix-0", "machine-unix-7"]
    assert inputmethod.find(environment) == Found()


def test_an_address_is_read_whole() -> None:
    written = "# made by ibus\nIBUS_ADDRESS=unix:abstract=/a/b,guid=12\nIBUS_DAEMON_PID=7\n"
    assert inputmethod.address_in(written) == "unix:abstract=/a/b,guid=12"
    assert inputmethod.address_in("IBUS_DAEMON_PID=7") == ""


@pytest.mark.parametrize("sentence", [ABSENT, ""])
def test_the_first_page_says_that_no_chinese_can_be_typed(
    make_desk: Callable[..., Desk],
    tmp_path: Path,
    practice_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    sentence: str,
) -> None:
    """FOUND 44: at the first start and at each login, and only when nothing answers."""
    monkeypatch.setattr(inputmethod, "absence", lambda: sentence)
    for folder, in_practice in ((tmp_path / "new", False), (practice_folder, True)):
        desk = make_desk(folder, in_practice=in_practice)
        said = [banner.text() for banner in within(desk.window.door, Banner) if banner.isVisible()]
        assert said.count(ABSENT) == (1 if sentence else 0)


@pytest.fixture
def two_fields(qtbot: QtBot) -> tuple[QWidget, LineField, LineField]:
    page = QWidget()
    qtbot.addWidget(page)
    fields = LineField("单位名称"), LineField("经办人姓名")
    column = QVBoxLayout(page)
    for field in fields:
        column.addWidget(field)
    page.show()
    page.activateWindow()
    fields[0].focus_input()
    return page, *fields


def composes(field: LineField, words: str) -> None:
    QApplication.sendEvent(field.line, QInputMethodEvent(words, []))


def test_what_the_plugin_throws_away_as_the_focus_goes_is_kept(
    two_fields: tuple[QWidget, LineField, LineField],
) -> None:
    """FOUND 44: Qt's ibus plug-in clears the preedit just before the widget hears that the focus goes."""
    _page, first, second = two_fields
    composes(first, "示例镇")
    composes(first, "")
    second.focus_input()
    assert (first.text(), second.text()) == ("示例镇", "")


def test_what_the_person_took_back_stays_away(two_fields: tuple[QWidget, LineField, LineField]) -> None:
    """Escape in the input method clears the preedit too; then comes the key or the click that leaves the field."""
    page, first, second = two_fields
    composes(first, "示例镇")
    composes(first, "")
    place = second.line.mapTo(page, second.line.rect().center())
    QTest.mouseClick(page.windowHandle(), Qt.MouseButton.LeftButton, pos=place)
    assert second.line.hasFocus()
    assert (first.text(), second.text()) == ("", "")


def test_it_is_kept_once(two_fields: tuple[QWidget, LineField, LineField]) -> None:
    _page, first, second = two_fields
    composes(first, "示例镇")
    second.focus_input()
    first.focus_input()
    second.focus_input()
    assert first.text() == "示例镇"


def test_what_is_written_for_the_bus_is_read_again() -> None:
    """Every kind of value that fcitx takes or gives, at its place in the message."""
    kinds = list(types("yuibtsoa(si)va(yv)"))
    assert kinds == ["y", "u", "i", "b", "t", "s", "o", "a(si)", "v", "a(yv)"]
    values = [7, 1, -2, True, 1 << 40, "示例镇", "/a", [("ni", 1), ("hao", 0)], ("s", "x"), [(1, ("o", "/b"))]]
    out = bytearray()
    for kind, value in zip(kinds, values, strict=True):
        write(out, kind, value)
    reader = Reader(bytes(out))
    values[8], values[9] = "x", [(1, "/b")]
    assert [reader.read(kind) for kind in kinds] == values
    assert reader.at == len(out)


@pytest.mark.parametrize(
    ("environment", "place"),
    [
        ({"XDG_RUNTIME_DIR": "/run/user/1"}, b"/run/user/1/bus"),
        ({"DBUS_SESSION_BUS_ADDRESS": "unix:path=/tmp/a%20b,guid=1"}, b"/tmp/a b"),
        ({"DBUS_SESSION_BUS_ADDRESS": "tcp:host=x;unix:abstract=/tmp/c"}, b"\0/tmp/c"),
    ],
)
def test_the_bus_is_found_on_this_machine(environment: dict[str, str], place: bytes) -> None:
    assert socket_of(environment) == place


def test_a_bus_across_the_network_is_not_spoken_to() -> None:
    with pytest.raises(BusError):
        socket_of({"DBUS_SESSION_BUS_ADDRESS": "tcp:host=example,port=1"})


class SlowFcitx:
    """Answers as fcitx does, but not while it is busy."""

    def __init__(self) -> None:
        self.busy, self.contexts, self.ended = False, 0, list[str]()
        self._read, self._write = os.pipe()

    def fileno(self) -> int:
        return self._read

    def ask(self, _to: str, path: str, _interface: str, member: str, *_body: object) -> list[object]:
        if self.busy:
            raise BusError(member)
        if member == "CreateInputContext":
            self.contexts += 1
            return [f"/context/{self.contexts}"]
        return [True] if member == "ProcessKeyEvent" and path == f"/context/{self.contexts}" else []

    def tell(self, _to: str, path: str, _interface: str, member: str, *_body: object) -> None:
        if member == "DestroyIC":
            self.ended.append(path)

    def signals(self) -> list[object]:
        return []

    def close(self) -> None:
        os.close(self._read)
        os.close(self._write)


def test_a_fcitx_that_was_busy_at_a_key_is_asked_again_in_the_same_field(
    two_fields: tuple[QWidget, LineField, LineField], qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    """FOUND 44: it loads its words at the first key; Chinese was gone from the field until another was entered."""
    window, field, _ = two_fields
    bus = SlowFcitx()
    monkeypatch.setattr(fcitx, "SessionBus", lambda *_: bus)
    monkeypatch.setattr(fcitx, "_AGAIN", 0.0)
    asked = fcitx.Fcitx(qapp, {})
    field.focus_input()
    asked._focus(field.line)
    handle = window.windowHandle()
    composes(field, "ni")
    bus.busy = True
    QTest.keyClick(handle, Qt.Key.Key_A)
    assert field.line.text() == "nia", "what was composed stands, and the letter comes as it is"
    assert bus.ended == ["/context/1"], "its answer must not come on top of that"
    bus.busy = False
    QTest.keyClick(handle, Qt.Key.Key_B)
    assert bus.contexts == 2 and field.line.text() == "nia", "fcitx has the key"
    qapp.removeEventFilter(asked)
    asked.deleteLater()
    qapp.sendPostedEvents(asked, QEvent.Type.DeferredDelete.value)
    bus.close()
