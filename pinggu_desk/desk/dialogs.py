"""Asking for files and folders: the desk's own dialogs, in Chinese, that open in a sensible folder and close with the lock.

The system's own dialogs are not used: the lock could neither cover nor close them, and their words follow the system's
language, not the desk's.
"""

from __future__ import annotations

from pathlib import Path
from typing import cast

from PySide6.QtCore import QStandardPaths, QStorageInfo, QUrl
from PySide6.QtWidgets import QFileDialog, QTreeView, QWidget

_ROOTS = ("/media/", "/run/media/", "/mnt/")  # where Linux mounts what is plugged in
_WIDE, _HIGH = 860, 540
_KIND = 2  # the column of a file's kind


def sensible_folder(*wanted: Path) -> Path:
    """The first of these folders that there is; else 文档, the desktop, the home folder. Never the program's own."""
    place = QStandardPaths.writableLocation
    known = [QStandardPaths.StandardLocation.DocumentsLocation, QStandardPaths.StandardLocation.DesktopLocation]
    for folder in (*wanted, *(Path(place(one)) for one in known if place(one))):
        if str(folder) not in ("", ".") and folder.is_dir():
            return folder
    return Path.home()


def _sidebar() -> list[QUrl]:
    """文档, the desktop, home, and what is plugged in (U盘)."""
    place = QStandardPaths.StandardLocation
    known = (place.DocumentsLocation, place.DesktopLocation, place.HomeLocation)
    folders = [QStandardPaths.writableLocation(one) for one in known]
    for volume in QStorageInfo.mountedVolumes():
        root = volume.rootPath()
        if volume.isReady() and (root.startswith(_ROOTS) or root[1:2] == ":"):
            folders.append(root)
    return [QUrl.fromLocalFile(folder) for folder in dict.fromkeys(folders) if folder and Path(folder).is_dir()]


def _dialog(parent: QWidget | None, title: str, folder: Path) -> QFileDialog:
    dialog = QFileDialog(parent.window() if parent is not None else None, title)
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog, True)
    for columns in cast("list[QTreeView]", dialog.findChildren(QTreeView)):
        columns.setColumnHidden(_KIND, True)  # Qt's words for a file's kind are English, whatever language is set
    dialog.setSidebarUrls(_sidebar())
    dialog.setDirectory(str(sensible_folder(folder)))
    dialog.resize(_WIDE, _HIGH)
    return dialog


def answer_of(dialog: QFileDialog) -> Path | None:
    """What was chosen; None when it was given up, by the person or by the lock."""
    try:
        accepted = dialog.exec() == QFileDialog.DialogCode.Accepted
        chosen = dialog.selectedFiles()
    finally:
        dialog.deleteLater()
    return Path(chosen[0]) if accepted and chosen else None


def save_dialog(parent: QWidget | None, title: str, suggested: Path, kinds: str) -> QFileDialog:
    """The dialog that asks where a file goes, with the name already there."""
    dialog = _dialog(parent, title, suggested.parent)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setFileMode(QFileDialog.FileMode.AnyFile)
    dialog.setNameFilter(kinds)
    dialog.setDefaultSuffix(suggested.suffix.lstrip("."))
    dialog.selectFile(suggested.name)
    return dialog


def ask_save(parent: QWidget | None, title: str, suggested: Path, kinds: str) -> Path | None:
    """Ask where to save; None when thought better of. A file that is there is asked about before it is replaced."""
    path = answer_of(save_dialog(parent, title, suggested, kinds))
    if path is None or path.suffix == suggested.suffix:
        return path
    return path.with_name(path.name + suggested.suffix)


def ask_open(parent: QWidget | None, title: str, kinds: str, folder: Path = Path()) -> Path | None:
    """Ask for one file that there is; None when thought better of."""
    dialog = _dialog(parent, title, folder)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.setNameFilter(kinds)
    return answer_of(dialog)


def ask_folder(parent: QWidget | None, title: str, folder: Path = Path()) -> Path | None:
    """Ask for one folder; None when thought better of."""
    dialog = _dialog(parent, title, folder)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly, True)
    return answer_of(dialog)
