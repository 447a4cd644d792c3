"""Who shows a person's number, a telephone, an account says by which name: the pack's facts, and the register's own whatever the pack."""

from __future__ import annotations

import pytest

from pinggu_desk.policy.masking import Masks
from tests import bundled


@pytest.mark.parametrize("facts", [[], bundled.pack().facts.values()], ids=["a pack that marks nothing", "the bundled"])
@pytest.mark.parametrize(
    ("name", "text", "shown"),
    [
        ("电话", "13800000002", "138****0002"),
        ("证件号码", "110117199001011234", "110117********1234"),
        ("代码", "110117199001011234", "110117********1234"),
        ("统一社会信用代码", "91110117MA01ABCD5U", "91110117MA01ABCD5U"),
        ("名称", "示例公司", "示例公司"),
    ],
)
def test_what_the_register_keeps_of_an_applicant_is_covered_by_any_pack(
    facts: list[object], name: str, text: str, shown: str
) -> None:
    assert Masks(facts).covered(name, text) == shown  # type: ignore[arg-type]
