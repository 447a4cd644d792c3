"""``python -m pinggu_desk`` and the frozen program: the desk without arguments, else the command line."""

from __future__ import annotations

import sys

from pinggu_desk.entry import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
