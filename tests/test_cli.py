"""The command line as scripts and people meet it: JSON, papers, and one Chinese sentence for each kind of bad input."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pypdf
import pytest

from pinggu_desk.assess import engine as engines
from pinggu_desk.commands import selftest
from pinggu_desk.commands.cli import run
from pinggu_desk.documents.papers.letter import LETTER_TITLE, letter_bytes
from pinggu_desk.documents.pdf.fonts import bundled
from pinggu_desk.documents.proof.keys import key_file
from pinggu_desk.documents.proof.record import proof_of
from pinggu_desk.policy.resources import resource_root
from pinggu_desk.register import Register, passwords
from tests.documents.paper_samples import TYPICAL
from tests.documents.signers import OURS, THEIRS
from tests.work.packs.samples import folder

EXIT = {"本区正常生产经营实体工业企业": "是", "列入年度调整退出计划": True}
SCORED = {**EXIT, "能源节约量": "120吨标煤", "税收贡献": 499.99, "占地规模": 60000, "职工人数": "１００"}
LISTED = {
    "本区工商注册": "是", "独立法人资格": "是", "纳入平谷区统计": "是", "上市企业来源": "本区企业",
    "board": "北交所", "listing_route": "新三板挂牌企业转板上市", "上市挂牌日": "20260302",
}  # fmt: skip

Facts = Callable[[Any], str]
Out = pytest.CaptureFixture[str]


@pytest.fixture
def facts(tmp_path: Path) -> Facts:
    """Writes a facts file; text is written as it is."""

    def write(data: Any) -> str:
        path = tmp_path / "填报.json"
        path.write_text(data if isinstance(data, str) else json.dumps(data, ensure_ascii=False), encoding="utf-8")
        return str(path)

    return write


def said(capsys: Out, *arguments: str) -> Any:
    assert run(list(arguments)) == 0, capsys.readouterr().err
    return json.loads(capsys.readouterr().out)


def by_benefit(data: Any) -> dict[str, Any]:
    return {determination["benefit"]: determination for determination in data["determinations"]}


def test_policies_lists_every_benefit_with_clause_and_facts(capsys: Out) -> None:
    rows = said(capsys, "policies", "--on", "2026-04-01", "--json")["policies"]
    assert {"ss", "zxqy", "tztc", "yl"} <= {row["id"] for row in rows}
    assert all(row["in_pack"] for row in rows)
    fund = next(b for row in rows for b in row["benefits"] if b["id"] == "tztc.fund")
    assert fund["clause"].startswith("tztc.2")
    assert {"能源节约量", "税收贡献", "占地规模", "职工人数"} <= set(fund["facts"])


def test_facts_lists_the_dictionary_once(capsys: Out) -> None:
    rows = said(capsys, "facts", "--json")["facts"]
    assert len({row["name"] for row in rows}) == len({row["id"] for row in rows}) == len(rows)
    staff = next(row for row in rows if row["name"] == "职工人数")
    assert (staff["kind"], staff["unit"]) == ("数量", "人")


def test_assess_gives_exact_money_as_text_with_its_working(capsys: Out, facts: Facts) -> None:
    data = said(capsys, "assess", "--facts", facts(SCORED), "--policy", "tztc", "--on", "2026-04-01", "--json")
    fund = by_benefit(data)["tztc.fund"]
    assert (fund["status"], fund["figure"], fund["amount_yuan"], fund["score"]) == (
        "eligible", "computed", "1800000.00", 85,
    )  # fmt: skip
    assert fund["missing"] == []
    assert all(re.fullmatch(r"tztc\.[0-9A-Za-z.]+", line["clause"]) for line in fund["trace"])
    assert any("85分" in line["text"] for line in fund["trace"])
    assert [indicator["score"] for indicator in fund["indicators"]] == [20, 25, 20, 20]


def test_awards_make_the_difference_and_nobody_knowing_them_is_unknown(capsys: Out, facts: Facts) -> None:
    words = ["assess", "--policy", "ss", "--on", "2026-04-01", "--json", "--facts"]
    award = {"policy": "ss", "benefit": "neeq", "amount": "100万元", "date": "2024-05-05"}
    known = by_benefit(said(capsys, *words, facts({**LISTED, "awards": [award]})))["ss.listing"]
    assert (known["status"], known["amount_yuan"]) == ("eligible", "7000000.00")
    assert known["deadline"]["date"] == "2026-05-28"
    unknown = by_benefit(said(capsys, *words, facts(LISTED)))["ss.listing"]
    assert (unknown["status"], unknown["amount_yuan"]) == ("unknown", None)
    assert [item["name"] for item in unknown["missing"] if item["kind"] == "ask"] == ["已领上市挂牌奖励"]


def test_before_the_text_is_known_the_answer_says_so(capsys: Out, facts: Facts) -> None:
    data = said(capsys, "assess", "--facts", facts(SCORED), "--policy", "tztc", "--on", "2024-01-31", "--json")
    fund = by_benefit(data)["tztc.fund"]
    assert fund["status"] == "unknown"
    assert "不在政策包内" in fund["notes"][0]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({**SCORED, "职工人数": -3}, ["职工人数", "不能为负数"]),
        ({**SCORED, "职工人数": "很多"}, ["职工人数", "很多", "请填数字"]),
        ({**SCORED, "职工人数": 3.5}, ["职工人数", "过细"]),
        ({**SCORED, "税收贡献": "5%"}, ["税收贡献", "万元", "另一种单位"]),
        ({**SCORED, "列入年度调整退出计划": "大概"}, ["列入年度调整退出计划", "“是”或“否”"]),
        ({"上市挂牌日": "2026-02-30"}, ["上市挂牌日", "不存在"]),
        ({"board": "纳斯达克"}, ["上市挂牌板块", "沪深交易所主板"]),
        ({"职工人": 3}, ["职工人", "是否指“职工人数”"]),
        ({"职工人数": 3, "staff": 3}, ["职工人数", "两次"]),
        ('{"职工人数": 3, "职工人数": 4}', ["职工人数", "写了两次"]),
        ('{"职工人数": NaN}', ["NaN"]),
        ('{"职工人数": 3', ["第 1 行"]),
        ("[1]", ["JSON 对象"]),
        ({"awards": {}}, ["awards", "列表"]),
        ({"awards": [{"policy": "ss"}]}, ["awards 第 1 项", "benefit"]),
        ({"awards": [{"policy": "ss", "benefit": "x", "amount": 1, "date": "2024-01-01"}]}, ["没有“ss.x”"]),
        (
            {
                "以前领过奖励补贴": "否",
                "awards": [{"policy": "ss", "benefit": "neeq", "amount": 1, "date": "2024-01-01"}],
            },
            ["以前领过奖励补贴", "填的是否", "列有 1 项"],
        ),
        ({"awards": [{"policy": "ss", "benefit": "neeq", "amount": -1, "date": "2024-01-01"}]}, ["奖励金额", "负数"]),
        ('{"职工人数": 1e999999999}', ["职工人数", "太大或太小"]),
        ('{"职工人数": "\\ud800"}', ["不完整的字符"]),
        ('{"\\udc00": 1}', ["不完整的字符"]),
        ({"是\n": 1}, ["没有名为“是”"]),
        ({"甲" * 5000: 1}, ["没有名为", "facts 命令"]),
        ('{"职工人数": ' + "9" * 4000 + "}", ["太大或太小"]),
        ('{"职工人数": ' + "9" * 9000 + "}", ["数字过长"]),
        ('{"职工人数": ' + "[" * 900 + "]" * 900 + "}", ["职工人数"]),
        ('{"职工人数": ' + "[" * 90000 + "]" * 90000 + "}", ["嵌套过深"]),
        ({"上市挂牌板块": "长" * 5000}, ["上市挂牌板块"]),
        ({"awards": [{"policy": {"甲": [1]}, "benefit": "x\ny", "amount": 1, "date": "2024-01-01"}]}, ["没有“"]),
        ({"awards": [{"policy": "ss", "benefit": "neeq", "amount": {}, "date": 1}]}, ["奖励金额"]),
        ({"awards": [{"policy": "ss", "benefit": "neeq", "amount": 1, "date": "20240101", "matter": {}}]}, ["matter"]),
        (
            {"技改固定资产投资": 100, "技改设备投资": 80, "技改基建投资": 30},
            ["互相矛盾", "其中设备投资", "核对"],
        ),
    ],
)
def test_bad_values_give_one_chinese_sentence_and_exit_2(
    capsys: Out, facts: Facts, content: Any, words: list[str]
) -> None:
    path = facts(content)
    assert run(["assess", "--facts", path, "--json"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1 and len(err) <= 202
    assert "Traceback" not in err
    assert "填报.json" in err
    for word in words:
        assert word in err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["assess"], ["--facts"]),
        (["assess", "--facts"], ["--facts", "缺少值"]),
        (["assess", "--fax", "1"], ["--fax"]),
        (["bogus"], ["bogus", "assess"]),
        (["assess", "--facts", "没有.json"], ["找不到文件", "没有.json"]),
        (["assess", "--facts", "."], ["目录"]),
        (["policies", "--on", "明天"], ["--on", "明天", "20240312"]),
        (["check", "--pack", "没有"], ["没有", "policies"]),
        (["verify"], ["--code"]),
        (["verify", "没有.pdf", "--key", "没有.pub"], ["找不到公钥文件", "没有.pub"]),
        (["public-key", "--register", "没有", "-o", "x.pub"], ["没有公钥文件", "--register"]),
    ],
)
def test_bad_command_lines_give_one_chinese_sentence_and_exit_2(
    capsys: Out, arguments: list[str], words: list[str]
) -> None:
    assert run(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    for word in words:
        assert word in err


def test_a_file_in_another_encoding_is_named(capsys: Out, tmp_path: Path) -> None:
    path = tmp_path / "gb.json"
    path.write_bytes('{"职工人数": 3}'.encode("gb18030"))
    assert run(["assess", "--facts", str(path)]) == 2
    assert "UTF-8" in capsys.readouterr().err


def test_an_unknown_policy_names_those_there_are(capsys: Out, facts: Facts) -> None:
    assert run(["assess", "--facts", facts({}), "--policy", "xyz"]) == 2
    assert "tztc" in capsys.readouterr().err


@pytest.mark.parametrize(("command", "ending"), [("letter", "pdf"), ("notice", "pdf"), ("sheet", "xlsx")])
def test_papers_are_written_whole_or_not_at_all(
    capsys: Out, facts: Facts, tmp_path: Path, command: str, ending: str
) -> None:
    out = tmp_path / f"文书.{ending}"
    words = [command, "--policy", "tztc", "--on", "2026-04-01", "-o", str(out), "--facts"]
    assert run([*words, facts({**SCORED, "申请人名称": "示例㛃𬭎𡌶新材料有限公司"})]) == 0
    assert "未登记" in capsys.readouterr().out
    assert out.stat().st_size > 5000
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted([out.name, "填报.json"])
    assert run([*words, facts(SCORED)]) == 2
    assert "申请人名称" in capsys.readouterr().err


def test_a_paper_made_without_the_register_does_not_verify(capsys: Out, facts: Facts, tmp_path: Path) -> None:
    out, key = tmp_path / "告知书.pdf", tmp_path / "示例.pub"
    key.write_text(key_file(OURS.key), encoding="utf-8")
    path = facts({**SCORED, "申请人名称": "示例"})
    assert run(["letter", "--policy", "tztc", "--on", "2026-04-01", "-o", str(out), "--facts", path]) == 0
    capsys.readouterr()
    assert run(["verify", str(out), "--key", str(key)]) == 1
    assert "未登记" in capsys.readouterr().out


def test_verify_says_ours_or_what_was_altered(capsys: Out, tmp_path: Path) -> None:
    signed, altered, key, other = (tmp_path / name for name in ("a.pdf", "b.pdf", "a.pub", "b.pub"))
    data = letter_bytes(TYPICAL, bundled(), OURS)
    signed.write_bytes(data)
    at = data.index(b"/Title") + 10
    altered.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
    key.write_text(key_file(OURS.key), encoding="utf-8")
    other.write_text(key_file(THEIRS.key), encoding="utf-8")
    found = said(capsys, "verify", str(signed), "--key", str(other), "--key", str(key), "--json")
    assert found["ok"] and found["serial"] == TYPICAL.serial and OURS.key.office in found["sentence"]
    assert run(["verify", str(altered), "--key", str(key)]) == 1
    told = capsys.readouterr().out
    assert told.startswith("验真未通过，请勿采信：文件属性（标题、作者、日期）被改动")
    assert "1,000.00 万元" not in told, "FOUND 53: an altered paper's figures are not shown as if they were good"
    assert run(["verify", str(altered), "--key", str(key), "--show-record"]) == 1
    told = capsys.readouterr().out
    assert "（未经证实）" in told and "1,000.00 万元" in told
    assert run(["verify", str(signed), "--key", str(other)]) == 1
    assert "不在可信公钥之中" in capsys.readouterr().out
    proof = proof_of(TYPICAL, LETTER_TITLE, OURS)
    assert proof is not None
    assert said(capsys, "verify", "--code", proof.code, "--key", str(key), "--json")["ok"]
    assert said(capsys, "verify", str(signed), "--code", proof.code, "--key", str(key), "--json")["ok"]


def test_the_register_s_own_public_key_counts_by_itself_and_can_be_given_away(
    capsys: Out, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PINGGU_DESK_HOME", str(tmp_path))
    monkeypatch.setattr(passwords, "COST", (1, 8, 1))
    paper, exported = tmp_path / "a.pdf", tmp_path / "本单位.pub"
    paper.write_bytes(b"%PDF-1.7")
    for words in (["verify", str(paper)], ["public-key", "-o", str(exported)]):
        assert run(words) == 2
    assert "--key" in capsys.readouterr().err
    register, _ = Register.create(tmp_path / "register", clerk_no="1", clerk_name="示例", password="Sample-2024")  # noqa: S106
    paper.write_bytes(letter_bytes(TYPICAL, bundled(), register.office_key()))
    register.close()
    assert said(capsys, "verify", str(paper), "--json")["ok"]
    assert run(["public-key", "--office", "示例中心", "-o", str(exported)]) == 0
    capsys.readouterr()
    assert "“示例中心”" in said(capsys, "verify", str(paper), "--key", str(exported), "--json")["sentence"]


def test_a_paper_made_without_the_register_names_no_register(facts: Facts, tmp_path: Path) -> None:
    out = tmp_path / "告知书.pdf"
    award = {"policy": "ss", "benefit": "neeq", "amount": "100万元", "date": "2024-05-05"}
    path = facts({**LISTED, "申请人名称": "示例", "awards": [award]})
    assert run(["letter", "--policy", "ss", "--on", "2026-04-01", "-o", str(out), "--facts", path]) == 0
    text = "".join(page.extract_text() for page in pypdf.PdfReader(out).pages)
    assert "100万元" in text
    assert "登记簿" not in text


def test_a_paper_for_a_folder_that_is_not_there_is_refused(capsys: Out, facts: Facts, tmp_path: Path) -> None:
    out = str(tmp_path / "没有" / "a.pdf")
    path = facts({**SCORED, "申请人名称": "示例"})
    assert run(["letter", "--facts", path, "--policy", "tztc", "-o", out]) == 2
    assert "不存在" in capsys.readouterr().err


def test_check_is_green_and_counts_what_it_checked(capsys: Out) -> None:
    report = said(capsys, "check", "--json")
    assert report["ok"] and report["examples"] > 3_000, "every worked example is worked out again"
    assert report["findings"] == []
    assert report["sentences"] > 90
    assert report["numbers"] > 100


def test_a_wrong_example_is_a_finding_and_is_never_printed_for_signature(capsys: Out, tmp_path: Path) -> None:
    """Issue 13: `check` read no worked examples, and a wrong one (999万元) was printed on the sign-off."""
    root = folder(tmp_path / "pack")
    cases = root / "policies" / "xx" / "cases.yaml"
    wrong = "应得: {award: {结论: 可申请, 口径: computed, 金额: 999万元}}"
    entry = f"  - 说: 投资百万\n    依据: xx.1\n    判断日: 2026-04-01\n    事实: {{投资额: 100万元}}\n    {wrong}\n"
    cases.write_text(f"样例:\n{entry}", encoding="utf-8")
    assert run(["check", "--pack", str(root)]) == 1
    assert "不认识“样例”" in capsys.readouterr().out, "under a misspelt head no example would be read, and nobody told"
    cases.write_text(f"用例:\n{entry}", encoding="utf-8")
    assert run(["check", "--pack", str(root)]) == 1
    told = capsys.readouterr().out
    assert "[wrong-example]" in told and "999" in told and "10" in told
    assert run(["check", "--pack", str(root), "--no-examples"]) == 0
    out = tmp_path / "xx.xlsx"
    assert run(["sign-off", "--pack", str(root), "--policy", "xx", "-o", str(out)]) == 2
    assert "样例" in capsys.readouterr().err and not out.exists()


def test_check_names_the_place_of_one_altered_character(capsys: Out, tmp_path: Path) -> None:
    root = tmp_path / "resources"
    shutil.copytree(resource_root(), root, ignore=shutil.ignore_patterns("fonts", "icons"))
    text = root / "policies" / "ss" / "text.md"
    text.write_text(text.read_text(encoding="utf-8").replace("奖励资金1000万元", "奖励资金1001万元"), encoding="utf-8")
    assert run(["check", "--pack", str(root), "--json", "--no-examples"]) == 1
    findings = json.loads(capsys.readouterr().out)["findings"]
    changed = next(f for f in findings if f["code"] == "changed-sentence")
    line = text.read_text(encoding="utf-8").splitlines()[changed["line"] - 1]
    assert changed["file"] == "policies/ss/text.md"
    assert line.startswith("- ss.2.2.1 ")


def test_the_program_speaks_utf8_from_a_bare_terminal(facts: Facts) -> None:
    words = [sys.executable, "-m", "pinggu_desk", "assess", "--facts", facts({"职工人数": -1})]
    done = subprocess.run(words, capture_output=True, env={"LC_ALL": "C", "PYTHONPATH": str(resource_root().parent)})
    assert done.returncode == 2
    assert "不能为负数" in done.stderr.decode("utf-8")


@pytest.mark.qt
def test_a_self_test_that_finds_something_says_no(capsys: Out, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selftest, "_FONTS", ("NotThere",))
    assert run(["--self-test"]) == 1
    assert "缺字体文件 NotThere.ttf" in capsys.readouterr().out


@pytest.mark.qt
def test_the_self_test_tries_everything(capsys: Out) -> None:
    assert run(["--self-test"]) == 0, capsys.readouterr().out
    assert "自检通过" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["清单.pdf", "清单.xlsx"])
def test_match_writes_the_list_as_page_or_workbook(capsys: Out, facts: Facts, tmp_path: Path, name: str) -> None:
    given = facts({**LISTED, "申请人名称": "示例上市有限公司"})
    out = tmp_path / name
    assert run(["match", "--facts", given, "--subject", "单位", "--on", "2026-04-01", "-o", str(out)]) == 0
    assert capsys.readouterr().out == f"已写入 {out}（未登记）\n"
    if name.endswith(".pdf"):
        text = "".join("".join(page.extract_text() for page in pypdf.PdfReader(out).pages).split())
    else:
        text = "".join(str(c.value) for sheet in openpyxl.load_workbook(out) for row in sheet for c in row)
    assert "示例上市有限公司" in text and "企业上市奖励" in text and "不是公文" in text


def test_match_refuses_a_file_name_it_can_t_write(capsys: Out, facts: Facts, tmp_path: Path) -> None:
    out = tmp_path / "清单.docx"
    assert run(["match", "--facts", facts(LISTED), "-o", str(out)]) == 2
    assert "只写成 .pdf 或 .xlsx" in capsys.readouterr().err
    assert not out.exists()


@pytest.mark.parametrize(
    ("command", "title"), [("receipt", "受理回执"), ("checklist", "材料清单"), ("working", "测算明细")]
)
def test_the_other_papers_are_written(capsys: Out, facts: Facts, tmp_path: Path, command: str, title: str) -> None:
    out = tmp_path / "文书.pdf"
    given = facts({**LISTED, "申请人名称": "示例上市有限公司"})
    arguments = ["--facts", given, "--policy", "ss", "--on", "2026-04-01", "-o", str(out)]
    assert run([command, *arguments, "--received", "上市、挂牌企业营业执照副本"]) == 0, capsys.readouterr().err
    assert capsys.readouterr().out == f"已写入 {out}（未登记）\n"
    text = "".join("".join(page.extract_text() for page in pypdf.PdfReader(out).pages).split())
    assert title in text and "示例上市有限公司" in text and "编号：未登记" in text
    if command == "receipt":
        assert "收到材料1件" in text


def test_a_material_that_is_not_on_the_list_is_refused(capsys: Out, facts: Facts, tmp_path: Path) -> None:
    given = facts({**LISTED, "申请人名称": "示例上市有限公司"})
    arguments = ["receipt", "--facts", given, "--policy", "ss", "--on", "2026-04-01", "-o", str(tmp_path / "a.pdf")]
    assert run([*arguments, "--received", "营业执照"]) == 2
    said = capsys.readouterr().err
    assert "材料“营业执照”不在本次的材料清单里，应为“" in said and said.count("\n") == 1


def test_three_thousand_awards_take_no_longer_than_none(capsys: Out, facts: Facts) -> None:
    """FOUND 66: what the awards come to is worked out once, not once a reading and benefit; what is told of them is short."""
    award = {"policy": "tztc", "benefit": "fund", "amount": 5, "date": "2024-05-06", "matter": "示例"}
    counted: list[int] = []
    looked = engines.awards_span

    def counting(fact: Any, awards: Any, on: Any) -> tuple[int, int]:
        counted.append(len(awards))
        return looked(fact, awards, on)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engines, "awards_span", counting)
        said(capsys, "assess", "--facts", facts({"职工人数": 5, "awards": [award] * 3000}), "--json")
    assert counted and sum(counted) <= 3000 * 4


def test_a_trial_is_told_what_to_look_at_again(facts: Facts, capsys: Out) -> None:
    """FOUND 70: a value tried by --what-if asks for a second look as a stated one does; it is told as tried."""
    path = facts({"本区工商注册": "是", "职工人数": 30})
    assert run(["match", "--facts", path, "--what-if", "职工人数=9000000", "--json"]) == 0
    out = capsys.readouterr()
    report = json.loads(out.out)
    assert report["warnings"] == []
    (doubt,) = report["what_if"]["warnings"]
    assert doubt["facts"] == ["职工人数"] and doubt["sentence"] in out.err and "试算提示：" in out.err
