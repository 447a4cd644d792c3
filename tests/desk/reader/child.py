"""The desk in practice mode, walked by lines from standard input, so that a screen reader can look between the steps.

usage: child.py FOLDER   Each line names what to do; ``DONE`` answers it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QSocketNotifier, Qt
from PySide6.QtWidgets import QApplication

from pinggu_desk.desk.application import make_application, make_services
from pinggu_desk.desk.rehearsal import Hands, Stuck, leave
from pinggu_desk.desk.shell import build_window
from pinggu_desk.desk.wizard.page import WizardPage

ANSWERS = {"本区正常生产经营实体工业企业": "是", "列入年度调整退出计划": "是", "职工人数": "100"}
CTRL = Qt.KeyboardModifier.ControlModifier


class Walk:
    """What can be asked for."""

    def __init__(self, hands: Hands) -> None:
        self._hands = hands
        self._page: WizardPage | None = None
        self.does: dict[str, Callable[[], object]] = {
            "log in": hands.log_in, "case": self._case, "wrong": lambda: self._tax("三百吧"),
            "right": lambda: self._tax("300"), "result": lambda: hands.step(self.page, "result"),
        }  # fmt: skip

    @property
    def page(self) -> WizardPage:
        assert self._page is not None
        return self._page

    def _case(self) -> None:
        self._page = self._hands.new_case("slzbzz", "ybzzy")
        self._hands.answer(self.page, ANSWERS, until="税收贡献")

    def _elsewhere(self, before: tuple[str, str]) -> bool:
        return self.page.session.position != before

    def _tax(self, text: str) -> None:
        """Write a tax contribution and leave the field."""
        while self.page.session.position[1] != "税收贡献":
            self._hands.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
            self._hands.wait(partial(self._elsewhere, self.page.session.position), "Shift+Enter does not go back")
        self._hands.press(Qt.Key.Key_A, CTRL)
        self._hands.type(text)
        self._hands.press(Qt.Key.Key_Return)
        self._hands.wait(lambda: self.page.session.position[1] != "税收贡献", "Enter does not go on")


def main(folder: Path) -> int:
    """Open the desk and do what the lines say, to the end of them."""
    app = make_application(["child"])
    window = build_window(make_services(folder, practice=True))
    window.show()
    window.activateWindow()  # no window manager does it here
    walk = Walk(Hands(window))

    def obey() -> None:
        what = sys.stdin.readline().strip()
        if not what:
            QApplication.quit()
            return
        try:
            walk.does[what]()
        except Stuck as stuck:
            sys.stderr.write(f"{what}: {stuck}\n")
            QApplication.exit(1)
            return
        sys.stdout.write("DONE\n")
        sys.stdout.flush()

    notifier = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read)
    notifier.activated.connect(obey)
    code = app.exec()
    leave(window)
    return code


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
