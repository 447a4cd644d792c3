"""Many windows on one PostgreSQL that is killed under them and brought back: nothing acknowledged is lost, nothing is there twice."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from pinggu_desk.register import Register
from pinggu_desk.register.engines import server as settings
from pinggu_desk.register.errors import RegisterError
from tests.conftest import Counted
from tests.register.conftest import PASSWORD
from tests.register.postgres import Server


@dataclass
class Window:
    """One window: what it was told is kept, by case; what it wrote into the shared applicant's awards."""

    register: Register
    number: int
    answers: dict[int, dict[str, str]] = field(default_factory=dict)
    awards: list[int] = field(default_factory=list)
    done: int = 0
    refused: int = 0
    ended: bool = False

    def work(self, whose: int, until: threading.Event) -> None:
        while not until.is_set():
            try:
                self._step(whose)
            except RegisterError:
                self.refused += 1
                until.wait(0.05)  # a person would read the sentence
        self.ended = True

    def _step(self, whose: int) -> None:
        case = self.register.open_case("tztc", "1", applicant_id=whose)
        mine = self.answers.setdefault(case.id, {})
        for at in range(4):
            fact, text = f"第{at}项", f"{self.number}-{self.done}"
            self.register.set_answer(case.id, fact, text)
            mine[fact] = text
            self.done += 1
        award = self.register.add_award(whose, "tztc", "tztc.rent", self.number + 1, case.on, matter=case.number)
        self.awards.append(award.id)
        self.done += 1


def many(
    shared: Register, folder: Path, server: Server, tmp_path: Path, *, windows: int, seconds: float, kills: int
) -> int:
    """Let so many windows work for so long, with the server killed so often; returns how many writes were acknowledged."""
    whose = shared.add_applicant("企业", "示例公司").id
    made = []
    for number in range(windows):
        shared.add_clerk(f"{number + 10}", f"示例{number}", PASSWORD, f"{number:02d}")
        own = tmp_path / f"窗口{number}"
        own.mkdir()
        settings.write(own, settings.read(folder))
        made.append(Window(Register.open(own, clerk_no=f"{number + 10}", password=PASSWORD), number))
    until = threading.Event()
    threads = [threading.Thread(target=one.work, args=(whose, until)) for one in made]
    for thread in threads:
        thread.start()
    try:
        for _ in range(kills):
            until.wait(seconds / (kills + 1))
            server.kill()
            server.start()
        until.wait(seconds / (kills + 1))
    finally:
        until.set()
        for thread in threads:
            thread.join()
    assert all(one.ended for one in made), "a window fell over"
    for one in made:
        one.register._away_until = 0.0
        one.register.join_aside()
        assert one.register.aside == 0 and one.register.aside_refused() == []
        one.register.close()
    return held(shared, made, whose)


def held(shared: Register, made: list[Window], whose: int) -> int:
    kept = {number: texts for one in made for number, texts in one.answers.items()}
    assert len(kept) == sum(len(one.answers) for one in made), "a case is one window's"
    for number, texts in kept.items():
        there = shared.answers(number)
        assert texts.items() <= there.items(), f"case {number}: acknowledged and lost"
        changes = Counter((edit.fact, edit.after) for edit in shared.history(number))
        assert max(changes.values(), default=1) == 1, f"case {number}: an edit is there twice"
    awards = shared.awards(whose)
    matters = Counter(award.matter for award in awards)
    assert max(matters.values(), default=1) == 1, "an award is there twice"
    assert {number for one in made for number in one.awards} <= {award.id for award in awards}
    numbers = [case.number for case in shared.cases_of(whose)]
    assert len(numbers) == len(set(numbers)) >= len(kept)
    assert shared.check() == []
    return sum(one.done for one in made)


def test_a_few_windows_for_a_moment(
    shared: Register, folder: Path, postgres_server: Server, tmp_path: Path, counted: Counted
) -> None:
    done = many(shared, folder, postgres_server, tmp_path, windows=4, seconds=3, kills=1)
    counted("windows on one killed PostgreSQL", windows=4, kills=1, acknowledged_writes=done, lost=0, doubled=0)
    assert done > 20


@pytest.mark.torture
def test_twenty_windows_for_a_minute(
    shared: Register, folder: Path, postgres_server: Server, tmp_path: Path, counted: Counted
) -> None:
    done = many(shared, folder, postgres_server, tmp_path, windows=20, seconds=60, kills=5)
    counted("windows on one killed PostgreSQL", windows=20, kills=5, acknowledged_writes=done, lost=0, doubled=0)
    assert done > 100, "how many hangs on the machine; that they went on does not"
