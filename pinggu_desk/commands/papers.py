"""The papers of a visit on the command line: each is written whole, unregistered, or not at all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pinggu_desk.commands import visits
from pinggu_desk.commands.entered import answers_as_the_desk
from pinggu_desk.commands.inputs import read_day
from pinggu_desk.commands.options import FACTS, ON, OUT, PARAMETER, POLICY, RECEIVED
from pinggu_desk.work.outputs import writable

if TYPE_CHECKING:
    from pinggu_desk.documents.visit import Visit


def _printable(visit: Visit) -> Visit:
    """Name the characters that no font has before anything is printed; the paper shows their code points."""
    from pinggu_desk.documents.pdf.fonts import missing_glyphs

    lacking = missing_glyphs([visit.applicant.name, *(item.value for item in visit.stated)])
    if lacking:
        click.echo(f"提示：随附字体没有{'、'.join(lacking)}，纸上以码位表示，请手写补上。", err=True)
    return visit


def _paper(make: Callable[[Visit, Path], None], visit: Visit, out_path: str) -> None:
    make(visit, writable(out_path))
    click.echo(f"已写入 {out_path}（未登记）")


def _paper_command(name: str, title: str) -> click.Command:
    """A command for one of the PDF papers."""

    @click.command(name, help=f"出具{title}（PDF，未登记）。")
    @answers_as_the_desk
    @FACTS
    @POLICY
    @ON
    @PARAMETER
    @RECEIVED
    @OUT
    def command(
        facts_path: str, policy_id: str, on_text: str | None, parameters: tuple[str, ...], received: tuple[str, ...],
        out_path: str,
    ) -> None:  # fmt: skip
        from pinggu_desk.documents.pdf.pdfdoc import save
        from pinggu_desk.work.papers import Papers

        visit = _printable(
            visits.visit(visits.engine_here(read_day(on_text)), facts_path, policy_id, on_text, parameters, received)
        )
        _paper(lambda visit, out: save(Papers().pdf_bytes(title, visit), out), visit, out_path)

    return command


@click.command()
@answers_as_the_desk
@FACTS
@click.option(
    "--policy", "policy_ids", multiple=True, required=True, metavar="编号", help="政策编号；写几项就合在一张正页上。"
)
@ON
@PARAMETER
@RECEIVED
@OUT
def letter(
    facts_path: str, policy_ids: tuple[str, ...], on_text: str | None, parameters: tuple[str, ...],
    received: tuple[str, ...], out_path: str,
) -> None:  # fmt: skip
    """出具政策符合性告知书（PDF，未登记）：正页和附页。"""
    from pinggu_desk.documents.papers.letter import make_letter

    visit = visits.visit_over(
        visits.engine_here(read_day(on_text)), facts_path, policy_ids, on_text, parameters, received
    )
    _paper(make_letter, _printable(visit), out_path)


@click.command()
@answers_as_the_desk
@FACTS
@POLICY
@ON
@PARAMETER
@click.option(
    "--forms", "forms_path", default=None, metavar="目录", help="单位自己的表样放在哪个目录，默认数据目录下的 forms。"
)
@OUT
def sheet(
    facts_path: str, policy_id: str, on_text: str | None, parameters: tuple[str, ...], forms_path: str | None, out_path: str
) -> None:  # fmt: skip
    """填好申请表（xlsx，未登记）。"""
    from pinggu_desk.documents.sheet.fill import make_sheet
    from pinggu_desk.work.forms import chosen_form

    engine = visits.engine_here(read_day(on_text))
    visit = visits.visit(engine, facts_path, policy_id, on_text, parameters)
    form, told = chosen_form(visit.policy, engine.pack, None if forms_path is None else Path(forms_path))
    if told:
        click.echo(f"提示：{told}", err=True)
    _paper(lambda visit, out: make_sheet(visit, out, form), visit, out_path)


PAPERS = (
    letter, *(_paper_command(name, title) for name, title in (
        ("notice", "一次性告知书"), ("receipt", "受理回执"), ("checklist", "材料清单"), ("working", "测算明细"),
    )), sheet,
)  # fmt: skip
