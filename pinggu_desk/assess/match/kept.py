"""What was worked out of each benefit and holds from one match to the next, as long as no changed answer touches it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from pinggu_desk.assess.conclude import Conclusion
    from pinggu_desk.assess.determination import Determination
    from pinggu_desk.assess.match.bundle import Bundle
    from pinggu_desk.assess.match.nearmiss import Change

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class HeldBundle:
    """The best bundle where nobody chose anything, and all that it rests on.

    ``about`` are the conclusions that can be had or wait for a verdict, ``asked`` what was answered to what overlaps (竞合) ask.
    """

    about: Mapping[str, Conclusion]
    asked: Mapping[str, int | str | None]
    bundle: Bundle

    def holds(self, about: Mapping[str, Conclusion], values: Mapping[str, int | str]) -> bool:
        """Whether it is the bundle of these, too: the very same conclusions and the same answers to what overlaps ask."""
        return (
            about.keys() == self.about.keys()
            and all(conclusion is self.about[benefit] for benefit, conclusion in about.items())
            and all(values.get(name) == value for name, value in self.asked.items())
        )


@dataclass(slots=True)
class Kept:
    """By benefit id; nothing is in it before it was looked at.

    ``shown`` are determinations, ``changes`` the near miss and the step up, ``nearest`` the facts that are named first of those
    that a benefit lacks, ``general`` what its general conditions lack, ``opened`` what may be asked of it now by kind of
    applicant, ``settled`` whether an answer (fact, value) would settle it. ``refused`` are the benefits that who the visitor
    is rules out by itself, ``who`` what that was worked out from. ``bundle`` is the best bundle, ``weights`` how many facts a
    benefit lacks and the most money that it may come to, for its place in the list.
    """

    shown: dict[str, Determination] = field(default_factory=dict)
    changes: dict[str, tuple[Change | None, Change | None]] = field(default_factory=dict)
    nearest: dict[str, tuple[str, ...]] = field(default_factory=dict)
    general: dict[str, Collection[str]] = field(default_factory=dict)
    opened: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=dict)
    settled: dict[str, dict[tuple[str, int], bool]] = field(default_factory=dict)
    who: tuple[object, Mapping[str, int | str]] = field(default=((), {}))
    refused: dict[str, bool] = field(default_factory=dict)
    bundle: HeldBundle | None = None
    weights: dict[str, tuple[int, int]] = field(default_factory=dict)

    def after(self, still: Mapping[str, Conclusion], apart: Collection[str]) -> Kept:
        """What of it holds for other answers.

        ``still`` are the benefits whose conclusions hold; ``apart`` of these the ones whose lawful changes nothing bears on that changed.
        """
        held = self.bundle if self.bundle is not None and self.bundle.about.keys() <= still.keys() else None
        return Kept(
            _of(self.shown, still), _of(self.changes, apart), _of(self.nearest, still), _of(self.general, still),
            _of(self.opened, still), _of(self.settled, still), self.who, self.refused, held, _of(self.weights, still),
        )  # fmt: skip


def _of(worked: dict[str, T], still: Collection[str]) -> dict[str, T]:
    """A copy without what holds no more: most does."""
    kept = worked.copy()
    for benefit in worked.keys() - still:
        del kept[benefit]
    return kept
