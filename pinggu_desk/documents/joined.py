"""One 正页 for several policies: the visits of one applicant on one day put together into one, with one number and one signature.

A joined visit is a visit like any other, so that every maker, the proof and the register take it as it is; its ``parts`` are the
visits by policy, each with its own items, days and telephones.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from pinggu_desk.assess.ahead import changes_ahead
from pinggu_desk.assess.engine import standing
from pinggu_desk.assess.materials import material_list, materials_words
from pinggu_desk.assess.run import Run
from pinggu_desk.documents.assemble import ahead_words, clauses_of, contacts_of, last_day, version_of
from pinggu_desk.documents.together import nearly_words, together_of
from pinggu_desk.documents.visit import MaterialLine, Visit
from pinggu_desk.policy.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pinggu_desk.assess.determination import Determination
    from pinggu_desk.assess.engine import Answers, Engine
    from pinggu_desk.documents.matchvisit import MatchVisit

_T = TypeVar("_T")
#: so many policies are named in the paper's own title, the others counted
_NAMED = 2


def joined(engine: Engine, answers: Answers, visits: Sequence[Visit]) -> Visit:
    """The visits as one, for ``letter_bytes``; a single one as it is.

    ``answers`` are all that was stated: by them what may be had together is worked out over all policies. Number, day, clerk,
    office and the 演练 mark are the first visit's. Raises BadInput where the visits aren't one applicant's on one day.
    """
    if not visits:
        raise BadInput("没有写为哪些政策出告知书，请至少给出一项政策。")
    first = visits[0]
    if len(visits) == 1:
        return first
    if any((one.applicant, one.on) != (first.applicant, first.on) for one in visits):
        raise BadInput("几项政策合在一张告知书上，须是同一申请人、同一判断日，请分开出具。")
    left_out = {one.benefit for visit in visits for one in visit.not_raised}
    every = [d.benefit for visit in visits for d in visit.determinations if d.benefit not in left_out]
    return replace(
        first, policy="+".join(one.policy for one in visits), policy_title=_titles(visits), source=_sources(visits),
        form_title="", parts=tuple(visits), contacts=(), steps=(), materials_note="",
        determinations=tuple(d for one in visits for d in one.determinations),
        stated=_once(fact for one in visits for fact in one.stated),
        materials=_once(line for one in visits for line in one.materials),
        values={name: value for one in visits for name, value in one.values.items()},
        facts={name: fact for one in visits for name, fact in one.facts.items()},
        quotes={clause: words for one in visits for clause, words in one.quotes.items()},
        clause_words={clause: words for one in visits for clause, words in one.clause_words.items()},
        near=tuple(near for one in visits for near in one.near),
        ahead=_once(words for one in visits for words in one.ahead),
        not_raised=tuple(left for one in visits for left in one.not_raised),
        together=together_of(Run(*standing(engine, answers)), every), asked_for=None, concerned=None,
        basis=tuple(basis for one in visits for basis in one.basis),
    )  # fmt: skip


def of_match(found: MatchVisit) -> Visit:
    """The policies of a match of which something can be had or waits for a verdict, as one visit for ``letter_bytes``.

    Where the visitor said what he came with (来访先问: ``visit.not_raised``), what still lacks an answer and what is refused
    is told as well: he asked about it. Without that it would be all that he never mentioned; what only who he is rules out (主体不对)
    he never mentioned either. Raises BadInput where nothing is left to tell.
    """
    match, visit = found.match, found.visit
    told = [*match.groups["eligible"], *match.groups["review"]]
    left = {one.benefit for one in visit.not_raised}
    if left:
        left |= match.rules.keys() - match.raised
        told += [i for key in ("unknown", "near", "ineligible") for i in match.groups[key] if i not in left]
    by: dict[str, list[Determination]] = {}
    for benefit in (i for i in match.rules if i in set(told)):
        by.setdefault(match.rules[benefit].policy.id, []).append(found.determination(benefit))
    if not by:
        raise BadInput("按所述情况没有可以写进告知书的事项，请先补充情况，或者出具政策匹配清单。")
    parts = [_part(found, policy, determinations) for policy, determinations in by.items()]
    one = joined(match.engine, match.answers, parts)
    changes = [change for benefit, change in match.near.items() if benefit in set(told) - left]
    return replace(
        one, stated=visit.stated, values=visit.values, facts=visit.facts, not_raised=visit.not_raised, basis=visit.basis,
        near=nearly_words(match.engine, changes),
        ahead=ahead_words(changes_ahead(match.engine, match.answers, by, told)),
    )  # fmt: skip


def _part(found: MatchVisit, policy_id: str, determinations: Sequence[Determination]) -> Visit:
    """One policy's share of a match."""
    engine, visit = found.match.engine, found.visit
    policy = engine.policy(policy_id, found.match.answers.on)
    mine = tuple(determinations)
    clauses = clauses_of(mine)
    return replace(
        visit, policy=policy.id, policy_title=policy.title, source=policy.basis, version=version_of(policy), form_title=policy.form_title,
        lasts=last_day(engine.pack, policy, visit.on),
        determinations=mine, stated=(), not_raised=(), materials=tuple(MaterialLine(note, "待补") for note in material_list(policy, mine)),
        materials_note=materials_words(policy, mine),
        contacts=contacts_of(policy), steps=tuple(step.text for step in policy.steps),
        quotes={clause: engine.pack.clause_words(clause) for clause in clauses},
        clause_words={clause: engine.pack.clause_place(clause) for clause in clauses},
    )  # fmt: skip


def _titles(visits: Sequence[Visit]) -> str:
    named = "、".join(f"《{one.policy_title.strip('《》')}》" for one in visits[:_NAMED])
    return named + (f"等 {len(visits)} 项政策" if len(visits) > _NAMED else "")


def _sources(visits: Sequence[Visit]) -> str:
    words = dict.fromkeys(one.source.strip().rstrip("。；").removeprefix("依据") for one in visits)
    return f"依据{'、'.join(words)}"


def _once(things: Iterable[_T]) -> tuple[_T, ...]:
    return tuple(dict.fromkeys(things))
