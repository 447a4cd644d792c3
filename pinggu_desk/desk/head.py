"""What a case says of itself (判断日, 状态, 材料) and more than one window changes: each change names what was seen. Knows no page.

What a colleague was quicker with is shown; where both set the day, the clerk decides side by side.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from pinggu_desk.desk.catchup import CatchUp, Clash, Question
from pinggu_desk.desk.operations import Operations, sentence_of
from pinggu_desk.desk.words import day_words
from pinggu_desk.register.errors import CaseClosed, HeadOvertaken, Overtaken
from pinggu_desk.register.issuing import Standing
from pinggu_desk.register.records import Case

_DAY = "@判断日"


class Head:
    """One case's head, for the session at work on it.

    ``case`` gives the case as it was seen last, ``take`` takes a newer one, ``day`` is the day on the screen and ``show_day`` puts
    another there, ``anew`` reads the whole case again.
    """

    def __init__(
        self, operations: Operations, catch_up: CatchUp, case: Callable[[], Case | None], take: Callable[[Case], None],
        day: Callable[[], date], show_day: Callable[[date], None], anew: Callable[[], None],
    ) -> None:  # fmt: skip
        self._operations, self._catch_up = operations, catch_up
        self._case, self._take, self._day, self._show_day, self._anew = case, take, day, show_day, anew

    def standing(self) -> Standing:
        """How the case stands on the screen, for what a paper is made of."""
        case = self._case()
        return Standing(case.version if case is not None else None, self._catch_up.base)

    # --- changing

    def keep_day(self, on: date) -> None:
        """Keep the day that the case is judged by, as changed on what was seen."""
        case = self._case()
        if case is not None:
            self._operations.run(
                lambda register: register.set_judged_on(case.id, on, made_on=case.version), self._take,
                partial(self._day_refused, on, case.on), writes=True, keep=True,
            )  # fmt: skip

    def close(self) -> None:
        """Close the case as issued (办结)."""
        self._change(lambda register, case: register.close_case(case.id, made_on=case.version))

    def reopen(self) -> None:
        """Take up a closed case again."""
        self._change(lambda register, case: register.reopen_case(case.id, made_on=case.version))

    def repack(self, version: str, then: Callable[[], None] | None = None) -> None:
        """Judge the case by another pack from now on."""
        self._change(
            lambda register, case: register.set_pack_version(case.id, version, made_on=case.version),
            None if then is None else lambda _case: then(),
        )  # fmt: skip

    def keep_material(
        self, key: str, state: str, seen: str, title: str, show: Callable[[str, str], None]
    ) -> None:  # fmt: skip
        """Keep how a material stands; where a colleague ticked it otherwise meanwhile, that is shown and told."""
        case = self._case()
        if case is None:
            return

        def refused(error: Exception) -> None:
            if isinstance(error, Overtaken):
                show(key, error.changes[0].now or "")
                said = error.sentence.replace(key, title).partition("，您这一步")[0]
                self._operations.failed.emit(f"{said}，现在显示的是对方标的；要改成“{state}”请再按一次。")
            else:
                self._tell(error)

        self._operations.run(
            lambda register: register.set_material(case.id, key, state, seen=seen),
            None,
            refused,
            writes=True,
            keep=True,
        )

    # --- a colleague was quicker

    def overtaken(self, error: Exception) -> None:
        """Show what a colleague changed meanwhile, after something else was refused for it."""
        case = self._case()
        if isinstance(error, HeadOvertaken) and case is not None:
            self._operations.run(lambda register: register.case(case.id), self._catch_up_with, self._tell)
        elif isinstance(error, Overtaken):
            self._catch_up.overtaken(error)

    def _catch_up_with(self, now: Case) -> None:
        before = self._case()
        self._take(now)
        if before is not None and (before.applicant_id, before.pack_version) != (now.applicant_id, now.pack_version):
            self._anew()
        elif now.on != self._day():
            self._show_day(now.on)

    def _change(self, change: Callable[[Any, Case], Case], then: Callable[[Case], None] | None = None) -> None:
        case = self._case()
        if case is not None:
            self._operations.run(
                lambda register: change(register, case), then or self._take, self._refused, writes=True
            )

    def _refused(self, error: Exception) -> None:
        self._tell(error)
        self.overtaken(error)

    def _day_refused(self, on: date, seen: date, error: Exception) -> None:
        case = self._case()
        if case is not None and isinstance(error, (HeadOvertaken, CaseClosed)):
            self._operations.run(
                lambda register: register.case(case.id), partial(self._compare, on, seen, error), self._tell
            )
        else:
            self._tell(error)

    def _compare(self, on: date, seen: date, error: HeadOvertaken | CaseClosed, now: Case) -> None:
        """The day was changed on what is there no more: it is sent again where nobody else changed the day."""
        self._take(now)
        mine = on if self._day() == on else self._day()  # set again since: that is newer
        if now.state != "办理中":
            self._show_day(now.on)
            self._tell(error)
        elif now.on == seen:
            self.keep_day(mine)
        elif now.on != mine:
            clash = Clash(_DAY, "判断日", mine.isoformat(), now.on.isoformat(), day_words(mine), day_words(now.on))
            self._catch_up.put(Question(error.sentence, (clash,)), partial(self._decide_day, mine, now.on))

    def _decide_day(self, mine: date, theirs: date, taken: Any) -> None:
        if _DAY in taken:
            self._show_day(theirs)
        else:
            self.keep_day(mine)

    def _tell(self, error: Exception) -> None:
        self._operations.failed.emit(sentence_of(error))
