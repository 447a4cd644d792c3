"""The same work without a window: UTF-8 JSON on request, one Chinese sentence for bad input."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pinggu_desk import __version__
from pinggu_desk.commands import bundles, importing, visits
from pinggu_desk.commands.audit import audit
from pinggu_desk.commands.entered import answers_as_the_desk
from pinggu_desk.commands.forms import forms
from pinggu_desk.commands.inputs import pack_folder, read_day
from pinggu_desk.commands.lists import batch, matters
from pinggu_desk.commands.options import FACTS, JSON, ON, OUT, PACK, PARAMETER, with_pack
from pinggu_desk.commands.packs import pack as packs
from pinggu_desk.commands.papers import PAPERS
from pinggu_desk.commands.replaying import replay
from pinggu_desk.commands.servers import register
from pinggu_desk.commands.statistics import statistics
from pinggu_desk.places import data_home, fault_sentence
from pinggu_desk.policy.characters import one_line
from pinggu_desk.policy.errors import BadInput, BadPack, DeskError
from pinggu_desk.policy.resources import MANUALS, choose_pack, manual_path
from pinggu_desk.work.outputs import writable
from pinggu_desk.work.packs.serving import serve

if TYPE_CHECKING:
    from pinggu_desk.policy.models import Pack


@click.group(
    context_settings={"help_option_names": ["-h", "--help"]}, invoke_without_command=True, no_args_is_help=False
)
@click.option("--self-test", "self_test", is_flag=True, help="检查程序自身：模块、字体、政策包、表样、登记簿、文书。")
@PACK
@click.version_option(__version__, "--version", message="pinggu-desk %(version)s", help="显示版本。")
@click.pass_context
def cli(context: click.Context, self_test: bool) -> None:
    """不带命令打开窗口；带命令在命令行办同样的事。"""
    if self_test:
        from pinggu_desk.commands.selftest import self_test as run_self_test

        context.exit(run_self_test(lambda line: click.echo(line)))
    elif context.invoked_subcommand is None:
        click.echo(context.get_help())


def _pack() -> Pack:
    from pinggu_desk.policy.compiled import load_bundled

    return load_bundled()


def _emit(data: Any) -> None:
    click.echo(json.dumps(data, ensure_ascii=False, indent=2))


@cli.command()
@ON
@JSON
def policies(on_text: str | None, as_json: bool) -> None:
    """列出每项政策和支持事项：编号、名称、条款、用到的填报项；有几个版本的，各自的起止。"""
    from pinggu_desk.commands.listing import policy_rows, version_lines

    on = read_day(on_text)
    pack = _pack().at(on)
    rows = policy_rows(pack, on)
    if as_json:
        _emit({"pack": pack.version, "on": on.isoformat(), "policies": rows})
        return
    for row in rows:
        click.echo(f"{row['id']}  {row['title']}{'' if row['in_pack'] else '（该日有效的文本不在政策包内）'}")
        for line in version_lines(row):
            click.echo(line)
        for benefit in row["benefits"]:
            click.echo(f"    {benefit['id']}  {benefit['title']}（{benefit['place']}）")


@cli.command()
@JSON
def facts(as_json: bool) -> None:
    """列出填报项：名称、代号、类型、单位、选项。"""
    from pinggu_desk.commands.listing import fact_rows

    rows = fact_rows(_pack())
    if as_json:
        _emit({"facts": rows})
        return
    for row in rows:
        choices = f"（{'、'.join(row['options'])}）" if row["options"] else f"（{row['unit']}）" if row["unit"] else ""
        click.echo(f"{row['id']}  {row['name']}  {row['kind']}{choices}  {row['question']}")


@cli.command()
@answers_as_the_desk
@FACTS
@click.option("--policy", "policy_ids", multiple=True, metavar="编号", help="只测算这项政策，可重复。")
@ON
@PARAMETER
@JSON
def assess(
    facts_path: str, policy_ids: tuple[str, ...], on_text: str | None, parameters: tuple[str, ...], as_json: bool
) -> None:  # fmt: skip
    """按填报值测算，每个支持事项一个结论，逐条写明依据。"""
    from pinggu_desk.assess.ahead import changes_ahead
    from pinggu_desk.assess.engine import Answers
    from pinggu_desk.commands.listing import determination_lines
    from pinggu_desk.work.entered import entered_json, entered_lines

    on = read_day(on_text)
    engine = visits.engine_here(on)
    wanted = [visits.known(engine.pack, policy) for policy in policy_ids] or None
    given = visits.read_given(engine, facts_path, parameters)
    determinations = visits.determinations(engine, given, on, wanted)
    warnings = visits.tell_doubts(engine, given, on)
    changes = changes_ahead(engine, Answers(on, given.values, given.awards), wanted)
    if as_json:
        _emit({
            "pack": engine.pack.version, "on": on.isoformat(),
            "determinations": [determination.to_json() for determination in determinations],
            "warnings": warnings, "changes_ahead": [one.to_json() for one in changes], "entered": entered_json(engine, on),
        })  # fmt: skip
        return
    for determination in determinations:
        click.echo("\n".join(determination_lines(engine.pack, determination)))
    for change in changes:
        click.echo(f"即将变化：{change.words}。")
    for line in entered_lines(engine, on):
        click.echo(line)


@cli.command()
@answers_as_the_desk
@FACTS
@click.option(
    "--matter",
    "words",
    multiple=True,
    metavar="事由",
    help="来访的事由，如 买设备、专利，可重复；没说到的列为来访未涉及。",
)
@click.option("--subject", default="全部", type=click.Choice(["单位", "个人", "全部"]), help="只看单位或个人能享受的。")
@ON
@PARAMETER
@click.option(
    "--choose", "chosen", multiple=True, metavar="事项", help="由申请人选择的，选哪一项（编号或名称），可重复。"
)
@click.option("--what-if", "changes", multiple=True, metavar="填报项=值", help="试算：改一个值看什么会变，可重复。")
@click.option("--compare-on", "other_on", default=None, metavar="日期", help="与另一个判断日对比。")
@click.option(
    "--compare-pack", "other_pack", default=None, metavar="目录", help="与另一版政策包（resources 目录）对比。"
)
@click.option(
    "-o", "--output", "out_path", default=None, metavar="文件", help="写成政策匹配清单，.pdf 或 .xlsx（未登记）。"
)
@JSON
def match(
    facts_path: str, words: tuple[str, ...], subject: str, on_text: str | None, parameters: tuple[str, ...],
    chosen: tuple[str, ...], changes: tuple[str, ...], other_on: str | None, other_pack: str | None, out_path: str | None,
    as_json: bool,
) -> None:  # fmt: skip
    """能享受什么：所有政策逐项分组、最优组合、下一个要问的、差一点的。"""
    from pinggu_desk.commands import matching
    from pinggu_desk.work.entered import entered_json, entered_lines
    from pinggu_desk.work.packs.against import against

    on = read_day(on_text)
    engine = visits.engine_here(on)
    given = visits.read_given(engine, facts_path, parameters)
    mentioned = matching.read_matters(engine, words)
    found, other = matching.find_match(engine, given, on, subject, mentioned, chosen), {}
    warnings, doubted = visits.tell_doubts(engine, given, on), []
    if changes:
        tried = other["what_if"] = matching.what_if(found, changes)
        doubted = visits.tell_tried(engine, found.answers.values, tried.answers.values, on)
    if other_on is not None:
        other["other_date"] = matching.find_match(engine, given, read_day(other_on), subject, mentioned, chosen)
    if other_pack is not None:
        other["other_pack"] = against(found, pack_folder(other_pack))
    if out_path is not None:
        matching.write(found, given, out_path)
        click.echo(f"已写入 {out_path}（未登记）", err=as_json)
        if not as_json:
            return
    if as_json:
        report = matching.report(found, other) | {"warnings": warnings, "entered": entered_json(engine, on)}
        if changes:
            report["what_if"]["warnings"] = doubted
        _emit(report)
        return
    for line in (*matching.lines(found, other), *entered_lines(engine, on)):
        click.echo(line)


@cli.command()
@JSON
@click.option("--pack", "pack_root", default=None, metavar="目录", help="检查另一处的政策包（resources 目录）。")
@click.option(
    "--no-examples", "quick", is_flag=True, help="不重算样例，只要几秒，边改边查时用；定稿前请不带这一项再查一遍。"
)
def check(as_json: bool, pack_root: str | None, quick: bool) -> None:
    """检查政策包：格式、单位、依据、原文每一句每一个数、表样上的名称，样例逐个重算。"""
    from pinggu_desk.work.checking import check_everything, with_examples

    def tell(done: int, every: int) -> None:
        if sys.stderr.isatty():
            click.echo(f"\r样例已重算 {done}/{every} 项政策", nl=done == every, err=True)

    root = pack_folder(pack_root) if pack_root else None
    report = check_everything(root)
    if not quick:
        report = with_examples(report, root, tell)
    if as_json:
        _emit(report.to_json())
    else:
        for line in report.lines():
            click.echo(line)
    if report.findings:
        raise SystemExit(1)


@cli.command()
@click.argument("paper", required=False, metavar="[LETTER.pdf]")
@click.option("--code", default=None, metavar="文字", help="扫描纸面二维码得到的文字；与文件同给时核对两者是否同一件。")
@click.option(
    "--key", "key_paths", multiple=True, metavar="公钥", help="出具单位的公钥文件，可重复；默认用本机登记库的。"
)
@click.option("--show-record", is_flag=True, help="验真未通过时，也显示文件里的记录（未经证实）。")
@JSON
def verify(
    paper: str | None, code: str | None, key_paths: tuple[str, ...], show_record: bool, as_json: bool
) -> None:  # fmt: skip
    """验真：是不是某单位签发的、有没有改动；不用网络，不用登记库。"""
    from pinggu_desk.work import verifying

    found = verifying.verdict(paper, code, key_paths)
    if as_json:
        _emit(verifying.verdict_json(found))
    else:
        for line in (found.sentence, *found.lines):
            click.echo(line)
        if show_record and found.record:
            click.echo("文件里的记录写着（未经证实）：")
            for line in found.record:
                click.echo(f"    {line}")
    if not found.ok:
        raise SystemExit(1)


@cli.command("public-key")
@click.option("--register", default=None, metavar="目录", help="登记库文件夹，默认本机的。")
@click.option("--office", default="", metavar="名称", help="写进文件的单位名称。")
@OUT
def public_key(register: str | None, office: str, out_path: str) -> None:
    """导出本单位的验真公钥（可以公开），供其他窗口验真。"""
    from pinggu_desk.documents.pdf.pdfdoc import save
    from pinggu_desk.work import verifying

    save(verifying.own_key_file(register, office).encode(), writable(out_path))
    click.echo(f"已写入 {out_path}")


@cli.command("sign-off")
@click.option("--policy", "policy_ids", multiple=True, metavar="编号", help="只出这项政策，可重复；不写则出全部。")
@click.option("-o", "--output", "out_path", default=None, metavar="文件或文件夹", help="写到 .xlsx、.pdf 或文件夹。")
@click.option("--read", "filled", default=None, metavar="文件", help="读入填好意见的审签稿（.xlsx），记入政策包。")
def sign_off(policy_ids: tuple[str, ...], out_path: str | None, filled: str | None) -> None:
    """出审签稿：原文、规则读法、样例并列，供政策主管逐句签字；填好的再读回来，记下谁在哪天审定了哪一句。"""
    from pinggu_desk.work import signoffs

    pack = _pack()
    if (out_path is None) == (filled is None):
        raise BadInput("出审签稿请用 -o 写明文件，读入填好的请用 --read 写明文件，两者写一个。")
    if filled is not None:
        taken = signoffs.take_in(pack, Path(filled))
        click.echo(taken.words)
        return
    assert out_path is not None
    folders = pack.folders()
    wanted = [one if one in folders else visits.known(pack, one) for one in policy_ids] or list(folders)
    for path in signoffs.sign_off(pack, wanted, out_path, datetime.now()):
        click.echo(f"已写入 {path}")


@cli.command("manual")
@click.argument("name", type=click.Choice(MANUALS))
@OUT
def manual(name: str, out_path: str) -> None:
    """把手册印成 PDF：窗口人员手册、政策维护手册、部署与运维手册。"""
    from pinggu_desk.documents.papers.manual import manual_pdf
    from pinggu_desk.documents.pdf.pdfdoc import save

    path = manual_path(name)
    out = writable(out_path)
    try:
        text = path.read_text(encoding="utf-8")
    except OSError:
        raise BadInput(f"程序文件夹里没有“{path.name}”，请重新安装程序。") from None
    save(manual_pdf(text, path.parent, datetime.now(), _pack().district.program), out)
    click.echo(f"已写入 {out_path}")


for paper in PAPERS:
    cli.add_command(paper)
cli.add_command(batch)
cli.add_command(matters)
cli.add_command(statistics)
cli.add_command(audit)
cli.add_command(register)
for command in (*bundles.COMMANDS, *importing.COMMANDS):
    register.add_command(command)
cli.add_command(forms)
for each in cli.commands.values():
    with_pack(each)
cli.add_command(packs)
cli.add_command(replay)


# --- errors ---------------------------------------------------------------------------------------------------


def run(arguments: list[str]) -> int:
    """Run one command; the exit code. Bad input is one Chinese sentence on standard error, never a stack trace."""
    _utf8()
    try:
        serve(data_home() / "packs", lambda sentence: click.echo(one_line(sentence), err=True))
        code = cli.main(args=arguments, prog_name="pinggu-desk", standalone_mode=False)
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else 0
    except click.exceptions.Exit as leaving:
        return leaving.exit_code
    except click.ClickException as error:
        return _refuse(_usage_sentence(error))
    except BadPack as error:
        return _refuse(error.sentence)
    except DeskError as error:
        return _refuse(error.sentence)
    except (KeyboardInterrupt, click.Abort):  # click turns the one into the other while a command runs
        return _refuse("已中止。")
    except BrokenPipeError:
        return 0
    except OSError as error:
        return _fault(error) if not error.filename else _refuse(_of_disk(error))
    except Exception as error:  # noqa: BLE001
        return _fault(error)
    finally:
        choose_pack(None)
    return code if isinstance(code, int) else 0


def main() -> None:
    """Entry point for scripts that only want the command line."""
    sys.exit(run(sys.argv[1:]))


def _of_disk(error: OSError) -> str:
    from pinggu_desk.register.files import disk_sentence

    return disk_sentence(error)


def _fault(error: Exception) -> int:
    """A fault of ours: told in one sentence, kept in a file."""
    click.echo(fault_sentence(error), err=True)
    return 70


def _refuse(sentence: str) -> int:
    click.echo(one_line(sentence), err=True)
    return 2


def _utf8() -> None:
    """Output is UTF-8 whatever the terminal's code page says."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8")


def _usage_sentence(error: click.ClickException) -> str:
    if isinstance(error, click.NoSuchOption):
        return f"没有“{error.option_name}”这个选项，用 --help 查看可用的选项。"
    if isinstance(error, click.MissingParameter):
        names = error.param.opts if error.param is not None else []
        return f"缺少“{max(names, key=len) if names else '参数'}”，请补上。"
    if isinstance(error, click.BadOptionUsage):
        return f"“{error.option_name}”后面缺少值，请补上。"
    if isinstance(error, click.UsageError) and "No such command" in error.message:
        name = error.message.split("'")[1] if "'" in error.message else ""
        group = error.ctx.command if error.ctx is not None else cli
        known = group.commands if isinstance(group, click.Group) else cli.commands
        return f"没有“{name}”这个命令，可用的有{'、'.join(known)}。"
    return "命令行写法不对，用 --help 查看用法。"
