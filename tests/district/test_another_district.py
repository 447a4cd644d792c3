"""A second, made-up district (示例区): its pack goes the same way from check to paper by the same functions (issue 13)."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pinggu_desk.commands import selftest
from pinggu_desk.commands.cli import run
from pinggu_desk.policy import district, resources
from pinggu_desk.policy.compiled import load_bundled
from pinggu_desk.policy.resources import choose_pack
from pinggu_desk.register import Register
from pinggu_desk.work.checking import Report, check_everything, with_examples
from pinggu_desk.work.forms import draw_forms
from tests import bundled
from tests.documents.paper_reader import Paper

FIRM = {
    "申请人名称": "示例甲制造有限公司", "申请人类型": "企业", "本地注册": "是", "成立日期": "2020-01-01", "参保人数": 120,
    "年租金": "60万元", "本年度已领租金补贴": "0元", "设备投资": "1200万元", "升规": "首次升规", "升规日": "2026-03-20",
}  # fmt: skip
PERSON = {"申请人名称": "示例乙", "申请人类型": "个人", "引进人才": "是", "学历": "博士", "月租房租金": "5000元"}
#: policy -> whose facts, the title of the benefit that can be had, its sum, the office to call
POLICIES: dict[str, tuple[dict[str, Any], str, str, str]] = {
    "czfz": (FIRM, "用工补贴", "3.00万元", "0100-0000001"),
    "gqzz": (FIRM, "升规奖励", "10.00万元", "0100-0000002"),
    "yxrc": (PERSON, "安家费", "15.00万元", "0100-0000003"),
}
#: opens only what the test makes
PASSWORD = "-".join(("Shili", "2026", "district"))
#: what no paper of another district may say
OURS = ("平谷", "汇编", "PG-", "PGZ", "政策符合性告知书", *bundled.pack().district.departments)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("district") / "pack"
    shutil.copytree(Path(__file__).parents[1] / "data" / "district", folder)
    choose_pack(folder)
    list(draw_forms(load_bundled(), []))
    choose_pack(None)
    return folder


@pytest.fixture
def pack(root: Path) -> Iterator[Path]:
    """The made-up district's pack, in use while a test runs."""
    choose_pack(root)
    yield root
    choose_pack(None)


def facts_file(folder: Path, facts: dict[str, Any]) -> str:
    path = folder / "facts.json"
    path.write_text(json.dumps(facts, ensure_ascii=False), encoding="utf-8")
    return str(path)


def foreign(text: str) -> list[str]:
    return [word for word in OURS if word in "".join(text.split())]


@pytest.mark.usefixtures("pack")
def test_its_pack_passes_the_check_with_its_examples_and_forms(root: Path) -> None:
    assert check_everything().findings == () and check_everything(root).findings == ()
    assert with_examples(Report(load_bundled(), ()), root).findings == ()
    assert tuple(load_bundled().policies) == ("gqzz", "czfz", "yxrc")
    assert [load_bundled().clause_place(one) for one in ("czfz.2", "czfz.5a", "gqzz.3")] == ["二", "五", "三"]


@pytest.mark.parametrize("policy", POLICIES)
def test_every_policy_goes_from_facts_to_every_paper(
    policy: str, root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    facts, title, sum_, telephone = POLICIES[policy]
    given = ["--pack", str(root), "--facts", facts_file(tmp_path, facts), "--policy", policy, "--on", "2026-04-01"]
    for name in ("letter", "notice"):
        assert run([name, *given, "-o", str(tmp_path / f"{name}.pdf")]) == 0
        text = Paper((tmp_path / f"{name}.pdf").read_bytes()).text
        assert foreign(text) == []
        assert "示例区" in text.replace("\n", "") and telephone in text
    letter = Paper((tmp_path / "letter.pdf").read_bytes()).text
    assert "惠企政策答复单" in letter and title in letter and sum_ in "".join(letter.split())
    assert ("依据2026年版《示例区惠企政策选编》" in "".join(letter.split())) == (policy != "yxrc")
    assert run(["sheet", *given, "-o", str(tmp_path / "sheet.xlsx")]) == 0
    book = openpyxl.load_workbook(tmp_path / "sheet.xlsx")
    cells = "".join(str(c) for sheet in book for row in sheet.iter_rows(values_only=True) for c in row if c is not None)
    assert title in cells and foreign(cells) == [] and book.properties.creator == "示例区惠企通"
    capsys.readouterr()


def test_all_at_once_and_a_list(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["match", "--pack", str(root), "--facts", facts_file(tmp_path, FIRM), "--on", "2026-04-01", "--json"]
    assert run(words) == 0
    found = json.loads(capsys.readouterr().out)
    had = {row["benefit"]: row["amount_yuan"] for row in found["groups"]["eligible"]}
    # 120 people at 300元 are over the ceiling of 3万元; 60万元 at 20 % over the year's 10万元; 50万元 and 10万元 are stated
    assert had == {
        "czfz.hire": "30000.00",
        "czfz.rent": "100000.00",
        "czfz.equipment": "500000.00",
        "gqzz.step_up": "100000.00",
    }
    assert found["bundle"]["total_yuan"] == "730000.00"
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.append(["单位名称", "申请人类型", "本地注册", "成立日期", "参保人数"])
    sheet.append(["示例甲制造有限公司", "企业", "是", "2020-01-01", 12])
    book.save(tmp_path / "list.xlsx")
    out = tmp_path / "out.xlsx"
    assert run(["batch", "--pack", str(root), str(tmp_path / "list.xlsx"), "--on", "2026-04-01", "-o", str(out)]) == 0
    cells = [str(c) for sheet in openpyxl.load_workbook(out) for row in sheet.iter_rows(values_only=True) for c in row]
    assert "用工补贴" in cells and foreign("".join(cells)) == []
    capsys.readouterr()


def test_the_environment_names_a_pack_as_well(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(resources.PACK_VARIABLE, str(root))
    assert run(["policies", "--json", "--on", "2026-04-01"]) == 0
    assert [row["id"] for row in json.loads(capsys.readouterr().out)["policies"]] == ["gqzz", "czfz", "yxrc"]
    monkeypatch.setenv(resources.PACK_VARIABLE, str(root / "没有"))
    assert run(["policies"]) == 2
    assert "里没有政策包" in capsys.readouterr().err


def test_a_figure_by_township_goes_from_check_to_paper(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Issue 13: a parameter by area. Each township's own figure, with its source on the letter; what nobody published is no nought."""
    moved = {**FIRM, "搬入标准厂房": "是"}
    on = ["--on", "2026-04-01"]

    def answer(town: str, *more: str) -> dict[str, Any]:
        facts = facts_file(tmp_path, {**moved, "厂房街镇": town})
        assert run(["assess", "--pack", str(root), "--facts", facts, "--policy", "czfz", *on, "--json", *more]) == 0
        every = json.loads(capsys.readouterr().out)["determinations"]
        return next(one for one in every if one["benefit"] == "czfz.move")

    assert [answer(town)["amount_yuan"] for town in ("示例甲镇", "示例乙镇")] == ["40000.00", "30000.00"]
    third = answer("示例丙镇")
    assert third["status"] == "unknown" and [one["name"] for one in third["missing"]] == ["街镇租金指导价·示例丙镇"]
    facts = facts_file(tmp_path, {**moved, "厂房街镇": "示例乙镇"})
    words = ["--pack", str(root), "--facts", facts, "--policy", "czfz", *on]
    assert run(["letter", *words, "-o", str(tmp_path / "letter.pdf")]) == 0
    letter = "".join(Paper((tmp_path / "letter.pdf").read_bytes()).text.split())
    assert "标准厂房补贴" in letter and "3.00万元" in letter and "示例乙镇公告" in letter and "甲镇公告" not in letter
    assert run(["sheet", *words, "-o", str(tmp_path / "sheet.xlsx")]) == 0
    cells = [
        c
        for sheet in openpyxl.load_workbook(tmp_path / "sheet.xlsx")
        for row in sheet.iter_rows(values_only=True)
        for c in row
    ]
    assert "示例乙镇" in " ".join(map(str, cells))
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.append(["申请人名称", "申请人类型", "本地注册", "搬入标准厂房", "厂房街镇"])
    for town in ("示例甲镇", "示例乙镇", "示例丙镇"):
        sheet.append([f"示例{town}有限公司", "企业", "是", "是", town])
    book.save(tmp_path / "list.xlsx")
    out = tmp_path / "out.xlsx"
    assert run(["batch", "--pack", str(root), str(tmp_path / "list.xlsx"), *on, "-o", str(out)]) == 0
    rows = [
        row
        for row in openpyxl.load_workbook(out)["可申请与差一点"].iter_rows(values_only=True)
        if "标准厂房补贴" in row
    ]
    assert [(row[1], row[7]) for row in rows] == [("示例示例甲镇有限公司", 40000), ("示例示例乙镇有限公司", 30000)]
    capsys.readouterr()


def test_several_things_go_from_check_to_paper(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Issue 13: lists. Each machine has its own price and its own ceiling, the letter works each out, the sheet has a row for each."""
    bought = {"智能装备台数": "2台", "装备购置价·第1台": "20万元", "装备购置价·第2台": "60万元"}
    words = [
        "--pack",
        str(root),
        "--facts",
        facts_file(tmp_path, {**FIRM, **bought}),
        "--policy",
        "czfz",
        "--on",
        "2026-04-01",
    ]
    assert run(["letter", *words, "-o", str(tmp_path / "letter.pdf")]) == 0
    letter = "".join(Paper((tmp_path / "letter.pdf").read_bytes()).text.split())
    assert "智能装备补贴" in letter and "7.00万元" in letter
    assert "装备购置价·第1台（20万元）×10%=2万元" in letter and "第2台：超过上限，按上限5万元计" in letter
    assert "2台合计2万元+5万元=7万元" in letter and "第3台" not in letter
    assert run(["sheet", *words, "-o", str(tmp_path / "sheet.xlsx")]) == 0
    form = openpyxl.load_workbook(tmp_path / "sheet.xlsx")
    cells = [c for sheet in form for row in sheet.iter_rows(values_only=True) for c in row]
    assert (200_000 in cells and 600_000 in cells) or (20 in cells and 60 in cells)
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.append(["申请人名称", "申请人类型", "本地注册", *bought])
    sheet.append(["示例甲有限公司", "企业", "是", 2, "20万元", "60万元"])
    sheet.append(["示例乙有限公司", "企业", "是", 1, "20万元", None])
    sheet.append(["示例丙有限公司", "企业", "是", 2, "20万元", None])
    book.save(tmp_path / "list.xlsx")
    out = tmp_path / "out.xlsx"
    assert run(["batch", "--pack", str(root), str(tmp_path / "list.xlsx"), "--on", "2026-04-01", "-o", str(out)]) == 0
    found = openpyxl.load_workbook(out)["可申请与差一点"].iter_rows(values_only=True)
    assert [(row[1], row[7]) for row in found if "智能装备补贴" in row] == [
        ("示例甲有限公司", 70000),
        ("示例乙有限公司", 20000),
    ]
    capsys.readouterr()


@pytest.mark.usefixtures("pack")
def test_its_cases_are_numbered_its_own_way(tmp_path: Path) -> None:
    assert district.here().name == "示例区"
    register, _ = Register.create(tmp_path / "r", clerk_no="01", clerk_name="示例", password=PASSWORD)
    case = register.open_case("czfz", "示例", on=date(2026, 4, 1))
    register.close()
    assert case.number.startswith("SLQ-0-")


@pytest.mark.usefixtures("pack")
def test_its_self_test_tries_its_own_case() -> None:
    assert "3 项政策" in selftest._pack() and selftest._forms() == "每项政策都有"
    assert selftest._sample_visit().applicant.name == "示例甲制造有限公司"  # its sum came out as its file says


@pytest.mark.usefixtures("pack")
def test_a_licence_of_its_own_addresses_is_here() -> None:
    from pinggu_desk.policy.licence import Licence

    assert Licence({"住所": "示例市示例区示例路1号"}).in_district
    assert not Licence({"住所": "别处的路1号"}).in_district
