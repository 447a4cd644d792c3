"""Nothing of one district in the code (issue 13): names, departments, policies and their facts are the pack's to say."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from pinggu_desk.policy.district import NEUTRAL
from tests import bundled

ROOT = Path(__file__).parents[1]
#: the program's own name, which its folder and its package have; the code may be of a district's making
_OURS = re.compile("pinggu[-_][a-z]+", re.IGNORECASE)
FILES = sorted([*(ROOT / "pinggu_desk").rglob("*.py"), *(ROOT / "tools").rglob("*.py")])


def said(path: Path) -> list[tuple[int, str]]:
    """Every text in the code but docstrings, with its line."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    nodes = [node for node in ast.walk(tree) if isinstance(node, documented) and node.body]
    docs = {id(node.body[0].value) for node in nodes if isinstance(node.body[0], ast.Expr)}
    return [
        (node.lineno, _OURS.sub("", node.value))
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs
    ]


def names() -> re.Pattern[str]:
    """What only this district's pack may say: its names, numbers, sources, offices, policies and what they ask of their own."""
    pack = bundled.pack()
    district = pack.district
    whole = {district.name, *district.short, district.program, district.whole, "pinggu", "汇编", "汇谷"}
    whole |= {f"{district.case_prefix}-", district.code_mark, *(source.printed for source in district.sources)}
    whole |= {one for name in district.departments for one in re.split("[、（）]", name) if one}
    whole |= {policy.form_title for policy in pack.policies.values()}
    # what stays the same whoever's pack it is (申请人名称, 以前领过) is a fact of no policy: no rule asks for it
    asked = {name for policy in pack.policies.values() for name in _asked(policy.id)}
    words = "|".join(re.escape(one) for one in sorted((whole | asked) - _GENERAL, key=len, reverse=True))
    ids = "|".join(pack.policies)
    long_ids = "|".join(one for one in pack.policies if len(one) > 2)  # two letters are a part of anything
    benefits = "|".join(re.escape(b.id) for p in pack.policies.values() for b in p.benefits)
    named = rf"(?<=[、=“ ])(?:{long_ids})(?![0-9A-Za-z])|(?<![a-z])(?:{ids})\.xlsx|(?<![a-z])(?:{benefits})(?![a-z_])"
    return re.compile(rf"{words}|{named}|^(?:{long_ids})$", re.IGNORECASE)


def _asked(policy: str) -> set[str]:
    scope = {name for rule in bundled.engine().rules_of(policy) for name in rule.looks_at}
    facts = bundled.pack().facts
    return {n for n in scope if n in facts and not facts[n].party and len(n) > 3 and facts[n].id not in _SHARED}


#: words of everybody's: an example of a column, what a licence is headed by, a type of company in licences
_GENERAL = {"职工人数", "实收资本", "外商投资企业"}
#: facts that the program itself fills in or looks at in every pack
_SHARED = {"applicant_kind", "had_awards"}


def test_no_code_says_what_only_this_districts_pack_may_say() -> None:
    pattern = names()
    found = [
        f"{path.relative_to(ROOT)}:{line} {match[0]}"
        for path in FILES
        for line, words in said(path)
        if (match := pattern.search(words)) is not None
    ]
    assert found == []


@pytest.mark.parametrize("word", ["平谷区", "PG-0-", "zxqy.xlsx", "区科技和信息化局", "上市挂牌板块"])
def test_the_search_would_find_them(word: str) -> None:
    assert names().search(f"如 {word}")


def test_a_pack_that_says_nothing_of_its_district_is_given_no_districts_name() -> None:
    assert not names().search(NEUTRAL.model_dump_json())
