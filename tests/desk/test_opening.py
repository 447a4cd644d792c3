"""FOUND 36, 45, 46, 67, 81: the window fits the screen, a folder or a lock that stands in the way is told, keys are eaten."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from pinggu_desk.desk import practice
from pinggu_desk.desk.application import unusable
from pinggu_desk.desk.login import LoginForm
from pinggu_desk.desk.newkeys import CodeForm
from pinggu_desk.desk.pages.home import HomePage
from pinggu_desk.desk.pages.manual import CHAPTERS, ManualPage
from pinggu_desk.desk.pages.new_case import NewCasePage
from pinggu_desk.desk.theme import BODY_PIXELS, fitting
from pinggu_desk.policy.resources import MANUALS, manual_path
from pinggu_desk.register.files import locked
from tests.desk.conftest import PATIENCE, Desk, within
from tests.desk.test_every_page import SIZES

K, ALT = Qt.Key, Qt.KeyboardModifier.AltModifier


def test_a_size_is_shown_only_where_the_window_fits() -> None:
    """FOUND 36: 1366x768 and 1920x1080 at 100 to 200 %, less a task bar and a title; nothing hangs over the edge."""
    assert [fitting("特大", *room) for room in ((1920, 1000), (1366, 700), (1280, 650), (1092, 544), (960, 470))] == [
        "特大", "特大", "大", "中", "小",
    ]  # fmt: skip
    assert fitting("小", 400, 300) == "小" and fitting("中", 1920, 1000) == "中"


@pytest.mark.parametrize("size", SIZES)
def test_the_least_extent_is_what_fitting_takes_it_for(desk: Desk, size: str) -> None:
    desk.services.settings.change(size=size)
    for number in (1, 2, 3, 4, 5, 8):
        desk.alt(number)
        least = desk.window.minimumSizeHint()
        body = BODY_PIXELS[size]  # type: ignore[index]
        assert least.width() <= 48 * body + 240 and least.height() <= 27 * body + 98, (number, least)


def test_the_window_opens_maximised_first_and_where_it_stood_after(
    make_desk: Callable[..., Desk], tmp_path: Path
) -> None:
    first = make_desk(tmp_path / "a", in_practice=True)
    room = QGuiApplication.primaryScreen().availableGeometry()
    first.window.hide()
    first.window.place()
    assert first.window.isMaximized() or first.window.windowState() & Qt.WindowState.WindowMaximized
    first.window.setWindowState(Qt.WindowState.WindowNoState)
    first.window.show()
    first.window.setGeometry(QRect(40, 30, 760, 600))
    stood = first.window.geometry()
    first.window.close()
    second = make_desk(tmp_path / "b", in_practice=True)
    second.window.hide()
    second.window.place()
    assert not second.window.windowState() & Qt.WindowState.WindowMaximized
    assert second.window.size().boundedTo(room.size()) == second.window.size()
    assert second.window.size() == stood.size().boundedTo(QSize(room.width(), room.height()))


def test_alt_with_a_free_number_types_nothing(desk: Desk) -> None:
    """FOUND 45."""
    home = desk.frame.current()
    assert isinstance(home, HomePage)
    for number in (0, 9):
        QTest.keyClick(home.line, K(K.Key_0 + number), ALT)
    QTest.keyClick(home.line, K.Key_Q, ALT)
    desk.settle()
    assert home.line.text() == "" and desk.frame.current() is home
    for number in (6, 7):  # 批量 and 统计, which were free numbers once
        QTest.keyClick(home.line, K(K.Key_0 + number), ALT)
        desk.settle()
        assert home.line.text() == "" and desk.frame.current() is not home
        desk.frame.open_place("受理")
        desk.settle()


def test_f1_on_the_first_page_is_the_manual(desk: Desk) -> None:
    """FOUND 45."""
    desk.key(K.Key_F1)
    page = desk.frame.current()
    assert isinstance(page, ManualPage) and "窗口人员手册" in page.text.toPlainText() and page.text.hasFocus()
    desk.key(K.Key_Escape)
    assert isinstance(desk.frame.current(), HomePage)


def test_f1_is_answered_on_every_page_and_esc_comes_back(desk: Desk) -> None:
    """FOUND 45: where no clause is, the manual at the chapter about the page; where the keys stood they stand again."""
    told = {}
    for number in (3, 4, 5, 6, 7, 8):
        desk.alt(number)
        page, focus = desk.frame.current(), desk.focus
        assert page is not None
        desk.key(K.Key_F1)
        manual = desk.frame.current()
        assert isinstance(manual, ManualPage) and manual.text.hasFocus(), page.title
        told[page.title] = manual.text.textCursor().block().text()
        desk.key(K.Key_Escape)
        assert desk.frame.current() is page and desk.focus is focus, page.title
    assert told["批量"] == "一份名单：批量" and told["统计"] == "统计" and told["设置"] == "装在一台机器上"
    assert all(told.values()), told
    desk.key(K.Key_F2)
    desk.type("示例")
    desk.key(K.Key_F1)
    assert isinstance(desk.frame.current(), ManualPage)
    desk.key(K.Key_Escape)
    new = desk.frame.current()
    assert isinstance(new, NewCasePage) and new.line.text() == "示例" and new.line.hasFocus()


def test_every_page_of_the_desk_has_its_chapter() -> None:
    """FOUND 45: a heading that is renamed in a manual is told here."""
    for number, heading in CHAPTERS.values():
        assert f"## {heading}\n" in manual_path(MANUALS[number]).read_text(encoding="utf-8"), heading


def test_a_folder_that_cannot_be_used_is_one_sentence(tmp_path: Path) -> None:
    """FOUND 46: before any window, with nothing of Python's."""
    file = tmp_path / "不是文件夹"
    file.write_text("x", encoding="utf-8")
    loop = tmp_path / "绕圈"
    loop.symlink_to(loop)
    for folder in (file, file / "数据", loop, tmp_path / ("长" * 200)):
        told = unusable(folder)
        assert "不能用" in told and len(told) < 250 and told.count("。") == 1, told
        assert not re.search("[a-zA-Z]{3}", told.replace("--data", "").replace(str(tmp_path), "")), told
    for folder in (file / "数据", Path("/proc/没有/数据")):
        ran = subprocess.run(
            [sys.executable, "-m", "pinggu_desk", "--data", str(folder)],
            capture_output=True, text=True, timeout=600, check=False, env=_offscreen(),
        )  # fmt: skip
        assert ran.returncode == 2 and "Traceback" not in ran.stderr
        (line,) = [line for line in ran.stderr.splitlines() if line]
        assert str(folder) in line and "数据目录" in line and "不能用" in line
    assert unusable(tmp_path / "新的") == ""
    assert "在网络上" in unusable(Path(r"\\server\share\pinggu"))


def _offscreen() -> dict[str, str]:
    import os

    return {**os.environ, "QT_QPA_PLATFORM": "offscreen"}


def test_login_says_who_holds_the_keys_waits_and_can_be_given_up(
    make_desk: Callable[..., Desk], practice_folder: Path, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """FOUND 67."""
    import shutil

    from pinggu_desk.register import files

    monkeypatch.setattr(files, "_PATIENCE", 0.1)
    folder = tmp_path / "register"
    shutil.copytree(practice_folder, folder)
    desk = make_desk(folder, in_practice=True)
    form = desk.window.door.currentWidget()
    assert isinstance(form, LoginForm)
    with locked(folder / "register.lock"):
        QTest.keyClicks(desk.focus, practice.PASSWORD)
        QTest.keyClick(desk.focus, K.Key_Return)
        qtbot.waitUntil(form.stop.isVisible, timeout=PATIENCE)
        said = " ".join(label.text() for label in within(form, QLabel) if label.isVisible())
        assert "进程号" in said and "正在等待" in said
        form.stop.click()
        qtbot.waitUntil(form.button.isEnabled, timeout=PATIENCE)
        assert desk.window.frame is None
        QTest.keyClick(form.password.line, K.Key_Return)
        qtbot.waitUntil(form.stop.isVisible, timeout=PATIENCE)
    qtbot.waitUntil(lambda: desk.window.frame is not None, timeout=PATIENCE)


def test_enter_goes_on_from_the_recovery_code_once_it_is_ticked(qtbot: QtBot) -> None:
    """FOUND 81."""
    form = CodeForm("ABCD-EFGH")
    qtbot.addWidget(form)
    form.show()
    form.enter()
    sent: list[bool] = []
    form.submitted.connect(lambda: sent.append(True))
    QTest.keyClick(form.copied, K.Key_Return)
    assert sent == []
    QTest.keyClick(form.copied, K.Key_Space)
    QTest.keyClick(QApplication.focusWidget() or form.copied, K.Key_Return)
    assert sent == [True]
