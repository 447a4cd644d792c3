"""The line over the columns: whose enquiry it is, who would apply, by which day; and the counters that filter the list."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from pinggu_desk.assess.judged import judged_words
from pinggu_desk.assess.match.match import GROUP_WORDS, GroupKey
from pinggu_desk.desk.kit import Caption, ChoiceField, DateField, Kind, QuietButton, Title, restyle
from pinggu_desk.desk.match.kept import SUBJECTS
from pinggu_desk.desk.match.rows import GROUP_KINDS, ORDER
from pinggu_desk.desk.match.session import MatchSession
from pinggu_desk.desk.theme import look
from pinggu_desk.desk.words import about, day_words
from pinggu_desk.policy.facts import Fact

_JUDGED_ON = Fact(name="判断日", id="judged_on", kind="日期", question="判断日")
_NOBODY = "还没有登记申请人，可以先问"


class MatchHead(QWidget):
    """``who_wanted`` asks to say whose enquiry it is, ``fresh_wanted`` to begin another one, ``compare_wanted`` to compare packs."""

    who_wanted = Signal()
    fresh_wanted = Signal()
    compare_wanted = Signal()
    matters_wanted = Signal()

    def __init__(self, session: MatchSession) -> None:
        super().__init__()
        scale = look().scale
        self._session = session
        self.who = Caption(_NOBODY)
        self._who_button = QuietButton("登记申请人", "F3")
        self._fresh = QuietButton("另起一份", "F4")
        self._compare = QuietButton("对比政策包")
        self._matters = QuietButton("来访先问", "F10")
        for button, signal in (
            (self._who_button, self.who_wanted), (self._fresh, self.fresh_wanted),
            (self._compare, self.compare_wanted), (self._matters, self.matters_wanted),
        ):  # fmt: skip
            button.clicked.connect(signal)
        self.subject = ChoiceField("谁来申报", tuple(SUBJECTS), required=True)
        self.on = DateField(_JUDGED_ON)
        self.subject.edited.connect(lambda words: self._session.serve(words))
        self.on.edited.connect(self._judged_on)
        row = QHBoxLayout(self)
        row.setContentsMargins(scale.grid(2), scale.grid(1), scale.grid(2), 0)
        row.setSpacing(scale.grid(1))  # at the largest size every step counts: the window must fit 1366
        titles = QVBoxLayout()
        titles.setSpacing(scale.grid(0.5))
        first = QHBoxLayout()
        first.setSpacing(scale.grid(0.5))
        first.addWidget(Title("能享受什么", wrap=False))
        for button in (self._matters, self._fresh, self._compare):
            first.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        first.addStretch(1)
        titles.addLayout(first)
        self._second = QHBoxLayout()
        self._second.addWidget(self.who)
        self._second.addWidget(self._who_button, 0, Qt.AlignmentFlag.AlignVCenter)
        self._second.addStretch(0)
        titles.addLayout(self._second)
        titles.addStretch(1)
        row.addLayout(titles, 1)
        row.addWidget(self.subject, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.on, 0, Qt.AlignmentFlag.AlignTop)

    def use(self, session: MatchSession) -> None:
        """Stand over another enquiry."""
        self._session = session

    def refresh(self) -> None:
        """Show whose it is, who would apply, and by which day."""
        session = self._session
        who = session.applicant
        told = f"{who.name}　{about(who)}" if who else _NOBODY
        if told != self.who.text():  # what stands is not laid out anew with every key
            self.who.setWordWrap(
                who is not None
            )  # a name may be long; the button stands close behind where there is none
            self.who.setText(told)
            self._second.setStretch(0, 1 if who is not None else 0)
            self._second.setStretch(2, 0 if who is not None else 1)
        self._who_button.setVisible(who is None and not session.closed)
        words = next(words for words, key in SUBJECTS.items() if key == session.enquiry.subject)
        if self.subject.text() != words:
            self.subject.set_text(words)
        day = f"{session.enquiry.on:%Y-%m-%d}"
        if not self.on.has_focus() and self.on.text() != day:
            self.on.blockSignals(True)
            self.on.line.setText(day)
            self.on.blockSignals(False)
            self.on.show_check(force=True)

    def lock_up(self, closed: bool) -> None:
        """Take no edits while the enquiry is closed."""
        for widget in (self.subject, self.on, self._matters):
            widget.setEnabled(not closed)

    def _judged_on(self, _text: str) -> None:
        value = self.on.value()
        if isinstance(value, int):
            self._session.judge_on(date.fromordinal(value))


class Chip(QPushButton):
    """One counter: pressed, it shows its group alone."""

    def __init__(self, key: GroupKey | None, parent: QWidget) -> None:
        super().__init__(parent)
        self.key = key
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setProperty("kind", GROUP_KINDS[key] if key else "plain")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_count(self, count: int) -> None:
        """Say how many there are."""
        words = GROUP_WORDS[self.key] if self.key else "全部"
        text = f"{words} {count}"
        if self.text() != text:
            self.setText(text)
            self.setAccessibleName(f"只看{words}，{count} 项" if self.key else f"全部，{count} 项")

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)


class FilterBar(QWidget):
    """The counters. ``chosen`` carries the groups to list.

    It puts them in their places itself: a layout would ask the whole window for its size anew with every count.
    """

    chosen = Signal(tuple)

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.chips = [Chip(None, self), *(Chip(key, self) for key in ORDER)]
        self.chips[0].setChecked(True)
        self._columns, self._lines = 0, 1
        for chip in self.chips:
            chip.clicked.connect(self._choose)

    @property
    def groups(self) -> tuple[GroupKey, ...]:
        """The groups to list now."""
        key = next((chip.key for chip in self.chips if chip.isChecked()), None)
        return ORDER if key is None else (key,)

    def show_counts(self, groups: Mapping[GroupKey, tuple[str, ...]]) -> None:
        """Say how many each group has."""
        for chip in self.chips:
            chip.show_count(len(groups[chip.key]) if chip.key else sum(map(len, groups.values())))
            chip.setVisible(chip.key != "not_raised" or bool(groups["not_raised"]) or chip.isChecked())
        self._arrange()

    def _choose(self) -> None:
        for chip in self.chips:
            restyle(chip)
        self.chosen.emit(self.groups)

    def _arrange(self) -> None:
        """In one line where they fit, else in two or three."""
        sizes = [chip.sizeHint() for chip in self.chips]
        gap = look().scale.grid(0.5)
        shown = [size.width() for chip, size in zip(self.chips, sizes, strict=True) if not chip.isHidden()]
        for columns in (7, 4, 3, 2):
            across = sum(max(shown[at::columns], default=0) for at in range(columns)) + gap * (columns - 1)
            if across <= self.width() or columns == 2:
                break
        wide = [
            max(
                (
                    size.width()
                    for chip, size in zip(self.chips[at::columns], sizes[at::columns], strict=True)
                    if not chip.isHidden()
                ),
                default=-gap,
            )
            for at in range(columns)
        ]
        for at, (chip, size) in enumerate(zip(self.chips, sizes, strict=True)):
            row, column = divmod(at, columns)
            chip.setGeometry(QRect(QPoint(sum(wide[:column]) + gap * column, row * (size.height() + gap)), size))
        laid = columns, -(-len(shown) // columns)  # what is hidden is the last of all
        if laid != (self._columns, self._lines):
            self._columns, self._lines = laid
            self.updateGeometry()

    @override
    def minimumSizeHint(self) -> QSize:
        gap = look().scale.grid(0.5)
        height = self._lines * self.chips[0].sizeHint().height() + (self._lines - 1) * gap
        return QSize(2 * max(chip.sizeHint().width() for chip in self.chips) + gap, height)

    @override
    def sizeHint(self) -> QSize:
        return self.minimumSizeHint()

    @override
    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.LayoutRequest:  # a counter is as wide as another, or styled another way
            self._arrange()
        return super().event(event)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()


def banner_of(session: MatchSession, today: date) -> tuple[str, Kind]:
    """What must not be missed above the list: a trial, another day, whose it is, what the pack doesn't cover on that day."""
    enquiry = session.enquiry
    if enquiry.trial is not None:
        changed = f"已改 {len(enquiry.trial)} 项。" if enquiry.trial else "在左边改一项看看。"
        return f"试算中：{changed}不记入办件，按 Esc 退出即全部还原。", "warn"
    another_day = judged_words(enquiry.on, today)
    absent = enquiry.match.not_in_pack
    policies = dict.fromkeys(rule.policy.title for rule in absent)
    words = f"按 {day_words(enquiry.on)} 判断：{len(policies)} 项政策当日有效的文本不在政策包内，{len(absent)} 个事项不作判断。"
    said = [session.whose, another_day, words if absent else ""]
    return "\n".join(part for part in said if part), "warn" if another_day or session.whose else "info"
