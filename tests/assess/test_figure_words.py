"""Who decides is said in the policy's own words (FOUND 20), and nothing says "no money" unless the text does (FOUND 10)."""

from __future__ import annotations

from functools import cache

import pytest

from pinggu_desk.assess.determination import FIGURE_WORDS, figure_meaning
from pinggu_desk.assess.engine import Engine
from tests import bundled


@cache
def engine() -> Engine:
    return bundled.engine()


@pytest.mark.parametrize("policy", list(bundled.pack().policies))
def test_a_review_is_named_only_where_the_text_has_one(policy: str) -> None:
    """FOUND 20: zscq, fhq, jr, gxjs and others have no 评审 anywhere."""
    text = "".join(s.words for s in engine().pack.policies[policy].sentences)
    said = {rule.decided for rule in engine().rules_of(policy)}
    assert "评审" in text or not any("评审" in words for words in said), said


def test_a_thing_in_kind_is_not_told_as_no_money() -> None:
    """FOUND 10: 一事一议 support may well be money; the words say only that the text names no sum."""
    assert "不发放" not in "".join(FIGURE_WORDS.values())
    assert "没有写金额" in FIGURE_WORDS["in_kind"]


def test_the_figure_says_how_it_is_settled() -> None:
    """FOUND 20: the benefit's own words stand behind the ceiling, the range and the open figure."""
    own = "由区委组织部“一事一议”确定"
    assert [figure_meaning(kind, own) for kind in ("up_to", "range", "by_review")] == [
        f"上限，具体{own}", f"只公布上下限，具体{own}", f"金额未公布，{own}",
    ]  # fmt: skip
