"""An office and a township, each with a register of its own, that trust each other: shared by the tests of bundles."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pinggu_desk.register import Register
from pinggu_desk.register.bundles.join import Joined

from .conftest import PASSWORD, Clock

CODE = "91110117MA0000000X"
OTHER_CODE = "91110117MA1111111X"
DAY = date(2026, 3, 2)
PHRASE, OTHER_PHRASE, WEAK_PHRASE = "Sample-Stick-2026", "Another-2026", "123456"


def office(folder: Path, clock: Clock, window: str) -> Register:
    made, _ = Register.create(folder, clerk_no="01", clerk_name="示例经办", password=PASSWORD, window=window, now=clock)
    return made


@pytest.fixture
def hub(tmp_path: Path, clock: Clock) -> Iterator[Register]:
    made = office(tmp_path / "区里", clock, "03")
    yield made
    made.close()


@pytest.fixture
def town(tmp_path: Path, clock: Clock, hub: Register) -> Iterator[Register]:
    made = office(tmp_path / "镇里", clock, "T1")
    hub.trust_key(made.office_key().public, "示例镇")
    made.trust_key(hub.office_key().public, "示例区")
    yield made
    made.close()


def paper(register: Register, case_id: int, text: str) -> str:
    data = f"%PDF-1.7 {text}".encode()
    return register.record_document(
        case_id, "告知书", "a.pdf", hashlib.sha256(data).hexdigest(), "[]", data, content=text, how="打印"
    )


def visit(register: Register, name: str = "示例公司", code: str = CODE) -> int:
    """A case with all that a case has; its id."""
    who = register.add_applicant("企业", name, code=code, phone="示例电话")
    case = register.open_case("tztc", "1", applicant_id=who.id, on=DAY)
    register.set_answer(case.id, "投资额", "500万元")
    register.set_answer(case.id, "投资额", "600万元", origin="以前的来访")
    register.undo(case.id)
    register.set_material(case.id, "营业执照", "已收")
    register.remember(who.id, "注册资本", "500万元", DAY, case.id)
    register.add_award(who.id, "ss", "ss.2.1", 100_00, date(2025, 5, 1), "上市")
    paper(register, case.id, "第一份")
    return case.id


def everything(register: Register) -> Any:
    """What a register shows, whatever numbers its rows have."""
    seen = []
    for who in register.search("示例", 100):
        cases = []
        for case in register.cases_of(who.id):
            papers = [
                (d.sha256, register.paper_file(d.serial), register.paper_content(d.serial))
                for d in register.documents(case.id)
            ]
            history = [(e.seq, e.at, e.kind, e.fact, e.before, e.after, e.origin) for e in register.history(case.id)]
            cases.append(
                (
                    case.number,
                    case.state,
                    case.on,
                    register.answers(case.id),
                    history,
                    register.materials(case.id),
                    sorted(papers),
                )
            )
        awards = [(a.benefit_id, a.amount_fen, a.on, a.matter) for a in register.awards(who.id)]
        known = {fact: known.value_text for fact, known in register.known_facts(who.id).items()}
        seen.append((replace(who, id=0), sorted(cases), awards, known))
    return sorted(seen, key=repr)


def rows(register: Register) -> dict[str, list[Any]]:
    """Every row of every table, as it lies there."""
    from pinggu_desk.register.tables import metadata

    return {name: register._db.rows(table.select()) for name, table in metadata.tables.items()}


def joined(hub: Register, town: Register) -> Joined:
    (parcel,) = town.export_since(hub.register_id)
    return hub.join(parcel, "示例镇")
