"""The desk backs up by itself after work, makes good what was missed, and a wrong clock neither stops it nor drives it mad."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinggu_desk.register import Register, errors, events
from pinggu_desk.register.backupplan import (
    Done,
    Plan,
    PlanFile,
    due,
    mark_stick,
    overdue,
    read_time,
    state_words,
    stick_due,
)
from pinggu_desk.register.thinning import Keep
from pinggu_desk.register.volumes import plugged_in

AWAY, HERE = timedelta(hours=1), timedelta(seconds=20)
NOON, EVENING = datetime(2026, 3, 3, 12), datetime(2026, 3, 3, 17, 40)


def plan(last: datetime | None, failed_at: datetime | None = None, failed: str = "") -> Plan:
    done = Done(last, "登记库备份-x", "/备份") if last else None
    return Plan(place="/备份", done=done, failed_at=failed_at, failed=failed)


@pytest.mark.parametrize(
    ("last", "now", "idle", "wanted"),
    [
        (datetime(2026, 3, 2, 17, 35), NOON, AWAY, False),  # yesterday's is there
        (datetime(2026, 3, 2, 17, 35), EVENING, AWAY, True),
        (datetime(2026, 3, 2, 17, 35), EVENING, HERE, False),  # somebody is still served
        (datetime(2026, 3, 2, 17, 35), EVENING + timedelta(hours=1), HERE, True),
        (datetime(2026, 3, 3, 17, 35), EVENING, AWAY, False),
        (datetime(2026, 3, 2, 9), NOON, HERE, True),  # yesterday evening the machine was off: made good at once
        (None, NOON, HERE, True),
        (datetime(2027, 1, 1), EVENING, AWAY, True),  # the clock was set back since
    ],
)
def test_when_it_is_due(last: datetime | None, now: datetime, idle: timedelta, wanted: bool) -> None:
    assert due(plan(last), now, idle) is wanted
    assert not due(Plan(), now, idle), "nothing is done that nobody set"


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1)), st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1))
)
def test_it_comes_to_rest_whatever_the_clock_says(last: datetime, now: datetime) -> None:
    """Just backed up, nothing is due; and after two days of any history something is."""
    assert not due(plan(now), now, AWAY)
    assert due(plan(now), now + timedelta(days=2), AWAY)
    if abs(last - now) > timedelta(days=2):
        assert due(plan(last), now, AWAY)


def test_what_failed_is_tried_again_in_a_while() -> None:
    failed = plan(None, failed_at=EVENING, failed="满了。")
    assert not due(failed, EVENING + timedelta(minutes=9), AWAY)
    assert due(failed, EVENING + timedelta(minutes=10), AWAY)
    assert due(failed, EVENING - timedelta(days=30), AWAY), "the clock was set back: not waited out"


def test_the_quiet_line_comes_after_a_week_and_says_why() -> None:
    assert overdue(plan(NOON - timedelta(days=7)), NOON) == ""
    said = overdue(plan(NOON - timedelta(days=9), failed="“E:\\”空间不足。"), NOON)
    assert said == "最近一次备份是 9 天前（上次没有做成：“E:\\”空间不足），请在“设置”的“备份与核验”中备份一次。"
    assert overdue(Plan(), NOON) == overdue(Plan(since=NOON.date()), NOON) == ""
    assert overdue(Plan(since=date(2026, 1, 1)), NOON).startswith("61 天来还没有备份过")
    assert state_words(plan(NOON), NOON.date()).startswith("最近一次备份：今天 12:00，已核验，在")


def test_the_plan_is_kept_whole_and_a_broken_file_stops_nothing(tmp_path: Path) -> None:
    file = PlanFile(tmp_path)
    kept = file.change(
        place="/备份", at=read_time("18：05"), keep=Keep(3, 2, 1), done=Done(NOON, "名", "/备份"), failed_at=NOON,
        failed="满了。", sticks={"/media/盘": EVENING}, since=NOON.date(),
    )  # fmt: skip
    assert file.read() == kept == PlanFile(tmp_path).read()
    (tmp_path / "backups.json").write_text('{"place": 3')
    assert file.read() == Plan()
    with pytest.raises(errors.InvalidEntry, match="应写成 17:30"):
        read_time("五点半")


def test_a_stick_is_ours_when_it_was_marked_for_this_register(tmp_path: Path) -> None:
    assert not stick_due(Plan(), "abc", tmp_path, NOON)
    mark_stick(tmp_path, "abc")
    assert stick_due(Plan(), "abc", tmp_path, NOON)
    assert not stick_due(Plan(), "other", tmp_path, NOON) and not stick_due(Plan(), "", tmp_path, NOON)
    had = Plan(sticks={str(tmp_path): NOON})
    assert not stick_due(had, "abc", tmp_path, EVENING) and stick_due(had, "abc", tmp_path, EVENING + timedelta(days=1))


def test_what_is_plugged_in_is_read_from_the_system() -> None:
    mounted = "/dev/sda1 / ext4 rw 0 0\n/dev/sdb1 /media/示例/我的\\040盘 vfat rw 0 0\ntmpfs /run tmpfs rw 0 0\n"
    assert plugged_in(mounted) == [Path("/media/示例/我的 盘")]


def test_the_head_says_how_many_backups_stay_within_bounds_and_on_the_trail(register: Register) -> None:
    assert PlanFile(register.folder).read().keep == Keep(7, 5, 12)
    register.keep_backups(Keep(10, 8, 24), seen=Keep(7, 5, 12))
    assert PlanFile(register.folder).read().keep == Keep(10, 8, 24)
    told = register.audit_rows(1)[0]
    assert (told.event, told.detail) == (events.BACKUPS_KEPT, "7 天、5 周、12 个月 改为 10 天、8 周、24 个月")
    for bad in (Keep(0, 8, 24), Keep(10, 61, 24), Keep(10, 8, 121)):
        with pytest.raises(errors.InvalidEntry, match="不合要求"):
            register.keep_backups(bad)
    assert PlanFile(register.folder).read().keep == Keep(10, 8, 24)
