"""How long each kind of record is kept (保管期限): ``resources/retention.yaml``. No law gives the years; whoever is in charge sets them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

import yaml

from pinggu_desk.policy.resources import resource_root

ISSUED, WITHDRAWN, UNFINISHED = "已出具的办件", "撤销的办件", "没有办完的办件"
AWARDS, APPLICANTS = "已享受支持", "申请人资料"
KINDS = (ISSUED, WITHDRAWN, UNFINISHED, AWARDS, APPLICANTS)
MOST_YEARS = 100


@dataclass(frozen=True, slots=True)
class Term:
    """A kind of record, how many years it is kept unless the office says otherwise, the least it may say, from when they count, why."""

    kind: str
    years: int
    least: int
    since: str
    why: str


def load_terms(path: Path | None = None) -> Mapping[str, Term]:
    """The terms by kind. Raises `ValueError` for a file that doesn't say all of them."""
    return _load(path or resource_root() / "retention.yaml")


@lru_cache(maxsize=4)
def _load(path: Path) -> Mapping[str, Term]:
    rows = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    terms = {row["类别"]: Term(row["类别"], int(row["年"]), int(row["最少"]), row["起算"], row["理由"]) for row in rows}
    if tuple(terms) != KINDS or any(not 0 < term.least <= term.years <= MOST_YEARS for term in terms.values()):
        raise ValueError(f"{path}: terms for {KINDS} are wanted, each of 1 to {MOST_YEARS} years")
    return terms


def over_on(last: date, years: int) -> date:
    """The first day on which something is past its term that was last dealt with on ``last``: years from the next 1 January."""
    return date(min(last.year + 1 + years, 9999), 1, 1)
