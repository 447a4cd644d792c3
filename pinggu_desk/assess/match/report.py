"""A match (能享受什么) as scripts read it: groups, bundle, next question, near misses, facts; money in yuan as text."""

from __future__ import annotations

from typing import Any

from pinggu_desk.assess.folds import Fold
from pinggu_desk.assess.match.bundle import Bundle
from pinggu_desk.assess.match.match import GROUP_WORDS, GroupKey, Match, Move
from pinggu_desk.assess.match.nearmiss import Change
from pinggu_desk.policy.quantity import yuan


def match_json(match: Match) -> dict[str, Any]:
    """Everything that a match holds: each benefit's determination in its group, and what is derived from all."""
    pack = match.engine.pack
    return {
        "pack": pack.version, "on": match.answers.on.isoformat(), "subject": match.subject or None,
        "groups": {key: [_row(match, key, i) for i in ids] for key, ids in match.groups.items()},
        "not_in_pack": [d.to_json() for d in match.absent()],
        "bundle": bundle_json(match.bundle), "next_question": _question(match),
        "near_misses": [_change(match, c) for c in _by_money(match.near)],
        "step_ups": [_change(match, c) for c in _by_money(match.steps)],
        "same_thing": [_same(match, fact, benefits) for fact, benefits in match.same.items()],
        "facts": {"needed": match.needed, "irrelevant": list(match.irrelevant)},
        "matters": None if match.mentioned is None else _matters(match), "questions_left": match.left_but(()),
        "changes_ahead": [one.to_json() for one in match.ahead],
        "confirm_together": [_fold(match, fold) for fold in match.folds_but(())],
    }  # fmt: skip


def _row(match: Match, key: GroupKey, benefit: str) -> dict[str, Any]:
    row = {"group": GROUP_WORDS[key], **match.determination(benefit).to_json()}
    row["place"] = match.engine.pack.clause_place(row["clause"])
    if match.concluded[benefit].status == "ineligible":
        text, clause = match.why_not(benefit)
        row["why_not"] = {"text": text, "clause": clause}
    return row


def _by_money(changes: dict[str, Change]) -> list[Change]:
    return sorted(changes.values(), key=lambda change: -(change.gain_fen or 0))


def _question(match: Match) -> dict[str, Any] | None:
    question = match.question
    if question is None:
        return None
    fact = match.engine.pack.facts[question.fact]
    return {
        "fact": fact.name, "id": fact.id, "question": fact.question, "options": [o.name for o in fact.options],
        "unit": fact.input_unit, "proof": fact.proof, "open": question.open_, "settles": question.settles,
    }  # fmt: skip


def _matters(match: Match) -> list[dict[str, str]]:
    by_id = match.engine.pack.matters.by_id
    return [{"id": i, "name": by_id[i].name} for i in by_id if i in (match.mentioned or ())]


def _fold(match: Match, fold: Fold) -> dict[str, Any]:
    facts = match.engine.pack.facts
    return {
        "policy": fold.policy, "benefits": fold.benefits,
        "facts": [{"fact": name, "id": facts[name].id, "plain": facts[name].show(value)} for name, value in fold.facts],
    }  # fmt: skip


def _same(match: Match, name: str, benefits: tuple[str, ...]) -> dict[str, Any]:
    """A question whether it is one thing that two open benefits hang on; while it is open they are taken for one."""
    fact = match.engine.pack.facts[name]
    return {"fact": fact.name, "id": fact.id, "question": fact.question, "benefits": list(benefits), "taken": "是"}


def _change(match: Match, change: Change) -> dict[str, Any]:
    gain = match.gains.of(change.benefit)
    return {
        "benefit": change.benefit, "title": change.title, "fact": change.fact or None,
        "from": change.day.isoformat() if change.day else None, "words": change.words, "clause": change.clause,
        "status": change.status, "figure": change.figure, "min_yuan": _yuan(change.low), "max_yuan": _yuan(change.high),
        "gain_yuan": _yuan(gain.fen), "gain_note": gain.note or None,
    }  # fmt: skip


def bundle_json(bundle: Bundle) -> dict[str, Any]:
    """The best lawful bundle: totals by kind, what is kept, what is given up for what, which limits bite."""
    return {
        "total_yuan": yuan(bundle.total_fen), "without_analogy_yuan": yuan(bundle.without_analogy_fen),
        "to_be_confirmed": bundle.open,
        "by_recipient": {who: yuan(fen) for who, fen in bundle.by_recipient.items()},
        "ceilings_yuan": yuan(bundle.ceilings_fen),
        "without_analogy_ceilings_yuan": yuan(bundle.without_analogy_ceilings_fen),
        "ranges": list(bundle.ranges), "by_review": list(bundle.by_review),
        "loans": list(bundle.loans), "rates": list(bundle.rates), "services": list(bundle.services),
        "kept": [
            {
                "benefit": k.benefit, "title": k.title, "clause": k.clause, "kind": k.kind, "recipient": k.recipient,
                "figure": k.figure, "amount_yuan": _yuan(k.fen), "max_yuan": _yuan(k.max_fen), "over": k.over or None,
            }
            for k in bundle.kept
        ],
        "given_up": [
            {
                "benefit": g.benefit, "title": g.title, "clause": g.clause, "instead": g.instead, "matter": g.matter,
                "rule": g.rule or None, "explicit": g.explicit, "preferred": g.preferred, "sure": g.sure,
                "figure": g.figure, "amount_yuan": _yuan(g.fen), "max_yuan": _yuan(g.max_fen),
                "difference": g.difference, "about": g.about, "choice": g.choice,
                "chosen_instead": g.chosen, "taken_as_same": g.same or None, "words": g.why_open,
            }
            for g in bundle.given_up
        ],
        "waiting": [
            {
                "benefit": w.benefit, "title": w.title, "clause": w.clause, "kept": w.kept, "matter": w.matter,
                "rule": w.rule or None, "explicit": w.explicit, "taken_as_same": w.same or None, "words": w.words,
            }
            for w in bundle.waiting
        ],
        "choices": [
            {"benefit": c.benefit, "title": c.title, "holds": not c.gone, "words": c.words} for c in bundle.choices
        ],
        "limits": [
            {
                "limit": c.limit, "clause": c.clause, "benefits": list(c.benefits), "sum_yuan": yuan(c.sum_fen),
                "left_yuan": yuan(c.left_fen),
            }
            for c in bundle.cuts
        ],
    }  # fmt: skip


def moves_json(moves: tuple[Move, ...]) -> list[dict[str, str]]:
    """What moved, benefit by benefit, in words."""
    return [{"benefit": m.benefit, "title": m.title, "before": m.before, "after": m.after} for m in moves]


def _yuan(fen: int | None) -> str | None:
    return None if fen is None else yuan(fen)
