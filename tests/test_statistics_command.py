"""``statistics`` on the command line: the same figures, the password from standard input only, one sentence for what is wrong."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

from pinggu_desk.commands import cli
from pinggu_desk.register import Register, events, passwords
from tests.work.counted import PASSWORD, Counted, sure, up_to


@pytest.fixture(autouse=True)
def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "COST", (1, 8, 1))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "数据"
    made = Counted(folder / "register")
    who = made.register.add_applicant("企业", "示例甲有限公司").id
    made.paper(made.case("ss", who, "2026-03-31T23:59:59"), sure("ss.2.1", "100000.50"))
    made.paper(made.case("jr", who, "2026-04-01T00:00:00"), up_to("jr.2.1", "300000.00"))
    made.register.close()
    return folder


def run(*words: str, typed: str = PASSWORD + "\n") -> Result:
    runner = CliRunner()
    import sys

    with runner.isolation(input=typed) as streams:
        code = cli.run(["statistics", *words])
        sys.stdout.flush()
        out, err = streams[0].getvalue().decode(), streams[1].getvalue().decode()
    return Result(runner, out.encode(), err.encode(), (out + err).encode(), None, code, None)


def test_the_figures_as_json_and_as_lines(data: Path) -> None:
    done = run("--data", str(data), "--clerk", "01", "--by", "月份", "--json")
    assert done.exit_code == 0, done.stderr
    told = json.loads(done.stdout)
    assert [(row["月份"], row["cases"], row["certain_yuan"], row["ceiling_yuan"]) for row in told["rows"]] == [
        ("2026年3月", 1, "100000.50", "0.00"), ("2026年4月", 1, "0.00", "300000.00"),
    ]  # fmt: skip
    assert told["total"] == {
        "cases": 2, "applicants": 1, "eligible": 2, "review": 0, "certain_yuan": "100000.50", "ceiling_yuan": "300000.00", "open": 0,
    }  # fmt: skip
    lines = run("--data", str(data), "--clerk", "01", "--to", "2026-03-31", "--by", "窗口")
    assert "03 号窗口：办件（件） 1" in lines.stdout and "合计" in lines.stdout and PASSWORD not in lines.stdout
    only = run("--data", str(data / "register"), "--clerk", "01", "--only", "政策=jr", "--json")
    assert json.loads(only.stdout)["total"]["cases"] == 1


@pytest.mark.parametrize("ending", [".xlsx", ".pdf", ".csv"])
def test_files_are_written_and_on_the_trail(data: Path, tmp_path: Path, ending: str) -> None:
    out = tmp_path / f"统计{ending}"
    done = run("--data", str(data), "--clerk", "01", "-o", str(out), "--office", "示例街道")
    assert done.exit_code == 0 and out.stat().st_size > 100, done.stderr
    if ending == ".xlsx":
        rows = list(openpyxl.load_workbook(out)["统计"].iter_rows(values_only=True))
        assert rows[-1][:2] == ("合计", 2) and rows[-1][5:7] == (100_000.5, 300_000)
    register = Register.open(data / "register", clerk_no="01", password=PASSWORD)
    assert (events.STATISTICS_EXPORTED, "按政策，全部，2 件") in [
        (row.event, row.detail) for row in register.audit_rows()
    ]
    register.close()


@pytest.mark.parametrize(
    ("words", "typed", "sentence"),
    [
        (["--clerk", "01"], "wrong\n", "口令"),
        (["--clerk", "01"], "", "没有读到口令"),
        ([], PASSWORD, "请用 --clerk 写明工号：01、02"),
        (["--clerk", "01", "--by", "区县"], PASSWORD, "“--by 区县”不能统计，可用的有政策、支持事项"),
        (["--clerk", "01", "--by", "政策", "--by", "月份", "--by", "窗口"], PASSWORD, "一至2个"),
        (["--clerk", "01", "--from", "2026-02-30"], PASSWORD, "选项 --from"),
        (["--clerk", "01", "--from", "2026-03-02", "--to", "2026-03-01"], PASSWORD, "晚于止日"),
        (["--clerk", "01", "-o", "统计.docx"], PASSWORD, "可写成 .xlsx、.pdf、.csv"),
        (["--clerk", "01", "--only", "窗口=88"], PASSWORD, "没有窗口“88”，有的是03 号窗口"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_one_sentence(data: Path, words: list[str], typed: str, sentence: str) -> None:
    done = run("--data", str(data), *words, typed=typed)
    assert (done.exit_code, done.stdout) == (2, "")
    assert sentence in done.stderr and len(done.stderr.strip().splitlines()) == 1


def test_a_folder_without_a_register_is_said_to_be_one(tmp_path: Path) -> None:
    done = run("--data", str(tmp_path), "--clerk", "01")
    assert done.exit_code == 2 and "没有登记库" in done.stderr
