"""What Enter passes over in a form: what is answered, and the details of a main question that was left open."""

from __future__ import annotations

from collections.abc import Collection

from pinggu_desk.assess.views import FieldView, StepKey
from pinggu_desk.desk.wizard.session import Session


class FormOrder:
    """Keeps which questions of a form Enter went past unanswered: until they are answered, their details are not gone to.

    A detail stands in the same group as its main question; 资格条件 are conditions side by side, and none is a detail. Somebody who
    went into a detail by hand goes on through the details by Enter.
    """

    def __init__(self, session: Session, key: StepKey) -> None:
        self._session, self._key = session, key
        self._left_open: set[str] = set()

    def passes(self, view: FieldView, here: str) -> bool:
        """Whether Enter, pressed in the field ``here`` (empty: in none), passes over a question."""
        if view.error or view.state == "optional":
            return False
        return view.state != "needed" or view.fact.name in self._details(here)

    def _details(self, here: str) -> frozenset[str]:
        interview = self._session.interview
        if self._key != "data":
            return frozenset()
        if here and interview.field(here).state == "needed":
            self._left_open.add(here)
        self._left_open = {name for name in self._left_open if interview.field(name).state == "needed"}
        mains = self._left_open
        if here in self._waiting(mains - {here}):
            mains = {name for name in mains - {here} if here not in self._waiting({name})}
        return self._waiting(mains)

    def _waiting(self, mains: Collection[str]) -> frozenset[str]:
        interview = self._session.interview
        beside = {interview.field(name).group for name in mains}
        return frozenset(name for name in interview.details_of(mains) if interview.field(name).group in beside)
