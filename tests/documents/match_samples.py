"""Sample matches (示例) for the papers of 能享受什么: nothing known, an overlap, a near miss, a person, everything ruled out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from functools import cache
from typing import Any

from pinggu_desk.assess.match.match import Subject
from pinggu_desk.documents.matchvisit import MatchVisit, match_visit
from pinggu_desk.documents.visit import Party
from tests.assess.match.test_match import COUPLE, LISTED, MANUFACTURER
from tests.assess.profiles import ON, example, match_of

FIRM = Party("示例农机制造有限公司", "91110117MA0EXAMPL8")
PERSON = Party("示例甲", "110117199001011230", "个人")


def found(facts: dict[str, Any], subject: Subject, party: Party, *, on: date = ON, **more: Any) -> MatchVisit:
    """A match as the papers take it."""
    options = {"serial": "PG-3-20261124-0001-01", "clerk": "示例经办 003", "window": "3号窗口",
               "office": "示例街道政务服务中心", "printed_at": datetime(2026, 11, 24, 9, 30), **more}  # fmt: skip
    return match_visit(match_of(facts, subject=subject, on=on), party, **options)


@cache
def sample(name: str) -> MatchVisit:
    """One of the samples by name."""
    near = {**example("wzwm.fdi_cash"), "货币实物到位外资": "400万美元", "知识产权出资评估价值": "0"}
    match name:
        case "listed":
            return found(LISTED, "单位", FIRM, sources={"上市挂牌板块": "登记簿"})
        case "manufacturer":
            return found(MANUFACTURER, "单位", FIRM)
        case "near":
            return found(near, "单位", FIRM)
        case "couple":
            return found(COUPLE, "个人", PERSON)
        case "nothing":
            return found({}, "", Party(""), serial=None, clerk="", window="", office="", practice=True)
        case "before":
            return found(MANUFACTURER, "单位", FIRM, on=date(2023, 12, 31))
    raise KeyError(name)


SAMPLES = ("listed", "manufacturer", "near", "couple", "nothing", "before")


def of_party(which: str, /, **changes: Any) -> MatchVisit:
    """A sample whose applicant has other particulars."""
    one = sample(which)
    return replace(one, visit=replace(one.visit, applicant=replace(one.visit.applicant, **changes)))
