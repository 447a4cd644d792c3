"""能享受什么 by keyboard in a real window: asked, answered, kept, tried, taken into the wizard."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from pinggu_desk.assess.match.match import Match
from pinggu_desk.desk.kit import ChoiceField, LineField
from pinggu_desk.desk.kit.rows import text_height
from pinggu_desk.desk.match.kept import MATTERS
from pinggu_desk.desk.match.listing import MatchDelegate
from pinggu_desk.desk.pages.home import HomePage
from pinggu_desk.desk.theme import Mode, Size
from pinggu_desk.desk.wizard.page import WizardPage
from pinggu_desk.desk.wizard.record import SCOPE, read_case
from tests.assess.match.test_match import COUPLE, LISTED, MANUFACTURER
from tests.assess.packs import Small
from tests.assess.profiles import example
from tests.desk.conftest import PATIENCE
from tests.desk.match.conftest import ON, Enquirer, Opener
from tests.desk.test_every_page import LONG, LOOKS, SIZES, cut, nameless, spilled
from tests.documents.paper_reader import Paper

CTRL, ALT, SHIFT = (
    Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ShiftModifier,
)  # fmt: skip
ENTER = Qt.Key.Key_Return


def answer_here(enquirer: Enquirer) -> tuple[str, str]:
    """Answer the question that is asked by its own keys, and Enter; which it was, and the text that it took."""
    field, desk = enquirer.page.asking.field, enquirer.desk
    assert field is not None
    if isinstance(field, LineField):
        desk.type("20250101" if field.unit == "" else "100")
    elif len(field.inputs()) > 1:
        desk.type("1")
    else:
        desk.key(Qt.Key.Key_Down)
    name = field.name
    desk.key(ENTER)
    return name, enquirer.page.session.enquiry.answers[name]


def test_a_visitor_is_asked_at_once_and_named_later(enquirer: Enquirer) -> None:
    desk, page = enquirer.desk, enquirer.page
    desk.alt(2)
    assert desk.frame.current() is page
    assert page.triage.line.hasFocus()
    assert enquirer.cases() == []  # looking opens nothing
    desk.key(ENTER)  # the visitor can't say: everything is gone into
    first = page.asking.name
    assert page.asking.field is not None
    assert page.asking.field.has_focus()
    question = page.session.enquiry.match.question_but(())
    assert question is not None
    assert first == question.fact
    name, text = answer_here(enquirer)
    assert page.asking.name not in ("", first)
    assert enquirer.kept() == {MATTERS: "全部", name: text}
    (case,) = enquirer.cases()
    assert case.applicant_id is None
    desk.key(Qt.Key.Key_F3)
    desk.type("示例装备")
    desk.key(ENTER)
    (case,) = enquirer.cases()
    assert case.applicant_id == enquirer.register().search("示例装备")[0].id
    assert enquirer.kept()[name] == text
    assert page.session.enquiry.subject == "单位"
    assert page.asking.field.has_focus()


def test_every_answer_is_kept_by_itself_and_a_killed_program_stands_where_it_was(
    enquirer: Enquirer, open_desk: Opener, tmp_path: Path
) -> None:
    page = enquirer.begin({"上一年度本区纳税总额": "30万元"})
    page.asking.ask("研发项目投资额")
    QTest.keyClicks(enquirer.desk.focus, "900")
    assert enquirer.kept()["研发项目投资额"] == "900"
    enquirer.desk.settle()
    folder = tmp_path / "after"
    shutil.copytree(enquirer.desk.services.folder, folder)  # as a killed program leaves it
    after = open_desk(folder)
    home = after.desk.frame.page("受理")
    assert isinstance(home, HomePage)
    (row,) = home.case_rows()
    assert "政策匹配" in row.accessibleName()
    QTest.keyClick(row, ENTER)
    after.desk.settle()
    assert after.desk.frame.current() is after.page
    assert after.page.asking.name == "研发项目投资额"
    field = after.page.asking.field
    assert isinstance(field, LineField)
    assert (field.text(), field.line.hasFocus(), field.line.hasSelectedText()) == ("900", True, False)
    assert after.page.session.enquiry.match.answers.values["上一年度本区纳税总额"] == 30_000_000


def test_undo_and_redo_walk_the_journal(enquirer: Enquirer) -> None:
    page = enquirer.begin({"研发项目投资额": "900万元"})
    page.asking.ask("研发项目投资额")
    enquirer.desk.key(Qt.Key.Key_A, CTRL)
    enquirer.desk.type("1200")
    assert enquirer.kept()["研发项目投资额"] == "1200"
    enquirer.desk.key(Qt.Key.Key_Z, CTRL)
    assert page.session.enquiry.answers["研发项目投资额"] == "900万元"
    assert page.asking.field is not None
    assert page.asking.field.text() == "900万元"
    enquirer.desk.key(Qt.Key.Key_Y, CTRL)
    assert enquirer.kept()["研发项目投资额"] == "1200"


def test_the_list_says_figure_kind_place_and_reason(enquirer: Enquirer) -> None:
    page = enquirer.begin(MANUFACTURER)
    model = page.model
    said = {model.index(row).data(Qt.ItemDataRole.UserRole): model.index(row).data() for row in range(model.rowCount())}
    assert "45.00 万元" in said["gjj.rd_subsidy"]
    assert "按条款计算" in said["gjj.rd_subsidy"]
    assert "口径待主管部门确认" in said["gjj.rd_subsidy"]
    assert "再进一步：“研发项目投资额”超过1000万元" in said["gjj.rd_subsidy"]
    assert "二、1" in said["gjj.rd_subsidy"]
    assert "本项要求国家级专精特新小巨人" in said["zxqy.giant"]
    assert "65.00 万元" in page.answer.bundle.figure.text()


def test_a_row_is_worked_out_only_when_it_is_in_sight(enquirer: Enquirer, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: set[str] = set()
    real = Match.determination

    def seen(self: Match, benefit: str) -> object:
        asked.add(benefit)
        return real(self, benefit)

    monkeypatch.setattr(Match, "determination", seen)
    page = enquirer.begin({}, who="")
    enquirer.desk.app.processEvents()
    assert page.model.rowCount() > 200
    assert 0 < len(asked) < 30


@pytest.mark.parametrize("size", SIZES)
def test_every_row_has_room_for_all_that_it_says(enquirer: Enquirer, size: Size) -> None:
    enquirer.desk.services.settings.change(mode="light", size=size)
    enquirer.desk.window.resize(1366, 768)
    page = enquirer.begin(COUPLE, who="")
    delegate = page.list.itemDelegate()
    assert isinstance(delegate, MatchDelegate)
    shape, low = delegate._shape(), []
    for at in range(page.model.rowCount()):
        row = page.model.row_at(page.model.index(at))
        if row is None or row.group != "unknown" or not row.benefit:
            continue  # the others are measured by what they say
        words = page.model.words(row.benefit, row.group)
        needs = text_height(words.figure, shape.strong, shape.figure_width)
        needs += text_height(words.meaning, shape.small, shape.figure_width)
        if needs > delegate._room(shape, page.model, row):
            low.append((words.title, words.figure, words.meaning))
    assert low == []


def test_from_the_search_of_the_first_page(enquirer: Enquirer) -> None:
    enquirer.desk.type("示例装备")
    enquirer.desk.key(Qt.Key.Key_F5)
    assert enquirer.desk.frame.current() is enquirer.page
    assert enquirer.page.session.applicant is not None
    assert enquirer.page.session.applicant.name == "示例装备制造有限公司"


def test_given_up_and_limits_are_said_with_their_clause(enquirer: Enquirer) -> None:
    page = enquirer.begin(LISTED)
    words = page.answer.given_up.text()
    bundle = page.session.enquiry.match.bundle
    lost = next(g for g in bundle.given_up if g.benefit == "hgjh.listing")
    assert lost.title in words
    assert lost.difference in words
    assert page.answer.given_up.isVisible()


def test_from_a_row_to_the_wizard_with_everything_filled_in(enquirer: Enquirer) -> None:
    page = enquirer.begin(MANUFACTURER)
    page.list.stand_on("zxqy.srdi")
    page.list.setFocus()
    enquirer.desk.key(ENTER)
    assert page.answer.card.determination is not None
    assert page.answer.card.determination.benefit == "zxqy.srdi"
    enquirer.desk.key(ENTER, CTRL)
    wizard = enquirer.desk.frame.current()
    assert isinstance(wizard, WizardPage)
    session = wizard.session
    assert (session.case.policy_id, session.case.on) == ("zxqy", ON)
    assert session.applicant is not None
    assert session.applicant.name == "示例装备制造有限公司"
    asked = {name for rule in enquirer.desk.services.engine.rules_of("zxqy") for name in rule.asks}
    for name, value in MANUFACTURER.items():
        if name in asked:
            assert session.interview.field(name).text == str(value), name
    assert "zxqy.srdi" in session.interview.chosen
    assert SCOPE in enquirer.register().answers(session.case.id)
    shown = {d.benefit: d for d in session.interview.determinations}
    assert shown["zxqy.srdi"] == page.session.enquiry.match.determination("zxqy.srdi")


def test_a_trial_moves_the_answer_and_touches_nothing(enquirer: Enquirer) -> None:
    page = enquirer.begin(MANUFACTURER)
    before = enquirer.kept()
    page.asking.ask("研发项目投资额")
    enquirer.desk.key(Qt.Key.Key_F7)
    assert "试算中" in page.banner.text()
    enquirer.desk.key(Qt.Key.Key_A, CTRL)
    enquirer.desk.type("1200")
    assert "45万元" in page.answer.moves.text()
    assert "96万元" in page.answer.moves.text()
    assert "65万元 → 116万元" in page.answer.moves.text()
    enquirer.desk.key(ENTER, CTRL)  # nothing is begun from what is only tried
    assert enquirer.desk.frame.current() is page
    assert enquirer.kept() == before
    enquirer.desk.key(Qt.Key.Key_Escape)
    assert page.banner.isHidden()
    assert page.answer.moves.isHidden()
    assert page.answer.bundle.figure.text() == "65.00 万元"
    assert page.asking.field is not None
    assert page.asking.field.text() == "900万元"
    assert enquirer.kept() == before
    assert enquirer.register().undoable(page.session.case.id)[1] is False  # type: ignore[union-attr]


def test_what_the_register_knows_is_used_with_its_day_and_noted_for_the_next_visit(enquirer: Enquirer) -> None:
    register = enquirer.register()
    whose = register.search("示例装备")[0].id
    register.remember(whose, "独立法人资格", "是", date(2026, 3, 2))
    register.remember(whose, "高新技术企业证书", "是", date(2026, 3, 2))
    enquirer.desk.frame.open_applicant(whose)
    enquirer.desk.settle()
    enquirer.desk.key(Qt.Key.Key_F5)
    page = enquirer.page
    enquirer.desk.key(ENTER)
    assert page.session.enquiry.match.answers.values["独立法人资格"] == 1
    shown = [page.asking.answers.item(row).text() for row in range(page.asking.answers.count())]
    assert "独立法人资格：是\n上次填报，2026年3月2日" in shown
    page.asking.ask("上一年度本区纳税总额")
    enquirer.desk.type("30")
    enquirer.desk.alt(4)  # leaving notes it
    assert register.known_facts(whose)["上一年度本区纳税总额"].value_text == "30"
    assert len(enquirer.cases()) == 1
    enquirer.desk.frame.open_match(whose)
    enquirer.desk.settle()
    assert len(enquirer.cases()) == 1  # the open one is gone on with
    assert page.session.enquiry.answers["上一年度本区纳税总额"] == "30"


def test_what_may_have_changed_is_offered_and_taken_by_a_key(enquirer: Enquirer) -> None:
    """FOUND 34, in an enquiry: unknown until it is taken, then an edit with its origin, and carried into the wizard."""
    register = enquirer.register()
    whose = register.search("示例装备")[0].id
    for name, text in (("高新技术企业证书", "是"), ("研发项目投资额", "800"), ("无失信行为", "是")):
        register.remember(whose, name, text, date(2026, 3, 2))
    enquirer.desk.frame.open_match(whose)
    enquirer.desk.settle()
    page = enquirer.page
    enquirer.desk.key(ENTER)
    assert not {"高新技术企业证书", "研发项目投资额"} & set(page.session.enquiry.match.answers.values)
    page.asking.ask("研发项目投资额")
    assert page.asking.offer.text().startswith("上次 2026-03-02 填：800万元") and page.asking.offer.isVisible()
    assert "以前填过" in page.asking.offered.text()
    enquirer.desk.key(Qt.Key.Key_F6)
    assert page.session.enquiry.answers["研发项目投资额"] == "800" and page.asking.name != "研发项目投资额"
    shown = [page.asking.answers.item(row).text() for row in range(page.asking.answers.count())]
    assert any(text.startswith("研发项目投资额：800万元\n已采用上次填报（2026-03-02）") for text in shown)
    enquirer.desk.key(Qt.Key.Key_F6, Qt.KeyboardModifier.ControlModifier)
    assert page.session.enquiry.answers["高新技术企业证书"] == "是" and not page.session.enquiry.offers
    enquirer.kept()
    assert page.session.case is not None
    assert register.origins(page.session.case.id)["研发项目投资额"] == "采用上次填报（2026-03-02）"


@pytest.mark.parametrize(
    ("typed", "down"), [("员工人数", False), ("职公人数", True), ("zhigongren", False), ("zgrs", False)]
)
def test_another_fact_is_found_by_what_it_is_called_and_by_its_sound(
    enquirer: Enquirer, typed: str, down: bool
) -> None:
    page = enquirer.begin({})
    page.asking.other.focus_input()
    enquirer.desk.type(typed)
    for key in (*((Qt.Key.Key_Down,) if down else ()), ENTER):
        enquirer.desk.key(key)
    assert page.asking.name == "职工人数"


def test_an_enquiry_of_another_day_is_not_gone_on_with(enquirer: Enquirer) -> None:
    """FOUND 34: yesterday's answers are offered in a new enquiry; the old one stays under 继续办理."""
    register = enquirer.register()
    whose = register.search("示例装备")[0].id
    enquirer.desk.frame.open_match(whose)
    enquirer.desk.settle()
    page = enquirer.page
    page.asking.ask("上一年度本区纳税总额")
    enquirer.desk.type("30")
    enquirer.desk.alt(4)
    tomorrow = date.today() + timedelta(days=1)
    enquirer.desk.services.today = lambda: tomorrow
    enquirer.desk.frame.open_match(whose)
    enquirer.desk.settle()
    assert len(enquirer.cases()) == 2
    enquiry = page.session.enquiry
    assert "上一年度本区纳税总额" not in enquiry.match.answers.values
    assert enquiry.view("上一年度本区纳税总额").offer is not None


def test_what_is_left_empty_is_passed_over_and_can_be_asked_for_by_name(enquirer: Enquirer) -> None:
    page = enquirer.begin({MATTERS: "全部"})
    first = page.asking.name
    enquirer.desk.key(ENTER)
    second = page.asking.name
    assert second != first
    enquirer.desk.key(ENTER)
    assert page.asking.name not in (first, second)
    page.asking.other.focus_input()
    enquirer.desk.type("研发项目投资额")
    enquirer.desk.key(ENTER)
    assert page.asking.name == "研发项目投资额"
    assert page.asking.field is not None
    assert page.asking.field.has_focus()
    page.asking.answers.setFocus()


def test_an_answer_is_changed_and_cleared_from_the_list(enquirer: Enquirer) -> None:
    page = enquirer.begin({"研发项目投资额": "900万元"})
    page.asking.answers.setFocus()
    enquirer.desk.key(ENTER)
    assert page.asking.name == "研发项目投资额"
    page.asking.answers.setFocus()
    enquirer.desk.key(Qt.Key.Key_Delete)
    assert enquirer.kept() == {"研发项目投资额": ""}
    assert "研发项目投资额" not in page.session.enquiry.match.answers.values


def test_who_asks_and_on_which_day(enquirer: Enquirer) -> None:
    page = enquirer.begin(COUPLE, who="示例申请人甲")
    rules = page.session.enquiry.match.rules.values()
    assert page.session.enquiry.subject == "个人"
    assert all(rule.benefit.recipient != "用人单位" for rule in rules)
    page.head.subject.focus_input()
    enquirer.desk.type("3")
    assert len(page.session.enquiry.match.rules) == len(enquirer.desk.services.engine.rules)
    assert enquirer.kept()["@申请方"] == "都看"
    page.head.on.focus_input()
    enquirer.desk.type("20231231")
    assert "不在政策包内" in page.banner.text()
    (case,) = enquirer.cases()
    assert case.on == date(2023, 12, 31)


def test_filters_count_and_narrow(enquirer: Enquirer) -> None:
    page = enquirer.begin(MANUFACTURER)
    groups = page.session.enquiry.match.groups
    chip = next(chip for chip in page.filters.chips if chip.key == "eligible")
    assert chip.text() == f"可申请 {len(groups['eligible'])}"
    chip.setFocus()
    enquirer.desk.key(ENTER)
    assert page.model.rowCount() == len(groups["eligible"]) + 1
    assert page.list.benefit in groups["eligible"]


def test_two_packs_are_compared_on_the_same_answers(enquirer: Enquirer, tmp_path: Path) -> None:
    page = enquirer.begin(MANUFACTURER)
    other = Small("10万元", {"xx.1": "给予10万元。"}).write(tmp_path / "resources")
    page.ask_folder = lambda _parent: other
    page.compare()
    enquirer.desk.settle()
    words = page.answer.compared.text()
    assert "企业科技研发补助：可申请，45万元（按条款计算） → 没有这个事项" in words
    assert "示例奖励：没有这个事项 → " in words
    assert "合计 65万元 → 10万元" in words
    page.compare()
    assert page.answer.compared.isHidden()
    page.ask_folder = lambda _parent: tmp_path  # no pack there
    page.compare()
    enquirer.desk.settle()
    assert page.answer.compared.isHidden()
    assert str(tmp_path) in enquirer.desk.frame.foot.said.text()


def test_a_closed_enquiry_takes_no_edits_until_it_is_reopened(enquirer: Enquirer) -> None:
    page = enquirer.begin({"研发项目投资额": "900万元"})
    page.session.close()
    enquirer.desk.settle()
    assert "已出具" in page.closed.text()
    assert not page.asking.isEnabled()
    page.list.setFocus()
    enquirer.desk.key(Qt.Key.Key_R, CTRL)
    assert page.asking.isEnabled()
    assert page.closed.isHidden()


def test_the_list_and_the_workbook_are_made_seen_kept_and_on_record(enquirer: Enquirer, tmp_path: Path) -> None:
    page = enquirer.begin(MANUFACTURER)
    page.hand.ask_path = lambda _parent, suggested: tmp_path / suggested.name
    with enquirer.qtbot.waitSignal(page.hand.draft_ready, timeout=PATIENCE):
        QTest.keyClick(enquirer.desk.focus, Qt.Key.Key_F9)
    window = page.hand.preview
    assert window is not None
    assert "第 1 页" in window.where.text()
    with enquirer.qtbot.waitSignal(page.hand.handed_out, timeout=PATIENCE) as saved:
        QTest.keyClick(window, Qt.Key.Key_S, CTRL)
    paper = Path(saved.args[0])
    assert paper.read_bytes() == window.draft.data
    assert "示例装备制造有限公司" in paper.name
    text = Paper(paper.read_bytes()).text
    assert "政策匹配清单" in text
    assert "企业科技研发补助" in text
    assert window.draft.serial in text
    QTest.keyClick(window, Qt.Key.Key_Escape)
    enquirer.desk.settle()
    with enquirer.qtbot.waitSignal(page.hand.handed_out, timeout=PATIENCE) as saved:
        QTest.keyClick(enquirer.desk.focus, Qt.Key.Key_F8)
    assert Path(saved.args[0]).suffix == ".xlsx"
    assert page.session.case is not None
    kinds = [paper.kind for paper in enquirer.register().documents(page.session.case.id)]
    assert kinds == ["政策匹配清单", "政策匹配表"]
    with enquirer.qtbot.waitSignal(page.hand.handed_out, timeout=PATIENCE):
        QTest.keyClick(enquirer.desk.focus, Qt.Key.Key_F8)
    assert len(enquirer.register().documents(page.session.case.id)) == 2, (
        "FOUND 69: the same workbook is the same paper"
    )


def test_alt_and_an_arrow_go_from_column_to_column(enquirer: Enquirer) -> None:
    page = enquirer.begin(MANUFACTURER)
    enquirer.desk.key(Qt.Key.Key_Right, ALT)
    assert page.list.hasFocus()
    enquirer.desk.key(Qt.Key.Key_Down)
    assert page.list.benefit
    enquirer.desk.key(Qt.Key.Key_Left, ALT)
    assert isinstance(page.asking.field, (ChoiceField, LineField))
    assert page.asking.field.has_focus()


@pytest.mark.parametrize(("mode", "size"), LOOKS)
def test_everything_has_a_name_and_no_word_is_cut(enquirer: Enquirer, mode: Mode, size: Size) -> None:
    enquirer.register().add_applicant("企业", LONG, address="示例镇" * 30, sample=True)
    enquirer.desk.services.settings.change(mode=mode, size=size)
    enquirer.desk.window.resize(1366, 768)
    wrong: dict[str, list[str]] = {}

    def look_at(state: str) -> None:
        enquirer.desk.settle()
        frame = enquirer.desk.frame
        if found := nameless(frame) + cut(frame) + spilled(frame):
            wrong[state] = found

    enquirer.desk.alt(2)
    look_at("nothing yet")
    page = enquirer.begin(MANUFACTURER, who="jcmc")
    page.list.setFocus()
    enquirer.desk.key(ENTER)
    look_at("a manufacturer with a long name")
    page.toggle_trial()
    page.asking.ask("研发项目投资额")
    enquirer.desk.type("0")
    look_at("tried")
    enquirer.desk.key(Qt.Key.Key_Escape)
    enquirer.begin(COUPLE | {"全职工作起始日": "不是日期"}, who="示例申请人甲")
    look_at("a couple, and a mistake")
    page.head.who_wanted.emit()
    look_at("whose")
    assert wrong == {}
    assert (enquirer.desk.window.width(), enquirer.desk.window.height()) == (1366, 768)


HIRES: dict[str, object] = {
    "汇谷人才类别": "领军人才", "创办企业或成果产业化": "是", "本区户籍": "是", "应届情形": "毕业年度内", "本区首次创办创业组织": "是",
    "符合一次性创业补贴文件": "是", "吸纳本区户籍劳动力人数": "3",
}  # fmt: skip


def test_the_applicant_s_choice_is_taken_by_a_key_kept_and_taken_back(enquirer: Enquirer) -> None:
    """FOUND 82: F5 takes the other one; the journal keeps it, undo takes it back, a killed program has it again."""
    page = enquirer.begin(HIRES, who="示例申请人甲")

    def kept() -> set[str]:
        return {one.benefit for one in page.session.enquiry.match.bundle.kept}

    assert "hgjh.startup" in kept() and "bys.hires" not in kept()
    assert "由申请人选择" in page.answer.given_up.text()
    names = [button.accessibleName() for button in page.answer.given_up.choices]
    at = next(i for i, name in enumerate(names) if "带动就业奖励" in name)
    if at == 0:
        enquirer.desk.key(Qt.Key.Key_F5)
    else:
        page.answer.given_up.choices[at].setFocus()
        enquirer.desk.key(ENTER)
    assert "bys.hires" in kept() and "hgjh.startup" not in kept()
    assert "申请人选择了“带动就业奖励”" in page.answer.given_up.text()
    assert enquirer.kept()["@申请人选择"] == "bys.hires"
    page.session.undo()
    enquirer.desk.settle()
    assert "hgjh.startup" in kept()
    page.session.redo()
    enquirer.desk.settle()
    assert "bys.hires" in kept()
    case = page.session.case
    assert case is not None
    enquirer.desk.frame.open_case(case.id)
    enquirer.desk.settle()
    assert "bys.hires" in kept()
    assert all(not one.name.startswith("@") for one in page.session.enquiry.known())


def test_one_loan_or_two_is_asked_with_what_hangs_on_it(enquirer: Enquirer) -> None:
    """FOUND 83: asked by itself as soon as both sides can be had; No keeps both."""
    page = enquirer.begin({**example("zscq.pledge"), **example("zxqy.interest")})
    page.asking.ask_next()
    assert page.asking.name == "同一笔贷款"
    assert "知识产权质押贷款贴息" in page.asking._reason("同一笔贷款")
    assert "按同一笔贷款计" in page.answer.given_up.text()
    page.session.set("同一笔贷款", "否")
    kept = {one.benefit for one in page.session.enquiry.match.bundle.kept}
    assert {"zscq.pledge", "zxqy.interest"} <= kept
    assert "按同一笔贷款计" not in page.answer.given_up.text()


def test_another_case_of_the_same_applicant_is_told_at_the_same_loan(enquirer: Enquirer) -> None:
    """FOUND 5: what the applicant asked for elsewhere is known here, in the match and in the other policy's wizard."""
    register = enquirer.register()
    whose = register.search("示例装备")[0].id
    other = register.open_case("zscq", enquirer.desk.services.pack.version, applicant_id=whose, on=ON)
    register.set_answer(other.id, SCOPE, "zscq.pledge")
    page = enquirer.begin({})
    notes = page.session.enquiry.match.determination("zxqy.interest").notes
    assert any(other.number in note and "知识产权质押贷款贴息" in note for note in notes)
    case = register.open_case("zxqy", enquirer.desk.services.pack.version, applicant_id=whose, on=ON)
    enquirer.desk.frame.open_case(case.id)
    enquirer.desk.settle()
    wizard = enquirer.desk.frame.current()
    assert isinstance(wizard, WizardPage)
    (interest,) = [d for d in wizard.session.interview.determinations if d.benefit == "zxqy.interest"]
    assert any(note.state == "elsewhere" and other.number in note.words for note in interest.overlaps)
    register.close_case(other.id, "已撤销")
    assert read_case(register, case.id).elsewhere == ()
