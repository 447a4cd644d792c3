"""A window's working day, made up from its name: every kind of write, and what the register must show after each.

Step K of a window is the same in every process, so that whoever was told "step K is done" knows all that must be there.
Run as `python -m tests.reliability.typist` it starts windows, each a process that says `ack K` once the register's call of
step K has returned.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch

from pinggu_desk.register import Register
from pinggu_desk.register.database import Database
from pinggu_desk.register.errors import DiskFault, RegisterBusy
from pinggu_desk.register.records import CaseState

from .writer import PASSWORD, tell

_SET_UP = Database._set_up
DAY = date(2026, 3, 2)
EVENT = "演示事件"
#: how a window ends that was told that the server is gone
GONE = 3
_WEIGHTS = {
    "answer": 46, "undo": 9, "redo": 5, "material": 8, "remember": 4, "award": 5, "remove_award": 2, "paper": 5,
    "open_case": 3, "state": 4, "day": 2, "telephone": 2, "event": 5,
}  # fmt: skip


@dataclass
class Kept:
    """What one case must show."""

    state: CaseState = "办理中"
    on: date = DAY
    answers: dict[str, str] = field(default_factory=dict)
    edits: list[tuple[str, str, str | None, str | None]] = field(default_factory=list)
    parents: list[int] = field(default_factory=list)
    head: int = 0
    materials: dict[str, str] = field(default_factory=dict)
    papers: list[str] = field(default_factory=list)

    def write(self, kind: str, fact: str, after: str | None, head: int) -> None:
        """One line of the journal."""
        self.edits.append((kind, fact, self.answers.get(fact), after))
        self.parents.append(self.head)
        self.head = head
        self.answers = {**self.answers, fact: after} if after is not None else _without(self.answers, fact)

    def seen(self) -> tuple[Any, ...]:
        """As `seen` finds it in the register."""
        return self.state, self.on, self.answers, self.edits, self.materials, self.papers


class Day:
    """What a window did up to a step; on a register it does it, too."""

    def __init__(self, name: str, done: int = 0) -> None:
        self.name, self.done = name, 0
        self.cases: list[Kept] = []
        self.known: dict[str, str] = {}
        self.awards: list[tuple[int, date, str]] = []
        self.events: list[str] = []
        self.telephone = ""
        self._register: Register | None = None
        self._applicant, self._ids = 0, list[int]()
        for _ in range(done):
            self.step()

    def go_on(self, register: Register | None, applicant: int) -> None:
        """Do the steps to come on a register, too (None: no more)."""
        self._register, self._applicant = register, applicant
        self._ids = [case.id for case in reversed(register.cases_of(applicant))] if register else []

    def step(self) -> int:
        """Do the next step; returns its number once the register has it."""
        k = self.done + 1
        chance = Random(f"{self.name} {k}")
        wanted = chance.choices([*_WEIGHTS], [*_WEIGHTS.values()])[0] if self.cases else "open_case"
        tried: Callable[[int, Random], bool] = getattr(self, f"_{wanted}")
        if not tried(k, chance):
            self._event(k, chance)
        self.done = k
        return k

    def seen(self) -> dict[str, Any]:
        """As `seen` finds it in the register."""
        return {
            "cases": [case.seen() for case in self.cases], "known": self.known, "awards": self.awards,
            "events": self.events, "telephone": self.telephone,
        }  # fmt: skip

    # --- steps: whether there was something to do; each changes what `seen` shows

    def _at(self, chance: Random, *, is_open: bool = True) -> int | None:
        at = chance.randrange(len(self.cases))
        return at if not is_open or self.cases[at].state == "办理中" else None

    def _answer(self, k: int, chance: Random) -> bool:
        if (at := self._at(chance)) is None:
            return False
        fact, text = f"事项{chance.randrange(6)}", f"{self.name}第{k}步".ljust(chance.choice((0, 0, 40, 3000)), "字")
        if self._register:
            self._register.set_answer(self._ids[at], fact, text)
        case = self.cases[at]
        case.write("edit", fact, text, len(case.edits) + 1)
        return True

    def _undo(self, _k: int, chance: Random) -> bool:
        if (at := self._at(chance)) is None or not self.cases[at].head:
            return False
        if self._register:
            self._register.undo(self._ids[at])
        case = self.cases[at]
        _, fact, before, _after = case.edits[case.head - 1]
        case.write("undo", fact, before, case.parents[case.head - 1])
        return True

    def _redo(self, _k: int, chance: Random) -> bool:
        if (at := self._at(chance)) is None:
            return False
        case = self.cases[at]
        found = [
            seq for seq, edit in enumerate(case.edits, 1) if edit[0] == "edit" and case.parents[seq - 1] == case.head
        ]
        if not found:
            return False
        if self._register:
            self._register.redo(self._ids[at])
        _, fact, _before, after = case.edits[found[-1] - 1]
        case.write("redo", fact, after, found[-1])
        return True

    def _material(self, k: int, chance: Random) -> bool:
        if (at := self._at(chance)) is None:
            return False
        key, state = f"材料{chance.randrange(4)}", f"第{k}步"
        if self._register:
            self._register.set_material(self._ids[at], key, state)
        self.cases[at].materials[key] = state
        return True

    def _remember(self, k: int, chance: Random) -> bool:
        fact, text = f"已知{chance.randrange(3)}", f"第{k}步"
        if self._register:
            self._register.remember(self._applicant, fact, text, DAY)
        self.known[fact] = text
        return True

    def _award(self, k: int, _chance: Random) -> bool:
        on, matter = DAY + timedelta(days=k), f"第{k}步"
        if self._register:
            self._register.add_award(self._applicant, "ss", "ss.2.1", k, on, matter)
        self.awards.append((k, on, matter))
        return True

    def _remove_award(self, _k: int, chance: Random) -> bool:
        if not self.awards:
            return False
        at = chance.randrange(len(self.awards))
        if self._register:
            self._register.remove_award(self._register.awards(self._applicant)[at].id)
        del self.awards[at]
        return True

    def _paper(self, k: int, chance: Random) -> bool:
        if (at := self._at(chance)) is None:
            return False
        data = b"%PDF-1.7 " + chance.randbytes(chance.randrange(9000))
        digest = hashlib.sha256(data).hexdigest()
        if self._register:
            self._register.record_document(self._ids[at], "告知书", f"{k}.pdf", digest, "[]", data, digest, "打印")
        self.cases[at].papers.append(digest)
        return True

    def _open_case(self, _k: int, _chance: Random) -> bool:
        if self._register:
            self._ids.append(self._register.open_case("tztc", "1", applicant_id=self._applicant, on=DAY).id)
        self.cases.append(Kept())
        return True

    def _state(self, _k: int, chance: Random) -> bool:
        at = self._at(chance, is_open=False)
        assert at is not None
        case = self.cases[at]
        state: CaseState = chance.choice(("已出具", "已撤销")) if case.state == "办理中" else "办理中"
        if self._register and state == "办理中":
            self._register.reopen_case(self._ids[at])
        elif self._register:
            self._register.close_case(self._ids[at], state)
        case.state = state
        return True

    def _day(self, k: int, chance: Random) -> bool:
        if (at := self._at(chance)) is None:
            return False
        on = DAY + timedelta(days=k)
        if self._register:
            self._register.set_judged_on(self._ids[at], on)
        self.cases[at].on = on
        return True

    def _telephone(self, k: int, _chance: Random) -> bool:
        if self._register:
            self._register.update_applicant(replace(self._register.get(self._applicant), phone=f"示例{k}"))
        self.telephone = f"示例{k}"
        return True

    def _event(self, k: int, _chance: Random) -> bool:
        if self._register:
            self._register.record_event(EVENT, f"窗口{self.name}", f"第{k}步")
        self.events.append(f"第{k}步")
        return True


def seen(register: Register, name: str, applicant: int) -> dict[str, Any]:
    """All that a window has written, as the register gives it."""
    cases = []
    for case in reversed(register.cases_of(applicant)):
        edits = [(e.kind, e.fact, e.before, e.after) for e in register.history(case.id)]
        papers = []
        for paper in register.documents(case.id):
            data = register.paper_file(paper.serial)
            assert data is not None and hashlib.sha256(data).hexdigest() == paper.sha256, "a paper without its file"
            assert register.paper_content(paper.serial) == paper.sha256
            papers.append(paper.sha256)
        cases.append(
            (case.state, case.on, register.answers(case.id), edits, register.materials(case.id), papers)
        )  # fmt: skip
    rows = register.audit_rows(10_000_000)
    return {
        "cases": cases,
        "known": {fact: known.value_text for fact, known in register.known_facts(applicant).items()},
        "awards": [(award.amount_fen, award.on, award.matter) for award in register.awards(applicant)],
        "events": [row.detail for row in reversed(rows) if (row.event, row.subject) == (EVENT, f"窗口{name}")],
        "telephone": register.get(applicant).phone,
    }


def _without(answers: dict[str, str], fact: str) -> dict[str, str]:
    return {other: text for other, text in answers.items() if other != fact}


def _say(pipe: int, k: int) -> None:
    os.write(pipe, f"ack {k}\n".encode())


def work(folder: Path, clerk: str, day: Day, applicant: int, acknowledge: Callable[[int], None]) -> None:
    """Log in and go on with a day, until killed, or until the register's server is gone."""
    try:
        day.go_on(Register.open(folder, clerk_no=clerk, password=PASSWORD), applicant)
        while True:
            try:
                step = day.step()
            except RegisterBusy:  # windows that never rest, on a machine that has no time: the desk tries it again, too
                continue
            acknowledge(step)
    except DiskFault as error:  # `ServerGone`, or in doubt whether the last COMMIT got through
        print(error.sentence, file=sys.stderr)  # noqa: T201
        os._exit(GONE)


def synced_seldom(database: Database, connection: Any) -> None:
    """A connection as a program would have it that wants speed: a COMMIT does not wait for the disk."""
    _SET_UP(database, connection)
    connection.execute("PRAGMA synchronous = NORMAL")


def main(synchronous: str = "FULL") -> None:
    """Start windows, each a process of its own, forked here so that none has to load the program first.

    A line `start PIPE FOLDER CLERK NAME APPLICANT DONE` starts one, which tells the pipe of each step; its process number is
    the answer. `wait NUMBER` is answered by how it ended (as `waitpid` has it).
    """
    with patch.object(Database, "_set_up", _SET_UP if synchronous == "FULL" else synced_seldom):
        serve()


def serve() -> None:
    """Start what is asked for on the standard input."""
    for line in sys.stdin:
        what, *rest = line.rstrip("\n").split("\t")
        if what == "wait":
            tell(str(os.waitpid(int(rest[0]), 0)[1]))
            continue
        number = os.fork()
        if number:
            tell(str(number))
            continue
        pipe, folder, clerk, name, applicant, done = rest
        work(Path(folder), clerk, Day(name, int(done)), int(applicant), partial(_say, os.open(pipe, os.O_WRONLY)))


if __name__ == "__main__":
    main(*sys.argv[1:])
