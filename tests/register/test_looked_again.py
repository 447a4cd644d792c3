"""Beside an open window: what somebody alters between two entries is told at the next look, or by the next entry, not only at a login.

He who has the key writes row, seal and sum as the program would, and no entry; he who has none leaves a seal that doesn't fit.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from pinggu_desk.register import Register, errors, events
from pinggu_desk.register.database import Database
from pinggu_desk.register.engines.postgresql import ServerDatabase
from pinggu_desk.register.store import Store
from pinggu_desk.register.tables import awards, sealed_columns, sealed_values, tallies

from .conftest import PASSWORD, Clock
from .postgres import lay_on
from .townships import OTHER_CODE, paper, visit


@pytest.fixture(params=["sqlcipher", "postgresql"])
def office(request: pytest.FixtureRequest, folder: Path, clock: Clock) -> Iterator[Register]:
    """A register on each engine with a case, open in a window; a second window is open at it."""
    lay_on(request, folder)
    made, _ = Register.create(folder, clerk_no="01", clerk_name="示例甲", password=PASSWORD, window="03", now=clock)
    visit(made)
    yield made
    made.close()


@pytest.fixture
def tool(office: Register) -> Iterator[Store]:
    """A database tool in the hands of somebody who has the key."""
    db = office._db
    made: Store
    if isinstance(db, ServerDatabase):
        made = ServerDatabase(db.server, office._key, office.folder / "server.json")
    else:
        made = Database(db.path, office._key)
    yield made
    made.close()


def raw(tool: Store, words: str, *values: bytes | str | int) -> None:
    """A statement past the program's own: no sum is kept in step with it."""
    tool.run(words if tool.kind == "sqlcipher" else words.replace("?", "%s"), *values)


def by_key(tool: Store, amount: int) -> None:
    """A past award is worth something else: the row's seal, and the table's sum with its seal, are as the program makes them."""
    columns = sealed_columns(awards)
    with tool.transaction():
        *row, old = tool.rows(select(*columns, awards.c.seal))[0]
        values = dict(zip((column.name for column in columns), row, strict=True)) | {"amount_fen": amount}
        *plain, version = values.values()
        seal = tool.seal(awards.name, *sealed_values(plain, version))
        name, count, total, _seal = tool.rows(select(tallies).where(tallies.c.name == awards.name))[0]
        new = int(total, 16) - tool.tallies.element(awards.name, bytes(old)) + tool.tallies.element(awards.name, seal)
        text = f"{new % (1 << 256):064x}"
        raw(tool, "UPDATE awards SET amount_fen = ?, seal = ?", amount, seal)
        kept = tool.seal(tallies.name, name, count, text)
        raw(tool, "UPDATE tallies SET total = ?, seal = ? WHERE name = 'awards'", text, kept)


def told_on_the_trail(register: Register) -> list[str]:
    return [row.detail for row in register.audit_rows() if row.event == events.ANCHOR_BROKEN]


def test_who_has_the_key_is_told_at_the_next_look(office: Register, tool: Store) -> None:
    assert office.look() == () and office.look(1) == ()
    by_key(tool, 999_00)
    (what,) = office.look()
    assert "已享受支持与最近一条审计记录登记的校验和不符" in what and what in office.warnings
    assert office.unheard() == (what,) and office.unheard() == () and office.look() == (), "told once"
    assert told_on_the_trail(office) == [what]


def test_who_has_the_key_is_told_by_the_next_entry_whatever_it_is_of(office: Register, tool: Store) -> None:
    """Without a look in between: the entry would tell the altered sum as the right one, so what was noticed stands before it."""
    by_key(tool, 999_00)
    office.add_applicant("企业", "示例二厂", code=OTHER_CODE)
    (what,) = office.unheard()
    assert "已享受支持" in what and told_on_the_trail(office) == [what]
    rows = [row.event for row in office.audit_rows(2)]
    assert rows == [events.APPLICANT_ADDED, events.ANCHOR_BROKEN]
    assert not office.verify().sound


def test_an_entry_of_the_very_table_that_was_altered_tells_it_too(office: Register, tool: Store) -> None:
    by_key(tool, 999_00)
    office.add_award(1, "ss", "ss.2.1", 1, date(2026, 1, 1))
    (what,) = office.unheard()
    assert "已享受支持" in what and told_on_the_trail(office) == [what]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("UPDATE edits SET after = '1元' WHERE seq = 1", "修改记录与校验码不符"),
        ("DELETE FROM edits WHERE seq = 1", "修改记录前后接不上"),
        ("UPDATE cases SET judged_on = '2027-01-01'", "办件与校验码不符"),
        ("UPDATE applicants SET phone = '别的'", "申请人与校验码不符"),
        ("UPDATE awards SET amount_fen = 1", "已享受支持与校验码不符"),
        ("UPDATE materials SET state = '未收'", "材料与校验码不符"),
        ("UPDATE documents SET determinations = '[1]'", "文书与校验码不符"),
    ],
)  # fmt: skip
def test_a_case_that_is_opened_is_held_against_its_seals(office: Register, tool: Store, words: str, said: str) -> None:
    with tool.transaction():
        tool.run(words)
    assert office.look() == (), "no sum tells it yet"
    assert office.look_at(1).id == 1
    (what,) = office.unheard()
    assert said in what and told_on_the_trail(office) == [what]


def test_a_trail_that_was_cut_is_told(register: Register) -> None:
    """On a file: the account of a server's windows can't change the trail."""
    visit(register)
    tool = Database(register._db.path, register._key)
    with tool.transaction():
        for (name,) in tool.rows("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit'"):
            tool.run(f"DROP TRIGGER {name}")
        tool.run("DELETE FROM audit WHERE id = (SELECT max(id) FROM audit)")
    tool.close()
    with suppress(errors.RegisterDamaged):
        register.look()
    assert any("审计记录的末条" in what for what in register.warnings)


def test_a_day_of_two_windows_raises_no_alarm(office: Register, clock: Clock) -> None:
    """Each looks after whatever the other does; nothing is said of edits, facts, papers, merges, undos, forgetting."""
    office.add_clerk("02", "示例乙", PASSWORD, "05", "负责人")
    other = Register.open(office.folder, clerk_no="02", password=PASSWORD, now=clock)
    windows = [office, other]
    for turn in range(4):
        mine, his = windows[turn % 2], windows[1 - turn % 2]
        case = visit(mine, f"示例{turn}厂", f"91110117MA{turn}222222X")
        assert his.look(case) == () == his.look()
        his.look_at(case)
        his.set_answer(case, "备注", "另一窗口的", made_on=his.last_edit(case))
        paper(his, case, "第二份")
        mine.answers(case)
        mine.undo(case)
        double = his.add_applicant("企业", f"示例{turn}厂（重复）")
        his.merge(mine.search(f"示例{turn}厂")[0].id, double.id)
        mine.update_applicant(replace(mine.search(f"示例{turn}厂")[0], phone="改了"))
        mine.close_case(case)
        assert mine.look(case) == () == mine.look() and mine.unheard() == () == his.unheard()
    clock.forward(days=20_000)
    office.forget(office.past_term(), agreed=clock.at.date())
    assert office.look() == () == other.look() and office.unheard() == () == other.unheard()
    other.close()
    assert office.check() == [] and told_on_the_trail(office) == []
