"""From a match (能享受什么) to what its papers are made of: one visit to all policies at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from pinggu_desk.assess.basis import basis_of_match
from pinggu_desk.assess.judged import seen_today
from pinggu_desk.assess.matters import stale
from pinggu_desk.assess.overlapping import same_idle
from pinggu_desk.documents.together import after_words, full_place
from pinggu_desk.documents.visit import STATED_BY_APPLICANT, NotRaised, Party, Stated, Visit

if TYPE_CHECKING:
    from pinggu_desk.assess.determination import Determination
    from pinggu_desk.assess.match.match import GroupKey, Match
    from pinggu_desk.assess.match.nearmiss import Change

#: the groups whose benefits are worked out and not ruled out
_OPEN: tuple[GroupKey, ...] = ("eligible", "unknown", "review")


@dataclass(frozen=True, slots=True)
class MatchVisit:
    """A match with the visit that it was made in; ``visit.policy`` is ``match``, its determinations are those not ruled out."""

    visit: Visit
    match: Match

    def policy_title(self, benefit: str) -> str:
        """The title of a benefit's policy in 《》."""
        title = self.match.rules[benefit].policy.title
        return title if title.startswith("《") else f"《{title}》"

    def place(self, clause: str) -> str:
        """Where a reader finds a clause within its policy; empty for none."""
        return self.match.engine.pack.clause_place(clause) if clause else ""

    def full_place(self, clause: str) -> str:
        """The same with the policy's title: a clause of another policy."""
        return full_place(self.match.engine, clause)

    def determination(self, benefit: str) -> Determination:
        """A benefit's determination, its deadline told against the day of printing."""
        return seen_today(self.match.determination(benefit), self.visit.on, self.visit.printed_at.date())

    def after(self, change: Change) -> str:
        """What a near miss would come to, never surer than its figure."""
        return after_words(self.match.engine, change)


def match_visit(
    match: Match,
    party: Party,
    *,
    printed_at: datetime,
    sources: Mapping[str, str] | None = None,
    not_raised: Iterable[str] = (),
    serial: str | None = None,
    clerk: str = "",
    window: str = "",
    office: str = "",
    practice: bool = False,
) -> MatchVisit:
    """Everything that the papers of a match need.

    ``sources`` says of facts by name where their value came from (``登记簿``, ``上次填报，2026年3月2日``); the others are
    申请人陈述. What the visitor didn't mention (来访未涉及: the match's own group, and ``not_raised`` besides, by id) is counted and
    neither worked out nor refused. ``serial`` is None for papers made without the register.
    """
    pack = match.engine.pack
    left = {*not_raised, *match.groups["not_raised"]}
    open_ = tuple(i for key in _OPEN for i in match.groups[key] if i not in left)
    determinations = tuple(seen_today(match.determination(i), match.answers.on, printed_at.date()) for i in open_)
    clauses = dict.fromkeys([d.clause for d in determinations] + [c.clause for c in match.near.values()])
    gone = stale(match.rules.values(), match.run.env, match.answers.values)
    may = (i for i, c in match.concluded.items() if c.status in ("eligible", "review"))
    gone |= same_idle(pack, match.answers.values, may)
    values = {name: value for name, value in match.answers.values.items() if name not in gone}
    visit = Visit(
        applicant=party, policy="match", policy_title=pack.district.whole, source=_sources(match), form_title="",
        on=match.answers.on, printed_at=printed_at, pack_version=pack.version, determinations=determinations,
        stated=tuple(_stated(match, values, sources or {})), values=values,
        facts={name: pack.facts[name] for name in values},
        clause_words={clause: pack.clause_place(clause) for clause in clauses if clause},
        serial=serial, clerk=clerk, window=window, office=office, practice=practice,
        ahead=tuple(one.words for one in match.ahead),
        not_raised=tuple(
            NotRaised(i, rule.benefit.title, rule.policy.title) for i, rule in match.rules.items() if i in left
        ),
        basis=(basis_of_match(match, printed_at.date()),),
    )  # fmt: skip
    return MatchVisit(visit, match)


def _stated(match: Match, values: Mapping[str, int | str], sources: Mapping[str, str]) -> Iterable[Stated]:
    """The answers that still matter in the dictionary's order; who asks stands at the head of the paper already."""
    for fact in match.engine.pack.facts.values():
        if fact.name in values and not fact.party:
            value = fact.show(values[fact.name])
            decided = f"{fact.decided_by}认定" if fact.decided_by else STATED_BY_APPLICANT
            yield Stated(fact.name, value, source=sources.get(fact.name) or decided)


def _sources(match: Match) -> str:
    """Every source of the policies that were gone through, once."""
    policies = dict.fromkeys(r.policy.id for r in (*match.rules.values(), *match.not_in_pack))
    words = dict.fromkeys(match.engine.pack.policies[i].basis for i in policies)
    return "依据" + "、".join(text.removeprefix("依据") for text in words)
