"""What `pack new` makes of a text (issue 13, left by an officer alone): a bound is no benefit, nor is 只取一项; days are read."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from pinggu_desk.work.packs.draft import days_in_force, draft, kind_of

KINDS = {
    "对设备投资300万元以上的，按5%给予补助，最高不超过50万元。": "offer",
    "对入驻企业每年给予最高30万元的租金补贴。": "offer",
    "每家企业每年最高补贴30万元。": "offer",
    "每招用1人给予1000元/人的一次性奖励，同一企业全年不超过20万元。": "offer",
    "企业租用海外仓的，自起租日至退租日，每天补贴200元，最多补贴180天。": "offer",
    "同一企业每年获得的补助合计不超过50万元。": "limit",
    "同一企业每年从各级财政获得的支持资金累计不得超过60万元。": "limit",
    "单个项目补助最高不超过300万元。": "limit",
    "同一企业同时符合上述两项的，按就高原则只享受其中一项，不重复支持。": "one of",
    "同一事项不得重复享受区级奖励。": "one of",
    "本办法自2027年1月1日起施行，有效期至2028年12月31日。": "days",
    "本措施自印发之日起实施，有效期三年。": "days",
    "企业应当信用良好。": "",
}


@pytest.mark.parametrize("words", KINDS)
def test_what_a_sentence_seems_to_be(words: str) -> None:
    assert kind_of(words) == KINDS[words]


def test_the_days_that_a_text_says_stand_in_the_rules() -> None:
    assert days_in_force(["自2027年1月1日起施行，有效期至2028年12月31日。"]) == ["自: 2027-01-01", "至: 2028-12-31"]
    assert days_in_force(["自2027年3月1日起施行，有效期3年。"])[1].startswith("至: 2030-02-28  # 按有效期3年算的")
    (unknown,) = days_in_force(["自发布之日起施行。"])
    assert unknown.startswith("已知自: ") and "待写" in unknown


def test_the_skeleton_puts_a_limit_and_an_overlap_where_they_belong(tmp_path: Path) -> None:
    lines = [
        "示例区支持办法", "一、支持内容", "（一）购置设备的，按投资额的10%给予补助。", "（二）首次认定的，给予一次性奖励5万元。",
        "（三）同一企业符合上述两项的，只享受其中一项。", "（四）同一企业每年获得的补助合计不超过50万元。",
        "二、附则", "本办法自2027年1月1日起施行，有效期至2028年12月31日。",
    ]  # fmt: skip
    (tmp_path / "t.txt").write_text("\n".join(lines), "utf-8")
    list(draft(tmp_path / "pack", tmp_path / "t.txt", "aa", department="示例局"))
    rules = (tmp_path / "pack/policies/aa/policy.yaml").read_text("utf-8")
    read = yaml.safe_load(rules)
    assert [one["依据"] for one in read["事项"]] == ["aa.1.1", "aa.1.2"], "only what gives something"
    assert "限额" not in read and set(read["台账"]) == {"aa.1.1", "aa.1.2"}, (
        "what it can't know is the officer's to say"
    )
    assert "#   - {名: 待写, 依据: aa.1.4, 对: [item_a, item_b], 不超过: 50万元, 已领: 待写}" in rules
    assert "事项: [aa.item_a, aa.item_b], 规则: aa.1.3" in rules
    assert "# aa.2.1: {归: 程序, 印: '" in rules and "'2027': 施行日期" in rules
