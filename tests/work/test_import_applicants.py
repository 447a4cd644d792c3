"""Issue 12, import of applicants: what a list would change is laid out, doubles are asked about, and twice changes nothing."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner

from pinggu_desk.commands import cli
from pinggu_desk.register import Register, events, passwords
from pinggu_desk.register.importing import Source
from pinggu_desk.work.importing.applicants import ApplicantPlan, plan_applicants
from pinggu_desk.work.importing.items import Item
from pinggu_desk.work.importing.rows import read_applicants
from tests.bundled import pack

CODE, OTHER, THIRD = "91110117MA00DEMA8F", "91110117MA01ABCD5U", "91110117MA01ABCE3N"
PERSON = "11010519491231002X"
ON = date(2026, 3, 1)
HEAD = (
    "序号",
    "企业名称 ",
    "统一社会信用代码",
    "联系人",
    "联系电话",
    "职工人数（人）",
    "注册资本（万元）",
    "上市挂牌日",
    "备注",
)
UNTIDY = (
    (
        1,
        "示例装备制造有限公司 ",
        "９１１１０１１７ＭＡ００ＤＥＭＡ８Ｆ",
        "示例丙",
        "010-60000009",
        " １２０ ",
        "３００",
        "2026年3月1日",
        "x",
    ),
    (2, "示例新企业有限公司", OTHER, "示例丁", "13800000000", "35人", 1.5, "2026/2/1", ""),
    (3, "示例新企业有限公司 ", OTHER, "示例戊", "13800000000", "35", "1.5", "", ""),
    (4, "示例坏码有限公司", "91110117MA01ABCD5X", "", "", "10", "", "", ""),
    (5, "示例无号有限公司", "", "", "电话", "多少", "", "", ""),
    ("合计", "", "", "", "", "165", "", "", ""),
)
WORD = "-".join(("Yanlian", "Sample", "2026"))


@pytest.fixture
def register(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Register]:
    monkeypatch.setattr(passwords, "COST", (1, 8, 1))
    made, _ = Register.create(
        tmp_path / "data" / "register", clerk_no="01", clerk_name="示例经办", password=WORD, window="03"
    )
    known = made.add_applicant("企业", "示例装备制造有限公司", code=CODE, phone="010-60000001")
    made.remember(known.id, "职工人数", "100人", date(2026, 1, 1))
    made.add_applicant("企业", "示例无号有限公司", code=THIRD)
    yield made
    made.close()


def untidy(path: Path) -> Path:
    """As a township keeps it: a title over merged cells, units in heads, full-width digits, spaces, days as text, a sum."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "花名册"
    sheet.append(["示例镇企业花名册（2026年3月）"])
    sheet.merge_cells("A1:I1")
    lines: list[Sequence[object]] = [[], HEAD, *UNTIDY]
    for line in lines:
        sheet.append(list(line))
    book.save(path)
    return path


def planned(register: Register, path: Path, on: date = ON) -> ApplicantPlan:
    return plan_applicants(register, read_applicants(pack(), str(path), on), on)


def of(plan: ApplicantPlan, name: str) -> Item:
    return next(item for item in plan.items if item.who.startswith(name))


def text_list(
    path: Path, *rows: Sequence[str], head: Sequence[str] = ("企业名称", "统一社会信用代码", "联系电话", "职工人数")
) -> Path:
    path.write_text("\n".join(",".join(row) for row in (head, *rows)), encoding="utf-8-sig")
    return path


def agreed(register: Register, plan: ApplicantPlan, path: Path) -> str:
    return register.import_list(Source(path.name, "0" * 64, plan.on, "申请人"), plan.entries()).words


def test_an_untidy_list_is_laid_out_asked_about_and_written_once(register: Register, tmp_path: Path) -> None:
    path = untidy(tmp_path / "花名册.xlsx")
    plan = planned(register, path)
    changed = of(plan, "示例装备")
    assert changed.state == "有变化" and {one.name: (one.before, one.after) for one in changed.changes} == {
        "联系人": ("", "示例丙"), "联系电话": ("010-****0001", "010-****0009"), "职工人数": ("100人", "120人"),
        "注册资本": ("", "300万元"), "上市挂牌日": ("", "2026年3月1日"),
    }  # fmt: skip
    double, named = of(plan, "示例新企业"), of(plan, "示例无号")
    assert double.state == named.state == "要先定"
    assert double.question is not None and "第 5、6 行号码相同而内容不同（联系人、上市挂牌日）" in double.question.words
    assert named.question is not None and "登记库里已有同名的“示例无号有限公司”" in named.question.words
    unread = {one.place: one.sentence for one in plan.unread}
    assert "这一行没有导入" in unread["工作表“花名册”C7"] and "电话没有导入" in unread["工作表“花名册”E8"]
    assert "不是能识别的数" in unread["工作表“花名册”F8"] and plan.unread_count == 3
    assert [entry.row for entry in plan.entries()] == [4], "what waits for an answer is not written"
    plan.answer(double, double.question.options[1])
    plan.answer(named, named.question.options[0])
    assert (double.state, named.state) == ("新登记", "没有变化")
    assert agreed(register, plan, path) == "新登记 1 个，修改 1 个，情况 5 项，以往奖励 0 笔"
    (new,) = register.search("示例新企业")
    assert (new.contact, new.phone, new.code) == ("示例戊", "13800000000", OTHER)
    assert register.known_facts(new.id)["注册资本"].origin == "名单导入“花名册.xlsx”第 6 行"

    before = len(register.audit_rows(1000))
    again = planned(register, path)
    rows = of(again, "示例新企业")
    assert rows.question is not None
    again.answer(rows, rows.question.options[1])
    assert of(again, "示例装备").state == rows.state == "没有变化" and again.entries() == []
    agreed(register, again, path)
    assert len(register.audit_rows(1000)) == before and register.check() == [], "twice changes nothing"


def test_a_number_under_another_name_is_asked_about_and_a_change_can_be_left(
    register: Register, tmp_path: Path
) -> None:
    path = text_list(tmp_path / "改名.csv", ["示例装备集团有限公司", CODE, "010-60000002", "90"])
    plan = planned(register, path)
    item = plan.items[0]
    assert item.question is not None and "是改了名，还是号码写错了" in item.question.words
    plan.answer(item, item.question.options[0])
    assert [one.name for one in item.changes] == ["名称", "联系电话", "职工人数"]
    plan.tick(item, item.changes[1])
    agreed(register, plan, path)
    (firm,) = register.search(CODE)
    assert (firm.name, firm.phone) == ("示例装备集团有限公司", "010-60000001")
    plan.ask_again(item)
    assert plan.count("要先定") == 1 and item.changes == []
    plan.answer(item, item.question.options[2])
    assert plan.count("不导入") == 1 and plan.entries() == []


def test_an_older_list_does_not_take_the_place_of_what_is_newer(register: Register, tmp_path: Path) -> None:
    path = text_list(tmp_path / "旧.csv", ["示例装备制造有限公司", CODE, "", "80人"])
    plan = planned(register, path, date(2025, 6, 1))
    (change,) = plan.items[0].changes
    assert not change.ticked and change.note == "登记库的是 2026-01-01 的，比名单（2025-06-01）新"
    assert plan.items[0].state == "不导入" and plan.entries() == []
    plan.tick(plan.items[0], change)
    agreed(register, plan, path)
    whose = register.search(CODE)[0].id
    assert [(one.text, one.on) for one in register.noted(whose) if one.fact == "职工人数"] == [
        ("80人", date(2025, 6, 1)), ("100人", date(2026, 1, 1)),
    ]  # fmt: skip
    assert register.known_facts(whose)["职工人数"].value_text == "100人"


def test_people_are_masked_and_never_known_by_name_alone(register: Register, tmp_path: Path) -> None:
    register.add_applicant("个人", "示例张三", code=PERSON, document="居民身份证")
    head = ("姓名", "证件号码", "申请人类型", "联系电话")
    rows = (["示例张三", "", "个人", "13800000000"], ["示例李四", "110105194912310011", "个人", "13900000000"])
    plan = planned(register, text_list(tmp_path / "人.csv", *rows, head=head))
    first, second = plan.items
    assert first.state == "要先定" and second.state == "新登记"
    words = json.dumps([cli_item(item) for item in plan.items], ensure_ascii=False)
    assert PERSON not in words and "110105194912310011" not in words and "13900000000" not in words
    assert "110105********0011" in words


def cli_item(item: Item) -> dict[str, Any]:
    from pinggu_desk.commands.importing import _item

    return _item(item)


def test_questions_of_a_kind_are_answered_alike(register: Register, tmp_path: Path) -> None:
    for name in "甲乙丙":
        register.add_applicant("企业", f"示例{name}公司", code="")
    rows = [[f"示例{name}公司", "", "010-60000001", ""] for name in "甲乙丙"]
    plan = planned(register, text_list(tmp_path / "名.csv", *rows))
    asked = plan.items[0].question
    assert asked is not None and plan.count("要先定") == 3
    assert plan.answer_alike(plan.items[0], asked.options[0]) == 3
    assert plan.count("有变化") == 3


def test_the_command_previews_and_writes_only_when_told(register: Register, tmp_path: Path) -> None:
    path = untidy(tmp_path / "花名册.xlsx")

    def command(*words: str) -> tuple[int, str, str]:
        with CliRunner().isolation(input=WORD + "\n") as streams:
            code = cli.run(["register", "import-applicants", str(path), "--data", str(tmp_path / "data"), *words])
            sys.stdout.flush()
            return code, streams[0].getvalue().decode(), streams[1].getvalue().decode()

    code, out, _ = command("--on", "2026-03-01")
    assert code == 0 and "这是预览，登记库没有变化" in out and not register.search("示例新企业")
    assert "联系电话 010-****0001 → 010-****0009" in out
    code, out, _ = command("--on", "2026-03-01", "--answer", "5=1", "--write", "--json")
    told = json.loads(out)
    assert code == 0 and told["written"] == {"new": 1, "changed": 1, "facts": 6, "awards": 0}
    assert [one["state"] for one in told["items"]] == ["要先定", "有变化", "新登记"]
    assert command("--answer", "4=1")[0] == 2 and "没有要定的" in command("--answer", "4=1")[2]
    seen = [row.detail for row in register.audit_rows(200) if row.event == events.IMPORT_SEEN]
    assert seen and "花名册.xlsx" in seen[0] and "SHA-256" in seen[0]


def test_a_person_without_number_is_not_one_with_his_namesake_of_the_list(register: Register, tmp_path: Path) -> None:
    path = text_list(
        tmp_path / "人.csv", ("示例张", PERSON, "13800000000"), ("示例张", "", "13900000000"), ("示例李", "", "13700000000"),
        head=("姓名", "身份证号", "联系电话"),
    )  # fmt: skip
    plan = planned(register, path)
    numbered, nameless, other = plan.items
    assert (numbered.state, nameless.state, other.state) == ("新登记", "不导入", "新登记")
    assert "同名而写了号码的" in nameless.told[0]
    assert {entry.who.name: entry.who.kind for entry in plan.entries()} == {"示例张": "个人", "示例李": "个人"}
