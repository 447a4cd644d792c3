"""审计: what everybody did, found again and exported; the register checked, with what stands on papers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QStandardPaths, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QStyledItemDelegate,
    QTableView,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from pinggu_desk.desk import pinyin
from pinggu_desk.desk.kit import Banner, Caption, ChoiceField, EmptyState, Line, PrimaryButton, SecondaryButton, Title
from pinggu_desk.desk.kit.rows import row_table
from pinggu_desk.desk.kit.table import RowsModel, stand_again
from pinggu_desk.desk.operations import sentence_of
from pinggu_desk.desk.page import Page
from pinggu_desk.desk.services import Services
from pinggu_desk.desk.theme import look
from pinggu_desk.desk.verifying import verify
from pinggu_desk.desk.wizard.preview import ask_path
from pinggu_desk.policy.errors import BadAnswer, BadInput
from pinggu_desk.policy.facts import Fact, read_answer
from pinggu_desk.register import Register, events
from pinggu_desk.register.anchor import Printed, read_printed
from pinggu_desk.register.audit import Wanted
from pinggu_desk.register.errors import InvalidEntry, NotFound
from pinggu_desk.register.records import AuditRow
from pinggu_desk.register.roles import Act, may
from pinggu_desk.register.watch import Verification
from pinggu_desk.work import periods
from pinggu_desk.work.trail import of_anybody, trail_book, verification_lines, wanted_words

_MOST = 50_000  # entries read at once, the latest
_HEADS = ("条号", "时间", "工号", "事项", "对象", "说明")
_DAYS = {"今天": 0, "近七天": 6, "近三十天": 29, "全部": None, periods.OWN: None}
_DAY = Fact(name="日期", id="day", kind="日期", question="日期")
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


def _cells(row: AuditRow) -> tuple[str, ...]:
    return (str(row.id), f"{row.at:%Y-%m-%d %H:%M}", row.clerk_no, row.event, row.subject, row.detail)


class AuditPage(Page):
    """The trail in a table: a period and a number are asked of the register, typed words narrow down what is shown."""

    title = "审计"
    _looking_at = Signal(str)

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self._rows: list[AuditRow] = []
        self._asked, self._wrong = Wanted(), False
        self._folder = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))
        self.ask_path: Callable[[QWidget, Path], Path | None] = ask_path
        scale = look().scale
        column = QVBoxLayout(self)
        column.setContentsMargins(*[scale.grid(2)] * 4)
        column.setSpacing(scale.grid(1))
        head = QHBoxLayout()
        self.told = Caption("", self)
        self.told.setAccessibleName("审计记录条数")
        head.addWidget(Title("审计", self, wrap=False))
        head.addWidget(self.told, 1, Qt.AlignmentFlag.AlignBottom)
        column.addLayout(head)
        self._make_filters(column)
        self.answer = Banner("", "good", self)
        self.answer.hide()
        column.addWidget(self.answer)
        self.model: RowsModel[AuditRow] = RowsModel(_HEADS, _cells, self)
        self.table = self._make_table()
        column.addWidget(self.table, 1)
        self._empty = EmptyState("没有符合的记录", "换一个期间或编号，或删去筛选的词。", self)
        self._empty.hide()
        column.addWidget(self._empty, 1)
        self.whole = Caption("", self)
        self.whole.setAccessibleName("所选记录")
        column.addWidget(self.whole)
        self._make_buttons()
        self._looking_at.connect(lambda what: self.told.setText(f"正在核验：{what}…"))

    def _make_filters(self, column: QVBoxLayout) -> None:
        self.line = self._line(26, "工号、事项、对象", "筛选审计记录")
        self.line.setAccessibleDescription("可用拼音首字母；上下键选择")
        self.subject = self._line(26, "申请人名称、办件或文书编号", "按申请人、办件或文书查")
        self.subject.setAccessibleDescription("申请人填名称、号码或编号，办件和文书填全编号")
        self.printed = self._line(26, "纸上的登记库校验", "纸上的登记库校验")
        self.printed.setAccessibleDescription("可不填；填了就一并核对")
        self.period = ChoiceField("期间", tuple(_DAYS), required=True)
        self.period.set_text("近七天")
        self.since, self.until = (self._line(12, "如 20260101", f"{which}哪一天（含）") for which in ("从", "到"))
        self._to = Caption("至", self, wrap=False)
        self.line.textChanged.connect(self._filter)
        self.period.edited.connect(self._period_chosen)
        first, second = QHBoxLayout(), QHBoxLayout()
        for row, widgets in (
            (first, (self.line, self.subject, self.printed)), (second, (self.period, self.since, self._to, self.until)),
        ):  # fmt: skip
            row.setSpacing(look().scale.grid(1))
            for widget in widgets:
                row.addWidget(widget, 0, Qt.AlignmentFlag.AlignBottom)
            row.addStretch(1)
            column.addLayout(row)

        self._show_days()

    def _show_days(self) -> None:
        for widget in (self.since, self._to, self.until):
            widget.setVisible(self.period.text() == periods.OWN)

    def _period_chosen(self) -> None:
        """Days of one's own are typed first; any other period is read at once."""
        self._show_days()
        if self.period.text() == periods.OWN:
            self.since.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.read()

    def _line(self, characters: int, hint: str, name: str) -> Line:
        line = Line(characters)
        line.setPlaceholderText(hint)
        line.setAccessibleName(name)
        line.installEventFilter(self)
        return line

    def _make_table(self) -> QTableView:
        table = row_table(self.model, "审计记录")
        table.setItemDelegate(QStyledItemDelegate(table))
        table.setWordWrap(False)  # a line each, so that no height has to be measured; the whole stands beneath
        table.setTextElideMode(Qt.TextElideMode.ElideRight)
        table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        table.horizontalHeader().setSectionResizeMode(len(_HEADS) - 1, QHeaderView.ResizeMode.Stretch)
        self._fit(table)
        table.selectionModel().currentRowChanged.connect(lambda *_: self._tell_row())
        return table

    @staticmethod
    def _fit(table: QTableView) -> None:
        """Rows of one line, columns as wide as what they hold in the size of type that is in use."""
        scale = look().scale
        table.verticalHeader().setDefaultSectionSize(scale.body + scale.grid(2))
        for place, characters in enumerate((4, 11, 5, 9, 14)):
            table.horizontalHeader().resizeSection(place, scale.body * characters)

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange:
            self._fit(self.table)

    def _make_buttons(self) -> None:
        self._export = SecondaryButton("导出", "Ctrl+E")
        self._export.setAccessibleDescription("把列出的审计记录存成工作簿")
        self._export.clicked.connect(self.export)
        self._again = SecondaryButton("刷新", "F5")
        self._again.clicked.connect(self.read)
        self._accept = SecondaryButton("重新留存", "F6")
        self._accept.setAccessibleDescription("已查明不符的原因，从现在起以现有的登记库为准")
        self._accept.clicked.connect(self.accept)
        self._doubtful = False
        self._verify = PrimaryButton("核验", "F9")
        self._verify.setAccessibleDescription("逐行、逐条、逐件核对登记库")
        self._verify.clicked.connect(self.verify)

    @override
    def foot(self) -> list[QPushButton]:
        accept = [self._accept] if self._doubtful else []
        return [self._export, self._again, *accept, self._verify]

    @override
    def enter(self) -> None:
        self.line.setFocus(Qt.FocusReason.OtherFocusReason)
        self.read()

    # --- reading

    def _wanted(self) -> Wanted | None:
        """Of which days it is asked; None where one can't be read, which is said."""
        days = _DAYS.get(self.period.text())
        if self.period.text() != periods.OWN:
            return Wanted(first=None if days is None else self._services.today() - timedelta(days=days))
        try:
            asked = periods.own(*(_day(line.text()) for line in (self.since, self.until)))
        except (BadAnswer, BadInput) as error:
            self._not_asked(error)
            return None
        return Wanted(first=asked.since, last=asked.until)

    def read(self) -> None:
        """Read the entries that are asked for; that somebody looked is an entry of its own."""
        days, subject = self._wanted(), self.subject.text()
        if days is None:
            return

        def work(register: Register) -> tuple[Wanted, list[AuditRow]]:
            wanted = of_anybody(register, days, subject)
            rows = register.trail(wanted, _MOST)
            register.record_event(events.TRAIL_READ, "审计记录", wanted_words(wanted))
            return wanted, rows

        self._services.operations.run(work, self._show, self._not_asked)

    def _not_asked(self, error: Exception) -> None:
        """What was asked can't be meant: said until something is asked that can."""
        self._wrong = True
        self._refused(error)

    def _show(self, read: tuple[Wanted, list[AuditRow]]) -> None:
        """What was read again: newer entries come above, and whoever stands on one goes on standing on it."""
        self._asked, self._rows = read
        if self._wrong:
            self._wrong = False
            self.answer.show_words("")
        stand_again(self.table, self._key_at, self._list)

    def _key_at(self, row: int) -> int | None:
        one = self.model.at(row)
        return one.id if one is not None else None

    def _filter(self, _text: str = "") -> None:
        """Other words are looked for: the latest that fits is stood on."""
        self._list()
        self.table.selectRow(0)

    def _list(self) -> None:
        shown: Sequence[AuditRow] = self._rows
        for word in self.line.text().split():
            fits = pinyin.containing(word)
            shown = [row for row in shown if _has(row, word, fits)]
        self.model.show(shown)
        more = f"，只列最近的 {_MOST} 条" if len(self._rows) >= _MOST else ""
        self.told.setText(f"共 {len(shown)} 条{more}")
        if not shown and self.table.hasFocus():
            self.line.setFocus()  # a table that goes takes the keys with it
        self.table.setVisible(bool(shown))
        self._empty.setVisible(not shown)
        self.whole.setText("")

    def _tell_row(self) -> None:
        """The whole entry that is stood on; whose number it is, masked."""
        row = self.model.at(self.table.currentIndex().row())
        if row is None:
            self.whole.setText("")
            return
        self.whole.setText(_whole(row))
        number = row.subject.removeprefix("申请人")
        if number != row.subject and number.isdecimal():
            self._services.operations.run(
                lambda register: _masked(register, int(number)), lambda name: self._add_name(row.id, name)
            )

    def _add_name(self, number: int, name: str) -> None:
        row = self.model.at(self.table.currentIndex().row())
        if row is not None and row.id == number and name:
            self.whole.setText(_whole(row, f"（{name}）"))

    # --- checking and exporting

    def verify(self) -> None:
        """Look at the whole register, and at what was copied from a paper."""
        typed = self.printed.text().strip()
        try:
            printed: list[Printed] = [read_printed(typed)] if typed else []
        except InvalidEntry as error:
            self.answer.show_words(error.sentence, "bad")
            return

        self._verify.setEnabled(False)
        verify(self._services, printed, self._looking_at.emit, self._verified, self._refused)

    def _verified(self, done: Verification) -> None:
        self._verify.setEnabled(True)
        self.answer.show_words("".join(verification_lines(done, 3)), "good" if done.sound else "bad")
        self._doubtful = not done.sound and may(self._services.clerk.role, Act.BACKUP_RESTORE)
        self.foot_changed.emit()
        self.read()

    def accept(self) -> None:
        """From now on what there is counts: somebody knows why it is not what the machine kept."""
        self._services.operations.run(
            lambda register: register.accept_head(), self._accepted, self._refused, writes=True
        )

    def _accepted(self, _none: None) -> None:
        self._doubtful = False
        self.answer.show_words("已按现在的登记库重新留存校验，并记入审计记录。", "good")
        self.foot_changed.emit()

    def export(self) -> None:
        """Ask where to, then write the entries that are listed as a workbook; on the trail first."""
        from pinggu_desk.documents.pdf.pdfdoc import save

        rows, now = list(self.model.rows), datetime.now().replace(microsecond=0)
        path = self.ask_path(self, self._folder / f"审计记录_{now:%Y%m%d}.xlsx") if rows else None
        if path is None or self._services.locked:
            return
        self._folder = path.parent
        wanted, office, words = self._asked, self._services.settings.now.office, " ".join(self.line.text().split())

        def write(register: Register) -> Path:
            save(trail_book(register, rows, wanted, now, office, words), path)
            return path

        self._services.operations.run(
            write, lambda where: self.answer.show_words(f"已保存：{where}", "good"), self._refused, writes=True
        )

    def _refused(self, error: Exception) -> None:
        self._verify.setEnabled(True)
        self.answer.show_words(sentence_of(error), "bad")

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or event.type() is not QEvent.Type.KeyPress:
            return False
        if event.key() in _ENTER and watched is self.since:
            self.until.setFocus(Qt.FocusReason.OtherFocusReason)
            return True
        if event.key() in _ENTER and watched in (self.line, self.subject, self.until):
            self.read()
            return True
        if event.key() in _ENTER and watched is self.printed:
            self.verify()
            return True
        if watched is self.line and event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            row = self.table.currentIndex().row() + (1 if event.key() == Qt.Key.Key_Down else -1)
            if 0 <= row < self.model.rowCount():
                self.table.selectRow(row)
            return True
        return False


def _whole(row: AuditRow, name: str = "") -> str:
    return f"第 {row.id} 条　{row.at:%Y-%m-%d %H:%M:%S}　工号{row.clerk_no}　{row.event}　{row.subject}{name}　{row.detail}".rstrip()


def _has(row: AuditRow, word: str, fits: Callable[[str], bool]) -> bool:
    return (
        fits(row.event)
        or word in row.subject
        or word in row.detail
        or word in (row.clerk_no, str(row.id))
        or word
        in row.at.isoformat(" ", "minutes")  # a tenth of what a format takes, of fifty thousand rows at each key
    )


def _day(text: str) -> date | None:
    return date.fromordinal(int(read_answer(_DAY, text))) if text.strip() else None


def _masked(register: Register, number: int) -> str:
    """An applicant's name but for what would tell who it is; no look at his file."""
    try:
        name = register.glance(number).name
    except NotFound:
        return "已清除"
    return f"{name[:1]}{'＊' * min(len(name) - 1, 3)}"
