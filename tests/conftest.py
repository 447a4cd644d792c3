"""No test touches this machine's own desk."""

from __future__ import annotations

import gc
import os
from itertools import count
from pathlib import Path

import pytest
from hypothesis import settings

# The same examples in every run, and no clock: a slow machine is no mistake. HYPOTHESIS_PROFILE=explore looks further.
settings.register_profile("ours", deadline=None, derandomize=True)
settings.register_profile("explore", deadline=None, max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ours"))

_numbers = count()


@pytest.fixture(scope="session")
def _homes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("homes")


@pytest.fixture(autouse=True)
def _own_home(_homes: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The desk's own folder is an empty one."""
    home = _homes / str(next(_numbers))
    home.mkdir()
    monkeypatch.setenv("PINGGU_DESK_HOME", str(home))
    return home


def pytest_collection_finish() -> None:
    """What collecting has built (packs, engines, thousands of tests) stays: no later search for garbage walks it again."""
    gc.collect()
    gc.freeze()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever stands among the desk's tests and the journeys needs Qt."""
    for item in items:
        if {"desk", "journeys"} & set(item.path.relative_to(Path(__file__).parent).parts):
            item.add_marker(pytest.mark.qt)
