"""Issue 13: what was entered in the desk (a settled reading, a figure, past awards) counts on the command line as it does there."""

from __future__ import annotations

import io
import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pinggu_desk.assess.determination import Determination
from pinggu_desk.assess.determine import determine
from pinggu_desk.assess.engine import Answers, Engine, read_answers
from pinggu_desk.assess.match.match import Match
from pinggu_desk.assess.match.report import match_json
from pinggu_desk.commands.cli import run
from pinggu_desk.documents.proof.keys import PublicKey, key_file
from pinggu_desk.policy.corrections import Correction
from pinggu_desk.policy.pack import load_pack
from pinggu_desk.register import Register, passwords
from pinggu_desk.work.batch import run_batch
from pinggu_desk.work.entered import of_register
from pinggu_desk.work.packs.sharing import export
from tests.documents.signers import THEIRS
from tests.register.conftest import PASSWORD

ON, NEXT = date(2026, 4, 1), date(2026, 6, 1)
PACK = (
    Path(__file__).parent / "data" / "district"
)  # the made-up district: three policies, so that a command takes no time
WAGE = "示例市平均工资"
AT_BOUND = {
    "申请人名称": "示例甲制造有限公司", "申请人类型": "企业", "本地注册": "是", "成立日期": "2020-01-01", "参保人数": "120人",
    "年租金": "60万元", "贷款利息": "5万元",
}  # fmt: skip
SETTLED = Correction(
    "读法", "general.at_least", "另", date(2026, 3, 2), "示例局", "示例〔2026〕3号", date(2026, 3, 2), "01"
)
LATER = Correction("读法", "general.at_least", "取", NEXT, "示例局", "示例〔2026〕9号", NEXT, "01")
Out = pytest.CaptureFixture[str]


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a register in which a reading is settled, a figure entered and an award noted, and what it exported."""
    monkeypatch.setattr(passwords, "COST", (1, 8, 1))
    register, _ = Register.create(tmp_path / "register", clerk_no="01", clerk_name="示例", password=PASSWORD)
    register.add_correction(SETTLED)
    register.add_correction(LATER)
    register.add_parameter(WAGE, "12万元", date(2026, 1, 20), "示例公告")
    one = register.add_applicant("企业", "示例甲制造有限公司")
    register.add_award(one.id, "czfz", "czfz.rent", 40_000_00, date(2026, 2, 5), "", "申请人陈述")
    export(register, load_pack(PACK), "示例中心", ON, tmp_path / "更正.pack")
    (tmp_path / "office.pub").write_text(key_file(PublicKey(register.office_key().public, "示例中心")), "utf-8")
    register.close()
    (tmp_path / "填报.json").write_text(json.dumps(AT_BOUND), "utf-8")
    return tmp_path


def said(capsys: Out, monkeypatch: pytest.MonkeyPatch, *arguments: str, code: int = 0) -> str:
    monkeypatch.setattr("sys.stdin", io.StringIO(PASSWORD + "\n"))
    assert run([*arguments, "--pack", str(PACK)]) == code, capsys.readouterr().err
    told = capsys.readouterr()
    return told.err if code else told.out


def sources(office: Path) -> list[list[str]]:
    return [
        ["--register", str(office / "register")],
        ["--corrections", str(office / "更正.pack"), "--signed-by", str(office / "office.pub")],
    ]


def engine_of(office: Path) -> Engine:
    register = Register.open(office / "register", clerk_no="01", password=PASSWORD)
    engine = Engine(load_pack(PACK))
    of_register(register).into(engine, {})
    register.close()
    return engine


@pytest.mark.parametrize(("source", "day"), [(0, ON), (1, NEXT)])
def test_the_command_line_answers_as_the_desk_does(
    office: Path, capsys: Out, monkeypatch: pytest.MonkeyPatch, source: int, day: date
) -> None:
    """Issue 13: `assess` and `match` knew no corrections, so that they said 口径待确认 where the desk says 按…答复."""
    facts = ["--facts", str(office / "填报.json"), "--on", day.isoformat(), *sources(office)[source]]
    engine = engine_of(office)
    answers = Answers(day, read_answers(engine.pack, AT_BOUND))
    got: Any = json.loads(said(capsys, monkeypatch, "assess", *facts, "--policy", "czfz", "--json"))
    assert got["determinations"] == [as_json(one) for one in determine(engine, answers, ["czfz"])]
    assert any("settled" in one for one in got["determinations"])
    assert [(one["value"], one["stands"]) for one in got["entered"]["corrections"]] == [
        ("另", day == ON),
        ("取", day == NEXT),
    ]
    assert [(one["value"][:2], one["stands"]) for one in got["entered"]["parameters"]] == [("12", True)]
    match = json.loads(said(capsys, monkeypatch, "match", *facts, "--json"))
    assert match["groups"] == match_json(Match(engine, answers))["groups"] and match["entered"] == got["entered"]
    told = said(capsys, monkeypatch, "assess", *facts, "--policy", "czfz")
    stands, not_yet = ("示例〔2026〕3号", "示例〔2026〕9号") if day == ON else ("示例〔2026〕9号", "示例〔2026〕3号")
    assert stands in told and f"外部参数：{WAGE}为12" in told and not_yet not in told


def as_json(one: Determination) -> Any:
    return json.loads(json.dumps(one.to_json()))


def test_a_list_gives_the_same_answers(office: Path, capsys: Out, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same list through the desk's own run and through the command line: every sum, with past awards of the register."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(list(AT_BOUND))
    sheet.append(list(AT_BOUND.values()))
    book.save(office / "名单.xlsx")
    source, out, plain = str(office / "名单.xlsx"), office / "结果.xlsx", office / "平.xlsx"
    said(capsys, monkeypatch, "batch", source, "--on", str(ON), "-o", str(out), "--register", str(office / "register"))
    said(capsys, monkeypatch, "batch", source, "--on", str(ON), "-o", str(plain))
    register = Register.open(office / "register", clerk_no="01", password=PASSWORD)
    entered = of_register(register)
    register.close()
    engine = Engine(load_pack(PACK)).at(ON)
    entered.into(engine, {})
    run_batch(engine, source, office / "桌面.xlsx", ON, datetime(2026, 4, 1), awards_of=entered.awards_of)
    assert rows(out) == rows(office / "桌面.xlsx") != rows(plain)
    notes = openpyxl.load_workbook(out)["说明"]
    assert any(row[0].value == "更正" and "示例〔2026〕3号" in str(row[1].value) for row in notes.iter_rows())


def rows(path: Path) -> list[list[object]]:
    book = openpyxl.load_workbook(path)
    return [
        [cell.value for cell in row] for name in ("汇总", "可申请与差一点", "合计") for row in book[name].iter_rows()
    ]


def test_a_file_by_another_key_and_both_at_once_are_refused(
    office: Path, capsys: Out, monkeypatch: pytest.MonkeyPatch
) -> None:
    facts = ["--facts", str(office / "填报.json")]
    by_register, by_file = sources(office)
    assert "写一个" in said(capsys, monkeypatch, "assess", *facts, *by_register, *by_file, code=2)
    monkeypatch.setenv("PINGGU_DESK_HOME", str(office / "elsewhere"))
    assert "--signed-by" in said(capsys, monkeypatch, "assess", *facts, *by_file[:2], code=2)
    other = office / "other.pub"
    other.write_text(key_file(THEIRS.key), "utf-8")
    assert "别的密钥" in said(capsys, monkeypatch, "assess", *facts, *by_file[:2], "--signed-by", str(other), code=2)
    assert "登记库" in said(capsys, monkeypatch, "assess", *facts, "--register", str(office / "none"), code=2)
