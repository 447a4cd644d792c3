"""The audit trail on the command line: checked, shown, exported; the register is opened with a clerk's password, never in the arguments."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import TYPE_CHECKING

import click

from pinggu_desk.commands.options import JSON
from pinggu_desk.policy.errors import BadInput

if TYPE_CHECKING:
    from pinggu_desk.register import Register
    from pinggu_desk.register.audit import Wanted

_SHOWN = 200


@click.group()
def audit() -> None:
    """审计记录：核验、查看、导出。"""


def _register(function: click.decorators.FC) -> click.decorators.FC:
    folder = click.option(
        "--register", "folder", default=None, metavar="目录", help="登记库文件夹，或其上一级数据目录；默认是本机的。"
    )
    clerk = click.option(
        "--clerk", "clerk_no", default=None, metavar="工号", help="用谁的口令打开；只有一名经办人时可不写。"
    )
    return folder(clerk(function))


def _filters(function: click.decorators.FC) -> click.decorators.FC:
    for option in (
        click.option(
            "--of", "subject", default="", metavar="编号", help="申请人的名称、号码或编号，办件编号或文书编号。"
        ),
        click.option("--person", default="", metavar="工号", help="谁办的。"),
        click.option("--event", default="", metavar="事项", help="哪一种事项，如 登录、打印文书。"),
        click.option("--from", "since", default=None, metavar="日期", help="从哪一天起（含）。"),
        click.option("--to", "until", default=None, metavar="日期", help="到哪一天止（含）。"),
    ):
        function = option(function)
    return function


@audit.command()
@_register
@click.option(
    "--anchor", "anchors", multiple=True, metavar="校验", help="纸上的登记库校验，如 120-ABCD-EFGH-2345，可重复。"
)
@JSON
@click.pass_context
def verify(
    context: click.Context, folder: str | None, clerk_no: str | None, anchors: tuple[str, ...], as_json: bool
) -> None:
    """核验登记库和审计记录：逐行、逐条、逐件，与本机留存的和纸上的校验对照。

    口令从终端输入（不显示），或从标准输入读一行。完好退出码为 0，有不符为 1。
    """
    from pinggu_desk.register.anchor import read_printed
    from pinggu_desk.register.errors import RegisterDamaged, RegisterError
    from pinggu_desk.work.trail import verification_json, verification_lines, verify_register

    try:
        printed = [read_printed(text) for text in anchors]
        register = _opened(folder, clerk_no)
    except RegisterDamaged as error:
        _damaged(error.sentence, as_json=as_json)
        context.exit(1)
    except RegisterError as error:
        raise BadInput(error.sentence) from error
    try:
        done = verify_register(register, printed)
    except RegisterDamaged as error:
        _damaged(error.sentence, as_json=as_json)
        context.exit(1)
    except RegisterError as error:
        raise BadInput(error.sentence) from error
    finally:
        register.close()
    if as_json:
        click.echo(json.dumps(verification_json(done), ensure_ascii=False, indent=2))
    else:
        for line in verification_lines(done):
            click.echo(line)
    context.exit(0 if done.sound else 1)


def _damaged(sentence: str, *, as_json: bool) -> None:
    """Say that the file itself can't be read any more: that is an answer, not bad input."""
    if as_json:
        fault = {"number": None, "at": None, "event": None, "table": None, "row": None, "clerk": None, "what": sentence}
        told = {"sound": False, "first": fault, "faults": [fault], "looked": {}, "anchor": None, "register": None}
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        click.echo(sentence)


@audit.command()
@_register
@_filters
@click.option("--most", default=_SHOWN, metavar="条数", help=f"最多列出多少条，默认最近的 {_SHOWN} 条。")
@JSON
def show(
    folder: str | None, clerk_no: str | None, subject: str, person: str, event: str, since: str | None, until: str | None,
    most: int, as_json: bool,
) -> None:  # fmt: skip
    """列出审计记录，最近的在前；可按人、事项、申请人、办件、文书、日期筛选。"""
    from pinggu_desk.register import events
    from pinggu_desk.register.errors import RegisterError
    from pinggu_desk.work.trail import of_anybody, wanted_words

    wanted = _wanted(person, event, since, until)
    try:
        register = _opened(folder, clerk_no)
        try:
            wanted = of_anybody(register, wanted, subject)
            rows = register.trail(wanted, max(most, 1))
            register.record_event(events.TRAIL_READ, "审计记录", wanted_words(wanted))
        finally:
            register.close()
    except RegisterError as error:
        raise BadInput(error.sentence) from error
    if as_json:
        told = [
            {"number": row.id, "at": row.at.isoformat(), "clerk": row.clerk_no, "event": row.event, "subject": row.subject,
             "detail": row.detail}
            for row in rows
        ]  # fmt: skip
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    for row in rows:
        click.echo(
            f"{row.id}  {row.at:%Y-%m-%d %H:%M:%S}  {row.clerk_no}  {row.event}  {row.subject}  {row.detail}".rstrip()
        )


@audit.command()
@_register
@_filters
@click.option("--office", default="", metavar="名称", help="写进说明的单位名称。")
@click.option("-o", "--output", "out_path", required=True, metavar="文件", help="写成哪个 .xlsx。")
def export(
    folder: str | None, clerk_no: str | None, subject: str, person: str, event: str, since: str | None, until: str | None,
    office: str, out_path: str,
) -> None:  # fmt: skip
    """把审计记录存成工作簿；导出本身也记入审计记录。"""
    from pinggu_desk.documents.pdf.pdfdoc import save
    from pinggu_desk.register.errors import RegisterError
    from pinggu_desk.work.outputs import writable
    from pinggu_desk.work.trail import of_anybody, trail_book

    out, wanted = writable(out_path), _wanted(person, event, since, until)
    if out.suffix.lower() != ".xlsx":
        raise BadInput(f"“{out_path}”应以 .xlsx 结尾，审计记录只存成工作簿。")
    try:
        register = _opened(folder, clerk_no)
        try:
            wanted = of_anybody(register, wanted, subject)
            rows = register.trail(wanted, 1_000_000)
            data = trail_book(register, rows, wanted, datetime.now().replace(microsecond=0), office)
        finally:
            register.close()
    except RegisterError as error:
        raise BadInput(error.sentence) from error
    save(data, out)
    click.echo(f"已写入 {out_path}：{len(rows)} 条")


def _opened(folder: str | None, clerk_no: str | None) -> Register:
    from pinggu_desk.commands.statistics import open_register, register_folder
    from pinggu_desk.places import data_home

    return open_register(register_folder(folder or str(data_home())), clerk_no)


def _wanted(person: str, event: str, since: str | None, until: str | None) -> Wanted:
    from pinggu_desk.commands.inputs import read_day
    from pinggu_desk.register.audit import Wanted

    def day(text: str | None, option: str) -> date | None:
        return read_day(text, option) if text is not None else None

    first, last = day(since, "--from"), day(until, "--to")
    if first is not None and last is not None and first > last:
        raise BadInput(f"--from {first} 在 --to {last} 之后，请把两个日期对调。")
    return Wanted(person.strip(), event.strip(), None, "", first, last)
