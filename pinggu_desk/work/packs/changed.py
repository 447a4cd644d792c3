"""A case that was judged by another pack than the one that serves: what it comes to by each, for the clerk to choose."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from pinggu_desk.assess.determination import Determination

_SHOWN = 6
#: what an open case is told of the pack that serves, be it newer or older than its own
_NOW = "按现用的"


@dataclass(frozen=True, slots=True)
class PackChange:
    """Which pack a case was judged by and which serves; ``kept`` says whether the first is still on this machine.

    ``lines`` are the answers that differ, each with what it is by the one and by the other; empty where all are the same.
    """

    old: str
    new: str
    kept: bool
    lines: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """What is told when the case is opened."""
        if not self.kept:
            return (
                f"本办件原按政策包 {self.old} 测算，那一版不在本机，以下按现用的 {self.new} 测算；以前出具的文书不变。"
                "要按原来的测算，请负责人把那一版装回来。"
            )
        if not self.lines:
            return f"本办件按政策包 {self.old} 测算，现用的是 {self.new}，两版的结论相同。"
        more = f"；另有 {len(self.lines) - _SHOWN} 项" if len(self.lines) > _SHOWN else ""
        told = "；".join(self.lines[:_SHOWN])
        return f"本办件按政策包 {self.old} 测算，现用的是 {self.new}，{len(self.lines)} 项结论不同：{told}{more}。"


def match_words(
    old: str, new: str, by_each: tuple[Iterable[Determination], Iterable[Determination]] | None
) -> str:  # fmt: skip
    """What is told of an enquiry (匹配) that was last worked out by another pack; ``by_each`` is None where that isn't kept."""
    if by_each is None:
        return (
            f"本次匹配上次按政策包 {old} 测算，那一版不在本机，不能对照；以下按现用的 {new} 测算。以前出具的文书不变。"
        )
    lines = differences(*by_each, then=_NOW)
    if not lines:
        return f"本次匹配上次按政策包 {old} 测算，以下按现用的 {new} 测算，两版的结论相同。"
    more = f"；另有 {len(lines) - _SHOWN} 项" if len(lines) > _SHOWN else ""
    return (
        f"本次匹配上次按政策包 {old} 测算，以下按现用的 {new} 测算，{len(lines)} 项结论不同："
        f"{'；'.join(lines[:_SHOWN])}{more}。以前出具的文书不变。"
    )


def differences(
    old: Iterable[Determination], new: Iterable[Determination], then: str = "换后"
) -> tuple[str, ...]:  # fmt: skip
    """The answers that differ between two packs, by benefit: ``技改奖励：原为可申请 30万元，换后为可申请 25万元``.

    Neither is called new: whoever goes back to an earlier pack reads the same words. ``then`` says of the second when or by which
    it holds.
    """
    before, after = ({one.benefit: one for one in each} for each in (old, new))
    out = []
    for name in dict.fromkeys((*before, *after)):
        was, now = before.get(name), after.get(name)
        if was is None or now is None:
            there = was or now
            assert there is not None
            out.append(f"{there.title}：{f'{then}没有这一项，原为' if was else f'{then}才有，为'}{_says(there)}")
        elif _says(was) != _says(now):
            out.append(f"{now.title}：原为{_says(was)}，{then}为{_says(now)}")
    return tuple(out)


def _says(one: Determination) -> str:
    figure = one.headline if one.status != "ineligible" and one.headline != one.status_words else ""
    return f"{one.status_words} {figure}".strip()


def pack_change(
    old: str,
    new: str,
    by_old: Callable[[], Iterable[Determination]] | None,
    by_new: Callable[[], Iterable[Determination]],
) -> PackChange:
    """What changes for one case. ``by_old`` is None where the old pack isn't kept; a policy that the new one lacks is all gone."""
    if by_old is None:
        return PackChange(old, new, kept=False)
    try:
        after = tuple(by_new())
    except KeyError:
        after = ()
    return PackChange(old, new, True, differences(by_old(), after, _NOW))
