"""How each rule form is written (写法): its keys, which of them it must have, what stands under each, and an example.

One table for the reader (``policy.surface`` refuses every key that is not in it) and for editors (``policy.schema`` makes the
completion and the words under the pointer of it), so that neither knows a form that the other doesn't.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

#: what stands under a key; ``quantities`` and ``conditions`` are lists of such, ``words`` a sentence, ``figures`` ``[1, 3] 万元``
Under = Literal[
    "quantity", "condition", "quantities", "conditions", "either", "words", "name", "term", "table", "figures", "services",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shape:
    """One form: ``keys`` in the order in which they are written, ``needs`` those that it can't do without."""

    says: str
    example: str
    keys: Mapping[str, Under]
    needs: tuple[str, ...]


#: forms of a quantity (量), by the key that makes them known
QUANTITIES: dict[str, Shape] = {
    "人工认定": Shape(
        "原文没有写明、由人认定的量；“可能”列出有可能的几种结果",
        "{人工认定: 按哪一档给予原文未写, 由: 区科信局, 可能: [30万元, 50万元]}",
        {"人工认定": "words", "由": "words", "可能": "quantities"},
        ("人工认定", "由"),
    ),
    "按读法": Shape(
        "有两种读法的条款：取哪一种，另一种是什么",
        "{按读法: ss.whole, 取: 100万元, 另: 投资额 的 5%}",
        {"按读法": "name", "取": "quantity", "另": "quantity"},
        ("按读法", "取", "另"),
    ),
    "若": Shape(
        "条件成立时给一个量，不成立时给另一个",
        "{若: {类型: 为 甲类}, 则: 30万元, 否则: 10万元}",
        {"若": "condition", "则": "quantity", "否则": "quantity"},
        ("若", "则", "否则"),
    ),
    "分档": Shape(
        "按一个量或选项所在的档给予；各档不得重叠、不得有空当",
        "{分档: 投资额, 各档: {500万元（含）至1000万元（含）: 10万元, 1000万元（不含）以上: 20万元}, 其余: 不予}",
        {"分档": "name", "各档": "table", "其余": "quantity"},
        ("分档", "各档"),
    ),
    "阶梯": Shape(
        "由低到高的台阶：不足第一个界给第一个得数，达到每个界给下一个",
        "{阶梯: 人数, 界: '[10, 30] 人', 得: '[1, 3, 5] 万元'}",
        {"阶梯": "name", "界": "figures", "得": "figures"},
        ("阶梯", "界", "得"),
    ),
    "按": Shape(
        "一个量，依次乘、扣减、取整、保底、封顶（先后与书写的顺序无关）",
        "{按: 投资额 的 5%, 保底: 5万元, 封顶: 50万元}",
        {
            "按": "quantity",
            "乘": "quantity",
            "扣减": "quantity",
            "取整": "term",
            "保底": "quantity",
            "封顶": "quantity",
        },
        ("按",),
    ),
    "不高于": Shape(
        "只公布上限（或上下限），实际金额由主管部门核定",
        "{不低于: 5万元, 不高于: 投资额 的 10%}",
        {"不高于": "quantity", "不低于": "quantity"},
        ("不高于",),
    ),
    "自": Shape(
        "从一日到另一日的天数或整月数，起算日不计入",
        "{自: 开工日, 至: 竣工日, 计: 天数}",
        {"自": "quantity", "至": "quantity", "计": "term"},
        ("自", "至", "计"),
    ),
    "同比": Shape(
        "本期比上期的增长率；上期须是写明“最少”的填报项",
        "{同比: [本年营收, 上年营收]}",
        {"同比": "quantities"},
        ("同比",),
    ),
    "逐项": Shape(
        "同样的几处、几台、几件，每一项按自己填的数算，再相加；每项的上限写在里面，总的上限写在外面",
        "{逐项: 租房处数, 合计: {按: 月租金, 乘: 租期, 封顶: 3万元}}",
        {"逐项": "name", "合计": "quantity"},
        ("逐项", "合计"),
    ),
    "合计": Shape("几个量之和", "{合计: [设备投资, 基建投资]}", {"合计": "quantities"}, ("合计",)),
    "较高": Shape("几个量中最高的", "{较高: [投资额 的 5%, 30万元]}", {"较高": "quantities"}, ("较高",)),
    "较低": Shape("几个量中最低的", "{较低: [投资额 的 5%, 30万元]}", {"较低": "quantities"}, ("较低",)),
    "实物": Shape("服务、资格、场所等不是钱的支持", "{实物: [提供辅导, 免费场地]}", {"实物": "services"}, ("实物",)),
}

#: forms of a condition (条件) that make a block of their own
CONDITIONS: dict[str, Shape] = {
    "人工认定": Shape(
        "由人认定是否符合的条件",
        "{人工认定: 是否符合产业方向, 由: 区科信局}",
        {"人工认定": "words", "由": "words"},
        ("人工认定", "由"),
    ),
    "按读法": Shape(
        "有两种读法的条件",
        "{按读法: ss.whole, 取: {人数: 超过 10人}, 另: {人数: 不低于 10人}}",
        {"按读法": "name", "取": "condition", "另": "condition"},
        ("按读法", "取", "另"),
    ),
    "比": Shape(
        "左边不是一个名称时的比较",
        "{比: {合计: [设备投资, 基建投资]}, 不超过: 总投资}",
        {
            "比": "quantity", "不低于": "quantity", "超过": "quantity", "低于": "quantity", "不超过": "quantity",
            "为": "quantity", "不晚于": "quantity", "不早于": "quantity", "以上": "quantity",
        },
        ("比",),
    ),
    "至少": Shape(
        "几项中至少符合几项",
        "{至少: 2项, 其中: [{合格: 是}, {在册: 是}, {人数: 超过 10人}]}",
        {"至少": "term", "其中": "conditions"},
        ("至少", "其中"),
    ),
}  # fmt: skip

#: lines of a condition block that join conditions; every other line is “填报项: 判断词 对照”
LINES: dict[str, tuple[Under, str]] = {
    "任一": ("conditions", "各行中有一行成立即可"),
    "全部": ("conditions", "各行都须成立"),
    "非": ("condition", "不得如此"),
    "凡": ("either", "{当: 条件, 须: 条件}：只对“当”成立的要求“须”"),
}
#: how one judgement is written behind a fact's name
JUDGEMENTS = (
    "不低于 300万元",
    "超过 10人",
    "低于 5%",
    "不超过 30个",
    "以上 500万元",
    "满 2年",
    "不晚于 上市日",
    "为 甲类、乙类",
    "默认为 甲类",
    "是",
    "否",
)
