"""How things are said on the screen: identity numbers masked, days, how far a case is."""

from __future__ import annotations

from datetime import date, datetime

from pinggu_desk.desk.kit import Kind
from pinggu_desk.policy.identity import shown
from pinggu_desk.register.records import Applicant, Case, CaseState

#: state of a case -> the kind of badge
STATE_KINDS: dict[CaseState, Kind] = {"办理中": "info", "已出具": "good", "已撤销": "plain"}
KIND_ICONS = {"企业": "enterprise", "机构": "institution", "个人": "clerk"}


def masked(applicant: Applicant) -> str:
    """The applicant's code for a list: an identity number shows its ends only."""
    return shown(applicant.code, applicant.kind)


def about(applicant: Applicant) -> str:
    """Kind, code and mark of an applicant in one line."""
    return "　".join(part for part in (applicant.kind, masked(applicant), "示例" if applicant.sample else "") if part)


def day_words(day: date) -> str:
    """``2026年3月2日``."""
    return f"{day.year}年{day.month}月{day.day}日"


def moment_words(at: datetime, today: date) -> str:
    """``今天 10:32`` or ``3月2日 10:32``, with the year if it is another."""
    if at.date() == today:
        return f"今天 {at:%H:%M}"
    year = "" if at.year == today.year else f"{at.year}年"
    return f"{year}{at.month}月{at.day}日 {at:%H:%M}"


def how_far(case: Case, answered: int) -> str:
    """How far a case is: where it stands and how much was answered."""
    parts = [f"停在“{case.step}”" if case.step else "刚开始", f"已填 {answered} 项" if answered else ""]
    return "，".join(part for part in parts if part)
