"""Whole visits in a real window: shared hands."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from PySide6.QtWidgets import QApplication

from pinggu_desk.desk.application import make_services
from pinggu_desk.desk.rehearsal import Hands, leave
from pinggu_desk.desk.services import Services
from pinggu_desk.desk.shell import build_window
from pinggu_desk.register import passwords

Open = Callable[[Path], tuple[Hands, Services]]


@pytest.fixture
def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2id at its lowest cost; the register's own tests hold the real one."""
    monkeypatch.setattr(passwords, "COST", (1, 8, 1))


@pytest.fixture
def open_desk(qapp: QApplication) -> Iterator[Open]:
    """Opens the practice desk over a folder, logged in; closes it at the end."""
    hands: list[Hands] = []

    def opened(folder: Path) -> tuple[Hands, Services]:
        services = make_services(folder, practice=True)
        window = build_window(services)
        window.show()
        window.activateWindow()
        hand = Hands(window)
        hands.append(hand)
        hand.log_in()
        return hand, services

    yield opened
    for hand in hands:
        leave(hand.window)
        hand.window.deleteLater()
    qapp.processEvents()
