"""Reading the register for the statistics: in portions, one after another, so that what is typed meanwhile is written at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from pinggu_desk.desk.services import Services
from pinggu_desk.work.statistics import PORTION, Cube, new_cube, take

if TYPE_CHECKING:
    from pinggu_desk.register import Register
    from pinggu_desk.register.statistics import CountedCase

_PAPERS = 20  # papers of an earlier program that are read in one turn


class Reading(QObject):
    """One reading after another; ``ready`` carries the cube, ``told`` how far it is, ``failed`` what went wrong."""

    ready = Signal(object)
    told = Signal(str)
    failed = Signal(object)

    def __init__(self, services: Services, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._turn = 0
        self._cube: Cube | None = None

    def begin(self) -> None:
        """Read anew; a reading that is under way is given up."""
        self._turn += 1
        self._cube = new_cube(self._services.pack, practice=self._services.practice)
        self._ask(self._turn, 0)

    def stop(self) -> None:
        """Give up a reading that is under way."""
        self._turn += 1

    def _ask(self, turn: int, after: int) -> None:
        self._services.operations.run(lambda register: _portion(register, turn, after), self._took, self._refused)

    def _took(self, found: _Portion) -> None:
        turn, after, cases, names, total = found
        cube = self._cube
        if turn != self._turn or cube is None:
            return
        if cases is None:  # papers of an earlier program were read: the same place again
            self.told.emit("正在读取早先版本出具的文书…")
            self._ask(turn, after)
        elif cases:
            take(cube, cases, lambda no: names.get(no, ""))
            self.told.emit(f"已读 {len(cube.cases):,} / {total:,} 件…" if len(cube.cases) < total else "")
            self._ask(turn, cases[-1].id)
        else:
            self.told.emit("")
            self.ready.emit(cube)

    def _refused(self, error: Exception) -> None:
        self.told.emit("")
        self.failed.emit(error)


_Portion = tuple[int, int, "list[CountedCase] | None", dict[str, str], int]


def _portion(register: Register, turn: int, after: int) -> _Portion:
    """The next cases with their clerks' names; None instead where papers had to be read first. On the register's thread."""
    if not after and register.prepare_statistics(_PAPERS):
        return turn, after, None, {}, 0
    cases = register.count_cases(after, PORTION)
    return turn, after, cases, _names(cases, register.clerk_name), register.case_total()


def _names(cases: list[CountedCase], name_of: Callable[[str], str]) -> dict[str, str]:
    return {no: name_of(no) for no in {case.clerk_no for case in cases}}
