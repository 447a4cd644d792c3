"""Issue 13: old cases keep their old answers whatever is corrected between; a replay of what was issued comes out byte for byte."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from pinggu_desk.assess.basis import bases_text, basis_of
from pinggu_desk.assess.determine import determine
from pinggu_desk.assess.engine import Answers, Engine, read_answers
from pinggu_desk.policy.corrections import Correction
from pinggu_desk.policy.outside import read_figures
from pinggu_desk.policy.pack import load_pack
from pinggu_desk.policy.resources import choose_pack
from pinggu_desk.work.packs.build import build
from pinggu_desk.work.packs.replay import Engines, replay
from pinggu_desk.work.packs.store import PackStore
from tests.assess.packs import Small
from tests.assess.test_corrections import days_of
from tests.work.packs.samples import DISTRICT, store, written

ON = date(2026, 3, 2)
TEXT = "自上市日起20个工作日内申请的，投资额300万元以上的，按平均工资的{}倍奖励，最高{}万元。"
RULES = "{按: 平均工资 的 %s倍, 封顶: %s万元}"


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(PackStore, "_keep_built_in", lambda self: None)
    yield
    choose_pack(None)


def three(tmp: Path, packs: PackStore) -> list[Engine]:
    """Three packs whose rule rests on a reading, an outside figure and working days at once."""
    engines = []
    for at, (times, most) in enumerate(((2, 30), (3, 40), (1, 25))):
        root = Small(
            RULES % (times, most), {"xx.1": TEXT.format(times, most)}, condition="{投资额: 以上 300万元}",
            benefit="    时限: {起: 上市日, 内: 20个工作日, 逾期: 不予受理}\n",
            sections="咨询:\n  - {项: 咨询专线, 文: 0100-0000001, 依据: xx.1}\n",
        ).write(tmp / f"p{at}")  # fmt: skip
        (root / "district.yaml").write_text(DISTRICT.format(edition=f"202{6 + at}.01-1"), "utf-8")
        pack = load_pack(root)
        packs.install(written(tmp / f"p{at}.pack", build(root, day=date(2026 + at, 1, 1), pack=pack)))
        engines.append(Engine(pack))
    return engines


def entered(dice: random.Random) -> tuple[dict[str, Any], list[Correction]]:
    """What an office may have entered by some moment: any of the kinds, each counting from some day on."""
    day = ON + timedelta(days=dice.randrange(-40, 40))
    every = [
        Correction("读法", "general.at_least", dice.choice("取另"), day, "示例局", "", day, "01"),
        days_of(2027),
        Correction("电话", "xx/咨询专线", "010-00000000", day, "示例局", "", day, "01"),
        Correction("口语词", "xx", "示例俗称", day, "示例局", "", day, "01"),
    ]
    ones = [one for one in every if dice.random() < 0.6]
    if dice.random() < 0.4:
        return {}, ones
    figure = {"值": f"{dice.randrange(8, 20)}万元", "自": day.isoformat(), "来源": "示例公报"}
    return {"平均工资": [figure]}, ones


def test_five_hundred_stored_cases_over_three_packs_with_corrections_between(tmp_path: Path) -> None:
    packs, dice, kept = store(tmp_path), random.Random(13), []
    for engine in three(tmp_path, packs):
        for number in range(170):
            if number % 5 == 0:  # something is entered or taken back between the cases
                figures, ones = entered(dice)
                engine.enter(read_figures(engine.own, figures, "01"), ones)
            on = ON + timedelta(days=dice.randrange(-60, 400))
            given = {
                "投资额": dice.choice(("299.99万元", "300万元", "500万元")),
                "上市日": str(on - timedelta(days=dice.randrange(0, 45))),
            }
            answers = Answers(on, read_answers(engine.pack, {k: v for k, v in given.items() if dice.random() < 0.9}))
            made = determine(engine, answers, ["xx"])
            words = json.dumps([d.to_json() for d in made], ensure_ascii=False)
            kept.append((f"{engine.pack.version}-{number}", words, bases_text([basis_of(engine, answers, on, "xx")])))
        engine.enter({}, [Correction("读法", "general.at_least", "另", date(2020, 1, 1), "示例局")])
    assert len(kept) >= 500 and len({words for _, words, _ in kept}) > 100
    found = replay(iter(kept), Engines(packs))
    assert found.wrong == [] and found.same == len(kept)
    settled = [one for one in kept if '"settled"' in one[1]]
    assert settled and any("国务院办公厅" in words for _, words, _ in kept), "some of them do rest on what was entered"
    altered = [(serial, words, basis.replace('"另"', '"取"')) for serial, words, basis in settled if '"另"' in basis]
    wrong = replay(iter(altered), Engines(packs)).wrong
    assert altered and {serial for serial, _ in wrong} == {serial for serial, _, _ in altered}, (
        "what it stood on counts"
    )
