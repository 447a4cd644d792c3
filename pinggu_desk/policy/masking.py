"""What a screen shows of a person's number, a telephone, an account while nobody asked for the whole: the one maker of masks.

Which facts are such is data: ``遮`` in facts.yaml says how each is covered. Papers and sheets that need the number keep it whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from pinggu_desk.policy.identity import hidden, hidden_account, hidden_phone, shown

if TYPE_CHECKING:
    from pinggu_desk.policy.facts import Fact

#: how a text is covered, by what ``遮`` says; 是 is what packs of earlier versions say of a person's number
COVERS: dict[str, Callable[[str], str]] = {
    "证件": hidden, "是": hidden, "电话": hidden_phone, "账号": hidden_account, "代码": lambda text: shown(text, "企业"),
}  # fmt: skip


def cover(mark: str, text: str) -> str:
    """A text covered as its mark says; as it is where there is no mark."""
    return COVERS[mark](text) if text and mark in COVERS else text


#: what the register itself keeps of an applicant is covered whatever pack is in use, one without 遮 too
_ALWAYS = {"电话": "电话", "代码": "证件", "证件号码": "证件", "统一社会信用代码": "代码"}


class Masks:
    """The marks of a pack's facts, by the fact's name and by what an applicant's particular is called (登记项)."""

    def __init__(self, facts: Iterable[Fact]) -> None:
        marked = [fact for fact in facts if fact.cover]
        of_parties = {fact.party: fact.cover for fact in marked if fact.party}
        self._marks = _ALWAYS | of_parties | {fact.name: fact.cover for fact in marked}

    def mark(self, name: str) -> str:
        """How a text of that name is covered; empty where it is shown as it is."""
        return self._marks.get(name, "")

    def covered(self, name: str, text: str) -> str:
        """A text of that name as a screen shows it."""
        return cover(self.mark(name), text)


_in_use: list[Masks] = []


def use(facts: Iterable[Fact]) -> None:
    """Say which facts the pack in use has."""
    _in_use[:] = [Masks(facts)]


def covered(name: str, text: str) -> str:
    """A text of that name as a screen shows it, by the pack in use."""
    return _masks().covered(name, text)


def mark_of(name: str) -> str:
    """How a text of that name is covered, by the pack in use; empty where it isn't."""
    return _masks().mark(name)


def _masks() -> Masks:
    if not _in_use:
        from pinggu_desk.policy.compiled import load_bundled

        load_bundled()
    return _in_use[0]
