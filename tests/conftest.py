"""No test touches this machine's own desk."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def _own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The desk's own folder is an empty one."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("PINGGU_DESK_HOME", str(home))
    return home
