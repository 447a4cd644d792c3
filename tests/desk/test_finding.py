"""FOUND 30, 37, 75: one begins with nothing, everyday words lead somewhere, and a search that finds nothing shows nothing."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from pinggu_desk.desk import pinyin
from pinggu_desk.desk.pages.enterprise import EnterprisePage
from pinggu_desk.desk.pages.home import HomePage
from pinggu_desk.desk.pages.new_case import NewCasePage
from pinggu_desk.desk.pages.policy import PolicyPage
from pinggu_desk.desk.pages.policy_list import PolicyList
from pinggu_desk.desk.search import Hit, passages_of
from pinggu_desk.desk.search import _texts as texts
from pinggu_desk.desk.spoken import said_as
from pinggu_desk.policy.characters import plain_name
from pinggu_desk.policy.models import Pack
from pinggu_desk.policy.synonyms import check_synonyms, load_synonyms
from tests.desk.conftest import Desk, within

K, CTRL = Qt.Key, Qt.KeyboardModifier.ControlModifier


def look_for(pack: Pack, text: str) -> list[Hit]:
    titles = {policy.id: policy.title for policy in pack.policies.values()}
    return texts(text, titles, passages_of(pack, load_synonyms()))


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("技改", "zxqy"), ("租房", "anju"), ("租房", "rcst"), ("租房", "jsq"), ("招人", "bys"), ("买设备", "zxqy"),
        ("我想买设备", "zxqy"), ("上市", "ss"), ("高新", "gxjs"), ("打官司", "zscq"), ("孩子上学", "jy"), ("看病", "yl"),
        ("居住证", "gzjzz"), ("关厂", "tztc"), ("摇号", "gzjzz"), ("民宿", "wltst"), ("贷款", "zxqy"), ("落户", "rcst"),
        ("jigai", "zxqy"), ("zufang", "anju"), ("zhaoren", "bys"), ("maishebei", "zxqy"), ("jg", "zxqy"),
        ("fuhuaqi", "fhq"), ("qiyeshangshi", "ss"), ("zhongshi", "zsjd"), ("博士后", "bsh"), ("工作室", "gzs"),
    ],
)  # fmt: skip
def test_everyday_words_and_pinyin_lead_to_a_policy(pack: Pack, typed: str, found: str) -> None:
    """FOUND 37: by characters, initials and full pinyin, each saying why it fits."""
    hits = look_for(pack, typed)
    assert found in {str(hit.key).split(".", 1)[0] for hit in hits}
    wanted = plain_name(typed)
    assert all(hit.why or wanted in plain_name(hit.title) or hit.key == wanted for hit in hits)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("搬厂", "tztc"), ("宿舍", "anju"), ("招大学生", "bys"), ("展会", "wltst"), ("买车间", "zxqy"), ("停产", "tztc"),
        ("裁员", "tztc"), ("芯片", "gjj"), ("老外", "jy"), ("外地企业", "hs"), ("创业", "bys"), ("演唱会", "wltst"),
        ("房", "anju"), ("税", "zxqy"), ("房租补贴", "jsq"), ("种大桃", "wzwm"),
        # phrases around the word, and what stands between its characters
        ("我想租个房子", "anju"), ("买几台设备", "zxqy"), ("孩子能上学吗", "jy"), ("给员工租房子", "anju"), ("公司想上个市", "ss"),
        ("专利的奖励", "zscq"), ("招几个大学生", "bys"), ("想搬到平谷来", "hs"), ("有没有贷款贴息的政策", "zxqy"),
        # characters, initials and full pinyin mixed; pinyin as people mistake it
        ("孩子sx", "jy"), ("hzshangxue", "jy"), ("招dxs", "bys"), ("zhao大学生", "bys"), ("zhuangli", "zscq"),
        # another character of the same sound, 的 and 得 among them
        ("租方", "anju"), ("专力", "zscq"), ("孩子上雪", "jy"), ("贷歀", "zxqy"), ("申请得专利", "zscq"),
    ],
)  # fmt: skip
def test_phrases_mixtures_and_slips_lead_to_a_policy_too(pack: Pack, typed: str, found: str) -> None:
    """FOUND 37: of what visitors say and clerks mistype."""
    hits = look_for(pack, typed)
    assert found in {str(hit.key).split(".", 1)[0] for hit in hits}
    assert all(hit.why or plain_name(typed) in plain_name(hit.title) for hit in hits)


def test_what_fits_as_it_stands_is_not_watered_down(pack: Pack) -> None:
    """FOUND 37, 75: the loose ways are for when nothing fits; what is nobody's word finds nothing."""
    assert {hit.key for hit in look_for(pack, "技改")} == {"zxqy.2.1"}
    assert look_for(pack, "创业")[0].why == "常说的“创业”"  # before 创业板
    for nothing in (
        "没有这样的东西",
        "asdf",
        "qqqqqq",
        "示例甲公司",
        "税负感",
        "示例文化旅游有限公司",
        "示例大桃合作社",
    ):
        assert look_for(pack, nothing) == [], nothing


def test_every_policy_is_found_by_the_words_of_visitors(pack: Pack) -> None:
    said = load_synonyms()
    assert check_synonyms(pack) == []
    for policy in pack.policies.values():
        words = {word for key in (policy.id, *(b.id for b in policy.benefits)) for word in said.get(key, ())}
        assert len(words) >= 5, policy.id
        for word in words:
            assert said_as(words, word) == word
    for policy_id in pack.policies:
        word = said[policy_id][0]
        assert policy_id in {str(hit.key).split(".", 1)[0] for hit in look_for(pack, word)}, word


def test_the_check_tells_wrong_synonyms(pack: Pack, tmp_path: object) -> None:
    from pathlib import Path

    root = Path(str(tmp_path))
    (root / "synonyms.yaml").write_text(
        "没有的: [甲乙]\nss: [上市, 上市, 单, '  空格']\nzxqy.upgrade: []\n", encoding="utf-8"
    )
    codes = [found.code for found in check_synonyms(pack, root)]
    assert codes.count("synonyms-few") == len(pack.policies) - 1
    assert {"synonyms-unknown", "synonyms-twice", "synonyms-word", "synonyms-empty"} <= set(codes)


@pytest.mark.parametrize(
    ("title", "typed"),
    [("企业上市办法", "shangshi"), ("企业上市办法", "qiyesh"), ("企业上市办法", "qyss"), ("银行", "yinhang")],
)
def test_full_pinyin_and_initials(title: str, typed: str) -> None:
    assert pinyin.contains(title, typed) and not pinyin.contains(title, "zzzz")


def test_f2_starts_empty_whoever_came_before(desk: Desk) -> None:
    """FOUND 30: F2, a name, F2 again, another name: two names, not one."""
    desk.key(K.Key_F2)
    desk.type("示例甲公司")
    desk.key(K.Key_F2)
    page = desk.frame.current()
    assert isinstance(page, NewCasePage)
    assert page.line.text() == "" and page.results.hits() == []
    desk.type("示例乙公司")
    desk.key(K.Key_F3)
    assert page.form.name.text() == "示例乙公司"
    desk.key(K.Key_Escape)
    desk.alt(1)
    desk.type("示例")
    desk.key(K.Key_F2)
    desk.alt(1)
    home = desk.frame.current()
    assert isinstance(home, HomePage) and home.line.text() == "" and not home.results.hits()
    desk.alt(2)
    desk.key(K.Key_F3)
    desk.type("示例丙")
    desk.key(K.Key_F3)
    match = desk.frame.current()
    match.who.begin()  # type: ignore[union-attr]
    desk.settle()
    assert match.who.line.text() == ""  # type: ignore[union-attr]


def shown(page: PolicyPage) -> str:
    """The policy whose text stands at the right."""
    return page.text.policy.id if page.text is not None else ""


def test_nothing_found_clears_the_policy_at_the_right(desk: Desk) -> None:
    """FOUND 75: the text of another policy does not stay beside what was typed."""
    desk.alt(3)
    page = desk.frame.current()
    assert isinstance(page, PolicyPage)
    assert shown(page)
    desk.type("没有这样的政策名")
    assert not shown(page) and page.nothing.isVisible() and not page.contacts.isVisible()
    said = " ".join(label.text() for label in within(page.nothing, QLabel))
    assert "没有这样的政策名" in said and "换个说法" in said
    assert not page.foot()[0].isEnabled()
    desk.key(K.Key_A, CTRL)
    desk.type("mshebei")
    desk.key(K.Key_A, CTRL)
    desk.type("买设备")
    assert shown(page) and "zxqy" in page.policies.shown()
    assert all(
        "买设备" in page.policies.list.item(row).text() for row in range(24) if not page.policies.list.isRowHidden(row)
    )


def test_nobody_found_clears_the_applicant_at_the_right(desk: Desk) -> None:
    """FOUND 75: and its F2 does not begin a case for somebody else."""
    desk.frame.open_applicant(1)
    desk.settle()
    page = desk.frame.current()
    assert isinstance(page, EnterprisePage) and page.foot()
    page.line.setFocus()
    desk.type("没有这个人")
    assert page.foot() == []


def test_the_telephone_stands_over_the_text(desk: Desk) -> None:
    """FOUND 75."""
    desk.frame.open_clause("zxqy.2.5a")
    desk.settle()
    page = desk.frame.current()
    assert isinstance(page, PolicyPage)
    assert page.contacts.isVisible() and "010-69986796" in page.contacts.text()
    desk.frame.open_clause("gzs")
    desk.settle()
    assert "010-6996679（另见 010-69966799）" in page.contacts.text()


def test_no_hit_says_what_to_do(desk: Desk) -> None:
    desk.key(K.Key_K, CTRL)
    desk.type("没有这样的东西")
    text = desk.frame.results.item(0).text()
    assert "没有找到“没有这样的东西”" in text and "换个说法" in text and "F2" in text


def test_the_list_of_policies_is_found_by_initials_still(desk: Desk, pack: Pack) -> None:
    found = PolicyList(pack)
    found.line.setText("zxqy")
    assert found.shown() == ["zxqy"]
    found.deleteLater()
    assert desk.window.isVisible()
