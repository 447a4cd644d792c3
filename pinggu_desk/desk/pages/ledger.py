"""台账: every case, found again, gone on with, reopened."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QStandardPaths, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QHeaderView, QPushButton, QTableView, QVBoxLayout, QWidget
from typing_extensions import override

from pinggu_desk.desk import pinyin
from pinggu_desk.desk.allowed import may_work, only
from pinggu_desk.desk.kit import (
    Banner,
    ChoiceField,
    EmptyState,
    Line,
    PrimaryButton,
    SecondaryButton,
    Title,
)
from pinggu_desk.desk.kit.heights import Heights
from pinggu_desk.desk.kit.rows import row_table
from pinggu_desk.desk.kit.table import RowsModel, stand_again
from pinggu_desk.desk.operations import sentence_of
from pinggu_desk.desk.page import Page
from pinggu_desk.desk.pages.answers import telling
from pinggu_desk.desk.services import Services
from pinggu_desk.desk.theme import look
from pinggu_desk.desk.wizard.preview import ask_path
from pinggu_desk.desk.words import day_words, moment_words
from pinggu_desk.documents.books.ledger import LedgerCase, LedgerPaper
from pinggu_desk.register import Register, events
from pinggu_desk.register.records import Case
from pinggu_desk.register.roles import Act, may

_SHOWN = 2000  # cases read at once, the latest
_PRECISE = 100  # rows by which columns are as wide as what is in them; the words of others wrap
_ALL = "全部"
_HEADS = ("办件编号", "申请人", "政策", "判断日", "开办", "状态", "文书", "经办人")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the ledger."""

    case: Case
    applicant: str
    policy: str
    papers: int


def read_ledger(register: Register, titles: dict[str, str], wanted: Sequence[int] | None = None) -> list[Entry]:
    """The latest cases (of those ``wanted``) with their applicants' names and how many papers were issued.

    On the register's thread.
    """
    lines: list[Entry] = []
    picked = sorted(wanted or (), reverse=True)[:_SHOWN]
    cases = register.recent(_SHOWN) if wanted is None else register.listed(picked)
    counts, names = register.paper_counts([case.id for case in cases]), register.names()
    for case in cases:
        papers = counts.get(case.id, 0)
        lines.append(
            Entry(case, names.get(case.applicant_id or 0, ""), titles.get(case.policy_id, case.policy_id), papers)
        )
    return lines


def _whole(register: Register, entry: Entry) -> LedgerCase:
    """A line with everything that its workbook says of it. On the register's thread."""
    case = entry.case
    papers = tuple(
        LedgerPaper(p.serial, p.kind, p.file_name, p.issued_at, p.clerk_no, p.determinations_json)
        for p in register.documents(case.id)
    )
    return LedgerCase(
        case.number, entry.applicant, entry.policy, case.on, case.opened_at, case.state, case.clerk_no,
        case.pack_version, papers,
    )  # fmt: skip


def _cells(line: Entry, today: date) -> tuple[str, ...]:
    case = line.case
    papers = f"{line.papers} 件" if line.papers else ""
    return (
        case.number, line.applicant, line.policy, day_words(case.on), moment_words(case.opened_at, today), case.state, papers,
        case.clerk_no,
    )  # fmt: skip


class LedgerPage(Page):
    """The cases in a table; typed words and a state narrow it down."""

    title = "台账"

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self._lines: list[Entry] = []
        self._closed: Case | None = None
        self._wanted: tuple[Sequence[int], str] | None = None
        self._folder = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))
        scale = look().scale
        column = QVBoxLayout(self)
        column.setContentsMargins(*[scale.grid(3)] * 4)
        column.setSpacing(scale.grid(1.5))
        column.addWidget(Title("台账"))
        self.line = Line(40)
        self.line.setPlaceholderText("申请人、编号、政策、拼音首字母")
        self.line.setAccessibleName("筛选办件")
        self.line.setAccessibleDescription("上下键选择，回车打开")
        self.state = ChoiceField("状态", (_ALL, "办理中", "已出具", "已撤销"), required=True)
        self.state.set_text(_ALL)
        row = QHBoxLayout()
        row.addWidget(self.line, 0, Qt.AlignmentFlag.AlignBottom)
        row.addWidget(self.state)
        row.addStretch(1)
        column.addLayout(row)
        self.told = Banner("", "good")
        self.told.hide()
        column.addWidget(self.told)
        self._ask = Banner("", "info", action="重新打开", key="F6")
        self._ask.hide()
        self._ask.pressed.connect(self._reopen)
        column.addWidget(self._ask)
        self.wanted = Banner("", "info", action="看全部办件", key="F5")
        self.wanted.hide()
        self.wanted.pressed.connect(self._all_again)
        column.addWidget(self.wanted)
        self.model: RowsModel[Entry] = RowsModel(_HEADS, lambda line: _cells(line, services.today()), self)
        self.table = self._make_table()
        self._empty = EmptyState("正在读取办件", "请稍候。")
        self._was_read = False
        column.addWidget(self.table, 1)
        column.addWidget(self._empty, 1)
        self.line.textChanged.connect(self._filter)
        self.state.edited.connect(self._filter)
        self.line.installEventFilter(self)
        self._make_buttons()

    def _make_buttons(self) -> None:
        self._export = SecondaryButton("导出", "Ctrl+E")
        self._export.setAccessibleDescription("把列出的办件存成工作簿")
        self._export.clicked.connect(self.export)
        self.ask_path: Callable[[QWidget, Path], Path | None] = ask_path
        self._new = SecondaryButton("新办", "F2")
        only(self._services, Act.WORK, self._new)
        self._new.clicked.connect(lambda: self.new_case_wanted.emit(None, ""))
        self._history = SecondaryButton("经过", "F4")
        self._history.setAccessibleDescription("谁在什么时候改过什么")
        self._history.clicked.connect(self.open_history)
        self._verify = SecondaryButton("验真", "F7")
        self._verify.clicked.connect(lambda: self.place_wanted.emit("验真"))
        self._trail = SecondaryButton("审计", "F8")
        self._trail.setAccessibleDescription("谁做过什么，核验登记库")
        self._trail.clicked.connect(lambda: self.place_wanted.emit("审计"))
        self._open = PrimaryButton("打开")
        self._open.clicked.connect(self.open_current)

    def _make_table(self) -> QTableView:
        table = row_table(self.model, "办件台账")
        table.horizontalHeader().setResizeContentsPrecision(_PRECISE)
        self._heights = Heights(table)
        table.doubleClicked.connect(self.open_current)
        table.installEventFilter(self)
        return table

    @override
    def enter(self) -> None:
        self.line.setFocus(Qt.FocusReason.OtherFocusReason)
        self.read()

    def want(self, case_ids: Sequence[int], words: str) -> None:
        """List these cases only when the page comes to the front; ``words`` say which they are."""
        self._wanted = tuple(case_ids), words
        self._lines = []  # the first of them is stood on, not whatever stood there
        self.line.clear()
        self.state.set_text(_ALL)
        self.wanted.show_words(f"统计中的一行：{words}，涉及 {len(case_ids)} 件。", "info")

    def _tell_wanted(self, shown: int) -> None:
        """Say how many of the cases that were wanted are listed, and why not all."""
        if self._wanted is None:
            return
        ids, words = self._wanted
        more = f"，列出最近的 {shown} 件" if len(ids) > _SHOWN else ""
        if not may(self._services.clerk.role, Act.SEE_ALL) and shown < len(ids):
            more = f"，列出您经办的 {shown} 件，同事办的由负责人查看"
        self.wanted.show_words(f"统计中的一行：{words}，涉及 {len(ids)} 件{more}。", "info")

    def _all_again(self) -> None:
        self._wanted = None
        self.wanted.show_words("")
        self.read()

    def read(self) -> None:
        """Read the cases again."""
        titles = self._services.titles
        wanted = self._wanted[0] if self._wanted is not None else None
        self._services.operations.run(
            lambda register: read_ledger(register, titles, wanted), self._show, self._not_read
        )

    @override
    def foot(self) -> list[QPushButton]:
        trail = [self._trail] if may(self._services.clerk.role, Act.TRAIL) else []
        return [self._export, self._history, *trail, self._verify, self._new, self._open]

    def _show(self, lines: list[Entry]) -> None:
        """What was read again: whoever stands on a case goes on standing on it, and is still asked what he was asked of it."""
        self._lines, asked, self._was_read = lines, self._closed, True
        self._tell_wanted(len(lines))
        stand_again(self.table, self._key_at, self._list)
        here = self._case_here()
        if asked is not None and here is not None and (here.id, here.version) == (asked.id, asked.version):
            self._ask_to_reopen(here)

    def _not_read(self, error: Exception) -> None:
        """What stands in the list goes on standing; where nothing was read yet, nobody is told that there is nothing."""
        self._services.operations.unread.emit(sentence_of(error))
        if not self._was_read:
            self._empty.show_unread()

    def _key_at(self, row: int) -> int | None:
        line = self.model.at(row)
        return line.case.id if line is not None else None

    def _filter(self, _text: str = "") -> None:
        """Other words are looked for: the first that fits is stood on."""
        self._list()
        self.table.selectRow(0)

    def _list(self) -> None:
        typed, state = self.line.text().strip(), self.state.text()
        fits = pinyin.containing(typed)
        shown = [
            line
            for line in self._lines
            if state in ("", _ALL, line.case.state)
            and (not typed or typed.upper() in line.case.number or fits(line.applicant) or fits(line.policy))
        ]
        self.model.show(shown)
        self._ask.hide()
        self._closed = None
        if not shown and self.table.hasFocus():
            self.line.setFocus()  # a table that goes takes the keys with it
        self.table.setVisible(bool(shown))
        self._empty.setVisible(not shown)
        if self._was_read:
            self._empty.show_words(*self._nothing(bool(typed) or state not in ("", _ALL)))
        if shown:
            self._fit()

    def _nothing(self, narrowed: bool) -> tuple[str, str]:
        """What is said where no case is listed: a clerk is told that colleagues' are found elsewhere."""
        own = not may(self._services.clerk.role, Act.SEE_ALL)
        others = "同事办的按 Ctrl+K，输编号或申请人。" if own else ""
        if self._wanted is not None and own and not self._lines:
            return "这一行里没有您经办的办件", "按 F5 看您的全部办件。"
        if narrowed and self._lines:
            return "没有符合的办件", "换一个词，或把状态改为“全部”。" + others
        return ("您还没有办件" if own else "还没有办件"), "按 F2 新办一件；办过的每一件都会列在这里。" + others

    def _fit(self) -> None:
        """Columns as wide as what is in them; the policy's takes what is left, and wraps."""
        header = self.table.horizontalHeader()
        for column in range(len(_HEADS)):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        header.setMinimumSectionSize(look().scale.body * 5)
        self._heights.again()

    def export(self) -> None:
        """Ask where to, then write the cases that are listed as a workbook, on the audit trail first."""
        from pinggu_desk.documents.pdf.pdfdoc import save

        now, entries = datetime.now().replace(microsecond=0), list(self.model.rows)
        path = self.ask_path(self, self._folder / f"办件台账_{now:%Y%m%d}.xlsx") if entries else None
        if path is None or self._services.locked:
            return
        self._folder = path.parent
        services, typed, state = self._services, self.line.text().strip(), self.state.text()
        of = f"统计：{self._wanted[1]}" if self._wanted is not None else ""
        picked = "，".join(part for part in (of, f"状态：{state}", f"筛选：{typed}" if typed else "") if part)
        about = {
            "office": services.settings.now.office, "clerk": f"{services.clerk.name} {services.clerk.no}".strip(),
            "picked": picked, "practice": services.practice,
        }  # fmt: skip

        def write(register: Register) -> Path:
            cases = [_whole(register, entry) for entry in entries]
            register.record_event(events.LEDGER_EXPORTED, "台账", f"{len(cases)} 件")
            anchor = "" if register.practice else register.anchor().code
            data = services.papers.ledger_bytes(cases, now, anchor=anchor, **about)
            save(data, path)
            return path

        services.operations.run(write, self._exported, self._refused, writes=True)

    def _exported(self, path: Path) -> None:
        self.told.show_words(f"已保存：{path}", "good")

    def _refused(self, error: Exception) -> None:
        self.told.show_words(sentence_of(error), "bad")

    def _case_here(self) -> Case | None:
        line = self.model.at(self.table.currentIndex().row())
        return line.case if line is not None else None

    def open_current(self) -> None:
        """Go on with the case that is stood on; a closed one is asked about first."""
        case = self._case_here()
        if case is None:
            return
        if case.state == "办理中" or not may_work(self._services):
            self.case_wanted.emit(case.id)
            return
        if self._closed is not None and self._closed.id == case.id:
            self.case_wanted.emit(case.id)
            return
        self._ask_to_reopen(case)

    def _ask_to_reopen(self, case: Case) -> None:
        self._closed = case
        self._ask.show_words(f"办件 {case.number} {case.state}：再按回车只查看；要修改请按 F6 重新打开。", "info")

    def open_history(self) -> None:
        """What happened in the case that is stood on."""
        case = self._case_here()
        if case is not None:
            self.history_wanted.emit(case.id)

    def _reopen(self) -> None:
        case = self._closed
        if case is not None:
            self._services.operations.run(
                lambda register: register.reopen_case(case.id, made_on=case.version), self._reopened,
                telling(self._services, self.read), writes=True,
            )  # fmt: skip

    def _reopened(self, case: Case) -> None:
        self.case_wanted.emit(case.id)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or event.type() is not QEvent.Type.KeyPress:
            return False
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not (watched is self.line and self.line.composing):
            self.open_current()
            return True
        if watched is self.line and key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            row = self.table.currentIndex().row() + (1 if key == Qt.Key.Key_Down else -1)
            if 0 <= row < self.model.rowCount():
                self.table.selectRow(row)
            return True
        return False
