"""选择: what is imported, from which file, and for which day it speaks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from pinggu_desk.desk.batch.choosing import ask_list, path_fault
from pinggu_desk.desk.kit import (
    Caption,
    Card,
    ChoiceField,
    FocusChain,
    LineField,
    ScrollColumn,
    SecondaryButton,
    Title,
    Words,
)
from pinggu_desk.desk.kit.entry import DateField
from pinggu_desk.policy.facts import Fact
from pinggu_desk.register.importing import What

KINDS: tuple[What, ...] = ("申请人", "以往奖励")
_NOTES = (
    "名称、号码、电话和填报项；登记库里已有的只改有变化的",
    "部门的名单，每行一笔：申请人、支持事项、金额、日期或年份、文号",
)
_SPOKEN_OF = Fact(name="情况日期", id="spoken_of", kind="日期", question="名单说的是哪一天的情况（不是今天的请改）")


class ChoosePanel(ScrollColumn):
    """``chosen`` carries what is imported, the path of the list and the day."""

    chosen = Signal(str, str, object)

    def __init__(self, today: Callable[[], date]) -> None:
        super().__init__()
        self.setAccessibleName("选择要导入的名单")
        self._today = today
        self._folder = Path()
        self.ask: Callable[[QWidget, Path], Path | None] = ask_list
        self.body.addWidget(Title("从名单导入"))
        self.body.addWidget(Words("把一份名单写进登记库。先看会新登记谁、改哪些、哪些要您定，同意了才写入。"))
        card = Card(spacing=2)
        self.kind = ChoiceField("导入什么", KINDS, notes=_NOTES, required=True)
        self.path = LineField("名单文件", "名单文件（xlsx、xlsm、csv；也可以把文件拖到这里）", chars=60)
        self.day = DateField(_SPOKEN_OF)
        self.day.set_help("填报项会变的，按这一天记；登记库里有更新的，不会被旧名单盖掉。")
        self.pick = SecondaryButton("选择文件", "F3")
        self.pick.clicked.connect(self._pick)
        for widget in (self.kind, self.path, self.day):
            card.body.addWidget(widget)
        row = QHBoxLayout()
        row.addWidget(self.pick)
        row.addStretch(1)
        card.body.addLayout(row)
        card.body.addWidget(
            Caption(
                "号码相同的是同一位；只有名称相同的，逐个问您是不是同一位，不会替您猜。名单里空着的格子不会清掉已登记的。"
            )
        )
        self.body.addWidget(card)
        self.body.addStretch(1)
        self.chain = FocusChain(self)
        self.chain.set_fields([self.kind, self.path, self.day])
        self.chain.finished.connect(self.take)

    def begin(self, what: What) -> None:
        """Stand in the path."""
        self.kind.set_text(what)
        if not self.day.text():
            self.day.set_text(self._today().isoformat())
        self.path.focus_input()

    def put(self, path: Path) -> None:
        """Take a file that was chosen or dropped."""
        self._folder = path.parent
        self.path.set_text(str(path))
        self.path.focus_input()

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
        self.path.set_error("")
        if not isinstance(day, int) or date.fromordinal(day) > self._today():
            self.day.show_check(force=True)
            if isinstance(day, int):
                self.day.set_error("名单说的情况不能在今天以后，请核对日期。")
            self.day.focus_input()
            return
        self.chosen.emit(self.kind.text() or KINDS[0], typed, date.fromordinal(day))
