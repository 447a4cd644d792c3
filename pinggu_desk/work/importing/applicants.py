"""A list of applicants held against the register: who is new, who changes in what, who must be asked about first.

An applicant is known by his number; by his name alone nobody is taken for anybody, that is asked. What a row leaves empty
clears nothing; what the register has of a later day than the list's is not ticked by itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, fields
from datetime import date

from typing_extensions import override

from pinggu_desk.policy.characters import plain_name
from pinggu_desk.policy.errors import BadAnswer
from pinggu_desk.policy.facts import Fact, read_answer
from pinggu_desk.policy.identity import shown
from pinggu_desk.policy.masking import covered
from pinggu_desk.register import Register
from pinggu_desk.register.importing import Bearers, Entry
from pinggu_desk.register.records import Applicant, KnownFact
from pinggu_desk.work.importing.items import Change, Item, Option, Preview, Question
from pinggu_desk.work.importing.rows import ListedWho, ReadList
from pinggu_desk.work.importing.whom import NAMESAKE, SKIP, ask, whom

#: an applicant's particulars that a list may carry, and what each is called
PARTICULARS = {
    "kind": "申请人类型", "name": "名称", "code": "号码", "document": "证件类型", "reason": "证号登记说明", "contact": "联系人",
    "phone": "联系电话", "address": "地址",
}  # fmt: skip
KnownOf = Callable[[int], Mapping[str, KnownFact]]


@dataclass(slots=True)
class _Case:
    """One applicant of the list as it was read: all rows that speak of him, the one that counts, what the register knows."""

    rows: list[ListedWho]
    alike: frozenset[int]
    at: int = 0
    namesake: bool = False

    @property
    def row(self) -> ListedWho:
        return self.rows[self.at]


class ApplicantPlan(Preview):
    """The preview of a list of applicants; ``entries`` are what is agreed to."""

    __slots__ = ("_bearers", "_cases", "_facts", "_known", "on")

    def __init__(self, read: ReadList, on: date, bearers: Bearers, known_of: KnownOf) -> None:
        super().__init__([], read.unread, read.unread_count, read.told, read.claimed)
        self.on, self._bearers, self._facts = on, bearers, read.facts
        self._known: dict[int, Mapping[str, KnownFact]] = {}
        self._cases: dict[int, _Case] = {}
        persons = frozenset(plain_name(one.who.name) for one in read.rows if one.who.code and one.who.kind == "个人")
        for rows in _one_applicant_each(read.rows, persons):
            self._add(rows, known_of, persons)

    @property
    @override
    def matched(self) -> int:
        return sum(bool(case.alike) for case in self._cases.values())

    @override
    def entries(self) -> list[Entry]:
        return [self._entry(item) for item in self.items if item.state in ("新登记", "有变化")]

    # --- laying out

    def _add(self, rows: list[ListedWho], known_of: KnownOf, persons: Collection[str]) -> None:
        first = rows[0].who
        names = [self._bearers.alike(one.who.name, one.who.code) for one in rows]
        item = Item(tuple(one.row for one in rows), first.name, shown(first.code, first.kind), self._resolve)
        namesake = not any(one.who.code for one in rows) and plain_name(first.name) in persons
        case = self._cases[id(item)] = _Case(rows, frozenset().union(*names), namesake=namesake)
        for number in (
            case.alike - self._known.keys()
        ):  # now: this is the register's thread, answers are given on the screen's
            self._known[number] = known_of(number)
        self.items.append(item)
        self._resolve(item)

    def _resolve(self, item: Item) -> None:
        """Work out again who the item is and what would change, with the answers that there are."""
        case, given = self._cases[id(item)], {one.kind: one.chosen for one in item.questions if one.chosen is not None}
        ticks = {change.key: change.ticked for change in item.changes}
        item.questions, item.changes, item.told, item.target, case.at = [], [], [], 0, 0
        if case.namesake:
            item.state, item.told = "不导入", [NAMESAKE]
            return
        if not self._row_is_chosen(item, case, given):
            return
        who = case.row.who
        item.who, item.number = who.name, shown(who.code, who.kind)
        sure, known, renamed = whom(self._bearers, item, who, given)
        if not sure:
            return
        if known is None:
            self._lay_out_new(item, case)
        else:
            item.target = known.id
            self._lay_out_known(item, case.row, known, renamed=renamed)
        fixed = ("own:name", "own:kind") if known is None else ()
        for change in item.changes:
            change.ticked = change.key in fixed or ticks.get(change.key, change.ticked)
        item.state = "新登记" if known is None else "有变化" if item.changes else "没有变化"
        if item.skipped:
            item.state, item.told = "不导入", ["您定为先不导入"]
        elif item.state == "有变化" and not any(change.ticked for change in item.changes):
            item.state, item.told = "不导入", [*item.told, "没有采用任何一项"]

    def _row_is_chosen(self, item: Item, case: _Case, given: Mapping[str, Option]) -> bool:
        """Which of several rows counts; those that say the same are one."""
        differ = [
            at
            for at, one in enumerate(case.rows)
            if all(_same(one, case.rows[before]) is False for before in range(at))
        ]
        if len(case.rows) > len(differ):
            item.told.append(f"{item.place}说的是同一位" if len(differ) > 1 else f"{item.place}内容相同，只算一次")
        if len(differ) == 1:
            return True
        why = "号码相同" if len({one.who.code for one in case.rows}) == 1 and case.rows[0].who.code else "名称相同"
        words = f"名单的{item.place}{why}而内容不同（{_difference(case.rows[differ[0]], case.rows[differ[1]])}），用哪一行？"
        options = [Option(f"用第 {case.rows[at].row} 行", "row", at) for at in differ]
        chosen = ask(item, Question("rows", words, (*options, SKIP)), given)
        case.at = chosen.value if chosen is not None else 0
        return chosen is not None

    # --- what would change

    def _lay_out_new(self, item: Item, case: _Case) -> None:
        who, row = case.row.who, case.row
        for name, called in PARTICULARS.items():
            if text := str(getattr(who, name)):
                item.changes.append(Change(f"own:{name}", called, "", _shown(name, who, text), text))
        for name, value in row.facts.items():
            fact = self._facts[name]
            item.changes.append(
                Change(f"fact:{name}", name, "", _fact_words(fact, fact.show(value)), fact.typed(value))
            )
        if row.assumed:
            item.told.append(row.assumed.rstrip("。"))

    def _lay_out_known(self, item: Item, row: ListedWho, known: Applicant, *, renamed: bool) -> None:
        who = row.who
        wanted = {name: str(getattr(who, name)) for name in PARTICULARS}
        if not renamed:
            wanted["name"] = ""
        if not row.kind_said:
            wanted["kind"] = ""
        elif (who.kind == "个人") != (known.kind == "个人"):
            item.told.append(f"登记库里的类型是{known.kind}，名单是{who.kind}，类型没有改")
            wanted["kind"] = ""
        if known.kind != "个人" or known.document:
            wanted["document"] = ""
        for name, text in wanted.items():
            now = str(getattr(known, name))
            if text and plain_name(text) != plain_name(now):
                before, after = _shown(name, known, now), _shown(name, who, text)
                item.changes.append(Change(f"own:{name}", PARTICULARS[name], before, after, text))
        for name, value in row.facts.items():
            if (change := self._fact_change(name, value, self._known[known.id].get(name))) is not None:
                item.changes.append(change)

    def _fact_change(self, name: str, value: int | str, known: KnownFact | None) -> Change | None:
        fact = self._facts[name]
        before = ""
        if known is not None:
            try:
                had = read_answer(fact, known.value_text)
                before = fact.show(had)
            except BadAnswer:
                had, before = None, known.value_text
            if had == value:
                return None
        change = Change(
            f"fact:{name}", name, _fact_words(fact, before), _fact_words(fact, fact.show(value)), fact.typed(value)
        )
        if known is not None and known.noted_at > self.on:
            change.ticked, change.note = False, f"登记库的是 {known.noted_at} 的，比名单（{self.on}）新"
        return change

    def _entry(self, item: Item) -> Entry:
        case = self._cases[id(item)]
        row = case.row
        own = {
            one.key.removeprefix("own:"): one.text for one in item.changes if one.ticked and one.key.startswith("own:")
        }
        facts = {one.name: one.text for one in item.changes if one.ticked and one.key.startswith("fact:")}
        bare = Applicant(0, row.who.kind, row.who.name, sample=row.who.sample)
        start = self._bearers.everyone[item.target] if item.target else bare
        return Entry(row.row, _with(start, own), facts, alike=case.alike)


def _with(who: Applicant, own: Mapping[str, str]) -> Applicant:
    values = {one.name: getattr(who, one.name) for one in fields(who)} | dict(own)
    return Applicant(**values)


def _one_applicant_each(rows: list[ListedWho], persons: Collection[str]) -> list[list[ListedWho]]:
    """The rows by whom they speak of: by number; without one by name, with the one numbered applicant of that name.

    A person of that name (``persons``) may be another one.
    """
    coded: dict[str, list[ListedWho]] = {}
    called: dict[str, set[str]] = defaultdict(set)
    for one in rows:
        if one.who.code:
            coded.setdefault(one.who.code, []).append(one)
            called[plain_name(one.who.name)].add(one.who.code)
    named: dict[str, list[ListedWho]] = {}
    for one in rows:
        if one.who.code:
            continue
        name = plain_name(one.who.name)
        codes = called.get(name, set())
        if len(codes) == 1 and name not in persons:
            coded[next(iter(codes))].append(one)
        else:
            named.setdefault(name, []).append(one)
    groups = [sorted(group, key=lambda one: one.row) for group in (*coded.values(), *named.values())]
    return sorted(groups, key=lambda group: group[0].row)


def _same(one: ListedWho, other: ListedWho) -> bool:
    return one.who == other.who and one.facts == other.facts


def _difference(one: ListedWho, other: ListedWho) -> str:
    names = [called for name, called in PARTICULARS.items() if getattr(one.who, name) != getattr(other.who, name)]
    names += [name for name in {**one.facts, **other.facts} if one.facts.get(name) != other.facts.get(name)]
    return "、".join(names[:4]) + (f"等 {len(names)} 项" if len(names) > 4 else "")


def _shown(name: str, who: Applicant, text: str) -> str:
    return shown(text, who.kind) if name == "code" else covered(PARTICULARS[name], text)


def _fact_words(fact: Fact, words: str) -> str:
    return covered(fact.name, words)


def plan_applicants(register: Register, read: ReadList, on: date) -> ApplicantPlan:
    """Hold a list against the register (on the register's thread)."""
    return ApplicantPlan(read, on, register.bearers(), register.known_facts)


__all__ = ["PARTICULARS", "ApplicantPlan", "plan_applicants"]
