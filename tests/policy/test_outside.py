"""FOUND 8: outside figures from a facts file, an option and a list: read with unit and dates, named where they decide."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pinggu_desk.assess.determination import Determination
from pinggu_desk.assess.determine import determine
from pinggu_desk.assess.engine import Answers, Engine, read_answers
from pinggu_desk.assess.interview import Interview
from pinggu_desk.commands.cli import run
from pinggu_desk.policy.errors import BadAnswer
from pinggu_desk.policy.outside import make_figure, read_figures
from tests import bundled

PACK = bundled.pack()
LPR, WAGE = "贷款市场报价利率", "上一年度北京市全社会职工平均工资"
ON = date(2026, 4, 1)
BORROWER = {
    "应届情形": "毕业年度内", "本区户籍": "是", "在平谷创业": "是", "创业贷款借款人": "个人", "创业贷款年利率": "4%",
}  # fmt: skip


@pytest.fixture
def engine() -> Iterator[Engine]:
    """The shared engine, left as it was found: other tests of this process ask it, too."""
    yield bundled.engine()
    bundled.engine().enter({})


def interest(engine: Engine, on: date = ON) -> Determination:
    found = determine(engine, Answers(on, read_answers(PACK, BORROWER), []), ["bys"])
    return next(d for d in found if d.benefit == "bys.interest")


def test_without_the_figure_the_answer_names_it_and_with_it_where_it_comes_from(engine: Engine) -> None:
    """The parameter is the published LPR, the 150 points are the rule's."""
    bare = interest(engine)
    assert bare.status == "unknown" and [m.name for m in bare.missing] == [LPR] and bare.outside == ()
    engine.enter(read_figures(PACK, {LPR: {"值": "3.5%", "自": "2026-01-20", "来源": "示例公告"}}, ""))
    found = interest(engine)
    assert (found.status, found.rate_pct) == ("eligible", "2")
    note = next(line for line in found.trace if line.mark == "note" and LPR in line.text)
    assert (
        note.text == "外部参数“贷款市场报价利率”为3.5%，自2026年1月20日起执行，来源：示例公告"
        and note.clause == "bys.6b"
    )
    assert found.to_json()["parameters"] == [
        {"name": LPR, "value": "3.5%", "since": "2026-01-20", "until": None, "source": "示例公告", "clause": "bys.6b"}
    ]
    assert interest(engine, date(2026, 1, 19)).status == "unknown", "never the figure of another time"
    engine.enter({})
    assert interest(engine).status == "unknown"


def test_an_interview_takes_up_what_was_entered_since(engine: Engine) -> None:
    interview = Interview(engine, "bys", ON, answers=BORROWER, awards=[])
    assert not interview.renew()
    engine.enter(read_figures(PACK, {LPR: "3.5%"}, ""))
    assert interview.renew()
    assert next(d for d in interview.determinations if d.benefit == "bys.interest").rate_pct == "2"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({LPR: "3万元"}, "应以%为单位"),
        ({LPR: "300%"}, "太大"),
        ({LPR: "0.03%"}, "太小"),
        ({WAGE: 18}, "太小"),
        ({WAGE: "18亿元"}, "太大"),
        ({LPR: "三点多"}, "不是能识别的数"),
        ({LPR: {"值": "3%", "自": "2026-13-01"}}, "看不懂"),
        ({LPR: {"值": "3%", "自": "2026-03-01", "至": "2026-01-01"}}, "早于起始日"),
        ({LPR: [{"值": "3%", "自": "2026-01-01"}, {"值": "2.9%", "自": "2026-02-01"}]}, "日期重叠"),
        ({LPR: {"自": "2026-01-01"}}, "没有写值"),
        ({LPR: {"值": "3%", "备注": "甲"}}, "不认识“备注”"),
        ({"平均工资": "18万元"}, "可填的有"),
        ({LPR: "3%", "lpr": "3%"}, "给了两次"),
        ([], "应是一个对象"),
    ],
)
def test_what_can_t_be_meant_is_one_sentence(given: Any, words: str) -> None:
    with pytest.raises(BadAnswer, match=words) as refused:
        read_figures(PACK, given, "")
    assert refused.value.sentence.count("。") == 1 and refused.value.sentence.endswith("。")


def test_a_value_is_kept_in_words_with_its_unit() -> None:
    for typed in ("18万", "180000元", "18万元", "180,000", "１８万元"):
        assert make_figure(PACK.parameters[WAGE], typed).value == "18万元"


def test_file_option_and_list_say_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given, listed, out = tmp_path / "f.json", tmp_path / "名单.xlsx", tmp_path / "out.xlsx"
    facts = {"申请人名称": "示例人", "awards": [], **BORROWER}

    def rate(*more: str) -> Any:
        assert run(["assess", "--facts", str(given), "--policy", "bys", "--on", "2026-04-01", "--json", *more]) == 0
        found = json.loads(capsys.readouterr().out)["determinations"]
        return next(d for d in found if d["benefit"] == "bys.interest").get("rate_pct")

    given.write_text(json.dumps(facts, ensure_ascii=False), encoding="utf-8")
    assert rate() is None and rate("--parameter", f"{LPR} ＝ 3.5％") == "2"
    stated = {**facts, "parameters": {"lpr": {"值": "3%", "自": "2026-01-01", "来源": "示例"}}}
    given.write_text(json.dumps(stated, ensure_ascii=False), encoding="utf-8")
    assert rate() == "2.5" and rate("--parameter", f"{LPR}=3.5%") == "2", "the option counts before the file"
    assert run(["assess", "--facts", str(given), "--parameter", f"{LPR}"]) == 2
    assert "名=值" in capsys.readouterr().err
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["申请人名称", *BORROWER])
    sheet.append(["示例人", *BORROWER.values()])
    book.save(listed)
    assert run(["batch", str(listed), "-o", str(out), "--on", "2026-04-01", "--parameter", f"{LPR}=3.5%"]) == 0
    read = openpyxl.load_workbook(out)
    cells = {tuple(row) for row in read["可申请与差一点"].iter_rows(values_only=True) if "创业担保贷款贴息" in row}
    assert len(cells) == 1 and 2 in next(iter(cells))
    assert any(LPR in str(cell) for row in read["说明"].iter_rows(values_only=True) for cell in row)
