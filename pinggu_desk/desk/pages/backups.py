"""设置: backups (备份与恢复): by hand, by itself after work, onto a stick; and one put in the register's place after a rehearsal."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from pinggu_desk.desk import dialogs
from pinggu_desk.desk.allowed import only
from pinggu_desk.desk.kit import Caption, FocusChain, LineField, QuietButton, SecondaryButton, Tick, Words
from pinggu_desk.desk.kit.kept import Kept, KeptRows
from pinggu_desk.desk.pages.answers import answering, buttons, in_row, refusing
from pinggu_desk.desk.services import Services
from pinggu_desk.register import RegisterError
from pinggu_desk.register.errors import BackupFailed
from pinggu_desk.register.roles import Act, may
from pinggu_desk.register.thinning import BOUNDS, Keep, keep_words

if TYPE_CHECKING:
    from pinggu_desk.register.backupnotes import Backup
    from pinggu_desk.register.rehearsal import Rehearsal
    from pinggu_desk.register.watch import Verification

_SHOWN = 40


class BackupCard:
    """A card to back up, to say when it is done by itself, and to check the register."""

    def __init__(self, services: Services, page: QWidget) -> None:
        self._services, self._page = services, page
        self.card, self.answer = answering("备份与核验")
        self.card.body.addWidget(
            Caption("备份与登记库一样加密，用原来的口令打开；写出后逐行核验过才算数。建议备份到U盘。")
        )
        self.state = Words("")
        self.card.body.addWidget(self.state)
        self.place = LineField("备份到", "备份到哪个文件夹", chars=60)
        self.at = LineField("时间", "每天几点以后自动备份（窗口空闲 5 分钟才开始）", chars=8)
        self.itself = Tick("每天收工后自动备份到上面的文件夹；错过的，下次登录后补上")
        chain = FocusChain(page)
        chain.set_fields([self.place])
        chain.finished.connect(self.back_up)
        for widget in (self.place, self.itself, self.at):
            self.card.body.addWidget(widget)
        self.kept = Caption("")
        self.card.body.addWidget(self.kept)
        self.counts = {
            name: LineField(f"保留{called}", f"保留最近几{called}各一份（{least} 至 {most}）", chars=6)
            for name, (called, least, most) in BOUNDS.items()
        }
        self._keep = Keep()
        counted = FocusChain(self.card)
        counted.set_fields(list(self.counts.values()))
        counted.finished.connect(self._keep_counts)
        in_charge = may(services.clerk.role, Act.BACKUP_RESTORE)
        for count in self.counts.values():
            self.card.body.addWidget(count)
            count.setVisible(in_charge)
        self.keep_button = SecondaryButton("保存保留数")
        self.keep_button.clicked.connect(self._keep_counts)
        row = QHBoxLayout()
        row.addWidget(self.keep_button)
        row.addStretch(1)
        self.card.body.addLayout(row)
        self.keep_button.setVisible(in_charge)
        self.card.body.addLayout(
            buttons(
                ("备份", self.back_up), ("选择文件夹", self._choose), ("设为备份盘", self._mark),
                ("核验登记库", self._check),
            )
        )  # fmt: skip
        self.itself.toggled.connect(lambda _on: self._plan())
        self.at.left.connect(self._plan)

    def read(self) -> None:
        """Show what is planned, and when the last backup was made."""
        from pinggu_desk.register.backupplan import PlanFile, state_words

        plan = PlanFile(self._services.folder).read()
        failed = f"上次自动备份没有做成：{plan.failed}" if plan.failed else ""
        self.state.setText(state_words(plan, self._services.today()) + failed)
        self.itself.blockSignals(True)
        self.itself.setChecked(bool(plan.place))
        self.itself.blockSignals(False)
        self.at.set_text(f"{plan.at:%H:%M}")
        if not self.place.text() and (plan.place or plan.done):
            self.place.set_text(plan.place or (plan.done.place if plan.done else ""))
        self._show_kept()
        for name, count in self.counts.items():
            if not count.has_focus():
                count.set_text(str(getattr(self._keep, name)))

    def _show_kept(self) -> None:
        """How many stay now; what somebody is typing in their place stands."""
        from pinggu_desk.register.backupplan import PlanFile

        keep = self._keep = PlanFile(self._services.folder).read().keep
        self.kept.setText(
            f"新备份核验过后才清理旧的：保留最近 {keep.days} 天、{keep.weeks} 周、{keep.months} 个月各一份（由负责人定）；"
            "备份盘插上就自动备份，每天一次。"
        )

    def folder(self) -> Path | None:
        """The folder that was typed, if there is one; otherwise the field says so."""
        typed = self.place.text().strip()
        if not typed or not Path(typed).is_dir():
            self.place.set_error("这个文件夹不存在，请填写或选择一个已有的文件夹。")
            self.place.focus_input()
            return None
        self.place.set_error("")
        return Path(typed)

    def back_up(self) -> None:
        """Back up now; older backups of the same register are thinned."""
        place = self.folder()
        if place is None:
            return
        from pinggu_desk.register.backupplan import PlanFile

        keep, file = PlanFile(self._services.folder).read().keep, PlanFile(self._services.folder)

        def done(target: Path) -> None:
            self.answer.show_words(f"已备份并核验：{target}", "good")
            from pinggu_desk.register.backupplan import Done

            try:
                file.change(done=Done(datetime.now(), target.name, str(place)), failed="", failed_at=None)
            except RegisterError as error:
                self.answer.refuse(error)
            self.read()

        self.answer.show_words("正在备份…", "info")
        self._services.operations.run(lambda register: register.backup(place, keep=keep), done, refusing(self.answer))

    def _choose(self) -> None:
        folder = dialogs.ask_folder(self._page, "选择备份文件夹", Path(self.place.text().strip()))
        if folder is not None:
            self.place.set_text(str(folder))
            self.place.set_error("")
            if self.itself.isChecked():
                self._plan()

    def _plan(self) -> None:
        """Keep when and where to back up by itself."""
        from pinggu_desk.register.backupplan import PlanFile, read_time

        place: Path | None = None
        if self.itself.isChecked():
            place = self.folder()
            if place is None:
                self.itself.blockSignals(True)
                self.itself.setChecked(False)
                self.itself.blockSignals(False)
                return
        try:
            at = read_time(self.at.text() or "17:30")
            self.at.set_error("")
            PlanFile(self._services.folder).change(place=str(place or ""), at=at)
        except RegisterError as error:
            self.at.set_error(error.sentence)

    def _keep_counts(self) -> None:
        """Say how many backups stay; it is on the trail."""
        numbers: dict[str, int] = {}
        for name, count in self.counts.items():
            called, least, most = BOUNDS[name]
            typed = count.text().strip()
            good = typed.isdecimal() and least <= int(typed) <= most
            count.set_error("" if good else f"应为 {least} 至 {most} 的整数{called}。")
            if not good:
                count.focus_input()
                return
            numbers[name] = int(typed)
        keep, seen = Keep(**numbers), self._keep

        def kept(_none: None) -> None:
            self.answer.show_words(f"已改：新备份核验过后保留 {keep_words(keep)}，旧的才清理。", "good")
            self.read()

        self._services.operations.run(
            lambda register: register.keep_backups(keep, seen=seen), kept, refusing(self.answer, self._show_kept)
        )

    def _mark(self) -> None:
        """Make the chosen disk a backup stick of this register."""
        place = self.folder()
        if place is None:
            return
        from pinggu_desk.register.backupplan import mark_stick
        from pinggu_desk.register.volumes import plugged_in

        root = next((one for one in plugged_in() if place == one or place.is_relative_to(one)), None)
        if root is None:
            self.answer.show_words(f"“{place}”不在插入的U盘上，不能设为备份盘；请选U盘里的文件夹。", "bad")
            return
        self._services.operations.run(
            lambda register: mark_stick(root, register.which()),
            lambda _none: self.answer.show_words(f"“{root}”已设为备份盘，以后插上就自动备份。", "good"),
            refusing(self.answer),
        )

    def _check(self) -> None:
        """The same check as 审计's and the command line's: rows, trail, and the head that this machine keeps elsewhere."""
        from pinggu_desk.desk.verifying import verify
        from pinggu_desk.work.trail import verification_lines

        def checked(done: Verification) -> None:
            self.answer.show_words("".join(verification_lines(done, 3)), "good" if done.sound else "bad")

        self.answer.show_words("正在核验…", "info")
        verify(self._services, (), lambda _what: None, checked, refusing(self.answer))


class RestoreCard:
    """A card for who is in charge: choose a backup, see what would be lost, and only then put it in the register's place.

    ``restored`` is called with where the register of before is, once the register was closed.
    """

    def __init__(self, services: Services, place: Callable[[], Path | None], restored: Callable[[Path], None]) -> None:
        self._services, self._place, self._restored = services, place, restored
        self.card, self.answer = answering("从备份恢复")
        self.card.body.addWidget(
            Caption(
                "先选备份并预演，看清会失去什么、会回来什么；现在的登记库会整套留存，可以再恢复回来。只有负责人能恢复。"
            )
        )
        rows = buttons(("列出备份", self.list_backups))
        only(services, Act.BACKUP_RESTORE, *in_row(rows))
        self.card.body.addLayout(rows)
        self.rows = KeptRows(spacing=0)
        self.lines = QVBoxLayout()
        self.password = LineField("口令", "您在备份那天的口令（换过密钥才需要）", secret=True, chars=24)
        self.sure = Tick("已看过预演，确认恢复")
        self.go = SecondaryButton("恢复")
        self.sure.toggled.connect(self.go.setEnabled)
        self.go.clicked.connect(self._restore)
        self._chosen: Path | None = None
        self.card.body.addWidget(self.rows)
        self.card.body.addLayout(self.lines)
        row = QHBoxLayout()
        row.addWidget(self.go)
        row.addStretch(1)
        for widget in (self.password, self.sure):
            self.card.body.addWidget(widget)
        self.card.body.addLayout(row)
        self._begin()

    def _begin(self) -> None:
        for widget in (self.password, self.sure, self.go):
            widget.hide()
        self.sure.setChecked(False)
        self.go.setEnabled(False)
        clear(self.lines)

    def list_backups(self) -> None:
        """List what lies in the folder that was chosen, and what earlier restores have left."""
        from pinggu_desk.register.backupnotes import backups_in

        place, own = self._place(), self._services.folder
        if place is None:
            return
        self._begin()
        self._services.operations.without_register(
            lambda: [*backups_in(place), *(one for one in backups_in(own) if one.folder != own)],
            self._show, refusing(self.answer),
        )  # fmt: skip

    def _show(self, found: list[Backup]) -> None:
        from pinggu_desk.work.restores import backup_words

        self.answer.show_words("" if found else "这个文件夹里没有登记库备份，请另选一个。", "info")
        self.rows.show_rows(
            [
                Kept(one.folder, words, partial(self._row, one, words))
                for one, words in ((one, backup_words(one)) for one in found[:_SHOWN])
            ]
        )

    def _row(self, one: Backup, words: str) -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(Words(words), 1)
        button = QuietButton("预演")
        button.setAccessibleName(f"预演恢复 {one.name}")
        button.clicked.connect(lambda: self.rehearse(one.folder))
        row.addWidget(button)
        return holder

    def rehearse(self, folder: Path) -> None:
        """Say what a restore would change."""
        self._chosen, password = folder, self.password.text()
        self.answer.show_words("正在预演…", "info")
        self._services.operations.run(
            lambda register: register.rehearse(folder, password), self._rehearsed, self._not_rehearsed
        )

    def _rehearsed(self, said: Rehearsal) -> None:
        from pinggu_desk.work.restores import rehearsal_lines

        self._begin()
        self.answer.show_words("备份没有通过核验，不能恢复。" if said.faults else "预演完成，还没有改动。", "info")
        for line in rehearsal_lines(said, self._services.titles):
            self.lines.addWidget(Words(line))
        if (
            not said.faults and not said.on_server
        ):  # there, another database takes its place, by who has its owner's account
            self.sure.show()
            self.go.show()
            self.sure.setFocus()

    def _not_rehearsed(self, error: Exception) -> None:
        self._begin()
        self.answer.refuse(error)
        if isinstance(error, BackupFailed) and "口令" in error.sentence:
            self.password.show()
            self.password.focus_input()

    def _restore(self) -> None:
        folder, password = self._chosen, self.password.text()
        if folder is None or not self.sure.isChecked():
            return
        self.go.setEnabled(False)
        self.answer.show_words("正在恢复…", "info")
        self._services.operations.run(
            lambda register: register.restore(folder, password), self._restored, refusing(self.answer)
        )


def clear(rows: QVBoxLayout) -> None:
    """Take away what a list of rows shows."""
    while rows.count():
        widget = rows.takeAt(0).widget()
        widget.hide()
        widget.deleteLater()
