"""登记库与服务器: where the register lies, another server tried and moved onto, back to this machine, and what could not be joined.

Only who is in charge changes anything here; a move shows how far it is and can be given up until its last moment.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget
from typing_extensions import override

from pinggu_desk.desk import dialogs
from pinggu_desk.desk.kit import (
    Caption,
    Card,
    ChoiceField,
    FocusChain,
    LineField,
    ScrollColumn,
    SecondaryButton,
    Subtitle,
    Tick,
    Title,
    Words,
)
from pinggu_desk.desk.page import Page
from pinggu_desk.desk.pages.answers import Answer, answering, buttons, refusing
from pinggu_desk.desk.pages.leftover import LeftoverCard
from pinggu_desk.desk.services import Services
from pinggu_desk.register.errors import RegisterError
from pinggu_desk.register.roles import HEAD

if TYPE_CHECKING:
    from pinggu_desk.register import Register
    from pinggu_desk.register.engines.prepare import Trial
    from pinggu_desk.register.engines.server import Server
    from pinggu_desk.work.servers import Place

TITLE = "登记库与服务器"
_SETTINGS, _PEM = "服务器设置 (*.server)", "证书文件 (*.crt *.pem *.key)"
_TLS = {"核对证书和地址": "verify-full", "只核对证书": "verify-ca", "不加密（只限本机）": "disable"}


class Carrying(QObject):
    """A move on its way: told by the register's thread how far it is, and given up by the screen's."""

    moved = Signal(int, int)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._stop = threading.Event()

    def begin(self) -> None:
        """A new one."""
        self._stop.clear()

    def give_up(self) -> None:
        """Raise at the next row."""
        self._stop.set()

    def __call__(self, there: int, whole: int) -> None:
        """So many rows are there, of so many. Raises `RegisterError` once it was given up."""
        if self._stop.is_set():
            raise RegisterError("已取消，没有搬；一切仍是原样。")
        self.moved.emit(there, whole)


class ServerPage(Page):
    """Where it lies, where it may go, and what was left over of days without the server."""

    title = TITLE

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self._server: Server | None = None
        self._people: int | None = None
        self._on_server = False
        self._is_head = services.clerk.role == HEAD
        #: asks for a file to open; the tests answer themselves
        self.ask_open: Callable[[QWidget, str, str], Path | None] = dialogs.ask_open
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        column = ScrollColumn()
        outer.addWidget(column)
        column.body.addWidget(Title(TITLE))
        self.leftover = LeftoverCard(services)
        self.here, self.here_answer = answering("现在的登记库")
        self.where = Words("正在查看…")
        self.where.setAccessibleName("登记库现在的位置")
        self.here.body.addWidget(self.where)
        self.again_button = SecondaryButton("重新查看")
        self.again_button.clicked.connect(self.read)
        self.leftover.emptied.connect(self.again_button.setFocus)
        self.here.body.addWidget(self.again_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.elsewhere, self.agree = Answer("", "warn"), SecondaryButton("认可：登记库就在这台电脑上接着办")
        self.agree.clicked.connect(self._agree)
        self.here.body.addWidget(self.elsewhere)
        self.here.body.addWidget(self.agree, 0, Qt.AlignmentFlag.AlignLeft)
        self.elsewhere.hide()
        self.agree.hide()
        self.there = self._there_card()
        self.home = self._back_card()
        for card in (self.here, self.leftover, self.there, self.home):
            column.body.addWidget(card)
        column.body.addStretch(1)
        self.there.setVisible(self._is_head)
        self.home.hide()

    @override
    def enter(self) -> None:
        self.read()
        self.again_button.setFocus()

    # --- where it lies

    def read(self) -> None:
        """Ask where the register lies and what it answers, away from the screen's thread."""
        from pinggu_desk.work.servers import place_of

        folder = self._services.folder
        self.where.setText("正在查看…")
        self._services.operations.without_register(
            lambda: place_of(folder), self._show_place, refusing(self.here_answer)
        )
        self._services.operations.run(
            lambda register: register.elsewhere_words, self._show_elsewhere, refusing(self.elsewhere)
        )
        self.leftover.read()

    def _show_elsewhere(self, words: str) -> None:
        self.elsewhere.show_words(words, "warn")
        self.agree.setVisible(bool(words) and self._is_head)

    def _agree(self) -> None:
        def agreed(_none: None) -> None:
            self.agree.hide()
            self.elsewhere.show_words("已认可，下次登录起不再提醒。", "good")
            self.again_button.setFocus()

        self._services.operations.run(
            lambda register: register.agree_to_machine(), agreed, refusing(self.elsewhere), writes=True
        )

    def _show_place(self, place: Place) -> None:
        self.where.setText("\n".join(place.lines))
        self.here_answer.show_words(place.problem, "bad")
        self._on_server = place.on_server
        self.home.setVisible(place.on_server and self._is_head)
        self.move_words.setText(
            "登记库已在服务器上。填另一台服务器并试连后，可以改用那里已有的登记库。" if place.on_server else
            "先由管理员在服务器上运行 pinggu-desk register prepare，把写出的设置文件拿来；试连通过才能搬。"
            "搬的时候其他窗口要先关闭；原来的文件改名留在原处。"
        )  # fmt: skip

    # --- another server

    def _there_card(self) -> Card:
        card, self.there_answer = answering("连接服务器")
        self.move_words = Caption("")
        card.body.addWidget(self.move_words)
        self.file = LineField("设置文件", "管理员给的设置文件（会填好下面各项）", chars=60)
        self.host = LineField("地址", "服务器地址", chars=40, placeholder="如 db.example.cn 或 192.0.2.10")
        self.port = LineField("端口", "端口", chars=8)
        self.database = LineField("库名", "库名", chars=24)
        self.user = LineField("账号", "窗口账号", chars=24)
        self.password = LineField("口令", "窗口账号的口令（用客户端证书的可不填）", secret=True, chars=32)
        self.tls = ChoiceField("加密", tuple(_TLS), "加密连接（TLS）", required=True)
        self.ca = LineField("CA 证书", "核对服务器用的 CA 证书文件", chars=60)
        self.certificate = LineField("客户端证书", "客户端证书文件（可不填）", chars=60)
        self.key = LineField("客户端密钥", "客户端密钥文件（可不填）", chars=60)
        self.port.set_text("5432")
        self.tls.set_text(next(iter(_TLS)))
        fields = (
            self.file, self.host, self.port, self.database, self.user, self.password, self.tls, self.ca, self.certificate,
            self.key,
        )  # fmt: skip
        chain = FocusChain(self)
        chain.set_fields(fields)
        chain.finished.connect(self.try_it)
        self.file.left.connect(self._take_file)
        for field in fields:
            card.body.addWidget(field)
        card.body.addLayout(
            buttons(("试连", self.try_it), ("选择设置文件", self._choose), ("选择 CA 证书", self._choose_ca))
        )
        card.body.addWidget(self.there_answer)  # where whoever pressed looks
        self.sure = Tick("已确认，其他窗口都已关闭")
        self.go = SecondaryButton("搬到服务器")
        self.sure.toggled.connect(self.go.setEnabled)
        self.go.clicked.connect(self._go)
        self.bar, self.stop = QProgressBar(), SecondaryButton("取消")
        self.bar.setAccessibleName("搬了多少")
        self.carrying = Carrying(self)
        self.carrying.moved.connect(self._show_moved, Qt.ConnectionType.QueuedConnection)
        self.stop.clicked.connect(self.carrying.give_up)
        for widget in (self.sure, self.go, self.bar, self.stop):
            card.body.addWidget(widget, 0, Qt.AlignmentFlag.AlignLeft)
            widget.hide()
        return card

    def _choose(self) -> None:
        path = self.ask_open(self, "选择服务器设置文件", _SETTINGS)
        if path is not None:
            self.file.set_text(str(path))
            self._take_file()

    def _choose_ca(self) -> None:
        path = self.ask_open(self, "选择 CA 证书", _PEM)
        if path is not None:
            self.ca.set_text(str(path))

    def _take_file(self) -> None:
        """Fill the fields in from the file that `register prepare` wrote."""
        from pinggu_desk.register.engines.server import read_file

        typed = self.file.text().strip()
        if not typed:
            self.file.set_error("")
            return
        try:
            found = read_file(Path(typed))
        except RegisterError as error:
            self.file.set_error(error.sentence)
            return
        self.file.set_error("")
        words = {mode: said for said, mode in _TLS.items()}
        for field, text in (
            (self.host, found.host), (self.port, str(found.port)), (self.database, found.database), (self.user, found.user),
            (self.password, found.password), (self.tls, words.get(found.sslmode, next(iter(_TLS)))), (self.ca, found.ca),
            (self.certificate, found.certificate), (self.key, found.key),
        ):  # fmt: skip
            field.set_text(text)

    def _typed(self) -> Server | None:
        """What was typed, where it can be a server; otherwise the fields say what is missing."""
        from pinggu_desk.register.engines.server import Server

        for field, what in ((self.host, "地址"), (self.database, "库名"), (self.user, "账号")):
            field.set_error("" if field.text().strip() else f"还没有填{what}，请填写。")
        port = self.port.text().strip()
        right = port.isdecimal() and 0 < int(port) < 65536
        self.port.set_error("" if right else "端口应为 1 至 65535 的整数，一般是 5432。")
        wrong = next((one for one in (self.host, self.port, self.database, self.user) if one.error()), None)
        if wrong is not None:
            wrong.focus_input()
            return None
        return Server(
            self.host.text().strip(), int(port), self.database.text().strip(), self.user.text().strip(), self.password.text(),
            _TLS[self.tls.text()], self.ca.text().strip(), self.certificate.text().strip(), self.key.text().strip(),
        )  # fmt: skip

    def try_it(self) -> None:
        """Come in once, and say exactly what is wrong, or what there is."""
        from pinggu_desk.register.engines.prepare import trial

        server = self._typed()
        self._hide_move()
        if server is None:
            return
        self.there_answer.show_words("正在试连…", "info")
        self._services.operations.without_register(
            lambda: trial(server), lambda found: self._tried(server, found), refusing(self.there_answer)
        )

    def _tried(self, server: Server, found: Trial) -> None:
        self._server, self._people = server, found.people
        took = f"连得上（{found.seconds * 1000:.0f} 毫秒），账号的权限合适。"
        if found.people is None and self._on_server:
            self.there_answer.show_words(f"{took}那里还没有登记库；现在的登记库已在服务器上，不能再搬。", "warn")
            return
        there = "还没有登记库，可以把本机的搬上去。" if found.people is None else (
            f"那里已有登记库（{found.people} 名人员）；改用它以后，现在的登记库留在原处，不会并过去。"
        )  # fmt: skip
        self.there_answer.show_words(took + there, "good")
        self.go.setText("搬到服务器" if found.people is None else "改用这台服务器上的")
        self.sure.show()
        self.go.show()
        self.go.setEnabled(False)
        self.sure.setFocus()

    def _hide_move(self) -> None:
        self.sure.setChecked(False)
        for widget in (self.sure, self.go, self.bar, self.stop):
            widget.hide()

    def _go(self) -> None:
        from pinggu_desk.register.engines.relocate import move_to_server, switch

        server = self._server
        if server is None or not self.sure.isChecked():
            return
        if self._people is None:
            self._begin(lambda register: move_to_server(register, server, self.carrying).name, self._moved_there)
        else:
            self._begin(lambda register: switch(register, server), self._switched)

    def _begin(self, work: Callable[[Register], object], then: Callable[[object], None]) -> None:
        self.carrying.begin()
        self.go.setEnabled(False)
        self.bar.setRange(0, 0)
        self.bar.show()
        self.stop.show()
        self.stop.setFocus()
        self.there_answer.show_words("正在搬…", "info")
        self._services.operations.run(work, then, self._not_moved)

    def _show_moved(self, there: int, whole: int) -> None:
        self.bar.setRange(0, max(whole, 1))
        self.bar.setValue(there)
        self.bar.setFormat(f"{there}/{whole} 行")

    def _not_moved(self, error: Exception) -> None:
        self._hide_move()
        self.there_answer.refuse(error)
        self.host.focus_input()

    def _moved_there(self, name: object) -> None:
        self._services.leave(f"登记库已搬到服务器，全部内容核验过；请重新登录。原来的文件留在原处，改名为“{name}”。")

    def _switched(self, _nothing: object) -> None:
        self._services.leave("已改用服务器上的登记库，请用那里的工号和口令登录；原来的留在原处。")

    # --- back to this machine

    def _back_card(self) -> Card:
        card, self.back_answer = answering("搬回本机")
        card.body.addWidget(
            Caption(
                "把服务器上的登记库整个搬回这台电脑，核验过才算数。其他窗口从此不能再用服务器上的，只有这台电脑能办；服务器上的留存不动。"
            )
        )
        self.back_sure = Tick("已确认，其他窗口不再办理")
        self.back_go = SecondaryButton("搬回本机")
        self.back_go.setEnabled(False)
        self.back_sure.toggled.connect(self.back_go.setEnabled)
        self.back_go.clicked.connect(self._go_back)
        card.body.addWidget(self.back_sure)
        card.body.addWidget(self.back_go, 0, Qt.AlignmentFlag.AlignLeft)
        return card

    def _go_back(self) -> None:
        from pinggu_desk.register.engines.relocate import move_here

        if not self.back_sure.isChecked():
            return
        self.back_go.setEnabled(False)
        self.carrying.begin()
        self.back_answer.show_words("正在搬…", "info")

        def failed(error: Exception) -> None:
            self.back_sure.setChecked(False)
            self.back_answer.refuse(error)

        self._services.operations.run(lambda register: move_here(register, self.carrying), self._moved_here, failed)

    def _moved_here(self, _nothing: None) -> None:
        self._services.leave("登记库已搬回本机，全部内容核验过；请重新登录。")


def server_card(page: Page) -> Card:
    """设置: the way to this page."""
    card = Card(spacing=2)
    card.body.addWidget(Subtitle(TITLE))
    card.body.addWidget(Caption("登记库在本机还是在服务器上、连得上吗；由负责人连接服务器、搬过去或搬回来。"))
    card.body.addLayout(buttons((f"打开{TITLE}", lambda: page.place_wanted.emit(TITLE))))
    return card
