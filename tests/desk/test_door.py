"""Coming in and locking: the first start, the password, the recovery code, the lock that keeps what was typed."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton

from pinggu_desk.desk import practice
from pinggu_desk.desk.establish import EstablishForm
from pinggu_desk.desk.kit import Field, LineField
from pinggu_desk.desk.login import LoginForm, TroubleForm
from pinggu_desk.desk.newkeys import CodeForm, RecoverForm, SetupForm
from pinggu_desk.policy.district import here
from pinggu_desk.register import Register, RegisterError, entrance, errors

from .conftest import CasePage, Desk, within

ENTER, TAB, SPACE = Qt.Key.Key_Return, Qt.Key.Key_Tab, Qt.Key.Key_Space
GOOD = "Sample-2026"


def form_of(desk: Desk) -> object:
    return desk.window.door.currentWidget()


def line(desk: Desk, name: str) -> LineField:
    return next(field for field in within(desk.window, LineField) if field.name == name)


def fill_setup(desk: Desk, password: str, again: str) -> None:
    for text in ("示例镇政务服务中心", "03", "0007", "示例经办人", password, again):
        desk.type(text)
        desk.key(ENTER)


def test_a_first_start_makes_an_encrypted_register_and_shows_the_code_once(new_desk: Desk) -> None:
    assert isinstance(form_of(new_desk), SetupForm)
    fill_setup(new_desk, GOOD, GOOD)
    form = form_of(new_desk)
    assert isinstance(form, CodeForm)
    codes = [label.text() for label in within(form, QLabel) if re.fullmatch(r"([0-9A-Z]+-)+[0-9A-Z]+", label.text())]
    assert len(codes) == 1
    assert not form.button.isEnabled()
    new_desk.key(SPACE)  # the tick has the focus
    assert form.button.isEnabled()
    new_desk.key(TAB)
    new_desk.key(ENTER)
    assert new_desk.services.clerk.name == "示例经办人"
    assert new_desk.services.settings.now.office == "示例镇政务服务中心"
    assert not [label for label in within(new_desk.window, QLabel) if label.text() == codes[0] and label.isVisible()]
    new_desk.window.close()
    folder = new_desk.services.folder
    assert "示例经办人".encode() not in (folder / "register.db").read_bytes()
    Register.reset_password(folder, clerk_no="0007", recovery_code=codes[0], password=GOOD).close()


@pytest.mark.parametrize(
    ("password", "again", "field", "said"),
    [("short", "short", "口令", "太简单"), (GOOD, GOOD + "x", "再输一遍口令", "不一样")],
)
def test_a_weak_or_mistyped_password_is_refused_where_it_stands(
    new_desk: Desk, password: str, again: str, field: str, said: str
) -> None:
    fill_setup(new_desk, password, again)
    assert isinstance(form_of(new_desk), SetupForm)
    assert said in line(new_desk, field).error()
    assert line(new_desk, field).has_focus()
    assert not Register.exists(new_desk.services.folder)


@pytest.mark.parametrize(
    ("gone", "said"),
    [
        ("register.keys", "缺少密钥文件 register.keys，打不开，也不能在这里另建"),
        ("register.db", "缺少登记库文件 register.db，不能在这里另建"),
    ],
)
def test_a_folder_with_half_a_register_says_what_is_missing_and_leads_to_a_backup(
    make_desk: Callable[..., Desk], tmp_path: Path, gone: str, said: str
) -> None:
    """Not 首次使用, where nothing could be made: found again it opens, and set up from a backup nothing that is left is lost."""
    folder, backup = tmp_path / "register", tmp_path / "U盘"
    register, _ = Register.create(folder, clerk_no="7", clerk_name="示例甲", password=GOOD, window="03")
    register.open_case("ss", "1")
    register.backup(backup)
    register.close()
    away = (folder / gone).rename(tmp_path / gone)
    desk = make_desk(folder, in_practice=False)
    form = form_of(desk)
    assert isinstance(form, EstablishForm) and said in form.banner.text() and "登记库备份-日期" in form.banner.text()
    with pytest.raises(errors.RegisterExists, match="不能在这里另建"):
        Register.create(folder, clerk_no="7", clerk_name="示例甲", password=GOOD)
    again = next(b for b in within(form, QPushButton) if b.text() == "重新查看")
    again.click()
    desk.settle()
    assert isinstance(form_of(desk), EstablishForm), "it is still missing"
    shutil.copyfile(away, folder / gone)
    next(b for b in within(desk.window.door, QPushButton) if b.text() == "重新查看" and b.isVisible()).click()
    desk.settle()
    assert isinstance(form_of(desk), LoginForm), "found again, and laid back"
    (folder / gone).unlink()
    left = {path.name: path.read_bytes() for path in folder.iterdir() if path.name in ("register.keys", "register.db")}
    desk.window.door.begin()
    form = form_of(desk)
    assert isinstance(form, EstablishForm)
    form.place.set_text(str(backup))
    form.no.set_text("7")
    form.password.set_text(GOOD)
    form.submit()
    desk.settle()
    assert desk.frame.isVisible()
    (kept,) = (path for path in folder.iterdir() if path.name.startswith("不全的登记库-"))
    assert {path.name: path.read_bytes() for path in kept.iterdir()} == left


def test_a_register_that_moved_onto_a_server_says_that_its_settings_are_missing(tmp_path: Path) -> None:
    (tmp_path / "register.db.搬走-20260302-093000").touch()
    assert "缺少连接它的设置文件 register.server" in entrance.lacking(tmp_path)
    (tmp_path / "register.server").touch()
    assert entrance.lacking(tmp_path) == ""


def test_a_start_that_was_cut_short_is_begun_again(make_desk: Callable[..., Desk], tmp_path: Path) -> None:
    for name in ("register.keys", "register.db.new"):
        (tmp_path / name).touch()
    assert isinstance(form_of(make_desk(tmp_path, in_practice=False)), SetupForm)


def test_nothing_is_made_while_a_name_is_missing(new_desk: Desk) -> None:
    new_desk.type("示例镇")
    form = form_of(new_desk)
    assert isinstance(form, SetupForm)
    form.submit()
    assert line(new_desk, "工号").error() == "还没有填工号，请填写。"
    assert line(new_desk, "工号").has_focus()


@pytest.fixture
def shut_desk(make_desk: Callable[..., Desk], tmp_path: Path) -> Desk:
    folder = tmp_path / "register"
    register, code = Register.create(folder, clerk_no="7", clerk_name="示例甲", password=GOOD, window="03")
    register.add_clerk("8", "示例乙", GOOD + "8")
    register.close()
    (tmp_path / "code").write_text(code)
    return make_desk(folder, in_practice=False)


def test_the_clerk_is_chosen_by_number_and_a_wrong_password_is_told(shut_desk: Desk) -> None:
    form = form_of(shut_desk)
    assert isinstance(form, LoginForm)
    shut_desk.key(Qt.Key.Key_2)
    shut_desk.key(ENTER)
    shut_desk.type(GOOD)
    shut_desk.key(ENTER)
    assert "口令不对" in form.password.error()
    assert form.password.has_focus()
    shut_desk.type(GOOD + "8")  # the wrong one is selected
    shut_desk.key(ENTER)
    assert shut_desk.services.clerk.name == "示例乙"


def test_after_five_wrong_passwords_the_right_one_must_wait(shut_desk: Desk) -> None:
    form = form_of(shut_desk)
    assert isinstance(form, LoginForm)
    shut_desk.key(Qt.Key.Key_1)
    shut_desk.key(ENTER)
    for _ in range(5):
        shut_desk.type("wrong")
        shut_desk.key(ENTER)
    shut_desk.type(GOOD)
    shut_desk.key(ENTER)
    assert shut_desk.window.frame is None
    assert re.search(r"\d+:\d\d|分钟", form.password.error()), form.password.error()


def test_a_forgotten_password_is_replaced_by_the_recovery_code(shut_desk: Desk, tmp_path: Path) -> None:
    form = form_of(shut_desk)
    assert isinstance(form, LoginForm)
    form.forgotten.emit()
    assert isinstance(form_of(shut_desk), RecoverForm)
    shut_desk.key(Qt.Key.Key_1)
    shut_desk.key(ENTER)
    for text in ((tmp_path / "code").read_text().lower(), "Anew-2027", "Anew-2027"):
        shut_desk.type(text)
        shut_desk.key(ENTER)
    fresh = form_of(shut_desk)
    assert isinstance(fresh, CodeForm), "the code is void now: the next one is shown at once"
    assert (tmp_path / "code").read_text() not in [label.text() for label in within(fresh, QLabel)]
    shut_desk.key(Qt.Key.Key_Space)
    shut_desk.key(ENTER)
    assert shut_desk.services.clerk.name == "示例甲"
    shut_desk.window.close()
    Register.open(shut_desk.services.folder, clerk_no="7", password="Anew-2027").close()  # noqa: S106
    with pytest.raises(RegisterError):
        Register.open(shut_desk.services.folder, clerk_no="7", password=GOOD)


def test_the_lock_hides_everything_and_gives_it_back_as_it_was(desk: Desk) -> None:
    desk.frame.begin_case(None, "zxqy")
    desk.settle()
    desk.type("slzb")
    desk.key(ENTER)
    page = desk.frame.current()
    assert isinstance(page, CasePage)
    desk.type("示例技改项目")
    desk.key(Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert not desk.frame.isVisible()
    for shortcut in (Qt.Key.Key_4, Qt.Key.Key_8):
        desk.key(shortcut, Qt.KeyboardModifier.AltModifier)
    assert not desk.frame.isVisible()
    desk.type("no")
    desk.key(ENTER)
    lock = desk.window.lock
    assert lock is not None
    assert "口令不对" in lock.password.error()
    desk.type(practice.PASSWORD)
    desk.key(ENTER)
    assert desk.frame.current() is page
    assert page.field.text() == "示例技改项目"
    assert page.field.has_focus()
    desk.type("二期")
    assert page.field.text() == "示例技改项目二期"


def test_an_idle_desk_locks_itself(desk: Desk) -> None:
    assert desk.window.idle.timer.isActive()
    assert desk.window.idle.timer.interval() == 10 * 60_000
    desk.window.idle.timer.timeout.emit()
    assert desk.window.lock is not None
    assert not desk.frame.isVisible()


def test_another_clerk_may_take_over_a_locked_desk(desk: Desk) -> None:
    desk.window.lock_now()
    assert desk.window.lock is not None
    desk.window.lock.another_wanted.emit()
    desk.settle()
    assert desk.window.frame is None
    assert isinstance(form_of(desk), LoginForm)
    desk.type(practice.PASSWORD)
    desk.key(ENTER)
    assert desk.window.frame is not None


def test_practice_makes_its_own_register_and_says_so_everywhere(make_desk: Callable[..., Desk], tmp_path: Path) -> None:
    opened = make_desk(tmp_path / "fresh", in_practice=True)
    assert "演练" in opened.window.windowTitle()
    texts = [label.text() for label in within(opened.window, QLabel) if label.isVisible()]
    assert any(practice.PASSWORD in text for text in texts)
    opened.log_in()
    assert "演练" in [label.text() for label in within(opened.frame.top, QLabel)]
    opened.window.close()
    register = Register.open(tmp_path / "fresh", clerk_no=practice.CLERK_NO, password=practice.PASSWORD)
    assert register.practice
    assert all(a.sample and a.name.startswith("示例") for a in register.search("示例"))
    assert len(register.search("示例")) == len(here().practice.applicants)
    register.close()


def test_a_practice_register_cut_short_is_begun_anew(practice_folder: Path, tmp_path: Path) -> None:
    folder = tmp_path / "register"
    shutil.copytree(practice_folder, tmp_path / "register.new")
    practice.make_register(folder)
    assert Register.exists(folder)
    assert not (tmp_path / "register.new").exists()


def test_every_form_of_the_door_can_be_left_by_keyboard_alone(shut_desk: Desk) -> None:
    form = form_of(shut_desk)
    assert isinstance(form, LoginForm)
    names = set()
    for _ in range(8):
        names.add(shut_desk.focus.accessibleName())
        shut_desk.key(TAB)
    assert {"口令", "登录", "忘记口令"} <= names
    assert all(isinstance(field, Field) for field in form.chain.fields())


def test_a_door_that_nobody_can_be_shown_at_says_why_and_lets_try_again(shut_desk: Desk) -> None:
    keys = shut_desk.services.folder / "register.keys"
    good = keys.read_bytes()
    keys.write_bytes(b"{}")
    shut_desk.window.door.begin()
    trouble = form_of(shut_desk)
    assert isinstance(trouble, TroubleForm)
    assert any("密钥文件" in label.text() and label.isVisible() for label in within(trouble, QLabel))
    keys.write_bytes(good)
    shut_desk.key(ENTER)
    assert isinstance(form_of(shut_desk), LoginForm)
