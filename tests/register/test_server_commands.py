"""An office sets its register up on PostgreSQL by the command line, and moves the file that it has worked on there."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from psycopg import sql

from pinggu_desk.commands.cli import cli
from pinggu_desk.policy.errors import BadInput
from pinggu_desk.register import Register, errors
from pinggu_desk.register.engines.postgresql import connect
from pinggu_desk.register.engines.server import Server, refuse_in_clear

from .conftest import PASSWORD, Clock
from .postgres import Server as RealServer
from .postgres import Where


def run(*words: str, typed: str = "") -> Result:
    return CliRunner().invoke(cli, ["register", *words], input=typed)


def prepare(where: Where, out: Path) -> Result:
    return run(
        "prepare", "--host", where.host, "--port", str(where.port), "--database", where.database, "--user", where.user,
        "--ca", str(where.ca), "-o", str(out), typed=f"{where.password}\n",
    )  # fmt: skip


def test_an_office_is_set_up_and_a_second_window_comes_in(postgres: Where, tmp_path: Path) -> None:
    carried = tmp_path / "窗口.server"
    done = prepare(postgres, carried)
    assert done.exit_code == 0 and "已就绪" in done.output
    assert stat.S_IMODE(carried.stat().st_mode) == 0o600 and postgres.password not in carried.read_text()
    before = carried.read_bytes()
    assert prepare(postgres, carried).exit_code == 0
    assert carried.read_bytes() == before, "windows that are set up already stay so"
    first, second = tmp_path / "一" / "register", tmp_path / "二" / "register"
    for folder in (first, second):
        assert run("connect", str(carried), "--data", str(folder)).exit_code == 0
        assert stat.S_IMODE((folder / "register.server").stat().st_mode) == 0o600
    made = run("create", "--data", str(first), "--clerk", "01", "--name", "示例经办", typed=f"{PASSWORD}\n")
    assert made.exit_code == 0 and "恢复码" in made.output
    told = run("status", "--data", str(second), "--json")
    assert told.exit_code == 0 and json.loads(told.output)["reachable"] and json.loads(told.output)["clerks"] == 1
    opened = Register.open(second, clerk_no="01", password=PASSWORD)
    assert opened.check() == []
    opened.close()


def test_a_server_that_writes_down_what_is_typed_is_told_of(
    postgres: Where, tmp_path: Path, postgres_server: RealServer
) -> None:
    carried, folder = tmp_path / "窗口.server", tmp_path / "register"
    with postgres_server.where().connect() as administrator:
        database = sql.Identifier(postgres.database)
        administrator.execute(sql.SQL("ALTER DATABASE {} SET log_statement = 'mod'").format(database))
        done = prepare(postgres, carried)
        assert done.exit_code == 0 and "log_statement = mod" in done.stderr and "明文写进服务器日志" in done.stderr
        assert run("connect", str(carried), "--data", str(folder)).exit_code == 0
        made = run("create", "--data", str(folder), "--clerk", "01", "--name", "示例经办", typed=f"{PASSWORD}\n")
        assert made.exit_code == 0 and "明文写进服务器日志" in run("status", "--data", str(folder)).output
        administrator.execute(sql.SQL("ALTER DATABASE {} SET log_parameter_max_length = 0").format(database))
    told = json.loads(run("status", "--data", str(folder), "--json").output)
    assert told["logged"] == "" and prepare(postgres, carried).stderr == ""


def test_a_file_moves_onto_the_server_whole_and_stays_beside(
    register: Register, postgres: Where, folder: Path, tmp_path: Path, clock: Clock
) -> None:
    firm = register.add_applicant("企业", "示例科技（北京）有限公司", code="91110117MA01ABCD5U")
    case = register.open_case("tztc", "1", applicant_id=firm.id)
    register.set_answer(case.id, "投资额", "700万元")
    register.add_award(firm.id, "tztc", "tztc.rent", 100, clock.at.date())
    trail = [(row.at, row.event, row.subject) for row in register.audit_rows()]
    register.close()
    carried = tmp_path / "窗口.server"
    prepare(postgres, carried)
    refused = run("connect", str(carried), "--data", str(folder))
    assert isinstance(refused.exception, BadInput) and "--move" in str(refused.exception)
    assert (folder / "register.db").exists()
    done = run("connect", str(carried), "--data", str(folder), "--clerk", "01", "--move", typed=f"{PASSWORD}\n")
    assert done.exit_code == 0, done.output
    assert not (folder / "register.db").exists() and list(folder.glob("register.db.搬走-*"))
    again = Register.open(folder, clerk_no="01", password=PASSWORD, now=clock)
    assert again.check() == [] and again.answers(case.id) == {"投资额": "700万元"}
    assert [one.name for one in again.search("科技")] == [firm.name] and len(again.awards(firm.id)) == 1
    told = [(row.at, row.event, row.subject) for row in again.audit_rows(200)]
    assert [one for one in told if one in trail][: len(trail)] == trail, "the trail went along whole"
    assert [event for _, event, _ in told if event == "登记库搬到服务器"], told
    again.close()


@pytest.mark.parametrize(("host", "sslmode", "goes"), [
    ("127.0.0.1", "disable", True), ("::1", "require", True), ("localhost", "disable", True), ("/run/postgresql", "disable", True),
    ("192.0.2.7", "require", False), ("db.example", "disable", False), ("127.example", "require", False),
])  # fmt: skip
def test_nothing_goes_over_a_network_in_clear(host: str, sslmode: str, goes: bool) -> None:
    server = Server(host, 1, "office", "window", "x", sslmode)
    if goes:
        refuse_in_clear(server)
        return
    with pytest.raises(errors.ServerRefused, match="没有核对服务器证书"):
        connect(server)
