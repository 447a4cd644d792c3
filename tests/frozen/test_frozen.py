"""The folder that make package builds, at a bare path: no Python, no network, an empty home, no fonts of ours on the system."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from bench import firms
from pinggu_desk import __version__
from pinggu_desk.desk.practice import CLERK_NO, PASSWORD, make_register
from pinggu_desk.documents.books import apart
from pinggu_desk.documents.books.applicants import EnterpriseList
from pinggu_desk.work.batch import run_batch
from tests import bundled
from tests.screen import own_screen

BUILT = Path(__file__).resolve().parents[2] / "dist" / "pinggu-desk"
SUFFIX = ".exe" if sys.platform == "win32" else ""

pytestmark = pytest.mark.frozen


def _offline() -> list[str]:
    """The words that start a command where there is no network at all, if this system lets us."""
    unshare = shutil.which("unshare")
    for words in (["--net"], ["--user", "--map-root-user", "--net"]):
        if unshare and subprocess.run([unshare, *words, "true"], capture_output=True).returncode == 0:
            return [unshare, *words, "--"]
    return []


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program, copied to a path with a space and Chinese in it, as an office would."""
    target = tmp_path_factory.mktemp("bare") / "惠企 窗口"
    shutil.copytree(BUILT, target, symlinks=True)
    return target / f"pinggu-desk{SUFFIX}"


@pytest.fixture
def bare(tmp_path: Path) -> dict[str, str]:
    """An environment with nothing in it but an empty home and a path that leads nowhere."""
    home = tmp_path / "home"
    home.mkdir()
    kept = {name: os.environ[name] for name in ("SYSTEMROOT", "TEMP", "TMP") if name in os.environ}
    return kept | {
        "HOME": str(home),
        "USERPROFILE": str(home),
        "PATH": str(tmp_path / "nonexistent"),
        "LANG": "C.UTF-8",
    }


def run(program: Path, *words: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [*_offline(), str(program), *words]
    return subprocess.run(
        command, env=env, cwd=env["HOME"], capture_output=True, text=True, encoding="utf-8", timeout=600
    )


def test_it_finds_whole_what_it_carries(program: Path, bare: dict[str, str]) -> None:
    done = run(program, "--self-test", env=bare)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert "不正常" not in done.stdout


def test_it_says_its_version(program: Path, bare: dict[str, str]) -> None:
    done = run(program, "--version", env=bare)
    assert (done.returncode, done.stderr) == (0, "")
    assert __version__ in done.stdout


def test_it_works_out_and_prints_without_a_window(program: Path, bare: dict[str, str]) -> None:
    done = run(program, "policies", "--json", env=bare)
    assert (done.returncode, done.stderr) == (0, "")
    assert '"zxqy"' in done.stdout


def test_a_list_comes_out_as_it_does_from_source(program: Path, bare: dict[str, str], tmp_path: Path) -> None:
    """Whatever a library loads only when it meets a day, a text or a fault is carried as well."""
    home = Path(bare["HOME"])
    firms.write(home / "名单.xlsx", 400, share=0.1)
    done = run(program, "batch", "名单.xlsx", "-o", "结果.xlsx", "--detail", "明细.csv", "--on", "2026-04-01", env=bare)
    assert done.returncode == 0, done.stderr
    engine = bundled.engine()
    own, beside = tmp_path / "结果.xlsx", tmp_path / "明细.csv"
    run_batch(engine, str(home / "名单.xlsx"), own, date(2026, 4, 1), datetime(2026, 4, 1), detail=beside)
    cells = [
        [(sheet.title, *row) for sheet in openpyxl.load_workbook(book) for row in sheet.iter_rows(values_only=True)]
        for book in (home / "结果.xlsx", own)
    ]
    assert cells[0] == cells[1]
    assert (home / "明细.csv").read_bytes() == beside.read_bytes()


def test_it_is_its_own_helper_for_a_long_list(
    program: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    """The second process of the built folder reads all that there is, to the end."""
    source, pack = tmp_path / "名单.xlsx", bundled.pack()
    firms.write(source, 300, share=0.1)
    with EnterpriseList(str(source), pack) as listed:
        rows = [row.row for some in listed.chunks(100) for row in some]
    monkeypatch.setattr(apart, "LEAST_ROWS", 1)
    monkeypatch.setattr(apart, "cores", lambda: 2)
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(program))
    with EnterpriseList(str(source), pack, chunk=100) as listed:
        assert listed._helper is not None
        blocks = list(listed._helper.blocks())
    assert blocks[-1] is None, "it broke off"
    assert [number for block in blocks if block for number in block.numbers] == rows


def test_the_cases_are_counted_on_paper(program: Path, bare: dict[str, str], tmp_path: Path) -> None:
    """The chart is drawn, the typefaces are there."""
    data = tmp_path / "数据"
    make_register(data)
    command = [str(program), "statistics", "--data", str(data), "--clerk", CLERK_NO, "-o", "统计.pdf"]
    done = subprocess.run(
        command,
        env=bare,
        cwd=bare["HOME"],
        input=f"{PASSWORD}\n",
        capture_output=True,
        text=True,
        timeout=600,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    assert (Path(bare["HOME"]) / "统计.pdf").read_bytes().startswith(b"%PDF")


def test_it_carries_what_chinese_is_typed_through(program: Path) -> None:
    """FOUND 44: Qt's plug-in for ibus and fcitx 5, and what asks which of them answers."""
    carried = {path.name for path in program.parent.rglob("*.so*")}
    assert (
        sys.platform != "linux"
        or {"libibusplatforminputcontextplugin.so", "libQt6DBus.so.6", "QtDBus.abi3.so"} <= carried
    )


def test_it_carries_neither_a_network_of_qt_nor_tls(program: Path) -> None:
    carried = [path.name for path in program.parent.rglob("*") if path.is_file()]
    assert not [name for name in carried if name.startswith(("libQt6Network", "QtNetwork", "Qt6Network", "_ssl"))]


@pytest.fixture
def display(tmp_path: Path) -> Iterator[str]:
    """A screen of our own, 1366x768, whose number the server chooses."""
    if sys.platform != "linux":
        pytest.fail("the window's test needs Xvfb, which this system has not")
    log = tmp_path / "xvfb.log"
    with own_screen(log) as name:
        yield name


def test_its_window_opens_and_closes_in_silence(program: Path, bare: dict[str, str], display: str) -> None:
    done = run(program, "--practice", "--close-after-paint", env=bare | {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb"})
    assert done.returncode == 0, done.stdout + done.stderr
    assert (done.stdout, done.stderr) == ("", "")
