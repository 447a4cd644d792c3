"""A department's list of past awards held against the register: whose they are, of which benefit, which are there already.

What names no benefit for sure is asked once for all rows with the same words; an award of a benefit that no policy of the pack has
any more is kept under its own title with its policy (往年项目).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from typing_extensions import override

from pinggu_desk.assess.awards import BenefitWords
from pinggu_desk.documents.books.awardlist import AwardList, AwardRow
from pinggu_desk.documents.books.chosen import Said
from pinggu_desk.policy.characters import plain_name
from pinggu_desk.policy.errors import BadAnswer, BadInput
from pinggu_desk.policy.identity import check_credit_code, is_identity_number, shown
from pinggu_desk.policy.models import Benefit, Pack, Policy
from pinggu_desk.policy.quantity import wan
from pinggu_desk.policy.synonyms import load_synonyms
from pinggu_desk.register import Register
from pinggu_desk.register.importing import Bearers, Entry, ListedAward
from pinggu_desk.register.records import Applicant, Award
from pinggu_desk.work.importing.items import Change, Item, Option, Preview, Question, Unread
from pinggu_desk.work.importing.whom import NAMESAKE, SKIP, ask, whom
from pinggu_desk.work.kinds import kind_of

_OTHER = Option("都不是，从全部支持事项里选", "other")
_FORMER = "是往年的项目，现在的政策里没有，按名单的名称登记"


@dataclass(slots=True)
class ReadAwards:
    """A list of awards as it was read."""

    rows: list[AwardRow]
    unread: list[Unread]
    unread_count: int
    told: tuple[str, ...]
    claimed: int
    #: whether its columns speak of persons alone
    of_persons: bool = False


def read_awards(
    pack: Pack, path: str, today: date, *, sheet: str | None = None, said: Said | None = None
) -> ReadAwards:
    """Read the list. Raises BadInput where nothing in it can be taken."""
    with AwardList(path, pack, sheet, said=said) as listed:
        rows = listed.rows(today)
        found = listed.found
        unread = [
            Unread(f"工作表“{bad.sheet}”{f'{bad.column}{bad.row}' if bad.column else f'第 {bad.row} 行'}", bad.sentence)
            for bad in found.bad
        ]
        if not rows and not unread:
            raise BadInput(f"文件“{path}”除列名外没有一行内容，请至少填一笔奖励。")
        return ReadAwards(rows, unread, found.bad_count, tuple(listed.told()), listed.claimed, listed.of_persons)


@dataclass(slots=True)
class _Meant:
    """What the words for a benefit mean: the benefit, or a title of its own in a policy."""

    policy: Policy
    benefit: Benefit | None
    title: str = ""


@dataclass(slots=True)
class _Case:
    rows: list[AwardRow]
    who: Applicant
    alike: frozenset[int]
    namesake: bool = False


class AwardPlan(Preview):
    """The preview of a list of awards; what was said of a benefit's words holds for every row that has them."""

    __slots__ = (
        "_awards",
        "_bearers",
        "_benefits",
        "_cases",
        "_pack",
        "_policies",
        "_said",
        "_sample",
        "_synonyms",
        "_today",
    )

    def __init__(
        self, pack: Pack, read: ReadAwards, today: date, register: Register, *, sample: bool = False
    ) -> None:  # fmt: skip
        super().__init__([], read.unread, read.unread_count, read.told, read.claimed)
        self._pack, self._today, self._sample = pack, today, sample
        self._bearers: Bearers = register.bearers()
        self._benefits, self._synonyms = BenefitWords(pack), load_synonyms()
        self._policies = list(pack.policies.values())
        self._said: dict[str, Option] = {}
        self._awards: dict[int, list[Award]] = {}
        self._cases: dict[int, _Case] = {}
        persons = _numbered_persons(read.rows, today)
        for rows in _one_holder_each(read.rows, persons):
            who = self._who(rows, of_persons=read.of_persons)
            alike = self._bearers.alike(who.name, who.code)
            for number in alike - self._awards.keys():
                self._awards[number] = register.awards(number)
            item = Item(
                tuple(row.row for row in rows), who.name or "（没有名称）", shown(who.code, who.kind), self._resolve
            )
            self._cases[id(item)] = _Case(rows, who, alike, not who.code and plain_name(who.name) in persons)
            self.items.append(item)
            self._resolve(item)

    @property
    @override
    def matched(self) -> int:
        return sum(bool(case.alike) for case in self._cases.values())

    @override
    def entries(self) -> list[Entry]:
        return [self._entry(item) for item in self.items if item.state in ("新登记", "有变化")]

    @override
    def answer(self, item: Item, option: Option) -> None:
        question = item.question
        if question is None or option not in question.options:
            return
        if not question.kind.startswith("words:"):
            super().answer(item, option)
            return
        self._said[question.kind] = option
        for other in self.items:
            if other is item or any(one.kind == question.kind for one in other.questions):
                self._resolve(other)

    @override
    def ask_again(self, item: Item) -> None:
        for question in item.questions:
            self._said.pop(question.kind, None)
        super().ask_again(item)

    # --- laying out

    def _who(self, rows: Sequence[AwardRow], *, of_persons: bool) -> Applicant:
        code = next((row.code for row in rows if row.code), "")
        name = next((row.name for row in rows if row.name), "")
        if not name and code in self._bearers.codes:
            name = self._bearers.everyone[self._bearers.codes[code]].name
        kind = kind_of("", code, ("个人",) if of_persons else ())[0]
        document = "居民身份证" if kind == "个人" and code else ""
        return Applicant(0, kind, name, code, sample=self._sample, document=document)

    def _resolve(self, item: Item) -> None:
        case, given = self._cases[id(item)], {one.kind: one.chosen for one in item.questions if one.chosen is not None}
        given |= self._said
        ticks = {change.key: change.ticked for change in item.changes}
        item.questions, item.changes, item.told, item.target = [], [], [], 0
        if case.namesake:
            item.state, item.told = "不导入", [NAMESAKE]
            return
        sure, known, _ = whom(self._bearers, item, case.who, given, fills=False)
        if not sure:
            return
        if known is None and (why := self._unfit(case.who)):
            item.state, item.told = "不导入", [why]
            return
        meant: dict[int, _Meant] = {}
        for row in case.rows:
            found = self._meant(item, row, given)
            if found is None and item.state == "要先定" and item.question is not None:
                return
            if found is not None:
                meant[row.row] = found
        item.target = known.id if known is not None else 0
        had = self._awards.get(item.target, []) if known is not None else []
        for row in case.rows:
            if row.row in meant and (change := self._change(row, meant[row.row], had, case.rows)) is not None:
                change.ticked = ticks.get(change.key, change.ticked)
                item.changes.append(change)
        self._settle(item, known)

    def _settle(self, item: Item, known: Applicant | None) -> None:
        ticked = any(change.ticked for change in item.changes)
        if item.skipped:
            item.state, item.told = "不导入", ["您定为先不导入"]
        elif not item.changes:
            item.state, item.told = ("没有变化", ["都已登记"]) if not item.told else ("不导入", item.told)
        elif not ticked:
            item.state, item.told = (
                "不导入",
                ["没有采用任何一笔", *(change.note for change in item.changes if change.note)],
            )
        elif known is None:
            item.state = "新登记"
            item.told = ["登记库里没有这一位，会一起登记"]
        else:
            item.state = "有变化"

    def _unfit(self, who: Applicant) -> str:
        if not who.name:
            return "没有名称，登记库里也没有这个号码，请在名单里补上名称"
        if (
            who.code
            and not is_identity_number(who.code, self._today)
            and not (finding := check_credit_code(who.code)).ok
        ):
            return f"{finding.sentence.rstrip('。')}，登记库里也没有这个号码"
        return ""

    def _meant(self, item: Item, row: AwardRow, given: Mapping[str, Option]) -> _Meant | None:
        """The benefit of a row; asked where its words name none for sure. None where it waits, or where it is left out."""
        try:
            policy_id, benefit_id = self._benefits.find(row.policy, row.benefit)
        except BadAnswer:
            return self._asked(item, row, given)
        whole = f"{policy_id}.{benefit_id}"
        pairs = ((policy, one) for policy in self._pack.all_policies() for one in policy.benefits)
        return next(_Meant(policy, one) for policy, one in pairs if one.id == whole)

    def _asked(self, item: Item, row: AwardRow, given: Mapping[str, Option]) -> _Meant | None:
        words = f"{row.policy}\t{row.benefit}"
        near, own = self._benefits.alike(row.policy, row.benefit, self._synonyms), self._benefits.policy(row.policy)
        options = [Option(_benefit_words(policy, one), "benefit", at) for at, (policy, one) in enumerate(near)]
        former = Option(f"{_FORMER}{f'（{own.title}）' if own is not None else ''}", "own")
        leave = replace(SKIP, words="这样的几行先不导入", act="policy", value=-1)
        called = f"“{row.benefit}”{f'（{row.policy}）' if row.policy else ''}"
        chosen = ask(
            item,
            Question(f"words:{words}", f"名单写的{called}是哪个支持事项？", (*options, _OTHER, former, leave)),
            given,
        )
        if chosen is None:
            return None
        if chosen.act == "benefit":
            return _Meant(*near[chosen.value])
        if chosen.act == "policy":
            item.told = [f"{called}您定为先不导入"]
            return None
        if chosen.act == "own" and own is not None:
            return _Meant(own, None, row.benefit)
        if chosen.act == "own":
            every = tuple(Option(policy.title, "policy", at) for at, policy in enumerate(self._policies))
            picked = ask(item, Question(f"words:policy\t{words}", f"{called}是哪份政策的往年项目？", every), given)
            return _Meant(self._policies[picked.value], None, row.benefit) if picked is not None else None
        pairs = [
            (policy, one)
            for policy in self._pack.all_policies()
            for one in policy.benefits
            if own is None or policy.id == own.id
        ]
        all_ = tuple(Option(_benefit_words(policy, one), "benefit", at) for at, (policy, one) in enumerate(pairs))
        picked = ask(item, Question(f"words:every\t{words}", f"{called}是哪个支持事项？", all_), given)
        return _Meant(*pairs[picked.value]) if picked is not None else None

    def _change(self, row: AwardRow, meant: _Meant, had: Sequence[Award], rows: Sequence[AwardRow]) -> Change | None:
        benefit_id = meant.benefit.id if meant.benefit is not None else ""
        title = meant.benefit.title if meant.benefit is not None else meant.title
        same = [
            one for one in had
            if one.policy_id == meant.policy.id and _whole(one) == benefit_id and (benefit_id or one.title == title)
            and one.amount_fen == row.amount_fen
        ]  # fmt: skip
        if any(one.on == row.on for one in same):
            return None
        parts = (wan(row.amount_fen), row.short or row.on.isoformat(), row.document, row.matter)
        change = Change(
            f"award:{row.row}",
            title,
            "",
            "，".join(filter(None, parts)),
            f"{meant.policy.id}\t{benefit_id}\t{meant.title}",
        )
        near = next((one for one in same if row.short and one.on.year == row.on.year), None)
        twin = next((one for one in rows if one.row < row.row and replace(one, row=row.row) == row), None)
        if near is not None:
            change.ticked, change.note = False, f"登记库里 {near.on} 已有同样金额的一笔，可能就是它"
        elif twin is not None:
            change.ticked, change.note = False, f"与第 {twin.row} 行完全相同，确是两笔的才采用"
        elif not row.amount_fen:  # kept, it would count among what is given once
            change.ticked, change.note = False, "金额是 0 元，没有拨付的不采用；确有这一笔（如免费的服务）的才采用"
        elif row.short:
            change.note = f"只写到 {row.short}，按 {row.on} 记"
        return change

    def _entry(self, item: Item) -> Entry:
        case = self._cases[id(item)]
        rows = {f"award:{row.row}": row for row in case.rows}
        found = []
        for change in item.changes:
            if change.ticked:
                row, (policy, benefit, title) = rows[change.key], change.text.split("\t")
                note = f"，只写到 {row.short}" if row.short else ""
                found.append(ListedAward(
                    row.row, policy, benefit, row.amount_fen, row.on, row.matter, title, row.document, note
                ))  # fmt: skip
        who = self._bearers.everyone[item.target] if item.target else case.who
        return Entry(item.rows[0], who, awards=found, alike=case.alike)


def _numbered_persons(rows: Sequence[AwardRow], today: date) -> frozenset[str]:
    """The names that persons of the list bear whose numbers it tells."""
    return frozenset(plain_name(row.name) for row in rows if row.name and is_identity_number(row.code, today))


def _one_holder_each(rows: Sequence[AwardRow], persons: Collection[str]) -> list[list[AwardRow]]:
    """The rows by whose awards they are: by number; without one by name, with the one numbered holder of that name.

    A person of that name (``persons``) may be another one.
    """
    codes: dict[str, set[str]] = {}
    for row in rows:
        if row.code and row.name:
            codes.setdefault(plain_name(row.name), set()).add(row.code)
    groups: dict[str, list[AwardRow]] = {}
    for row in rows:
        named = plain_name(row.name) if row.name else ""
        own = codes.get(named, set()) if named and named not in persons else set()
        key = row.code or (next(iter(own)) if len(own) == 1 else f"名称：{plain_name(row.name)}")
        groups.setdefault(key, []).append(row)
    return list(groups.values())


def _benefit_words(policy: Policy, benefit: Benefit) -> str:
    return f"{benefit.title}（{policy.title}{'，旧版' if policy.replaced is not None else ''}）"


def _whole(award: Award) -> str:
    return f"{award.policy_id}.{award.benefit_id.removeprefix(f'{award.policy_id}.')}" if award.benefit_id else ""


def plan_awards(register: Register, pack: Pack, read: ReadAwards, today: date) -> AwardPlan:
    """Hold a list of awards against the register (on the register's thread)."""
    return AwardPlan(pack, read, today, register, sample=register.practice)


__all__ = ["AwardPlan", "ReadAwards", "plan_awards", "read_awards"]
