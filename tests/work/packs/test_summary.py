"""Issue 13, left by an officer alone: `pack install` printed thousands of lines; what changes is told by policy and benefit first."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from pinggu_desk.commands.cli import run
from pinggu_desk.work.packs.checking import side_of
from pinggu_desk.work.packs.diff import Changes, compare
from pinggu_desk.work.packs.store import PackStore
from tests.work.packs.samples import folder, pack_of, sample, store, written

DISTRICT = Path(__file__).parents[2] / "data" / "district"


def between(old: Path, new: Path, home: Path) -> Changes:
    """What changes from one folder's pack to another's."""
    packs = PackStore(home)
    with side_of(str(old), packs) as one, side_of(str(new), packs) as other:
        return compare(one, other)


def test_another_figure_is_told_by_its_benefit_and_the_short_list_stands_behind(tmp_path: Path) -> None:
    old, new = folder(tmp_path / "old", "30万元"), folder(tmp_path / "new", "50万元")
    named, line = between(old, new, tmp_path).summary()[:2]
    assert named.startswith("《示例办法》（xx）：条款 1 处、规则 1 处")
    assert line == "    示例奖励：标准不同（原 30万元，现 50万元）"
    told = between(old, new, tmp_path).told()
    assert "【规则】" in told and told.index(line) < told.index("【规则】")


def test_a_benefit_that_goes_one_that_comes_and_a_limit_are_named(tmp_path: Path) -> None:
    old, new = folder(tmp_path / "old"), folder(tmp_path / "new")
    rules = new / "policies/xx/policy.yaml"
    rules.write_text(
        rules.read_text("utf-8")
        .replace("代号: award", "代号: prize")
        .replace("事项:\n", "限额:\n  - {名: 每年, 依据: xx.1, 对: [prize], 不超过: 30万元, 已领: 已领}\n事项:\n"),
        "utf-8",
    )
    with (new / "facts.yaml").open("a", encoding="utf-8") as facts:
        facts.write("\n- {名: 已领, 代号: received, 类: 金额, 问: 领过多少, 由登记簿: {对: [xx.prize], 窗: 本年度}}\n")
    (new / "policies/xx/cases.yaml").unlink()
    told = between(old, new, tmp_path).summary()
    assert [line[4:8] for line in told if line.startswith("    ")] == ["不再给予", "新增：示", "限额·每"]


def test_a_whole_other_district_is_a_page_and_the_list_is_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PINGGU_DESK_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    store(tmp_path)
    sample(tmp_path, "small", "30万元", date(2027, 1, 1))
    assert run(["pack", "install", "small.pack", "--dry-run", "--list", "全部.txt"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) < 45
    assert any("不再有的政策 24 项" in line for line in lines)
    assert any("《示例办法》（xx），1 个支持事项" in line for line in lines)
    whole = Path("全部.txt").read_text("utf-8-sig").splitlines()
    assert whole[0] == lines[0] and len(whole) > 2000 and "【规则】" in whole
    assert run(["pack", "diff", "现用", str(DISTRICT)]) == 0
    assert "加 --all" in capsys.readouterr().out
    assert run(["pack", "diff", "现用", str(DISTRICT), "--all"]) == 0
    assert "【规则】" in capsys.readouterr().out.splitlines()


def test_what_is_still_to_be_written_is_told_before_what_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A pack that an earlier program built, or one with a version that has no examples of its own, is whole nowhere but in its name."""
    old, new = folder(tmp_path / "old"), folder(tmp_path / "new", "50万元", edition="2027.01-1")
    (new / "policies/xx/cases.yaml").unlink()
    changes = between(old, new, tmp_path)
    assert changes.told()[1].startswith("还没有完成：“xx”还没有样例") and changes.to_json()["unfinished"]
    monkeypatch.setenv("PINGGU_DESK_HOME", str(tmp_path))
    store(tmp_path)
    written(tmp_path / "new.pack", pack_of(new, date(2027, 1, 1)))
    assert run(["pack", "install", str(tmp_path / "new.pack")]) == 0
    assert "还没有完成：“xx”还没有样例" in capsys.readouterr().out
