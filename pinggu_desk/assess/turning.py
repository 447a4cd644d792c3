"""When a reading that no rule computes could turn a refusal (不符合当): not where something else rules the benefit out as well."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, cast

from pinggu_desk.policy import forms as f

if TYPE_CHECKING:
    from pinggu_desk.policy.forms import Cond
    from pinggu_desk.policy.scope import Scope


def turning(when: Cond, condition: Cond, scope: Scope) -> Cond:
    """``when``, and all of a benefit's condition that it doesn't speak of: where that surely fails, no reading helps."""
    about = frozenset(scope.facts_of(when)) & scope.pack.facts.keys()
    return f.All(when.cite, when.path, (when, *_others(condition, about, scope)))


def _others(node: Cond, about: frozenset[str], scope: Scope) -> Iterator[Cond]:
    """The conditions that each must hold, as small as they can be told apart, but for those that look at one of these facts."""
    if isinstance(node, f.All):
        for part in node.parts:
            yield from _others(part, about, scope)
        return
    if isinstance(node, f.ByReading):
        sides = (node.taken, node.other)
        taken, other = (f.All(node.cite, node.path, tuple(_others(cast("Cond", side), about, scope))) for side in sides)
        if taken.parts or other.parts:
            yield f.ByReading(node.cite, node.path, node.reading, taken, other)
        return
    body = scope.body(node.left) if isinstance(node, f.IsOne) and isinstance(node.left, f.Name) else None
    if body is not None and isinstance(node, f.IsOne) and node.options == ("是",):
        yield from _others(cast("Cond", body), about, scope)
    elif about.isdisjoint(scope.facts_of(node)):
        yield node
