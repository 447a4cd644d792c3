"""No test touches this machine's own desk."""

from __future__ import annotations

import gc
import os
from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from hypothesis import settings

from pinggu_desk.policy import masking

# The same examples in every run, and no clock: a slow machine is no mistake. HYPOTHESIS_PROFILE=explore looks further.
settings.register_profile("ours", deadline=None, derandomize=True)
settings.register_profile("explore", deadline=None, max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ours"))

_numbers, _looks = count(), count()
#: after so many tests with widgets everything is looked at, not only what is new
_WHOLE = 10


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


@pytest.fixture(autouse=True)
def _own_masks() -> Iterator[None]:
    """What is covered goes by the pack that a process serves by; a test that served by another one leaves none of it."""
    before = masking._in_use[:]
    yield
    masking._in_use[:] = before


@pytest.fixture(autouse=True)
def _garbage(request: pytest.FixtureRequest) -> Iterator[None]:
    """Where there are widgets, garbage is looked for on the screen's thread alone (`desk.sweeping`): after each test."""
    if request.node.get_closest_marker("qt") is None:
        yield
        return
    gc.disable()
    yield
    gc.collect(2 if next(_looks) % _WHOLE == 0 else 1)


def pytest_collection_finish() -> None:
    """What collecting has built (packs, engines, thousands of tests) stays: no later search for garbage walks it again."""
    gc.collect()
    gc.freeze()


_HERE = Path(__file__).parent


@pytest.hookimpl(tryfirst=True)  # before what is asked for by mark is chosen
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever stands among the desk's tests and the journeys needs Qt; what takes long is run by make exhaustive (`longer.txt`)."""
    lines = (_HERE / "longer.txt").read_text("utf-8").splitlines()
    one_in = {name: int(n) for name, n in (line.split() for line in lines if not line.startswith("#"))}
    met = dict.fromkeys(one_in, 0)
    for item in items:
        if {"desk", "journeys"} & set(item.path.relative_to(_HERE).parts):
            item.add_marker(pytest.mark.qt)
        name = f"tests/{item.path.relative_to(_HERE).as_posix()}::{getattr(item, 'originalname', item.name)}"
        if name in met and not {"exhaustive", "torture"} & {mark.name for mark in item.iter_markers()}:
            if not one_in[name] or met[name] % one_in[name]:
                item.add_marker(pytest.mark.exhaustive)
            met[name] += 1
    files = {item.path for item in items}
    gone = [name for name, seen in met.items() if not seen and _HERE.parent / name.split("::")[0] in files]
    if gone and len(files) > 1:  # of one file perhaps one test was asked for
        raise pytest.UsageError(f"longer.txt names tests that are not there: {', '.join(gone)}")


#: counted("killed processes", kills=25, lost=0): what a test has tried, for the line that tells it at the end of the run
Counted = Callable[..., None]
_COUNTED = "counted"


@pytest.fixture
def counted(record_property: Callable[[str, object], None]) -> Counted:
    """Says what a test has tried, in numbers; the numbers of one subject are summed over the tests of a run, and printed."""

    def count_in(subject: str, **numbers: int) -> None:
        record_property(_COUNTED, [subject, numbers])

    return count_in


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One line for each subject that was counted in this run."""
    sums: dict[str, dict[str, int]] = defaultdict(dict)
    for reports in terminalreporter.stats.values():
        for report in reports:
            for name, value in getattr(report, "user_properties", ()) if getattr(report, "when", "") == "call" else ():
                if name == _COUNTED:
                    of = sums[value[0]]
                    of.update({what: of.get(what, 0) + number for what, number in value[1].items()})
    if sums:
        terminalreporter.section("counted")
    for subject, numbers in sorted(sums.items()):
        said = ", ".join(f"{what.replace('_', ' ')}: {number:,}" for what, number in numbers.items())
        terminalreporter.write_line(f"{subject}: {said}")
