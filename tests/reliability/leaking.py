"""A day with everything that leaves traces, in a process of its own that ends by a fault of the program.

Run as `python -m tests.reliability.leaking FOLDER`: a register, its backup, a restore, a bundle, refused input, and a crash.
"""

from __future__ import annotations

import hashlib
import sys
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from unittest.mock import patch

from pinggu_desk.register import Register, RegisterError, passwords
from pinggu_desk.register.records import Applicant
from pinggu_desk.work.bundles import make_bundles, write_receiving_key

from .writer import PASSWORD

NAME, CODE, PHONE, ADDRESS = "示例㛃山果蔬专业合作社", "91110117MA7654321X", "010-61990000", "示例镇甲子路九号"
PERSON, IDENTITY, MOBILE = "示例丙丁戊", "110117199001010019", "13800001111"
ANSWER = "七百六十五万四千元"
SECRETS = (NAME, CODE, PHONE, ADDRESS, PERSON, IDENTITY, MOBILE, ANSWER)


def make(folder: Path, window: str) -> Register:
    return Register.create(folder, clerk_no="01", clerk_name="示例经办", password=PASSWORD, window=window)[0]


def work(register: Register) -> Applicant:
    """A visit with all of it."""
    firm = register.add_applicant("企业", NAME, code=CODE, phone=PHONE, address=ADDRESS)
    person = register.add_applicant("个人", PERSON, code=IDENTITY, phone=MOBILE, document="居民身份证")
    case = register.open_case("tztc", "1", applicant_id=firm.id)
    register.set_answer(case.id, "投资额", ANSWER)
    register.set_answer(case.id, "法定代表人", PERSON)
    register.remember(person.id, "单位", NAME, date(2026, 3, 2), case.id)
    paper = f"%PDF {NAME} {CODE} {ANSWER}".encode()
    register.record_document(case.id, "告知书", "告知书.pdf", hashlib.sha256(paper).hexdigest(), "[]", paper)
    register.search(NAME)
    with suppress(RegisterError):
        register.add_applicant("企业", "示例别的名字", code=CODE)
    return register.get(person.id)


def main(root: Path) -> None:
    """Do it, then fail in the middle of a change."""
    passwords.COST = (1, 8, 1)
    hub, town = make(root / "区里", "03"), make(root / "镇里", "T1")
    hub.trust_key(town.office_key().public, "示例镇")
    town.trust_key(hub.office_key().public, "示例区")
    work(hub)
    person = work(town)
    stick = root / "U盘"
    stick.mkdir()
    write_receiving_key(hub, stick)
    make_bundles(town, stick, key_file=stick / "收件公钥.json")
    hub.backup(root / "备份")
    hub.restore(root / "备份")
    with patch("pinggu_desk.register.applicants._values", side_effect=RuntimeError("forced")):
        town.update_applicant(replace(person, address=ADDRESS))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
