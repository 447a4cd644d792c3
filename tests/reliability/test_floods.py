"""FOUND 66: much of anything is told shortly, refused in one sentence, or taken in step with its size."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from pinggu_desk.commands.cli import run
from pinggu_desk.documents.books.csvlist import CsvBook
from pinggu_desk.policy.errors import BadInput
from pinggu_desk.work.checking import check_everything
from pinggu_desk.work.importing.rows import digest_of
from tests.work.packs.samples import folder

Out = pytest.CaptureFixture[str]
AWARD = {"policy": "tztc", "benefit": "fund", "amount": "5万元", "date": "2024-05-06"}


def assessed(tmp_path: Path, awards: list[dict[str, Any]]) -> int:
    facts = tmp_path / "facts.json"
    facts.write_text(json.dumps({"职工人数": 5, "awards": awards}), encoding="utf-8")
    return run(["assess", "--facts", str(facts), "--policy", "tztc", "--on", "2026-04-01"])


def test_many_awards_are_hinted_at_in_a_few_lines(tmp_path: Path, capsys: Out) -> None:
    odd = [{**AWARD, "amount": f"{n}00000亿元", "date": "2024-05-06"} for n in range(1, 3)]
    assert (
        assessed(tmp_path, [AWARD] * 400 + [{**AWARD, "date": "2031-01-01", "amount": f"{n}元"} for n in range(40)])
        == 0
    )
    told = capsys.readouterr().err
    assert "以往奖励第 2、3、4、5、6 项等 399 项：同第 1 项完全一样" in told and told.count("\n") <= 8, told
    assert assessed(tmp_path, odd) == 2 and capsys.readouterr().err.count("\n") == 1


def test_more_awards_than_anybody_had_are_refused_in_one_sentence(tmp_path: Path, capsys: Out) -> None:
    assert assessed(tmp_path, [AWARD] * 10_001) == 2
    assert capsys.readouterr().err.endswith("有 10,001 项，一个申请人不会有这么多，请核对。\n")


def test_a_check_lays_a_file_out_once_however_much_it_finds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A table of which no figure stands in the text: each is found at its line, and the file is read for all of them together."""
    root = folder(tmp_path / "pack")
    rules = root / "policies/xx/policy.yaml"
    many = range(1, 301)
    steps = f"{{阶梯: 投资额, 界: '[{', '.join(map(str, many))}] 万元', 得: '[0, {', '.join(map(str, many))}] 元'}}"
    rules.write_text(rules.read_text("utf-8").replace("{按: 投资额 的 10%, 封顶: 30万元}", steps), "utf-8")
    (root / "policies/xx/cases.yaml").unlink()
    laid_out: list[str] = []
    compose = yaml.compose

    def counting(text: str, *rest: Any, **how: Any) -> Any:
        laid_out.append(text)
        return compose(text, *rest, **how)

    monkeypatch.setattr(yaml, "compose", counting)
    found = check_everything(root).findings
    assert any("1万元" in one.sentence and one.line == 10 for one in found), found[:3]
    assert sum(text == rules.read_text("utf-8") for text in laid_out) <= 3, len(laid_out)


@pytest.mark.parametrize("command", ["batch", "import-applicants"])
def test_a_line_without_an_end_and_a_file_of_nothing_are_refused_by_their_size(
    tmp_path: Path, capsys: Out, command: str
) -> None:
    """Thirty million letters in one cell, and three thousand million noughts that take no room on the disk."""

    line, sparse = tmp_path / "行.txt", tmp_path / "空.xlsx"
    line.write_bytes(b"a" * 30_000_000)
    with sparse.open("wb") as file:
        file.truncate(3_000_000_000)
    if command == "batch":
        book = CsvBook(str(line))
        with pytest.raises(BadInput, match="第 1 行有太长的单元格"):
            list(book.rows(book.sheets[0]))
        assert run(["batch", str(sparse), "-o", str(tmp_path / "out.xlsx")]) == 2
        assert capsys.readouterr().err.count("\n") == 1
    else:
        with pytest.raises(BadInput, match="大得不像一份名单"):
            digest_of(str(sparse))
