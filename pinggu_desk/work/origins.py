"""Where a kept fact or award came from, in the words of screens and papers: one maker for all of them."""

from __future__ import annotations

from pinggu_desk.register.records import Award


def award_origin(award: Award) -> str:
    """``示例发〔2025〕1号，部门名单“兑现表.xlsx”第 3 行，2026-03-02 工号 01 登记``; empty where nothing is kept of it."""
    noted = f"{award.at:%Y-%m-%d} 工号 {award.clerk_no} 登记" if award.at is not None else ""
    former = "往年项目" if award.title else ""
    return "，".join(filter(None, (former, award.document, award.origin, noted)))


__all__ = ["award_origin"]
