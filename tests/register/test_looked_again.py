"""Beside an open window: what somebody alters between two entries is told at the next look, or by the next entry, not only at a login.

He who has the key writes row, seal and sum as the program would, and no entry; he who has none leaves a seal that doesn't fit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import ColumnElement, Table, delete, insert, select

from pinggu_desk.policy.corrections import Correction
from pinggu_desk.policy.retention import AWARDS
from pinggu_desk.register import Register, checking, errors, events, looking
from pinggu_desk.register.backups import opened_quietly
from pinggu_desk.register.database import Database
from pinggu_desk.register.engines.postgresql import ServerDatabase
from pinggu_desk.register.statements import text_of
from pinggu_desk.register.store import Store
from pinggu_desk.register.tables import (
    awards,
    edit_origins,
    edits,
    materials,
    meta,
    sealed_columns,
    sealed_values,
    tallies,
    trail_end,
)

from .conftest import PASSWORD, Clock
from .postgres import lay_on
from .tampering import by_tool, free, put_back_triggers, triggers
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
        name, count, total, _seal, version = tool.rows(select(tallies).where(tallies.c.name == awards.name))[0]
        new = int(total, 16) - tool.tallies.element(awards.name, bytes(old)) + tool.tallies.element(awards.name, seal)
        text = f"{new % (1 << 256):064x}"
        raw(tool, "UPDATE awards SET amount_fen = ?, seal = ?", amount, seal)
        kept = tool.seal(tallies.name, name, count, text, version)
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


#: what every figure stands on, altered by a tool and no key: neither seal nor sum follows
STOOD_ON = [
    ("UPDATE awards SET amount_fen = 1", "已享受支持与校验码不符"),
    ("DELETE FROM awards WHERE id = 1", "已享受支持按登记的校验和应有 2 条，现有 1 条"),
    ("UPDATE parameters SET value = '9个百分点'", "外部参数与校验码不符"),
    ("UPDATE parameters SET removed_at = '2026-03-02T09:30:00'", "外部参数与校验码不符"),
    ("DELETE FROM parameters", "外部参数按登记的校验和应有 1 条，现有 0 条"),
    ("UPDATE corrections SET value = '取'", "更正与校验码不符"),
    ("DELETE FROM corrections", "更正按登记的校验和应有 1 条，现有 0 条"),
    ("DELETE FROM merges", "合并按登记的校验和应有 1 条，现有 0 条"),
    ("UPDATE meta SET value = '{}' WHERE name = 'retention'", "库信息与校验码不符"),
    ("DELETE FROM trusted_keys", "可信公钥按登记的校验和应有 1 条，现有 0 条"),
    ("UPDATE trusted_keys SET office = '别的'", "可信公钥与校验码不符"),
]


def stood_on(office: Register) -> int:
    """A case, and something in every table that figures and papers stand on."""
    (who,) = office.search("示例公司")
    double = office.add_applicant("企业", "示例公司（重复）")
    office.merge(who.id, double.id)
    office.add_award(who.id, "ss", "ss.2.1", 200_00, date(2025, 6, 1))
    office.add_parameter("LPR", "3.1%", date(2026, 1, 1), "示例公告")
    office.add_correction(Correction("读法", "general.at_least", "另", date(2026, 1, 1), "示例部门", "示例函"))
    office.lengthen(AWARDS, 30)
    office.trust_key(b"k" * 32, "示例单位")
    return office.cases_of(who.id)[0].id


@pytest.mark.parametrize(("words", "said"), STOOD_ON)
def test_what_every_figure_stands_on_is_looked_at_each_minute(
    office: Register, tool: Store, words: str, said: str
) -> None:
    """A letter would be printed by an altered figure until the whole is looked at, hours later."""
    case = stood_on(office)
    assert office.look() == () == office.look(case)
    with tool.transaction():
        tool.run(words)
    (what,) = office.look(case)
    assert said in what and told_on_the_trail(office) == [what]
    assert office.look() == () == office.look(case), "told once"


def test_who_writes_at_another_window_keeps_no_look_waiting(office: Register, clock: Clock) -> None:
    """On a server a look took its turn among those who write: each window's, each minute, and with each case that was opened."""
    case = stood_on(office)
    office.add_clerk("02", "示例乙", PASSWORD, "05")
    other = Register.open(office.folder, clerk_no="02", password=PASSWORD, now=clock)
    with other.at_once("示例"):
        other.remember(1, "注册资本", "700万元", date(2026, 3, 1))
        assert office.look() == () == office.look(case)
    assert office.look() == () == other.look(case)
    other.close()


def many_awards(office: Register) -> None:
    """More rows than are held against their seals at a time."""
    with office.at_once("示例"):
        for number in range(looking._PIECE + 20):
            office.add_award(1, "ss", "ss.2.1", 100_00 + number, date(2025, 5, 1))


@pytest.mark.parametrize("number", [1, looking._PIECE, looking._PIECE + 1, looking._PIECE + 21])
def test_an_award_that_was_whole_a_minute_ago_is_told_when_it_is_not(
    office: Register, tool: Store, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Though what was read the same again is not held against its seals anew; and though there are many, as of an office of years."""
    monkeypatch.setattr(looking, "_MOST_WITH_CASE", 1)
    many_awards(office)
    assert office.look() == () == office.look(1) == office.look()
    with tool.transaction():
        raw(tool, "UPDATE awards SET amount_fen = 1 WHERE id = ?", number)
    (what,) = office.look()
    assert "已享受支持与校验码不符" in what


def test_an_award_put_in_the_place_of_another_is_told_by_the_sum(office: Register, tool: Store) -> None:
    """Both are genuine, and as many as before: one was copied back that had been taken out of account since."""
    many_awards(office)
    before = rows_of(tool, awards, awards.c.id == 7)
    office.remove_award(7)
    assert office.look() == ()
    copied_back(tool, awards, before, awards.c.id == 7)
    (what,) = office.look()
    assert "已享受支持与登记的校验和不符" in what


def test_awards_that_come_and_go_raise_no_alarm(office: Register) -> None:
    many_awards(office)
    for number in (3, looking._PIECE + 5):
        office.remove_award(number)
        assert office.look() == ()
        office.add_award(1, "ss", "ss.2.1", 1, date(2025, 5, 1))
        assert office.look() == () == office.look(1)


class GivenUp(BaseException):
    """Whoever looked is about to leave."""


def test_a_look_at_everything_lets_others_go_first_and_is_given_up_when_told(office: Register) -> None:
    """On a server too, where nothing asked whether the desk was about to close."""
    breaths: list[int] = []
    most = 1_000_000

    def breathe() -> None:
        breaths.append(1)
        if len(breaths) > most:
            raise GivenUp

    def faults() -> list[str]:
        breaths.clear()
        db = opened_quietly(office.source, breathe)
        try:
            return checking.faults(db)
        finally:
            db.close()

    assert faults() == []
    whole = len(breaths)
    assert whole > 10
    for most in (0, whole // 2, whole - 1):
        with pytest.raises(GivenUp):
            faults()
        assert len(breaths) == most + 1
    assert office.look() == ()


def test_a_long_statement_behind_is_broken_off(register: Register) -> None:
    """The structure of a register of gigabytes is looked at in statements of half a minute."""

    def breathe() -> None:
        raise GivenUp

    db = opened_quietly(register.source, breathe)
    with pytest.raises(db.failures, match="interrupted"):
        db.row("WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c LIMIT 9000000) SELECT count(*) FROM c")
    db.close()


def test_of_more_rows_than_are_read_each_minute_their_number_tells(
    register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "_MOST_READ", 1)
    visit(register)
    stood_on(register)
    assert register.look() == ()
    tool = Database(register._db.path, register._key)
    with tool.transaction():
        tool.run("DELETE FROM awards WHERE id = 1")
    tool.close()
    (what,) = register.look()
    assert "已享受支持按登记的校验和应有 2 条，现有 1 条" in what


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


def rows_of(tool: Store, table: Table, *where: ColumnElement[bool]) -> list[tuple[Any, ...]]:
    """Rows as they lie there, for being copied back later: all of them are genuine."""
    return tool.rows(select(*table.columns).where(*where))


def copied_back(tool: Store, table: Table, rows: list[tuple[Any, ...]], *where: ColumnElement[bool]) -> None:
    """Rows in the place of what there is now, by a tool; no key is needed for it."""
    with tool.transaction():
        tool.run(text_of(delete(table).where(*where), tool.kind), *(one.right.value for one in where))
        for row in rows:
            tool.run(text_of(insert(table), tool.kind), *row)


def test_entries_that_this_window_wrote_are_missed_though_all_that_is_left_is_genuine(register: Register) -> None:
    """Who looked somebody up, cuts that off, and puts back what said before how far the trail goes: no key is needed for it."""
    person = register.add_applicant("个人", "示例人", code="11011719900101001X", document="居民身份证")
    tool = Database(register._db.path, register._key)
    end, there = rows_of(tool, trail_end), triggers(tool)
    register.get(person.id)
    register.note_numbers_shown(person.id)
    free(tool)
    copied_back(tool, trail_end, end)
    by_tool(tool, "DELETE FROM audit WHERE id > (SELECT number FROM trail_end)")
    put_back_triggers(tool, there)
    tool.close()
    (what,) = register.look()
    assert f"审计记录第 {end[0][1] + 2} 条不见了" in what and told_on_the_trail(register) == [what]
    register.record_event("示例", "示例")
    assert register.unheard() == (what,) and told_on_the_trail(register) == [what], "told once"


def test_the_next_entry_misses_them_too(register: Register) -> None:
    tool = Database(register._db.path, register._key)
    end, there = rows_of(tool, trail_end), triggers(tool)
    register.record_event("示例", "示例")
    free(tool)
    copied_back(tool, trail_end, end)
    by_tool(tool, "DELETE FROM audit WHERE id > (SELECT number FROM trail_end)")
    put_back_triggers(tool, there)
    tool.close()
    register.record_event("另一件", "示例")
    (what,) = register.unheard()
    assert "不见了" in what and [row.event for row in register.audit_rows(2)] == ["另一件", events.ANCHOR_BROKEN]


@pytest.mark.parametrize("looked", [True, False], ids=["by a look", "by the next entry"])
@pytest.mark.parametrize("told", [True, False], ids=["told", "not told yet"])
def test_a_material_and_its_sum_of_before_are_known_for_older_ones(
    office: Register, tool: Store, clock: Clock, *, told: bool, looked: bool
) -> None:
    """No entry comes with a tick: row, seal and sum of before are genuine, and as many."""
    rows, sums = rows_of(tool, materials), rows_of(tool, tallies, tallies.c.name == materials.name)
    clock.forward(minutes=5)
    office.set_material(1, "营业执照", "未收")
    if told:
        office.record_event("示例", "示例")
    copied_back(tool, materials, rows)
    copied_back(tool, tallies, sums, tallies.c.name == materials.name)
    if not looked:
        office.record_event("示例", "另一件")
    (what,) = office.look() if looked else office.unheard()
    assert "材料与最近一条审计记录登记的校验和不符" in what and told_on_the_trail(office) == [what]
    assert any("材料" in fault.what for fault in office.verify().faults)


def test_the_last_edit_that_vanishes_with_its_sum_is_missed_by_the_next_one(office: Register, tool: Store) -> None:
    taken = edits, edit_origins
    before = [rows_of(tool, table) for table in taken]
    sums = rows_of(tool, tallies, tallies.c.name == edits.name)
    office.set_answer(1, "投资额", "900万元")
    for table, rows in zip(taken, before, strict=True):
        copied_back(tool, table, rows)
    copied_back(tool, tallies, sums, tallies.c.name == edits.name)
    office.set_answer(1, "备注", "无")
    office.record_event("示例", "示例")
    (what,) = office.unheard()
    assert "修改记录" in what and told_on_the_trail(office) == [what]


def test_an_earlier_roster_that_is_copied_back_gives_nobody_a_role_in_an_open_window(
    office: Register, tool: Store, clock: Clock
) -> None:
    """Its seal is genuine; put there for a moment and taken away again it would leave no trace but what was done by it."""
    roster = meta.c.name == "clerks"
    office.add_clerk("02", "示例乙", PASSWORD, "04", "负责人")
    in_charge = rows_of(tool, meta, roster)
    office.set_role("02", "经办人")
    today = rows_of(tool, meta, roster)
    other = Register.open(office.folder, clerk_no="02", password=PASSWORD, now=clock)
    copied_back(tool, meta, in_charge, roster)
    for act in (
        lambda: other.add_parameter("LPR", "3.1%", date(2026, 1, 1), "示例"),
        lambda: other.open_case("ss", "1"),
    ):
        with pytest.raises(errors.RegisterDamaged, match="人员名册被改动"):
            act()
    copied_back(tool, meta, [], roster)
    with pytest.raises(errors.RegisterDamaged, match="人员名册被改动"):
        other.open_case("ss", "1")
    copied_back(tool, meta, today, roster)
    other.open_case("ss", "1")
    assert any("人员名册被改动" in what for what in other.unheard()), (
        "and what was noticed stands before the next entry"
    )
    assert any("人员名册被改动" in what for what in told_on_the_trail(office)) and office.parameters() == []
    other.close()


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


def renamed(office: Register) -> object:
    return office.update_applicant(replace(office.get(1), name="示例另名"))


@pytest.mark.parametrize(
    ("words", "then", "called"),
    [
        ("UPDATE applicants SET phone = '13900000000'", renamed, "申请人“1”"),
        ("UPDATE awards SET amount_fen = 1", lambda office: office.remove_award(1), "已享受支持“1”"),
        ("UPDATE materials SET state = '未收'", lambda office: office.set_material(1, "营业执照", "已核"), "材料“1-营业执照”"),
        ("UPDATE cases SET judged_on = '2027-01-01'", lambda office: office.close_case(1, "已撤销"), "办件“1”"),
        ("UPDATE counters SET last = last + 5", lambda office: office.open_case("ss", "1"), "流水号“"),
    ],
)  # fmt: skip
def test_an_altered_row_is_not_written_over_unseen(
    office: Register, tool: Store, words: str, then: Callable[[Register], object], called: str
) -> None:
    """With a genuine seal, or gone, nobody could tell any more that it was altered."""
    by_tool(tool, words)
    with suppress(errors.RegisterError):
        then(office)
    office.open_case("ss", "1")
    told = [what for what in told_on_the_trail(office) if called in what]
    assert told and "与校验码不符，可能被改动，随后照常改写" in told[0]
    assert told[0] in office.unheard()
