"""Commands that run inside a test take the pack that is read already; tests/policy/test_compiled.py holds how it is kept."""

from __future__ import annotations

import pytest

from pinggu_desk.policy import compiled
from tests import bundled


@pytest.fixture(autouse=True)
def _read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled, "load_bundled", bundled.pack)
