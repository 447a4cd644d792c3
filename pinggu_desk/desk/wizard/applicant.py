"""申请人: who applies, by which day it is judged, and what the applicant was given before."""

from __future__ import annotations

from datetime import date
from functools import partial

from typing_extensions import override

from pinggu_desk.assess.awards import title_of
from pinggu_desk.desk.kit import Banner, Caption, Card, DateField, LineField, Subtitle, Words
from pinggu_desk.desk.pages.applicant_form import checked_phone
from pinggu_desk.desk.pages.standing import StandingFields
from pinggu_desk.desk.wizard.session import Session
from pinggu_desk.desk.wizard.step import Step
from pinggu_desk.desk.words import day_words
from pinggu_desk.policy.facts import Fact
from pinggu_desk.policy.identity import check_credit_code, check_document
from pinggu_desk.policy.masking import mark_of
from pinggu_desk.policy.quantity import wan
from pinggu_desk.register.records import Award
from pinggu_desk.work.origins import award_origin

_JUDGED_ON = Fact(
    name="判断日", id="judged_on", kind="日期", question="判断日：按哪一天有效的政策、哪一天的情况判断",
    help="一般就是今天；补办以前的申请，填当时的日期",
)  # fmt: skip
_CALLED = {
    "企业": ("企业名称", "统一社会信用代码"),
    "机构": ("机构名称", "统一社会信用代码"),
    "个人": ("姓名", "证件号码"),
}


class ApplicantStep(Step):
    """The applicant's particulars, kept with the applicant for every later visit."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, "applicant", "改动随申请人保存，下次来不用再填。")
        who = session.applicant
        name, code = _CALLED.get(who.kind if who else "企业", _CALLED["企业"])
        if who is not None and who.kind == "个人" and who.document:
            code = f"{who.document}号码"
        self.name = LineField("名称", name, chars=48)
        self.code = LineField("代码", code, chars=22, check=self._check_code)
        self.contact = LineField("联系人", chars=24)
        self.phone = LineField("联系电话", chars=18, check=checked_phone)
        self.address = LineField("地址", chars=48)
        self.on = DateField(_JUDGED_ON)
        self.code.cover(mark_of(_CALLED[who.kind if who else "企业"][1]))
        self.phone.cover(mark_of("电话"))
        self._fields = {
            "name": self.name, "code": self.code, "contact": self.contact, "phone": self.phone,
            "address": self.address,
        }  # fmt: skip
        self._refusal = Banner("", "bad")
        card = Card(margin=2, spacing=2)
        for field in self._fields.values():
            card.body.addWidget(field)
        self.standing = StandingFields(session.services.pack, session.services.today())
        self.standing.show_texts(session.interview.remembered)
        self.standing.unfold(False)
        for name, field in self.standing.fields.items():
            field.left.connect(partial(self._keep_standing, name))
            field.entered.connect(partial(self.here.emit, name))
        card.body.addWidget(self.standing)
        self.body.addWidget(self._refusal)
        self.body.addWidget(card)
        day = Card(margin=2)
        day.body.addWidget(self.on)
        self.body.addWidget(day)
        self.body.addWidget(self._awards())
        self.body.addStretch(1)
        for key, field in self._fields.items():
            field.edited.connect(lambda text, key=key: self._edited(key, text))
        self.on.edited.connect(self._judged_on)
        for field in (*self._fields.values(), self.on):
            field.entered.connect(lambda name=field.name: self.here.emit(name))
            field.left.connect(session.flush)
        self.chain.set_fields([*self._fields.values(), *self.standing.fields.values(), self.on])
        session.party_refused.connect(lambda sentence: self._refusal.show_words(sentence, "bad"))
        self._refusal.hide()
        self.refresh()
        self.on.line.setText(f"{session.interview.on:%Y-%m-%d}")

    def _awards(self) -> Card:
        card = Card(margin=2)
        card.body.addWidget(Subtitle("以往奖励"))
        kept = self.session.record.awards if self.session.record else ()
        for award in kept:
            card.body.addWidget(Words(self._award(award)))
        if not kept:
            card.body.addWidget(
                Caption(
                    "登记簿中没有本申请人领取过奖励的记录，申报数据里会问一次以前领过没有；领过的也可以在“企业”页补记。"
                )
            )
        return card

    def _award(self, award: Award) -> str:
        title = title_of(self.session.services.pack, award.policy_id, award.benefit_id, award.title)
        parts = day_words(award.on), title, wan(award.amount_fen), award.matter, award.source, award_origin(award)
        return "　".join(part for part in parts if part)

    @override
    def refresh(self) -> None:
        who = self.session.applicant
        for key, field in self._fields.items():
            text = str(getattr(who, key)) if who else ""
            if field.text() != text and not field.has_focus():
                field.blockSignals(True)
                field.line.setText(text)
                field.blockSignals(False)
                field.show_check(force=True)

    def _edited(self, key: str, text: str) -> None:
        self.session.set_party(**{key: text.strip() if key != "name" else text})
        if key == "name":
            self.name.set_error("" if text.strip() else "还没有填名称，请按证照填写。")

    def _keep_standing(self, name: str) -> None:
        field = self.standing.fields[name]
        text = self.standing.kept_text(name)
        if not field.error():
            self.session.keep_standing(name, text, self._show_standing)

    def _show_standing(self, name: str, text: str) -> None:
        self.standing.fields[name].set_text(text)

    def _judged_on(self, _text: str) -> None:
        value = self.on.value()
        if isinstance(value, int):
            self.session.judge_on(date.fromordinal(value))

    def _check_code(self, text: str) -> tuple[str, str]:
        who = self.session.applicant
        if who is not None and who.kind == "个人":
            finding = check_document(who.document, text, self.session.services.today())
        else:
            finding = check_credit_code(text)
        if not finding.ok and who is not None and who.reason and finding.normal == who.code:
            return "", f"号码与校验规则不符，登记时已说明：{who.reason}"
        return ("", finding.hint or "校验无误") if finding.ok else (finding.sentence, finding.hint)

    @override
    def stand_in(self, field: str = "") -> bool:
        known = {one.name: one for one in (*self._fields.values(), *self.standing.fields.values(), self.on)}
        if field in self.standing.fields:
            self.standing.unfold()
        wanting = [one for one in self._fields.values() if one.error() or not one.text()]
        target = known.get(field) or (wanting or [self.name])[0]
        target.focus_input()
        target.line.end(False)
        return True

    @override
    def lock_up(self, closed: bool) -> None:
        for field in (*self._fields.values(), *self.standing.fields.values(), self.on):
            field.setEnabled(not closed)
