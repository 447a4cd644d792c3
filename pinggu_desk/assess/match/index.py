"""Which benefits a changed answer can touch, looked up by fact instead of asked of every benefit with every key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pinggu_desk.assess.rules import Rule


class Index:
    """Of these rules (by benefit id), the benefits by the facts that they look at."""

    def __init__(self, rules: Mapping[str, Rule]) -> None:
        self._rules = rules

    def lookers(self, names: Iterable[str]) -> frozenset[str]:
        """The benefits that look at any of these facts, be it only to tell something (``Rule.looks_at``)."""
        return frozenset().union(*(self._lookers.get(name, ()) for name in names))

    def askers(self, names: Iterable[str]) -> frozenset[str]:
        """The benefits whose conditions or figure rest on any of these facts (``Rule.asks``)."""
        return frozenset().union(*(self._askers.get(name, ()) for name in names))

    @cached_property
    def _lookers(self) -> dict[str, set[str]]:
        return _by_fact((name, i) for i, rule in self._rules.items() for name in rule.looks_at)

    @cached_property
    def _askers(self) -> dict[str, set[str]]:
        return _by_fact((name, i) for i, rule in self._rules.items() for name in rule.asks)


def _by_fact(pairs: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    by: dict[str, set[str]] = {}
    for name, benefit in pairs:
        by.setdefault(name, set()).add(benefit)
    return by
