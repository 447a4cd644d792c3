"""来历: everything that was ever told of one fact of an applicant, when, from where and by whom; one key at its field."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QListWidgetItem, QVBoxLayout, QWidget

from pinggu_desk.desk.history import gathered, named, value_words
from pinggu_desk.desk.kit import Caption, RowList, Subtitle
from pinggu_desk.desk.theme import look
from pinggu_desk.policy.models import Pack
from pinggu_desk.register import Register
from pinggu_desk.register.records import Edit, Noted
from pinggu_desk.work.origins import fact_origin

#: shows where the value of the field that one stands in has come from
KEY = "Shift+F6"
_WIDE, _HIGH = 34, 20  # body characters


@dataclass(frozen=True, slots=True)
class Past:
    """One fact's past: what was noted of the applicant, what this case's journal has, what the clerks are called."""

    fact: str
    noted: tuple[Noted, ...]
    edits: tuple[Edit, ...]
    names: dict[str, str]
    me: str


def read_past(register: Register, fact: str, case_id: int, applicant_id: int | None) -> Past:
    """Read it, on the register's thread."""
    noted = tuple(one for one in register.noted(applicant_id) if one.fact == fact) if applicant_id is not None else ()
    edits = tuple(edit for edit in register.history(case_id) if edit.fact == fact)
    numbers = {edit.clerk_no for edit in edits}
    return Past(fact, noted, edits, {no: register.clerk_name(no) for no in numbers}, register.clerk.no)


def lines_of(past: Past, pack: Pack) -> list[str]:
    """What the list shows, the latest first: the value, then when, from where and by whom."""
    case = [
        f"{value_words(past.fact, edit.after, pack)}\n"
        f"本办件 {edit.at:%Y-%m-%d %H:%M}，{_origin(edit, past.me)}，{named(edit.clerk_no, past.names)}"
        for edit in gathered(past.edits)
    ]
    before = [
        f"{value_words(past.fact, one.text, pack)}\n{one.on:%Y-%m-%d} 的情况，来自{fact_origin(one)}"
        for one in past.noted
    ]
    return [*reversed(case), *reversed(before)]


def _origin(edit: Edit, me: str) -> str:
    """Where an edit of this case came from: told at this window, at a colleague's, or taken over."""
    if edit.kind != "edit":
        return "撤销" if edit.kind == "undo" else "重做"
    return edit.origin or ("来访者口述" if edit.clerk_no == me else "同事窗口")


class ValuePast(QDialog):
    """The list; Esc closes it, and the keys go back to the field."""

    def __init__(self, past: Past, pack: Pack, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("来历")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        scale = look().scale
        column = QVBoxLayout(self)
        column.setContentsMargins(*[scale.grid(2)] * 4)
        column.setSpacing(scale.grid(1.5))
        column.addWidget(Subtitle(f"“{past.fact}”的来历"))
        self.list = RowList(f"“{past.fact}”的来历", self)
        self.list.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        lines = lines_of(past, pack)
        for line in lines or ["还没有人填过这一项。"]:
            self.list.addItem(QListWidgetItem(line))
        self.list.setCurrentRow(0)
        self.list.setMinimumSize(scale.body * _WIDE, scale.body * _HIGH)
        column.addWidget(self.list, 1)
        column.addWidget(Caption("最近的在上面；上下键看，Esc 回去。", self))
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)
