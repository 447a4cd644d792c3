"""A register moves onto a server, back, and from a backup onto another: all of it or nothing, wherever it is cut."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from pinggu_desk.commands.cli import cli
from pinggu_desk.register import Register, errors, events, files
from pinggu_desk.register.engines import relocate
from pinggu_desk.register.engines import server as settings
from pinggu_desk.register.engines.postgresql import ServerDatabase
from pinggu_desk.register.engines.prepare import prepare
from pinggu_desk.register.engines.relocate import move_here, move_to_server, switch
from pinggu_desk.register.engines.server import Server

from .conftest import PASSWORD, Clock
from .postgres import Server as RealServer
from .postgres import Where, owner_of


def again(folder: Path, clock: Clock, no: str = "01") -> Register:
    return Register.open(folder, clerk_no=no, password=PASSWORD, now=clock)


@pytest.fixture
def ready(postgres: Where) -> Server:
    return prepare(owner_of(postgres))


@pytest.fixture
def worked(register: Register) -> int:
    """A case in the file; its id."""
    firm = register.add_applicant("企业", "示例科技（北京）有限公司", code="91110117MA01ABCD5U")
    case = register.open_case("tztc", "1", applicant_id=firm.id)
    register.set_answer(case.id, "投资额", "700万元")
    return case.id


@pytest.fixture
def another(postgres_server: RealServer) -> Iterator[Callable[[], Server]]:
    """Further databases that were made ready."""
    made: list[Where] = []

    def make() -> Server:
        made.append(postgres_server.fresh())
        return prepare(owner_of(made[-1]))

    yield make
    for where in made:
        postgres_server.drop(where)


def of_another(server: Server, tmp_path: Path, clock: Clock) -> str:
    """Another office's register, on a server; its id."""
    register, _ = Register.create(tmp_path / "别处的", clerk_no="01", clerk_name="示例一", password=PASSWORD, now=clock)
    office = register.register_id
    move_to_server(register, server)
    return office


def test_whoever_changes_to_another_register_on_a_server_leaves_all_of_his_own_beside_and_hears_no_alarm(
    register: Register, worked: int, another: Callable[[], Server], tmp_path: Path, clock: Clock
) -> None:
    server = another()
    office = of_another(server, tmp_path, clock)
    folder = register.folder
    switch(register, server)
    now = again(folder, clock)
    assert (now.register_id, now.warnings, now.check()) == (office, (), [])
    kept = {path.name.rpartition(".停用-")[0] for path in folder.iterdir() if ".停用-" in path.name}
    assert kept == {"register.db", "register.keys", "office.pub"}
    now.close()
    for path in list(folder.glob("*.停用-*")):  # the one before is whole, should it be wanted
        path.rename(tmp_path / path.name.rpartition(".停用-")[0])
    before = again(tmp_path, clock)
    assert before.answers(worked) == {"投资额": "700万元"} and before.check() == []
    before.close()


def test_a_disk_that_refuses_leaves_a_register_at_work_or_the_other_one(
    register: Register,
    worked: int,
    another: Callable[[], Server],
    tmp_path: Path,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    server = another()
    office = of_another(server, tmp_path, clock)
    written = files.write_whole

    def not_sure(path: Path, data: bytes) -> None:
        written(path, data)
        raise errors.DiskFault("写进去了，没有确认。")

    with monkeypatch.context() as refusing:
        refusing.setattr(relocate, "write_whole", not_sure)
        with pytest.raises(errors.DiskFault):
            switch(register, server)
    register.set_answer(worked, "投资额", "900万元")  # it is at work: nothing may have it put aside later
    register.close()
    own = again(register.folder, clock)
    assert own.register_id != office and own.answers(worked) == {"投资额": "900万元"}

    def refuse(_from: Path, _to: Path) -> None:
        raise OSError(5, "Input/output error", str(_from))

    with monkeypatch.context() as refusing:
        refusing.setattr(Path, "replace", refuse)
        with pytest.raises(errors.DiskFault, match="读写失败"):
            switch(own, server)
    now = again(register.folder, clock)  # ends what was begun
    assert now.register_id == office and not (register.folder / "register.db").exists()
    now.close()


def test_a_move_that_is_given_up_leaves_everything_and_can_be_made_again(
    register: Register, worked: int, ready: Server, folder: Path, clock: Clock
) -> None:
    told: list[tuple[int, int]] = []

    def give_up(there: int, whole: int) -> None:
        told.append((there, whole))
        if there > whole // 2:
            raise errors.InvalidEntry("不搬了。")

    with pytest.raises(errors.InvalidEntry, match="不搬了"):
        move_to_server(register, ready, give_up)
    assert told and 0 < told[-1][0] <= told[-1][1] and sorted(told) == told
    register.set_answer(worked, "投资额", "800万元")
    assert register.check() == [] and not (folder / relocate.MARK).exists()
    other = again(folder, clock)
    with pytest.raises(errors.RegisterBusy, match="还开在别的窗口"):
        move_to_server(register, ready)
    other.close()
    old = move_to_server(register, ready)
    assert old.exists() and not (folder / "register.db").exists() and not (folder / relocate.MARK).exists()
    moved = again(folder, clock)
    assert moved.answers(worked) == {"投资额": "800万元"} and moved.check() == [] and moved.warnings == ()
    assert len(moved.search("科技")) == 1
    moved.close()


def test_a_move_that_was_cut_before_or_after_its_one_commit_is_ended_by_whoever_comes_next(
    register: Register, worked: int, ready: Server, folder: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut(_db: ServerDatabase) -> None:
        raise SystemExit

    with monkeypatch.context() as patched, pytest.raises(SystemExit):  # noqa: PT012
        patched.setattr(relocate, "_ended", lambda *_: nullcontext())
        patched.setattr(ServerDatabase, "_commit", cut)
        move_to_server(register, ready)
    register._at_work = False
    register.close()
    assert (folder / relocate.MARK).exists()
    here = again(folder, clock)
    assert here._db.kind == "sqlcipher" and here.answers(worked) == {"投资额": "700万元"} and here.warnings == ()
    assert not (folder / relocate.MARK).exists()
    settle = relocate._settle
    with monkeypatch.context() as patched, pytest.raises(SystemExit):  # noqa: PT012
        patched.setattr(relocate, "_settle", cut)
        move_to_server(here, ready)
    assert relocate._settle is settle and (folder / "register.db").exists()
    there = again(folder, clock)
    assert there._db.kind == "postgresql" and there.answers(worked) == {"投资额": "700万元"}
    assert there.check() == [] and there.warnings == () and not (folder / "register.db").exists()
    there.close()


def test_a_commit_that_was_not_answered_is_asked_for(
    register: Register, worked: int, ready: Server, folder: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit = ServerDatabase._commit

    def unanswered(db: ServerDatabase) -> None:
        commit(db)
        if db.row("SELECT 1 FROM cases") is not None:
            raise errors.ServerGone("断了。")

    with monkeypatch.context() as patched:
        patched.setattr(ServerDatabase, "_commit", unanswered)
        move_to_server(register, ready)
    there = again(folder, clock)
    assert there._db.kind == "postgresql" and there.answers(worked) == {"投资额": "700万元"}
    there.close()


def test_back_to_this_machine_and_no_other_window_goes_on_with_what_was_left(
    shared: Register, office: Server, folder: Path, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared.add_clerk("02", "示例乙", PASSWORD)
    elsewhere = tmp_path / "别处"
    elsewhere.mkdir()
    settings.write(elsewhere, office)
    other = again(elsewhere, clock, "02")
    case = other.open_case("tztc", "1")
    with pytest.raises(errors.NotAllowed):
        move_here(other)
    with monkeypatch.context() as patched, pytest.raises(SystemExit):  # noqa: PT012
        patched.setattr(relocate, "_settle", lambda _folder: (_ for _ in ()).throw(SystemExit))
        move_here(shared)
    for step in (lambda: other.set_answer(case.id, "投资额", "1"), lambda: again(elsewhere, clock, "02")):
        with pytest.raises(errors.RegisterMissing, match="由负责人搬走"):
            step()
    here = again(folder, clock)  # which ends the move
    assert here._db.kind == "sqlcipher" and here.case(case.id).number == case.number
    assert here.check() == [] and here.warnings == () and not settings.is_set(folder)
    assert [row.event for row in here.audit_rows() if row.event == events.MOVED_HERE]
    here.set_answer(case.id, "投资额", "2")
    here.close()
    other.close()


def test_a_backup_goes_onto_another_server_after_a_rehearsal(
    shared: Register, office: Server, folder: Path, clock: Clock, tmp_path: Path, another: Callable[[], Server]
) -> None:
    kept = shared.open_case("tztc", "1")
    made = shared.backup(tmp_path / "盘")
    lost = shared.open_case("ss", "1")
    shared.close()
    carried = tmp_path / "新库.server"
    settings.write_file(carried, another())
    words = ["register", "restore", str(made), "--into", str(carried), "--data", str(folder), "--clerk", "01"]
    told = CliRunner().invoke(cli, [*words, "--rehearse"], input=f"{PASSWORD}\n")
    assert told.exit_code == 0 and lost.number in told.output and settings.read(folder) == office
    assert CliRunner().invoke(cli, words, input=f"{PASSWORD}\n").exit_code == 1, "nobody agreed"
    done = CliRunner().invoke(cli, [*words, "--yes"], input=f"{PASSWORD}\n")
    assert done.exit_code == 0 and "已恢复到服务器" in done.output, done.output
    new = again(folder, clock)
    assert new.numbered(kept.number) is not None and new.numbered(lost.number) is None
    assert new.check() == [] and new.warnings == () and new.audit_rows(3)
    new.close()
    settings.write(folder, office)
    before = again(folder, clock)
    assert before.numbered(lost.number) is not None, "the one of before stands where it was"
    before.close()


def test_where_the_server_is_lost_a_backup_is_established_on_another(
    shared: Register, office: Server, folder: Path, clock: Clock, tmp_path: Path, another: Callable[[], Server]
) -> None:
    case = shared.open_case("tztc", "1")
    made = shared.backup(tmp_path / "盘")
    shared.close()
    settings.write(folder, replace(office, port=1))
    carried = tmp_path / "新库.server"
    settings.write_file(carried, another())
    words = ["register", "restore", str(made), "--into", str(carried), "--data", str(folder), "--clerk", "01"]
    refused = CliRunner().invoke(cli, words, input=f"{PASSWORD}\n")
    assert "请加 --yes" in str(refused.exception)
    done = CliRunner().invoke(cli, [*words, "--yes"], input=f"{PASSWORD}\n{PASSWORD}\n")
    assert done.exit_code == 0, (done.output, done.exception)
    assert done.stderr.startswith(f"将用：{made.name}　") and "备份以后办的不在里面" in done.stderr
    new = again(folder, clock)
    assert new.case(case.id).number == case.number and new.check() == []
    new.close()
