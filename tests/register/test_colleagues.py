"""FOUND 74: a colleague's case, a file, a lock leave a trace; an edit costs what it cost before."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pinggu_desk.register import Register, events, passwords
from pinggu_desk.register.database import Database

SECRET, OTHER = "Sample-2024", "Another-2025"
SHA = "0" * 64


@pytest.fixture
def two(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Register, Register]]:
    """Two clerks at one register, each in a window of his own."""
    monkeypatch.setattr(passwords, "COST", (1, 8, 1))
    first, _ = Register.create(tmp_path / "库", clerk_no="01", clerk_name="示例甲", password=SECRET, window="1")
    first.add_clerk("02", "示例乙", OTHER)
    second = Register.open(tmp_path / "库", clerk_no="02", password=OTHER)
    yield first, second
    second.close()
    first.close()


def told(register: Register, *wanted: str) -> list[tuple[str, str, str]]:
    rows = reversed(register.audit_rows(500))
    return [(row.event, row.clerk_no, row.subject) for row in rows if row.event in wanted]


def test_a_colleagues_case_is_told_when_it_is_opened_and_when_it_is_first_changed(
    two: tuple[Register, Register],
) -> None:
    first, second = two
    case = first.open_case("ss", "v")
    first.look_at(case.id)
    first.set_answer(case.id, "独立法人资格", "是")
    assert told(first, events.CASE_READ, events.CASE_CHANGED) == [], "one's own is no news"
    second.look_at(case.id)
    second.set_answer(case.id, "独立法人资格", "是")  # the same text is no edit
    assert told(first, events.CASE_CHANGED) == []
    second.set_answer(case.id, "独立法人资格", "否")
    second.set_answer(case.id, "独立法人资格", "")
    second.undo(case.id)
    second.set_material(case.id, "form", "已收")
    assert told(first, events.CASE_READ) == [(events.CASE_READ, "02", case.number)]
    assert told(first, events.CASE_CHANGED) == [(events.CASE_CHANGED, "02", case.number)], "once in a session"
    assert [(edit.clerk_no, edit.after) for edit in first.history(case.id)][-2:] == [("02", ""), ("02", "否")]
    assert first.clerk_name("02") == "示例乙" and first.clerk_name("99") == ""
    assert first.check() == [] and first.verify_audit() == []


@pytest.mark.parametrize("how", ["material", "day", "state", "undo"])
def test_whichever_way_it_is_changed(two: tuple[Register, Register], how: str) -> None:
    first, second = two
    case = first.open_case("ss", "v")
    first.set_answer(case.id, "独立法人资格", "是")
    if how == "material":
        second.set_material(case.id, "form", "已收")
    elif how == "day":
        second.set_judged_on(case.id, case.on)
    elif how == "undo":
        second.set_answer(case.id, "独立法人资格", "否")
        second.undo(case.id)
    else:
        second.close_case(case.id)
    assert told(first, events.CASE_CHANGED) == [(events.CASE_CHANGED, "02", case.number)]


def test_a_change_that_was_not_kept_is_told_when_it_is(
    two: tuple[Register, Register], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = two
    case = first.open_case("ss", "v")

    def fail(self: Register, *_row: object, **_more: object) -> None:
        self._touch(case.id)
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr(Register, "_write", fail)
        with pytest.raises(RuntimeError):
            second.set_answer(case.id, "独立法人资格", "是")
    assert told(first, events.CASE_CHANGED) == []
    second.set_answer(case.id, "独立法人资格", "是")
    assert len(told(first, events.CASE_CHANGED)) == 1


def test_an_edit_is_one_commit_also_of_a_colleagues_case(
    two: tuple[Register, Register], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = two
    case = first.open_case("ss", "v")
    commits: list[int] = []
    real = Database._commit

    def commit(self: Database) -> None:
        commits.append(1)
        real(self)

    monkeypatch.setattr(Database, "_commit", commit)
    for register, text in ((second, "是"), (second, "否"), (first, "是")):
        commits.clear()
        register.set_answer(case.id, "独立法人资格", text, origin="采用上次填报（2026-03-02）")
        assert len(commits) == 1


def test_a_look_at_a_file_a_lock_and_closing_are_on_the_trail(two: tuple[Register, Register]) -> None:
    first, _ = two
    firm = first.add_applicant("企业", "示例公司")
    person = first.add_applicant("个人", "示例丙")
    first.look_up(firm.id)
    first.look_up(person.id)
    first.note_locked()
    first.verify_password(SECRET)
    case = first.open_case("ss", "v")
    first.close_case(case.id)
    first.reopen_case(case.id)
    first.close_case(case.id, "已撤销")
    assert told(
        first, events.DOSSIER_READ, events.PERSON_READ, events.LOCKED, events.UNLOCKED, events.CASE_CLOSED,
        events.CASE_REOPENED, events.CASE_WITHDRAWN,
    ) == [
        ("查阅申请人档案", "01", f"申请人{firm.id}"), ("查阅个人档案", "01", f"申请人{person.id}"),
        ("锁定", "01", "工号01"), ("解锁", "01", "工号01"), ("办结办件", "01", case.number),
        ("重新打开办件", "01", case.number), ("撤销办件", "01", case.number),
    ]  # fmt: skip


def test_print_and_save_are_entries_of_their_own(two: tuple[Register, Register]) -> None:
    first, _ = two
    case = first.open_case("ss", "v")
    printed = first.record_document(case.id, "材料清单", "a.pdf", SHA, "[]", how="打印")
    saved = first.record_document(case.id, "材料清单", "a.pdf", SHA, "[]", how="保存")
    first.note_handed_out(saved, "材料清单", "打印")
    assert told(first, "出具文书", "打印文书", "保存文书") == [
        ("出具文书", "01", printed), ("打印文书", "01", printed), ("出具文书", "01", saved),
        ("保存文书", "01", saved), ("打印文书", "01", saved),
    ]  # fmt: skip
    assert [row.event for row in first.case_events(case.number)] == [
        "出具文书", "打印文书", "出具文书", "保存文书", "打印文书",
    ]  # fmt: skip


def test_a_case_tells_of_papers_whose_numbers_were_passed_on_too(two: tuple[Register, Register]) -> None:
    """A register set up from a backup goes on at paper 101 of a case; its print and its reprint were missing there."""
    first, _ = two
    case, other = first.open_case("ss", "v"), first.open_case("ss", "v")
    for serial in (f"{case.number}-99", f"{case.number}-101", f"{other.number}-01"):
        first.note_handed_out(serial, "材料清单", "打印")
    assert [row.subject for row in first.case_events(case.number)] == [f"{case.number}-99", f"{case.number}-101"]


def test_every_entry_has_one_name() -> None:
    named = [value for name, value in vars(events).items() if name.isupper() and isinstance(value, str)]
    assert len(named) == len(set(named))
