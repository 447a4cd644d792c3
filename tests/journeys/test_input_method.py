"""FOUND 44: Chinese is typed with ibus alone and with fcitx 5 alone, the real daemons and real keys, under Xvfb."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import IO

import pytest
from pytestqt.qtbot import QtBot

from pinggu_desk.desk import inputmethod

pytestmark = pytest.mark.exhaustive

_AT_MOST = "600"  # seconds that anything started here may live, where a test dies before it can end it
_SOON = 5.0  # seconds in which what a key does is told
_PATIENCE = 120_000  # milliseconds: two daemons and a desk may all start at once on a slow machine
_FCITX_FILES = {
    "profile": "[Groups/0]\nName=Default\nDefault Layout=us\nDefaultIM=pinyin\n[Groups/0/Items/0]\nName=keyboard-us\n"
    "Layout=\n[Groups/0/Items/1]\nName=pinyin\nLayout=\n[GroupOrder]\n0=Default\n",
    "config": "[Behavior]\nActiveByDefault=True\n",
}


class Desktop:
    """A screen, a session bus and a home of its own; ends what was started in it."""

    def __init__(self, home: Path, qtbot: QtBot) -> None:
        self._started: list[subprocess.Popen[str]] = []
        self._qtbot, self.home = qtbot, home
        self._errors = (home / "errors").open("a+", encoding="utf-8")
        runtime = home / "run"
        runtime.mkdir(mode=0o700)
        self.env = {"HOME": str(home), "XDG_RUNTIME_DIR": str(runtime), "LANG": "C.UTF-8", "PATH": os.environ["PATH"]}
        shown = self.start("Xvfb", "-displayfd", "1", "-screen", "0", "1366x768x24")
        self.env["DISPLAY"] = f":{shown.readline().strip()}"
        bus = self.start("dbus-daemon", "--session", "--nofork", "--print-address")
        self.env["DBUS_SESSION_BUS_ADDRESS"] = bus.readline().strip()

    def start(self, *words: str, env: dict[str, str] | None = None) -> IO[str]:
        """Start a program that goes on; what it prints."""
        made = subprocess.Popen(
            ["timeout", _AT_MOST, *words], env=self.env | (env or {}), text=True, encoding="utf-8",
            stdout=subprocess.PIPE, stderr=self._errors, cwd=Path(__file__).parents[2],
        )  # fmt: skip
        self._started.append(made)
        assert made.stdout is not None
        return made.stdout

    def ask(self, *words: str) -> str:
        """Run a program to its end; what it printed."""
        done = subprocess.run(["timeout", "60", *words], env=self.env, capture_output=True, text=True, encoding="utf-8")
        return done.stdout.strip()

    def ibus(self) -> None:
        """ibus with its pinyin, and nothing else."""
        self.start("ibus-daemon", "--replace", "--panel", "disable")
        self._qtbot.waitUntil(lambda: self.found().any, timeout=_PATIENCE)
        self._qtbot.waitUntil(
            lambda: [self.ask("ibus", "engine", "libpinyin"), self.ask("ibus", "engine")][1] == "libpinyin",
            timeout=_PATIENCE,
        )

    def fcitx5(self, *options: str) -> None:
        """fcitx 5 with its pinyin, and nothing else."""
        folder = self.home / ".config" / "fcitx5"
        folder.mkdir(parents=True)
        for name, words in _FCITX_FILES.items():
            (folder / name).write_text(words, encoding="utf-8")
        self.start("fcitx5", *options)
        self._qtbot.waitUntil(lambda: self.found().any, timeout=_PATIENCE)

    def fcitx(self) -> None:
        """fcitx that nothing of ibus answers for, as fcitx 4 is; the two let programs in by the same words."""
        self.fcitx5("--disable=ibusfrontend")

    def found(self) -> inputmethod.Found:
        """What the desk would find here."""
        return inputmethod.find(self.env)

    def desk(self, **env: str) -> Typist:
        """A desk at its first start, with the keyboard in its first field."""
        return Typist(self, self.start(sys.executable, "-m", "tests.journeys.typist", str(self.home / "data"), env=env))

    def errors(self) -> str:
        """What all that was started here said of what went wrong."""
        return (self.home / "errors").read_text(encoding="utf-8", errors="replace")[-2000:]

    def close(self) -> None:
        """End everything, the last first."""
        for one in reversed(self._started):
            one.terminate()
            one.communicate()
        self._errors.close()


class Typist:
    """The desk in its own process: real keys go in, what its fields hold comes out.

    On a crowded machine a daemon may be too late for a letter, which then comes as it is. Whoever types sees that, takes it
    back and types again; so does this.
    """

    def __init__(self, desktop: Desktop, told: IO[str]) -> None:
        self._desktop = desktop
        self._told: SimpleQueue[str] = SimpleQueue()
        Thread(target=self._listen, args=(told,), daemon=True).start()
        self._composed = self._text = ""
        begun = self._next()
        self.said = begun["said"]
        self._other = [begun[axis] for axis in ("x", "y")]

    def _listen(self, told: IO[str]) -> None:
        for line in told:
            self._told.put(line)
        self._told.put("")

    def _next(self, seconds: float | None = None) -> dict[str, str]:
        line = self._told.get(timeout=seconds)
        assert line, f"the desk ended: {self._desktop.errors()}"
        answer: dict[str, str] = json.loads(line)
        self._composed = answer.get("composing", self._composed).replace(" ", "")
        self._text = answer.get("text", self._text)
        return answer

    def _comes(self, seen: Callable[[], bool]) -> bool:
        """Whether something is told before long."""
        with suppress(Empty):
            while not seen():
                self._next(_SOON)
        return seen()

    def click_the_other_field(self) -> None:
        """The mouse, to the second field, which is empty."""
        self.keys("mousemove", *self._other, "click", "1")

    def keys(self, *words: str) -> None:
        """Press real keys, as xdotool names them."""
        self._desktop.ask("xdotool", *words)

    def compose(self, letters: str, *words: str) -> None:
        """Type letters into an empty field until one of these words stands there as being composed, and nothing else."""
        self._composed = self._text = ""  # of another field, perhaps
        while not (self._composed in words and not self._text):
            self._clear()
            for at in range(len(letters)):
                self.keys("key", letters[at])
                before = self._composed
                if not self._comes(lambda before=before: self._text != "" or self._composed != before):  # type: ignore[misc]
                    break
            self._comes(lambda: self._composed in words)

    def _clear(self) -> None:
        """Leave nothing in the field."""
        while self._composed or self._text:
            self.keys("key", "Escape" if self._composed else "BackSpace")
            before = self._composed, self._text
            self._comes(lambda before=before: (self._composed, self._text) != before)  # type: ignore[misc]

    def changed(self) -> tuple[str, str]:
        """The next change of a field: its name and what it holds."""
        while "field" not in (told := self._next()):
            pass
        return told["field"], told["text"]


@pytest.fixture
def desktop(qtbot: QtBot) -> Iterator[Desktop]:
    """In a home with a short name: ibus listens at a path inside it, and the D-Bus library reaches none of 99 letters."""
    with tempfile.TemporaryDirectory(prefix="im-", ignore_cleanup_errors=True) as home:
        one = Desktop(Path(home), qtbot)
        yield one
        one.close()


@pytest.mark.parametrize("alone", ["ibus", "fcitx5", "fcitx"])
@pytest.mark.parametrize(
    "told",
    [
        {},
        {"QT_IM_MODULE": "fcitx", "XMODIFIERS": "@im=fcitx"},
        {"QT_IM_MODULES": "wayland;fcitx", "QT_IM_MODULE": "fcitx5"},
        {"QT_QPA_PLATFORM": "xcb", "WAYLAND_DISPLAY": "wayland-7", "QT_IM_MODULE": "xim"},
    ],
    ids=["nothing said", "fcitx", "a list without ibus", "under Wayland"],
)
def test_chinese_is_typed_whatever_the_environment_says(desktop: Desktop, alone: str, told: dict[str, str]) -> None:
    """FOUND 44: one daemon, and an environment that names plug-ins which are not here."""
    getattr(desktop, alone)()
    desk = desktop.desk(**told)
    assert not desk.said
    desk.compose("nihao", "nihao", "你好")
    desk.keys("key", "space")
    assert desk.changed() == ("单位名称", "你好")


@pytest.mark.parametrize("alone", ["ibus", "fcitx5", "fcitx"])
def test_what_is_being_composed_is_kept_when_the_focus_leaves(desktop: Desktop, alone: str) -> None:
    """FOUND 44: the other field is clicked in the middle of a word; once, and in the field where it was typed."""
    getattr(desktop, alone)()
    desk = desktop.desk()
    assert not desk.said
    desk.compose("nihao", "nihao", "你好")
    desk.click_the_other_field()
    field, kept = desk.changed()
    assert (field, kept.replace(" ", "")) in {("单位名称", "nihao"), ("单位名称", "你好")}
    desk.compose("nihao", "nihao", "你好")
    desk.keys("key", "space")
    assert desk.changed() == ("窗口号", "你好")


@pytest.mark.parametrize("alone", ["ibus", "fcitx5"])
def test_one_that_left_its_address_is_found_without_the_session_bus(desktop: Desktop, alone: str) -> None:
    """FOUND 44: a desk that was started where there is no session bus, or by another name of the screen."""
    getattr(desktop, alone)()
    desk = desktop.desk(
        DBUS_SESSION_BUS_ADDRESS="unix:path=/nonexistent/bus", WAYLAND_DISPLAY="wayland-7", QT_QPA_PLATFORM="xcb"
    )
    assert not desk.said
    desk.compose("nihao", "nihao", "你好")
    desk.keys("key", "space")
    assert desk.changed() == ("单位名称", "你好")


def test_each_is_reached_in_its_own_way(desktop: Desktop) -> None:
    """What the desk finds is what the tests above mean it to find."""
    assert desktop.found() == inputmethod.Found()
    desktop.fcitx()
    assert desktop.found() == inputmethod.Found(fcitx=True)


def test_with_neither_it_says_so_and_letters_still_arrive(desktop: Desktop) -> None:
    """FOUND 44: nobody is left to wonder why only letters come."""
    desk = desktop.desk(QT_IM_MODULE="fcitx")
    assert desk.said == inputmethod.ABSENT
    desk.keys("type", "a")
    assert desk.changed() == ("单位名称", "a")
