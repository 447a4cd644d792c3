"""A first start, with no register yet, is seen to open and closes again when it is asked to: it hung, since a form is painted inside."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize("how", [["--practice"], []])
def test_a_first_start_closes_after_its_first_paint(tmp_path: Path, how: list[str]) -> None:
    command = [sys.executable, "-m", "pinggu_desk", *how, "--close-after-paint", "--data", str(tmp_path / "data")]
    done = subprocess.run(command, env={**os.environ, "QT_QPA_PLATFORM": "offscreen"}, timeout=600, capture_output=True)
    assert done.returncode == 0, done.stderr
