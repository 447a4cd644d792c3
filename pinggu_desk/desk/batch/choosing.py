"""选择: which list, by its path, by the dialog, or dropped onto the page; and the day it is judged by."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from pinggu_desk.desk import dialogs
from pinggu_desk.desk.kit import (
    Caption,
    Card,
    FocusChain,
    LineField,
    QuietButton,
    ScrollColumn,
    SecondaryButton,
    Subtitle,
    Title,
    Words,
)
from pinggu_desk.desk.kit.entry import DateField
from pinggu_desk.policy.facts import Fact

#: the files that a list may be
ENDINGS = (".xlsx", ".xlsm", ".csv", ".txt")
_KINDS = "名单 (*.xlsx *.xlsm *.csv *.txt)"
_JUDGED_ON = Fact(name="判断日", id="judged_on", kind="日期", question="判断日（按哪一天的政策和情况测算）")


def ask_list(parent: QWidget, folder: Path) -> Path | None:
    """Ask for the list's file."""
    return dialogs.ask_open(parent, "选择名单", _KINDS, folder)


def path_fault(typed: str) -> str:
    """What is wrong with the path of a list, as a sentence; empty where it may be read."""
    if not typed:
        return "还没有选名单，请按 F3 选择，或把文件拖到这里。"
    if not typed.lower().endswith(ENDINGS):
        return f"“{Path(typed).name}”不是能读的名单，名单应为 xlsx、xlsm 或 csv 文件。"
    return ""


def dropped_list(event: QDropEvent) -> Path | None:
    """The list that is dragged here; None where it is something else, or more than one."""
    urls = event.mimeData().urls()
    path = Path(urls[0].toLocalFile()) if len(urls) == 1 and urls[0].isLocalFile() else None
    return path if path is not None and path.suffix.lower() in ENDINGS else None


class ChoosePanel(ScrollColumn):
    """``chosen`` carries the path of a list and the day; ``sample_wanted`` asks for the sample list (演练)."""

    chosen = Signal(str, object)
    sample_wanted = Signal()
    results_wanted = Signal()

    def __init__(self, today: Callable[[], date], *, practice: bool) -> None:
        super().__init__()
        self.setAccessibleName("选择名单")
        self._today = today
        self._folder = Path()
        self.ask: Callable[[QWidget, Path], Path | None] = ask_list
        self.body.addWidget(Title("批量测算"))
        self.body.addWidget(Words("把一份企业名单对照全部政策，一次看出谁能享受什么、差在哪里、再问一项能定什么。"))
        card = Card(spacing=2)
        card.body.addWidget(Subtitle("先选一份名单"))
        card.body.addWidget(
            Caption(
                "每行一个申请人，列名写填报项的名称（如“申请人名称”“统一社会信用代码”“职工人数”）；列名不一样也可以，"
                "下一步可以逐列核对。以往奖励可以另列一个工作表“以往奖励”；没有这张表的，按登记库里有的计。"
            )
        )
        self.path = LineField("名单文件", "名单文件（xlsx、xlsm、csv；也可以把文件拖到这里）", chars=60)
        self.day = DateField(_JUDGED_ON)
        self.pick = SecondaryButton("选择文件", "F3")
        self.pick.clicked.connect(self._pick)
        card.body.addWidget(self.path)
        card.body.addWidget(self.day)
        row = QHBoxLayout()
        row.addWidget(self.pick)
        if practice:
            self.sample = QuietButton("用示例名单试一试", "F7")
            self.sample.clicked.connect(self.sample_wanted)
            row.addWidget(self.sample)
        self.again = QuietButton("看上次的结果", "F6")
        self.again.clicked.connect(self.results_wanted)
        self.again.hide()
        row.addWidget(self.again)
        row.addStretch(1)
        card.body.addLayout(row)
        self.body.addWidget(card)
        self.body.addStretch(1)
        self.chain = FocusChain(self)
        self.chain.set_fields([self.path, self.day])
        self.chain.finished.connect(self.take)

    def begin(self, on: date, *, results: bool) -> None:
        """Stand in the path; ``results`` says that there are some of an earlier list."""
        if not self.day.text():
            self.day.set_text(on.isoformat())
        self.again.setVisible(results)
        self.path.focus_input()

    def put(self, path: Path) -> None:
        """Take a file that was chosen or dropped."""
        self._folder = path.parent
        self.path.set_text(str(path))
        self.take()

    def _pick(self) -> None:
        path = self.ask(self, self._folder)
        if path is not None:
            self.put(path)

    def take(self) -> None:
        """Go on with what was given, or say what is wrong with it."""
        typed, day = self.path.text().strip().strip('"'), self.day.value()
        if fault := path_fault(typed):
            self.path.set_error(fault)
            self.path.focus_input()
            return
        if not isinstance(day, int):
            self.day.show_check(force=True)
            self.day.focus_input()
            return
        self.path.set_error("")
        self.chosen.emit(typed, date.fromordinal(day))
