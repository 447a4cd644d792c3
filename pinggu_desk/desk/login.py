"""Coming in: logging in, and which form stands at the door."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QStackedWidget, QWidget

from pinggu_desk.desk import inputmethod, practice
from pinggu_desk.desk.kit import Banner, Caption, CentredForm, ChoiceField, LineField, SecondaryButton
from pinggu_desk.desk.newkeys import CodeForm, RecoverForm, SetupForm, clerks_of, the_register, without_server
from pinggu_desk.desk.operations import Operations, sentence_of
from pinggu_desk.desk.settings import SettingsStore
from pinggu_desk.desk.threshold import ENTER, FORGOTTEN, PASSWORD, PROMPT, WHO
from pinggu_desk.policy.resources import product_name
from pinggu_desk.register import entrance
from pinggu_desk.register.errors import KeysHeld, RegisterError, ServerGone
from pinggu_desk.register.records import Clerk

if TYPE_CHECKING:  # the register comes with whoever logs in
    pass


#: coming in although the server is away, and what is said of it
WITHOUT = "断线办理"
WHAT_WITHOUT = (
    f"急着办可以按“{WITHOUT}”：用同一口令，新办的件和填报加密存在本机，登录上服务器后自动并入；"
    "查不到别的办件和以前的奖励，不能出具文书。"
)
#: seconds after which whoever holds the keys is named; it is waited for all the same
SOON = 0.3


class LoginForm(CentredForm):
    """Every later start: who, and the password."""

    logged_in = Signal(object)
    forgotten = Signal()

    def __init__(self, folder: Path, operations: Operations, *, in_practice: bool) -> None:
        super().__init__(product_name(), PROMPT, ENTER)
        self._folder, self._operations = folder, operations
        self._clerks = clerks_of(folder)
        names = [f"{name}（{no}）" for no, name in self._clerks]
        self.who = ChoiceField(WHO, names, required=True)
        self.who.set_text(names[0] if len(names) == 1 else "")
        self.password = LineField(PASSWORD, secret=True, chars=24)
        self.password.edited.connect(lambda _text: self.password.set_error(""))
        widgets: list[QWidget] = [self.who, self.password]
        if in_practice:
            note = Banner(practice.NOTE, "warn")
            widgets.insert(0, note)
        self._given_up = False
        self._attempt: Callable[[], None] = lambda: None
        self.stop = SecondaryButton("不等了")
        self.stop.clicked.connect(self.give_up)
        self.stop.hide()
        self.without = SecondaryButton(WITHOUT)
        self.without.setAutoDefault(True)  # Enter presses it
        self.without.clicked.connect(self._come_in_without)
        self.without.hide()
        self.put(widgets, others=() if in_practice else [(FORGOTTEN, self.forgotten.emit)])
        self.card.body.addWidget(self.stop)
        self.card.body.addWidget(self.without)
        self.submitted.connect(self._log_in)

    def enter(self) -> None:
        """Begin at the password when the clerk is known."""
        (self.password if self.who.text() else self.who).focus_input()

    def take_over(self, password: str, keys: Sequence[QKeyEvent], enter: bool) -> None:
        """Go on where somebody began to type before this page was there."""
        self.password.line.insert(password)
        for key in keys:
            QApplication.sendEvent(QApplication.focusWidget() or self, key)
        if enter:
            self.submit()

    def _log_in(self) -> None:
        if not self.who.text():
            self.who.set_error("还没有选经办人，请选择。")
            self.who.focus_input()
            return
        self.who.set_error("")
        if not self.password.text():
            self.password.set_error("还没有输入口令，请输入。")
            self.password.focus_input()
            return
        self._try(self._folder)

    def _try(self, folder: Path) -> None:
        no, password = self._no(), self.password.text()
        self.without.hide()
        self._given_up = False
        self._attempt = lambda: self._operations.open(
            lambda: the_register().open(folder, clerk_no=no, password=password, patience=SOON),
            self._opened,
            self._refused,
        )
        self.busy("正在核对口令…")
        self._attempt()

    def _no(self) -> str:
        return self._clerks[self.who.options.index(self.who.text())][0]

    def _come_in_without(self) -> None:
        """断线办理: into this machine's own register, until the server is back."""
        from pinggu_desk.register.standby import home_of

        self.banner.show_words("")
        self._try(home_of(self._folder, self._no()))

    def _offer_without(self, error: ServerGone) -> bool:
        """Say what can be done without the server, where something can."""
        if self._no() not in {no for no, _name in without_server(self._folder)}:
            return False
        self.banner.show_words(f"{sentence_of(error)}{WHAT_WITHOUT}", "warn")
        self.without.show()
        self.without.setFocus()
        return True

    def _opened(self, clerk: Clerk) -> None:
        self.password.line.clear()
        self._attempt = lambda: None
        self.stop.hide()
        self.banner.show_words("")
        self.busy("")
        self.logged_in.emit(clerk)

    def _refused(self, error: Exception) -> None:
        self.refuse("")
        if isinstance(error, KeysHeld):
            self._wait_for(error)
            return
        if isinstance(error, ServerGone) and self._offer_without(error):
            return
        self.password.set_error(sentence_of(error))
        self.password.focus_input()

    def _wait_for(self, error: KeysHeld) -> None:
        """Somebody else holds the keys: say who, go on trying, and let it be given up."""
        if self._given_up:
            self._given_up = False
            self.banner.show_words("")
            self.password.focus_input()
            return
        self.banner.show_words(f"{sentence_of(error)}正在等待，让出来就接着登录；不想等按“不等了”。", "warn")
        self.stop.show()
        self.busy("正在等待…")
        self._attempt()

    def give_up(self) -> None:
        """不等了: the try that is under way is the last."""
        self._given_up = True
        self.stop.hide()
        self.banner.show_words("已不再等待。请先关闭占用登记库的程序，再登录。", "info")


class WaitPage(CentredForm):
    """Shown while the practice register is being made."""

    def __init__(self) -> None:
        super().__init__(product_name(), "正在准备演练用的登记库…", "请稍候")
        self.put([Caption("示例申请人只用于练习。")])
        self.button.setEnabled(False)


class TroubleForm(CentredForm):
    """Nobody can come in as things stand: what is wrong, and another try once it was mended."""

    def __init__(self, sentence: str) -> None:
        super().__init__("登记库打不开", "数据没有动过；按下面说的处理好以后再试。", "再试一次")
        self.put([])
        self.button.setAutoDefault(True)  # Enter presses it
        self.refuse(sentence)

    def enter(self) -> None:
        """Begin at the only thing to do."""
        self.button.setFocus()


class Entry(QStackedWidget):
    """The door: shows whichever form is due, and says who came in."""

    entered = Signal(object)

    def __init__(self, folder: Path, operations: Operations, settings: SettingsStore, *, in_practice: bool) -> None:
        super().__init__()
        self._folder, self._operations, self._settings = folder, operations, settings
        self._practice = in_practice

    def say(self, sentence: str) -> None:
        """Say something on the form that is shown."""
        form = self.currentWidget()
        if isinstance(form, CentredForm):
            form.banner.show_words(sentence, "good")

    def begin(self) -> None:
        """Show what is due: the first start, or the login."""
        if entrance.exists(self._folder):
            self._login()
        elif self._practice:
            self._show(WaitPage())
            self._operations.without_register(lambda: practice.make_register(self._folder), self._made, self._not_made)
        elif lacking := entrance.lacking(self._folder):
            self._establish(lacking)
        else:
            self._set_up()

    def take_over(self, password: str, keys: Sequence[QKeyEvent], enter: bool) -> None:
        """Take what was typed on the threshold, if it is the login page that came after it."""
        form = self.currentWidget()
        if isinstance(form, LoginForm):
            form.take_over(password, keys, enter)

    def _set_up(self) -> None:
        form = SetupForm(self._folder, self._operations, self._settings)
        form.made.connect(self._show_code)
        form.from_backup.connect(lambda: self._establish())
        self._show(form)

    def _establish(self, lacking: str = "") -> None:
        from pinggu_desk.desk.establish import EstablishForm

        form = EstablishForm(self._folder, self._operations, lacking)
        form.logged_in.connect(self.entered)
        form.given_up.connect(self.begin if lacking else self._set_up)
        self._show(form)

    def _made(self, _none: None) -> None:
        self._login()

    def _not_made(self, error: Exception) -> None:
        page = self.currentWidget()
        if isinstance(page, WaitPage):
            page.banner.show_words(sentence_of(error), "bad")

    def _login(self) -> None:
        try:
            form = LoginForm(self._folder, self._operations, in_practice=self._practice)
        except RegisterError as error:  # nobody can be shown: the key file is damaged, or may not be read
            trouble = TroubleForm(error.sentence)
            trouble.submitted.connect(self.begin)
            self._show(trouble)
            return
        form.logged_in.connect(self.entered)
        form.forgotten.connect(self._recover)
        self._show(form)

    def _recover(self) -> None:
        form = RecoverForm(self._folder, self._operations)
        form.logged_in.connect(self._show_code)
        form.given_up.connect(self._login)
        self._show(form)

    def _show_code(self, clerk: Clerk, code: str) -> None:
        form = CodeForm(code, self._settings.now.office)
        form.submitted.connect(lambda: self.entered.emit(clerk))
        self._show(form)

    def _show(self, form: CentredForm) -> None:
        if isinstance(form, (SetupForm, LoginForm)) and (sentence := inputmethod.absence()):
            form.card.body.insertWidget(form.card.body.indexOf(form.banner), Banner(sentence, "warn"))
        while self.count():
            old = self.widget(0)
            self.removeWidget(old)
            old.deleteLater()
        self.addWidget(form)
        self.setCurrentWidget(form)
        form.enter()
