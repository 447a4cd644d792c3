"""来访先问: one page of everyday matters, ticked by keyboard, mouse or initials; everything else is 来访未涉及."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from pinggu_desk.assess.judged import judged_words
from pinggu_desk.assess.leading import serves
from pinggu_desk.desk import pinyin
from pinggu_desk.desk.kit import (
    Caption,
    Card,
    ChoiceField,
    Line,
    PrimaryButton,
    QuietButton,
    ScrollColumn,
    SecondaryButton,
    Subtitle,
    Title,
)
from pinggu_desk.desk.match.kept import SUBJECTS
from pinggu_desk.desk.match.matters import MatterRows, MatterTick
from pinggu_desk.desk.match.session import MatchSession
from pinggu_desk.desk.match.sums import SumsCard
from pinggu_desk.desk.spoken import said_as
from pinggu_desk.desk.theme import look
from pinggu_desk.policy.matters import Detail, Matter, MatterGroup, Matters

if TYPE_CHECKING:
    pass

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_SECONDS = 8  # what a question takes at the window
_LIKELY = 4
_NARROW, _WIDE = 44, 66  # body characters across, for two and for three columns


class TriagePanel(QWidget):
    """``done`` says that the clerk goes on to the questions, ``who_wanted`` asks to say whose enquiry it is."""

    done = Signal()
    who_wanted = Signal()

    def __init__(self, session: MatchSession) -> None:
        super().__init__()
        self.setAccessibleName("来访先问")
        self.session = session
        scale = look().scale
        self.line = Line(30)
        self.line.setPlaceholderText("如 技改，或者拼音首字母")
        self.line.setAccessibleName("找事由")
        self.line.setAccessibleDescription("输入后回车勾选，有几个的上下键换；空着按回车就往下问；数字键到第几组")
        self.line.textChanged.connect(self._sought)
        self.line.installEventFilter(self)
        self._hint = Caption("", self)
        self._at = 0  # of what fits the words in the line, which one Enter ticks
        self._who = Caption("", self)
        self._columns = QGridLayout()
        self._columns.setSpacing(scale.grid(1.5))
        self._across = 0
        self.cards: list[tuple[MatterGroup, Card, list[MatterRows]]] = []
        self._matters: Matters | None = None
        self._build(scale.grid(1))
        self._lay_out()
        self.whole = SecondaryButton("都看看", "F10", self)
        self.whole.clicked.connect(self._everything)
        self.onward = PrimaryButton("往下问  回车", parent=self)
        self.onward.setAccessibleName("往下问")
        self.onward.clicked.connect(self._finish)

    def _build(self, gap: int) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(gap * 2, gap, gap, gap)
        row.setSpacing(gap)
        left = QVBoxLayout()
        said = QVBoxLayout()
        whose = QHBoxLayout()
        whose.addWidget(self._who)
        self._register = QuietButton("登记申请人", "F3")
        self._register.clicked.connect(self.who_wanted)
        whose.addWidget(self._register)
        whose.addStretch(1)
        said.addLayout(whose)
        said.addWidget(Title("来访先问：有没有下面这些事？"))
        said.addWidget(Caption("说到的打钩，没说到的不用管：纸上写“来访未涉及”，不当作“不符合”。"))
        self.subject = ChoiceField("谁来申报", tuple(SUBJECTS), required=True)
        self.subject.edited.connect(self._serve)
        top = QHBoxLayout()
        top.addLayout(said, 1)
        top.addWidget(self.subject, 0, Qt.AlignmentFlag.AlignTop)
        left.addLayout(top)
        found = QHBoxLayout()
        found.addWidget(self.line, 100)
        found.addWidget(self._hint, 60)
        left.addLayout(found)
        scroll = ScrollColumn(margin=0)
        scroll.setAccessibleName("事由")
        scroll.body.addLayout(self._columns)
        scroll.body.addStretch(1)
        self._scroll = scroll
        left.addWidget(scroll, 1)
        row.addLayout(left, 1)
        self.sums = SumsCard(self)
        row.addWidget(self.sums)

    def _lay_out(self) -> bool:
        """The matters of the pack on the enquiry's day: anew where they are others than those that stand here, and whether."""
        matters = self.session.enquiry.engine.pack.matters
        if matters is self._matters:
            return False
        self._matters = matters
        for _, card, _ in self.cards:
            card.hide()
            card.deleteLater()
        self.cards = []
        for at, group in enumerate(matters.groups):
            card = Card(margin=1, spacing=0.25)
            card.setProperty("keep_whole", True)
            card.body.addWidget(Subtitle(f"{at + 1}  {group.name}"))
            rows = [MatterRows(matter, card) for matter in group.matters]
            for one in rows:
                one.ticked.connect(self._ticked)
                card.body.addWidget(one)
                for tick in (one.tick, *one.details):
                    tick.installEventFilter(self)
            card.body.addStretch(1)
            self.cards.append((group, card, rows))
        return True

    # --- beginning, showing

    def use(self, session: MatchSession) -> None:
        """Ask for another enquiry."""
        self.session = session

    def begin(self) -> None:
        """Show what was mentioned so far, and stand in the line."""
        enquiry, applicant = self.session.enquiry, self.session.applicant
        self._lay_out()
        if enquiry.mentioned is None:
            enquiry.mention(())
        self._register.setVisible(applicant is None)
        self._say_who()
        self.subject.set_text(next(words for words, key in SUBJECTS.items() if key == enquiry.subject))
        self._tick_mentioned()
        self.line.clear()
        self._refit()
        self.line.setFocus(Qt.FocusReason.OtherFocusReason)

    def _tick_mentioned(self) -> None:
        mentioned = self.session.enquiry.mentioned or frozenset()
        for _, _, rows in self.cards:
            for one in rows:
                one.show_mentioned(mentioned)

    def _say_who(self) -> None:
        """Whose it is, and the day by which it is judged where that is another."""
        applicant, another = (
            self.session.applicant,
            judged_words(self.session.enquiry.on, self.session.services.today()),
        )
        whose = applicant.name if applicant is not None else "还没有登记申请人，可以先问"
        self._who.setText("　".join(part for part in (whose, another) if part))

    def refresh(self) -> None:
        """Show how things stand after an edit that was not made here."""
        self._say_who()
        if self._lay_out():  # another day, another version
            self._tick_mentioned()
            self._refit()
        else:
            self._show()

    def _refit(self) -> None:
        """Only what such an applicant may come with, and what that comes to."""
        for _, card, rows in self.cards:
            for one in rows:
                one.setVisible(self._served(one.matter))
            card.setVisible(any(self._served(one.matter) for one in rows))
        self._arrange(force=True)
        self._show()

    def _serve(self, words: str) -> None:
        self.session.serve(words)
        self._refit()
        self.line.setFocus(Qt.FocusReason.OtherFocusReason)

    def _served(self, matter: Matter) -> bool:
        engine, kind = self.session.enquiry.engine, self.session.enquiry.match.kind
        return not kind or any(serves(engine.rule(benefit), kind) for benefit in matter.all_benefits)

    def foot(self) -> list[PrimaryButton | SecondaryButton]:
        """Its buttons at the foot of the window."""
        return [self.whole, self.onward]

    def _arrange(self, *, force: bool = False) -> None:
        """As many columns as fit, each group whole, the shortest column filled next."""
        wide = self.width() // max(look().scale.body, 1)
        across = 3 if wide >= _WIDE + 18 else 2 if wide >= _NARROW else 1
        if across == self._across and not force:
            return
        self._across = across
        heights, columns = [0] * across, [QVBoxLayout() for _ in range(across)]
        while self._columns.count():
            old = self._columns.takeAt(0).layout()
            while old.count():
                old.takeAt(0)
            old.deleteLater()
        for _, card, rows in self.cards:
            shown = sum(self._served(one.matter) for one in rows)
            at = heights.index(min(heights))
            columns[at].addWidget(card)
            heights[at] += shown + 2 if shown else 0
        for at, column in enumerate(columns):
            column.setSpacing(look().scale.grid(1))
            column.addStretch(1)
            self._columns.addLayout(column, 0, at)
            self._columns.setColumnStretch(at, 1)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _show(self) -> None:
        self.sums.show_match(self.session.enquiry.match, self.session.enquiry.left)

    # --- ticking

    def _mentioned(self) -> frozenset[str]:
        return frozenset(one for _, _, rows in self.cards for row in rows for one in row.mentioned())

    def _ticked(self) -> None:
        self.session.mention(self._mentioned())
        self._show()

    def _hits(self, typed: str) -> list[MatterTick]:
        """What a word or initials may mean, the likeliest first: what begins so, then what is called so, then what has it inside."""
        ranked: list[tuple[int, int, MatterTick]] = []
        for at, tick in enumerate(self._all()):
            names = (tick.one.name, *tick.one.words)
            if any(pinyin.starts(name, typed) for name in names):
                ranked.append((0 if isinstance(tick.one, Matter) else 1, at, tick))
            elif any(pinyin.contains(name, typed) for name in names):
                ranked.append((2, at, tick))
        for at, tick in enumerate(self._all()) if not ranked else ():  # a phrase around the word, or one that sounds so
            if said_as((tick.one.name, *tick.one.words), typed, within=True):
                ranked.append((0 if isinstance(tick.one, Matter) else 1, at, tick))
        return [tick for _, _, tick in sorted(ranked, key=lambda one: one[:2])]

    def _all(self) -> list[MatterTick]:
        served = (one for _, _, rows in self.cards for one in rows if self._served(one.matter))
        return [tick for one in served for tick in (one.tick, *one.details)]

    def _sought(self, text: str) -> None:
        typed = text.strip()
        hits = self._hits(typed) if typed else []
        self._at = 0
        self._show_hit(hits)
        if not hits:
            self._hint.setText("没有找到，换个说法，或看下面各组" if typed else "")

    def _show_hit(self, hits: list[MatterTick]) -> None:
        """Which of those that fit Enter ticks; the arrows go to the others."""
        if hits:
            others = f"（{self._at + 1}/{len(hits)}，上下键换）" if len(hits) > 1 else ""
            self._hint.setText(f"回车勾选：{hits[self._at].one.name}{others}")

    def _walk_hits(self, way: int) -> None:
        hits = self._hits(self.line.text().strip())
        self._at = (self._at + way) % len(hits) if hits else 0
        self._show_hit(hits)

    def _take(self) -> None:
        hits = self._hits(self.line.text().strip())
        if not hits:
            return
        tick = hits[self._at]
        if isinstance(tick.one, Detail):
            rows = next(one for _, _, rows in self.cards for one in rows if tick in one.details)
            rows.tick.setChecked(True)
        tick.setChecked(True)
        self.line.clear()
        self._hint.setText(f"已勾选：{tick.one.name}")

    def _finish(self) -> None:
        if not self._mentioned():
            self._everything()
            return
        self.session.mention(self._mentioned())
        self.done.emit()

    def _everything(self) -> None:
        """The visitor can't say, or wants all of it: everything is gone into."""
        self.session.mention(None)
        self.done.emit()

    # --- keys

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter, the digits and the arrows, in the line and on the boxes."""
        if not isinstance(event, QKeyEvent) or event.type() is not QEvent.Type.KeyPress:
            return False
        if event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier):
            return False
        key = event.key()
        if watched is self.line:
            return self._line_key(key)
        if key in _ENTER:
            self._finish()
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Up) and isinstance(watched, MatterTick):
            self._step(watched, 1 if key == Qt.Key.Key_Down else -1)
        elif Qt.Key.Key_1 <= key <= Qt.Key.Key_9:
            self._to_group(key - Qt.Key.Key_1)
        elif event.text().isalpha():
            self.line.setFocus(Qt.FocusReason.OtherFocusReason)
            self.line.setText(event.text())
        else:
            return False
        return True

    def _line_key(self, key: int) -> bool:
        text = self.line.text().strip()
        if key in _ENTER and not self.line.composing:
            self._take() if text else self._finish()
            return True
        if text and not self.line.composing and key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self._walk_hits(1 if key == Qt.Key.Key_Down else -1)
            return True
        if text or self.line.composing:
            return False
        if key == Qt.Key.Key_Down:
            self._to_group(0)
            return True
        if Qt.Key.Key_1 <= key <= Qt.Key.Key_9:
            self._to_group(key - Qt.Key.Key_1)
            return True
        return False

    def _to_group(self, at: int) -> None:
        if at < len(self.cards):
            ticks = [one.tick for one in self.cards[at][2] if self._served(one.matter)]
            if ticks:
                ticks[0].setFocus(Qt.FocusReason.TabFocusReason)

    def _step(self, here: MatterTick, way: int) -> None:
        served = (one for _, _, rows in self.cards for one in rows if self._served(one.matter))
        ticks = [tick for one in served for tick in one.ticks()]
        ticks[(ticks.index(here) + way) % len(ticks)].setFocus(Qt.FocusReason.TabFocusReason)
