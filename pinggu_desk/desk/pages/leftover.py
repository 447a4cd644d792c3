"""断线时没能并入的: what was typed while the server was away and the register would not take; taken by hand or put by, one by one."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from pinggu_desk.assess.materials import material_titles
from pinggu_desk.desk.kit import Caption, Card, QuietButton, Subtitle, Words
from pinggu_desk.desk.pages.answers import Answer, refusing
from pinggu_desk.desk.services import Services

if TYPE_CHECKING:
    from pinggu_desk.register import Register
    from pinggu_desk.register.standby import Waiting

Left = tuple[list[tuple[int, str, str]], tuple["Waiting", ...]]


class LeftoverCard(Card):
    """Hidden while nothing is left over. ``emptied``: the last was seen to, and the keys want another place."""

    emptied = Signal()

    def __init__(self, services: Services) -> None:
        super().__init__(spacing=2)
        self._services = services
        self.body.addWidget(Subtitle("断线时没能并入的"))
        self.body.addWidget(
            Caption("服务器恢复后，登记库没有收下这些：对着办件看清楚，再一条一条采用或放下；都会记入审计。")
        )
        self.answer = Answer("", "info")
        self.answer.hide()
        self.body.addWidget(self.answer)
        self._rows = QVBoxLayout()
        self.body.addLayout(self._rows)
        self.hide()

    def read(self) -> None:
        """Ask what is left over."""
        self._services.operations.run(
            lambda register: (register.aside_words(self._title), register.standby_waiting),
            self._show,
            lambda _error: None,
        )

    def _title(self, policy_id: str, key: str) -> str:
        """What a material is called."""
        policy = self._services.pack.policies.get(policy_id)
        return material_titles(policy).get(key, key) if policy is not None else key

    def _show(self, left: Left) -> None:
        from pinggu_desk.desk.pages.backups import clear

        refused, waiting = left
        stood = self._stood()
        clear(self._rows)
        for number, what, why in refused:
            self._add(what, why, ("采用", partial(_take, number)), ("放下", partial(_put_by, number)))
        for one in waiting:
            what = f"工号 {one.clerk_no} 断线时办的" + (f" {one.cases} 件" if one.cases else "")
            self._add(what, one.why, ("并入", partial(_join, one.clerk_no)))
        self.setVisible(bool(refused or waiting) or not self.answer.isHidden())
        if stood is not None:
            self._stand(stood)

    def _stood(self) -> int | None:
        """In which row the keys are; None where they are elsewhere."""
        focus = QApplication.focusWidget()
        rows = [self._rows.itemAt(n).widget() for n in range(self._rows.count())]
        return next((n for n, row in enumerate(rows) if focus is not None and row.isAncestorOf(focus)), None)

    def _stand(self, at: int) -> None:
        """The row is gone that the keys were in: they go to the one that took its place, or stay at this card."""
        rows = [self._rows.itemAt(n).widget() for n in range(self._rows.count())]
        if not rows:
            self.emptied.emit()
            return
        button = cast("QuietButton", rows[min(at, len(rows) - 1)].findChild(QuietButton))
        button.setFocus()

    def _add(self, what: str, why: str, *acts: tuple[str, Callable[[Register], object]]) -> None:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        words = QVBoxLayout()
        words.addWidget(Words(what))
        words.addWidget(Caption(why))
        row.addLayout(words, 1)
        for called, act in acts:
            button = QuietButton(called)
            button.setAccessibleName(f"{called}：{what}")
            button.clicked.connect(lambda _on=False, act=act, called=called, what=what: self._do(act, called, what))
            row.addWidget(button)
        self._rows.addWidget(holder)
        holder.show()  # at once: whoever waits for it may press it

    def _do(self, act: Callable[[Register], object], called: str, what: str) -> None:
        def done(_result: object) -> None:
            self.answer.show_words(f"已{called}：{what}", "good")
            self.read()

        self._services.operations.run(act, done, refusing(self.answer, self.read), writes=True)


def _take(number: int, register: Register) -> None:
    register.take_aside(number)


def _put_by(number: int, register: Register) -> None:
    register.put_by(number)


def _join(clerk_no: str, register: Register) -> None:
    register.take_standby(clerk_no)
