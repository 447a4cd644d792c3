"""结果: totals on top, every applicant in a table that is sorted and filtered, one of them told in full beside it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from pinggu_desk.desk.batch.found import Found
from pinggu_desk.desk.batch.problems import ProblemsPanel
from pinggu_desk.desk.batch.session import ListSession
from pinggu_desk.desk.batch.side import SidePanel
from pinggu_desk.desk.batch.sought import Names
from pinggu_desk.desk.batch.table import ResultsModel, ResultsTable
from pinggu_desk.desk.kit import Caption, ChoiceField, EmptyState, FocusChain, Line, QuietButton, Subtitle, Tick, Words
from pinggu_desk.desk.theme import look
from pinggu_desk.desk.words import day_words
from pinggu_desk.policy.quantity import headline_sum

_ALL = "全部政策和事项"
_TYPED_MS = 60  # a filter waits for the next key so long
_SIDE, _LEAST = 20, 44  # body characters of the pane beside the table, and of the table with it


class ResultsPanel(QWidget):
    """``opened`` carries the row that is to be gone on with, ``place_wanted`` a clause."""

    opened = Signal(int)
    place_wanted = Signal(str)
    detail_wanted = Signal()
    whole_wanted = Signal()

    def __init__(self, session: ListSession) -> None:
        super().__init__()
        self._session = session
        self._names: Names | None = None
        self._by_option: dict[str, list[int]] = {}
        scale = look().scale
        self.head, self.totals = Subtitle(""), Words("")
        self.check = QuietButton("核对列", "F4")
        self.line = Line(18)
        self.line.setPlaceholderText("申请人、拼音首字母")
        self.line.setAccessibleName("筛选申请人")
        self.line.setAccessibleDescription("上下键选择，回车打开")
        self.has, self.near = Tick("有可申请  Alt+K"), Tick("有差一点  Alt+D")
        self.has.setAccessibleName("只看有可申请的")
        self.near.setAccessibleName("只看有差一点的")
        options, notes = self._options()
        self.about = ChoiceField("政策或事项", options, "只看这一政策或事项", notes=notes, required=True)
        self.about.set_text(_ALL)
        self.model = ResultsModel(self)
        self.table = ResultsTable(self.model, self._walked)
        self.view = self.table.view
        self.side = SidePanel()
        self.shown = Caption("")
        self.hint = Caption(
            "←→ 选列，F8 按这一列排序（再按反过来）；F7 细看这一位；回车打开成办件，都已填好；"
            "Ctrl+Shift+E 连明细（CSV）一起导出，Ctrl+Alt+E 导出时号码写全（记入审计记录）。"
        )
        self.problems = ProblemsPanel()
        self._empty = EmptyState("没有符合的申请人", "换一个词，或去掉筛选。")
        self._lay_out(scale.grid(2), scale.grid(1))
        self._typed = QTimer(self)
        self._typed.setSingleShot(True)
        self._typed.setInterval(_TYPED_MS)
        self._typed.timeout.connect(self.filter)
        self._join()

    def _lay_out(self, margin: int, one: int) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(margin, margin, margin, margin)
        column.setSpacing(one)
        top = QHBoxLayout()
        top.addWidget(self.head, 1)
        top.addWidget(self.check)
        column.addLayout(top)
        column.addWidget(self.totals)
        filters = QHBoxLayout()
        filters.setSpacing(one)
        filters.addWidget(self.line, 0, Qt.AlignmentFlag.AlignBottom)
        filters.addWidget(self.has, 0, Qt.AlignmentFlag.AlignBottom)
        filters.addWidget(self.near, 0, Qt.AlignmentFlag.AlignBottom)
        filters.addWidget(self.about, 1)
        self._middle = QStackedWidget()
        whole = QWidget()
        rows = QVBoxLayout(whole)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(one)
        rows.addLayout(filters)
        listed = QHBoxLayout()
        listed.setSpacing(one)
        self._listed = QStackedWidget()
        self._listed.addWidget(self.view)
        self._listed.addWidget(self._empty)
        listed.addWidget(self._listed, 1)
        listed.addWidget(self.side, 1)
        rows.addLayout(listed, 1)
        foot = QHBoxLayout()
        foot.addWidget(self.shown)
        foot.addWidget(self.hint, 1)
        rows.addLayout(foot)
        self._middle.addWidget(whole)
        self._middle.addWidget(self.problems)
        column.addWidget(self._middle, 1)

    def _join(self) -> None:
        self.line.textChanged.connect(lambda _text: self._typed.start())
        for tick in (self.has, self.near):
            tick.toggled.connect(lambda _on: self.filter())
        self.about.edited.connect(lambda _text: self.filter())
        self.chain = FocusChain(self)
        self.chain.set_fields([self.about])
        self.chain.finished.connect(self.to_table)
        self.line.installEventFilter(self)
        self.view.installEventFilter(self)
        self.view.doubleClicked.connect(self.open_here)
        self.side.place_wanted.connect(self.place_wanted)
        for keys, act in (
            ("Alt+K", self.has.toggle), ("Alt+D", self.near.toggle), ("Ctrl+F", self.to_filter), ("Alt+Right", self.to_side),
            ("Alt+Left", self.to_table), ("F8", self.sort_here), ("F7", self.toggle_side),
            ("Ctrl+Shift+E", self.detail_wanted.emit), ("Ctrl+Alt+E", self.whole_wanted.emit),
        ):  # fmt: skip
            QShortcut(QKeySequence(keys), self).activated.connect(act)

    def _options(self) -> tuple[list[str], list[str]]:
        """Every policy and every benefit by title, each once."""
        rules = self._session.services.engine.rules
        for place, rule in enumerate(rules):
            self._by_option.setdefault(rule.policy.title, []).append(place)
        for place, rule in enumerate(rules):
            title = rule.benefit.title
            title = title if title not in self._by_option else f"{title}（{rule.policy.title}）"
            self._by_option.setdefault(title, []).append(place)
        notes = {rule.policy.title: "政策" for rule in rules}
        options = [_ALL, *self._by_option]
        return options, ["", *(notes.get(one, "") for one in self._by_option)]

    # --- showing

    def show_found(self, found: Found) -> None:
        """Show what a run found, all of it, in the list's order."""
        self._names = Names(found.names)
        for tick in (self.has, self.near):
            tick.blockSignals(True)
            tick.setChecked(False)
            tick.blockSignals(False)
        self.about.set_text(_ALL)
        self.line.blockSignals(True)
        self.line.clear()
        self.line.blockSignals(False)
        done, totals = found.done, found.totals
        self.head.setText(f"{Path(self._session.source).name}　判断日 {day_words(found.on)}")
        read = (
            f"以往奖励取自工作表“{done.awards_sheet}”"
            if done is not None and done.awards_sheet
            else "以往奖励取自登记库"
        )
        faults = f"，名单有 {done.bad:,} 处没有读取（F6 看）" if done is not None and done.bad else ""
        if not faults and done is not None and done.told:  # doubts, who is listed twice: nothing points there else
            faults = f"，读名单时有 {len(done.told)} 条提示（F6 看）"
        sums = f"确定金额共 {headline_sum(totals.sure_fen)}（重复奖励和共同限额已扣），上限另计 {headline_sum(totals.ceiling_fen)}"
        self.totals.setText(
            f"{totals.applicants:,} 个申请人，{totals.eligible:,} 个有可申请，{totals.near:,} 个有差一点；{sums}；{read}{faults}。"
            "名单没有写的按未知，没有可申请的不等于不符合；金额是测算数，以主管部门审核为准。"
        )
        self.problems.show_done(done)
        self.model.show(found)
        self._show_count()
        self.table.stand_on(self._session.row)

    def begin(self) -> None:
        """Stand in the table where it was left."""
        if self._middle.currentIndex() == 1:
            self.problems.begin()
            return
        self.to_table()

    def to_table(self) -> None:
        """To the rows."""
        self._share(whole=False)
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def to_filter(self) -> None:
        """To the words that are looked for."""
        self.toggle_problems(shown=False)
        self.line.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.line.selectAll()

    def to_side(self) -> None:
        """To what the applicant that is stood on can have; in place of the rows where there is no room for both."""
        self._share(whole=True)
        self.side.work_out()
        self.side.list.setFocus(Qt.FocusReason.OtherFocusReason)
        self.side.stand()

    def toggle_side(self) -> None:
        """To the pane, or back to the rows."""
        self.to_table() if self.side.list.hasFocus() else self.to_side()

    def _share(self, *, whole: bool) -> None:
        """Rows and pane side by side where both have room, else one of them (``whole``: the pane)."""
        body = look().scale.body
        both = self.width() >= body * (_SIDE + _LEAST)
        self.side.setMinimumWidth(body * _SIDE if both else 0)
        self.side.setMaximumWidth(body * _SIDE if both else 16_777_215)
        self.side.setVisible(both or whole)
        self._listed.setVisible(both or not whole)

    def toggle_problems(self, *, shown: bool | None = None) -> None:
        """名单问题 instead of the applicants, or back."""
        want = self._middle.currentIndex() == 0 if shown is None else shown
        self._middle.setCurrentIndex(int(want))
        self.begin()

    def back(self) -> bool:
        """Out of what lies over the rows, or beside them, to the rows; False where one stands in them."""
        if self.shows_problems:
            self.toggle_problems(shown=False)
        elif not self.view.hasFocus():
            self.to_table()
        else:
            return False
        return True

    @property
    def shows_problems(self) -> bool:
        """Whether 名单问题 is shown."""
        return self._middle.currentIndex() == 1

    def filter(self) -> None:
        """Show the rows that fit everything that is asked for."""
        self._typed.stop()
        found = self.model.found
        if found is None or self._names is None:
            return
        here, column = self.table.here, max(self.view.currentIndex().column(), 0)
        fits = self._names.fitting(self.line.text().strip())
        option, near, has = self.about.text(), self.near.isChecked(), self.has.isChecked()
        if option not in ("", _ALL):
            places = self._by_option[option]
            asked = [found.having(places, near=which) for which, on in ((False, has), (True, near)) if on]
            either = found.having(places, near=False) | found.having(places, near=True)
            fits = fits & (np.logical_and.reduce(asked) if asked else either)
        else:
            fits = fits & (found.column("eligible") > 0) if has else fits
            fits = fits & (found.column("near") > 0) if near else fits
        self.model.fit(fits)
        self._show_count()
        self.table.stand_on(here, column)

    def _show_count(self) -> None:
        found, shown = self.model.found, self.model.rowCount()
        total = len(found) if found is not None else 0
        self.shown.setText(f"列出 {shown:,} 个" if shown == total else f"列出 {shown:,} 个，共 {total:,} 个")
        self._listed.setCurrentIndex(0 if shown else 1)
        if not shown:
            self.side.show_row(None, -1)

    def _walked(self, row: int) -> None:
        if row >= 0:
            self._session.row = row
        self.side.show_row(self.model.found, row)

    def sort_here(self) -> None:
        """Sort by the column that is stood on."""
        self.table.sort_by(max(self.view.currentIndex().column(), 0))

    def open_here(self) -> None:
        """Go on with the applicant that is stood on."""
        row = self.table.here
        if row >= 0:
            self.opened.emit(row)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share(whole=self._listed.isHidden())
        self.table.fit()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or event.type() is not QEvent.Type.KeyPress:
            return False
        key = event.key()
        composing = watched is self.line and self.line.composing
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not composing and not event.modifiers():
            if self._typed.isActive():
                self.filter()
            self.open_here()
            return True
        if watched is self.line and key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            row = self.view.currentIndex().row() + (1 if key == Qt.Key.Key_Down else -1)
            if 0 <= row < self.model.rowCount():
                self.view.setCurrentIndex(self.model.index(row, 0))
            return True
        if watched is self.view and event.text().isalnum() and not event.modifiers():
            self.line.setFocus()
            QLineEdit.clear(self.line)
            self.line.insert(event.text())
            return True
        return False
