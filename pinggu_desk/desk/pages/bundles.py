"""数据包: what goes to another register and comes from one, on a stick; and what a clerk has to decide of it, side by side."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from pinggu_desk.desk import dialogs
from pinggu_desk.desk.allowed import only
from pinggu_desk.desk.kit import (
    Caption,
    Card,
    ChoiceField,
    FocusChain,
    LineField,
    ScrollColumn,
    SecondaryButton,
    Subtitle,
    Title,
)
from pinggu_desk.desk.kit.kept import Kept, KeptRows
from pinggu_desk.desk.page import Page
from pinggu_desk.desk.pages.answers import Answer, answering, buttons, in_row, is_overtaken, refusing
from pinggu_desk.desk.pages.forked import ForkCard
from pinggu_desk.desk.services import Services
from pinggu_desk.policy.errors import DeskError
from pinggu_desk.register.roles import Act, may

if TYPE_CHECKING:
    from pinggu_desk.register import Register
    from pinggu_desk.register.bundles.conflicts import Conflict
    from pinggu_desk.register.bundles.forks import Fork
    from pinggu_desk.work.bundles import Told

_SAME, _DIFFERENT = "是同一申请人，合为一个", "不是同一申请人，各自保留"
_KEY_KINDS, _BUNDLE_KINDS = "收件公钥 (*.json)", "数据包或回执 (*.pgdata *.json)"


def _ours(said: str) -> str:
    return f"本处：{said}"


def _theirs(said: str) -> str:
    return f"对方：{said}"


class ConflictCard(Card):
    """One conflict: for each thing that is said differently, ours or theirs; then the decision, by one key."""

    def __init__(self, page: BundlesPage, conflict: Conflict, titles: dict[str, str], *, whole: bool) -> None:
        from pinggu_desk.work.bundles import KINDS, conflict_lines, hides

        super().__init__(spacing=2)
        self._page, self.conflict = page, conflict
        self.body.addWidget(Subtitle(f"{conflict.title}　{KINDS[conflict.kind]}"))
        self.body.addWidget(
            Caption(f"对方是{conflict.office}，{conflict.at:%Y-%m-%d} 并入。现在按本处的；没选的项保留本处。")
        )
        self.answer = Answer("", "info")
        self.answer.hide()
        self.body.addWidget(self.answer)
        self.same: ChoiceField | None = None
        fields: list[ChoiceField] = []
        if conflict.kind == "code":
            self.same = ChoiceField(
                "是否同一申请人", (_SAME, _DIFFERENT), "号码相同，是不是同一申请人？", required=True
            )
            fields.append(self.same)
        self.choices: list[tuple[str, ChoiceField]] = []
        for one, (called, ours, theirs) in zip(
            conflict.differences, conflict_lines(conflict, titles, whole=whole), strict=True
        ):
            field = ChoiceField(called, (_ours(ours), _theirs(theirs)))
            self.choices.append((one.key, field))
            fields.append(field)
        for field in fields:
            self.body.addWidget(field)
        chain = FocusChain(self)
        chain.set_fields(fields)
        chain.finished.connect(self.decide)
        self.hides = hides(conflict)
        self.whole = SecondaryButton("显示／遮住完整号码", "F8")
        self.whole.clicked.connect(page.show_numbers)
        row = buttons(("照此裁定", self.decide))
        only(page.services, Act.WORK, *in_row(row))
        row.insertWidget(1, self.whole)
        self.body.addLayout(row)
        self.whole.setVisible(self.hides and may(page.services.clerk.role, Act.UNMASK))

    def focus_first(self) -> None:
        """Let the keys choose at the first of its questions."""
        first = self.same or (self.choices[0][1] if self.choices else None)
        if first is not None:
            first.focus_input()

    def decide(self) -> None:
        """Settle it as it was chosen; of a code, whether both are one must have been said."""
        if self.same is not None and not self.same.text():
            self.same.set_error("请先选择是不是同一申请人。")
            self.same.focus_input()
            return
        same = self.same is None or self.same.text() == _SAME
        taken = [key for key, field in self.choices if field.text() == field.options[1]] if same else []
        seen = self.conflict
        self._page.services.operations.run(
            lambda register: register.decide(seen.id, taken, same=same, seen=seen), self._page.decided, self._refused,
            writes=True,
        )  # fmt: skip

    def _refused(self, error: Exception) -> None:
        if is_overtaken(error):
            self._page.overtaken(error)
        else:
            self.answer.refuse(error)


class BundlesPage(Page):
    """Out, in, and what waits for a decision."""

    title = "数据包"

    def __init__(self, services: Services) -> None:
        super().__init__()
        self.services = services
        self._found: list[Conflict] = []
        self._whole = False
        #: asks for a file to open, and for a folder to write to; the tests answer themselves
        self.ask_open: Callable[[QWidget, str, str], Path | None] = dialogs.ask_open
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        column = ScrollColumn()
        outer.addWidget(column)
        column.body.addWidget(Title("数据包"))
        column.body.addWidget(self._in_card())
        #: while a file's sender is known to have a trail that forks
        self.forked: ForkCard | None = None
        self._column = column
        self.waiting, self.waiting_answer = answering("等待裁定")
        self._cards = KeptRows(lambda: self.file.line)
        self.waiting.body.addWidget(self._cards)
        column.body.addWidget(self.waiting)
        column.body.addWidget(self._out_card())
        column.body.addStretch(1)

    @override
    def enter(self) -> None:
        self.file.focus_input()
        self._whole = False
        self._show_fork(None)
        self.read()

    @property
    def cards(self) -> list[ConflictCard]:
        """What waits for a decision; what was chosen in one of them stands while another is decided."""
        return [card for card in self._cards.rows() if isinstance(card, ConflictCard)]

    # --- in

    def _in_card(self) -> Card:
        card, self.in_answer = answering("并入")
        card.body.addWidget(
            Caption("把乡镇等离线登记库导出的数据包并进来；并两次和并一次一样。对方给回的回执也从这里登记。")
        )
        self.file = LineField("数据包文件", "数据包或回执文件", chars=60)
        self.phrase = LineField("数据包口令", "数据包口令（对方告知的；用收件公钥加密的不填）", secret=True, chars=24)
        chain = FocusChain(self)
        chain.set_fields([self.file, self.phrase])
        chain.finished.connect(self.join)
        for field in (self.file, self.phrase):
            card.body.addWidget(field)
        row = buttons(("并入", self.join), ("选择文件", self._choose_file))
        only(self.services, Act.WORK, *in_row(row))
        card.body.addLayout(row)
        return card

    def _choose_file(self) -> None:
        path = self.ask_open(self, "选择数据包或回执", _BUNDLE_KINDS)
        if path is not None:
            self.file.set_text(str(path))
            self.join()

    def join(self) -> None:
        """Join what was chosen, on the register's thread."""
        path, phrase = self.file.text().strip(), self.phrase.text()
        if not path:
            self.in_answer.show_words("请选择数据包或回执文件。", "warn")
            self.file.focus_input()
            return
        self._take(path, phrase, None)

    def _take(self, path: str, phrase: str, agreed: Fork | None) -> None:
        from pinggu_desk.work.bundles import take_file

        self._show_fork(None)
        self.in_answer.show_words("正在核对并并入…", "info")

        def refused(error: Exception) -> None:
            from pinggu_desk.register.bundles.forks import TrailForked

            self.in_answer.refuse(error)
            if isinstance(error, TrailForked):
                self._show_fork(error.fork, lambda fork: self._take(path, phrase, fork))

        self.services.operations.run(
            lambda register: take_file(register, Path(path), phrase, agreed=agreed), self._joined, refused, writes=True
        )

    def _show_fork(self, fork: Fork | None, agree: Callable[[Fork], None] = lambda _fork: None) -> None:
        """Show both sides of a fork under what was to be joined; None: there is none any more."""
        before, self.forked = self.forked, None
        if before is not None:
            before.hide()
            before.deleteLater()
        if fork is None:
            return
        card = self.forked = ForkCard(self.services, fork)
        card.agreed.connect(agree)
        self._column.body.insertWidget(self._column.body.indexOf(self.waiting), card)
        card.show()  # the layout would do it by and by; the focus can't wait
        if card.sure.isVisible():
            card.sure.setFocus()

    def _joined(self, told: Told) -> None:
        self.file.line.clear()
        self.phrase.line.clear()
        self.in_answer.show_words(told.sentence, "warn" if told.conflicts else "good")
        self.said.emit(told.sentence)  # the keys go on to what has to be decided, out of sight of the answer
        self.read(take_focus=bool(told.conflicts))

    # --- what waits

    def read(self, *, take_focus: bool = False) -> None:
        """Read again what waits for a decision."""
        self.services.operations.run(
            lambda register: register.conflicts(), lambda found: self._show(found, take_focus=take_focus)
        )

    def decided(self, _none: None) -> None:
        """One less: the next one takes the keys."""
        self.waiting_answer.hide()
        self.read(take_focus=True)

    def overtaken(self, error: Exception) -> None:
        """Another window decided it, or changed what stands here: that is said, and what waits now is shown as it is now."""
        self.waiting_answer.refuse(error)
        self.said.emit(self.waiting_answer.text())
        self.read(take_focus=True)

    def show_numbers(self) -> None:
        """Show every number that waits here whole, once that is on the trail for each applicant; or cover them again."""
        at = next((card.conflict.id for card in self.cards if card.isAncestorOf(self.focusWidget() or self)), 0)
        if self._whole:
            self._uncover(False, at)
            return
        whose: list[int | None] = [*dict.fromkeys(one.local_id for one in self._found if one.whose_kind)]

        def note(register: Register) -> None:
            for number in whose or [None]:
                register.note_numbers_shown(number)

        self.services.operations.run(note, lambda _none: self._uncover(True, at))

    def _uncover(self, whole: bool, at: int) -> None:
        self._whole = whole
        self._show(self._found, take_focus=False)
        card = next((card for card in self.cards if card.conflict.id == at), None)
        if card is not None:
            card.focus_first()

    def _show(self, found: list[Conflict], *, take_focus: bool) -> None:
        titles = {name: fact.question or name for name, fact in self.services.pack.facts.items()} if found else {}
        self._found = found
        none = [] if found else [Kept("", "", partial(Caption, "没有等待裁定的冲突。"))]
        whole = self._whole
        self._cards.show_rows([
            *none,
            *(Kept(one.id, (one, whole), partial(ConflictCard, self, one, titles, whole=whole)) for one in found),
        ])  # fmt: skip
        if take_focus and self.cards:
            self.cards[0].focus_first()
        elif take_focus:
            self.in_answer.show_words("各处冲突都已裁定。", "good")
            self.file.focus_input()

    # --- out

    def _out_card(self) -> Card:
        card, self.out_answer = answering("导出")
        card.body.addWidget(
            Caption(
                "把对方还没确认收到的全部新内容（办件、申请人、奖励、文书、审计记录）写到U盘，签名并加密，交给收件单位。"
            )
        )
        self.key_file = LineField("收件公钥", "收件单位的收件公钥文件（没有就填下面两项）", chars=60)
        self.office = LineField("收件单位", "收件单位（“可信公钥”中的名称）", chars=44)
        self.own_phrase = LineField("数据包口令", "给这一包定一个口令（当面或电话告知对方）", secret=True, chars=24)
        self.folder = LineField("写到", "写到哪个文件夹", chars=60)
        self.since = LineField("备份的日期", "对方从备份恢复过、丢了资料的，填那份备份的日期（没有就不填）", chars=14)
        fields = (self.key_file, self.office, self.own_phrase, self.since, self.folder)
        chain = FocusChain(self)
        chain.set_fields(fields)
        chain.finished.connect(self.make)
        for field in fields:
            card.body.addWidget(field)
        row = buttons(
            ("导出数据包", self.make), ("选择收件公钥", self._choose_key), ("选择文件夹", self._choose_folder),
            ("写出本处的收件公钥", self._write_key),
        )  # fmt: skip
        only(self.services, Act.WORK, *in_row(row))
        card.body.addLayout(row)
        return card

    def _choose_key(self) -> None:
        path = self.ask_open(self, "选择收件公钥", _KEY_KINDS)
        if path is not None:
            self.key_file.set_text(str(path))

    def _choose_folder(self) -> None:
        folder = dialogs.ask_folder(self, "写到哪个文件夹", Path(self.folder.text().strip()))
        if folder is not None:
            self.folder.set_text(str(folder))

    def make(self) -> None:
        """Write the bundles, on the register's thread."""
        from pinggu_desk.work.bundles import made_words, make_bundles, read_since

        key, office, phrase = self.key_file.text().strip(), self.office.text().strip(), self.own_phrase.text()
        folder = self._folder()
        if folder is None:
            return
        if not key and not office:
            self.out_answer.show_words("请选择收件公钥文件，或填写收件单位和数据包口令。", "warn")
            self.key_file.focus_input()
            return
        try:
            since = read_since(self.since.text())
        except DeskError as error:
            self.since.set_error(error.sentence)
            self.since.focus_input()
            return
        self.since.set_error("")
        self.out_answer.show_words("正在导出…", "info")

        key_file = Path(key) if key else None
        self.services.operations.run(
            lambda register: make_bundles(
                register, folder, key_file=key_file, office=office, passphrase=phrase, again_since=since
            ),
            lambda made: self._made(made_words(made)), refusing(self.out_answer), writes=True,
        )  # fmt: skip

    def _made(self, words: str) -> None:
        self.own_phrase.line.clear()
        self.since.line.clear()
        self.out_answer.show_words(words, "good")

    def _write_key(self) -> None:
        from pinggu_desk.work.bundles import write_receiving_key

        folder = self._folder()
        if folder is not None:
            self.services.operations.run(
                lambda register: write_receiving_key(register, folder),
                lambda path: self.out_answer.show_words(f"已写出：{path}，请连同公钥指纹交给对方。", "good"),
                refusing(self.out_answer),
            )

    def _folder(self) -> Path | None:
        """The folder to write to, if it was given."""
        typed = self.folder.text().strip()
        if not typed or not Path(typed).is_dir():
            self.folder.set_error("这个文件夹不存在，请填写或选择一个已有的文件夹。")
            self.folder.focus_input()
            return None
        self.folder.set_error("")
        return Path(typed)


def bundles_card(page: Page) -> Card:
    """设置: the way to this page."""
    card = Card(spacing=2)
    card.body.addWidget(Subtitle("数据包"))
    card.body.addWidget(
        Caption("没有网络的窗口用自己的登记库，隔一阵子用U盘把新办的并进来；两边不一致的并排列出，由人裁定。")
    )
    card.body.addLayout(buttons(("打开数据包", lambda: page.place_wanted.emit("数据包"))))
    return card
