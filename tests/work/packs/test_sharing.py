"""Issue 13: corrections go to other windows as a small signed file, and are taken there whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from pinggu_desk.policy.corrections import Correction
from pinggu_desk.policy.errors import BadInput
from pinggu_desk.register import Register, passwords
from pinggu_desk.work.packs.sharing import export, take
from tests import bundled
from tests.register.conftest import PASSWORD
from tests.work.packs.samples import sample

DAY = date(2026, 3, 2)
ONES = [
    Correction("读法", "general.at_least", "另", DAY, "示例局", "示例〔2026〕3号", DAY, "01"),
    Correction("口语词", "zxqy", "技改补", DAY, "示例局", "", None, "01"),
]


@pytest.fixture
def two(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Register, Register]]:
    monkeypatch.setattr(passwords, "COST", (1, 8, 1))
    made = [
        Register.create(tmp_path / name, clerk_no="01", clerk_name="示例", password=PASSWORD)[0]
        for name in ("甲", "乙")
    ]
    for one in ONES:
        made[0].add_correction(one)
    yield made[0], made[1]
    for register in made:
        register.close()


def test_what_was_settled_here_counts_there_too(two: tuple[Register, Register], tmp_path: Path) -> None:
    here, there = two
    path = export(here, bundled.pack(), "示例中心", DAY, tmp_path / "更正.pack")
    with pytest.raises(BadInput, match="别的密钥"):
        take(there, bundled.pack(), path)
    there.trust_key(here.office_key().public, "示例中心")
    assert take(there, bundled.pack(), path) == 2
    assert [kept.correction.value for kept in there.corrections()] == ["另", "技改补"]
    assert "示例中心" in there.corrections()[0].origin
    assert take(there, bundled.pack(), path) == 0, "a second time nothing is new"


def test_an_altered_file_and_a_whole_pack_are_refused(two: tuple[Register, Register], tmp_path: Path) -> None:
    here, there = two
    there.trust_key(here.office_key().public, "示例中心")
    path = export(here, bundled.pack(), "示例中心", DAY, tmp_path / "更正.pack")
    raw = path.read_bytes()
    at = raw.index("另".encode())
    path.write_bytes(raw[:at] + "取".encode() + raw[at + 3 :])
    with pytest.raises(BadInput):
        take(there, bundled.pack(), path)
    with pytest.raises(BadInput, match="不是更正"):
        take(there, bundled.pack(), sample(tmp_path, "whole", "30万元", DAY))
    assert there.corrections() == []


def test_there_is_nothing_to_give_where_nothing_was_corrected(two: tuple[Register, Register], tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="还没有录入"):
        export(two[1], bundled.pack(), "", DAY, tmp_path / "x.pack")
    assert not (tmp_path / "x.pack").exists()
