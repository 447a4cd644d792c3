"""``pinggu-desk pack …``: from a pasted text to a pack that serves, and back, in one sentence each."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import pytest

from pinggu_desk.commands.cli import run
from pinggu_desk.policy.pack import load_pack, version_of
from pinggu_desk.policy.resources import resource_root
from pinggu_desk.work.packs.store import PackStore
from pinggu_desk.work.signoffs import stamps
from tests.work.packs.samples import folder

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.setenv("PINGGU_DESK_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(PackStore, "_keep_built_in", lambda self: None)

    def command(*words: str | Path) -> tuple[int, str, str]:
        code = run(["pack", *map(str, words)])
        said = capsys.readouterr()
        return code, said.out, said.err

    return command


def test_from_a_folder_to_a_pack_that_serves_and_back(
    pack: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = folder(tmp_path / "one", "30万元")
    two = folder(tmp_path / "two", "50万元", edition="2027.01-1")
    (tmp_path / "facts.json").write_text('{"投资额": 1000}', "utf-8")
    monkeypatch.chdir(tmp_path)
    assert pack("keygen", "-o", "district.key", "--office", "示例区")[0] == 0
    assert (tmp_path / "district.key").stat().st_mode & 0o077 == 0
    for name, root, day in (("one", one, "2026-01-01"), ("two", two, "2027-01-01")):
        assert pack("check", root)[0] == 0
        assert pack("build", root, "-o", f"{name}.pack", "--day", day)[0] == 0
        assert pack("sign", f"{name}.pack", "--key", "district.key")[0] == 0
    code, _, err = pack("install", "one.pack")
    assert code == 2 and "别的密钥" in err and err.count("\n") == 1
    assert pack("trust", "district.pub")[0] == 0
    assert pack("install", "one.pack")[0] == 0
    code, out, _ = pack("install", "two.pack", "--dry-run")
    assert code == 0 and "原 30万" in out and "现 50万" in out, "what changes is told before anything does"
    assert assessed(tmp_path) == "300000.00"
    assert pack("install", "two.pack")[0] == 0
    assert assessed(tmp_path) == "500000.00"
    rows = json.loads(pack("list", "--json")[1])["packs"]
    assert [row["edition"] for row in rows if row["serves"]] == ["2027.01-1"] and len(rows) == 3
    assert "示例区" in rows[-1]["signed"]
    changes = json.loads(pack("diff", "one.pack", "现用", "--json")[1])["changes"]
    assert {c["area"] for c in changes} >= {"条款", "规则"}
    assert any("最高30万元" in c["before"] and "最高50万元" in c["after"] for c in changes if c["area"] == "条款")
    assert pack("rollback")[0] == 0
    assert assessed(tmp_path) == "300000.00"


def assessed(tmp_path: Path) -> str:
    """What 1000万元 of investment comes to under the pack that serves, as the command line says it."""
    from contextlib import redirect_stdout
    from io import StringIO

    out = StringIO()
    with redirect_stdout(out):
        assert run(["assess", "--facts", str(tmp_path / "facts.json"), "--json"]) == 0
    return str(json.loads(out.getvalue())["determinations"][0]["amount_yuan"])


def test_a_wrong_worked_example_fails_the_check(pack: Run, tmp_path: Path) -> None:
    """Seen in issue 13: an example of 999万元 passed `check` and was printed for signature."""
    root = folder(tmp_path / "one", "30万元")
    cases = "判断日: 2026-03-02\n用例:\n  - {说: 封顶, 依据: xx.1, 事实: {投资额: 1000万元}, 应得: {award: {结论: 可申请, 口径: %s}}}\n"
    path = root / "policies" / "xx" / "cases.yaml"
    path.write_text(cases % "computed, 金额: 30万元", "utf-8")
    assert pack("check", root)[0] == 0
    path.write_text(cases % "computed, 金额: 999万元", "utf-8")
    code, out, _ = pack("check", root)
    assert code == 1 and "999万元" in out and "30万元" in out
    assert "policies/xx/cases.yaml:3 [wrong-example]" in out, "issue 13: it named no line"
    code, _, err = pack("build", root, "-o", tmp_path / "x.pack")
    assert code == 1 and "999万元" in err and not (tmp_path / "x.pack").exists()


def test_what_is_not_finished_stops_no_check_and_no_pack_is_built_of_it(pack: Run, tmp_path: Path) -> None:
    """Issue 13, left by an officer alone: `check` said nothing of missing examples, of 待写, of a sentence that was refused."""
    root = folder(tmp_path / "one", "30万元")
    rules, cases = root / "policies/xx/policy.yaml", root / "policies/xx/cases.yaml"
    whole, examples = rules.read_text("utf-8"), cases.read_text("utf-8")

    def refused(code: str, where: str, *words: str) -> None:
        said, out, _ = pack("check", root)
        assert said == 0 and "1 处没有完成" in out and "没有发现问题。" not in out, out
        (line,) = (line for line in out.splitlines() if f"[{code}]" in line)
        assert line.startswith(where) and all(word in line for word in words), line
        assert json.loads(pack("check", root, "--json")[1])["unfinished"][0]["code"] == code
        said, _, err = pack("build", root, "-o", tmp_path / "x.pack")
        assert said == 1 and f"[{code}]" in err and not (tmp_path / "x.pack").exists()

    cases.unlink()
    refused("missing-cases", "policies/xx/cases.yaml ", "每个界限两边")
    cases.write_text(examples, "utf-8")
    rules.write_text(whole.replace("名: 示例申请表", "名: 待写"), "utf-8")
    refused("unwritten-part", "policies/xx/policy.yaml:5 ", "申请表·名", "照原文写上")
    rules.write_text(whole, "utf-8")
    (stamp,) = stamps(load_pack(root), "xx", root).values()
    opinion = f"- {{句: xx.1, 印: '{stamp}', 意见: %s, 人: 示例科长, 日: %s%s}}\n"
    signed = root / "policies/xx/signed.yaml"
    signed.write_text("# 审签\n" + opinion % ("不同意", "2026-03-02", ", 话: 应按实际支出"), "utf-8")
    refused("refused-sentence", "policies/xx/signed.yaml:2 ", "2026-03-02", "示例科长", "应按实际支出")
    signed.write_text(signed.read_text("utf-8") + opinion % ("同意", "2026-03-03", ""), "utf-8")
    assert "没有发现问题。" in pack("check", root)[1]
    assert pack("build", root, "-o", tmp_path / "x.pack")[0] == 0


def test_a_later_version_without_examples_of_its_own_is_built_and_told(pack: Run, tmp_path: Path) -> None:
    """A figure that changes on the first of the year must not wait for somebody to work its examples out anew."""
    root = folder(tmp_path / "one", "30万元")
    first, later = root / "policies/xx", root / "policies/xx@2027-01-01"
    shutil.copytree(first, later)
    rules = (later / "policy.yaml").read_text("utf-8")
    (later / "policy.yaml").write_text(rules.replace("已知自: 2024-02-01", "自: 2027-01-01"), "utf-8")
    (later / "cases.yaml").unlink()
    code, out, _ = pack("check", root)
    assert code == 0 and "可以打包" in out and "policies/xx@2027-01-01/cases.yaml [missing-cases]" in out
    code, _, err = pack("build", root, "-o", tmp_path / "x.pack")
    assert code == 0 and "[missing-cases]" in err
    (first / "cases.yaml").unlink()
    assert pack("build", root, "-o", tmp_path / "y.pack")[0] == 1


def test_what_came_out_of_a_wrong_example_is_said_in_chinese_at_its_own_line(pack: Run, tmp_path: Path) -> None:
    """Issue 13, left by an officer alone: “得出None”, at no line. A table's row has a line of its own."""
    root = folder(tmp_path / "one", "30万元")
    (root / "policies/xx/cases.yaml").write_text(
        """判断日: 2026-03-02
用例:
  - 说: 各档
    依据: xx.1
    列: [投资额, 结论, 口径, 金额, 最低, 还缺]
    行:
      - [100万元, 可申请, computed, 10万元, ~, ~]
      - [200万元, 可申请, range, ~, 5万元, ~]
      - [~, 可申请, computed, 10万元, ~, []]
    应得: {award: {最高: 20万元}}
拒收:
  - {说: 负数, 事实: {投资额: 10万元}, 拒: 不能低于}
""", "utf-8")  # fmt: skip
    code, out, _ = pack("check", root)
    found = [line for line in out.splitlines() if "[wrong-example]" in line]
    assert code == 1 and "None" not in out and "[]" not in out
    places = {line.split(" ")[0].removeprefix("policies/xx/cases.yaml:") for line in found}
    assert places == {"7", "8", "9", "12"}
    assert any("口径应为range（" in line and "得出computed（按条款计算）" in line for line in found)
    assert any("金额应为10万元，得出没有确定的金额" in line for line in found)
    assert any("还缺应为没有，得出“投资额”" in line for line in found)


def test_a_pasted_text_becomes_numbered_sentences_and_a_skeleton_with_its_figures(pack: Run, tmp_path: Path) -> None:
    lines = [
        "示例区支持办法", "一、支持内容", "（一）设备奖励。对投资 300 万元以上的，给予10%的奖励，最高100万元。同一项目只奖一次。",
        "二、申报", "1. 依法注册；", "2. 信用良好。",
    ]  # fmt: skip
    (tmp_path / "t.txt").write_text("\n\n".join(lines), "utf-8")
    body = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in lines)
    document = f'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">{body}</w:document>'
    with ZipFile(tmp_path / "t.docx", "w") as archive:
        archive.writestr("word/document.xml", document)
    for kind in ("txt", "docx"):
        code, _, err = pack(
            "new", tmp_path / kind, "--text", tmp_path / f"t.{kind}", "--id", "aa", "--department", "示例局"
        )
        assert code == 0, err
        text = (tmp_path / kind / "policies" / "aa" / "text.md").read_text("utf-8").split("---\n")[2]
        assert text.splitlines() == [
            "# aa 示例区支持办法", "## aa.1 一、支持内容", "### aa.1.1 （一）设备奖励。",
            "- aa.1.1.1a 对投资300万元以上的，给予10%的奖励，最高100万元。", "- aa.1.1.1b 同一项目只奖一次。",
            "## aa.2 二、申报", "- aa.2.1 1. 依法注册；", "- aa.2.2 2. 信用良好。",
        ]  # fmt: skip
        rules = (tmp_path / kind / "policies" / "aa" / "policy.yaml").read_text("utf-8")
        assert "原文的数：300万元、10%、100万元" in rules and "依据: aa.1.1.1a" in rules
    code, out, _ = pack("check", tmp_path / "txt")
    assert code == 1 and "unclaimed-sentence" in out and "number-unaccounted" in out, "what is left to do is listed"
    assert "bad-" not in out and "missing-part" not in out
    code, _, err = pack("new", tmp_path / "txt", "--text", tmp_path / "t.txt", "--id", "aa")
    assert code == 2 and "不会覆盖" in err


@pytest.mark.parametrize("words", [
    ("install", "没有.pack"), ("install", "."), ("check", "没有"), ("sign", "facts.json", "--key", "没有.key"), ("rollback",),
    ("diff", "没有", "现用"), ("new", "x", "--text", "没有.txt", "--id", "aa"), ("new", "x", "--text", "junk", "--id", "A1"),
    ("new", "x", "--text", "junk", "--id", "aa"), ("trust", "junk"), ("build", ".", "-o", "x.pack"), ("install", "junk"),
])  # fmt: skip
def test_bad_input_gets_one_sentence(
    pack: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "junk").write_bytes(b"PK\x03\x04\xff\xfe" * 50)
    code, out, err = pack(*words)
    assert code == 2 and out == "" and err.count("\n") == 1 and err.endswith("。\n"), err


def test_a_key_is_never_written_over(pack: Run, tmp_path: Path) -> None:
    assert pack("keygen", "-o", tmp_path / "k.key")[0] == 0
    before = (tmp_path / "k.key").read_bytes()
    (tmp_path / "k.pub").unlink()
    code, _, err = pack("keygen", "-o", tmp_path / "k.key")
    assert code == 2 and "不能覆盖" in err and (tmp_path / "k.key").read_bytes() == before


def test_the_programs_own_pack_is_kept_for_replay(tmp_path: Path) -> None:
    """An update of the program must not take away the rules by which open and old cases were judged."""
    packs = PackStore(tmp_path / "packs")
    packs.keep_built_in()
    kept = packs.of_version(version_of(resource_root()))
    assert kept is not None and kept.signer is None and (kept.files.forms / "zxqy.xlsx").is_file()
    packs.keep_built_in()
    assert len(packs.all()) == 1
