"""Open cases under a version that is about to be, or has been, replaced: told to the clerk, who judges them anew or not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from pinggu_desk.assess.ahead import next_version

if TYPE_CHECKING:
    from pinggu_desk.policy.models import Pack
    from pinggu_desk.register.records import Case

#: so long before another version is in force its open cases are listed
_BEFORE = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Replaced:
    """An open case, and the day from which another version of its policy is in force than the one it is judged by."""

    case: Case
    title: str
    day: date

    @property
    def words(self) -> str:
        """``自2027年1月1日起适用新版本``."""
        return f"自{self.day.year}年{self.day.month}月{self.day.day}日起适用新版本"


def replaced_cases(pack: Pack, cases: Iterable[Case], today: date) -> tuple[Replaced, ...]:
    """Of the open cases, those judged by a version that ends within a month or has ended, the nearest day first.

    A case over all policies (政策匹配) belongs to none; a policy that the pack doesn't know is passed over.
    """
    out = []
    for case in cases:
        standing = pack.at(case.on).policies.get(case.policy_id)
        later = next_version(pack, case.policy_id, case.on) if standing is not None else None
        if standing is not None and later is not None and later.begins - today <= _BEFORE:
            out.append(Replaced(case, standing.title, later.begins))
    return tuple(sorted(out, key=lambda one: (one.day, one.case.number)))


def told(found: Iterable[Replaced]) -> str:
    """One quiet line for the first page: how many cases, of which policies, from when; empty where there are none."""
    every = list(found)
    if not every:
        return ""
    named = list(dict.fromkeys(f"《{one.title.strip('《》')}》{one.words}" for one in every))
    more = f"等 {len(named)} 项" if len(named) > 1 else ""
    return f"{named[0]}{more}，有 {len(every)} 件在办办件按原版本判断"
