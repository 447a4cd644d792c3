"""What the screen is told of a question and of a step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pinggu_desk.assess.doubts import Doubt
from pinggu_desk.policy.earlier import Earlier
from pinggu_desk.policy.facts import Fact

StepKey = Literal["applicant", "scope", "eligibility", "data", "result", "materials", "output"]
#: ``optional``: would say more (what a rate comes to in money, how many persons), and nothing waits for it;
#: ``waiting``: an authority's verdict that would decide now; entered once it has been given, never asked of the applicant;
#: ``later``: such a verdict while facts are open or where it decides nothing, which is not in sight;
#: ``others``: about another kind of applicant than stands here, not in sight until it is wanted
FieldState = Literal["needed", "answered", "irrelevant", "optional", "waiting", "later", "others"]
STEP_TITLES: dict[StepKey, str] = {
    "applicant": "申请人", "scope": "申报事项", "eligibility": "资格条件", "data": "申报数据", "result": "测算结果",
    "materials": "材料清单", "output": "出具文书",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class FieldView:
    """One question as the screen shows it.

    ``text`` is what was typed, ``source`` where a value that nobody typed in this case came from (登记簿、上次填报);
    ``error`` is one sentence or empty; ``doubt`` asks for a second look and holds nothing up; ``clause``/``place``/``quote``
    are the clause that the question comes from. ``offer`` is what an earlier visit told while nothing is answered now.
    """

    fact: Fact
    text: str
    shown: str
    state: FieldState
    error: str
    source: str
    clause: str
    place: str
    quote: str
    group: str
    doubt: Doubt | None = None
    offer: Earlier | None = None


@dataclass(frozen=True, slots=True)
class StepView:
    """One step of the wizard: what is wrong (``errors``), what is left (``left``), whether it is done."""

    key: StepKey
    title: str
    errors: int
    left: int
    done: bool

    @property
    def summary(self) -> str:
        """What stands beside the step: 有误 1 / 还缺 2 / empty."""
        if self.errors:
            return f"有误 {self.errors}"
        return f"还缺 {self.left}" if self.left else ""
