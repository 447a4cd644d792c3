"""The desk backs up by itself and onto a stick, restores after a rehearsal, and begins on a new machine from a backup."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from pinggu_desk.desk import keeper as keeper_module
from pinggu_desk.desk import practice
from pinggu_desk.desk.establish import EstablishForm
from pinggu_desk.desk.keeper import Keeper
from pinggu_desk.desk.kit import SecondaryButton
from pinggu_desk.desk.login import LoginForm
from pinggu_desk.desk.pages.applicant_view import ApplicantView
from pinggu_desk.desk.pages.home import HomePage
from pinggu_desk.desk.pages.settings import SettingsPage
from pinggu_desk.desk.verifying import verify
from pinggu_desk.register import Register, events, volumes
from pinggu_desk.register.backupnotes import backups_in
from pinggu_desk.register.backupplan import STICK_FOLDER, PlanFile, mark_stick, stick_register
from pinggu_desk.register.checking import LookedOver
from pinggu_desk.register.engines import server as settings
from pinggu_desk.register.engines.prepare import prepare
from pinggu_desk.register.entrance import register_id
from pinggu_desk.register.records import AuditRow
from pinggu_desk.register.trailcheck import Fault
from pinggu_desk.register.watch import Verification
from pinggu_desk.work.trail import verify_register
from tests.register.postgres import Server, owner_of

from .conftest import Desk, within

ENTER = Qt.Key.Key_Return


def press(page: QWidget, text: str) -> None:
    button = next(b for b in within(page, QPushButton) if b.text().split("　")[0].startswith(text))
    button.click()


@pytest.fixture
def office(make_desk: Callable[..., Desk], practice_folder: Path, tmp_path: Path) -> Desk:
    """A desk at work (what is said of practice plays no part), logged in."""
    folder = tmp_path / "register"
    shutil.copytree(practice_folder, folder)
    opened = make_desk(folder, in_practice=False)
    opened.log_in()
    return opened


def keeper_of(desk: Desk) -> Keeper:
    keeper = desk.services.keeper
    assert isinstance(keeper, Keeper)
    return keeper


def rest(desk: Desk) -> None:
    """Until what runs behind has ended and was told."""
    keeper = keeper_of(desk)
    while keeper.busy:
        desk.settle()
        thread = keeper._thread
        if thread is not None and thread.is_alive():
            thread.join(30)
        QCoreApplication.sendPostedEvents(keeper, QEvent.Type.MetaCall.value)
    desk.settle()


def test_it_backs_up_by_itself_once_nobody_is_at_the_desk(office: Desk, tmp_path: Path) -> None:
    keeper, place = keeper_of(office), tmp_path / "备份"
    place.mkdir()
    file = PlanFile(office.services.folder)
    file.change(place=str(place), at=time(23, 59))
    keeper.look()
    rest(office)
    assert len(backups_in(place)) == 1, "no backup at all yet: made good at once"
    keeper.look()
    rest(office)
    made = file.read().done
    assert made is not None and len(backups_in(place)) == 1
    assert "备份" in [row.event for row in reading(office)]
    keeper.now = lambda: made.at + timedelta(days=3)
    assert keeper.notice() == ""
    keeper.now = lambda: made.at + timedelta(days=8)
    office.frame.open_place("受理")
    home = office.frame.current()
    assert isinstance(home, HomePage) and home.notice.text().startswith("最近一次备份是 8 天前")


def test_what_was_given_up_tells_nobody_and_nobody_waits_for_its_end(office: Desk) -> None:
    """Page seals of a register of gigabytes are read in one go that nothing breaks off: the next clerk's own look goes on beside it."""
    keeper, gate, began, told = keeper_of(office), threading.Event(), threading.Event(), list[object]()

    def work(_source: object, _breathe: object) -> str:
        began.set()
        gate.wait(60)
        return "of the clerk before"

    assert keeper._start(work, told.append, told.append)
    office.settle()
    assert began.wait(60)
    office.services.stop_work()
    assert not keeper.busy
    keeper.begin()
    keeper.check()
    rest(office)
    assert not keeper.busy and keeper.notice() == "" and not gate.is_set()
    gate.set()
    keeper.wait_out()
    office.settle()
    assert told == [] and not keeper.busy


def test_nobody_who_types_waits_for_a_verification(office: Desk) -> None:
    """An office's whole register takes minutes: a case that is opened meanwhile is read at once."""
    gate, done, read = threading.Event(), list[Verification](), list[object]()
    keeper, services = keeper_of(office), office.services
    keeper.check()  # what goes on by itself gives way to what somebody asked for

    def told(_what: str) -> None:
        gate.wait(60)

    verify(services, (), told, done.append, read.append)
    office.settle()
    services.operations.run(lambda register: register.recent(), read.append)
    office.settle()
    assert len(read) == 1 and done == []
    gate.set()
    rest(office)
    office.settle()
    assert done[0].sound and done[0].looked["审计记录"] > 1 and not keeper.busy
    assert "核验登记库" in [row.event for row in reading(office)]


def test_the_lock_leaves_no_look_with_a_key_open_and_it_is_looked_over_after(
    office: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    keeper, began, looks = keeper_of(office), threading.Event(), list[str]()

    def over(_source: object, breathe: Callable[[], None], _tell: object = None) -> LookedOver:
        looks.append("begun")
        began.set()
        while len(looks) == 1:
            breathe()  # ends by itself once it is given up
        return {}, []

    monkeypatch.setattr(keeper_module, "_looked_over", over)
    keeper.check()
    office.settle()
    assert began.wait(60)
    office.window.lock_now()
    keeper.wait_out()
    assert "keeper" not in [thread.name for thread in threading.enumerate()]
    assert not keeper.busy and keeper._check_later.interval() == keeper_module.CHECK_AFTER_MS


def test_what_was_given_up_before_it_began_does_not_begin(office: Desk) -> None:
    keeper, told = keeper_of(office), list[object]()
    assert keeper._start(lambda _source, _breathe: told.append("begun"), told.append, told.append)
    keeper.stop()
    keeper.begin()
    office.settle()
    rest(office)
    assert told == [] and not keeper.busy


def reading(desk: Desk) -> list[AuditRow]:
    found: list[list[AuditRow]] = []
    desk.services.operations.run(lambda register: register.audit_rows(5), found.append)
    desk.settle()
    return found[0]


def test_a_failed_one_is_told_and_a_stick_is_recognised(
    office: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keeper, folder = keeper_of(office), office.services.folder
    told: list[str] = []
    keeper.told.connect(told.append)
    (tmp_path / "不是文件夹").write_text("")
    keeper.back_up(tmp_path / "不是文件夹", "收工")
    rest(office)
    assert told and "自动备份没有做成" in told[-1] and "写不进去" in told[-1]
    assert "写不进去" in PlanFile(folder).read().failed
    stick, other = tmp_path / "盘", tmp_path / "别的盘"
    for root in (stick, other):
        root.mkdir()
    mark_stick(stick, register_id(folder))
    mark_stick(other, "another")
    monkeypatch.setattr(volumes, "plugged_in", lambda: [other, stick])
    done: list[str] = []
    keeper.backed_up.connect(done.append)
    keeper.look()
    rest(office)
    assert len(backups_in(stick / STICK_FOLDER)) == 1 and not (other / STICK_FOLDER).exists()
    assert "可以拔出" in done[0]
    keeper.look()
    rest(office)
    assert len(backups_in(stick / STICK_FOLDER)) == 1, "once a day"


def test_a_stick_is_recognised_where_the_register_lies_on_a_server_too(
    server: Server, make_desk: Callable[..., Desk], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The slots lie on the server, not in the folder: whose stick it is must be asked there."""
    folder, stick = tmp_path / "register", tmp_path / "盘"
    for made in (folder, stick):
        made.mkdir()
    settings.write(folder, prepare(owner_of(server.fresh())))
    Register.create(folder, clerk_no=practice.CLERK_NO, clerk_name="示例经办", password=practice.PASSWORD)[0].close()
    monkeypatch.setattr(volumes, "plugged_in", lambda: [stick])
    desk = make_desk(folder, in_practice=False)
    desk.log_in()
    desk.alt(8)
    page = desk.frame.current()
    assert isinstance(page, SettingsPage)
    page.backups.place.set_text(str(stick))
    press(page, "设为备份盘")
    desk.settle()
    assert "已设为备份盘" in page.backups.answer.text()
    keeper_of(desk).look()
    rest(desk)
    (backup,) = backups_in(stick / STICK_FOLDER)
    assert backup.register == stick_register(stick) != ""
    restores = page.restores
    restores.rehearse(backup.folder)
    desk.settle()
    told = "".join(label.text() for label in within(page, QLabel) if label.isVisible())
    assert "只能恢复到另一个准备好的空库" in told and "移到旁边" not in told
    assert restores.sure.isHidden() and restores.go.isHidden(), "nothing is offered that is refused"


def test_the_check_behind_tells_only_what_is_wrong_and_the_clerk_goes_on(office: Desk) -> None:
    """FOUND 61."""
    keeper = keeper_of(office)
    told: list[str] = []
    keeper.told.connect(told.append)
    keeper.check()
    rest(office)
    assert told == [] and keeper.notice() == ""
    office.services.operations.run(lambda register: tamper(register))
    office.settle()
    keeper.check()
    rest(office)
    assert "核验发现" in told[-1] and "请告诉负责人" in keeper.notice()


def tamper(register: Register) -> None:
    with register._db.transaction():
        register._db.run("UPDATE applicants SET phone = '1' WHERE id = 1")


def test_restored_after_a_rehearsal_and_back_at_the_door(office: Desk, tmp_path: Path) -> None:
    place = tmp_path / "U盘"
    place.mkdir()
    office.services.operations.run(lambda register: register.backup(place))
    office.services.operations.run(lambda register: register.open_case("ss", "1"))
    office.settle()
    office.alt(8)
    page = office.frame.current()
    assert isinstance(page, SettingsPage)
    page.backups.place.set_text(str(place))
    page.restores.list_backups()
    office.settle()
    press(page.restores.rows.rows()[0], "预演")
    office.settle()
    shown = [page.restores.lines.itemAt(n).widget() for n in range(page.restores.lines.count())]
    lines = [line.text() for line in shown if isinstance(line, QLabel)]
    assert any(line.startswith("会失去的办件：") for line in lines)
    assert not page.restores.go.isEnabled()
    page.restores.sure.click()
    page.restores.go.click()
    office.settle()
    form = office.window.door.currentWidget()
    assert isinstance(form, LoginForm) and "已从备份恢复" in form.banner.text()
    assert office.window.stack.currentWidget() is office.window.door
    office.log_in()
    assert office.frame.isVisible()


def test_a_new_machine_begins_from_a_backup(new_desk: Desk, practice_folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "原来的"
    shutil.copytree(practice_folder, other)
    register = Register.open(other, clerk_no=practice.CLERK_NO, password=practice.PASSWORD)
    no = register.clerk.no
    register.backup(tmp_path / "U盘")
    register.close()
    door = new_desk.window.door
    next(b for b in within(door, SecondaryButton) if b.text() == "从备份建立").click()
    new_desk.settle()
    form = door.currentWidget()
    assert isinstance(form, EstablishForm)
    form.place.set_text(str(tmp_path / "空"))
    form.no.set_text(no)
    form.password.set_text("Wrong-2024")
    form.submit()
    new_desk.settle()
    assert "没有登记库备份" in form.banner.text()
    form.place.set_text("")
    form.place.focus_input()
    new_desk.type(str(tmp_path / "U盘"))
    new_desk.key(ENTER)
    (made,) = backups_in(tmp_path / "U盘")
    assert form.chosen.text().startswith(f"将用：{made.name}　{made.at:%Y-%m-%d %H:%M}，")
    assert "备份以后办的不在里面" in form.chosen.text()
    form.password.set_text(practice.PASSWORD)
    form.submit()
    new_desk.settle()
    assert new_desk.frame.isVisible() and Register.exists(new_desk.services.folder)


def test_what_is_past_its_term_is_listed_agreed_to_and_gone(office: Desk) -> None:
    office.alt(8)
    page = office.frame.current()
    assert isinstance(page, SettingsPage) and not page.retention.card.isHidden()
    office.services.operations.run(make_old)
    page.retention.read()
    office.settle()
    assert "1 项到期" in page.retention.answer.text() and not page.retention.go.isEnabled()
    shown = page.retention.rows.itemAt(0).widget()
    assert isinstance(shown, QLabel) and "已享受支持" in shown.text()
    page.retention.sure.click()
    page.retention.go.click()
    office.settle()
    assert "已彻底清除：已享受支持 1" in page.retention.answer.text()
    page.retention.old.click()
    office.settle()
    assert "没有找到清除以前的旧备份" in page.retention.answer.text()
    page.retention.read()
    office.settle()
    assert "没有到期的资料" in page.retention.answer.text()


def test_old_backups_are_removed_on_another_day_too(office: Desk, tmp_path: Path) -> None:
    """The stick with an old backup is plugged in a week after what is on it was to be gone."""
    office.services.operations.run(lambda register: forgotten_a_week_ago(register, tmp_path / "盘"))
    office.settle()
    PlanFile(office.services.folder).change(place=str(tmp_path / "盘"))
    office.alt(8)
    page = office.frame.current()
    assert isinstance(page, SettingsPage)
    card = page.retention
    assert card.old.isHidden()
    card.read()
    office.settle()
    assert "没有到期的资料" in card.answer.text() and "清除过到期资料" in card.answer.text() and card.old.isVisible()
    card.old.click()
    office.settle()
    assert "已删去 1 份旧备份" in card.answer.text() and len(list((tmp_path / "盘").iterdir())) == 1


def forgotten_a_week_ago(register: Register, place: Path) -> None:
    now = datetime.now()
    register._now = lambda: now - timedelta(days=8)
    make_old(register)
    register.backup(place)
    register._now = lambda: now - timedelta(days=7)
    register.forget(register.past_term())
    register._now = datetime.now
    register.backup(place)


def test_a_clock_that_ran_ahead_is_said_and_the_day_is_agreed_to_apart(office: Desk) -> None:
    office.alt(8)
    page = office.frame.current()
    assert isinstance(page, SettingsPage)
    card = page.retention
    office.services.operations.run(make_old)
    office.services.operations.run(years_ahead)
    card.read()
    office.settle()
    assert "电脑上的日期是 2090-01-02" in card.doubted.text() and "没有人办理" in card.doubted.text()
    assert card.right_day.text() == "已对照日历，今天确是 2090年1月2日" and not card.right_day.isHidden()
    card.sure.click()
    assert not card.go.isEnabled(), "agreed to what is listed, not to the day"
    card.right_day.click()
    assert card.go.isEnabled()
    card.sure.click()
    assert not card.go.isEnabled()
    card.sure.click()
    card.go.click()
    office.settle()
    assert "已彻底清除" in card.answer.text() and card.doubted.isHidden() and card.right_day.isHidden()


def years_ahead(register: Register) -> None:
    register._now = lambda: datetime(2090, 1, 2, 9)


def make_old(register: Register) -> None:
    register.add_award(1, "ss", "ss.2.1", 100, date(1990, 1, 1))


def test_what_is_stored_of_an_applicant_is_shown_to_him(office: Desk) -> None:
    office.frame.open_applicant(1)
    office.settle()
    view = within(office.frame, ApplicantView)[0]
    next(b for b in within(view, SecondaryButton) if "查阅" in b.text()).click()
    office.settle()
    shown = view.own_file.shown
    assert shown is not None and "查阅单" in shown.draft.paper and shown.draft.data.startswith(b"%PDF")
    assert reading(office)[0].event == events.OWN_FILE
    shown.close()
    office.settle()


def test_the_check_among_the_settings_is_the_one_of_the_trail_s_page_and_of_the_command_line(
    office: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The head that this machine keeps elsewhere is looked at too: an older copy put back is not sound."""
    office.alt(8)
    page = office.frame.current()
    assert isinstance(page, SettingsPage)
    heard: list[Verification] = []
    office.services.operations.run(verify_register, heard.append)
    office.settle()
    page.backups._check()
    rest(office)
    assert heard[0].sound and "登记库校验" in page.backups.answer.text() and "核验了" in page.backups.answer.text()
    fault = Fault(what="登记库比本机留存的旧")
    monkeypatch.setattr(Register, "_machine_faults", lambda *_args, **_named: [fault])
    page.backups._check()
    rest(office)
    assert fault.what in page.backups.answer.text()


def test_how_many_backups_stay_is_set_on_the_page(office: Desk) -> None:
    office.alt(8)
    page = office.frame.current()
    assert isinstance(page, SettingsPage)
    card = page.backups
    office.settle()
    assert [field.text() for field in card.counts.values()] == ["7", "5", "12"]
    days = card.counts["days"]
    days.focus_input()
    office.settle()
    office.type("99")
    office.key(Qt.Key.Key_Return)
    office.key(Qt.Key.Key_Return)
    office.key(Qt.Key.Key_Return)
    assert days.error() == "应为 1 至 60 的整数天。" and days.has_focus()
    office.type("14")
    for _ in range(3):
        office.key(Qt.Key.Key_Return)
    assert "14 天、5 周、12 个月" in card.answer.text() and "14 天" in card.kept.text()


def test_what_is_altered_beside_an_open_window_is_told_over_every_page(office: Desk) -> None:
    """Issue 12: not only at the next login. Nobody types; the next look finds it, and the banner stays where the clerk goes."""
    keeper = keeper_of(office)

    def alter(register: Register) -> None:
        with register._db.transaction():
            register._db.run("UPDATE tallies SET count = count + 1 WHERE name = 'trusted_keys' OR name = 'meta'")

    keeper.look()
    rest(office)
    assert office.frame.alarm.isHidden()
    office.services.operations.run(alter)
    office.settle()
    later = keeper.now() + timedelta(minutes=2)
    keeper.now = lambda: later
    keeper.look()
    rest(office)
    assert not office.frame.alarm.isHidden()
    assert "校验和不符，有人绕过本程序改动过" in office.frame.alarm.accessibleName()
    office.alt(4)
    assert office.frame.alarm.isVisible()
