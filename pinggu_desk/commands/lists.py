"""Lists on the command line: ``batch`` holds applicants against every policy, ``matters`` says what visitors come with."""

from __future__ import annotations

import gc
import json
import re
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pinggu_desk.commands.entered import answers_as_the_desk, enter, from_register
from pinggu_desk.commands.inputs import read_day, read_parameters
from pinggu_desk.policy.characters import one_line
from pinggu_desk.policy.errors import BadInput
from pinggu_desk.work.outputs import writable

if TYPE_CHECKING:
    from pinggu_desk.work.listpreview import Preview

_NO_TRAIL = (
    "结果里号码写全了，没有写 --register，登记库的审计记录里没有这一次；结果请妥善保管，或改用 --register 再做。"
)


@click.command()
@answers_as_the_desk
@click.argument("list_path", metavar="名单.xlsx")
@click.option("--sheet", "sheet", default=None, metavar="名称", help="读哪个工作表，默认第一个有列名的。")
@click.option(
    "--column", "columns", multiple=True, metavar="列=填报项",
    help="指定某一列是哪个填报项，如 C=职工人数；等号后留空为不读这一列，可重复。",
)  # fmt: skip
@click.option("--preview", "look", is_flag=True, help="只看每一列怎样读取，不测算。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
@click.option("--on", "on_text", default=None, metavar="日期", help="判断日，默认今天，如 2026-04-01。")
@click.option(
    "--parameter", "parameters", multiple=True, metavar="名=值", help="外部参数，如 贷款市场报价利率=3.1%，可重复。"
)
@click.option(
    "--whole-numbers",
    "whole",
    is_flag=True,
    help="结果里号码写全，用 --register 的记入审计记录，不用的不留记录；不写这一项的，中间几位隐去。",
)
@click.option("--detail", "detail", default=None, metavar="文件.csv", help="另存全部支持事项的明细（CSV）。")
@click.option("-o", "--output", "out_path", default=None, metavar="文件", help="写到哪个文件。")
def batch(
    list_path: str, sheet: str | None, columns: tuple[str, ...], look: bool, as_json: bool, on_text: str | None,
    parameters: tuple[str, ...], whole: bool, detail: str | None, out_path: str | None,
) -> None:  # fmt: skip
    """批量测算：一份名单（每行一个申请人，列名为填报项）对全部政策，结果写成工作簿。

    以往奖励可另列一个工作表“以往奖励”：申请人名称或代码、支持事项、奖励金额、奖励日期（或年份）；没有领过的写“无”。
    """
    from pinggu_desk.documents.books.applicants import open_book

    choices = read_columns(columns)
    if not look and out_path is None:
        context = click.get_current_context()
        raise click.MissingParameter(param=next(p for p in context.command.params if p.name == "out_path"))
    out = writable(out_path) if out_path is not None else None
    every = _beside(detail, list_path, out) if detail is not None else None
    on = read_day(on_text)
    book = open_book(list_path)  # before the engine is made, so that a bad file is told at once
    from pinggu_desk.assess.engine import Engine
    from pinggu_desk.policy.compiled import load_bundled
    from pinggu_desk.work import batch as batching
    from pinggu_desk.work.entered import entered_json, entered_lines

    engine = Engine(load_bundled()).at(on)
    if look or out is None:
        for line in _seen(batching.preview(engine, list_path, sheet, choices, opened=book), as_json=as_json):
            click.echo(line)
        return
    gc.collect()
    gc.freeze()  # the rules stay until the end: looking through them again and again is a tenth of a long list's time
    said = "批量测算的结果，命令行 --whole-numbers"
    entered = enter(
        engine,
        read_parameters(parameters, engine.pack),
        (lambda register: register.note_list_shown(said)) if whole else None,
    )
    if whole and not from_register():
        click.echo(_NO_TRAIL, err=True)
    done = batching.run_batch(
        engine,
        list_path,
        out,
        on,
        datetime.now(),
        batching.tell,
        sheet,
        book,
        whole=whole,
        choices=choices,
        detail=every,
        awards_of=entered.awards_of if entered.awards is not None else None,
    )
    click.echo(err=True)
    for line in batching.report(done):
        click.echo(line, err=True)
    if as_json:
        told = {"output": str(out), **asdict(done), "entered": entered_json(engine, on)}
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    for line in entered_lines(engine, on):
        click.echo(line)
    faults = f"，名单有 {done.bad} 处没有读取" if done.bad else ""
    click.echo(f"已写入 {out_path}：{done.applicants} 个申请人，可申请与差一点 {done.hits} 行{faults}")
    if every is not None:
        click.echo(f"已写入 {detail}：明细 {done.details} 行")


def read_columns(columns: tuple[str, ...]) -> dict[int, str | None]:
    """``C=职工人数`` as column 3 and the fact; ``D=`` leaves column 4 out. Raises BadInput."""
    from pinggu_desk.documents.books.grid import column_number

    found: dict[int, str | None] = {}
    for text in columns:
        letters, mark, name = text.partition("=")
        match = re.fullmatch(r"[A-Za-z]{1,3}", letters.strip())
        if match is None or not mark:
            raise BadInput(f"--column 的“{text[:40]}”看不懂，请写成如 C=职工人数（不读这一列写 C=）。")
        found[column_number(letters.strip().upper())] = name.strip() or None
    return found


def _beside(detail: str, source: str, out: Path | None) -> Path:
    """Where the detail goes: neither over the list nor over the result. Raises BadInput."""
    path = writable(detail)
    if path.resolve() in (Path(source).resolve(), out.resolve() if out is not None else None):
        raise BadInput(f"明细文件“{detail}”与名单或结果是同一个文件，请换一个文件名。")
    return path


def _seen(found: Preview, *, as_json: bool) -> list[str]:
    """How a list would be read, a line a column."""
    if as_json:
        return [json.dumps(asdict(found), ensure_ascii=False, indent=2)]
    lines = [f"工作表“{found.sheet}”，列名在第 {found.head_row} 行，最多 {found.claimed} 个申请人"]
    for one in found.columns:
        unit = f"（{one.unit}）" if one.unit and one.fact else ""
        what = f"{one.fact}{unit}" if one.fact else "不读取"
        lines.append(one_line(f"{one.letters}列“{one.head}” → {what}，{one.why}；如 {'、'.join(one.samples[:2])}"))
    return [*lines, *map(one_line, found.told)]


@click.command()
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def matters(as_json: bool) -> None:
    """列出来访的事由：名称、别的叫法、打开的支持事项。"""
    from pinggu_desk.commands.listing import matter_lines, matter_rows
    from pinggu_desk.policy.compiled import load_bundled

    pack = load_bundled()
    lines = [json.dumps({"groups": matter_rows(pack)}, ensure_ascii=False, indent=2)] if as_json else matter_lines(pack)
    for line in lines:
        click.echo(line)
