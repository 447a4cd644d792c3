"""``pack new``: a text becomes text.md with clause ids, and a skeleton of rules with the figures found in it.

What it writes is what a person would have written down first: nothing in it claims that a rule is right. Whatever is still to be
done is said by `check`, sentence by sentence and number by number.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Literal

from pinggu_desk.policy.errors import BadInput, reason_of
from pinggu_desk.policy.ledger import numbers_in
from pinggu_desk.policy.reader import digest
from pinggu_desk.policy.resources import resource_root
from pinggu_desk.policy.unfinished import TO_WRITE
from pinggu_desk.work.packs.pasted import Line, numbered, paragraphs_of

_ID = re.compile("[a-z]{1,20}")
#: what a sentence says that offers something
_OFFERS = re.compile("给予|奖励|补助|补贴|资助|贴息|减免|支持资金|扶持资金|优惠")
#: what gives a figure of its own, so that a most beside it is a cap and no limit
_GIVES = re.compile(
    "给予|一次性|按照?[^，。；]*[0-9.]+(?:%|％|‰|倍)|(?:奖励|补助|补贴|资助|支持)[0-9]|[0-9]万?元(?:/[^，。；]{1,3})?的?(?:奖励|补助|补贴|资助)"
)
_LIMIT = re.compile(
    "(?:累计|合计|总计|总额|全年|每年|当年|年度|每家|每个|同一|单个|单户|单家)[^。；]*?(?:不超过|不得超过|不高于|最高|上限|限额|以内)"
)
_ONE_OF = re.compile(
    "不(?:得|再|予|可)?重复|不(?:得|可)(?:兼得|同时)|[只仅](?:能|可)?(?:享受|申请|申报|选择|选|取)[^，。；]{0,6}一|就高|从高|择优|不(?:叠加|累加)"
)
_YMD = "(?P<y>20[0-9]{2})年(?P<m>[0-9]{1,2})月(?P<d>[0-9]{1,2})日"
_SINCE = re.compile(f"自{_YMD}起(?:开始)?(?:施行|实施|执行|生效)")
_UNTIL = re.compile(f"(?:有效期|施行|实施|执行|截)[^。；]{{0,8}}?至{_YMD}")
_TERM = re.compile("有效期(?:为|限为?)?([0-9一二两三四五])年")
_DAYS = re.compile("(?:自|从)[^。；]{2,16}起(?:开始)?(?:施行|实施|执行|生效)|有效期")
_DIGITS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5}
Kind = Literal["offer", "limit", "one of", "days", ""]
_TITLE = re.compile(
    r"^(?:[一二三四五六七八九十]+[、是]|第[一二三四五六七八九十]+条|[（(][一二三四五六七八九十0-9]+[）)]|[0-9]+[.．、])\s*"
)
_LONGEST = 18
_EMPTY = {
    "readings.yaml": "# 读法：原文有歧义之处所取的读法和另一读法。\n[]\n",
    "parameters.yaml": "# 参数：原文引用而没有给出的外部数字。\n[]\n",
    "consistency.yaml": "# 校核：不能同时为真的填报值。\n[]\n",
    "overlaps.yaml": "# 竞合：不能重复享受的事项。\n[]\n",
}


def _kept_facts() -> str:
    """The facts that the register keeps of every applicant (登记项) and every form asks, as the program's own pack words them."""
    own = (resource_root() / "facts.yaml").read_text(encoding="utf-8")
    entries = re.split(r"(?m)^(?=- |#)", own)
    kept = "".join(f"{entry.rstrip()}\n" for entry in entries if entry.startswith("- ") and "登记项:" in entry)
    return f"# 填报项：每项写名、代号、类、问；见政策维护手册。\n# 申请人的登记项，各区相同：\n{kept}\n# 本政策包的填报项：\n"


def draft(folder: Path, text: Path, policy_id: str, *, title: str = "", department: str = "") -> Iterator[Path]:
    """Write the policy's draft into a pack's folder, new or not, and yield what was written. Raises BadInput.

    A policy that is there already is never written over.
    """
    if not _ID.fullmatch(policy_id):
        raise BadInput(f"政策编号“{policy_id[:40]}”应全是小写字母，不超过 20 个，如 rcbt。")
    root = folder / "resources" if (folder / "resources" / "policies").is_dir() else folder
    place = root / "policies" / policy_id
    if place.exists():
        raise BadInput(f"“{place}”已经有了，不会覆盖；请换一个编号，或先把它移走。")
    paragraphs = paragraphs_of(text)
    if title:
        paragraphs = [title, *(paragraphs[1:] if paragraphs[0] == title else paragraphs)]
    lines = numbered(policy_id, paragraphs)
    source = f"《{lines[0].words.strip('《》')}》"
    files = {place / "text.md": text_of(policy_id, lines, source)}
    files[place / "policy.yaml"] = rules_of(policy_id, lines, department)
    if not (root / "facts.yaml").exists():
        files[root / "facts.yaml"] = _kept_facts()
        files |= {root / name: content for name, content in _EMPTY.items() if not (root / name).exists()}
        files[root / "district.yaml"] = _district(source, department)
    try:
        place.mkdir(parents=True)
        for path, content in files.items():
            path.write_text(content, encoding="utf-8")
            yield path
        if not (root / "workdays.yaml").exists():  # the same for the whole country
            shutil.copyfile(resource_root() / "workdays.yaml", root / "workdays.yaml")
            yield root / "workdays.yaml"
    except OSError as error:
        raise BadInput(f"“{place}”写不进去（{reason_of(error)}），请换一个位置。") from None


def text_of(policy_id: str, lines: list[Line], source: str) -> str:
    """``text.md``: its head, then a heading or a sentence a line."""
    head = f"---\npolicy: {policy_id}\nsource: {_quoted(source)}\ncleanings: []\ndoubts: []\n---\n"
    return head + "".join(f"{'#' * line.level or '-'} {line.clause} {line.words}\n" for line in lines)


def rules_of(policy_id: str, lines: list[Line], department: str) -> str:
    """``policy.yaml``: a benefit for each sentence that offers something, its figures beside it, and the ledger to fill in.

    A sentence that only bounds what others offer, or says that one of them is had, is no benefit: it is put where it belongs, as a
    remark, since which benefits it means is the officer's to say.
    """
    headings = "".join(line.words for line in lines if line.level)
    plain = [line for line in lines if not line.level]
    kinds = {line.clause: kind_of(line.words) for line in plain}
    offers = [line for line in plain if kinds[line.clause] == "offer" and numbers_in(line.words)]
    offers = offers or [line for line in plain if kinds[line.clause] == "offer"]
    first = next((line.clause for line in plain), policy_id)
    out = [
        f"# {lines[0].words}", "# 起草的骨架：逐项对照原文改写；“待定”改成规则，没有写完的由 pack check 逐条列出。",
        f"政策: {policy_id}", f"标题印: '{digest(headings)}'", *days_in_force([line.words for line in plain]),
        f"主管: {_quoted(department or TO_WRITE)}", f"申请表: {{名: {TO_WRITE}, 依据: {first}}}", "服务对象: [企业]", "",
    ]  # fmt: skip
    if offers:
        out.append("事项:")
    for number, line in enumerate(offers, 1):
        out += [
            *_quoting(line), f"  - 事项: {_quoted(_name(line.words))}",
            f"    代号: item{_letters(number)}", f"    依据: {line.clause}", "    # 条件: {填报项: 是}", "    给予: 待定", "",
        ]  # fmt: skip
    codes = [f"item{_letters(number)}" for number in range(1, len(offers) + 1)]
    out += _limits([line for line in plain if kinds[line.clause] == "limit"], codes)
    out += _one_of([line for line in plain if kinds[line.clause] == "one of"], policy_id, codes)
    out += [
        "# 每一句都要登记：计算、询问、服务、留待主管部门、程序、非窗口；不是计算、询问、服务的写明原因（因）。",
        "台账:",
    ]
    ruled = {line.clause for line in offers}
    for line in plain:
        mark = f"'{digest(line.words)}'"
        if line.clause in ruled:
            out.append(f"  {line.clause}: {{归: 计算, 印: {mark}}}")
        else:
            out += [f"  # {line.words[:60]}", f"  # {line.clause}: {{{_claim(line, kinds[line.clause], mark)}}}"]
    if not ruled:
        out[out.index("台账:")] = "台账: {}"
    return "\n".join(out) + "\n"


def kind_of(words: str) -> Kind:
    """What a sentence seems to be: it offers something, bounds what is offered, lets one of several be had, says its days, or neither."""
    if _DAYS.search(words) and not _GIVES.search(words):
        return "days"
    if _ONE_OF.search(words) and not _GIVES.search(words):
        return "one of"
    if _LIMIT.search(words) and not _GIVES.search(words):
        return "limit"
    return "offer" if _OFFERS.search(words) else ""


def days_in_force(sentences: list[str]) -> list[str]:
    """The lines that say from when to when it is in force, as far as a sentence says so; the rest is the officer's to write."""
    since = until = None
    term = 0
    for words in sentences:
        if (found := _SINCE.search(words)) is not None:
            since = since or _day(found)
        if (found := _UNTIL.search(words)) is not None:
            until = until or _day(found)
        if (found := _TERM.search(words)) is not None:
            term = _DIGITS.get(found[1]) or int(found[1]) if found[1] in _DIGITS or found[1].isdigit() else 0
    if since is None:
        known = f"已知自: {date.today().replace(day=1).isoformat()}  # 待写：施行日；原文写了施行日的改写为“自”"
        return [known, *([f"至: {until.isoformat()}"] if until else [])]
    out = [f"自: {since.isoformat()}"]
    if until is None and term:
        until = date(since.year + term, since.month, min(since.day, 28)) - timedelta(days=1)
        return [*out, f"至: {until.isoformat()}  # 按有效期{term}年算的，请核对"]
    return [*out, *([f"至: {until.isoformat()}"] if until else [])]


def _claim(line: Line, kind: Kind, mark: str) -> str:
    """How a sentence that offers nothing is likely to be accounted for, its numbers with it where no rule will use them."""
    if kind == "limit":
        return f"归: 计算, 印: {mark}"
    if kind == "":
        return f"归: {TO_WRITE}, 印: {mark}, 因: {TO_WRITE}"
    why = "竞合，写在 overlaps.yaml" if kind == "one of" else "施行日期，写在“自”“至”"
    named = why.split("，", maxsplit=1)[0]
    numbers = ", ".join(f"'{words}': {named}" for words in dict.fromkeys(one.words for one in numbers_in(line.words)))
    return f"归: 程序, 印: {mark}, 因: {why}" + (f", 数: {{{numbers}}}" if numbers else "")


def _day(found: re.Match[str]) -> date | None:
    try:
        return date(int(found["y"]), int(found["m"]), int(found["d"]))
    except ValueError:
        return None


def _quoting(line: Line) -> list[str]:
    found = "、".join(dict.fromkeys(one.words for one in numbers_in(line.words))) or "没有数字"
    return [f"  # {line.words}", f"  # 原文的数：{found}"]


def _limits(found: list[Line], codes: list[str]) -> list[str]:
    """Sentences that bound what others offer, each with a limit to be written of it."""
    if not found:
        return []
    out = [
        "# 下面的句子是上限，不是支持事项：只管一项的，写成那一项的“封顶”；几项合起来的，写成限额（去掉行首的“# ”再改）。",
        "# 限额:",
    ]
    for line in found:
        most = next((one.words for one in numbers_in(line.words) if "元" in one.words), TO_WRITE)
        entry = f"{{名: {TO_WRITE}, 依据: {line.clause}, 对: [{', '.join(codes)}], 不超过: {most}, 已领: {TO_WRITE}}}"
        out += [*_quoting(line), f"#   - {entry}"]
    return [*out, ""]


def _one_of(found: list[Line], policy_id: str, codes: list[str]) -> list[str]:
    """Sentences by which only one of several is had, each with its entry for overlaps.yaml."""
    if not found:
        return []
    out = ["# 下面的句子说几项只取一项：写进 overlaps.yaml，编号用小写字母（去掉行首的“# ”再改）。"]
    benefits = ", ".join(f"{policy_id}.{code}" for code in codes)
    for line in found:
        out.append(f"  # {line.words}")
        out.append(f"# - {{编号: one_of, 事: {TO_WRITE}, 事项: [{benefits}], 规则: {line.clause}, 把握: 高}}")
    return [*out, ""]


def _district(source: str, department: str) -> str:
    return (
        "# 本区：程序说到本区的都写在这里；各项见政策维护手册。\n名称: 示例区\n程序: 惠企窗口\n程序全名: 惠企政策窗口\n"
        f"版次: {date.today():%Y.%m}-1\n来源:\n  - {{原文: {_quoted(source)}, 称: 依据{source}}}\n部门: [{_quoted(department or '待写')}]\n"
    )


def _name(words: str) -> str:
    short = re.split("[，。；（：]", _TITLE.sub("", words))[0]
    return short[:_LONGEST] or "待写"


def _letters(number: int) -> str:
    out = ""
    while number:
        number, rest = divmod(number - 1, 26)
        out = chr(97 + rest) + out
    return f"_{out}"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
