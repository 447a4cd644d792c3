"""The applicant's particulars (申请人), checked as they are typed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from pinggu_desk.desk.kit import Banner, ChoiceField, FocusChain, LineField, PrimaryButton, SecondaryButton
from pinggu_desk.desk.operations import sentence_of
from pinggu_desk.desk.pages.licence_line import LicenceLine
from pinggu_desk.desk.pages.standing import StandingFields
from pinggu_desk.desk.revealing import note_numbers
from pinggu_desk.desk.services import Services
from pinggu_desk.desk.theme import look
from pinggu_desk.desk.words import about
from pinggu_desk.policy.identity import (
    DOCUMENT_TYPES,
    check_credit_code,
    check_document,
    check_phone,
    normal_code,
)
from pinggu_desk.policy.licence import Licence, read_licence
from pinggu_desk.policy.masking import mark_of
from pinggu_desk.register import Register
from pinggu_desk.register.errors import DuplicateApplicant, Overtaken
from pinggu_desk.register.records import Applicant, ApplicantKind, KnownFact

KINDS: tuple[ApplicantKind, ...] = ("企业", "机构", "个人")
#: kind -> what its name and its code are called
CALLED = {
    "企业": ("企业名称（与营业执照一致）", "统一社会信用代码"),
    "机构": ("机构名称（与登记证书一致）", "统一社会信用代码"),
    "个人": ("姓名（与身份证件一致）", "证件号码"),
}


class ApplicantForm(QWidget):
    """A new applicant, or the change of one. ``kept`` carries the applicant as the register keeps it.

    ``existing_wanted`` is sent when somebody of that code or name is registered and the clerk chooses that one instead.
    """

    kept = Signal(object)
    given_up = Signal()
    existing_wanted = Signal(int)

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services, self._operations = services, services.operations
        self._changing: Applicant | None = None
        self._duplicate = 0
        self._known: dict[str, str] = {}
        self.licence = LicenceLine(services.today)
        #: by kind, the question that an address (住所) in this district answers
        self.here = {
            kind: ChoiceField.for_fact(services.pack.facts[name]) for kind, name in services.pack.district.here.items()
        }
        self._in_district = False
        self.kind = ChoiceField("申请人类型", KINDS, required=True)
        self.name = LineField("名称", chars=60)
        self.document = ChoiceField("证件类型", DOCUMENT_TYPES, required=True)
        self.code = LineField("代码", chars=26, check=self._check_code)
        self.reason = LineField("仍要登记的原因", "号码与证照一致、仍要登记的原因", chars=50)
        self.reason.set_help(
            "先与证照逐位核对：录错了的，Shift+Enter 回去更正；证照上确实如此的，写明原因，随申请人保存。"
        )
        self.contact = LineField("联系人", chars=24)
        self.phone = LineField("联系电话", chars=18, check=checked_phone)
        self.phone.cover(mark_of("电话"))
        self.address = LineField("地址", chars=60)
        self.standing = StandingFields(services.pack, services.today())
        self.duplicate = Banner("", "warn", action="调出该申请人", key="F4")
        self.duplicate.hide()
        self.duplicate.pressed.connect(lambda: self.existing_wanted.emit(self._duplicate))
        self.save = PrimaryButton("登记")
        self.cancel = SecondaryButton("返回")
        self.save.clicked.connect(self._save)
        self.cancel.clicked.connect(self.given_up)
        self._lay_out()
        self.kind.edited.connect(self._kind_chosen)
        self.licence.found.connect(self.take_licence)
        self.name.line.pasted.connect(self._pasted)
        self.document.edited.connect(lambda _text: self.code.show_check(force=True))
        for field in (self.name, self.code):
            field.left.connect(self._look_for_duplicate)
        self.code.left.connect(lambda: self._ask_reason(1))
        self.code.edited.connect(self._code_typed)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look().scale.grid(2))
        fields = (
            self.licence, *self.here.values(), self.kind, self.name, self.document, self.code, self.reason,
            self.contact, self.phone, self.address,
        )  # fmt: skip
        for widget in (*fields[:8], self.duplicate, *fields[8:], self.standing):
            column.addWidget(widget)
        row = QHBoxLayout()
        row.addWidget(self.save)
        row.addWidget(self.cancel)
        row.addStretch(1)
        column.addLayout(row)
        self.chain = FocusChain(self)
        self.chain.set_fields([*fields, *self.standing.fields.values()])
        self.chain.finished.connect(self._save)

    def note_numbers(self, then: Callable[[], None]) -> None:
        """Somebody wants a number of this form whole."""
        note_numbers(self._services, self._changing.id if self._changing else None, then)

    def begin(self, applicant: Applicant | None = None, name: str = "") -> None:
        """Begin a new applicant (with what was searched for as its name), or the change of one."""
        self._changing, self._known = applicant, {}
        self.licence.begin()
        self._in_district = False
        for here in self.here.values():
            here.set_text("")
        start = applicant or Applicant(0, "企业", name)
        self.kind.set_text(start.kind)
        self.document.set_text(start.document or DOCUMENT_TYPES[0])
        for field, text in (
            (self.name, start.name), (self.code, start.code), (self.reason, start.reason),
            (self.contact, start.contact), (self.phone, start.phone), (self.address, start.address),
        ):  # fmt: skip
            field.set_text(text)
            field.set_error("")
        self._kind_chosen(start.kind)
        self.standing.show_texts({})
        if applicant is not None:
            number = applicant.id
            self._operations.run(lambda register: register.known_facts(number), self._show_known)
        self.duplicate.hide()
        self.save.setText("保存修改" if applicant else "登记")
        (self.name if not start.name else self.code).focus_input()

    def _show_known(self, known: dict[str, KnownFact]) -> None:
        self._known = {name: fact.value_text for name, fact in known.items() if name in self.standing.fields}
        self.standing.show_texts(self._known)

    def _kind_chosen(self, kind: str) -> None:
        name, code = CALLED.get(kind, CALLED["企业"])
        self.name.ask(name)
        self.code.ask(code)
        self.code.cover(mark_of(code))
        self.code.set_help("没有带来可以先不填，出具文书前补上。")
        self.document.setVisible(kind == "个人")
        self.licence.setVisible(kind != "个人")
        self._offer_here(kind)
        self.code.show_check(force=True)
        self._code_typed(self.code.text())

    # --- the licence

    def _pasted(self, text: str) -> None:
        """A licence's words pasted into the line of the name: more than a name is split into the fields."""
        licence = read_licence(text, self._services.today())
        if licence.several:
            self.licence.show_licence(licence)
            self.take_licence(licence)

    def take_licence(self, licence: Licence) -> None:
        """Fill the fields with what a licence says; the clerk checks and alters them, and nothing is kept before that.

        Whether it is registered here is only asked, since an address in this district makes it likely.
        """
        self.licence.show_licence(licence)
        if licence.kind and self._changing is None:
            self.kind.set_text(licence.kind)
        parts = licence.parts
        for field, part in (
            (self.name, "名称"), (self.code, "代码"), (self.contact, "联系人"), (self.phone, "联系电话"),
        ):  # fmt: skip
            if part in parts:
                field.set_text(parts[part])
                field.show_check(force=True)
        standing = {
            "注册地址": parts.get("住所"),
            "注册资本": parts.get("注册资本"),
            "法定代表人": parts.get("法定代表人"),
        }
        for name, text in standing.items():
            if text and name in self.standing.fields:
                self.standing.fields[name].set_text(text)
                self.standing.unfold()
        self._in_district = licence.in_district
        self._kind_chosen(self.kind.text())
        self._look_for_duplicate()
        offered = self.here.get(self.kind.text())
        if offered is not None and self._in_district:
            offered.focus_input()
        else:
            (self.code if self.code.error() or not self.code.text() else self.name).focus_input()

    def _offer_here(self, kind: str) -> None:
        for one, field in self.here.items():
            field.setVisible(self._in_district and kind == one)
            field.set_help(f"执照上的住所写在{self._services.pack.district.name}：是的按 1。没有选的不记。")

    # --- the code

    def _check_code(self, text: str) -> tuple[str, str]:
        today = self._services.today()
        person = self.kind.text() == "个人"
        finding = check_document(self.document.text(), text, today) if person else check_credit_code(text)
        return ("", finding.hint or "校验无误") if finding.ok else (finding.sentence, finding.hint)

    def _code_typed(self, text: str) -> None:
        self.duplicate.hide()
        if text.strip() and not self._check_code(text)[0]:
            self._ask_reason(1)
        else:  # while it is being typed it is no wonder that it is not whole
            self._ask_reason(18 if self.document.text() in ("居民身份证", "港澳台居民居住证") else 8)

    def _ask_reason(self, least: int) -> None:
        """A code that its check refuses may be kept with a reason: the question stands there while it is so."""
        text = self.code.text()
        odd = len(normal_code(text)) >= least and bool(self._check_code(text)[0])
        self.reason.setVisible(odd)
        if not odd:
            self.reason.set_error("")

    def _look_for_duplicate(self) -> None:
        code, name = self.code.text().strip(), self.name.text().strip()
        if len(code) >= 5 or len(name) > 1:
            own = self._changing.id if self._changing else 0
            self._operations.run(lambda register: register.alike(name, code, own), self._show_duplicate)

    def _show_duplicate(self, found: list[Applicant]) -> None:
        if not found:
            self.duplicate.hide()
            return
        first, code = found[0], normal_code(self.code.text())
        self._duplicate = first.id
        if code and first.code == code:
            self.duplicate.show_words(f"这个号码已登记在“{first.name}”名下，可直接调出，不必重新登记。", "warn")
        else:
            more = f"等 {len(found)} 个" if len(found) > 1 else ""
            self.duplicate.show_words(
                f"已登记有同名的“{first.name}”（{about(first)}）{more}：是同一申请人的，调出来办，不要重复登记。",
                "warn",
            )

    # --- keeping

    def _save(self) -> None:
        self.kind.set_error("" if self.kind.text() else "还没有选申请人类型，请选择。")
        self.name.set_error("" if self.name.text().strip() else "还没有填名称，请按证照填写。")
        odd, why = bool(self.code.error()), self.reason.text().strip()
        self.reason.set_error("号码与校验规则不符：请更正号码，或者写明仍要登记的原因。" if odd and not why else "")
        for field in (self.kind, self.name, self.reason, self.phone, self.standing.first_bad()):
            if field is not None and field.error():
                (self.code if field is self.reason else field).focus_input()
                return
        if not self.save.isEnabled():
            return
        self.save.setEnabled(False)
        kind = self._kind()
        wanted = Applicant(
            self._changing.id if self._changing else 0, kind, self.name.text(), self.code.text(),
            self.contact.text().strip(), self.phone.text().strip(), self.address.text().strip(),
            self._changing.sample if self._changing else self._services.practice,
            self.document.text() if kind == "个人" and self.code.text().strip() else "", why if odd else "",
            version=self._changing.version if self._changing else None,
        )  # fmt: skip
        known, standing = dict(self._known), frozenset(self.standing.fields)
        told = {n: t for n, t in self.standing.texts().items() if t != self._known.get(n, "")}
        here = self.here.get(kind)
        if here is not None and not here.isHidden() and here.text():
            told[here.name] = here.text()
        today = self._services.today()

        def write(register: Register) -> Applicant:
            kept = register.update_applicant(wanted) if wanted.id else _added(register, wanted)
            for name, text in told.items():
                register.remember(
                    kept.id, name, text, today, seen=known.get(name, "") if wanted.id and name in standing else None
                )
            return kept

        self._operations.run(write, self._kept, self._refused, writes=True)

    def _kind(self) -> ApplicantKind:
        return KINDS[KINDS.index(self.kind.text())] if self.kind.text() in KINDS else "企业"

    def _kept(self, applicant: Applicant) -> None:
        self.save.setEnabled(True)
        self.kept.emit(applicant)

    def _refused(self, error: Exception) -> None:
        self.save.setEnabled(True)
        if isinstance(error, Overtaken) and self._changing is not None:  # told who and what: saving again is meant
            if error.version:
                self._changing = replace(self._changing, version=error.version)
            self._known |= {one.what: one.now or "" for one in error.changes if one.what in self.standing.fields}
        if isinstance(error, DuplicateApplicant):
            self._duplicate = error.applicant_id
            self.duplicate.show_words(sentence_of(error), "warn")
            self.code.focus_input()
            return
        self.name.set_error(sentence_of(error))
        self.name.focus_input()


def _added(register: Register, wanted: Applicant) -> Applicant:
    return register.add_applicant(
        wanted.kind, wanted.name, code=wanted.code, contact=wanted.contact, phone=wanted.phone, address=wanted.address,
        sample=wanted.sample, document=wanted.document, reason=wanted.reason,
    )  # fmt: skip


def checked_phone(text: str) -> tuple[str, str]:
    """What a telephone's field says of it: its error, and a soft hint."""
    found = check_phone(text)
    return found.sentence, found.hint
