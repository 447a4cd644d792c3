"""Rows that vanish or change by the hand of somebody with a password and a database tool (FOUND 60): each is found and named."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Table, update

from pinggu_desk.register import Register, tables
from pinggu_desk.register.statements import text_of
from pinggu_desk.register.store import Store

from .conftest import PASSWORD, Clock
from .tampering import (
    FREE,
    by_tool,
    chained_anew,
    cut_tail,
    rewrite_entry,
    sealed_anew,
    summed_anew,
    told_anew,
)

PAPER = b"%PDF-1.7 sample"
#: the tables that a day at the counter fills
COUNTER = {
    "meta", "counters", "applicants", "applicant_documents", "merges", "known_facts", "awards", "cases", "positions", "edits",
    "edit_origins", "materials", "visits", "documents", "paper_files", "paper_contents", "paper_findings",
    "shared_papers", "award_origins", "parameters", "signing_keys", "audit", "trail_end", "tallies",
}  # fmt: skip


def worked(register: Register) -> Register:
    """A register with something in every table that a day at the counter fills."""
    firm = register.add_applicant("企业", "示例公司", code="91110117MA0000000X")
    person = register.add_applicant("个人", "示例人", code="11011719900101001X", document="居民身份证")
    double = register.add_applicant("企业", "示例公司（重复）")
    for number in range(3):
        case = register.open_case("tztc", "1", applicant_id=firm.id)
        for text in ("600万元", "700万元"):
            register.set_answer(case.id, "投资额", text)
        register.set_answer(case.id, "备注", "无", origin="PG-03-20260101-0001")
        register.set_position(case.id, "填报", "投资额")
        register.set_material(case.id, "营业执照", "已收")
        register.remember(firm.id, "投资额", f"{number}00万元", date(2026, 3, 2), case.id)
        register.add_award(firm.id, "ss", "ss.2.1", 100 + number, date(2025, 1, 1))
        register.record_document(
            case.id, "告知书", "b.pdf", hashlib.sha256(PAPER).hexdigest(), "[]", PAPER, content="c", how="打印"
        )
    register.join_visit(1, [2, 3])
    register.share_paper("PG-03-20260302-0001-01", [2])
    register.add_parameter("上一年度北京市全社会职工平均工资", "1万元", date(2026, 1, 1), "示例来源")
    register.merge(firm.id, double.id)
    register.get(person.id)
    return register


#: what a tool does, and a word that the answer has
BY_TOOL: dict[str, tuple[tuple[str, ...], str]] = {
    "an award": (("DELETE FROM awards WHERE id = 2",), "已享受支持“2”不见了"),
    "the last award": (("DELETE FROM awards WHERE id = 3",), "已享受支持“3”不见了"),
    "a paper": (
        (
            "DELETE FROM paper_files WHERE serial = 'PG-03-20260302-0002-01'",
            "DELETE FROM paper_contents WHERE serial = 'PG-03-20260302-0002-01'",
            "DELETE FROM paper_findings WHERE serial = 'PG-03-20260302-0002-01'",
            "DELETE FROM documents WHERE serial = 'PG-03-20260302-0002-01'",
        ),
        "文书“PG-03-20260302-0002-01”不见了",
    ),
    "a kept file": (("DELETE FROM paper_files WHERE serial = 'PG-03-20260302-0001-01'",), "文书文件“"),
    "a digest": (("DELETE FROM paper_contents WHERE serial = 'PG-03-20260302-0001-01'",), "文书内容“"),
    "a finding": (("DELETE FROM paper_findings WHERE serial = 'PG-03-20260302-0001-01'",), "文书结论“"),
    "the last edit": (
        ("DELETE FROM edit_origins WHERE case_id = 3", "DELETE FROM edits WHERE case_id = 3 AND seq = 3"),
        "修改记录按登记的校验和应有 9 条，现有 8 条",
    ),
    "every edit of a case": (
        ("DELETE FROM edit_origins WHERE case_id = 3", "DELETE FROM edits WHERE case_id = 3"),
        "修改记录按登记的校验和应有 9 条，现有 6 条",
    ),
    "a whole case": (
        (
            "DELETE FROM edit_origins WHERE case_id = 3", "DELETE FROM edits WHERE case_id = 3",
            "DELETE FROM materials WHERE case_id = 3", "DELETE FROM positions WHERE case_id = 3", "DELETE FROM visits WHERE case_id = 3",
            "DELETE FROM known_facts WHERE case_id = 3", "DELETE FROM paper_files WHERE serial = 'PG-03-20260302-0003-01'",
            "DELETE FROM paper_contents WHERE serial = 'PG-03-20260302-0003-01'",
            "DELETE FROM paper_findings WHERE serial = 'PG-03-20260302-0003-01'", "DELETE FROM documents WHERE case_id = 3",
            "DELETE FROM cases WHERE id = 3", "UPDATE counters SET last = 2",
        ),
        "办件“3”不见了",
    ),
    "a fact": (("DELETE FROM known_facts WHERE id = 2",), "已知信息按登记的校验和应有 3 条，现有 2 条"),
    "an origin": (("DELETE FROM edit_origins WHERE case_id = 1",), "填报来源按"),
    "where an award came from": (("DELETE FROM award_origins WHERE award_id = 1",), "支持来源按"),
    "a material": (("DELETE FROM materials WHERE case_id = 1",), "材料按"),
    "a material's state": (("UPDATE materials SET state = '未收' WHERE case_id = 1",), "材料“1-营业执照”的内容与校验码不符"),
    "a position": (("DELETE FROM positions WHERE case_id = 1",), "办理位置按"),
    "where the clerk stood": (("UPDATE positions SET field = '备注'",), "办理位置“1”的内容"),
    "a counter": (("DELETE FROM counters",), "流水号“"),
    "a counter turned back": (("UPDATE counters SET last = 1",), "流水号“PG-03-20260302”的内容"),
    "a visit": (("DELETE FROM visits WHERE case_id = 2",), "同一来访“2”不见了"),
    "a shared paper": (("DELETE FROM shared_papers",), "合用文书“"),
    "a merge": (("DELETE FROM merges",), "合并“3”不见了"),
    "a parameter": (("DELETE FROM parameters",), "外部参数“1”不见了"),
    "the office's key": (("DELETE FROM signing_keys",), "签发密钥“1”不见了"),
    "a name": (("UPDATE applicants SET name = '别的公司' WHERE id = 1",), "申请人“1”的内容"),
    "the roster": (("DELETE FROM meta WHERE name = 'clerks'",), "库信息“clerks”不见了"),
    "an entry": ((*FREE, "DELETE FROM audit WHERE id = 9"), "审计记录第 9 条"),
    "the tail": ((*FREE, "DELETE FROM audit WHERE id >= (SELECT max(id) - 2 FROM audit)"), "审计记录第"),
    "an entry's words": ((*FREE, "UPDATE audit SET detail = '' WHERE id = 9"), "审计记录第 9 条"),
    "a trigger": (("DROP TRIGGER audit_is_not_shortened",), "触发器 audit_is_not_shortened 不见了"),
    "an index": (("DROP INDEX awards_by_applicant",), "索引 awards_by_applicant 不见了"),
    "a trigger of his own": (
        ("CREATE TRIGGER his AFTER INSERT ON awards BEGIN UPDATE awards SET amount_fen = 1; END",), "触发器 his 是多出来的",
    ),
    "what search goes by": (("DELETE FROM applicant_grams WHERE rowid = 1",), "申请人“1”的检索词"),
    "a wrong word for search": (("INSERT INTO applicant_grams (rowid, grams) VALUES (77, 'czz')",), "申请人“77”的检索词"),
    "the length of a search word's row": (("UPDATE applicant_grams_docsize SET sz = x'01' WHERE id = 1",), "申请人“1”的检索词"),
    "a sum": (("UPDATE tallies SET count = count - 1 WHERE name = 'edits'",), "校验和"),
    "every sum": (("DELETE FROM tallies",), "登记的校验和不见了"),
    "how far the trail goes": (("DELETE FROM trail_end",), "审计记录的末条登记被改动"),
}  # fmt: skip


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One worked register; each test takes a copy."""
    from pinggu_desk.register import passwords

    before, passwords.COST = passwords.COST, (1, 8, 1)
    folder = tmp_path_factory.mktemp("worked") / "登记库"
    register, _ = Register.create(
        folder, clerk_no="01", clerk_name="示例经办", password=PASSWORD, window="03", now=Clock()
    )
    worked(register).close()
    passwords.COST = before
    return folder


@pytest.fixture
def own(template: Path, tmp_path: Path) -> Path:
    """A copy of the worked register."""
    import shutil

    return Path(shutil.copytree(template, tmp_path / "登记库"))


def opened(folder: Path) -> Register:
    return Register.open(folder, clerk_no="01", password=PASSWORD, now=Clock())


def test_a_worked_register_is_sound_and_everything_in_it_was_looked_at(own: Path) -> None:
    register = opened(own)
    done = register.verify()
    assert done.faults == () and register.warnings == ()
    filled = {table.name for table in tables.metadata.sorted_tables if register._db.rows(table.select())}
    assert filled >= COUNTER, "something in every table of the counter"
    assert done.looked["修改记录"] == 9 and done.looked["审计记录"] == done.head.number
    register.close()


@pytest.mark.parametrize("what", BY_TOOL)
def test_what_a_tool_does_is_found_and_named(own: Path, what: str) -> None:
    statements, words = BY_TOOL[what]
    register = opened(own)
    by_tool(register._db, *statements)
    found = register.verify().faults
    assert any(words in fault.what for fault in found), found
    assert any(words in sentence for sentence in register.check())
    register._at_work = False
    register.close()


def mended(db: Store, table: str, statement: str, *, told: bool = False) -> None:
    """Alter a table and make its seals and its sum anew, and what the trail says of it too."""
    by_tool(db, statement)
    sealed_anew(db, tables.metadata.tables[table], "1 = 1")
    summed_anew(db, table)
    if told:
        told_anew(db, [table])


#: what somebody does who has the key and knows how
BY_KEY: dict[str, Callable[[Store], None]] = {
    "an award altered": lambda db: mended(db, "awards", "UPDATE awards SET amount_fen = 1 WHERE id = 2"),
    "an award taken out": lambda db: mended(db, "awards", "DELETE FROM awards WHERE id = 2"),
    "an award put in": lambda db: mended(
        db, "awards",
        "INSERT INTO awards SELECT 9, applicant_id, policy_id, benefit_id, 5, awarded_on, matter, source, removed_at, seal, version"
        " FROM awards WHERE id = 1",
    ),
    "a case's day": lambda db: mended(db, "cases", "UPDATE cases SET judged_on = '2020-01-01' WHERE id = 1"),
    "an edit": lambda db: mended(db, "edits", "UPDATE edits SET at = '2020-01-01T00:00:00' WHERE case_id = 1 AND seq = 1"),
    "a material": lambda db: mended(db, "materials", "UPDATE materials SET state = '未收'"),
    "a position": lambda db: mended(db, "positions", "UPDATE positions SET field = '备注'"),
    "a fact": lambda db: mended(db, "known_facts", "DELETE FROM known_facts WHERE id = 1"),
    "an award, and the trail too": lambda db: mended(db, "awards", "DELETE FROM awards WHERE id = 2", told=True),
    "a material, and the trail too": lambda db: mended(db, "materials", "UPDATE materials SET state = '未收'", told=True),
    "an entry, and all after it": lambda db: rewrite_entry(db, 5, clerk_no="99"),
    "an entry left out": lambda db: chained_anew(db, lambda one: None if one["id"] == 7 else one),
    "the tail": lambda db: cut_tail(db, 3),
}  # fmt: skip


@pytest.mark.parametrize("what", BY_KEY)
def test_what_is_mended_with_the_key_is_told_at_the_next_opening(own: Path, what: str) -> None:
    opened(own).close()  # the machine keeps its head
    thief = opened(own)
    thief._at_work = False
    thief.record_event("退出", "工号01")
    thief.keep_end()
    BY_KEY[what](thief._db)
    thief.close()
    register = opened(own)
    found = register.verify()
    assert register.warnings or not found.sound, what
    assert found.faults and found.faults[0].what
    register.close()


def test_found_60_bytes_in_the_place_of_a_text_with_the_same_seal_are_found(own: Path) -> None:
    """A file takes bytes in any column, and in a seal they are the text of their hexadecimal: the empty text's are none."""
    register = opened(own)
    db, unfound = register._db, []
    for table in tables.sealed():
        row = dict(zip(table.columns.keys(), db.row(table.select()) or (), strict=False))
        same: dict[str, Any] = {n: bytes.fromhex(value) for n, value in row.items() if value in ("", "01")}
        same |= {n: value.hex() for n, value in row.items() if isinstance(value, bytes) and n != "seal"}
        where = [key == row.get(key.name) for key in table.primary_key]
        for name, value in same.items():
            with db.transaction():
                db.run(text_of(update(table).where(*where).values({name: value}), db.kind), value, *_keys(table, row))
            if not register.check():
                unfound.append(f"{table.name}.{name}")
            with db.transaction():
                db.run(
                    text_of(update(table).where(*where).values({name: value}), db.kind), row[name], *_keys(table, row)
                )
    assert unfound == [] and register.check() == []
    register._at_work = False
    register.close()


def _keys(table: Table, row: dict[str, Any]) -> list[Any]:
    return [row[key.name] for key in table.primary_key]
