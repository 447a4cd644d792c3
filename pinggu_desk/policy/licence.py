"""What a licence says (营业执照, 登记证书): text that was pasted or scanned from one, split into its fields.

Three shapes are read: labelled text (``名称：…``, as a QR code or a copied page holds it, also on one line), rows of a
workbook under a heading, and a bare line of values. Nothing is guessed in silence: what can't be placed is handed back
(``unread``), what was left out or taken by its form alone is said (``notes``). The code's first two characters tell what
it is (GB 32100-2015, 5.1 and 5.2: 登记管理部门, 机构类别). Nothing here is stored; the clerk confirms each field.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from pinggu_desk.policy.characters import brief, plain_text, seen
from pinggu_desk.policy.district import here
from pinggu_desk.policy.identity import check_credit_code, check_phone, is_identity_number, normal_code
from pinggu_desk.policy.licence_values import (
    PLACED,
    capital_of,
    cells_of,
    day_of,
    is_address,
    is_name,
    is_person,
    is_phone,
    is_type,
)
from pinggu_desk.policy.quantity import wan

#: what a licence has that the desk keeps, in the order in which it is told, each with what its label may be called
LABELS: dict[str, tuple[str, ...]] = {
    "代码": ("统一社会信用代码", "社会信用代码", "信用代码", "统一代码", "代码", "统一社会信用代码/注册号"),
    "名称": ("名称", "企业名称", "单位名称", "机构名称", "公司名称", "主体名称", "市场主体名称", "商户名称", "合作社名称"),
    "类型": ("类型", "企业类型", "公司类型", "主体类型", "市场主体类型", "单位类型"),
    "法定代表人": (
        "法定代表人", "法定代表人姓名", "法人代表", "法人", "负责人", "负责人姓名", "经营者", "经营者姓名", "投资人",
        "执行事务合伙人", "法定代表人/负责人", "法定代表人/经营者", "法定代表人/负责人/经营者",
    ),
    "注册资本": ("注册资本", "注册资金", "开办资金", "出资额", "认缴出资额", "成员出资总额", "资金数额"),
    "成立日期": ("成立日期", "成立时间", "注册日期", "设立日期"),
    "住所": ("住所", "地址", "经营场所", "主要经营场所", "营业场所", "注册地址", "企业住所", "企业地址", "单位地址", "住所地",
        "住所/经营场所"),
    "经营范围": ("经营范围", "业务范围", "宗旨和业务范围"),
    "联系人": ("联系人", "联系人姓名"),
    "联系电话": ("联系电话", "电话", "手机", "手机号", "手机号码"),
}  # fmt: skip
#: what stands on a licence and is kept nowhere: read over, never taken for a value of something else
_PASSED_OVER = (
    "登记机关", "发照机关", "发照日期", "发证机关", "发证日期", "核准日期", "登记日期", "营业期限", "经营期限",
    "合伙期限", "有效期", "有效期限", "登记状态", "经营状态", "企业状态", "组成形式", "举办单位", "经费来源",
    "实收资本", "注册号", "工商注册号", "组织机构代码", "纳税人识别号", "副本编号", "证照编号", "执照编号", "序号",
    "曾用名", "英文名称", "所属行业", "行业", "登记管理部门", "办公地址", "通讯地址", "联系地址",
    "法定代表人证件号码", "身份证号", "身份证号码", "证件号码", "邮箱", "电子邮箱", "网址", "备注",
)  # fmt: skip
_PART_OF = {label: part for part, labels in LABELS.items() for label in labels} | dict.fromkeys(_PASSED_OVER, "")
_SPACED = r"[ \u3000\xa0]*"
_UNIT = r"(?:[ \u3000]*[（(](?P<unit>[^（()）\n]{1,12})[）)])?"
_WORDS = "|".join(_SPACED.join(map(re.escape, label)) for label in sorted(_PART_OF, key=lambda one: (-len(one), one)))
_LONG = "|".join(re.escape(label) for label in sorted(_PART_OF, key=lambda one: (-len(one), one)) if len(label) >= 4)
#: a label with its colon, or between spaces; a long one also close before or behind a value
_LABELLED = re.compile(
    rf"(?:(?<![^\s,，;；、|。\"“”])(?P<a>{_WORDS}){_UNIT}(?:\s*[:：=]|\s+)"
    rf"|(?P<b>{_LONG}){_UNIT.replace('unit', 'unit_b')}\s*[:：=]"
    rf"|(?<![^\s,，;；|])(?P<c>{_LONG})(?=[^\s:：=（(/人姓证]))"
)
#: the same in a text without any space: a short label with its colon may stand close behind a value
_CLOSE = re.compile(rf"(?P<a>{_WORDS}){_UNIT}\s*[:：=](?P<b>)(?P<unit_b>)(?P<c>)")
_WEB = re.compile(r"https?://[^\s，。；]+|www\.[^\s，。；]+", re.IGNORECASE)
_IN_WEB = re.compile(r"(?<![0-9A-Z])[0-9A-Z]{18}(?![0-9A-Z])", re.IGNORECASE)
_HEADING = re.compile(r"^[（(]?(电子)?(营业执照|法人登记证书?|登记证书?|登记证|副本|正本|中华人民共和国)*[）)]?$")
_SCOPE = re.compile(r"(?:一般项目|许可项目|许可经营项目|一般经营项目)\s*[:：]")
_EDGES = ' ,，;；|"“”。'
_ONE_LINE = frozenset({"类型", "代码", "法定代表人", "注册资本", "成立日期", "联系人", "联系电话"})
#: the first two characters of a code: what it is, and as which kind of applicant it is taken
_BY_CODE: tuple[tuple[str, str, str], ...] = (
    ("91", "企业", "企业"), ("92", "个体工商户", "企业"), ("93", "农民专业合作社", "机构"),
    ("N", "农村集体经济组织", "机构"), ("11", "机关", "机构"), ("12", "事业单位", "机构"), ("1", "编制部门登记的机构", "机构"),
    ("51", "社会团体", "机构"), ("52", "民办非企业单位（社会服务机构）", "机构"), ("53", "基金会", "机构"),
    ("5", "民政部门登记的组织", "机构"), ("8", "工会", "机构"), ("9", "市场监管部门登记的主体", "企业"),
)  # fmt: skip
_BY_TYPE: tuple[tuple[str, str], ...] = (
    ("个体工商户", "个体工商户"), ("合作社", "农民专业合作社"), ("集体经济组织", "农村集体经济组织"), ("事业单位", "事业单位"),
    ("社会团体", "社会团体"), ("民办非企业", "民办非企业单位（社会服务机构）"), ("基金会", "基金会"),
)  # fmt: skip
_KIND_OF = {what: kind for _, what, kind in _BY_CODE}


@dataclass(frozen=True, slots=True)
class Licence:
    """What was read of a licence, by the names of :data:`LABELS`; ``unread`` are pieces that nothing is made of.

    A code is as it is kept, the capital a sum with its unit (``500万元``), the day ``2019-03-12``. ``notes`` are whole
    sentences in Chinese. ``what`` is what it is by its code (个体工商户 …), ``kind`` the applicant's kind that follows (企业
    or 机构); both empty where neither the code nor the type shows it.
    """

    parts: Mapping[str, str]
    unread: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    what: str = ""
    kind: str = ""

    def __bool__(self) -> bool:
        return bool(self.parts)

    @property
    def several(self) -> bool:
        """Whether it is more than a name or a code by itself: a licence's words, not a search."""
        return len(self.parts) >= 2 and bool({"代码", "名称"} & set(self.parts))

    @property
    def in_district(self) -> bool:
        """Whether its address (住所) lies in the district."""
        return here().is_here(self.parts.get("住所", ""))

    @property
    def told(self) -> str:
        """What was made of the text, in one line: what was found, what it is, what is left out and why."""
        if not self.parts:
            return "".join(self.notes) or "这段文字里没有看懂的执照信息，请照执照逐项填写。"
        said = [f"已分出{'、'.join(self.parts)}，请与执照逐项核对。"]
        if self.what:
            said.append(f"{self._why}是{self.what}，申请人类型按“{self.kind}”填。")
        if "成立日期" in self.parts:
            day = date.fromisoformat(self.parts["成立日期"])
            said.append(f"成立日期 {day.year}年{day.month}月{day.day}日。")
        said += self.notes
        if self.unread:
            said.append(f"没有看懂、没有填的：{'、'.join(f'“{brief(one, 24)}”' for one in self.unread)}。")
        return "".join(said)

    @property
    def _why(self) -> str:
        code = self.parts.get("代码", "")
        return f"代码以 {code[:2]} 开头，" if code and _by_code(code) == self.what else "按类型、名称，"


def read_licence(text: str, today: date) -> Licence:
    """Split pasted text into a licence's fields; never raises, whatever the text is."""
    found = _Finding(today)
    text = seen(text).replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\x85", "\n")
    text = found.take_web(text)
    if not found.take_rows(text):
        found.take_text(text)
    return found.licence()


@dataclass
class _Finding:
    """What was found so far."""

    today: date
    parts: dict[str, str] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    people: list[str] = field(default_factory=list)

    # --- the shapes

    def take_web(self, text: str) -> str:
        """An address of the register's page: the code in it is taken, the rest says nothing; gives what is not one."""
        for match in _WEB.finditer(text):
            codes = [c for c in _IN_WEB.findall(match[0].upper()) if check_credit_code(c).ok]
            if codes:
                self._put("代码", codes[0])
                self.notes.append("二维码是网址，只含统一社会信用代码，其余请照执照填写。")
            else:
                self.notes.append(
                    "二维码只是一个网址，里面没有执照信息，本机不联网查询：请照执照填写，或粘贴执照上的文字。"
                )
        return _WEB.sub("\n", text)

    def take_rows(self, text: str) -> bool:
        """Rows of a workbook: a heading of labels, and values under it."""
        rows = [line.split("\t") for line in text.split("\n") if line.strip()]
        if len(rows) < 2 or len(rows[0]) < 2:
            return False
        heads = [_HEAD.fullmatch("".join(plain_text(cell).split())) for cell in rows[0]]
        if sum(head is not None for head in heads) < 2:
            return False
        for cell, head, label in zip(rows[1], heads, rows[0], strict=False):
            value = plain_text(cell.strip('" '))
            if head is not None:
                self._named(_PART_OF[head["label"]], value, head["unit"] or "")
            elif value:
                self.unread.append(f"{plain_text(label)} {value}".strip())
        if len(rows) > 2:
            self.notes.append(f"粘贴了 {len(rows) - 1} 行，只取第一行。")
        return True

    def take_text(self, text: str) -> None:
        """Labelled text; what stands before the first label, or everything where there is none, is taken by its form."""
        text = text.strip()
        labels = list((_LABELLED if re.search(r"\s", text) else _CLOSE).finditer(text))
        labels = labels or list(_LABELLED.finditer(text))
        starts = [match.start() for match in labels] or [len(text)]
        ends = [*starts[1:], len(text)][: len(labels)]
        self.take_bare(text[: starts[0]])
        for match, end in zip(labels, ends, strict=True):
            label = re.sub(r"\s", "", match["a"] or match["b"] or match["c"])
            self._labelled(_PART_OF[label], text[match.end() : end], match["unit"] or match["unit_b"] or "")

    def take_bare(self, text: str) -> None:
        """Values without labels, each known by its form; what isn't is handed back."""
        scope = _SCOPE.search(text)
        if scope:
            self._put("经营范围", plain_text(text[scope.start() :]))
            text = text[: scope.start()]
        for cell in cells_of(text):
            if _HEADING.match(cell):
                continue
            if part := self._by_form(cell):
                self._named(part, cell, "")
            else:
                (self.people if is_person(cell) else self.unread).append(cell)

    # --- one value

    def _labelled(self, part: str, text: str, unit: str) -> None:
        """What stands behind a label: its value, and lines after it that are values of their own."""
        lines = [line for line in map(plain_text, re.split(r"[\n\t]", text)) if line.strip(_EDGES)]
        if not lines:
            return
        first, rest = lines[0].strip(_EDGES), lines[1:]
        if part in ("代码", "成立日期") and not (check_credit_code(first).ok or day_of(first)):
            first, *words = first.split(" ")  # a code printed in groups and a day with its time are whole
            rest = [" ".join(words), *rest]
        elif part not in _ONE_LINE and part != "名称":  # an address and a scope may go over lines
            own = [line for line in rest if self._goes_on(line)]
            first, rest = (
                "".join([first, *own]) if part != "经营范围" else "".join([lines[0], *own]),
                [line for line in rest if line not in own],
            )
        self._named(part, first.strip(_EDGES), unit)
        self.take_bare("\n".join(rest))

    def _goes_on(self, line: str) -> bool:
        """Whether a line goes on with the address or scope before it: words, and no value of its own among them."""
        return any(ord(char) > 0x2E80 for char in line) and not any(self._by_form(c) in PLACED for c in cells_of(line))

    def _by_form(self, cell: str) -> str:
        """Which part a value is by its form alone; empty where it is none for sure."""
        code = normal_code(cell)
        if (
            len(code) == 18
            and code.isascii()
            and code.isalnum()
            and not is_identity_number(code, self.today, unit=True)
        ):
            return "代码"
        if day_of(cell):
            return "成立日期"
        if capital_of(cell)[0] is not None or capital_of(cell)[1] == "foreign":
            return "注册资本"
        if is_phone(cell):
            return "联系电话"
        if is_type(cell):
            return "类型"
        if is_address(cell):
            return "住所"
        return "名称" if is_name(cell) else ""

    def _named(self, part: str, value: str, unit: str) -> None:
        """Take a value under its label, in the form in which it is kept."""
        if not value or not part:
            return
        if part == "代码":
            self._take_code(value)
        elif part == "注册资本":
            self._take_capital(value, unit)
        elif part == "成立日期":
            day = day_of(value)
            self._put(part, day) if day else self.unread.append(value)
        elif part == "联系电话":
            good = check_phone(value).ok
            self._put(part, plain_text(value)) if good else self.unread.append(value)
        else:
            self._put(part, plain_text(value))

    def _take_code(self, value: str) -> None:
        code = normal_code(value)
        if is_identity_number(code, self.today, unit=True):
            self.notes.append("里面有一个号码像个人身份证号码，不是统一社会信用代码，没有填。")
        elif len(code) == 15 and code.isdigit():
            self.notes.append("15 位的是旧注册号，不是统一社会信用代码，没有填。")
        elif code and self._put("代码", code) and not check_credit_code(code).ok:
            self.notes.append(check_credit_code(code).sentence)

    def _take_capital(self, value: str, unit: str) -> None:
        fen, why = capital_of(value, unit)
        if fen is not None:
            self._put("注册资本", wan(fen))
        elif why == "foreign":
            self.notes.append(f"注册资本“{brief(value, 24)}”是外币，没有折算，没有填。")
        elif why == "unit":
            self.notes.append(f"注册资本“{brief(value, 24)}”没有写单位，没有填，请看清是元还是万元。")
        else:
            self.unread.append(value)

    def _put(self, part: str, value: str) -> bool:
        """Keep a value; a second one that says otherwise is told, never taken instead."""
        kept = self.parts.setdefault(part, value)
        if kept != value:
            self.unread.append(value)
        return kept == value

    # --- what it comes to

    def licence(self) -> Licence:
        """The whole, with what it is by its code and type."""
        if len(self.people) == 1 and "法定代表人" not in self.parts and len(self.parts) >= 2:
            self._put("法定代表人", self.people[0])
            self.notes.append(f"“{self.people[0]}”没有写明身份，按法定代表人填，请核对。")
        else:
            self.unread += [name for name in self.people if name != self.parts.get("法定代表人")]
        code, kind = self.parts.get("代码", ""), self.parts.get("类型", "")
        by_code = _by_code(code) if check_credit_code(code).ok else ""
        by_type = _by_type(kind) or ("" if by_code else _by_type(self.parts.get("名称", "")))
        what = by_code or by_type
        if by_code and by_type and _KIND_OF[by_code] != _KIND_OF[by_type]:
            self.notes.append(f"代码以 {code[:2]} 开头，而类型写的是“{brief(kind, 24)}”，两者不一致，请对照执照核对。")
        parts = {part: self.parts[part] for part in LABELS if part in self.parts}
        unread = tuple(dict.fromkeys(plain_text(one) for one in self.unread if plain_text(one)))
        return Licence(parts, unread, tuple(dict.fromkeys(self.notes)), what, _KIND_OF.get(what, ""))


_HEAD = re.compile(
    rf"(?P<label>{'|'.join(re.escape(one) for one in sorted(_PART_OF, key=lambda one: (-len(one), one)))})"
    r"(?:[（(](?P<unit>[^（()）]{1,12})[）)])?[:：]?"
)


def _by_code(code: str) -> str:
    return next((what for start, what, _ in _BY_CODE if code.startswith(start)), "")


def _by_type(words: str) -> str:
    return next((what for word, what in _BY_TYPE if word in words), "")
