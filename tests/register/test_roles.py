"""Who may do what: 经办人, 负责人, 审计员; kept where the key file's editor can't reach it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import delete

from pinggu_desk.register import Register, errors, events
from pinggu_desk.register.restoring import establish
from pinggu_desk.register.roles import ROLES, Act, Role, may
from pinggu_desk.register.store import Store
from pinggu_desk.register.tables import meta

from .conftest import PASSWORD, Boot, Clock

OTHER = "Sample-2-abc"

#: what a register lets somebody do, by the act that it takes
_DONE: dict[Act, Callable[[Register], object]] = {
    Act.WORK: lambda r: r.open_case("ss", "v"),
    Act.PARAMETERS: lambda r: r.add_parameter("LPR", "3.1%", date(2026, 1, 1), "示例公告"),
    Act.CLERKS: lambda r: r.add_clerk("77", "示例新人", OTHER),
    Act.TRAIL: lambda r: r.audit_rows(),
    Act.TRUST: lambda r: r.trust_key(b"k" * 32, "示例单位"),
}


def as_clerk(folder: Path, clock: Clock, no: str) -> Register:
    return Register.open(folder, clerk_no=no, password=OTHER, now=clock)


@pytest.mark.parametrize("role", ROLES)
def test_each_act_is_done_by_whom_it_is_for_and_refused_in_a_sentence_that_says_who_may(
    register: Register, folder: Path, clock: Clock, role: Role
) -> None:
    register.add_clerk("02", "示例同事", OTHER, role=role)
    other = as_clerk(folder, clock, "02")
    assert other.clerk.role == role
    for act, do in _DONE.items():
        if may(other.clerk.role, act):
            do(other)
            continue
        with pytest.raises(errors.NotAllowed, match=f"“{act.value}”由负责人|“{act.value}”由经办人或负责人") as refusal:
            do(other)
        assert role in refusal.value.sentence and refusal.value.sentence.count("。") == 1
    other.close()


def test_an_auditor_reads_the_trail_and_changes_nothing(register: Register, folder: Path, clock: Clock) -> None:
    case = register.open_case("ss", "v")
    register.set_answer(case.id, "独立法人资格", "是")
    whose = register.add_applicant("企业", "示例公司")
    award = register.add_award(whose.id, "ss", "1", 100, date(2025, 1, 1))
    register.add_clerk("09", "示例审计", OTHER, role="审计员")
    auditor = as_clerk(folder, clock, "09")
    assert any(row.event == events.CREATED for row in auditor.audit_rows(500))
    assert auditor.verify_audit() == [] and auditor.check() == []
    rows = len(auditor.audit_rows(500))
    for change in (
        lambda: auditor.set_answer(case.id, "独立法人资格", "否"),
        lambda: auditor.undo(case.id),
        lambda: auditor.close_case(case.id),
        lambda: auditor.set_material(case.id, "form", "已收"),
        lambda: auditor.add_applicant("个人", "示例甲"),
        lambda: auditor.remember(whose.id, "独立法人资格", "否", date(2025, 1, 1)),
        lambda: auditor.remove_award(award.id),
        lambda: auditor.record_document(case.id, "告知书", "a.pdf", "0" * 64, "[]"),
        lambda: auditor.merge(whose.id, whose.id),
    ):
        with pytest.raises(errors.NotAllowed, match="“办理业务”由经办人或负责人"):
            change()
    assert len(auditor.audit_rows(500)) == rows, "a refusal writes nothing"
    assert register.answers(case.id) == {"独立法人资格": "是"}
    auditor.close()


def test_the_one_who_makes_a_register_is_in_charge_and_never_the_last_to_go(register: Register) -> None:
    assert register.clerk.role == "负责人"
    with pytest.raises(errors.InvalidEntry, match="唯一的负责人"):
        register.set_role("01", "经办人")
    register.add_clerk("02", "示例同事", OTHER)
    register.set_role("02", "负责人")
    register.set_role("01", "审计员")
    assert [(one.no, one.role) for one in register.colleagues()] == [("01", "审计员"), ("02", "负责人")]
    with pytest.raises(errors.NotAllowed):
        register.set_role("01", "负责人")
    detail = next(row.detail for row in register.audit_rows() if row.event == events.CLERK_CHANGED)
    assert detail == "角色 负责人 改为 审计员"


def test_a_role_that_was_taken_away_counts_at_once_in_a_window_that_is_open(
    register: Register, folder: Path, clock: Clock
) -> None:
    register.add_clerk("02", "示例同事", OTHER, role="负责人")
    other = as_clerk(folder, clock, "02")
    other.require(Act.CLERKS)
    register.set_role("02", "经办人")
    with pytest.raises(errors.NotAllowed):
        other.add_clerk("03", "示例新人", OTHER)
    other.open_case("ss", "v")
    register.set_role("02", "审计员")
    with pytest.raises(errors.NotAllowed, match="办理业务"):
        other.open_case("ss", "v")
    other.close()


def test_nobody_raises_himself_by_editing_the_key_file(register: Register, folder: Path, clock: Clock) -> None:
    register.add_clerk("02", "示例同事", OTHER, role="负责人")
    keys = folder / "register.keys"
    when_in_charge = keys.read_bytes()
    register.set_role("02", "经办人")
    content = json.loads(keys.read_bytes())
    for slot in content["clerks"]:
        slot["role"] = "负责人"
    for edited in (
        json.dumps(content).encode(),
        when_in_charge,
        json.dumps({**content, "clerks": content["clerks"][::-1]}).encode(),
    ):
        keys.write_bytes(edited)
        other = as_clerk(folder, clock, "02")
        assert other.clerk.role == "经办人"
        other.close()


def test_of_an_older_register_whoever_made_it_is_in_charge(register: Register, folder: Path, clock: Clock) -> None:
    register.add_clerk("02", "示例同事", OTHER)
    with register._db.transaction():
        register._db.run(delete(meta).where(meta.c.name == "clerks"))  # as an earlier program left it
    register.close()
    keys = folder / "register.keys"
    content = json.loads(keys.read_bytes())
    content["clerks"].reverse()  # who stands first in the file is no proof
    keys.write_bytes(json.dumps(content).encode())
    other = as_clerk(folder, clock, "02")
    assert other.clerk.role == "经办人"
    other.close()
    first = Register.open(folder, clerk_no="01", password=PASSWORD, now=clock)
    assert first.clerk.role == "负责人" and first.check() == []
    first.close()


def test_an_altered_roster_lets_nobody_in(register: Register, folder: Path, clock: Clock) -> None:
    register.add_clerk("02", "示例同事", OTHER)
    with register._db.transaction():
        register._db.run("UPDATE meta SET value = replace(value, '经办人', '负责人') WHERE name = 'clerks'")
    with pytest.raises(errors.RegisterDamaged, match="人员名册"):
        as_clerk(folder, clock, "02")


def test_a_clerk_lists_his_own_cases_and_finds_a_colleagues_by_number_or_applicant(
    register: Register, folder: Path, clock: Clock
) -> None:
    whose = register.add_applicant("企业", "示例公司")
    first = register.open_case("ss", "v", applicant_id=whose.id)
    register.add_clerk("02", "示例同事", OTHER)
    register.add_clerk("09", "示例审计", OTHER, role="审计员")
    other, auditor = as_clerk(folder, clock, "02"), as_clerk(folder, clock, "09")
    own = other.open_case("ss", "v")
    assert [case.id for case in other.recent()] == [case.id for case in other.open_cases()] == [own.id]
    assert [case.id for case in register.recent()] == [case.id for case in auditor.recent()] == [own.id, first.id]
    both = (own.id, first.id)  # as a row of the statistics names them
    assert [case.id for case in other.listed(both)] == [own.id]
    assert [case.id for case in register.listed(both)] == [case.id for case in auditor.listed(both)] == [*both]
    found = other.numbered(f" {first.number.lower()} ")
    assert found is not None and found.id == first.id and other.numbered("PG-1") is None
    assert [case.id for case in other.cases_of(whose.id)] == [first.id]
    other.close()
    auditor.close()


def test_on_a_server_who_was_removed_comes_in_no_more_and_the_others_do(
    shared: Register, folder: Path, boot: Boot
) -> None:
    shared.add_clerk("02", "示例乙", OTHER)
    shared.add_clerk("03", "示例丙", OTHER + "3")
    case = shared.open_case("ss", "v")
    shared.set_answer(case.id, "独立法人资格", "是")
    gone = Register.open(folder, clerk_no="03", password=OTHER + "3")
    assert shared.remove_clerk("03") == "" and boot.seconds
    shared.set_answer(case.id, "独立法人资格", "否")
    with pytest.raises(errors.UnknownClerk):
        Register.open(folder, clerk_no="03", password=OTHER + "3")
    with pytest.raises(errors.NotAllowed, match="已被移除"):  # a server's rows are opened by no key: his window asks
        gone.open_case("ss", "v")
    gone.close()
    for _ in range(5):
        with pytest.raises(errors.RegisterError):
            Register.open(folder, clerk_no="01", password=PASSWORD + "x")
    with pytest.raises(errors.ClerkLocked):
        Register.open(folder, clerk_no="01", password=PASSWORD)
    other = Register.open(folder, clerk_no="02", password=OTHER)
    assert other.answers(case.id) == {"独立法人资格": "否"} and other.check() == []
    other.close()


@pytest.fixture(params=["sqlcipher", "postgresql"])
def either(request: pytest.FixtureRequest) -> Register:
    """A register on each engine."""
    found = request.getfixturevalue("register" if request.param == "sqlcipher" else "shared")
    assert isinstance(found, Register)
    return found


def test_in_an_open_window_every_write_asks_whether_its_clerk_may_still_do_it(
    either: Register, folder: Path, clock: Clock
) -> None:
    """Also on a case that was open before: an edit, an undo, a tick, a state, a visit's choice, the place in it."""
    either.add_clerk("02", "示例同事", OTHER)
    other = as_clerk(folder, clock, "02")
    case = other.open_case("ss", "v")
    other.set_answer(case.id, "独立法人资格", "是")
    writes = (
        lambda: other.set_answer(case.id, "独立法人资格", "否"),
        lambda: other.undo(case.id),
        lambda: other.redo(case.id),
        lambda: other.set_material(case.id, "营业执照", "已收"),
        lambda: other.set_judged_on(case.id, clock.at.date()),
        lambda: other.close_case(case.id),
    )
    either.set_role("02", "审计员")
    for write in writes:
        with pytest.raises(errors.NotAllowed, match="您现在的角色是审计员"):
            write()
    assert either.answers(case.id) == {"独立法人资格": "是"} and other.clerk.role == "审计员"
    either.set_role("02", "经办人")
    other.set_answer(case.id, "独立法人资格", "否")
    before = either.history(case.id)
    either.remove_clerk("02")
    for write in (*writes, lambda: other.set_position(case.id, "申报数据", "投资额")):
        with pytest.raises((errors.NotAllowed, errors.KeyRenewed)):  # a file has another key by now as well
            write()
    assert either.history(case.id) == before and either.case(case.id).state == "办理中"
    assert either.materials(case.id) == {} and either.check() == []
    other.close()


def test_a_role_that_is_taken_away_between_the_question_and_the_write_counts(
    shared: Register, folder: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The question before a call is for a quick answer; the one that counts is asked in the transaction."""
    shared.add_clerk("02", "示例同事", OTHER)
    other = as_clerk(folder, clock, "02")
    begin = type(other._db)._begin

    def once_removed(db: Store) -> None:
        if db is other._db and any(one.no == "02" for one in shared.colleagues()):
            shared.remove_clerk("02")
        begin(db)

    monkeypatch.setattr(type(other._db), "_begin", once_removed)
    with pytest.raises(errors.NotAllowed, match="已被移除"):
        other.open_case("ss", "v")
    assert shared.recent() == [] and shared.check() == []
    other.close()


def test_who_was_removed_leaves_a_trace_of_his_leaving(shared: Register, folder: Path, clock: Clock) -> None:
    shared.add_clerk("02", "示例同事", OTHER)
    other = as_clerk(folder, clock, "02")
    shared.remove_clerk("02")
    other.close()
    assert any(row.event == events.LOGGED_OUT and row.clerk_no == "02" for row in shared.audit_rows())


def test_another_window_on_a_server_is_asked_for_its_password_after_a_removal_and_backs_up_with_the_new_key(
    shared: Register, folder: Path, clock: Clock, tmp_path: Path
) -> None:
    """A server's rows are read by any key, but a backup under the old one could be opened by nobody who stayed."""
    shared.add_clerk("02", "示例同事", OTHER)
    shared.add_clerk("03", "示例丙", OTHER + "3")
    other = as_clerk(folder, clock, "02")
    case = other.open_case("ss", "v")
    shared.remove_clerk("03")
    for step in (lambda: other.set_answer(case.id, "独立法人资格", "是"), lambda: other.backup(tmp_path / "盘")):
        with pytest.raises(errors.KeyRenewed):
            step()
    other.close()
    again = as_clerk(folder, clock, "02")
    again.set_answer(case.id, "独立法人资格", "是")
    for at, window in enumerate((again, shared)):  # whoever removed somebody goes on with the new one at once
        made = window.backup(tmp_path / f"盘{at}")
        establish(tmp_path / f"另一台{at}", made, clerk_no="01", password=PASSWORD, now=clock)
    again.close()
