"""A window at work, in a process of its own: types edit after edit and tells each one when it is acknowledged.

Run as `python -m tests.reliability.writer FOLDER CASE_ID NAME COUNT [BYTES]`. Waits for a line, then prints `ack EDIT_NUMBER K` after
edit K, or `error CLASS` and stops. Edit K sets fact `NAME-(K mod 7)` to a text that begins with K.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from pinggu_desk.register import Register, RegisterError

PASSWORD = "Sample-2024"  # noqa: S105  of registers that live as long as a test
FACTS = 7


def fact(name: str, k: int) -> str:
    """The fact that edit k is about."""
    return f"{name}-{k % FACTS}"


def text(k: int, size: int = 0) -> str:
    """What edit k types."""
    return f"{k}：示例".ljust(size, "字")


def tell(line: str) -> None:
    """One line to the parent, past every buffer."""
    os.write(1, f"{line}\n".encode())


def main(folder: str, case_id: str, name: str, count: str, size: str = "0") -> None:
    """Type until done, killed or refused."""
    register = Register.open(Path(folder), clerk_no="01", password=PASSWORD)
    tell("open")
    sys.stdin.readline()  # until the test says go
    for k in range(1, int(count) + 1):
        try:
            number = register.set_answer(int(case_id), fact(name, k), text(k, int(size)))
        except RegisterError as error:
            tell(f"error {type(error).__name__}")
            break
        tell(f"ack {number} {k}")
    register.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
