"""FOUND 29, 39, 49: a person is 您, no number stands whole, every document has its name; the account is on the form."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pypdf
import pytest

from pinggu_desk.commands.cli import run
from tests import bundled

PAPERS = ("letter", "notice", "receipt", "checklist", "working")
Write = Callable[..., str]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Makes a paper from facts and gives its words, without the line breaks; a sheet's are those of its cells."""

    def made(command: str, policy: str, facts: dict[str, Any]) -> str:
        given, out = tmp_path / "填报.json", tmp_path / f"out{'.xlsx' if command == 'sheet' else '.pdf'}"
        given.write_text(json.dumps({"awards": [], **facts}, ensure_ascii=False), encoding="utf-8")
        assert run([command, "--facts", str(given), "--policy", policy, "-o", str(out)]) == 0
        if command == "sheet":
            book = openpyxl.load_workbook(out)
            return "\n".join(str(c.value) for s in book for row in s for c in row if c.value is not None)
        text = "".join(page.extract_text() for page in pypdf.PdfReader(out).pages)
        return "".join(text.split())

    return made


@pytest.mark.parametrize("number", ["110101199003071233", "110101 19900307 1233", "１１０１０１-19900307-1233"])
@pytest.mark.parametrize("command", [*PAPERS, "sheet"])
def test_a_number_never_stands_whole_however_it_was_written(write: Write, command: str, number: str) -> None:
    """FOUND 29: also in the credit code's field."""
    for policy in ("bys", "ss"):
        words = write(command, policy, {"申请人名称": "示例人", "统一社会信用代码": number})
        bare = words.replace(" ", "").replace("-", "")
        assert "199003071233" not in bare and "１９９" not in words and "0307" not in bare.replace("2026", "")
        if command in ("letter", "working", "sheet"):
            assert "110101********1233" in words
        if command != "sheet":
            assert "你单位" not in words


@pytest.mark.parametrize("command", PAPERS)
def test_who_tells_what_only_a_person_can_is_a_person(write: Write, command: str) -> None:
    """FOUND 29: a graduate who said nothing of 申请人类型 was 你单位, since the policy serves employers, too."""
    his = {"申请人名称": "示例毕业生", "在平谷创业": "是", "应届情形": "毕业年度内"}
    assert "你单位" not in write(command, "bys", his)
    hired = {"申请人名称": "示例甲公司", "招用平谷籍应届毕业生": "是"}
    assert "您" not in write("letter", "bys", hired) and "你单位" in write("letter", "bys", hired)


@pytest.mark.parametrize("command", ["letter", "working", "sheet"])
@pytest.mark.parametrize("code", ["91110118700123458J", "9111 0118 7001 2345 8j"])
def test_a_firm_s_code_of_miyun_stands_whole(write: Write, command: str, code: str) -> None:
    """FOUND 29: places 7 and 8 of its code are 18, like a year of birth."""
    words = write(command, "ss", {"申请人名称": "示例甲有限公司", "统一社会信用代码": code})
    assert "91110118700123458J" in words


@pytest.mark.parametrize(
    ("document", "number", "hidden"),
    [
        ("护照", "E1234 5678", "E1****678"),
        ("外国人永久居留身份证", "CHN110101900307", "CHN110*****0307"),
        ("港澳居民来往内地通行证", "h12345678", "H1****678"),
        ("台湾居民来往大陆通行证", "12345678", "12***678"),
        ("居民身份证", "110101900307123", "110101*****7123"),
    ],
)
def test_every_document_has_its_name_and_its_number_hidden(
    write: Write, document: str, number: str, hidden: str
) -> None:
    """FOUND 39: from a facts file to letter and sheet."""
    facts = {"申请人名称": "示例人", "证件类型": document, "证件号码": number}
    letter, sheet = write("letter", "anju", facts), write("sheet", "anju", facts)
    assert document in letter and hidden in letter and hidden in sheet
    if document != "居民身份证":
        assert document in sheet


def test_a_number_of_another_document_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """FOUND 39: unless it is said why it stands."""
    given = tmp_path / "填报.json"
    facts = {"申请人名称": "示例人", "证件类型": "港澳居民来往内地通行证", "证件号码": "X1", "awards": []}
    command = ["letter", "--facts", str(given), "--policy", "anju", "-o", str(tmp_path / "out.pdf")]
    given.write_text(json.dumps(facts, ensure_ascii=False), encoding="utf-8")
    assert run(command) == 2
    said = capsys.readouterr().err
    assert "港澳居民来往内地通行证" in said and said.count("\n") == 1
    given.write_text(json.dumps(facts | {"证号登记说明": "证件原件如此"}, ensure_ascii=False), encoding="utf-8")
    assert run(command) == 0


def test_account_and_legal_person_are_facts_of_every_visit() -> None:
    """FOUND 49: whatever the policy, an office's own form can bind them; the person's number is hidden."""
    from datetime import date, datetime

    from pinggu_desk.assess.interview import Interview
    from pinggu_desk.documents.assemble import assemble
    from pinggu_desk.documents.sheet.values import Money, visit_values
    from pinggu_desk.documents.visit import Party

    engine = bundled.engine()
    kept = {
        "开户银行": "示例银行平谷支行", "开户名称": "示例甲有限公司", "银行账号": "0200001234567890123",
        "法定代表人": "示例人", "法定代表人证件号码": "110101199003071233", "注册资本": "500", "邮政编码": "101200",
    }  # fmt: skip
    interview = Interview(engine, "ss", date(2026, 4, 1), remembered=kept, awards=[])
    visit = assemble(
        engine, interview, Party("示例甲有限公司"), printed_at=datetime(2026, 4, 1), serial=None, clerk="", window="",
        office="", practice=False,
    )  # fmt: skip
    values = visit_values(visit)
    assert values["银行账号"] == "0200001234567890123" and values["开户银行"] == "示例银行平谷支行"
    assert values["法定代表人证件号码"] == "110101********1233" and values["注册资本"] == Money(500_0000_00)
    assert not any(one.name in kept for one in visit.stated), "a letter does not print an account"
