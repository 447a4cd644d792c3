"""On a server one window looks the whole register over for all of them; when it leaves, another does; a file's windows each do."""

from __future__ import annotations

from pinggu_desk.register import Register

from .conftest import PASSWORD, Clock


def windows(register: Register, clock: Clock, count: int) -> list[Register]:
    return [Register.open(register.folder, clerk_no="01", password=PASSWORD, now=clock) for _ in range(count)]


def test_one_window_of_a_server_s_looks_for_all(shared: Register, clock: Clock) -> None:
    """Twenty windows read every paper once in four hours, not twenty times."""
    others = windows(shared, clock, 19)
    everybody = [shared, *others]
    for _ in range(3):  # the one who does stays the one
        assert [window.looks_for_all() for window in everybody] == [True] + [False] * 19
    shared.close()
    assert [window.looks_for_all() for window in others] == [True] + [False] * 18
    others[0].leave_looking()  # it found something: the next one looks for himself
    assert others[5].looks_for_all() and not others[0].looks_for_all()
    for window in others:
        window.close()


def test_one_whose_connection_was_lost_takes_it_on_again_or_another_does(shared: Register, clock: Clock) -> None:
    (other,) = windows(shared, clock, 1)
    assert shared.looks_for_all() and not other.looks_for_all()
    shared._db._drop()  # type: ignore[attr-defined]  # the line is cut
    assert other.looks_for_all() or shared.looks_for_all()
    assert other.looks_for_all() != shared.looks_for_all()
    other.close()


def test_a_file_is_looked_over_by_its_own_window(register: Register, clock: Clock) -> None:
    (other,) = windows(register, clock, 1)
    assert register.looks_for_all() and other.looks_for_all()
    register.leave_looking()
    assert register.looks_for_all()
    other.close()
