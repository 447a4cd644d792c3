"""Another version of a policy on the desk (issue 13): the day decides which is asked, the visitor is told what changes, and open
cases under a version that ends are listed for the clerk."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from pinggu_desk.assess.engine import Engine
from pinggu_desk.desk.kit import Banner
from pinggu_desk.desk.match.page import MatchPage
from pinggu_desk.desk.pages.home import HomePage
from pinggu_desk.desk.pages.policy import PolicyPage
from pinggu_desk.desk.wizard.results import ResultStep
from pinggu_desk.policy.pack import load_pack
from tests.desk.conftest import Desk, within
from tests.desk.wizard.conftest import SOUND_SME, Opener, Work
from tests.versions.changed import FOLDER, POLICY, write_changed

BEFORE, FROM = date(2026, 12, 31), date(2027, 1, 1)
UPGRADE = SOUND_SME | {
    "技改项目类别": "企业技术创新",
    "技改固定资产投资": "2000",
    "技改设备投资": "1400",
    "技改基建投资": "500",
}


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return Engine(load_pack(write_changed(tmp_path_factory.mktemp("changed") / "pack")))


@pytest.fixture
def work(changed: Engine, open_work: Opener, practice_folder: Path, tmp_path: Path) -> Work:
    folder = tmp_path / "register"
    shutil.copytree(practice_folder, folder)
    work = open_work(folder)
    work.desk.services.__dict__["_loaded"] = changed.pack, changed
    return work


def most(work: Work) -> int | None:
    return {d.benefit: d.max_fen for d in work.page.session.interview.determinations}[f"{POLICY}.upgrade"]


def home(desk: Desk) -> HomePage:
    page = desk.frame.page("受理")
    assert isinstance(page, HomePage)
    return page


def test_another_day_asks_and_answers_by_its_own_version(work: Work) -> None:
    page = work.begin(POLICY, UPGRADE, on=BEFORE)
    page.open_step("result")
    work.desk.settle()
    result = page.steps["result"]
    assert isinstance(result, ResultStep)
    assert most(work) == 100_000_000
    (card,) = result.rows
    said = "".join(banner.text() for banner in (*card.findChildren(Banner), result.ahead))
    assert (
        "标准调整：由100万元改为150万元" in said
        and "“信息化应用补助”不再给予" in said
        and "新增“智能工厂示范奖励”" in said
    )
    page.open_step("applicant")
    page.session.judge_on(FROM)
    work.desk.settle()
    assert most(work) == 150_000_000
    page.open_step("data", "评为智能工厂示范")
    assert "评为智能工厂示范" in work.in_sight()
    page.open_step("result")
    work.desk.settle()
    again = page.steps["result"]
    assert isinstance(again, ResultStep) and again is not result and again.ahead.isHidden()
    assert work.kept() == UPGRADE


def test_open_cases_under_a_version_that_ends_are_listed(work: Work) -> None:
    register = work.register()
    version = work.desk.services.pack.version
    old = register.open_case(POLICY, version, applicant_id=1, on=BEFORE)
    register.open_case("tztc", version, applicant_id=1, on=BEFORE)
    work.desk.services.today = lambda: date(2026, 11, 1)
    page = home(work.desk)
    page.enter()
    work.desk.settle()
    assert page.versions.isHidden()
    work.desk.services.today = lambda: date(2026, 12, 10)
    page.enter()
    work.desk.settle()
    assert not page.versions.isHidden()
    assert page.versions.accessibleName() == (
        "《平谷区支持中小企业发展专项资金管理办法》自2027年1月1日起适用新版本，有 1 件在办办件按原版本判断"
    )
    assert len(page.case_rows()) == 2
    page.versions.pressed.emit()
    work.desk.settle()
    (row,) = page.case_rows()
    assert row.accessibleName().endswith("自2027年1月1日起适用新版本")
    page.versions.pressed.emit()
    work.desk.settle()
    assert len(page.case_rows()) == 2 and old.number


def test_the_matters_of_another_day_are_those_of_its_version(work: Work) -> None:
    """The page 来访先问 kept the matters of the day on which it was first made, and failed on a benefit that only another version has."""
    work.desk.frame.open_place("匹配")
    work.desk.settle()
    page = work.desk.frame.current()
    assert isinstance(page, MatchPage)

    def named() -> set[str]:
        return {one.matter.name for _, _, rows in page.triage.cards for one in rows if one.isVisible()}

    assert named() and "智能工厂" not in named()
    page.session.judge_on(date(2027, 4, 1))
    work.desk.settle()
    assert "智能工厂" in named()
    page.session.judge_on(date(2026, 4, 1))
    work.desk.settle()
    assert named() and "智能工厂" not in named()


def test_what_the_next_version_brings_is_found_with_its_days_and_opened_in_it(work: Work) -> None:
    """Issue 13: the search knew today's version only."""
    desk, found = work.desk, [p for p in work.desk.services.passages if "智能工厂" in p.title]
    assert any(p.detail.startswith("〔2027年1月1日起〕") for p in found)
    assert not any("〔" in p.detail for p in desk.services.passages if "@" not in p.clause)
    desk.frame.open_clause(next(p.clause for p in found if p.title == "智能工厂示范奖励"))
    desk.settle()
    page = desk.frame.current()
    assert isinstance(page, PolicyPage) and page.text is not None
    assert page.text.policy.folder == FOLDER and page.clause_here() == "zxqy.2.8"
    assert any("自2027年1月1日起执行，不是现行版本" in one.text() for one in within(page.text, Banner))
    desk.key(Qt.Key.Key_F3)
    assert page.text.policy.folder == POLICY
    desk.key(Qt.Key.Key_F3)
    assert page.text.policy.folder == FOLDER
    desk.frame.open_clause("ss")
    desk.settle()
    assert page.text.policy.id == "ss" and len(page.foot()) == 1
