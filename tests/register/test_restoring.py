"""A backup takes the register's place after a rehearsal; whatever moment the power goes, the old or the new one is there, whole."""

from __future__ import annotations

import os
import shutil
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pinggu_desk.register import Register, errors, events, moving
from pinggu_desk.register.backupnotes import NOTE, backups_in
from pinggu_desk.register.rehearsal import masked_name
from pinggu_desk.register.restoring import backup_of, clerks_in, establish
from pinggu_desk.work.restores import chosen_words

from .conftest import PASSWORD, Clock


class PowerCutError(BaseException):
    """Nothing in the program may handle it."""


@pytest.fixture
def backed_up(register: Register, clock: Clock, tmp_path: Path) -> Path:
    """A register with a case, backed up, and then worked on: a second case, a changed first one, a paper."""
    firm = register.add_applicant("企业", "示例果业有限公司", code="91110117MA0000000X")
    first = register.open_case("tztc", "1", applicant_id=firm.id)
    register.set_answer(first.id, "投资额", "600万元")
    place = register.backup(tmp_path / "U盘")
    clock.forward(days=1)
    second = register.open_case("ss", "1", applicant_id=firm.id)
    register.set_answer(second.id, "备注", "后来的")
    register.set_answer(first.id, "投资额", "700万元")
    register.record_document(second.id, "告知书", "a.pdf", "ab" * 32, "[]")
    register.add_award(firm.id, "ss", "ss.2.1", 100, clock.at.date())
    return place


def again(folder: Path, clock: Clock) -> Register:
    return Register.open(folder, clerk_no="01", password=PASSWORD, now=clock)


def test_the_rehearsal_says_what_would_be_lost_and_changes_nothing(register: Register, backed_up: Path) -> None:
    before = register.audit_rows(1)[0].id
    said = register.rehearse(backed_up)
    assert said.faults == () and said.same_key and said.follows
    assert [(line.number, line.who, line.edits) for line in said.lost] == [("PG-03-20260303-0001", "示例＊＊公司", 1)]
    assert [(line.number, line.edits) for line in said.changed] == [("PG-03-20260302-0001", 1)]
    assert [(line.serial, line.kind, line.day) for line in said.lost_papers] == [
        ("PG-03-20260303-0001-01", "告知书", "2026-03-03")
    ]
    assert (said.lost_applicants, said.lost_awards, said.back) == (0, 1, ())
    assert register.audit_rows(1)[0].id == before
    assert not (register.folder / moving.STAGE).exists()
    assert register.rehearse(register.backup(backed_up.parent / "新")).loses_nothing


def test_a_restore_keeps_the_register_of_before_and_can_be_taken_back(
    register: Register, backed_up: Path, clock: Clock
) -> None:
    folder = register.folder
    trail = register.audit_rows(1)[0].id
    kept = register.restore(backed_up)
    restored = again(folder, clock)
    assert [case.number for case in restored.recent()] == ["PG-03-20260302-0001"]
    assert restored.answers(1) == {"投资额": "600万元"}
    assert restored.check() == []
    told = next(row for row in restored.audit_rows() if row.event == events.RESTORED)
    assert backed_up.name in told.detail and f"恢复前审计至第 {trail} 条" in told.detail and kept.name in told.detail
    said = restored.rehearse(kept)
    assert [line.number for line in said.back] == ["PG-03-20260303-0001"] and not said.follows
    clock.forward(minutes=1)
    restored.restore(kept)
    back = again(folder, clock)
    assert len(back.recent()) == 2 and back.answers(1) == {"投资额": "700万元"}
    assert back.check() == []
    assert len(backups_in(folder)) == 2, "each register of before is kept"
    back.close()


def test_today_s_passwords_go_on_holding(register: Register, backed_up: Path, clock: Clock) -> None:
    register.change_password(PASSWORD, "Anders-Sample-9")
    folder = register.folder
    register.restore(backed_up)
    with pytest.raises(errors.WrongPassword):
        again(folder, clock)
    Register.open(folder, clerk_no="01", password="Anders-Sample-9", now=clock).close()  # noqa: S106


def test_power_lost_at_any_step_leaves_the_old_one_or_the_new_one(
    register: Register, backed_up: Path, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    register.close()
    old, new = {"投资额": "700万元"}, {"投资额": "600万元"}
    steps = ("replace", "rename", "fsync", "unlink", "mkdir", "rmdir", "open")
    seen: list[dict[str, str]] = []
    for cut in range(400):
        folder = tmp_path / f"断电{cut}"
        shutil.copytree(register.folder, folder)
        at_work = again(folder, clock)
        left = cut

        def step(real: Any) -> Any:
            def counted(*given: Any, **named: Any) -> Any:
                nonlocal left
                left -= 1
                if left < 0:
                    raise PowerCutError
                return real(*given, **named)

            return counted

        with monkeypatch.context() as patch:
            for name in steps:
                patch.setattr(os, name, step(getattr(os, name)))
            try:
                at_work.restore(backed_up)
                over = True
            except PowerCutError:
                over = False
        at_work._db.close()
        whole = again(folder, clock)
        seen.append(whole.answers(1))
        assert seen[-1] in (old, new), f"cut at step {cut}"
        assert whole.check() == []
        assert len(whole.recent()) == (2 if seen[-1] == old else 1)
        whole.close()
        if seen[-1] == new:
            (kept,) = [one for one in backups_in(folder) if one.name.startswith("恢复前-")]
            before = again(kept.folder, clock)
            assert before.answers(1) == old and before.check() == []
            before.close()
        assert not (folder / moving.MARK).exists()
        shutil.rmtree(folder)
        if over:
            break
    assert over and seen[-1] == new and seen[0] == old
    turn = seen.index(new)
    assert seen == [old] * turn + [new] * (len(seen) - turn), "one point of no return"
    assert turn > 5 and len(seen) - turn > 5, "it was cut on both sides of it"


def test_another_window_that_has_it_open_is_told_of_and_nothing_changes(
    register: Register, backed_up: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pinggu_desk.register.database._WAIT_MS", 50)
    other = again(register.folder, clock)
    with pytest.raises(errors.RegisterBusy, match="还开在别的窗口"):
        register.restore(backed_up)
    other.set_answer(1, "投资额", "800万元")
    assert register.answers(1) == {"投资额": "800万元"}
    other.close()
    assert register.check() == []


@pytest.mark.parametrize("harm", ["bit", "older", "note"])
def test_a_backup_that_is_not_what_was_checked_is_refused(
    register: Register, backed_up: Path, clock: Clock, harm: str
) -> None:
    newer = register.backup(backed_up.parent / "新")
    if harm == "bit":
        data = bytearray((newer / "register.db").read_bytes())
        data[-2000] ^= 4
        (newer / "register.db").write_bytes(data)
    elif harm == "older":
        shutil.copyfile(backed_up / "register.db", newer / "register.db")
    else:
        text = (newer / NOTE).read_text(encoding="utf-8")
        (newer / NOTE).write_text(text.replace("2026-03-03", "2026-03-09"), encoding="utf-8")
    with pytest.raises((errors.BackupFailed, errors.RegisterDamaged)):
        register.restore(newer)
    register.set_answer(1, "备注", "接着办")
    assert register.check() == []
    register.close()
    again(register.folder, clock).close()


def test_a_new_machine_begins_from_a_backup(backed_up: Path, tmp_path: Path, clock: Clock) -> None:
    there = tmp_path / "另一台" / "register"
    assert clerks_in(backed_up.parent) == (("01", "示例经办"),)
    with pytest.raises(errors.WrongPassword):
        establish(there, backed_up.parent, clerk_no="01", password="Wrong-2024", now=clock)  # noqa: S106
    assert not Register.exists(there)
    establish(there, backed_up.parent, clerk_no="01", password=PASSWORD, now=clock)
    moved = again(there, clock)
    assert moved.answers(1) == {"投资额": "600万元"} and moved.check() == []
    assert any(row.event == events.RESTORED and "从备份建立" in row.detail for row in moved.audit_rows())
    moved.close()
    with pytest.raises(errors.RegisterExists, match="已有登记库"):
        establish(there, backed_up.parent, clerk_no="01", password=PASSWORD, now=clock)


def test_names_are_told_so_that_only_who_knows_them_knows_them() -> None:
    assert masked_name("示例果业有限公司", "企业") == "示例＊＊公司"
    assert masked_name("示例人", "个人") == "示＊＊"
    assert masked_name("", "") == "尚未登记申请人"


def test_a_backup_of_another_office_is_refused_though_number_and_password_are_the_same(
    register: Register, tmp_path: Path, clock: Clock
) -> None:
    """The rehearsal would even have said that nothing is lost: both begin to count at one."""
    other, _ = Register.create(tmp_path / "别处", clerk_no="01", clerk_name="示例乙", password=PASSWORD, now=clock)
    for one in (register, other):
        one.add_applicant("企业", "示例公司")
    place = other.backup(tmp_path / "备份")
    other.close()
    for step in (register.rehearse, register.restore):
        with pytest.raises(errors.BackupFailed, match="属于另一个登记库"):
            step(place, PASSWORD)
    assert [one.name for one in register.search("示例")] == ["示例公司"]


def test_only_who_is_in_charge_restores_or_moves(
    register: Register, backed_up: Path, clock: Clock, tmp_path: Path
) -> None:
    register.add_clerk("02", "示例同事", "Kollege-Sample-7")
    place = register.backup(tmp_path / "新")
    colleague = Register.open(register.folder, clerk_no="02", password="Kollege-Sample-7", now=clock)  # noqa: S106
    for act in (colleague.rehearse, colleague.restore):
        with pytest.raises(errors.NotAllowed, match="恢复备份”由负责人办理"):
            act(backed_up)
    colleague.close()
    there = tmp_path / "另一台"
    with pytest.raises(errors.NotAllowed):
        establish(there, place, clerk_no="02", password="Kollege-Sample-7", now=clock)  # noqa: S106
    assert not Register.exists(there)


def test_of_several_backups_the_last_one_is_taken_whatever_the_clock_said(
    register: Register, clock: Clock, tmp_path: Path
) -> None:
    """A machine whose clock ran ahead for a day made the one that looks newest for years: a new machine must not begin from it."""
    place = tmp_path / "盘"
    clock.at = datetime.now().replace(microsecond=0) - timedelta(days=9)
    register.backup(place)
    clock.forward(days=1500)
    ahead = register.backup(place)
    assert backup_of(place).folder == ahead, "made last: its trail goes further"
    clock.at = datetime.now().replace(microsecond=0) - timedelta(days=3)
    register.open_case("ss", "v")
    last = register.backup(place)
    assert backup_of(place).folder == last and backup_of(ahead).folder == ahead
    assert chosen_words(place).startswith(f"将用其中最近的一份：{last.name}　") and "选它自己的文件夹" in chosen_words(
        place
    )
