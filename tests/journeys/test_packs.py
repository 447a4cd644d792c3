"""A pack is installed from a stick, read first, served, and given back, in a real window by keyboard alone (issue 13)."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QLineEdit

from pinggu_desk.desk.pages.packs import PackCard
from pinggu_desk.desk.pages.settings import SettingsPage
from pinggu_desk.desk.rehearsal import Hands
from pinggu_desk.desk.services import Services
from pinggu_desk.documents.proof.keys import PublicKey, key_file
from pinggu_desk.places import packs_of
from pinggu_desk.policy.pack import load_pack
from pinggu_desk.policy.resources import choose_pack
from pinggu_desk.work.forms import draw_forms
from pinggu_desk.work.packs.build import build
from pinggu_desk.work.packs.store import PackStore
from tests.documents.signers import OURS, THEIRS
from tests.journeys.conftest import Open
from tests.journeys.test_bundles import reach
from tests.work.packs.samples import written

ALT = Qt.KeyboardModifier.AltModifier
DISTRICT = Path(__file__).parents[1] / "data" / "district"


@pytest.fixture(autouse=True)
def _own_pack_again(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(PackStore, "_keep_built_in", lambda self: None)  # 2 MB, and tested by itself
    yield
    choose_pack(None)


@pytest.fixture(scope="module")
def stick(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A stick with the made-up district's pack, signed; the same by another key, and with one bit flipped; and the key."""
    folder = tmp_path_factory.mktemp("stick")
    root = folder / "source"
    shutil.copytree(DISTRICT, root)
    (root / "forms").mkdir()
    pack = load_pack(root)
    list(draw_forms(pack, [], str(root / "forms")))
    made = build(root, day=date(2027, 1, 1), pack=pack)
    raw = written(folder / "good.pack", made).read_bytes()
    written(folder / "other.pack", made, THEIRS)
    at = raw.index("示例".encode(), len(raw) // 2)
    (folder / "bit.pack").write_bytes(raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :])
    (folder / "district.pub").write_text(key_file(PublicKey(OURS.public, "示例区")), "utf-8")
    return folder


def choose(hands: Hands, button: str, path: Path) -> None:
    """Press a button and name the file in the dialogue that it opens, all by keys."""
    seen: list[str] = []

    def answer() -> None:
        dialog = QApplication.activeModalWidget()
        line = QApplication.focusWidget()
        if isinstance(dialog, QFileDialog) and dialog.isVisible() and isinstance(line, QLineEdit):
            timer.stop()
            seen.append(dialog.windowTitle())
            QTest.keyClicks(line, str(path))
            QTest.keyClick(line, Qt.Key.Key_Return)

    timer = QTimer()
    timer.setInterval(20)
    timer.timeout.connect(answer)
    reach(hands, button)
    timer.start()
    hands.press(Qt.Key.Key_Space)
    hands.wait(lambda: bool(seen), f"{button} asks for no file")
    hands.window.activateWindow()  # as a window manager does when a dialogue closes


def card(hands: Hands) -> PackCard:
    """设置 by its key, once it stands there."""
    hands.press(Qt.Key.Key_8, ALT)
    return standing(hands)


def standing(hands: Hands) -> PackCard:
    frame = hands.window.frame
    assert frame is not None
    hands.wait(lambda: isinstance(frame.current(), SettingsPage), "设置 is not open")
    packs = cast(SettingsPage, frame.current()).packs
    hands.wait(lambda: bool(packs.lines()), "the packs are not listed")
    return packs


def foot(hands: Hands) -> str:
    assert hands.window.frame is not None
    labels = cast("list[QLabel]", hands.window.frame.foot.findChildren(QLabel))
    return " ".join(label.text() for label in labels)


def door_says(hands: Hands, words: str) -> Callable[[], bool]:
    def said() -> bool:
        labels = cast("list[QLabel]", hands.window.door.findChildren(QLabel))
        return hands.window.frame is None and any(words in label.text() for label in labels)

    return said


@pytest.mark.usefixtures("quick_passwords")
def test_a_pack_from_a_stick_is_read_installed_serves_and_is_given_back(
    open_desk: Open, tmp_path: Path, stick: Path
) -> None:
    hands, services = open_desk(tmp_path / "practice")
    before = services.pack.version
    packs = card(hands)
    refused(hands, services, packs, stick)

    choose(hands, "安装政策包", stick / "good.pack")
    hands.wait(packs.preview.isVisible, lambda: f"nothing to read: {packs.answer.text()}")
    assert "签名无误" in packs.answer.text() and "→" in packs.told.text() and "【未办结的办件】" in packs.told.text()
    hands.shot("会变什么")
    assert hands.focus is packs.sure, "what was read is agreed to by Enter, and by nothing else"
    hands.press(Qt.Key.Key_Space)
    hands.wait(door_says(hands, "已安装政策包"), lambda: f"not installed: {packs.answer.text()}")
    hands.shot("重新登录")
    hands.log_in()

    packs = standing(hands)
    now = services.pack.version
    assert now != before and f"本窗口现按政策包 {now} 作答" in packs.lines()[0], "the new one serves, and that is said"
    assert now.split("+", 1)[0] in foot(hands)
    hands.shot("新政策包")
    page = hands.new_case("示例", "yg")
    hands.wait(lambda: page.session.pack.version == now, "the case is not judged by the new pack")
    assert page.session.interview.policy.id == "czfz"
    hands.shot("按新政策包办理")

    packs = card(hands)
    reach(hands, "退回上一个")
    hands.press(Qt.Key.Key_Space)
    hands.wait(packs.preview.isVisible, lambda: f"nothing to read: {packs.answer.text()}")
    assert before in packs.answer.text() and "→" in packs.told.text()
    assert "1 件" in packs.told.text(), "the case that was begun under the new pack is named"
    hands.shot("退回会变什么")
    hands.press(Qt.Key.Key_Space)
    hands.wait(door_says(hands, "已退回政策包"), lambda: f"not given back: {packs.answer.text()}")
    hands.log_in()
    assert f"本窗口现按政策包 {before} 作答" in standing(hands).lines()[0] and services.pack.version == before
    hands.shot("退回以后")


def refused(hands: Hands, services: Services, packs: PackCard, stick: Path) -> None:
    """By a key that isn't trusted yet, by another, with one bit flipped: one sentence each, and the desk serves on."""
    before, store = services.pack.version, PackStore(packs_of(services.folder))
    choose(hands, "安装政策包", stick / "good.pack")
    hands.wait(lambda: "别的密钥" in packs.answer.text(), lambda: f"not refused: {packs.answer.text()}")
    choose(hands, "信任一个公钥", stick / "district.pub")
    hands.wait(lambda: "已信任" in packs.answer.text(), lambda: f"not trusted: {packs.answer.text()}")
    for name, words in (("other.pack", "别的密钥"), ("bit.pack", "改动")):
        choose(hands, "安装政策包", stick / name)
        hands.wait(lambda words=words: words in packs.answer.text(), lambda: f"not refused: {packs.answer.text()}")  # type: ignore[misc]
        assert "照常使用" in packs.answer.text() and not packs.preview.isVisible()
        assert store.serving() == "" and services.pack.version == before
        hands.shot("拒绝")
