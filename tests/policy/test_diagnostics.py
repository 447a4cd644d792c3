"""One mistake at a time, made in a copy of the real pack: refused by its name, in its file, at its line."""

# ruff: noqa: E501 - a table of mistakes is read along its lines

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from pinggu_desk.policy.errors import BadPack, Diagnostic
from pinggu_desk.policy.pack import load_pack
from pinggu_desk.policy.resources import resource_root
from tests import bundled


def rules(policy: str) -> str:
    return f"policies/{policy}/policy.yaml"


def text(policy: str) -> str:
    return f"policies/{policy}/text.md"


@dataclass(frozen=True)
class Mistake:
    """In ``file``, ``old`` becomes ``new``; expected are ``code`` in ``where`` (default: the file) at ``line``'s line.

    ``line`` is a piece of the text that stands on the expected line (default: the first changed line; "" for none).
    """

    code: str
    file: str
    old: str
    new: str
    says: str
    line: str | None = None
    where: str = ""


SS, ZXQY, TZTC, YL = map(rules, ("ss", "zxqy", "tztc", "yl"))
UPGRADE_SHARE = "技改设备投资: 不低于 技改固定资产投资 的 70%"
MISTAKES = {
    # what cannot be read
    "a key twice": Mistake("duplicate-key", SS, "主管: 区财政局（金融办）\n", "主管: 区财政局（金融办）\n主管: 区财政局\n", "“主管”写了两次", "主管: 区财政局\n"),
    "bad YAML": Mistake("bad-yaml", SS, "政策: ss\n", "政策: ss\n  已: [\n", "格式有误", ""),
    "an unknown section": Mistake("unknown-form", SS, "流程:\n", "流成:\n", "没有“流成”"),
    "an unknown word of a condition": Mistake("unknown-form", ZXQY, UPGRADE_SHARE, UPGRADE_SHARE.replace("不低于", "大约"), "没有“大约”这个判断词"),
    "a formula instead of a form": Mistake("unknown-form", ZXQY, UPGRADE_SHARE, "技改设备投资: 不低于 技改固定资产投资*0.7", "读不懂"),
    "an unknown key of an amount": Mistake("unknown-form", ZXQY, "封顶: 200万元}", "封頂: 200万元}", "没有“封頂”这个写法"),
    "an unknown key of a benefit": Mistake("unknown-form", ZXQY, "    类别: 贴息\n", "    类型: 贴息\n", "没有“类型”这一项"),
    "a benefit without its code": Mistake("missing-part", ZXQY, "    代号: interest\n", "", "缺代号", "事项: 银税互动贷款贴息"),
    "an unknown kind": Mistake("unknown-option", ZXQY, "    类别: 贴息\n", "    类别: 贴钱\n", "“贴钱”不在"),
    "a material with an unknown key": Mistake("bad-entry", SS, "{代号: form, 名", "{代号: form, 盖印: true, 名", "没有这一项"),
    "a fact of an unknown kind": Mistake("bad-entry", "facts.yaml", "代号: staff, 类: 数量", "代号: staff, 类: 数字", "不在可用的词之内"),
    "a fact named with a space": Mistake("bad-entry", "facts.yaml", "{名: 职工人数,", "{名: 职工 人数,", "写法不对"),
    # what is usual (FOUND 31)
    "a usual range the wrong way round": Mistake("usual-reversed", "facts.yaml", "代号: staff, 类: 数量,", "代号: staff, 平常范围: [500人, 5人], 类: 数量,", "写反了"),
    "a usual range in another unit": Mistake("usual-unit", "facts.yaml", "代号: staff, 类: 数量,", "代号: staff, 平常范围: [1万元, 5万元], 类: 数量,", "单位不对"),
    "a usual range beyond what may be entered": Mistake("usual-outside", "facts.yaml", "代号: staff, 类: 数量,", "代号: staff, 最多: 100人, 平常范围: [1人, 500人], 类: 数量,", "超出了"),
    "a check of an unknown grade": Mistake("unknown-option", "consistency.yaml", "  级: 提示\n", "  级: 警告\n", "只能写“提示”"),
    # names
    "a name that is nothing": Mistake("unknown-name", ZXQY, UPGRADE_SHARE, UPGRADE_SHARE.replace("固定资产投资", "固定投资"), "没有名为“技改固定投资”"),
    "an option that is none": Mistake("unknown-option", ZXQY, "{专精特新称号: 为 专精特新企业、两种称号都有}", "{专精特新称号: 为 专精特新}", "没有“专精特新”这一选项"),
    "one title asked for, both titles forgotten (FOUND 24)": Mistake("split-choice", ZXQY, "{专精特新称号: 为 专精特新企业、两种称号都有}", "{专精特新称号: 为 专精特新企业}", "选“两种称号都有”的也算"),
    "yes instead of 是": Mistake("unknown-form", ZXQY, "{新建企业: 是}", "{新建企业: true}", "应写“是”或“否”"),
    "a clause that the text has not": Mistake("unknown-clause", ZXQY, "    依据: zxqy.2.4\n    类别", "    依据: zxqy.2.9\n    类别", "没有“zxqy.2.9”"),
    "a reading that is none": Mistake("unknown-reading", ZXQY, "口径: [zxqy.srdi_level]", "口径: [zxqy.srdi]", "“zxqy.srdi”不在"),
    "a switched reading that is none": Mistake("unknown-reading", TZTC, "按读法: tztc.both", "按读法: tztc.either", "“tztc.either”不在"),
    "an exemption from nothing": Mistake("unknown-name", ZXQY, "豁免: [生产经营满两年]", "豁免: [生产经营满三年]", "不能豁免"),
    "a limit over nothing": Mistake("unknown-name", ZXQY, "对: [interest], 不超过: 2年", "对: [interests], 不超过: 2年", "zxqy.interests"),
    "a limit counted by what is no sum": Mistake("unknown-name", ZXQY, "不超过: 100万元, 已领: 本年度已领贴息", "不超过: 100万元, 已领: 专精特新称号", "登记簿"),
    "a material for nothing": Mistake("unknown-name", SS, "依据: ss.3.2.4, 用于: [listing, neeq]", "依据: ss.3.2.4, 用于: [listing, neq]", "neq"),
    "a history of nothing": Mistake("unknown-name", "facts.yaml", "对: [ss.listing, ss.neeq]", "对: [ss.listing, ss.neq]", "ss.neq", ""),
    "a fact twice": Mistake("duplicate-name", "facts.yaml", "代号: staff, 类", "代号: land_size, 类", "“land_size”用了两次"),
    "a benefit's code twice": Mistake("duplicate-name", ZXQY, "代号: giant_moved", "代号: giant", "同一个代号", "事项:\n"),
    "a clause's id twice": Mistake("duplicate-clause", text("ss"), "- ss.3.1b ", "- ss.3.1a ", "“ss.3.1a”用了两次"),
    # units and tables
    "money against an area": Mistake("mixed-units", ZXQY, UPGRADE_SHARE, "技改设备投资: 不低于 新建项目用地面积 的 70%", "金额不能与面积比较"),
    "money against persons": Mistake("mixed-units", ZXQY, "当年新增银行贷款: 不低于 500万元", "当年新增银行贷款: 不低于 500人", "金额不能与数量比较"),
    "a term on what is no date": Mistake("mixed-units", ZXQY, "条件: {生产经营起始日: 满 2年}", "条件: {当年新增银行贷款: 满 2年}", "只用于日期"),
    "a choice among what is no choice": Mistake("mixed-units", ZXQY, "{专精特新称号: 为 专精特新企业、两种称号都有}", "{当年新增银行贷款: 为 专精特新企业}", "不是选项"),
    "one point too few": Mistake("gap", TZTC, "得: '[3, 5, 10, 15, 20, 25, 30] 分'}\n  - 名: 税收", "得: '[3, 5, 10, 15, 20, 25] 分'}\n  - 名: 税收", "应有 7 个得数，现有 6 个"),
    "breakpoints out of order": Mistake("overlap", TZTC, "[2000, 10000, 20000,", "[2000, 20000, 20000,", "从小到大"),
    "an if without else": Mistake("gap", ZXQY, "取: {按: {不高于: 50万元, 依据: zxqy.2.6b}, 扣减: 晋级补差已计的奖励, 依据: zxqy.2.6d}\n", "取: {若: {新建企业: 是}, 则: 50万元}\n", "同时写明"),
    "an option in two rows": Mistake("overlap", SS, "北交所、上交所科创板、深交所创业板: {按", "北交所、上交所科创板、沪深交易所主板: {按", "出现了两次", "量:\n"),
    "options left without a row": Mistake("gap", SS, "      其余: 不予\n", "", "没有覆盖全部情形", "量:\n"),
    "a rest that nothing falls in": Mistake("useless-rest", SS, "    时限:\n      起: 上市挂牌日\n", "      其余: 不予\n    时限:\n      起: 上市挂牌日\n", "用不上", "    给予:\n      分档: 上市挂牌方式"),
    "definitions in a circle": Mistake("circular", TZTC, "量: {合计: [税收贡献得分,", "量: {合计: [企业综合得分, 税收贡献得分,", "绕了一圈", "名: 企业综合得分"),
    # what nothing uses
    "a fact that no rule looks at": Mistake("unused-fact", "facts.yaml", "# --- 上市 ---\n", "- {名: 没有用处, 代号: useless, 类: 是否, 问: 有没有用处}\n", "没有任何规则用到", ""),
    "a reading that no rule looks at": Mistake("unused-reading", ZXQY, "口径: [zxqy.srdi_level]", "口径: [zxqy.support]", "“zxqy.srdi_level”没有任何事项用到", "", "readings.yaml"),
    "a parameter that no rule looks at": Mistake("unused-parameter", "parameters.yaml", "- {名: 上一年度北京市全社会职工平均工资,", "- {名: 闲数, 代号: idle, 类: 金额, 说明: 没有规则用到}\n- {名: 上一年度北京市全社会职工平均工资,", "“闲数”", ""),
    # citations and the ledger
    "a benefit that cites nothing": Mistake("missing-citation", ZXQY, "    代号: informatisation\n    依据: zxqy.2.2\n", "    代号: informatisation\n", "没有写依据", "事项: 信息化应用补助"),
    "a general condition that cites nothing": Mistake("missing-citation", ZXQY, "    依据: zxqy.3.2\n", "", "没有写依据", "名: 财务健全"),
    "one character of the text altered": Mistake("changed-sentence", text("ss"), "可获得奖励资金100万元", "可获得奖励资金200万元", "与台账的印不符"),
    "a sentence added to the text": Mistake("unclaimed-sentence", text("ss"), "- ss.3.1b ", "- ss.3.1z 另行通知。\n- ss.3.1b ", "“ss.3.1z”这一句没有登入台账"),
    "a sentence not in the ledger": Mistake("unclaimed-sentence", SS, "  ss.4b: {归", "  # ss.4b: {归", "ss.4b", "- ss.4b ", text("ss")),
    "a ledger entry without a sentence": Mistake("unknown-clause", SS, "台账:\n", "台账:\n  ss.9: {归: 计算, 印: 'ffffffff'}\n", "没有“ss.9”这一句", "  ss.9:"),
    "a computed sentence that no rule cites": Mistake("unclaimed-sentence", YL, "yl.3.2.2: {归: 非窗口,", "yl.3.2.2: {归: 计算,", "却没有规则以它为依据"),
    "a procedure that a rule cites": Mistake("unclaimed-sentence", SS, "ss.2.2.1: {归: 计算, 印", "ss.2.2.1: {归: 程序, 因: 程序, 印", "有规则以它为依据"),
    "a claim without its reason": Mistake("missing-part", SS, ", 因: 材料清单}\n  ss.3.2.2", "}\n  ss.3.2.2", "应写明原因"),
    # numbers and words
    "a bound altered": Mistake("number-invented", ZXQY, "当年新增银行贷款: 不低于 500万元", "当年新增银行贷款: 不低于 600万元", "“600万元”在所依据的条款"),
    "a rate altered": Mistake("number-invented", ZXQY, "不高于: 技改固定资产投资 的 10%", "不高于: 技改固定资产投资 的 15%", "“15%”"),
    "a cap altered": Mistake("number-invented", ZXQY, "固定资产投资 的 2%}, 封顶: 200万元", "固定资产投资 的 2%}, 封顶: 300万元", "“300万元”"),
    "yuan for ten thousand yuan": Mistake("number-invented", ZXQY, "当年新增银行贷款: 不低于 500万元", "当年新增银行贷款: 不低于 500元", "“500元”"),
    "a breakpoint altered": Mistake("number-invented", TZTC, "[2000, 10000, 20000, 35000, 60000]", "[2000, 10000, 20000, 36000, 60000]", "36000平方米"),
    "a term altered": Mistake("number-invented", ZXQY, "    期限: 2年\n", "    期限: 3年\n", "“3年”"),
    "a deadline altered": Mistake("number-invented", SS, "    时限:\n      起: 上市挂牌日\n      内: 60个工作日\n", "    时限:\n      起: 上市挂牌日\n      内: 30个工作日\n", "“30个工作日”", "    时限:\n"),
    "a number that the ledger lists and the sentence has not": Mistake("number-invented", TZTC, "数: {'5': '各项最低分", "数: {'6': '各项最低分", "“6”"),
    "more than for not less than": Mistake("word-mismatch", ZXQY, "当年新增银行贷款: 不低于 500万元", "当年新增银行贷款: 超过 500万元", "用词不一致"),
    "not less than for not more than": Mistake("word-mismatch", ZXQY, "技改基建投资: 不超过 技改固定资产投资 的 30%", "技改基建投资: 不低于 技改固定资产投资 的 30%", "用词不一致"),
    "a rule that cites another sentence": Mistake("number-invented", ZXQY, "取: {按: {不高于: 50万元, 依据: zxqy.2.6b}", "取: {按: {不高于: 50万元, 依据: zxqy.2.6a}", "“50万元”"),
    # parameters and the calendar
    "a year missing among the holidays": Mistake("calendar-hole", "workdays.yaml", "  2025:\n    state: 已公布", "  2025:\n    state: 未公布", "缺了一年", "years:"),
}  # fmt: skip


#: The other side of the same mistake: a figure altered in the rule is no longer the sentence's, and the other way round.
BESIDE = {"number-invented": "number-unaccounted", "changed-sentence": "number-invented"}


FEW = ("ss", "zxqy", "tztc", "yl", "gzjzz")


@cache
def originals() -> dict[str, str]:
    """The real pack with a few of its policies and what they use: every mistake is made in one of them."""
    root = resource_root()
    folders = [root / "policies" / policy for policy in FEW]
    paths = [folder / name for folder in folders for name in ("policy.yaml", "text.md")]
    files = {path.relative_to(root).as_posix(): path.read_text(encoding="utf-8") for path in paths}
    rules = "".join(content for name, content in files.items() if name.endswith("policy.yaml"))
    for name in ("facts", "readings", "parameters", "consistency"):
        entries = re.split(r"(?m)^(?=- )", (root / f"{name}.yaml").read_text(encoding="utf-8"))
        files[f"{name}.yaml"] = "".join([entries[0], *(entry for entry in entries[1:] if used(name, entry, rules))])
    files["facts.yaml"] = re.sub(r"对: \[(.*?)\]", _mine, files["facts.yaml"])
    files["workdays.yaml"] = (root / "workdays.yaml").read_text(encoding="utf-8")
    files["overlaps.yaml"] = "[]\n"
    return files


def _mine(history: re.Match[str]) -> str:
    """A history without the benefits of the other policies."""
    return f"对: [{', '.join(b for b in history[1].split(', ') if b.split('.')[0] in FEW)}]"


def used(kind: str, entry: str, rules: str) -> bool:
    """Whether the few policies use an entry of a list file; a history counts only their benefits."""
    name = re.search(r"(?:名|编号): ([^,}\s]+)", entry)
    assert name
    if kind == "consistency":
        return all(cited.split(".")[0] in FEW for cited in re.findall(r"[a-z]+(?=\.[0-9])", entry)) and all(
            re.search(rf"\b{fact}\b", rules) for fact in re.findall(r"填报项: \[(.*?)\]", entry)[0].split(", ")
        )
    if kind == "readings" and name[1].startswith("general."):
        return True
    return bool(re.search(rf"(?<![\w.]){re.escape(name[1])}(?![\w])", rules)) or "登记项" in entry


def write(root: Path, files: dict[str, str]) -> Path:
    for name, content in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content, encoding="utf-8")
    return root


def refused(root: Path) -> list[Diagnostic]:
    with pytest.raises(BadPack) as caught:
        load_pack(root)
    assert str(caught.value).startswith("政策包不能使用：")
    return caught.value.diagnostics


def line_of(content: str, piece: str) -> int:
    return content[: content.index(piece)].count("\n") + 1 + (len(piece) - len(piece.lstrip("\n")))


@pytest.mark.parametrize("what", MISTAKES)
def test_a_mistake_is_refused_by_its_name_and_place(tmp_path: Path, what: str) -> None:
    mistake = MISTAKES[what]
    before = originals()[mistake.file]
    assert mistake.old in before, "the pack has changed; change this mistake with it"
    after = before.replace(mistake.old, mistake.new, 1)
    files = {**originals(), mistake.file: after}
    found = refused(write(tmp_path, files))
    mine = [d for d in found if d.code == mistake.code]
    assert mine, [str(d) for d in found]
    first = mine[0]
    where = mistake.where or mistake.file
    assert first.file == where
    assert mistake.says in first.sentence
    assert first.sentence.endswith("。")
    assert {d.code for d in found} <= {mistake.code, BESIDE.get(mistake.code)}
    if mistake.line is None:
        changed = next(
            i for i, (a, b) in enumerate(zip(before.splitlines(), after.splitlines(), strict=False), 1) if a != b
        )
        assert first.line == changed
    elif mistake.line:
        assert first.line == line_of(files[where], mistake.line)


def test_nothing_is_found_in_the_pack_as_it_is(tmp_path: Path) -> None:
    assert set(load_pack(write(tmp_path, originals())).policies) == set(FEW)
    assert bundled.pack().policies.keys() >= set(FEW)


def test_every_mistake_is_told_at_once(tmp_path: Path) -> None:
    """An officer who made two slips in two files sees both."""
    files = dict(originals())
    for name in ("an unknown word of a condition", "an unknown section"):
        mistake = MISTAKES[name]
        files[mistake.file] = files[mistake.file].replace(mistake.old, mistake.new, 1)
    assert {d.file for d in refused(write(tmp_path, files))} >= {SS, ZXQY}


@pytest.mark.parametrize("when", ["上市挂牌板块: 纽交所", "职工人数: 3人", "没有这一项: 是"])
def test_an_overlap_that_hangs_on_no_answer_there_is(tmp_path: Path, when: str) -> None:
    files = dict(originals())
    files["overlaps.yaml"] = f"- {{编号: one, 事: 同一次挂牌, 事项: [ss.listing, ss.neeq], 当: {{{when}}}, 把握: 低}}\n"
    (found,) = refused(write(tmp_path, files))
    assert (found.code, found.file) == ("bad-overlap", "overlaps.yaml")
    assert when in found.sentence


def test_a_parameter_with_a_hole_in_its_dates(tmp_path: Path) -> None:
    values = "[{自: 2024-01-01, 至: 2024-12-31, 值: 10万元, 来源: 示例}, {自: 2025-02-01, 值: 11万元, 来源: 示例}]"
    files = dict(originals())
    files["parameters.yaml"] += f"- {{名: 示例工资, 代号: wage, 类: 金额, 说明: 示例, 值表: {values}}}\n"
    old = "当年新增银行贷款: 不低于 500万元"
    files[ZXQY] = files[ZXQY].replace(old, f"{old}, 信息化投资总额: 超过 示例工资", 1)
    assert [(d.code, d.file) for d in refused(write(tmp_path, files))] == [("parameter-hole", "parameters.yaml")]


def test_a_number_of_the_text_that_no_rule_uses(tmp_path: Path) -> None:
    """The rule drops a figure and the ledger says nothing of it."""
    files = dict(originals())
    old = "充分应用新一代信息技术: 是, 信息化投资总额: 以上 100万元}"
    assert old in files[ZXQY]
    files[ZXQY] = files[ZXQY].replace("不高于: 信息化投资总额 的 30%", "不高于: 信息化投资总额")
    assert [(d.code, d.file) for d in refused(write(tmp_path, files))] == [("number-unaccounted", text("zxqy"))]


def test_a_folder_without_rules_is_no_policy_yet(tmp_path: Path) -> None:
    root = write(tmp_path, originals())
    (root / "policies" / "draft").mkdir()
    shutil.copy(root / text("ss"), root / "policies" / "draft" / "text.md")
    assert "draft" not in load_pack(root).policies
