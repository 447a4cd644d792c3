"""Options that several commands share, each worded once."""

from __future__ import annotations

import click

from pinggu_desk.policy.resources import choose_pack

FACTS = click.option("--facts", "facts_path", required=True, metavar="F.json", help="填报值文件（UTF-8 JSON）。")
ON = click.option("--on", "on_text", default=None, metavar="日期", help="判断日，默认今天，如 2026-04-01。")
PARAMETER = click.option(
    "--parameter", "parameters", multiple=True, metavar="名=值", help="外部参数，如 贷款市场报价利率=3.1%，可重复。"
)
JSON = click.option("--json", "as_json", is_flag=True, help="以 JSON 输出。")
POLICY = click.option("--policy", "policy_id", required=True, metavar="编号", help="政策编号。")
RECEIVED = click.option("--received", multiple=True, metavar="材料", help="已收到的材料，写名称，可重复。")
OUT = click.option("-o", "--output", "out_path", required=True, metavar="文件", help="写到哪个文件。")


def _use_pack(_context: click.Context, _option: click.Parameter, folder: str | None) -> None:
    from pinggu_desk.commands.inputs import pack_folder

    if folder is not None:
        choose_pack(pack_folder(folder))


PACK = click.option(
    "--pack", metavar="目录", default=None, expose_value=False, is_eager=True, callback=_use_pack,
    help="用另一处的政策包（其中有 policies 子目录）；也可用环境变量 PINGGU_DESK_PACK 指明。",
)  # fmt: skip


def with_pack(command: click.Command) -> None:
    """Let a command, or each command of a group, be given another pack's folder, unless it has such an option itself."""
    for one in command.commands.values() if isinstance(command, click.Group) else (command,):
        if not any("--pack" in parameter.opts for parameter in one.params):
            PACK(one)
