"""验真: whether a file or a scanned code is an office's and unaltered; whose keys are trusted here."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from pinggu_desk.desk import dialogs
from pinggu_desk.desk.allowed import only
from pinggu_desk.desk.kit import Caption, Card, FocusChain, LineField, QuietButton, ScrollColumn, Title, Words
from pinggu_desk.desk.kit.basics import Kind
from pinggu_desk.desk.kit.kept import Kept, KeptRows
from pinggu_desk.desk.page import Page
from pinggu_desk.desk.pages.answers import answering, buttons, in_row, refusing
from pinggu_desk.desk.services import Services
from pinggu_desk.register import Register, events
from pinggu_desk.register.roles import Act

if TYPE_CHECKING:
    from pinggu_desk.documents.proof.check import Verdict
    from pinggu_desk.documents.proof.keys import PublicKey


def trusted(register: Register, office: str) -> list[PublicKey]:
    """The keys that count here: the office's own under its name, then the others'."""
    from pinggu_desk.documents.proof.keys import PublicKey

    own = PublicKey(register.office_key().public, office or "本单位")
    return [own, *(PublicKey(key.public, key.office) for key in register.trusted_keys())]


def verify(register: Register, office: str, path: str, code: str) -> Verdict:
    """The verdict on a file, a code, or both together. Raises BadInput."""
    from pinggu_desk.documents.proof.check import check_code, check_file

    keys = trusted(register, office)
    return check_file(Path(path), keys, code) if path else check_code(code, keys)


def trust(register: Register, path: str, office: str) -> str:
    """Trust the key of a file, under the name typed or the file's own; returns the name. Raises BadInput."""
    from pinggu_desk.documents.proof.keys import read_key_file

    key = read_key_file(Path(path))
    return register.trust_key(key.public, office or key.office).office


def ask_file(parent: QWidget, words: str, kinds: str) -> str:
    """Ask which file; empty when thought better of it."""
    path = dialogs.ask_open(parent, words, kinds)
    return str(path) if path is not None else ""


class VerifyPage(Page):
    """Two fields, a plain answer, and the keys."""

    title = "验真"

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self.ask_file: Callable[[QWidget, str, str], str] = ask_file
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        column = ScrollColumn()
        outer.addWidget(column)
        column.body.addWidget(Title("验真"))
        column.body.addWidget(self._check_card())
        column.body.addWidget(self._keys_card())
        column.body.addStretch(1)

    @override
    def enter(self) -> None:
        self.code.focus_input()
        self.read_keys()

    # --- checking

    def _check_card(self) -> Card:
        card, self.answer = answering("核对文书")
        self.vouched = Words()
        self.vouched.hide()
        card.body.addWidget(self.vouched)
        #: what a refused paper says of itself, shown only when asked for
        self.unproved = QuietButton("看文件里的记录（未经证实）")
        self.unproved.clicked.connect(self._show_record)
        self.unproved.hide()
        self._record: tuple[str, ...] = ()
        self._judged = ("", "")
        card.body.addWidget(self.unproved)
        card.body.addWidget(
            Caption("不用联网。扫描告知书正页的二维码，或者打开电子件；先扫码、再选文件，还核对是不是同一件。")
        )
        self.code = LineField("验真码", "验真码（扫码枪扫入，或粘贴）", chars=60)
        self.file = LineField("文书文件", "文书的 PDF 文件", chars=60)
        for field in (self.code, self.file):  # a scanner ends with Enter, which asks at once
            chain = FocusChain(self)
            chain.set_fields([field])
            chain.finished.connect(self.check)
        self.code.edited.connect(self._scanned)
        for field in (self.code, self.file):
            card.body.addWidget(field)
        card.body.addLayout(buttons(("验真", self.check), ("选择文件", self._choose)))
        return card

    def _scanned(self, text: str) -> None:
        """A scanner types the code whole; a new one stands for itself, not beside the file that was judged before."""
        if text.strip() != self._judged[0] and self._judged[1] and self.file.text().strip() == self._judged[1]:
            self.file.line.clear()
            self._judged = ("", "")
        if not text:
            self._answer("", "info")

    def _answer(self, words: str, kind: Kind) -> None:
        self.answer.show_words(words, kind)
        for one in (self.vouched, self.unproved):
            one.hide()

    def _show_record(self) -> None:
        self.vouched.setText("\n".join(("文件里的记录写着（未经证实，请勿采信）：", *self._record)))
        self.vouched.show()
        self.unproved.hide()

    def _choose(self) -> None:
        path = self.ask_file(self, "选择文书文件", "PDF 文件 (*.pdf)")
        if path:
            self.file.set_text(path)
            self.check()

    def check(self) -> None:
        """Check what was given, on the register's thread."""
        code, path = self.code.text().strip(), self.file.text().strip()
        if not code and not path:
            self._answer("请扫描验真码，或者选择文书文件。", "warn")
            self.code.focus_input()
            return
        self._judged = code, path
        for one in (self.vouched, self.unproved):
            one.hide()
        office = self._services.settings.now.office
        self._services.operations.run(
            lambda register: verify(register, office, path, code), self._show, refusing(self.answer)
        )

    def _show(self, found: Verdict) -> None:
        self._answer(found.sentence, "good" if found.ok else "bad")
        self.vouched.setText("\n".join(found.lines))
        self.vouched.setVisible(bool(found.lines))
        self._record = found.record
        self.unproved.setVisible(bool(found.record))
        self.code.focus_input()
        self.code.line.selectAll()  # the next scan takes its place

    # --- keys

    def _keys_card(self) -> Card:
        card, self._key_answer = answering("可信公钥")
        card.body.addWidget(
            Caption("其他窗口出具的文书，要有其公钥才能验。收到公钥文件后，请打电话核对指纹，再添加到这里。")
        )
        self._list = KeptRows(lambda: self.key_file.line)
        card.body.addWidget(self._list)
        self.key_file = LineField("公钥文件", "公钥文件（.pub）", chars=60)
        self.key_office = LineField("单位名称", "单位名称（文件里写明的可不填）", chars=44)
        chain = FocusChain(self)
        chain.set_fields([self.key_file, self.key_office])
        chain.finished.connect(self._add)
        for field in (self.key_file, self.key_office):
            card.body.addWidget(field)
        row = buttons(("添加公钥", self._add), ("选择公钥文件", self._choose_key))
        only(self._services, Act.TRUST, *in_row(row))
        card.body.addLayout(row)
        return card

    def read_keys(self) -> None:
        """Read the keys again."""
        office = self._services.settings.now.office
        self._services.operations.run(lambda register: trusted(register, office), self._show_keys)

    def _show_keys(self, keys: list[PublicKey]) -> None:
        self._list.show_rows(
            [
                Kept((key.public, own), key.office, partial(self._key_row, key, own=own))
                for key, own in ((key, number == 0) for number, key in enumerate(keys))
            ]
        )

    def _key_row(self, key: PublicKey, *, own: bool) -> QWidget:
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(Words(f"{key.office}{'（本机登记库）' if own else ''}　指纹 {key.fingerprint}"), 1)
        if not own:
            button = QuietButton("移除")
            button.setAccessibleName(f"移除 {key.office}")
            button.clicked.connect(lambda: self._remove(key))
            only(self._services, Act.TRUST, button)
            row.addWidget(button)
        return line

    def _choose_key(self) -> None:
        path = self.ask_file(self, "选择公钥文件", "公钥文件 (*.pub)")
        if path:
            self.key_file.set_text(path)
            self.key_office.focus_input()

    def _add(self) -> None:
        path, office = self.key_file.text().strip(), self.key_office.text().strip()
        if not path:
            self._key_answer.show_words("请选择公钥文件。", "warn")
            return
        self._services.operations.run(
            lambda register: trust(register, path, office), self._added, refusing(self._key_answer), writes=True
        )

    def _added(self, office: str) -> None:
        for field in (self.key_file, self.key_office):
            field.line.clear()
        self._key_answer.show_words(f"已添加“{office}”的公钥，请务必打电话核对指纹。", "good")
        self.read_keys()

    def _remove(self, key: PublicKey) -> None:
        def done(_none: None) -> None:
            self._key_answer.show_words(f"已移除“{key.office}”的公钥，其文书不再能验。", "good")
            self.read_keys()

        self._services.operations.run(
            lambda register: register.distrust_key(key.public),
            done,
            refusing(self._key_answer, self.read_keys),
            writes=True,
        )


def export_key(register: Register, office: str, path: Path) -> Path:
    """Write the office's own public key as a file to give away. Raises DeskError."""
    from pinggu_desk.documents.pdf.pdfdoc import save
    from pinggu_desk.documents.proof.keys import key_file

    save(key_file(trusted(register, office)[0]).encode(), path)
    register.record_event(events.KEY_EXPORTED, "登记库")
    return path


def ask_save(parent: QWidget) -> str:
    """Ask where to export the public key to; empty when thought better of it."""
    path = dialogs.ask_save(parent, "导出公钥", Path("验真公钥.pub"), "公钥文件 (*.pub)")
    return str(path) if path is not None else ""


class KeyCard:
    """设置: the office's own public key, to give to other windows."""

    def __init__(self, services: Services, page: Page) -> None:
        self._services, self._page = services, page
        self.ask_save: Callable[[QWidget], str] = ask_save
        self.card, self.answer = answering("验真公钥")
        self.card.body.addWidget(
            Caption("告知书用本单位的密钥签发，别的窗口有了这个公钥就能验真。公钥可以公开；密钥在登记库里，不能导出。")
        )
        self.card.body.addLayout(
            buttons(("导出公钥", self._export), ("打开验真", lambda: page.place_wanted.emit("验真")))
        )

    def _export(self) -> None:
        path = self.ask_save(self._page)
        if path:
            office = self._services.settings.now.office
            self._services.operations.run(
                lambda register: export_key(register, office, Path(path)),
                self._exported,
                refusing(self.answer),
                writes=True,
            )

    def _exported(self, path: Path) -> None:
        self.answer.show_words(f"已导出：{path}，请连同指纹交给其他窗口。", "good")
