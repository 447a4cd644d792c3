"""No test touches this machine's own desk."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

# The same examples in every run, and no clock: a slow machine is no mistake. HYPOTHESIS_PROFILE=explore looks further.
settings.register_profile("ours", deadline=None, derandomize=True)
settings.register_profile("explore", deadline=None, max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ours"))


@pytest.fixture(autouse=True)
def _own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The desk's own folder is an empty one."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("PINGGU_DESK_HOME", str(home))
    return home


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever stands among the desk's tests and the journeys needs Qt."""
    for item in items:
        if {"desk", "journeys"} & set(item.path.relative_to(Path(__file__).parent).parts):
            item.add_marker(pytest.mark.qt)
