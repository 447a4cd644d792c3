"""The parts of a form that every policy's has: cover with 填表说明, who applies, on which account money is paid, the project."""

from __future__ import annotations

import re
from collections.abc import Collection

from pinggu_desk.documents.sheet.cells import DATE_FORMAT
from pinggu_desk.documents.sheet.draw.drawing import COLUMNS, Drawing
from pinggu_desk.documents.sheet.draw.words import FormWords, pays, serves_persons
from pinggu_desk.documents.sheet.text import for_applicant
from pinggu_desk.policy.models import ContactSpec, Policy

#: so much of the steps is told on the cover; the letter has them all
_MOST_STEPS = 220
#: what the applicant is called on the cover has at most so many characters
_SHORT = 4
_TELEPHONE = re.compile(r"[0-9]{7}")
_MONEY = "#,##0.00"
#: a row's cells: (label, name, number format)
Cells = tuple[tuple[str, str, str], ...]


def cover(drawing: Drawing, policy: Policy, words: FormWords) -> None:
    """The first page: what the form is, who applies for what, and how it is filled in and handed in."""
    top = drawing.row
    drawing.line(policy.form_title, size=24, bold=True, box=False, across="center", height=96)
    for first, wide, text, name, shape in (
        (1, 1, "编号", "", "General"), (2, 4, "", "编号", "@"), (6, 2, "", "标记", "General"),
        (8, 2, "制表日期：", "", "General"), (10, 3, "", "制表日期", DATE_FORMAT),
    ):  # fmt: skip
        across = "right" if text.startswith("制") else "center" if name == "标记" else "left"
        drawing.put(first, wide, text, across=across, box=False, name=name, shape=shape, bold=name == "标记")
    drawing.end(22)
    drawing.gap(18)
    persons = serves_persons(policy)
    seal = "（签字、盖章）" if persons else "（盖章）"
    _field(drawing, "申报政策", "政策名称", f"《{policy.title}》")
    _field(drawing, "申报事项", "申报事项")
    who = words.who if len(words.who) <= _SHORT else "申报人"
    _field(drawing, f"{who}\n{seal}", "申请人名称")
    _field(drawing, "信用代码或者\n证件号码" if persons else "统一社会\n信用代码", "统一社会信用代码", shape="@")
    _field(drawing, "联系人", "联系人")
    _field(drawing, "联系电话", "联系电话", shape="@")
    _field(drawing, "主管部门", "", policy.department)
    _field(drawing, "申报日期", "", "　　　　年　　　月　　　日")
    drawing.gap(18)
    drawing.line("填表说明", font="黑体", size=12, box=False, across="center", height=26)
    for number, text in enumerate(_how(policy, words), 1):
        drawing.line(f"{number}. {text}", font="仿宋", size=10.5, box=False, height=17)
    top_of_font = drawing.row
    drawing.line("", font="仿宋", size=10.5, box=False, name="字体说明", height=17)
    drawing.keep("字体说明", top_of_font)
    drawing.gap(6)
    drawing.whole_page("封面", top)


def _field(drawing: Drawing, label: str, name: str, text: str = "", shape: str = "General") -> None:
    drawing.put(2, 3, label, size=12, box=False, across="right")
    drawing.put(5, 7, text, font="仿宋", size=13, under=True, name=name, shape=shape, open_=True)
    drawing.end(34)


def _how(policy: Policy, words: FormWords) -> list[str]:
    """填表说明: how to fill the form in, what goes with it, where it is handed in, whom to call."""
    by_hand = f"本表由{words.who}填写，可以在电脑上填，也可以用黑色墨水笔填；没有的填“无”，不得涂改。"
    told = [f"{by_hand}窗口已经预填的，请逐项核对，有出入的更正后再签字、盖章。"]
    if pays(policy):
        told.append(
            "金额一律以元为单位，写到分，大写与小写一致。写“最高”的是上限，写“以审定为准”的由主管部门审定；"
            "核定金额、审核意见由审核部门填写，请留空。"
        )
        told.append(
            "开户银行、开户名称、银行账号供拨付资金用：开户名称应与"
            + ("申报单位或者申报人" if serves_persons(policy) else "申报单位")
            + "的名称一致，开户银行写到支行，账号逐位核对。"
        )
    listed = "随表提交“申报材料”一栏所列各项。" if policy.materials else ""
    told.append(f"{listed}{for_applicant(policy.materials_note)}" or "随表提交的材料以当年申报通知为准。")
    told.append(f"交给{policy.department}。{_steps(policy)}")
    calls = "；".join(f"{spec.role}：{spec.text}{_other_number(spec, policy)}" for spec in policy.contacts)
    told.append(f"咨询：{calls or policy.department}。")
    return told


def _other_number(spec: ContactSpec, policy: Policy) -> str:
    """Where the printed number looks wrong, the one that another policy gives for the same office."""
    others = [d.other for d in policy.text.doubts if d.at == spec.clause and d.printed in spec.text]
    return "".join(f"（打不通可拨 {other}）" for other in others if _TELEPHONE.search(other))


def _steps(policy: Policy) -> str:
    """The first steps of the policy's own procedure, as many as there is room for."""
    words = ""
    for step in policy.steps:
        more = f"{words}；{step.text.rstrip('。；')}" if words else step.text.rstrip("。；")
        if len(more) > _MOST_STEPS:
            break
        words = more
    return f"{words}。" if words else ""


def applicant(drawing: Drawing, policy: Policy, known: Collection[str]) -> None:
    """Who applies: a unit's rows, a person's rows, the account; rows of the other kind are left out of a filled form.

    What the pack has no fact for (``known``) is filled in by hand.
    """

    def named(cells: Cells) -> None:
        drawing.named(tuple((label, name if name in known else "", shape) for label, name, shape in cells))

    persons, units = serves_persons(policy), set(policy.serves) != {"个人"}
    name = "姓名或者\n单位名称" if persons and units else "姓名" if persons else "单位名称"
    named(((name, "申请人名称", "General"),))
    if units:
        top = drawing.row
        for cells in _unit():
            named(cells)
        if persons:
            drawing.only_when(("单位",), top)
    if persons:
        top = drawing.row
        named((("证件类型", "证件类型", "General"), ("证件号码", "证件号码", "@")))
        named((("所在单位", "", "General"), ("职务、职称", "", "General")))
        if units:
            drawing.only_when(("个人",), top)
    named((("联系人", "联系人", "General"), ("联系电话", "联系电话", "@")))
    named((("通讯地址", "地址", "General"), ("邮政编码", "邮政编码", "@")))
    if pays(policy):
        named((("开户银行", "开户银行", "General"),))
        named((("开户名称", "开户名称", "General"), ("银行账号", "银行账号", "@")))


def _unit() -> tuple[Cells, ...]:
    return (
        (("统一社会\n信用代码", "统一社会信用代码", "@"), ("注册资本\n（元）", "注册资本", _MONEY)),
        (("法定代表人", "法定代表人", "General"), ("法定代表人\n证件号码", "法定代表人证件号码", "@")),
        (("法定代表人\n电话", "法定代表人电话", "@"), ("所属行业", "所属行业", "General")),
        (("注册地址", "注册地址", "General"),),
    )


def project(drawing: Drawing) -> None:
    """What the money is for, to be filled in by hand: the policy's own figures stand in 填报数据."""
    drawing.section("项目情况")
    drawing.labelled(("项目名称",))
    drawing.labelled(("项目起止时间", "项目总投资\n（元）"))
    drawing.labelled(("项目地址", "项目负责人\n及电话"))
    drawing.label(1, 2, "项目内容\n和进度")
    drawing.put(3, COLUMNS - 2, font="仿宋", size=10.5, open_=True, across="left", up="top")
    drawing.end(72)


def approved(drawing: Drawing) -> None:
    """The sum that the reviewer fixes, in figures and in capitals: left empty."""
    drawing.label(1, 2, "核定金额\n（元）")
    drawing.value(3, 3, shape=_MONEY)
    drawing.label(6, 2, "核定金额\n大写")
    drawing.value(8, 5)
    drawing.end(28)
