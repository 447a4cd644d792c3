"""What is still needed for an answer: by reducing the rule on what is known, down to the facts that are left.

A fact that this walk does not name cannot change the answer any more (已无关), whatever its value.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from pinggu_desk.assess.meaning import Env, Meaning
from pinggu_desk.policy import forms as f
from pinggu_desk.policy.facts import Fact
from pinggu_desk.policy.forms import Cond, Expr
from pinggu_desk.policy.models import Definition, Parameter


@dataclass
class Needs:
    """Facts to ask, parameters to enter, and verdicts to obtain (who, why), each once, in reading order."""

    asks: dict[str, None] = field(default_factory=dict)
    parameters: dict[str, str] = field(default_factory=dict)
    verdicts: dict[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def any(self) -> bool:
        """Whether anything at all is lacking."""
        return bool(self.asks or self.parameters or self.verdicts)


def collect(meaning: Meaning, node: Expr | Cond, env: Env, needs: Needs) -> None:
    """Add to ``needs`` what could still move the value of ``node``."""
    low, high = meaning.of(node)(env)
    if low == high:
        return
    for child in _open_parts(meaning, node, env, needs):
        collect(meaning, child, env, needs)


def _open_parts(meaning: Meaning, node: Expr | Cond, env: Env, needs: Needs) -> tuple[Expr | Cond, ...]:
    match node:
        case f.Name():
            return _name(meaning, node, needs)
        case f.Verdict():
            needs.verdicts.setdefault(node.why, (node.who, node.why))
            return node.possible
        case f.Cap():
            of, cap = meaning.of(node.of)(env), meaning.of(node.cap)(env)
            return (node.cap,) if of[0] >= cap[1] else (node.of, node.cap)
        case f.If():
            return _branch(meaning.of(node.when)(env), node.when, node.then, node.other)
        case f.ByReading():
            taken = env.values[meaning.slots.slot(f"读法:{node.reading}")][0]
            return (node.taken,) if taken else (node.other,)
        case f.Bands():
            return _possible_rows(meaning, node, env)
        case f.After():
            _calendar_need(meaning, node, env, needs)
            return (node.base,)
        case _:
            return f.children(node)


def _branch(when: tuple[int, int], *parts: Expr | Cond) -> tuple[Expr | Cond, ...]:
    condition, then, other = parts
    if when[0]:
        return (then,)
    return (other,) if not when[1] else (condition, then, other)


def _name(meaning: Meaning, node: f.Name, needs: Needs) -> tuple[Expr | Cond, ...]:
    found = meaning.scope.lookup(node)
    if isinstance(found, Definition):
        return (found.body,)
    if isinstance(found, Parameter):
        needs.parameters[found.name] = found.about
    elif isinstance(found, Fact) and found.decided_by:
        needs.verdicts[found.name] = (found.decided_by, found.question)
    elif isinstance(found, Fact):
        needs.asks[found.name] = None
    return ()


def _possible_rows(meaning: Meaning, node: f.Bands, env: Env) -> tuple[Expr | Cond, ...]:
    """The quantity that chooses the row, unless it is settled, and the values of the rows still possible."""
    low, high = meaning.of(node.on)(env)
    rows = [row for row in node.rows if meaning.row_test(node, row)(low, high)[1]]
    sure = len(rows) == 1 and bool(meaning.row_test(node, rows[0])(low, high)[0])
    rest = () if sure or node.otherwise is None else (node.otherwise,)
    return (node.on, *(row.value for row in rows), *rest)


def _calendar_need(meaning: Meaning, node: f.After, env: Env, needs: Needs) -> None:
    low, high = meaning.of(node.base)(env)
    if low == high:
        last = meaning.of(node)(env)[1]
        years = range(date.fromordinal(low).year, date.fromordinal(last).year + 1)
        known = {year.number for year in meaning.scope.pack.calendar.years if year.published}
        missing = [year for year in years if year not in known]
        if missing:
            name = f"{missing[0]}年节假日安排"
            needs.parameters[name] = f"{name}（以国务院办公厅公布为准）尚未录入"
