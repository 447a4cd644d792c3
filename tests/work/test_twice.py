"""Who stands in a list more than once is told: his sums are in the total once a row."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pinggu_desk.work.listpreview import preview
from pinggu_desk.work.listrun import run_list
from pinggu_desk.work.twice import Twice
from tests.bundled import engine


def listed(path: Path, *lines: str) -> str:
    path.write_text("\n".join(("企业名称,统一社会信用代码,职工人数", *lines, "")), encoding="utf-8-sig")
    return str(path)


def test_a_name_that_comes_again_is_told_with_its_rows(tmp_path: Path) -> None:
    source = listed(tmp_path / "名单.csv", "示例一,,10", "示例二,,20", "示例（三）,,1", "示例一,,30", "示例(三),,2")
    done = run_list(engine(), source, date(2026, 4, 1), [])
    assert done.told[0] == (
        "有 2 个申请人不止一行（“示例一”在第 2、5 行、“示例(三)”在第 4、6 行），各行分别测算，合计里都加了，请核对。"
    ), done.told
    assert preview(engine(), source).claimed == 5, "the line's end after the last row is no applicant"


def test_codes_decide_where_there_are_some() -> None:
    twice = Twice()
    twice.take([("示例一", "91110117MA00DEMA8F"), ("示例一", "91110117MA00DEMB6A"), ("", "")], [2, 3, 4])
    twice.take([("", "")], [5])
    assert twice.words() == [], "two of one name with codes of their own; rows without a name are nobody's"
    twice.take([("示例改名", "91110117ma00dema8f")], [9])
    assert "第 2、9 行" in twice.words()[0]
