"""人员: who may log in, in which role; only 负责人 changes anything here, everybody sees who that is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLayout, QScrollArea, QVBoxLayout, QWidget

from pinggu_desk.desk.codepaper import CodeShown
from pinggu_desk.desk.kit import Caption, ChoiceField, Field, FocusChain, Kind, LineField, SecondaryButton
from pinggu_desk.desk.operations import sentence_of
from pinggu_desk.desk.pages.answers import answering, is_overtaken
from pinggu_desk.desk.passwordpair import PasswordPair
from pinggu_desk.desk.services import Services
from pinggu_desk.desk.theme import look
from pinggu_desk.register import Register
from pinggu_desk.register.records import Clerk
from pinggu_desk.register.roles import CLERK, ROLES, Act, Role, may

NEW = "新增一人"
_ROLE_NOTES = ("办理业务", "另可录入参数、管理人员、恢复备份", "看审计记录，不办业务")
_LOOK_EVERY = 200  # milliseconds between two looks at how far it is


@dataclass(frozen=True, slots=True)
class _Read:
    people: tuple[Clerk, ...]
    seconds: float
    set_at: dict[str, datetime]


def _read(register: Register) -> _Read:
    return _Read(tuple(register.colleagues()), register.seconds_to_remove(), register.passwords_set_at())


class PeopleCard(QObject):
    """Choose somebody, or 新增一人; then change, give a password, or remove. What it answers stands at its head."""

    def __init__(self, services: Services, parent: QWidget) -> None:
        super().__init__(parent)
        self._services = services
        self.card, self.answer = answering("人员")
        self._people: tuple[Clerk, ...] = ()
        self._seconds = 0.0
        self._set_at: dict[str, datetime] = {}
        self._sure = False
        self._pressed: QWidget | None = None
        self._passed_on: QWidget | None = None
        self.code: CodeShown | None = None
        self._meanwhile = QTimer(self)
        self._meanwhile.setInterval(_LOOK_EVERY)
        self._meanwhile.timeout.connect(self._show_progress)
        self.in_charge = may(services.clerk.role, Act.CLERKS)
        self.told = Caption("")
        self.card.body.addWidget(self.told)
        if self.in_charge:
            self._build(parent)

    def read(self) -> None:
        """Read who there is, and show it."""
        self._services.operations.run(_read, self._show)

    # --- what is seen

    def _build(self, parent: QWidget) -> None:
        self._holder = QVBoxLayout()
        self.card.body.addLayout(self._holder)
        self.who = ChoiceField("人员", (NEW,))
        self._form = QWidget()
        inside = QVBoxLayout(self._form)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(look().scale.grid(2))
        self.no, self.name = LineField("工号", chars=12), LineField("姓名", chars=24)
        self.window_no = LineField("窗口号", "窗口号（可不填）", chars=8)
        self.role = ChoiceField("角色", ROLES, notes=_ROLE_NOTES, required=True)
        self.passwords = PasswordPair("初始口令")
        self._fields = (self.no, self.name, self.window_no, self.role, self.passwords.first, self.passwords.second)
        for field in self._fields:
            inside.addWidget(field)
        self.save, self.give, self.remove = (
            SecondaryButton("保存"),
            SecondaryButton("重设口令"),
            SecondaryButton("移除"),
        )
        self.renew = SecondaryButton("更换恢复码")
        inside.addLayout(_row(self.save, self.give, self.remove))
        self.card.body.addWidget(self._form)
        self.card.body.removeWidget(self.answer)
        self.card.body.addWidget(self.answer)  # below the buttons: at 特大 the card's head is out of sight from there
        self.card.body.addLayout(_row(self.renew))
        self._form.hide()
        self.save.clicked.connect(self._save)
        self.give.clicked.connect(self._give)
        self.remove.clicked.connect(self._remove)
        self.renew.clicked.connect(self._renew)
        self._typed: dict[Field, str] = {}  # while what another window changed is read again
        self._chain = FocusChain(parent)
        self._chain.finished.connect(self._save)

    def _show(self, read: _Read) -> None:
        """What was read: whoever is chosen stays chosen, what is being typed stays typed, and the keys stay where they are."""
        chosen, new = (self._chosen(), self.who.text() == NEW) if self.in_charge else (None, False)
        self._people, self._seconds, self._set_at = read.people, read.seconds, read.set_at
        heads = "、".join(f"{one.name}（{one.no}）" for one in read.people if may(one.role, Act.CLERKS))
        if not self.in_charge:
            self.told.setText(f"新增和移除人员、改角色、重设口令、换恢复码由负责人办理：{heads}。")
            return
        self.told.setText("每人一个工号、一个口令，不要合用；登记库记下每一步是谁办的。选一个人来改，或新增。")
        again = next((one for one in read.people if chosen is not None and one.no == chosen.no), None)
        self._offer((*map(_called, read.people), NEW), NEW if new else _called(again) if again is not None else "")
        typed, self._typed = self._typed, {}
        if again is not None and chosen is not None and again != chosen:
            self._choose(self.who.text())
            for field, before in ((self.name, chosen.name), (self.window_no, chosen.window), (self.role, chosen.role)):
                if typed.get(field, before) != before:
                    field.set_text(typed[field])
        elif again is None and not new:
            self._close_form()

    def _offer(self, options: tuple[str, ...], chosen: str) -> None:
        """Let these be chosen from; the field that stands there stays where it offers the same."""
        if options != self.who.options:
            focus, before = QApplication.focusWidget(), self.who
            here = focus is not None and before.isAncestorOf(focus)
            self.who = ChoiceField("人员", options, required=True)
            self.who.edited.connect(self._choose)
            self._holder.addWidget(self.who)
            self.who.show()  # the layout would do it by and by; the focus can't wait
            self._holder.removeWidget(before)
            self._chain.set_fields([self.who, *self._fields])
            self.who.set_text(chosen)
            if here:
                self.who.focus_input()
            before.hide()
            before.deleteLater()
        self.who.set_text(chosen)

    def _close_form(self) -> None:
        """Nobody is chosen any more; the keys that were in his particulars go to the choice."""
        focus = QApplication.focusWidget()
        here = focus is not None and self._form.isAncestorOf(focus)
        if here:
            self.who.focus_input()
        self._form.hide()

    def _chosen(self) -> Clerk | None:
        return next((one for one in self._people if _called(one) == self.who.text()), None)

    def _choose(self, text: str) -> None:
        """Somebody was chosen: his particulars, or empty fields for a new one."""
        one, new = self._chosen(), text == NEW
        self._ask_no_more()
        self._form.setVisible(new or one is not None)
        for field, value in (
            (self.no, one.no if one else ""), (self.name, one.name if one else ""),
            (self.window_no, one.window if one else ""), (self.role, one.role if one else CLERK),
        ):  # fmt: skip
            field.set_text(value)
            field.set_error("")
        self.passwords.clear()
        self.no.setVisible(new)
        self._ask_password(new)
        self.save.setText("新增" if new else "保存")
        for button in (self.give, self.remove):
            button.setVisible(not new)

    def _ask_password(self, wanted: bool) -> None:
        for field in (self.passwords.first, self.passwords.second):
            field.setVisible(wanted)

    def _ask_no_more(self) -> None:
        self._sure = False
        self.remove.setText("移除")

    def _busy(self, on: bool) -> None:
        """A button that is off for a while passes the keys on; it gets them back, unless somebody took them elsewhere."""
        if on:
            self._pressed = QApplication.focusWidget()
        for button in (self.save, self.give, self.remove, self.renew):
            button.setEnabled(not on)
        if on:
            self._passed_on = QApplication.focusWidget()
        elif self._pressed is not None and QApplication.focusWidget() is self._passed_on and self._pressed.isVisible():
            self._pressed.setFocus()

    # --- what is done

    def _do(self, work: Callable[[Register], object], said: str, *, ends: bool = False) -> None:
        """Do it on the register's thread, say so, and show who there is now; ``ends``: nobody is chosen after it."""

        def done(code: object) -> None:
            self._end()
            self.passwords.clear()
            if ends:
                self.who.set_text("")
            self._say(said, "good")
            if isinstance(code, str) and code:
                self._show_code(code)
            self.read()

        def refused(error: Exception) -> None:
            self._end()
            self._say(sentence_of(error), "bad")
            if is_overtaken(error):  # what he typed stands; beside it what there is now
                self._typed = {field: field.text() for field in (self.name, self.window_no, self.role)}
                self.read()

        self._busy(True)
        self._services.operations.run(work, done, refused)

    def _say(self, text: str, kind: Kind) -> None:
        """Answer, in sight."""
        self.answer.show_words(text, kind)
        above: QObject | None = self.answer
        while above is not None and not isinstance(above, QScrollArea):
            above = above.parent()
        if above is not None:
            QTimer.singleShot(0, self.answer, lambda: above.ensureWidgetVisible(self.answer))  # once it is laid out

    def _end(self) -> None:
        self._meanwhile.stop()
        self._busy(False)
        self._ask_no_more()

    def _save(self) -> None:
        no, name, window = (field.text().strip() for field in (self.no, self.name, self.window_no))
        role: Role = next(one for one in ROLES if one == self.role.text())
        one, secret = self._chosen(), self.passwords.first.text()
        set_at = self._set_at.get(no)
        if self.passwords.first.isVisible() and not self.passwords.check(no, name):
            return
        if one is None:
            self._do(
                lambda register: register.add_clerk(no, name, secret, window, role),
                f"已新增{name}（{no}），角色{role}；请其本人登录后修改口令。",
                ends=True,
            )
            return

        def change(register: Register) -> None:
            renamed = register.rename_clerk(one.no, name, window, seen=one)
            if role != one.role:
                register.set_role(one.no, role, seen=renamed)
            if secret:
                register.give_password(one.no, secret, made_on=set_at)

        what = "，口令已重设，请其登录后自己改一次" if secret else ""
        self._do(change, f"已保存：{name}（{one.no}），角色{role}{what}。")

    def _give(self) -> None:
        """Ask for the password that somebody is given."""
        self._ask_no_more()
        self._ask_password(True)
        self.passwords.first.focus_input()
        self._say("输入新口令两遍后按“保存”；他的锁定也随之解除。", "info")

    def _remove(self) -> None:
        one = self._chosen()
        if one is None:
            return
        if not self._sure:
            self._sure = True
            self.remove.setText(f"确认移除{one.name}")
            self._say(
                f"移除{one.name}（{one.no}）要给登记库换密钥，约需 {_lasting(self._seconds)}，中途断电也不会坏；"
                "他的口令和旧的密钥文件都再打不开。"
                "其他窗口要重新输一次口令。以前的备份仍能用当时的口令打开，请收好或清除。确定就再按一次。",
                "warn",
            )
            return
        self._say("正在换密钥…", "info")
        self._meanwhile.start()
        self._do(
            lambda register: register.remove_clerk(one.no, seen=one), f"已移除{one.name}（{one.no}），登记库已换密钥。"
        )

    def _show_progress(self) -> None:
        from pinggu_desk.register import database, rekeying

        share = rekeying.share_done(self._services.folder / database.FILE_NAME)
        self._say(f"正在换密钥…已完成约 {share:.0%}", "info")

    def _renew(self) -> None:
        self._do(lambda register: register.new_recovery_code(), "恢复码已更换，原来的作废。")

    def _show_code(self, code: str) -> None:
        """A code that was made: until it is ticked off, or the page is left."""
        self.hide_code()
        self.code = CodeShown(code, self._services.settings.now.office)
        self.code.copied.connect(lambda _on: self.hide_code())
        self.card.body.insertWidget(self.card.body.indexOf(self.answer) + 1, self.code)
        self.code.show()  # the layout would do it by and by; the focus can't wait
        self.code.print_button.setFocus()

    def hide_code(self) -> None:
        """Leave nothing of a code on the screen."""
        code, self.code = self.code, None
        if code is not None:
            code.forget()
            code.hide()
            code.deleteLater()


def _called(one: Clerk) -> str:
    return f"{one.name}（{one.no}）　{one.role}" + (f"　窗口 {one.window}" if one.window else "")


def _lasting(seconds: float) -> str:
    return f"{max(1, round(seconds))} 秒" if seconds < 90 else f"{round(seconds / 60)} 分钟"


def _row(*widgets: SecondaryButton) -> QLayout:
    row = QHBoxLayout()
    for widget in widgets:
        widget.setAutoDefault(True)  # Enter presses what has the focus
        row.addWidget(widget)
    row.addStretch(1)
    return row
