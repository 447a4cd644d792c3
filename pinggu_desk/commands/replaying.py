"""``replay``: papers that were issued, worked out again by the pack and the figures that stood then."""

from __future__ import annotations

import json

import click

from pinggu_desk.commands.options import JSON
from pinggu_desk.policy.errors import BadInput


@click.command("replay")
@click.option(
    "--register", "folder", default=None, metavar="目录", help="登记库文件夹，或其上一级数据目录；默认是本机的。"
)
@click.option("--clerk", "clerk_no", default=None, metavar="工号", help="工号；登记库只有一名经办人时可不写。")
@JSON
def replay(folder: str | None, clerk_no: str | None, as_json: bool) -> None:
    """重算登记库里出具过的文书：按当时的政策包、外部参数和更正，应逐字节相同。

    口令从终端输入（不显示），或从标准输入读一行。
    """
    from pinggu_desk.commands.statistics import open_register, register_folder
    from pinggu_desk.places import data_home, packs_of
    from pinggu_desk.policy.compiled import load_bundled
    from pinggu_desk.register import events
    from pinggu_desk.register.errors import RegisterError
    from pinggu_desk.work.packs.replay import Engines
    from pinggu_desk.work.packs.replay import replay as made_again
    from pinggu_desk.work.packs.store import PackStore

    place = register_folder(folder or str(data_home()))
    try:
        register = open_register(place, clerk_no)
        try:
            papers = register.papers_with_basis()
            found = made_again(iter(papers), Engines(PackStore(packs_of(place)), load_bundled()))
            found.without = register.papers_without_basis()
            register.record_event(events.REPLAYED, "登记库", f"{found.same} 份相同，{len(found.wrong)} 份不同")
        finally:
            register.close()
    except RegisterError as error:
        raise BadInput(error.sentence) from error
    if as_json:
        wrong = [{"serial": serial, "why": why} for serial, why in found.wrong]
        click.echo(
            json.dumps({"same": found.same, "wrong": wrong, "without": found.without}, ensure_ascii=False, indent=2)
        )
    else:
        for line in found.lines():
            click.echo(line)
    if found.wrong:
        raise SystemExit(1)
