"""``audit`` on the command line: verify names the first broken entry, show and export filter; the password from standard input only."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

from pinggu_desk.commands import cli
from pinggu_desk.register import Register, events, passwords

PASSWORD = "Sample-2024"  # noqa: S105  of registers that live as long as a test


@pytest.fixture(autouse=True)
def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "COST", (1, 8, 1))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A register with a day's work in it, closed."""
    register, _ = Register.create(tmp_path / "登记库", clerk_no="01", clerk_name="示例", password=PASSWORD, window="03")
    who = register.add_applicant("企业", "示例公司").id
    case = register.open_case("ss", "1", applicant_id=who)
    register.set_answer(case.id, "投资额", "600万元")
    for amount in (1, 2, 3):
        register.add_award(who, "ss", "ss.2.1", amount, case.on)
    register.record_event(events.PAPER_PRINTED, f"{case.number}-01", "告知书")
    register.close()
    return tmp_path / "登记库"


def run(*words: str, typed: str = PASSWORD + "\n") -> Result:
    runner = CliRunner()
    with runner.isolation(input=typed) as streams:
        code = cli.run(["audit", *words])
        sys.stdout.flush()
        out, err = streams[0].getvalue().decode(), streams[1].getvalue().decode()
    return Result(runner, out.encode(), err.encode(), (out + err).encode(), None, code, None)


def altered(folder: Path, *statements: str) -> None:
    register = Register.open(folder, clerk_no="01", password=PASSWORD)
    with register._db.transaction():
        for statement in statements:
            register._db.run(statement)
    register._at_work = False
    register.close()


def test_a_sound_register_says_what_was_looked_at_and_its_head_for_paper(folder: Path) -> None:
    done = run("verify", "--register", str(folder), "--json")
    assert done.exit_code == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["sound"] and told["first"] is None and told["looked"]["已享受支持"] == 3
    again = run("verify", "--register", str(folder), "--anchor", told["anchor"])
    assert again.exit_code == 0 and "登记库完好" in again.stdout and PASSWORD not in again.stdout
    wrong = told["anchor"][:-1] + ("A" if told["anchor"][-1] != "A" else "B")
    refused = run("verify", "--register", str(folder), "--anchor", wrong)
    assert refused.exit_code == 1 and "与纸上的登记库校验" in refused.stdout


def test_the_first_broken_entry_is_named(folder: Path) -> None:
    altered(folder, "DROP TRIGGER audit_is_not_rewritten", "UPDATE audit SET clerk_no = '99' WHERE id = 5")
    done = run("verify", "--register", str(folder), "--json")
    assert done.exit_code == 1
    first = json.loads(done.stdout)["first"]
    assert (first["number"], first["table"]) == (5, "audit") and first["event"] and first["at"]
    plain = run("verify", "--register", str(folder))
    assert "最早不符的一条：审计记录第 5 条" in plain.stdout


def test_an_award_taken_out_is_named_with_the_entry_that_told_of_it(folder: Path) -> None:
    altered(folder, "DELETE FROM awards WHERE id = 2")
    first = json.loads(run("verify", "--register", str(folder), "--json").stdout)["first"]
    assert (first["event"], first["table"], first["row"]) == (events.AWARD_ADDED, "awards", "2")


def test_yesterday_s_folder_put_back_is_an_answer_of_no(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "昨天")
    register = Register.open(folder, clerk_no="01", password=PASSWORD)
    register.add_applicant("企业", "示例乙公司")
    register.close()
    shutil.rmtree(folder)
    shutil.copytree(tmp_path / "昨天", folder)
    done = run("verify", "--register", str(folder))
    assert done.exit_code == 1 and "登记库比本机留存的校验旧" in done.stdout


def test_bytes_altered_in_the_file_are_an_answer_of_no(folder: Path) -> None:
    path = folder / "register.db"
    content = bytearray(path.read_bytes())
    content[5000] ^= 1
    path.write_bytes(content)
    done = run("verify", "--register", str(folder), "--json")
    assert done.exit_code == 1 and not json.loads(done.stdout)["sound"]


def test_entries_are_shown_and_exported_by_filter(folder: Path, tmp_path: Path) -> None:
    shown = json.loads(run("show", "--register", str(folder), "--of", "1", "--json").stdout)
    assert {row["event"] for row in shown} == {
        events.APPLICANT_ADDED, events.CASE_OPENED, events.AWARD_ADDED, events.PAPER_PRINTED,
    } - {events.PAPER_PRINTED}  # fmt: skip
    assert json.loads(run("show", "--register", str(folder), "--of", "示例公司", "--json").stdout) == shown
    lines = run("show", "--register", str(folder), "--event", events.AWARD_ADDED).stdout.splitlines()
    assert len(lines) == 3 and "示例公司" not in "".join(lines)
    out = tmp_path / "审计.xlsx"
    done = run("export", "--register", str(folder), "--person", "01", "-o", str(out))
    assert done.exit_code == 0, done.stderr
    assert openpyxl.load_workbook(out)["审计记录"].max_row > 8
    assert json.loads(run("show", "--register", str(folder), "--event", events.TRAIL_EXPORTED, "--json").stdout)


@pytest.mark.parametrize(
    ("words", "typed", "sentence"),
    [
        (["verify", "--anchor", "123"], None, "照纸上抄写"),
        (["verify"], "wrong\n", "口令"),
        (["verify"], "", "没有读到口令"),
        (["show", "--of", "没有这家"], None, "没有找到“没有这家”"),
        (["show", "--from", "2026-03-02", "--to", "2026-03-01"], None, "对调"),
        (["export", "-o", "x.csv"], None, ".xlsx"),
    ],
)
def test_what_is_wrong_is_one_sentence(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], typed: str | None, sentence: str
) -> None:
    monkeypatch.chdir(tmp_path)
    done = run(words[0], "--register", str(folder), *words[1:], typed=PASSWORD + "\n" if typed is None else typed)
    assert done.exit_code == 2 and sentence in done.stderr and "Traceback" not in done.output
    assert len(done.stderr.strip().splitlines()) == 1
