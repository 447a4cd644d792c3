"""The officer's window: the text on the left, its rule as YAML and in words in the middle, worked examples on the right.

Whatever is typed is held against the text a moment later, on a thread of its own; findings are listed and jumped to.
"""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path
from typing import cast

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QMainWindow,
    QMessageBox,
    QPushButton,
    QSplitter,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from pinggu_desk.desk.officer.editor import Editor
from pinggu_desk.desk.sweeping import Sweeper
from pinggu_desk.desk.theme import look
from pinggu_desk.policy.errors import DeskError, Diagnostic
from pinggu_desk.work.officer import FILES, Looked, Workbench

#: so long after the last key the draft is looked over
PAUSE_MS = 500
_KEYS = "Ctrl+S 保存　F8 下一处问题　F6 这一句读过了，登入台账　F2 原文　F3 文件　F4 样例"
_DATA = Qt.ItemDataRole.UserRole


class OfficerWindow(QMainWindow):
    """One pack being kept. ``looked`` tells that the draft was looked over (tests wait for it)."""

    looked = Signal(object)
    _ready = Signal(int, object)

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.bench = Workbench(folder)
        self.last: Looked | None = None
        self._turn = 0
        self._thread: threading.Thread | None = None
        self._filling = False
        self._clause = ""
        self._at_finding = -1
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self.look_over)
        self._ready.connect(self._take, Qt.ConnectionType.QueuedConnection)
        Sweeper(
            timedelta, parent=self
        )  # drafts are looked over on another thread: no widget may be found and die there
        self._build()
        for key, act in (
            ("Ctrl+S", self.save),
            ("F8", self.next_finding),
            ("Shift+F8", self.finding_before),
            ("F6", self.claim),
        ):
            QShortcut(QKeySequence(key), self).activated.connect(act)
        for key, widget in (("F2", self.sentences), ("F3", self.editor), ("F4", self.examples)):
            QShortcut(QKeySequence(key), self).activated.connect(widget.setFocus)
        self.policy.addItems(list(self.bench.policies()))
        self._show_policy()

    # --- what stands where

    def _build(self) -> None:
        gap = look().scale.grid(1)
        body = QWidget(self)
        column = QVBoxLayout(body)
        column.setContentsMargins(gap, gap, gap, gap)
        column.setSpacing(gap)
        column.addLayout(self._top())
        across = QSplitter(Qt.Orientation.Horizontal, body)
        across.addWidget(self._list("sentences", "原文"))
        across.addWidget(self._middle())
        across.addWidget(self._list("examples", "样例"))
        across.setSizes([340, 620, 340])
        down = QSplitter(Qt.Orientation.Vertical, body)
        down.addWidget(across)
        down.addWidget(self._list("findings", "发现的问题"))
        down.setSizes([560, 110])
        column.addWidget(down, 1)
        self.keys = QLabel(_KEYS, body)
        column.addWidget(self.keys)
        self.setCentralWidget(body)
        self.sentences.currentItemChanged.connect(self._show_sentence)
        self.findings.itemActivated.connect(self._go_to)
        self.editor.textChanged.connect(self._typed)

    def _top(self) -> QHBoxLayout:
        row = QHBoxLayout()
        self.policy, self.file = QComboBox(self), QComboBox(self)
        self.policy.setAccessibleName("政策")
        self.file.setAccessibleName("文件")
        self.file.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.state = QLabel("", self)
        self.state.setAccessibleName("检查结果")
        self.saved = QPushButton("保存 Ctrl+S", self)
        self.saved.clicked.connect(self.save)
        for words, field in (("政策", self.policy), ("文件", self.file)):
            label = QLabel(words, self)
            label.setBuddy(field)
            row.addWidget(label)
            row.addWidget(field)
        row.addWidget(self.state, 1)
        row.addWidget(self.saved)
        self.policy.currentIndexChanged.connect(self._show_policy)
        self.file.currentIndexChanged.connect(self._show_file)
        return row

    def _list(self, name: str, title: str) -> QWidget:
        """A titled list of wrapped rows, kept as an attribute."""
        box = QWidget(self)
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        rows = QListWidget(box)
        rows.setWordWrap(True)
        rows.setTextElideMode(Qt.TextElideMode.ElideNone)
        rows.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        rows.setAccessibleName(title)
        column.addWidget(QLabel(title, box))
        column.addWidget(rows, 1)
        setattr(self, name, rows)
        return box

    sentences: QListWidget
    examples: QListWidget
    findings: QListWidget

    def _middle(self) -> QWidget:
        split = QSplitter(Qt.Orientation.Vertical, self)
        self.editor = Editor(split)
        self.reading = QTextBrowser(split)
        self.reading.setAccessibleName("规则读法")
        split.addWidget(self.editor)
        split.addWidget(self.reading)
        split.setSizes([380, 180])
        return split

    # --- files

    def _show_policy(self) -> None:
        self._filling = True
        self.file.clear()
        for name in self.bench.files(self.policy.currentText()):
            self.file.addItem(name.rpartition("/")[2], name)
        self._filling = False
        self._clause = ""
        self._show_file()
        self.look_over()

    def _show_file(self) -> None:
        if self._filling or not self.name:
            return
        self._filling = True
        try:
            self.editor.setPlainText(self.bench.text(self.name))
        except DeskError as error:
            self.editor.setPlainText("")
            self._tell(error.sentence)
        self._filling = False
        self._mark()

    @property
    def name(self) -> str:
        """The file being edited, as a path in the pack."""
        return str(self.file.currentData() or "")

    def open_file(self, name: str) -> None:
        """Show a file of the pack, of whichever policy it is."""
        parts = name.split("/")
        if len(parts) == 3 and parts[1] != self.policy.currentText():
            self.policy.setCurrentText(parts[1])
        at = self.file.findData(name)
        if at >= 0:
            self.file.setCurrentIndex(at)

    def _typed(self) -> None:
        if not self._filling and self.name:
            self.bench.put(self.name, self.editor.toPlainText())
            self._say_state()
            self._pause.start()

    def save(self) -> None:
        """Write what was changed into the pack."""
        try:
            written = self.bench.save()
        except DeskError as error:
            self._tell(error.sentence)
            return
        self._say_state()
        if written:
            self.keys.setText(f"已保存：{'、'.join(written)}")

    # --- looking over

    def look_over(self) -> None:
        """Look the draft over on a thread; the last look that was asked for is the one that is shown."""
        self._pause.stop()
        self._turn += 1
        turn, policy = self._turn, self.policy.currentText()

        def work() -> None:
            try:
                for found in self.bench.looks(policy):
                    if turn != self._turn:
                        return
                    self._ready.emit(turn, found)
            except Exception as error:  # noqa: BLE001 - told on the screen, where it belongs
                self._ready.emit(turn, error)
            self._ready.emit(turn, None)

        self._thread = threading.Thread(target=work, name="look-over", daemon=True)
        self._thread.start()

    def _take(self, turn: int, found: object) -> None:
        if turn != self._turn:
            return
        if found is None:
            self.looked.emit(self.last)
            return
        if isinstance(found, Exception):
            sentence = (
                found.sentence
                if isinstance(found, DeskError)
                else f"没能检查（{type(found).__name__}），请核对刚改的地方。"
            )
            self._tell(sentence)
        else:
            self.last = cast(Looked, found)
            self._fill_findings()
            self._fill_sentences()
            self._say_state()

    def _fill_findings(self) -> None:
        self.findings.clear()
        self._at_finding = -1
        for one in self.last.findings if self.last is not None else ():
            place = f"{one.file}:{one.line}" if one.line else one.file
            item = QListWidgetItem(f"{place}　[{one.code}]　{one.sentence}")
            item.setData(_DATA, one)
            self.findings.addItem(item)

    def _fill_sentences(self) -> None:
        assert self.last is not None
        self._filling = True
        self.sentences.clear()
        for one in self.bench.sentences(self.last, self.policy.currentText()):
            head = "" if one.heading else f"{one.clause}　"
            item = QListWidgetItem(f"{head}{one.words}" + (f"\n⚠ {one.mark}" if one.mark else ""))
            item.setData(_DATA, one.clause)
            font = item.font()
            font.setBold(one.heading)
            item.setFont(font)
            self.sentences.addItem(item)
            if one.clause == self._clause:
                self.sentences.setCurrentItem(item)
        self._filling = False
        self._mark()

    def _show_sentence(self) -> None:
        item = self.sentences.currentItem()
        if self._filling or item is None:
            return
        self._clause = str(item.data(_DATA))
        self._mark()

    def _mark(self) -> None:
        """Show what stands beside the chosen sentence."""
        if self.last is None or not self._clause:
            return
        policy = self.policy.currentText()
        beside = self.bench.beside(self.last, policy, self._clause)
        self.editor.mark(beside.lines if self.name == f"policies/{policy}/{FILES[0]}" else ())
        self.reading.setPlainText("\n".join("　　" * line.level + line.words for line in beside.words))
        self.examples.clear()
        for one in beside.examples:
            said = f"{'✗' if one.wrong else '✓'} {one.words}"
            self.examples.addItem(QListWidgetItem("\n".join([said, *(f"⚠ {line}" for line in one.wrong)])))

    # --- findings

    def next_finding(self) -> None:
        """F8: go to the next finding, from the last to the first again."""
        self._step(1)

    def finding_before(self) -> None:
        """Shift+F8: go to the finding before."""
        self._step(-1)

    def _step(self, by: int) -> None:
        count = self.findings.count()
        if not count:
            return
        self._at_finding = (self._at_finding + by) % count if self._at_finding >= 0 or by > 0 else count - 1
        item = self.findings.item(self._at_finding)
        self.findings.setCurrentItem(item)
        self._go_to(item)

    def _go_to(self, item: QListWidgetItem) -> None:
        one = cast(Diagnostic, item.data(_DATA))
        self.open_file(one.file)
        if self.name == one.file:
            self.editor.go(one.line or 1)

    def claim(self) -> None:
        """F6: the chosen sentence has been read against its rule: it goes into the ledger, or gets its print anew."""
        if self.last is None or not self._clause:
            self._tell("请先在原文里选一句。")
            return
        policy = self.policy.currentText()
        try:
            text = self.bench.claimed(self.last, policy, self._clause)
        except DeskError as error:
            self._tell(error.sentence)
            return
        self.bench.put(f"policies/{policy}/{FILES[0]}", text)
        self._show_file()
        self.look_over()

    # --- telling

    def _say_state(self) -> None:
        count = len(self.last.findings) if self.last is not None else 0
        self.state.setText(f"{count} 处问题" if count else "逐句有着落，逐数有出处，没有发现问题")
        unsaved = self.bench.unsaved
        self.saved.setEnabled(bool(unsaved))
        self.setWindowTitle(f"{'● ' if unsaved else ''}政策维护　{self.bench.folder}")

    def _tell(self, sentence: str) -> None:
        self.keys.setText(sentence)

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        if self.bench.unsaved and not self._may_leave():
            event.ignore()
            return
        self._turn += 1  # what is still being looked at is shown nowhere
        self._pause.stop()
        if self._thread is not None:
            self._thread.join()
        self.bench.close()
        super().closeEvent(event)

    def _may_leave(self) -> bool:
        """Ask what becomes of what was typed and not saved."""
        buttons = QMessageBox.StandardButton
        asked = QMessageBox(
            QMessageBox.Icon.Question, "政策维护", f"{'、'.join(self.bench.unsaved)} 改了还没有保存。", parent=self
        )
        asked.setStandardButtons(buttons.Save | buttons.Discard | buttons.Cancel)
        chosen = asked.exec()
        if chosen == buttons.Save:
            self.save()
        return chosen in (buttons.Save, buttons.Discard)


def open_officer(folder: Path) -> int:
    """Open the officer's window over a pack's folder and run until it is closed. Raises BadInput for no pack."""
    import sys

    from PySide6.QtGui import QGuiApplication

    from pinggu_desk.desk.application import make_application
    from pinggu_desk.desk.fonts import load_fonts
    from pinggu_desk.desk.theme import apply_theme

    app = make_application([sys.argv[0]])
    load_fonts()
    apply_theme(app, "auto", "中")
    window = OfficerWindow(folder)
    screen = QGuiApplication.primaryScreen()
    if screen is not None:
        window.resize(screen.availableSize() * 0.94)
    window.showMaximized()
    return app.exec()
