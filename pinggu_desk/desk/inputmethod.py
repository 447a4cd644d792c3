"""Which input method Chinese is typed through: asked of those that run, before Qt starts.

The wheels carry only the ibus plug-in of Qt. It reaches ibus, and fcitx 5 too, which answers in ibus' place, by its name on
the session bus (the portal's protocol); fcitx 4 is asked by ourselves (`desk.fcitx`). What the environment says of plug-ins
is no guide: those that it names may not be here, and a desktop that starts its input method itself names none.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, MutableMapping
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication

#: The name by which ibus and fcitx 5 both answer what the ibus plug-in asks.
PORTAL = "org.freedesktop.portal.IBus"
#: The name by which fcitx 4 and 5 let programs in.
FCITX = "org.freedesktop.portal.Fcitx"
ABSENT = "没有找到正在运行的中文输入法（ibus 或 fcitx），现在打不出汉字；请启动输入法后重新打开本程序，没有装的请管理员安装。"
#: What Qt reads before it starts; the list goes before the single name.
_PLUGINS = ("QT_IM_MODULES", "QT_IM_MODULE")
_PROPERTY = "no_input_method"
_BUS = "org.freedesktop.DBus"
#: where the D-Bus library reads who this machine is; where neither tells it, the library ends the program at its first use
_MACHINE = (Path("/etc/machine-id"), Path("/var/lib/dbus/machine-id"))
_ID = re.compile(r"[0-9a-f]{32}\s*", re.IGNORECASE)
_WAIT = 1000  # milliseconds for an answer of the session bus


@dataclass(frozen=True)
class Found:
    """What answers: the portal on the session bus; ibus, at the address in this file of its own; fcitx by its own name."""

    portal: bool = False
    address_file: str = ""
    fcitx: bool = False

    @property
    def any(self) -> bool:
        """Whether Chinese can be typed."""
        return self.portal or self.fcitx or bool(self.address_file)


def has_desktop(environment: MutableMapping[str, str]) -> bool:
    """Whether windows are shown on a Linux desktop, where an input method is a program of its own."""
    shown = environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY")
    platform = environment.get("QT_QPA_PLATFORM", "").partition(":")[0]
    return sys.platform == "linux" and bool(shown) and platform not in ("offscreen", "minimal", "vnc")


def settle(environment: MutableMapping[str, str], found: Found) -> None:
    """Tell Qt to use what was found. With nothing found the plug-in is still asked for: ibus may answer by its own rules."""
    for name in (*_PLUGINS, "IBUS_USE_PORTAL"):
        environment.pop(name, None)
    environment["QT_IM_MODULE"] = "compose" if found.fcitx else "ibus"
    if found.portal:
        environment["IBUS_USE_PORTAL"] = "1"
    elif found.address_file:
        environment["IBUS_ADDRESS_FILE"] = found.address_file


def find(environment: MutableMapping[str, str]) -> Found:
    """Ask the session bus, then ibus at the addresses that it left in the person's own folder."""
    from PySide6.QtDBus import QDBus, QDBusConnection, QDBusMessage

    address = environment.get("DBUS_SESSION_BUS_ADDRESS") or QDBusConnection.BusType.SessionBus
    bus = QDBusConnection.connectToBus(address, "pinggu-ask")

    def answers(name: str) -> bool:
        asked = QDBusMessage.createMethodCall(_BUS, "/org/freedesktop/DBus", _BUS, "NameHasOwner")
        asked.setArguments([name])
        return bus.isConnected() and bus.call(asked, QDBus.CallMode.Block, _WAIT).arguments() == [True]

    try:
        if answers(PORTAL):
            return Found(portal=True)
        if file := next((str(file) for file in address_files(environment) if _reached(file)), ""):
            return Found(address_file=file)
        return Found(fcitx=answers(FCITX))
    finally:
        QDBusConnection.disconnectFromBus("pinggu-ask")


def address_files(environment: MutableMapping[str, str]) -> Iterable[Path]:
    """The files in which ibus wrote where it answers: that of this display first, then the newest."""
    home = environment.get("XDG_CONFIG_HOME") or Path(environment.get("HOME", ""), ".config")
    number = environment.get("DISPLAY", "").rpartition(":")[2].partition(".")[0]
    try:
        dated = [
            (file.name.endswith(f"-{number}"), file.stat().st_mtime, file)
            for file in Path(home, "ibus", "bus").iterdir()
        ]
    except OSError:
        return []
    return [file for _ours, _when, file in sorted(dated, reverse=True)]


def address_in(words: str) -> str:
    """The address in what ibus wrote; empty when there is none."""
    lines = (line.partition("=") for line in words.splitlines())
    return next((address.strip() for name, _, address in lines if name == "IBUS_ADDRESS"), "")


def _reached(file: Path) -> bool:
    from PySide6.QtDBus import QDBusConnection

    try:
        address = address_in(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    try:
        return bool(address) and QDBusConnection.connectToBus(address, "pinggu-ask-ibus").isConnected()
    finally:
        QDBusConnection.disconnectFromBus("pinggu-ask-ibus")


def choose(environment: MutableMapping[str, str]) -> Found | None:
    """Choose before Qt starts; what answers, or None where there is nothing to choose.

    A plug-in that Qt brings besides ibus' (compose) is left to whoever asks for it by name.
    """
    if not has_desktop(environment) or environment.get("QT_IM_MODULE") == "compose":
        return None
    if not _has_bus():  # not even by Qt's own plug-in
        for name in _PLUGINS:
            environment.pop(name, None)
        environment["QT_IM_MODULE"] = "compose"
        return Found()
    found = find(environment)
    settle(environment, found)
    return found


def _has_bus() -> bool:
    """Whether the D-Bus library may be used at all: it needs the machine's id, and stops the program where there is none."""
    return any(_identified(file) for file in _MACHINE)


def _identified(file: Path) -> bool:
    try:
        return _ID.fullmatch(file.read_text(encoding="ascii")) is not None
    except (OSError, ValueError):
        return False


def attach(app: QApplication, environment: MutableMapping[str, str], found: Found | None) -> None:
    """Once Qt has started: ask fcitx where only it answers; keep for the first page that nothing does."""
    app.setProperty(_PROPERTY, ABSENT if found is not None and not found.any else "")
    if found is not None and found.fcitx:
        from pinggu_desk.desk.fcitx import Fcitx

        Fcitx(app, environment)


def absence() -> str:
    """The sentence to show where text is first typed, when nothing answers; else empty."""
    app = QCoreApplication.instance()
    return str(app.property(_PROPERTY) or "") if app is not None else ""
