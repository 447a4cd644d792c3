"""Issue 10 at the desk: a licence that is pasted fills the fields, by keyboard; nothing is kept before it is confirmed."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from pinggu_desk.desk.match.page import MatchPage
from pinggu_desk.desk.pages.applicant_form import ApplicantForm
from pinggu_desk.desk.pages.new_case import NewCasePage

from .conftest import Desk
from .test_who import new_form, only, register_of

K, CTRL = Qt.Key, Qt.KeyboardModifier.ControlModifier
CODE = "91110117MA01ABCD5U"
NAME = "北京示例贴照科技有限公司"
PRINTED = f"""统一社会信用代码：{CODE}
名　　称：{NAME}
类　　型：有限责任公司(自然人独资)
法定代表人：示例人
注册资本：伍佰万元整
成立日期：2019年03月12日
住　　所：北京市平谷区示例镇1号"""
ROW = f"{NAME}\t{CODE}\t北京市平谷区示例镇1号\t示例人\t500万元\t2019-03-12"


def paste(desk: Desk, text: str) -> None:
    QGuiApplication.clipboard().setText(text)
    desk.key(K.Key_V, CTRL)


def filled(form: ApplicantForm) -> tuple[str, ...]:
    standing = form.standing.fields
    return (
        form.kind.text(), form.name.text(), form.code.text(),
        *(standing[name].text() for name in ("法定代表人", "注册资本", "注册地址")),
    )  # fmt: skip


WHOLE = ("企业", NAME, CODE, "示例人", "500万元", "北京市平谷区示例镇1号")


@pytest.mark.parametrize("text", [PRINTED, ROW])
def test_pasted_into_the_name_it_fills_the_form_and_asks_whether_it_is_registered_here(desk: Desk, text: str) -> None:
    form = new_form(desk)
    assert form.name.has_focus()
    paste(desk, text)
    assert filled(form) == WHOLE
    here = form.here["企业"]
    assert here.isVisible() and here.has_focus() and here.text() == "" and not form.here["机构"].isVisible()
    assert register_of(desk).search(NAME) == []
    desk.key(K.Key_1)
    form.save.click()
    desk.settle()
    who = only(desk, NAME)
    known = register_of(desk).known_facts(who.id)
    assert (who.kind, who.code) == ("企业", CODE)
    assert {name: one.value_text for name, one in known.items()} == {
        "法定代表人": "示例人", "注册资本": "500万元", "注册地址": "北京市平谷区示例镇1号", "本区工商注册": "是",
    }  # fmt: skip


def test_what_was_only_offered_is_not_kept(desk: Desk) -> None:
    form = new_form(desk)
    form.licence.focus_input()
    paste(desk, PRINTED)
    assert form.licence.text() == "" and filled(form) == WHOLE
    form.save.click()
    desk.settle()
    assert "本区工商注册" not in register_of(desk).known_facts(only(desk, NAME).id)


def test_a_scanner_that_types_and_ends_with_enter_is_read_as_well(desk: Desk) -> None:
    form = new_form(desk)
    form.licence.focus_input()
    desk.type(" ".join(PRINTED.splitlines()))
    desk.key(K.Key_Return)
    assert filled(form) == WHOLE


def test_an_address_alone_and_another_district_are_told_and_offer_nothing(desk: Desk) -> None:
    form = new_form(desk)
    form.licence.focus_input()
    paste(desk, "https://www.example.cn/show?id=1")
    assert "只是一个网址" in form.licence._help.text() and form.name.text() == ""
    form.licence.focus_input()
    paste(desk, PRINTED.replace("平谷区", "密云区"))
    assert form.name.text() == NAME and not form.here["企业"].isVisible()


def test_pasted_into_the_search_at_the_top_it_is_looked_for_and_registered_by_f2(desk: Desk) -> None:
    desk.key(K.Key_K, CTRL)
    paste(desk, PRINTED)
    assert desk.frame.top.line.text() == CODE and desk.frame.searching.results.hits() == []
    desk.key(K.Key_F2)
    page = desk.frame.current()
    assert isinstance(page, NewCasePage)
    assert filled(page.form) == WHOLE
    page.form.save.click()
    desk.settle()
    desk.key(K.Key_K, CTRL)
    paste(desk, ROW)
    assert [hit.title for hit in desk.frame.searching.results.hits()][:1] == [NAME]


def test_pasted_while_a_match_asks_whose_it_is_f3_takes_it_along(desk: Desk) -> None:
    desk.alt(2)
    page = desk.frame.current()
    assert isinstance(page, MatchPage)
    page._ask_who()
    paste(desk, PRINTED)
    assert page.who.line.text() == CODE
    desk.key(K.Key_F3)
    assert filled(page.who.form) == WHOLE
