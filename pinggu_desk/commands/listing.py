"""What the pack holds, as rows: policies with their benefits, and the fact dictionary; and an answer as lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from pinggu_desk.assess.determination import Determination
from pinggu_desk.policy import forms as f
from pinggu_desk.policy.matters import Detail, Matter
from pinggu_desk.policy.models import KIND_CODES, Pack, Policy
from pinggu_desk.policy.scope import Scope
from pinggu_desk.policy.versions import days_of, versions_of


def policy_rows(pack: Pack, on: date) -> list[dict[str, Any]]:
    """Every policy and benefit: ids, titles, clauses, facts used, and whether the text in force on ``on`` is here."""
    return [_policy_row(pack, policy, on) | _versions(pack, policy, on) for policy in pack.policies.values()]


def _versions(pack: Pack, policy: Policy, on: date) -> dict[str, Any]:
    """Every version that the pack holds of a policy, with its days, and what it offers that the one in force doesn't."""
    here = {benefit.id: benefit.title for benefit in policy.benefits}
    rows = []
    for one in versions_of(pack, policy.id):
        its = {benefit.id: benefit.title for benefit in one.benefits}
        rows.append({
            "folder": one.folder, "since": one.begins.isoformat(), "until": one.last.isoformat() if one.last else None,
            "days": days_of(one), "in_force": one.in_force(on), "added": [its[i] for i in its if i not in here],
            "gone": [here[i] for i in here if i not in its],
        })  # fmt: skip
    return {"versions": rows}


def version_lines(row: dict[str, Any]) -> Iterator[str]:
    """The versions of a policy's row for a terminal; nothing where there is but one without days."""
    for one in row["versions"]:
        if len(row["versions"]) == 1 and not one["days"]:
            return
        changed = [
            f"{words}：{'、'.join(one[key])}" for key, words in (("added", "新增"), ("gone", "不再有")) if one[key]
        ]
        mark = "，现行" if one["in_force"] else ""
        yield f"    〔{one['days'] or '版本'}{mark}〕{'；'.join(changed)}"


def _policy_row(pack: Pack, policy: Policy, on: date) -> dict[str, Any]:
    scope = Scope(pack, policy)
    general = [name for item in policy.general for name in scope.facts_of(item.condition)]
    benefits = []
    for benefit in policy.benefits:
        roots = [root for root in (benefit.condition, benefit.give) if root is not None]
        if benefit.deadline is not None:
            other = benefit.deadline.other
            roots += [benefit.deadline.last_day, *((other.when, other.last_day) if other is not None else ())]
        names = [*general, *(name for root in roots for name in scope.facts_of(root))]
        own = (limit for limit in policy.limits if benefit.id in limit.benefits)
        names += [n for limit in own for n in scope.facts_of(f.Name(limit.cite, limit.path, limit.received))]
        benefits.append({
            "id": benefit.id, "title": benefit.title, "kind": KIND_CODES[benefit.kind], "clause": benefit.clause,
            "clauses": list(benefit.cite), "place": policy.place(benefit.clause), "recipient": benefit.recipient,
            "facts": list(dict.fromkeys(names)),
        })  # fmt: skip
    return {
        "id": policy.id, "title": policy.title, "department": policy.department, "source": policy.source,
        "known_from": policy.known_from.isoformat(), "since": policy.begins.isoformat(),
        "until": policy.last.isoformat() if policy.last else None, "in_pack": policy.in_force(on),
        "form": policy.form_title, "benefits": benefits,
    }  # fmt: skip


def fact_rows(pack: Pack) -> list[dict[str, Any]]:
    """Every fact, once: name, code, kind, unit, bounds, options, proof, who decides."""
    return [
        {
            "name": fact.name, "id": fact.id, "kind": fact.kind, "unit": fact.input_unit, "owner": fact.owner,
            "question": fact.question, "options": [option.name for option in fact.options],
            "least": fact.least or None, "most": fact.most or None, "proof": fact.proof,
            "decided_by": fact.decided_by or None, "from_register": fact.history is not None,
        }
        for fact in pack.facts.values()
    ]  # fmt: skip


def determination_lines(pack: Pack, d: Determination) -> list[str]:
    """One determination for a terminal: the answer, its working line by line, what it lacks, the readings it rests on."""
    words = f"，{d.headline}（{d.figure_words}）" if d.figure_words else ""
    words = f"，{d.headline}" if d.answers and d.headline not in (d.status_words, words) else words
    lines = [f"【{d.status_words}】{d.title}{words}  依据 {_places(pack, d.clauses)}"]
    lines += [f"    {line.text}  〔{_places(pack, line.clauses)}〕" for line in d.trace]
    if d.missing:
        lines += [f"    {words}" for words in d.lacking()]
    for reading in d.readings:
        told = f"{reading.question}；取：{reading.taken}；另：{reading.other}；{reading.effect}"
        lines.append(f"    口径待主管部门确认：{told}")
    lines += [f"    {one.settled}：{one.question}；{one.taken}" for one in d.settled]
    lines += [f"    竞合：{note.words}" for note in d.overlaps]
    return lines


def _places(pack: Pack, clauses: Iterable[str]) -> str:
    """Where a reader finds the clauses, each place once."""
    return "；".join(dict.fromkeys(map(pack.clause_place, clauses)))


def matter_rows(pack: Pack) -> list[dict[str, Any]]:
    """The matters (事由) by group, as the page 来访先问 shows them, with the benefits that each opens."""

    def row(one: Matter | Detail) -> dict[str, Any]:
        benefits = one.all_benefits if isinstance(one, Matter) else one.benefits
        return {"id": one.id, "name": one.name, "words": list(one.words), "benefits": list(benefits)}

    return [
        {
            "group": group.name,
            "matters": [{**row(one), "details": [row(detail) for detail in one.details]} for one in group.matters],
        }
        for group in pack.matters.groups
    ]


def matter_lines(pack: Pack) -> Iterator[str]:
    """The same for a terminal: a group a heading, a matter a line, its details under it."""
    for group in matter_rows(pack):
        yield group["group"]
        for one in group["matters"]:
            also = f"（也可写 {'、'.join(one['words'])}）" if one["words"] else ""
            yield f"  {one['name']}{also}  {len(one['benefits'])} 项"
            for detail in one["details"]:
                yield f"    {detail['name']}  {len(detail['benefits'])} 项"
