"""设置: what is set is in force at once and remembered; a backup stands where it was wanted."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from pinggu_desk.desk import practice
from pinggu_desk.desk.pages.settings import SettingsPage
from pinggu_desk.desk.settings import SettingsStore
from pinggu_desk.register import Register

from .conftest import Desk

ENTER = Qt.Key.Key_Return


def test_the_look_changes_at_once_and_is_remembered(desk: Desk) -> None:
    desk.alt(8)
    page = desk.frame.current()
    assert isinstance(page, SettingsPage)
    desk.key(Qt.Key.Key_4)
    assert desk.app.font().pixelSize() == 22
    desk.key(ENTER)
    desk.key(Qt.Key.Key_3)
    assert desk.app.palette().window().color().name() == "#12181f"
    kept = json.loads((desk.services.settings._path).read_text(encoding="utf-8"))
    assert (kept["size"], kept["mode"]) == ("特大", "dark")


def test_a_damaged_settings_file_is_said_and_not_stopped_for(tmp_path: Path) -> None:
    (tmp_path / "settings.json").write_text("{not json")
    store = SettingsStore(tmp_path)
    assert store.now.size == "中"
    assert "读不出来" in store.problem


def test_a_backup_is_made_where_it_is_wanted_and_nowhere_else(desk: Desk, tmp_path: Path) -> None:
    desk.alt(8)
    page = desk.frame.current()
    assert isinstance(page, SettingsPage)
    page.backup_to.focus_input()
    desk.type(str(tmp_path / "missing"))
    desk.key(ENTER)
    assert "不存在" in page.backup_to.error()
    target = tmp_path / "usb"
    target.mkdir()
    page.backup_to.focus_input()
    desk.type(str(target))
    desk.key(ENTER)
    copies = list(target.iterdir())
    assert len(copies) == 1
    assert Register.exists(copies[0])


def test_a_new_password_is_in_force_at_the_next_lock(desk: Desk) -> None:
    desk.alt(8)
    page = desk.frame.current()
    assert isinstance(page, SettingsPage)
    page.old.focus_input()
    for text in (practice.PASSWORD, "Anew-2027", "Anew-2027"):
        desk.type(text)
        desk.key(ENTER)
    desk.window.lock_now()
    desk.type("Anew-2027")
    desk.key(ENTER)
    assert desk.frame.isVisible()
    assert desk.window.lock is None


@pytest.mark.parametrize(
    ("typed", "minutes"), [("1", 1), ("60", 60), ("25", 25), ("0", 10), ("61", 10), ("十", 10), ("", 10)]
)
def test_the_time_to_the_lock_can_be_set_and_holds_at_once(desk: Desk, typed: str, minutes: int) -> None:
    desk.alt(8)
    page = desk.frame.current()
    assert isinstance(page, SettingsPage)
    page.lock_minutes.focus_input()
    page.lock_minutes.line.clear()
    desk.type(typed)
    desk.key(Qt.Key.Key_Return)
    assert desk.window.idle.timer.interval() == minutes * 60_000
    assert bool(page.lock_minutes.error()) == (str(minutes) != typed)
    assert SettingsStore(desk.services.settings._path.parent).now.lock_minutes == minutes
