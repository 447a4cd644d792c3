"""A desk in a process of its own, at its first start, that tells what is typed into it. usage: typist.py FOLDER [PICTURE]

Prints one line of JSON when the first field has the keyboard (what is said of input methods, and where the second field
is on the screen), then one for every change of a field (its name and text) and of what is being composed.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication
from typing_extensions import override

from pinggu_desk.desk import inputmethod
from pinggu_desk.desk.application import make_application, make_services
from pinggu_desk.desk.kit import LineField
from pinggu_desk.desk.kit.line import Line
from pinggu_desk.desk.newkeys import SetupForm
from pinggu_desk.desk.rehearsal import Hands
from pinggu_desk.desk.shell import build_window


def tell(**what: object) -> None:
    """One line to whoever started this."""
    sys.stdout.write(json.dumps(what, ensure_ascii=False) + "\n")
    sys.stdout.flush()


class Composing(QObject):
    """Tells what the input method is in the middle of."""

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QInputMethodEvent) and isinstance(watched, Line):
            tell(composing=event.preeditString())
        return False


def main(folder: Path, picture: str = "") -> None:
    app = make_application(["typist"])
    services = make_services(folder, practice=False)
    window = build_window(services)
    window.place()
    window.show()
    window.activateWindow()
    form = window.door.currentWidget()
    assert isinstance(form, SetupForm)
    for field in (form.office, form.window_no):
        field.line.textChanged.connect(lambda text, name=field.name: tell(field=name, text=text))
    line: LineField = form.office
    hands = Hands(window)
    hands.wait(lambda: QApplication.focusWidget() is line.line, "the first field has no keyboard")
    hands.wait(lambda: "_loaded" in services.__dict__, "the desk is still busy with the pack")
    if picture:
        window.grab().save(picture)
    other = form.window_no.line
    place = other.mapToGlobal(other.rect().center())
    tell(said=inputmethod.absence(), x=str(place.x()), y=str(place.y()))
    composing = Composing()
    app.installEventFilter(composing)
    app.exec()


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
