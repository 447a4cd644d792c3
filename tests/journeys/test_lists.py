"""Issue 11: the same list through the desk, the command line and one by one gives the same answers; by keyboard alone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, cast

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from pinggu_desk.assess.awards import Award
from pinggu_desk.assess.engine import Answers
from pinggu_desk.assess.match.match import Match
from pinggu_desk.assess.typed import read_typed
from pinggu_desk.commands.cli import run
from pinggu_desk.desk.batch.page import BatchPage
from pinggu_desk.desk.match.page import MatchPage
from pinggu_desk.desk.rehearsal import Hands
from tests.bundled import engine
from tests.journeys.conftest import Open

ON = date(2026, 4, 1)
LISTED = {
    "本区工商注册": "是", "独立法人资格": "是", "纳入平谷区统计": "是", "上市企业来源": "本区企业", "拟上市挂牌": "否",
    "上市挂牌板块": "北交所", "上市挂牌方式": "新三板挂牌企业转板上市", "上市挂牌日": "2026-03-11",
}  # fmt: skip
#: who, with which code, what is stated of each
WHO: dict[str, tuple[str, Mapping[str, str]]] = {
    "示例转板有限公司": ("91110117MA01ABCD5U", {**LISTED, "已领上市挂牌奖励": "100"}),
    "示例新来有限公司": ("", {**LISTED, "上市挂牌板块": "新三板创新层", "上市挂牌方式": ""}),
    "示例外区有限公司": ("", {**LISTED, "本区工商注册": "否"}),
    "示例话少有限公司": ("", {"本区工商注册": "是"}),
    "示例领过有限公司": ("", {**LISTED, "上市挂牌方式": "首次上市或挂牌"}),
}  # fmt: skip
FACTS = (*LISTED, "已领上市挂牌奖励")
AWARDED = "示例领过有限公司"


def listed(path: Path) -> Path:
    """The list as an office has it: other words in some heads, past awards on a sheet of their own."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "名单"
    sheet.append(
        ["企业名称", "统一社会信用代码", "申请人类型", *(f"{f}（万元）" if f.startswith("已领") else f for f in FACTS)]
    )
    for name, (code, stated) in WHO.items():
        sheet.append([name, code, "企业", *(stated.get(fact, "") for fact in FACTS)])
    awards = book.create_sheet("以往奖励")
    awards.append(["申请人名称", "政策", "支持事项", "奖励金额（元）", "奖励日期"])
    rule = next(rule for rule in engine().rules if rule.policy.id == "ss")
    awards.append([AWARDED, rule.policy.title, rule.benefit.title, 10_000, "2025-06-01"])
    book.save(path)
    return path


def one_by_one(name: str) -> Match:
    """The match of one applicant, from what is stated of him and nothing else."""
    _, stated = WHO[name]
    texts = {fact: f"{text}万元" if fact.startswith("已领") else text for fact, text in stated.items() if text}
    values, errors = read_typed(engine(), {**texts, "申请人类型": "企业"}, ON)
    assert not errors
    rule = next(rule for rule in engine().rules if rule.policy.id == "ss")
    own = rule.benefit.id.removeprefix("ss.")
    awards = [Award("ss", own, 1_000_000, date(2025, 6, 1))] if name == AWARDED else None
    return Match(engine(), Answers(ON, values, awards))


def rows(book: openpyxl.Workbook, sheet: str) -> list[dict[str, Any]]:
    head, *lines = [tuple(line) for line in book[sheet].iter_rows(values_only=True)]
    return [dict(zip(map(str, head), line, strict=True)) for line in lines]


def look(hands: Hands) -> BatchPage:
    assert hands.window.frame is not None
    page = hands.window.frame.current()
    assert isinstance(page, BatchPage)
    return page


@pytest.mark.usefixtures("quick_passwords")
def test_the_same_list_through_desk_command_line_and_one_by_one_gives_the_same_answers(
    open_desk: Open, tmp_path: Path
) -> None:
    source, out, saved = listed(tmp_path / "名单.xlsx"), tmp_path / "命令行.xlsx", tmp_path / "窗口.xlsx"
    assert run(["batch", str(source), "-o", str(out), "--on", ON.isoformat()]) == 0
    hands, _ = open_desk(tmp_path / "practice")
    hands.press(Qt.Key.Key_6, Qt.KeyboardModifier.AltModifier)
    page = look(hands)
    cast(QLineEdit, hands.focus).insert(str(source))  # a path is pasted
    hands.press(Qt.Key.Key_Return)
    hands.press(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    hands.type(f"{ON:%Y%m%d}")
    hands.press(Qt.Key.Key_Return)
    hands.wait(lambda: page.session.stage == "preview", "the list is not read")
    assert all(one.fact for one in page.columns.model.rows) and page.session.preview is not None
    assert page.session.preview.awards_sheet == "以往奖励"
    hands.press(Qt.Key.Key_F5)
    hands.wait(lambda: page.session.stage == "results", "the list is not run")
    found = page.session.found
    assert found is not None and found.names == list(WHO)

    page.ask_path = lambda _parent, _suggested: saved
    hands.press(Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    hands.wait(saved.exists, "the workbook is not written")
    hands.wait(lambda: not page.session.exporting, "the desk does not know that it is written")
    by_command, by_desk = openpyxl.load_workbook(out), openpyxl.load_workbook(saved)
    for sheet in ("汇总", "可申请与差一点", "合计"):
        assert rows(by_desk, sheet) == rows(by_command, sheet), sheet
    summary, told = rows(by_command, "汇总"), rows(by_command, "可申请与差一点")

    eligible = 0
    for row, name in enumerate(WHO):
        match = one_by_one(name)
        can = match.groups["eligible"]
        eligible += len(can)
        line = summary[row]
        counts = (len(can), match.bundle.total_fen, match.bundle.ceilings_fen, len(match.near))
        assert counts == tuple(int(found.column(c)[row]) for c in ("eligible", "sure", "ceiling", "near")), name
        assert (line["可申请"], round((line["确定金额合计（元）"] or 0) * 100), line["差一点"]) == (
            counts[0], counts[1], counts[3]
        ), name  # fmt: skip
        titles = {one["支持事项"] for one in told if one["申请人"] == name and one["结果"] == "可申请"}
        assert titles == {match.rules[benefit].benefit.title for benefit in can}, name
        has = {rule.benefit.id for at, rule in enumerate(found.rules) if found.having([at], near=False)[row]}
        assert has == set(can), name
        opened_like(hands, page, match)
    assert eligible >= 3, "the list has something to tell"


def opened_like(hands: Hands, page: BatchPage, match: Match) -> None:
    """Open the row that is stood on, see that its determinations are these, come back, and go to the next."""
    frame = hands.window.frame
    assert frame is not None
    hands.press(Qt.Key.Key_Return)
    hands.wait(lambda: isinstance(frame.current(), MatchPage), "the row does not open")
    enquiry = cast(MatchPage, frame.current())
    row = page.results.table.here
    assert page.session.found is not None
    name = page.session.found.names[row]
    hands.wait(
        lambda: enquiry.session.applicant is not None and enquiry.session.applicant.name == name,
        f"{name} is not opened",
    )
    ours = enquiry.session.enquiry.match
    assert set(ours.rules) <= set(match.rules)
    for benefit in ours.rules:
        here, there = ours.determination(benefit), match.determination(benefit)
        assert (here.status, here.headline) == (there.status, there.headline), (name, benefit)
        assert here.status != "eligible" or here.trace == there.trace, (name, benefit)
    hands.press(Qt.Key.Key_Escape)
    hands.wait(lambda: frame.current() is page, "Esc does not come back")
    assert page.results.table.here == row
    hands.press(Qt.Key.Key_Down)
