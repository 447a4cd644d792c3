"""``pack …`` on the command line: the officer's work (build, sign) and the office's (install, list, diff, rollback)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pinggu_desk.commands.inputs import read_day
from pinggu_desk.commands.options import JSON, OUT, PACK
from pinggu_desk.places import data_home
from pinggu_desk.policy.errors import BadInput
from pinggu_desk.work.outputs import own_folder, writable
from pinggu_desk.work.packs.listing import pack_rows

if TYPE_CHECKING:
    from pinggu_desk.work.checking import Report
    from pinggu_desk.work.packs.diff import Changes
    from pinggu_desk.work.packs.store import PackStore

_ALL = click.option("--all", "whole", is_flag=True, help="逐处列出全部不同；不加时先按政策、支持事项说。")
_LIST = click.option("--list", "list_path", default=None, metavar="文件", help="把全部不同写进一个文字文件。")
_PASSWORD = click.option("--password-file", default=None, metavar="文件", help="密钥的口令所在文件（第一行）。")


@click.group(invoke_without_command=True, no_args_is_help=False)
@click.pass_context
def pack(context: click.Context) -> None:
    """政策包：起草、检查、打包、签名、安装、列出、比较、退回。"""
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


def _store() -> PackStore:
    from pinggu_desk.work.packs.store import PackStore

    return PackStore(data_home() / "packs")


# --- the officer's


@pack.command("new")
@click.argument("folder", metavar="目录")
@click.option("--text", "text_path", required=True, metavar="文件", help="政策原文，.txt（UTF-8）或 .docx。")
@click.option("--id", "policy_id", required=True, metavar="编号", help="政策编号，小写字母开头，如 rcbt。")
@click.option("--title", default="", metavar="名称", help="政策名称，默认取原文第一行。")
@click.option("--department", default="", metavar="部门", help="主管部门。")
def new(folder: str, text_path: str, policy_id: str, title: str, department: str) -> None:
    """从一份原文起草：逐句编号的 text.md，和写着原文数字的支持事项骨架，供人改写。"""
    from pinggu_desk.work.packs.draft import draft

    for path in draft(Path(folder), Path(text_path), policy_id, title=title, department=department):
        click.echo(f"已写入 {path}")
    click.echo("骨架里的“待写”逐条改成规则后，用 pack check 检查。")


@pack.command("schema")
@click.option("-o", "--output", "folder", required=True, metavar="目录", help="写到哪个目录。")
@PACK
def schema(folder: str) -> None:
    """生成 JSON Schema，编辑器凭它补全、解释政策包的各个文件，写错的地方当场标出。"""
    from pinggu_desk.documents.pdf.pdfdoc import save
    from pinggu_desk.policy.compiled import load_bundled
    from pinggu_desk.policy.schema import schemas

    out = own_folder(folder)
    for name, made in schemas(load_bundled()).items():
        path = out / f"{name.removesuffix('.yaml')}.schema.json"
        save((json.dumps(made, ensure_ascii=False, indent=1) + "\n").encode(), path)
        click.echo(f"已写入 {path}")


@pack.command("check")
@click.argument("where", metavar="目录或文件")
@JSON
def check(where: str, as_json: bool) -> None:
    """检查一个政策包目录或文件：格式、依据、逐句逐数、样例、表样。"""
    report = _checked(Path(where))
    if as_json:
        click.echo(json.dumps(report.to_json(), ensure_ascii=False, indent=2))
    else:
        for line in report.lines():
            click.echo(line)
    if report.findings:
        raise SystemExit(1)


def _checked(path: Path) -> Report:
    from pinggu_desk.work.packs.checking import check_folder, unpacked

    with unpacked(path) as folder:
        return check_folder(folder)


@pack.command("build")
@click.argument("folder", metavar="目录")
@OUT
@click.option(
    "--day", "day_text", default=None, metavar="日期", help="这一版的日期，默认今天；同一日期做出的文件逐字节相同。"
)
@click.option("--needs", default="", metavar="版本", help="需要的程序版本，默认本程序的版本。")
@click.option("--previous", default="", metavar="版本", help="接在哪一版政策包之后。")
def build(folder: str, out_path: str, day_text: str | None, needs: str, previous: str) -> None:
    """把政策包目录检查后做成一个文件；还没有签名。"""
    from pinggu_desk.documents.pdf.pdfdoc import save
    from pinggu_desk.work.packs.build import build as built
    from pinggu_desk.work.packs.build import folder_of
    from pinggu_desk.work.packs.checking import check_folder

    out, day = writable(out_path), read_day(day_text, "--day")
    report = check_folder(folder_of(folder))
    for one in (*report.findings, *report.unfinished):
        click.echo(str(one), err=True)
    if report.hindrances:
        if not report.findings:
            click.echo(f"规则没有发现问题，还有上面 {len(report.hindrances)} 处没有完成，完成以后再打包。", err=True)
        raise SystemExit(1)
    made = built(folder, day=day, pack=report.pack, needs=needs, previous=previous)
    save(made.to_bytes(), out)
    click.echo(f"已写入 {out_path}：{made.manifest.version}，{len(made.manifest.parts)} 个文件，尚未签名")


@pack.command("keygen")
@OUT
@click.option("--office", default="", metavar="名称", help="写进公钥文件的单位名称。")
@_PASSWORD
def keygen(out_path: str, office: str, password_file: str | None) -> None:
    """做一对政策包签名密钥：密钥自己保管，公钥（.pub）发给各窗口。"""
    from pinggu_desk.documents.pdf.pdfdoc import save
    from pinggu_desk.documents.proof.keys import ENDING, PublicKey, key_file
    from pinggu_desk.work.packs.build import new_key

    out = writable(out_path)
    beside = out.with_suffix(ENDING) if out.suffix != ENDING else out.with_name(out.name + ENDING)
    if beside.exists():
        raise BadInput(f"“{beside}”已经存在，请换一个文件名。")
    key = PublicKey(new_key(out, _password(password_file)), office)
    save(key_file(key).encode(), beside)
    click.echo(f"已写入 {out}（密钥，只能自己保管）和 {beside}（公钥，发给各窗口）")
    click.echo(f"公钥指纹 {key.fingerprint}")


@pack.command("sign")
@click.argument("file", metavar="文件")
@click.option("--key", "key_path", required=True, metavar="密钥", help="本区的签名密钥（pack keygen 做成）。")
@click.option("-o", "--output", "out_path", default=None, metavar="文件", help="写到哪个文件，默认写回原文件。")
@_PASSWORD
def sign(file: str, key_path: str, out_path: str | None, password_file: str | None) -> None:
    """用本区的密钥给政策包签名。"""
    from pinggu_desk.documents.pdf.pdfdoc import save
    from pinggu_desk.documents.proof.keys import PublicKey
    from pinggu_desk.work.packs.build import read_private_key, sign_file

    out = writable(out_path or file)
    made = sign_file(Path(file), read_private_key(Path(key_path), _password(password_file)))
    save(made.to_bytes(), out)
    assert made.signature is not None
    click.echo(f"已签名 {out}，公钥指纹 {PublicKey(made.signature.public).fingerprint}")


def _password(path: str | None) -> str:
    from pinggu_desk.work.packs.build import read_some

    if path is None:
        return ""
    text = read_some(Path(path), 4_000, "口令文件").decode("utf-8-sig", "replace")
    return text.splitlines()[0] if text else ""


# --- the office's


@pack.command("trust")
@click.argument("key_path", metavar="公钥")
def trust(key_path: str) -> None:
    """信任一个区的政策包公钥；只装由它签名的政策包。先电话核对指纹。"""
    from pinggu_desk.documents.proof.keys import read_key_file

    key = read_key_file(Path(key_path))
    new_one = _store().trust(key)
    click.echo(f"{'已信任' if new_one else '本来就信任'}{key.words}")


@pack.command("install")
@click.argument("file", metavar="文件")
@click.option("--older", is_flag=True, help="同意装比现用的旧的政策包。")
@click.option("--dry-run", is_flag=True, help="只检查、只说会变什么，不安装。")
@_ALL
@_LIST
@JSON
def install(file: str, older: bool, dry_run: bool, whole: bool, list_path: str | None, as_json: bool) -> None:
    """安装一个签了名的政策包；先核对签名、检查，说明会变什么；不合格的不装，现用的照常使用。"""
    from pinggu_desk.work.packs.build import read_file
    from pinggu_desk.work.packs.diff import compare

    store, path = _store(), Path(file)
    store.refuse(read_file(path), file, older=older)
    with _as_side(file) as new_side, _as_side("") as old_side:
        changes = compare(old_side, new_side)
    if as_json:
        click.echo(json.dumps(changes.to_json() | {"installed": not dry_run}, ensure_ascii=False, indent=2))
    _tell(changes, whole, list_path, quiet=as_json)
    if dry_run:
        return
    one = store.install(path, older=older)
    click.echo(f"已安装并启用 {one.manifest.version}（{one.manifest.title}）", err=as_json)


@pack.command("list")
@JSON
def list_(as_json: bool) -> None:
    """列出已装的政策包：哪个现用，谁签的名。"""
    rows = pack_rows(_store())
    if as_json:
        click.echo(json.dumps({"packs": rows}, ensure_ascii=False, indent=2))
        return
    for row in rows:
        mark = "现用" if row["serves"] else "　　"
        click.echo(f"{mark}  {row['version']}  {row['day']}  {row['title']}  {row['signed']}")


@pack.command("diff")
@click.argument("old", metavar="旧")
@click.argument("new_", metavar="新")
@_ALL
@_LIST
@JSON
def diff(old: str, new_: str, whole: bool, list_path: str | None, as_json: bool) -> None:
    """比较两个政策包（文件、目录或已装的版本；“现用”指现用的）：条款、规则、数字、填报项、表样。"""
    from pinggu_desk.work.packs.diff import compare

    with _as_side("" if old == "现用" else old) as one, _as_side("" if new_ == "现用" else new_) as other:
        changes = compare(one, other)
    if as_json:
        click.echo(json.dumps(changes.to_json(), ensure_ascii=False, indent=2))
    _tell(changes, whole, list_path, quiet=as_json)


def _tell(changes: Changes, whole: bool, list_path: str | None, *, quiet: bool) -> None:
    """The changes on the terminal, by policy first; the whole list where it is asked for, and into a file."""
    from pinggu_desk.documents.pdf.pdfdoc import save

    lines = changes.told(whole=whole)
    for line in () if quiet else lines:
        click.echo(line)
    if list_path is not None:
        save("".join(f"{line}\n" for line in changes.told(whole=True)).encode("utf-8-sig"), writable(list_path))
        click.echo(f"全部 {len(changes.items)} 处不同已写入 {list_path}", err=quiet)
    elif not quiet and len(lines) < len(changes.items):
        click.echo(f"逐处列出全部 {len(changes.items)} 处，加 --all；写进文件，加 --list 文件。")


def _as_side(where: str) -> Any:
    from pinggu_desk.work.packs.checking import side_of

    return side_of(where, _store())


@pack.command("rollback")
def rollback() -> None:
    """退回到上一个用过的政策包。"""
    one = _store().rollback()
    click.echo(f"已退回到 {one.manifest.version}（{one.manifest.title}）" if one else "已退回到程序自带的政策包")


__all__ = ["pack"]
