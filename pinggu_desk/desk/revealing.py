"""Showing a number whole (F8): on the audit trail first, then on the screen. One way for every page."""

from __future__ import annotations

from collections.abc import Callable

from pinggu_desk.desk.services import Services


def note_numbers(services: Services, applicant_id: int | None, then: Callable[[], None]) -> None:
    """Put it on the trail whose number is shown whole, and go on once it is there; a role that may not is told so."""
    services.operations.run(lambda register: register.note_numbers_shown(applicant_id), lambda _none: then())
