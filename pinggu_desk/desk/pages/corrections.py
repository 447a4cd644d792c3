"""设置: small corrections (更正): a reading that was settled, a holiday year, a telephone number, an everyday word."""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from pinggu_desk.desk import dialogs
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
from pinggu_desk.desk.pages.answers import answering, buttons, refusing
from pinggu_desk.desk.pages.readfirst import ReadFirst
from pinggu_desk.desk.services import Services
from pinggu_desk.desk.theme import look
from pinggu_desk.desk.words import day_words
from pinggu_desk.policy.corrections import KINDS, OTHER, TAKEN, Correction, Kind, check_correction
from pinggu_desk.policy.errors import BadAnswer
from pinggu_desk.policy.facts import Fact
from pinggu_desk.register.corrections import KeptCorrection
from pinggu_desk.register.roles import Act, may
from pinggu_desk.work.packs.sharing import correction_words

if TYPE_CHECKING:
    from pinggu_desk.register import Register

_SINCE = Fact(name="从哪一天起算", id="correction_since", kind="日期", question="从哪一天起算")
_DATED = Fact(name="答复或公布的日期", id="correction_dated", kind="日期", question="答复或公布的日期")
_FORMAT = "更正 (*.pack)"
_HELP: dict[Kind, str] = {
    "读法": f"写“{TAKEN}”或“{OTHER}”。", "放假": "照通知写：休：2027-01-01、2027-01-02；班：2027-01-09", "电话": "写新的电话。",
    "口语词": "来访人常说的一个词，2 至 12 个字。",
}  # fmt: skip
_SUBJECT_HELP: dict[Kind, str] = {
    "读法": "读法的编号，如 general.at_least", "放假": "年份，如 2027年", "电话": "政策编号/项目，如 编号/咨询专线",
    "口语词": "政策或支持事项的编号",
}  # fmt: skip


class CorrectionCard(QObject):
    """Lists what was corrected, takes new ones and somebody's file; the engine answers with them from their day on.

    ``changed`` tells that something was written: outside figures may have come with somebody's file.
    """

    changed = Signal()

    def __init__(self, services: Services, page: QWidget) -> None:
        super().__init__(page)
        self._services, self._page = services, page
        self._seen: tuple[int, ...] = ()
        self.card, self.answer = answering("更正")
        self.card.body.addWidget(
            Caption(
                "主管部门答复的口径、公布的放假安排、改了的电话、来访人的说法：录入后从所写的日期起算，写在有关的结论上；"
                "以前判断的办件仍按以前的。导出时外部参数也在内。由负责人录入。"
            )
        )
        self._list = KeptRows()
        self.card.body.addWidget(self._list)
        self._form = QWidget()
        self._form.hide()
        self.kind = ChoiceField("种类", KINDS)
        self.subject = LineField("对象", "更正的是哪一项", chars=40)
        self.value = LineField("更正为", "更正为", chars=60)
        self.since, self.dated = DateField(_SINCE), DateField(_DATED)
        self.office = LineField("单位", "答复或公布的单位", chars=30)
        self.document = LineField("文号", "文件（文号；没有的不填）", chars=40)
        self.fields = (
            self.kind, self.subject, self.value, self.since, self.office, self.document, self.dated
        )  # fmt: skip
        self.tools = QWidget()
        row = QVBoxLayout(self.tools)
        row.setContentsMargins(0, 0, 0, 0)
        row.addLayout(
            buttons(("录入更正", self.begin), ("导出给其他窗口", self._export), ("导入更正文件", self._import))
        )
        self.card.body.addWidget(self.tools)
        self.card.body.addWidget(self._form)
        self._looked: Path | None = None
        self.preview = ReadFirst("看过了，导入", "不导入", self._take, self._over)
        self.card.body.addWidget(self.preview)
        self._build()

    def _build(self) -> None:
        inside = QVBoxLayout(self._form)
        inside.setContentsMargins(0, look().scale.grid(1), 0, 0)
        inside.setSpacing(look().scale.grid(2))
        self.said = Caption("")
        for field in self.fields:
            inside.addWidget(field)
            if field is self.subject:
                inside.addWidget(self.said)
        self.save, cancel = PrimaryButton("录入"), QuietButton("取消")
        self.save.clicked.connect(self._save)
        cancel.clicked.connect(self._over)
        row = QHBoxLayout()
        row.addWidget(self.save)
        row.addWidget(cancel)
        row.addStretch(1)
        inside.addLayout(row)
        self.chain = FocusChain(self._form)
        self.chain.set_fields(self.fields)
        self.chain.finished.connect(self._save)
        self.kind.edited.connect(self._help)
        self.subject.left.connect(self._about)

    def read(self) -> None:
        """Read what is kept, and show it."""
        self.tools.setVisible(may(self._services.clerk.role, Act.READINGS))
        self._services.operations.run(lambda register: register.corrections(), self._show)

    def begin(self) -> None:
        """Begin a new correction."""
        for field in self.fields:
            field.set_text("")
            field.set_error("")
        self.tools.hide()
        self._form.show()
        self.chain.focus_first()

    def _over(self) -> None:
        self._form.hide()
        self.preview.hide()
        self.tools.show()

    def _help(self, words: str) -> None:
        kind = next((kind for kind in KINDS if kind == words), None)
        self.subject.set_help(_SUBJECT_HELP[kind] if kind else "")
        self.value.set_help(_HELP[kind] if kind else "")

    def _about(self) -> None:
        """Both branches of the reading that was named, so that nobody settles the wrong one."""
        reading = self._services.pack.readings.get(self.subject.text().strip())
        told = f"{reading.question}　{TAKEN}：{reading.taken}；{OTHER}：{reading.other}" if reading else ""
        self.said.setText(told if self.kind.text() == "读法" else "")

    # --- what is kept

    def _show(self, kept: list[KeptCorrection]) -> None:
        self._services.take_corrections(kept)
        self._seen = tuple(one.id for one in kept)
        none = [] if kept else [Kept("", "", partial(Caption, "还没有更正。"))]
        self._list.show_rows([*none, *(Kept(one.id, one, partial(self._row, one)) for one in kept)])

    def _row(self, kept: KeptCorrection) -> QWidget:
        one, holder = kept.correction, QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        who = kept.origin or f"工号{kept.clerk_no} {day_words(kept.entered_at.date())}录入"
        row.addWidget(
            Words(f"{correction_words(self._services.pack, one)}　自{day_words(one.since)}起　{one.words}　{who}"), 1
        )
        if may(self._services.clerk.role, Act.READINGS):
            back = QuietButton("撤回")
            back.setAccessibleName(f"撤回 {one.kind} {one.subject}：录错了，不再使用")
            back.clicked.connect(lambda: self._write(
                lambda register: register.withdraw_correction(kept.id), f"{one.kind}“{one.subject}”的更正已撤回。"
            ))  # fmt: skip
            row.addWidget(back)
        return holder

    # --- entering

    def _save(self) -> None:
        for field, said in (
            (self.kind, "还没有选种类，请选择。"), (self.subject, "还没有填对象，请填写。"),
            (self.value, "还没有填更正为什么，请填写。"), (self.since, "还没有填从哪一天起算，请填写。"),
            (self.office, "还没有填单位，请填写。"), (self.dated, "还没有填日期，请填写。"),
        ):  # fmt: skip
            field.set_error("" if field.text().strip() else said)
            if field.error():
                field.focus_input()
                return
        since, dated = self.since.value(), self.dated.value()
        if not isinstance(since, int) or not isinstance(dated, int):
            return
        kind: Any = self.kind.text()
        try:
            one = check_correction(self._services.pack, Correction(
                kind, self.subject.text().strip(), self.value.text(), date.fromordinal(since), self.office.text(),
                self.document.text(), date.fromordinal(dated), self._services.clerk.no,
            ))  # fmt: skip
        except BadAnswer as error:
            self.value.set_error(error.sentence)
            self.value.focus_input()
            return
        seen = self._seen
        self._write(
            lambda register: register.add_correction(one, seen=seen),
            f"已录入：{correction_words(self._services.pack, one)}，{one.words}。",
        )

    def _export(self) -> None:
        path = dialogs.ask_save(self._page, "导出更正", Path("更正.pack"), _FORMAT)
        if path is not None:
            self.give(path)

    def give(self, path: Path) -> None:
        """Export what was corrected and entered here."""
        from pinggu_desk.work.packs.sharing import export

        services = self._services
        pack, office, today = services.pack, services.settings.now.office, services.today()
        self._write(
            lambda register: export(register, pack, office, today, path),
            f"已导出“{path.name}”，更正和外部参数都在内；对方要有本单位的验真公钥才能导入。",
        )

    # --- somebody's file: read first, then taken

    def _import(self) -> None:
        path = dialogs.ask_open(self._page, "选择更正文件", _FORMAT)
        if path is not None:
            self.look_at(path)

    def look_at(self, path: Path) -> None:
        """Show what is in somebody's file; nothing is entered yet."""
        from pinggu_desk.work.packs.sharing import Shared, read_shared, trusted_of

        pack = self._services.pack

        def work(register: Register) -> Shared:
            register.require(Act.READINGS)
            return read_shared(path, pack, trusted_of(register))

        def seen(shared: Shared) -> None:
            self._looked = path
            told = f"更正 {len(shared.corrections)} 条、外部参数 {len(shared.figures)} 个"
            self.answer.show_words(f"“{path.name}”签名无误，{shared.origin}：有{told}，看过再导入。", "info")
            self.tools.hide()
            self.preview.show_lines([*shared.lines(pack)], "数目太多，请分开索取")

        self._services.operations.run(work, seen, self.answer.refuse)

    def _take(self) -> None:
        from pinggu_desk.work.packs.sharing import take

        path, pack = self._looked, self._services.pack
        if path is not None:
            self._looked = None
            self._write(lambda register: take(register, pack, path), f"已导入“{path.name}”。")

    def _write(self, work: Work[Any], told: str) -> None:
        def done(_kept: object) -> None:
            self.answer.show_words(told, "good")
            if not self.tools.isVisible():
                self._over()
            self.read()
            self.changed.emit()

        self._services.operations.run(work, done, refusing(self.answer, self.read), writes=True)
