"""The window: the built folder's start, another type size with a case open, and the memory that an idle desk holds."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from bench.harness import Row, compare

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from pinggu_desk.desk.services import Services
    from pinggu_desk.desk.shell import MainWindow

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

BUILT = Path(__file__).parents[1] / "dist" / "pinggu-desk" / "pinggu-desk"
#: a window that closes itself once it was painted, as the built program does with --close-after-paint
_EMPTY = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QWidget
class Window(QWidget):
    def paintEvent(self, event):
        QTimer.singleShot(0, self.close)
app = QApplication(sys.argv)
window = Window()
window.resize(1366, 768)
window.show()
sys.exit(app.exec())
"""
_POLICY = "zxqy"  # the policy that asks the most


def rows() -> Iterator[Row]:
    """Memory first: what is measured after it would weigh in it."""
    with tempfile.TemporaryDirectory() as name:
        desk = Desk(Path(name) / "practice")
        yield Row("memory of an idle desk, logged in", resident_mib(), 200, "the budget", 1.0, unit="MiB")
        desk.open_case(_POLICY)
        yield Row("the same with a case open", resident_mib(), 200, "the budget", 1.0, unit="MiB")
        yield from _sizes(desk)
        desk.close()
        yield from _built(Path(name))


class Desk:
    """A desk in practice, logged in, in a window of 1366x768."""

    def __init__(self, folder: Path) -> None:
        from PySide6.QtCore import Qt
        from PySide6.QtTest import QTest

        from pinggu_desk.desk import practice
        from pinggu_desk.desk.application import make_application, make_services
        from pinggu_desk.desk.shell import build_window

        self.app: QApplication = make_application(["bench"])
        practice.make_register(folder)
        self.services: Services = make_services(folder, practice=True)
        self.window: MainWindow = build_window(self.services)
        self.window.resize(1366, 768)
        self.window.show()
        self.window.activateWindow()
        self.settle()
        QTest.keyClicks(self.app.focusWidget(), practice.PASSWORD)
        QTest.keyClick(self.app.focusWidget(), Qt.Key.Key_Return)
        self.settle()

    def settle(self) -> None:
        """Until the register has answered, and what its answers asked for was done."""
        while True:
            self.services.operations.flush(30)
            self.app.processEvents()
            if not self.services.operations.waiting:
                return

    def open_case(self, policy: str) -> None:
        """Open a case of the first sample applicant."""
        frame = self.window.frame
        assert frame is not None
        made: list[int] = []
        version = self.services.pack.version
        self.services.operations.run(
            lambda register: register.open_case(policy, version, applicant_id=1), lambda case: made.append(case.id)
        )
        self.settle()
        frame.open_case(made[0])
        self.settle()

    def close(self) -> None:
        """End the register's thread."""
        self.services.operations.close()


def _sizes(desk: Desk) -> Iterator[Row]:
    """Another type size until it is painted: in front of the longest form there is, and at 设置 with the case behind it."""
    from pinggu_desk.desk.wizard.page import WizardPage

    frame = desk.window.frame
    assert frame is not None
    page = frame.current()
    assert isinstance(page, WizardPage)
    page.open_step("data")
    desk.settle()
    yield _size_row(desk, "another type size, painted, before the form of 申报数据")
    frame.open_place("设置")
    desk.settle()
    yield _size_row(desk, "another type size, painted, at 设置 with a case open")


def _size_row(desk: Desk, name: str) -> Row:
    walls, spents = [], []
    for size in ("特大", "小", "大", "中") * 2:
        start, spent = time.perf_counter(), time.thread_time()
        desk.services.settings.change(size=size)
        desk.app.processEvents()
        walls.append(time.perf_counter() - start)
        spents.append(time.thread_time() - spent)
    return Row(name, median(walls), 0.3, "the budget", 1.0, cpu=(median(spents), 0.3))


def _built(folder: Path) -> Iterator[Row]:
    """The built folder's whole run, from its start to its end after the first paint, where there is one."""
    if not BUILT.exists():
        return
    words = ("--practice", "--close-after-paint", "--data", str(folder / "built"))
    floor = _run(sys.executable, "-c", _EMPTY)
    _run(str(BUILT), *words)()  # makes the practice register
    yield compare(
        "start of the built folder, to its end after the first paint", _run(str(BUILT), *words), floor,
        floor_name="an empty PySide6 window from source", budget=1.5, rounds=9,
    )  # fmt: skip
    yield compare(
        "of it before the first line of ours (bootloader, Python, PyInstaller hooks: QtCore too)", _run(str(BUILT), "--data"), floor,
        floor_name="the same", budget=None,
    )  # fmt: skip


def _run(*words: str) -> Callable[[], object]:
    return lambda: subprocess.run(words, check=False, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)


def resident_mib() -> float:
    """What this process holds in memory now, in MiB: its own and its share of the files that it has mapped."""
    sizes = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in sizes if line.startswith("VmRSS:")) / 1024
