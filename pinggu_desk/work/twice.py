"""Who stands in a list more than once: told, never put together, for one applicant may have several projects."""

from __future__ import annotations

from collections.abc import Sequence

from pinggu_desk.policy.characters import plain_name
from pinggu_desk.policy.identity import normal_code

_SHOWN = 3


class Twice:
    """Applicants by code, or by name where there is no code, with the row that each was first seen in."""

    def __init__(self) -> None:
        self._first: dict[str, int] = {}
        self._again: dict[str, tuple[str, list[int]]] = {}

    def take(self, keys: Sequence[tuple[str, str]], rows: Sequence[int]) -> None:
        """Take some applicants (name, code) with their rows."""
        for (name, code), row in zip(keys, rows, strict=True):
            key = normal_code(code) or plain_name(name)
            if key and self._first.setdefault(key, row) != row:
                self._again.setdefault(key, (name, [self._first[key]]))[1].append(row)

    def words(self) -> list[str]:
        """The sentence that says so; none where everybody stands there once."""
        if not self._again:
            return []
        named = "、".join(
            f"“{name or '没有名称的'}”在第 {'、'.join(map(str, rows[:_SHOWN]))}{'等' if len(rows) > _SHOWN else ''} 行"
            for name, rows in list(self._again.values())[:_SHOWN]
        )
        more = "等" if len(self._again) > _SHOWN else ""
        return [f"有 {len(self._again):,} 个申请人不止一行（{named}{more}），各行分别测算，合计里都加了，请核对。"]
