"""The trail's head is kept where the file can't reach it: a tail cut off and a file put back from yesterday are noticed (FOUND 61)."""

from __future__ import annotations

import shutil
from functools import partial
from pathlib import Path

import pytest

from pinggu_desk.places import data_home
from pinggu_desk.register import Register, errors, events
from pinggu_desk.register.anchor import read_printed
from pinggu_desk.register.engines import server as settings
from pinggu_desk.register.engines.postgresql import ServerDatabase, connect
from pinggu_desk.register.engines.prepare import prepare
from pinggu_desk.register.engines.restoration import establish_onto
from pinggu_desk.register.engines.server import Server
from pinggu_desk.register.restoring import establish

from .conftest import PASSWORD, Clock
from .postgres import Server as RealServer
from .postgres import owner_of
from .tampering import cut_tail, rewrite_entry


def again(folder: Path, clock: Clock) -> Register:
    return Register.open(folder, clerk_no="01", password=PASSWORD, now=clock)


def day(folder: Path, clock: Clock) -> None:
    """A day's work: logged in, something done, logged out."""
    clock.forward(days=1)
    register = again(folder, clock)
    register.add_applicant("企业", f"示例{clock.at:%d}日公司")
    register.close()


def test_a_day_after_a_day_is_no_alarm(register: Register, folder: Path, clock: Clock) -> None:
    register.close()
    for _ in range(4):
        day(folder, clock)
    last = again(folder, clock)
    assert last.warnings == () and last.verify().sound
    assert [row.event for row in last.audit_rows()].count(events.ANCHOR_BEGUN) == 1
    last.close()


def test_yesterday_s_file_put_back_is_told_at_the_opening(
    register: Register, folder: Path, tmp_path: Path, clock: Clock
) -> None:
    register.close()
    day(folder, clock)
    shutil.copytree(folder, tmp_path / "昨天")
    day(folder, clock)
    shutil.rmtree(folder)
    shutil.copytree(tmp_path / "昨天", folder)
    back = again(folder, clock)
    (sentence,) = back.warnings
    assert "登记库比本机留存的校验旧" in sentence and "请找回最新的登记库" in sentence
    assert [row.event for row in back.audit_rows(4)] == [
        events.LOGGED_IN, events.ANCHOR_BROKEN, events.NUMBERS_PASSED, events.LOGGED_OUT,
    ]  # fmt: skip
    assert back.verify().faults, "and it is told whenever somebody asks"
    back.close()
    still = again(folder, clock)
    assert still.warnings, "it does not pass by itself"
    still.accept_head()
    assert still.warnings == () and still.verify().sound
    still.close()
    good = again(folder, clock)
    assert good.warnings == () and good.verify().sound
    good.close()


def test_a_tail_cut_off_with_its_end_mended_is_told(register: Register, folder: Path, clock: Clock) -> None:
    """By somebody who has the key: the rows go, and what says how far the trail goes is made again."""
    register.close()
    day(folder, clock)
    thief = again(folder, clock)
    thief._at_work = False
    cut_tail(thief._db, 2)
    thief.close()
    found = again(folder, clock)
    assert found.warnings
    found.close()


def test_a_trail_written_anew_from_its_first_entry_is_named(register: Register, folder: Path, clock: Clock) -> None:
    """By somebody who has the key and knows how: everything fits again but what stands elsewhere."""
    register.close()
    day(folder, clock)
    printed = again(folder, clock)
    code = printed.anchor().code
    printed.close()
    rewritten = again(folder, clock)
    rewrite_entry(rewritten._db, 4, clerk_no="99")
    rewritten._at_work = False
    rewritten.close()
    found = again(folder, clock)
    assert "与本机留存的校验不符" in found.warnings[0]
    fault = found.verify([read_printed(code)]).faults[0]
    assert (fault.number, "重写" in fault.what) == (4, True), (
        "the machine keeps each day's: the first that is not so is named"
    )
    found.close()


def test_what_is_printed_holds_for_ever_and_a_slip_of_the_pen_is_told(register: Register) -> None:
    head = register.anchor()
    register.record_event(events.PAPER_PRINTED, "PG-03-20260302-0001-01", "告知书")
    assert register.verify([read_printed(f" 登记库校验：{head.code.lower().replace('-', ' - ')} ")]).sound
    wrong = read_printed(head.code[:-1] + ("A" if head.code[-1] != "A" else "B"))
    assert not register.verify([wrong]).sound
    later = read_printed(f"999-{head.code.partition('-')[2]}")
    assert "没有这一条" in register.verify([later]).faults[0].what
    for nonsense in ("", "120", "120-ABC", "120-ABCD-EFGH-IJK1", "abc-ABCD-EFGH-IJKL"):
        with pytest.raises(errors.InvalidEntry, match="照纸上抄写"):
            read_printed(nonsense)


def test_the_kept_file_itself_altered_or_taken_away_is_told(register: Register, folder: Path, clock: Clock) -> None:
    register.close()
    (kept,) = (data_home() / "anchors").iterdir()
    content = kept.read_text()
    kept.write_text(content.replace('"closed": true', '"closed": false'))
    altered = again(folder, clock)
    assert "被改动过" in altered.warnings[0]
    altered.close()
    kept.unlink()
    gone = again(folder, clock)
    assert "不见了" in gone.warnings[0]
    gone.accept_head()
    gone.close()
    assert again(folder, clock).warnings == ()


def test_a_copy_opened_elsewhere_and_a_backup_put_back_on_purpose_are_no_alarm(
    register: Register, folder: Path, tmp_path: Path, clock: Clock
) -> None:
    place = register.backup(tmp_path / "备份")
    register.close()
    day(folder, clock)
    shutil.copytree(place, tmp_path / "别处")
    elsewhere = again(tmp_path / "别处", clock)
    assert elsewhere.warnings == () and elsewhere.verify().sound
    elsewhere.close()
    working = again(folder, clock)
    working.restore(place)
    working.close()
    restored = again(folder, clock)
    assert restored.warnings == ()
    restored.close()


class Account:
    """Another person's account on the same machine, who uses the same register: what it keeps is its own."""

    def __init__(self, folder: Path, clock: Clock, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._folder, self._clock, self._home, self._patch = folder, clock, home, monkeypatch

    def opened(self) -> Register:
        with self._patch.context() as patch:
            patch.setenv("PINGGU_DESK_HOME", str(self._home))
            return again(self._folder, self._clock)

    def works(self) -> None:
        """A day's work in it."""
        register = self.opened()
        with self._patch.context() as patch:
            patch.setenv("PINGGU_DESK_HOME", str(self._home))
            register.open_case("ss", "1")
            register.close()


@pytest.fixture
def colleague(folder: Path, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Account:
    return Account(folder, clock, tmp_path / "另一账户", monkeypatch)


@pytest.mark.parametrize("hours", [1, -30], ids=["", "the clock was set back meanwhile"])
def test_a_backup_put_back_on_purpose_is_no_alarm_for_a_colleague_s_account_either(
    register: Register, folder: Path, tmp_path: Path, clock: Clock, colleague: Account, hours: int
) -> None:
    """It kept an entry that came after the backup, and not the last one of what was replaced."""
    colleague.works()
    clock.forward(hours=1)
    backup = register.backup(tmp_path / "备份")
    clock.forward(hours=1)
    colleague.works()
    clock.forward(hours=hours)
    register.open_case("ss", "1")
    register.restore(backup)
    clock.forward(hours=1)
    day(folder, clock)
    other = colleague.opened()
    assert other.warnings == () and other.verify().sound
    other.close()


def test_a_backup_of_a_line_that_was_left_before_is_no_alarm_either(
    register: Register, folder: Path, tmp_path: Path, clock: Clock, colleague: Account
) -> None:
    """Restored to an early backup, worked on, and then restored to a later one of before: what both have in common is little."""
    early = register.backup(tmp_path / "早")
    for _ in range(12):
        register.open_case("ss", "1")
    clock.forward(hours=1)
    late = register.backup(tmp_path / "晚")
    register.restore(early)
    colleague.works()
    second = again(folder, clock)
    for _ in range(3):
        second.open_case("ss", "1")
    second.restore(late)
    other = colleague.opened()
    assert other.warnings == () and other.verify().sound
    other.close()


@pytest.mark.parametrize("hours", [1, -30], ids=["", "the clock was set back meanwhile"])
def test_what_was_replaced_on_purpose_excuses_nothing_that_came_after_it(
    register: Register, folder: Path, tmp_path: Path, clock: Clock, colleague: Account, hours: int
) -> None:
    """The account has seen the register since; then somebody puts the file back that was there right after the restore."""
    backup = register.backup(tmp_path / "备份")
    for _ in range(12):  # the new line comes nowhere near to where the old one ended
        register.open_case("ss", "1")
    clock.forward(hours=1)
    colleague.works()
    register.restore(backup)
    again(folder, clock).close()
    shutil.copytree(folder, tmp_path / "恢复后")
    clock.forward(hours=hours)
    colleague.works()
    shutil.rmtree(folder)
    shutil.copytree(tmp_path / "恢复后", folder)
    other = colleague.opened()
    assert "登记库比本机留存的校验旧" in other.warnings[0]
    other.close()


@pytest.mark.parametrize("lost", ["the whole folder", "the database alone"])
def test_what_is_set_up_from_a_backup_where_it_lay_is_no_alarm_and_what_is_put_back_after_it_is(
    register: Register, folder: Path, tmp_path: Path, clock: Clock, lost: str
) -> None:
    """The machine keeps a later head of the register that is lost; the office's own door knows of it."""
    place = register.backup(tmp_path / "备份")
    register.close()
    day(folder, clock)
    if lost == "the whole folder":
        shutil.rmtree(folder)
    else:
        (folder / "register.db").unlink()
    establish(folder, place, clerk_no="01", password=PASSWORD, now=clock)
    made = again(folder, clock)
    assert made.warnings == () and made.verify().sound
    assert "恢复前审计至第" in next(row.detail for row in made.audit_rows() if row.event == events.RESTORED)
    made.close()
    day(folder, clock)
    last = again(folder, clock)
    assert last.warnings == () and last.verify().sound
    last.close()
    shutil.rmtree(folder)
    shutil.copytree(place, folder)  # past the door
    back = again(folder, clock)
    assert "登记库比本机留存的校验旧" in back.warnings[0]
    back.close()


def test_one_that_was_set_up_elsewhere_and_is_put_here_is_an_alarm(
    register: Register, folder: Path, tmp_path: Path, clock: Clock
) -> None:
    place = register.backup(tmp_path / "备份")
    register.close()
    day(folder, clock)
    establish(tmp_path / "别处", place, clerk_no="01", password=PASSWORD, now=clock)
    shutil.rmtree(folder)
    shutil.copytree(tmp_path / "别处", folder)
    back = again(folder, clock)
    assert back.warnings != ()
    back.close()


def test_each_window_of_a_server_that_was_set_up_anew_goes_on_without_alarm(
    shared: Register, folder: Path, office: Server, postgres_server: RealServer, tmp_path: Path, clock: Clock,
    monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest,
) -> None:  # fmt: skip
    """Each machine kept a head of the server that is lost; what is put back later is told all the same."""
    place = shared.backup(tmp_path / "盘")
    shared.close()
    folders = {"甲": folder, "乙": tmp_path / "乙机"}
    folders["乙"].mkdir()
    settings.write(folders["乙"], office)
    for name, where in folders.items():
        monkeypatch.setenv("PINGGU_DESK_HOME", str(tmp_path / name))
        day(where, clock)
        day(where, clock)
    new = postgres_server.fresh()
    request.addfinalizer(partial(postgres_server.drop, new))
    server = prepare(owner_of(new))
    clock.forward(hours=1)
    monkeypatch.setenv("PINGGU_DESK_HOME", str(tmp_path / "甲"))
    establish_onto(folder, place, server, clerk_no="01", password=PASSWORD, now=clock)
    settings.write(folders["乙"], server)
    clock.forward(hours=1)
    for name, where in folders.items():
        monkeypatch.setenv("PINGGU_DESK_HOME", str(tmp_path / name))
        window = again(where, clock)
        assert window.warnings == () and window.verify().sound, name
        window.close()
        day(where, clock)
    thief = again(folders["乙"], clock)
    thief._at_work = False
    owner = ServerDatabase(owner_of(postgres_server.where(new.database)), thief._key, folder)
    cut_tail(owner, 5)
    owner.close()
    thief.close()
    window = again(folders["乙"], clock)
    assert "登记库比本机留存的校验旧" in window.warnings[0]
    window.close()


def test_a_disk_that_refuses_the_kept_file_stops_no_work(
    register: Register,
) -> None:
    shutil.rmtree(data_home() / "anchors")
    (data_home() / "anchors").write_text("这不是文件夹")
    register.add_applicant("企业", "示例公司")
    register.keep_head()
    register.close()


def test_practice_keeps_nothing(tmp_path: Path, clock: Clock) -> None:
    made, _ = Register.create(
        tmp_path / "演练", clerk_no="01", clerk_name="示例", password=PASSWORD, practice=True, now=clock
    )
    made.close()
    assert not (data_home() / "anchors").exists()


def test_windows_that_come_and_go_beside_each_other_are_no_alarm(
    register: Register, folder: Path, clock: Clock
) -> None:
    """What one does after the other has logged out is no tampering: the register was not closed between."""
    case = register.open_case("ss", "1")
    other = again(folder, clock)
    other.close()
    register.set_answer(case.id, "投资额", "600万元")
    third = again(folder, clock)
    assert third.warnings == () and third.verify().sound
    third.close()
    register._at_work = False  # the power goes
    register.close()
    assert again(folder, clock).warnings == ()


def test_a_window_whose_end_the_disk_refused_is_no_alarm_though_another_left_in_order_before(
    register: Register, folder: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = register.open_case("ss", "1")
    other = again(folder, clock)
    other.close()
    register.set_answer(case.id, "拟上市挂牌", "是")  # after the last entry, which is the other one's end

    def refuse(*_: object) -> None:
        raise errors.DiskFull("磁盘空间不足。")

    with monkeypatch.context() as refusing:
        refusing.setattr(register, "record_event", refuse)
        register.close()
    later = again(folder, clock)
    assert (later.warnings, later.check()) == ((), [])
    later.close()


def test_on_a_server_windows_are_no_alarm_and_a_row_taken_out_is_told(
    shared: Register, folder: Path, office: Server, clock: Clock
) -> None:
    firm = shared.add_applicant("企业", "示例公司")
    case = shared.open_case("ss", "1", applicant_id=firm.id)
    shared.add_award(firm.id, "ss", "ss.2.1", 100, case.on)
    other = again(folder, clock)
    other.close()
    shared.set_answer(case.id, "投资额", "600万元")
    third = again(folder, clock)
    assert third.warnings == () and third.verify().sound
    with connect(office) as connection:
        connection.execute("DELETE FROM awards")
    assert any("已享受支持“1”不见了" in fault.what for fault in third.verify().faults)
    third.close()
