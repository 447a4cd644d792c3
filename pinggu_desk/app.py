"""The composition root: builds each object once and hands each page what it needs.

usage: python -m pinggu_desk.app [--practice] [--data DIR] [--close-after-paint]
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pinggu_desk.places import data_home


@dataclass(frozen=True)
class DeskOptions:
    """How the desk is opened: practice (演练), another data folder, or only to see that the window opens."""

    practice: bool = False
    data: Path | None = None
    close_after_paint: bool = False


def read_options(arguments: Sequence[str]) -> DeskOptions | str:
    """The options, or the one Chinese sentence that refuses them."""
    practice = close = False
    data: Path | None = None
    rest = list(arguments)
    while rest:
        word = rest.pop(0)
        name, _, value = word.partition("=")
        if word == "--practice":
            practice = True
        elif word == "--close-after-paint":
            close = True
        elif name == "--data":
            value = value or (rest.pop(0) if rest else "")
            if not value:
                return "“--data”后面缺少目录，请补上。"
            data = Path(value)
        else:
            return f"没有“{word}”这个选项，打开窗口可用 --practice、--data 目录。"
    return DeskOptions(practice, data, close)


def run_desk(arguments: Sequence[str]) -> int:
    """Open the desk and run it until its window is closed; the exit code."""
    options = read_options(arguments)
    if isinstance(options, str):
        print(options, file=sys.stderr)  # noqa: T201 - bad input is told where a person typed it
        return 2
    from pinggu_desk.desk.application import open_desk

    os.umask(0o077)  # whatever the desk writes holds people's data: it is this user's alone
    folder = (options.data or data_home()) / ("practice" if options.practice else "register")
    return open_desk(folder, practice=options.practice, close_after_paint=options.close_after_paint)


def run_officer(arguments: Sequence[str]) -> int:
    """Open the officer's window (政策维护) over a pack's folder, the program's own by default; the exit code."""
    from pinggu_desk.policy.errors import DeskError
    from pinggu_desk.policy.resources import resource_root

    if len(arguments) > 1 or any(word.startswith("-") for word in arguments):
        print("用法：pinggu-desk officer [政策包的目录]，不写目录就打开程序自带的政策包。", file=sys.stderr)  # noqa: T201 - as above
        return 0 if "-h" in arguments or "--help" in arguments else 2
    from pinggu_desk.desk.officer.window import open_officer

    try:
        return open_officer(Path(arguments[0]) if arguments else resource_root())
    except DeskError as error:
        print(error.sentence, file=sys.stderr)  # noqa: T201 - as above
        return 2


if __name__ == "__main__":
    sys.exit(run_desk(sys.argv[1:]))
