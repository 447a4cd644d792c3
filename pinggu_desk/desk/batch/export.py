"""The results of a run as files: the workbook, and every benefit of every applicant beside it as CSV when asked for."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pinggu_desk.desk.batch.background import Step, Stop, Work

if TYPE_CHECKING:
    from pinggu_desk.desk.batch.found import Found
    from pinggu_desk.desk.batch.session import ListSession


def write(session: ListSession, found: Found, path: Path, *, detail: bool, whole: bool) -> Work:
    """What writes the results to ``path``, in one step, off the screen's thread; it gives the sentence that says so.

    The list is run once more, by the very function of the command line, with the same columns and past awards: what a
    workbook says of each benefit would not fit into memory for a hundred thousand applicants.
    """
    engine, source, on, sheet, choices = found.engine, session.source, found.on, session.sheet, session.ran_with
    beside = path.with_name(f"{path.stem}_明细.csv") if detail else None

    def work(step: Step, stop: Stop) -> str:
        from pinggu_desk.work.batch import run_batch

        done = run_batch(
            engine, source, path, on, datetime.now(), step, sheet, choices=choices, awards_of=session.awards_of,
            detail=beside, stop=stop, whole=whole,
        )  # fmt: skip
        also = f"；明细 {done.details:,} 行：{beside}" if beside is not None else ""
        return f"已保存：{path}（{done.applicants:,} 个申请人）{also}"

    return work
