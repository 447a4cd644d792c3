"""``pack new``: a text becomes text.md with clause ids, and a skeleton of rules with the figures found in it.

What it writes is what a person would have written down first: nothing in it claims that a rule is right. Whatever is still to be
done is said by `check`, sentence by sentence and number by number.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from pinggu_desk.policy.errors import BadInput, reason_of
from pinggu_desk.policy.ledger import numbers_in
from pinggu_desk.policy.reader import digest
from pinggu_desk.policy.resources import resource_root
from pinggu_desk.work.packs.pasted import Line, numbered, paragraphs_of

_ID = re.compile("[a-z]{1,20}")
#: what a sentence says that offers something
_OFFERS = re.compile("给予|奖励|补助|补贴|资助|贴息|减免|支持资金|扶持资金|优惠")
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
    files = {place / "text.md": text_of(policy_id, lines, text.name)}
    files[place / "policy.yaml"] = rules_of(policy_id, lines, department)
    if not (root / "facts.yaml").exists():
        files[root / "facts.yaml"] = _kept_facts()
        files |= {root / name: content for name, content in _EMPTY.items() if not (root / name).exists()}
        files[root / "district.yaml"] = _district(text.name, department)
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
    """``policy.yaml``: a benefit for each sentence that offers something, its figures beside it, and the ledger to fill in."""
    headings = "".join(line.words for line in lines if line.level)
    offers = [line for line in lines if not line.level and _OFFERS.search(line.words) and numbers_in(line.words)]
    offers = offers or [line for line in lines if not line.level and _OFFERS.search(line.words)]
    first = next((line.clause for line in lines if not line.level), policy_id)
    out = [
        f"# {lines[0].words}", "# 起草的骨架：逐项对照原文改写；“待定”改成规则，没有写完的由 pack check 逐条列出。",
        f"政策: {policy_id}", f"标题印: '{digest(headings)}'", f"已知自: {date.today().replace(day=1).isoformat()}  # 待写：施行日",
        f"主管: {_quoted(department or '待写')}", f"申请表: {{名: 待写, 依据: {first}}}", "服务对象: [企业]", "",
    ]  # fmt: skip
    if offers:
        out.append("事项:")
    for number, line in enumerate(offers, 1):
        found = "、".join(dict.fromkeys(one.words for one in numbers_in(line.words))) or "没有数字"
        out += [
            f"  # {line.words}", f"  # 原文的数：{found}", f"  - 事项: {_quoted(_name(line.words))}",
            f"    代号: item{_letters(number)}", f"    依据: {line.clause}", "    # 条件: {填报项: 是}", "    给予: 待定", "",
        ]  # fmt: skip
    out += [
        "# 每一句都要登记：计算、询问、服务、留待主管部门、程序、非窗口；不是计算、询问、服务的写明原因（因）。",
        "台账:",
    ]
    ruled = {line.clause for line in offers}
    for line in lines:
        if line.level:
            continue
        mark = f"'{digest(line.words)}'"
        if line.clause in ruled:
            out.append(f"  {line.clause}: {{归: 计算, 印: {mark}}}")
        else:
            out += [f"  # {line.words[:60]}", f"  # {line.clause}: {{归: 待写, 印: {mark}, 因: 待写}}"]
    if not ruled:
        out[out.index("台账:")] = "台账: {}"
    return "\n".join(out) + "\n"


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
