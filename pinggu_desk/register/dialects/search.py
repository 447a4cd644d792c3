"""How applicants are found by the grams of their names (`names`): SQLite's full text index, PostgreSQL's text vectors.

Only which applicant has which gram is kept, not the text again.
"""

from __future__ import annotations

import re
from collections.abc import Callable
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
)
from sqlalchemy import table as plain_table
from sqlalchemy.dialects.postgresql import TSQUERY

from pinggu_desk.register.statements import Either, Kind
from pinggu_desk.register.tables import applicants

_WHO: BindParameter[int] = bindparam("who")
_GRAMS: BindParameter[str] = bindparam("grams")
_index = plain_table("applicant_grams", column("rowid"), column("grams"))
_vectors = plain_table("applicant_grams", column("applicant_id"), column("grams"))
_PIECE = re.compile(r'"([^"]*)"(\*?)')

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
