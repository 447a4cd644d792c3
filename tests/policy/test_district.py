"""The district's own file: what it names is there, and another district's pack answers by its own (issue 13)."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from pinggu_desk.policy import district, resources
from pinggu_desk.policy.pack import cross_check, read_pack
from pinggu_desk.policy.resources import DISTRICT, choose_pack, resource_root
from tests import bundled
from tests.assess.packs import Small

OTHER = """名称: 示例区
程序: 示例窗口
程序全名: 示例政策窗口
版次: '2030.1'
来源: [{原文: 示例, 称: 依据示例区公报}]
部门: [示例局]
办件号: SLQ
"""


@pytest.fixture
def root(tmp_path: Path) -> Iterator[Path]:
    """A small pack of a made-up district, in use while the test runs."""
    folder = Small("10万元", {"xx.1": "给予10万元奖励。"}).write(tmp_path)
    (folder / DISTRICT).write_text(OTHER, encoding="utf-8")
    choose_pack(folder)
    yield folder
    choose_pack(None)


def found(root: Path) -> list[str]:
    pack, wrong = read_pack(root)
    return [f"{d.code} {d.file}:{d.line} {d.sentence}" for d in wrong or cross_check(pack, root)]


def test_policies_stand_in_the_order_that_the_district_gives() -> None:
    pack = bundled.pack()
    assert tuple(pack.policies) == pack.district.order


def test_another_district_answers_by_its_own_file(root: Path) -> None:
    pack, _ = read_pack(root)
    assert pack.version.startswith("2030.1+")
    assert pack.policies["xx"].basis == "依据示例区公报"
    assert district.here().name == "示例区" and resources.product_name() == "示例政策窗口"
    assert found(root) == []


def test_a_pack_without_the_file_names_no_district(root: Path) -> None:
    (root / DISTRICT).unlink()
    assert district.here() is district.NEUTRAL
    assert read_pack(root)[0].policies["xx"].basis == "依据《示例》"
    assert "平谷" not in district.NEUTRAL.model_dump_json()


@pytest.mark.parametrize(("before", "after", "told"), [
    ("名称: 示例区", "名称: 示例区\n区名: 甲", "bad-entry district.yaml:2 本区说明的“区名”没有这一项。"),
    ("部门: [示例局]", "部门: [别的局]", "unknown-department district.yaml:6 “xx”的主管“示例局”没有列在“部门”里。"),
    ("原文: 示例", "原文: 别处", "unknown-source district.yaml:5 “xx”的来源“示例”没有列在“来源”里。"),
    ("办件号: SLQ", "办件号: 示例", "bad-entry district.yaml:7 本区说明的“办件号”写法不对。"),
    ("版次: '2030.1'", "版次: 2030.10", "bad-entry district.yaml:4 本区说明的“版次”应是文字，数字请加引号。"),
    ("程序全名: 示例政策窗口", "程序全名: '示例政策窗口'", "bad-entry district.yaml:3 “程序全名”应单独写成一行，不加引号和注释。"),
    ("名称: 示例区", "名称: 示例区\n政策顺序: [xx, yy]", "unknown-name district.yaml:2 没有编号为“yy”的政策。"),
    ("名称: 示例区", "名称: 示例区\n本地登记: {企业: 没有的}", "unknown-name district.yaml:2 没有名为“没有的”的填报项。"),
])  # fmt: skip
def test_what_is_wrong_with_it_is_told_with_its_line(root: Path, before: str, after: str, told: str) -> None:
    (root / DISTRICT).write_text(OTHER.replace(before, after), encoding="utf-8")
    assert found(root) == [told]


def test_a_pack_without_forms_of_its_own_is_given_the_programs(root: Path) -> None:
    assert resources.forms_root() == resource_root().parent / "forms"
    (root / "forms").mkdir()
    assert resources.forms_root() == root / "forms"
    shutil.rmtree(root / "forms")
