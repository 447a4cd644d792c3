"""What an answer stood on (测算依据), kept whole beside it, so that it can be worked out again years later, byte for byte.

The pack's version, the day, what was answered, the past awards as they were known, the outside figures and corrections that
stood then, and the applicant's other visits: the same pack makes the same determinations of these, whatever was entered since.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from pinggu_desk.assess.awards import Award
from pinggu_desk.assess.determination import Determination
from pinggu_desk.assess.determine import determine
from pinggu_desk.assess.engine import Answers, Engine
from pinggu_desk.assess.judged import seen_today
from pinggu_desk.assess.match.match import Match, Subject
from pinggu_desk.assess.notes import Elsewhere
from pinggu_desk.policy.corrections import Correction
from pinggu_desk.policy.errors import DeskError
from pinggu_desk.policy.parameters import ParameterValue

_FORMAT = 1


class EngineOf(Protocol):
    """Finds the engine of a pack's version; None where that pack isn't kept."""

    def __call__(self, version: str) -> Engine | None:
        """The engine, whose entered figures may be replaced."""


@dataclass(frozen=True)
class Basis:
    """What determinations stood on. ``policy`` is one policy's id; empty where every policy was asked about (a match).

    ``today`` is the day on which they were told: a deadline is told against it.
    """

    pack: str
    on: date
    today: date
    policy: str
    values: Mapping[str, int | str]
    awards: tuple[Award, ...] | None
    figures: Mapping[str, tuple[ParameterValue, ...]] = field(default_factory=dict)
    corrections: tuple[Correction, ...] = ()
    elsewhere: tuple[Elsewhere, ...] = ()
    subject: Subject = ""
    choices: tuple[str, ...] = ()
    mentioned: frozenset[str] | None = None


def basis_of(engine: Engine, answers: Answers, today: date, policy: str, elsewhere: Sequence[Elsewhere] = ()) -> Basis:
    """What one policy's determinations stand on as they are made now."""
    awards = None if answers.awards is None else tuple(answers.awards)
    return Basis(
        engine.pack.version, answers.on, today, policy, dict(answers.values), awards, engine.figures, engine.corrections,
        tuple(elsewhere),
    )  # fmt: skip


def basis_of_match(match: Match, today: date) -> Basis:
    """What a match's determinations stand on."""
    given = match.answers
    awards = None if given.awards is None else tuple(given.awards)
    return Basis(
        match.engine.pack.version, given.on, today, "", dict(given.values), awards, match.engine.figures,
        match.engine.corrections, tuple(match.elsewhere), match.subject, match.choices, match.mentioned,
    )  # fmt: skip


def again(engine: Engine, basis: Basis) -> dict[str, Determination]:
    """The determinations made anew, by benefit id. The engine is one for replay: what was entered in it is replaced."""
    engine.enter(basis.figures, basis.corrections)
    engine = engine.at(basis.on)  # the values are those of the version in force on the day
    answers = Answers(basis.on, dict(basis.values), basis.awards)
    if basis.policy:
        found = determine(engine, answers, [basis.policy], elsewhere=basis.elsewhere)
        return {one.benefit: seen_today(one, basis.on, basis.today) for one in found}
    match = Match(
        engine, answers, subject=basis.subject, mentioned=basis.mentioned, elsewhere=basis.elsewhere,
        choices=basis.choices,
    )  # fmt: skip
    return {name: seen_today(match.determination(name), basis.on, basis.today) for name in match.rules}


def canonical(determinations: Iterable[Mapping[str, Any]]) -> str:
    """Determinations as JSON in one form only."""
    return json.dumps(list(determinations), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def differing(engine_of: EngineOf, bases: Sequence[Basis], stated: Sequence[Mapping[str, Any]]) -> list[str]:
    """The benefits whose determination doesn't come out again as it was stated; empty where all do.

    Raises DeskError where a pack isn't kept.
    """
    found: dict[str, Determination] = {}
    for basis in bases:
        engine = engine_of(basis.pack)
        if engine is None:
            raise DeskError(f"当时所用的政策包 {basis.pack} 不在本机，不能重算；请把那一版的政策包文件装回来。")
        found |= again(engine, basis)
    wrong = []
    for one in stated:
        name = str(one["benefit"])
        made = found.get(name)
        if made is None or canonical([made.to_json()]) != canonical([one]):
            wrong.append(name)
    return wrong


# --- kept as text


def bases_text(bases: Iterable[Basis]) -> str:
    """Bases as JSON, in one form only."""
    return json.dumps(
        {"format": _FORMAT, "bases": [_plain(one) for one in bases]}, ensure_ascii=False, sort_keys=True,
        separators=(",", ":"),
    )  # fmt: skip


def read_bases(text: str) -> tuple[Basis, ...]:
    """The bases of :func:`bases_text`; none of a text that is none."""
    try:
        return tuple(_basis(one) for one in json.loads(text)["bases"])
    except (ValueError, KeyError, TypeError):
        return ()


def _plain(one: Basis) -> dict[str, Any]:
    awards = one.awards
    return {
        "pack": one.pack, "on": one.on.isoformat(), "today": one.today.isoformat(), "policy": one.policy,
        "values": dict(one.values),
        "awards": None if awards is None else [[a.policy, a.benefit, a.amount_fen, a.on.isoformat(), a.matter] for a in awards],
        "figures": {name: [v.model_dump(mode="json", by_alias=True) for v in each] for name, each in one.figures.items()},
        "corrections": [correction_json(c) for c in one.corrections],
        "elsewhere": [[sorted(e.benefits), e.on.isoformat(), e.words] for e in one.elsewhere],
        "subject": one.subject, "choices": list(one.choices),
        "mentioned": None if one.mentioned is None else sorted(one.mentioned),
    }  # fmt: skip


def _basis(raw: dict[str, Any]) -> Basis:
    day = date.fromisoformat
    awards = raw["awards"]
    return Basis(
        raw["pack"], day(raw["on"]), day(raw["today"]), raw["policy"], raw["values"],
        None if awards is None else tuple(Award(a[0], a[1], a[2], day(a[3]), a[4]) for a in awards),
        {name: tuple(ParameterValue.model_validate(v) for v in each) for name, each in raw["figures"].items()},
        tuple(correction_of(c) for c in raw["corrections"]),
        tuple(Elsewhere(frozenset(e[0]), day(e[1]), e[2]) for e in raw["elsewhere"]),
        raw["subject"], tuple(raw["choices"]), None if raw["mentioned"] is None else frozenset(raw["mentioned"]),
    )  # fmt: skip


def correction_json(one: Correction) -> dict[str, Any]:
    """A correction as JSON."""
    return {
        "kind": one.kind, "subject": one.subject, "value": one.value, "since": one.since.isoformat(), "office": one.office,
        "document": one.document, "dated": one.dated.isoformat() if one.dated else None, "by": one.by,
    }  # fmt: skip


def correction_of(raw: Mapping[str, Any]) -> Correction:
    """A correction from JSON. Raises ValueError, KeyError or TypeError for anything else."""
    texts = (raw["kind"], raw["subject"], raw["value"], raw["office"], raw["document"], raw["by"])
    if not all(isinstance(text, str) and len(text) <= 4000 for text in texts):
        raise ValueError(raw)
    dated = raw["dated"]
    return Correction(
        raw["kind"], raw["subject"], raw["value"], date.fromisoformat(raw["since"]), raw["office"], raw["document"],
        date.fromisoformat(dated) if dated is not None else None, raw["by"],
    )  # fmt: skip
