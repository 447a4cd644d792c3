"""A list of applicants against every policy, from workbook to workbook: the answers of one by one, and what is refused."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from bench.lists import answers_of, asked, sample_rows, write_list
from pinggu_desk.assess.determination import STATUS_WORDS, Determination, figure_meaning
from pinggu_desk.assess.determine import determine
from pinggu_desk.assess.engine import Answers, Engine
from pinggu_desk.assess.match.match import Match
from pinggu_desk.assess.rules import Rule
from pinggu_desk.commands.cli import run
from pinggu_desk.documents.books import batch as batch_book
from pinggu_desk.work import batch as batching
from pinggu_desk.work import listrun
from tests import bundled

ON = date(2026, 3, 2)
MADE = datetime(2026, 3, 2, 9)


@cache
def engine() -> Engine:
    return bundled.engine()


def batch(source: Path, out: Path) -> openpyxl.Workbook:
    batching.run_batch(engine(), str(source), out, ON, MADE)
    return openpyxl.load_workbook(out)


def table(sheet: Any) -> list[dict[str, Any]]:
    head, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]


def listed(path: Path, head: Sequence[Any], *rows: Sequence[Any]) -> Path:
    book = openpyxl.Workbook()
    book.worksheets[0].title = "名单"
    for cells in (head, *rows):
        book.worksheets[0].append(list(cells))
    book.save(path)
    return path


def yuan(fen: int | None) -> Decimal | None:
    return None if fen is None else Decimal(fen) / 100


def shown(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value))


# --- the answers ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("known", [1.0, 0.6])
def test_the_answers_are_those_of_one_applicant_at_a_time(tmp_path: Path, known: float) -> None:
    """Counts, sums, the nearest thing, and each 可申请 and 差一点 with figure and clause, as a match tells them."""
    facts = asked(engine())
    rows = sample_rows(engine(), facts, 6, ON, known, seed=int(known * 10))
    write_list(tmp_path / "in.xlsx", facts, rows)
    book = batch(tmp_path / "in.xlsx", tmp_path / "out.xlsx")
    lines = table(book["可申请与差一点"])
    seen = 0
    for number, (cells, summary) in enumerate(zip(rows, table(book["汇总"]), strict=True), 2):
        values = answers_of(engine(), {fact.name: value for fact, value in zip(facts, cells, strict=True)})
        match = Match(engine(), Answers(ON, values))
        assert summary["名单行号"] == number and summary["申请人名称"] == f"示例企业{number - 1}"
        for status, word in STATUS_WORDS.items():
            assert summary[word] == sum(c.status == status for c in match.concluded.values())
        assert summary["差一点"] == len(match.near)
        assert shown(summary["确定金额合计（元）"]) == yuan(match.bundle.total_fen)
        assert shown(summary["上限合计（元）"]) == yuan(match.bundle.ceilings_fen)
        mine = {(line["政策"], line["支持事项"]): line for line in lines if line["名单行号"] == number}
        near = {named(match.rules[i]): change for i, change in match.near.items()}
        had = {named(match.rules[i]): match.determination(i) for i in match.groups["eligible"]}
        assert set(mine) == {*near, *had}
        seen += len(mine)
        for title, d in had.items():
            same(d, mine[title])
        for title, change in near.items():
            assert (mine[title]["结果"], mine[title]["还差什么"]) == ("差一点", change.words)
            assert mine[title]["依据"] == engine().pack.clause_place(change.clause)
        assert not near or summary["最近的一项"].split("：", 1)[1] in {change.words for change in near.values()}
    assert seen == len(lines) > 20


def same_line(d: Determination, line: dict[str, str]) -> None:
    """A line of the full detail."""
    assert line["结论"] == STATUS_WORDS[d.status] and line["读法"] == d.reading_words, d.benefit
    assert line["口径"] == d.figure_words.split("；")[0], d.benefit  # that a gap in the text is no published range, too
    if d.status != "ineligible":
        if d.rate_pct is not None:
            assert Decimal(line["最低（%）"]) == Decimal(line["最高（%）"]) == Decimal(d.rate_pct), d.benefit
        elif d.rate_max_pct is not None:
            assert Decimal(line["最高（%）"]) == Decimal(d.rate_max_pct), d.benefit
        else:
            ends = [f"{end / 100:.2f}" if end is not None else "" for end in (d.amount_fen, d.min_fen, d.max_fen)]
            assert [line[f"{name}（元）"] for name in ("金额", "最低", "最高")] == ends, d.benefit
        for column, kind in {"还缺": ("ask", "parameter"), "待认定": ("verdict",)}.items():
            names = set(line[column].split("、")) - {""}
            assert names == {part for m in d.missing if m.kind in kind for part in m.name.split("、")}, d.benefit


def named(rule: Rule) -> tuple[str, str]:
    return rule.policy.title, rule.benefit.title


def same(d: Determination, line: dict[str, Any]) -> None:
    where = f"{d.benefit} in row {line['名单行号']}"
    assert (line["结果"], line["政策"]) == ("可申请", d.policy_title), where
    meant = None if d.answers else d.figure  # a check (核对) comes to no figure
    assert line["口径"] == (figure_meaning(meant, d.decided) if meant else None), where
    assert line["依据"] == engine().pack.clause_place(d.clause), where
    if d.rate_pct is not None:
        assert shown(line["比例（%）"]) == Decimal(d.rate_pct), where
    elif d.rate_max_pct is not None:
        assert str(line["比例（%）"]).endswith(d.rate_max_pct), where
    elif d.amount_fen is not None:
        assert shown(line["金额（元）"]) == yuan(d.amount_fen) and line["最高（元）"] is None, where
    else:
        assert tuple(shown(line[f"{name}（元）"]) for name in ("最低", "最高")) == (yuan(d.min_fen), yuan(d.max_fen)), (
            where
        )


def test_the_full_detail_is_a_file_of_its_own_when_it_is_asked_for(tmp_path: Path) -> None:
    """Every benefit of every applicant: status, figure, ends, what is missing, whether it rests on a reading."""
    facts = asked(engine())
    rows = sample_rows(engine(), facts, 3, ON, 0.6, seed=6)
    write_list(tmp_path / "in.xlsx", facts, rows)
    detail = tmp_path / "detail.csv"
    batching.run_batch(engine(), str(tmp_path / "in.xlsx"), tmp_path / "out.xlsx", ON, MADE, detail=detail)
    assert detail.read_bytes().startswith(b"\xef\xbb\xbf")
    with detail.open(encoding="utf-8-sig", newline="") as file:
        lines = {(line["名单行号"], line["政策"], line["支持事项"]): line for line in csv.DictReader(file)}
    for number, cells in enumerate(rows, 2):
        values = answers_of(engine(), {fact.name: value for fact, value in zip(facts, cells, strict=True)})
        for d in determine(engine(), Answers(ON, values)):
            same_line(d, lines.pop((str(number), d.policy_title, d.title)))
    assert not lines


@pytest.mark.parametrize(("many", "chunk"), [(40, 12), pytest.param(1000, 300, marks=pytest.mark.exhaustive)])
def test_many_applicants_come_out_in_their_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, many: int, chunk: int
) -> None:
    """Over several chunks and, with a small sheet, over several sheets."""
    monkeypatch.setattr(listrun, "CHUNK", chunk)
    monkeypatch.setattr(batch_book, "SHEET_ROWS", many + 1)
    facts = asked(engine())
    few = sample_rows(engine(), facts, 8, ON, 1.0)
    write_list(tmp_path / "in.xlsx", facts, [few[at % 8] for at in range(many)])
    told: list[tuple[int, int]] = []
    done = batching.run_batch(
        engine(), str(tmp_path / "in.xlsx"), tmp_path / "out.xlsx", ON, MADE, lambda *n: told.append(n)
    )
    assert [done for done, _ in told] == [chunk, 2 * chunk, 3 * chunk, many]
    book = openpyxl.load_workbook(tmp_path / "out.xlsx", read_only=True)
    assert [row[0] for row in book["汇总"].iter_rows(min_row=2, values_only=True)] == list(range(2, many + 2))
    hits = [int(str(row[0])) for sheet in book.worksheets if sheet.title.startswith("可申请与差一点")
            for row in sheet.iter_rows(min_row=2, values_only=True)]  # fmt: skip
    assert hits == sorted(hits) and len(hits) == done.hits > 2 * many
    assert done.applicants == many
    book.close()


def test_totals_are_the_sums_of_the_rows(tmp_path: Path) -> None:
    facts = asked(engine())
    write_list(tmp_path / "in.xlsx", facts, sample_rows(engine(), facts, 8, ON, 1.0, seed=3))
    book = batch(tmp_path / "in.xlsx", tmp_path / "out.xlsx")
    rows, hits, totals = (table(book[name]) for name in ("汇总", "可申请与差一点", "合计"))
    assert totals[0]["确定金额（元）"] == sum(row["确定金额合计（元）"] for row in rows)
    assert totals[0]["上限（元）"] == sum(row["上限合计（元）"] for row in rows)
    benefits = [line for line in totals[1:] if line["支持事项"] != "小计"]
    for word, column in (("可申请", "可申请（个）"), ("差一点", "差一点（个）")):
        counted = sum(line[column] for line in totals if line["支持事项"] == "小计")
        assert counted == sum(line[column] for line in benefits) == sum(line["结果"] == word for line in hits)
    for line in benefits:
        own = [hit for hit in hits if (hit["政策"], hit["支持事项"]) == (line["政策"], line["支持事项"])]
        assert (line["确定金额（元）"] or 0) == sum(hit["金额（元）"] for hit in own if hit["计入合计"] == "是")


def test_the_result_is_laid_out_to_be_read_and_printed(tmp_path: Path) -> None:
    source = listed(tmp_path / "in.xlsx", ["申请人名称", "上市挂牌板块", "本区工商注册"], ["示例企业", "北交所", "是"])
    book = batch(source, tmp_path / "out.xlsx")
    assert [sheet.title for sheet in book.worksheets] == ["汇总", "可申请与差一点", "合计", "说明"]
    for sheet in book.worksheets:
        assert sheet.freeze_panes and sheet.auto_filter.ref and sheet.print_title_rows == "$1:$1"
        foot: Any = sheet.oddFooter
        assert sheet.page_setup.orientation == "landscape" and "&P" in foot.center.text
    assert book.properties.created == MADE


def test_money_is_numbers_with_a_format_and_nothing_is_a_formula(tmp_path: Path) -> None:
    facts, source = asked(engine()), tmp_path / "in.xlsx"
    write_list(source, facts, sample_rows(engine(), facts, 1, ON, 1.0, seed=3))
    book = openpyxl.load_workbook(source)
    book["名单"]["A2"].value = "=1+1"
    book["名单"]["A2"].data_type = "s"
    book.save(source)
    out = batch(source, tmp_path / "out.xlsx")
    cells = [cell for sheet in out.worksheets for row in sheet.iter_rows() for cell in row]
    assert not any(cell.data_type == "f" for cell in cells)
    assert out["汇总"]["B2"].value == "=1+1" == out["可申请与差一点"]["B2"].value
    amounts = [cell for cell in cells if cell.number_format == "#,##0.00" and cell.value is not None]
    assert amounts and all(cell.data_type == "n" for cell in amounts)


@pytest.mark.parametrize(
    ("name", "given", "read"),
    [
        ("职工人数", 12, 12), ("职工人数", "12人", 12), ("职工人数", 12.0, 12),
        ("税收贡献", 0.07, 70_000), ("税收贡献", 0.1 + 0.2, 300_000), ("税收贡献", "80万", 80_000_000),
        ("税收贡献", 12345.678901, 12_345_678_901), ("占地规模", 1600.5, 2_400_750), ("上市挂牌日", datetime(2026, 3, 2), ON.toordinal()),
        ("上市挂牌日", "2026-03-02", ON.toordinal()), ("本区工商注册", True, 1), ("上市挂牌板块", "北交所", None),
    ],
)  # fmt: skip
def test_a_cell_is_read_as_the_desk_reads_an_answer(tmp_path: Path, name: str, given: Any, read: int | None) -> None:
    from pinggu_desk.documents.books.applicants import EnterpriseList

    source = listed(tmp_path / "in.xlsx", [name], [given])
    fact = engine().pack.facts[name]
    expected = read if read is not None else [option.name for option in fact.options].index(given)
    with EnterpriseList(str(source), engine().pack) as applicants:
        assert [row.values for chunk in applicants.chunks(10) for row in chunk] == [(expected,)]


def test_a_cell_that_shows_a_percentage_is_one(tmp_path: Path) -> None:
    from pinggu_desk.documents.books.applicants import EnterpriseList

    source = listed(tmp_path / "in.xlsx", ["本地劳动力就业比例"], [0.07], [7])
    book = openpyxl.load_workbook(source)
    book["名单"]["A2"].number_format = "0.0%"
    book.save(source)
    with EnterpriseList(str(source), engine().pack) as applicants:
        assert [row.values for chunk in applicants.chunks(10) for row in chunk] == [(700,), (700,)]


def test_columns_may_be_named_by_code_and_empty_rows_are_passed_over(tmp_path: Path) -> None:
    source = listed(tmp_path / "in.xlsx", ["staff", "税收贡献", None], [12, 30, None], [], [None, 5, None])
    summary = table(batch(source, tmp_path / "out.xlsx")["汇总"])
    assert [row["名单行号"] for row in summary] == [2, 4]


# --- refusals -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("head", "row", "says"),
    [
        (["企业规模", "税收供献"], [1, 2], ["工作表“名单”", "没有一个列名是填报项", "是否指“税收贡献”"]),
        (["职工人数", "staff"], [1, 2], ["B2", "“职工人数”有两列", "两列的值不同"]),
        (["技改固定资产投资（欧元）"], [1], ["没有能读取的列", "单位"]),
        (["申请人名称", "职工人数"], [None, 3], ["第 2 行", "没有申请人名称"]),
        (["职工人数"], ["约十二"], ["工作表“名单”A2", "“约十二”不是能识别的数"]),
        (["职工人数"], [-3], ["A2", "不能为负数"]),
        (["职工人数"], [1.5], ["A2", "过细"]),
        (["职工人数"], ["=1+1"], ["A2", "填的是公式", "选择性粘贴为数值"]),
        (["上市挂牌日"], ["三月"], ["A2", "看不懂"]),
        (["上市挂牌板块"], ["纳斯达克"], ["A2", "没有“纳斯达克”这一项"]),
        (["申请人名称"], ["示例企业"], ["没有一列是能参加测算的填报项"]),
        (["职工人数"], [], ["没有一行内容"]),
        ([], [], ["第一行是空的"]),
    ],
)
def test_a_list_that_cannot_be_taken_is_refused_in_one_sentence_and_leaves_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], head: list[Any], row: list[Any], says: list[str]
) -> None:
    source, out = listed(tmp_path / "in.xlsx", head, row), tmp_path / "out.xlsx"
    out.write_bytes(b"before")
    assert run(["batch", str(source), "-o", str(out)]) == 2
    said = capsys.readouterr().err
    for piece in says:
        assert piece in said
    assert said.strip().endswith("。") and said.count("\n") == 1 and len(said) < 202 and "Traceback" not in said
    assert out.read_bytes() == b"before"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.xlsx", "out.xlsx"]


@pytest.mark.parametrize(("content", "says"), [(None, "找不到文件"), (b"PK not a workbook", "不是能读的 Excel 工作簿")])
def test_a_file_that_is_no_workbook_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes | None, says: str
) -> None:
    source = tmp_path / "in.xlsx"
    if content is not None:
        source.write_bytes(content)
    assert run(["batch", str(source), "-o", str(tmp_path / "out.xlsx")]) == 2
    assert says in capsys.readouterr().err


def test_an_interruption_leaves_nothing_behind(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl+C while rows are being written."""

    def struck(*_: object) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(batch_book.BatchSheet, "_row", struck)
    source = listed(tmp_path / "in.xlsx", ["职工人数"], [1], [2], [3])
    assert run(["batch", str(source), "-o", str(tmp_path / "out.xlsx")]) == 2
    assert "已中止" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["in.xlsx"]


def test_the_result_is_never_written_over_the_list(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = listed(tmp_path / "in.xlsx", ["申请人名称", "职工人数"], ["示例企业", 12])
    before = source.read_bytes()
    for words in (["-o", str(source)], ["-o", str(tmp_path / "out.xlsx"), "--detail", str(source)]):
        assert run(["batch", str(source), *words]) == 2
        assert "同一个文件" in capsys.readouterr().err
    assert source.read_bytes() == before and [path.name for path in tmp_path.iterdir()] == ["in.xlsx"]


def test_columns_are_shown_and_corrected_on_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = listed(tmp_path / "in.xlsx", ["申请人名称", "人头", "备用"], ["示例企业", 12, 3])
    assert run(["batch", str(source), "--preview"]) == 0
    assert "B列“人头” → 不读取，未识别；如 12" in capsys.readouterr().out
    choices = ["--column", "B=职工人数", "--column", "C="]
    assert run(["batch", str(source), "--preview", "--json", *choices]) == 0
    seen = json.loads(capsys.readouterr().out)["columns"]
    assert [(one["fact"], one["why"]) for one in seen] == [("申请人名称", "名称"), ("职工人数", "改定"), (None, "略过")]
    out = tmp_path / "out.xlsx"
    assert run(["batch", str(source), "-o", str(out), "--on", "2026-03-02", *choices]) == 0
    assert [row["名单行号"] for row in table(openpyxl.load_workbook(out)["汇总"])] == [2]
    for words, says in (
        (["--column", "B9=职工人数"], "看不懂"),
        (["--column", "B=人头"], "没有名为“人头”的填报项"),
        ([], "缺少"),
    ):
        assert run(["batch", str(source), *(["-o", str(out)] if words else []), *words]) == 2
        assert says in capsys.readouterr().err


def test_the_command_says_what_it_did(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = listed(tmp_path / "in.xlsx", ["申请人名称", "职工人数"], ["示例企业", 12])
    assert run(["batch", str(source), "--on", "2026-03-02", "-o", str(tmp_path / "out.xlsx")]) == 0
    told = capsys.readouterr()
    assert "1 个申请人" in told.out and "已测算 1/1" in told.err
    about = list(openpyxl.load_workbook(tmp_path / "out.xlsx")["说明"].iter_rows(min_row=2, values_only=True))
    assert ("判断日", "2026-03-02") in about and ("政策包", engine().pack.version.split("+")[0]) in about


def test_a_persons_number_is_given_back_with_its_middle_hidden_unless_the_office_asks(tmp_path: Path) -> None:
    """A list of persons must not become a second list of their numbers; a firm's code stays whole."""
    number, code = "110117199001011230", "91110117MA00DEMA8F"
    head = ["申请人名称", "统一社会信用代码", "证件号码", "法定代表人证件号码", "本区工商注册"]
    source = listed(
        tmp_path / "in.xlsx", head, ["示例公司", code, None, number, "是"], ["示例甲", number, number, None, "是"]
    )
    for whole in (False, True):
        out = tmp_path / f"out{whole}.xlsx"
        batching.run_batch(engine(), str(source), out, ON, MADE, whole=whole)
        cells = [str(cell) for sheet in openpyxl.load_workbook(out) for row in sheet.values for cell in row]
        assert any(code in cell for cell in cells)
        assert any(number in cell for cell in cells) is whole
        assert whole or sum("1230" in cell for cell in cells) >= 2, "its ends are there to know it by"


def test_a_first_applicant_whose_kind_is_a_firm_is_no_second_row_of_the_head(tmp_path: Path) -> None:
    """A cell 企业 is also a name of 申请人名称: the first applicant was taken for a head, and every other row refused."""
    source = listed(
        tmp_path / "in.xlsx", ("企业名称", "职工人数", "申请人类型"), ("示例甲", 30, "企业"), ("示例乙", 40, "企业")
    )
    names = [row["申请人名称"] for row in table(batch(source, tmp_path / "out.xlsx").worksheets[0])]
    assert names == ["示例甲", "示例乙"]
