"""The single values of a licence by their forms: sums in figures or capitals, days, addresses, names of firms and persons."""

from __future__ import annotations

import re
from decimal import Decimal

from pinggu_desk.policy.characters import plain_text
from pinggu_desk.policy.numerals import DIGITS, whole
from pinggu_desk.policy.quantity import decimal_of, half_width
from pinggu_desk.policy.writtenday import written_day

#: parts that a line shows to be its own, wherever it stands
PLACED = ("代码", "成立日期", "注册资本", "联系电话")
_FOREIGN = re.compile(r"美元|港元|港币|欧元|日元|英镑|韩元|新元|USD|HKD|EUR|US\$|HK\$|\$|€|£", re.IGNORECASE)
_SUM = re.compile(
    r"^(?:人民币|RMB|CNY|[￥¥])?(?P<number>[0-9.,]+)(?P<size>万|亿)?(?P<unit>元|圆)?(?:整|正)?(?:人民币)?"
    r"(?:元|圆)?(?:整|正)?$",
    re.IGNORECASE,
)
_CAPITALS = re.compile(
    r"^(?:人民币)?(?P<yuan>[零〇一二三四五六七八九两壹贰叁肆伍陆柒捌玖十拾百佰千仟万亿]+)(?:元|圆)零?(?:(?P<jiao>[零一二三四五六七八九壹贰叁肆伍陆柒捌玖])角)?"
    r"零?(?:(?P<fen>[一二三四五六七八九壹贰叁肆伍陆柒捌玖])分)?(?:人民币)?(?:整|正)?$"
)
_SIZE = {None: 1, "": 1, "万": 10_000, "亿": 100_000_000}
_MOBILE = re.compile(r"^(?:1[3-9]\d{9}|0\d{2,3}-\d{7,8})$")
_TYPE = re.compile(
    r"^(?:其他)?(?:有限责任公司|股份有限公司|一人有限责任公司|国有独资公司|个体工商户|个体|农民专业合作社|个人独资企业|(?:普通|有限|特殊的普通)合伙(?:企业)?|合伙企业"
    r"|全民所有制(?:企业)?|集体所有制(?:企业)?|股份合作(?:制|企业)?|外商投资企业|外国\(地区\)企业\S*|事业单位(?:法人)?|社会团体(?:法人)?|民办非企业单位(?:\(法人\))?"
    r"|基金会(?:法人)?|农村集体经济组织(?:法人)?|机关法人|内资企业)(?:分公司|分支机构)?(?:\([^()]*(?:\([^()]*\)[^()]*)*\))?$"
)
_PLACE_BEGINS = re.compile(
    r"^(?:中国)?(?:北京|天津|上海|重庆|[\u4e00-\u9fff]{2,7}(?:省|自治区))?(?:市)?[\u4e00-\u9fff]{0,6}?"
    r"(?:市|区|县|镇|乡|街道|路|街|大道|村|园区)"
)
_PLACE_ENDS = re.compile(
    r"(?:[0-9A-Za-z一二三四五六七八九十甲乙丙]+\s*(?:号|室|层|楼|幢|座|栋|单元|院|户|门|组|队|排|区|间|铺)(?:院|楼|内)?"
    r"(?:[（(][^）)]*[）)])?[\w\-－—、\u4e00-\u9fff]{0,12}|[（(](?:集群注册|住所|经营场所)[^）)]*[）)])$"
)
_ORGANISED = re.compile(
    r"(?:公司|集团|厂|店|中心|合作社|联合社|合作联社|经济联合总社|事务所|研究院|研究所|大学|学院|学校|幼儿园|医院|卫生院|协会|学会|商会|促进会|联合会|基金会|委员会"
    r"|经营部|服务部|商行|工作室|民宿|酒店|宾馆|农场|超市|餐厅|饭庄|度假村|采摘园|俱乐部|联盟|工作站|企业|办事处|总社|分社|旅行社|出版社|杂志社|银行|支行|局|站|馆)"
    r"(?:[（(](?:有限合伙|普通合伙|特殊普通合伙|个体工商户|个人独资)[）)])?$"
)
_PERSON = re.compile(r"^[\u3400-\u9fff\U00020000-\U000323af]{2,4}$|^[\u3400-\u9fff·•]{3,25}$")


def capital_of(text: str, unit: str = "") -> tuple[int | None, str]:
    """A sum of registered capital in fen, or None with why: ``unit`` (no unit written), ``foreign``, or empty (no sum).

    ``unit`` is what the label says in brackets (万元). Capitals (伍佰万元整) and figures read alike.
    """
    plain = half_width(text).rstrip("。;,")
    if re.search(r"\d|[元圆]", plain) and _FOREIGN.search(plain):
        return None, "foreign"
    match = _SUM.match(plain)
    if match:
        number = decimal_of(match["number"])
        size = match["size"] or next((one for one in ("亿", "万") if one in unit), "")
        said = match["size"] or match["unit"] or "元" in unit or re.search("人民币|RMB|CNY|[￥¥]", plain, re.IGNORECASE)
        if number is None:
            return None, ""
        if not said:
            return None, "unit"
        fen = number * 100 * _SIZE[size]
        return (int(fen), "") if fen == fen.to_integral_value() and fen < Decimal(10) ** 16 else (None, "")
    capitals = _CAPITALS.match(plain)
    if capitals is None:
        return None, ""
    whole = figure_of(capitals["yuan"])
    if whole is None:
        return None, ""
    return whole * 100 + DIGITS[capitals["jiao"] or "零"] * 10 + DIGITS[capitals["fen"] or "零"], ""


def figure_of(words: str) -> int | None:
    """A whole number written in Chinese figures (伍佰万, 一千零五十); None where they make none."""
    for unit, size in (("亿", 10**8), ("万", 10**4)):
        if unit in words:
            head, _, tail = words.rpartition(unit)
            high, low = figure_of(head), figure_of(tail) if tail.strip("零〇") else 0
            return None if high is None or low is None or low >= size else high * size + low
    return whole(words.lstrip("零〇") or words)


def day_of(text: str) -> str:
    """A day as ``2019-03-12``, from figures or 二〇一九年三月十二日; empty where it is none that the calendar has."""
    written = written_day(plain_text(text))
    if written is None or written.day is None or not written.is_its_weekday:
        return ""
    return written.day.isoformat() if 1900 <= written.day.year <= 2199 else ""


def cells_of(text: str) -> list[str]:
    """The values of a bare text: by lines, tabs and commas, then by spaces; a comma within a sum parts nothing."""
    joined = re.sub(r"(?<![0-9A-Za-z])(\d{1,3}(?:,\d{3})+)(?!\d)", lambda found: found[0].replace(",", ""), text)
    cells: list[str] = []
    for piece in (one.strip(' \u3000"“”') for one in re.split(r"[\n\t,，;；|]+", joined)):
        if not piece:
            continue
        if day_of(piece) or re.fullmatch(r"[0-9A-Za-z]{4}(?: [0-9A-Za-z]{2,5}){3,4}", piece):
            cells.append(plain_text(piece))  # a day with its time; a code printed in groups
        else:
            cells += [plain_text(word) for word in piece.split()]
    return [cell for cell in cells if cell]


def is_phone(cell: str) -> bool:
    """Whether a bare value is a telephone for sure."""
    return bool(_MOBILE.match(half_width(cell)))


def is_type(cell: str) -> bool:
    """Whether it is a kind of firm as licences name it, not a firm's name that ends so."""
    return bool(_TYPE.match(half_width(cell)))


def is_address(cell: str) -> bool:
    """Whether it reads as an address: begins with a place and ends with a number, or is a place and no firm's name."""
    plain = half_width(cell)
    if len(plain) < 5 or not _PLACE_BEGINS.match(plain):
        return False
    return bool(_PLACE_ENDS.search(plain)) or (not _ORGANISED.search(plain) and len(plain) >= 6)


def is_name(cell: str) -> bool:
    """Whether it is called as organisations are."""
    return len(cell) >= 4 and bool(_ORGANISED.search(cell))


def is_person(cell: str) -> bool:
    """Whether it could be a person's name; nothing shows that it is one."""
    return bool(_PERSON.match(cell))
