"""``serving.json``: which installed pack serves, and which served before, in one small file that is replaced in one step."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

POINTER, INSTALLED, FILES = "serving.json", "installed", "pack"
#: the program's own pack, as the pointer names it
BUILT_IN = ""
NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z.+_-]{0,80}")
_MOST_BYTES, _MOST_BEFORE = 100_000, 50


@dataclass(frozen=True, slots=True)
class State:
    """The name of the one that serves, and of those that served before it, the last one last."""

    serving: str = BUILT_IN
    before: tuple[str, ...] = ()

    def to_bytes(self) -> bytes:
        """The file."""
        return json.dumps({"serving": self.serving, "before": list(self.before)[-_MOST_BEFORE:]}, indent=1).encode()


def read_state(home: Path) -> State:
    """What the file says; of one that is missing or damaged, that the program's own pack serves."""
    try:
        with (home / POINTER).open("rb") as file:
            raw = json.loads(file.read(_MOST_BYTES))
        names = [raw["serving"], *raw["before"]]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return State()
    if not all(isinstance(name, str) and (name == BUILT_IN or NAME.fullmatch(name)) for name in names):
        return State()
    return State(names[0], tuple(names[1:]))


def files_of(home: Path, name: str) -> Path:
    """The folder of an installed pack's files."""
    return home / INSTALLED / name / FILES
