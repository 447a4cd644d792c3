"""The register's backups on the command line: make one, list them, put one in the register's place, after a rehearsal."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pinggu_desk.commands.options import JSON
from pinggu_desk.commands.statistics import open_register, read_password, register_folder
from pinggu_desk.places import data_home
from pinggu_desk.policy.errors import BadInput

if TYPE_CHECKING:
    from pinggu_desk.register.backupnotes import Backup
    from pinggu_desk.register.rehearsal import Rehearsal

DATA = click.option(
    "--data", "data", default=None, metavar="目录", help="数据目录（其下的 register），或登记库文件夹本身；默认本机的。"
)
CLERK = click.option(
    "--clerk", "clerk_no", default=None, metavar="工号", help="用谁的口令打开；只有一名经办人时可不写。"
)


@click.group()
def register() -> None:
    """登记库的备份与恢复，与别的登记库往来的数据包。

    口令从终端输入（不显示），或从标准输入读一行；不写在命令里。
    """


@register.command()
@click.argument("place", metavar="文件夹", type=click.Path(path_type=Path))
@DATA
@CLERK
@JSON
def backup(place: Path, data: str | None, clerk_no: str | None, as_json: bool) -> None:
    """把登记库备份到一个文件夹（如U盘），写出后逐行核验才算数。"""
    from pinggu_desk.register.errors import RegisterError

    try:
        opened = open_register(register_of(data), clerk_no)
        try:
            target = opened.backup(place)
        finally:
            opened.close()
    except RegisterError as error:
        raise BadInput(error.sentence) from error
    if as_json:
        click.echo(json.dumps({"backup": str(target)}, ensure_ascii=False))
    else:
        click.echo(f"已备份并核验：{target}")


@register.command()
@click.argument("place", metavar="文件夹", type=click.Path(path_type=Path), required=False)
@DATA
@JSON
def backups(place: Path | None, data: str | None, as_json: bool) -> None:
    """列出备份：哪一天、多大、是否与备份时核验过的一样。不需要口令；不写文件夹则看设置里的备份文件夹。"""
    from pinggu_desk.register.backupnotes import backups_in
    from pinggu_desk.register.backupplan import PlanFile
    from pinggu_desk.register.errors import RegisterError
    from pinggu_desk.work.restores import backup_words

    if place is None:
        planned = PlanFile(register_of(data)).read().place
        if not planned:
            raise BadInput("还没有设置备份文件夹，请写明要看哪个文件夹。")
        place = Path(planned)
    if not place.is_dir():
        raise BadInput(f"“{place}”打不开，请检查路径，或把U盘接好。")
    try:
        found = [(one, one.unchanged() if one.note and one.note.sha256 else None) for one in backups_in(place)]
    except RegisterError as error:
        raise BadInput(error.sentence) from error
    if as_json:
        rows = [_json(one, checked) for one, checked in found]
        click.echo(json.dumps({"backups": rows}, ensure_ascii=False, indent=2))
        return
    for one, checked in found:
        click.echo(backup_words(one, checked=checked))
    if not found:
        click.echo(f"“{place}”中没有登记库备份。")


def _json(one: Backup, checked: bool | None) -> dict[str, object]:
    note = one.note
    return {
        "folder": str(one.folder), "at": one.at.isoformat(timespec="seconds"), "bytes": one.size,
        "sound": one.whole and checked is not False, "checked": checked, "register": one.register,
        "why": note.why if note else None, "counts": dict(note.counts) if note else None,
        "trail": list(note.trail) if note else None,
    }  # fmt: skip


@register.command()
@click.argument("source", metavar="备份", type=click.Path(path_type=Path))
@DATA
@CLERK
@click.option("--rehearse", is_flag=True, help="只预演：说明会失去什么、会回来什么，不改动。")
@click.option("--yes", is_flag=True, help="预演后不再询问，直接恢复。")
@click.option(
    "--into",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="设置文件",
    help="恢复到服务器上一个准备好的空库（register prepare 写出的设置文件），本机随后改用它。",
)
@JSON
def restore(
    source: Path, data: str | None, clerk_no: str | None, rehearse: bool, yes: bool, into: Path | None, as_json: bool
) -> None:
    """从备份恢复登记库（负责人）：先预演，确认后替换；现有的整套留存在旁边。本机没有登记库时，从备份建立。

    登记库在服务器上的，用 --into 恢复到另一个空库；原来的服务器连不上时不能预演，加 --yes 直接恢复。
    """
    from pinggu_desk.register import Register
    from pinggu_desk.register.errors import RegisterError

    folder = register_of(data)
    try:
        if into is not None:
            _restore_into(folder, source, clerk_no, into, rehearse=rehearse, yes=yes)
        elif Register.exists(folder):
            _restore(folder, source, clerk_no, rehearse=rehearse, yes=yes, as_json=as_json)
        elif rehearse:
            raise BadInput(f"“{folder}”中没有登记库，不需要预演；去掉 --rehearse 即从备份建立。")
        else:
            _establish(folder, source, clerk_no, as_json=as_json)
    except RegisterError as error:
        raise BadInput(error.sentence) from error


def _restore_into(folder: Path, source: Path, clerk_no: str | None, into: Path, *, rehearse: bool, yes: bool) -> None:
    from pinggu_desk.policy.compiled import load_bundled
    from pinggu_desk.register import Register
    from pinggu_desk.register.engines.restoration import establish_onto, restore_onto
    from pinggu_desk.register.engines.server import read_file
    from pinggu_desk.register.errors import ServerGone
    from pinggu_desk.register.restoring import backup_of
    from pinggu_desk.work.restores import chosen_words, rehearsal_lines

    server, chosen = read_file(into), backup_of(source).folder
    opened: Register | None = None
    if Register.exists(folder):
        try:
            opened = open_register(folder, clerk_no)
        except ServerGone as error:
            if rehearse or not yes:
                raise BadInput(f"{error.sentence}不能预演会失去什么；确实要直接恢复，请加 --yes。") from error
    if opened is None:
        no = _who(source, clerk_no)
        click.echo(chosen_words(source), err=True)
        establish_onto(folder, chosen, server, clerk_no=no, password=read_password(no))
    else:
        try:
            said = opened.rehearse(chosen)
            for line in rehearsal_lines(said, {p.id: p.title for p in load_bundled().policies.values()}):
                click.echo(line)
            if said.faults:
                raise click.exceptions.Exit(1)
            if rehearse:
                return
            if not yes and not (sys.stdin.isatty() and click.confirm("确认恢复吗？", err=True)):
                click.echo("没有恢复；看过预演、确认要恢复，请加 --yes 再执行。", err=True)
                raise click.exceptions.Exit(1)
            restore_onto(opened, chosen, server)
        finally:
            opened.close()
    click.echo(f"已恢复到服务器“{server.called}”，本机已改用它；其他窗口请用同一个设置文件运行 register connect。")


def _restore(folder: Path, source: Path, clerk_no: str | None, *, rehearse: bool, yes: bool, as_json: bool) -> None:
    from pinggu_desk.policy.compiled import load_bundled
    from pinggu_desk.register.restoring import backup_of
    from pinggu_desk.work.restores import rehearsal_lines

    chosen = backup_of(source).folder
    opened = open_register(folder, clerk_no)
    try:
        said = opened.rehearse(chosen)
        titles = {policy.id: policy.title for policy in load_bundled().policies.values()}
        for line in rehearsal_lines(said, titles):
            click.echo(line, err=as_json)
        if said.faults:
            raise click.exceptions.Exit(1)
        kept = None
        if not rehearse:
            if not yes and not (sys.stdin.isatty() and click.confirm("确认恢复吗？", err=True)):
                click.echo("没有恢复；看过预演、确认要恢复，请加 --yes 再执行。", err=True)
                raise click.exceptions.Exit(1)
            kept = opened.restore(chosen)
    finally:
        opened.close()
    if as_json:
        click.echo(json.dumps(_said(said) | {"kept": str(kept) if kept else None}, ensure_ascii=False, indent=2))
    elif kept is not None:
        click.echo(f"已恢复。原来的登记库留存在 {kept}")


def _said(said: Rehearsal) -> dict[str, object]:
    return {
        "backup": said.name, "made_at": said.made_at, "lost_cases": [case.number for case in said.lost],
        "changed_cases": [case.number for case in said.changed], "returning_cases": [case.number for case in said.back],
        "lost_papers": [paper.serial for paper in said.lost_papers],
        "returning_papers": [paper.serial for paper in said.back_papers],
        "lost_applicants": said.lost_applicants, "lost_awards": said.lost_awards,
    }  # fmt: skip


def _who(source: Path, clerk_no: str | None) -> str:
    """Whose password opens a backup, where only one can."""
    from pinggu_desk.register.restoring import clerks_in

    clerks = clerks_in(source)
    if clerk_no is None and len(clerks) != 1:
        raise BadInput(f"备份里有 {len(clerks)} 名人员，请用 --clerk 写明负责人的工号。")
    return clerk_no or clerks[0][0]


def _establish(folder: Path, source: Path, clerk_no: str | None, *, as_json: bool) -> None:
    from pinggu_desk.register.restoring import establish
    from pinggu_desk.work.restores import chosen_words

    clerk_no = _who(source, clerk_no)
    click.echo(chosen_words(source), err=True)
    establish(folder, source, clerk_no=clerk_no, password=read_password(clerk_no))
    if as_json:
        click.echo(json.dumps({"register": str(folder)}, ensure_ascii=False))
    else:
        click.echo(f"已从备份建立：{folder}")


def register_of(data: str | None) -> Path:
    """The register's folder: the one named, the one beneath a data folder, which need not be there yet, or this machine's."""
    if data is None:
        return data_home() / "register"
    folder = register_folder(data)
    there = folder.name == "register" or any((folder / name).exists() for name in ("register.keys", "register.server"))
    return folder if there else folder / "register"
