"""Noting an award that an applicant has had (已享受支持)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from pinggu_desk.desk.allowed import only
from pinggu_desk.desk.doubts import mind
from pinggu_desk.desk.kit import ChoiceField, DateField, FocusChain, LineField, NumberField, PrimaryButton, QuietButton
from pinggu_desk.desk.operations import sentence_of
from pinggu_desk.desk.pages.answers import is_overtaken
from pinggu_desk.desk.services import Services
from pinggu_desk.desk.theme import look
from pinggu_desk.policy.facts import Fact
from pinggu_desk.policy.usual import AWARD
from pinggu_desk.register.records import Award, AwardSource
from pinggu_desk.register.roles import Act

_SOURCES: tuple[AwardSource, ...] = ("本机登记", "申请人陈述")
FORMER = "往年的项目（现在的政策里没有）"
_AMOUNT = Fact(name="获得金额", id="award_amount", kind="金额", question="获得金额", least="0元", usual=AWARD)
_DAY = Fact(name="获得日期", id="award_day", kind="日期", question="获得日期（拨付或公示之日）")


class AwardForm(QWidget):
    """Hidden behind one button until it is wanted; ``kept`` says that an award was noted."""

    kept = Signal()

    def __init__(self, services: Services, applicant_id: int, seen: Collection[int]) -> None:
        """``seen`` are the awards (their ids) that stand above the form."""
        super().__init__()
        self._services, self._applicant_id, self._seen = services, applicant_id, tuple(seen)
        self._add = QuietButton("登记一笔已享受支持")
        self._add.clicked.connect(self._begin)
        only(services, Act.WORK, self._add)
        self._form = QWidget()
        self._form.hide()
        today = {benefit.id for policy in services.pack.policies.values() for benefit in policy.benefits}
        self._benefits: dict[str, tuple[str, str]] = {}
        for policy in services.pack.all_policies():  # those too that only an earlier version has
            for benefit in policy.benefits:
                of = policy.title if benefit.id in today else f"{policy.title}，旧版"
                self._benefits.setdefault(f"{benefit.title}（{of}）", (policy.id, benefit.id))
        self._policies = {policy.title: policy.id for policy in services.pack.policies.values()}
        self.benefit = ChoiceField("支持事项", (*self._benefits, FORMER))
        self.policy = ChoiceField("政策", tuple(self._policies), "是哪份政策的往年项目")
        self.title = LineField("往年项目的名称", "往年项目的名称（照当时的文件写）", chars=44)
        self.document = LineField("文号", "文号（可不填）", chars=30)
        self.benefit.edited.connect(self._former_asked)
        self.amount = NumberField(_AMOUNT)
        self.day = DateField(_DAY)
        for sized in (self.amount, self.day):
            mind(sized, services.today())
        self.matter = LineField("项目或事项", "项目或事项（同一项目不重复奖励时用以区分，可不填）", chars=44)
        self.source = ChoiceField("来源", _SOURCES)
        self.save = PrimaryButton("登记")
        self.save.clicked.connect(self._save)
        cancel = QuietButton("取消")
        cancel.clicked.connect(self._over)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._add)
        column.addWidget(self._form)
        inside = QVBoxLayout(self._form)
        inside.setContentsMargins(0, look().scale.grid(1), 0, 0)
        inside.setSpacing(look().scale.grid(2))
        fields = (
            self.benefit, self.policy, self.title, self.amount, self.day, self.document, self.matter, self.source,
        )  # fmt: skip
        for field in fields:
            inside.addWidget(field)
        self._former_asked("")
        row = QHBoxLayout()
        row.addWidget(self.save)
        row.addWidget(cancel)
        row.addStretch(1)
        inside.addLayout(row)
        self.chain = FocusChain(self)
        # the paper's number is rarely at hand: Tab comes to it, Enter goes from day to matter as it always has
        self.chain.set_fields([field for field in fields if field is not self.document])
        self.document.line.returnPressed.connect(self.matter.focus_input)
        self.chain.finished.connect(self._save)

    def _former_asked(self, text: str) -> None:
        """An award of a benefit that no policy has any more is told by its own title."""
        for field in (self.policy, self.title):
            field.setVisible(text == FORMER)

    def _begin(self) -> None:
        self._add.hide()
        self._form.show()
        self.source.set_text(_SOURCES[1])
        self.chain.focus_first()

    def _over(self) -> None:
        self._form.hide()
        self._add.show()
        self._add.setFocus()

    def _save(self) -> None:
        self.benefit.set_error("" if self.benefit.text() else "还没有选支持事项，请选择。")
        former = self.benefit.text() == FORMER
        self.policy.set_error("还没有选是哪份政策的，请选择。" if former and not self.policy.text() else "")
        self.title.set_error("还没有填往年项目的名称，请填写。" if former and not self.title.text().strip() else "")
        for field, what in ((self.amount, "金额"), (self.day, "日期")):
            field.set_error("" if field.text().strip() else f"还没有填{what}，请填写。")
            field.show_check(force=True)
        self.source.set_error("" if self.source.text() else "还没有选来源，请选择。")
        for one in (self.benefit, self.policy, self.title, self.amount, self.day, self.source):
            if one.error():
                one.focus_input()
                return
        amount, day = self.amount.value(), self.day.value()
        if not isinstance(amount, int) or not isinstance(day, int):
            return
        self._note(amount, day)

    def _note(self, amount: int, day: int) -> None:
        seen = self._seen
        former = self.benefit.text() == FORMER
        policy_id, benefit_id = (
            (self._policies[self.policy.text()], "") if former else self._benefits[self.benefit.text()]
        )
        who, matter, document = self._applicant_id, self.matter.text().strip(), self.document.text().strip()
        title = self.title.text().strip() if former else ""
        source = next(one for one in _SOURCES if one == self.source.text())
        self._services.operations.run(
            lambda register: register.add_award(
                who,
                policy_id,
                benefit_id,
                amount,
                date.fromordinal(day),
                matter,
                source,
                title=title,
                document=document,
                seen=seen,
            ),
            self._noted,
            self._refused,
            writes=True,
        )

    def _noted(self, _award: Award) -> None:
        self.kept.emit()

    def _refused(self, error: Exception) -> None:
        self.amount.set_error(sentence_of(error))
        if is_overtaken(error):  # told which: noting it again is meant
            who = self._applicant_id
            self._services.operations.run(lambda register: [one.id for one in register.awards(who)], self._sees)

    def _sees(self, awards: list[int]) -> None:
        self._seen = tuple(awards)
