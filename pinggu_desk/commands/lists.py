"""Lists on the command line: ``batch`` holds applicants against every policy, ``matters`` says what visitors come with."""

from __future__ import annotations

from datetime import datetime

import click

from pinggu_desk.commands.inputs import read_day, read_parameters
from pinggu_desk.work.outputs import writable


@click.command()
@click.argument("list_path", metavar="名单.xlsx")
@click.option("--sheet", "sheet", default=None, metavar="名称", help="读哪个工作表，默认第一个有列名的。")
@click.option("--on", "on_text", default=None, metavar="日期", help="判断日，默认今天，如 2026-04-01。")
@click.option(
    "--parameter", "parameters", multiple=True, metavar="名=值", help="外部参数，如 贷款市场报价利率=3.1%，可重复。"
)
@click.option("--whole-numbers", "whole", is_flag=True, help="结果里证件号码写全；不写这一项的，中间几位隐去。")
@click.option("-o", "--output", "out_path", required=True, metavar="文件", help="写到哪个文件。")
def batch(
    list_path: str, sheet: str | None, on_text: str | None, parameters: tuple[str, ...], whole: bool, out_path: str
) -> None:  # fmt: skip
    """批量测算：一份名单（每行一个申请人，列名为填报项）对全部政策，结果写成工作簿。

    以往奖励可另列一个工作表“以往奖励”：申请人名称或代码、支持事项、奖励金额、奖励日期（或年份）；没有领过的写“无”。
    """
    from pinggu_desk.documents.books.applicants import open_book

    out, on = writable(out_path), read_day(on_text)
    book = open_book(list_path)  # before the engine is made, so that a bad file is told at once
    from pinggu_desk.assess.engine import Engine
    from pinggu_desk.policy.compiled import load_bundled
    from pinggu_desk.work import batch as batching

    engine = Engine(load_bundled())
    engine.enter(read_parameters(parameters, engine.pack))
    done = batching.run_batch(engine, list_path, out, on, datetime.now(), batching.tell, sheet, book, whole=whole)
    click.echo(err=True)
    for line in batching.report(done):
        click.echo(line, err=True)
    faults = f"，名单有 {done.bad} 处没有读取" if done.bad else ""
    click.echo(f"已写入 {out_path}：{done.applicants} 个申请人，明细 {done.details} 行{faults}")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def matters(as_json: bool) -> None:
    """列出来访的事由：名称、别的叫法、打开的支持事项。"""
    import json

    from pinggu_desk.commands.listing import matter_lines, matter_rows
    from pinggu_desk.policy.compiled import load_bundled

    pack = load_bundled()
    lines = [json.dumps({"groups": matter_rows(pack)}, ensure_ascii=False, indent=2)] if as_json else matter_lines(pack)
    for line in lines:
        click.echo(line)
