"""Editions of the pack (政策包) held against each other."""

from __future__ import annotations

from pathlib import Path

from pinggu_desk.assess.engine import Answers, Engine
from pinggu_desk.assess.match.match import Match
from pinggu_desk.policy.pack import load_pack


def against(match: Match, root: Path) -> Match:
    """The same answers, and what an office entered, under another edition of the rules; facts that it doesn't know are left out.

    Raises BadPack, and BadInput where the folder holds no pack.
    """
    engine = Engine(load_pack(root)).at(match.answers.on)
    engine.enter(match.engine.figures, match.engine.corrections)
    values = {name: value for name, value in match.answers.values.items() if name in engine.pack.facts}
    answers = Answers(match.answers.on, values, match.answers.awards)
    return Match(engine, answers, subject=match.subject, choices=match.choices)
