"""Weeks of ordinary work at random, by two accounts of one machine: whatever is done through the program, nothing is called altered.

Windows come and go beside each other, clocks are set, backups are made and put back, doubles merged, records forgotten.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest

from pinggu_desk.register import Register, errors
from tests.conftest import Counted

from .conftest import PASSWORD, Clock
from .townships import paper

#: what a restore brought back of what was forgotten is told on purpose
_TOLD_ON_PURPOSE = "带回了"


class Life:
    """A register, and who has it open: each window with the account that it is of."""

    def __init__(self, tmp: Path, clock: Clock, seed: int, patch: pytest.MonkeyPatch) -> None:
        self.chance, self.clock, self.tmp, self.patch = random.Random(seed), clock, tmp, patch
        self.folder, self.backups, self.said = tmp / "登记库", list[Path](), list[str]()
        self.windows: list[tuple[Register, str]] = []
        self.turn = 0
        self.as_account("甲")
        made, _ = Register.create(
            self.folder, clerk_no="01", clerk_name="示例甲", password=PASSWORD, window="03", now=clock
        )
        made.add_clerk("02", "示例乙", PASSWORD, "04", "负责人")
        self.windows.append((made, "甲"))

    def as_account(self, name: str) -> None:
        self.patch.setenv("PINGGU_DESK_HOME", str(self.tmp / name))

    def hear(self, told: tuple[str, ...]) -> None:
        self.said += [f"{self.turn}: {what}" for what in told if _TOLD_ON_PURPOSE not in what]

    def open(self) -> Register:
        account = self.chance.choice("甲乙")
        self.as_account(account)
        made = Register.open(self.folder, clerk_no=self.chance.choice(("01", "02")), password=PASSWORD, now=self.clock)
        self.hear(made.warnings)
        self.windows.append((made, account))
        return made

    def leave(self, number: int) -> None:
        window, account = self.windows.pop(number)
        self.as_account(account)
        self.chance.choice((window.close, window.lock))()

    def step(self) -> None:
        """One thing that somebody does, in a window that is open."""
        self.clock.forward(seconds=self.chance.choice((0, 0, 1, 30, 4000)))
        if self.chance.random() < 0.05:
            self.clock.forward(hours=-self.chance.choice((1, 5, 30)))
        if not self.windows or (len(self.windows) < 3 and self.chance.random() < 0.1):
            self.open()
        number = self.chance.randrange(len(self.windows))
        window, account = self.windows[number]
        self.as_account(account)
        if self.chance.random() < 0.1:
            self.leave(number)
            return
        do = self.chance.choice((self.case, self.answers, self.ticks, self.undos, self.merge, self.award, self.figure,
                                 self.fact, self.paper, self.backup, self.restore, self.forget, self.look))  # fmt: skip
        with suppress(errors.Overtaken, errors.CaseClosed, errors.InvalidEntry, errors.BackupFailed):
            do(window)  # or it is refused in a sentence: that is ordinary, too
        if window._at_work:
            self.hear(window.unheard())

    def of_a_case(self, window: Register, do: Callable[[int], object]) -> None:
        for case in window.open_cases()[:1]:
            do(case.id)

    def of_somebody(self, window: Register, do: Callable[[int], object]) -> None:
        for who in window.search("示例", 5)[:1]:
            do(who.id)

    def case(self, window: Register) -> None:
        window.open_case("ss", "1", applicant_id=window.add_applicant("企业", f"示例{self.turn}公司").id)

    def answers(self, window: Register) -> None:
        for _ in range(self.chance.randint(1, 5)):
            self.of_a_case(window, lambda case: window.set_answer(case, "投资额", f"{self.chance.randint(1, 9)}万元"))

    def ticks(self, window: Register) -> None:
        self.of_a_case(window, lambda case: window.set_material(case, "营业执照", self.chance.choice(("已收", "未收"))))
        self.of_a_case(window, lambda case: window.set_position(case, "填报", self.chance.choice("甲乙")))

    def undos(self, window: Register) -> None:
        for _ in range(6):
            self.of_a_case(window, self.chance.choice((window.undo, window.redo)))

    def merge(self, window: Register) -> None:
        found = window.search("示例", 5)
        if len(found) > 1:
            window.merge(found[0].id, found[1].id)

    def award(self, window: Register) -> None:
        self.of_somebody(window, lambda who: window.add_award(who, "ss", "ss.2.1", self.turn, date(2025, 1, 1)))

    def figure(self, window: Register) -> None:
        window.withdraw_parameter(window.add_parameter("LPR", f"{self.turn}%", date(2026, 1, 1), "示例公告").id)

    def fact(self, window: Register) -> None:
        self.of_somebody(window, lambda who: window.remember(who, "职工人数", str(self.turn), self.clock.at.date()))

    def paper(self, window: Register) -> None:
        self.of_a_case(window, lambda case: paper(window, case, str(self.turn)))

    def backup(self, window: Register) -> None:
        self.clock.forward(seconds=2)
        self.backups.append(window.backup(self.tmp / "备份"))

    def restore(self, window: Register) -> None:
        if not self.backups or self.chance.random() < 0.5:
            return
        for number in reversed(range(len(self.windows))):
            if self.windows[number][0] is not window:
                self.leave(number)
        self.as_account(self.windows[0][1])
        window.restore(self.chance.choice(self.backups[-4:]))
        self.windows.clear()

    def forget(self, window: Register) -> None:
        if self.chance.random() < 0.1:
            self.clock.forward(days=20_000)
            window.forget(window.past_term(), agreed=self.clock.at.date())

    def look(self, window: Register) -> None:
        self.hear(window.look())
        self.of_a_case(window, lambda case: self.hear(window.look(case)))
        self.hear(tuple(fault.what for fault in window.verify().faults))


@pytest.mark.parametrize("lives", [2, pytest.param(40, marks=pytest.mark.torture)])
def test_whatever_is_done_through_the_program_nothing_is_called_altered(
    tmp_path: Path, counted: Counted, monkeypatch: pytest.MonkeyPatch, lives: int
) -> None:
    steps, said = 120, []
    for seed in range(lives):
        life = Life(tmp_path / str(seed), Clock(), seed, monkeypatch)
        for life.turn in range(steps):
            life.step()
        for number in reversed(range(len(life.windows))):
            life.leave(number)
        last = life.open()
        life.hear(tuple(fault.what for fault in last.verify().faults))
        last.close()
        said += life.said
    counted("ordinary life", steps=lives * steps, false=len(said))
    assert said == []
