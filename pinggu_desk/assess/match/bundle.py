"""The best lawful bundle (最优组合): what can be taken together, what is given up for it, by which clause.

Overlaps (竞合) allow one benefit for one matter; limits (限额) over several benefits cap their sum. The search is exact:
every way of keeping a largest set without two that exclude each other is valued, component by component, so neither
the order of the rules nor a greedy choice can lose money. Money is whole fen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from pinggu_desk.assess.conclude import Conclusion
from pinggu_desk.assess.determination import Figure
from pinggu_desk.assess.over import over_of
from pinggu_desk.policy.models import KIND_CODES, Overlap
from pinggu_desk.policy.quantity import Dim, wan

if TYPE_CHECKING:
    from pinggu_desk.assess.rules import Rule
    from pinggu_desk.assess.run import Run

#: kinds whose computed sums are money that is received and not paid back (资金、贴息)
SUMMED = frozenset({"grant", "interest"})
PERSON, UNIT = "个人", "单位"


#: a ceiling so many times a certain sum is far above it: both are told, and which of the two is for the applicant to choose
FAR_ABOVE = 10


class Item(NamedTuple):
    """What the search sees of a benefit: a certain sum or a ceiling (fen), a share's rate (0.01 %), its id.

    Certain is only what is worked out (按条款计算): the lower end of a published range is no sum that anybody is sure of.
    ``written`` says that its text gives a term, ``since`` from which day its text is known (从新): they break ties.
    """

    id: str
    certain: int
    ceiling: int
    rate: int
    written: int = 0
    since: int = 0


class Group(NamedTuple):
    """A limit over several benefits: their ids and what is left of it (fen)."""

    ids: frozenset[str]
    left: int


Worth = tuple[int, int, int, int, int, int]


def worth(kept: Iterable[Item], groups: Sequence[Group]) -> Worth:
    """What a set is worth: certain money first, then rates, then ceilings, then the number of things kept.

    Of equal ones the set whose texts give more terms in writing, then the one whose texts are newer (从新).
    """
    kept = list(kept)
    certain = sum(item.certain for item in kept)
    ceiling = sum(item.ceiling for item in kept)
    for group in groups:
        mine = [item for item in kept if item.id in group.ids]
        sure, open_ = sum(item.certain for item in mine), sum(item.ceiling for item in mine)
        allowed = min(sure, group.left)
        certain -= sure - allowed
        ceiling -= open_ - min(open_, group.left - allowed)
    written, since = sum(item.written for item in kept), sum(item.since for item in kept)
    return certain, sum(item.rate for item in kept), ceiling, len(kept), written, since


def best(items: Sequence[Item], excluding: Iterable[frozenset[str]], groups: Sequence[Group] = ()) -> frozenset[str]:
    """The ids of the best set in which no two exclude each other; equal worth goes to the ids that sort first.

    Exact: components that share neither an exclusion nor a limit are searched one by one, each in full.
    """
    pairs = [pair for pair in excluding if len(pair) == 2]
    kept: set[str] = set()
    by_id = {item.id: item for item in items}
    for component in _components(by_id, pairs, groups):
        kept |= _best_of([by_id[i] for i in sorted(component)], pairs, groups)
    return frozenset(kept)


def _components(
    items: Mapping[str, Item], pairs: Sequence[frozenset[str]], groups: Sequence[Group]
) -> Iterator[set[str]]:
    links = [set(pair) for pair in pairs] + [set(group.ids) for group in groups]
    left = set(items)
    while left:
        found = {min(left)}
        while more := {i for link in links if link & found for i in link & left} - found:
            found |= more
        left -= found
        yield found


def _best_of(items: list[Item], pairs: Sequence[frozenset[str]], groups: Sequence[Group]) -> set[str]:
    against: dict[str, set[str]] = {item.id: set() for item in items}
    for one, other in (tuple(pair) for pair in pairs):
        if one in against and other in against:
            against[one].add(other)
            against[other].add(one)
    by_id = {item.id: item for item in items}

    def rank(ids: Iterable[str]) -> tuple[Worth, list[tuple[int, ...]]]:
        # Of equally good sets, the one whose ids sort first: the answer can't depend on the order of the rules.
        return worth((by_id[i] for i in ids), groups), sorted((tuple(-ord(c) for c in i) for i in ids), reverse=True)

    return set(max(_free_sets(frozenset(by_id), against), key=rank))


def _free_sets(ids: frozenset[str], against: Mapping[str, set[str]]) -> Iterator[frozenset[str]]:
    """Every largest set (none can be added) without two that exclude each other."""
    free = frozenset(i for i in ids if not against[i] & ids)
    rest = ids - free
    if not rest:
        yield free
        return
    pivot = max(sorted(rest), key=lambda i: len(against[i] & rest))
    for with_ in _free_sets(rest - {pivot} - against[pivot], against):
        yield free | {pivot} | with_
    for without in _free_sets(rest - {pivot}, against):
        if without & against[pivot]:  # else the pivot could still be added
            yield free | without


# --- the bundle of one case ---


@dataclass(frozen=True, slots=True)
class Kept:
    """A benefit in the bundle, with its figure (fen) or rate; ``recipient`` as the policy names who receives it.

    ``over`` says what it comes to over time (折算): the total counts one year of it, the whole stands beside.
    """

    benefit: str
    title: str
    clause: str
    kind: str
    recipient: str
    figure: Figure
    fen: int | None
    min_fen: int | None
    max_fen: int | None
    rate: tuple[int, int] | None
    over: str = ""


@dataclass(frozen=True, slots=True)
class GivenUp:
    """A benefit left out for another: the matter, the clause, whether its words say so (明文) or only an analogy does.

    ``difference`` says in words what the choice costs or what stays open; ``preferred`` that the one kept is the
    special measure (专门办法), whatever the figures; ``choice`` that its ceiling is far above the certain sum that is kept, so that
    the applicant chooses.
    """

    benefit: str
    title: str
    clause: str
    instead: str
    instead_title: str
    matter: str
    rule: str
    explicit: bool
    preferred: bool
    sure: str
    about: str
    figure: Figure
    fen: int | None
    max_fen: int | None
    difference: str
    choice: bool = False

    @property
    def why_open(self) -> str:
        """What is left to somebody: to the authority where no clause says so, to the applicant between a sum and a ceiling."""
        told = ["由申请人选择：确定的金额，或者较高的上限"] if self.choice else []
        return "；".join(told if self.explicit else ["口径待主管部门确认", *told])


@dataclass(frozen=True, slots=True)
class Waiting:
    """A benefit that waits for an authority's verdict and, should it be had, is one matter with one that is kept."""

    benefit: str
    title: str
    clause: str
    kept: str
    kept_title: str
    matter: str
    rule: str
    explicit: bool


@dataclass(frozen=True, slots=True)
class Cut:
    """A limit over several benefits that bites: together they come to ``sum_fen``, of which ``left_fen`` is allowed."""

    limit: str
    clause: str
    benefits: tuple[str, ...]
    sum_fen: int
    left_fen: int


@dataclass(frozen=True, slots=True)
class Bundle:
    """The best lawful bundle of one case.

    ``total_fen`` adds the computed grants and interest subsidies that are kept, every overlap taken to exclude;
    ``without_analogy_fen`` the same if only what the texts say in words excludes (equal where no analogy matters).
    Ceilings, ranges, loans, rates, services stand beside the total and are never added to it.
    """

    kept: tuple[Kept, ...]
    given_up: tuple[GivenUp, ...]
    cuts: tuple[Cut, ...]
    total_fen: int
    by_recipient: Mapping[str, int]
    without_analogy_fen: int
    ceilings_fen: int
    without_analogy_ceilings_fen: int
    ranges: tuple[str, ...]
    by_review: tuple[str, ...]
    loans: tuple[str, ...]
    rates: tuple[str, ...]
    services: tuple[str, ...]
    waiting: tuple[Waiting, ...] = ()

    @property
    def open(self) -> bool:
        """Whether what may be had together is not all said by a clause."""
        both = self.total_fen, self.ceilings_fen
        return both != (self.without_analogy_fen, self.without_analogy_ceilings_fen)


def find_bundle(run: Run, concluded: Mapping[str, Conclusion]) -> Bundle:
    """The best bundle of the benefits that are eligible (可申请) in this run; ``concluded`` by benefit id."""
    engine = run.engine
    rules = {i: engine.rule(i) for i, c in concluded.items() if c.status == "eligible"}
    items = {i: _item(rule, concluded[i]) for i, rule in rules.items()}
    overlaps = [
        o for o in engine.pack.overlaps
        if sum(b in items for b in o.benefits) > 1 and o.holds(run.answers.values, engine.pack.facts)
    ]  # fmt: skip
    groups = _groups(run, items)
    kept = _solve(items, overlaps, groups, analogy=True)
    loose = _solve(items, overlaps, groups, analogy=False)
    total = worth((_money_only(items[i], rules[i]) for i in kept), groups)[0]
    loosest = worth((_money_only(items[i], rules[i]) for i in loose), groups)[0]
    shown = tuple(_kept(run, rules[i], concluded[i]) for i in rules if i in kept)
    return Bundle(
        kept=shown,
        given_up=tuple(_given_up(i, kept, rules, concluded, overlaps) for i in rules if i not in kept),
        cuts=tuple(_cuts(run, [items[i] for i in rules if i in kept])),
        total_fen=total, by_recipient=_by_recipient(shown, items, groups),
        without_analogy_fen=loosest,
        ceilings_fen=_ceilings(shown),
        without_analogy_ceilings_fen=_ceilings(tuple(_kept(run, rules[i], concluded[i]) for i in rules if i in loose)),
        ranges=_titles(shown, "range"), by_review=_titles(shown, "by_review"),
        loans=tuple(k.benefit for k in shown if k.kind == "loan"),
        rates=tuple(k.benefit for k in shown if k.rate is not None),
        services=tuple(k.benefit for k in shown if k.figure == "in_kind"),
        waiting=tuple(_waiting(run, concluded, kept)),
    )  # fmt: skip


def _ceilings(shown: Sequence[Kept]) -> int:
    return sum(k.max_fen or 0 for k in shown if k.figure == "up_to" and k.kind in SUMMED and k.rate is None)


def _waiting(run: Run, concluded: Mapping[str, Conclusion], kept: frozenset[str]) -> Iterator[Waiting]:
    """Each benefit that waits for a verdict with the surest of what is kept that it would exclude."""
    engine, facts = run.engine, run.engine.pack.facts
    overlaps = [o for o in engine.pack.overlaps if o.holds(run.answers.values, facts)]
    for benefit in (i for i, c in concluded.items() if c.status == "review"):
        pairs = [(o, other) for o in overlaps if benefit in o.benefits for other in o.benefits if other in kept]
        if pairs:
            overlap, other = max(pairs, key=lambda p: (p[0].explicit(benefit, p[1]), "低中高".index(p[0].sure), p[1]))
            mine, theirs = engine.rule(benefit).benefit, engine.rule(other).benefit
            yield Waiting(
                benefit, mine.title, mine.clause, other, theirs.title, overlap.matter, overlap.rule,
                overlap.explicit(benefit, other),
            )  # fmt: skip


def _titles(shown: Sequence[Kept], figure: Figure) -> tuple[str, ...]:
    return tuple(k.benefit for k in shown if k.figure == figure and k.kind in SUMMED)


def _item(rule: Rule, conclusion: Conclusion) -> Item:
    high = conclusion.high if conclusion.high is not None else 0
    ties = int(rule.months is not None), rule.policy.known_from.toordinal()
    if conclusion.dim is Dim.RATE:
        return Item(rule.benefit.id, 0, 0, high, *ties)
    if conclusion.dim is not Dim.MONEY:
        return Item(rule.benefit.id, 0, 0, 0, *ties)
    return Item(rule.benefit.id, *((high, 0) if conclusion.exact else (0, high)), 0, *ties)


def _money_only(item: Item, rule: Rule) -> Item:
    """The item as it enters the total: only a computed sum of a kind that is not paid back."""
    exact = not item.ceiling and KIND_CODES[rule.benefit.kind] in SUMMED
    return item if exact else item._replace(certain=0, ceiling=0)


def _groups(run: Run, items: Mapping[str, Item]) -> list[Group]:
    groups = []
    for policy in run.engine.pack.policies.values():
        for limit in policy.binding:
            mine = frozenset(b for b in limit.benefits if b in items)
            if len(mine) > 1 and (left := run.left_of(policy.id, limit)) is not None:
                groups.append(Group(mine, left))
    return groups


def _solve(
    items: Mapping[str, Item], overlaps: Sequence[Overlap], groups: Sequence[Group], *, analogy: bool
) -> frozenset[str]:
    pairs = {
        frozenset((one, other)): overlap
        for overlap in overlaps
        for one in overlap.benefits
        for other in overlap.benefits
        if one < other and one in items and other in items and (analogy or overlap.explicit(one, other))
    }
    beaten: set[str] = set()
    for pair, overlap in pairs.items():
        first = pair & set(overlap.prefer)
        if len(first) == 1:
            beaten |= pair - first
        elif not first:
            beaten |= {i for i in pair for other in pair - {i} if _dwarfs(items[other], items[i])}
    while True:
        kept = best([item for i, item in items.items() if i not in beaten], pairs, groups)
        # Where the special measure itself is given up for something else, what it had shut out is open again.
        again = {i for i in beaten if not any(i in pair and pair & kept for pair in pairs)}
        if not again:
            return kept
        beaten -= again


def _dwarfs(one: Item, other: Item) -> bool:
    """Whether a ceiling is so far above what the other can come to that it is not given up for it (从高)."""
    return not one.certain and one.ceiling >= FAR_ABOVE * max(other.certain, other.ceiling) > 0


def _kept(run: Run, rule: Rule, c: Conclusion) -> Kept:
    benefit = rule.benefit
    money = c.dim is Dim.MONEY
    rate = (c.low or 0, c.high) if c.dim is Dim.RATE and c.high is not None else None
    return Kept(
        benefit.id, benefit.title, benefit.clause, KIND_CODES[benefit.kind], benefit.recipient, c.figure or "by_review",
        c.low if money and c.exact else None, c.low if money else None, c.high if money else None, rate,
        over.words if (over := over_of(run, rule, c)[0]) is not None else "",
    )  # fmt: skip


def over_lines(bundle: Bundle) -> list[str]:
    """What is given year by year or month by month, each with a period's sum and the whole (FOUND 78)."""
    return [
        f"{k.title}：{k.over}" + ("，资金合计只计一年" if k.fen is not None and k.kind in SUMMED else "")
        for k in bundle.kept
        if k.over
    ]


def _by_recipient(shown: Sequence[Kept], items: Mapping[str, Item], groups: Sequence[Group]) -> dict[str, int]:
    out: dict[str, int] = {}
    for who in (UNIT, PERSON):
        mine = [
            items[k.benefit] for k in shown
            if k.fen is not None and k.kind in SUMMED and (k.recipient == PERSON) == (who == PERSON)
        ]  # fmt: skip
        if mine:
            out[who] = worth(mine, groups)[0]
    return out


def _cuts(run: Run, kept: Sequence[Item]) -> Iterator[Cut]:
    for policy in run.engine.pack.policies.values():
        for limit in policy.binding:
            mine = [item for item in kept if item.id in limit.benefits]
            left = run.left_of(policy.id, limit) if len(mine) > 1 else None
            together = sum(item.certain + item.ceiling for item in mine)
            if left is not None and together > left:
                yield Cut(limit.name, limit.cite[0], tuple(item.id for item in mine), together, left)


def _given_up(
    lost: str, kept: frozenset[str], rules: Mapping[str, Rule], concluded: Mapping[str, Conclusion],
    overlaps: Sequence[Overlap],
) -> GivenUp:  # fmt: skip
    """Why a benefit is left out: the surest overlap with one that is kept (or with one preferred to it)."""
    reasons = [
        (overlap, other) for overlap in overlaps if lost in overlap.benefits
        for other in overlap.benefits if other in kept
    ]  # fmt: skip
    overlap, other = max(
        reasons, key=lambda r: (r[0].explicit(lost, r[1]), r[1] in r[0].prefer, "低中高".index(r[0].sure), r[1])
    )
    rule, mine, theirs = rules[lost], concluded[lost], concluded[other]
    return GivenUp(
        benefit=lost, title=rule.benefit.title, clause=rule.benefit.clause, instead=other,
        instead_title=rules[other].benefit.title, matter=overlap.matter, rule=overlap.rule,
        explicit=overlap.explicit(lost, other), preferred=other in overlap.prefer and lost not in overlap.prefer,
        sure=overlap.sure, about=overlap.about, figure=mine.figure or "by_review",
        fen=mine.low if mine.exact and mine.dim is Dim.MONEY else None,
        max_fen=mine.high if mine.dim is Dim.MONEY else None, difference=_difference(mine, theirs),
        choice=_far_above(mine, theirs),
    )  # fmt: skip


def _far_above(mine: Conclusion, theirs: Conclusion) -> bool:
    """Whether a certain sum and a ceiling far above it stand against each other, whichever of them is kept."""
    for sure, open_ in ((mine, theirs), (theirs, mine)):
        money = sure.dim is Dim.MONEY and open_.dim is Dim.MONEY and sure.exact and not open_.exact
        if money and (open_.high or 0) >= FAR_ABOVE * (sure.low or 0) > 0:
            return True
    return False


def _difference(mine: Conclusion, theirs: Conclusion) -> str:
    """What giving up ``mine`` for ``theirs`` comes to, never surer than the figures are."""
    if Dim.MONEY not in (mine.dim, theirs.dim) or mine.dim is not theirs.dim:
        return "两项不都是资金，不计差额"
    if mine.exact and theirs.exact and mine.low is not None and theirs.low is not None:
        more = theirs.low - mine.low
        return f"多{wan(more)}" if more > 0 else "金额相同" if not more else f"少{wan(-more)}"
    if mine.high is None or theirs.high is None:
        return "有一项的金额由主管部门核定，差额待定"
    if mine.exact:
        return f"放弃的一项确定为{wan(mine.high)}，已取的一项最高{wan(theirs.high)}，以审定为准"
    most, least = mine.high - (theirs.low or 0), (mine.low or 0) - theirs.high
    if most > 0:
        return f"放弃的一项如按上限核定，可能多{wan(most)}，以审定为准"
    return f"多{wan(-most)}以上" if -most > 0 else f"差额待审定，至多{wan(-least)}"
