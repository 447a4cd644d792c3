"""Rules in words for an officer, and where a reader finds a clause: every rule and every sentence of the real policies."""

from __future__ import annotations

import re
from functools import cache

import pytest

from pinggu_desk.policy import forms as f
from pinggu_desk.policy.models import Pack
from pinggu_desk.policy.reading import phrase, reading_of, step_rows
from pinggu_desk.policy.roots import roots
from pinggu_desk.policy.say import literal
from tests import bundled


@cache
def pack() -> Pack:
    return bundled.pack()


@pytest.mark.parametrize("policy", ["tztc", "zxqy", "ss", "yl"])
def test_every_form_of_every_rule_reads_in_chinese(policy: str) -> None:
    for root, _, _ in roots(pack().policies[policy]):
        for node in f.walk(root):
            words = phrase(node)
            assert words and "None" not in words
            assert not re.search(r"[a-z]{3,}|Dim|Quantity", words), words


@pytest.mark.parametrize("policy", ["tztc", "zxqy", "ss", "yl"])
def test_every_number_of_a_rule_is_in_its_words(policy: str) -> None:
    for root, _, _ in roots(pack().policies[policy]):
        words = phrase(root)
        for node in f.walk(root):
            if isinstance(node, f.Lit):
                assert literal(node.quantity) in words
            elif isinstance(node, f.Share):
                assert node.rate.text in words
            elif isinstance(node, f.Steps):
                for quantity in (*node.at, *node.give):
                    assert literal(quantity) in words


@pytest.mark.parametrize("policy", ["tztc", "zxqy", "ss", "yl"])
def test_every_sentence_that_rules_rest_on_shows_them(policy: str) -> None:
    ruled = pack().policies[policy]
    for clause, claim in ruled.ledger.items():
        shown = reading_of(ruled, clause)
        if claim.claim == "计算" or claim.why:
            assert shown, clause
        for line in shown:
            assert "：" in line


def test_what_f1_shows_beside_a_clause() -> None:
    assert reading_of(pack().policies["zxqy"], "zxqy.3.2") == ["总则·财务健全：财务管理制度健全规范"]
    upgrade = "\n".join(reading_of(pack().policies["zxqy"], "zxqy.2.1"))
    assert "技改设备投资不低于技改固定资产投资的70%" in upgrade
    assert "不高于技改固定资产投资的10%（上限），最高不超过100万元" in upgrade
    assert any("60个工作日内，逾期视为自动放弃" in line for line in reading_of(pack().policies["ss"], "ss.3.1a"))
    assert reading_of(pack().policies["tztc"], "tztc.4.2") == ["程序：申报流程"]


def test_a_step_table_reads_row_by_row() -> None:
    definition = next(d for d in pack().policies["tztc"].definitions if d.name == "职工人数得分")
    steps = next(node for node in f.walk(definition.body) if isinstance(node, f.Steps))
    rows = step_rows(steps)
    assert (rows[0][0], rows[0][1].text) == ("不足10人", "2分")
    assert (rows[1][0], rows[1][1].text) == ("10人以上、不足30人", "4分")
    assert (rows[-1][0], rows[-1][1].text) == ("100人以上", "20分")


@pytest.mark.parametrize(
    ("clause", "parts"),
    [
        ("ss.2.2.1", ["二、", "（二）", "（1）"]),
        ("ss.3.2.4", ["三、", "（二）", "4"]),
        ("zxqy.3.1", ["三、", "1"]),
        ("zxqy.2.6d", ["二、", "第六段"]),
        ("tztc.3.1A", ["三、", "1", "能源节约量"]),
        ("yl.3.1.2b", ["三、"]),
        ("gzs.0", ["开头"]),
        ("hgjh.n1b", ["脚注1"]),
    ],
)
def test_where_a_reader_finds_a_clause(clause: str, parts: list[str]) -> None:
    place = pack().clause_place(clause)
    at = -1
    for part in parts:
        found = place.find(part, at + 1)
        assert found > at, (place, part)
        at = found


def test_every_sentence_has_a_place_that_starts_with_its_section() -> None:
    for policy in pack().policies.values():
        sections = {s.id: s.words for s in policy.sentences if s.heading and s.id.count(".") == 1}
        for sentence in policy.sentences:
            place = policy.place(sentence.id)
            assert place and "None" not in place
            section = sections.get(".".join(sentence.id.split(".")[:2]))
            if not sentence.heading and section and "、" in section[:3]:
                assert place.startswith(section[: section.index("、") + 1]), (sentence.id, place)


def test_a_clause_of_no_policy_is_named_by_its_id() -> None:
    assert pack().clause_place("keine.1") == "keine.1"
    assert pack().clause_words("keine.1") == ""
