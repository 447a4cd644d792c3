"""The manuals say what the program does: their tables are the program's own, and what they tell to type works as it stands."""

from __future__ import annotations

import json
import re
from datetime import datetime
from pathlib import Path
from typing import get_args

import pytest

from pinggu_desk.commands.cli import run
from pinggu_desk.documents.papers.manual import manual_pdf
from pinggu_desk.policy.diagnostics import CODES
from pinggu_desk.policy.errors import BadInput
from pinggu_desk.policy.facts import FactKind
from pinggu_desk.policy.resources import MANUALS, manual_path
from tests.documents.paper_reader import Paper
from tools.make_manuals import BLOCKS, renewed

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize("name", MANUALS)
def test_what_commands_write_into_a_manual_is_as_they_write_it_today(name: str) -> None:
    text = manual_path(name).read_text(encoding="utf-8")
    assert renewed(text) == text, "python -m tools.make_manuals"


def test_every_block_stands_in_a_manual() -> None:
    texts = "".join(manual_path(name).read_text(encoding="utf-8") for name in MANUALS)
    assert all(f"<!-- 命令生成：{block} -->" in texts for block in BLOCKS)


def test_every_finding_of_the_check_is_explained_in_the_manual() -> None:
    """A name that the sources give to a finding has its line; a line without such a name is of nothing."""
    named: set[str] = set()
    folders = ("policy", "assess", "documents/sheet", "work")
    for path in (path for folder in folders for path in (ROOT / "pinggu_desk" / folder).rglob("*.py")):
        if path.name == "diagnostics.py":
            continue
        source = path.read_text(encoding="utf-8")
        named |= set(re.findall(r'"([a-z]+(?:-[a-z]+)+)"', source)) - {"built-in"}
        named |= set(re.findall(r'(?:refuse|found|SurfaceError|ScopeError|Diagnostic|add)\(\s*"([a-z]+)",', source))
    assert named - set(CODES) == set()
    assert set(CODES) - named == set()


@pytest.mark.parametrize("name", MANUALS)
def test_a_manual_is_printed_by_the_program_s_own_paper(name: str, tmp_path: Path) -> None:
    out = tmp_path / "手册.pdf"
    assert run(["manual", name, "-o", str(out)]) == 0
    paper = Paper(out.read_bytes())
    assert name in paper.pages[0]
    text = manual_path(name).read_text(encoding="utf-8")
    for heading in re.findall(r"(?m)^#{2,3} (.+)$", text):
        assert heading.replace("　", "").replace(" ", "") in paper.text.replace("　", "").replace(" ", ""), heading


def test_what_the_page_does_not_know_is_refused_by_its_line(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="第 3 行"):
        manual_pdf("# 题\n\n<table><tr></tr></table>\n", tmp_path, datetime(2026, 3, 2), "示例")
    with pytest.raises(BadInput, match=r"没有的\.png"):
        manual_pdf("# 题\n\n![图](没有的.png)\n", tmp_path, datetime(2026, 3, 2), "示例")


def test_the_kinds_of_facts_are_those_that_can_be_written() -> None:
    """Issue 13, left by an officer alone: the manual listed 得分, which facts.yaml refuses."""
    text = manual_path("政策维护手册").read_text(encoding="utf-8")
    (listed,) = re.findall(r"(?m)^- \*\*类\*\*：([^（。]+)", text)
    assert listed.split("、") and set(listed.split("、")) == set(get_args(FactKind))


def _files(text: str) -> dict[str, str]:
    return dict(re.findall(r"<!-- 文件：(\S+) -->\n```\n(.*?)```", text, re.S))


def test_the_policy_of_the_manual_goes_from_its_text_to_a_letter_as_it_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The 25th policy: every file and every command of the manual's first chapter, in its order."""
    text = manual_path("政策维护手册").read_text(encoding="utf-8")
    files = _files(text)
    monkeypatch.chdir(tmp_path)
    Path("szh.txt").write_text(files["szh.txt"], encoding="utf-8")
    commands = [line.split()[1:] for line in re.findall(r"(?m)^pinggu-desk .+$", text)]
    new = next(words for words in commands if words[:2] == ["pack", "new"])
    assert run(new) == 0
    draft = Path("示例包/policies/szh/policy.yaml").read_text(encoding="utf-8")
    for stamp in re.findall(r"印: '([0-9a-f]{8})'", files["policies/szh/policy.yaml"]):
        assert stamp in draft  # the officer types no print: the draft has them
    with Path("示例包/facts.yaml").open("a", encoding="utf-8") as facts:
        facts.write(files["facts.yaml"])
    for name in ("policies/szh/policy.yaml", "policies/szh/cases.yaml"):
        (Path("示例包") / name).write_text(files[name], encoding="utf-8")
    Path("填报.json").write_text(files["填报.json"], encoding="utf-8")
    capsys.readouterr()
    for start in (["pack", "check"], ["forms", "draw"], ["pack", "check"], ["letter"]):
        words = next(words for words in commands if words[: len(start)] == start)
        assert run(words) == 0, capsys.readouterr()
    said = capsys.readouterr().out
    assert said.count("逐句有着落，逐数有出处，没有发现问题。") == 2
    letter = Paper(Path("告知书.pdf").read_bytes()).text
    assert "8万元" in letter and "数字化改造补助" in letter
    facts_of = json.loads(files["填报.json"])
    assert facts_of["申请人名称"] in letter
    assert (
        run(
            [
                "sheet",
                "--pack",
                "示例包",
                "--facts",
                "填报.json",
                "--policy",
                "szh",
                "--on",
                "2026-12-01",
                "-o",
                "s.xlsx",
            ]
        )
        == 0
    )
    sign_off = next(words for words in commands if words[0] == "sign-off")
    assert run(sign_off) == 0 and Path("审签.xlsx").is_file()
    build = next(words for words in commands if words[:2] == ["pack", "build"])
    assert run(build) == 0 and Path("示例.pack").is_file()


def test_editors_get_a_schema_of_every_file(tmp_path: Path) -> None:
    tmp_path /= "new"  # a folder that nobody made yet is made (issue 13: it was refused)
    assert run(["pack", "schema", "-o", str(tmp_path)]) == 0
    made = sorted(path.name for path in tmp_path.iterdir())
    assert "policy.schema.json" in made and "cases.schema.json" in made
    assert all(json.loads((tmp_path / name).read_text(encoding="utf-8"))["$schema"] for name in made)
