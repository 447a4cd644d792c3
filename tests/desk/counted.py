"""How often methods are called while something is tried; they do what they did."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest


def calls(monkeypatch: pytest.MonkeyPatch, *methods: tuple[type[Any], str]) -> Counter[str]:
    """Counts by ``Class.method`` from now on."""
    times: Counter[str] = Counter()
    for kind, name in methods:
        real = getattr(kind, name)

        def counted(self: Any, *given: Any, _real: Any = real, _name: str = f"{kind.__name__}.{name}") -> Any:
            times[_name] += 1
            return _real(self, *given)

        monkeypatch.setattr(kind, name, counted)
    return times
