"""Statistics on the command line: a register is opened with its clerk's password, which never stands in the arguments."""

from __future__ import annotations

import json
import sys
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pinggu_desk.commands.options import JSON
from pinggu_desk.policy.errors import BadInput

if TYPE_CHECKING:
    from pinggu_desk.documents.statistics.table import StatTable
    from pinggu_desk.register import Register
    from pinggu_desk.work.periods import Period
    from pinggu_desk.work.statistics import Cube, Dimension, Query

_DEFAULT = "政策"


@click.command()
@click.option(
    "--data", "folder", required=True, metavar="目录", help="数据目录（其下的 register），或登记库文件夹本身。"
)
@click.option("--clerk", "clerk_no", default=None, metavar="工号", help="用谁的口令打开；只有一名经办人时可不写。")
@click.option(
    "--by",
    "dimensions",
    multiple=True,
    metavar="方面",
    help="按什么统计：政策、支持事项、结论、月份、经办人、窗口；可写两次，默认政策。",
)
@click.option("--from", "since", default=None, metavar="日期", help="从哪一天开办的办件起（含），如 2026-01-01。")
@click.option("--to", "until", default=None, metavar="日期", help="到哪一天开办的办件止（含）。")
@click.option(
    "--only", "only", multiple=True, metavar="方面=值", help="只统计这一项，如 窗口=03、结论=可申请，可重复。"
)
@click.option("--office", default="", metavar="名称", help="写进表头的单位名称。")
@click.option("-o", "--output", "out_path", default=None, metavar="文件", help="写成 .xlsx、.pdf 或 .csv。")
@JSON
def statistics(
    folder: str, clerk_no: str | None, dimensions: tuple[str, ...], since: str | None, until: str | None,
    only: tuple[str, ...], office: str, out_path: str | None, as_json: bool,
) -> None:  # fmt: skip
    """统计登记库里的办件：按政策、支持事项、结论、月份、经办人、窗口，确定金额和上限分开。

    口令从终端输入（不显示），或从标准输入读一行；不写在命令里。
    """
    from pinggu_desk.register.errors import RegisterError
    from pinggu_desk.work.outputs import writable
    from pinggu_desk.work.statfiles import check_ending

    out = writable(out_path) if out_path is not None else None
    if out is not None:
        check_ending(out)
    by, period = read_dimensions(dimensions), read_period(since, until)
    try:
        table = _counted(folder, clerk_no, by, period, only, out, office)
    except RegisterError as error:
        raise BadInput(error.sentence) from error
    if out is not None:
        click.echo(f"已写入 {out_path}：{table.total.cases} 件", err=as_json)
    if as_json:
        click.echo(json.dumps(statistics_json(table), ensure_ascii=False, indent=2))
    elif out is None:
        for line in statistics_lines(table):
            click.echo(line)


def _counted(
    folder: str, clerk_no: str | None, by: tuple[Dimension, ...], period: Period, only: tuple[str, ...],
    out: Path | None, office: str,
) -> StatTable:  # fmt: skip
    """Open the register, count, write the file that was asked for, close the register. Raises DeskError, RegisterError."""
    from pinggu_desk.policy.compiled import load_bundled
    from pinggu_desk.work.statfiles import write_statistics
    from pinggu_desk.work.statistics import read_cube

    register = open_register(register_folder(folder), clerk_no)
    try:
        cube = read_cube(register, load_bundled(), _tell if sys.stderr.isatty() else lambda _done, _all: None)
        table = cube.table(query_of(cube, by, period, only))
        if out is not None:
            write_statistics(register, table, out, datetime.now(), office=office)
    finally:
        register.close()
    return table


def read_dimensions(words: tuple[str, ...]) -> tuple[Dimension, ...]:
    """The dimensions that were named. Raises `BadInput`."""
    from pinggu_desk.work.statistics import DIMENSIONS, Query, check_query

    known: dict[str, Dimension] = {str(name): name for name in DIMENSIONS}
    wanted = words or (_DEFAULT,)
    for word in wanted:
        if word not in known:
            raise BadInput(f"“--by {word}”不能统计，可用的有{'、'.join(DIMENSIONS)}。")
    by = tuple(known[word] for word in wanted)
    check_query(Query(by))
    return by


def read_period(since: str | None, until: str | None) -> Period:
    """From one day to another. Raises `BadInput`."""
    from pinggu_desk.commands.inputs import read_day
    from pinggu_desk.work.periods import own

    def day(text: str | None, option: str) -> date | None:
        return read_day(text, option) if text is not None else None

    return own(day(since, "--from"), day(until, "--to"))


def query_of(cube: Cube, by: tuple[Dimension, ...], period: Period, only: tuple[str, ...]) -> Query:
    """The question; values are named by id or as the table shows them. Raises `BadInput`."""
    from pinggu_desk.work.statistics import DIMENSIONS, Query

    picked: list[tuple[Dimension, str]] = []
    for word in only:
        name, _, value = word.partition("=")
        dimension = next((d for d in DIMENSIONS if d == name.strip()), None)
        if dimension is None:
            raise BadInput(f"“--only {word}”看不懂，应写成 方面=值，方面可用{'、'.join(DIMENSIONS)}。")
        there = cube.values(dimension)
        found = [key for key, label in there if value.strip() in (key, label)]
        if not found:
            some = "、".join(label for _, label in there[:8])
            raise BadInput(f"登记库的办件里没有{dimension}“{value.strip()}”" + (f"，有的是{some}。" if some else "。"))
        picked.append((dimension, found[0]))
    return Query(by, period, tuple(picked))


def register_folder(folder: str) -> Path:
    """The register's folder: the one named, or the one beneath a data folder."""
    from pinggu_desk.register import Register

    path = Path(folder)
    return path if Register.exists(path) or not (path / "register").is_dir() else path / "register"


def open_register(folder: Path, clerk_no: str | None) -> Register:
    """Open a register by the password that is typed, unseen, or read from standard input. Raises DeskError."""
    from pinggu_desk.register import Register

    clerks = Register.clerks_of(folder)
    if clerk_no is None:
        if len(clerks) != 1:
            raise BadInput(
                f"登记库有 {len(clerks)} 名经办人，请用 --clerk 写明工号：{'、'.join(no for no, _ in clerks)}。"
            )
        clerk_no = clerks[0][0]
    return Register.open(folder, clerk_no=clerk_no, password=read_password(clerk_no))


def read_password(clerk_no: str) -> str:
    """A password that is typed, unseen, or the first line of standard input. Raises `BadInput`."""
    if sys.stdin is not None and sys.stdin.isatty():
        return str(click.prompt(f"工号 {clerk_no} 的口令", hide_input=True, err=True))
    line = sys.stdin.readline().rstrip("\r\n") if sys.stdin is not None else ""
    if not line:
        raise BadInput("没有读到口令，请在终端里输入，或从标准输入给一行。")
    return line


def _tell(done: int, every: int) -> None:
    click.echo(f"\r已读 {done}/{every} 件", nl=done >= every, err=True)


def statistics_json(table: StatTable) -> dict[str, object]:
    """The table as scripts read it: money as decimal strings in yuan."""
    from pinggu_desk.work.statfiles import figures_json

    return {
        "by": list(table.by), "period": table.period, "picked": table.picked,
        "rows": [dict(zip(table.by, row.keys, strict=True)) | figures_json(row) for row in table.rows],
        "total": figures_json(table.total), "notes": list(table.notes),
    }  # fmt: skip


def statistics_lines(table: StatTable) -> list[str]:
    """The table for a terminal."""
    from pinggu_desk.documents.statistics.table import HEADS
    from pinggu_desk.work.statfiles import figure_words

    lines = [f"{table.title}　{table.period}" + (f"　{table.picked}" if table.picked else "")]
    for row in (*table.rows, table.total):
        told = "，".join(f"{head} {words}" for head, words in zip(HEADS, figure_words(row), strict=True))
        lines.append(f"{row.label}：{told}")
    return [*lines, *(f"说明：{note}" for note in table.notes)]
