"""``pack diff``: what changes from one pack to another, in words: clauses, rules, figures, facts, readings, forms."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, Literal, TypeVar

from pinggu_desk.policy.dates import Calendar
from pinggu_desk.policy.facts import Fact
from pinggu_desk.policy.ledger import numbers_in
from pinggu_desk.policy.models import Benefit, Pack, Policy
from pinggu_desk.policy.outline import outline
from pinggu_desk.policy.reading import deadline_words, limit_words, phrase, worth_words
from pinggu_desk.policy.synonyms import load_synonyms
from pinggu_desk.policy.unfinished import unfinished
from pinggu_desk.work.packs.build import Folder
from pinggu_desk.work.packs.summary import SHORT, summary

Area = Literal["政策", "条款", "规则", "填报项", "读法", "外部参数", "放假安排", "事由和口语词", "表样", "其他"]
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Change:
    """One change: of what kind, where (a clause, a benefit, a fact), and how it read before and reads after; empty: not there."""

    area: Area
    where: str
    before: str
    after: str
    #: the figures that only one of the two has, in words: ``原 100万元，现 150万元``
    figures: str = ""
    #: of which policy and benefit, called what, and of which part of it; empty: of the pack, of the whole
    policy: str = ""
    benefit: str = ""
    title: str = ""
    part: str = ""
    #: 自2027-01-01起: what only a later version changes
    since: str = ""

    @property
    def words(self) -> str:
        """The change on one line."""
        if not self.before:
            return f"{self.where}：新增，{self.after}"
        if not self.after:
            return f"{self.where}：删去，原为{self.before}"
        figures = f"（{self.figures}）" if self.figures else ""
        return f"{self.where}{figures}：原“{self.before}”，现“{self.after}”"


@dataclass(frozen=True)
class Side:
    """One of the two packs: what it says, and where its files lie."""

    pack: Pack
    files: Folder


@dataclass
class Changes:
    """Everything that differs, in the order in which a person reads it."""

    before: str
    after: str
    items: list[Change] = field(default_factory=list)
    #: the policies' titles, for the summary
    titles: Mapping[str, str] = field(default_factory=dict)
    #: what is still to be written in the new one, a sentence each: it is told before anything that changes
    unfinished: tuple[str, ...] = ()

    @property
    def head(self) -> str:
        """Which two they are, and how much differs."""
        if not self.items:
            return f"{self.before} 与 {self.after} 没有不同。"
        return f"{self.before} → {self.after}：{len(self.items)} 处不同"

    def summary(self) -> list[str]:
        """What is new, gone or gives another figure, by policy and benefit."""
        return [*(f"还没有完成：{words}" for words in self.unfinished), *summary(self)]

    def told(self, *, whole: bool = False) -> list[str]:
        """The changes for whoever reads them: the summary, then the list, where it is short or the ``whole`` is asked for."""
        if whole or len(self.items) <= SHORT:
            return [self.head, *self.summary(), *self.lines()[1:]]
        return [self.head, *self.summary()]

    def lines(self) -> list[str]:
        """Every change, by area."""
        out, area = [self.head], ""
        for item in self.items:
            if item.area != area:
                area = item.area
                out.append(f"【{area}】")
            out.append(f"    {item.words}")
        return out

    def to_json(self) -> dict[str, Any]:
        """The changes as scripts read them."""
        return {
            "before": self.before, "after": self.after, "unfinished": list(self.unfinished),
            "changes": [
                {"area": c.area, "where": c.where, "before": c.before, "after": c.after, "figures": c.figures}
                for c in self.items
            ],
        }  # fmt: skip


def compare(old: Side, new: Side) -> Changes:
    """What changes from the old pack to the new one; what only a later version (版本) changes, with the day from which it does."""
    called: dict[str, str] = {}
    for pack in (old.pack, new.pack):
        called |= {policy.id: policy.title for policy in pack.all_policies()[::-1]}
    later = unfinished(new.files.root, new.pack.folders(), {})
    out = Changes(old.pack.version, new.pack.version, titles=called, unfinished=tuple(one.sentence for one in later))
    seen: set[tuple[str, str, str, str]] = set()
    for day in sorted({era.since for pack in (old.pack, new.pack) for era in pack.every()}):
        before, after = old.pack.at(day), new.pack.at(day)
        for maker in (_policies, _clauses, _rules, _facts, _readings, _parameters, _calendar, _finding, _district):
            for one in maker(before, after):
                key = (one.area, one.where, one.before, one.after)
                if key not in seen:
                    seen.add(key)
                    since = "" if day == date.min else f"自{day}起"
                    out.items.append(replace(one, where=f"{since}　{one.where}", since=since) if since else one)
    out.items += _synonyms(old, new)
    out.items += _forms(old, new)
    return out


def _pairs(old: Mapping[str, _T], new: Mapping[str, _T]) -> Iterator[tuple[str, _T | None, _T | None]]:
    """What stands under each key in either, where the two differ; in the new one's order, what is gone at its old place."""
    for key in _ordered(old, new):
        before, after = old.get(key), new.get(key)
        if before != after:
            yield key, before, after


def _ordered(old: Iterable[str], new: Iterable[str]) -> list[str]:
    out = list(new)
    known, last = set(out), 0
    for key in old:
        if key in known:
            last = out.index(key) + 1
        else:
            out.insert(last, key)
            last += 1
    return out


def _changed(area: Area, where: str, before: str, after: str) -> Change:
    figures = _figures(before, after) if before and after else ""
    return Change(area, where, before, after, figures)


def _figures(before: str, after: str) -> str:
    """The figures that only one of two wordings has."""
    old, new = (list(dict.fromkeys(n.words for n in numbers_in(words))) for words in (before, after))
    gone, come = [n for n in old if n not in new], [n for n in new if n not in old]
    parts = [f"原 {'、'.join(gone)}" if gone else "", f"现 {'、'.join(come)}" if come else ""]
    return "，".join(filter(None, parts))


def _policies(old: Pack, new: Pack) -> Iterator[Change]:
    def said(policy: Policy) -> str:
        last = f"，至{policy.last}" if policy.last else ""
        return f"{policy.title}；来源：{policy.source}；主管：{policy.department}；自{policy.begins}起{last}"

    one, other = ({p.id: said(p) for p in pack.policies.values()} for pack in (old, new))
    for key, before, after in _pairs(one, other):
        yield replace(_changed("政策", key, before or "", after or ""), policy=key)


def _clauses(old: Pack, new: Pack) -> Iterator[Change]:
    def sentences(pack: Pack) -> dict[str, str]:
        return {s.id: s.words for policy in pack.policies.values() for s in policy.sentences}

    for key, before, after in _pairs(sentences(old), sentences(new)):
        place = f"{(new if after else old).clause_place(key)}（{key}）"
        yield replace(_changed("条款", place, before or "", after or ""), policy=key.split(".", 1)[0])


def _rules(old: Pack, new: Pack) -> Iterator[Change]:
    """Benefit by benefit, part by part, in the words of the officer's reading."""
    for policy_id in _ordered(old.policies, new.policies):
        one, other = old.policies.get(policy_id), new.policies.get(policy_id)
        for change in _parts("", shared_words(one), shared_words(other), policy_id):
            yield replace(change, policy=policy_id)
        benefits = [{b.id: b for b in policy.benefits} if policy else {} for policy in (one, other)]
        for benefit_id in _ordered(benefits[0], benefits[1]):
            was, now = benefits[0].get(benefit_id), benefits[1].get(benefit_id)
            if was is None or now is None:
                there = was or now
                assert there is not None
                words = f"{there.title}：{phrase(there.give)}"
                gone, come = words if was else "", words if now else ""
                yield Change("规则", benefit_id, gone, come, "", policy_id, benefit_id, there.title)
                continue
            before, after = benefit_words(one, was), benefit_words(other, now)
            for change in _parts(now.title, before, after, benefit_id):
                yield replace(change, policy=policy_id, benefit=benefit_id)


def _parts(title: str, before: Mapping[str, str], after: Mapping[str, str], where: str) -> Iterator[Change]:
    for key, was, now in _pairs(before, after):
        place = f"{title}·{key}（{where}）" if title else f"{key}（{where}）"
        yield replace(_changed("规则", place, was or "", now or ""), title=title, part=key)


def shared_words(policy: Policy | None) -> dict[str, str]:
    """What a policy's benefits share: general conditions, definitions, limits, in words."""
    if policy is None:
        return {}
    out = {f"总则·{one.name}": phrase(one.condition) for one in policy.general}
    out |= {f"定义·{one.name}": phrase(one.body) for one in policy.definitions}
    out |= {f"限额·{one.name}": f"{'、'.join(one.benefits)}：{limit_words(one)}" for one in policy.limits}
    return out


def benefit_words(policy: Policy | None, benefit: Benefit) -> dict[str, str]:
    """Everything of a benefit that can move an answer or is told with it, in words, part by part."""
    code = benefit.id.split(".", 1)[1]
    names = [m.name for m in policy.materials if not m.benefits or code in m.benefits] if policy else []
    parts = {
        "名称": benefit.title, "类别": benefit.kind, "领取人": benefit.recipient,
        "条件": _joined(benefit.condition), "给予": _joined(benefit.give), "期限": benefit.term,
        "豁免": "、".join(benefit.exempt), "时限": deadline_words(benefit), "折算": worth_words(benefit),
        "核定": benefit.decided, "口径": "、".join(benefit.readings), "材料": "；".join(names),
        "提示": "；".join((*benefit.notes, *(f"{words}（{phrase(when)}时）" for words, when in benefit.notes_when))),
        "依据": "、".join(benefit.cite),
    }  # fmt: skip
    return {key: words for key, words in parts.items() if words}


def _joined(node: Any) -> str:
    return " ".join(line.words for line in outline(node)) if node is not None else ""


def _facts(old: Pack, new: Pack) -> Iterator[Change]:
    one, other = ({f.name: fact_words(f) for f in pack.facts.values()} for pack in (old, new))
    for key, before, after in _pairs(one, other):
        yield _changed("填报项", key, before or "", after or "")


def fact_words(fact: Fact) -> str:
    """A fact as an officer reads it: kind, unit, question, choices, and whatever else it says of itself."""
    said = fact.model_dump(by_alias=True, exclude_defaults=True, mode="json")
    return "；".join(f"{key}：{_flat(value)}" for key, value in said.items() if key != "名")


def _flat(value: Any) -> str:
    if isinstance(value, dict):
        return "、".join(f"{key} {_flat(one)}" for key, one in value.items())
    if isinstance(value, (list, tuple)):
        return "、".join(map(_flat, value))
    return {True: "是", False: "否"}[value] if isinstance(value, bool) else str(value)


def _readings(old: Pack, new: Pack) -> Iterator[Change]:
    def said(pack: Pack) -> dict[str, str]:
        return {r.id: f"{r.question}取：{r.taken}；另：{r.other}" for r in pack.readings.values()}

    for key, before, after in _pairs(said(old), said(new)):
        yield _changed("读法", key, before or "", after or "")


def _parameters(old: Pack, new: Pack) -> Iterator[Change]:
    def said(pack: Pack) -> dict[str, str]:
        return {
            p.name: "；".join([p.about, *(f"{v.value}，{v.words}" for v in p.values)]) for p in pack.parameters.values()
        }

    for key, before, after in _pairs(said(old), said(new)):
        yield _changed("外部参数", key, before or "", after or "")


def _calendar(old: Pack, new: Pack) -> Iterator[Change]:
    def said(calendar: Calendar) -> dict[str, str]:
        return {
            f"{year.number}年": f"放假 {len(year.off)} 天、调休上班 {len(year.worked)} 天（{'、'.join(map(str, sorted(year.off)))}；"
            f"{'、'.join(map(str, sorted(year.worked)))}）" if year.published else "未公布"
            for year in calendar.years
        }  # fmt: skip

    for key, before, after in _pairs(said(old.calendar), said(new.calendar)):
        yield Change("放假安排", key, before or "", after or "")


def _finding(old: Pack, new: Pack) -> Iterator[Change]:
    def said(pack: Pack) -> dict[str, str]:
        out = {f"事由·{m.id}": f"{m.name}" for m in pack.matters.by_id.values()}
        out |= {f"竞合·{o.id}": f"{o.matter}：{'、'.join(o.benefits)}；{o.rule or '没有条款'}" for o in pack.overlaps}
        out |= {f"校核·{c.name}": f"{c.sentence}（{phrase(c.condition)}）" for c in pack.consistency}
        return out

    for key, before, after in _pairs(said(old), said(new)):
        yield _changed("其他" if not key.startswith("事由") else "事由和口语词", key, before or "", after or "")


def _district(old: Pack, new: Pack) -> Iterator[Change]:
    def said(pack: Pack) -> dict[str, str]:
        told = pack.district.model_dump(by_alias=True, mode="json")
        return {f"本区·{key}": _flat(value) for key, value in told.items() if key != "版次"}

    for key, before, after in _pairs(said(old), said(new)):
        yield Change("其他", key, before or "（没有写）", after or "（没有写）")


def _synonyms(old: Side, new: Side) -> Iterator[Change]:
    one, other = ({k: "、".join(v) for k, v in load_synonyms(side.files.root).items()} for side in (old, new))
    for key, before, after in _pairs(one, other):
        yield Change("事由和口语词", f"口语词·{key}", before or "", after or "")


def _forms(old: Side, new: Side) -> Iterator[Change]:
    one, other = (_hashed(side.files.forms) for side in (old, new))
    for key, before, after in _pairs(one, other):
        yield Change("表样", key, "原表样" if before else "", "新表样" if after else "")


def _hashed(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.glob("*.xlsx"))}
