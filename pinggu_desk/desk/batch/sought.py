"""Finding names among a hundred thousand by characters or pinyin initials while one types. Knows no widget.

One regular expression over all names at once: each letter that is typed stands for itself and for every character of the
list with that initial, any reading. What only pinyin in full would find is looked for name by name where names are few.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from pinggu_desk.policy.characters import plain_name

_FEW = 2000


class Names:
    """The names of a list, in its order."""

    def __init__(self, names: Sequence[str]) -> None:
        self._plain = [plain_name(name) for name in names]
        self._text = "\n".join(self._plain)
        self._starts = list(accumulate((len(name) + 1 for name in self._plain), initial=0))[:-1]
        self._singles: dict[str, str] | None = None

    def fitting(self, typed: str) -> NDArray[np.bool_]:
        """Which names have what was typed in them; all where nothing was."""
        wanted = plain_name(typed)
        found = np.zeros(len(self._plain), np.bool_)
        if not wanted:
            return ~found
        pattern = re.compile("".join(map(self._class, wanted)))
        for hit in pattern.finditer(self._text):
            found[bisect_right(self._starts, hit.start()) - 1] = True
        if not found.any() and len(self._plain) <= _FEW:
            from pinggu_desk.desk import pinyin

            found = np.fromiter((pinyin.contains(name, wanted) for name in self._plain), np.bool_, len(self._plain))
        return found

    def _class(self, letter: str) -> str:
        others = self._readings().get(letter, "")
        return f"[{re.escape(letter)}{re.escape(others)}]"

    def _readings(self) -> dict[str, str]:
        """The characters of the list by the letters that stand for them."""
        if self._singles is None:
            from pinggu_desk.register.names import units

            by: dict[str, list[str]] = defaultdict(list)
            for character in sorted(set(self._text) - {"\n"}):
                for unit in units(character):
                    for single in unit.singles - {character}:
                        by[single].append(character)
            self._singles = {single: "".join(characters) for single, characters in by.items()}
        return self._singles
