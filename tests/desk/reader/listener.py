"""What a screen reader gets of the desk, by the library that screen readers use (pyatspi, of the system's Python).

usage: listener.py OUT STEP,STEP… COMMAND…   Starts the command, has it do one step after another, and writes to OUT as
JSON, for each, the things that are showing and what was said meanwhile. Needs a session bus and a display; knows nothing
of ours.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyatspi
from gi.repository import GLib

QUIET, PATIENCE, LOOK_EVERY = 3.0, 300.0, 100  # seconds without an event, seconds at most, milliseconds


def things(one: Any, depth: int = 0) -> Iterator[dict[str, Any]]:
    """What is showing, from the top: role, name, description, states, interfaces, the role of what holds it."""
    try:
        states = [pyatspi.stateToString(state) for state in one.getState().getStates()]
        if depth > 1 and "showing" not in states:
            return
        yield {
            "role": one.getRoleName(), "name": one.name, "description": one.description, "states": states,
            "interfaces": pyatspi.listInterfaces(one), "parent": one.parent.getRoleName() if one.parent else "",
        }  # fmt: skip
        children = list(one)
    except (GLib.GError, LookupError, NotImplementedError):  # gone while it was being looked at
        return
    for child in children:
        if child is not None:
            yield from things(child, depth + 1)


class Listener:
    """Notes what is announced, and where the focus goes."""

    def __init__(self) -> None:
        self.said: list[tuple[int, str]] = []
        self.focus: list[tuple[str, str]] = []
        self._last = 0.0
        self._loop = GLib.MainLoop()
        pyatspi.Registry.registerEventListener(self._announced, "object:announcement")
        pyatspi.Registry.registerEventListener(self._focused, "object:state-changed:focused")

    def _announced(self, event: Any) -> None:
        self._last = time.monotonic()
        self.said.append((int(event.detail1), str(event.any_data)))

    def _focused(self, event: Any) -> None:
        self._last = time.monotonic()
        if event.detail1:
            self.focus.append((event.source.getRoleName(), event.source.name))

    def _until_quiet(self) -> None:
        """Handle what comes until nothing has come for a while."""
        self._last = time.monotonic()
        end = self._last + PATIENCE

        def look() -> bool:
            if time.monotonic() < min(end, self._last + QUIET):
                return True
            self._loop.quit()
            return False

        GLib.timeout_add(LOOK_EVERY, look)
        self._loop.run()

    def step(self) -> dict[str, Any]:
        """What is there now, and what was heard since the step before."""
        self._until_quiet()
        seen = [thing for app in pyatspi.Registry.getDesktop(0) if app is not None for thing in things(app)]
        said, focus = self.said, self.focus
        self.said, self.focus = [], []
        return {"things": seen, "said": said, "focus": focus}


def main(out: Path, steps: list[str], command: list[str]) -> None:
    """Walk the steps and write down what was got of each."""
    listener = Listener()
    heard: dict[str, Any] = {}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as desk:
        assert desk.stdin is not None and desk.stdout is not None
        for step in steps:
            desk.stdin.write(step + "\n")
            desk.stdin.flush()
            if desk.stdout.readline().strip() != "DONE":
                break
            heard[step] = listener.step()
        desk.stdin.close()
        heard["code"] = desk.wait(PATIENCE)
    # not to standard output: the bus' own servers write there
    out.write_text(json.dumps(heard, ensure_ascii=False), encoding="utf-8")


main(Path(sys.argv[1]), sys.argv[2].split(","), sys.argv[3:])
