"""Options that several commands share, each worded once."""

from __future__ import annotations

import click

FACTS = click.option("--facts", "facts_path", required=True, metavar="F.json", help="填报值文件（UTF-8 JSON）。")
ON = click.option("--on", "on_text", default=None, metavar="日期", help="判断日，默认今天，如 2026-04-01。")
PARAMETER = click.option(
    "--parameter", "parameters", multiple=True, metavar="名=值", help="外部参数，如 贷款市场报价利率=3.1%，可重复。"
)
JSON = click.option("--json", "as_json", is_flag=True, help="以 JSON 输出。")
POLICY = click.option("--policy", "policy_id", required=True, metavar="编号", help="政策编号。")
RECEIVED = click.option("--received", multiple=True, metavar="材料", help="已收到的材料，写名称，可重复。")
OUT = click.option("-o", "--output", "out_path", required=True, metavar="文件", help="写到哪个文件。")
