"""What a list's result tells of persons' numbers, telephones and accounts is covered everywhere, and whole only when asked for."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from pinggu_desk.commands import cli
from pinggu_desk.register import Register, events, passwords
from pinggu_desk.work.batch import run_batch
from tests import bundled

PASSWORD = "Yanlian-Sample-2026"  # noqa: S105 - a sample's
HEADS = ("申请人名称", "证件号码", "联系电话", "法定代表人证件号码", "法定代表人电话", "银行账号", "职工人数")
#: right ones and wrong ones of each kind: what is wrong with a number is told in a sentence, which quotes it
ROWS = (
    ("示例甲", "110117199001011237", "13800001234", "110117199001011237", "13800001234", "6222020200012345678", "30"),
    ("示例乙", "11011719900101123", "13900005678、13900009999", "11011719900101123", "1380000123456", "62220202000A23456", "3"),
    ("示例丙", 110117199001011237, 13800001234, "", "不是电话13800004321", "账号6222020200098765", "也许"),
)  # fmt: skip
WHOLE = (
    "110117199001011237", "11011719900101123", "13800001234", "13900005678", "13900009999", "13900009", "1380000123456",
    "13800004321", "6222020200012345678", "62220202000A23456", "6222020200098765",
)  # fmt: skip


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in (HEADS, *ROWS):
        book.active.append(row)
    book.save(tmp_path / "名单.xlsx")
    return tmp_path / "名单.xlsx"


def said(path: Path) -> str:
    """Every cell of a workbook."""
    return "\n".join(
        str(cell) for sheet in openpyxl.load_workbook(path) for row in sheet.iter_rows(values_only=True) for cell in row
    )


def test_no_number_is_whole_in_the_workbook_the_detail_or_what_the_terminal_is_told(
    listed: Path, tmp_path: Path
) -> None:
    out, detail = tmp_path / "结果.xlsx", tmp_path / "明细.csv"
    done = run_batch(bundled.engine(), str(listed), out, date(2026, 3, 2), datetime(2026, 3, 2), detail=detail)
    told = "\n".join((said(out), detail.read_text("utf-8-sig"), *done.problems, *done.told))
    assert done.bad and "看不懂" in told and "应为 6 至 32 位数字" in told, "what is wrong is still said"
    assert [number for number in WHOLE if number in told] == []
    run_batch(bundled.engine(), str(listed), out, date(2026, 3, 2), datetime(2026, 3, 2), whole=True)
    assert ROWS[0][1] in said(out) and "62220202000A23456" in said(out), "asked for, they are whole"


def test_asking_for_whole_numbers_is_on_the_trail_of_the_register_that_is_named(
    listed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(passwords, "COST", (1, 8, 1))
    folder = tmp_path / "register"
    made, _ = Register.create(folder, clerk_no="01", clerk_name="示例", password=PASSWORD)
    made.add_clerk("09", "示例审计", PASSWORD, role="审计员")
    made.close()
    words = ["batch", str(listed), "-o", str(tmp_path / "结果.xlsx"), "--register", str(folder), "--clerk"]

    def run(clerk: str, *more: str) -> int:
        with CliRunner().isolation(input=PASSWORD + "\n"):
            return cli.run([*words, clerk, *more])

    assert cli.run([*words[:4], "--whole-numbers"]) == 0
    assert "审计记录里没有这一次" in capsys.readouterr().err, (
        "without a register nothing keeps that it was done: it is said"
    )
    assert run("01") == 0 and run("01", "--whole-numbers") == 0
    assert run("09", "--whole-numbers") == 2, "an auditor looks, and at covered numbers"
    register = Register.open(folder, clerk_no="01", password=PASSWORD)
    assert [row.event for row in register.audit_rows()].count(events.NUMBERS_SHOWN) == 1
    register.close()
