"""``register bundle``, ``join``, ``conflicts`` and ``decide``: a township's stick, its receipt, and what a clerk decides."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from pinggu_desk.commands import cli
from pinggu_desk.register import Register, passwords

PASSWORD, PHRASE = "Yanlian-Sample-2026", "Sample-Stick-2026"
CODE = "91110117MA0000000X"
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


def opened(data: Path) -> Register:
    return Register.open(data / "register", clerk_no="01", password=PASSWORD)


@pytest.fixture
def both(tmp_path: Path, run: Run) -> tuple[Path, Path, Path]:
    """The office's data folder, the township's, and a stick; each trusts the other, and both know one applicant."""
    del run  # passwords are quick
    folders = []
    for name in ("区里", "镇里"):
        made, _ = Register.create(tmp_path / name / "register", clerk_no="01", clerk_name="示例", password=PASSWORD)
        made.add_applicant("企业", "示例果业有限公司", code=CODE, phone=f"{name}的电话")
        folders.append(tmp_path / name)
        made.close()
    hub, town = (opened(folder) for folder in folders)
    hub.trust_key(town.office_key().public, "示例镇")
    town.trust_key(hub.office_key().public, "示例区")
    case = town.open_case("tztc", "1", applicant_id=1, on=date(2026, 3, 2))
    town.set_answer(case.id, "投资额", "500万元")
    hub.close()
    town.close()
    stick = tmp_path / "U盘"
    stick.mkdir()
    return folders[0], folders[1], stick


def test_a_stick_goes_there_and_its_receipt_back(both: tuple[Path, Path, Path], run: Run) -> None:
    hub, town, stick = both
    assert run("receiving-key", stick, "--data", hub)[0] == 0
    code, out, _ = run("bundle", stick, "--for", stick / "收件公钥.json", "--data", town)
    assert code == 0 and "已写到" in out
    (bundle,) = stick.glob("*.pgdata")
    code, out, _ = run("join", bundle, "--data", hub)
    assert code == 0 and "办件 1" in out and "有 1 处两边不一致" in out and "回执已写在旁边" in out
    code, out, _ = run("join", bundle, "--data", hub)
    assert code == 0 and "以前并入过，登记库没有改动" in out
    (receipt,) = stick.glob("回执-*.json")
    code, out, _ = run("join", receipt, "--data", town)
    assert code == 0 and "已登记回执" in out
    code, out, _ = run("bundle", stick, "--for", stick / "收件公钥.json", "--data", town)
    assert code == 0 and "没有对方还没确认收到的新内容" in out

    code, out, _ = run("conflicts", "--data", hub, "--json")
    (conflict,) = json.loads(out)["conflicts"]
    assert conflict["differences"] == [{"key": "phone", "ours": "区里的电话", "theirs": "镇里的电话"}]
    assert "电话：本处 区里的电话；对方 镇里的电话" in run("conflicts", "--data", hub)[1]
    assert run("decide", conflict["id"], "--theirs", "phone", "--data", hub)[0] == 0
    code, _, err = run("decide", conflict["id"], "--data", hub)
    assert code == 2 and "已经有人裁定" in err
    assert "没有等待裁定的冲突" in run("conflicts", "--data", hub)[1]
    register = opened(hub)
    assert register.search("示例")[0].phone == "镇里的电话"
    assert len(register.recent()) == 1 and register.check() == []
    register.close()


def test_a_passphrase_is_typed_behind_the_password(both: tuple[Path, Path, Path], run: Run) -> None:
    hub, town, stick = both
    code, _, err = run("bundle", stick, "--to", "示例区", "--data", town, typed=f"{PASSWORD}\n12345678\n")
    assert code == 2 and "口令" in err and list(stick.iterdir()) == []
    assert run("bundle", stick, "--to", "示例区", "--data", town, typed=f"{PASSWORD}\n{PHRASE}\n")[0] == 0
    (bundle,) = stick.glob("*.pgdata")
    code, _, err = run("join", bundle, "--data", hub, typed=f"{PASSWORD}\nWrong-Stick-2026\n")
    assert code == 2 and "数据包口令不对" in err
    assert run("join", bundle, "--data", hub, typed=f"{PASSWORD}\n{PHRASE}\n")[0] == 0


def test_a_fork_is_shown_side_by_side_and_agreed_to_by_its_number(both: tuple[Path, Path, Path], run: Run) -> None:
    hub, town, stick = both
    assert run("receiving-key", stick, "--data", hub)[0] == 0

    def carried() -> Path:
        for old in stick.glob("*.pgdata"):
            old.unlink()
        assert run("bundle", stick, "--for", stick / "收件公钥.json", "--data", town)[0] == 0
        (bundle,) = stick.glob("*.pgdata")
        return bundle

    register = opened(town)
    backup = register.backup(stick)
    register.set_answer(1, "投资额", "900万元")
    register.open_case("ss", "1")
    register.close()
    first = carried()
    assert "对得上" in run("join", first, "--fork", "--data", hub)[1]
    code, _, err = run("join", first, "--agree-fork", "3", "--data", hub)
    assert code == 2 and "不用认可" in err and err.strip().count("。") == 1
    assert run("join", first, "--data", hub)[0] == 0
    register = opened(town)
    register.restore(backup)
    second = carried()
    code, _, err = run("join", second, "--data", hub)
    assert code == 2 and "对不上，没有并入" in err and err.strip().count("。") == 1
    code, out, _ = run("join", second, "--fork", "--json", "--data", hub)
    told = json.loads(out)
    assert code == 0 and " 恢复 " in told["entries"][0][2] and told["entries"][0][0] == f"第 {told['fork']} 条"
    assert f"第 {told['fork']} 条：本处留存" in run("join", second, "--fork", "--data", hub)[1]
    code, _, err = run("join", second, "--agree-fork", told["fork"] + 1, "--data", hub)
    assert code == 2 and f"是从第 {told['fork']} 条起不同" in err
    code, out, _ = run("join", second, "--agree-fork", told["fork"], "--data", hub)
    assert code == 0 and "已并入“示例镇”" in out
    assert "以前并入过，登记库没有改动" in run("join", second, "--data", hub)[1]


def test_numbers_of_a_conflict_are_covered_until_they_are_asked_for_which_is_on_the_trail(
    both: tuple[Path, Path, Path], run: Run
) -> None:
    hub, town, stick = both
    for folder, phone in ((hub, "13800001111"), (town, "13800002222")):
        register = opened(folder)
        register.update_applicant(replace(register.get(1), phone=phone))
        register.close()
    run("receiving-key", stick, "--data", hub)
    run("bundle", stick, "--for", stick / "收件公钥.json", "--data", town)
    (bundle,) = stick.glob("*.pgdata")
    assert run("join", bundle, "--data", hub)[0] == 0
    for words in ((), ("--json",)):
        out = run("conflicts", *words, "--data", hub)[1]
        assert "138" in out and "13800001111" not in out and "13800002222" not in out
    assert "13800002222" in run("conflicts", "--whole-numbers", "--data", hub)[1]
    assert "13800001111" in run("conflicts", "--whole-numbers", "--json", "--data", hub)[1]
    register = opened(hub)
    assert [row.event for row in register.audit_rows(20)].count("显示完整号码") == 2
    register.close()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("bundle", "U盘"), "二者选一"),
        (("bundle", "没有的", "--to", "示例区"), "不是文件夹或打不开"),
        (("bundle", "U盘", "--to", "别处"), "可信公钥中没有“别处”，没有导出；请从“示例区”中选一个。"),
        (("bundle", "U盘", "--for", "没有.json"), "读不出来"),
        (("join", "没有.pgdata"), "读不出来"),
        (("join", "U盘"), "读不出来"),
        (("decide", "7"), "已经有人裁定过了"),
    ],
)
def test_bad_input_gets_one_sentence(
    both: tuple[Path, Path, Path], run: Run, words: tuple[str, ...], sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(both[2].parent)
    code, out, err = run(*words, "--data", both[1], typed=f"{PASSWORD}\n{PHRASE}\n")
    assert code == 2 and sentence in err and err.count("\n") == 1 and out == ""


def test_a_file_of_another_kind_is_refused(both: tuple[Path, Path, Path], run: Run) -> None:
    hub, _, stick = both
    photo = stick / "照片.jpg"
    photo.write_bytes(b"\xff\xd8\xff" * 100)
    code, _, err = run("join", photo, "--data", hub)
    assert code == 2 and "“照片.jpg”既不是数据包，也不是回执" in err


def test_what_was_changed_there_comes_with_the_next_bundle(both: tuple[Path, Path, Path], run: Run) -> None:
    hub, town, stick = both
    run("receiving-key", stick, "--data", hub)
    run("bundle", stick, "--for", stick / "收件公钥.json", "--data", town)
    register = opened(town)
    register.update_applicant(replace(register.get(1), contact="示例联系人"))
    register.close()
    run("bundle", stick, "--for", stick / "收件公钥.json", "--data", town)
    for bundle in sorted(
        stick.glob("*.pgdata"), reverse=True
    ):  # the newer one first: the older one changes nothing back
        assert run("join", bundle, "--data", hub)[0] == 0
    register = opened(hub)
    assert register.search("示例")[0].contact == "示例联系人"
    register.close()
