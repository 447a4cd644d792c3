"""What the desk puts on the clipboard: a whole number stays out of the clipboard's history, and nothing is left behind a lock."""

from __future__ import annotations

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QClipboard, QGuiApplication

#: how a program says that others may neither keep nor send on what it copied: KDE's word, and Windows' three
_KDE = "x-kde-passwordManagerHint"
_WINDOWS = ("ExcludeClipboardContentFromMonitorProcessing", "CanIncludeInClipboardHistory", "CanUploadToCloudClipboard")

#: the number that was copied last
_copied: list[str] = []


def copy_number(text: str) -> None:
    """Copy somebody's whole number, for being pasted and not kept."""
    data = QMimeData()
    data.setText(text)
    data.setData(_KDE, b"secret")
    for name in _WINDOWS:  # 0: no
        data.setData(f'application/x-qt-windows-mime;value="{name}"', bytes(4))
    QGuiApplication.clipboard().setMimeData(data)
    app = QGuiApplication.instance()
    if app is not None and not _copied:
        app.aboutToQuit.connect(forget_copied)  # however the desk ends
    _copied[:] = [text]


def forget_copied() -> None:
    """Leave nothing of ours on the clipboard; what another program has copied since stays."""
    clipboard = QGuiApplication.clipboard()
    if clipboard.ownsClipboard() or clipboard.text() in _copied:  # a clipboard's manager may have taken it over
        clipboard.clear()
    _copied.clear()
    if clipboard.supportsSelection() and clipboard.ownsSelection():
        clipboard.clear(QClipboard.Mode.Selection)
