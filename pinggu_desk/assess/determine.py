"""Facts in, determinations out (测算): the engine's runs, presented."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from itertools import groupby

from pinggu_desk.assess.answers import untouched
from pinggu_desk.assess.conclude import Conclusion
from pinggu_desk.assess.determination import Determination
from pinggu_desk.assess.engine import Answers, Engine, standing
from pinggu_desk.assess.notes import Elsewhere
from pinggu_desk.assess.overlapping import Beside
from pinggu_desk.assess.present import not_in_force, present
from pinggu_desk.assess.rules import Rule
from pinggu_desk.assess.run import Run


def determine(
    engine: Engine, answers: Answers, policies: Iterable[str] | None = None, *,
    before: tuple[Answers, Iterable[Determination]] | None = None, elsewhere: Sequence[Elsewhere] = (),
) -> tuple[Determination, ...]:  # fmt: skip
    """The determinations of every benefit (or of those policies), in the texts' order.

    ``before`` are this engine's determinations for other answers: what no changed answer can touch is taken from them.
    ``elsewhere`` are the applicant's other visits, told where they are for the same thing (竞合).
    """
    engine, answers = standing(engine, answers)
    rules, run = engine.chosen(policies), Run(engine, answers)
    still = untouched(before[0], answers, rules) if before else frozenset()
    known = {d.benefit: d for d in before[1] if d.benefit in still} if before else {}
    beside = Beside(run, elsewhere)

    def of(policy: str, own: list[Rule]) -> Iterable[Determination]:
        if not own[0].policy.in_force(answers.on):
            return (not_in_force(rule, answers.on) for rule in own)
        if not any(rule.benefit.id in known for rule in own):  # of a whole policy at once
            return map(partial(present, run, beside=beside), own, run.conclusions(policy))
        # what is told of overlaps hangs on others' answers, so it is told anew over what no changed answer touched
        return (
            present(run, rule, run.conclusion(rule), beside) if held is None else beside.told(held)
            for rule in own for held in (known.get(rule.benefit.id),)
        )  # fmt: skip

    by_policy = groupby(rules, lambda rule: rule.policy.id)
    return tuple(d for policy, own in by_policy for d in of(policy, list(own)))


def conclude_all(
    engine: Engine, answers: Answers, policies: Iterable[str] | None = None
) -> dict[str, Conclusion | None]:
    """Only the conclusions, without working, by benefit id; None where the text in force then is not in the pack."""
    engine, answers = standing(engine, answers)
    run, chosen = Run(engine, answers), engine.pack.policies if policies is None else policies
    found: dict[str, Conclusion | None] = {}
    for policy in chosen:
        ids = [rule.benefit.id for rule in engine.rules_of(policy)]
        if engine.pack.policies[policy].in_force(answers.on):
            found.update(zip(ids, run.conclusions(policy), strict=True))
        else:
            found.update(dict.fromkeys(ids))
    return found
