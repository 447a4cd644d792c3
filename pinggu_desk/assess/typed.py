"""Answers as they were typed, read together: what can be taken, and what is wrong with the rest."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from pinggu_desk.policy.errors import BadAnswer
from pinggu_desk.policy.facts import read_answer

if TYPE_CHECKING:
    from pinggu_desk.assess.engine import Engine


def read_typed(engine: Engine, texts: Mapping[str, str], on: date) -> tuple[dict[str, int | str], dict[str, str]]:
    """The values of what was typed (by fact name, smallest units), and a Chinese sentence for each that cannot be taken.

    Answers that contradict one another (校核) are all left out with the sentence that says so, so that no figure stands
    on them. Names that the pack does not know are passed over.
    """
    values: dict[str, int | str] = {}
    errors: dict[str, str] = {}
    for name, text in texts.items():
        fact = engine.pack.facts.get(name)
        if fact is None:
            continue
        try:
            values[name] = read_answer(fact, text)
        except BadAnswer as error:
            errors[name] = error.sentence
    for broken in engine.inconsistencies(values, on):
        for name in broken.facts:
            errors.setdefault(name, broken.sentence)
            values.pop(name, None)
    return values, errors
