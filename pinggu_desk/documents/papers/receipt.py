"""The receipt (受理回执): what was handed in, when and to whom; what is still to come, and by when. For the applicant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pinggu_desk.documents.papers import common as papers
from pinggu_desk.documents.papers.notice import lacking_facts, limits
from pinggu_desk.documents.papers.parts import head, moment_words, tightest
from pinggu_desk.documents.pdf.fonts import FontBook, installed
from pinggu_desk.documents.pdf.page import FINE
from pinggu_desk.documents.pdf.pdfdoc import save, to_pdf
from pinggu_desk.documents.pdf.table import Cell, Table, cell
from pinggu_desk.documents.pdf.typeset import Span
from pinggu_desk.documents.proof.record import proof_of
from pinggu_desk.policy.district import here

if TYPE_CHECKING:
    from pathlib import Path

    from pinggu_desk.documents.pdf.page import Flow
    from pinggu_desk.documents.proof.record import Signer
    from pinggu_desk.documents.visit import Visit

RECEIPT_TITLE = "受理回执"
#: more open questions than this stand in the notice alone: the receipt is about what was handed in
_MOST_FACTS = 6


def make_receipt(visit: Visit, out: Path, book: FontBook | None = None) -> None:
    """Write the receipt, unsigned, to ``out`` in one step. Raises DeskError when it cannot be written."""
    save(receipt_bytes(visit, book), out)


def receipt_bytes(visit: Visit, book: FontBook | None = None, signer: Signer | None = None) -> bytes:
    """The receipt as a PDF, signed where it has a serial and a signer; one page when it can be."""
    flow = tightest(book or installed(), lambda flow: _compose(flow, visit))
    proof = proof_of(visit, RECEIPT_TITLE, signer)
    return to_pdf(papers.frame(visit).dress(flow), papers.about(visit, RECEIPT_TITLE), proof)


def _compose(flow: Flow, visit: Visit) -> None:
    head(flow, visit, here().title(RECEIPT_TITLE))
    flow.paragraph([Span(visit.applicant.name), Span("：")], first=0)
    asked = f"{papers.you(visit.applicant)}于{moment_words(visit)}在{papers.at_window(visit)}办理{papers.policy_name(visit)}"
    materials, facts = _materials(visit), lacking_facts(visit)
    flow.paragraph(f"{asked}相关事项，{_counts(visit)}")
    materials.draw_if_any(flow)
    if len(facts.rows) > _MOST_FACTS:
        flow.paragraph(f"另有 {len(facts.rows)} 项情况需要说明或者认定，见同时出具的一次性告知书。")
    else:
        facts.draw_if_any(flow)
    for words in limits(visit):
        flow.paragraph([Span("申请时限：", "hei"), Span(words)])
    if visit.contacts:
        flow.paragraph([Span("咨询：", "hei"), Span(papers.contact_words(visit.contacts))], justify=False)
    notes = [
        "本回执只说明窗口收到上列材料，不表示已经通过审核或者符合条件，以主管部门审核为准。",
        f"{visit.materials_note if materials.rows else ''}{papers.source_words(visit)}。",
    ]
    papers.close(flow, visit, notes=notes)


def _counts(visit: Visit) -> str:
    """How much came and how much is to come, in one clause of a sentence."""
    received = sum(line.state == "已收" for line in visit.materials)
    lacking = sum(line.state == "待补" for line in visit.materials)
    if not received and not lacking:
        return visit.materials_note
    came = f"收到材料 {received} 件" if received else "还没有收到材料"
    rest = f"还缺 {lacking} 件" if lacking else "应交的材料已经收齐"
    return f"{came}，{rest}，列明如下："


def _materials(visit: Visit) -> Table:
    """What was handed in (已收), then what is still to come (待补); how many copies is written in by hand."""
    rows: list[list[Cell]] = []
    for state in ("已收", "待补"):
        for line in visit.materials:
            if line.state == state:
                copies = "　　份" if state == "已收" else ""
                rows.append(
                    [
                        cell(str(len(rows) + 1), centred=True),
                        cell(line.material.name),
                        cell(papers.material_form(line.material) or "按主管部门要求", size=FINE),
                        cell(Span(state, "hei" if state == "待补" else "body")),
                        cell(copies, size=FINE),
                    ]
                )
    return Table((12, 80, 30, 16, 18), ("序号", "材料", "形式", "情况", "份数"), rows)
