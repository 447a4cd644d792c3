"""What the office and the clerk set: type size, theme, the office's name. One small JSON file beside the register."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, get_args

from PySide6.QtCore import QObject, Signal

from pinggu_desk.desk.theme import Mode, Size

FILE_NAME = "settings.json"
#: after so many minutes without a touch the desk is locked, unless something else is set
LOCK_MINUTES, LEAST_LOCK, MOST_LOCK = 10, 1, 60
#: what the whole office goes by, whichever window sets it
_SHARED = {"office": "出具单位", "lock_minutes": "自动锁定"}


@dataclass(frozen=True, slots=True)
class Settings:
    """``mode`` and ``size`` are the look, ``window`` where the window stood.

    ``office`` is printed as the office that issues a paper (出具单位); ``lock_minutes`` is how long nobody may have touched
    anything before the desk is locked.
    """

    mode: Mode = "auto"
    size: Size = "中"
    office: str = ""
    window: str = ""
    lock_minutes: int = LOCK_MINUTES


class SettingsStore(QObject):
    """The settings in force; ``changed`` is sent after a change is on the disk."""

    changed = Signal()

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path = folder / FILE_NAME
        self.problem = ""
        self.now = self._read()

    def change(self, **values: Any) -> None:
        """Set some of the settings and keep them; what another window has set meanwhile stays.

        Raises RegisterError if the disk refuses, or another window has just set the same of the office's otherwise: nothing changes.
        """
        from pinggu_desk.register.errors import InvalidEntry
        from pinggu_desk.register.files import locked, private_folder, write_whole

        if replace(self.now, **values) == self.now:
            return
        private_folder(self._path.parent)
        with locked(self._path.with_name(f"{FILE_NAME}.lock")):
            problem, there = self.problem, self._read() if self._path.exists() else self.now
            self.problem = problem
            for name, words in _SHARED.items():
                if name in values and getattr(there, name) not in (getattr(self.now, name), values[name]):
                    self.now = there
                    self.changed.emit()
                    raise InvalidEntry(
                        f"另一窗口刚把“{words}”改成“{getattr(there, name)}”，您这一步没有保存；现在用的是对方的，要改请再改一次。"
                    )
            wanted = replace(there, **values)
            write_whole(self._path, json.dumps(asdict(wanted), ensure_ascii=False, indent=1).encode())
        self.now = wanted
        self.changed.emit()

    def _read(self) -> Settings:
        """What the file says; a damaged file is not worth stopping for: defaults, and ``problem`` says so."""
        try:
            raw = json.loads(self._path.read_text(encoding="utf-8"))
            mode, size, office = raw["mode"], raw["size"], raw["office"]
            window, minutes = str(raw.get("window", "")), raw.get("lock_minutes", LOCK_MINUTES)
        except FileNotFoundError:
            return Settings()
        except (OSError, ValueError, KeyError, TypeError):
            self.problem = f"设置文件“{self._path.name}”读不出来，已按默认设置启动；请在“设置”中重新设定一次。"
            return Settings()
        return Settings(
            mode if mode in get_args(Mode) else "auto",
            size if size in get_args(Size) else "中",
            str(office)[:100],
            window,
            minutes if type(minutes) is int and LEAST_LOCK <= minutes <= MOST_LOCK else LOCK_MINUTES,
        )
