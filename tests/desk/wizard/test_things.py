"""Issue 13: several things of one kind (逐项) at the window: how many is asked first, then each, by keys; one more, one less."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from pinggu_desk.assess.engine import Engine
from pinggu_desk.policy.pack import load_pack
from tests.desk.wizard.conftest import CTRL, ENTER, Opener, Work

K = Qt.Key
POLICY, COUNT = "czfz", "智能装备台数"
DISTRICT = Path(__file__).parents[2] / "data" / "district"


@pytest.fixture
def work(open_work: Opener, practice_folder: Path, tmp_path: Path) -> Work:
    folder = tmp_path / "register"
    shutil.copytree(practice_folder, folder)
    work = open_work(folder)
    pack = load_pack(DISTRICT)
    work.desk.services.__dict__["_loaded"] = pack, Engine(pack)
    return work


def price(number: int) -> str:
    return f"装备购置价·第{number}台"


def test_how_many_is_asked_first_then_each_by_keys_and_one_less_takes_the_last_away(work: Work) -> None:
    page = work.begin(POLICY, {"申请人类型": "企业", "本地注册": "是"})
    page.session.choose([f"{POLICY}.machines"])
    page.open_step("data", COUNT)
    work.desk.settle()
    assert work.field_here() == COUNT and price(1) not in work.in_sight(), "how many is asked first"
    work.keys("2", ENTER)
    assert work.field_here() == price(1), "and Enter goes on to the first"
    assert price(2) in work.in_sight() and price(3) not in work.in_sight()
    work.keys("20", ENTER, "60", ENTER)

    def told() -> tuple[str, str]:
        d = next(d for d in page.session.interview.determinations if d.benefit == f"{POLICY}.machines")
        return d.status, d.headline

    assert told() == ("eligible", "7.00 万元")
    page.open_step("data", COUNT)
    work.keys((K.Key_A, CTRL), "1", ENTER)
    assert told() == ("eligible", "2.00 万元"), "the second is kept, and counts no more"
    assert price(2) in page.session.interview.stale()
    page.open_step("data", COUNT)
    work.keys((K.Key_A, CTRL), "3", ENTER)
    assert work.field_here() == price(3), "one more: what was told of the second stands, the third is asked"
    work.keys("10", ENTER)
    assert told() == ("eligible", "8.00 万元")
