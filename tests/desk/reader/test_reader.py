"""FOUND 80: the desk as a screen reader gets it, through AT-SPI (at-spi2, pyatspi) on a screen and a bus of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.screen import own_screen

pytestmark = pytest.mark.exhaustive

HERE = Path(__file__).parent
#: the system's Python, for which Debian packages pyatspi; a virtual environment has no GObject
SYSTEM_PYTHON = "/usr/bin/python3"
STEPS = ("log in", "case", "wrong", "right", "result")
ALLOWED_FOCUS = {"radio button", "text", "password text", "push button", "check box", "list item", "page tab", "list"}


@pytest.fixture(scope="module")
def display(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A screen of our own, 1366x768, whose number the server chooses."""
    log = tmp_path_factory.mktemp("display") / "xvfb.log"
    with own_screen(log) as name:
        yield name


@pytest.fixture(scope="module")
def heard(display: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the screen reader got of each step."""
    folder = tmp_path_factory.mktemp("reader")
    out = folder / "heard.json"
    env = os.environ | {
        "DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
        "XDG_RUNTIME_DIR": str(folder), "PINGGU_DESK_HOME": str(folder),
    }  # fmt: skip
    desk = [sys.executable, "-X", "faulthandler", "-m", "tests.desk.reader.child", str(folder / "practice")]
    listener = [SYSTEM_PYTHON, str(HERE / "listener.py"), str(out), ",".join(STEPS)]
    done = subprocess.run(
        ["dbus-run-session", "--", *listener, *desk], env=env, capture_output=True, text=True, timeout=600,
        cwd=HERE.parents[2],
    )  # fmt: skip
    assert done.returncode == 0 and out.exists(), done.stdout + done.stderr
    told: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    assert told["code"] == 0 and all(step in told for step in STEPS), done.stderr
    return told


def _named(step: dict[str, Any], start: str) -> list[dict[str, Any]]:
    return [thing for thing in step["things"] if thing["name"].startswith(start)]


def test_what_one_comes_to_has_a_role_and_a_name(heard: dict[str, Any]) -> None:
    assert ["radio button", "本区正常生产经营实体工业企业：1  是"] in heard["case"]["focus"]
    focused = [
        (thing["role"], thing["name"])
        for step in STEPS
        for thing in heard[step]["things"]
        if "focused" in thing["states"]
    ]
    assert focused and all(role in ALLOWED_FOCUS and name for role, name in focused), focused
    for step in STEPS:
        reached = [thing for thing in heard[step]["things"] if "focusable" in thing["states"]]
        assert not [thing for thing in reached if thing["role"] == "check box" or not thing["name"]]


def test_steps_and_answers_are_items_of_a_list(heard: dict[str, Any]) -> None:
    steps = _named(heard["result"], "第 ")
    assert len(steps) == 6 and {(one["role"], one["parent"]) for one in steps} == {("list item", "list")}
    assert next(one["name"] for one in steps if "selected" in one["states"]).startswith("第 4 步 测算结果")
    answers = _named(heard["result"], "调整退出引导资金，")
    assert len(answers) == 1 and answers[0]["role"] == "list item"  # on the page alone: the pane gives way there
    assert {one["role"] for one in _named(heard["wrong"], "调整退出引导资金，")} == {"list item"}  # at the right
    assert any("focused" in one["states"] for one in answers)


def test_an_error_is_said_at_once_and_stands_at_its_field_until_it_is_mended(heard: dict[str, Any]) -> None:
    sentence = "“税收贡献”的值“三百吧”不是能识别的数"
    assert [urgency for urgency, words in heard["wrong"]["said"] if words.startswith(f"税收贡献有误：{sentence}")] == [
        2
    ]
    field = next(thing for thing in _named(heard["wrong"], "税收贡献（万元）") if thing["role"] == "text")
    assert field["description"].startswith(f"有误：{sentence}")
    assert {"Text", "EditableText"} <= set(field["interfaces"])  # what was typed can be read
    mended = next(thing for thing in _named(heard["right"], "税收贡献（万元）") if thing["role"] == "text")
    assert "有误" not in mended["description"]
