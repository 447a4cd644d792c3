"""What is kept of a forgotten row that other registers know: which of their rows it was, and nothing that was said of it.

By that mark it is known when it is sent once more, and doesn't come back (`bundles.joining`). Digests of what a row said go with it:
who guesses what it said could try them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from sqlalchemy import bindparam, select

from pinggu_desk.register.rows import put
from pinggu_desk.register.store import Store
from pinggu_desk.register.tables import bundles_made, foreign_ids, sealed_columns

_f = foreign_ids.c
_OF_ROW = select(*sealed_columns(foreign_ids)).where(_f.kind == bindparam("kind"), _f.local_id == bindparam("number"))
_MADE = select(*sealed_columns(bundles_made)).order_by(bundles_made.c.id)
#: which records of a manifest tell of a row of a kind (`bundles.export.key_of`)
_TELLING = {"case": ("case",), "applicant": ("applicant", "who")}


def leave_marks(db: Store, me: str, gone: Mapping[str, Sequence[int]]) -> None:
    """Take every digest of rows that were removed, by kind and number here (inside a transaction). ``me`` is this register's id."""
    keys: set[str] = set()
    for kind, numbers in gone.items():
        for number in numbers:
            rows = db.rows(_OF_ROW, kind=kind, number=number)
            for row in rows:
                put(db, foreign_ids, *row[:-2], "", "")
            names = [(me, number), *((row[0], row[2]) for row in rows)]
            keys |= {f"{record}:{origin}:{of}" for record in _TELLING[kind] for origin, of in names}
    for row in db.rows(_MADE) if keys else ():
        manifest = json.loads(row[2])
        if not keys.isdisjoint(manifest):
            left = {key: digest for key, digest in manifest.items() if key not in keys}
            put(db, bundles_made, *row[:2], json.dumps(left, sort_keys=True), *row[3:])
