"""Lists of applicants (名单): what their columns hold is remembered by shape, and what the register knows of those listed.

A shape is a digest of a list's heads, never a name; so what is remembered holds no applicant's data.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import BindParameter, bindparam, delete, select

from pinggu_desk.policy.characters import plain_name
from pinggu_desk.policy.facts import PRIOR
from pinggu_desk.policy.identity import normal_code
from pinggu_desk.register import events
from pinggu_desk.register.audit import append
from pinggu_desk.register.doubles import DoubleShelf
from pinggu_desk.register.edits import EditShelf
from pinggu_desk.register.errors import InvalidEntry
from pinggu_desk.register.papers import PaperShelf
from pinggu_desk.register.records import MATCHING, Applicant, Award, Case
from pinggu_desk.register.roles import Act
from pinggu_desk.register.rows import put
from pinggu_desk.register.shelf import Row, needs
from pinggu_desk.register.tables import applicants, awards, known_facts, list_shapes
from pinggu_desk.register.visits import VisitShelf

_SHAPE: BindParameter[str] = bindparam("shape")
_a, _k, _l = awards.c, known_facts.c, list_shapes.c
_KEPT_SHAPE = select(_l.choices, _l.by, _l.at).where(_l.shape == _SHAPE)
_FORGET_SHAPE = delete(list_shapes).where(_l.shape == _SHAPE)
_NAMES = select(applicants.c.id, applicants.c.kind, applicants.c.name, applicants.c.code).order_by(applicants.c.id)
_AWARDS = (
    select(_a.id, _a.applicant_id, _a.policy_id, _a.benefit_id, _a.amount_fen, _a.awarded_on, _a.matter, _a.source)
    .where(_a.removed_at.is_(None))
    .order_by(_a.awarded_on, _a.id)
)
_STATED = select(_k.applicant_id, _k.text).where(_k.fact == bindparam("fact")).order_by(_k.noted_on, _k.id)
_NEVER = "否"  # the answer to PRIOR of one who never had an award
#: what a clerk said of a list's columns, by number: the name of the fact, or None where the column is left out
Choices = Mapping[int, str | None]


@dataclass(frozen=True, slots=True)
class KeptShape:
    """What was said of the columns of lists of one shape: by whom (工号) and when last."""

    choices: dict[int, str | None]
    clerk_no: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Stated:
    """One row of a list, to be gone on with: who it is, the answers that it states (as typed), which of them last.

    ``origin`` says where they come from; ``awards`` are past ones that the list itself states (policy, benefit, fen, day,
    matter).
    """

    who: Applicant
    on: date
    answers: Mapping[str, str]
    standing: Mapping[str, str]
    awards: Sequence[tuple[str, str, int, date, str]]
    origin: str


@dataclass(frozen=True, slots=True)
class ListedAwards:
    """The past awards that the register knows of, by applicant, and by what applicants are found: code, folded name.

    ``people`` are those of the applicants who are persons.
    """

    held: Mapping[int, tuple[Award, ...]]
    codes: Mapping[str, int]
    names: Mapping[str, frozenset[int]]
    people: frozenset[int] = frozenset()

    def of(self, keys: Sequence[tuple[str, str]]) -> list[tuple[Award, ...] | None]:
        """The awards of applicants given by name and code (either may be empty), one entry each.

        The code decides; without one on either side, the name does (but for brackets, spaces, width), where one applicant
        alone bears it; people share names, so a person is found by name only where neither side has a number. Nothing () for
        one who said that there never was any; None where the register does not know.
        """
        if not self.held:
            return [None] * len(keys)
        coded = frozenset(self.codes.values())
        return [self._of(name, normal_code(code), coded) for name, code in keys]

    def _of(self, name: str, code: str, coded: frozenset[int]) -> tuple[Award, ...] | None:
        if code and code in self.codes:
            return self.held.get(self.codes[code])
        called = self.names.get(plain_name(name), frozenset()) if name else frozenset()
        # with a code, one of that name with a code of its own is another
        called = called - coded - self.people if code else called - (coded & self.people)
        return self.held.get(next(iter(called))) if len(called) == 1 else None


class ListedShelf(DoubleShelf, VisitShelf, EditShelf, PaperShelf):
    """The lists' part of the register."""

    def list_shape(self, shape: str) -> KeptShape | None:
        """What was said of the columns of an earlier list of this shape; None where nothing was."""
        row = self._db.row(_KEPT_SHAPE, shape=shape)
        if row is None:
            return None
        return KeptShape(
            {int(n): fact for n, fact in json.loads(row[0]).items()}, row[1], datetime.fromisoformat(row[2])
        )

    @needs(Act.WORK)
    def keep_list_shape(self, shape: str, choices: Choices) -> None:
        """Remember what the columns of a list hold, for the next of the same shape; no choices forget it. On the trail."""
        before = self.list_shape(shape)
        if (before.choices if before is not None else {}) == dict(choices):
            return
        said = json.dumps({str(n): fact for n, fact in sorted(choices.items())}, ensure_ascii=False)
        with self._db.transaction():
            row: Row = (shape, said, self._clerk.no, self._stamp())
            if choices:
                put(self._db, list_shapes, *row)
            else:
                self._db.run(_FORGET_SHAPE, shape=shape)
            append(self._db, self._stamp(), self._clerk.no, events.LIST_COLUMNS, f"名单样式{shape[:12]}", said)

    def listed_awards(self) -> ListedAwards:
        """Every applicant's past awards as they stand now, to be looked up by a list's names and codes."""
        held = self._awards_by_holder()
        codes: dict[str, int] = {}
        names: dict[str, set[int]] = defaultdict(set)
        people: set[int] = set()
        for number, kind, name, code in self._db.rows(_NAMES) if held else ():
            whose = number if code or number in held else self._survivor(number)
            names[plain_name(name)].add(whose)
            if kind == "个人":
                people.add(whose)
            if code:
                codes[code] = whose
        return ListedAwards(held, codes, {name: frozenset(called) for name, called in names.items()}, frozenset(people))

    @needs(Act.WORK)
    def open_listed(self, row: Stated, pack_version: str) -> tuple[Case, bool]:
        """A case over everything (政策匹配) of a row's applicant, all that the row states filled in; whether he is new here.

        Who is registered already is found as doubles are; the same row opened again goes on with its open case. All in one
        transaction. Raises `InvalidEntry` where several bear the name and no code decides.
        """
        with self._db.transaction():
            found = self._registered(row.who)
            whose = found or self.add_applicant(
                row.who.kind, row.who.name, code=row.who.code, contact=row.who.contact, phone=row.who.phone,
                address=row.who.address, sample=row.who.sample,
            )  # fmt: skip
            for case in self.cases_of(whose.id):
                if (case.policy_id, case.state, case.on) == (MATCHING, "办理中", row.on) and (
                    row.origin in self.origins(case.id).values()
                ):
                    return case, False
            case = self.open_case(MATCHING, pack_version, applicant_id=whose.id, on=row.on)
            for fact, text in row.answers.items():
                self.set_answer(case.id, fact, text, origin=row.origin)
            known = self.known_facts(whose.id)
            for fact, text in row.standing.items():
                if fact not in known or known[fact].value_text != text:
                    self.remember(whose.id, fact, text, row.on, case.id)
            there = {(_whole(a.policy_id, a.benefit_id), a.amount_fen, a.on) for a in self.awards(whose.id)}
            for policy, benefit, fen, day, matter in row.awards:
                whole = _whole(policy, benefit)
                if (whole, fen, day) not in there:
                    self.add_award(whose.id, policy, whole, fen, day, matter, "申请人陈述")
            return case, found is None

    def _registered(self, who: Applicant) -> Applicant | None:
        """The one that is here already; of a name alone only where nobody else bears it.

        A person's name alone is enough only where neither side has a number.
        """
        alike = self.alike(who.name, who.code)
        code, person = normal_code(who.code), who.kind == "个人"
        by_code = [one for one in alike if code and one.code == code]
        if by_code:
            return by_code[0]
        called = [
            one for one in alike
            if (one.kind == "个人") == person and not (one.code or code if person else one.code and code)
        ]  # fmt: skip
        if len(called) > 1:
            raise InvalidEntry(
                f"登记库里有 {len(called)} 个叫“{who.name}”的申请人，分不清是哪一个；请在名单里补上统一社会信用代码，"
                "或先在“企业”里合并重复登记的。"
            )
        return called[0] if called else None

    def _awards_by_holder(self) -> dict[int, tuple[Award, ...]]:
        found: dict[int, list[Award]] = defaultdict(list)
        rows: list[tuple[Any, ...]] = self._db.rows(_AWARDS)
        for row in rows:
            found[row[1]].append(Award(*(*row[:5], date.fromisoformat(row[5]), *row[6:])))
        held = {whose: tuple(awards) for whose, awards in found.items()}
        for whose, text in dict(self._db.rows(_STATED, fact=PRIOR)).items():
            if text == _NEVER:  # what is noted as awarded since goes before it
                held.setdefault(whose, ())
        return held


def _whole(policy: str, benefit: str) -> str:
    """A benefit's number with its policy's, as the desk keeps an award's."""
    return f"{policy}.{benefit.removeprefix(policy + '.')}"


__all__ = ["Choices", "KeptShape", "ListedAwards", "ListedShelf", "Stated"]
