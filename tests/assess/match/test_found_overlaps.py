"""What may be had together, as a clerk tells it: one home, open texts, ceilings far above a sum, rows that wait (FOUND 76–84)."""

from __future__ import annotations

from datetime import date
from typing import Any

from pinggu_desk.assess.engine import Answers, read_answers
from pinggu_desk.assess.match.match import Match
from tests.assess.profiles import ON, WAN, engine, example, match_of

STARTUP: dict[str, Any] = {
    "汇谷人才类别": "领军人才", "创办企业或成果产业化": "是", "本区户籍": "是", "应届情形": "毕业年度内",
    "本区首次创办创业组织": "是", "符合一次性创业补贴文件": "是",
}  # fmt: skip


def test_a_ceiling_is_not_given_up_for_a_range_s_low_end() -> None:
    """FOUND 82: certain means computed; the lower end of a published range is no sum that anybody is sure of."""
    bundle = match_of(STARTUP).bundle
    assert "hgjh.startup" in {k.benefit for k in bundle.kept}
    (lost,) = [g for g in bundle.given_up if g.benefit == "bys.startup"]
    assert lost.instead == "hgjh.startup"


def test_a_certain_sum_against_a_ceiling_far_above_it_is_the_applicant_s_choice() -> None:
    """FOUND 82: both are shown."""
    bundle = match_of({**STARTUP, "吸纳本区户籍劳动力人数": 3}).bundle
    (lost,) = [g for g in bundle.given_up if g.benefit == "bys.hires"]
    assert lost.choice and lost.fen == 3 * WAN
    assert "由申请人选择" in lost.why_open and "3万元" in lost.difference and "500万元" in lost.difference


def test_a_tie_goes_to_the_text_with_a_written_term_and_to_the_newer_one() -> None:
    """FOUND 82: not to the id that sorts first."""
    match = match_of({"建有院士专家工作站": "是", "创新载体类别": "院士专家工作站"})
    eligible = {i for i in match.groups["eligible"] if i in ("rcst.station", "hgjh.carrier")}
    kept = {k.benefit for k in match.bundle.kept}
    assert len(eligible) < 2 or "rcst.station" in kept


def test_one_home_has_one_claimant() -> None:
    """FOUND 76: an enterprise's flat and its talent's own route are one flat, though their recipients differ."""
    match = match_of({
        "用人单位性质": "其他企业", "用人单位在平谷注册": "是", "用人单位在平谷实地经营": "是", "签订劳动合同或合作协议": "是",
        "最高学历": "硕士研究生", "平谷区内产权住房": "没有", "无违纪违法和违规住房情形": "是", "已享受毕业生租金补贴": "0个月",
        "人才认定类别": "B类", "专项配租审核同意": "是", "获批国家级或市级科研平台": "是",
    })  # fmt: skip
    kept = {k.benefit for k in match.bundle.kept}
    assert len(kept & {"anju.enterprise", "anju.quick_abc"}) == 1
    (lost,) = [g for g in match.bundle.given_up if g.benefit in ("anju.enterprise", "anju.quick_abc")]
    assert not lost.explicit and "待主管部门确认" in lost.why_open


def test_one_project_is_paid_once_though_who_is_paid_differs() -> None:
    """FOUND 76, 77: 汇谷's research grant names no recipient; whether a person's grant for the same project stands beside it is open."""
    both = {**example("bsh.project"), **example("hgjh.research")}
    pair = {"bsh.project", "hgjh.research"}
    bundle = match_of(both).bundle
    assert {k.benefit for k in bundle.kept} & pair == {"bsh.project"}
    (lost,) = [g for g in bundle.given_up if g.benefit in pair]
    assert not lost.explicit and "待主管部门确认" in lost.why_open and lost.same == "同一个项目"
    assert bundle.without_analogy_ceilings_fen > bundle.ceilings_fen
    apart = match_of({**both, "同一个项目": "否"}).bundle
    assert {k.benefit for k in apart.kept} >= pair
    scarce = {**example("hgjh.scarce_project"), **example("hgjh.research"), "同一个项目": "是"}
    own = match_of(scarce).bundle
    assert len({k.benefit for k in own.kept} & {"hgjh.scarce_project", "hgjh.research"}) == 1
    (lost,) = [g for g in own.given_up if g.benefit in ("hgjh.scarce_project", "hgjh.research")]
    assert not lost.explicit and "待主管部门确认" in lost.why_open


def test_what_the_text_leaves_open_is_never_told_as_what_a_clause_says() -> None:
    """FOUND 77: 柔性引才 beside 汇谷's allowance, an academician's award beside his home or a class award."""
    open_ = {o.id for o in engine().pack.overlaps if o.open}
    assert open_ >= {"flexible_chief", "flexible_commissioner", "academician_award", "academician_home"}
    assert open_ >= {"research_postdoc", "research_scarce"}
    for overlap in engine().pack.overlaps:
        if overlap.open:
            assert not any(overlap.explicit(a, b) for a in overlap.benefits for b in overlap.benefits)


def test_a_row_that_waits_for_a_verdict_is_told_beside_what_it_would_exclude() -> None:
    """FOUND 83: 上市办法 waits for who counts the sixty days; 汇谷计划's ceiling is kept meanwhile, and it is one listing."""
    match = match_of({
        "本区工商注册": "是", "独立法人资格": "是", "纳入平谷区统计": "是", "上市企业来源": "京外迁入", "上市挂牌板块": "沪深交易所主板",
        "上市挂牌方式": "首次上市或挂牌", "上市挂牌日": "2020-06-01", "已领上市挂牌奖励": "0元", "迁入本区日": "2026-03-20",
    })  # fmt: skip
    assert "ss.listing" in match.groups["review"]
    assert any(w.benefit == "ss.listing" and w.kept == "hgjh.listing" for w in match.bundle.waiting)


def test_nothing_is_suggested_that_the_other_answers_rule_out() -> None:
    """FOUND 84: a project is not raised past the total that was stated."""
    facts = {
        "未被取消扶持资格": "是", "本区工商注册": "是", "平谷区税务登记": "是", "进出口经营资格": "是", "外贸进出口纳入区统计": "是",
        "独立法人资格": "是", "合法经营": "是", "本境外项目未领过奖励": "是", "境外投资本项目投资额": "100.01万美元",
        "境外投资全部项目投资额": "100.01万美元",
    }  # fmt: skip
    match = match_of(facts)
    for change in (*match.near.values(), *match.steps.values()):
        if change.fact and change.target is not None:
            values = {**match.answers.values, change.fact: change.target}
            assert not engine().inconsistencies(values, ON), change.words


def test_no_near_miss_of_the_worked_examples_breaks_a_check() -> None:
    """FOUND 84, over the pack: what is tried as suggested is never refused."""
    from pinggu_desk.policy.cases import load_cases

    for policy in engine().pack.policies:
        for case in load_cases(engine().pack, policy).cases[::7]:
            if case.parameters:
                continue
            given = {k: v.isoformat() if isinstance(v, date) else v for k, v in case.facts.items()}
            values = read_answers(engine().pack, given)
            if engine().inconsistencies(values, case.on):
                continue
            match = Match(engine(), Answers(case.on, values, ()))
            for change in match.near.values():
                if change.fact and change.target is not None:
                    assert not engine().inconsistencies({**values, change.fact: change.target}, case.on), change.words
