"""能享受什么: how long one applicant against every benefit takes, and how many questions settle a profile.

Profiles are generated: what many benefits ask is mostly so, what few ask mostly not. The questions are counted until every benefit is
settled as far as questions can settle it, against asking in the order of the texts (leaving out what no longer matters) and against
asking everything that some benefit looks at.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from functools import partial

from bench.bench_engine import growing, spent
from bench.harness import Row, compare, percentile
from bench.visits import ON, profile
from pinggu_desk.assess.engine import Answers, Engine
from pinggu_desk.assess.leading import tells
from pinggu_desk.assess.match.match import Match, Subject
from pinggu_desk.policy.pack import load_pack

PROFILES = 8
Ask = Callable[[Match], str | None]


def smart(match: Match) -> str | None:
    """The question that the desk puts next; None when only what this applicant cannot tell is left."""
    return match.question.fact if match.question is not None else None


def textual(match: Match) -> str | None:
    """The first question, in the order of the texts, that still matters and that this applicant can be asked."""
    facts = match.engine.pack.facts
    asked = (name for rule in match.rules.values() for name in rule.asks if name in match.needed)
    return next((name for name in asked if tells(facts[name], match.kind)), None)


def questions(engine: Engine, known: dict[str, int], subject: Subject, ask: Ask) -> tuple[int, int]:
    """How many questions settle half of the benefits, and all of them."""
    match, asked, half = Match(engine, Answers(ON, {}, []), subject=subject), 0, 0
    while (name := ask(match)) is not None:
        match = match.updated(Answers(ON, {**match.answers.values, name: known[name]}, []))
        asked += 1
        open_ = sum(bool(conclusion.needs.asks) for conclusion in match.concluded.values())
        if not half and open_ <= len(match.rules) / 2:
            half = asked
    return half, asked


def counted(engine: Engine) -> Iterator[Row]:
    """Questions for organisations and for persons."""
    who: tuple[Subject, ...] = ("单位", "个人")
    for subject in who:
        rnd = random.Random(7)  # noqa: S311 - a sample, no secret
        known = [profile(engine, rnd) for _ in range(PROFILES)]
        ours = [questions(engine, one, subject, smart) for one in known]
        theirs = [questions(engine, one, subject, textual) for one in known]
        rules = Match(engine, Answers(ON, {}, []), subject=subject).rules.values()
        facts = engine.pack.facts
        every = len({name for rule in rules for name in rule.asks if not facts[name].decided_by})
        name = "organisation" if subject == "单位" else "person"
        for at, share in ((0, "half"), (1, "all")):
            mean, text = (sum(pair[at] for pair in pairs) / PROFILES for pairs in (ours, theirs))
            yield Row(f"questions that settle {share}, {name}", mean, text, "in the texts' order", None, "questions")
        yield Row(
            f"questions that settle all, {name}",
            sum(p[1] for p in ours) / PROFILES,
            every,
            "every fact",
            0.5,
            "questions",
        )


def rows() -> Iterator[Row]:
    """The counts, and the time that a key costs."""
    engine = Engine(load_pack())
    yield from counted(engine)
    known = profile(engine, random.Random(3))  # noqa: S311
    full = Match(engine, Answers(ON, known, []))
    empty = Match(engine, Answers(ON, {}, []))
    changed = {**known, "本区工商注册": 1 - known["本区工商注册"]}

    def afresh() -> object:
        return Match(engine, Answers(ON, changed, [])).concluded

    yield compare(
        "one answer changed, all benefits", lambda: full.updated(Answers(ON, changed, [])).concluded, afresh,
        floor_name="worked out afresh", budget=1.0,
    )  # fmt: skip
    yield compare(
        "nothing known, all benefits", lambda: Match(engine, Answers(ON, {}, [])).concluded, afresh,
        floor_name="all known", budget=None,
    )  # fmt: skip
    yield compare(
        "the next question", lambda: empty.updated(Answers(ON, {}, [])).question, afresh, floor_name="all known", budget=None
    )  # fmt: skip

    def derived() -> object:
        match = full.updated(full.answers)
        return match.near, match.steps, match.bundle

    yield compare("near misses, steps, bundle", derived, afresh, floor_name="all known", budget=None)
    yield from _keys(engine)


def _keys(engine: Engine) -> Iterator[Row]:
    """What one changed answer costs: conclusions, near misses, steps and bundle, as answers come and as they are altered."""
    for name, pairs in (("one more answer", _given), ("one answer altered, all known", _altered)):
        times = []
        for before, answers in pairs(engine):
            _derived(before)
            times.append(spent(partial(_changed, before, answers)))
        for share, said in ((0.5, "median"), (0.99, "99 of 100")):
            yield Row(f"{name}, near misses, steps, bundle, {said}", percentile(times, share), 8e-3, "budget", 1.0)


def _changed(before: Match, answers: Answers) -> object:
    return _derived(before.updated(answers))


def _derived(match: Match) -> object:
    return match.near, match.steps, match.bundle


def _given(engine: Engine) -> Iterator[tuple[Match, Answers]]:
    match = Match(engine, Answers(ON, {}, ()))
    for answers in growing(engine):
        yield match, answers
        match = match.updated(answers)
        _derived(match)


def _altered(engine: Engine) -> Iterator[tuple[Match, Answers]]:
    for seed in range(4):
        rnd = random.Random(seed)  # noqa: S311 - a sample, no secret
        known = profile(engine, rnd)
        match = Match(engine, Answers(ON, known, ()))
        other = profile(engine, rnd)
        for name in rnd.sample([name for name in known if known[name] != other[name]], 40):
            yield match, Answers(ON, {**known, name: other[name]}, ())
