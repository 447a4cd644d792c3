"""Starting the desk, process start to first full paint, against an empty PySide6 window doing the same."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.harness import Row, compare

EMPTY = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QWidget

class Empty(QWidget):
    def paintEvent(self, event):
        QTimer.singleShot(0, application.quit)

application = QApplication(sys.argv)
window = Empty()
window.resize(1366, 768)
window.show()
application.exec()
"""


def rows() -> Iterator[Row]:
    """One row, in practice mode with its register already made."""
    here = Path(__file__).parent.parent
    env = {"QT_QPA_PLATFORM": "offscreen"} | os.environ

    def run(*words: str) -> None:
        subprocess.run([sys.executable, *words], cwd=here, env=env, check=True, stdout=subprocess.DEVNULL)

    with tempfile.TemporaryDirectory() as folder:
        desk = ("-m", "pinggu_desk", "--practice", f"--data={folder}", "--close-after-paint")
        run(*desk)
        yield compare(
            "start the desk to its first paint",
            lambda: run(*desk),
            lambda: run("-c", EMPTY),
            floor_name="an empty window",
            budget=1.5,
        )
