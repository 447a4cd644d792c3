"""``register backup``, ``backups`` and ``restore``: a rehearsal in words that tells no name, then done, or not; on a new machine too."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from pinggu_desk.commands import cli
from pinggu_desk.register import Register, passwords

PASSWORD = "Yanlian-Sample-2026"  # noqa: S105 - a sample's
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setattr(passwords, "COST", (1, 8, 1))

    def command(*words: object, typed: str = PASSWORD + "\n") -> tuple[int, str, str]:
        import sys

        with CliRunner().isolation(input=typed) as streams:
            code = cli.run(["register", *map(str, words)])
            sys.stdout.flush()
            return code, streams[0].getvalue().decode(), streams[1].getvalue().decode()

    return command


@pytest.fixture
def data(tmp_path: Path, run: Run) -> Path:
    del run  # passwords are quick
    made, _ = Register.create(tmp_path / "数据" / "register", clerk_no="01", clerk_name="示例", password=PASSWORD)
    firm = made.add_applicant("企业", "示例果业有限公司", code="91110117MA0000000X")
    made.open_case("tztc", "1", applicant_id=firm.id)
    made.close()
    return tmp_path / "数据"


def opened(data: Path) -> Register:
    return Register.open(data / "register", clerk_no="01", password=PASSWORD)


def test_backed_up_listed_rehearsed_and_restored(data: Path, tmp_path: Path, run: Run) -> None:
    stick = tmp_path / "U盘"
    code, out, _ = run("backup", stick, "--data", data)
    assert code == 0 and out.startswith("已备份并核验：")
    code, out, _ = run("backups", stick, typed="")
    assert code == 0 and "手动，申请人1，办件1，文书0" in out and "与备份时核验过的一样" in out
    register = opened(data)
    lost = register.open_case("ss", "1", applicant_id=1).number
    register.close()
    code, out, _ = run("restore", stick, "--data", data, "--rehearse")
    assert code == 0 and f"会失去的办件：{lost}" in out and "示例＊＊公司" in out and "示例果业" not in out
    code, out, err = run("restore", stick, "--data", data)
    assert code == 1 and "加 --yes 再执行" in err
    register = opened(data)
    assert len(register.recent()) == 2, "a rehearsal changes nothing"
    register.close()
    code, out, _ = run("restore", stick, "--data", data, "--yes", "--json")
    assert code == 0
    said = json.loads(out)
    assert said["lost_cases"] == [lost] and Path(said["kept"]).is_dir()
    register = opened(data)
    assert len(register.recent()) == 1 and register.check() == []
    register.close()


def test_a_spoilt_backup_is_the_answer_no(data: Path, tmp_path: Path, run: Run) -> None:
    run("backup", tmp_path / "U盘", "--data", data)
    (folder,) = (tmp_path / "U盘").iterdir()
    content = bytearray((folder / "register.db").read_bytes())
    content[-2000] ^= 4
    (folder / "register.db").write_bytes(content)
    code, out, _ = run("backups", tmp_path / "U盘", typed="")
    assert code == 0 and "不完整，不能用" in out
    code, _, err = run("restore", tmp_path / "U盘", "--data", data, "--yes")
    assert code == 2 and "没有通过核验" in err
    opened(data).close()


def test_a_new_machine_by_the_same_door(data: Path, tmp_path: Path, run: Run) -> None:
    run("backup", tmp_path / "U盘", "--data", data)
    there = tmp_path / "另一台"
    code, out, err = run("restore", tmp_path / "U盘", "--data", there)
    assert code == 0 and out.startswith("已从备份建立") and err.startswith("将用：登记库备份-") and err.count("\n") == 1
    register = opened(there)
    assert [case.policy_id for case in register.recent()] == ["tztc"]
    register.close()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("backups", "没有这里"), "打不开"),
        (("backups",), "还没有设置备份文件夹"),
        (("restore", "没有这里"), "没有登记库备份"),
    ],
)
def test_what_is_wrong_is_one_sentence(data: Path, run: Run, words: tuple[str, ...], sentence: str) -> None:
    code, _, err = run(*words, "--data", data)
    assert code == 2 and sentence in err and err.count("\n") == 1
