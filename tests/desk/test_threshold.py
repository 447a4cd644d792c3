"""The first paint: nothing heavy before it, and no key that is typed on the threshold is lost."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QEventLoop, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget

from pinggu_desk.desk import practice
from pinggu_desk.desk.login import LoginForm
from pinggu_desk.desk.operations import Operations
from pinggu_desk.desk.services import Services
from pinggu_desk.desk.settings import SettingsStore
from pinggu_desk.desk.shell import MainWindow
from pinggu_desk.desk.threshold import Threshold
from pinggu_desk.policy.models import Pack
from pinggu_desk.register import Register, entrance
from tests import bundled
from tests.desk.conftest import CasePage, within

#: what takes longer to load than a window to open, and is not needed to log in
HEAVY = (
    "numpy", "pydantic", "pydantic_core", "yaml", "reportlab", "openpyxl", "xlsxwriter", "PIL", "pypdfium2",
    "segno", "pypinyin", "cryptography", "argon2", "sqlcipher3", "sqlalchemy", "alembic", "psycopg", "click",
    "typing_extensions", "socket", "PySide6.QtSvg", "PySide6.QtPrintSupport",
    "pinggu_desk.policy.facts", "pinggu_desk.policy.models", "pinggu_desk.assess",
    "pinggu_desk.documents", "pinggu_desk.work", "pinggu_desk.register.register", "pinggu_desk.register.records",
    "pinggu_desk.desk.kit", "pinggu_desk.desk.login", "pinggu_desk.desk.operations", "pinggu_desk.desk.desk_frame",
)  # fmt: skip
_LIST = """
import json, os, sys
from pathlib import Path
import PySide6.QtCore
from pinggu_desk.desk import application
from pinggu_desk.desk.threshold import QTimer, Threshold
paint = Threshold.paintEvent
def painted(self, event):
    QTimer.singleShot(0, tell)
    paint(self, event)
def tell():
    print(json.dumps([*sys.modules, *(["Qt"] if "Qt" in vars(PySide6.QtCore) else [])]), flush=True)
    os._exit(0)
Threshold.paintEvent = painted
application.open_desk(Path(sys.argv[1]), practice=True, close_after_paint=False)
"""
_RARE = """
import json
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication
from pinggu_desk.desk.theme import apply_first, apply_theme
app = QApplication([])
has = lambda text: QFontMetrics(app.font()).inFontUcs4(ord(text))
apply_first(app, "light", "中")
before = has("𡌶")
apply_theme(app, "light", "中")
print(json.dumps([before, has("𡌶")]))
"""
GOOD = "Sample-2026"
ENTER = Qt.Key.Key_Return


def _child(*words: str) -> bytes:
    done = subprocess.run(
        [sys.executable, "-c", *words], stdout=subprocess.PIPE, check=True, timeout=600,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )  # fmt: skip
    return done.stdout


def test_nothing_heavy_is_loaded_before_the_first_paint(practice_folder: Path) -> None:
    """Issue 11: 1.5 times an empty window. ``Qt`` itself, with its thousand enums, is as heavy as a tenth of that."""
    loaded = set(json.loads(_child(_LIST, str(practice_folder))))
    assert "pinggu_desk.desk.threshold" in loaded
    heavy = sorted(name for name in (*HEAVY, "Qt") if name in loaded)
    assert not heavy, f"loaded before the first paint: {heavy}"


Opens = Callable[[Path], MainWindow]


@pytest.fixture
def opens(qapp: QApplication, pack: Pack) -> Iterator[Opens]:
    """Opens a window as the program does, up to where the threshold is in sight and nothing else was done yet."""
    made: list[MainWindow] = []

    def open_at(folder: Path) -> MainWindow:
        in_practice = folder.name == "practice"
        store = SettingsStore(folder)
        window = MainWindow(store, in_practice=in_practice)

        def furnish() -> None:
            services = Services(Operations(), store, folder, in_practice, lambda: (pack, bundled.engine()), CasePage)
            window.furnish(services)

        made.append(window)
        window.welcome(entrance.clerks(folder), furnish)
        window.resize(1366, 768)
        window.show()
        window.activateWindow()
        return window

    yield open_at
    for window in made:
        window.close()
        window.deleteLater()
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    qapp.processEvents()


@pytest.fixture
def practising(opens: Opens, practice_folder: Path, tmp_path: Path) -> MainWindow:
    folder = tmp_path / "practice"
    shutil.copytree(practice_folder, folder)
    return opens(folder)


def settle(window: MainWindow, app: QApplication) -> None:
    """Until the threshold was painted and the page after it is there, and the register has answered everything."""
    while not window.furnished:
        app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
    while True:
        assert window.services.operations.flush(120)
        app.processEvents()
        if not window.services.operations.waiting:
            return


def focus(app: QApplication) -> QWidget:
    widget = app.focusWidget()
    assert widget is not None
    return widget


def test_a_password_typed_before_the_login_page_was_there_logs_in(practising: MainWindow, qapp: QApplication) -> None:
    threshold = practising.threshold
    assert threshold is not None and not practising.furnished and practising.focusWidget() is threshold.line
    QTest.keyClicks(threshold.line, practice.PASSWORD)
    QTest.keyClick(threshold.line, ENTER)
    settle(practising, qapp)
    assert practising.threshold is None
    assert practising.frame is not None and practising.services.clerk.no == practice.CLERK_NO


def test_half_a_password_is_gone_on_with(practising: MainWindow, qapp: QApplication) -> None:
    """The rest is added to it: nothing of it is selected, so the next key replaces nothing."""
    assert practising.threshold is not None
    QTest.keyClicks(practising.threshold.line, practice.PASSWORD[:4])
    settle(practising, qapp)
    form = practising.door.currentWidget()
    assert isinstance(form, LoginForm) and form.password.text() == practice.PASSWORD[:4]
    QTest.keyClicks(focus(qapp), practice.PASSWORD[4:])
    QTest.keyClick(focus(qapp), ENTER)
    settle(practising, qapp)
    assert practising.frame is not None


def test_of_several_clerks_the_number_key_is_kept_for_the_login_page(
    opens: Opens, tmp_path: Path, qapp: QApplication
) -> None:
    folder = tmp_path / "register"
    register, _code = Register.create(folder, clerk_no="7", clerk_name="示例甲", password=GOOD)
    register.add_clerk("8", "示例乙", GOOD + "8")
    register.close()
    window = opens(folder)
    assert window.threshold is not None and window.focusWidget() is window.threshold
    for key in (Qt.Key.Key_2, ENTER):
        QTest.keyClick(window.threshold, key)
    QTest.keyClicks(window.threshold, GOOD + "8")
    QTest.keyClick(window.threshold, ENTER)
    settle(window, qapp)
    assert window.frame is not None and window.services.clerk.name == "示例乙"


def test_the_threshold_is_the_login_page_for_the_eye(practising: MainWindow, qapp: QApplication) -> None:
    """Same words, same places, but for what a moment's glance can't tell: nothing jumps when the page comes."""

    def seen(page: QWidget) -> dict[str, QPoint]:
        things: list[QLabel | QAbstractButton] = [*within(page, QLabel), *within(page, QAbstractButton)]
        return {one.text(): one.mapTo(practising, QPoint(0, 0)) for one in things if one.isVisible() and one.text()}

    threshold = practising.threshold
    assert isinstance(threshold, Threshold)
    before, line = seen(threshold), threshold.line.mapTo(practising, QPoint(0, 0))
    settle(practising, qapp)
    form = practising.door.currentWidget()
    assert isinstance(form, LoginForm)
    after = seen(form)
    assert before.keys() == after.keys()
    after["口令 "], before["口令 "] = form.password.line.mapTo(practising, QPoint(0, 0)), line
    far = {text: (place, after[text]) for text, place in before.items() if (place - after[text]).manhattanLength() > 4}
    assert not far


def test_rare_characters_are_drawn_after_a_start_that_left_their_font_out() -> None:
    """In a process of its own: here the font is loaded long since."""
    done = _child(_RARE)
    before, after = json.loads(done)
    assert not before, "the font of rare characters is loaded before the first paint"
    assert after


def test_what_comes_next_is_loaded_ahead_though_the_page_is_covered(practising: MainWindow, qapp: QApplication) -> None:
    """A page whose content covers it is not painted itself: nothing may wait for that."""
    settle(practising, qapp)
    assert "_loaded" in practising.services.__dict__, "the pack waits for the login"


def test_a_window_closed_at_the_threshold_is_not_furnished(practising: MainWindow) -> None:
    assert not practising.furnished
    practising.close()
    assert practising.gone
