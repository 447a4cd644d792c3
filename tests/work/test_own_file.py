"""个人信息查阅: everything stored of somebody stands on his paper, with where it came from and who read it; and nobody else's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pypdfium2
import pytest

from pinggu_desk.documents.papers.ownfile import own_file_bytes
from pinggu_desk.register import Register, events, passwords
from pinggu_desk.work.ownfile import own_file_paper
from tests import bundled

PASSWORD = "Yanlian-Sample-2026"  # noqa: S105 - a sample's
MADE = datetime(2026, 3, 2, 10)


@pytest.fixture
def register(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Register]:
    monkeypatch.setattr(passwords, "COST", (1, 8, 1))
    made, _ = Register.create(
        tmp_path / "登记库", clerk_no="01", clerk_name="示例经办", password=PASSWORD, now=lambda: MADE
    )
    yield made
    made.close()


def text_of(data: bytes) -> str:
    pdf = pypdfium2.PdfDocument(data)
    text = "".join(page.get_textpage().get_text_bounded() for page in pdf)
    pdf.close()
    return "".join(text.split())


def test_everything_stored_of_him_is_on_his_paper_and_nobody_else_s(register: Register) -> None:
    him = register.add_applicant(
        "个人", "示例人甲", code="110117199003076656", phone="010-11112222", address="示例村1号"
    )
    other = register.add_applicant("个人", "示例人乙", code="11011719900307663X", address="示例村2号")
    case = register.open_case("rcst", "1", applicant_id=him.id)
    register.set_answer(case.id, "学历", "硕士研究生")
    register.set_answer(case.id, "学历", "博士研究生")
    register.remember(him.id, "学历", "博士研究生", date(2026, 3, 2), case.id)
    register.add_award(him.id, "rcst", "rcst.2", 1234500, date(2025, 1, 2), matter="示例事项")
    register.record_document(case.id, "告知书", "a.pdf", "ab" * 32, "[]")
    register.open_case("ss", "1", applicant_id=other.id)
    paper = own_file_paper(register, bundled.pack(), him.id, MADE, "示例中心")
    data = own_file_bytes(paper)
    assert data == own_file_bytes(paper), "the same content, the same bytes"
    text = text_of(data)
    for there in (
        "个人信息查阅单", "示例人甲", "110117********6656", "010-11112222", "示例村1号", case.number, f"{case.number}-01",
        "硕士研究生", "博士研究生", "1.2345万元", "示例事项", events.OWN_FILE, events.PERSON_READ, "第四十五条", "示例经办",
        "保管年限：已出具的办件10年",
    ):  # fmt: skip
        assert there in text, there
    for absent in ("示例人乙", "示例村2号", "199003076656", "0002"):
        assert absent not in text, absent
    assert register.audit_rows(1)[0].event == events.OWN_FILE
    assert register.audit_rows(1)[0].subject == f"申请人{him.id}"


def test_what_was_merged_taken_out_brought_and_said_elsewhere_is_stored_and_told(
    register: Register, tmp_path: Path
) -> None:
    """What the paper calls all of it is all of it: also under numbers that he had, and what joining found said otherwise."""
    first, second, third = (
        register.add_applicant("企业", name) for name in ("示例甲公司", "示例甲旧公司", "示例甲老公司")
    )
    register.look_up(third.id)
    register.merge(second.id, third.id)
    register.merge(first.id, second.id)
    case = register.open_case("ss", "1", applicant_id=first.id)
    register.set_material(case.id, "示例材料", "已收")
    award = register.add_award(first.id, "ss", "neeq", 5_000_000, date(2025, 1, 2))
    register.remove_award(award.id)
    register.update_applicant(replace(register.get(first.id), code="91110117MA0000000X", phone="010-00000001"))
    town, _ = Register.create(
        tmp_path / "镇里", clerk_no="01", clerk_name="示例镇", password=PASSWORD, window="T1", now=lambda: MADE
    )
    town.add_applicant("企业", "示例甲公司", code="91110117MA0000000X", phone="010-00000002")
    register.trust_key(town.office_key().public, "示例镇")
    register.join(town.export_since(register.register_id)[0], "示例镇")
    town.close()
    (conflict,) = register.conflicts()

    def text() -> str:
        return text_of(own_file_bytes(own_file_paper(register, bundled.pack(), first.id, MADE)))

    told = text()
    assert "neeq" not in told and "分2025" not in told and told.count("5万元，2025-01-02") == 2
    for there in (
        "示例甲旧公司", "示例甲老公司", "示例材料", "已收", "5万元", "已撤销，不再计算", "010-00000002", "等待裁定", f"申请人{third.id}",
    ):  # fmt: skip
        assert there in told, there
    register.decide(conflict.id, {"phone"})
    assert "采用对方：电话" in text() and "phone" not in text()


def test_a_unit_s_paper_speaks_to_a_unit(register: Register) -> None:
    firm = register.add_applicant("企业", "示例公司", code="91110117MA0000000X")
    text = text_of(own_file_bytes(own_file_paper(register, bundled.pack(), firm.id, MADE)))
    assert "申请人资料查阅单" in text and "贵单位" in text and "个人信息保护法" not in text
    assert "91110117MA0000000X" in text and text.count("没有保存。") == 7
