"""The checklist (材料清单): every material with its form, seal, where to get it, its clause, and a box to tick."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pinggu_desk.documents.papers import common as papers
from pinggu_desk.documents.papers.notice import limits
from pinggu_desk.documents.papers.parts import disclaimer, head, made_by, tightest
from pinggu_desk.documents.pdf.fonts import FontBook, installed
from pinggu_desk.documents.pdf.page import FINE, FOOT
from pinggu_desk.documents.pdf.pdfdoc import save, to_pdf
from pinggu_desk.documents.pdf.table import Table, cell
from pinggu_desk.documents.pdf.typeset import Span
from pinggu_desk.documents.proof.record import proof_of
from pinggu_desk.policy.district import here

if TYPE_CHECKING:
    from pathlib import Path

    from pinggu_desk.documents.pdf.page import Flow
    from pinggu_desk.documents.proof.record import Signer
    from pinggu_desk.documents.visit import Visit

CHECKLIST_TITLE = "材料清单"
_BOXES = {"已收": "√", "待补": "□", "不适用": "—"}


def make_checklist(visit: Visit, out: Path, book: FontBook | None = None) -> None:
    """Write the checklist, unsigned, to ``out`` in one step. Raises DeskError when it cannot be written."""
    save(checklist_bytes(visit, book), out)


def checklist_bytes(visit: Visit, book: FontBook | None = None, signer: Signer | None = None) -> bytes:
    """The checklist as a PDF, signed where it has a serial and a signer; one page when it can be."""
    flow = tightest(book or installed(), lambda flow: _compose(flow, visit))
    proof = proof_of(visit, CHECKLIST_TITLE, signer)
    return to_pdf(papers.frame(visit).dress(flow), papers.about(visit, CHECKLIST_TITLE), proof)


def _compose(flow: Flow, visit: Visit) -> None:
    head(flow, visit, here().title(CHECKLIST_TITLE))
    flow.paragraph([Span(visit.applicant.name), Span("：")], first=0)
    table = _table(visit)
    opening = f"{papers.you(visit.applicant)}办理{papers.policy_name(visit)}相关事项，"
    if table.rows:
        flow.paragraph(f"{opening}应准备下列材料，备齐一件勾一件：")
        table.draw(flow)
        flow.paragraph("□ 待交　√ 窗口已收　— 经核对不适用")
    else:
        flow.paragraph(f"{opening}{visit.materials_note}")
    if table.rows:
        flow.paragraph([Span("说明：", "hei"), Span(visit.materials_note)])
    for words in limits(visit):
        flow.paragraph([Span("申请时限：", "hei"), Span(words)])
    if visit.contacts:
        flow.paragraph([Span("咨询：", "hei"), Span(papers.contact_words(visit.contacts))], justify=False)
    _foot(flow, visit)


def _foot(flow: Flow, visit: Visit) -> None:
    """What the paper is not, and who made it; kept together, in the smaller size."""
    texts = (f"{disclaimer('清单')}{papers.source_words(visit)}，政策包版本 {visit.edition}。", made_by(visit))
    table = Table((156,), (), [[cell(*texts, size=min(FOOT, FINE))]])
    flow.space(flow.pitch / 2)
    table.draw(flow, together=True)


def _table(visit: Visit) -> Table:
    rows = []
    for number, line in enumerate(visit.materials, start=1):
        material = line.material
        rows.append(
            [
                cell(str(number), centred=True),
                cell(Span(_BOXES[line.state], "hei"), centred=True),
                cell(material.name),
                cell(papers.material_form(material) or "按主管部门要求", size=FINE),
                cell(material.source or "自备", size=FINE),
                cell(papers.place(visit, material.clause) if material.clause else "", size=FINE),
            ]
        )
    return Table((12, 12, 54, 32, 24, 22), ("序号", "核对", "材料", "形式与盖章", "到哪里取得", "依据"), rows)
