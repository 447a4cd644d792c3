"""Another window has edited the same case: what it changed is shown here, and where both answered, the clerk decides.

Nothing that was typed is lost or sent until then; what the other window wrote is never written over unseen. Knows no page.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtCore import QObject, Signal

from pinggu_desk.desk.journal import Journal
from pinggu_desk.policy.models import Pack
from pinggu_desk.register.errors import Overtaken, Overtaking


@dataclass(frozen=True, slots=True)
class Clash:
    """One fact that both windows answered: its name, what it is called, both texts as they are kept and in words."""

    fact: str
    called: str
    mine: str
    theirs: str | None
    my_words: str
    their_words: str

    def whole(self) -> Clash:
        """The same with what is covered shown whole."""
        from pinggu_desk.policy.masking import mark_of

        return replace(self, my_words=self.mine, their_words=self.theirs or "未填") if mark_of(self.fact) else self


@dataclass(frozen=True, slots=True)
class Question:
    """What the clerk is asked: the register's sentence, and where both answered."""

    sentence: str
    clashes: tuple[Clash, ...]

    def whole(self) -> Question:
        """The same with what is covered shown whole."""
        return replace(self, clashes=tuple(clash.whole() for clash in self.clashes))


class CatchUp(QObject):
    """Brings a journal that was overtaken up to date.

    ``take_up`` shows what the register has for a fact, ``say`` tells the clerk. ``asks`` carries a `Question` whose answer goes
    to `decide`; it is asked again by `ask_again` while it is open. ``open_changed`` carries what is to be said till then.
    """

    asks = Signal(object)
    open_changed = Signal(str)

    def __init__(
        self, journal: Journal, take_up: Callable[[str, str | None], None], say: Callable[[str], None], pack: Callable[[], Pack],
        parent: QObject | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._journal, self._take_up, self._say, self._pack = journal, take_up, say, pack
        self._open: list[tuple[Question, Callable[[Collection[str]], None]]] = []
        journal.overtaken.connect(self._overtaken)

    @property
    def open(self) -> bool:
        """Whether something is still to be decided; till then nothing is sent."""
        return bool(self._open)

    @property
    def base(self) -> int | None:
        """The edit of the register that the screen shows; None before the case was read."""
        return self._journal.base

    def overtaken(self, error: Overtaken) -> None:
        """Another window's answers were found by something else than an edit: they are shown here."""
        self._journal.halt(error)

    def put(self, question: Question, decide: Callable[[Collection[str]], None]) -> None:
        """Ask another question; ``decide`` gets what the other window's is taken of."""
        self._open.append((question, decide))
        self.open_changed.emit(self._open[0][0].sentence)
        self.ask_again()

    def _overtaken(self, error: Overtaken) -> None:
        held = self._journal.held
        clashes = tuple(self._clash(one, held[one.what]) for one in error.changes if _differ(one, held))
        both = {clash.fact for clash in clashes}
        for one in error.changes:
            if one.what not in both:
                self._take_up(one.what, one.now)
        if not clashes:
            self._journal.go_on(error.version, [one.what for one in error.changes])
            self._say(f"{_who_and_what(error, self._pack())}，已显示在本页；您填的也已保存。")
            return
        self.put(Question(error.sentence, clashes), partial(self._settle, error, clashes))

    def ask_again(self) -> None:
        """Put the open question once more; without one nothing happens."""
        if self._open:
            self.asks.emit(self._open[0][0])

    def decide(self, theirs: Collection[str]) -> None:
        """Take the other window's answer for these facts, and keep one's own for the rest of the question."""
        if not self._open:
            return
        _question, settle = self._open.pop(0)
        self.open_changed.emit(self._open[0][0].sentence if self._open else "")
        settle(theirs)
        self._say("已按您的选择保存。")
        self.ask_again()

    def _settle(self, error: Overtaken, clashes: Collection[Clash], theirs: Collection[str]) -> None:
        held = self._journal.held
        given_up = [clash for clash in clashes if clash.fact in theirs]
        self._journal.go_on(error.version, [c.fact for c in given_up if held.get(c.fact) == c.mine])
        for clash in given_up:
            if held.get(clash.fact) == clash.mine:  # what was typed since is newer
                self._take_up(clash.fact, clash.theirs)

    def _clash(self, one: Overtaking, mine: str) -> Clash:
        from pinggu_desk.desk.history import called, value_words  # it knows the pages' own facts

        pack = self._pack()
        words = value_words(one.what, mine, pack), value_words(one.what, one.now, pack)
        return Clash(one.what, called(one.what), mine, one.now, *words)


def _differ(one: Overtaking, held: dict[str, str]) -> bool:
    return one.what in held and held[one.what] != (one.now or "")


def _who_and_what(error: Overtaken, pack: Pack) -> str:
    from pinggu_desk.desk.history import called, value_words

    what = "；".join(f"{called(one.what)}：{value_words(one.what, one.now, pack)}" for one in error.changes[:3])
    more = f"等 {len(error.changes)} 项" if len(error.changes) > 3 else ""
    return f"另一窗口（工号 {error.clerk}）{error.at:%H:%M} 改了本办件：{what}{more}"
