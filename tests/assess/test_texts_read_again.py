"""What a second reading of the texts found, where a worked example can't say it: what is told beside a refusal."""

from __future__ import annotations

from datetime import date
from typing import Any

from pinggu_desk.assess.determine import determine
from pinggu_desk.assess.engine import Answers, read_answers
from pinggu_desk.assess.matters import stale
from pinggu_desk.assess.present import result_words
from pinggu_desk.assess.ways import Choice, Piece, folded, line_of
from pinggu_desk.policy import say
from pinggu_desk.policy.quantity import Dim
from tests import bundled


def told(policy: str, benefit: str, facts: dict[str, Any]) -> tuple[str, str]:
    """The status of a benefit on 1 April 2026, and all that is told beside it."""
    engine = bundled.engine()
    answers = Answers(date(2026, 4, 1), read_answers(engine.pack, facts), None)
    [found] = [d for d in determine(engine, answers, [policy]) if d.benefit == f"{policy}.{benefit}"]
    return found.status, "；".join(found.notes)


def test_too_early_and_too_late_for_a_residence_permit_say_what_follows() -> None:
    """FOUND 9, 23: a renewal that isn't due yet is told to come back; a transfer out of time is told what happens to the card."""
    held = {"持有工作居住证": "是", "用人单位继续聘用": "是", "用人单位已申请注销证件": "是"}
    early = told("gzjzz", "renew", held | {"证件有效期满日": "2026-12-31"})
    assert early[0] == "ineligible" and "到那时再来办理续签" in early[1]
    due = told("gzjzz", "renew", held | {"证件有效期满日": "2026-04-20"})
    assert due[0] == "eligible" and "到那时再来办理续签" not in due[1]
    late = told("gzjzz", "transfer", held | {"证件申请注销日": "2026-01-30"})
    assert late[0] == "ineligible" and "已过申请注销后60日" in late[1]
    in_time = told("gzjzz", "transfer", held | {"证件申请注销日": "2026-01-31"})
    assert in_time[0] == "eligible" and "已过申请注销后60日" not in in_time[1]


def test_ways_that_multiply_are_told_part_by_part() -> None:
    """FOUND 21, 28: seven routes and three exceptions told every demand in each of their products, and the usual way in none."""
    engine = bundled.engine()
    answers = Answers(date(2026, 4, 1), {}, None)
    lines = {d.benefit: [line.text for line in d.trace] for d in determine(engine, answers, list(engine.pack.policies))}
    assert max(len(text) for texts in lines.values() for text in texts) < 360
    permit = "".join(text for text in lines["gzjzz.permit"] if text.startswith(("以下2种情形符合一种即可", "第")))
    assert [text[:5] for text in lines["gzjzz.permit"] if text.startswith("第")] == ["第1种情形"] * 2 + ["第2种情形"]
    assert permit.count("用人单位具有法人资格") == 1  # once, however many routes there are
    assert "取得学位（要求硕士及以上学位、学士学位之一）" in permit  # the usual way among them
    assert "例外" not in permit  # an exception that only an authority can make, while the plain way is open
    assert permit.count("〔") == permit.count("〕") > 0 and "（待补充）〕（待补充）" not in permit
    short = {"用人单位成立日": "2025-10-01", "单位非禁限产业": "是"}
    answers = Answers(date(2026, 4, 1), read_answers(engine.pack, short), None)
    [found] = [d for d in determine(engine, answers, ["gzjzz"]) if d.benefit == "gzjzz.permit"]
    assert any(
        "到2026年10月1日才满，或者单位成立不满一年的可以例外，由区委组织部认定" in line.text for line in found.trace
    )


def test_ways_that_one_choice_excludes_and_that_ask_the_same_besides_are_told_once() -> None:
    """FOUND 9, 28: offices that the text lists and “other bodies” ask the same income: one statement names every option."""

    def way(options: tuple[str, ...], besides: str) -> tuple[Piece, Piece]:
        text = say.ended(say.chosen("单位类别", "学校", options, True, "fails"), "fails")
        choice = Choice("单位类别", options, "学校")
        return Piece(line_of(text, ["xx.1"], "fails"), choice), Piece(
            line_of(f"{besides}：不符合", ["xx.1"], "fails"), None
        )

    ways = [way(("律师事务所", "金融机构"), "收入少"), way(("其他单位",), "收入少"), way(("医院",), "年限短")]
    [told] = folded(ways)
    assert told.line.text.count("收入少") == 1 and "年限短" in told.line.text
    assert "本项要求律师事务所、金融机构、其他单位之一，并且收入少" in told.line.text
    assert "、医院" not in told.line.text, "what asks something else besides stays a way of its own"


def test_a_rent_paid_is_held_against_the_subsidy_by_the_other_reading() -> None:
    """FOUND 7: 1元 a day and square metre is more than the rent itself: the letter says what it comes to if the rent is the limit."""
    engine = bundled.engine()

    def other(paid: str) -> str:
        facts = {
            "申报主体性质": "企业法人", "本区登记注册": "是", "本区工商注册": "是", "本区纳税": "是",
            "文旅商体项目": "是", "引领创新作用明显": "是", "位于重点商圈": "是", "商圈特色品牌店": "是",
            "品牌店租赁面积": "100平方米", "租金补贴天数": "365", "品牌店实际支付租金": paid,
        }  # fmt: skip
        answers = Answers(date(2026, 4, 1), read_answers(engine.pack, facts), None)
        [found] = [d for d in determine(engine, answers, ["wltst"]) if d.benefit == "wltst.brand_rent"]
        [note] = [note for note in found.readings if note.id == "wltst.rent"]
        return note.effect

    assert "按另一读法：" in other("30000元") and "3万元" in other("30000元")
    assert "按另一读法" not in other("36500元")


def test_an_agreement_not_signed_yet_is_a_step() -> None:
    """FOUND 9: a studio that has its title signs the agreement next; without the title there is nothing to pay."""
    facts = {"已获工作室资格": "是", "已签工作室建设协议": "否", "工作室级别": "区级", "已领工作室资助": "0元"}
    assert told("gzs", "grant", facts)[0] == "review"
    assert told("gzs", "grant", facts | {"已签工作室建设协议": "是"})[0] == "eligible"
    assert told("gzs", "grant", facts | {"已获工作室资格": "否"})[0] == "ineligible"


def test_what_the_other_reading_stands_on_is_stated() -> None:
    """FOUND 43: a letter that says 按另一读法：达标 shows the ground that it was worked out from; where nothing turns on it, not."""
    engine = bundled.engine()
    facts = {
        "形成固定资产投资的产业项目": "是", "非农村集体建设用地项目": "是", "会商投资类型": "内资项目", "不在禁限之列": "是",
        "本地劳动力就业比例": "30%", "会商项目类别": "租用或自有厂房项目", "会商厂房建筑面积": "1000平方米",
        "会商厂房占地面积": "500平方米", "会商项目固定资产投资": "59万元", "会商项目年产值": "1200万元", "会商项目年税收": "100万元",
    }  # fmt: skip
    rules = [rule for rule in engine.rules_of("hs") if rule.benefit.id.endswith("standard")]

    def left_out(changed: dict[str, str]) -> frozenset[str]:
        values = read_answers(engine.pack, facts | changed)
        return stale(rules, engine.env(Answers(date(2026, 4, 1), values, None)), values)

    assert "会商厂房占地面积" not in left_out({})
    assert "会商厂房占地面积" in left_out({"会商项目固定资产投资": "60万元"})


def test_a_gap_in_the_text_is_no_published_range_in_another_readings_outcome_either() -> None:
    """FOUND 20: who settles what the text leaves open is said the same way of an answer and of what else it could be."""
    ends = Dim.MONEY, 50_0000_00, 150_0000_00
    assert result_words("review", "range", *ends, gap=True).endswith("（原文未写明，在几种可能之间，由主管部门认定）")
    assert "只公布上下限" in result_words("review", "range", *ends)
