"""Issue 13: a case that is kept on its old pack fills that pack's form (申请表), not that of the pack which serves."""

from __future__ import annotations

import io
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl import Workbook

from pinggu_desk.assess.interview import Interview
from pinggu_desk.documents.assemble import assemble
from pinggu_desk.documents.visit import Party, Visit
from pinggu_desk.policy.pack import load_pack
from pinggu_desk.work.forms import draw_forms
from pinggu_desk.work.packs.replay import Engines
from pinggu_desk.work.packs.store import PackStore
from pinggu_desk.work.papers import Papers
from tests.work.packs.samples import folder, pack_of, store, written

ON = date(2026, 4, 1)


@pytest.fixture
def packs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[PackStore, str, str]:
    """Two installed packs, each with a form that says whose it is; the versions of the older one and of the one that serves."""
    monkeypatch.setattr(PackStore, "_keep_built_in", lambda self: None)
    monkeypatch.setattr("pinggu_desk.work.packs.store._check", lambda *_: None)  # so small a pack asks for no party
    made = store(tmp_path)
    versions = []
    for name, most, day in (("旧版", "25万元", date(2026, 1, 1)), ("新版", "30万元", date(2027, 1, 1))):
        root = folder(tmp_path / name, most)
        (root / "forms").mkdir()
        (path,) = draw_forms(load_pack(root), ["xx"], str(root / "forms"))
        book = openpyxl.load_workbook(path)
        right_head(book).text = name
        book.save(path)
        versions.append(made.install(written(tmp_path / f"{name}.pack", pack_of(root, day))).manifest.version)
    return made, versions[0], versions[1]


def right_head(book: Workbook) -> Any:
    header = book.worksheets[0].oddHeader
    assert header is not None
    return header.right


def visit_by(engines: Engines, version: str) -> Visit:
    engine = engines(version)
    assert engine is not None
    interview = Interview(engine, "xx", ON, answers={"投资额": "500万元"})
    return assemble(
        engine, interview, Party(name="示例公司", code="", kind="企业"), printed_at=datetime(2026, 4, 1), serial=None, clerk="",
        window="", office="", practice=False,
    )  # fmt: skip


def test_the_form_is_that_of_the_pack_the_case_was_judged_by(packs: tuple[PackStore, str, str]) -> None:
    kept, old, new = packs
    engines, papers = Engines(kept), Papers()
    papers.pack_of = lambda version: engines.kept(version) if version != new else None
    visit = visit_by(engines, old)
    book = openpyxl.load_workbook(io.BytesIO(papers.sheet_bytes(visit)))
    assert right_head(book).text == "旧版"
    assert old in papers.sheet_note(visit) and "那一版的申请表" in papers.sheet_note(visit)


def test_the_offices_own_form_is_held_against_the_cases_pack(packs: tuple[PackStore, str, str], tmp_path: Path) -> None:
    kept, old, new = packs
    engines, papers = Engines(kept), Papers(tmp_path / "own")
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "xx.xlsx").write_bytes(b"no workbook")
    papers.pack_of = lambda version: engines.kept(version) if version != new else None
    told = papers.form_note("xx", old)
    assert "那一版的申请表" in told and "没有采用" in told
