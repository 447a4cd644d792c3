"""A list that ends in 等 in the text is never printed as complete (FOUND 12), whatever policy it is of."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from pinggu_desk.policy import forms as f
from pinggu_desk.policy.models import Pack, Policy
from pinggu_desk.policy.roots import roots
from tests import bundled

#: 甲、乙和丙等; not 等级, 等次, 等待
_OPEN = re.compile(r"((?:[^，。；：（）“”《》、]+、)+[^，。；：（）“”《》]*?)等(?![级次待于])")
_BETWEEN = re.compile("、|以及|和|及|或者|或")
#: what says that the list goes on
_GOES_ON = re.compile("等|其他|同类|类似|都不是|没有")


@pytest.fixture(scope="module")
def pack() -> Pack:
    return bundled.pack()


def parts(words: str) -> list[str]:
    return [part for part in _BETWEEN.split(words) if len(part) > 1]


def open_lists(policy: Policy) -> Iterator[tuple[str, ...]]:
    """What each list of the policy's text names before its 等."""
    for sentence in policy.sentences:
        for match in _OPEN.finditer(sentence.words):
            if len(named := parts(match[1])) > 1:
                yield tuple(named)


def complete(policy: Policy, named: set[str]) -> bool:
    """Whether another sentence of the policy names these as a whole list of its own."""
    lists = (run for s in policy.sentences for run in re.findall(r"(?:[^，。；：、]+、)+[^，。；：、]+", s.words))
    return any("等" not in run and all(one in run for one in named) for run in lists)


def printed(policy: Policy, pack: Pack) -> Iterator[str]:
    """What screens and papers say of a policy in our words: titles, services, remarks, steps, materials, questions."""
    yield from (step.text for step in policy.steps)
    yield from (material.name for material in policy.materials)
    for benefit in policy.benefits:
        yield from (benefit.title, *benefit.notes)
    nodes = [node for root, _, _ in roots(policy) for node in f.walk(root)]
    for node in nodes:
        if isinstance(node, f.InKind):
            yield from node.services
    for name in {node.name for node in nodes if isinstance(node, f.Name)} & pack.facts.keys():
        fact = pack.facts[name]
        yield fact.question
        yield from (option.note for option in fact.options)
        if fact.options and not any(_GOES_ON.search(option.name) for option in fact.options):
            yield "、".join(option.name for option in fact.options)


def test_an_open_list_is_never_closed(pack: Pack) -> None:
    """FOUND 12: wherever two things of a list that ends in 等 are named together, the words say that there are more."""
    closed = {
        (policy.id, words)
        for policy in pack.policies.values()
        for named in open_lists(policy)
        for words in printed(policy, pack)
        if len(both := set(parts(words)) & set(named)) > 1 and not _GOES_ON.search(words) and not complete(policy, both)
    }
    assert closed == set()
