"""Statements of SQLAlchemy Core as the engines run them: same meaning, plain text, values in their order."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import BindParameter, bindparam, insert, select

from pinggu_desk.register import Register
from pinggu_desk.register.statements import prepared, text_of, upsert
from pinggu_desk.register.tables import counters, known_facts, meta, metadata, sealed

_SCOPE: BindParameter[str] = bindparam("scope")
_LAST = select(counters.c.last).where(counters.c.scope == _SCOPE)
_COUNT = upsert(counters, "scope", set_={"last": counters.c.last + 1}, returning=counters.c.last)


def test_values_go_by_name_and_a_missing_one_is_refused(register: Register) -> None:
    db = register._db
    with db.transaction():
        assert db.row(_COUNT, scope="甲", last=1, seal=b"") == (1,)
        assert db.row(_COUNT, last=1, scope="甲", seal=b"") == (2,), "the row that is there counts on"
        db.run(insert(counters), last=7, scope="乙", seal=b"")
    assert db.row(_LAST, scope="甲") == (2,)
    assert db.rows(select(counters.c.scope).where(counters.c.scope.in_(["甲", "乙"])).order_by(counters.c.last)) == [
        ("甲",), ("乙",),
    ]  # fmt: skip
    some = select(counters.c.last).where(counters.c.scope.in_(["甲", "丙"]), counters.c.last > bindparam("more"))
    assert db.rows(some, more=1) == [(2,)] and db.rows(some, more=2) == []
    with pytest.raises(KeyError):
        db.rows(some)
    with pytest.raises(KeyError):
        db.row(_LAST, scop="甲")
    with pytest.raises(KeyError), db.transaction():
        db.run(insert(counters), scope="丙")
    assert db.row(_LAST, scope="丙") is None


def test_a_statement_is_compiled_once_an_engine() -> None:
    assert prepared(_LAST, "sqlcipher") is prepared(_LAST, "sqlcipher")
    assert prepared(_LAST, "postgresql") is prepared(_LAST, "postgresql")
    assert "scope = ?" in text_of(_LAST, "sqlcipher") and "scope = %s" in text_of(_LAST, "postgresql")
    assert prepared(_LAST, "postgresql").order({"scope": "甲"}) == ("甲",)


def test_the_next_id_is_one_more_than_any(register: Register) -> None:
    assert register._db.next_id(known_facts) == 1
    applicant = register.add_applicant("企业", "示例公司")
    register.remember(applicant.id, "职工人数", "30", date(2026, 3, 2))
    assert register._db.next_id(known_facts) == 2


def test_every_sealed_table_says_what_its_rows_are_called_and_ends_in_the_seal() -> None:
    called = sealed()
    unsealed = {table.name for table in metadata.sorted_tables if table not in called}
    assert called[meta] == "库信息" and unsealed == {"audit", "key_store"}, (
        "the trail is chained; a slot is wrapped already"
    )
    assert all([c.name for c in table.columns if c.name != "version"][-1] == "seal" for table in called)
