"""即将变化: what another version of a policy will change, told to whoever comes before it is in force.

Each benefit is held against the one of the same number in the version that comes next: it goes (废止), it is new (新增), its
figures are others (标准调整), or its conditions are (条件调整); a policy may also end (到期) or begin (施行). Only what the pack knows
is told, at most a year ahead. One maker of these sentences, for screens, papers and JSON.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Literal
from weakref import WeakKeyDictionary

from pinggu_desk.assess.answers import Answers, carried
from pinggu_desk.assess.engine import standing
from pinggu_desk.assess.present import outcome_words
from pinggu_desk.assess.run import Run
from pinggu_desk.policy import forms as f
from pinggu_desk.policy.quantity import Dim, show
from pinggu_desk.policy.reading import phrase

if TYPE_CHECKING:
    from pinggu_desk.assess.engine import Engine
    from pinggu_desk.assess.rules import Rule
    from pinggu_desk.policy.models import Pack, Policy

Kind = Literal["废止", "新增", "标准调整", "条件调整", "到期", "施行"]
#: changes further ahead than this are not told yet
_HORIZON = timedelta(days=366)
#: so many pairs of figures are named one by one
_PAIRS = 3


@dataclass(frozen=True, slots=True)
class Ahead:
    """One change to come: of which benefit (empty: of the whole policy), from which day, both figures and clauses in words.

    ``outcome`` is what the applicant's own answers come to then, where that differs and is of use.
    """

    policy: str
    benefit: str
    title: str
    kind: Kind
    on: date
    before: str = ""
    after: str = ""
    clause: str = ""
    place: str = ""
    next_place: str = ""
    outcome: str = ""

    @property
    def words(self) -> str:
        """The change in one sentence without a full stop: ``自2027年1月1日起，“…补助”标准调整：由100万元改为150万元（…）``."""
        day = show(self.on.toordinal(), Dim.DATE)
        if self.kind == "到期":
            last = show((self.on - timedelta(days=1)).toordinal(), Dim.DATE)
            return f"《{self.title}》执行至{last}，之后有没有接续的政策，以主管部门公布的为准"
        if self.kind == "施行":
            return f"自{day}起施行《{self.title}》，有 {self.after} 个支持事项"
        where = {"废止": f"现行{self.place}", "新增": f"新版{self.next_place}"}.get(
            self.kind, f"现行{self.place}，新版{self.next_place}"
        )
        said = {
            "废止": f"“{self.title}”不再给予", "新增": f"新增“{self.title}”：{self.after}",
            "标准调整": f"“{self.title}”标准调整：由{self.before}改为{self.after}",
            "条件调整": f"“{self.title}”的条件调整：{self.after}",
        }[self.kind]  # fmt: skip
        own = f"；按所述情况，届时{self.outcome}" if self.outcome else ""
        return f"自{day}起，{said}（{where}）{own}"

    def to_json(self) -> dict[str, Any]:
        """The change as scripts read it."""
        return {
            "policy": self.policy, "benefit": self.benefit or None, "title": self.title, "kind": self.kind,
            "from": self.on.isoformat(), "before": self.before or None, "after": self.after or None,
            "clause": self.clause or None, "outcome": self.outcome or None, "words": self.words,
        }  # fmt: skip


def changes_ahead(
    engine: Engine, answers: Answers, policies: Iterable[str] | None = None, benefits: Collection[str] | None = None
) -> tuple[Ahead, ...]:
    """What changes after the day of the answers in these policies (all), of these benefits and what is new (all), in order."""
    now, given = standing(engine, answers)
    out: list[Ahead] = []
    for policy_id in now.pack.policies if policies is None else policies:
        found = _of_policy(now, given, now.pack.policies[policy_id])
        out += [
            one
            for one in found
            if benefits is None or one.kind in ("新增", "施行") or not one.benefit or one.benefit in benefits
        ]
    return tuple(out)


def next_version(pack: Pack, policy: str, on: date) -> Policy | None:
    """The version of a policy that takes the place of the one in force on a day, where the pack knows of one."""
    return pack.family.next(policy, on) if pack.family is not None else None


def _of_policy(now: Engine, answers: Answers, policy: Policy) -> Iterator[Ahead]:
    on, title = answers.on, policy.title.strip("《》")
    later = next_version(now.pack, policy.id, on)
    if on < policy.begins:
        if policy.since is not None and policy.begins - on <= _HORIZON:
            yield Ahead(policy.id, "", title, "施行", policy.begins, after=str(len(policy.benefits)))
        return
    if not policy.in_force(on):
        return
    if later is not None:
        if later.begins - on <= _HORIZON:
            yield from _between(now, answers, policy, later)
    elif policy.last is not None and policy.last - on <= _HORIZON:
        yield Ahead(policy.id, "", title, "到期", policy.last + timedelta(days=1))


def _between(now: Engine, answers: Answers, policy: Policy, later: Policy) -> Iterator[Ahead]:
    then = now.at(later.begins)
    differ = _differing(now, then, policy)
    known = {benefit.id for benefit in later.benefits}
    for benefit in policy.benefits:
        place = now.pack.clause_place(benefit.clause)
        if benefit.id not in known:
            yield Ahead(policy.id, benefit.id, benefit.title, "废止", later.begins, clause=benefit.clause, place=place)
            continue
        if (change := differ.get(benefit.id)) is not None:
            old, new = now.rule(benefit.id), then.rule(benefit.id)
            kind, before, after = change
            yield Ahead(
                policy.id, benefit.id, benefit.title, kind, later.begins, before, after, benefit.clause, place,
                then.pack.clause_place(new.benefit.clause), _outcome(now, then, answers, old, new, later.begins),
            )  # fmt: skip
    held = {benefit.id for benefit in policy.benefits}
    for benefit in later.benefits:
        if benefit.id not in held:
            yield Ahead(
                policy.id, benefit.id, benefit.title, "新增", later.begins, after=phrase(benefit.give),
                clause=benefit.clause, next_place=then.pack.clause_place(benefit.clause),
            )  # fmt: skip


#: by engine, how its policies' benefits differ from the next version's: held against each other once
_DIFFER: WeakKeyDictionary[Engine, dict[str, dict[str, tuple[Kind, str, str]]]] = WeakKeyDictionary()


def _differing(now: Engine, then: Engine, policy: Policy) -> dict[str, tuple[Kind, str, str]]:
    known = _DIFFER.setdefault(now, {})
    if policy.id not in known:
        both = [b.id for b in policy.benefits if then.has(b.id)]
        found = ((i, _difference(now.rule(i), then.rule(i))) for i in both)
        known[policy.id] = {i: change for i, change in found if change is not None}
    return known[policy.id]


def _difference(old: Rule, new: Rule) -> tuple[Kind, str, str] | None:
    """How two versions of a benefit differ: in its figures, else in its conditions; None where its rules say the same."""
    mine, theirs = _figures(old, old.give), _figures(new, new.give)
    if _said(old, old.give) != _said(new, new.give):
        pairs = list(dict.fromkeys((a, b) for a, b in zip(mine, theirs, strict=False) if a != b))
        if len(mine) == len(theirs) and 0 < len(pairs) <= _PAIRS:
            return "标准调整", "、".join(a for a, _ in pairs), "、".join(b for _, b in pairs)
        return "标准调整", f"“{phrase(old.benefit.give)}”", f"“{phrase(new.benefit.give)}”"
    if _said(old, old.condition) == _said(new, new.condition):
        return None
    mine, theirs = _figures(old, old.condition), _figures(new, new.condition)
    pairs = list(dict.fromkeys((a, b) for a, b in zip(mine, theirs, strict=False) if a != b))
    if len(mine) == len(theirs) and 0 < len(pairs) <= _PAIRS:
        return "条件调整", "", "、".join(f"由{a}改为{b}" for a, b in pairs)
    return "条件调整", "", "以新版条款为准"


def _said(rule: Rule, root: f.Expr | f.Cond) -> list[str]:
    """A form in words, and every definition that it rests on."""
    return [phrase(root), *(phrase(node) for node in rule.meaning.scope.reach(root))]


def _figures(rule: Rule, root: f.Expr | f.Cond) -> list[str]:
    """The figures that a form states, in order: sums, rates, numbers, terms."""
    out = []
    for node in rule.meaning.scope.reach(root):
        if isinstance(node, f.Lit):
            out.append(phrase(node))
        elif isinstance(node, f.Share):
            out.append(node.rate.text)
    return out


def _outcome(now: Engine, then: Engine, answers: Answers, old: Rule, new: Rule, on: date) -> str:
    """What the answers come to under the next version, where it is something that can be had and differs from now."""
    before = Run(now, answers).conclusion(old)
    given = Answers(on, carried(answers.values, now.pack, then.pack), answers.awards)
    after = Run(then, given).conclusion(new)
    if "eligible" not in (before.status, after.status) or "unknown" in (before.status, after.status):
        return ""
    said = outcome_words(after, new.decided)
    return said if said != outcome_words(before, old.decided) else ""
