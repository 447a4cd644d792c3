"""Issue 13: the head installs a pack in 设置 after reading what changes, and goes back to the one before."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from pinggu_desk.desk.pages.packs import PackCard
from pinggu_desk.desk.pages.settings import SettingsPage
from pinggu_desk.places import packs_of
from pinggu_desk.register import events
from pinggu_desk.work.packs.store import PackStore
from tests.documents.signers import OURS, THEIRS
from tests.work.packs.samples import sample

from .conftest import Desk


@pytest.fixture(autouse=True)
def _no_built_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PackStore, "_keep_built_in", lambda self: None)


def card_of(desk: Desk) -> PackCard:
    desk.frame.open_place("设置")
    desk.settle()
    page = desk.frame.current()
    assert isinstance(page, SettingsPage)
    return page.packs


def test_a_pack_is_looked_through_installed_and_rolled_back(desk: Desk, tmp_path: Path) -> None:
    card, store = card_of(desk), PackStore(packs_of(desk.services.folder))
    path = sample(tmp_path, "a", "30万元", date(2027, 1, 1))
    card.look_at(path)
    desk.settle()
    assert "别的密钥" in card.answer.text() and "照常使用" in card.answer.text() and not card.preview.isVisible()
    store.trust(OURS.key)
    card.look_at(path)
    desk.settle()
    assert card.preview.isVisible() and "→" in card.told.text() and store.serving() == "", "nothing yet but to read"
    assert "【未办结的办件】" in card.told.text()
    card.sure.click()
    desk.settle()
    assert "已安装" in card.answer.text() and "重新打开" in card.answer.text()
    assert store.serving() != "" and not card.preview.isVisible()
    card.roll_back()
    desk.settle()
    assert store.serving() == "" and "已退回" in card.answer.text()
    rows: list[str] = []
    desk.services.operations.run(
        lambda register: [r.detail for r in register.audit_rows() if r.event == events.PACK_SERVES], rows.extend
    )
    desk.settle()
    assert any("安装" in row for row in rows) and any("退回" in row for row in rows)


def test_a_bad_file_is_refused_in_one_sentence_and_the_desk_serves_on(desk: Desk, tmp_path: Path) -> None:
    card, store = card_of(desk), PackStore(packs_of(desk.services.folder))
    store.trust(THEIRS.key)
    (tmp_path / "坏.pack").write_bytes(b"PK\x03\x04 not at all")
    for path in (sample(tmp_path, "a", "30万元", date(2027, 1, 1)), tmp_path / "坏.pack", tmp_path / "没有.pack"):
        card.look_at(path)
        desk.settle()
        assert card.answer.text().count("。") <= 2 and not card.preview.isVisible() and store.serving() == ""
    assert (
        desk.services.engine.pack is desk.services.pack
        or desk.services.engine.pack.version == desk.services.pack.version
    )
