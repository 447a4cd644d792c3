"""The preview of an import: one item for each applicant, what would change of him, and what must be asked first.

Nothing is guessed: an item with a question that nobody has answered is not imported.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from pinggu_desk.register.importing import Entry

State = Literal["要先定", "有变化", "新登记", "不导入", "没有变化"]
#: in which order items are shown: what waits for somebody first
ORDER: tuple[State, ...] = ("要先定", "有变化", "新登记", "不导入", "没有变化")
#: what an answer does; ``same`` names whom it means, ``row`` which row of the list counts
Act = Literal["same", "rename", "new", "skip", "row", "benefit", "other", "own", "policy"]


@dataclass(frozen=True, slots=True)
class Option:
    """One answer: its words, what it does, and to which applicant (or row, or place in a list) it does it."""

    words: str
    act: Act
    value: int = 0


@dataclass(slots=True)
class Question:
    """What a clerk must decide. ``kind`` is the same for questions that may be answered alike."""

    kind: str
    words: str
    options: tuple[Option, ...]
    chosen: Option | None = None


@dataclass(slots=True)
class Change:
    """One thing that would be written: its name, what the register has and what the list says, in words as they may be shown.

    ``key`` is what it is known by inside; ``text`` what would be kept. ``note`` says why it is not ticked by itself.
    """

    key: str
    name: str
    before: str
    after: str
    text: str
    ticked: bool = True
    note: str = ""

    @property
    def was(self) -> str:
        """``010-****0001 → ``; 空 where the register has nothing. An award takes no other's place."""
        return "" if self.key.startswith("award:") else f"{self.before or '空'} → "


@dataclass(slots=True)
class Item:
    """One applicant of the list. ``resolve`` works out ``state`` and ``changes`` anew from the answers given.

    ``rows`` are the rows that speak of him, ``who`` and ``number`` how he is called (the number as it may be shown), ``told``
    what is worth reading beside the changes.
    """

    rows: tuple[int, ...]
    who: str
    number: str
    resolve: Callable[[Item], None]
    state: State = "没有变化"
    questions: list[Question] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    skipped: bool = False
    target: int = 0  # the applicant that he is in the register; 0: none

    @property
    def place(self) -> str:
        """``第 3、7 行``."""
        return f"第 {'、'.join(map(str, self.rows))} 行"

    @property
    def question(self) -> Question | None:
        """The first question that is still open."""
        return next((one for one in self.questions if one.chosen is None), None)

    @property
    def summary(self) -> str:
        """In one line what would be done, or what is asked."""
        if self.state == "要先定" and self.question is not None:
            return self.question.words
        if self.state in ("有变化", "新登记"):
            ticked = [one for one in self.changes if one.ticked]
            left = len(self.changes) - len(ticked)
            return "；".join([
                *(f"{one.name} {one.was if self.target else ''}{one.after}" for one in ticked),
                *([f"另有 {left} 项不采用"] if left else []), *self.told,
            ])  # fmt: skip
        return "；".join(self.told)


@dataclass(frozen=True, slots=True)
class Unread:
    """A cell or row that could not be taken: its place and one sentence."""

    place: str
    sentence: str


@dataclass(slots=True)
class Preview:
    """All of an import before it is agreed to. ``told`` says how the list was read."""

    items: list[Item]
    unread: list[Unread]
    unread_count: int
    told: tuple[str, ...]
    claimed: int = 0

    @property
    def matched(self) -> int:
        """How many applicants of the list are known to the register, or may be."""
        raise NotImplementedError

    def entries(self) -> list[Entry]:
        """What is agreed to: every ticked change of every item that has no open question, in the list's order."""
        raise NotImplementedError

    def count(self, state: State) -> int:
        """How many items are in a state."""
        return sum(item.state == state for item in self.items)

    def ordered(self) -> list[Item]:
        """Every item that is to be shown, what waits for somebody first; what doesn't change is only counted."""
        shown = [item for item in self.items if item.state != "没有变化"]
        return sorted(shown, key=lambda item: (ORDER.index(item.state), item.rows))

    def answer(self, item: Item, option: Option) -> None:
        """Answer the item's first open question."""
        question = item.question
        if question is not None and option in question.options:
            question.chosen = option
            item.resolve(item)

    def ask_again(self, item: Item) -> None:
        """Take the item's answers back."""
        item.skipped = False
        for question in item.questions:
            question.chosen = None
        item.resolve(item)

    def answer_alike(self, item: Item, option: Option) -> int:
        """Answer in the same way every open question of that kind in which the answer means one thing only; says how many."""
        question = item.question
        if question is None:
            return 0
        done = 0
        for other in self.items:
            asked = other.question
            if asked is None or asked.kind != question.kind:
                continue
            alike = [one for one in asked.options if one.act == option.act]
            pick = option if other is item else alike[0] if len(alike) == 1 else None
            if pick is not None:
                self.answer(other, pick)
                done += 1
        return done

    def tick(self, item: Item, change: Change | None = None) -> None:
        """Take a change or leave it; without one, the whole item."""
        if change is not None:
            change.ticked = not change.ticked
        else:
            item.skipped = not item.skipped
        item.resolve(item)

    @property
    def words(self) -> str:
        """``新登记 3 个，有变化 2 个，没有变化 230 个，要先定 1 个，不导入 0 个``."""
        counts: Sequence[State] = ("新登记", "有变化", "没有变化", "要先定", "不导入")
        unread = f"；{self.unread_count} 处没有读出" if self.unread_count else ""
        return "，".join(f"{state} {self.count(state)} 个" for state in counts) + unread
