"""The register is asked on one thread, in order; every answer and every error comes back to the screen."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.exceptions import capture_exceptions
from pytestqt.qtbot import QtBot

from pinggu_desk.desk.application import kept_words
from pinggu_desk.desk.operations import Operations, sentence_of
from pinggu_desk.register import Register, events
from pinggu_desk.register.errors import DiskFault
from tests.desk.conftest import PATIENCE

PASSWORD = "Sample-2024"  # noqa: S105  of registers that live as long as a test


@pytest.fixture
def operations(tmp_path: Path) -> Iterator[Operations]:
    made = Operations()
    made.open(lambda: Register.create(tmp_path, clerk_no="1", clerk_name="示例", password=PASSWORD)[0])
    assert made.flush(120)
    yield made
    assert made.close()


def test_work_is_done_elsewhere_in_order_and_answered_here(operations: Operations) -> None:
    where: list[int] = []
    answers: list[tuple[int, int]] = []

    def work(i: int, _register: Register) -> int:
        where.append(threading.get_ident())
        return i

    for i in range(50):
        operations.run(partial(work, i), lambda i: answers.append((i, threading.get_ident())))
    assert operations.flush(120)
    assert answers == [(i, threading.get_ident()) for i in range(50)]
    assert len(set(where)) == 1
    assert where[0] != threading.get_ident()


def test_a_write_is_announced_only_once_it_is_on_the_disk(operations: Operations, qtbot: QtBot) -> None:
    case = operations_case(operations)
    with qtbot.waitSignal(operations.saved, timeout=PATIENCE) as saved:
        operations.run(lambda register: register.set_answer(case, "投资额", "800"), writes=True)
    assert isinstance(saved.args[0], datetime)
    with qtbot.assertNotEmitted(operations.saved):
        operations.run(lambda register: register.set_answer(999, "投资额", "800"), failed=lambda _e: None, writes=True)
        operations.run(lambda register: register.answers(case))
        operations.flush(120)


def operations_case(operations: Operations) -> int:
    made: list[int] = []
    operations.run(lambda register: register.open_case("ss", "1"), lambda case: made.append(case.id))
    assert operations.flush(120)
    return made[0]


def test_an_error_nobody_handles_is_one_sentence(operations: Operations, qtbot: QtBot) -> None:
    told = "登记库中没有内部编号为 999 的办件，请从办件列表中重新选择。"
    with (
        qtbot.assertNotEmitted(operations.failed),  # nothing was to be written: nothing is 未保存
        qtbot.waitSignal(operations.unread, timeout=PATIENCE) as unread,
    ):
        operations.run(lambda register: register.case(999))
    assert unread.args[0] == told
    with qtbot.waitSignal(operations.failed, timeout=PATIENCE) as failed:
        operations.run(lambda register: register.close_case(999), writes=True)
    assert failed.args[0] == told


def test_a_fault_of_ours_is_told_kindly_and_not_swallowed(operations: Operations) -> None:
    heard: list[str] = []
    with capture_exceptions() as raised:
        operations.run(lambda _register: 1 // 0, failed=lambda error: heard.append(sentence_of(error)))
        operations.flush(120)
    assert "没有保存" in heard[0]
    assert [kind for kind, _, _ in raised] == [ZeroDivisionError]


class _Page(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.heard: list[object] = []

    def hear(self, answer: object) -> None:
        self.heard.append(answer)


def test_an_answer_to_a_page_that_is_gone_is_dropped(operations: Operations) -> None:
    page, gate = _Page(), threading.Event()
    operations.run(lambda _register: gate.wait(30), page.hear)
    page.deleteLater()
    QApplication.sendPostedEvents(page, QEvent.Type.DeferredDelete.value)
    gate.set()
    assert operations.flush(120)
    assert page.heard == []


def test_closing_finishes_the_work_and_closes_the_register(tmp_path: Path) -> None:
    operations = Operations()
    operations.open(lambda: Register.create(tmp_path, clerk_no="1", clerk_name="示例", password=PASSWORD)[0])
    operations.run(lambda register: register.add_applicant("企业", "示例公司"), writes=True)
    assert operations.close()
    assert "register" not in [thread.name for thread in threading.enumerate()]
    again = Register.open(tmp_path, clerk_no="1", password=PASSWORD)
    assert [a.name for a in again.search("示例公司")] == ["示例公司"]
    again.close()


def test_nobody_logged_in_is_said_so() -> None:
    operations = Operations()
    heard: list[str] = []
    operations.run(lambda register: register.clerk, failed=lambda error: heard.append(sentence_of(error)))
    assert operations.flush(120)
    assert heard == ["还没有登录，登记库没有打开；请先登录。"]
    assert operations.close()


def test_waiting_counts_down_to_nothing(operations: Operations) -> None:
    counts: list[int] = []
    operations.pending.connect(counts.append)
    for _ in range(3):
        operations.run(lambda register: register.clerk)
    assert operations.flush(120)
    assert counts[:3] == [1, 2, 3]
    assert counts[-1] == operations.waiting == 0


def test_what_the_disk_refuses_waits_and_nothing_overtakes_it(operations: Operations, qtbot: QtBot) -> None:
    """FOUND 59: the guard tells the truth, writes keep their order, and what may not wait is refused."""
    case, bad = operations_case(operations), [True]
    told: list[tuple[int, str]] = []
    operations.unsaved.connect(lambda count, why: told.append((count, why)))

    def answer(fact: str, text: str, register: Register) -> int:
        if bad:
            raise DiskFault("读写失败，没有保存。")
        return register.set_answer(case, fact, text)

    done: list[int] = []
    with qtbot.assertNotEmitted(operations.saved):
        for number in range(3):
            operations.run(partial(answer, "甲", str(number)), done.append, writes=True, keep=True)
        refused: list[str] = []
        operations.run(
            lambda register: register.undo(case), failed=lambda e: refused.append(sentence_of(e)), writes=True
        )
        assert operations.flush(120)
    assert operations.unsaved_count == 3 and operations.waiting == 0 and done == []
    assert refused == ["读写失败，没有保存。"], "an undo must not take back what came before the unsaved"
    assert told[-1] == (3, "读写失败，没有保存。")
    assert "没有写入登记库" in kept_words(True, operations.unsaved_count)
    assert "都已保存" in kept_words(True, 0) and "可能" in kept_words(False, 0)
    bad.clear()
    with qtbot.waitSignal(operations.saved, timeout=PATIENCE):
        pass  # by itself: nobody asks again
    assert done == [1, 2, 3] and operations.unsaved_count == 0
    answers: list[dict[str, str]] = []
    operations.run(lambda register: register.answers(case), answers.append)
    assert operations.flush(120)
    assert answers == [{"甲": "2"}]


def open_again(folder: Path) -> Register:
    return Register.open(folder, clerk_no="1", password=PASSWORD, event=events.UNLOCKED)


def test_found_64_a_lock_closes_the_register_and_what_is_asked_for_behind_it_waits_and_is_done(
    operations: Operations, tmp_path: Path
) -> None:
    case = operations_case(operations)
    registers: list[Register] = []
    operations.run(registers.append)
    operations.run(lambda register: register.set_answer(case, "投资额", "800"), writes=True, keep=True)
    operations.lock()
    assert operations.flush(120) and operations._register is None
    assert not any(registers[0]._key), "its key is not in memory any more"
    heard: list[Any] = []
    operations.run(
        lambda register: register.set_answer(case, "投资额", "900"), heard.append, heard.append, writes=True, keep=True
    )
    operations.run(lambda register: register.answers(case), heard.append, heard.append)
    assert operations.flush(120)
    assert (heard, operations.waiting, operations.unsaved_count) == ([], 0, 1), "nothing is called saved that is not"
    operations.unlock(lambda: Register.open(tmp_path, clerk_no="1", password=PASSWORD.lower()), failed=heard.append)
    assert operations.flush(120)
    assert "口令不对" in sentence_of(heard.pop()) and operations._register is None
    operations.unlock(lambda: open_again(tmp_path), lambda clerk: heard.append(clerk.no))
    assert operations.flush(120)
    assert heard[0] == "1" and heard[-1] == {"投资额": "900"} and operations.unsaved_count == 0
    operations.run(lambda register: [row.event for row in register.audit_rows(5)], heard.append)
    assert operations.flush(120)
    assert {events.LOCKED, events.UNLOCKED} <= set(heard[-1])
    assert events.LOGGED_OUT not in heard[-1]


def test_what_the_disk_refused_before_the_lock_is_written_after_it(operations: Operations, tmp_path: Path) -> None:
    case = operations_case(operations)
    fails = [True]

    def write(register: Register) -> None:
        if fails:
            raise DiskFault("磁盘坏了")
        register.set_answer(case, "投资额", "800")

    operations.run(write, writes=True, keep=True)
    operations.run(lambda register: register.set_answer(case, "年度", "2025"), writes=True, keep=True)
    operations.lock()
    assert operations.flush(120) and operations.unsaved_count == 2
    operations.try_again()
    assert operations.flush(120) and operations.unsaved_count == 2
    fails.clear()
    heard: list[dict[str, str]] = []
    operations.unlock(lambda: open_again(tmp_path))
    operations.run(lambda register: register.answers(case), heard.append)
    assert operations.flush(120)
    assert heard == [{"投资额": "800", "年度": "2025"}] and operations.unsaved_count == 0


def test_another_clerk_gets_nothing_of_what_waited_behind_the_lock(operations: Operations, tmp_path: Path) -> None:
    case = operations_case(operations)
    heard: list[Any] = []
    operations.lock()
    operations.run(lambda register: register.set_answer(case, "投资额", "900"), heard.append, heard.append, writes=True)
    operations.log_out()
    operations.open(lambda: open_again(tmp_path))
    operations.run(lambda register: register.answers(case), heard.append)
    assert operations.flush(120)
    assert heard == [{}] and operations.unsaved_count == 0


def test_a_window_whose_register_was_given_another_key_asks_for_the_password_and_loses_nothing(
    operations: Operations, tmp_path: Path, qtbot: QtBot
) -> None:
    case = operations_case(operations)
    operations.run(lambda register: register.add_clerk("2", "示例乙", PASSWORD, role="负责人"))
    operations.run(lambda register: register.add_clerk("3", "示例丙", PASSWORD))
    assert operations.flush(120)
    head = Register.open(tmp_path, clerk_no="2", password=PASSWORD)
    head.remove_clerk("3")
    head.close()
    with qtbot.waitSignal(operations.renewed, timeout=PATIENCE):
        operations.run(lambda register: register.set_answer(case, "投资额", "900"), writes=True, keep=True)
        operations.flush(120)
    operations.lock()
    operations.unlock(lambda: open_again(tmp_path))
    heard: list[Any] = []
    operations.run(lambda register: register.answers(case), heard.append)
    assert operations.flush(120)
    assert heard == [{"投资额": "900"}]
