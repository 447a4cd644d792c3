"""Issue 11: a long list read in a second process says what it says read in one, whatever becomes of the second."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest

from bench import firms
from pinggu_desk.documents.books import apart
from pinggu_desk.documents.books.applicants import EnterpriseList
from pinggu_desk.documents.books.rows import Listed
from pinggu_desk.policy.errors import BadInput
from pinggu_desk.work import listrun
from pinggu_desk.work.batch import run_batch
from tests import bundled

ON, MADE = date(2026, 4, 1), datetime(2026, 4, 1, 9)
ROWS, CHUNK = 240, 50


@pytest.fixture
def helpers(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[apart.Helper]]:
    """Every list is long and there are cores enough: the helpers that were started; none is left running."""
    started: list[apart.Helper] = []
    real = apart.helper_for

    def noted(*given: Any) -> apart.Helper | None:
        helper = real(*given)
        started.extend([helper] if helper is not None else [])
        return helper

    monkeypatch.setattr(apart, "LEAST_ROWS", 1)
    monkeypatch.setattr(apart, "cores", lambda: 2)
    monkeypatch.setattr(apart, "helper_for", noted)
    yield started
    assert all(one.process.returncode is not None for one in started), "a helper goes on running"


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Firms in a hurry, and between them what holds no applicant, a formula, and a person's number where a code belongs."""
    path = tmp_path_factory.mktemp("apart") / "名单.xlsx"
    firms.write(path, ROWS, share=0.1)
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    for row, cells in ((20, {1: "合计"}), (60, {1: "注：示例"}), (61, {1: None}), (90, {2: "11010519491231002X"})):
        for column, value in cells.items():
            sheet.cell(row, column).value = value
    sheet.cell(30, 28).value = "=1+1"
    sheet.cell(40, 41).value = "没有列名"
    sheet.merge_cells("AC50:AD50")
    book.save(path)
    return path


Outcome = tuple[list[Listed], list[str], list[str]]


def outcome(
    path: Path, between: Callable[[EnterpriseList], object] = lambda _: None, *, chunk: int = CHUNK
) -> Outcome:  # fmt: skip
    """All that a list says; ``between`` is done once the first rows are there."""
    with EnterpriseList(str(path), bundled.engine().pack, chunk=chunk) as listed:
        rows: list[Listed] = []
        for at, some in enumerate(listed.chunks(CHUNK)):
            rows += some
            if not at:
                between(listed)
        return rows, sorted(map(str, listed.bad)), listed.told()


def test_two_processes_read_what_one_reads(source: Path, helpers: list[apart.Helper]) -> None:
    alone = outcome(source, chunk=0)
    assert not helpers and all(alone) and len(alone[0]) > 200
    assert outcome(source) == alone
    assert len(helpers) == 1


def test_the_result_is_the_same_byte_by_byte(
    source: Path, tmp_path: Path, helpers: list[apart.Helper], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listrun, "CHUNK", CHUNK)
    run_batch(bundled.engine(), str(source), tmp_path / "two.xlsx", ON, MADE)
    monkeypatch.setattr(apart, "cores", lambda: 1)
    run_batch(bundled.engine(), str(source), tmp_path / "one.xlsx", ON, MADE)
    assert len(helpers) == 1, "with one core there is none"
    with ZipFile(tmp_path / "one.xlsx") as one, ZipFile(tmp_path / "two.xlsx") as two:
        assert one.namelist() == two.namelist()
        for name in one.namelist():
            assert one.read(name) == two.read(name), name


def test_a_helper_that_is_killed_is_not_missed(source: Path, helpers: list[apart.Helper]) -> None:
    assert outcome(source, lambda _: helpers[-1].process.kill()) == outcome(source, chunk=0)


def test_a_helper_that_cannot_be_started_is_not_missed(
    source: Path, helpers: list[apart.Helper], monkeypatch: pytest.MonkeyPatch
) -> None:
    for there_is_none in ("", "/there/is/none"):
        monkeypatch.setattr(sys, "executable", there_is_none)
        assert outcome(source) == outcome(source, chunk=0)
    assert not [one for one in helpers if one.process.returncode == 0]


def test_a_helper_reads_no_other_file_of_the_name(source: Path, tmp_path: Path, helpers: list[apart.Helper]) -> None:
    """Another list saved under the name while this one is open is not mixed into it."""
    path = tmp_path / "名单.xlsx"
    path.write_bytes(source.read_bytes())
    job = apart.Job(
        str(path), "xl/worksheets/sheet1.xml", "名单", path.stat().st_size, 0, 1, {}, [], [], False, False, CHUNK
    )
    helper = apart.Helper(job, [])
    assert list(helper.blocks()) == []
    helper.close()
    helpers.append(helper)


def test_a_run_that_is_stopped_or_fails_leaves_no_helper(
    source: Path, helpers: list[apart.Helper], monkeypatch: pytest.MonkeyPatch
) -> None:
    """``helpers`` looks, once each is over."""
    monkeypatch.setattr(listrun, "CHUNK", CHUNK)
    answers = iter((False, True))
    listrun.run_list(bundled.engine(), str(source), ON, [], stop=lambda: next(answers))

    def fails(*_: object) -> None:
        raise BadInput("没有写成。")

    with pytest.raises(BadInput):
        listrun.run_list(bundled.engine(), str(source), ON, [], step=fails)
    with EnterpriseList(str(source), bundled.engine().pack, chunk=CHUNK):
        pass  # thought better of before a row was asked for
    assert len(helpers) == 3
