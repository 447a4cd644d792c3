"""A township's bundle is joined, and what both sides say differently is decided, in a real window by keyboard alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton

from pinggu_desk.desk import practice
from pinggu_desk.desk.desk_frame import DeskFrame
from pinggu_desk.desk.pages.bundles import BundlesPage
from pinggu_desk.desk.rehearsal import Hands
from pinggu_desk.desk.services import Services
from pinggu_desk.register import Register, events
from pinggu_desk.work.bundles import make_bundles, take_file, write_receiving_key
from tests.journeys.conftest import Open

ALT = Qt.KeyboardModifier.AltModifier
PASSWORD = "Yanlian-Sample-2026"  # noqa: S105 - a sample's
CODE, OTHER = "91110117MA0000000X", "91110117MA1111111X"
T = TypeVar("T")


def of(hands: Hands, services: Services, work: Callable[[Register], T]) -> T:
    """What the desk's own register says."""
    got: list[T] = []
    services.operations.run(work, got.append)
    hands.wait(lambda: bool(got), "the register does not answer")
    return got[0]


def reach(hands: Hands, words: str) -> None:
    """Tab until a button has the focus."""

    hands.tab_to(lambda widget: isinstance(widget, QAbstractButton) and widget.text().startswith(words), words)


def open_bundle(hands: Hands, bundle: Path) -> BundlesPage:
    """设置 › 打开数据包, its file, no passphrase."""
    hands.press(Qt.Key.Key_8, ALT)
    reach(hands, "打开数据包")
    hands.press(Qt.Key.Key_Space)
    frame = hands.window.frame
    assert isinstance(frame, DeskFrame)
    hands.wait(lambda: isinstance(frame.current(), BundlesPage), "no page of bundles")
    page = frame.current()
    assert isinstance(page, BundlesPage)
    hands.wait(page.file.has_focus, "the file is not asked for")
    hands.type(str(bundle))
    hands.press(Qt.Key.Key_Return)
    hands.press(Qt.Key.Key_Return)  # no passphrase
    return page


@pytest.mark.usefixtures("quick_passwords")
def test_a_bundle_is_joined_and_its_conflicts_are_decided(open_desk: Open, tmp_path: Path) -> None:
    hands, services = open_desk(tmp_path / "practice")
    town, _ = Register.create(
        tmp_path / "镇里", clerk_no="01", clerk_name="示例镇经办", password=PASSWORD, window="T1", practice=True
    )
    public = town.office_key().public

    def prepare(register: Register) -> bytes:
        register.trust_key(public, "示例镇")
        register.add_applicant("企业", "示例果园", code=CODE, phone="区里的电话", sample=True)
        register.add_applicant("企业", "示例茶园", code=OTHER, sample=True)
        write_receiving_key(register, tmp_path)
        return register.office_key().public

    town.trust_key(of(hands, services, prepare), "示例区")
    one = town.add_applicant("企业", "示例果园", code=CODE, phone="镇里的电话", sample=True)
    town.add_applicant("企业", "示例花圃", code=OTHER, sample=True)
    case = town.open_case("tztc", "1", applicant_id=one.id, on=date.today())
    town.set_answer(case.id, "投资额", "500万元")
    (bundle,) = make_bundles(town, tmp_path, key_file=tmp_path / "收件公钥.json")

    page = open_bundle(hands, bundle)
    hands.wait(lambda: len(page.cards) == 2, lambda: f"not joined: {page.in_answer.text()}")
    assert "已并入“示例镇”" in page.in_answer.text() and "2 处两边不一致" in page.in_answer.text()
    hands.shot("冲突")

    second = page.cards[1]
    hands.wait(page.cards[0].choices[0][1].has_focus, "the first conflict does not ask")
    hands.type("2")  # 对方 of the telephone
    hands.press(Qt.Key.Key_Return)
    hands.wait(lambda: len(page.cards) == 1, lambda: f"not decided: {page.cards[0].answer.text()}")
    assert of(hands, services, lambda register: register.search(CODE)[0].phone) == "镇里的电话"
    assert page.cards == [second], "what was begun in another stands while one is decided"

    same = page.cards[0].same
    assert same is not None
    hands.wait(same.has_focus, "the second conflict does not ask")
    hands.type("2")  # not the same applicant
    for _ in page.cards[0].choices:
        hands.press(Qt.Key.Key_Return)
    hands.press(Qt.Key.Key_Return)
    hands.wait(lambda: not page.cards, "the second is not decided")
    assert "各处冲突都已裁定" in page.in_answer.text()
    names = of(hands, services, lambda register: [a.name for a in register.search("示例花圃")])
    assert names == ["示例花圃"]
    assert of(hands, services, lambda register: register.check()) == []

    hands.wait(page.file.has_focus, "the keys do not come back to the file")
    hands.type(str(bundle))
    hands.press(Qt.Key.Key_Return)
    hands.press(Qt.Key.Key_Return)
    hands.wait(lambda: "以前并入过" in page.in_answer.text(), "not said that it was joined before")
    town.close()


@pytest.mark.usefixtures("quick_passwords")
def test_what_another_window_decided_meanwhile_is_said_and_the_list_is_as_it_is_now(
    open_desk: Open, tmp_path: Path
) -> None:
    hands, services = open_desk(tmp_path / "practice")
    town, _ = Register.create(
        tmp_path / "镇里", clerk_no="01", clerk_name="示例镇经办", password=PASSWORD, window="T1", practice=True
    )
    public = town.office_key().public

    def prepare(register: Register) -> bytes:
        register.trust_key(public, "示例镇")
        for name, code in (("示例果园", CODE), ("示例茶园", OTHER)):
            register.add_applicant("企业", name, code=code, phone="区里的电话", sample=True)
        write_receiving_key(register, tmp_path)
        return register.office_key().public

    town.trust_key(of(hands, services, prepare), "示例区")
    for name, code in (("示例果园", CODE), ("示例茶园", OTHER)):
        town.add_applicant("企业", name, code=code, phone="镇里的电话", sample=True)
    (bundle,) = make_bundles(town, tmp_path, key_file=tmp_path / "收件公钥.json")
    town.close()
    page = open_bundle(hands, bundle)
    hands.wait(lambda: len(page.cards) == 2, lambda: f"not joined: {page.in_answer.text()}")
    first, second = (card.conflict.id for card in page.cards)

    def elsewhere(register: Register) -> None:
        register.decide(first, set())
        other = register.search(OTHER)[0]
        register.update_applicant(replace(other, phone="区里又改的"))

    hands.wait(page.cards[0].choices[0][1].has_focus, "the first conflict does not ask")
    other = Register.open(services.folder, clerk_no="0001", password=practice.PASSWORD)
    elsewhere(other)
    other.close()
    hands.type("2")
    hands.press(Qt.Key.Key_Return)
    hands.wait(lambda: len(page.cards) == 1, lambda: f"what was decided stays: {page.cards[0].answer.text()}")
    assert "已经有人裁定过了，这次没有改动" in page.waiting_answer.text() and page.cards[0].conflict.id == second
    assert of(hands, services, lambda register: register.search(CODE)[0].phone) == "区里的电话"
    hands.wait(page.cards[0].choices[0][1].has_focus, "the keys do not go on to what waits")
    assert "区里又改的" in page.cards[0].choices[0][1].options[0], (
        "the list was read again: the side of here is today's"
    )
    hands.type("2")
    hands.press(Qt.Key.Key_Return)
    hands.wait(lambda: not page.cards, "the second is not decided")
    assert of(hands, services, lambda register: register.search(OTHER)[0].phone) == "镇里的电话"


@pytest.mark.usefixtures("quick_passwords")
def test_a_township_that_was_restored_is_joined_once_both_sides_were_seen(open_desk: Open, tmp_path: Path) -> None:
    """Its trail forks: the district sees what it said before and what it says now, and who is in charge agrees by keys."""
    hands, services = open_desk(tmp_path / "practice")
    town, _ = Register.create(
        tmp_path / "镇里", clerk_no="01", clerk_name="示例镇经办", password=PASSWORD, window="T1", practice=True
    )
    public = town.office_key().public

    def prepare(register: Register) -> bytes:
        register.trust_key(public, "示例镇")
        write_receiving_key(register, tmp_path)
        return register.office_key().public

    town.trust_key(of(hands, services, prepare), "示例区")
    case = town.open_case("tztc", "1", applicant_id=town.add_applicant("企业", "示例果园", code=CODE).id)
    town.set_answer(case.id, "投资额", "500万元")
    backup = town.backup(tmp_path)
    town.set_answer(case.id, "投资额", "900万元")
    town.open_case("tztc", "1", applicant_id=town.add_applicant("企业", "示例花圃", code=OTHER).id)
    (bundle,) = make_bundles(town, tmp_path, key_file=tmp_path / "收件公钥.json")
    of(hands, services, lambda register: take_file(register, bundle))
    town.restore(backup)
    town = Register.open(tmp_path / "镇里", clerk_no="01", password=PASSWORD)
    town.set_answer(case.id, "备注", "恢复以后写的")
    (bundle,) = make_bundles(town, tmp_path, key_file=tmp_path / "收件公钥.json")

    page = open_bundle(hands, bundle)
    hands.wait(lambda: page.forked is not None, lambda: f"no fork is shown: {page.in_answer.text()}")
    card = page.forked
    assert card is not None and "对不上，没有并入" in page.in_answer.text() and not card.go.isEnabled()
    assert "恢复" in card.fork.now[0].event and len(card.fork.kept) > 2
    hands.shot("分叉")
    hands.press_on(card.sure, Qt.Key.Key_Space)
    hands.press(Qt.Key.Key_Tab)
    hands.press_on(card.go, Qt.Key.Key_Return)
    hands.wait(lambda: "已并入“示例镇”" in page.in_answer.text(), lambda: f"not joined: {page.in_answer.text()}")
    assert page.forked is None
    hands.wait(lambda: len(page.cards) == 1, "what both have changed does not wait for a decision")
    lines = of(hands, services, lambda register: [row.event for row in register.audit_rows(8)])
    assert events.FORK_AGREED in lines
    assert of(hands, services, lambda register: register.search(OTHER)[0].name) == "示例花圃", (
        "the township has lost it"
    )
    assert of(hands, services, lambda register: register.check()) == []
    town.close()


@pytest.mark.usefixtures("quick_passwords")
def test_what_a_township_lost_is_sent_to_it_once_more_by_keys(open_desk: Open, tmp_path: Path) -> None:
    """It confirmed everything, and was restored since: the day of its backup is typed, and the next bundle holds what it lost."""
    hands, services = open_desk(tmp_path / "practice")
    town, _ = Register.create(
        tmp_path / "镇里", clerk_no="01", clerk_name="示例镇经办", password=PASSWORD, window="T1", practice=True
    )
    public, at = town.office_key().public, tmp_path / "U盘"
    (at / "镇里的").mkdir(parents=True)
    write_receiving_key(town, at / "镇里的")
    key = at / "镇里的" / "收件公钥.json"

    def prepare(register: Register) -> bytes:
        register.trust_key(public, "示例镇")
        register.add_applicant("企业", "示例茶园", code=OTHER, sample=True)
        return register.office_key().public

    town.trust_key(of(hands, services, prepare), "示例区")
    backup = town.backup(tmp_path)
    for bundle in of(hands, services, lambda register: make_bundles(register, at, key_file=key)):
        receipt = take_file(town, bundle).receipt
        assert receipt is not None
        taken = partial(take_file, path=receipt)
        of(hands, services, taken)
    town.restore(backup)
    town = Register.open(tmp_path / "镇里", clerk_no="01", password=PASSWORD)
    assert town.search("示例茶园") == []

    page = open_bundle(hands, at / "没有这个包.pgdata")
    hands.tab_to(lambda widget: widget is page.key_file.line, "收件公钥")

    def made(since: str) -> None:
        for text in (str(key), "", "", since, str(at)):
            hands.type(text)
            hands.press(Qt.Key.Key_Return)

    made("")
    hands.wait(lambda: "没有导出" in page.out_answer.text(), lambda: f"nothing is new: {page.out_answer.text()}")
    page.since.focus_input()
    hands.wait(page.since.has_focus, "the day is not asked for")
    hands.type("昨天的")
    hands.press(Qt.Key.Key_Return)
    hands.press(Qt.Key.Key_Return)
    hands.wait(lambda: "看不懂" in page.since.error(), "a day that is none is not said")
    hands.wait(page.since.has_focus, "the keys are not at it")
    page.since.line.selectAll()
    hands.type(f"{date.today():%Y%m%d}")
    hands.press(Qt.Key.Key_Return)
    hands.press(Qt.Key.Key_Return)
    hands.wait(lambda: "已写到" in page.out_answer.text(), lambda: f"not sent again: {page.out_answer.text()}")
    hands.shot("再发一次")
    newest = max(at.glob("*.pgdata"), key=lambda path: path.name)
    take_file(town, newest)
    assert [a.name for a in town.search("示例茶园")] == ["示例茶园"] and town.check() == []
    town.close()
