"""外部参数: the figures that the texts refer to and don't give, as the office enters them, with dates and source."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from pinggu_desk.desk.kit import (
    Caption,
    ChoiceField,
    DateField,
    FocusChain,
    LineField,
    PrimaryButton,
    QuietButton,
    Words,
)
from pinggu_desk.desk.kit.kept import Kept, KeptRows
from pinggu_desk.desk.operations import Work
from pinggu_desk.desk.pages.answers import answering, refusing
from pinggu_desk.desk.services import Services
from pinggu_desk.desk.theme import look
from pinggu_desk.desk.words import day_words
from pinggu_desk.policy.errors import BadAnswer
from pinggu_desk.policy.facts import Fact
from pinggu_desk.policy.outside import fact_of, make_figure
from pinggu_desk.policy.parameters import Parameter
from pinggu_desk.register.records import KeptParameter
from pinggu_desk.register.roles import Act, may

_SINCE = Fact(name="从哪一天起执行", id="parameter_since", kind="日期", question="从哪一天起执行")
_UNTIL = Fact(name="执行到哪一天", id="parameter_until", kind="日期", question="执行到哪一天（还在执行的不填）")


class ParameterCard(QObject):
    """Lists the figures, takes new ones, ends and withdraws; after each the engine answers with what is kept now."""

    changed = Signal()

    def __init__(self, services: Services, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._kept: list[KeptParameter] = []
        self._named: dict[str, Parameter] = {self._title(p): p for p in services.pack.parameters.values()}
        self.card, self.answer = answering("外部参数")
        self.card.body.addWidget(
            Caption(
                "政策引用而原文没有给出的数字。没有录入的，有关事项一律答“需补充信息”，不猜；录入的写明起止和来源，印在测算明细里。"
            )
        )
        self._list = KeptRows(lambda: self._add)
        self.card.body.addWidget(self._list)
        self._add = QuietButton("录入一个参数值")
        self._add.clicked.connect(self.begin)
        self.card.body.addWidget(self._add)
        self._may = may(services.clerk.role, Act.PARAMETERS)
        if not self._may:
            self._add.hide()
            self.card.body.addWidget(
                Caption(f"{Act.PARAMETERS.value}由负责人办理，您现在的角色是{services.clerk.role}。")
            )
        self._form = QWidget()
        self._form.hide()
        self.card.body.addWidget(self._form)
        self.which = ChoiceField("参数", tuple(self._named))
        self.value = LineField("值", "值（带单位）", chars=20, check=self._check_value)
        self.since, self.until = DateField(_SINCE), DateField(_UNTIL)
        self.source = LineField("来源", "来源（公布的单位、文件和日期）", chars=60)
        self._build()

    def _build(self) -> None:
        inside = QVBoxLayout(self._form)
        inside.setContentsMargins(0, look().scale.grid(1), 0, 0)
        inside.setSpacing(look().scale.grid(2))
        fields = (self.which, self.value, self.since, self.until, self.source)
        for field in fields:
            inside.addWidget(field)
        self.save, cancel = PrimaryButton("录入"), QuietButton("取消")
        self.save.clicked.connect(self._save)
        cancel.clicked.connect(self._over)
        row = QHBoxLayout()
        row.addWidget(self.save)
        row.addWidget(cancel)
        row.addStretch(1)
        inside.addLayout(row)
        self.chain = FocusChain(self._form)
        self.chain.set_fields(fields)
        self.chain.finished.connect(self._save)
        self.which.edited.connect(self._chosen)

    def read(self) -> None:
        """Read what is kept, and show it."""
        self._services.operations.run(lambda register: register.parameters(), self._show)

    def begin(self) -> None:
        """Begin a new figure."""
        for field in (self.which, self.value, self.since, self.until, self.source):
            field.set_text("")
            field.set_error("")
        self._add.hide()
        self._form.show()
        self.chain.focus_first()

    def _title(self, parameter: Parameter) -> str:
        return f"{parameter.name}（{fact_of(parameter).input_unit}）"

    def _chosen(self, title: str) -> None:
        parameter = self._named.get(title)
        self.value.set_help(parameter.about if parameter else "")
        self.value.show_check(force=True)

    def _check_value(self, text: str) -> tuple[str, str]:
        parameter = self._named.get(self.which.text())
        if parameter is None:
            return "", ""
        try:
            return "", f"读作 {make_figure(parameter, text).value}"
        except BadAnswer as error:
            return error.sentence, ""

    def _over(self) -> None:
        self._form.hide()
        self._add.show()
        self._add.setFocus()

    # --- what is kept

    def _show(self, kept: list[KeptParameter]) -> None:
        self._kept = kept
        self._services.take_parameters(kept)
        rows: list[Kept] = []
        today = self._services.today()
        for parameter in self._named.values():
            mine = [one for one in kept if one.name == parameter.name]
            known = any(one.since <= today and (one.until is None or today <= one.until) for one in mine)
            own = "" if known else "　没有现在执行的值"
            rows.append(Kept(parameter.name, own, partial(Words, f"{parameter.name}{own}")))
            rows += [Kept(one.id, one, partial(self._row, one)) for one in mine]
        self._list.show_rows(rows)
        self.changed.emit()

    def _row(self, one: KeptParameter) -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(look().scale.grid(2), 0, 0, 0)
        until = f"至{day_words(one.until)}" if one.until else "起执行"
        row.addWidget(Caption(
            f"{one.value}　自{day_words(one.since)}{until}　来源：{one.source}　工号{one.clerk_no} {day_words(one.entered_at.date())}录入"
        ), 1)  # fmt: skip
        if not self._may:
            return holder
        if one.until is None:
            end = QuietButton("停用")
            end.setAccessibleName(f"停用 {one.name} {one.value}：执行到今天为止")
            end.clicked.connect(lambda: self._end(one))
            row.addWidget(end)
        back = QuietButton("撤回")
        back.setAccessibleName(f"撤回 {one.name} {one.value}：录错了，不再使用")
        back.clicked.connect(lambda: self.withdraw(one))
        row.addWidget(back)
        return holder

    def _end(self, one: KeptParameter) -> None:
        last = max(self._services.today(), one.since)
        self._write(
            lambda register: register.end_parameter(one.id, last, made_on=one.version),
            f"{one.name}：{one.value}执行到{day_words(last)}为止。",
        )

    def withdraw(self, one: KeptParameter) -> None:
        """Take back a figure that was entered by mistake."""
        self._write(
            lambda register: register.withdraw_parameter(one.id, made_on=one.version),
            f"{one.name}：{one.value}已撤回，不再使用。",
        )

    # --- entering

    def _save(self) -> None:
        self.which.set_error("" if self.which.text() else "还没有选参数，请选择。")
        self.value.set_error("" if self.value.text().strip() else "还没有填值，请填写，带上单位。")
        self.value.show_check(force=True)
        self.since.set_error("" if self.since.text().strip() else "还没有填起始日，请填写。")
        self.source.set_error("" if self.source.text().strip() else "还没有填来源，请写明公布的单位、文件和日期。")
        for field in (self.which, self.value, self.since, self.until, self.source):
            if field.error():
                field.focus_input()
                return
        since = self.since.value()
        if not isinstance(since, int):
            return
        self._keep(self._named[self.which.text()], date.fromordinal(since))

    def _keep(self, parameter: Parameter, since: date) -> None:
        last = self.until.value()
        until = date.fromordinal(last) if isinstance(last, int) else None
        try:
            figure = make_figure(parameter, self.value.text(), since.isoformat(), until.isoformat() if until else "")
        except BadAnswer as error:
            self.value.set_error(error.sentence)
            self.value.focus_input()
            return
        open_one = next(
            (one for one in self._kept if one.name == parameter.name and one.until is None and one.since < since), None
        )
        before = f"，原来的{open_one.value}到前一天为止" if open_one else ""
        source, replaced = self.source.text(), open_one.id if open_one else None
        self._write(
            lambda register: register.add_parameter(
                parameter.name,
                figure.value,
                since,
                source,
                until,
                replaced,
                made_on=open_one.version if open_one is not None else None,
            ),
            f"已录入{parameter.name}：{figure.value}，自{day_words(since)}起执行{before}。",
        )

    def _write(self, work: Work[Any], told: str) -> None:
        def done(_kept: object) -> None:
            self.answer.show_words(told, "good")
            if self._form.isVisible():
                self._over()
            self.read()

        self._services.operations.run(work, done, refusing(self.answer, self.read), writes=True)
