"""Versions in force (版本): one policy's texts and rules, each with the days between which it is in force (自、至).

A version lies in a folder of its own beside the first (``policies/zxqy/``, ``policies/zxqy@2027-01-01/``), with its text, rules,
form and examples, and with facts and readings that only it has. What is judged on a day is judged by the pack as it stands on
that day (:meth:`Family.at`): a plain pack, in which each policy is there once, so that two versions never meet.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from pinggu_desk.policy.dates import day_words
from pinggu_desk.policy.errors import Diagnostic
from pinggu_desk.policy.quantity import Dim, show

if TYPE_CHECKING:
    from pinggu_desk.policy.facts import Fact
    from pinggu_desk.policy.matters import Detail, Matter, Matters
    from pinggu_desk.policy.models import Pack, Policy
    from pinggu_desk.policy.overlaps import Overlap
    from pinggu_desk.policy.readings import Reading


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a policy, with the facts and readings that its folder brings."""

    policy: Policy
    facts: Mapping[str, Fact]
    readings: Mapping[str, Reading]


class Family:
    """All versions of a pack's policies, and the pack as it stands on any day (each made once)."""

    def __init__(self, whole: Pack, versions: Mapping[str, Sequence[Version]]) -> None:
        #: with the facts and readings that no version has to itself, and whatever day its other parts are for
        self._whole = replace(whole, family=self)
        #: by policy, in the order in which they come into force
        self.versions = {i: _in_turn(every) for i, every in versions.items()}
        later = {version.policy.begins for every in self.versions.values() for version in every[1:]}
        self._starts = [date.min, *sorted(later)]
        self._packs: dict[date, Pack] = {}

    def at(self, on: date) -> Pack:
        """The pack as it stands on a day: of each policy the version that began last, or the first where none has begun."""
        start = max(day for day in self._starts if day <= on)
        found = self._packs.get(start)
        if found is None:
            found = self._packs[start] = self._era(start)
        return found

    def every(self) -> Iterator[Pack]:
        """The pack of each stretch of days between which no version changes, in order."""
        return map(self.at, self._starts)

    def next(self, policy: str, on: date) -> Policy | None:
        """The version of a policy that comes into force next after a day; None where the pack knows of none."""
        later = (v.policy for v in self.versions.get(policy, ()) if v.policy.begins > on)
        return next(later, None)

    def asks(self, name_or_id: str) -> bool:
        """Whether a name means a fact that some version has to itself."""
        facts = (fact for versions in self.versions.values() for one in versions for fact in one.facts.values())
        return any(name_or_id in (fact.name, fact.id) for fact in facts)

    def _era(self, start: date) -> Pack:
        whole = self._whole
        chosen = {i: _standing(every, start) for i, every in self.versions.items()}
        facts, readings = dict(whole.facts), dict(whole.readings)
        for version in chosen.values():
            facts.update(version.facts)
            readings.update(version.readings)
        policies = {i: version.policy for i, version in chosen.items()}
        known = {benefit.id for policy in policies.values() for benefit in policy.benefits}
        return replace(
            whole, policies=policies, facts=facts, readings=readings, since=start,
            fact_ids={fact.id: fact.name for fact in facts.values()},
            overlaps=tuple(
                kept for one in whole.overlaps
                if len((kept := _only(one, known)).benefits) > 1 and (not one.same or one.same in facts)
            ),
            matters=_opening(whole.matters, known, facts),
            consistency=tuple(one for one in whole.consistency if all(name in facts for name in one.facts)),
        )  # fmt: skip


def versions_of(pack: Pack, policy: str) -> tuple[Policy, ...]:
    """Every version of a policy, in the order in which they come into force."""
    every = pack.family.versions.get(policy, ()) if pack.family is not None else ()
    return tuple(one.policy for one in every) or (pack.policies[policy],)


def days_of(policy: Policy) -> str:
    """Between which days a version is in force: ``自2027年1月1日起``, ``至2026年12月31日``; empty where it says neither."""
    since = f"自{day_words(policy.since)}" if policy.since is not None else ""
    if policy.last is None:
        return f"{since}起" if since else ""
    return f"{since}至{day_words(policy.last)}"


def _in_turn(versions: Sequence[Version]) -> tuple[Version, ...]:
    """The versions of a policy in the order in which they come into force, each knowing when the next takes its place."""
    turn = sorted(versions, key=lambda version: version.policy.begins)
    ends = [*(version.policy.begins for version in turn[1:]), None]
    return tuple(
        version if end is None else replace(version, policy=replace(version.policy, replaced=end))
        for version, end in zip(turn, ends, strict=True)
    )


def _standing(versions: Sequence[Version], on: date) -> Version:
    begun = [version for version in versions if version.policy.begins <= on]
    return begun[-1] if begun else versions[0]


def _only(overlap: Overlap, known: set[str]) -> Overlap:
    """An overlap among the benefits that there are."""
    benefits = tuple(one for one in overlap.benefits if one in known)
    if benefits == overlap.benefits:
        return overlap
    return overlap.model_copy(
        update={"benefits": benefits, "prefer": tuple(one for one in overlap.prefer if one in known)}
    )


def _opening(matters: Matters, known: set[str], facts: Mapping[str, Fact]) -> Matters:
    """The matters that open a benefit that there is."""
    groups = []
    for group in matters.groups:
        kept = [one for matter in group.matters if (one := _narrowed(matter, known, facts)) is not None]
        if kept:
            groups.append(group.model_copy(update={"matters": tuple(kept)}))
    # made anew, not copied: a copy would keep what the whole has looked up
    return type(matters).model_construct(groups=tuple(groups), who=tuple(name for name in matters.who if name in facts))


def _narrowed(matter: Matter, known: set[str], facts: Mapping[str, Fact]) -> Matter | None:
    details = tuple(one for d in matter.details if (one := _open_still(d, known, facts)).benefits)
    benefits = tuple(one for one in matter.benefits if one in known)
    if not benefits and not details:
        return None
    opens = tuple(name for name in matter.opens if name in facts)
    return matter.model_copy(update={"benefits": benefits, "details": details, "opens": opens})


def _open_still(detail: Detail, known: set[str], facts: Mapping[str, Fact]) -> Detail:
    return detail.model_copy(
        update={
            "benefits": tuple(one for one in detail.benefits if one in known),
            "opens": tuple(name for name in detail.opens if name in facts),
        }
    )


def over_words(title: str, last: int, on: int) -> str:
    """That a policy's last day has passed (ordinals): ``《…办法》执行至2026年12月31日，2027年1月5日已不在执行期内``."""
    return f"《{title.strip('《》')}》执行至{show(last, Dim.DATE)}，{show(on, Dim.DATE)}已不在执行期内"


def check_versions(policies: Sequence[Policy]) -> list[Diagnostic]:
    """What is wrong with the days of the versions: two at once, none at all between two, an end before the beginning."""
    out: list[Diagnostic] = []
    by: dict[str, list[Policy]] = {}
    for policy in policies:
        by.setdefault(policy.id, []).append(policy)
        if policy.until is not None and policy.until < policy.begins:
            out.append(_found(policy, "version-dates", f"“至”（{policy.until}）早于“自”（{policy.begins}）。"))
    for every in by.values():
        for before, after in itertools.pairwise(sorted(every, key=lambda one: one.begins)):
            out += _between(before, after)
    return out


def _between(before: Policy, after: Policy) -> Iterator[Diagnostic]:
    if after.since is None:
        yield _found(after, "version-dates", f"“{after.id}”有几个版本，除最早的一个外都要写“自”（从哪一天起执行）。")
    elif after.begins == before.begins:
        yield _found(after, "version-overlap", f"“{after.id}”有两个版本都自{after.begins}起执行，同一天只能有一个。")
    elif before.until is not None and before.until >= after.begins:
        sentence = f"“{after.id}”的两个版本日期重叠：前一个至{before.until}，后一个自{after.begins}，请改成首尾相接。"
        yield _found(before, "version-overlap", sentence)
    elif before.until is not None and before.until + timedelta(days=1) < after.begins and not after.gap:
        sentence = (
            f"“{after.id}”的两个版本之间有空档：前一个至{before.until}，后一个自{after.begins}；"
            "确有空档的，在后一个版本写“间断”说明原因。"
        )
        yield _found(after, "version-gap", sentence)


def _found(policy: Policy, code: str, sentence: str) -> Diagnostic:
    return Diagnostic(code, f"policies/{policy.folder}/policy.yaml", policy.line, sentence)
