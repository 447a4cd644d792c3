"""One search for everything: applicants, cases, policies and what they offer; by name, code, number, or pinyin initials."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListWidgetItem, QWidget

from pinggu_desk.desk import pinyin
from pinggu_desk.desk.kit import Line, RowList
from pinggu_desk.desk.operations import Operations, sentence_of
from pinggu_desk.desk.spoken import enough, nearly, said_as
from pinggu_desk.desk.words import about
from pinggu_desk.policy.characters import plain_name
from pinggu_desk.policy.dates import day_words
from pinggu_desk.policy.licence import Licence, read_licence
from pinggu_desk.policy.versions import days_of, versions_of
from pinggu_desk.register import Register
from pinggu_desk.register.records import MATCHING, Applicant, Case

if TYPE_CHECKING:
    from pinggu_desk.policy.models import Pack, Policy

HitKind = Literal["申请人", "办件", "政策", "条款"]
EVERYTHING: tuple[HitKind, ...] = ("申请人", "办件", "政策", "条款")
_HIT = Qt.ItemDataRole.UserRole
_EACH = 8  # of one kind at most
_PLACES = 14  # of what policies offer and say: a word such as 租房 leads to many
#: what is said under 没有找到, unless the page says something else
ADVICE = (
    "换个说法再试：常说的词（如 技改、租房、招人）、名称中的几个字、拼音全拼或首字母都可以。"
    "新来的申请人按 F2 新办；不知道该找哪一项，按 Alt+2 逐项提问。"
)

#: the same where an applicant is looked for, to be registered by F3
WHOM = "没来过的按 F3 登记；来过的换个说法再找：名称中的几个字、代码、拼音都可以。"


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found. ``key`` is the applicant's or the case's id, the policy's id, or that of a clause.

    A clause of another version than the one in force has its folder before it (``zxqy@2027-01-01/zxqy.2.8``).

    ``why`` says what in it fits what was typed, where its title does not show that by itself.
    """

    kind: HitKind
    key: int | str
    title: str
    detail: str
    why: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Passage:
    """A policy, what is offered somewhere in its text, or a sentence of it.

    ``words`` are a sentence's own, ``said`` the everyday words (口语词) that lead to what is offered; ``detail`` says where
    it stands.
    """

    clause: str
    title: str
    detail: str
    words: str
    said: tuple[str, ...] = ()
    kind: HitKind = "条款"


def passages_of(pack: Pack, synonyms: Mapping[str, tuple[str, ...]] | None = None) -> tuple[Passage, ...]:
    """Every policy, every benefit by its clause, then every sentence, in the texts' order.

    What only another version of a policy offers or says is there too, with its days: ``〔2027年1月1日起〕``.
    """
    said = synonyms or {}
    others = [(p, one) for p in pack.policies.values() for one in versions_of(pack, p.id) if one.folder != p.folder]
    whole = [Passage(p.id, p.title, p.department, "", said.get(p.id, ()), "政策") for p in pack.policies.values()]
    offered = [
        Passage(b.clause, b.title, f"{p.title}　{p.place(b.clause)}", "", said.get(b.id, ()))
        for p in pack.policies.values()
        for b in p.benefits
    ]
    sentences = [
        Passage(s.id, s.words, p.title, plain_name(s.words))
        for p in pack.policies.values()
        for s in p.sentences
        if not s.heading
    ]
    for policy, other in others:
        mine = {b.id for b in policy.benefits}
        at, where = f"{other.folder}/", f"〔{_days(policy, other)}〕"
        offered += [
            Passage(at + b.clause, b.title, f"{where}{policy.title}　{other.place(b.clause)}", "", said.get(b.id, ()))
            for b in other.benefits
            if b.id not in mine
        ]
        words = {s.words for s in policy.sentences}
        sentences += [
            Passage(at + s.id, s.words, f"{where}{policy.title}", plain_name(s.words))
            for s in other.sentences
            if not s.heading and s.words not in words
        ]
    return (*whole, *offered, *sentences)


def _days(now: Policy, other: Policy) -> str:
    """When another version than the one in force is: from its first day on, or until its last."""
    if other.begins > now.begins:
        return f"{day_words(other.begins)}起"
    return f"至{day_words(other.last)}" if other.last is not None else days_of(other)


def _why(title: str, text: str) -> str:
    """Why a title fits, where that can't be seen in it."""
    return "" if plain_name(text) in plain_name(title) else f"拼音“{text}”"


def _passages(passages: Iterable[Passage], text: str, *, within: bool = False) -> Iterator[Hit]:
    """By their own names, then by everyday words, one of each policy before a second; sentences last.

    A sentence is found by two or more of its own characters. ``within`` is the loose way, for when nothing fits as it stands.
    """
    wanted = plain_name(text)
    spoken: dict[str, list[Hit]] = {}
    sentences: list[Hit] = []
    for passage in passages:
        if passage.words:
            if len(wanted) > 1 and not wanted.isascii() and wanted in passage.words:
                sentences.append(Hit(passage.kind, passage.clause, passage.title, passage.detail, f"原文含“{text}”"))
        elif passage.kind != "政策" and enough(wanted) and pinyin.contains(passage.title, text):
            yield Hit(passage.kind, passage.clause, passage.title, passage.detail, _why(passage.title, text))
        elif within and nearly(passage.title, text):
            yield Hit(passage.kind, passage.clause, passage.title, passage.detail, f"与“{text}”相近")
        elif word := said_as(passage.said, text, within=within):
            hit = Hit(passage.kind, passage.clause, passage.title, passage.detail, f"常说的“{word}”")
            spoken.setdefault(passage.clause.split(".", 1)[0], []).append(hit)
    for hits in spoken.values():
        hits.sort(key=lambda hit: hit.kind != "政策" and hit.why != f"常说的“{text}”")  # 创业 before 创业板
    for turn in range(max(map(len, spoken.values()), default=0)):
        yield from (hits[turn] for hits in spoken.values() if turn < len(hits))
    yield from sentences


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
    hits = [Hit("申请人", a.id, a.name, about(a), _why_applicant(a, text)) for a in applicants]
    names = {a.id: a.name for a in applicants}
    cases: dict[int, Case] = {}
    if "办件" in kinds:
        wanted = text.upper()
        whole = register.numbered(text)  # an applicant comes back with it, perhaps to another window
        his = [case for a in applicants[:5] for case in register.cases_of(a.id)[:3]]
        for case in [*his, *([whole] if whole is not None else []), *register.recent(500)]:
            if case.applicant_id in names or (len(wanted) > 2 and wanted in case.number):
                cases.setdefault(case.id, case)
    for case in list(cases.values())[:_EACH]:
        whose = names.get(case.applicant_id or 0, "")
        detail = "　".join(p for p in (whose, policies.get(case.policy_id, case.policy_id), case.state) if p)
        hits.append(Hit("办件", case.id, case.number, detail))
    if "政策" in kinds or "条款" in kinds:
        hits += _texts(text, policies, passages, loosely=not hits)
    return [hit for hit in hits if hit.kind in kinds]


def _texts(text: str, policies: Mapping[str, str], passages: Iterable[Passage], *, loosely: bool = True) -> list[Hit]:
    """Policies by name or everyday word, then what they offer and say; ``loosely`` where nothing fits as it stands."""
    found = {
        key: Hit("政策", key, title, "政策原文与规则", _why(title, text))
        for key, title in policies.items()
        if key != MATCHING and (pinyin.contains(title, text) or key == text.lower())
    }
    places: dict[str, Hit] = {}
    known = tuple(passages)
    for hit in list(_passages(known, text)) or ([] if found or not loosely else _passages(known, text, within=True)):
        if hit.kind == "政策":
            found.setdefault(str(hit.key), hit)
        else:
            places.setdefault(f"{hit.key} {hit.title}", hit)
    near = sorted(
        found.values(), key=lambda hit: hit.why not in ("", f"常说的“{text}”")
    )  # 创业 is not first of all 创业板
    return [*near[:_EACH], *list(places.values())[:_PLACES]]


def _why_applicant(applicant: Applicant, text: str) -> str:
    """Why an applicant fits: by the code, or by pinyin."""
    wanted = plain_name(text)
    if wanted in plain_name(applicant.name):
        return ""
    return (
        "代码相符"
        if applicant.code and wanted in plain_name(applicant.code)
        else f"拼音“{text}”"
        if wanted.isalpha()
        else ""
    )


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
            below = "　".join(part for part in (hit.why, hit.detail) if part)
            item = QListWidgetItem(f"{hit.title}\n{below}" if below else hit.title)
            item.setData(_HIT, hit)
            self.addItem(item)
        if not hits and empty:
            self._add_head(empty)
            self._teller.tell(lambda: empty)
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
        advice: str = ADVICE,
    ) -> None:  # fmt: skip
        super().__init__(line)
        self.line, self.results = line, results
        self._operations, self._policies, self._kinds, self._passages = operations, policies, kinds, passages
        self._advice = advice
        #: a licence whose words were pasted here: looked for by its code, and kept for registering who isn't found
        self.licence: Licence | None = None
        #: whether what was typed last could not be looked for
        self.failed = False
        self._asked = 0
        self._answered = 0
        self._take_when_answered = False
        line.textChanged.connect(self._look)
        line.textEdited.connect(self._forget_licence)
        line.pasted.connect(self._pasted)
        line.installEventFilter(self)
        results.taken.connect(self._take)

    def _forget_licence(self, _text: str) -> None:
        self.licence = None

    def _pasted(self, text: str) -> None:
        """A licence's QR text or a line of a list: who it is stands in the line, the rest waits."""
        licence = read_licence(text, date.today())
        if licence.several:
            self.line.setText(licence.parts.get("代码") or licence.parts["名称"])
            self.licence = licence

    def close(self) -> None:
        """Forget the search."""
        self.licence = None
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
        self._operations.run(
            lambda register: (number, find(register, text, policies, kinds, passages())), self._show, self._not_searched
        )

    def _not_searched(self, error: Exception) -> None:
        """It could not be looked for: that is said where the answer would stand, and what was found before goes."""
        self._answered, self.failed = self._asked, True
        self._take_when_answered = False
        self.results.show_hits([], f"没有查成：{sentence_of(error)}")
        self.shown.emit(True)

    def _show(self, answer: tuple[int, list[Hit]]) -> None:
        number, hits = answer
        if number != self._asked:  # typed on meanwhile: a later answer is on its way
            return
        self._answered, self.failed = number, False
        said = "执照信息已读好，登记时自动填入。" if self.licence is not None else ""
        self.results.show_hits(hits, f"没有找到“{self.line.text().strip()}”。{said}{self._advice}")
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
