"""What the ledger's workbook (台账) is made of; kept apart from the making, whose libraries are slow to load."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class LedgerPaper:
    """An issued paper: its serial, kind, file name, when and by whom, and the determinations it states, as JSON."""

    serial: str
    kind: str
    file_name: str
    issued_at: datetime
    clerk_no: str
    determinations_json: str


@dataclass(frozen=True, slots=True)
class LedgerCase:
    """A case as the ledger lists it, with its papers, oldest first."""

    number: str
    applicant: str
    policy: str
    on: date
    opened_at: datetime
    state: str
    clerk_no: str
    pack_version: str
    papers: tuple[LedgerPaper, ...]
