"""FOUND 34: what an earlier visit told is offered, dated, taken by a key and journalled; until then it is unknown."""

from __future__ import annotations

from datetime import date, datetime

from PySide6.QtCore import Qt

from pinggu_desk.desk.offers import OfferLine
from pinggu_desk.desk.wizard.factform import FactForm
from pinggu_desk.desk.wizard.issue import visit_of
from pinggu_desk.desk.wizard.record import with_party
from pinggu_desk.register.importing import Entry, Source
from pinggu_desk.register.records import Applicant
from tests.desk.wizard.conftest import CTRL, LISTED, ON, Work, words

K = Qt.Key
NOW = datetime(2027, 3, 1, 10, 0)


def come_back(work: Work) -> FactForm:
    """The same applicant a year later, on the same policy; the form of what is applied for is open."""
    work.begin("ss", LISTED)
    work.desk.frame.open_place("受理")
    work.desk.settle()
    page = work.begin("ss", on=date(2027, 3, 1))
    page.open_step("data", "上市挂牌方式")
    work.desk.settle()
    form = page.steps["data"]
    assert isinstance(form, FactForm)
    return form


def test_last_years_project_is_offered_and_nothing_is_granted_on_it(work: Work) -> None:
    form = come_back(work)
    interview = work.page.session.interview
    assert interview.values["独立法人资格"] == 1, "what lasts is filled in"
    assert "上市挂牌方式" not in interview.values and "上市挂牌日" not in interview.values
    assert all(d.status != "eligible" for d in interview.determinations)
    visit = visit_of(work.page.session, NOW)
    assert {one.name for one in visit.stated}.isdisjoint({"上市挂牌方式", "上市挂牌日"}), "papers don't know it either"
    offer = form.taking.lines["上市挂牌方式"]
    assert offer.isVisible() and f"上次 {ON:%Y-%m-%d} 填：首次上市或挂牌" in offer.text()
    assert form.fields["上市挂牌方式"].text() == ""
    assert "以前填过" in form.taking.all.text() and form.taking.all.isVisible()


def test_one_key_takes_it_as_an_edit_with_its_origin_and_undo_gives_it_back(work: Work) -> None:
    form = come_back(work)
    work.keys(K.Key_F6)
    assert form.fields["上市挂牌方式"].text() == "首次上市或挂牌" and not form.taking.lines["上市挂牌方式"].isVisible()
    assert "已采用上次填报：首次上市或挂牌" in work.desk.frame.foot.said.text()
    assert f"已采用上次填报（{ON:%Y-%m-%d}）" in words(form.fields["上市挂牌方式"])
    assert work.field_here() not in ("", "上市挂牌方式"), "on to the next, as Enter does"
    assert work.kept()["上市挂牌方式"] == "首次上市或挂牌"
    assert "已采用上次填报" in work.desk.frame.foot.said.text(), "what is said is not gone before it can be read"
    work.desk.frame.foot.read.over()
    assert work.desk.frame.foot.said.text() == ""
    last = work.register().history(work.case_id)[-1]
    assert (last.fact, last.after, last.origin) == ("上市挂牌方式", "首次上市或挂牌", f"采用上次填报（{ON:%Y-%m-%d}）")
    again = work.open(work.case_id)
    again.open_step("data", "上市挂牌方式")
    work.desk.settle()
    assert f"已采用上次填报（{ON:%Y-%m-%d}）" in words(work.field("上市挂牌方式")), "also when the case is opened again"
    work.keys((K.Key_Z, CTRL))
    assert work.field("上市挂牌方式").text() == "" and "上市挂牌方式" not in again.session.interview.values
    assert work.forms()[-1].taking.lines["上市挂牌方式"].isVisible()


def test_what_is_typed_comes_first_and_a_field_without_an_offer_says_so(work: Work) -> None:
    form = come_back(work)
    work.page.open_step("data", "上市挂牌日")
    work.keys("20270105")
    line = form.taking.lines.get("上市挂牌日", OfferLine())
    assert not line.isVisible()
    work.keys(K.Key_F6)
    assert form.fields["上市挂牌日"].text() == "20270105"
    assert "没有以前填过的值" in work.desk.frame.foot.said.text()


def test_one_key_takes_all_that_the_step_offers(work: Work) -> None:
    form = come_back(work)
    offered = set(work.page.session.interview.offers("data"))
    assert len(offered) >= 3
    work.keys((K.Key_F6, CTRL))
    kept = work.kept()
    assert all(kept[name] == LISTED[name] for name in offered)
    assert not offered & set(work.page.session.interview.offers("data"))
    assert all(form.fields[name].text() for name in offered)
    assert work.register().origins(work.case_id).keys() == offered


def test_naming_the_applicant_drops_no_other_answer(work: Work) -> None:
    """A particular typed anew replaces particulars alone: bank and document stay (session.set_party)."""
    engine = work.desk.services.engine
    who = Applicant(1, "企业", "示例新名称公司", code="91110117MA00000000")
    before = {"开户银行": "示例银行", "证件类型": "护照", "申请人名称": "示例旧名称公司", "独立法人资格": "是"}
    after = with_party(engine, before, who)
    assert after["申请人名称"] == "示例新名称公司"
    assert {n: t for n, t in after.items() if n in before and n != "申请人名称"} == {
        "开户银行": "示例银行", "证件类型": "护照", "独立法人资格": "是",
    }  # fmt: skip


def test_an_applicant_who_has_come_before_is_known_once_named(work: Work) -> None:
    """Naming an applicant who is in the register already brings its awards and what it told, not an empty file."""
    register = work.register()
    known = register.get(1)
    register.add_award(1, "ss", "ss.neeq", 100_0000_00, date(2025, 5, 1))
    register.remember(1, "上市挂牌方式", "首次上市或挂牌", ON)
    register.remember(1, "独立法人资格", "是", ON)
    page = work.begin("ss", applicant=None)
    page.session.set_party(code=known.code, name=known.name)
    page.session.flush()
    work.desk.settle()
    interview = page.session.interview
    assert page.session.applicant is not None and page.session.applicant.id == 1
    assert interview.awards is not None and len(interview.awards) == 1
    assert interview.values["独立法人资格"] == 1 and "上市挂牌方式" not in interview.values
    assert interview.field("上市挂牌方式").offer is not None


def test_what_a_list_told_says_so_and_one_key_shows_where_a_value_has_come_from(work: Work) -> None:
    """Issue 12, dated facts: each with its day, its origin and who noted it; a list's yearly figure is offered, never taken."""
    work.begin("ss", LISTED)
    work.desk.frame.open_place("受理")
    work.desk.settle()
    register = work.register()
    whose = register.case(work.case_id).applicant_id
    assert whose is not None
    listed = Source("示例花名册.xlsx", "0" * 64, date(2026, 12, 1), "申请人")
    firm = register.glance(whose)
    told = {"上市挂牌方式": "新三板挂牌企业转板上市", "独立法人资格": "否"}
    who = next(one for one in register.bearers().everyone.values() if one.id == firm.id)
    register.import_list(listed, [Entry(4, who, told, alike=frozenset((whose,)))])
    page = work.begin("ss", on=date(2027, 3, 1))
    page.open_step("data", "上市挂牌方式")
    work.desk.settle()
    form = page.steps["data"]
    assert isinstance(form, FactForm)
    assert "名单导入 2026-12-01：新三板挂牌企业转板上市" in form.taking.lines["上市挂牌方式"].text()
    assert form.fields["上市挂牌方式"].text() == "", "offered, not taken"
    assert page.session.source_of("独立法人资格", "上次填报") == "来自名单导入，2026年12月1日"
    for key in (K.Key_F6, None):
        form.fields["上市挂牌方式"].focus_input()
        work.desk.settle()
        assert work.field_here() == "上市挂牌方式"
        if key is not None:
            work.keys(key)
    work.keys((K.Key_F6, Qt.KeyboardModifier.ShiftModifier))
    work.desk.settle()
    past = form.taking.past
    assert past is not None and past.isVisible() and past.list.hasFocus()
    lines = [past.list.item(at).text() for at in range(past.list.count())]
    assert lines[0].startswith("新三板挂牌企业转板上市\n本办件 ") and "采用名单导入（2026-12-01）" in lines[0]
    assert "来自名单导入“示例花名册.xlsx”第 4 行" in lines[1] and "2026-12-01 的情况" in lines[1]
    assert lines[2].startswith("首次上市或挂牌\n"), "what the earlier visit told stays in sight"
    work.keys(K.Key_Escape)
    assert form.taking.past is None
