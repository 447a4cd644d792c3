"""Issue 12, past awards from a department's workbook: whose, of which benefit, how much and when; asked where it is not sure."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
from click.testing import CliRunner

from pinggu_desk.assess.awards import Award as Had
from pinggu_desk.assess.engine import Answers, awards_span, from_awards
from pinggu_desk.commands import cli
from pinggu_desk.register import Register
from pinggu_desk.register.importing import Source
from pinggu_desk.work.importing.awards import AwardPlan, plan_awards, read_awards
from pinggu_desk.work.importing.items import Item
from tests.bundled import engine, pack
from tests.work.test_import_applicants import CODE, OTHER, WORD, register

__all__ = ["register"]
TODAY = date(2026, 3, 2)
HEAD = ("序号", "单位名称", "奖补项目", "拨付金额（万元）", "年度", "批复文号", "备注")
NAME = "示例装备制造有限公司"
UNTIDY: tuple[Sequence[object], ...] = (
    (1, f"{NAME} ", "新三板创新层挂牌奖励", 100, "２０２５年", "示例发〔2025〕1号 ", ""),
    (2, NAME, "老项目奖励", "2万元", "2021年5月6日", "", ""),
    (3, "示例没登记有限公司", "老项目奖励", 1.5, 2021, "", ""),
    (4, "示例没登记有限公司", "企业上市奖励", "很多", "2024-06-01", "", ""),
    ("合计", "", "", 153.5, "", "", ""),
)


def untidy(path: Path) -> Path:
    """As a department keeps it: a title, units in heads, years and days as text in one column, a sum below."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "兑现情况"
    sheet.append(["示例局奖励兑现情况表"])
    sheet.merge_cells("A1:G1")
    lines: list[Sequence[object]] = [HEAD, *UNTIDY]
    for line in lines:
        sheet.append(list(line))
    book.save(path)
    return path


def planned(register: Register, path: Path) -> AwardPlan:
    return plan_awards(register, pack(), read_awards(pack(), str(path), TODAY), TODAY)


def answer(plan: AwardPlan, item: Item, words: str) -> None:
    assert item.question is not None
    plan.answer(item, next(one for one in item.question.options if words in one.words))


def write(register: Register, plan: AwardPlan, path: Path) -> str:
    return register.import_list(Source(path.name, "0" * 64, TODAY, "以往奖励"), plan.entries()).words


def test_a_departments_list_is_asked_about_once_and_written_once(register: Register, tmp_path: Path) -> None:
    path = untidy(tmp_path / "兑现.xlsx")
    plan = planned(register, path)
    known, new = plan.items
    assert [one.place for one in plan.unread] == ["工作表“兑现情况”D6"]
    assert known.question is not None and "登记库里已有同名的" in known.question.words
    answer(plan, known, "就是登记库里的那位")
    assert known.question is not None and known.question.words == "名单写的“老项目奖励”是哪个支持事项？"
    answer(plan, known, "往年的项目")
    answer(plan, known, "企业上市办法")
    assert new.question is None and (known.state, new.state) == ("有变化", "新登记"), (
        "the same words are asked about once"
    )
    first, second = known.changes
    assert (first.name, first.after) == ("新三板创新层挂牌奖励", "100万元，2025 年，示例发〔2025〕1号")
    assert first.note == "只写到 2025 年，按 2025-12-31 记" and second.after == "2万元，2021-05-06"
    assert write(register, plan, path) == "新登记 1 个，修改 0 个，情况 0 项，以往奖励 3 笔"
    firm = register.search(CODE)[0]
    old, one = register.awards(firm.id)
    assert (one.benefit_id, one.amount_fen, one.on, one.source) == (
        "ss.neeq",
        100_000_000,
        date(2025, 12, 31),
        "部门名单",
    )
    assert (one.document, one.origin) == ("示例发〔2025〕1号", "部门名单“兑现.xlsx”第 3 行，只写到 2025 年")
    assert (old.policy_id, old.benefit_id, old.title) == ("ss", "", "老项目奖励")

    again = planned(register, path)
    for item in again.items:
        answer(again, item, "就是登记库里的那位")
    answer(again, again.items[0], "往年的项目")
    answer(again, again.items[0], "企业上市办法")
    assert {item.state for item in again.items} == {"没有变化"} and again.entries() == []


def test_the_same_row_twice_and_a_like_award_of_that_year_are_not_taken_by_themselves(
    register: Register, tmp_path: Path
) -> None:
    firm = register.search(CODE)[0]
    register.add_award(firm.id, "ss", "ss.neeq", 100_000_000, date(2025, 6, 1))
    path = tmp_path / "两次.csv"
    rows = [
        "统一社会信用代码,政策,支持事项,奖励金额（元）,领取时间",
        f"{CODE},,新三板创新层挂牌奖励,1000000,2025", f"{CODE},,新三板创新层挂牌奖励,500000,20240301",
        f"{CODE},,新三板创新层挂牌奖励,500000,20240301",
    ]  # fmt: skip
    path.write_text("\n".join(rows), encoding="gb18030")
    plan = planned(register, path)
    (item,) = plan.items
    assert [change.ticked for change in item.changes] == [False, True, False]
    assert item.changes[0].note == "登记库里 2025-06-01 已有同样金额的一笔，可能就是它"
    assert item.changes[2].note == "与第 3 行完全相同，确是两笔的才采用"


def test_an_award_of_a_former_benefit_makes_what_it_may_count_in_a_range() -> None:
    """Whether today's cap counts it is the department's to say: at least what counts for sure, at most with it."""
    fact = next(
        one
        for one, _ in engine().histories
        if one.history and "zxqy.srdi" in one.history.benefits and one.history.counts == "金额"
    )
    sure, former = Had("zxqy", "srdi", 10_000_000, date(2024, 1, 1)), Had("zxqy", "", 5_000_000, date(2023, 1, 1))
    other = Had("tztc", "", 5_000_000, date(2023, 1, 1))
    assert awards_span(fact, [sure, former, other], TODAY) == (10_000_000, 15_000_000)
    assert from_awards(fact, [sure, former], TODAY) == 10_000_000
    assert awards_span(fact, [sure, other], TODAY) == (10_000_000, 10_000_000)
    slot = next(slot for one, slot in engine().histories if one is fact)
    assert engine().env(Answers(TODAY, {}, [sure, former])).values[slot] == (10_000_000, 15_000_000)


def test_the_command_asks_and_writes(register: Register, tmp_path: Path) -> None:
    path = untidy(tmp_path / "兑现.xlsx")

    def command(*words: str) -> tuple[int, str, str]:
        with CliRunner().isolation(input=WORD + "\n") as streams:
            code = cli.run(["register", "import-awards", str(path), "--data", str(tmp_path / "data"), *words])
            sys.stdout.flush()
            return code, streams[0].getvalue().decode(), streams[1].getvalue().decode()

    code, out, _ = command()
    assert code == 0 and "名单写的“老项目奖励”是哪个支持事项？" in out and "这是预览" in out
    ours = 1 + [*pack().policies].index("ss")
    code, out, _ = command("--answer", "3=1", "--answer", "3=2", "--answer", f"3={ours}", "--write", "--json")
    told = json.loads(out)
    assert code == 0 and told["written"] == {"new": 1, "changed": 0, "facts": 0, "awards": 3}
    assert len(register.awards(register.search(CODE)[0].id)) == 2


def test_a_row_with_half_a_character_is_told_and_the_others_are_offered(register: Register, tmp_path: Path) -> None:
    path = tmp_path / "半个字.csv"
    rows = [
        "统一社会信用代码,政策,支持事项,奖励金额（元）,领取时间,事由",
        f"{CODE},,新三板创新层挂牌奖励,500000,20240301,示例一", f"{CODE},,新三板创新层挂牌奖励,600000,20230301,示例二",
    ]  # fmt: skip
    path.write_bytes("\n".join(rows).encode("gb18030").replace("示例一".encode("gb18030"), b"\xca\xbe\xc0"))
    plan = planned(register, path)
    assert [change.after for item in plan.items for change in item.changes] == ["60万元，2023-03-01，示例二"]
    assert any("F 列有读不出的字节" in one.sentence and "2" in one.place for one in plan.unread)


def test_a_row_of_nought_is_not_taken_by_itself(register: Register, tmp_path: Path) -> None:
    """What was not paid was not had: kept, it would rule the applicant out of what is given once."""
    path = tmp_path / "没有拨付.csv"
    rows = [
        "统一社会信用代码,政策,支持事项,奖励金额（元）,领取时间",
        f"{CODE},,新三板创新层挂牌奖励,0,20240301", f"{CODE},,新三板创新层挂牌奖励,500000,20230301",
    ]  # fmt: skip
    path.write_text("\n".join(rows), encoding="utf-8")
    plan = planned(register, path)
    (item,) = plan.items
    nought, paid = item.changes
    assert (nought.ticked, paid.ticked) == (False, True) and nought.after == "0元，2024-03-01"
    assert nought.note == "金额是 0 元，没有拨付的不采用；确有这一笔（如免费的服务）的才采用"
    assert write(register, plan, path) == "新登记 0 个，修改 0 个，情况 0 项，以往奖励 1 笔"


def test_a_number_under_a_name_that_is_another_s_now_says_whose_it_is(register: Register, tmp_path: Path) -> None:
    """A firm was renamed and another one took its name: an old list names the first by it."""
    first = register.search(CODE)[0]
    register.update_applicant(replace(register.get(first.id), name="示例新名有限公司"))
    register.add_applicant("企业", NAME, code=OTHER)
    path = tmp_path / "旧名.csv"
    head = "单位名称,统一社会信用代码,支持事项,奖励金额（元）,领取时间"
    path.write_text(f"{head}\n{NAME},{CODE},新三板创新层挂牌奖励,500000,20230301", encoding="utf-8")
    (item,) = planned(register, path).items
    assert item.question is not None and item.question.words == (
        f"号码 {CODE} 在登记库里是“示例新名有限公司”，名单写的是“{NAME}”。是改了名，还是号码写错了？"
        f"登记库里叫“{NAME}”的是另一位（{OTHER}）。"
    )


def test_a_person_without_number_is_not_taken_for_his_namesake(register: Register, tmp_path: Path) -> None:
    """Two of one name in one list: whose the second award is, nobody can tell; of a register's namesake it is asked."""
    register.add_applicant("个人", "示例李", code="110105194912310054", document="居民身份证")
    path = tmp_path / "人才.csv"
    rows = [
        "姓名,身份证号,支持事项,奖励金额（元）,领取时间",
        "示例张,11010519491231002X,新三板创新层挂牌奖励,500000,20240301", "示例张,,新三板创新层挂牌奖励,600000,20240301",
        "示例李,,新三板创新层挂牌奖励,700000,20240301",
    ]  # fmt: skip
    path.write_text("\n".join(rows), encoding="utf-8")
    numbered, nameless, asked = planned(register, path).items
    assert (numbered.rows, numbered.state, [one.after for one in numbered.changes]) == (
        (2,),
        "新登记",
        ["50万元，2024-03-01"],
    )
    assert (nameless.rows, nameless.state, nameless.changes) == ((3,), "不导入", [])
    assert "同名而写了号码的" in nameless.told[0]
    assert asked.question is not None and "登记库里已有同名的“示例李”（110105********0054）" in asked.question.words
