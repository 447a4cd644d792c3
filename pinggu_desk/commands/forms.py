"""``forms check`` and ``forms map`` on the command line."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import click

from pinggu_desk.work.forms import check_json, check_lines, map_lines, policy_of
from pinggu_desk.work.outputs import writable


@click.group(invoke_without_command=True, no_args_is_help=False)
@click.pass_context
def forms(context: click.Context) -> None:
    """申请表表样：单位用自己的表样替换时，检查名称、按标签拟出名称。"""
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


_FORM = click.argument("form_path", metavar="文件")
_FORM_POLICY = click.option("--policy", "policy_id", default=None, metavar="编号", help="表样属于哪项政策。")


@forms.command("check")
@_FORM
@_FORM_POLICY
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出。")
def forms_check(form_path: str, policy_id: str | None, as_json: bool) -> None:
    """检查一份表样：认得哪些名称，缺哪些，哪些拼错了。"""
    from pinggu_desk.documents.sheet.forms import check_form
    from pinggu_desk.policy.pack import load_pack

    path, pack = Path(form_path), load_pack()
    report = check_form(path, pack, policy_of(path, policy_id, pack))
    if as_json:
        click.echo(json.dumps(check_json(report), ensure_ascii=False, indent=2))
    else:
        for line in check_lines(path, report):
            click.echo(line)
    if not report.ok:
        raise SystemExit(1)


@forms.command("draw")
@click.option("--policy", "policy_ids", multiple=True, metavar="编号", help="只画这项政策的，可重复；不写则画全部。")
@click.option("-o", "--output", "folder", default=None, metavar="目录", help="写到哪个目录，默认政策包的 forms。")
def forms_draw(policy_ids: tuple[str, ...], folder: str | None) -> None:
    """照政策的规则画申请表表样：每个填报项一格；表上另有的话写在政策旁的 form.yaml。"""
    from pinggu_desk.policy.pack import load_pack
    from pinggu_desk.work.forms import draw_forms

    for path in draw_forms(load_pack(), policy_ids, folder):
        click.echo(f"已写入 {path}")


@forms.command("map")
@_FORM
@_FORM_POLICY
@click.option("-o", "--output", "out_path", required=True, metavar="文件", help="写到哪个文件。")
def forms_map(form_path: str, policy_id: str | None, out_path: str) -> None:
    """按空白表样上的标签拟出名称，另存一份，供人核对。"""
    from pinggu_desk.documents.pdf.pdfdoc import save
    from pinggu_desk.documents.sheet.forms import check_form
    from pinggu_desk.documents.sheet.mapping import draft_names
    from pinggu_desk.policy.pack import load_pack

    path, out, pack = Path(form_path), writable(out_path), load_pack()
    policy = policy_of(path, policy_id, pack)
    draft = draft_names(path, pack, policy)
    save(draft.to_bytes(datetime.now()), out)
    for line in map_lines(draft, check_form(out, pack, policy)):
        click.echo(line)
    click.echo(f"已写入 {out_path}")
