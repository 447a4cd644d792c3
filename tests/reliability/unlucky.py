"""A clerk's day on a disk whose reads fail now and then; run with `failing_disk.c` preloaded.

Run as `python -m tests.reliability.unlucky FOLDER CASE_ID FLAG FAILURES`. Before each call that many reads are made to fail;
prints `done WHAT ANSWER` or `error CLASS SENTENCE` after each.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pinggu_desk.register import Register, RegisterError

from .writer import PASSWORD, tell


def main(folder: str, case_id: str, flag: str, failures: str) -> None:
    """Open, then read, write, back up and check, each on a connection that has nothing in memory."""
    case, unlucky = int(case_id), Path(flag)
    calls: list[tuple[str, Callable[[Register], Any]]] = [
        ("answers", lambda register: len(register.answers(case))),
        ("set", lambda register: register.set_answer(case, "事项7", "改过")),
        ("applicant", lambda register: register.add_applicant("企业", "示例公司").id),
        ("search", lambda register: len(register.search("示例"))),
        ("trail", lambda register: len(register.audit_rows()) > 0),
        ("backup", lambda register: bool(register.backup(Path(folder).parent))),
        ("check", lambda register: len(register.check())),
    ]
    unlucky.write_text(failures)
    try:
        Register.open(Path(folder), clerk_no="01", password=PASSWORD).close()
        tell("done open True")
    except RegisterError as error:
        tell(f"error {type(error).__name__} {error.sentence}")
    unlucky.unlink(missing_ok=True)
    for what, call in calls:
        register = Register.open(Path(folder), clerk_no="01", password=PASSWORD)
        unlucky.write_text(failures)
        try:
            tell(f"done {what} {call(register)}")
        except RegisterError as error:
            tell(f"error {type(error).__name__} {error.sentence}")
        unlucky.unlink(missing_ok=True)
        try:
            tell(f"after {what} {len(register.answers(case))}")
        finally:
            register.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
