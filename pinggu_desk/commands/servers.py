"""An office's PostgreSQL on the command line: made ready, connected to, looked at, and an office's file moved onto it."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

from pinggu_desk.commands.backups import CLERK, DATA, register, register_of
from pinggu_desk.commands.options import JSON
from pinggu_desk.commands.statistics import open_register, read_password
from pinggu_desk.policy.errors import BadInput

__all__ = ["register"]


_F = TypeVar("_F", bound=Callable[..., None])
_AS_OWNER = (
    click.option("--host", required=True, metavar="地址", help="服务器的名称或地址；本机的套接字写文件夹。"),
    click.option("--port", default=5432, show_default=True, metavar="端口"),
    click.option("--database", required=True, metavar="库名", help="已经建好的库，由下面的账号所有。"),
    click.option("--user", required=True, metavar="账号", help="库的所有者；口令从终端输入，或从标准输入读一行。"),
    click.option("--ca", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="核对服务器证书的证书文件。"),
    click.option("--tls", "sslmode", default="verify-full", show_default=True,
                 type=click.Choice(["verify-full", "verify-ca", "require", "disable"]), help="后两种只能用于本机。"),
)  # fmt: skip


def _as_owner(command: _F) -> _F:
    """How whoever owns the database comes in."""
    for option in reversed(_AS_OWNER):
        command = option(command)
    return command


@register.command()
@_as_owner
def sweep(host: str, port: int, database: str, user: str, ca: Path | None, sslmode: str) -> None:
    """由库的所有者在到期清除以后运行：把各表重写一遍，数据文件里不留清除的内容。期间各窗口要等。"""
    from pinggu_desk.register.engines.prepare import sweep as write_anew
    from pinggu_desk.register.engines.server import Server
    from pinggu_desk.register.errors import RegisterError

    owner = Server(host, port, database, user, _password(user), sslmode, str(ca.absolute()) if ca else "")
    try:
        write_anew(owner)
    except RegisterError as error:
        raise BadInput(error.sentence) from error
    click.echo(f"登记库服务器“{owner.called}”的各表已重写，清除的内容不再留在数据文件里。")


@register.command()
@_as_owner
@click.option(
    "-o", "out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="窗口用的设置写到哪里。"
)
@click.option("--backed-up", is_flag=True, help="要升级的库已由数据库管理员另行备份。")
def prepare(
    host: str, port: int, database: str, user: str, ca: Path | None, sslmode: str, out: Path, *, backed_up: bool
) -> None:
    """由库的所有者运行：建表或升级，给窗口一个不能改写审计记录的账号，写出各窗口用的设置文件。

    设置文件里有窗口账号的口令，只交给各窗口的管理员。再次运行时写明同一个文件，窗口账号的口令不变。
    """
    from pinggu_desk.register.engines import server as settings
    from pinggu_desk.register.engines.prepare import logged
    from pinggu_desk.register.engines.prepare import prepare as make_ready
    from pinggu_desk.register.engines.server import Server
    from pinggu_desk.register.errors import RegisterError

    try:
        before = settings.read_file(out) if out.exists() else None
        owner = Server(host, port, database, user, _password(user), sslmode, str(ca.absolute()) if ca else "")
        windows = make_ready(owner, *((before.user, before.password) if before else ()), backed_up=backed_up)
        settings.write_file(out, windows)
        in_the_log = logged(windows)
    except RegisterError as error:
        raise BadInput(error.sentence) from error
    click.echo(f"登记库服务器“{windows.called}”已就绪，窗口账号是“{windows.user}”；设置写在 {out}，请妥善交给各窗口。")
    if in_the_log:
        click.echo(in_the_log, err=True)


def _tell(there: int, whole: int) -> None:
    """How far a copy is, on one line of a terminal."""
    if sys.stderr is not None and sys.stderr.isatty():
        click.echo(f"\r已搬 {there}/{whole} 行", nl=there >= whole, err=True)


@register.command()
@DATA
@CLERK
def disconnect(data: str | None, clerk_no: str | None) -> None:
    """由负责人把服务器上的登记库整个搬回本机；其他窗口从此不能再用服务器上的。"""
    from pinggu_desk.register.engines.relocate import move_here
    from pinggu_desk.register.errors import RegisterError

    folder = register_of(data)
    try:
        opened = open_register(folder, clerk_no)
        try:
            move_here(opened, _tell)
        finally:
            opened.close()
    except RegisterError as error:
        raise BadInput(error.sentence) from error
    click.echo(f"登记库已搬回本机：{folder}，全部内容核验过；服务器上的不再使用。")


@register.command()
@click.argument("source", metavar="设置文件", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@DATA
@CLERK
@click.option("--move", is_flag=True, help="本机已有登记库：由负责人把它整个搬到服务器上（服务器上还没有时）。")
def connect(source: Path, data: str | None, clerk_no: str | None, move: bool) -> None:
    """让本机使用服务器上的登记库：先试连，连得上、账号合适才写入。"""
    from pinggu_desk.register import Register
    from pinggu_desk.register.engines import server as settings
    from pinggu_desk.register.engines.prepare import try_out
    from pinggu_desk.register.engines.relocate import move_to_server
    from pinggu_desk.register.errors import RegisterError

    folder = register_of(data)
    try:
        server = settings.read_file(source)
        try_out(server)
        if not Register.exists(folder) or settings.is_set(folder):
            folder.mkdir(parents=True, exist_ok=True)
            settings.write(folder, server)
            click.echo(f"本机登记库已设为服务器“{server.called}”。")
        elif not move:
            raise BadInput(f"“{folder}”中已有本机的登记库；要把它搬到服务器上，请加 --move，由负责人运行。")
        else:
            opened = open_register(folder, clerk_no)
            try:
                old = move_to_server(opened, server, _tell)
            finally:
                opened.close()
            click.echo(f"登记库已搬到服务器“{server.called}”，全部内容核验过；原来的文件留在 {old}。")
    except RegisterError as error:
        raise BadInput(error.sentence) from error


@register.command()
@DATA
@click.option("--clerk", "clerk_no", required=True, metavar="工号", help="负责人的工号。")
@click.option("--name", required=True, metavar="姓名")
@click.option("--window", default="", metavar="窗口号")
def create(data: str | None, clerk_no: str, name: str, window: str) -> None:
    """新建登记库（本机的，或已连接的服务器上的），第一个人是负责人；打出恢复码，请当场抄下封存。"""
    from pinggu_desk.register import Register
    from pinggu_desk.register.errors import RegisterError

    folder = register_of(data)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        password = read_password(clerk_no)
        made, code = Register.create(folder, clerk_no=clerk_no, clerk_name=name, password=password, window=window)
        made.close()
    except RegisterError as error:
        raise BadInput(error.sentence) from error
    click.echo(f"登记库已建立：{folder}\n恢复码（只显示这一次）：{code}")


@register.command()
@DATA
@JSON
def status(data: str | None, as_json: bool) -> None:
    """登记库在哪里：本机，还是哪台服务器、怎样加密、连不连得上。不需要口令。"""
    from pinggu_desk.register import Register
    from pinggu_desk.register.engines import server as settings
    from pinggu_desk.register.engines.prepare import logged, try_out
    from pinggu_desk.register.errors import RegisterError

    folder = register_of(data)
    told: dict[str, object] = {"folder": str(folder), "register": Register.exists(folder), "server": None}
    wrong = ""
    try:
        if settings.is_set(folder):
            server = settings.read(folder)
            told |= {"server": server.called, "user": server.user, "tls": server.sslmode, "reachable": False}
            try_out(server)
            told["reachable"] = True
            told["clerks"] = len(Register.clerks_of(folder))
            told["logged"] = logged(server)
    except RegisterError as error:
        wrong = told["problem"] = error.sentence
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
    elif told["server"]:
        click.echo(f"登记库在服务器“{told['server']}”上，窗口账号“{told['user']}”，加密方式 {told['tls']}。")
        click.echo(wrong or f"连得上，有 {told['clerks']} 名人员。")
        if told.get("logged"):
            click.echo(told["logged"])
    else:
        click.echo(f"登记库在本机：{folder}" if told["register"] else wrong or f"“{folder}”中还没有登记库。")
    if wrong:
        sys.exit(1)


@register.command(name="try")
@DATA
@CLERK
def try_visit(data: str | None, clerk_no: str | None) -> None:
    """试办一件：开办、填一项、读回、撤销，证明这台电脑在登记库（本机的或服务器上的）里能办。留下一件已撤销的办件。"""
    from pinggu_desk.policy.compiled import load_bundled
    from pinggu_desk.register.errors import RegisterError

    pack = load_bundled()
    tried = pack.district.self_test
    if tried is None:
        raise BadInput("政策包的 district.yaml 没有写“自检”，不能试办。")
    fact, text = next(iter(tried.facts.items()))
    try:
        opened = open_register(register_of(data), clerk_no)
        try:
            case = opened.open_case(tried.policy, pack.version, on=tried.on)
            opened.set_answer(case.id, fact, str(text))
            kept = opened.answers(case.id)
            opened.close_case(case.id, "已撤销")
            wrong = opened.check()
        finally:
            opened.close()
    except RegisterError as error:
        raise BadInput(error.sentence) from error
    if kept != {fact: str(text)} or wrong:
        click.echo(wrong[0] if wrong else "填的和读回的不一样，请联系维护人员。")
        sys.exit(1)
    click.echo(f"能办：办件 {case.number} 已开办、填报、读回并撤销，登记库核验无误。")


def _password(user: str) -> str:
    if sys.stdin is not None and sys.stdin.isatty():
        return str(click.prompt(f"数据库账号 {user} 的口令", hide_input=True, err=True))
    line = sys.stdin.readline().rstrip("\r\n") if sys.stdin is not None else ""
    if not line:
        raise BadInput("没有读到数据库账号的口令，请在终端里输入，或从标准输入给一行。")
    return line
