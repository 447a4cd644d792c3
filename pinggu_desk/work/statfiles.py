"""Statistics as files: a workbook, a sheet of A4, comma-separated text; on the audit trail before anything is written."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pinggu_desk.documents.statistics.table import SUMS, StatRow, Told
from pinggu_desk.policy.errors import BadInput
from pinggu_desk.policy.quantity import grouped, yuan
from pinggu_desk.register import events

if TYPE_CHECKING:
    from pinggu_desk.documents.statistics.table import Measure, StatTable
    from pinggu_desk.register import Register

ENDINGS = (".xlsx", ".pdf", ".csv")


def check_ending(out: Path) -> None:
    """Raises BadInput for a file of a kind that statistics can't be written as."""
    if out.suffix.lower() not in ENDINGS:
        raise BadInput(f"“{out.name}”的格式不能写，统计可写成 {'、'.join(ENDINGS)}。")


def statistics_bytes(table: StatTable, ending: str, told: Told, measure: Measure | None = None) -> bytes:
    """The table as a file of that kind."""
    if ending == ".pdf":
        from pinggu_desk.documents.statistics.paper import statistics_pdf

        return statistics_pdf(table, told, measure)
    if ending == ".xlsx":
        from pinggu_desk.documents.statistics.book import statistics_book

        return statistics_book(table, told, measure)
    from pinggu_desk.documents.statistics.text import statistics_csv

    return statistics_csv(table, told)


def told_by(register: Register, made: datetime, office: str = "") -> Told:
    """Who makes it: the clerk at work, for which office; whether the register is one for practice."""
    clerk = register.clerk
    return Told(made.replace(microsecond=0), office, f"{clerk.name} {clerk.no}".strip(), register.practice)


def write_statistics(
    register: Register, table: StatTable, out: Path, made: datetime, *, office: str = "", measure: Measure | None = None
) -> Path:
    """Write the table to ``out``; the export is on the audit trail first. Raises DeskError, RegisterError."""
    from pinggu_desk.documents.pdf.pdfdoc import save

    check_ending(out)
    data = statistics_bytes(table, out.suffix.lower(), told_by(register, made, office), measure)
    register.record_event(events.STATISTICS_EXPORTED, "统计", trail_words(table))
    save(data, out)
    return out


def trail_words(table: StatTable) -> str:
    """What the trail says of an export: by what, of when, how many cases; no name."""
    return f"按{'、'.join(table.by)}，{table.period}，{table.total.cases} 件"


def figures_json(row: StatRow) -> dict[str, object]:
    """A row's figures as scripts read them: money as decimal strings in yuan."""
    return {
        "cases": row.cases, "applicants": row.applicants, "eligible": row.eligible, "review": row.review,
        "certain_yuan": yuan(row.certain_fen), "ceiling_yuan": yuan(row.ceiling_fen), "open": row.open,
    }  # fmt: skip


def figure_words(row: StatRow) -> list[str]:
    """A row's figures as they are read, sums in 元 with separators."""
    return [sum_words(value) if n in SUMS else f"{value:,}" for n, value in enumerate(row.figures)]


def sum_words(fen: int) -> str:
    """Fen as 元 with separators and two places."""
    return grouped(yuan(fen))
