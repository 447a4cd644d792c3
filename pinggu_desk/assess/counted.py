"""What past awards make of the facts that are worked out from them (由登记簿): sums, times, years within a window."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from pinggu_desk.assess.awards import Award
from pinggu_desk.policy.facts import Fact, History


def counted_by(history: History) -> list[str]:
    """The benefits that a history fact counts, and their policies: an award of before that no pack has names no benefit."""
    return [*history.benefits, *dict.fromkeys(name.partition(".")[0] for name in history.benefits)]


def awards_span(fact: Fact, awards: Sequence[Award], on: date) -> tuple[int, int]:
    """What past awards make of a history fact, at least and at most: fen, a number of awards, or a number of years (in months).

    The two differ where an award of the same policy is of a benefit that no pack has (往年项目): whether it counts is the
    department's to say; and where the text binds a thing (逐件): which one an award was for is the applicant's to say.
    """
    assert fact.history is not None
    if not awards:
        return 0, 0
    history = fact.history
    policies = {name.partition(".")[0] for name in history.benefits}
    there = [award for award in awards if award.on <= on and _in_window(history.window, award.on, on)]
    mine = [award for award in there if award.benefit and award.whole_id in history.benefits]
    maybe = [award for award in there if not award.benefit and award.policy in policies]
    ends = _counted(history, [] if history.each_thing else mine, on), _counted(history, [*mine, *maybe], on)
    return min(ends), max(ends)


def from_awards(fact: Fact, awards: Sequence[Award], on: date) -> int:
    """The least of :func:`awards_span`: what counts for certain."""
    return awards_span(fact, awards, on)[0]


def _counted(history: History, mine: Sequence[Award], on: date) -> int:
    if history.counts == "金额":
        return sum(award.amount_fen for award in mine)
    if history.counts == "次数":
        return len(mine)
    years = {award.on.year for award in mine}
    if history.counts == "已过年数":
        return 12 * (on.year - min(years, default=on.year))
    return 12 * len(years)


def _in_window(window: str, awarded: date, on: date) -> bool:
    if window == "本年度":
        return awarded.year == on.year
    return window == "全部" or awarded.year < on.year
