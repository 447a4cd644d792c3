"""One whole visit in practice mode (演练), offscreen, by real key events: what ``make run`` does without a display.

usage: python -m pinggu_desk.walk [FOLDER]   Prints where the letter, the sheet and the pictures of the screen are.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path


def main(arguments: list[str]) -> int:
    """Walk the visit and say where its papers are; 0 when all went well."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    folder = Path(arguments[0]) if arguments else Path(tempfile.mkdtemp(prefix="pinggu-desk-"))
    folder.mkdir(parents=True, exist_ok=True)
    from pinggu_desk.desk.walked import walk

    for line in walk(folder):
        print(line)  # noqa: T201 - this is what was asked for
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
