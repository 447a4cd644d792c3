"""A case that was judged by another pack (政策包) than the one that serves: opened by its own, and what differs. Knows no Qt."""

from __future__ import annotations

from dataclasses import dataclass

from pinggu_desk.assess.engine import Engine
from pinggu_desk.desk.services import Services
from pinggu_desk.desk.wizard.record import CaseRecord, interview_of
from pinggu_desk.desk.wizard.together import Together, open_together
from pinggu_desk.register import Register
from pinggu_desk.work.packs.changed import PackChange, pack_change


@dataclass(frozen=True, slots=True)
class Judged:
    """A case as it is opened: by which engine, and what another pack would change; ``change`` is None where none serves."""

    record: CaseRecord
    together: Together | None
    engine: Engine
    change: PackChange | None


def open_judged(register: Register, services: Services, case_id: int) -> Judged:
    """Open a case by the pack that it was judged by. On the register's thread. Raises `NotFound`.

    Where that pack isn't kept, by the one that serves, and that is told.
    """
    version, now = register.case(case_id).pack_version, services.pack.version
    old = services.engine_of(version)
    engine = old or services.engine
    record, together = open_together(register, engine, case_id)
    if version == now or record.case.policy_id not in engine.pack.policies:
        return Judged(record, together, engine, None)
    change = pack_change(
        version, now, (lambda: interview_of(engine, record).determinations) if old is not None else None,
        lambda: interview_of(services.engine, record).determinations,
    )  # fmt: skip
    return Judged(record, together, engine, change)
