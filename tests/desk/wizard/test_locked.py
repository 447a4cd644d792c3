"""FOUND 68, 81: the lock covers, closes or hides every window and dialog, and nothing leaves the machine while locked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QDialog, QInputDialog, QMenu, QMessageBox, QWidget

from pinggu_desk.desk import dialogs, practice
from pinggu_desk.desk.match.compare import ask_folder
from pinggu_desk.desk.pages.verify import ask_file, ask_save
from pinggu_desk.desk.printdialog import PrintChoice, PrintDialog, set_up
from pinggu_desk.desk.wizard import preview as previews
from pinggu_desk.desk.wizard.preview import Preview
from tests.desk.conftest import PATIENCE
from tests.desk.wizard.conftest import LISTED, Work
from tests.desk.wizard.test_output import press_for_draft, preview_of

K, CTRL = Qt.Key, Qt.KeyboardModifier.ControlModifier


def others(work: Work) -> list[QWidget]:
    """Every window in sight but the main one."""
    return [w for w in QApplication.topLevelWidgets() if w.isVisible() and w is not work.desk.window]


def unlock(work: Work) -> None:
    lock = work.desk.window.lock
    assert lock is not None and lock.password.line.hasFocus()
    work.desk.type(practice.PASSWORD)
    work.desk.key(K.Key_Return)
    assert work.desk.window.lock is None


def papers(work: Work) -> int:
    return len(work.register().documents(work.case_id))


def test_a_preview_is_hidden_by_the_lock_and_comes_back(work: Work) -> None:
    work.begin("ss", LISTED)
    press_for_draft(work, K.Key_F9)
    window = preview_of(work)
    work.desk.window.lock_now()
    work.desk.settle()
    assert others(work) == []
    for keys in ((K.Key_P, CTRL), (K.Key_S, CTRL)):
        QTest.keyClick(window, *keys)
    window.print_wanted.emit()
    window.save_wanted.emit()
    work.desk.settle()
    unlock(work)
    assert papers(work) == 0
    assert others(work) == [window] and preview_of(work) is window
    window.close()
    work.desk.settle()
    work.desk.window.lock_now()
    unlock(work)  # the focus was in a window that is gone


def test_nothing_is_made_saved_or_printed_while_locked(work: Work, tmp_path: Path) -> None:
    page = work.begin("ss", LISTED)
    asked: list[str] = []

    def path(_parent: QWidget, suggested: Path) -> Path:
        asked.append("path")
        return tmp_path / suggested.name

    def printer(_parent: QWidget, _title: str) -> Any:
        asked.append("printer")
        return QPrinter()

    hand = page.output.hand
    hand.ask_path, hand.ask_printer, hand.ask_folder = path, printer, lambda _p, _s: tmp_path
    press_for_draft(work, K.Key_F9)
    draft = preview_of(work).draft
    work.desk.window.lock_now()
    hand.save_as(draft)
    hand.print_out(draft)
    hand.print_all("整套", lambda *_: [], "")
    hand.save_all(lambda *_: [])
    work.desk.settle()
    unlock(work)
    assert asked == [] and papers(work) == 0
    preview_of(work).close()


def test_a_paper_that_was_being_made_does_not_come_up_over_the_lock(work: Work) -> None:
    page = work.begin("ss", LISTED)
    QTest.keyClick(QApplication.focusWidget(), K.Key_F9)
    work.desk.window.lock_now()
    work.desk.settle()
    assert others(work) == []
    unlock(work)
    assert page.output.hand.preview is not None and page.output.hand.preview.isVisible()
    page.output.hand.preview.close()


def _message(parent: QWidget) -> object:
    return QMessageBox.question(parent, "问", "要继续吗")


def _words(parent: QWidget) -> object:
    return QInputDialog.getText(parent, "问", "什么")


def _print(parent: QWidget) -> object:
    return PrintDialog(parent, "告知书").exec()


def _plain(parent: QWidget) -> object:
    return QDialog(parent).exec()


ASKING: dict[str, Callable[[QWidget], object]] = {
    "另存为": lambda parent: previews.ask_path(parent, Path("示例.pdf")),
    "整套保存": lambda parent: previews.ask_folder(parent, Path()),
    "对比政策包": ask_folder,
    "选择文件": lambda parent: ask_file(parent, "选择文件", "PDF 文件 (*.pdf)"),
    "导出公钥": ask_save,
    "打印": _print,
    "消息": _message,
    "输入": _words,
    "别的对话框": _plain,
}


@pytest.mark.parametrize("when", ["before", "while"])
def test_every_dialog_that_waits_for_an_answer_is_given_up_by_the_lock(work: Work, when: str) -> None:
    """Open when the lock comes, or opened while it is drawn: it closes, and whoever asked gets no."""
    for what in ASKING:
        given_up(work, what, when)


def given_up(work: Work, what: str, when: str) -> None:
    seen: list[int] = []

    def lock() -> None:
        seen.append(len(others(work)))
        work.desk.window.lock_now()

    if when == "before":
        QTimer.singleShot(0, lock)
    else:
        work.desk.window.lock_now()
    answer = ASKING[what](work.desk.window)
    assert seen == ([1] if when == "before" else []), what
    assert others(work) == [] and work.desk.window.lock is not None
    assert not answer or answer in (("", False), QMessageBox.StandardButton.No)
    unlock(work)


def test_menus_and_open_lists_are_closed(work: Work) -> None:
    menu, box = QMenu(work.desk.window), QComboBox(work.desk.window)
    menu.addAction("复制")
    menu.popup(work.desk.window.pos())
    work.desk.window.lock_now()
    work.desk.settle()
    assert others(work) == []
    unlock(work)
    box.addItems(["甲", "乙"])
    box.show()
    box.showPopup()
    work.desk.window.lock_now()
    work.desk.settle()
    assert others(work) == []
    unlock(work)
    box.deleteLater()


def test_another_clerk_does_not_get_the_preview(work: Work) -> None:
    work.begin("ss", LISTED)
    press_for_draft(work, K.Key_F9)
    work.desk.window.lock_now()
    assert work.desk.window.lock is not None
    work.desk.window.lock.another_wanted.emit()
    work.desk.settle()
    assert others(work) == [] and not work.desk.services.locked
    assert not [w for w in QApplication.topLevelWidgets() if isinstance(w, Preview) and w.isVisible()]


def test_the_idle_watch_sees_the_preview_and_every_dialog(work: Work) -> None:
    work.begin("ss", LISTED)
    press_for_draft(work, K.Key_F9)
    timer = work.desk.window.idle.timer
    for window in (preview_of(work), QDialog(work.desk.window)):
        window.show()
        window.activateWindow()
        window.setFocus()
        timer.setTimerType(Qt.TimerType.PreciseTimer)
        timer.setInterval(60_000)
        timer.start()
        work.qtbot.waitUntil(lambda: timer.remainingTime() < 59_980, timeout=PATIENCE)
        QTest.keyClick(window, K.Key_Down)
        assert timer.remainingTime() > 59_980
        window.close()


def test_ctrl_l_locks_from_the_preview(work: Work) -> None:
    work.begin("ss", LISTED)
    press_for_draft(work, K.Key_F9)
    QTest.keyClick(preview_of(work).column, K.Key_L, CTRL)
    QTest.qWait(0)
    work.desk.settle()
    assert work.desk.window.lock is not None
    unlock(work)
    preview_of(work).close()


def test_the_save_dialog_opens_in_a_sensible_folder_in_chinese(work: Work, monkeypatch: Any, tmp_path: Path) -> None:
    """FOUND 81: never in the program's folder, whether 文档 exists or not."""
    from PySide6.QtCore import QStandardPaths

    for exists in (True, False):
        documents = tmp_path / f"文档{exists}"
        if exists:
            documents.mkdir()
        monkeypatch.setattr(QStandardPaths, "writableLocation", lambda _which, d=documents: str(d))
        dialog = dialogs.save_dialog(work.desk.window, "另存为", Path("示例.pdf"), "PDF 文件 (*.pdf)")
        wanted = documents if exists else Path.home()
        assert Path(dialog.directory().absolutePath()) == wanted
        assert dialog.selectedFiles() == [str(wanted / "示例.pdf")]
        dialog.deleteLater()


class _Driver:
    """A printer whose own settings take the place of all others when its name is given, as CUPS' and Windows' do."""

    def __init__(self) -> None:
        self.duplex, self.full = QPrinter.DuplexMode.DuplexAuto, True

    def _named(self, _name: str) -> None:
        self.duplex, self.full = QPrinter.DuplexMode.DuplexNone, False

    def __getattr__(self, name: str) -> Callable[..., None]:
        doing = {
            "setPrinterName": self._named,
            "setDuplex": lambda mode: setattr(self, "duplex", mode),
            "setFullPage": lambda full: setattr(self, "full", full),
        }
        return doing.get(name, lambda *_: None)


def test_both_sides_are_honoured_on_whichever_printer_is_chosen() -> None:
    """FOUND 72."""
    printer = set_up(_Driver(), PrintChoice("示例打印机二"))
    assert printer.duplex is QPrinter.DuplexMode.DuplexAuto and printer.full
    assert set_up(_Driver(), PrintChoice("示例打印机二", False)).duplex is QPrinter.DuplexMode.DuplexNone


def test_the_print_dialog_asks_for_both_sides_of_every_printer_that_can(work: Work, monkeypatch: Any) -> None:
    """FOUND 72: choosing another printer keeps both sides; one side stays one side once it was asked for."""
    from pinggu_desk.desk import printdialog

    names = ["甲", "乙", "单面"]
    monkeypatch.setattr(QPrinterInfo, "availablePrinterNames", lambda: names)
    monkeypatch.setattr(QPrinterInfo, "defaultPrinterName", lambda: "甲")
    monkeypatch.setattr(printdialog, "prints_both_sides", lambda name: name != "单面")
    dialog = PrintDialog(work.desk.window, "告知书")
    assert dialog.choice() == PrintChoice("甲")
    dialog.printer.setCurrentText("单面")
    assert not dialog.choice().both_sides and "单面" in dialog.sides_note.text()
    dialog.printer.setCurrentText("乙")
    assert dialog.choice().both_sides
    dialog.both_sides.click()
    dialog.printer.setCurrentText("甲")
    assert not dialog.choice().both_sides
    dialog.first.setValue(3)
    dialog.last.setValue(2)
    assert (dialog.choice().first, dialog.choice().last) == (2, 3)
    dialog.deleteLater()


def test_the_lock_keeps_what_was_being_composed(work: Work) -> None:
    """FOUND 81: Ctrl+L in the middle of a composition takes what was composed, and locks."""
    from PySide6.QtGui import QInputMethodEvent

    work.begin("ss", {"本区工商注册": "是"})
    line = work.desk.frame.top.line
    line.setFocus()
    QApplication.sendEvent(line, QInputMethodEvent("示例", []))
    assert line.composing
    QTest.keyClick(line, K.Key_L, CTRL)
    work.desk.settle()
    assert work.desk.window.lock is not None and line.text() == "示例"
    unlock(work)
