"""Issue 13: corrections go to other windows as a small signed file, and are taken there whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from pinggu_desk.policy.corrections import Correction
from pinggu_desk.policy.errors import BadInput
from pinggu_desk.policy.packfile import CORRECTIONS, CORRECTIONS_FILE, make_pack_file
from pinggu_desk.register import Register, passwords
from pinggu_desk.register.errors import InvalidEntry
from pinggu_desk.work.packs.sharing import correction_file, export, read_shared, take, trusted_of
from tests import bundled
from tests.register.conftest import PASSWORD
from tests.work.packs.samples import OURS, sample, written

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


LPR, MAY, LAST = "贷款市场报价利率", date(2026, 5, 20), date(2026, 5, 19)


def test_outside_figures_go_along_and_are_read_before_they_are_taken(
    two: tuple[Register, Register], tmp_path: Path
) -> None:
    """Issue 13: an export carried no parameters."""
    here, there = two
    there.trust_key(here.office_key().public, "示例中心")
    old = here.add_parameter(LPR, "3.1%", DAY, "示例公告第1号")
    there.add_parameter(LPR, "3.1%", DAY, "自己录入的")
    here.add_parameter(LPR, "3%", MAY, "示例公告第2号", replaces=old.id)
    path = export(here, bundled.pack(), "示例中心", DAY, tmp_path / "更正.pack")
    shared = read_shared(path, bundled.pack(), trusted_of(there))
    told = [line for line in shared.lines(bundled.pack()) if LPR in line]
    assert len(told) == 2 and "3.1%" in told[0] and "至2026年5月19日止" in told[0] and "示例公告第2号" in told[1]
    assert len(there.parameters()) == 1, "nothing is entered by looking"
    assert take(there, bundled.pack(), path) == 4
    kept = [(one.value, one.since, one.until, one.source) for one in there.parameters()]
    assert kept == [("3.1%", DAY, LAST, "自己录入的"), ("3%", MAY, None, "示例公告第2号")]
    assert take(there, bundled.pack(), path) == 0


def test_two_figures_for_one_day_are_refused_and_nothing_is_taken(
    two: tuple[Register, Register], tmp_path: Path
) -> None:
    here, there = two
    there.trust_key(here.office_key().public, "示例中心")
    here.add_parameter(LPR, "3.1%", DAY, "示例公告第1号")
    there.add_parameter(LPR, "3%", DAY, "示例公告第9号")
    path = export(here, bundled.pack(), "示例中心", DAY, tmp_path / "更正.pack")
    with pytest.raises(InvalidEntry, match="日期重叠"):
        take(there, bundled.pack(), path)
    assert there.corrections() == [] and [one.value for one in there.parameters()] == ["3%"]


def test_a_file_of_before_the_figures_is_still_read(two: tuple[Register, Register], tmp_path: Path) -> None:
    here, _ = two
    made = correction_file(here, bundled.pack(), "示例中心", DAY)
    told = json.loads(made.contents[CORRECTIONS_FILE])["corrections"]
    older = make_pack_file(
        {CORRECTIONS_FILE: json.dumps(told).encode()}, district="示例区", title="示例更正", version="1-a", edition="2026.01",
        day=DAY, needs="0.1.0", kind=CORRECTIONS,
    )  # fmt: skip
    path = written(tmp_path / "older.pack", older)
    assert [one.value for one in read_shared(path, bundled.pack(), [OURS.public]).corrections] == ["另", "技改补"]


@pytest.mark.parametrize(("figure", "words"), [
    ({"name": "没有", "值": "3%", "自": "2026-01-01", "来源": "示例"}, "没有名为"),
    ({"name": LPR, "值": "310%", "自": "2026-01-01", "来源": "示例"}, "太大"),
    ({"name": LPR, "值": "3%", "来源": "示例"}, "写明起始日和来源"), ({"name": LPR, "值": "3%", "自": "2026-01-01"}, "来源"),
    ({"值": "3%", "自": "2026-01-01", "来源": "示例"}, "不合写法"), ({"name": LPR, "值": 3}, "不合写法"), (3, "不合写法"),
])  # fmt: skip
def test_a_figure_that_cannot_be_meant_is_refused(tmp_path: Path, figure: object, words: str) -> None:
    told = json.dumps({"corrections": [], "parameters": [figure]}).encode()
    made = make_pack_file(
        {CORRECTIONS_FILE: told}, district="示例区", title="示例更正", version="1-a", edition="2026.01", day=DAY, needs="0.1.0",
        kind=CORRECTIONS,
    )  # fmt: skip
    with pytest.raises(BadInput, match=words):
        read_shared(written(tmp_path / "x.pack", made), bundled.pack(), [OURS.public])


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
