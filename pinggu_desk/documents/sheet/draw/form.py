"""Draw an application form (申请表表样), ``forms/<policy>.xlsx``, from the pack: ``pinggu-desk forms draw``.

Facts, units, choices, materials and titles come from the pack; what a form says beyond them stands in ``form.yaml`` beside
its policy, and follows from the policy where it isn't said. The same pack gives the same bytes.
"""

from __future__ import annotations

from datetime import datetime

from pinggu_desk.assess.engine import Engine
from pinggu_desk.assess.interview import Interview
from pinggu_desk.documents.sheet.cells import DATE_FORMAT
from pinggu_desk.documents.sheet.draw.drawing import COLUMNS, Drawing, fact_cell, new_book
from pinggu_desk.documents.sheet.draw.parts import applicant, approved, cover, project
from pinggu_desk.documents.sheet.draw.words import Annex, Blank, FormWords, pays, serves_persons, words_of
from pinggu_desk.documents.sheet.file import workbook_bytes
from pinggu_desk.documents.sheet.forms import asked
from pinggu_desk.documents.sheet.text import for_applicant
from pinggu_desk.policy.facts import Fact
from pinggu_desk.policy.models import Pack, Policy

SHEET = "申请表"
MADE = datetime(2024, 2, 1, 12, 0)  # the compendium's date; a clock would make each drawing another file
_DAY = "　　　　　年　　　月　　　日"
#: so many facts need no headings between them, and all stay on the filled form
FEW = 12
#: rows of items that a form has of its own; more go on to its continuation sheet
MOST_ITEMS = 12
OPINIONS = ("初审意见", "复审意见", "主管部门意见")


def _head(drawing: Drawing, pack: Pack, policy: Policy, words: FormWords) -> None:
    """The cover, then who applies and for which project."""
    cover(drawing, policy, words)
    drawing.line(policy.form_title, size=16, bold=True, box=False, across="center", height=40)
    drawing.section(f"{words.who}基本情况")
    applicant(drawing, policy, pack.facts)
    if _has_project(pack, policy) if words.project is None else words.project:
        project(drawing)
    for block in words.by_hand:
        top = drawing.row
        if block.title:
            drawing.line(block.title, bold=True)
        for labels in block.rows:
            drawing.labelled(labels)
        drawing.only_when((f"{policy.id}.{code}" for code in block.when), top)


def _has_project(pack: Pack, policy: Policy) -> bool:
    """Whether the policy pays for something that facts of a project (归属: 项目) are asked of."""
    return pays(policy) and any(pack.facts[name].owner == "项目" for name in asked(policy, pack))


def _facts(drawing: Drawing, pack: Pack, policy: Policy) -> None:
    """The facts that the policy asks, two in a row; where there are many, under the item that asks for them."""
    interview = Interview(Engine(pack), policy.id, policy.known_from)
    groups: dict[str, list[Fact]] = {}
    for step in ("eligibility", "data"):
        for view in interview.fields(step):
            if view.fact.decided_by:
                continue  # an authority's verdict is not the applicant's to fill in
            groups.setdefault(view.group, []).append(view.fact)
    drawing.section("填报数据")
    every = [fact for facts in groups.values() for fact in facts]
    top = drawing.row
    for group, facts in groups.items() if len(every) > FEW else [("", every)]:
        if group:
            drawing.line(group, bold=True)
        for left, right in zip(facts[::2], [*facts[1::2], None], strict=False):
            fact_cell(drawing, 1, left, 3 if right else 9)
            if right:
                fact_cell(drawing, 7, right)
            drawing.end()
    if len(every) > FEW:
        drawing.keep("填报数据", top)


def _indicators(drawing: Drawing, policy: Policy) -> None:
    """Indicators with what each is judged by: its score, or whether it is met."""
    listed = [definition for definition in policy.definitions if definition.indicator]
    if not listed:
        return
    scored = not all(definition.is_condition for definition in listed)
    top = drawing.row
    drawing.section("评分指标" if scored else "指标核对")
    if scored:
        columns = (("名称", "指标", 3), ("数值", "填报数值", 3), ("分档", "所在分档", 4), ("得分", "得分（分）", 2))
    else:
        columns = (("名称", "指标", 2), ("数值", "填报数值", 2), ("分档", "标准", 6), ("得分", "是否符合", 2))
    drawing.rows("指标", ((c, h, w, "center", "General") for c, h, w in columns), len(listed))
    if scored:
        drawing.label(1, 10, "得分合计（分）")
        drawing.value(11, 2, "得分合计", open_=False)
        drawing.end()
    drawing.keep("指标", top)


def _items(drawing: Drawing, policy: Policy) -> None:
    drawing.section("申报事项")
    top, room = drawing.row, min(len(policy.benefits), MOST_ITEMS)
    if not pays(policy):
        services = (
            ("序号", "序号", 1, "center", "General"), ("名称", "事项", 2, "center", "General"),
            ("服务", "服务内容", 5, "left", "General"), ("口径", "口径", 2, "center", "General"),
            ("依据", "依据条款", 2, "center", "General"),
        )  # fmt: skip
        drawing.rows("事项", services, room)
        drawing.keep("事项", top)
    else:
        money = (
            ("序号", "序号", 1, "center", "General"), ("名称", "事项", 2, "center", "General"),
            ("金额", "申请金额（元）", 2, "center", "#,##0.00"), ("", "核定金额（元）", 2, "center", "#,##0.00"),
            ("口径", "口径", 3, "center", "General"), ("依据", "依据条款", 2, "center", "General"),
        )  # fmt: skip
        drawing.rows("事项", money, room)
        drawing.keep("事项", top)
        drawing.label(1, 3, "申请金额合计（元）")
        drawing.value(4, 2, "合计金额", open_=False, shape="#,##0.00")
        drawing.label(6, 2, "合计大写")
        drawing.value(8, 5, "合计大写", open_=False)
        drawing.end(26)
    _note(drawing, "事项说明")


def _note(drawing: Drawing, name: str, text: str = "") -> None:
    drawing.label(1, 2, "说明")
    drawing.put(3, 10, text, font="仿宋", size=10, across="left", name=name)
    drawing.end(21)


def _materials(drawing: Drawing, policy: Policy) -> None:
    """The materials; where the policy lists none, two rows for a person to list what is asked for."""
    drawing.section("申报材料")
    columns = (("序号", "序号", 1), ("名称", "材料名称", 6), ("形式", "形式", 3), ("状态", "已收／待补", 2))
    top = drawing.row
    listed = len(policy.materials)
    drawing.rows("材料", ((c, h, w, "center", "General") for c, h, w in columns), listed or 2, open_=not listed)
    if listed:
        drawing.keep("材料", top)
    _note(drawing, "材料说明", for_applicant(policy.materials_note))


def _close(drawing: Drawing, policy: Policy, words: FormWords) -> None:
    persons = serves_persons(policy)
    drawing.gap(3)  # two of them, for no row can take more than half a page
    drawing.gap(3)
    top = drawing.row
    drawing.section(f"{words.who}承诺")
    drawing.line("　　" + words.undertaking, font="仿宋", size=11, height=40)
    by = "本人或者单位法定代表人、授权代表（签字）：" if persons else "法定代表人或者授权代表（签字）："
    drawing.put(1, 6, f"{by}\n\n\n\n{_DAY}", across="left", open_=True)
    seal = "单位（盖章，个人申报的不盖）：" if persons else f"{words.who}（盖章）："
    drawing.put(7, 6, seal, across="left", up="top", open_=True)
    drawing.end(128)  # a seal of 42 mm is pressed here
    drawing.section("审核意见（由审核部门填写）")
    if pays(policy):
        approved(drawing)
    for column, (title, office) in enumerate(zip(OPINIONS, words.opinions or ("", "", ""), strict=True)):
        drawing.label(1 + 4 * column, 4, title + (f"\n（{office}）" if office else ""))
    drawing.end(28)
    for column in range(3):
        sign = "签字（盖章）：\n\n" + _DAY
        drawing.put(1 + 4 * column, 4, sign, across="left", up="bottom", size=10, open_=True)
    drawing.end(90)
    for first, wide, text, name, shape in (
        (1, 2, "经办人", "经办人", "General"), (4, 1, "窗口", "窗口", "General"),
        (6, 2, "判断日", "判断日", DATE_FORMAT), (9, 3, "政策版本", "政策包版本", "@"),
    ):  # fmt: skip
        drawing.put(first, 1, text, size=8, box=False)
        drawing.put(first + 1, wide, size=9, box=False, name=name, shape=shape, across="left")
    drawing.end(18)
    foot = f"以主管部门审核为准。{policy.basis}。"
    drawing.line(foot, size=9, box=False, name="依据说明", height=18)
    drawing.together("签字盖章", top)


def _annex(drawing: Drawing, policy: Policy, annex: Annex) -> None:
    """One paper that belongs to the form, on its own sheet."""
    top = drawing.row
    drawing.line(annex.title, size=20, bold=True, box=False, across="center", height=42)
    for text in annex.opening:
        drawing.line(text, font="仿宋", size=12, box=False, height=26)
    for blank in annex.blanks:
        _blank(drawing, blank)
    for text in annex.closing:
        drawing.line("　　" + text, font="仿宋", size=12, box=False, height=26)
    wide = COLUMNS // len(annex.signed)
    for at, who in enumerate(annex.signed):
        drawing.put(1 + at * wide, wide, f"{who}：\n\n\n\n　　　年　　月　　日", across="left", box=False, open_=True)
    drawing.end(120)
    drawing.only_when((f"{policy.id}.{code}" for code in annex.when), top)
    drawing.page(repeated="1:1")


def _blank(drawing: Drawing, blank: Blank) -> None:
    if not blank.columns:
        drawing.label(1, 3, blank.title)
        across = "center" if blank.name else "left"
        drawing.put(4, 9, font="仿宋", size=11, name=blank.name, open_=True, across=across, up="center")
        drawing.end(blank.height)
        return
    drawing.line(blank.title, bold=True)
    wide, rest = divmod(COLUMNS, len(blank.columns))
    widths = [wide + (rest if at == len(blank.columns) - 1 else 0) for at in range(len(blank.columns))]
    drawing.heads(zip(blank.columns, widths, strict=True))
    for _ in range(blank.rows):
        at = 1
        for one in widths:
            drawing.value(at, one)
            at += one
        drawing.end(blank.height)


def draw(pack: Pack, policy_id: str) -> bytes:
    """The form of one policy as .xlsx."""
    policy = pack.policies[policy_id]
    words, book = words_of(policy), new_book()
    drawing = Drawing(book, SHEET)
    _head(drawing, pack, policy, words)
    _facts(drawing, pack, policy)
    _indicators(drawing, policy)
    _items(drawing, policy)
    _materials(drawing, policy)
    _close(drawing, policy, words)
    drawing.page(foot=policy.form_title)
    for annex in words.annexes:
        _annex(Drawing(book, annex.sheet), policy, annex)
    return workbook_bytes(book, MADE, policy.form_title, pack.district.program)
