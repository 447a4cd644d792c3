"""What the columns of a list (名单) may be called: other names of facts, and columns that have no bearing on anything.

They are data (``columns.yaml``), since every office has its own words; a word means one fact or none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pinggu_desk.policy.errors import Diagnostic
from pinggu_desk.policy.facts import Fact
from pinggu_desk.policy.quantity import half_width

if TYPE_CHECKING:
    from pinggu_desk.policy.reader import Source


@dataclass(frozen=True, slots=True)
class ColumnWords:
    """Folded words (see :func:`fold`): ``names`` to the name of the fact that they stand for, ``passed`` to be passed over."""

    names: Mapping[str, str] = field(default_factory=dict)
    passed: frozenset[str] = frozenset()


def fold(words: str) -> str:
    """A column's words as they are compared: half width, small letters, without spaces, breaks and unseen characters."""
    return half_width(words).lower()


def read_columns(source: Source, facts: Mapping[str, Fact], found: list[Diagnostic]) -> ColumnWords:
    """The words of ``columns.yaml``; what is wrong with them goes to ``found``."""
    raw = source.data if isinstance(source.data, dict) else {}
    if set(raw) - {"别名", "略过"} or not isinstance(raw.get("别名", {}), dict):
        found.append(source.found("bad-entry", (), "列名文件只能有“别名”（填报项: [叫法]）和“略过”两项。"))
        return ColumnWords()
    names: dict[str, str] = {}
    for fact, others in raw.get("别名", {}).items():
        if fact not in facts:
            found.append(source.found("unknown-name", ("别名", str(fact)), f"没有名为“{fact}”的填报项。"))
        for word in _words(source, ("别名", str(fact)), others, found):
            if word in names or (word in facts and word != fact):
                found.append(source.found("duplicate-name", ("别名", str(fact)), f"列名“{word}”已有别的意思。"))
            names[word] = str(fact)
    passed = _words(source, ("略过",), raw.get("略过", []), found)
    for word in passed:
        if word in names or word in facts:
            found.append(source.found("duplicate-name", ("略过",), f"列名“{word}”已是填报项的叫法，不能略过。"))
    return ColumnWords(names, frozenset(passed))


def _words(source: Source, path: tuple[str, ...], raw: Any, found: list[Diagnostic]) -> list[str]:
    if not isinstance(raw, list) or not all(isinstance(word, str) and fold(word) for word in raw):
        found.append(source.found("bad-entry", path, "叫法应是一列文字，如 [企业名称, 单位名称]。"))
        return []
    return [fold(word) for word in raw]
