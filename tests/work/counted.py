"""A register of sample cases (示例) whose figures were added up by hand."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

from pinggu_desk.register import Register
from pinggu_desk.register.records import Case

PASSWORD = "Sample-2024"  # noqa: S105  of registers that live as long as a test
SHA = "0" * 64


class Clock:
    """Stands still until it is told."""

    def __init__(self) -> None:
        self.at = datetime(2026, 3, 2, 9, 30)

    def __call__(self) -> datetime:
        return self.at


def stated(benefit: str, status: str = "eligible", **more: Any) -> dict[str, Any]:
    """A determination as a paper's JSON has it: a computed grant unless told otherwise."""
    one = {"benefit": benefit, "title": f"示例{benefit}", "kind": "grant", "status": status, "figure": None}
    if status == "eligible":
        one |= {"figure": "computed", "amount_yuan": None, "min_yuan": None, "max_yuan": None}
    return one | more


def sure(benefit: str, yuan: str, counted: str | None = None) -> dict[str, Any]:
    """A certain sum, of which the paper counts all unless told otherwise."""
    return stated(benefit, amount_yuan=yuan, min_yuan=yuan, max_yuan=yuan, counted_yuan=counted or yuan)


def up_to(benefit: str, yuan: str, **more: Any) -> dict[str, Any]:
    """A ceiling."""
    return stated(benefit, figure="up_to", max_yuan=yuan, counted_yuan=yuan) | more


class Counted:
    """A register under a clock, with short ways to fill it."""

    def __init__(self, folder: Path, *, practice: bool = False) -> None:
        self.clock, self.folder = Clock(), folder
        self.register, _ = Register.create(
            folder, clerk_no="01", clerk_name="示例经办甲", password=PASSWORD, window="03", practice=practice, now=self.clock
        )  # fmt: skip
        self.register.add_clerk("02", "示例经办乙", PASSWORD, window="")

    def other_clerk(self, no: str) -> None:
        """Somebody else logs in."""
        self.register.close()
        self.register = Register.open(self.folder, clerk_no=no, password=PASSWORD, now=self.clock)

    def case(self, policy: str, applicant: int | None, at: str) -> Case:
        """Open a case at a moment."""
        self.clock.at = datetime.fromisoformat(at)
        return self.register.open_case(policy, "示例", applicant_id=applicant, on=date(2026, 3, 1))

    def paper(self, case: Case, *determinations: dict[str, Any], at: str = "") -> str:
        """Issue a paper that states these."""
        if at:
            self.clock.at = datetime.fromisoformat(at)
        return self.register.record_document(
            case.id, "政策符合性告知书", "示例.pdf", SHA, json.dumps(list(determinations), ensure_ascii=False)
        )
