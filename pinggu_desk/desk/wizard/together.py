"""Several cases of one visit (同一来访): an answer given in one is filled in where another asks the same. Knows no Qt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pinggu_desk.assess.engine import Engine
from pinggu_desk.desk.wizard.record import CaseRecord, open_case
from pinggu_desk.register import Register
from pinggu_desk.register.records import Case
from pinggu_desk.register.roles import Act

#: where such an answer came from, as the journal keeps it and the field says it
ORIGIN = "由同一来访带入"
_ONE_SHEET = "要合出一张告知书按 Ctrl+F9。"


@dataclass(frozen=True, slots=True)
class Together:
    """The cases of one visit in their order, and at which of them one is (from 0)."""

    cases: tuple[Case, ...]
    at: int

    @property
    def next(self) -> Case | None:
        """The case to go on with: the next that is still worked on, from here and round; None where there is no other."""
        order = [*self.cases[self.at + 1 :], *self.cases[: self.at]]
        return next((case for case in order if case.state == "办理中"), None)

    def words(self, titles: Mapping[str, str]) -> str:
        """``同一来访：第 1/3 件。下一件《…》``; ``titles`` of the policies by id."""
        said = f"同一来访：第 {self.at + 1}/{len(self.cases)} 件。"
        if self.next is None:
            return f"{said}其余都已办结。{_ONE_SHEET}"
        title = titles.get(self.next.policy_id, self.next.policy_id).strip("《》")
        return f"{said}下一件：《{title}》。{_ONE_SHEET}"


def together_of(register: Register, case_id: int) -> Together | None:
    """The visit that a case belongs to; None where it is the only one."""
    visit = register.visit_of(case_id)
    cases = tuple(register.cases_of_visit(visit)) if visit is not None else ()
    at = next((i for i, case in enumerate(cases) if case.id == case_id), None)
    return Together(cases, at) if at is not None and len(cases) > 1 else None


def asked_by(engine: Engine, policy: str) -> set[str]:
    """Every fact that a policy's benefits may ask for."""
    rules = engine.rules_of(policy)
    asked = {name for rule in rules for name in rule.asks}
    return asked | {o.same for rule in rules for o in engine.overlaps.get(rule.benefit.id, ())}


def open_together(register: Register, engine: Engine, case_id: int) -> tuple[CaseRecord, Together | None]:
    """Read a case to go on with it, after what the visit's other cases were told has been filled in.

    Filled is what nobody answered here: each an edit with its origin, to be altered or taken back like any other. What was
    typed here stays, and where two other cases say different things neither is taken. Raises `NotFound`.
    """
    found = together_of(register, case_id)
    if found is not None:
        fill(register, engine, found)
    return open_case(register, case_id), found


def fill(register: Register, engine: Engine, found: Together) -> None:
    """Fill in a case what the visit's other cases were told; one that takes no edits stays as it is, and so does all for an auditor."""
    case = found.cases[found.at]
    if case.state == "办理中" and register.may(Act.WORK):
        for name, text in _news(register, engine, found).items():
            register.set_answer(case.id, name, text, origin=ORIGIN)


def _news(register: Register, engine: Engine, found: Together) -> dict[str, str]:
    """What the other cases of the same day were told, of the facts that this one asks and nobody answered in it."""
    here = found.cases[found.at]
    own, brought = register.answers(here.id), register.brought(here.id, ORIGIN)
    asked = asked_by(engine, here.policy_id)
    told: dict[str, set[str]] = {}
    for case in found.cases:
        if case.id == here.id or case.on != here.on or case.applicant_id != here.applicant_id:
            continue
        theirs = register.brought(case.id, ORIGIN)
        for name, text in register.answers(case.id).items():
            if text and name in asked and name not in theirs:
                told.setdefault(name, set()).add(text)
    return {
        name: text
        for name, (text, *others) in told.items()
        if not others and own.get(name) != text and (name not in own or name in brought)
    }
