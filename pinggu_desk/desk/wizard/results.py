"""测算结果: all answers in large type with their working, for turning the screen to the applicant; the pane is away meanwhile."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget
from typing_extensions import override

from pinggu_desk.assess.ahead import changes_ahead
from pinggu_desk.assess.determination import Determination
from pinggu_desk.assess.judged import deadline_seen
from pinggu_desk.assess.notes import ReadingNote
from pinggu_desk.desk.kit import Badge, Banner, Caption, Card, QuietButton, Subtitle, Title, Words
from pinggu_desk.desk.theme import look
from pinggu_desk.desk.wizard import phrases
from pinggu_desk.desk.wizard.card import all_lines, brief_lines
from pinggu_desk.desk.wizard.session import Session
from pinggu_desk.desk.wizard.step import Step, rest_of
from pinggu_desk.desk.wizard.working import Working
from pinggu_desk.documents.assemble import given_of

_POINTS = 3  # the column that is never broken


class ResultRow(Card):
    """One benefit: what the answer is, in large type; why not, kindly and first, where it is no.

    ``said`` are the readings that were told in full already, each with the title under which it was; ``soon`` is what changes ahead.
    """

    reader_role = QAccessible.Role.ListItem

    def __init__(self, step: ResultStep, d: Determination, said: dict[ReadingNote, str], soon: str = "") -> None:
        super().__init__(margin=2)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("keep_whole", True)
        self.determination = d
        self.setAccessibleName(f"{d.title}，{d.status_words}，{d.headline}")
        self.setAccessibleDescription("；".join(filter(None, (phrases.meaning(d), *phrases.lacking(d)))))
        head = QHBoxLayout()
        head.addWidget(Subtitle(d.title), 1)
        head.addWidget(Badge(d.status_words, phrases.STATUS_KINDS[d.status]), 0, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(head)
        place = step.session.pack.clause_place
        working = Working(place, self)
        working.place_wanted.connect(step.place_wanted)
        if d.refused:
            self.body.addWidget(Words("这一项目前不符合条件，原因是："))
            working.show_lines(phrases.failing(d))
            self.body.addWidget(working)
            self.body.addWidget(Caption(d.headline))
        else:
            self.body.addWidget(Title(d.headline))
            self._say(Caption, phrases.meaning(d))
            self._say(Words, "\n".join(phrases.lacking(d)))
            self._say(Words, "\n".join(f"· {service}" for service in d.services))
            if d.indicators:
                self.body.addWidget(indicator_table(d))
            self._show_working(working, d)
        if d.deadline is not None and (d.status != "ineligible" or d.deadline.passed):
            session = step.session
            note = deadline_seen(d.deadline, session.interview.on, session.services.today())
            kind, words = phrases.deadline(note)
            self.body.addWidget(Banner(words, kind) if kind in ("bad", "warn") else Caption(words))
        if soon:
            self.body.addWidget(Banner(phrases.ahead([soon]), "info"))
        for reading in d.readings:
            first = said.setdefault(reading, d.title)
            if first == d.title:
                self.body.addWidget(Banner(phrases.reading(reading), "info"))
            else:
                self.body.addWidget(Banner(f"口径待主管部门确认：同“{first}”。", "info"))
        self._say(Caption, "\n".join(d.notes))
        self._say(Caption, f"依据 {place(d.clause)}")

    def _show_working(self, working: Working, d: Determination) -> None:
        """How the figure came about; all of the working on demand."""
        brief, every = brief_lines(d), all_lines(d)
        working.show_lines(brief)
        working.setVisible(bool(brief))
        self.body.addWidget(working)
        rest = len(every) - len(brief)
        if rest <= 0:
            return
        more = QuietButton(f"全部过程（另有 {rest} 行）")
        more.setAccessibleName(f"{d.title} 的全部测算过程")

        def unfold() -> None:
            if more.hasFocus():
                self.setFocus(Qt.FocusReason.OtherFocusReason)
            working.show_lines(every)
            working.show()
            more.hide()

        more.clicked.connect(unfold)
        self.body.addWidget(more, 0, Qt.AlignmentFlag.AlignLeft)

    def _say(self, kind: type[Words], words: str) -> None:
        if words:
            self.body.addWidget(kind(words))


class Gathered(Card):
    """Many benefits of one status on one card: the open ones with what they lack, those ruled out by reason with its place."""

    reader_role = QAccessible.Role.ListItem

    def __init__(self, step: ResultStep, determinations: list[Determination]) -> None:
        super().__init__(margin=2)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.determinations = determinations
        first = determinations[0]
        self.title = f"{first.status_words} {len(determinations)} 项"
        self.setAccessibleName(self.title)
        self.setAccessibleDescription("；".join(phrases.gathered(determinations)))
        self.body.addWidget(Subtitle(self.title))
        if first.status != "ineligible":
            self.body.addWidget(Words("\n".join(phrases.gathered(determinations))))
            self.body.addWidget(Caption("还缺哪些情况，在“申报数据”里一项一项问；只办其中几项的，先在“申报事项”里选。"))
            return
        place = step.session.pack.clause_place
        for group in phrases.by_reason(determinations).values():
            self.body.addWidget(Words("、".join(d.title for d in group)))
            working = Working(place, self)
            working.place_wanted.connect(step.place_wanted)
            working.show_lines(phrases.failing(group[0])[:1])
            self.body.addWidget(working)


def indicator_table(d: Determination) -> QWidget:
    """Every indicator with its value, the row it fell in and its points; the sum beneath."""
    holder = QWidget()
    grid = QGridLayout(holder)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(look().scale.grid(2))
    grid.setVerticalSpacing(look().scale.grid(0.5))
    for column, head in enumerate(("指标", "数值", *(("标准", "结果") if d.answers else ("所在档", "得分")))):
        grid.addWidget(Caption(head), 0, column)
    for row, one in enumerate(d.indicators, start=1):
        for column, text in enumerate((one.name, one.value, one.bound, one.result)):
            grid.addWidget(Words(text, wrap=column < _POINTS), row, column)
    if d.score is not None:
        grid.addWidget(Words("合计"), len(d.indicators) + 1, 0)
        grid.addWidget(Subtitle(f"{d.score} 分", wrap=False), len(d.indicators) + 1, _POINTS)
    for column, stretch in enumerate((3, 2, 4, 1)):
        grid.setColumnStretch(column, stretch)
    return holder


class ResultStep(Step):
    """All determinations, the good news first; made anew only when it is looked at and something changed."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, "result", "可以把屏幕转给申请人看。", rows=True, passes=lambda _row: True)
        self.rows: list[ResultRow] = []
        self.gathered: list[Gathered] = []
        self._shown: tuple[Determination, ...] | None = None
        self._at = self.body.count()
        self.ahead = Banner("", "info")  # what changes that is no matter of a card above
        self.ahead.hide()
        self.body.addWidget(self.ahead)
        self._last = Caption("")
        self.body.addWidget(self._last)
        self.body.addStretch(1)

    @override
    def refresh(self) -> None:
        determinations = self.session.interview.determinations
        contacts = phrases.contacts(self.session.interview.policy)
        self._last.setText("\n".join(filter(None, (contacts, "以主管部门审核为准。回车到材料清单，F9 直接出告知书。"))))
        if determinations == self._shown or not self.isVisible():
            return
        self._shown = determinations
        for old in (*self.rows, *self.gathered):
            self.body.removeWidget(old)
            rest_of(old)
        said: dict[ReadingNote, str] = {}
        interview = self.session.interview
        ahead = changes_ahead(interview.engine, given_of(interview), [interview.policy.id], interview.chosen)
        soon = {one.benefit: one.words for one in ahead}
        together = phrases.too_many(determinations)
        self.rows = [
            ResultRow(self, d, said, soon.get(d.benefit, ""))
            for d in phrases.in_order(determinations)
            if d.status not in together
        ]
        self.gathered = [Gathered(self, [d for d in determinations if d.status == status]) for status in together]
        for index, row in enumerate((*self.rows, *self.gathered)):
            self.body.insertWidget(self._at + index, row)
            row.show()  # Qt would show it by and by; the focus can't wait
        self.chain.set_fields((*self.rows, *self.gathered))
        shown = {row.determination.benefit for row in self.rows}
        self.ahead.show_words(phrases.ahead([one.words for one in ahead if one.benefit not in shown]), "info")

    @override
    def showEvent(self, event: object) -> None:
        super().showEvent(event)  # type: ignore[arg-type]
        self.refresh()

    @override
    def stand_in(self, field: str = "") -> bool:
        self.refresh()
        cards: list[ResultRow | Gathered] = [*self.rows, *self.gathered]
        named = [row for row in self.rows if row.determination.benefit == field]
        target = next(iter([*named, *cards]), None)
        if target is None:
            return False
        target.setFocus(Qt.FocusReason.TabFocusReason)
        self.widget().layout().activate()
        first = target is cards[0]
        self.verticalScrollBar().setValue(0 if first else target.y())  # its head, not its middle, where it is long
        return True

    @override
    def clause_here(self) -> str:
        return next((row.determination.clause for row in self.rows if row.hasFocus()), "")
