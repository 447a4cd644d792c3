"""The wizard's steps by their keys, each made when it is first wanted: a case is opened to be gone on with at one of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from typing_extensions import override

from pinggu_desk.assess.views import StepKey
from pinggu_desk.desk.wizard.applicant import ApplicantStep
from pinggu_desk.desk.wizard.factform import FactForm
from pinggu_desk.desk.wizard.materials import MaterialsStep
from pinggu_desk.desk.wizard.output import OutputStep
from pinggu_desk.desk.wizard.results import ResultStep
from pinggu_desk.desk.wizard.scope import ScopeStep
from pinggu_desk.desk.wizard.session import Session
from pinggu_desk.desk.wizard.step import Step, rest_of


class Steps(Mapping[StepKey, Step]):
    """Which steps a case has, in their order; none before its record is read. ``adopt`` is told each that is made."""

    def __init__(self, session: Session, adopt: Callable[[StepKey, Step], None]) -> None:
        self._session, self._adopt = session, adopt
        self._keys: tuple[StepKey, ...] = ()
        self.made: dict[StepKey, Step] = {}

    def plan(self, keys: tuple[StepKey, ...]) -> None:
        """Have these steps."""
        self._keys = keys

    @override
    def __getitem__(self, key: StepKey) -> Step:
        if key not in self._keys:
            raise KeyError(key)
        if key not in self.made:
            step = self.made[key] = self._make(key)
            step.lock_up(self._session.closed)
            self._adopt(key, step)
        return self.made[key]

    @override
    def __iter__(self) -> Iterator[StepKey]:
        return iter(self._keys)

    @override
    def __len__(self) -> int:
        return len(self._keys)

    @override
    def __contains__(self, key: object) -> bool:
        return key in self._keys

    def _make(self, key: StepKey) -> Step:
        session = self._session
        makers: dict[StepKey, Callable[[], Step]] = {
            "applicant": lambda: ApplicantStep(session), "scope": lambda: ScopeStep(session),
            "eligibility": lambda: FactForm(session, "eligibility"), "data": lambda: FactForm(session, "data"),
            "result": lambda: ResultStep(session), "materials": lambda: MaterialsStep(session),
            "output": lambda: OutputStep(session),
        }  # fmt: skip
        return makers[key]()

    def shed(self, here: StepKey | None) -> None:
        """Let go of the forms of facts out of sight: what stands in them stands in the session, and is shown anew."""
        for key, step in list(self.made.items()):
            if isinstance(step, FactForm) and key != here:
                del self.made[key]
                rest_of(step)

    def renew(self, here: StepKey | None) -> None:
        """Make every step anew, when it is wanted, that shows what the policy asks and gives."""
        for key, step in list(self.made.items()):
            if key not in (here, "applicant", "output"):
                del self.made[key]
                rest_of(step)
