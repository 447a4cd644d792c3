"""FOUND 21: the screen names the nearest of many ways, as paper and terminal do (tests/assess/test_nearest.py)."""

from __future__ import annotations

import pytest

from pinggu_desk.desk.wizard.phrases import lacking
from tests.assess.test_nearest import asks, found


@pytest.mark.parametrize("benefit", ["gzjzz.permit", "anju.queue"])
def test_of_many_ways_the_screen_names_the_nearest(benefit: str) -> None:
    d = found(benefit)
    rest = len(asks(d)) - len(d.nearest)
    assert any(f"其他情形还可能要 {rest} 项" in line for line in lacking(d))
