"""What the best lawful bundle (最优组合) says: what is kept, what is given up for it and why, what the applicant chose. Money is fen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pinggu_desk.assess.determination import Figure


@dataclass(frozen=True, slots=True)
class Kept:
    """A benefit in the bundle, with its figure (fen) or rate; ``recipient`` as the policy names who receives it.

    ``over`` says what it comes to over time (折算): the total counts one year of it, the whole stands beside.
    """

    benefit: str
    title: str
    clause: str
    kind: str
    recipient: str
    figure: Figure
    fen: int | None
    min_fen: int | None
    max_fen: int | None
    rate: tuple[int, int] | None
    over: str = ""


@dataclass(frozen=True, slots=True)
class GivenUp:
    """A benefit left out for another: the matter, the clause, whether its words say so (明文) or only an analogy does.

    ``difference`` says in words what the choice costs or what stays open; ``preferred`` that the one kept is the
    special measure (专门办法), whatever the figures; ``choice`` that a certain sum stands against a ceiling far above it, so that
    the applicant may choose this one in place of what is kept; ``chosen`` that what is kept was so chosen. ``same`` is the fact that
    asks whether it is one thing at all, while nobody answered it.
    """

    benefit: str
    title: str
    clause: str
    instead: str
    instead_title: str
    matter: str
    rule: str
    explicit: bool
    preferred: bool
    sure: str
    about: str
    figure: Figure
    fen: int | None
    max_fen: int | None
    difference: str
    choice: bool = False
    chosen: bool = False
    same: str = ""

    @property
    def choice_words(self) -> str:
        """Who chooses between the two, or that it was chosen; empty where nobody has a choice."""
        if self.chosen:
            return f"申请人选择了“{self.instead_title}”"
        return "由申请人选择：确定的金额，或者较高的上限" if self.choice else ""

    @property
    def same_words(self) -> str:
        """That the two are taken for one thing since nobody said otherwise; empty where that was answered or isn't asked."""
        return f"没有说明，按{self.same}计；不是{self.same}的，两项都可以申请" if self.same else ""

    @property
    def why_open(self) -> str:
        """What is left to somebody: to the authority where no clause says so, to the applicant what only he knows or chooses."""
        told = ("" if self.explicit else "口径待主管部门确认", self.choice_words, self.same_words)
        return "；".join(part for part in told if part)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A benefit that waits for an authority's verdict and, should it be had, is one matter with one that is kept."""

    benefit: str
    title: str
    clause: str
    kept: str
    kept_title: str
    matter: str
    rule: str
    explicit: bool
    same: str = ""

    @property
    def words(self) -> str:
        """What becomes of the two once the verdict is there."""
        same = f"（没有说明，按{self.same}计）" if self.same else ""
        return f"“{self.title}”还待主管部门认定；认定后同“{self.kept_title}”是同一件事（{self.matter}），只取一项{same}"


@dataclass(frozen=True, slots=True)
class Choice:
    """What the applicant chose (申请人选择) between a certain sum and a ceiling far above it; ``gone`` says why it holds no more."""

    benefit: str
    title: str
    gone: str = ""

    @property
    def words(self) -> str:
        """In one sentence."""
        if self.gone:
            return f"申请人选择的“{self.title}”{self.gone}，这个选择不再适用"
        return f"申请人选择了“{self.title}”"


@dataclass(frozen=True, slots=True)
class Cut:
    """A limit over several benefits that bites: together they come to ``sum_fen``, of which ``left_fen`` is allowed."""

    limit: str
    clause: str
    benefits: tuple[str, ...]
    sum_fen: int
    left_fen: int


@dataclass(frozen=True, slots=True)
class Bundle:
    """The best lawful bundle of one case.

    ``total_fen`` adds the computed grants and interest subsidies that are kept, every overlap taken to exclude;
    ``without_analogy_fen`` the same if only what the texts say in words excludes (equal where no analogy matters).
    Ceilings, ranges, loans, rates, services stand beside the total and are never added to it. ``choices`` are what the applicant
    chose, those that hold no more with the reason.
    """

    kept: tuple[Kept, ...]
    given_up: tuple[GivenUp, ...]
    cuts: tuple[Cut, ...]
    total_fen: int
    by_recipient: Mapping[str, int]
    without_analogy_fen: int
    ceilings_fen: int
    without_analogy_ceilings_fen: int
    ranges: tuple[str, ...]
    by_review: tuple[str, ...]
    loans: tuple[str, ...]
    rates: tuple[str, ...]
    services: tuple[str, ...]
    waiting: tuple[Waiting, ...] = ()
    choices: tuple[Choice, ...] = ()

    @property
    def open(self) -> bool:
        """Whether what may be had together is not all said by a clause."""
        both = self.total_fen, self.ceilings_fen
        return both != (self.without_analogy_fen, self.without_analogy_ceilings_fen)
