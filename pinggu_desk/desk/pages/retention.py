"""设置: what is past its term (到期资料): listed for the 负责人, removed once he agrees, and the old backups after it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from pinggu_desk.desk.allowed import only
from pinggu_desk.desk.kit import Caption, ChoiceField, FocusChain, LineField, SecondaryButton, Tick, Words
from pinggu_desk.desk.pages.answers import Answer, answering, buttons, in_row, refusing
from pinggu_desk.desk.pages.backups import clear
from pinggu_desk.desk.services import Services
from pinggu_desk.desk.words import day_words
from pinggu_desk.policy.retention import KINDS, load_terms
from pinggu_desk.register.roles import Act

if TYPE_CHECKING:
    from pinggu_desk.register.leaps import Doubt
    from pinggu_desk.register.retention import Past

_SHOWN = 100


class RetentionCard:
    """A card of three steps: list, agree and remove, and, once a newer backup is there, take the old backups away."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self.card, self.answer = answering("到期资料")
        self.card.body.addWidget(
            Caption(
                "保管期满的办件、奖励登记和申请人资料在这里列出，负责人同意后彻底清除：数据、文书、检索都不留，审计记录只记件数和办件号。"
                "清除后不能恢复。"
            )
        )
        self.terms = Words("")
        self.terms.hide()
        self.card.body.addWidget(self.terms)
        row = buttons(("列出到期资料", self.read), ("改保管年限", self._show_longer))
        only(services, Act.RETENTION, *in_row(row))
        self.card.body.addLayout(row)
        self.kind = ChoiceField("类别", KINDS)
        self.years = LineField("年限", "保管多少年（办公室自定）", chars=6)
        self.keep = SecondaryButton("保存年限")
        self.keep.clicked.connect(self._lengthen)
        chain = FocusChain(self.card)
        chain.set_fields([self.kind, self.years])
        chain.finished.connect(self._lengthen)
        self.rows = QVBoxLayout()
        self.doubted = Answer("", "warn")
        self.right_day = Tick("")
        self.sure = Tick("已核对上面所列，同意清除")
        self.go = SecondaryButton("清除")
        self.old = SecondaryButton("删去清除以前的旧备份")
        for tick in (self.sure, self.right_day):
            tick.toggled.connect(self._settle)
        self.go.clicked.connect(self._forget)
        self.old.clicked.connect(self._remove_backups)
        self.card.body.addWidget(self.kind)
        self.card.body.addWidget(self.years)
        self.card.body.addWidget(self.keep)
        self.card.body.addLayout(self.rows)
        self.card.body.addWidget(self.doubted)
        self.card.body.addWidget(self.right_day)
        self.card.body.addWidget(self.sure)
        row = QHBoxLayout()
        for button in (self.go, self.old):
            row.addWidget(button)
        row.addStretch(1)
        self.card.body.addLayout(row)
        for widget in (self.kind, self.years, self.keep, self.doubted, self.right_day, self.sure, self.go, self.old):
            widget.hide()
        self._past: list[Past] = []
        self._doubt: Doubt | None = None
        self._terms: dict[str, int] = {}

    def read(self) -> None:
        """List what is past its term, and how long each kind is kept."""
        self._services.operations.run(
            lambda register: (register.past_term(), register.terms(), register.doubt(), register.forgotten_at()),
            self._show,
            refusing(self.answer),
        )

    def _show(self, found: tuple[list[Past], dict[str, int], Doubt | None, datetime | None]) -> None:
        self._past, terms, doubt, forgotten = found
        self._show_terms(terms)
        clear(self.rows)
        for one in self._past[:_SHOWN]:
            self.rows.addWidget(
                Words(f"{one.number}　{one.kind}　{one.who}　最后 {day_words(one.last)}，{day_words(one.over)} 起到期")
            )
        if len(self._past) > _SHOWN:
            self.rows.addWidget(Words(f"……另有 {len(self._past) - _SHOWN} 项，一并清除"))
        self._ask(doubt if self._past else None)
        self.answer.show_words(
            f"共 {len(self._past)} 项到期。" if self._past else f"没有到期的资料。{_about_old(forgotten)}",
            "warn" if self._past else "good",
        )
        self.old.setVisible(forgotten is not None)
        if self._past:
            (self.right_day if self._doubt is not None else self.sure).setFocus()

    def _ask(self, doubt: Doubt | None) -> None:
        """What has to be agreed to before anything goes: that all is as listed, and the day where the clock is doubted."""
        self._doubt = doubt
        for tick in (self.sure, self.right_day):
            tick.setChecked(False)
        for widget in (self.sure, self.go):
            widget.setVisible(bool(self._past))
        if doubt is not None:
            self.doubted.show_words(doubt.sentence, "warn")
            self.right_day.setText(f"已对照日历，今天确是 {day_words(doubt.today)}")
        self.doubted.setVisible(doubt is not None)
        self.right_day.setVisible(doubt is not None)
        self._settle()

    def _settle(self) -> None:
        day = self._doubt is None or self.right_day.isChecked()
        self.go.setEnabled(self.sure.isChecked() and day and bool(self._past))

    def _forget(self) -> None:
        past, agreed = self._past, self._doubt.today if self._doubt is not None else None
        if not past or not self.go.isEnabled():
            return
        self.go.setEnabled(False)
        self.answer.show_words("正在清除…", "info")
        self._services.operations.run(
            lambda register: (register.forget(past, agreed=agreed), register.left_to_sweep),
            self._forgotten,
            refusing(self.answer),
        )

    def _forgotten(self, what: tuple[dict[str, int], str]) -> None:
        counts, left = what
        clear(self.rows)
        self._past = []
        self._ask(None)
        told = "，".join(f"{kind} {count}" for kind, count in counts.items())
        self.answer.show_words(
            f"已彻底清除：{told}。旧备份里还有这些内容，请先备份一次，再删去旧备份；没有插上的U盘请另行处理。{left}",
            "good",
        )
        self.old.show()
        self.old.setFocus()

    def _remove_backups(self) -> None:
        places = _places(self._services.folder)

        def done(what: tuple[list[str], str]) -> None:
            names, left = what
            words = f"已删去 {len(names)} 份旧备份。" if names else "没有找到清除以前的旧备份。"
            self.answer.show_words(f"{words}没有插上的U盘里如有备份，插上后再删一次。{left}", "good")

        self._services.operations.run(
            lambda register: (register.remove_old_backups(places), register.left_to_sweep), done, refusing(self.answer)
        )

    def _show_longer(self) -> None:
        for widget in (self.kind, self.years, self.keep):
            widget.show()
        self.kind.focus_input()

    def _lengthen(self) -> None:
        kind, typed = self.kind.text(), self.years.text().strip()
        self.kind.set_error("" if kind else "还没有选类别，请选择。")
        if not kind:
            return
        if not typed.isdecimal():
            self.years.set_error(f"应填整数，不少于 {load_terms()[kind].least}。")
            return
        self.years.set_error("")
        years, seen = int(typed), self._terms.get(kind)
        self._services.operations.run(
            lambda register: register.lengthen(kind, years, seen=seen), lambda _none: self.read(),
            refusing(self.answer, self._read_terms),
        )  # fmt: skip

    def _read_terms(self) -> None:
        self._services.operations.run(lambda register: register.terms(), self._show_terms)

    def _show_terms(self, terms: dict[str, int]) -> None:
        self._terms = terms
        told = "，".join(f"{kind} {years} 年" for kind, years in terms.items())
        self.terms.setText(
            f"保管年限（办公室自定，法律没有给这些记录定年数；有经档案部门同意的保管期限表的照表改）：{told}"
        )
        self.terms.show()


def _about_old(forgotten: datetime | None) -> str:
    """That backups of before may still hold what was removed: on sticks that were not plugged in then, on other machines."""
    if forgotten is None:
        return ""
    return f"{day_words(forgotten.date())}清除过到期资料：那天以前的旧备份（当时没有插上的U盘、别的电脑上的）插上后在这里删去。"


def _places(folder: Path) -> list[Path]:
    """Where backups of this register are known to lie, and can be reached now."""
    from pinggu_desk.register.backupplan import STICK_FOLDER, PlanFile
    from pinggu_desk.register.volumes import plugged_in

    plan = PlanFile(folder).read()
    known = [Path(plan.place)] if plan.place else []
    known += [Path(plan.done.place)] if plan.done else []
    known += [root / STICK_FOLDER for root in plugged_in()]
    return [place for place in known if place.is_dir()]
