"""Issue 13: an outside figure that each township publishes by itself: said once, answered by the applicant's own area."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from pinggu_desk.assess.columns import ColumnEngine
from pinggu_desk.assess.engine import Engine
from pinggu_desk.assess.tally import tally
from pinggu_desk.policy.errors import BadPack
from pinggu_desk.policy.pack import load_pack
from pinggu_desk.policy.parameters import ParameterValue
from tests.assess.packs import ON, Small, judge, missing

TOWN = "- {名: 街镇, 代号: town, 类: 选项, 问: 在哪个街镇, 旧值: 常在, 选项: [{名: 甲镇}, {名: 乙镇}, {名: 丙镇}]}\n"
AREAS = "{甲镇: [{自: 2025-01-01, 值: 10万元, 来源: 示例公告}], 乙镇: [{自: 2026-04-01, 值: 8万元, 来源: 示例公告}], 丙镇: []}"
GUIDE = f"- {{名: 指导价, 代号: guide, 类: 金额, 说明: 各街镇租金指导价, 依据: [xx.1], 按: 街镇, 各区: {AREAS}}}\n"


def written(root: Path, parameters: str = GUIDE) -> Path:
    Small("指导价 的 50%", {"xx.1": "按所在街镇指导价的50%给予补贴。"}, extra_facts=TOWN).write(root)
    (root / "parameters.yaml").write_text(parameters, "utf-8")
    return root


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return Engine(load_pack(written(tmp_path / "pack")))


def test_each_area_has_its_own_figure_and_its_own_days(engine: Engine) -> None:
    assert list(engine.pack.parameters) == ["指导价·甲镇", "指导价·乙镇", "指导价·丙镇"]
    assert missing(judge(engine))[0] == "街镇", "the area is asked first"
    assert missing(judge(engine, {"街镇": "丙镇"})) == ["指导价·丙镇"]
    first = judge(engine, {"街镇": "甲镇"})
    assert first.headline == "5.00 万元" and any("示例公告" in line.text for line in first.trace)
    assert all(line.clause == "xx.1" for line in first.trace)
    assert judge(engine, {"街镇": "乙镇"}).status == "unknown", "what began later doesn't count yet"
    assert judge(engine, {"街镇": "乙镇"}, on=date(2026, 4, 1)).headline == "4.00 万元"
    third = judge(engine, {"街镇": "丙镇"})
    assert third.status == "unknown" and third.amount_fen is None, "what nobody published is no nought"
    value = ParameterValue.model_validate({"自": "2026-01-01", "值": "6万元", "来源": "示例公告第9号"})
    engine.enter({"指导价·丙镇": (value,)})
    assert judge(engine, {"街镇": "丙镇"}).headline == "3.00 万元"


def test_a_list_says_what_single_cases_say(engine: Engine) -> None:
    towns = engine.pack.facts["街镇"].options
    given = {"街镇": (np.arange(len(towns)), np.ones(len(towns), bool))}
    found = tally(ColumnEngine(engine), given, ON, names=True)
    column = next(iter(found.columns.values()))
    singles = [judge(engine, {"街镇": town.name}) for town in towns]
    assert [status == column.status[0] for status in column.status] == [one.status == "eligible" for one in singles]
    assert column.low[0] == column.high[0] == singles[0].amount_fen


@pytest.mark.parametrize(("old", "new", "words"), [
    (", 丙镇: []", "", "少了“丙镇”"), ("丙镇: []", "丙镇: [], 丁镇: []", "多了“丁镇”"), ("按: 街镇", "按: 没有", "选项类填报项"),
    ("依据: [xx.1], ", "", "应写“依据”"), ("值: 8万元", "值: 零元", "8|读|数|看"),
])  # fmt: skip
def test_a_slip_is_told_in_its_place(tmp_path: Path, old: str, new: str, words: str) -> None:
    with pytest.raises(BadPack) as refused:
        load_pack(written(tmp_path / "pack", GUIDE.replace(old, new)))
    first = refused.value.diagnostics[0]
    assert first.file == "parameters.yaml" and any(word in first.sentence for word in words.split("|"))


def test_another_areas_figure_is_no_ground_of_the_answer(engine: Engine) -> None:
    """The letter named 甲镇's figure, with its source, to who is in 乙镇."""
    d = judge(engine, {"街镇": "乙镇"}, on=date(2026, 4, 1))
    assert [one.name for one in d.outside] == ["指导价·乙镇"]
    assert not any("甲镇" in line.text for line in d.trace)
