"""Editions of the pack (政策包) held against each other."""

from __future__ import annotations

from pathlib import Path

from pinggu_desk.assess.engine import Answers, Engine
from pinggu_desk.assess.match.match import Match
from pinggu_desk.policy.errors import BadInput
from pinggu_desk.policy.pack import load_pack


def against(match: Match, root: Path) -> Match:
    """The same answers under another edition of the rules; facts that it does not know are left out.

    Raises BadPack, and BadInput where the folder holds no pack.
    """
    try:
        engine = Engine(load_pack(root))
    except OSError as error:
        raise BadInput(
            f"“{root}”里没有政策包（读不到“{Path(error.filename or root).name}”），请选择政策包的 resources 文件夹。"
        ) from None
    values = {name: value for name, value in match.answers.values.items() if name in engine.pack.facts}
    answers = Answers(match.answers.on, values, match.answers.awards)
    return Match(engine, answers, subject=match.subject, choices=match.choices)
