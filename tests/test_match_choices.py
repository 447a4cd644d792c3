"""The command line's match: what the applicant chose, and whether it is one thing (FOUND 82, 83)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pinggu_desk.commands.cli import run
from tests.assess.match.test_found_choices import HIRES, both


def facts_file(tmp_path: Path, facts: dict[str, Any], **more: Any) -> str:
    path = tmp_path / "facts.json"
    path.write_text(json.dumps({**facts, "awards": [], **more}, ensure_ascii=False), encoding="utf-8")
    return str(path)


def matched(capsys: pytest.CaptureFixture[str], path: str, *options: str) -> Any:
    assert run(["match", "--facts", path, "--on", "2026-04-01", "--json", *options]) == 0
    return json.loads(capsys.readouterr().out)["bundle"]


def kept(bundle: Any) -> set[str]:
    return {one["benefit"] for one in bundle["kept"]}


@pytest.mark.parametrize("word", ["bys.hires", "带动就业奖励"])
def test_a_choice_in_the_file_or_as_an_option(capsys: pytest.CaptureFixture[str], tmp_path: Path, word: str) -> None:
    plain = facts_file(tmp_path, HIRES)
    assert "hgjh.startup" in kept(matched(capsys, plain))
    by_option = matched(capsys, plain, "--choose", word)
    assert by_option == matched(capsys, facts_file(tmp_path, HIRES, choices=[word]))
    assert "bys.hires" in kept(by_option) and "hgjh.startup" not in kept(by_option)
    assert by_option["choices"] == [
        {"benefit": "bys.hires", "title": "带动就业奖励", "holds": True, "words": "申请人选择了“带动就业奖励”"}
    ]


def test_the_sentences_say_what_was_chosen_and_what_holds_no_more(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert run(["match", "--facts", facts_file(tmp_path, HIRES, choices=["bys.hires"]), "--on", "2026-04-01"]) == 0
    assert "申请人选择了“带动就业奖励”" in capsys.readouterr().out
    gone = facts_file(tmp_path, {**HIRES, "吸纳本区户籍劳动力人数": 0}, choices=["bys.hires"])
    assert run(["match", "--facts", gone, "--on", "2026-04-01"]) == 0
    assert "申请人选择的“带动就业奖励”现在的结论是“不符合”，这个选择不再适用" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("choices", "word"),
    [("bys.hires", "应是支持事项编号的列表"), ([3], "应是支持事项编号的列表"), (["没有这项"], "没有“没有这项”")],
)
def test_a_choice_that_is_none_is_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, choices: Any, word: str
) -> None:
    assert run(["match", "--facts", facts_file(tmp_path, HIRES, choices=choices)]) == 2
    told = capsys.readouterr().err
    assert word in told and "choices" in told and told.count("\n") == 1


def test_one_loan_or_two(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """FOUND 83: unanswered it is taken for one, and that is said; No keeps both."""
    facts = both("zscq.pledge", "zxqy.interest")
    assert run(["match", "--facts", facts_file(tmp_path, facts), "--on", "2026-04-01"]) == 0
    told = capsys.readouterr().out
    assert "按同一笔贷款计；不是同一笔贷款的，两项都可以申请" in told
    assert "下一个要问的：要申领的几项，是不是同一笔贷款" in told
    two = {"zscq.pledge", "zxqy.interest"}
    assert not two <= kept(matched(capsys, facts_file(tmp_path, facts)))
    assert two <= kept(matched(capsys, facts_file(tmp_path, {**facts, "same_loan": False})))


def test_assess_takes_the_same_file_and_tells_the_overlap(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """FOUND 5, in sentences and in JSON; what was chosen in a match is no fault in a facts file."""
    award = {"policy": "zscq", "benefit": "pledge", "amount": "20万元", "date": "2026-03-02"}
    path = facts_file(tmp_path, {"纳入银税互动": "是"}, choices=["bys.hires"], awards=[award])
    assert run(["assess", "--policy", "zxqy", "--facts", path, "--on", "2026-04-01", "--json"]) == 0
    out = json.loads(capsys.readouterr().out)
    (interest,) = [d for d in out["determinations"] if d["benefit"] == "zxqy.interest"]
    assert any(o["state"] == "had" and "zscq.pledge" in o["benefits"] for o in interest["overlaps"])
    assert run(["assess", "--policy", "zxqy", "--facts", path, "--on", "2026-04-01"]) == 0
    assert "2026年3月2日已领取《平谷区知识产权促进办法》“知识产权质押贷款贴息”20万元" in capsys.readouterr().out


def test_the_match_tells_an_award_for_the_same_loan(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """FOUND 5, in the match's own sentences: what was had elsewhere stands under what can be had now."""
    award = {"policy": "jsq", "benefit": "interest", "amount": "20万元", "date": "2026-03-02"}
    path = facts_file(tmp_path, both("zscq.pledge", "zxqy.interest"), awards=[award])
    assert run(["match", "--facts", path, "--on", "2026-04-01"]) == 0
    told = capsys.readouterr().out
    assert (
        "2026年3月2日已领取《平谷区创新企业加速器鼓励办法》“成果产业化项目贷款贴息”20万元：说的是同一笔贷款的利息的"
        in told
    )
