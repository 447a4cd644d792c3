"""Issue 12: the register's server goes away under a clerk: what he is told is so, and no way that he is shown is closed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QLabel, QMessageBox, QWidget

from pinggu_desk.desk.login import LoginForm
from pinggu_desk.desk.operations import Operations
from pinggu_desk.desk.pages.enterprise import EnterprisePage
from pinggu_desk.desk.pages.ledger import LedgerPage
from pinggu_desk.desk.rehearsal import Hands
from pinggu_desk.register import Register
from tests.journeys.test_office import ALT, CTRL, ENTER, frame_of, on
from tests.journeys.test_two_windows import SECRET, STAFF, at_case, office, to_staff, window
from tests.register.postgres import Server, postgres_made_ready, postgres_ready, postgres_server

__all__ = ["office", "postgres_made_ready", "postgres_ready", "postgres_server", "window"]  # fixtures


def seen(widget: QWidget) -> str:
    """All that labels in a widget say."""
    labels: list[QLabel] = widget.findChildren(QLabel)  # type: ignore[assignment]
    return "\n".join(label.text() for label in labels if label.isVisible())


def go(hands: Hands, place: Qt.Key, page: type[QWidget]) -> QWidget:
    hands.press(place, ALT)
    frame = frame_of(hands)
    hands.wait(lambda: isinstance(frame.current(), page) and not hands.window.services.operations.waiting, "no page")
    here = frame.current()
    assert here is not None
    return here


@contextmanager
def operations_held(operations: Operations) -> Iterator[None]:
    """The register's thread is busy with something else meanwhile."""
    go, busy = threading.Event(), threading.Event()

    def wait() -> None:
        busy.set()
        go.wait(120)

    operations.without_register(wait)
    assert busy.wait(120)
    yield
    go.set()


@pytest.fixture
def gone(postgres_server: Server, postgres_ready: object) -> Iterator[Callable[[], None]]:
    """Kills the server; it is there again afterwards."""
    del postgres_ready
    yield postgres_server.kill
    postgres_server.start()


def test_nothing_false_is_said_and_the_way_to_work_on_is_open(
    office: tuple[Register, str, str], window: Callable[[int], Hands], gone: Callable[[], None]
) -> None:
    _register, number, _ = office
    hands = window(2)
    operations = hands.window.services.operations
    page = at_case(hands, number)
    to_staff(hands, page)
    gone()
    hands.type("150")
    hands.press(ENTER)
    hands.wait(lambda: operations.typed_aside == 1, "what was typed is not put aside")
    frame = frame_of(hands)
    hands.wait(lambda: "已填的 1 处加密存在本机" in seen(frame.notice), lambda: seen(frame.notice))
    assert (
        "已存本机 1 处" in seen(frame.foot) and "登记库在服务器" in seen(frame.foot) and "离线" not in seen(frame.foot)
    )

    people = go(hands, Qt.Key.Key_5, EnterprisePage)
    assert "未保存" not in seen(frame.foot) and "前面填的 1 处在本机" in seen(frame.notice), seen(frame.notice)
    assert "没有保存" not in seen(frame.notice) and people.isVisible()
    assert operations.unsaved_count == 0, "what follows from the answers is no work of anybody's that could be lost"

    hands.press(Qt.Key.Key_L, CTRL)
    hands.wait(lambda: hands.window.lock is not None, "it does not lock")
    lock = hands.window.lock
    assert lock is not None
    hands.wait(lock.password.has_focus, "the lock does not ask for the password")
    hands.type(SECRET)
    hands.press(ENTER)
    hands.wait(lambda: "换其他经办人登录" in lock.password.error(), "what can be done instead is not said")
    assert "没有保存" not in lock.password.error()
    hands.tab_to(on("换其他经办人登录"), "the way that was named")
    hands.press(Qt.Key.Key_Space)
    hands.wait(lambda: isinstance(hands.window.door.currentWidget(), LoginForm), "the way that was named is closed")
    form = hands.window.door.currentWidget()
    assert isinstance(form, LoginForm)
    hands.wait(form.isVisible, "no login to be seen")
    hands.press_on(form.who, Qt.Key.Key_2)
    hands.press(ENTER)
    hands.wait(form.password.has_focus, "the password is not asked for")
    hands.type(SECRET)
    hands.press(ENTER)
    hands.wait(form.without.isVisible, "working without the server is not offered")
    hands.press_on(form.without, ENTER)
    hands.wait(
        lambda: hands.window.frame is not None and hands.window.stack.currentWidget() is hands.window.frame,
        "not let in",
    )
    hands.wait(lambda: "断线办理" in seen(frame_of(hands).foot), lambda: seen(frame_of(hands).foot))


def test_a_page_that_could_not_be_read_does_not_say_that_there_is_nothing(
    office: tuple[Register, str, str], window: Callable[[int], Hands], gone: Callable[[], None]
) -> None:
    del office
    hands = window(1)
    hands.wait(lambda: not hands.window.services.operations.waiting, "the first page is not read")
    gone()
    ledger = go(hands, Qt.Key.Key_4, LedgerPage)
    hands.wait(lambda: "没有读出来" in seen(ledger), lambda: seen(ledger))
    assert "还没有办件" not in seen(ledger) and "未保存" not in seen(frame_of(hands).foot)
    hands.type("示例")  # narrowing down what was not read finds out nothing either
    assert "没有读出来" in seen(ledger), seen(ledger)
    hands.press(Qt.Key.Key_K, CTRL)
    hands.type("示例两窗")
    found = frame_of(hands).results
    hands.wait(lambda: found.count() == 1 and "没有查成：连不上登记库服务器" in found.item(0).text(), "nothing is said")
    assert found.hits() == [], "what could not be looked for is not 没有找到"
    people = go(hands, Qt.Key.Key_5, EnterprisePage)
    hands.type("示例两窗")
    hands.wait(
        lambda: "登记库这一次没有读出来" in seen(people) and "没有找到" not in seen(people), lambda: seen(people)
    )


def test_what_only_the_window_has_keeps_its_clerk_and_he_is_told_both_ways_out(
    office: tuple[Register, str, str], window: Callable[[int], Hands], postgres_server: Server
) -> None:
    register, number, _ = office
    whose = next(one.applicant_id for one in register.recent() if one.number == number)
    assert whose is not None
    hands = window(1)
    operations = hands.window.services.operations
    at_case(hands, number)
    postgres_server.kill()
    operations.run(lambda one: one.remember(whose, "长期", "示例", date(2026, 1, 1)), writes=True, keep=True)
    hands.wait(lambda: operations.unsaved_count == 1, "it is not held")
    hands.press(Qt.Key.Key_L, CTRL)
    hands.wait(lambda: hands.window.lock is not None, "it does not lock")
    lock = hands.window.lock
    assert lock is not None
    hands.wait(lock.password.has_focus, "the lock does not ask for the password")
    hands.type(SECRET)
    hands.press(ENTER)
    hands.wait(lambda: bool(lock.password.error()), "unlocked without a server")
    assert "换其他经办人登录" not in lock.password.error(), "a way is named that is closed"
    hands.tab_to(on("换其他经办人登录"), "another clerk")
    hands.press(Qt.Key.Key_Space)
    hands.wait(lambda: "1 处改动还只在本窗口里" in seen(lock) and "关闭程序" in seen(lock), lambda: seen(lock))
    hands.wait(lock.password.has_focus, "the keys are not where to go on")

    told: list[str] = []

    def stay() -> None:
        hands.wait(
            lambda: isinstance(QApplication.activeModalWidget(), QMessageBox), "he is not asked whether to close"
        )
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        told.append(seen(box))
        hands.press_on(box.defaultButton(), ENTER)  # 不关闭

    QTimer.singleShot(0, hands.window, stay)
    hands.window.close()
    assert "1 处改动还没有写入登记库" in told[0] and not hands.window.gone
    postgres_server.start()
    hands.press_on(lock.password, Qt.Key.Key_A, CTRL)
    hands.type(SECRET)
    hands.press(ENTER)
    hands.wait(lambda: hands.window.lock is None and operations.unsaved_count == 0, "what was held is not written")
    assert "长期" in register.known_facts(whose), "nothing of it is lost"


def test_what_was_not_taken_is_told_in_the_window_that_typed_it(
    office: tuple[Register, str, str], window: Callable[[int], Hands], postgres_server: Server
) -> None:
    """A colleague closed the case meanwhile: nobody is told that it is kept, and each entry is seen to by keys alone."""
    register, number, _ = office
    case = next(one for one in register.recent() if one.number == number)
    hands = window(2)
    operations = hands.window.services.operations
    page = at_case(hands, number)
    to_staff(hands, page)
    postgres_server.kill()
    hands.type("150")
    hands.press(ENTER)
    hands.wait(lambda: operations.typed_aside == 1, "what was typed is not put aside")
    hands.step(page, "materials")
    hands.type("1")
    hands.wait(lambda: operations.typed_aside == 2, "what was ticked is not put aside")
    saved: list[object] = []
    operations.saved.connect(saved.append)
    with operations_held(operations):  # the window is slower than its colleague
        postgres_server.start()
        register.close_case(case.id)
    frame = frame_of(hands)
    hands.wait(lambda: "有 2 处没能并入" in seen(frame.alarm), lambda: seen(frame))
    assert not saved and "2 处没能并入" in seen(frame.foot) and "已暂存" not in seen(frame.foot)
    assert register.answers(case.id).get(STAFF) is None

    hands.press(Qt.Key.Key_8, ALT)
    hands.tab_to(on("打开登记库与服务器"), "where it is seen to")
    hands.press(Qt.Key.Key_Space)
    server = frame.page("登记库与服务器")
    hands.wait(lambda: f"{STAFF}：150" in seen(server) and "申报表：已收" in seen(server), lambda: seen(server))
    hands.tab_to(on("放下"), "to let one rest")
    hands.press(Qt.Key.Key_Space)
    hands.wait(lambda: operations.left_count == 1, "it is not let rest")
    hands.wait(lambda: on("采用")(hands.focus), "the keys are not at the one that is left")
    assert "有 1 处没能并入" in seen(frame.alarm)
    hands.press(Qt.Key.Key_Tab)
    hands.press(Qt.Key.Key_Space)
    hands.wait(lambda: operations.left_count == 0 and not frame.alarm.isVisible(), lambda: seen(frame))
    hands.wait(lambda: on("重新查看")(hands.focus), "the keys are nowhere")
