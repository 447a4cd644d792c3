"""Overlaps (竞合): benefits for one matter and one recipient, of which only one is kept (``overlaps.yaml``)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from pinggu_desk.policy.facts import Fact, Strict


class Overlap(Strict):
    """竞合: benefits for one matter and one recipient, of which only one is kept.

    ``rule`` is the clause that forbids taking both. It binds the benefits of its own policy against the others (明文);
    between other policies' benefits it holds by analogy only (类推). Without a rule no text says whether both may be
    taken. ``prefer`` names the benefits of the special measure (专门办法): where one can be had, it is the one kept.
    ``when`` (当) tells, by fact, the answers (parted by 、) under which the matter is one and the same; an answer that is
    not among them opens the overlap, an unanswered fact does not. ``open`` (未定) says that the texts leave it open whether both may
    be had (their recipients or their nature differ): both ways are told, and neither as what a clause says. ``same`` (同一) is the
    fact that asks whether it is one and the same thing (loan, investment, centre) where an applicant may have several: No
    opens the overlap; while nobody said so, it is taken for one, and that is told.
    """

    id: str = Field(alias="编号", pattern=r"^[a-z_]+$")
    matter: str = Field(alias="事", min_length=2)
    benefits: tuple[str, ...] = Field(alias="事项", min_length=2)
    rule: str = Field(alias="规则", default="")
    prefer: tuple[str, ...] = Field(alias="优先", default=())
    sure: Literal["高", "中", "低"] = Field(alias="把握")
    about: str = Field(alias="说明", default="")
    when: dict[str, str] = Field(alias="当", default={})
    open: bool = Field(alias="未定", default=False)
    same: str = Field(alias="同一", default="")

    def holds(self, answers: Mapping[str, int | str], facts: Mapping[str, Fact]) -> bool:
        """Whether what was answered (smallest units, by fact) leaves the benefits one and the same matter."""
        return (not self.same or answers.get(self.same) != 0) and all(
            facts[name].show(answers[name]) in words.split("、") for name, words in self.when.items() if name in answers
        )

    def explicit(self, one: str, other: str) -> bool:
        """Whether the words of the rule themselves forbid these two together, rather than an analogy."""
        policy = self.rule.split(".", 1)[0]
        return bool(policy) and not self.open and policy in (one.split(".", 1)[0], other.split(".", 1)[0])
