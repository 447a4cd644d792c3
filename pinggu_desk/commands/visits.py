"""From a facts file to determinations and to the visit that papers are made of, without a window."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import click

from pinggu_desk.commands.entered import enter
from pinggu_desk.commands.inputs import (
    FactsFile,
    award_doubts,
    party_of,
    read_day,
    read_facts_file,
    read_parameters,
    take_received,
)
from pinggu_desk.policy.characters import one_line
from pinggu_desk.policy.errors import BadInput

if TYPE_CHECKING:
    from pinggu_desk.assess.determination import Determination
    from pinggu_desk.assess.doubts import Doubt
    from pinggu_desk.assess.engine import Engine
    from pinggu_desk.documents.visit import Visit
    from pinggu_desk.policy.models import Pack


def engine_here(on: date) -> Engine:
    """The engine over the pack in use, of the rules that are in force on a day."""
    from pinggu_desk.assess.engine import Engine
    from pinggu_desk.policy.compiled import load_bundled

    return Engine(load_bundled()).at(on)


def read_given(engine: Engine, facts_path: str, parameters: Sequence[str] = ()) -> FactsFile:
    """Read a facts file; its outside figures, before these the options', and after them the office's are entered.

    Raises BadInput.
    """
    given = read_facts_file(facts_path, engine.pack)
    enter(engine, {**given.outside, **read_parameters(parameters, engine.pack)})
    return given


def known(pack: Pack, policy: str) -> str:
    """A policy's id, if there is one such. Raises BadInput."""
    if policy not in pack.policies:
        raise BadInput(f"没有编号为“{policy}”的政策，可用的有{'、'.join(pack.policies)}。")
    return policy


def determinations(
    engine: Engine, given: FactsFile, on: date, wanted: Sequence[str] | None
) -> tuple[Determination, ...]:
    """The determinations of what a file states. Raises BadInput where its answers can't all be true."""
    from pinggu_desk.assess.determine import determine
    from pinggu_desk.assess.engine import Answers

    broken = engine.inconsistencies(given.values, on)
    if broken:
        raise BadInput(f"文件“{given.path}”里的填报值互相矛盾：{broken[0].sentence}")
    return determine(engine, Answers(on, given.values, given.awards), wanted)


def tell_doubts(engine: Engine, given: FactsFile, on: date) -> list[dict[str, Any]]:
    """Answers worth a second look (平常范围, 邻项): a line each on standard error, and the same for JSON; none is refused."""
    from pinggu_desk.assess.doubts import Doubt, doubts

    found = [*doubts(engine, given.values, on, given.awards), *(Doubt((), words) for words in award_doubts(given, on))]
    return _told(engine, found, "提示")


def tell_tried(
    engine: Engine, stated: Mapping[str, int | str], tried: Mapping[str, int | str], on: date
) -> list[dict[str, Any]]:  # fmt: skip
    """The same of a trial (试算): what its values alone give cause to look at again."""
    from pinggu_desk.assess.doubts import doubts

    before = {doubt.sentence for doubt in doubts(engine, stated, on)}
    return _told(engine, [one for one in doubts(engine, tried, on) if one.sentence not in before], "试算提示")


def _told(engine: Engine, found: Sequence[Doubt], what: str) -> list[dict[str, Any]]:
    facts = engine.pack.facts
    for doubt in found:
        click.echo(one_line(f"{what}：{doubt.sentence}"), err=True)
    return [{"facts": list(d.facts), "ids": [facts[n].id for n in d.facts], "sentence": d.sentence} for d in found]


def visit(
    engine: Engine, facts_path: str, policy_id: str, on_text: str | None, parameters: Sequence[str] = (),
    received: Sequence[str] = (),
) -> Visit:  # fmt: skip
    """What the papers of one policy are made of, not registered. Raises BadInput."""
    return visit_over(engine, facts_path, [policy_id], on_text, parameters, received)


def visit_over(
    engine: Engine, facts_path: str, policy_ids: Sequence[str], on_text: str | None, parameters: Sequence[str] = (),
    received: Sequence[str] = (),
) -> Visit:  # fmt: skip
    """The same of several policies, which share one 正页; each policy once. Raises BadInput."""
    from pinggu_desk.assess.engine import Answers
    from pinggu_desk.assess.interview import Interview
    from pinggu_desk.documents.assemble import assemble
    from pinggu_desk.documents.joined import joined

    on, policies = read_day(on_text), [known(engine.pack, policy) for policy in dict.fromkeys(policy_ids)]
    given = read_given(engine, facts_path, parameters)
    determinations(engine, given, on, policies)
    tell_doubts(engine, given, on)
    interviews = [
        Interview(engine, policy, on, answers=given.texts, awards=given.awards, awards_from="按所列以往奖励")
        for policy in policies
    ]
    take_received(interviews, received)
    party = party_of(
        given, engine.pack.facts, {who for policy in policies for who in engine.pack.policies[policy].serves}
    )
    if not party.name.strip():
        raise BadInput(f"文件“{facts_path}”没有“申请人名称”，文书须写明申请人，请补上。")
    now = datetime.now()
    visits = [
        assemble(engine, interview, party, printed_at=now, serial=None, clerk="", window="", office="", practice=False)
        for interview in interviews
    ]
    return joined(engine, Answers(on, given.values, given.awards), visits)
