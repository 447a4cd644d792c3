"""Every finding of the check by its name (诊断): what it means, what it looks like, what would be right; the manual lists them."""

from __future__ import annotations

from typing import NamedTuple


class Explained(NamedTuple):
    """A finding explained to whoever keeps the rules: what it means, an example of what is wrong, what to write instead."""

    means: str
    wrong: str
    right: str


CODES: dict[str, Explained] = {
    # files that can't be read
    "bad-file": Explained("文件不是 UTF-8，或者太大", "存成了 GBK 的 policy.yaml", "另存为 UTF-8"),
    "bad-yaml": Explained("YAML 的格式不对", "条件: {投资额: 不低于 300万元", "补上漏的括号；冒号后空一格"),
    "duplicate-key": Explained("同一处一个名称写了两次", "主管: 甲局 / 主管: 乙局", "留下一个"),
    "bad-text-head": Explained("text.md 开头的说明缺项或写法不对", "没有“来源”一项", "照现有政策的开头写全"),
    "bad-text-line": Explained("text.md 里有一行不成一句", "- 奖励100万元。", "- xxzj.2.9 奖励100万元。"),
    "duplicate-clause": Explained("条款编号用了两次", "- ss.3.1a … / - ss.3.1a …", "第二句改用自己的编号"),
    # what stands where
    "missing-part": Explained("少写了必须的一项", "事项没有写“代号”", "补上这一项"),
    "missing-citation": Explained("没有写依据的条款", "{名: 财务健全, 条件: …}", "{名: 财务健全, 依据: xxzj.3.2, 条件: …}"),
    "unknown-form": Explained("没有这个写法", "封頂: 200万元", "封顶: 200万元"),
    "bad-entry": Explained("一项的某个部分写法不对", "类: 数字", "类: 数量"),
    "unknown-option": Explained("不在可用的词或选项之内", "类别: 贴钱", "类别: 贴息"),
    "unknown-name": Explained("没有这个填报项、参数、定义或事项", "固定投资: 不低于 300万元", "固定资产投资: 不低于 300万元"),
    "unknown-clause": Explained("原文里没有这一条款", "依据: xxzj.2.99", "依据: xxzj.2.9（须在 text.md 里）"),
    "unknown-reading": Explained("readings.yaml 里没有这个读法", "口径: [xxzj.srdi]", "口径: [xxzj.srdi_level]"),
    "duplicate-name": Explained("名称或代号用了两次", "两个填报项都叫“职工人数”", "改用不同的名称"),
    "circular": Explained("定义绕了一圈又用到自己", "甲: {合计: [乙, 10分]} / 乙: {合计: [甲, 5分]}", "断开其中一处"),
    # units and tables
    "mixed-units": Explained("单位不同的量相比或相加", "投资额: 不低于 500人", "投资额: 不低于 500万元"),
    "growth-from-nought": Explained("“同比”的上期可能为零", "{同比: [本年营收, 上年营收]}，上年营收没有写最少", "给上年营收写“最少: 1元”"),
    "gap": Explained("分档、阶梯有空当，或“若”缺一半", "{若: …, 则: 50万元}", "{若: …, 则: 50万元, 否则: 不予}"),
    "overlap": Explained("两档重叠，或界没有从小到大", "界: '[2000, 20000, 10000] 平方米'", "界: '[2000, 10000, 20000] 平方米'"),
    "useless-rest": Explained("“其余”用不上，各档已经覆盖全部", "三个选项各占一档，又写了其余", "删去“其余”"),
    "useless-cap": Explained("封顶用不上，算出来的总低于它", "{按: 10万元, 封顶: 50万元}", "删去封顶，或核对数字"),
    "unreachable-row": Explained("有一档无论怎样填都到不了", "500个以上一档，而填报项最多40个", "删去这一档，或改填报项的最多"),
    "never-true": Explained("条件无论怎样填都不成立", "{人数: [超过 10人, 低于 5人]}", "改成能够成立的条件"),
    "bad-list": Explained("逐项的写法不对", "{名: 月租金, 逐: 租房处数}，租房处数没有写最多", "租房处数写“最多: 5处”，20 以内"),
    "too-large": Explained("倍数或数值太大，算不准", "投资额 的 99999倍", "换用较大的单位，或核对"),
    "wrong-unit": Explained("给予的单位同类别不符", "类别: 资金，给予: 5年", "类别: 资金，给予: 5万元"),
    "split-choice": Explained("选“两样都有”的也算，这里漏写了", "{称号: 为 甲称号}", "{称号: 为 甲称号、两种称号都有}"),
    # text against rules
    "unclaimed-sentence": Explained("原文有一句没有着落，或着落同规则不符", "text.md 加了一句，台账没有", "在台账登入这一句"),
    "changed-sentence": Explained("原文的这一句改过，台账的印对不上", "100万元改成了200万元", "逐字核对规则后，运行 tools/stamp_ledger.py"),
    "changed-reading": Explained("读法的取、另改过，同规则的两支对不上", "取和另的话对换了", "改采哪一支写“定”；改措辞的核对后改印"),
    "changed-heading": Explained("标题改过", "二、支持内容 改成 二、支持标准", "逐个核对标题后，运行 tools/stamp_ledger.py"),
    "number-invented": Explained("规则里的数不在所依据的句子里", "原文500万元，规则写600万元", "改规则，或改依据的条款"),
    "number-unaccounted": Explained("句子里的数没有规则用到", "原文“最高不超过50万元”，规则没有封顶", "在规则里用上，或在台账“数”里写明"),
    "word-mismatch": Explained("界限用词不一致", "原文“不低于”，规则写“超过”", "照原文写“不低于”"),
    # what nothing uses
    "unused-fact": Explained("填报项没有任何规则用到", "多写了一个填报项", "删去，或写“登记项”"),
    "unused-reading": Explained("读法没有任何事项用到", "口径里漏写了它", "在事项的口径写上，或删去"),
    "unused-parameter": Explained("参数没有任何规则用到", "多写了一个参数", "删去"),
    "unused-definition": Explained("定义没有用到", "定义改了名，引用没有改", "删去，或引用它"),
    # limits, overlaps, parameters, calendar
    "crossing-limits": Explained("两个限额交叉套着同样的事项", "甲限额管一、二项，乙限额管二、三项", "改成一个套一个，或分开"),
    "bad-overlap": Explained("竞合的事项重复，或“优先”不在其中", "事项: [a.one, a.one]", "写不同的事项"),
    "parameter-hole": Explained("参数的日期前后不相接", "2025年底止，下一个自2026年2月起", "补上中间一段"),
    "calendar-hole": Explained("放假安排中间缺一年", "有2024、2026年，没有2025年", "补上2025年"),
    # facts
    "no-worth": Explained("没有说旧值（常在、当年、本次）", "{名: 职工人数, …}没有写旧值", "旧值: 当年"),
    "worth-twice": Explained("旧值由别的项已经定了", "由登记簿得来的，又写了旧值", "删去旧值"),
    "usual-reversed": Explained("平常范围写反了", "平常范围: [500人, 5人]", "平常范围: [5人, 500人]"),
    "usual-unit": Explained("平常范围的单位不对", "人数的平常范围写万元", "写人"),
    "usual-outside": Explained("平常范围超出了最少、最多", "最多: 100人，平常范围到500人", "改到界限之内"),
    # matters and words
    "matter-missing": Explained("有支持事项没有事由打开", "新事项没有写进 matters.yaml", "在一个事由的“事项”里写上"),
    "matter-gate": Explained("事项的主要问题没有事由打开", "事由的“开”里没有它先问的填报项", "在“开”里写上这个填报项"),
    "synonyms-shape": Explained("口语词文件的写法不对", "写成了列表", "xxzj: [技改, 贴息, 中小企业]"),
    "synonyms-unknown": Explained("口语词写给了没有的政策或事项", "xxzi: [技改]", "xxzj: [技改]"),
    "synonyms-empty": Explained("没有列出口语词", "xxzj: []", "至少写一个"),
    "synonyms-few": Explained("一项政策的口语词太少", "只有两个", "至少三个"),
    "synonyms-word": Explained("口语词是空的、太长或不是文字", "xxzj: ['']", "写来访者的说法，12字以内"),
    "synonyms-twice": Explained("口语词写了两遍", "[技改, 技改]", "留下一个"),
    # examples
    "bad-case": Explained("样例写法不对", "应得里写了没有的事项", "照现有样例改"),
    "wrong-example": Explained("样例同规则算出来的不符", "样例写999万元，规则算出100万元", "核对原文，改样例或改规则"),
    # not finished yet: the check goes on, `pack build` refuses (policy.unfinished)
    "missing-cases": Explained("未完成：政策还没有样例", "没有 cases.yaml", "按条款写样例，每个界限两边都要有"),
    "unwritten-part": Explained("未完成：起草时留的“待写”还在", "申请表: {名: 待写, 依据: xxzj.3.1}", "写上申请表的名称"),
    "refused-sentence": Explained("未完成：有一句审签为不同意", "审签稿里 xxzj.2.1 选了不同意：应按实际支出", "改好规则，把这一句重新送审"),
    # versions, holidays, outside figures
    "version-overlap": Explained("一项政策的两个版本日期重叠", "前一个至2027-03-31，后一个自2027-01-01", "首尾相接"),
    "version-gap": Explained("两个版本之间没有接上", "前一个至2026-11-30，后一个自2027-01-01", "补上，或在后一个写“间断”"),
    "version-dates": Explained("版本的日期写反或没有写", "自: 2027-01-01，至: 2026-01-01", "至不早于自；后来的版本要写自"),
    "bad-holiday": Explained("放假安排里有不可能的日期", "调休上班日写了星期一", "照国务院办公厅的通知写"),
    "bad-parameter": Explained("参数的值、日期或来源不对", "平均工资写成 0元", "写公布的数、起止日期和来源"),
    "no-policy": Explained("没有一项政策", "policies 文件夹是空的", "放进至少一项政策"),
    # the district and forms
    "unknown-source": Explained("政策的来源没有列在 district.yaml", "text.md 的来源写错一个字", "照“来源”里的写，或添上"),
    "unknown-department": Explained("主管部门没有列在 district.yaml", "主管: 区某某", "主管: 区某某局"),
    "form-missing": Explained("申请表里缺名称", "表上没有放“投资额”的格", "补一个定义了名称的格"),
    "form-misspelt": Explained("申请表里的名称拼错了", "格的名称写成“投資额”", "改成填报项的名称"),
    "form-unsound": Explained("申请表有毛病，不能用", "两个名称指同一格、单位不符", "照提示改表"),
    "form-unreadable": Explained("申请表打不开", "不是 .xlsx，或已损坏", "换一个好的"),
}  # fmt: skip
