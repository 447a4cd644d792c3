"""The best lawful bundle (最优组合) of one case: what can be taken together, what is given up for it, by which clause.

Overlaps (竞合) allow one benefit for one matter; limits (限额) over several benefits cap their sum. The search (``match.search``)
is exact. Where a certain sum stands against a ceiling far above it the applicant chooses, and what was chosen is kept.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from pinggu_desk.assess.conclude import Conclusion
from pinggu_desk.assess.determination import STATUS_WORDS, Figure
from pinggu_desk.assess.match.bundled import Bundle, Choice, Cut, GivenUp, Kept, Waiting
from pinggu_desk.assess.match.search import Group, Item, Worth, best, worth
from pinggu_desk.assess.over import over_of
from pinggu_desk.policy.models import KIND_CODES
from pinggu_desk.policy.overlaps import Overlap
from pinggu_desk.policy.quantity import Dim, wan

if TYPE_CHECKING:
    from pinggu_desk.assess.rules import Rule
    from pinggu_desk.assess.run import Run

__all__ = [
    "FAR_ABOVE", "PERSON", "SUMMED", "UNIT", "Bundle", "Choice", "Cut", "GivenUp", "Group", "Item", "Kept", "Waiting", "Worth",
    "best", "find_bundle", "over_lines", "worth",
]  # fmt: skip

#: kinds whose computed sums are money that is received and not paid back (资金、贴息)
SUMMED = frozenset({"grant", "interest"})
PERSON, UNIT = "个人", "单位"
#: what can be had now, and what can be had as soon as somebody has judged it
_HAD, _NEARLY = frozenset({"eligible"}), frozenset({"eligible", "review"})
#: a ceiling so many times a certain sum is far above it: both are told, and which of the two is for the applicant to choose
FAR_ABOVE = 10


def find_bundle(run: Run, concluded: Mapping[str, Conclusion], choices: Sequence[str] = ()) -> Bundle:
    """The best bundle of the benefits that are eligible (可申请) in this run; ``concluded`` by benefit id.

    ``choices`` are the benefits that the applicant chose (申请人选择), in the order in which they were chosen.
    """
    engine = run.engine
    rules = {i: engine.rule(i) for i, c in concluded.items() if c.status == "eligible"}
    items = {i: _item(rule, concluded[i]) for i, rule in rules.items()}
    overlaps = [
        o for o in engine.pack.overlaps
        if sum(b in items for b in o.benefits) > 1 and o.holds(run.answers.values, engine.pack.facts)
    ]  # fmt: skip
    groups = _groups(run, items)
    forced, told = _choose(run, choices, concluded, overlaps)
    kept = _solve(items, overlaps, groups, forced, analogy=True)
    loose = _solve(items, overlaps, groups, forced, analogy=False)
    given_up = _GivenUp(run, kept, forced, concluded, overlaps)
    most = {i for i, c in concluded.items() if c.figure == "up_to"}
    total, ceilings = _totals(kept, items, rules, groups, most)
    loosest, loosest_ceilings = _totals(loose, items, rules, groups, most)
    shown = tuple(_kept(run, rules[i], concluded[i]) for i in rules if i in kept)
    return Bundle(
        kept=shown,
        given_up=tuple(given_up.of(i) for i in rules if i not in kept),
        cuts=tuple(_cuts(run, [items[i] for i in rules if i in kept])),
        total_fen=total, by_recipient=_by_recipient(shown, items, groups),
        without_analogy_fen=loosest,
        ceilings_fen=ceilings, without_analogy_ceilings_fen=loosest_ceilings,
        ranges=_titles(shown, "range"), by_review=_titles(shown, "by_review"),
        loans=tuple(k.benefit for k in shown if k.kind == "loan"),
        rates=tuple(k.benefit for k in shown if k.rate is not None),
        services=tuple(k.benefit for k in shown if k.figure == "in_kind"),
        waiting=tuple(_waiting(run, concluded, kept)), choices=told,
    )  # fmt: skip


def bundle_sums(
    run: Run, concluded: Mapping[str, Conclusion], values: Mapping[str, int | str], choices: Sequence[str], about: str
) -> tuple[int, int, frozenset[str]]:  # fmt: skip
    """The total, the ceilings (fen) and what is kept of these conclusions while ``values`` are the answers; nothing else is put together.

    ``about`` is counted whatever its kind and figure are: what is told of it is what it adds beside the others of its kind.
    """
    engine = run.engine
    rules = {
        i: engine.rule(i) for i, c in concluded.items() if c.status in _HAD or (i == about and c.status in _NEARLY)
    }
    items = {i: _item(rule, concluded[i]) for i, rule in rules.items()}
    overlaps = [
        o
        for o in engine.pack.overlaps
        if sum(b in items for b in o.benefits) > 1 and o.holds(values, engine.pack.facts)
    ]
    groups = _groups(run, items)
    forced = _choose(run, choices, concluded, overlaps)[0] if choices else frozenset()
    kept = _solve(items, overlaps, groups, forced, analogy=True)
    kinds = SUMMED if (kind := KIND_CODES[engine.rule(about).benefit.kind]) in SUMMED else {kind}
    counted = [
        items[i] for i in kept
        if KIND_CODES[rules[i].benefit.kind] in kinds
        and (i == about or not items[i].ceiling or concluded[i].figure == "up_to")
    ]  # fmt: skip
    found = worth(counted, groups)
    return found[0], found[2], kept


def settle(
    items: Mapping[str, Item], rules: Mapping[str, Rule], overlaps: Sequence[Overlap], groups: Sequence[Group],
    most: Collection[str],
) -> tuple[frozenset[str], int, int]:  # fmt: skip
    """The best bundle of these items where nobody chose anything, its total and its ceilings (fen), for whoever needs no more of it.

    ``most`` are those of them whose figure is a published most (最高).
    """
    kept = _solve(items, overlaps, groups, frozenset(), analogy=True)
    return kept, *_totals(kept, items, rules, groups, most)


def _totals(
    kept: Iterable[str], items: Mapping[str, Item], rules: Mapping[str, Rule], groups: Sequence[Group], most: Collection[str]
) -> tuple[int, int]:  # fmt: skip
    """The certain sum and the ceilings (fen) of what is kept, each within what the joint limits leave; certain sums come first."""
    counted = [
        items[i] for i in kept if KIND_CODES[rules[i].benefit.kind] in SUMMED and (i in most or not items[i].ceiling)
    ]
    found = worth(counted, groups)
    return found[0], found[2]


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
                overlap.explicit(benefit, other), _taken_for_one([o for o, b in pairs if b == other], run.answers.values),
            )  # fmt: skip


def _taken_for_one(overlaps: Sequence[Overlap], answers: Mapping[str, int | str]) -> str:
    """The fact that asks whether it is one thing, where all that makes it one matter is that nobody said otherwise."""
    asked = [o.same for o in overlaps if o.same and o.same not in answers]
    return asked[0] if overlaps and len(asked) == len(overlaps) else ""


# --- what the applicant chose


def _choose(
    run: Run, choices: Sequence[str], concluded: Mapping[str, Conclusion], overlaps: Sequence[Overlap]
) -> tuple[frozenset[str], tuple[Choice, ...]]:
    """Of what was chosen, what stands (ids), and every choice with why it holds no more; of two against each other the later."""
    forced: dict[str, None] = {}
    told: dict[str, Choice] = {}
    for benefit in dict.fromkeys(choices):
        if not run.engine.has(benefit):
            continue  # chosen under another edition of the rules
        title = run.engine.rule(benefit).benefit.title
        told[benefit] = Choice(benefit, title, _why_gone(run, benefit, concluded, overlaps))
        if told[benefit].gone:
            continue
        for other in [o for o in forced if o in _rivals(benefit, overlaps, concluded)]:
            del forced[other]
            told[other] = Choice(other, told[other].title, f"同后来选择的“{title}”只取一项")
        forced[benefit] = None
    return frozenset(forced), tuple(told.values())


def _rivals(benefit: str, overlaps: Sequence[Overlap], concluded: Mapping[str, Conclusion]) -> dict[str, list[Overlap]]:
    """The eligible benefits that are one matter with this one, with the overlaps that make them so."""
    out: dict[str, list[Overlap]] = {}
    for overlap in overlaps:
        for other in overlap.benefits if benefit in overlap.benefits else ():
            if other != benefit and other in concluded and concluded[other].status == "eligible":
                out.setdefault(other, []).append(overlap)
    return out


def _why_gone(run: Run, benefit: str, concluded: Mapping[str, Conclusion], overlaps: Sequence[Overlap]) -> str:
    """Why what was chosen is no choice as things stand; empty where it is one."""
    mine = concluded.get(benefit)
    if mine is None:
        return "不在这次比对的事项之内"
    if mine.status != "eligible":
        return f"现在的结论是“{STATUS_WORDS[mine.status]}”"
    rivals = _rivals(benefit, overlaps, concluded)
    if not rivals:
        return "现在没有要同它二选一的事项"
    special = next((o for o, every in rivals.items() if any(_first(o, benefit, one) for one in every)), "")
    if special:
        return f"同“{run.engine.rule(special).benefit.title}”只取一项，以专门办法为准"
    if not any(_far_above(mine, concluded[other]) for other in rivals):
        return "同另一项已不是确定的金额和高得多的上限之间的取舍，仍按能够确定的金额选取"
    return ""


def _first(one: str, other: str, overlap: Overlap) -> bool:
    """Whether the first is the special measure (专门办法) of the two."""
    return one in overlap.prefer and other not in overlap.prefer


# --- figures


def _titles(shown: Sequence[Kept], figure: Figure) -> tuple[str, ...]:
    return tuple(k.benefit for k in shown if k.figure == figure and k.kind in SUMMED)


def _item(rule: Rule, conclusion: Conclusion) -> Item:
    high = conclusion.high if conclusion.high is not None else 0
    ties = int(rule.months is not None), rule.policy.begins.toordinal()
    if conclusion.dim is Dim.RATE:
        return Item(rule.benefit.id, 0, 0, high, *ties)
    if conclusion.dim is not Dim.MONEY:
        return Item(rule.benefit.id, 0, 0, 0, *ties)
    return Item(rule.benefit.id, *((high, 0) if conclusion.exact else (0, high)), 0, *ties)


def _groups(run: Run, items: Mapping[str, Item]) -> list[Group]:
    groups = []
    for policy in run.engine.pack.policies.values():
        for limit in run.engine.binding(policy, run.answers.on):
            mine = frozenset(b for b in limit.benefits if b in items)
            if len(mine) > 1 and (left := run.left_of(policy.id, limit)) is not None:
                groups.append(Group(mine, left))
    return groups


def _solve(
    items: Mapping[str, Item], overlaps: Sequence[Overlap], groups: Sequence[Group], forced: frozenset[str], *, analogy: bool
) -> frozenset[str]:  # fmt: skip
    """The benefits to keep; what the applicant chose is kept, and what it excludes is out."""
    pairs = {
        frozenset((one, other)): overlap
        for overlap in overlaps
        for one in overlap.benefits
        for other in overlap.benefits
        if one < other and one in items and other in items and (analogy or overlap.explicit(one, other))
    }
    out = {i for pair in pairs if pair & forced for i in pair - forced}
    items = {i: item for i, item in items.items() if i not in out}
    pairs = {pair: overlap for pair, overlap in pairs.items() if not pair & out}
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
        for limit in run.engine.binding(policy, run.answers.on):
            mine = [item for item in kept if item.id in limit.benefits]
            left = run.left_of(policy.id, limit) if len(mine) > 1 else None
            together = sum(item.certain + item.ceiling for item in mine)
            if left is not None and together > left:
                yield Cut(limit.name, limit.cite[0], tuple(item.id for item in mine), together, left)


class _GivenUp:
    """Why benefits are left out of one bundle: the surest overlap with one that is kept (chosen, or preferred to it)."""

    def __init__(
        self, run: Run, kept: frozenset[str], forced: frozenset[str], concluded: Mapping[str, Conclusion],
        overlaps: Sequence[Overlap],
    ) -> None:  # fmt: skip
        self._run, self._kept, self._forced, self._concluded = run, kept, forced, concluded
        self._overlaps = overlaps

    def of(self, lost: str) -> GivenUp:
        """What is given up, for what."""
        overlap, other = max(self._reasons(lost), key=lambda r: self._weight(lost, *r))
        rule, mine, theirs = self._run.engine.rule(lost), self._concluded[lost], self._concluded[other]
        both = [o for o, b in self._reasons(lost) if b == other]
        may = not _why_gone(self._run, lost, self._concluded, self._overlaps)
        return GivenUp(
            benefit=lost, title=rule.benefit.title, clause=rule.benefit.clause, instead=other,
            instead_title=self._run.engine.rule(other).benefit.title, matter=overlap.matter, rule=overlap.rule,
            explicit=overlap.explicit(lost, other), preferred=_first(other, lost, overlap),
            sure=overlap.sure, about=overlap.about, figure=mine.figure or "by_review",
            fen=mine.low if mine.exact and mine.dim is Dim.MONEY else None,
            max_fen=mine.high if mine.dim is Dim.MONEY else None, difference=_difference(mine, theirs),
            choice=may, chosen=other in self._forced, same=_taken_for_one(both, self._run.answers.values),
        )  # fmt: skip

    def _reasons(self, lost: str) -> list[tuple[Overlap, str]]:
        return [
            (overlap, other)
            for overlap in self._overlaps if lost in overlap.benefits
            for other in overlap.benefits if other in self._kept
        ]  # fmt: skip

    def _weight(self, lost: str, overlap: Overlap, other: str) -> tuple[bool, bool, bool, int, str]:
        sure = "低中高".index(overlap.sure)
        return other in self._forced, overlap.explicit(lost, other), other in overlap.prefer, sure, other


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
