"""A screen of our own for real windows: Xvfb, 1366x768, whose number the server chooses."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def own_screen(log: Path) -> Iterator[str]:
    """Start one; its name for DISPLAY. What the server says goes to ``log``."""
    read, write = os.pipe()
    with log.open("w") as errors:
        words = ["Xvfb", "-displayfd", str(write), "-nolisten", "tcp", "-screen", "0", "1366x768x24"]
        server = subprocess.Popen(words, pass_fds=(write,), stdout=subprocess.DEVNULL, stderr=errors)
    os.close(write)
    with os.fdopen(read) as told:
        number = told.readline().strip()  # comes when the server listens, or empty when it could not start
    try:
        assert number, log.read_text()
        yield f":{number}"
    finally:
        server.terminate()
        server.wait()
