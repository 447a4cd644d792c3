"""A new password (口令), wherever one is set: at the first start, by the recovery code, in 设置, for a colleague."""

from __future__ import annotations

from pinggu_desk.desk.kit import LineField
from pinggu_desk.register.errors import WeakPassword
from pinggu_desk.register.records import Clerk
from pinggu_desk.register.strength import RULE, check_password


class PasswordPair:
    """A new password, typed twice; the rule is stated before it is broken."""

    def __init__(self, label: str = "口令") -> None:
        self.first = LineField(label, secret=True, chars=24)
        self.first.set_help(f"{RULE}。")
        self.second = LineField(f"再输一遍{label}", secret=True, chars=24)
        for field in (self.first, self.second):
            field.edited.connect(self._typing)

    def _typing(self, _text: str) -> None:
        self.first.set_error("")
        self.second.set_error("")

    def check(self, no: str = "", name: str = "") -> bool:
        """Whether it may be used, by somebody of that number and name; what is wrong is said at the field."""
        try:
            check_password(self.first.text(), Clerk(no, name))
        except WeakPassword as weak:
            self.first.set_error(weak.sentence)
            return False
        same = self.first.text() == self.second.text()
        self.second.set_error("" if same else "两遍输入的口令不一样，请重新输入。")
        return same

    def clear(self) -> None:
        """Leave nothing of it on the screen."""
        self.first.line.clear()
        self.second.line.clear()
