"""How applicants are found by the grams of their names (`names`): SQLite's full text index, PostgreSQL's text vectors.

Only which applicant has which gram is kept, not the text again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Executable,
    Select,
    bindparam,
    column,
    delete,
    func,
    insert,
    literal_column,
    select,
    text,
)
from sqlalchemy import table as plain_table
from sqlalchemy.dialects.postgresql import TSQUERY

from pinggu_desk.register.names import grams
from pinggu_desk.register.statements import Either, Kind
from pinggu_desk.register.store import Store
from pinggu_desk.register.tables import applicants

_WHO: BindParameter[int] = bindparam("who")
_GRAMS: BindParameter[str] = bindparam("grams")
#: what the index is called
INDEX = "applicant_grams"
_index = plain_table(INDEX, column("rowid"), column("grams"))
_vectors = plain_table(INDEX, column("applicant_id"), column("grams"))
_FTS_VERSION = 4
_PIECE = re.compile(r'"([^"]*)"(\*?)')

#: have a file's index forget what was taken out, not only no longer find it (PostgreSQL's own housekeeping does that)
OPTIMIZE = text("INSERT INTO applicant_grams(applicant_grams) VALUES ('optimize')")
#: note the grams of applicant ``who``, and forget them
ADD = Either(
    insert(_index).values(rowid=_WHO, grams=_GRAMS),
    insert(_vectors).values(applicant_id=_WHO, grams=func.array_to_tsvector(func.string_to_array(_GRAMS, " "))),
)
FORGET = Either(delete(_index).where(_index.c.rowid == _WHO), delete(_vectors).where(_vectors.c.applicant_id == _WHO))


def matching(query: Callable[[Any, ColumnElement[Any]], Select[Any]]) -> Either:
    """Applicants whose grams are as wanted (the value ``grams``, by `wanted`), the latest first.

    ``query`` makes the query of the joined tables, given the index and what ties it to an applicant.
    """

    def words(index: Any, number: ColumnElement[Any], hit: ColumnElement[Any]) -> Executable:
        return query(index, number == applicants.c.id).where(hit).order_by(number.desc())

    return Either(
        words(_index, _index.c.rowid, literal_column("applicant_grams").op("MATCH")(_GRAMS)),
        words(_vectors, _vectors.c.applicant_id, _vectors.c.grams.op("@@")(func.cast(_GRAMS, TSQUERY))),
    )


def wanted(kind: Kind, grams: str) -> str:
    """What is looked for (`names.Search.grams`) in the engine's own words."""
    if kind == "sqlcipher":
        return grams
    said = _PIECE.sub(lambda piece: f"{_quoted(piece[1])}{':*' if piece[2] else ''}", grams)
    return said.replace(" AND ", " & ").replace(" OR ", " | ")


def _quoted(piece: str) -> str:
    return "'" + piece.replace("\\", "\\\\").replace("'", "''") + "'"


_SEE = "CREATE VIRTUAL TABLE temp.grams_seen USING fts5vocab(main, applicant_grams, instance)"
_SEEN, _FORGET_SEEN = "SELECT doc, term FROM temp.grams_seen", "DROP TABLE temp.grams_seen"
_HAS = "SELECT rowid FROM applicant_grams WHERE applicant_grams MATCH ? LIMIT 1"
_PAGES = "SELECT pgno FROM applicant_grams_idx LIMIT 1"
_SIZES, _FORM = "SELECT id, sz FROM applicant_grams_docsize", "SELECT k, v FROM applicant_grams_config"
_VECTORS = select(_vectors.c.applicant_id, func.tsvector_to_array(_vectors.c.grams))
_NAMES = select(applicants.c.id, applicants.c.name)


def faults(db: Store) -> Iterator[tuple[int, str]]:
    """Applicants (by number) whose grams in the index are not those of their names; what else is wrong with it has the number 0."""
    wanted_by = {int(number): grams(str(name)).split() for number, name in db.rows(_NAMES)}
    found: dict[int, set[str]] = {}
    if db.kind == "sqlcipher":
        for number, term in _seen(db):
            found.setdefault(number, set()).add(term)
        sizes = dict(db.rows(_SIZES))
        if db.rows(_FORM) != [("version", _FTS_VERSION)]:
            yield 0, "检索索引的设置被改动"
        if _lost(db, set[str]().union(*found.values())):
            yield 0, "检索索引的目录被改动"
    else:
        found = {int(number): set(terms) for number, terms in db.rows(_VECTORS)}
        sizes = {number: _size(len(terms)) for number, terms in wanted_by.items()}
    for number in sorted(wanted_by.keys() | found.keys() | sizes.keys()):
        terms = wanted_by.get(number, [])
        if found.get(number, set()) != set(terms) or sizes.get(number) != (
            _size(len(terms)) if number in wanted_by else None
        ):
            yield number, ""


def _seen(db: Store) -> list[tuple[int, str]]:
    """Every gram of every applicant as the full text index has it, by a table of this connection's own."""
    db.rows("PRAGMA query_only = OFF")  # it is made in memory: of a copy that is only read nothing is changed
    db.rows(_SEE)
    try:
        return [(int(number), str(term)) for number, term in db.rows(_SEEN)]
    finally:
        db.rows(_FORGET_SEEN)


def _lost(db: Store, terms: set[str]) -> bool:
    """Whether the index has a gram that a search doesn't come to: where its pages begin is kept apart from them."""
    return (bool(terms) and db.row(_PAGES) is None) or any(db.row(_HAS, f'"{term}"') is None for term in terms)


def _size(count: int) -> bytes:
    """How FTS5 keeps the number of a row's words: seven bits a byte, the highest first."""
    digits = [count & 0x7F]
    while count := count >> 7:
        digits.insert(0, count & 0x7F | 0x80)
    return bytes(digits)
