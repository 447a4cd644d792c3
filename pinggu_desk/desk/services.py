"""What pages are given: the pack, the engine, the register's door, the settings, and how papers and wizards are made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from pinggu_desk.desk.operations import Operations
from pinggu_desk.desk.page import Page
from pinggu_desk.desk.settings import SettingsStore
from pinggu_desk.policy.models import Pack
from pinggu_desk.register.records import Case, Clerk


@dataclass(slots=True)
class Services:
    """Built once by the composition root; each page takes what it needs from it.

    ``make_wizard`` makes the wizard page of a case; ``engine`` and ``papers`` are the wizard's (how facts become
    determinations, how a visit becomes papers). ``clerk`` is who is logged in, set by the window at each login.
    """

    pack: Pack
    operations: Operations
    settings: SettingsStore
    folder: Path
    practice: bool
    make_wizard: Callable[[Services, Case], Page]
    engine: Any = None
    papers: Any = None
    today: Callable[[], date] = date.today
    clerk: Clerk = field(default_factory=lambda: Clerk("", ""))

    def policy_title(self, policy_id: str) -> str:
        """The title of a policy; its id when the pack has none such (a case of an older pack)."""
        policy = self.pack.policies.get(policy_id)
        return policy.title if policy else policy_id
