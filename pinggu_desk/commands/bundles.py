"""Bundles on the command line: made for another register, joined from a stick, conflicts listed and decided."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pinggu_desk.commands.backups import CLERK, DATA, register_of
from pinggu_desk.commands.options import JSON
from pinggu_desk.commands.statistics import open_register, read_password
from pinggu_desk.policy.errors import BadInput

if TYPE_CHECKING:
    from pinggu_desk.register import Register
    from pinggu_desk.register.bundles.forks import Fork

_PHRASE = "数据包"
FOLDER = click.argument("folder", metavar="文件夹", type=click.Path(path_type=Path))


@contextmanager
def opened(data: str | None, clerk_no: str | None) -> Iterator[Register]:
    """The register, opened by a password that is asked for; what it refuses is bad input."""
    from pinggu_desk.register.errors import RegisterError

    try:
        made = open_register(register_of(data), clerk_no)
        try:
            yield made
        finally:
            made.close()
    except RegisterError as error:
        raise BadInput(error.sentence) from error


@click.command("receiving-key")
@FOLDER
@DATA
@CLERK
def receiving_key(folder: Path, data: str | None, clerk_no: str | None) -> None:
    """写出收件公钥：别的登记库凭它给本登记库加密数据包。"""
    from pinggu_desk.work.bundles import write_receiving_key

    with opened(data, clerk_no) as at_work:
        click.echo(f"已写出：{write_receiving_key(at_work, folder)}")


@click.command("bundle")
@FOLDER
@click.option("--for", "key_file", type=click.Path(path_type=Path), help="收件单位的收件公钥文件；只有它解得开。")
@click.option("--to", "office", default="", metavar="单位", help="收件单位（可信公钥中的名称），数据包用一个口令加密。")
@click.option(
    "--again-since", "since", default=None, metavar="日期",
    help="对方从备份恢复过、丢了资料时，把它从这一天（备份那天）起确认过的再导出一次。",
)  # fmt: skip
@DATA
@CLERK
@JSON
def bundle(
    folder: Path, key_file: Path | None, office: str, since: str | None, data: str | None, clerk_no: str | None,
    as_json: bool,
) -> None:  # fmt: skip
    """把对方还没确认收到的全部新内容导出到一个文件夹（如U盘）。

    数据包的口令在登录口令之后输入（不显示），或从标准输入读第二行。
    """
    from pinggu_desk.work.bundles import made_words, make_bundles, read_since

    if (key_file is None) == (not office):
        raise BadInput("请用 --for 写明收件公钥文件，或用 --to 写明收件单位（二者选一）。")
    again = read_since(since or "")
    with opened(data, clerk_no) as at_work:
        passphrase = read_password(_PHRASE) if key_file is None else ""
        made = make_bundles(at_work, folder, key_file=key_file, office=office, passphrase=passphrase, again_since=again)
    click.echo(
        json.dumps({"bundles": [str(path) for path in made]}, ensure_ascii=False) if as_json else made_words(made)
    )


@click.command("join")
@click.argument("file", metavar="文件", type=click.Path(path_type=Path))
@click.option("--fork", "look", is_flag=True, help="只看对方的审计记录从哪里起与以前并入的不同，两边并列，不并入。")
@click.option(
    "--agree-fork", "agreed", type=int, default=None, metavar="条号",
    help="负责人看过两边后，认可从这一条起的不同，两边都留存，接着并入。",
)  # fmt: skip
@DATA
@CLERK
@JSON
def join(
    file: Path, look: bool, agreed: int | None, data: str | None, clerk_no: str | None, as_json: bool
) -> None:  # fmt: skip
    """并入别的登记库交来的数据包，或登记对方的回执；并入两次与一次相同。"""
    from pinggu_desk.work.bundles import asks_passphrase, fork_of, take_file

    with opened(data, clerk_no) as at_work:
        passphrase = read_password(_PHRASE) if asks_passphrase(file) else ""
        fork = fork_of(at_work, file, passphrase) if look or agreed is not None else None
        if look:
            _tell_fork(fork, as_json=as_json)
            return
        if agreed is not None and (fork is None or fork.number != agreed):
            where = f"是从第 {fork.number} 条起不同" if fork is not None else "与以前并入的对得上，不用认可"
            raise BadInput(f"“{file.name}”的审计记录{where}，不是第 {agreed} 条，没有并入；请先用 --fork 看清再办。")
        told = take_file(at_work, file, passphrase, agreed=fork)
    if as_json:
        receipt = str(told.receipt) if told.receipt else None
        click.echo(
            json.dumps({"said": told.sentence, "conflicts": told.conflicts, "receipt": receipt}, ensure_ascii=False)
        )
    else:
        click.echo(told.sentence)


def _tell_fork(fork: Fork | None, *, as_json: bool) -> None:
    """Both sides of a fork, side by side."""
    from pinggu_desk.work.bundles import fork_rows

    rows = fork_rows(fork, 200) if fork is not None else []
    if as_json:
        number = fork.number if fork is not None else None
        click.echo(json.dumps({"fork": number, "entries": [list(row) for row in rows]}, ensure_ascii=False, indent=2))
        return
    for number_words, ours, theirs in rows:
        click.echo(f"{number_words}：本处留存 {ours}；对方现在 {theirs}")
    if fork is None:
        click.echo("对方的审计记录与以前并入的对得上。")


@click.command("conflicts")
@click.option("--whole-numbers", "whole", is_flag=True, help="号码写全，记入审计记录；不写这一项的，中间几位隐去。")
@DATA
@CLERK
@JSON
def conflicts(whole: bool, data: str | None, clerk_no: str | None, as_json: bool) -> None:
    """列出并入时两边不一致、等待裁定的各处。"""
    from pinggu_desk.work.bundles import KINDS, conflict_lines

    with opened(data, clerk_no) as at_work:
        found = at_work.conflicts()
        for number in dict.fromkeys(one.local_id for one in found if one.whose_kind) if whole else ():
            at_work.note_numbers_shown(number)
    if as_json:
        rows = [
            {"id": one.id, "kind": one.kind, "office": one.office, "title": one.title, "differences": [
                {"key": d.key, "ours": d.ours and ours, "theirs": d.theirs and theirs}
                for d, (_, ours, theirs) in zip(one.differences, conflict_lines(one, whole=whole), strict=True)]}
            for one in found
        ]  # fmt: skip
        click.echo(json.dumps({"conflicts": rows}, ensure_ascii=False, indent=2))
        return
    for one in found:
        click.echo(f"{one.id}　{KINDS[one.kind]}：{one.title}（{one.office}，{one.at:%Y-%m-%d}）")
        for called, ours, theirs in conflict_lines(one, whole=whole):
            click.echo(f"　　{called}：本处 {ours}；对方 {theirs}")
    if not found:
        click.echo("没有等待裁定的冲突。")


@click.command("decide")
@click.argument("number", metavar="冲突编号", type=int)
@click.option(
    "--theirs", default="", metavar="项,项", help="采用对方的哪些项（conflicts --json 的 key）；其余保留本处。"
)
@click.option("--different", is_flag=True, help="同一号码的两个名称不是同一申请人。")
@DATA
@CLERK
def decide(number: int, theirs: str, different: bool, data: str | None, clerk_no: str | None) -> None:
    """裁定一处冲突：默认保留本处的；原来的记录都留着。"""
    with opened(data, clerk_no) as at_work:
        at_work.decide(number, [key for key in theirs.split(",") if key], same=not different)
    click.echo(f"已裁定第 {number} 处冲突。")


COMMANDS = (receiving_key, bundle, join, conflicts, decide)
