"""The top forms of a policy: where every walk over its rules begins."""

from __future__ import annotations

from collections.abc import Iterator

from pinggu_desk.policy import forms as f
from pinggu_desk.policy.forms import Cond, Expr, Path
from pinggu_desk.policy.models import Policy


def roots(policy: Policy) -> Iterator[tuple[Expr | Cond, bool, Path]]:
    """Every top form of a policy, whether it is a condition, and its place."""
    for definition in policy.definitions:
        yield definition.body, definition.is_condition, definition.path
    for general in policy.general:
        yield general.condition, True, general.path
    for benefit in policy.benefits:
        if benefit.condition is not None:
            yield benefit.condition, True, benefit.path
        yield benefit.give, False, benefit.path
        for _, when in (*benefit.told_when, *benefit.doubted_when, *benefit.notes_when):
            yield when, True, benefit.path
        if benefit.worth is not None:
            for part in benefit.worth.parts:
                yield part, False, benefit.path
        if benefit.deadline is not None:
            yield benefit.deadline.last_day, False, benefit.path
            if benefit.deadline.when is not None:
                yield benefit.deadline.when, True, benefit.path
            if benefit.deadline.other is not None:
                yield benefit.deadline.other.last_day, False, benefit.path
                yield benefit.deadline.other.when, True, benefit.path
    for limit in policy.limits:
        yield limit.most, False, limit.path


def only_taken_off(policy: Policy, name: str) -> bool:
    """Whether a name is nowhere judged by or worked from, other than as what is taken off (扣减): money received, not money spent."""
    nodes = [node for root, _, _ in roots(policy) for node in f.walk(root)]
    spared = {node.less for node in nodes if isinstance(node, f.Less)}
    return not any(isinstance(node, f.Name) and node.name == name and node not in spared for node in nodes)
