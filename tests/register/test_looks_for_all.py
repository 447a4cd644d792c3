"""On a server one window looks the whole register over for all of them; when it leaves, another does; a file's windows each do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing

import pytest

from pinggu_desk.register import Register

from .conftest import PASSWORD, Clock

Windows = Callable[[Register, int], list[Register]]


@pytest.fixture
def windows(clock: Clock) -> Iterator[Windows]:
    """Opens windows on a register, and closes them whatever became of the test."""
    with ExitStack() as opened:

        def more(register: Register, count: int) -> list[Register]:
            made = (Register.open(register.folder, clerk_no="01", password=PASSWORD, now=clock) for _ in range(count))
            return [opened.enter_context(closing(one)) for one in made]

        yield more


def test_one_window_of_a_server_s_looks_for_all(shared: Register, windows: Windows) -> None:
    """Seven windows read every paper once in four hours, not seven times."""
    others = windows(shared, 6)
    everybody = [shared, *others]
    for _ in range(3):  # the one who does stays the one
        assert [window.looks_for_all() for window in everybody] == [True] + [False] * 6
    shared.close()  # the next one who asks is the one at once, not when the server has noticed that somebody is gone
    assert [window.looks_for_all() for window in others] == [True] + [False] * 5
    others[0].leave_looking()  # it found something: the next one looks for himself
    assert others[5].looks_for_all() and not others[0].looks_for_all()


def test_a_window_that_closes_gives_its_turn_up_before_the_server_has_noticed(
    shared: Register, windows: Windows, monkeypatch: pytest.MonkeyPatch
) -> None:
    (other,) = windows(shared, 1)
    assert shared.looks_for_all()
    connection = shared._db._connection  # type: ignore[attr-defined]
    monkeypatch.setattr(shared._db, "_drop", lambda: None)  # the server goes on with it for a while
    shared.close()
    assert other.looks_for_all()
    connection.close()


def test_one_whose_connection_was_lost_takes_it_on_again_or_another_does(shared: Register, windows: Windows) -> None:
    (other,) = windows(shared, 1)
    assert shared.looks_for_all() and not other.looks_for_all()
    shared._db._drop()  # type: ignore[attr-defined]  # the line is cut
    while not (other.looks_for_all() or shared.looks_for_all()):
        pass  # the server has yet to notice that the line is cut
    assert other.looks_for_all() != shared.looks_for_all()


def test_a_file_is_looked_over_by_its_own_window(register: Register, windows: Windows) -> None:
    (other,) = windows(register, 1)
    assert register.looks_for_all() and other.looks_for_all()
    register.leave_looking()
    assert register.looks_for_all()
