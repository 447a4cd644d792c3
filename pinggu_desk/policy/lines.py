"""Where things stand in a pack's files, looked up only when something is wrong with one."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pinggu_desk.policy.errors import Diagnostic
from pinggu_desk.policy.reader import DAMAGE, Source

#: so many findings of one kind in one file are told one by one
_TOLD = 20


class Lines:
    """The lines at which the entries of a pack's listed files stand, by the name or number that each has."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._known: dict[str, tuple[Source, dict[str, int]] | None] = {}

    def of(self, file: str, name: str) -> int:
        """The line of an entry; nought where it can't be found."""
        known = self._known[file] if file in self._known else self._read(file)
        if known is None or name not in known[1]:
            return 0
        return known[0].line((known[1][name],))

    def _read(self, file: str) -> tuple[Source, dict[str, int]] | None:
        found: dict[str, int] = {}
        try:
            source = Source(self._root, file)
            source.read()
            for index, entry in enumerate(source.data or ()):
                for key in ("名", "编号", "代号"):
                    found.setdefault(str(entry.get(key, "")), index)
            self._known[file] = source, found
        except (OSError, *DAMAGE):
            self._known[file] = None
        return self._known[file]


def folded(found: Iterable[Diagnostic]) -> list[Diagnostic]:
    """The findings, of each kind in each file only the first ones, and how many more there are."""
    out: list[Diagnostic] = []
    counts: dict[tuple[str, str], int] = {}
    for one in found:
        key = one.code, one.file
        counts[key] = counts.get(key, 0) + 1
        if counts[key] <= _TOLD:
            out.append(one)
    for (code, file), count in counts.items():
        if count > _TOLD:
            at = max(i for i, one in enumerate(out) if (one.code, one.file) == (code, file)) + 1
            sentence = f"同类的还有 {count - _TOLD} 处，改好上面的再检查。"
            out.insert(at, Diagnostic(code, file, 0, sentence))
    return out
