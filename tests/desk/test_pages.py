"""The pages, used as a clerk uses them: by keys, over a real register."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from pinggu_desk.desk.pages.applicant_form import ApplicantForm
from pinggu_desk.desk.pages.applicant_view import ApplicantView
from pinggu_desk.desk.pages.enterprise import EnterprisePage
from pinggu_desk.desk.pages.home import HomePage
from pinggu_desk.desk.pages.ledger import LedgerPage
from pinggu_desk.desk.pages.new_case import NewCasePage
from pinggu_desk.desk.pages.policy import ClauseRow, PolicyPage
from pinggu_desk.desk.search import Hit
from pinggu_desk.register import Register
from pinggu_desk.register.records import Applicant, Case
from pinggu_desk.work.papers import Papers

from .conftest import CasePage, Desk, within

ENTER, DOWN, ESC = Qt.Key.Key_Return, Qt.Key.Key_Down, Qt.Key.Key_Escape
CTRL = Qt.KeyboardModifier.ControlModifier
CODE = "91110117MA00DEMA8F"


def register_of(desk: Desk) -> Register:
    """The register itself; nothing else is asked of it while the test looks."""
    got: list[Register] = []
    desk.services.operations.run(lambda register: register, got.append)
    desk.settle()
    return got[0]


def new_case(desk: Desk, who: str = "slzb", policy: str = "zxqy") -> Case:
    desk.frame.begin_case(None, policy)
    desk.settle()
    desk.type(who)
    desk.key(ENTER)
    page = desk.frame.current()
    assert isinstance(page, CasePage)
    return page.case


def test_a_visit_begins_with_pinyin_initials_and_opens_the_case(desk: Desk) -> None:
    home = desk.frame.current()
    assert isinstance(home, HomePage)
    desk.type("slzb")
    assert [hit.title for hit in home.results.hits()] == ["示例装备制造有限公司"]
    desk.key(ENTER)
    page = desk.frame.current()
    assert isinstance(page, EnterprisePage)
    assert page.view is not None
    assert page.view.applicant.code == CODE
    desk.key(Qt.Key.Key_F2)
    new = desk.frame.current()
    assert isinstance(new, NewCasePage)
    desk.type("zxqyfz")
    assert new.policies.shown() == ["zxqy"]
    desk.key(ENTER)
    wizard = desk.frame.current()
    assert isinstance(wizard, CasePage)
    assert (wizard.case.policy_id, wizard.case.applicant_id) == ("zxqy", page.view.applicant.id)
    assert wizard.case.pack_version == desk.services.pack.version
    assert desk.frame.foot.saved.text().startswith("已暂存 ")


def test_enter_pressed_before_the_answer_is_there_takes_it_when_it_comes(desk: Desk) -> None:
    line = desk.focus
    assert isinstance(line, QLineEdit)
    line.insert("slyyhl")
    home = desk.frame.current()
    assert isinstance(home, HomePage)
    home.searching._enter()  # the answer is still on its way
    desk.settle()
    page = desk.frame.current()
    assert isinstance(page, EnterprisePage)
    assert page.view is not None
    assert page.view.applicant.name == "示例颐养护理院"


def test_the_search_finds_what_is_offered_and_the_words_of_a_clause_and_opens_the_text_there(desk: Desk) -> None:
    desk.key(Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    desk.type("wyczjl")
    hits = desk.frame.results.hits()
    assert [(hit.kind, hit.title) for hit in hits] == [("条款", "文艺创作奖励")]
    assert "文旅商体" in hits[0].detail and "五是" in hits[0].detail
    desk.key(Qt.Key.Key_Return)
    page = desk.frame.current()
    assert isinstance(page, PolicyPage) and page.text is not None
    assert page.text.policy.id == "wltst" and page.clause_here() == hits[0].key
    desk.key(Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    desk.type("创新层挂牌")
    found = [hit for hit in desk.frame.results.hits() if hit.kind == "条款"]
    assert found and all("创新层挂牌" in hit.title for hit in found)
    assert any(str(hit.key).startswith("ss.") for hit in found)


def test_a_policy_is_found_by_what_it_offers_too(desk: Desk) -> None:
    desk.key(Qt.Key.Key_F2)
    new = desk.frame.page("新办")
    assert isinstance(new, NewCasePage)
    desk.type("slzb")
    desk.key(Qt.Key.Key_Return)
    desk.type("wycz")
    assert new.policies.shown() == ["wltst"]


def test_the_search_finds_applicants_cases_and_policies_from_anywhere(desk: Desk) -> None:
    case = new_case(desk)
    desk.alt(8)
    desk.key(Qt.Key.Key_K, CTRL)
    assert desk.focus is desk.frame.top.line
    desk.type("slzbzz")
    kinds = [hit.kind for hit in desk.frame.results.hits()]
    assert kinds == ["申请人", "办件"]
    assert desk.frame.results.isVisible()
    desk.key(DOWN)
    desk.key(ENTER)
    page = desk.frame.current()
    assert isinstance(page, CasePage)
    assert page.case.id == case.id
    assert not desk.frame.results.isVisible()
    desk.key(Qt.Key.Key_K, CTRL)
    desk.type("qyss")
    hits = desk.frame.results.hits()
    assert Hit("政策", "ss", desk.services.policy_title("ss"), "政策原文与规则") in hits
    desk.key(ESC)
    assert not desk.frame.results.isVisible()
    desk.key(Qt.Key.Key_K, CTRL)
    desk.type(case.number)
    assert [(hit.kind, hit.key) for hit in desk.frame.results.hits()] == [("办件", case.id)]


def test_a_case_left_half_way_waits_at_home(desk: Desk) -> None:
    case = new_case(desk)
    desk.type("示例技改项目")
    register_of(desk).set_position(case.id, "申报数据", "")
    desk.alt(1)
    home = desk.frame.current()
    assert isinstance(home, HomePage)
    rows = home.case_rows()
    assert len(rows) == 1
    assert rows[0].accessibleName().startswith("继续办理 示例装备制造有限公司")
    assert "停在“申报数据”，已填 1 项" in rows[0].accessibleName()
    rows[0].setFocus()
    desk.key(ENTER)
    page = desk.frame.current()
    assert isinstance(page, CasePage)
    assert page.field.text() == "示例技改项目"


def test_who_is_not_found_is_registered_with_what_was_typed(desk: Desk) -> None:
    desk.key(Qt.Key.Key_F2)
    page = desk.frame.current()
    assert isinstance(page, NewCasePage)
    desk.type("示例㛃𬭎𡌶公司")
    desk.key(Qt.Key.Key_F3)
    assert page.form.name.text() == "示例㛃𬭎𡌶公司"
    assert page.form.code.has_focus()
    desk.type("91110117MA00DEMA8E")
    desk.key(ENTER)
    assert "校验不符" in page.form.code.error()
    desk.key(ENTER, Qt.KeyboardModifier.ShiftModifier)
    desk.key(Qt.Key.Key_Delete)  # coming back selects it all
    for _ in range(4):
        desk.key(ENTER)
    desk.settle()
    assert page.policies.isVisible()
    found = register_of(desk).search("示例㛃𬭎𡌶公司")
    assert [(a.kind, a.code, a.sample) for a in found] == [("企业", "", True)]


def test_a_code_that_is_known_already_calls_up_its_applicant(desk: Desk) -> None:
    desk.key(Qt.Key.Key_F2)
    page = desk.frame.current()
    assert isinstance(page, NewCasePage)
    desk.key(Qt.Key.Key_F3)
    page.form.code.focus_input()
    desk.type(CODE.lower())
    desk.key(ENTER)
    assert "已登记在“示例装备制造有限公司”名下" in page.form.duplicate.text()
    desk.key(Qt.Key.Key_F4)
    assert page._applicant is not None
    assert page._applicant.name == "示例装备制造有限公司"


def test_an_identity_number_is_checked_and_masked_in_lists(desk: Desk) -> None:
    desk.key(Qt.Key.Key_F2)
    page = desk.frame.current()
    assert isinstance(page, NewCasePage)
    desk.type("示例申请人乙")
    desk.key(Qt.Key.Key_F3)
    page.form.kind.focus_input()
    desk.key(Qt.Key.Key_3)
    page.form.code.focus_input()
    desk.type("11011719900101123X")
    desk.key(ENTER)
    assert page.form.code.error() != ""
    page.form.code.focus_input()
    desk.type("110117199001010017")
    digits = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
    body = "11011719900101001"
    good = body + "10X98765432"[sum(int(c) * w for c, w in zip(body, digits, strict=True)) % 11]
    page.form.code.focus_input()
    desk.type(good)
    desk.key(ENTER)
    assert page.form.code.error() == ""
    page.form.save.click()
    desk.settle()
    desk.key(Qt.Key.Key_K, CTRL)
    desk.type("示例申请人乙")
    assert desk.frame.results.hits()[0].detail == f"个人　110117********{good[-4:]}　示例"


def test_f1_opens_the_clause_beside_its_reading_and_escape_comes_back(desk: Desk) -> None:
    new_case(desk)
    before = desk.frame.current()
    desk.key(Qt.Key.Key_F1)
    page = desk.frame.current()
    assert isinstance(page, PolicyPage)
    assert page.text is not None
    row = desk.focus
    assert isinstance(row, ClauseRow)
    assert row.clause == "zxqy.2.1"
    assert "企业技术创新" in row.accessibleName()
    assert "技改" in row.accessibleDescription()
    top = row.mapTo(page.text.viewport(), row.rect().topLeft()).y()
    assert 0 <= top < page.text.viewport().height()
    desk.key(DOWN)
    assert isinstance(desk.focus, ClauseRow)
    assert desk.focus.clause == "zxqy.2.2"
    desk.key(ESC)
    assert desk.frame.current() is before
    assert isinstance(before, CasePage)
    assert before.field.has_focus()


def test_every_sentence_of_every_policy_is_on_its_page(desk: Desk) -> None:
    desk.alt(3)
    page = desk.frame.current()
    assert isinstance(page, PolicyPage)
    for policy in desk.services.pack.policies.values():
        page.show_policy(policy.id)
        assert page.text is not None
        shown = {row.clause for row in page.text.rows}
        assert shown == {sentence.id for sentence in policy.sentences if not sentence.heading}


def test_the_ledger_narrows_down_and_reopens_a_closed_case(desk: Desk) -> None:
    first, second = new_case(desk), new_case(desk, "slyyhl", "yl")
    register_of(desk).close_case(first.id)
    desk.alt(4)
    page = desk.frame.current()
    assert isinstance(page, LedgerPage)
    assert page.model.rowCount() == 2
    page.state.focus_input()
    desk.key(Qt.Key.Key_3)
    assert [line.case.id for line in page.model.rows] == [first.id]
    page.state.focus_input()
    desk.key(Qt.Key.Key_1)
    page.line.setFocus()
    desk.type("slyyhl")
    assert [line.case.id for line in page.model.rows] == [second.id]
    page.line.selectAll()
    desk.type("zxqy")
    desk.key(ENTER)
    assert desk.frame.current() is page  # it is closed: first the question
    desk.key(Qt.Key.Key_F6)
    opened = desk.frame.current()
    assert isinstance(opened, CasePage)
    assert (opened.case.id, opened.case.state) == (first.id, "办理中")


def open_dossier(desk: Desk, name: str) -> ApplicantView:
    whose = register_of(desk).search(name)[0]
    desk.frame.open_applicant(whose.id)
    desk.settle()
    page = desk.frame.current()
    assert isinstance(page, EnterprisePage)
    assert page.view is not None
    return page.view


def test_a_past_award_is_noted_to_the_fen_and_taken_away_again(desk: Desk) -> None:
    view = open_dossier(desk, "示例装备")
    view.award_form._add.setFocus()
    desk.key(ENTER)
    form = view.award_form
    assert form.benefit.has_focus()
    desk.type("jj")
    desk.key(DOWN)
    desk.key(ENTER)
    assert form.benefit.text() in form.benefit.options
    desk.type("10.005")
    desk.key(ENTER)
    desk.type("20250301")
    desk.key(ENTER)
    desk.key(ENTER)
    desk.key(ENTER)
    whose = view.applicant
    awards = register_of(desk).awards(whose.id)
    assert [(a.amount_fen, a.on, a.source) for a in awards] == [(10_005_000, date(2025, 3, 1), "申请人陈述")]
    fresh = desk.frame.current()
    assert isinstance(fresh, EnterprisePage)
    assert fresh.view is not None
    assert fresh.view is not view
    fresh.view._remove(awards[0].id)
    desk.settle()
    assert register_of(desk).awards(whose.id) == []


@pytest.mark.parametrize("bad", ["-3", "abc"])
def test_an_award_with_a_bad_sum_is_not_noted(desk: Desk, bad: str) -> None:
    view = open_dossier(desk, "示例装备")
    form = view.award_form
    form._begin()
    form.benefit.set_text(form.benefit.options[0])
    form.amount.set_text(bad)
    form.day.set_text("20250301")
    form.save.click()
    desk.settle()
    assert form.amount.error() != ""
    assert form.amount.has_focus()
    assert register_of(desk).awards(view.applicant.id) == []


def test_what_was_stated_before_is_shown_with_its_day(desk: Desk) -> None:
    register = register_of(desk)
    whose = register.search("示例装备")[0]
    name = next(iter(desk.services.pack.facts))
    register.remember(whose.id, name, "800", date(2026, 3, 2))
    view = open_dossier(desk, "示例装备")
    shown = [label.text() for label in within(view, QLabel)]
    assert name in shown
    assert "2026年3月2日" in shown


def test_particulars_are_changed_and_kept(desk: Desk) -> None:
    view = open_dossier(desk, "示例谷地")
    desk.key(ENTER)  # 修改资料 has the focus
    form = within(view, ApplicantForm)[0]
    form.phone.focus_input()
    desk.type("call me")
    desk.key(ENTER)
    assert "看不懂" in form.phone.error()
    form.phone.focus_input()
    desk.type("010-00000009")
    desk.key(ENTER)
    desk.key(ENTER)
    after: Applicant = register_of(desk).search("示例谷地")[0]
    assert after.phone == "010-00000009"


def test_a_failed_write_is_said_until_one_succeeds_and_it_could_be_read(desk: Desk) -> None:
    desk.services.operations.run(lambda register: register.set_answer(999, "投资额", "1"), writes=True)
    desk.settle()
    assert desk.frame.notice.isVisible()
    assert "内部编号为 999" in desk.frame.notice.text()
    assert desk.frame.foot.saved.text() == "未保存"
    new_case(desk)
    assert desk.frame.foot.saved.text().startswith("已暂存")
    assert desk.frame.notice.isVisible(), "what succeeds at once does not take it away unseen"
    desk.frame.notice.read.over()
    assert not desk.frame.notice.isVisible()


def test_only_the_case_at_work_keeps_a_page(desk: Desk) -> None:
    first = new_case(desk)
    desk.type("示例甲")
    second = new_case(desk, "slyyhl", "yl")
    desk.type("示例乙")
    desk.frame.open_case(first.id)
    desk.settle()
    desk.app.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    pages = within(desk.frame, CasePage)
    assert [page.case.id for page in pages] == [first.id]
    assert pages[0].field.text() == "示例甲"
    assert register_of(desk).answers(second.id) == {"项目名称": "示例乙"}


def test_the_ledger_as_it_is_listed_is_exported_and_on_the_trail(desk: Desk, tmp_path: Path) -> None:
    desk.services.papers = Papers()
    first, second = new_case(desk), new_case(desk, "slyyhl", "yl")
    register_of(desk).close_case(first.id)
    desk.alt(4)
    page = desk.frame.current()
    assert isinstance(page, LedgerPage)
    page.state.focus_input()
    desk.key(Qt.Key.Key_2)  # 办理中
    suggested: list[str] = []

    def ask(_parent: QWidget, path: Path) -> Path:
        suggested.append(path.name)
        return tmp_path / path.name

    page.ask_path = ask
    desk.key(Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    desk.settle()
    (path,) = tmp_path.glob("办件台账_*.xlsx")
    assert suggested == [path.name] and page.told.text() == f"已保存：{path}"
    numbers = [row[0] for row in openpyxl.load_workbook(path)["台账"].iter_rows(min_row=2, values_only=True)]
    assert numbers == [second.number]
    row = register_of(desk).audit_rows()[0]
    assert (row.event, row.detail) == ("导出台账", "1 件")


def test_an_export_that_cannot_be_written_says_so(desk: Desk, tmp_path: Path) -> None:
    desk.services.papers = Papers()
    new_case(desk)
    desk.alt(4)
    page = desk.frame.current()
    assert isinstance(page, LedgerPage)
    page.ask_path = lambda _parent, path: tmp_path / "没有" / path.name
    desk.key(Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    desk.settle()
    assert "没有写成" in page.told.text()
