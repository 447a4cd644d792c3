"""A list of applicants worked out chunk by chunk, for whoever takes the chunks: a workbook, a screen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from pinggu_desk.assess.awards import Award
from pinggu_desk.assess.columns import ColumnEngine, Given
from pinggu_desk.assess.engine import Engine
from pinggu_desk.assess.tally import Tally, tally
from pinggu_desk.documents.books.applicants import EnterpriseList, Listed
from pinggu_desk.documents.books.chosen import Said
from pinggu_desk.documents.books.findings import Bad
from pinggu_desk.policy.errors import BadInput
from pinggu_desk.policy.quantity import Dim
from pinggu_desk.work import batch
from pinggu_desk.work.doubts import note_doubts

Key = tuple[str, str]
#: past awards of applicants by name and code, None where nobody knows
AwardsOf = Callable[[Sequence[Key]], Sequence[tuple[Award, ...] | None]]


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some applicants, in the list's order: their rows, what is given of them by fact, their awards, what it comes to."""

    rows: Sequence[Listed]
    given: Mapping[str, Given]
    awards: Sequence[tuple[Award, ...] | None]
    tally: Tally


@dataclass
class Done:
    """What a run came to: applicants, what could not be taken (all, and the first of it), how the list was read."""

    applicants: int = 0
    bad: int = 0
    found: list[Bad] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    awards_sheet: str = ""


class Sink(Protocol):
    """Takes what is worked out."""

    def start(self, names: Sequence[str]) -> None:
        """Hear the names of the facts that are given, in the order of ``Listed.values``."""

    def chunk(self, chunk: Chunk) -> None:
        """Take some applicants."""

    def finish(self, done: Done) -> None:
        """Hear that all were given."""


def run_list(
    engine: Engine, source: str, on: date, sinks: Sequence[Sink], *, sheet: str | None = None, choices: Said | None = None,
    awards_of: AwardsOf | None = None, step: Callable[[int, int], None] | None = None,
    stop: Callable[[], bool] = lambda: False,
) -> Done:  # fmt: skip
    """Work a list out on a day, each chunk given to every sink.

    ``choices`` are what was said of columns, ``awards_of`` the register's look-up, used where the list has no sheet of past
    awards. ``step`` is told after each chunk how many are done and how many there may be; ``stop`` is asked between chunks:
    then no sink hears of an end. Raises BadInput where not one applicant can be worked out.
    """
    table, done = ColumnEngine(engine), Done()
    with EnterpriseList(source, engine.pack, sheet, said=choices) as listed:
        if all(fact.dim is Dim.TEXT for fact in listed.facts):
            raise BadInput(f"文件“{listed.path}”没有一列是能参加测算的填报项，请补上，如“职工人数”。")
        names = [fact.name for fact in listed.facts]
        for sink in sinks:
            sink.start(names)
        past = listed.past_awards(on)
        done.awards_sheet = past.sheet if past is not None else ""
        for rows in listed.chunks(batch.CHUNK):
            if stop():
                return done
            given = batch._columns(listed, rows)
            chunk = batch._part_contradictions(table, listed, rows, given, on)
            note_doubts(table, listed, rows, given, on)
            awards: Sequence[tuple[Award, ...] | None] = [None] * len(chunk)
            if past is not None:
                awards = batch._awards(past, listed, chunk, given)
            elif awards_of is not None:
                awards = awards_of(_keys(listed, chunk))
            found = tally(table, given, on, awards if any(one is not None for one in awards) else None)
            for sink in sinks:
                sink.chunk(Chunk(chunk, given, awards, found))
            done.applicants += len(chunk)
            if step is not None:
                step(done.applicants, listed.claimed)
        if not done.applicants:
            raise batch._nothing_done(source, listed)
        done.bad, done.told, done.found = listed.bad_count, listed.told(), list(listed.bad)
    for sink in sinks:
        sink.finish(done)
    return done


def _keys(listed: EnterpriseList, chunk: Sequence[Listed]) -> list[Key]:
    places = {fact.party: index for index, fact in enumerate(listed.facts) if fact.party in ("名称", "代码")}
    return [
        (str(row.values[places["名称"]] or "") if "名称" in places else "",
         str(row.values[places["代码"]] or "") if "代码" in places else "")
        for row in chunk
    ]  # fmt: skip
