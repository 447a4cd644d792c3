"""The ledger (台账) as a workbook: a case a row, a paper a row, what was found a row; to sort, filter, add up and file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from typing import Any

from pinggu_desk.assess.determination import FIGURE_WORDS, STATUS_WORDS
from pinggu_desk.documents.books.ledger import LedgerCase
from pinggu_desk.documents.books.listbook import MOMENT_FORMAT, Column, fill_list, fill_pairs, new_book
from pinggu_desk.documents.sheet.cells import MONEY_FORMAT
from pinggu_desk.documents.sheet.file import workbook_bytes
from pinggu_desk.documents.sheet.values import PRACTICE, Money, Number, Value
from pinggu_desk.policy.district import here

LEDGER_TITLE = "办件台账"
_CASES = (
    Column("办件编号", 24), Column("申请人", 34), Column("政策", 38), Column("判断日", 16),
    Column("开办时间", 18, MOMENT_FORMAT), Column("状态", 9), Column("文书（件）", 9), Column("可申请（项）", 9),
    Column("按条款计算的资金（元）", 18, MONEY_FORMAT), Column("经办人工号", 12), Column("政策包版本", 22),
)  # fmt: skip
_PAPERS = (
    Column("文书编号", 27), Column("办件编号", 24), Column("申请人", 34), Column("文书", 20),
    Column("出具时间", 18, MOMENT_FORMAT), Column("经办人工号", 12), Column("文件名", 60),
)  # fmt: skip
_FOUND = (
    Column("办件编号", 24), Column("申请人", 34), Column("支持事项", 34), Column("结论", 12), Column("金额口径", 24),
    Column("确定金额（元）", 16, MONEY_FORMAT), Column("下限（元）", 16, MONEY_FORMAT),
    Column("上限（元）", 16, MONEY_FORMAT), Column("条款号", 14), Column("依据文书", 27),
)  # fmt: skip


def ledger_book_bytes(
    cases: Sequence[LedgerCase], made: datetime, *, office: str = "", clerk: str = "", picked: str = "全部",
    practice: bool = False, anchor: str = "",
) -> bytes:  # fmt: skip
    """The ledger of ``cases`` as .xlsx: 台账, 文书, 结论, 说明.

    ``picked`` says which cases these are, ``anchor`` how far the register's audit trail went (登记库校验).
    """
    book, sheet = new_book("台账")
    found = {case.number: _found(case) for case in cases}
    fill_list(sheet, _CASES, (_case(case, found[case.number]) for case in cases), still=2)
    fill_list(book.create_sheet("文书"), _PAPERS, _papers(cases), still=1)
    rows = (_finding(case, d) for case in cases for d in found[case.number])
    fill_list(book.create_sheet("结论"), _FOUND, rows, still=3)
    fill_pairs(
        book.create_sheet("说明"), LEDGER_TITLE, _notes(cases, made, office, clerk, picked, anchor, practice=practice)
    )
    return workbook_bytes(book, made, LEDGER_TITLE, office or here().program)


def _found(case: LedgerCase) -> list[Mapping[str, Any]]:
    """What the case's latest paper states; a paper that can't be read states nothing here."""
    if not case.papers:
        return []
    try:
        stated = json.loads(case.papers[-1].determinations_json)
    except ValueError:
        return []
    return [d for d in stated if isinstance(d, dict) and d.get("status") in STATUS_WORDS]


def _computed(d: Mapping[str, Any]) -> int | None:
    """The sum of an eligible benefit that is certain, in fen."""
    sure = d["status"] == "eligible" and d.get("figure") == "computed"
    return _fen(d.get("amount_yuan")) if sure else None


def _fen(yuan: str | None) -> int | None:
    """``"1234.50"`` as fen."""
    if yuan is None:
        return None
    fen = Fraction(yuan) * 100
    return fen.numerator if fen.denominator == 1 else None


def _money(fen: int | None) -> Money | None:
    return None if fen is None else Money(fen)


def _case(case: LedgerCase, found: Sequence[Mapping[str, Any]]) -> list[Value | None]:
    grants = [d for d in found if d.get("kind") in ("grant", "interest")]
    sums = [fen for d in grants if (fen := _computed(d)) is not None]
    eligible = sum(d["status"] == "eligible" for d in found)
    return [
        case.number, case.applicant, case.policy, case.on, case.opened_at, case.state,
        Number(Fraction(len(case.papers))), Number(Fraction(eligible)) if case.papers else None,
        Money(sum(sums)) if sums else None, case.clerk_no, case.pack_version,
    ]  # fmt: skip


def _papers(cases: Iterable[LedgerCase]) -> Iterable[list[Value | None]]:
    for case in cases:
        for paper in case.papers:
            yield [
                paper.serial,
                case.number,
                case.applicant,
                paper.kind,
                paper.issued_at,
                paper.clerk_no,
                paper.file_name,
            ]


def _finding(case: LedgerCase, d: Mapping[str, Any]) -> list[Value | None]:
    ruled_out = d["status"] == "ineligible"
    figure = "" if ruled_out else FIGURE_WORDS.get(d.get("figure") or "by_review", "")
    least, most = (None, None) if ruled_out else (_fen(d.get("min_yuan")), _fen(d.get("max_yuan")))
    return [
        case.number, case.applicant, str(d.get("title", "")), STATUS_WORDS[d["status"]],
        figure if d.get("figure") else "", _money(_computed(d)), _money(least), _money(most), str(d.get("clause", "")),
        case.papers[-1].serial,
    ]  # fmt: skip


def _notes(
    cases: Sequence[LedgerCase], made: datetime, office: str, clerk: str, picked: str, anchor: str, *, practice: bool
) -> Iterable[tuple[str, Value]]:
    if practice:
        yield "演练", PRACTICE
    yield "范围", picked
    yield "办件数", Number(Fraction(len(cases)))
    yield "结论", "取自每个办件最近出具的一件文书；没有出具文书的办件没有结论。以主管部门审核为准。"
    yield (
        "按条款计算的资金",
        "只加能够确定的资金和贴息；上限、区间、由主管部门核定的和贷款、补贴率不计入，也没有扣除不能并领的部分。",
    )
    yield "金额单位", "元；空白表示没有这个数，不是零。"
    yield "个人信息", "本表含申请人名称，不含证件号码；导出已记入审计记录，用完请按规定保管、销毁。"
    if anchor:
        yield "登记库校验", f"{anchor}（请打印或另存一份：以后可用它核对登记库有没有被改动）"
    if office:
        yield "单位", office
    if clerk:
        yield "导出人", clerk
    yield "导出时间", f"{made.year}年{made.month}月{made.day}日 {made:%H:%M}"
