"""What an issued paper states, short: of each benefit the result and its sums in fen, without the working.

A paper's determinations come to some forty thousand characters; ten thousand cases could not be counted by reading them. What is
kept here is made once, when the paper is recorded (or, for papers of an earlier program, when it is first asked for), and says
nothing that the paper doesn't.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Any, NamedTuple

#: so many fields has a finding without a figure
_PLAIN = 3
_STATUSES = ("eligible", "review", "unknown", "ineligible")


class Finding(NamedTuple):
    """One benefit's result on a paper.

    ``certain`` is the sum that the paper counts (None where it states none), ``given_up`` what of the benefit's own sum it doesn't
    count, because it may not be had together with another or a joint limit is reached. ``ceiling`` is a figure that is only a ceiling;
    ``open`` marks money whose figure is neither (a range, or the department's to settle). Of loans, rates and services nothing is a sum.
    ``told`` says whether the paper tells what may be had together (papers of an earlier program don't).
    """

    benefit: str
    title: str
    status: str
    certain: int | None = None
    given_up: int = 0
    ceiling: int | None = None
    open: bool = False
    told: bool = True


def condense(determinations_json: str) -> str:
    """The findings of a paper's determinations, as text to keep; a paper that can't be read states nothing.

    What the visitor never mentioned (来访未涉及) is no result of his.
    """
    from pinggu_desk.assess.match.bundle import SUMMED

    try:
        stated = json.loads(determinations_json)
    except ValueError:
        stated = []
    rows = [
        _short(_finding(d, SUMMED))
        for d in (stated if isinstance(stated, list) else [])
        if isinstance(d, dict) and d.get("status") in _STATUSES and not d.get("not_raised")
    ]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"))


def read_findings(text: str) -> list[Finding]:
    """What ``condense`` kept."""
    return [_plain(*row) if len(row) == _PLAIN else Finding(*row) for row in json.loads(text)]


@lru_cache(maxsize=4096)
def _plain(benefit: str, title: str, status: str) -> Finding:
    """A result without a figure: most are, and the same ones over and over."""
    return Finding(benefit, title, status)


def _short(finding: Finding) -> list[Any]:
    plain = Finding(finding.benefit, finding.title, finding.status)
    return list(finding[:_PLAIN] if finding == plain else finding)


def _finding(d: Mapping[str, Any], money_kinds: Collection[str]) -> Finding:
    benefit, title, status = str(d.get("benefit", "")), str(d.get("title", "")), str(d["status"])
    money = d.get("kind") in money_kinds and "rate_pct" not in d and "rate_max_pct" not in d
    if status != "eligible" or not money:
        return Finding(benefit, title, status)
    figure = d.get("figure")
    own = _fen(d.get("amount_yuan")) if figure == "computed" else _fen(d.get("max_yuan")) if figure == "up_to" else None
    counted = _fen(d.get("counted_yuan"))
    if own is None:
        return Finding(benefit, title, status, open=counted != 0)
    taken = own if counted is None else min(counted, own)
    told = counted is not None
    if figure == "up_to":
        return Finding(benefit, title, status, ceiling=taken, told=told)
    return Finding(benefit, title, status, certain=taken, given_up=own - taken, told=told)


def _fen(yuan: object) -> int | None:
    """``"1234.50"`` as fen; None for anything else."""
    try:
        fen = Fraction(str(yuan)) * 100
    except (ValueError, ZeroDivisionError):
        return None
    return fen.numerator if fen.denominator == 1 else None
