"""``register import-applicants``, ``import-awards``: what a list would change in the register, shown first, written when said."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pinggu_desk.commands.backups import CLERK, DATA
from pinggu_desk.commands.bundles import opened
from pinggu_desk.commands.inputs import read_day
from pinggu_desk.commands.lists import read_columns
from pinggu_desk.commands.options import JSON
from pinggu_desk.policy.characters import brief, one_line
from pinggu_desk.policy.errors import BadInput

if TYPE_CHECKING:
    from pinggu_desk.register import Register
    from pinggu_desk.register.importing import Imported, Source
    from pinggu_desk.work.importing.items import Item, Preview

_MOST_TOLD = 200
LIST = click.argument("list_path", metavar="名单.xlsx")
SHEET = click.option("--sheet", "sheet", default=None, metavar="名称", help="读哪个工作表，默认第一个有列名的。")
COLUMN = click.option(
    "--column", "columns", multiple=True, metavar="列=填报项",
    help="指定某一列是什么，如 C=联系电话；等号后留空为不读这一列，可重复。",
)  # fmt: skip
ANSWER = click.option(
    "--answer",
    "answers",
    multiple=True,
    metavar="行=第几项",
    help="要先定的一行定为哪一项，如 5=1；一行要定几次的依次写，可重复。",
)
WRITE = click.option("--write", "write", is_flag=True, help="写入登记库；不写这一项只预览。")


@click.command("import-applicants")
@LIST
@SHEET
@COLUMN
@click.option("--on", "on_text", default=None, metavar="日期", help="名单说的是哪一天的情况，默认今天，如 2026-04-01。")
@ANSWER
@WRITE
@DATA
@CLERK
@JSON
def import_applicants(
    list_path: str, sheet: str | None, columns: tuple[str, ...], on_text: str | None, answers: tuple[str, ...], write: bool,
    data: str | None, clerk_no: str | None, as_json: bool,
) -> None:  # fmt: skip
    """申请人名单导入登记库：先预览新登记、有变化、要先定的，加 --write 才写入；要先定而没有定的不写入。

    口令从终端输入（不显示），或从标准输入读一行；不写在命令里。
    """
    from pinggu_desk.policy.compiled import load_bundled
    from pinggu_desk.register.importing import Source
    from pinggu_desk.work.importing.applicants import plan_applicants
    from pinggu_desk.work.importing.rows import digest_of, read_applicants, shape_here

    on, said, given = read_day(on_text), read_columns(columns), read_answers(answers)
    pack = load_bundled().at(on)
    source = Source(Path(list_path).name, digest_of(list_path), on, "申请人")
    shape = shape_here(pack, list_path, sheet, said)
    with opened(data, clerk_no) as at_work:
        choices = {**remembered(at_work, shape), **said}
        read = read_applicants(pack, list_path, on, sheet=sheet, said=choices, sample=at_work.practice)
        plan = plan_applicants(at_work, read, on)
        at_work.note_import_seen(source, plan.matched)
        answer_all(plan, given)
        done = written(at_work, source, plan, (shape, choices) if said else None) if write else None
    tell(plan, done, as_json=as_json)


@click.command("import-awards")
@LIST
@SHEET
@COLUMN
@ANSWER
@WRITE
@DATA
@CLERK
@JSON
def import_awards(
    list_path: str, sheet: str | None, columns: tuple[str, ...], answers: tuple[str, ...], write: bool, data: str | None,
    clerk_no: str | None, as_json: bool,
) -> None:  # fmt: skip
    """部门的以往奖励名单导入登记库：申请人、支持事项、奖励金额、奖励日期（或年份）、文号；先预览，加 --write 才写入。

    口令从终端输入（不显示），或从标准输入读一行；不写在命令里。
    """
    from pinggu_desk.policy.compiled import load_bundled
    from pinggu_desk.register.importing import Source
    from pinggu_desk.work.importing.awards import plan_awards, read_awards
    from pinggu_desk.work.importing.rows import digest_of
    from pinggu_desk.work.listpreview import preview_awards

    today, said, given = read_day(None), read_columns(columns), read_answers(answers)
    pack = load_bundled().at(today)
    source = Source(Path(list_path).name, digest_of(list_path), today, "以往奖励")
    shape = preview_awards(pack, list_path, sheet, said).shape
    with opened(data, clerk_no) as at_work:
        choices = {**remembered(at_work, shape), **said}
        plan = plan_awards(at_work, pack, read_awards(pack, list_path, today, sheet=sheet, said=choices), today)
        at_work.note_import_seen(source, plan.matched)
        answer_all(plan, given)
        done = written(at_work, source, plan, (shape, choices) if said else None) if write else None
    tell(plan, done, as_json=as_json)


def written(
    register: Register, source: Source, plan: Preview, shape: tuple[str, dict[int, str | None]] | None
) -> Imported:
    """Write what was agreed to; ``shape`` is what was said of the columns, kept for the next list of that shape."""
    if shape is not None:
        register.keep_list_shape(*shape)
    return register.import_list(source, plan.entries())


def remembered(register: Register, shape: str) -> dict[int, str | None]:
    """What was said of the columns of an earlier list of this shape."""
    kept = register.list_shape(shape)
    return dict(kept.choices) if kept is not None else {}


def read_answers(texts: tuple[str, ...]) -> dict[int, list[int]]:
    """``5=1`` as the answers by row, in their order. Raises BadInput."""
    found: dict[int, list[int]] = {}
    for text in texts:
        match = re.fullmatch(r"\s*([0-9]{1,7})\s*=\s*([0-9]{1,4})\s*", text)
        if match is None:
            raise BadInput(f"--answer 的“{brief(text)}”看不懂，请写成如 5=1（名单第 5 行定为第 1 项）。")
        found.setdefault(int(match[1]), []).append(int(match[2]))
    return found


def answer_all(plan: Preview, given: Mapping[int, list[int]]) -> None:
    """Answer what was asked, by row. Raises BadInput for an answer to no question."""
    rows = {row: item for item in plan.items for row in item.rows}
    for row, numbers in given.items():
        for number in numbers:
            item = rows.get(row)
            question = item.question if item is not None else None
            if item is None or question is None:
                raise BadInput(f"名单第 {row} 行没有要定的，请对照预览核对 --answer。")
            if not 1 <= number <= len(question.options):
                raise BadInput(f"名单第 {row} 行只有 {len(question.options)} 项可定，没有第 {number} 项。")
            plan.answer(item, question.options[number - 1])


def tell(plan: Preview, done: Imported | None, *, as_json: bool) -> None:
    """Show a preview, and what was written."""
    if as_json:
        click.echo(json.dumps(_as_json(plan, done), ensure_ascii=False, indent=2))
        return
    items = plan.ordered()
    for item in items[:_MOST_TOLD]:
        click.echo(one_line(f"{item.state}　{item.place}　{item.who}　{item.number}　{item.summary}"))
        for number, option in enumerate(item.question.options if item.question else (), 1):
            click.echo(f"　　{number} {one_line(option.words)}")
    if len(items) > _MOST_TOLD:
        click.echo(f"……另有 {len(items) - _MOST_TOLD} 个没有列出，全部见 --json。")
    for one in plan.unread[:_MOST_TOLD]:
        click.echo(one_line(f"没有读出　{one.place}：{one.sentence}"))
    for line in plan.told:
        click.echo(one_line(line))
    click.echo(f"{plan.words}。")
    if done is None:
        click.echo("这是预览，登记库没有变化；加 --write 写入。")
    else:
        click.echo(f"已写入登记库：{done.words}。" if done.any else "没有要写入的，登记库没有变化。")


def _as_json(plan: Preview, done: Imported | None) -> dict[str, Any]:
    return {
        "written": None if done is None else asdict(done), "summary": plan.words, "items": [_item(item) for item in plan.ordered()],
        "unchanged": plan.count("没有变化"),
        "unread": [{"place": one.place, "sentence": one.sentence} for one in plan.unread], "told": list(plan.told),
    }  # fmt: skip


def _item(item: Item) -> dict[str, Any]:
    question = item.question
    return {
        "rows": list(item.rows), "who": item.who, "number": item.number, "state": item.state,
        "changes": [
            {"name": one.name, "before": one.before, "after": one.after, "taken": one.ticked, "note": one.note}
            for one in item.changes
        ],
        "question": question.words if question else None,
        "options": [option.words for option in question.options] if question else [], "told": item.told,
    }  # fmt: skip


COMMANDS = (import_applicants, import_awards)
