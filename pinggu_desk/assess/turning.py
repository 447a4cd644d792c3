"""Whether a reading that no rule computes could turn a refusal (不符合当): not where something else rules it out as well."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, cast

from pinggu_desk.policy import forms as f

if TYPE_CHECKING:
    from pinggu_desk.assess.explain import Explainer
    from pinggu_desk.assess.rules import Rule
    from pinggu_desk.policy.forms import Cond


def could_turn(explainer: Explainer, rule: Rule, reading: str) -> bool:
    """Whether all that rules the benefit out is something that the reading's own condition speaks of."""
    facts = rule.meaning.scope.pack.facts

    def named(node: Cond) -> set[str]:
        return {n.name for n in rule.meaning.scope.reach(node) if isinstance(n, f.Name) and n.name in facts}

    about = set[str]().union(*(named(when) for one, when in rule.benefit.doubted_when if one == reading))
    return not any(about.isdisjoint(named(part)) for part in _ruling_out(explainer, rule.condition))


def _ruling_out(explainer: Explainer, node: Cond) -> Iterator[Cond]:
    """The conditions, as small as they can be told apart, that surely don't hold though each of them must."""
    if explainer.span(node)[1]:
        return
    body: object = None
    if isinstance(node, f.IsOne) and node.options == ("是",):
        body = explainer.definition(node.left)
    elif isinstance(node, f.ByReading):
        body = explainer.taken(node)
    if body is not None:
        yield from _ruling_out(explainer, cast("Cond", body))
    elif isinstance(node, f.All):
        for part in node.parts:
            yield from _ruling_out(explainer, part)
    else:
        yield node
