"""Where a kept fact or award came from, in the words of screens and papers: one maker for all of them."""

from __future__ import annotations

from pinggu_desk.register.records import Award, Noted


def award_origin(award: Award) -> str:
    """``示例发〔2025〕1号，部门名单“兑现表.xlsx”第 3 行，2026-03-02 工号 01 登记``; empty where nothing is kept of it."""
    noted = f"{award.at:%Y-%m-%d} 工号 {award.clerk_no} 登记" if award.at is not None else ""
    former = "往年项目" if award.title else ""
    return "，".join(filter(None, (former, award.document, award.origin, noted)))


def fact_origin(one: Noted) -> str:
    """``办件 PG-03-20260302-0001``, ``名单导入“花名册.xlsx”第 3 行，2026-03-02 工号 01 录入``, ``窗口登记``."""
    if one.case_number:
        return one.case_number
    who = f"，{one.at:%Y-%m-%d} 工号 {one.clerk_no} 录入" if one.clerk_no else ""
    return f"{one.origin or '窗口登记'}{who}"


__all__ = ["award_origin", "fact_origin"]
