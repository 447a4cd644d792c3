"""What gives a clerk keys: the first start, and a new password by the recovery code; both end with a code that is shown once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from pinggu_desk.desk.codepaper import CodeShown
from pinggu_desk.desk.kit import CentredForm, ChoiceField, LineField
from pinggu_desk.desk.operations import Operations, sentence_of
from pinggu_desk.desk.passwordpair import PasswordPair
from pinggu_desk.desk.settings import SettingsStore
from pinggu_desk.policy.resources import product_name
from pinggu_desk.register import entrance
from pinggu_desk.register.errors import RegisterError, ServerGone
from pinggu_desk.register.records import Clerk

if TYPE_CHECKING:  # the register comes with whoever logs in
    from pinggu_desk.register import Register


def the_register() -> type[Register]:
    """The register's door; the cipher and the facts come with it, so only on the register's own thread."""
    from pinggu_desk.register import Register

    return Register


def clerks_of(folder: Path) -> Sequence[tuple[str, str]]:
    """Who may log in. Raises RegisterError with what is wrong with the key file, where it tells nobody."""
    try:
        return entrance.clerks(folder) or the_register().clerks_of(folder)
    except ServerGone:
        if found := without_server(folder):
            return found
        raise


def without_server(folder: Path) -> Sequence[tuple[str, str]]:
    """Who may come in although the server is away."""
    from pinggu_desk.register.standby import clerks

    return clerks(folder)


def required(field: LineField, what: str) -> bool:
    """Whether a field is filled in; said at the field where it isn't."""
    field.set_error("" if field.text().strip() else f"还没有填{what}，请填写。")
    return not field.error()


class SetupForm(CentredForm):
    """The first start: an office, a window, the first clerk."""

    made = Signal(object, str)
    from_backup = Signal()

    def __init__(self, folder: Path, operations: Operations, settings: SettingsStore) -> None:
        super().__init__(
            f"首次使用{product_name()}",
            "先建立本机的登记库。登记库整库加密，只有经办人的口令能打开；不联网，数据不离开这台电脑。",
            "建立登记库",
        )
        self._folder, self._operations, self._settings = folder, operations, settings
        self.office = LineField(
            "单位名称", "单位名称（印在告知书落款处）", chars=44, placeholder="如 示例镇政务服务中心"
        )
        self.window_no = LineField("窗口号", "窗口号（编入办件编号，没有可不填）", chars=8, placeholder="如 01")
        self.clerk_no = LineField("工号", "经办人工号", chars=12)
        self.clerk_name = LineField("姓名", "经办人姓名", chars=24)
        self.passwords = PasswordPair()
        self.put(
            [self.office, self.window_no, self.clerk_no, self.clerk_name, self.passwords.first, self.passwords.second],
            others=[("从备份建立", self.from_backup.emit)],
        )
        self.submitted.connect(self._make)

    def _make(self) -> None:
        filled = [
            required(field, what)
            for field, what in (
                (self.office, "单位名称"), (self.clerk_no, "工号"), (self.clerk_name, "姓名"),
            )
        ]  # fmt: skip
        if not all([*filled, self.passwords.check(self.clerk_no.text().strip(), self.clerk_name.text().strip())]):
            self.focus_first_bad()
            return
        codes: list[str] = []
        no, name = self.clerk_no.text().strip(), self.clerk_name.text().strip()
        window, password = self.window_no.text().strip(), self.passwords.first.text()

        def make() -> Register:
            register, code = the_register().create(
                self._folder, clerk_no=no, clerk_name=name, password=password, window=window
            )
            codes.append(code)
            return register

        self.busy("正在建立…")
        self._operations.open(make, lambda clerk: self._made(clerk, codes[0]), self._refused)

    def _made(self, clerk: Clerk, code: str) -> None:
        self.passwords.clear()
        self.busy("")
        try:
            self._settings.change(office=self.office.text().strip())
        except RegisterError as error:  # the register stands; the name can be set again under 设置
            self.refuse(error.sentence)
        self.made.emit(clerk, code)

    def _refused(self, error: Exception) -> None:
        self.refuse(sentence_of(error))


class CodeForm(CentredForm):
    """The recovery code (恢复码), shown once."""

    def __init__(self, code: str, office: str = "") -> None:
        super().__init__(
            "请抄下恢复码",
            "忘记口令时，只有恢复码能重新打开登记库。恢复码只显示这一次、只能打印一次，用过即作废；请抄写或打印后交由负责人封存，不要存在这台电脑里。",
            "进入窗口",
        )
        self.shown = CodeShown(code, office)
        self.copied = self.shown.tick
        self.put([self.shown])
        self.button.setEnabled(False)
        self.copied.toggled.connect(self.button.setEnabled)
        self.chain.set_fields([self.copied])  # Enter at the tick goes on, once it is ticked

    def enter(self) -> None:
        """Begin at the tick."""
        self.copied.setFocus()


class RecoverForm(CentredForm):
    """The password was forgotten: the recovery code gives a new one, and is void then; the next comes with ``logged_in``."""

    logged_in = Signal(object, str)
    given_up = Signal()

    def __init__(self, folder: Path, operations: Operations) -> None:
        super().__init__("用恢复码重设口令", "恢复码是首次使用时抄下、由负责人封存的那一串字母和数字。", "重设并登录")
        self._folder, self._operations = folder, operations
        self._clerks = clerks_of(folder)
        names = [f"{name}（{no}）" for no, name in self._clerks]
        self.who = ChoiceField("经办人", names, required=True)
        self.who.set_text(names[0] if len(names) == 1 else "")
        self.code = LineField("恢复码", chars=36)
        self.passwords = PasswordPair("新口令")
        self.put(
            [self.who, self.code, self.passwords.first, self.passwords.second],
            others=[("返回登录", self.given_up.emit)],
        )
        self.submitted.connect(self._reset)

    def _reset(self) -> None:
        self.who.set_error("" if self.who.text() else "还没有选经办人，请选择。")
        filled = required(self.code, "恢复码")
        no, name = self._clerks[self.who.options.index(self.who.text())] if self.who.text() else ("", "")
        if not self.passwords.check(no, name) or not no or not filled:
            self.focus_first_bad()
            return
        folder, code, password = self._folder, self.code.text(), self.passwords.first.text()
        codes: list[str] = []

        def reset() -> Register:
            register = the_register().reset_password(folder, clerk_no=no, recovery_code=code, password=password)
            codes.append(register.fresh_code)
            register.fresh_code = ""
            return register

        self.busy("正在重设…")
        self._operations.open(reset, lambda clerk: self._opened(clerk, codes.pop()), self._refused)

    def _refused(self, error: Exception) -> None:
        self.refuse(sentence_of(error))

    def _opened(self, clerk: Clerk, code: str) -> None:
        self.passwords.clear()
        self.code.line.clear()
        self.logged_in.emit(clerk, code)
