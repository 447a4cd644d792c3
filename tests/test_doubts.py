"""FOUND 31, 41, 42 without a window: doubts are told and refuse nothing; one reader reads for desk, facts file and list."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pinggu_desk.assess.awards import Award
from pinggu_desk.assess.engine import Engine
from pinggu_desk.assess.interview import Interview
from pinggu_desk.assess.typed import read_typed
from pinggu_desk.commands.cli import run
from pinggu_desk.commands.inputs import read_facts_file
from pinggu_desk.documents.books.applicants import EnterpriseList
from pinggu_desk.policy.errors import BadInput
from pinggu_desk.policy.models import Pack
from pinggu_desk.work.batch import run_batch
from tests import bundled

ON = date(2026, 4, 1)
LARGE = {"技改固定资产投资": 8_000_000, "上市挂牌日": "2062-03-02", "联系电话": "1380000000"}
Out = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def engine() -> Engine:
    return bundled.engine()


def facts_file(path: Path, data: Any) -> str:
    path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    return str(path)


def a_list(path: Path, head: list[str], *rows: list[Any]) -> Path:
    book = openpyxl.Workbook()
    for row in (head, *rows):
        book.worksheets[0].append(row)
    book.save(path)
    return path


@pytest.mark.parametrize("command", [("assess", "--policy", "zxqy"), ("match",)])
def test_the_command_line_tells_doubts_and_answers_all_the_same(
    command: tuple[str, ...], capsys: Out, tmp_path: Path
) -> None:  # fmt: skip
    words = [*command, "--facts", facts_file(tmp_path / "f.json", LARGE), "--on", "2026-04-01", "--json"]
    assert run(words) == 0
    out = capsys.readouterr()
    warnings = json.loads(out.out)["warnings"]
    assert [one["facts"] for one in warnings] == [["技改固定资产投资"], ["上市挂牌日"], ["联系电话"]]
    assert "提示：技改固定资产投资 8000000 万元（800亿元）比平常的大得多，请核对单位是万元还是元。\n" in out.err
    assert out.err.count("提示：") == 3


def test_ordinary_answers_are_told_without_a_word(capsys: Out, tmp_path: Path) -> None:
    ordinary = {"技改固定资产投资": 800, "上市挂牌日": "2026-03-02", "联系电话": "010-69960000"}
    words = ["assess", "--policy", "zxqy", "--facts", facts_file(tmp_path / "f.json", ordinary), "--on", "2026-04-01"]
    assert run([*words, "--json"]) == 0
    out = capsys.readouterr()
    assert json.loads(out.out)["warnings"] == [] and out.err == ""


def test_a_past_award_is_looked_at_again_too(capsys: Out, tmp_path: Path) -> None:
    awards = [
        {"policy": "ss", "benefit": "neeq", "amount": "100万元", "date": "2024-05-05"},
        {"policy": "ss", "benefit": "neeq", "amount": 1000000, "date": "2062-05-05"},
    ]
    path = facts_file(tmp_path / "f.json", {"awards": awards})
    assert run(["assess", "--policy", "ss", "--facts", path, "--on", "2026-04-01", "--json"]) == 0
    said = [one["sentence"] for one in json.loads(capsys.readouterr().out)["warnings"]]
    assert said == [
        "以往奖励第 2 项：奖励金额 1000000 万元（100亿元）比平常的大得多，请核对单位是万元还是元。",
        "以往奖励第 2 项：奖励日期 2062年5月5日晚于判断日2026年4月1日，请核对年份。",
    ]


def test_less_than_the_awards_come_to_is_looked_at_again_and_more_is_not(capsys: Out, tmp_path: Path) -> None:
    """Nobody had less than what is on record; more may be of before the record, and what was stated counts either way."""
    neeq = {"policy": "ss", "benefit": "neeq", "amount": "100万元", "date": "2024-05-05"}
    told = "已领上市挂牌奖励 {}，少于按以往奖励算出的100万元，请核对。"
    for stated, wanted in (
        ("0", [told.format("0元")]),
        ("99.99万元", [told.format("99.99万元")]),
        ("100万元", []),
        ("900万元", []),
    ):
        path = facts_file(tmp_path / "f.json", {"已领上市挂牌奖励": stated, "awards": [neeq]})
        assert run(["assess", "--policy", "ss", "--facts", path, "--on", "2026-04-01", "--json"]) == 0
        assert [one["sentence"] for one in json.loads(capsys.readouterr().out)["warnings"]] == wanted, stated


def test_a_term_that_was_used_up_by_the_awards_is_looked_at_again_where_it_is_typed(engine: Engine) -> None:
    """Two years of interest on record, none stated: the field says so, and the answer stands as it was stated."""
    had = [Award("zxqy", "interest", 4_000_000_00, date(year, 2, 1)) for year in (2024, 2025)]
    interview = Interview(engine, "zxqy", ON, answers={"以前年度已享受贴息年限": "0"}, awards=had)
    doubt = interview.field("以前年度已享受贴息年限").doubt
    assert doubt is not None and doubt.sentence == "以前年度已享受贴息年限 0年，少于按以往奖励算出的2年，请核对。"


def test_an_award_that_is_told_twice_is_looked_at_again(capsys: Out, tmp_path: Path) -> None:
    neeq = {"policy": "ss", "benefit": "neeq", "amount": "100万元", "date": "2024-05-05"}
    path = facts_file(tmp_path / "f.json", {"awards": [neeq, {**neeq, "date": "2024-05-06"}, neeq]})
    assert run(["assess", "--policy", "ss", "--facts", path, "--on", "2026-04-01", "--json"]) == 0
    said = [one["sentence"] for one in json.loads(capsys.readouterr().out)["warnings"]]
    assert said == ["以往奖励第 3 项：同第 1 项完全一样，各算了一次，请核对是不是写了两遍。"]


def test_a_list_says_where_to_look_again_and_works_every_row_out(engine: Engine, tmp_path: Path) -> None:
    source = a_list(
        tmp_path / "名单.xlsx",
        ["申请人名称", "联系电话", "职工人数", "上市挂牌日", "产业融合审定投资额", "产业融合申报投资额"],
        ["示例甲公司", "010-69960000", 60, "2026-03-02", 100, 200],
        ["示例乙公司", "1380000000", 600000, "2062-03-02", 300, 200],
        ["示例丙公司", None, 700000, None, None, None],
    )
    done = run_batch(engine, str(source), tmp_path / "结果.xlsx", ON, datetime(2026, 4, 1, 9))
    assert (done.applicants, done.bad) == (3, 0)
    assert "C3、C4：职工人数比平常的大得多，请核对有没有多写或少写。" in done.told
    assert "D3：上市挂牌日晚于判断日2026年4月1日，请核对年份。" in done.told
    assert any(line.startswith("B3：联系电话：这个号码是 10 位") for line in done.told)
    assert any(line.startswith("E3：产业融合审定投资额超过了产业融合申报投资额") for line in done.told)
    notes = openpyxl.load_workbook(tmp_path / "结果.xlsx")["说明"]
    assert any("职工人数比平常的大得多" in str(row[1]) for row in notes.iter_rows(values_only=True))


# --- FOUND 41, 42: the same odd input through every door ---

MONEY, STAFF, DAY, NAME = "研发项目投资额", "职工人数", "上市挂牌日", "联系人"
LEAP = date(2024, 2, 29).toordinal()
UNSEEN = {
    "zero-width space": "\u200b", "word joiner": "\u2060", "left-to-right mark": "\u200e", "embedding": "\u202a",
    "isolate": "\u2066", "soft hyphen": "\u00ad", "byte order mark": "\ufeff", "no-break space": "\u00a0",
    "variation selector": "\ufe0f", "narrow space": "\u202f", "ideographic space": "\u3000",
}  # fmt: skip
READ: list[tuple[str, str, Any]] = [
    *((STAFF, f"1{char}20{char}", 120) for char in UNSEEN.values()),
    *((DAY, f"{char}2024-02-29{char}", LEAP) for char in UNSEEN.values()),
    (MONEY, "￥8,000,000.00", 800_000_000), (MONEY, "1.0E3", 1_000_000_000), (MONEY, "８００", 800_000_000),
    (MONEY, "800\u200b万元", 800_000_000), (DAY, "2024/2/29 0:00:00", LEAP), (DAY, "２０２４年２月２９日", LEAP),
    (STAFF, "120\r\n", 120), (STAFF, "\t120", 120), (NAME, "示例\u200b联\u200e系\u00ad人", "示例联系人"),
    (NAME, "示例\u2f29明", "示例小明"), (NAME, "示例\uf9dd", "示例利"), (NAME, "示例甲\u00a0乙", "示例甲 乙"),
    (NAME, "示例甲\n乙", "示例甲 乙"),
]  # fmt: skip
REFUSED: list[tuple[str, str]] = [
    (STAFF, "120\t300"), (STAFF, "120\r\n300\r\n"), (STAFF, "120\u2028300"), (MONEY, "8\n00"), (MONEY, "10²"),
    (STAFF, "①②"), (STAFF, "1⑵"), (MONEY, "½"), (STAFF, "₁₂"), (DAY, "2024-02\t-29"), (DAY, "²024-02-29"),
    (STAFF, "一百二"), (MONEY, "1e999999999"),
]  # fmt: skip


def at_the_desk(engine: Engine, fact: str, raw: str) -> Any:
    values, errors = read_typed(engine, {fact: raw}, ON)
    return errors.get(fact) or values[fact]


def in_a_facts_file(pack: Pack, path: Path, fact: str, raw: str) -> Any:
    try:
        return read_facts_file(facts_file(path, {fact: raw}), pack).values[fact]
    except BadInput as error:
        return error.sentence.split("：", 1)[1]


def in_a_list(pack: Pack, path: Path, fact: str, raw: str) -> Any:
    path.write_text(f'申请人名称,{fact}\n示例公司,"{raw}"\n', encoding="utf-8", newline="")
    with EnterpriseList(str(path), pack) as found:
        (row,) = (row for chunk in found.chunks(10) for row in chunk)
    value = dict(zip((one.name for one in found.facts), row.values, strict=True))[fact]
    return found.bad[0].sentence if found.bad else value


@pytest.mark.parametrize(("fact", "raw", "value"), READ, ids=[ascii(f"{fact} {raw}") for fact, raw, _ in READ])
def test_what_carries_no_meaning_is_stripped_alike(
    engine: Engine, tmp_path: Path, fact: str, raw: str, value: Any
) -> None:  # fmt: skip
    assert at_the_desk(engine, fact, raw) == value
    assert in_a_facts_file(engine.pack, tmp_path / "f.json", fact, raw) == value
    assert in_a_list(engine.pack, tmp_path / "l.csv", fact, raw) == value


@pytest.mark.parametrize(("fact", "raw"), REFUSED, ids=[ascii(f"{fact} {raw}") for fact, raw in REFUSED])
def test_what_is_not_one_value_is_refused_alike(engine: Engine, tmp_path: Path, fact: str, raw: str) -> None:
    said = at_the_desk(engine, fact, raw)
    assert isinstance(said, str) and fact in said and said.endswith("。") and "\n" not in said
    assert in_a_facts_file(engine.pack, tmp_path / "f.json", fact, raw) == said
    assert in_a_list(engine.pack, tmp_path / "l.csv", fact, raw) == said


@pytest.mark.parametrize(
    "head", ["职工\u200b人数", "\ufeff职工人数", "职工人数\u00a0", "职\u2f2f人数", "职工人\u00ad数"]
)
def test_names_of_facts_are_read_through_what_is_unseen(engine: Engine, tmp_path: Path, head: str) -> None:
    assert read_facts_file(facts_file(tmp_path / "f.json", {head: 120}), engine.pack).values == {"职工人数": 120}
    path = tmp_path / "l.csv"
    path.write_text(f"申请人名称,{head}\n示例公司,120\n", encoding="utf-8")
    with EnterpriseList(str(path), engine.pack) as found:
        assert [fact.name for fact in found.facts] == ["申请人名称", "职工人数"]
