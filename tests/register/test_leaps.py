"""A clock that was set ahead makes everything look past its term: nothing goes by it until somebody says that the day is right."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from pinggu_desk.register import Register, errors, events
from pinggu_desk.register.leaps import APART, CLOSED, WORKED

from .conftest import PASSWORD, Clock, on_each

__all__ = ["on_each"]


@pytest.fixture(autouse=True)
def _long_ago(clock: Clock) -> None:
    """All of it before the real day: what a server's clock says is right."""
    clock.at = datetime(2004, 3, 2, 9, 30)


@pytest.fixture
def register(on_each: Register) -> Register:
    return on_each


def with_old_award(register: Register) -> None:
    firm = register.add_applicant("企业", "示例公司")
    register.open_case("tztc", "1", applicant_id=firm.id)
    register.add_award(firm.id, "ss", "ss.2.1", 123400, date(1960, 1, 2))


def test_a_clock_set_years_ahead_removes_nothing_until_the_day_is_agreed_to(register: Register, clock: Clock) -> None:
    with_old_award(register)
    clock.at = datetime(2024, 3, 2, 9)
    register.record_event(events.LOGGED_IN, "工号01")  # whoever comes in has an entry of that day already
    past = register.past_term()
    assert len(past) == 3
    with pytest.raises(errors.InvalidEntry) as refused:
        register.forget(past)
    said = refused.value.sentence
    assert "电脑上的日期是 2024-03-02" in said and "2004-03-02 与 2024-03-02 之间有 7305 天没有人办理" in said
    assert "请对照日历" in said and register.doubt() is not None
    with pytest.raises(errors.InvalidEntry, match="没有人办理"):
        register.forget(past, agreed=date(2024, 3, 1))
    assert register.past_term() == past and len(register.recent()) == 1 and register.check() == []
    clock.at = datetime(2004, 3, 3, 9)  # put right: as if nothing had been
    assert [one.kind for one in register.past_term()] == ["已享受支持"] and register.doubt() is None


def test_who_was_truly_closed_for_years_says_so_once(register: Register, clock: Clock) -> None:
    with_old_award(register)
    clock.at = datetime(2024, 3, 2, 9)
    register.forget(register.past_term(), agreed=date(2024, 3, 2))
    told = next(row.detail for row in register.audit_rows() if row.event == events.FORGOTTEN)
    assert "日期存疑，经确认今天是 2024-03-02：登记库在 2004-03-02 与 2024-03-02 之间" in told
    clock.forward(days=1)
    with_old_award(register)
    assert register.doubt() is None
    assert sum(register.forget(register.past_term()).values()) == 1
    clock.at = datetime(2025, 3, 2, 9)
    assert register.doubt() is not None, "another leap is another question"


@pytest.mark.parametrize(
    ("days", "doubted"), [(184, False), (CLOSED.days, False), (CLOSED.days + 1, True), (365, True)]
)
def test_an_office_closed_for_half_a_year_is_not_asked_and_a_wrong_year_is(
    register: Register, clock: Clock, days: int, doubted: bool
) -> None:
    with_old_award(register)
    clock.forward(days=days)
    assert (register.doubt() is not None) == doubted
    past = [one for one in register.past_term() if one.kind == "已享受支持"]
    if doubted:
        with pytest.raises(errors.InvalidEntry, match=f"有 {days} 天没有人办理"):
            register.forget(past)
    else:
        assert sum(register.forget(past).values()) == 1


@pytest.mark.parametrize(("days", "doubted"), [(WORKED - 1, True), (WORKED, False)])
def test_days_of_work_by_the_clock_vouch_for_it(register: Register, clock: Clock, days: int, doubted: bool) -> None:
    """Ten days of papers with that date on them: somebody would have noticed."""
    with_old_award(register)
    clock.at = datetime(2024, 3, 2, 9)
    for _ in range(days):
        register.record_event(events.LOGGED_IN, "工号01")
        register.record_event(events.LOGGED_OUT, "工号01")
        clock.forward(days=1)
    clock.forward(days=-1)
    assert (register.doubt() is not None) == doubted


def test_a_day_of_a_clock_that_ran_ahead_before_vouches_for_nothing(register: Register, clock: Clock) -> None:
    with_old_award(register)
    clock.at = datetime(2024, 2, 1, 9)  # for a day last year
    register.record_event(events.LOGGED_IN, "工号01")
    clock.at = datetime(2004, 3, 3, 9)
    register.record_event(events.LOGGED_IN, "工号01")
    assert register.doubt() is None
    clock.at = datetime(2024, 3, 2, 9)
    assert register.doubt() is not None


@pytest.mark.parametrize(("ahead", "doubted"), [(timedelta(), False), (APART / 2, False), (APART * 2, True)])
@pytest.mark.usefixtures("office")
def test_a_server_has_a_clock_of_its_own(folder: Path, clock: Clock, ahead: timedelta, doubted: bool) -> None:
    clock.at = datetime.now() + ahead
    made, _ = Register.create(folder, clerk_no="01", clerk_name="示例甲", password=PASSWORD, now=clock)
    with_old_award(made)
    past = made.past_term()
    if doubted:
        with pytest.raises(errors.InvalidEntry, match="登记库服务器上的日期是"):
            made.forget(past)
    made.forget(past, agreed=clock.at.date() if doubted else None)
    assert made.past_term() == [] and made.check() == []
    made.close()


@pytest.mark.usefixtures("boot")
def test_a_clock_that_was_set_back_is_told_to_whoever_comes_in(register: Register, folder: Path, clock: Clock) -> None:
    """Papers, deadlines and what was in force go by it: the battery of a machine that is empty sets it years back."""
    on_server = register._db.kind == "postgresql"
    right = clock.at = datetime.now() if on_server else clock.at
    with_old_award(register)
    assert register.clock_words == ""
    clock.at = right - timedelta(days=3)
    again = Register.open(folder, clerk_no="01", password=PASSWORD, now=clock)
    other = f"登记库服务器上的日期是 {right.date()}" if on_server else f"登记库里已有 {right.date()} 的记录"
    assert again.clock_words.startswith(f"电脑上的日期是 {clock.at.date()}，但{other}。")
    assert "请对照日历" in again.clock_words and again.warnings == () and again.check() == []
    assert again.open_case("tztc", "1").number == f"PG-03-{clock.at:%Y%m%d}-0001", "work goes on"
    clock.at = right
    assert again.clock_words == "" and again.verify_audit() == []
    again.close()


def test_what_was_noted_on_a_day_to_come_hides_nothing_that_is_noted_after_it(register: Register, clock: Clock) -> None:
    """An account that was typed while the clock ran ahead would otherwise stand on every form until that day."""
    right = clock.at
    firm = register.add_applicant("企业", "示例公司")

    def known() -> str:
        return register.known_facts(firm.id)["银行账号"].value_text

    register.remember(firm.id, "银行账号", "旧的", right.date() - timedelta(days=9))
    clock.forward(days=1500)
    register.remember(firm.id, "银行账号", "走快那天填的", clock.at.date())
    assert known() == "走快那天填的"
    clock.at = right
    assert known() == "走快那天填的", "the last that was said, whatever day stands beside it"
    register.remember(firm.id, "银行账号", "名单上更早的", right.date() - timedelta(days=30))
    assert known() == "走快那天填的"
    register.remember(firm.id, "银行账号", "新的", right.date())
    clock.forward(days=5)
    assert known() == "新的"
    assert [one.text for one in register.noted(firm.id)][-1] == "走快那天填的", "the history keeps its day"


@pytest.fixture
def in_a_file(folder: Path, clock: Clock) -> Iterator[Register]:
    made, _ = Register.create(folder, clerk_no="01", clerk_name="示例甲", password=PASSWORD, window="03", now=clock)
    with_old_award(made)
    yield made
    made.close()


@pytest.mark.parametrize(("days", "told"), [(WORKED - 1, True), (WORKED, False)])
def test_a_day_that_a_clock_ran_ahead_by_once_is_told_until_ten_were_worked(
    in_a_file: Register, clock: Clock, days: int, told: bool
) -> None:
    clock.forward(days=100)
    in_a_file.record_event(events.LOGGED_IN, "工号01")
    clock.forward(days=-100)
    for _ in range(days):
        in_a_file.record_event(events.LOGGED_IN, "工号01")
        clock.forward(days=1)
    clock.forward(days=-1)
    assert ("登记库里已有" in in_a_file.clock_words) == told


def test_a_clock_set_years_ahead_is_told_before_any_paper_bears_its_day(in_a_file: Register, clock: Clock) -> None:
    clock.forward(days=CLOSED.days)
    assert in_a_file.clock_words == ""
    clock.forward(days=1)
    said = in_a_file.clock_words
    assert "有 201 天没有人办理" in said and "文书上的日期" in said and said.count("。") == 2


@pytest.mark.parametrize(
    ("apart", "told"),
    [
        (timedelta(), False),
        (timedelta(minutes=-59), False),
        (timedelta(days=-1), True),
        (APART * 2, True),
        (-APART * 2, True),
    ],
)
@pytest.mark.usefixtures("office")
def test_a_server_s_clock_is_held_against_the_window_s_either_way(
    folder: Path, clock: Clock, apart: timedelta, told: bool
) -> None:
    clock.at = datetime.now() + apart
    made, _ = Register.create(folder, clerk_no="01", clerk_name="示例甲", password=PASSWORD, now=clock)
    assert ("登记库服务器上的日期是" in made.clock_words) == told
    made.close()
