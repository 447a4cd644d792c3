"""The officer's workbench: what is typed is looked over at once, a save writes it as it was typed, nothing else changes."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from pinggu_desk.commands.cli import run
from pinggu_desk.policy.errors import BadInput
from pinggu_desk.policy.resources import manual_path
from pinggu_desk.work.officer import Workbench
from tests.documents.papers.test_signoff import fill
from tests.test_manuals import _files

POLICY = "policies/szh/policy.yaml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The finished pack of the manual's first chapter."""
    files = _files(manual_path("政策维护手册").read_text(encoding="utf-8"))
    (tmp_path / "szh.txt").write_text(files["szh.txt"], encoding="utf-8")
    root = tmp_path / "示例包"
    new = [
        "pack",
        "new",
        str(root),
        "--text",
        str(tmp_path / "szh.txt"),
        "--id",
        "szh",
        "--department",
        "区科技和信息化局",
    ]
    assert run(new) == 0
    with (root / "facts.yaml").open("a", encoding="utf-8") as facts:
        facts.write(files["facts.yaml"])
    for name in (POLICY, "policies/szh/cases.yaml"):
        (root / name).write_text(files[name], encoding="utf-8")
    return root


@pytest.fixture
def bench(folder: Path) -> Iterator[Workbench]:
    bench = Workbench(folder)
    yield bench
    bench.close()


def test_a_finished_pack_has_nothing_to_be_done(bench: Workbench) -> None:
    looked = bench.look()
    assert looked.findings == ()
    assert [one.mark for one in bench.sentences(looked, "szh")] == [""] * 11
    assert bench.files("szh")[:3] == (POLICY, "policies/szh/text.md", "policies/szh/cases.yaml")


def test_a_draft_without_examples_is_read_out_and_its_examples_can_be_begun(bench: Workbench, folder: Path) -> None:
    """Issue 13, left by an officer alone: nothing said that examples are missing, and the window had no file to write them into."""
    (bench.draft / "policies/szh/cases.yaml").unlink()
    looked = bench.look()
    assert [one.code for one in looked.findings] == ["missing-cases"]
    assert "policies/szh/cases.yaml" in bench.files("szh") and bench.text("policies/szh/cases.yaml") == ""
    assert any("最高不超过30万元" in line.words for line in bench.beside(looked, "szh", "szh.2.1").words)
    bench.put("policies/szh/cases.yaml", (folder / "policies/szh/cases.yaml").read_text("utf-8"))
    assert bench.look().findings == ()


def test_beside_a_sentence_stand_its_rule_in_yaml_in_words_and_its_examples(bench: Workbench) -> None:
    looked = bench.look()
    beside = bench.beside(looked, "szh", "szh.2.1")
    text = bench.text(POLICY).split("\n")
    assert any("数字化改造补助" in text[line - 1] for line in beside.lines)
    assert any("最高不超过30万元" in line.words for line in beside.words)
    assert len(beside.examples) == 5 and all(not one.wrong for one in beside.examples)


def test_a_figure_typed_wrong_is_told_at_once_and_nothing_is_written_until_saved(
    bench: Workbench, folder: Path
) -> None:
    before = (folder / POLICY).read_bytes()
    bench.put(POLICY, bench.text(POLICY).replace("封顶: 30万元", "封顶: 40万元"))
    assert list(bench.unsaved) == [POLICY]
    codes = {one.code for one in bench.look().findings}
    assert "number-invented" in codes
    assert (folder / POLICY).read_bytes() == before
    assert bench.save() == (POLICY,)
    assert not bench.unsaved
    assert (folder / POLICY).read_text(encoding="utf-8") == bench.text(POLICY)


def test_an_example_that_comes_out_otherwise_says_what_came_out(bench: Workbench) -> None:
    name = "policies/szh/cases.yaml"
    bench.put(
        name,
        bench.text(name).replace(
            "[300.1万元, 可申请, computed, 30万元, ~]", "[300.1万元, 可申请, computed, 31万元, ~]"
        ),
    )
    looked = bench.look()
    wrong = [one for one in bench.beside(looked, "szh", "szh.2.1").examples if one.wrong]
    assert len(wrong) == 1 and "得出30万元" in wrong[0].wrong[0]


def test_an_unclaimed_sentence_is_marked_and_claimed_in_its_place_as_a_person_would(bench: Workbench) -> None:
    text = "policies/szh/text.md"
    bench.put(text, bench.text(text).replace("## szh.3 ", "- szh.2.3 （三）同一项目只能申报一次。\n## szh.3 "))
    looked = bench.look()
    marks = {one.clause: one.mark for one in bench.sentences(looked, "szh")}
    assert "台账" in marks["szh.2.3"] or "着落" in marks["szh.2.3"]
    bench.put(POLICY, bench.claimed(looked, "szh", "szh.2.3"))
    lines = bench.text(POLICY).split("\n")
    at = next(i for i, line in enumerate(lines) if line.startswith("  szh.2.3:"))
    assert lines[at - 1].startswith("  szh.2.2:") and lines[at + 1].startswith("  szh.3.1:")
    assert "归: 计算" in lines[at]


def test_a_changed_sentence_gets_its_print_and_nothing_else_of_the_file_changes(bench: Workbench) -> None:
    text = "policies/szh/text.md"
    bench.put(text, bench.text(text).replace("加盖公章", "加盖本单位公章"))
    looked = bench.look()
    before = bench.text(POLICY).split("\n")
    after = bench.claimed(looked, "szh", "szh.3.1").split("\n")
    changed = [(a, b) for a, b in zip(before, after, strict=True) if a != b]
    assert len(changed) == 1 and changed[0][1].startswith("  szh.3.1: {归: 程序, 印: '")
    bench.put(POLICY, "\n".join(after))
    assert not any(one.code == "changed-sentence" for one in bench.look().findings)


@pytest.mark.parametrize("spoilt", ["政策: [", "政策: szh\n政策: szh\n", "", "- 一\n- 二\n", "\x00"])
def test_a_file_in_the_middle_of_being_typed_is_no_fault(bench: Workbench, spoilt: str) -> None:
    bench.put(POLICY, spoilt)
    looked = bench.look()
    assert bench.sentences(looked, "szh") is not None
    assert bench.beside(looked, "szh", "szh.2.1") is not None


def test_a_folder_without_a_pack_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="pack new"):
        Workbench(tmp_path)


def test_the_next_version_is_edited_and_signed_off_in_a_folder_of_its_own(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """``szh@2027-01-01``: the officer writes next year's rules beside this year's, with their own examples and signatures."""
    here, later = folder / "policies/szh", folder / "policies/szh@2027-01-01"
    shutil.copytree(here, later)
    rules = (later / "policy.yaml").read_text(encoding="utf-8")
    (later / "policy.yaml").write_text(
        rules.replace("已知自: 2026-11-01", "自: 2027-01-01\n已知自: 2027-01-01"), encoding="utf-8"
    )
    cases = (later / "cases.yaml").read_text(encoding="utf-8")
    (later / "cases.yaml").write_text(cases.replace("判断日: 2026-12-01", "判断日: 2027-02-01"), encoding="utf-8")
    bench = Workbench(folder)
    try:
        looked = bench.look("szh@2027-01-01")
        assert [str(one) for one in looked.findings] == []
        assert bench.policies() == ("szh", "szh@2027-01-01")
        assert len(bench.sentences(looked, "szh@2027-01-01")) == 11
        assert len(bench.beside(looked, "szh@2027-01-01", "szh.2.1").examples) == 5
        assert bench.files("szh@2027-01-01")[0] == "policies/szh@2027-01-01/policy.yaml"
    finally:
        bench.close()
    out = tmp_path / "审签.xlsx"
    assert run(["sign-off", "--pack", str(folder), "--policy", "szh@2027-01-01", "-o", str(out)]) == 0
    fill(out, {"szh.2.1": ("同意", "")})
    capsys.readouterr()
    assert run(["sign-off", "--pack", str(folder), "--read", str(out)]) == 0
    assert "已记入 szh@2027-01-01：同意 1 句" in capsys.readouterr().out
    assert (later / "signed.yaml").is_file() and not (here / "signed.yaml").exists()
