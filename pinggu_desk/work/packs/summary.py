"""What changes from one pack to another, as a person wants it first: which policies and benefits are new, gone, or give another figure.

The list of all changes runs to thousands of lines where a district's pack takes the place of another's; whoever installs one reads
this, and looks up in the list what he wants to know more of.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pinggu_desk.work.packs.diff import Change, Changes

#: up to so many changes are short enough to be listed behind the summary unasked
SHORT = 40
#: so many benefits of one policy are told one by one
_TOLD = 12
#: parts of a benefit that move an answer, and what each is called here
_PARTS = {"给予": "标准", "条件": "条件", "期限": "期限", "时限": "时限", "折算": "折算", "豁免": "豁免"}
_SHARED = ("限额·", "总则·", "定义·")


def summary(changes: Changes) -> list[str]:
    """The lines, policy by policy, then how much else is different; none where nothing is."""
    items = changes.items
    if not items:
        return []
    new = {c.policy for c in items if c.area == "政策" and not c.before}
    gone = {c.policy for c in items if c.area == "政策" and not c.after}
    by: dict[str, list[Change]] = {}
    for one in items:
        if one.policy and one.policy not in new | gone:
            by.setdefault(one.policy, []).append(one)
    out = [*_whole("新增政策", new, changes), *_whole("不再有的政策", gone, changes)]
    for policy, mine in by.items():
        out += _of_policy(_named(changes, policy), mine)
    rest = Counter(one.area for one in items if not one.policy)
    if rest:
        out.append(f"另外：{'、'.join(f'{area} {count} 处' for area, count in rest.items())}")
    return out


def _whole(head: str, policies: Iterable[str], changes: Changes) -> Iterator[str]:
    named = sorted(policies)
    if named:
        yield f"{head} {len(named)} 项："
        offers = Counter(one.policy for one in changes.items if one.benefit and not one.part)
        yield from (f"    {_named(changes, one)}，{offers[one]} 个支持事项" for one in named)


def _named(changes: Changes, policy: str) -> str:
    return f"《{changes.titles.get(policy, policy).strip('《》')}》（{policy}）"


def _of_policy(named: str, mine: Sequence[Change]) -> Iterator[str]:
    by: dict[tuple[str, str], list[Change]] = {}
    shared: list[Change] = []
    for one in mine:
        if one.benefit:
            by.setdefault((one.since, one.benefit), []).append(one)
        elif one.area == "规则" and one.part.startswith(_SHARED):
            shared.append(one)
    told = [words for group in by.values() if (words := _benefit(group))]
    told += [f"{_when(one)}{one.part}{_differs(one)}" for one in shared]
    counts = Counter("规则" if one.benefit else one.area for one in mine)
    rest = "、".join(f"{area} {count} 处" for area, count in counts.items())
    yield f"{named}：{rest}"
    yield from (f"    {words}" for words in told[:_TOLD])
    if len(told) > _TOLD:
        yield f"    另有 {len(told) - _TOLD} 行"


def _benefit(group: Sequence[Change]) -> str:
    """A benefit in a line: new, gone, or what of it is another; empty where nothing moves an answer."""
    first = group[0]
    if not first.part:
        return f"{_when(first)}{'不再给予' if not first.after else '新增'}：{first.before or first.after}"
    moved = [f"{_PARTS[one.part]}{_differs(one)}" for one in group if one.part in _PARTS]
    others = [one.part for one in group if one.part not in _PARTS]
    moved += [f"{'、'.join(others)}不同"] if others else []
    return f"{_when(first)}{first.title}：{'；'.join(moved)}"


def _differs(one: Change) -> str:
    if not one.before or not one.after:
        return f"{'新增' if not one.before else '删去'}（{one.after or one.before}）"
    return f"不同（{one.figures}）" if one.figures else "不同（数没有变）"


def _when(one: Change) -> str:
    return f"{one.since}　" if one.since else ""
