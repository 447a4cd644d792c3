"""One search for everything: applicants, cases, policies and what they offer; by name, code, number, or pinyin initials."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListWidgetItem, QWidget

from pinggu_desk.desk import pinyin
from pinggu_desk.desk.kit import Line, RowList
from pinggu_desk.desk.operations import Operations
from pinggu_desk.desk.words import about
from pinggu_desk.register import Register
from pinggu_desk.register.names import plain
from pinggu_desk.register.records import MATCHING, Case

if TYPE_CHECKING:
    from pinggu_desk.policy.models import Pack

HitKind = Literal["申请人", "办件", "政策", "条款"]
EVERYTHING: tuple[HitKind, ...] = ("申请人", "办件", "政策", "条款")
_HIT = Qt.ItemDataRole.UserRole
_EACH = 8  # of one kind at most


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found. ``key`` is the applicant's or the case's id, the policy's id, or that of a clause."""

    kind: HitKind
    key: int | str
    title: str
    detail: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A place in a text that may be looked for: what is offered there, or its words; ``detail`` says where it stands."""

    clause: str
    title: str
    detail: str
    words: str


def passages_of(pack: Pack) -> tuple[Passage, ...]:
    """Every benefit by its clause, then every sentence, in the texts' order."""
    offered = [
        Passage(b.clause, b.title, f"{p.title}　{p.place(b.clause)}", "")
        for p in pack.policies.values()
        for b in p.benefits
    ]
    said = [
        Passage(s.id, s.words, p.title, plain(s.words))
        for p in pack.policies.values()
        for s in p.sentences
        if not s.heading
    ]
    return (*offered, *said)


def _passages(passages: Iterable[Passage], text: str) -> Iterator[Hit]:
    """What is offered is found by words or initials; sentences by two or more of their own characters."""
    wanted = plain(text)
    for passage in passages:
        if passage.words:
            fits = len(wanted) > 1 and not wanted.isascii() and wanted in passage.words
        else:
            fits = len(wanted) > 1 and pinyin.contains(passage.title, text)
        if fits:
            yield Hit("条款", passage.clause, passage.title, passage.detail)


def find(
    register: Register, text: str, policies: Mapping[str, str], kinds: tuple[HitKind, ...] = EVERYTHING,
    passages: Iterable[Passage] = (),
) -> list[Hit]:  # fmt: skip
    """Look in the register, among the policies (id to title; a case's title may be 政策匹配) and in their texts.

    Runs on the register's thread.
    """
    text = text.strip()
    if not text:
        return []
    applicants = register.search(text, _EACH)
    hits = [Hit("申请人", a.id, a.name, about(a)) for a in applicants]
    names = {a.id: a.name for a in applicants}
    cases: dict[int, Case] = {}
    if "办件" in kinds:
        wanted = text.upper()
        for case in [c for a in applicants[:5] for c in register.cases_of(a.id)[:3]] + register.recent(500):
            if case.applicant_id in names or (len(wanted) > 2 and wanted in case.number):
                cases.setdefault(case.id, case)
    for case in list(cases.values())[:_EACH]:
        whose = names.get(case.applicant_id or 0, "")
        detail = "　".join(p for p in (whose, policies.get(case.policy_id, case.policy_id), case.state) if p)
        hits.append(Hit("办件", case.id, case.number, detail))
    found = [
        (key, title)
        for key, title in policies.items()
        if key != MATCHING and (pinyin.contains(title, text) or key == text.lower())
    ]
    hits += [Hit("政策", key, title, "政策原文与规则") for key, title in found[:_EACH]]
    if "条款" in kinds:
        hits += islice(_passages(passages, text), _EACH)
    return [hit for hit in hits if hit.kind in kinds]


class ResultList(RowList):
    """What was found, under a head for each kind. It never takes the focus: keys reach it from the search line."""

    taken = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("搜索结果", parent)
        self.itemClicked.connect(self._click)

    def show_hits(self, hits: list[Hit], empty: str = "") -> None:
        """Show these; ``empty`` is what is said when there are none."""
        self.clear()
        head = ""
        for hit in hits:
            if hit.kind != head:
                head = hit.kind
                self._add_head(head)
            item = QListWidgetItem(f"{hit.title}\n{hit.detail}" if hit.detail else hit.title)
            item.setData(_HIT, hit)
            self.addItem(item)
        if not hits and empty:
            self._add_head(empty)
        self.step(1, start=-1)
        self.scrollToTop()

    def _add_head(self, text: str) -> None:
        item = QListWidgetItem(text)
        item.setFlags(Qt.ItemFlag.NoItemFlags)
        self.addItem(item)

    def step(self, way: int, start: int | None = None) -> None:
        """Go to the next hit up or down, passing over heads."""
        row = (self.currentRow() if start is None else start) + way
        while 0 <= row < self.count():
            if self.item(row).data(_HIT) is not None:
                self.setCurrentRow(row)
                return
            row += way

    def current(self) -> Hit | None:
        """The hit that Enter would take."""
        item = self.currentItem()
        hit = item.data(_HIT) if item is not None else None
        return hit if isinstance(hit, Hit) else None

    def hits(self) -> list[Hit]:
        """What is shown, in order."""
        found = [self.item(i).data(_HIT) for i in range(self.count())]
        return [hit for hit in found if isinstance(hit, Hit)]

    def _click(self, item: QListWidgetItem) -> None:
        hit = item.data(_HIT)
        if isinstance(hit, Hit):
            self.taken.emit(hit)


class Searching(QObject):
    """Joins a line and a list: what is typed is looked for, arrows walk, Enter takes, Esc gives up."""

    taken = Signal(object)
    shown = Signal(bool)

    def __init__(
        self, line: Line, results: ResultList, operations: Operations, policies: Mapping[str, str],
        kinds: tuple[HitKind, ...] = EVERYTHING, passages: Callable[[], Sequence[Passage]] = tuple,
    ) -> None:  # fmt: skip
        super().__init__(line)
        self.line, self.results = line, results
        self._operations, self._policies, self._kinds, self._passages = operations, policies, kinds, passages
        self._asked = 0
        self._answered = 0
        self._take_when_answered = False
        line.textChanged.connect(self._look)
        line.installEventFilter(self)
        results.taken.connect(self._take)

    def close(self) -> None:
        """Forget the search."""
        self._take_when_answered = False
        self.line.clear()
        self.shown.emit(False)

    def _look(self, text: str) -> None:
        self._asked += 1
        self._take_when_answered = False
        number = self._asked
        if not text.strip():
            self._answered = number
            self.results.show_hits([])
            self.shown.emit(False)
            return
        policies, kinds, passages = self._policies, self._kinds, self._passages
        self._operations.run(lambda register: (number, find(register, text, policies, kinds, passages())), self._show)

    def _show(self, answer: tuple[int, list[Hit]]) -> None:
        number, hits = answer
        if number != self._asked:  # typed on meanwhile: a later answer is on its way
            return
        self._answered = number
        self.results.show_hits(hits, f"没有找到“{self.line.text().strip()}”")
        self.shown.emit(True)
        if self._take_when_answered:
            self._enter()

    def _enter(self) -> None:
        self._take_when_answered = False
        if self._answered != self._asked:  # Enter was quicker than the answer
            self._take_when_answered = True
            return
        hit = self.results.current()
        if hit is not None:
            self._take(hit)

    def _take(self, hit: Hit) -> None:
        self.close()
        self.taken.emit(hit)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys of the line. Esc is its own while there is something to give up, before it is the window's."""
        if (
            watched is self.line and event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape and self.line.text()
        ):  # fmt: skip
            event.accept()
            return True
        if watched is not self.line or not isinstance(event, QKeyEvent) or event.type() is not QEvent.Type.KeyPress:
            return False
        key = event.key()
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.results.step(1 if key == Qt.Key.Key_Down else -1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not self.line.composing and self.line.text():
            self._enter()
        elif key == Qt.Key.Key_Escape and self.line.text():
            self.close()
        else:
            return False
        return True
