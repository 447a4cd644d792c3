"""Old backups are thinned by days, weeks and months, and never so that a good one is missed."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from pinggu_desk.register.thinning import Keep, Kept, to_remove

_TIMES = st.datetimes(datetime(2024, 1, 1), datetime(2029, 12, 31))
_BACKUPS = st.lists(st.tuples(_TIMES, st.booleans()), max_size=60).map(
    lambda made: [Kept(f"{at:%Y%m%d-%H%M%S}-{n}", at, good) for n, (at, good) in enumerate(made)]
)
_KEEP = st.builds(Keep, st.integers(1, 9), st.integers(0, 6), st.integers(0, 14))


def left(backups: list[Kept], now: datetime, keep: Keep) -> list[Kept]:
    gone = set(to_remove(backups, now, keep))
    return [one for one in backups if one.name not in gone]


@given(_BACKUPS, _TIMES, _KEEP)
def test_what_is_never_thinned(backups: list[Kept], now: datetime, keep: Keep) -> None:
    stay = left(backups, now, keep)
    assert [one for one in backups if not one.good] == [one for one in stay if not one.good], "nothing counts on those"
    good = [one for one in backups if one.good]
    assert not good or max(good, key=lambda one: (one.at, one.name)) in stay, "the newest good one stays"
    past = [one for one in good if one.at <= now]
    assert not past or any(one in stay for one in past), "and one of before"
    assert all(one in stay for one in good if one.at > now), "what seems to come from the future stays"
    for day in sorted({one.at.date() for one in past}, reverse=True)[: keep.days]:
        last = max((one for one in past if one.at.date() == day), key=lambda one: (one.at, one.name))
        assert last in stay


@given(_BACKUPS, _TIMES, _KEEP, st.randoms())
def test_the_order_of_the_list_says_nothing_and_twice_is_once(
    backups: list[Kept], now: datetime, keep: Keep, chance: object
) -> None:
    other = sorted(backups, key=lambda one: hash((one.name, id(chance))))
    assert to_remove(other, now, keep) == to_remove(backups, now, keep)
    assert to_remove(left(backups, now, keep), now, keep) == []


@given(_BACKUPS, _TIMES, st.timedeltas(timedelta(0), timedelta(days=2000)), _KEEP)
def test_a_clock_set_back_takes_nothing_that_the_right_one_leaves(
    backups: list[Kept], now: datetime, back: timedelta, keep: Keep
) -> None:
    """The register was thinned at ``now``; then the clock goes back: nothing more may go."""
    stay = left(backups, now, keep)
    wrong = now - back
    assert to_remove(stay, wrong, keep) == []


@given(_BACKUPS, _TIMES, st.timedeltas(timedelta(0), timedelta(days=2000)), _KEEP)
def test_a_clock_that_leaps_ahead_takes_nothing_by_itself(
    backups: list[Kept], now: datetime, ahead: timedelta, keep: Keep
) -> None:
    past = [one for one in left(backups, now, keep) if one.at <= now]
    assert to_remove(past, now + ahead, keep) == []


def test_two_years_of_daily_backups_leave_days_weeks_and_months() -> None:
    first = datetime(2024, 1, 1, 17, 30)
    backups: list[Kept] = []
    for day in range(730):
        now = first + timedelta(days=day)
        backups = left([*backups, Kept(f"{now:%Y%m%d}", now, good=True)], now, Keep())
    assert [one.name for one in backups] == [
        "20250131", "20250228", "20250331", "20250430", "20250531", "20250630", "20250731", "20250831", "20250930",
        "20251031", "20251130", "20251207", "20251214", "20251221", "20251224", "20251225", "20251226", "20251227",
        "20251228", "20251229", "20251230",
    ]  # fmt: skip
