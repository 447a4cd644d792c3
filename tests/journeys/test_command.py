"""The installed command: what README shows can be typed in a checkout."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path


def test_make_run_has_installed_the_command_that_readme_shows() -> None:
    command = Path(sys.executable).parent / "pinggu-desk"
    done = subprocess.run([command, "policies", "--json"], capture_output=True, check=True)
    assert len(json.loads(done.stdout)["policies"]) == 24
