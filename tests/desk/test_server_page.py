"""登记库与服务器, by the keyboard alone against a real PostgreSQL: tried, moved onto, back again, and what could not be joined."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from pinggu_desk.desk.login import LoginForm
from pinggu_desk.desk.pages.server import Carrying, ServerPage
from pinggu_desk.desk.pages.settings import SettingsPage
from pinggu_desk.register import Register, machine
from pinggu_desk.register.engines import server as settings
from pinggu_desk.register.engines.prepare import prepare, trial
from tests.register.postgres import Server, owner_of

from .conftest import PATIENCE, Desk, within

ENTER = Qt.Key.Key_Return
PASSWORD = "Sample-2024"  # noqa: S105  of registers that live as long as a test


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "register"
    made, _ = Register.create(folder, clerk_no="1", clerk_name="示例负责人", password=PASSWORD, window="03")
    made.add_clerk("2", "示例经办", PASSWORD, "04")
    made.set_answer(made.open_case("ss", "v").id, "投资额", "700万元")
    made.close()
    return folder


def come_in(desk: Desk, no: int = 1) -> None:
    desk.settle()
    form = desk.window.door.currentWidget()
    assert isinstance(form, LoginForm)
    if not form.who.text():
        desk.key(Qt.Key(Qt.Key.Key_0 + no))
    form.password.focus_input()
    desk.type(PASSWORD)
    desk.key(ENTER)
    assert desk.services.clerk.no == str(no)


def pressed(desk: Desk, button: QWidget) -> None:
    assert button.isVisible() and button.isEnabled()
    button.setFocus()
    desk.key(ENTER if button.property("autoDefault") is not None else Qt.Key.Key_Space)


def page_of(desk: Desk) -> ServerPage:
    desk.alt(8)
    page = desk.frame.current()
    assert isinstance(page, SettingsPage)
    pressed(desk, next(one for one in within(page, QPushButton) if one.text() == "打开登记库与服务器"))
    found = desk.frame.current()
    assert isinstance(found, ServerPage)
    return found


def tried(desk: Desk, page: ServerPage, file: Path) -> str:
    """Name the settings file, and Enter down to the trial; what it says."""
    page.file.focus_input()
    page.file.set_text("")
    desk.type(str(file))
    for _ in range(10):
        desk.key(ENTER)
    return page.there_answer.accessibleName()


def beside_a_server(
    server: Server, folder: Path, make_desk: Callable[..., Desk], tmp_path: Path
) -> tuple[Desk, ServerPage, Path]:
    """A desk on its file at the page of the server, and the file that tells of one that is ready and empty."""
    carried = tmp_path / "office.server"
    settings.write_file(carried, prepare(owner_of(server.fresh())))
    desk = make_desk(folder, in_practice=False)
    come_in(desk)
    return desk, page_of(desk), carried


def test_a_folder_that_was_carried_here_is_told_and_agreed_to(
    folder: Path, make_desk: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine, "name", lambda: "another machine!")
    desk = make_desk(folder, in_practice=False)
    come_in(desk)
    desk.settle()
    assert "从另一台电脑拷来的" in desk.frame.alarm.text() and "登记库与服务器" in desk.frame.alarm.text()
    page = page_of(desk)
    desk.settle()
    assert "从另一台电脑拷来的" in page.elsewhere.text()
    pressed(desk, page.agree)
    desk.settle()
    assert page.elsewhere.text() == "已认可，下次登录起不再提醒。" and page.agree.isHidden()
    pressed(desk, page.again_button)
    desk.settle()
    assert page.elsewhere.isHidden()


def test_a_clerk_is_told_to_tell_who_is_in_charge(
    folder: Path, make_desk: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine, "name", lambda: "another machine!")
    desk = make_desk(folder, in_practice=False)
    come_in(desk, 2)
    desk.settle()
    assert desk.frame.alarm.text().endswith("请告诉负责人。")
    page = page_of(desk)
    desk.settle()
    assert not page.elsewhere.isHidden() and page.agree.isHidden()


def test_a_clock_that_was_set_back_is_told_over_every_page(folder: Path, make_desk: Callable[..., Desk]) -> None:
    made = Register.open(
        folder, clerk_no="1", password=PASSWORD, now=lambda: datetime.now().replace(microsecond=0) + timedelta(days=40)
    )
    made.close()  # the day that is right: today is forty days before it
    desk = make_desk(folder, in_practice=False)
    come_in(desk, 2)
    desk.settle()
    said = desk.frame.alarm.text()
    assert f"电脑上的日期是 {datetime.now().date()}，但登记库里已有" in said and "请对照日历" in said
    desk.alt(4)
    desk.settle()
    assert desk.frame.alarm.isVisible()


def test_an_office_moves_onto_a_server_and_back_by_the_keyboard(
    server: Server, folder: Path, make_desk: Callable[..., Desk], tmp_path: Path
) -> None:
    desk, page, carried = beside_a_server(server, folder, make_desk, tmp_path)
    assert "在这台电脑上" in page.where.text() and page.again_button.hasFocus()
    assert "还没有登记库，可以把本机的搬上去" in tried(desk, page, carried)
    assert page.host.text() == "127.0.0.1" and page.sure.hasFocus() and not page.go.isEnabled()
    desk.key(Qt.Key.Key_Space)
    pressed(desk, page.go)
    desk.settle()
    assert settings.is_set(folder) and list(folder.glob("register.db.搬走-*"))
    come_in(desk)
    page = page_of(desk)
    assert "在服务器上：127.0.0.1" in page.where.text() and "核对证书和地址" in page.where.text()
    assert "2 名人员" in page.where.text() and page.home.isVisible()
    page.back_sure.setFocus()
    desk.key(Qt.Key.Key_Space)
    pressed(desk, page.back_go)
    desk.settle()
    assert not settings.is_set(folder) and (folder / "register.db").exists()
    come_in(desk)
    found: list[str] = []
    desk.services.operations.run(lambda register: register.answers(1)["投资额"], found.append)
    desk.settle()
    assert found == ["700万元"] and desk.frame.alarm.isHidden()


def test_a_trial_says_exactly_what_is_wrong(
    server: Server, folder: Path, make_desk: Callable[..., Desk], tmp_path: Path
) -> None:
    where = server.fresh()
    unprepared = owner_of(where)
    desk = make_desk(folder, in_practice=False)
    come_in(desk)
    page = page_of(desk)

    def says(one: settings.Server) -> str:
        file = tmp_path / "try.server"
        settings.write_file(file, one)
        return tried(desk, page, file)

    assert "表结构还没有准备好" in says(unprepared)
    ready = prepare(unprepared)
    mine = tmp_path / "mine.crt"
    mine.write_bytes((tmp_path / "try.server").read_bytes())
    for wrong, words in (
        (replace(ready, port=1), "1 端口上没有数据库在运行"),
        (replace(ready, host="db.invalid"), "找不到名为“db.invalid”的主机"),
        (replace(ready, password="x"), "或口令不对"),  # noqa: S106
        (replace(ready, database="nobody"), "没有名为“nobody”的库"),
        (replace(ready, ca=str(tmp_path / "none.crt")), "CA 证书文件“"),
        (replace(ready, ca=_another_authority(tmp_path)), "不能信任"),
        (unprepared, "能改写"),
    ):
        said = says(wrong)
        assert words in said and not page.go.isVisible(), said
        assert said.count("。") <= 2
    with server.where(where.database).connect() as connection:
        connection.execute(f'REVOKE UPDATE ON cases FROM "{ready.user}"')
    assert "权限不够（表 cases 没有 UPDATE）" in says(ready)
    with server.where(where.database).connect() as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    assert "更新版本的程序" in says(ready)


def _another_authority(folder: Path) -> str:
    from tests.register.postgres import _certificates

    _certificates(folder / "other.crt", folder / "x.crt", folder / "x.key")
    return str(folder / "other.crt")


def test_what_could_not_be_joined_is_taken_or_put_by(
    server: Server, make_desk: Callable[..., Desk], tmp_path: Path
) -> None:
    folder, elsewhere = tmp_path / "register", tmp_path / "别处"
    ready = prepare(owner_of(server.fresh()))
    for one in (folder, elsewhere):
        one.mkdir()
        settings.write(one, ready)
    head, _ = Register.create(folder, clerk_no="1", clerk_name="示例负责人", password=PASSWORD)
    head.add_clerk("2", "示例经办", PASSWORD)
    case = head.open_case("ss", "v")
    other = Register.open(elsewhere, clerk_no="2", password=PASSWORD)
    server.kill()
    for fact, text in (("投资额", "800万元"), ("备注", "断线时的备注")):
        assert head.set_answer(case.id, fact, text) == 0
    head.close()
    server.start()
    for fact, text in (("投资额", "900万元"), ("备注", "后来的备注")):
        other.set_answer(case.id, fact, text)
    desk = make_desk(folder, in_practice=False)
    come_in(desk)
    assert "断线时填的有 2 处没能并入" in desk.frame.alarm.accessibleName()
    page = page_of(desk)
    assert page.leftover.isVisible()
    for called in ("采用", "放下"):
        button = next(one for one in within(page.leftover, QPushButton) if one.text() == called and one.isVisible())
        assert case.number in button.accessibleName()
        pressed(desk, button)
    assert "已放下" in page.leftover.answer.accessibleName()
    assert not [one for one in within(page.leftover, QPushButton) if one.text() == "采用" and one.isVisible()]
    assert other.answers(case.id) == {"投资额": "800万元", "备注": "后来的备注"}
    assert other.origins(case.id)["投资额"] == "断线时由工号1填"
    other.close()
    desk.window.close()
    again = Register.open(folder, clerk_no="1", password=PASSWORD)
    events = {row.event: row.detail for row in again.audit_rows()}
    assert events["采用断线时的填报"].startswith("投资额") and events["放下断线时的填报"].startswith("备注")
    assert again.aside_refused() == [] and again.check() == []
    again.close()


class Held(Carrying):
    """A move that stands at its first rows until it is given up."""

    def __call__(self, there: int, whole: int) -> None:
        self.moved.emit(there, whole)
        assert self._stop.wait(PATIENCE / 1000)
        super().__call__(there, whole)


def test_a_move_that_is_given_up_by_a_key_leaves_everything_as_it_was(
    server: Server, folder: Path, make_desk: Callable[..., Desk], tmp_path: Path, qtbot: QtBot
) -> None:
    desk, page, carried = beside_a_server(server, folder, make_desk, tmp_path)
    assert "可以把本机的搬上去" in tried(desk, page, carried)
    usual, page.carrying = page.carrying, Held(page)
    page.carrying.moved.connect(page._show_moved, Qt.ConnectionType.QueuedConnection)
    page.stop.clicked.connect(page.carrying.give_up)
    desk.key(Qt.Key.Key_Space)
    page.go.setFocus()
    QTest.keyClick(page.go, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: page.bar.format().endswith("行") and page.stop.hasFocus(), timeout=PATIENCE)
    QTest.keyClick(page.stop, Qt.Key.Key_Space)
    desk.settle()
    assert "已取消，没有搬；一切仍是原样" in page.there_answer.accessibleName()
    assert page.host.has_focus() and not page.stop.isVisible() and not page.bar.isVisible()
    assert (
        not settings.is_set(folder)
        and (folder / "register.db").exists()
        and trial(settings.read_file(carried)).people is None
    )
    found: list[list[str]] = []
    desk.services.operations.run(lambda register: register.check(), found.append)
    desk.settle()
    assert found == [[]], "and work goes on"
    page.carrying = usual
    assert "可以把本机的搬上去" in tried(desk, page, carried)
    desk.key(Qt.Key.Key_Space)
    pressed(desk, page.go)
    desk.settle()
    assert settings.is_set(folder), "another time it is moved"


def _client(folder: Path, name: str, authority: ec.EllipticCurvePrivateKey) -> tuple[str, str]:
    """A client's certificate and key, by an authority."""
    own, now, pem = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC), serialization.Encoding.PEM
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "client authority")]))
        .public_key(own.public_key() if name != "client authority" else authority.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(x509.BasicConstraints(ca=name == "client authority", path_length=None), critical=True)
    )
    at = folder / secrets.token_hex(4)
    certificate, key = at.with_suffix(".crt"), at.with_suffix(".key")
    certificate.write_bytes(builder.sign(authority, hashes.SHA256()).public_bytes(pem))
    key.touch(0o600)
    key.write_bytes(own.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    return str(certificate), str(key)


def test_a_window_comes_in_by_a_client_certificate_and_what_is_wrong_with_one_is_said(
    server: Server, folder: Path, make_desk: Callable[..., Desk], tmp_path: Path
) -> None:
    """TLS with both certificates looked at (verify-full), on the real server."""
    ready = replace(prepare(owner_of(server.fresh())), password="")
    authority, unknown = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    trusted = server.data / "clients.crt"
    trusted.write_bytes(Path(_client(tmp_path, "client authority", authority)[0]).read_bytes())
    server._give(trusted)
    access = server.data / "pg_hba.conf"
    before = access.read_text()
    access.write_text(f"hostssl all {ready.user} 127.0.0.1/32 cert\n{before}")
    with server.where().connect() as connection:
        connection.execute("ALTER SYSTEM SET ssl_ca_file = 'clients.crt'")
        connection.execute("SELECT pg_reload_conf()")
    desk = make_desk(folder, in_practice=False)
    come_in(desk)
    page = page_of(desk)
    file = tmp_path / "office.server"

    def says(certificate: str, key: str) -> str:
        settings.write_file(file, replace(ready, certificate=certificate, key=key))
        return tried(desk, page, file)

    right = _client(tmp_path, ready.user, authority)
    for wrong, words in (
        (("", ""), "服务器要求客户端证书"),
        (_client(tmp_path, ready.user, unknown), "服务器不认签发这张客户端证书的机构"),
        (_client(tmp_path, "somebody", authority), "服务器不认这张客户端证书"),
        ((right[0], _client(tmp_path, ready.user, authority)[1]), "与证书不配套"),
        ((str(tmp_path / "none.crt"), right[1]), "选的文件不存在"),
    ):
        said = says(*wrong)
        assert words in said and not page.go.isVisible() and said.count("。") <= 2, said
    assert "可以把本机的搬上去" in says(*right)
    assert (page.certificate.text(), page.key.text(), page.password.text()) == (*right, "")
    desk.key(Qt.Key.Key_Space)
    pressed(desk, page.go)
    desk.settle()
    come_in(desk)
    page = page_of(desk)
    assert "客户端证书" in page.where.text() and "核对证书和地址" in page.where.text() and page.here_answer.isHidden()
    desk.window.close()
    access.write_text(before)
