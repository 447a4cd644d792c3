"""Keys of whole visits in the real window: under five policies from F2 to the previewed letter, and of five visitors told in prose.

The journeys are those of the tests (``tests/journeys``), walked by the same hands, so that what is counted here is what is held there.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from bench.harness import Row, failed

if TYPE_CHECKING:
    from pinggu_desk.desk.match.page import MatchPage
    from pinggu_desk.desk.rehearsal import Hands

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


#: what a visit that does not go as it should ends with (a key that leads nowhere, a page that never comes)
_BREAKS = (RuntimeError, AssertionError, LookupError, AttributeError, ValueError, TypeError)


def rows() -> Iterator[Row]:
    """The counts; a visit that sticks is told and the next one walked."""
    from PySide6.QtCore import Qt

    from pinggu_desk.desk import application
    from pinggu_desk.desk.rehearsal import Stuck
    from pinggu_desk.register import passwords
    from tests.journeys import test_every_policy, test_four_minutes, test_keys

    passwords.COST = (1, 8, 1)  # no key waits for the password
    application.load = test_every_policy.loaded
    app = application.make_application(["bench"])
    for name in test_keys.VISITS:
        said = f"keys of a visit from F2 to the letter, {name}"
        try:
            with _desk() as hands:
                test_keys.visit(hands, name)
                yield Row(said, hands.keys, test_keys.AT_MOST, "at most", 1.0, "keys")
        except (Stuck, *_BREAKS) as error:
            yield failed(said, f"{type(error).__name__}: {error}"[:150])
        app.processEvents()
    for name, told in test_four_minutes.VISITORS.items():
        said = f"keys of a visitor from F2 to the paper, {name}: {told.prose}"
        try:
            with _desk() as hands:
                page = test_four_minutes.triage(hands, told)
                asked = test_four_minutes.ask_on(hands, page, test_four_minutes.answers(told))
                hands.press(Qt.Key.Key_F9)
                hands.wait(partial(_previewed, page), "no preview")
                note = f"{name}: {asked} questions"
                yield Row(said, hands.keys, told.most, "at most, in its test", None, "keys", note=note)
        except (Stuck, *_BREAKS) as error:
            yield failed(said, f"{type(error).__name__}: {error}"[:150])
        app.processEvents()


def _previewed(page: MatchPage) -> bool:
    preview = page.hand.preview
    return preview is not None and preview.isVisible()


@contextmanager
def _desk() -> Iterator[Hands]:
    """A new practice desk, logged in, with no key counted yet."""
    from pinggu_desk.desk.application import make_services
    from pinggu_desk.desk.rehearsal import Hands, leave
    from pinggu_desk.desk.shell import build_window

    with tempfile.TemporaryDirectory() as folder:
        window = build_window(make_services(Path(folder) / "practice", practice=True))
        window.show()
        window.activateWindow()
        hands = Hands(window)
        try:
            hands.log_in()
            hands.keys = 0
            yield hands
        finally:
            leave(window)
            window.deleteLater()
