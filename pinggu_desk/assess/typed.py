"""Answers as they were typed, read together: what can be taken, and what is wrong with the rest."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from pinggu_desk.policy.errors import BadAnswer
from pinggu_desk.policy.facts import Fact, read_answer

if TYPE_CHECKING:
    from pinggu_desk.assess.engine import Engine


#: of a fact's name: by which fact its text was read, the text, and what came of it
Read = dict[str, tuple[Fact, str, int | str | BadAnswer]]


def read_typed(
    engine: Engine, texts: Mapping[str, str], on: date, read: Read | None = None
) -> tuple[dict[str, int | str], dict[str, str]]:
    """The values of what was typed (by fact name, smallest units), and a Chinese sentence for each that cannot be taken.

    Answers that contradict one another (校核) are all left out with the sentence that says so, so that no figure stands
    on them. Names that the pack does not know are passed over. ``read`` is what was read before of the same visit, and is added to:
    of many answers one is new with each key.
    """
    read = {} if read is None else read
    values: dict[str, int | str] = {}
    errors: dict[str, str] = {}
    for name, text in texts.items():
        fact = engine.pack.facts.get(name)
        if fact is None:
            continue
        known = read.get(name)
        if known is None or known[0] is not fact or known[1] != text:
            known = read[name] = fact, text, _read(fact, text)
        if isinstance(known[2], BadAnswer):
            errors[name] = known[2].sentence
        else:
            values[name] = known[2]
    for broken in engine.inconsistencies(values, on):
        for name in broken.facts:
            errors.setdefault(name, broken.sentence)
            values.pop(name, None)
    return values, errors


def _read(fact: Fact, text: str) -> int | str | BadAnswer:
    try:
        return read_answer(fact, text)
    except BadAnswer as error:
        return error.with_traceback(None)
