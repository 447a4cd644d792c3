"""Practice (演练): a register of its own with one sample clerk and sample applicants, all plainly marked 示例."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pinggu_desk.register.records import ApplicantKind

CLERK_NO, CLERK_NAME, WINDOW = "0001", "示例经办", "00"
#: No secret: it is printed on the login page, and opens nothing but samples.
PASSWORD = "Yanlian-2024"  # noqa: S105
#: what the login page says of it
NOTE = f"演练：只有示例申请人，文书不作数。口令是 {PASSWORD}"

#: what the first of them told of itself then that lasts
SINCE = "生产经营起始日"
#: kind, name, code (invented, with right check digits), contact, phone, address
SAMPLES: tuple[tuple[ApplicantKind, str, str, str, str, str], ...] = (
    ("企业", "示例装备制造有限公司", "91110117MA00DEMA8F", "示例联系人甲", "010-00000001", "示例街道1号"),
    ("企业", "示例谷地农业科技股份有限公司", "91110117MA00DEMB6A", "示例联系人乙", "010-00000002", "示例镇2号"),
    ("企业", "示例㛃𬭎𡌶新材料有限公司", "91110117MA00DEMC45", "示例联系人丙", "010-00000003", "示例镇3号"),
    ("机构", "示例颐养护理院", "", "示例联系人丁", "010-00000004", "示例镇4号"),
    ("个人", "示例申请人甲", "", "", "", ""),
)


def make_register(folder: Path) -> None:
    """Make the practice register whole or not at all, so that a start that was cut short begins anew."""
    from datetime import date

    from pinggu_desk.policy.facts import PRIOR
    from pinggu_desk.register import Register

    if Register.exists(folder):
        return
    beside = folder.with_name(folder.name + ".new")
    shutil.rmtree(beside, ignore_errors=True)
    register, _code = Register.create(
        beside, clerk_no=CLERK_NO, clerk_name=CLERK_NAME, password=PASSWORD, window=WINDOW, practice=True
    )
    try:
        for kind, name, code, contact, phone, address in SAMPLES:
            made = register.add_applicant(
                kind, name, code=code, contact=contact, phone=phone, address=address, sample=True
            )
            register.remember(made.id, PRIOR, "否", date.today())  # each has come before, and was asked
            if name == SAMPLES[0][1]:
                register.remember(made.id, SINCE, "2020-01-01", date.today())
    finally:
        register.close()
    folder.mkdir(parents=True, exist_ok=True)
    # the database goes last: without it there is no register yet
    for file in sorted(beside.iterdir(), key=lambda file: file.name == "register.db"):
        file.replace(folder / file.name)
    beside.rmdir()
