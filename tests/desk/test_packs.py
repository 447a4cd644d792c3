"""Issue 13: the head installs a pack in 设置 after reading what changes, and goes back to the one before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel

from pinggu_desk.desk.application import load
from pinggu_desk.desk.pages.packs import PackCard
from pinggu_desk.desk.pages.settings import SettingsPage
from pinggu_desk.places import packs_of
from pinggu_desk.policy.resources import choose_pack
from pinggu_desk.register import events
from pinggu_desk.work.packs.store import PackStore
from tests.documents.signers import OURS, THEIRS
from tests.work.packs.samples import sample

from .conftest import Desk, within


@pytest.fixture(autouse=True)
def _no_built_in(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(PackStore, "_keep_built_in", lambda self: None)
    yield
    choose_pack(None)


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
    desk.services.load = load  # the window's own: what is installed
    before = desk.services.pack.version
    card.sure.click()
    desk.settle()
    assert at_door(desk) and store.serving() != "", "nobody goes on by a pack that no longer serves"
    desk.log_in()
    page = desk.frame.current()
    assert isinstance(page, SettingsPage), "and comes back to where he was"
    version = store.all()[-1].manifest.version
    assert desk.services.pack.version == desk.services.engine.pack.version == version != before
    assert [*desk.services.titles][:1] == ["xx"]
    shown = desk.frame.foot.accessibleName() + " ".join(one.text() for one in within(desk.frame.foot, QLabel))
    assert version.split("+")[0] in shown
    page.packs.roll_back()
    desk.settle()
    assert at_door(desk) and store.serving() == ""
    desk.log_in()
    assert desk.services.pack.version == before
    rows: list[str] = []
    desk.services.operations.run(
        lambda register: [r.detail for r in register.audit_rows() if r.event == events.PACK_SERVES], rows.extend
    )
    desk.settle()
    assert any("安装" in row for row in rows) and any("退回" in row for row in rows)


def at_door(desk: Desk) -> bool:
    return desk.window.frame is None and desk.window.stack.currentWidget() is desk.window.door


def test_one_that_the_command_line_installed_is_told_and_taken_up_by_whoever_comes_next(
    desk: Desk, tmp_path: Path
) -> None:
    store = PackStore(packs_of(desk.services.folder))
    store.trust(OURS.key)
    one = store.install(sample(tmp_path, "a", "30万元", date(2027, 1, 1)))
    card, before = card_of(desk), desk.services.pack.version
    first = card.lines()[0]
    assert before in first and one.manifest.version in first and "重新登录后启用" in first
    assert desk.services.pack.version == before, "whoever is at work goes on as he began"
    desk.services.load = load
    desk.services.leave("换人")
    desk.settle()
    desk.log_in()
    assert desk.services.pack.version == one.manifest.version


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
