"""One visit from the first key to the papers, in a real window, by keyboard alone; and one that is killed in the middle."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import cast

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from pinggu_desk.assess.determine import determine
from pinggu_desk.assess.engine import Answers, Engine
from pinggu_desk.desk.kit import NumberField
from pinggu_desk.desk.pages.home import CaseRow
from pinggu_desk.desk.walked import answers as listed_lately
from pinggu_desk.desk.wizard.factform import FactForm
from pinggu_desk.policy.quantity import headline_sum
from tests.documents.paper_reader import Paper
from tests.journeys.conftest import Open

RARE = "示例㛃𬭎𡌶精密制造有限公司"
EXIT = {
    "本区正常生产经营实体工业企业": "是", "列入年度调整退出计划": "是", "能源节约量": "120", "税收贡献": "499.99",
    "占地规模": "60000", "职工人数": "100",
}  # fmt: skip
SME = {
    "位于平谷区内": "是", "申报主体类型": "实体中小企业", "符合北京市产业政策": "是", "独立法人资格": "是",
    "生产经营起始日": "20200101", "财务管理制度健全规范": "是", "生产经营情况良好": "是", "会计信用良好": "是",
    "纳税信用良好": "是", "银行信用良好": "是", "符合专项资金支持方向": "是", "技改项目类别": "企业技术创新",
    "技改固定资产投资": "800.01", "技改设备投资": "600", "技改基建投资": "200", "专精特新称号": "国家级专精特新小巨人",
    "专精特新取得方式": "首次认定",
}  # fmt: skip
HEALTH = {"平谷区服务包企业": "是", "高级别管理人员": "是", "组织职工体检": "否"}


def cells(path: Path) -> list[object]:
    book = openpyxl.load_workbook(path)
    found = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert [cell.coordinate for cell in found if cell.data_type == "f"] == []
    return [cell.value for cell in found]


def within(widget: QWidget, kind: type[CaseRow]) -> list[CaseRow]:
    return list(cast("Iterable[CaseRow]", widget.findChildren(kind)))


def squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.mark.usefixtures("quick_passwords")
@pytest.mark.parametrize(
    ("policy", "facts"),
    [("ybzzy", EXIT), ("zczxqy", SME), ("qyssbf", listed_lately(date.today())), ("ylbz", HEALTH)],
    ids=["tztc", "zxqy", "ss", "yl"],
)
def test_each_policy_is_served_from_a_name_to_its_papers(
    open_desk: Open, tmp_path: Path, policy: str, facts: dict[str, str]
) -> None:
    hands, services = open_desk(tmp_path / "practice")
    page = hands.new_case("示例㛃𬭎𡌶", policy)
    hands.step(page, "eligibility")
    hands.answer(page, facts)
    hands.step(page, "result")
    letter = hands.issue(page, Qt.Key.Key_F9, tmp_path, "告知书")
    sheet = hands.issue(page, Qt.Key.Key_F8, tmp_path, "申请表")

    shown = page.session.interview.determinations
    engine = Engine(services.pack)
    interview = page.session.interview
    stated = Answers(interview.on, interview.values, interview.awards)
    again = {d.benefit: d for d in determine(engine, stated, [page.session.case.policy_id])}
    assert shown == tuple(again[d.benefit] for d in shown)
    assert any(d.status == "eligible" for d in shown)
    paper, written = Paper(letter.read_bytes()), cells(sheet)
    assert "示例㛃𬭎𡌶新材料有限公司" in paper.text
    assert "示例㛃𬭎𡌶新材料有限公司" in written
    assert "演练" in paper.text
    for determination in shown:
        if determination.status == "eligible":
            assert squeezed(determination.title) in paper.text
            assert squeezed(determination.headline) in paper.text
            assert squeezed(determination.figure_words) in paper.text
        if determination.amount_fen is not None:
            assert determination.amount_fen in [round(v * 100) for v in written if isinstance(v, (int, float))]
            assert headline_sum(determination.amount_fen).replace(" ", "") in paper.text.replace(" ", "")
    kinds: list[str] = []
    services.operations.run(
        lambda register: [issued.kind for issued in register.documents(page.session.case.id)], kinds.extend
    )
    hands.wait(lambda: bool(kinds), "the papers are not in the register")
    assert sorted(kinds) == ["政策符合性告知书", "申请表"]


@pytest.mark.usefixtures("quick_passwords")
def test_a_new_applicant_is_registered_with_committed_chinese(open_desk: Open, tmp_path: Path) -> None:
    hands, services = open_desk(tmp_path / "practice")
    hands.press(Qt.Key.Key_F2)
    frame = hands.window.frame
    assert frame is not None
    new = frame.page("新办")
    hands.wait(lambda: frame.current() is new, "no new case")
    hands.type(RARE)
    hands.press(Qt.Key.Key_F3)
    hands.wait(lambda: new.form.name.text() == RARE, "the name is not carried over")  # type: ignore[attr-defined]
    for _ in range(8):
        if new.policies.isVisible():  # type: ignore[attr-defined]
            break
        hands.press(Qt.Key.Key_Return)
    hands.wait(lambda: new.policies.isVisible(), "the applicant is not registered")  # type: ignore[attr-defined]
    hands.type("ylbz")
    hands.press(Qt.Key.Key_Return)
    page = hands.wizard()
    assert page.session.applicant is not None
    assert page.session.applicant.name == RARE
    found: list[str] = []
    services.operations.run(lambda register: [a.name for a in register.search("㛃𬭎𡌶精密")], found.extend)
    hands.wait(lambda: bool(found), "not found by its rare characters")
    assert found == [RARE]


def test_a_killed_program_reopens_at_the_same_field_with_the_same_values(open_desk: Open, tmp_path: Path) -> None:
    folder = tmp_path / "practice"
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.journeys.child", str(folder)], stdout=subprocess.PIPE, text=True, encoding="utf-8"
    )
    assert child.stdout is not None
    told = child.stdout.readline().split()
    child.kill()
    child.wait()
    child.stdout.close()
    assert told == ["KEPT", "data", "税收贡献"]

    hands, _ = open_desk(folder)
    frame = hands.window.frame
    assert frame is not None
    hands.wait(lambda: len(within(frame.page("受理"), CaseRow)) == 1, "no case to go on with")
    hands.tab_to(lambda widget: isinstance(widget, CaseRow), "the case that was begun")
    hands.press(Qt.Key.Key_Return)
    page = hands.wizard()
    hands.wait(lambda: page.session.position == ("data", "税收贡献"), "it stands elsewhere")
    form = page.steps["data"]
    assert isinstance(form, FactForm)
    field = form.fields["税收贡献"]
    assert isinstance(field, NumberField)
    hands.wait(lambda: field.line.hasFocus(), "the focus is elsewhere")
    assert field.text() == "499.99"
    assert field.line.cursorPosition() == len("499.99")
    assert page.session.interview.answers["职工人数"] == "100"
    assert page.session.interview.answers["列入年度调整退出计划"]
    hands.answer(page, EXIT)
    hands.step(page, "result")
    fund = page.session.interview.determinations[0]
    assert (fund.status, fund.amount_fen) == ("eligible", 180_000_000)
