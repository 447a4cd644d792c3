"""Rows of a list that are no applicants: totals, headings of parts, notes under the table; and what is no name.

A row that holds a name and nothing else may still be an applicant of whom nothing is known: only words that no name is written
with make it a note.
"""

from __future__ import annotations

import re

from pinggu_desk.policy.columns import fold

_TOTAL = re.compile(
    r"^(?:本[页表]|[全各][部区镇乡]?|以上|总体|累计)*(?:合计|总计|小计|共计|总和|总数|总额|累计|平均(?:值|数)?|汇总|total|subtotal|sum)"
    r"(?:[:：=]|\(.*\)|[0-9]+[家户个人项名]?(?:企业|单位)?)*$"
    r"|^(?:合计|总计|共计|共)[0-9]+[家户个人项名](?:企业|单位|公司)?$"
)
#: the longest words among which 合计 and the like are looked for, and what they begin with
_SHORT = 16
_BEGIN = frozenset(" \u3000合总小共本全各以累平汇tTsS")
#: 注：…, 填表人：…: a label with its value
_SIGNED = re.compile(
    r"^(?:注|备注|说明|填表说明|填[表报]人|填[表报]单位|制表人?|审核人?|经办人?|联系人|联系电话|单位负责人|负责人|填[表报]日期|日期)[:：]"
    r"|^(?:注|备注)[0-9]"
)
_NUMERAL = r"[一二三四五六七八九十]{1,3}"
#: with what the heading of a part or a note begins, and what stands in no name
_LINE = re.compile(
    rf"^(?:[*※★▲◆●■#]|[-—=_]{{2,}}|[0-9]{{1,2}}[.、．)）](?![0-9])|[(（](?:{_NUMERAL}|[0-9]{{1,2}})[)）]|{_NUMERAL}[、.．]"
    r"|第.{1,4}[页部批章次组类](?!.*公司)|附件?[0-9]|以下(?:空白|无正文|为空)|空白$|此(?:页|表).|本表.|说明[ 　]|备注[ 　])"
)
_MARK = re.compile("[:：。；;]")
_NUMERALS = re.compile(rf"^[(（]?{_NUMERAL}[)）]?[、.．]?$")
#: what stands in a column of names without naming anybody
_NO_NAME = frozenset("同上 同前 〃 “ ” - -- — —— / \\ 无 暂无 待定 待补 不详 空 null none n/a na nan".split())
#: what stands in a column of codes without being one
_NO_CODE = re.compile(r"[0-9A-Za-z０-９]")


def is_total(text: str | None) -> bool:
    """Whether a cell of words says 合计 and the like."""
    return text is not None and len(text) <= _SHORT and text[0] in _BEGIN and _TOTAL.match(fold(text)) is not None


def is_signed(text: str) -> bool:
    """Whether words are a label with its value, as under a table."""
    return _SIGNED.match(text) is not None


def is_line(text: str) -> bool:
    """Whether words that stand alone in a row are the heading of a part or a note, and no name."""
    return _LINE.match(text) is not None or _MARK.search(text) is not None


def is_numeral(text: str) -> bool:
    """Whether a cell holds 一、 or （二）, which number parts and not applicants."""
    return _NUMERALS.match(fold(text)) is not None


def is_no_name(text: str) -> bool:
    """Whether words in a column of names name nobody."""
    return len(text) <= len("none") and text.strip().lower() in _NO_NAME


def is_no_code(text: str) -> bool:
    """Whether words in a column of codes have neither figure nor letter."""
    return _NO_CODE.search(text) is None
