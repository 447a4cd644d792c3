"""The exact search behind the best lawful bundle (最优组合): which benefits to keep where some exclude each other.

Every way of keeping a largest set without two that exclude each other is valued, component by component, so neither the
order of the rules nor a greedy choice can lose money. Money is whole fen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple


class Item(NamedTuple):
    """What the search sees of a benefit: a certain sum or a ceiling (fen), a share's rate (0.01 %), its id.

    Certain is only what is worked out (按条款计算): the lower end of a published range is no sum that anybody is sure of.
    ``written`` says that its text gives a term, ``since`` from which day its text is known (从新): they break ties.
    """

    id: str
    certain: int
    ceiling: int
    rate: int
    written: int = 0
    since: int = 0


class Group(NamedTuple):
    """A limit over several benefits: their ids and what is left of it (fen)."""

    ids: frozenset[str]
    left: int


Worth = tuple[int, int, int, int, int, int]


def worth(kept: Iterable[Item], groups: Sequence[Group]) -> Worth:
    """What a set is worth: certain money first, then rates, then ceilings, then the number of things kept.

    Of equal ones the set whose texts give more terms in writing, then the one whose texts are newer (从新).
    """
    kept = list(kept)
    certain = _within({item.id: item.certain for item in kept}, groups)
    ceiling = max(_within({item.id: item.certain + item.ceiling for item in kept}, groups) - certain, 0)
    written, since = sum(item.written for item in kept), sum(item.since for item in kept)
    return certain, sum(item.rate for item in kept), ceiling, len(kept), written, since


def _within(sums: Mapping[str, int], groups: Sequence[Group]) -> int:
    """What these sums come to together while each limit holds.

    Exact where limits lie apart or within one another (one part of a policy, the whole of it): the smaller are met first, and
    what they cut off isn't cut off again. Of limits that cross one another it is never more than may be had.
    """
    total, blocks = sum(sums.values()), list[tuple[frozenset[str], int]]()
    for group in sorted(groups, key=lambda group: len(group.ids)):
        ids = group.ids & sums.keys()
        if not ids:
            continue
        met = [block for block in blocks if block[0] & ids]
        done = frozenset().union(*(block[0] for block in met))
        own = sum(sums[i] for i in ids - done)
        inside = own + sum(min(left, sum(sums[i] for i in block & ids)) for block, left in met)
        excess = max(inside - group.left, 0)
        total -= excess
        whole = own + sum(left for _, left in met) - excess
        blocks = [block for block in blocks if block not in met] + [(done | ids, whole)]
    return total


def best(items: Sequence[Item], excluding: Iterable[frozenset[str]], groups: Sequence[Group] = ()) -> frozenset[str]:
    """The ids of the best set in which no two exclude each other; equal worth goes to the ids that sort first.

    Exact: components that share neither an exclusion nor a limit are searched one by one, each in full.
    """
    pairs = [pair for pair in excluding if len(pair) == 2]
    kept: set[str] = set()
    by_id = {item.id: item for item in items}
    for component in _components(by_id, pairs, groups):
        kept |= _best_of([by_id[i] for i in sorted(component)], pairs, groups)
    return frozenset(kept)


def _components(
    items: Mapping[str, Item], pairs: Sequence[frozenset[str]], groups: Sequence[Group]
) -> Iterator[set[str]]:
    links = [set(pair) for pair in pairs] + [set(group.ids) for group in groups]
    left = set(items)
    while left:
        found = {min(left)}
        while more := {i for link in links if link & found for i in link & left} - found:
            found |= more
        left -= found
        yield found


def _best_of(items: list[Item], pairs: Sequence[frozenset[str]], groups: Sequence[Group]) -> set[str]:
    if len(items) == 1:  # what stands by itself is kept
        return {items[0].id}
    against: dict[str, set[str]] = {item.id: set() for item in items}
    for one, other in (tuple(pair) for pair in pairs):
        if one in against and other in against:
            against[one].add(other)
            against[other].add(one)
    by_id = {item.id: item for item in items}

    def rank(ids: Iterable[str]) -> tuple[Worth, list[tuple[int, ...]]]:
        # Of equally good sets, the one whose ids sort first: the answer can't depend on the order of the rules.
        return worth((by_id[i] for i in ids), groups), sorted((tuple(-ord(c) for c in i) for i in ids), reverse=True)

    return set(max(_free_sets(frozenset(by_id), against), key=rank))


def _free_sets(ids: frozenset[str], against: Mapping[str, set[str]]) -> Iterator[frozenset[str]]:
    """Every largest set (none can be added) without two that exclude each other."""
    free = frozenset(i for i in ids if not against[i] & ids)
    rest = ids - free
    if not rest:
        yield free
        return
    pivot = max(sorted(rest), key=lambda i: len(against[i] & rest))
    for with_ in _free_sets(rest - {pivot} - against[pivot], against):
        yield free | {pivot} | with_
    for without in _free_sets(rest - {pivot}, against):
        if without & against[pivot]:  # else the pivot could still be added
            yield free | without
