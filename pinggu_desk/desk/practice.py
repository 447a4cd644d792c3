"""Practice (演练): a register of its own with one sample clerk and sample applicants, all plainly marked 示例."""

from __future__ import annotations

import shutil
from pathlib import Path

CLERK_NO, CLERK_NAME, WINDOW = "0001", "示例经办", "00"
#: No secret: it is printed on the login page, and opens nothing but samples.
PASSWORD = "Yanlian-2024"  # noqa: S105
#: what the login page says of it
NOTE = f"演练：只有示例申请人，文书不作数。口令是 {PASSWORD}"


def make_register(folder: Path) -> None:
    """Make the practice register whole or not at all, so that a start that was cut short begins anew."""
    from datetime import date

    from pinggu_desk.policy.district import here
    from pinggu_desk.policy.facts import PRIOR
    from pinggu_desk.register import Register
    from pinggu_desk.register.files import private_folder

    if Register.exists(folder):
        return
    beside = folder.with_name(folder.name + ".new")
    shutil.rmtree(beside, ignore_errors=True)
    register, _code = Register.create(
        beside, clerk_no=CLERK_NO, clerk_name=CLERK_NAME, password=PASSWORD, window=WINDOW, practice=True
    )
    try:
        for one in here().practice.applicants:
            made = register.add_applicant(
                one.kind,
                one.name,
                code=one.code,
                contact=one.contact,
                phone=one.phone,
                address=one.address,
                sample=True,
            )
            register.remember(made.id, PRIOR, "否", date.today())  # each has come before, and was asked
            for fact, text in one.lasting.items():
                register.remember(made.id, fact, text, date.today())
    finally:
        register.close()
    private_folder(folder)
    # the database goes last: without it there is no register yet
    for file in sorted(beside.iterdir(), key=lambda file: file.name == "register.db"):
        file.replace(folder / file.name)
    beside.rmdir()
