"""One applicant's dossier: particulars, what was stated before, what was received before, cases."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from pinggu_desk.assess.awards import title_of
from pinggu_desk.desk.allowed import only
from pinggu_desk.desk.icons import IconMark
from pinggu_desk.desk.kit import (
    Badge,
    Banner,
    Caption,
    Card,
    QuietButton,
    ScrollColumn,
    SecondaryButton,
    Subtitle,
    Title,
    Words,
)
from pinggu_desk.desk.pages.answers import telling
from pinggu_desk.desk.pages.applicant_form import ApplicantForm
from pinggu_desk.desk.pages.award_form import AwardForm
from pinggu_desk.desk.pages.doubles import DoublesCard
from pinggu_desk.desk.pages.ownfile import OwnFileOutput
from pinggu_desk.desk.revealing import note_numbers
from pinggu_desk.desk.services import Services
from pinggu_desk.desk.theme import look
from pinggu_desk.desk.words import KIND_ICONS, STATE_KINDS, day_words
from pinggu_desk.policy.masking import covered
from pinggu_desk.policy.quantity import wan
from pinggu_desk.register import Register
from pinggu_desk.register.records import Applicant, Award, Case, KnownFact
from pinggu_desk.register.roles import Act, may
from pinggu_desk.work.origins import award_origin


@dataclass(frozen=True, slots=True)
class Dossier:
    """All that the register has of one applicant."""

    applicant: Applicant
    facts: dict[str, KnownFact]
    awards: list[Award]
    cases: list[Case]
    doubles: list[Applicant]


def read_dossier(register: Register, applicant_id: int) -> Dossier:
    """Read it, on the register's thread; that somebody looked is on the audit trail thereby."""
    who = register.look_up(applicant_id)
    return Dossier(
        who, register.known_facts(who.id), register.awards(who.id), register.cases_of(who.id),
        register.alike(who.name, who.code, who.id),
    )  # fmt: skip


class ApplicantView(ScrollColumn):
    """Shows a dossier; ``changed`` (applicant id) says that it should be read again."""

    case_wanted = Signal(int)
    changed = Signal(int)
    existing_wanted = Signal(int)

    def __init__(self, services: Services, dossier: Dossier) -> None:
        super().__init__()
        self._services, self._dossier = services, dossier
        self.applicant = dossier.applicant
        self._first: QWidget | None = None
        self._covered: list[
            tuple[Words, str, str]
        ] = []  # what is shown covered, what it is called, and the whole of it
        self._whole = False
        self._build_head()
        if dossier.doubles:
            card = DoublesCard(services, dossier.applicant, dossier.doubles)
            card.merged.connect(lambda: self.changed.emit(self.applicant.id))
            self.body.addWidget(card)
        self._build_awards()
        self._build_cases()
        self._build_facts()
        self.body.addStretch(1)

    def focus_first(self) -> None:
        """Begin at the first thing that can be done."""
        if self._first is not None and self._first.isVisibleTo(self) and self._first.isEnabled():
            self._first.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # whoever only reads it goes through it by keys, too
        self.setAccessibleName(f"{self.applicant.name}的资料")
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- particulars

    def _build_head(self) -> None:
        who = self.applicant
        row = QHBoxLayout()
        row.addWidget(IconMark(KIND_ICONS[who.kind], "accent"), 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(Title(who.name), 1)
        if who.sample:
            row.addWidget(Badge("示例", "warn"), 0, Qt.AlignmentFlag.AlignVCenter)
        self.body.addLayout(row)
        self._card = Card()
        grid = QGridLayout()
        grid.setColumnStretch(1, 1)
        grid.setHorizontalSpacing(look().scale.grid(2))
        code = "证件号码" if who.kind == "个人" else "统一社会信用代码"
        pairs = [
            ("类型", who.kind), ("证件类型", who.document), (code, who.code), ("仍要登记的原因", who.reason),
            ("联系人", who.contact), ("电话", who.phone), ("地址", who.address), *self._standing(),
        ]  # fmt: skip
        pairs = [(name, value) for name, value in pairs if value or name not in ("证件类型", "仍要登记的原因")]
        for index, (name, value) in enumerate(pairs):
            grid.addWidget(Caption(name, wrap=False), index, 0, Qt.AlignmentFlag.AlignTop)
            words = self._number(name, value)
            words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            grid.addWidget(words, index, 1)
        self._card.body.addLayout(grid)
        role = self._services.clerk.role
        change = SecondaryButton("修改资料", parent=self._card)
        change.clicked.connect(self._change)
        change.setVisible(may(role, Act.WORK))
        self._first = change
        self.show_numbers = SecondaryButton("显示／遮住完整号码", "F8", self._card)
        self.show_numbers.clicked.connect(self._show_numbers)
        self._keep_showing()
        own = SecondaryButton("个人信息查阅" if who.kind == "个人" else "资料查阅", parent=self._card)
        own.setAccessibleDescription("把登记库里保存的这一位的全部内容列成一张单子，给本人看或打印；会记入审计")
        own.setVisible(may(role, Act.WORK))
        self.own_file = OwnFileOutput(self._services, self, who.id)
        self.own_told = Banner("", "bad", self._card)
        self.own_told.hide()
        self.own_file.told.connect(lambda words, good: self.own_told.show_words(words, "good" if good else "bad"))
        own.clicked.connect(self.own_file.preview)
        row = QHBoxLayout()
        row.addWidget(change)
        row.addWidget(self.show_numbers)
        row.addWidget(own)
        row.addStretch(1)
        self._card.body.addLayout(row)
        self._card.body.addWidget(self.own_told)
        self.body.addWidget(self._card)
        self._change_card = Card(spacing=2)
        self._change_card.hide()
        self.body.addWidget(self._change_card)

    # --- numbers, telephones, accounts: hidden until somebody asks, which is put on the trail

    def _number(self, name: str, value: str) -> Words:
        """A value as it stands, or covered; what is covered can be shown."""
        words = Words(covered(name, value) or "未登记")
        if words.text() != (value or "未登记"):
            self._covered.append((words, name, value))
        return words

    def _show_numbers(self) -> None:
        """Show them whole, once that is on the trail; or cover them again."""
        if self._whole:
            self._uncover(False)
            return
        note_numbers(self._services, self.applicant.id, lambda: self._uncover(True))

    def _uncover(self, whole: bool) -> None:
        self._whole = whole
        for words, name, value in self._covered:
            words.setText(value if whole else covered(name, value))

    def _keep_showing(self) -> None:
        self.show_numbers.setVisible(bool(self._covered) and may(self._services.clerk.role, Act.UNMASK))

    def _standing(self) -> list[tuple[str, str]]:
        """What is kept for the application sheet (开户银行 …), those known."""
        facts, known = self._services.pack.facts, self._dossier.facts
        return [
            (
                name,
                one.value_text if covered(name, one.value_text) != one.value_text else facts[name].show(one.value_text),
            )
            for name, one in known.items()
            if name in facts and facts[name].standing and one.value_text
        ]

    def _change(self) -> None:
        if self._change_card.body.count() == 0:
            form = ApplicantForm(self._services)
            form.kept.connect(lambda applicant: self.changed.emit(applicant.id))
            form.given_up.connect(self._change_over)
            form.existing_wanted.connect(self.existing_wanted)
            self._change_card.body.addWidget(form)
        self._card.hide()
        self._change_card.show()
        form_widget = self._change_card.body.itemAt(0).widget()
        if isinstance(form_widget, ApplicantForm):
            form_widget.begin(self.applicant)

    def _change_over(self) -> None:
        self._change_card.hide()
        self._card.show()
        self.focus_first()

    # --- past awards

    def _build_awards(self) -> None:
        card = Card()
        card.body.addWidget(Subtitle("已享受支持"))
        card.body.addWidget(Caption("用于判断年度累计、补差和次数上限；本机出具的会自动记入。"))
        for award in self._dossier.awards:
            card.body.addWidget(self._award_row(award))
        if not self._dossier.awards:
            card.body.addWidget(Words("没有登记过。"))
        self.award_form = AwardForm(self._services, self.applicant.id, [one.id for one in self._dossier.awards])
        self.award_form.kept.connect(lambda: self.changed.emit(self.applicant.id))
        card.body.addWidget(self.award_form)
        self.body.addWidget(card)

    def _award_row(self, award: Award) -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        title = title_of(self._services.pack, award.policy_id, award.benefit_id, award.title)
        matter = f"　{award.matter}" if award.matter else ""
        told = QVBoxLayout()
        told.addWidget(Words(f"{title}　{wan(award.amount_fen)}{matter}"))
        if where := award_origin(award):
            told.addWidget(Caption(where))
        row.addLayout(told, 1)
        row.addWidget(Caption(f"{day_words(award.on)}　{award.source}", wrap=False), 0, Qt.AlignmentFlag.AlignTop)
        remove = QuietButton("移除")
        remove.setAccessibleName(f"移除 {title} {wan(award.amount_fen)}")
        remove.clicked.connect(lambda: self._remove(award.id))
        only(self._services, Act.WORK, remove)
        row.addWidget(remove, 0, Qt.AlignmentFlag.AlignTop)
        return holder

    def _remove(self, award_id: int) -> None:
        self._services.operations.run(
            lambda register: register.remove_award(award_id),
            self._removed,
            telling(self._services, lambda: self.changed.emit(self.applicant.id)),
            writes=True,
        )

    def _removed(self, _none: None) -> None:
        self.changed.emit(self.applicant.id)

    # --- cases and facts

    def _build_cases(self) -> None:
        card = Card()
        card.body.addWidget(Subtitle("办件"))
        for case in self._dossier.cases:
            row = QHBoxLayout()
            row.addWidget(Words(self._services.policy_title(case.policy_id)), 1)
            whose = "" if case.clerk_no == self._services.clerk.no else f"　工号{case.clerk_no} 经办"
            row.addWidget(Caption(f"{case.number}{whose}　按 {day_words(case.on)} 判断", wrap=False))
            row.addWidget(Badge(case.state, STATE_KINDS[case.state]))
            go = QuietButton("打开")
            go.setAccessibleName(f"打开办件 {case.number}" + whose.replace("　", "，"))
            go.clicked.connect(lambda _on=False, number=case.id: self.case_wanted.emit(number))
            row.addWidget(go)
            card.body.addLayout(row)
        if not self._dossier.cases:
            card.body.addWidget(Words("没有办过。按 F2 为其新办。"))
        self.body.addWidget(card)

    def _build_facts(self) -> None:
        card = Card()
        card.body.addWidget(Subtitle("以前填过的情况"))
        card.body.addWidget(Caption("长期不变的新办时自动带出；会变的和那次申报的只作提示，按 F6 采用了才算。"))
        grid = QGridLayout()
        grid.setColumnStretch(1, 1)
        grid.setHorizontalSpacing(look().scale.grid(2))
        facts = self._services.pack.facts
        stated = {n: k for n, k in self._dossier.facts.items() if n not in facts or not facts[n].standing}
        for index, (name, known) in enumerate(stated.items()):
            fact = facts.get(name)
            bare = known.value_text.replace(".", "", 1).replace(",", "").isdigit()
            unit = fact.input_unit if fact is not None and bare else ""
            grid.addWidget(Words(name), index, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(self._number(name, f"{known.value_text}{unit}"), index, 1, Qt.AlignmentFlag.AlignTop)
            day = "　".join(filter(None, (day_words(known.noted_at), known.listed)))
            grid.addWidget(Caption(day, wrap=False), index, 2, Qt.AlignmentFlag.AlignTop)
        card.body.addLayout(grid)
        if not stated:
            card.body.addWidget(Words("没有填过。"))
        self.body.addWidget(card)
        self._keep_showing()
