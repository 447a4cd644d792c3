"""Windows that are killed: started as processes of their own, heard, killed (-9), and held against what they said."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from pinggu_desk.register import Register

from .conftest import ROOT
from .typist import Day, seen
from .writer import PASSWORD


class Starter:
    """The process that windows are forked from: it has loaded the program, and no register."""

    def __init__(self, folder: Path, *, before: Sequence[str] = (), careful: bool = True) -> None:
        pipe = subprocess.PIPE
        command = [*before, sys.executable, "-m", "tests.reliability.typist", "FULL" if careful else "NORMAL"]
        self._process = subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True, encoding="utf-8")
        self._folder, self._started = folder, 0
        self._running: set[int] = set()

    def start(self, *what: object) -> tuple[int, TextIO]:
        """A new process, and what it says."""
        self._started += 1
        pipe = self._folder / f"管道{self._started}"
        os.mkfifo(pipe)
        number = int(self._asked("start", pipe, *what))
        self._running.add(number)
        return number, pipe.open(encoding="ascii")

    def ended(self, number: int) -> int:
        """How a process ended, once it has (as `waitpid` has it)."""
        self._running.discard(number)
        return int(self._asked("wait", number))

    def close(self) -> None:
        """End it, and whoever a test that failed left at work: they hold its pipes."""
        for number in self._running:
            with suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
        self._process.communicate()

    def _asked(self, *words: object) -> str:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write("\t".join(map(str, words)) + "\n")
        self._process.stdin.flush()
        return self._process.stdout.readline()


@dataclass
class Window:
    """A window: its clerk, whose file it works on, and what it is known to have done."""

    clerk: str
    applicant: int
    day: Day
    number: int = 0
    said: TextIO | None = None
    acknowledged: list[int] = field(default_factory=list)

    def start(self, starter: Starter, folder: Path) -> None:
        self.number, self.said = starter.start(folder, self.clerk, self.day.name, self.applicant, self.day.done)

    def hear(self) -> Iterator[int]:
        """The steps that it says are done, as it says so."""
        assert self.said
        for line in self.said:
            self.acknowledged.append(int(line.split()[1]))
            yield self.acknowledged[-1]

    def kill(self, starter: Starter) -> None:
        """End it as a power cut would, and hear what it had still said."""
        assert self.said
        os.kill(self.number, signal.SIGKILL)
        with self.said:
            for _ in self.hear():
                pass
        assert starter.ended(self.number) == signal.SIGKILL, "it was at work until it was killed"
        self.said = None

    def end(self, starter: Starter) -> int:
        """Hear it to its end, which it finds by itself; how it ended."""
        assert self.said
        with self.said:
            for _ in self.hear():
                pass
        self.said = None
        return os.waitstatus_to_exitcode(starter.ended(self.number))


def new_office(folder: Path, names: str) -> list[Window]:
    """A new register with a clerk and an applicant for each window."""
    register, _ = Register.create(folder, clerk_no="01", clerk_name="示例经办", password=PASSWORD)
    windows = []
    for number, name in enumerate(names, 2):
        register.add_clerk(f"0{number}", f"示例窗口{name}", PASSWORD, f"{number}")
        applicant = register.add_applicant("企业", f"示例公司{name}").id
        windows.append(Window(f"0{number}", applicant, Day(name)))
    register.close()
    return windows


def settle(
    folder: Path, windows: list[Window], reopened: Callable[[Path], Register], *, whole_check: bool = True
) -> int:
    """Open what is left, and hold it against what was acknowledged; how many acknowledged writes there were."""
    register = reopened(folder)
    writes = 0
    for window in windows:
        found = seen(register, window.day.name, window.applicant)
        for k in window.acknowledged:
            assert window.day.step() == k
        if found != window.day.seen():
            window.day.step()  # done, but killed before it could say so
        assert found == window.day.seen(), f"window {window.day.name} at step {window.day.done}"
        writes += len(window.acknowledged)
        window.acknowledged = []
    assert register.verify_audit() == []
    if whole_check:
        assert register.check() == []
    register.close()
    return writes
