"""Issuing a paper on what was seen: nobody is handed one that stands on answers which a colleague has changed meanwhile."""

from __future__ import annotations

from typing import NamedTuple

from pinggu_desk.register.cases import CaseShelf
from pinggu_desk.register.edits import EditShelf
from pinggu_desk.register.tables import cases


class Standing(NamedTuple):
    """How a case stands on a screen: the version of what it says of itself, and its last edit (None: not looked at)."""

    version: int | None
    last_edit: int | None


class IssueShelf(CaseShelf, EditShelf):
    """The part of the register that guards what papers are made of."""

    def refuse_unseen(self, case_id: int, seen: Standing) -> None:
        """Raise `Overtaken` where another window has changed the case, or answered in it, since it was seen."""
        case = self.case(case_id)
        if seen.version is not None and not self._only_ours(cases.name, case_id, seen.version, case.version):
            self._refuse_overtaken(case, seen.version)
        if seen.last_edit is not None:
            self._refuse_overtaken_edit(case_id, self.last_edit(case_id), seen.last_edit)
