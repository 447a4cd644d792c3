"""What was worked out of each benefit and holds from one match to the next, as long as no changed answer touches it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from pinggu_desk.assess.determination import Determination
    from pinggu_desk.assess.match.nearmiss import Change

T = TypeVar("T")


@dataclass(slots=True)
class Kept:
    """By benefit id; nothing is in it before it was looked at.

    ``shown`` are determinations, ``changes`` the near miss and the step up, ``nearest`` the facts that are named first of those
    that a benefit lacks, ``general`` what its general conditions lack, ``opened`` what may be asked of it now by kind of
    applicant, ``settled`` whether an answer (fact, value) would settle it. ``refused`` are the benefits that who the visitor
    is rules out by itself, ``who`` what that was worked out from.
    """

    shown: dict[str, Determination] = field(default_factory=dict)
    changes: dict[str, tuple[Change | None, Change | None]] = field(default_factory=dict)
    nearest: dict[str, tuple[str, ...]] = field(default_factory=dict)
    general: dict[str, Collection[str]] = field(default_factory=dict)
    opened: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=dict)
    settled: dict[str, dict[tuple[str, int], bool]] = field(default_factory=dict)
    who: tuple[object, ...] = ()
    refused: dict[str, bool] = field(default_factory=dict)

    def after(self, still: Collection[str], apart: Collection[str]) -> Kept:
        """What of it holds for other answers.

        ``still`` are the benefits whose conclusions hold; ``apart`` of these the ones whose lawful changes nothing bears on that changed.
        """
        return Kept(
            _of(self.shown, still), _of(self.changes, apart), _of(self.nearest, still), _of(self.general, still),
            _of(self.opened, still), _of(self.settled, still), self.who, self.refused,
        )  # fmt: skip


def _of(worked: Mapping[str, T], still: Collection[str]) -> dict[str, T]:
    return {benefit: one for benefit, one in worked.items() if benefit in still}
