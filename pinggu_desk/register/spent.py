"""Passwords and recovery codes that others took the place of (作废): an older copy of the key slots makes none of them good again.

Each secret's slot has a key pair of its own, and so a mark that changes with the secret alone. The rows keep which marks lead in
now and which do no more; a backup that takes the register's place is told of the latter (`numbering.never_again`).
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from pinggu_desk.register import entrance
from pinggu_desk.register.keyfile import Recovery, parsed
from pinggu_desk.register.rows import put
from pinggu_desk.register.store import Store
from pinggu_desk.register.tables import SECRET, SPENT, counters, sealed_columns
from pinggu_desk.register.tallies import Sum
from pinggu_desk.register.tries import RECOVERY

_OURS = select(counters.c.scope, counters.c.last, counters.c.seal).where(
    counters.c.scope.startswith(SECRET) | counters.c.scope.startswith(SPENT)
)
_ALL = select(*sealed_columns(counters), counters.c.seal)


def marks(slots: bytes) -> dict[str, str]:
    """What each clerk's slot, by number, and the recovery code's (`RECOVERY`) are known by as long as their secret is the same.

    One of the first format, or spoilt, has none. Raises `RegisterDamaged` where the slots can't be read.
    """
    content = parsed(slots, entrance.KEYS)
    held: list[tuple[str, Recovery]] = [(RECOVERY, content["recovery"])]
    held += [(slot["no"], slot) for slot in content["clerks"]]
    return {no: holder["lock"]["public"][:15] for no, holder in held if "lock" in holder}


def _standing(db: Store) -> dict[str, int]:
    """What is kept; what was forged counts for nothing."""
    return {scope: last for scope, last, seal in db.rows(_OURS) if seal == db.seal(counters.name, scope, last)}


def among(db: Store, marks: Mapping[str, str]) -> frozenset[str]:
    """Whose secrets (by `marks`) were given up already: the slots are an older copy."""
    standing = _standing(db)
    return frozenset(no for no, mark in marks.items() if SPENT + mark in standing)


def settle(db: Store, marks: Mapping[str, str]) -> None:
    """Keep which secrets lead in now, and that those before them do no more (inside a transaction)."""
    standing = _standing(db)
    for no, mark in marks.items():
        was, now = standing.get(SECRET + no, 0), int(mark, 16)
        if now == was or SPENT + mark in standing:
            continue
        if was:
            put(db, counters, f"{SPENT}{was:015x}", 1)
        put(db, counters, SECRET + no, now)


def are_altered(db: Store) -> bool:
    """Whether somebody has been at the rows that these marks are among: then they stay as they are, for a check to name them."""
    rows = db.rows(_ALL)
    total = sum(db.tallies.element(counters.name, row[-1]) for row in rows)
    kept = db.tallies.sums().get(counters.name, Sum())
    return not (all(db.is_whole(counters, row) for row in rows) and Sum().plus(len(rows), total).of_same_rows(kept))


def are_settled(db: Store, marks: Mapping[str, str]) -> bool:
    """Whether `settle` has nothing to write."""
    standing = _standing(db)
    return all(standing.get(SECRET + no) == int(mark, 16) or SPENT + mark in standing for no, mark in marks.items())


def but(given_out: Mapping[str, int], slots: bytes) -> dict[str, int]:
    """What a backup is told was given out, without the secrets that come back with the key slots that it gets."""
    back = {SPENT + mark for mark in marks(slots).values()}
    return {scope: last for scope, last in given_out.items() if scope not in back}
