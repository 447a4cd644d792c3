"""An officer with only the manual, a second time (issue 13): a measure of other shapes from its text to letter, sheet and sign-off."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import openpyxl
import pytest

from pinggu_desk.commands.cli import run
from tests.documents.paper_reader import Paper

TRADE = Path(__file__).parents[2] / "data" / "trade"
ON = ("--facts", "visit.json", "--policy", "wm", "--on", "2027-06-01")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which every command of the way was given; each must have said yes."""
    place = tmp_path_factory.mktemp("trade")
    for path in TRADE.iterdir():
        shutil.copy(path, place)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(place)
        assert run(["pack", "new", "包", "--text", "wm.txt", "--id", "wm", "--department", "区商务局"]) == 0
        shutil.copy(place / "包/policies/wm/policy.yaml", "skeleton.yaml")
        with Path("包/facts.yaml").open("a", encoding="utf-8") as facts:
            facts.write(Path("facts.yaml").read_text("utf-8"))
        for name in ("policy.yaml", "cases.yaml"):
            shutil.copy(name, f"包/policies/wm/{name}")
        for name in ("overlaps.yaml", "readings.yaml"):
            shutil.copy(name, f"包/{name}")
        for words in (
            ["pack", "check", "包"], ["forms", "draw", "--pack", "包"], ["letter", "--pack", "包", *ON, "-o", "letter.pdf"],
            ["sheet", "--pack", "包", *ON, "-o", "sheet.xlsx"], ["sign-off", "--pack", "包", "--policy", "wm", "-o", "signoff.pdf"],
            ["pack", "build", "包", "-o", "wm.pack", "--day", "2027-01-01"],
        ):  # fmt: skip
            assert run(words) == 0, words
    return place


def test_the_skeleton_has_every_print_that_the_rules_need(made: Path) -> None:
    skeleton = (made / "skeleton.yaml").read_text("utf-8")
    stamps = re.findall(r"印: '([0-9a-f]{8})'", (made / "policy.yaml").read_text("utf-8"))
    assert len(stamps) == 14 and all(stamp in skeleton for stamp in stamps)
    assert "自: 2027-01-01\n至: 2028-12-31" in skeleton


def test_the_letters_first_page_tells_how_its_total_came_about(made: Path) -> None:
    """Four sums of 88.6万元 and a total of 40万元: the limit and 只取其一 stand beside it, and whose word counts."""
    paper = Paper((made / "letter.pdf").read_bytes())
    first = re.sub(r"\s", "", paper.pages[0])
    assert "正页第1页共1页" in first
    for figure in ("30.00万元", "36.00万元", "2.60万元", "20.00万元", "合计40.00万元"):
        assert figure in first
    assert "合计68.6万元，受限额约束，按40万元计" in first and "只取后一项" in first
    assert "结论以区商务局审核为准" in first and "政策执行至2028年12月31日" in first
    working = re.sub(r"\s", "", paper.text)
    assert "与1万元相比，取较高者30.5万元" in working and "按条款给予1万元" not in working
    assert "按千元取整（不足的部分舍去），计36万元" in working


def test_the_sheet_asks_for_what_the_letter_says(made: Path) -> None:
    book = openpyxl.load_workbook(made / "sheet.xlsx")
    values = {cell.value for sheet in book.worksheets for row in sheet.iter_rows() for cell in row}
    assert 400_000 in values and "人民币肆拾万元整" in values


def test_whoever_signs_reads_the_days_and_the_overlap(made: Path) -> None:
    text = re.sub(r"\s", "", Paper((made / "signoff.pdf").read_bytes()).text)
    assert "自2027年1月1日至2028年12月31日" in text and "竞合.one_of" in text and "就高" in text
    assert "数“2027”“1”“2028”“12”“31”仅见于原文：施行日期" in text
