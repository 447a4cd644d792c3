"""Several things of one kind (逐项): leases, machines, patents, each with figures of its own, worked out one by one and added up.

Said once: a count (``租房处数``, with a most), facts that are asked of each (``逐: 租房处数``), and a rule for one of them
(``{逐项: 租房处数, 合计: 量}``). Under it stand a fact a thing (``月租金·第1处``) and a sum of what each comes to while there are so
many. So neither engine, lists, forms nor interviews know anything new: a thing's facts are facts, in a list columns.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

from pinggu_desk.policy import forms as f
from pinggu_desk.policy.facts import Fact
from pinggu_desk.policy.models import Policy
from pinggu_desk.policy.quantity import Dim, Quantity

#: so many things of a kind are asked after at most: each has a row on the form
MOST = 20
#: hears of what is wrong: the place in its file, and the sentence
Refuse = Callable[[f.Path, str], None]


def spread_things(facts: Mapping[str, Fact], refuse: Refuse) -> dict[str, Fact]:
    """The facts by name, those of each thing (逐) as one for each that there may be."""
    out: dict[str, Fact] = {}
    for at, (name, fact) in enumerate(facts.items()):
        if not fact.each:
            out[name] = fact
        elif sentence := _fault(fact, facts):
            refuse((at,), sentence)
        else:
            out |= {one.name: one for one in _each(fact, facts[fact.each])}
    return out


def thing_name(name: str, number: int, unit: str) -> str:
    """``月租金·第1处``."""
    return f"{name}·第{number}{unit}"


def _each(fact: Fact, count: Fact) -> Iterator[Fact]:
    for number in range(1, count.bounds[1] + 1):
        said = {
            "name": thing_name(fact.name, number, count.unit), "id": f"{fact.id}_{number}",
            "question": f"第{number}{count.unit}：{fact.question}",
        }  # fmt: skip
        yield fact.model_copy(update=said)


def _fault(fact: Fact, facts: Mapping[str, Fact]) -> str:
    count = facts.get(fact.each)
    if count is None or count.dim is not Dim.COUNT or count.each:
        return f"“{fact.name}”的“逐”应写一个数量类填报项的名称（有几处、几台），“{fact.each}”不是。"
    if not count.most or not 1 < count.bounds[1] <= MOST:
        return f"“{fact.each}”是逐项的个数，应写“最多”，2 至 {MOST}{count.unit}。"
    if fact.history is not None or fact.decided_by or fact.party:
        return f"“{fact.name}”逐项填报，不能由登记簿、主管部门或登记项得来，请改为分别填报。"
    return ""


def with_things(policy: Policy, facts: Mapping[str, Fact], refuse: Refuse) -> Policy:
    """The policy with every 逐项 as the sum that it stands for; ``facts`` are as their file has them."""
    found = _Unrolled(facts, refuse)
    changed = {name: _mapped(getattr(policy, name), found) for name in ("definitions", "general", "benefits", "limits")}
    return replace(policy, **changed) if found.any else policy


class _Unrolled:
    """Puts a sum in the place of each 逐项."""

    def __init__(self, facts: Mapping[str, Fact], refuse: Refuse) -> None:
        self._facts, self._refuse, self.any = facts, refuse, False

    def __call__(self, node: Any) -> f.Node | None:
        if not isinstance(node, f.Each):
            return None
        self.any = True
        count = self._facts.get(node.over.name)
        own = {name: fact for name, fact in self._facts.items() if fact.each == node.over.name}
        used = {one.name for one in f.walk(node.body) if isinstance(one, f.Name)} & set(own)
        if count is None or not used:
            sentence = f"“逐项: {node.over.name}”里应用到至少一个写明“逐: {node.over.name}”的填报项。"
            self._refuse(node.path, sentence)
            return node.body
        if any(isinstance(one, f.Each) for one in f.walk(node.body)):
            self._refuse(node.path, "“逐项”里面不能再写“逐项”，请分开计算。")
            return node.body
        if not count.most or count.bounds[1] > MOST:
            return node.body  # told where the facts are
        parts = tuple(self._thing(node, number, count, used) for number in range(1, count.bounds[1] + 1))
        return replace(node, parts=parts)

    def _thing(self, node: f.Each, number: int, count: Fact, used: set[str]) -> f.If:
        named = {name: thing_name(name, number, count.unit) for name in used}

        def renamed(one: Any) -> f.Node | None:
            return replace(one, name=named[one.name]) if isinstance(one, f.Name) and one.name in named else None

        so_many = f.Lit(node.cite, node.path, Quantity(number, Dim.COUNT, ""))  # no number of the text's
        there = f.Compare(node.cite, node.path, node.over, "不低于", so_many)
        body: Any = renamed(node.body) or _mapped(node.body, renamed)
        return f.If(node.cite, node.path, there, body, f.Nothing(node.cite, node.path))


def _mapped(value: Any, swap: Callable[[Any], f.Node | None]) -> Any:
    """The same with some forms swapped for others, wherever they stand in it; itself where none is."""
    swapped = swap(value)
    if swapped is not None:
        return swapped
    if isinstance(value, tuple):
        parts = tuple(_mapped(one, swap) for one in value)
        return value if all(a is b for a, b in zip(parts, value, strict=True)) else parts
    if not is_dataclass(value) or isinstance(value, type):
        return value
    given = {one.name: getattr(value, one.name) for one in fields(value)}
    made = {name: _mapped(one, swap) for name, one in given.items()}
    changed = {name: one for name, one in made.items() if one is not given[name]}
    return replace(value, **changed) if changed else value
