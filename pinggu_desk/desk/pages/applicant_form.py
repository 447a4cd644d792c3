"""The applicant's particulars (申请人), checked as they are typed."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from pinggu_desk.desk.kit import Banner, ChoiceField, FocusChain, LineField, PrimaryButton, SecondaryButton
from pinggu_desk.desk.operations import Operations, sentence_of
from pinggu_desk.desk.theme import look
from pinggu_desk.policy.identity import check_credit_code, check_id_number
from pinggu_desk.register.errors import DuplicateApplicant
from pinggu_desk.register.records import Applicant, ApplicantKind

KINDS: tuple[ApplicantKind, ...] = ("企业", "机构", "个人")
#: kind -> what its name and its code are called
_CALLED = {
    "企业": ("企业名称（与营业执照一致）", "统一社会信用代码"),
    "机构": ("机构名称（与登记证书一致）", "统一社会信用代码"),
    "个人": ("姓名（与身份证件一致）", "身份号码"),
}


class ApplicantForm(QWidget):
    """A new applicant, or the change of one. ``kept`` carries the applicant as the register keeps it.

    ``existing_wanted`` is sent when the code is already registered and the clerk chooses that applicant instead.
    """

    kept = Signal(object)
    given_up = Signal()
    existing_wanted = Signal(int)

    def __init__(self, operations: Operations, *, practice: bool) -> None:
        super().__init__()
        self._operations, self._practice = operations, practice
        self._changing: Applicant | None = None
        self._duplicate = 0
        self.kind = ChoiceField("申请人类型", KINDS, required=True)
        self.name = LineField("名称", chars=60)
        self.code = LineField("代码", chars=22, check=self._check_code)
        self.contact = LineField("联系人", chars=24)
        self.phone = LineField("联系电话", chars=18, check=_check_phone)
        self.address = LineField("地址", chars=60)
        self.duplicate = Banner("", "warn", action="调出该申请人", key="F4")
        self.duplicate.hide()
        self.duplicate.pressed.connect(lambda: self.existing_wanted.emit(self._duplicate))
        self.save = PrimaryButton("登记")
        self.cancel = SecondaryButton("返回")
        self.save.clicked.connect(self._save)
        self.cancel.clicked.connect(self.given_up)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look().scale.grid(2))
        fields = (self.kind, self.name, self.code, self.contact, self.phone, self.address)
        for widget in (self.kind, self.name, self.code, self.duplicate, self.contact, self.phone, self.address):
            column.addWidget(widget)
        row = QHBoxLayout()
        row.addWidget(self.save)
        row.addWidget(self.cancel)
        row.addStretch(1)
        column.addLayout(row)
        self.chain = FocusChain(self)
        self.chain.set_fields(fields)
        self.chain.finished.connect(self._save)
        self.kind.edited.connect(self._kind_chosen)
        self.code.left.connect(self._look_for_duplicate)
        self.code.edited.connect(lambda _text: self.duplicate.hide())

    def begin(self, applicant: Applicant | None = None, name: str = "") -> None:
        """Begin a new applicant (with what was searched for as its name), or the change of one."""
        self._changing = applicant
        start = applicant or Applicant(0, "企业", name)
        self.kind.set_text(start.kind)
        self._kind_chosen(start.kind)
        for field, text in (
            (self.name, start.name), (self.code, start.code), (self.contact, start.contact),
            (self.phone, start.phone), (self.address, start.address),
        ):  # fmt: skip
            field.set_text(text)
            field.set_error("")
        self.duplicate.hide()
        self.save.setText("保存修改" if applicant else "登记")
        (self.name if not start.name else self.code).focus_input()

    def _kind_chosen(self, kind: str) -> None:
        name, code = _CALLED.get(kind, _CALLED["企业"])
        self.name.ask(name)
        self.code.ask(code)
        self.code.set_help("没有带来可以先不填，出具文书前补上。")
        self.code.show_check(force=True)

    def _check_code(self, text: str) -> tuple[str, str]:
        finding = check_id_number(text, date.today()) if self.kind.text() == "个人" else check_credit_code(text)
        return ("", finding.hint or "校验无误") if finding.ok else (finding.sentence, finding.hint)

    def _look_for_duplicate(self) -> None:
        code = self.code.text().strip()
        if len(code) >= 15 and not self.code.error():
            own = self._changing.id if self._changing else 0
            self._operations.run(
                lambda register: [a for a in register.search(code, 3) if a.code == code.upper() and a.id != own],
                self._show_duplicate,
            )

    def _show_duplicate(self, found: list[Applicant]) -> None:
        if found:
            self._duplicate = found[0].id
            self.duplicate.show_words(f"这个代码已登记在“{found[0].name}”名下，可直接调出，不必重新登记。", "warn")

    def _save(self) -> None:
        self.kind.set_error("" if self.kind.text() else "还没有选申请人类型，请选择。")
        self.name.set_error("" if self.name.text().strip() else "还没有填名称，请按证照填写。")
        for field in (self.kind, self.name, self.code, self.phone):
            if field.error():
                field.focus_input()
                return
        if not self.save.isEnabled():
            return
        self.save.setEnabled(False)
        wanted = Applicant(
            self._changing.id if self._changing else 0, self._kind(), self.name.text(), self.code.text(),
            self.contact.text().strip(), self.phone.text().strip(), self.address.text().strip(),
            self._changing.sample if self._changing else self._practice,
        )  # fmt: skip
        if self._changing:
            self._operations.run(
                lambda register: register.update_applicant(wanted), self._kept, self._refused, writes=True
            )
            return
        self._operations.run(
            lambda register: register.add_applicant(
                wanted.kind, wanted.name, code=wanted.code, contact=wanted.contact, phone=wanted.phone,
                address=wanted.address, sample=wanted.sample,
            ),
            self._kept, self._refused, writes=True,
        )  # fmt: skip

    def _kind(self) -> ApplicantKind:
        return KINDS[KINDS.index(self.kind.text())] if self.kind.text() in KINDS else "企业"

    def _kept(self, applicant: Applicant) -> None:
        self.save.setEnabled(True)
        self.kept.emit(applicant)

    def _refused(self, error: Exception) -> None:
        self.save.setEnabled(True)
        if isinstance(error, DuplicateApplicant):
            self._duplicate = error.applicant_id
            self.duplicate.show_words(sentence_of(error), "warn")
            self.code.focus_input()
            return
        self.name.set_error(sentence_of(error))
        self.name.focus_input()


def _check_phone(text: str) -> tuple[str, str]:
    digits = [c for c in text if c.isdigit()]
    if not 7 <= len(digits) <= 16 or any(not (c.isdigit() or c in " -—()（）转+") for c in text):
        return f"电话“{text[:20]}”看不懂，请写成如 13800000000 或 010-69960000。", ""
    return "", ""
