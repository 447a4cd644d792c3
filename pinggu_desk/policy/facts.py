"""Facts (填报项): one thing that may be asked, and how an answer to it is read.

Each fact is defined once in ``resources/facts.yaml``; rules, screens, sheets and the command line all use its
Chinese name (its ``id`` is a short Latin code that never changes).
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import isfinite
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from pinggu_desk.policy.characters import brief, is_broken, odd_digit, plain_text
from pinggu_desk.policy.errors import BadAnswer
from pinggu_desk.policy.habits import as_read
from pinggu_desk.policy.identity import hidden
from pinggu_desk.policy.quantity import INF, UNITS, Dim, Quantity, decimal_of, half_width, parse_quantity, show
from pinggu_desk.policy.writtenday import written_day

FactKind = Literal["金额", "美元", "比例", "面积", "能耗", "数量", "月数", "天数", "日期", "是否", "选项", "文本"]

_DIMS: dict[str, Dim] = {
    "金额": Dim.MONEY, "美元": Dim.DOLLAR, "比例": Dim.RATE, "面积": Dim.AREA, "能耗": Dim.COAL, "数量": Dim.COUNT,
    "月数": Dim.MONTHS, "天数": Dim.DAYS, "日期": Dim.DATE, "是否": Dim.TRUTH, "选项": Dim.OPTION, "文本": Dim.TEXT,
}  # fmt: skip
_BASE_UNIT: dict[Dim, str] = {
    Dim.MONEY: "万元", Dim.DOLLAR: "万美元", Dim.RATE: "%", Dim.AREA: "平方米", Dim.COAL: "吨标煤", Dim.MONTHS: "个月", Dim.DAYS: "天",
}  # fmt: skip
_YES = {"是", "是的", "对的", "√", "✓", "✔", "1", "有", "对", "y", "yes", "true", "符合"}
_NO = {"否", "0", "2", "无", "不", "不是", "没", "没有", "n", "no", "false", "不符合"}
_MULTIPLES = {"万": 10_000, "百万": 1_000_000, "千万": 10_000_000, "亿": 100_000_000}
_POWER = re.compile(r"^([+-]?[0-9]+(?:\.[0-9]*)?)[Ee]([+-]?[0-9]{1,9})(?![0-9])")
_SIGNS: dict[Dim, tuple[str, tuple[str, ...]]] = {
    Dim.MONEY: ("元", ("人民币", "￥", "¥", "RMB", "CNY")), Dim.DOLLAR: ("美元", ("US$", "USD", "$")),
}  # fmt: skip
#: of which a bare number in words says too little: 八百 may be 800元 or 800万元, 三 may be 3% or 三成
_TWO_UNITS = frozenset({Dim.MONEY, Dim.DOLLAR, Dim.RATE})
#: a number that an answer in a unit may well be, for the sentence that shows what would be right; 12 of anything else
_EXAMPLES = {
    "元": "8000",
    "万元": "800",
    "美元": "8000",
    "万美元": "800",
    "%": "20",
    "平方米": "1600",
    "亩": "20",
    "吨标煤": "30",
    "年": "2",
}
#: numbers of more figures than this on either side of the point are no answer to anything
_MOST_FIGURES = 30


#: asked once of an applicant of whom the register knows no awards; 否 stands for every fact that awards would tell
PRIOR = "以前领过奖励补贴"
#: where a nought comes from that follows from it
NEVER = "申请人说以前没有领过"


class Strict(BaseModel):
    """Base of the pack's models: unknown keys are refused, Chinese keys are aliases of English attributes."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True, frozen=True)


class History(Strict):
    """A fact that the register can work out from past awards (以往奖励): which benefits, over what time, counting what.

    年数 counts the years with an award; 已过年数 the years gone by since the first one (连续三年), also those without. Where the
    text binds a thing and not whoever applies (逐件: 这个工作室, 这个载体), an award may have been for another one: it is
    possible, and asked.
    """

    benefits: tuple[str, ...] = Field(alias="对")
    window: Literal["全部", "本年度", "以前年度"] = Field(alias="窗", default="全部")
    counts: Literal["金额", "次数", "年数", "已过年数"] = Field(alias="计", default="金额")
    each_thing: bool = Field(alias="逐件", default=False)


class Option(Strict):
    """One choice of an option fact (选项); ``both`` (并) names the choices that it stands for together (两种称号都有)."""

    name: str = Field(alias="名")
    note: str = Field(alias="注", default="")
    both: tuple[str, ...] = Field(alias="并", default=())


class Fact(Strict):
    """One fact (填报项).

    ``owner`` (归属) says whose it is: 企业 and 机构 can only be told of an organisation that applies, 个人 only of a person who
    applies; 单位 is an organisation that a person may speak of (the employer), 不限 is for whoever applies.
    ``least``/``most`` are the bounds in typed text (``0元``); ``unit`` is the unit that a bare number is read in;
    ``decided_by`` names the authority whose verdict it is (never asked of the applicant); ``proof`` is the paper that
    proves it; ``changes`` says in which direction it may lawfully change (for near misses). ``party`` says that it is kept
    with the applicant: as one of its particulars, or (长期) beside them, asked once and filled into every later case.
    ``cover`` (遮) says how a screen covers it while nobody asked for the whole (``policy.masking``). ``presumed`` (不填按) is what a count
    is taken for while nobody says otherwise (one person, for one applicant): offered, never demanded, and shown.
    ``no`` says how a No reads where the name alone does not tell (``policy.say``). ``usual`` (平常范围) is what it usually lies
    within: outside it the clerk is asked to look again, never refused (``policy.usual``); ``future`` marks a day that may be to come.
    ``earlier`` (旧值) says what an earlier visit's answer is worth (``policy.earlier``): 常在 lasts, 当年 held at that time, 本次
    was of that application.
    """

    name: str = Field(alias="名", pattern=r"^[\u3400-\u9fffA-Za-z0-9·]+$")
    id: str = Field(alias="代号", pattern=r"^[a-z][a-z0-9_]*$")
    kind: FactKind = Field(alias="类")
    question: str = Field(alias="问")
    owner: Literal["企业", "机构", "个人", "项目", "单位", "不限"] = Field(alias="归属", default="企业")
    unit: str = Field(alias="单位", default="")
    least: str = Field(alias="最少", default="")
    most: str = Field(alias="最多", default="")
    options: tuple[Option, ...] = Field(alias="选项", default=())
    proof: str = Field(alias="凭", default="")
    decided_by: str = Field(alias="由", default="")
    help: str = Field(alias="说明", default="")
    changes: Literal["", "增", "减", "增减"] = Field(alias="可变", default="")
    clause: str = Field(alias="依据", default="")
    history: History | None = Field(alias="由登记簿", default=None)
    party: Literal["", "名称", "代码", "联系人", "电话", "地址", "类型", "证件类型", "证号说明", "长期"] = Field(
        alias="登记项", default=""
    )
    cover: Literal["", "证件", "电话", "账号", "代码", "是"] = Field(alias="遮", default="")
    presumed: str = Field(alias="不填按", default="")
    no: str = Field(alias="否说", default="")
    usual: tuple[str, str] | None = Field(alias="平常范围", default=None)
    future: Literal["", "是"] = Field(alias="可在将来", default="")
    earlier: Literal["", "常在", "当年", "本次"] = Field(alias="旧值", default="")
    #: the count of the things of which each is asked this (逐; ``policy.things``)
    each: str = Field(alias="逐", default="")

    @property
    def personal(self) -> bool:
        """Whether it is a person's identity number, which no paper and no list shows whole."""
        return self.cover in ("证件", "是")

    @property
    def standing(self) -> bool:
        """Whether it is asked once and kept with the applicant beside its particulars (长期)."""
        return self.party == "长期"

    @property
    def dim(self) -> Dim:
        """The dimension in which values of this fact are counted."""
        return _DIMS[self.kind]

    @property
    def taken_for(self) -> int | None:
        """The presumed value in smallest units; None for every fact that is unknown until it is answered."""
        return _bound(self.presumed, 0) if self.presumed else None

    @property
    def input_unit(self) -> str:
        """The unit shown beside the field and assumed for bare numbers; empty for dates, choices and text."""
        return self.unit or _BASE_UNIT.get(self.dim, "")

    @property
    def bounds(self) -> tuple[int, int]:
        """Least and most in smallest units; what may be entered lies within both."""
        low = _bound(self.least, 0)
        if self.dim is Dim.TRUTH:
            return 0, 1
        if self.dim is Dim.OPTION:
            return 0, max(len(self.options) - 1, 0)
        if self.dim is Dim.DATE:
            return date(1949, 1, 1).toordinal(), date(2199, 12, 31).toordinal()
        return low, _bound(self.most, INF - 1)

    def show(self, value: int | str) -> str:
        """A read value in words, as the paper prints it (``800万元``, ``2026年3月2日``, ``是``)."""
        if isinstance(value, str):
            return hidden(value) if self.personal else value
        if self.dim is Dim.OPTION:
            return self.options[value].name
        return show(value, self.dim, self.unit)

    def typed(self, value: int | str) -> str:
        """A read value as words that read as that very value; nothing of it is hidden.

        An area that its own unit can't tell in six places is told in 亩, which always can.
        """
        if isinstance(value, str):
            return value
        if self.dim is Dim.AREA:
            quantity = parse_quantity(self.show(value))
            if quantity is None or quantity.value != value:
                return show(value, self.dim, "亩")
        return self.show(value)


def _bound(text: str, default: int) -> int:
    if not text:
        return default
    quantity = parse_quantity(text)
    if quantity is None:
        raise BadAnswer(f"填报项的界限“{text}”不是带单位的量，应写成如“0万元”的形式。")
    return quantity.value


def read_answer(fact: Fact, raw: Any) -> int | str:
    """Read an answer as typed or as given in JSON; the value in smallest units (text for text facts).

    Numbers are taken in the fact's unit; ``800``, ``800万``, ``8,000,000元`` and full-width digits are all read.
    Raises BadAnswer with one Chinese sentence naming the fact, what is wrong and what would be right.
    """
    if fact.dim is Dim.TEXT:
        return _read_text(fact, raw)
    if isinstance(raw, str) and fact.dim in (Dim.DATE, *_COUNTED):
        _refuse_odd(fact, raw)
    if fact.dim is Dim.TRUTH:
        return _read_truth(fact, raw)
    if fact.dim is Dim.OPTION:
        return _read_option(fact, raw)
    if fact.dim is Dim.DATE:
        return _read_date(fact, raw)
    return _read_number(fact, raw)


_COUNTED = (Dim.MONEY, Dim.DOLLAR, Dim.RATE, Dim.AREA, Dim.COAL, Dim.COUNT, Dim.MONTHS, Dim.DAYS)


def _refuse_odd(fact: Fact, raw: str) -> None:
    """Two cells are not one value, and a raised or circled digit is not a digit."""
    what = "日期" if fact.dim is Dim.DATE else "数"
    if is_broken(raw):
        raise BadAnswer(f"“{fact.name}”的值“{brief(raw)}”中间有换行或制表符，像是两格内容，请只填一个{what}。")
    if char := odd_digit(raw):
        raise BadAnswer(f"“{fact.name}”的值“{brief(raw)}”里的“{char}”不是普通数字，请改用 0 到 9。")


def _read_text(fact: Fact, raw: Any) -> str:
    if not isinstance(raw, str):
        raise BadAnswer(f"“{fact.name}”应为文字。")
    text = plain_text(raw)
    if len(text) > 500:
        raise BadAnswer(f"“{fact.name}”有 {len(text)} 个字，请不要超过 500 个字。")
    return text


def _read_truth(fact: Fact, raw: Any) -> int:
    if isinstance(raw, bool):
        return int(raw)
    text = half_width(raw).lower() if isinstance(raw, str) else ""
    if text in _YES:
        return 1
    if text in _NO:
        return 0
    raise BadAnswer(f"“{fact.name}”的答案“{brief(raw)}”看不懂，请填“是”或“否”。")


def _read_option(fact: Fact, raw: Any) -> int:
    names = [option.name for option in fact.options]
    folded = half_width(str(raw)) if isinstance(raw, (str, int)) else ""
    alike = [index for index, name in enumerate(names) if half_width(name) == folded]
    if alike and not isinstance(raw, bool):
        return alike[0]
    together = (
        [str(one).strip() for one in raw] if isinstance(raw, list) else re.split(r"[、，,；;+和]", str(raw).strip())
    )
    for index, option in enumerate(fact.options):
        if option.both and sorted(option.both) == sorted(together):
            return index
    if folded.isdigit() and not isinstance(raw, bool) and 1 <= int(folded) <= len(names):
        return int(folded) - 1
    raise BadAnswer(f"“{fact.name}”没有“{brief(raw)}”这一项，请从“{'、'.join(names)}”中选一项。")


def _read_date(fact: Fact, raw: Any) -> int:
    written = None if isinstance(raw, (list, dict)) else written_day(str(raw))
    if written is None:
        raise BadAnswer(f"“{fact.name}”的日期“{brief(raw)}”看不懂，请写成如 20240312 或 2024-03-12。")
    if written.day is None:
        raise BadAnswer(f"“{fact.name}”的日期“{brief(raw)}”在日历上不存在，请核对年月日。")
    least, most = fact.bounds
    if not least <= written.day.toordinal() <= most:
        raise BadAnswer(f"“{fact.name}”的日期“{brief(raw)}”不在 1949 年至 2199 年之间，请核对年份。")
    if not written.is_its_weekday:
        raise BadAnswer(f"“{fact.name}”的日期“{brief(raw)}”不是星期{written.weekday}，请核对日期。")
    return written.day.toordinal()


def _read_number(fact: Fact, raw: Any) -> int:
    value = _number_value(fact, raw)
    least, most = fact.bounds
    if value < least:
        if least == 0:
            raise BadAnswer(f"“{fact.name}”不能为负数，没有的请填 0。")
        raise BadAnswer(f"“{fact.name}”不能少于{fact.show(least)}，请核对。")
    if value > most:
        limit = fact.most or ("1万亿" + ("元" if fact.dim is Dim.MONEY else "") if fact.dim is Dim.MONEY else "")
        raise BadAnswer(
            f"“{fact.name}”填得太大{f'，不能超过{limit}' if limit else ''}，请核对单位（{fact.input_unit}）。"
        )
    return value


def _number_value(fact: Fact, raw: Any) -> int:
    unit = fact.input_unit
    example = f"{_EXAMPLES.get(unit, '12')}{unit}"
    bad = BadAnswer(f"“{fact.name}”的值“{brief(raw)}”不是能识别的数，请填数字，如“{example}”。")
    if not isinstance(raw, str) and not _finite(raw):
        raise bad
    text = _unpowered(fact, half_width(raw if isinstance(raw, str) else str(Decimal(str(raw)))), raw)
    if (number := decimal_of(text)) is not None:
        return _whole(fact, number, UNITS[unit][1], raw)
    text, sign = _signed(fact, text.removesuffix("整"))
    text = as_read(fact.dim, text)
    number = decimal_of(text)
    if number is not None and (sign or fact.dim not in _TWO_UNITS or number == 0):
        return _whole(fact, number, UNITS[sign or unit][1], raw)
    for own in ("天", "日") if unit == "天" else (unit,):  # the fact's own word: 90天 of a count of days
        if text.endswith(own) and (number := decimal_of(text.removesuffix(own))) is not None:
            return _whole(fact, number, UNITS[unit][1], raw)
    for suffix, multiple in sorted(_MULTIPLES.items(), key=lambda item: -len(item[0])):
        if text.endswith(suffix) and (number := decimal_of(text.removesuffix(suffix))) is not None:
            base = Fraction(100) if fact.dim in (Dim.MONEY, Dim.DOLLAR) else UNITS[unit][1]
            return _whole(fact, number, multiple * base, raw)
    quantity = _typed(text) if len(text) <= 2 * _MOST_FIGURES else None
    if quantity is None:
        raise bad
    if quantity.dim is not fact.dim:
        raise BadAnswer(f"“{fact.name}”应以{unit}为单位，填的“{brief(raw)}”是另一种单位。")
    return quantity.value


def _typed(text: str) -> Quantity | None:
    signed = text.removeprefix("+")
    return parse_quantity(signed)


def _signed(fact: Fact, text: str) -> tuple[str, str]:
    """The text without a sign of currency, and the unit that the sign stands for where no other is written."""
    unit, signs = _SIGNS.get(fact.dim, ("", ()))
    minus = "-" if text.startswith("-") else ""
    bare = text.removeprefix("-").upper() if text.isascii() else text.removeprefix("-")
    for sign in signs:
        if bare.startswith((half_width(sign), sign)):
            return minus + bare.removeprefix(half_width(sign)).removeprefix(sign), unit
    return text, ""


def _unpowered(fact: Fact, text: str, raw: Any) -> str:
    """``1.0E3万元`` as ``1000万元``; refuses powers that no answer has."""
    match = _POWER.match(text)
    if match is None:
        return text
    number = Decimal(match[1]).scaleb(int(match[2])) if abs(int(match[2])) <= _MOST_FIGURES else None
    if number is None:
        raise BadAnswer(f"“{fact.name}”的值“{brief(raw)}”太大或太小，请核对。")
    return f"{number:f}{text[match.end() :]}"


def _whole(fact: Fact, number: Decimal, size: Fraction, raw: Any) -> int:
    if abs(number.adjusted()) > _MOST_FIGURES:
        raise BadAnswer(f"“{fact.name}”的值“{brief(raw)}”太大或太小，请核对。")
    value = Fraction(number) * size
    if value.denominator != 1:
        smallest = {Dim.MONEY: "分", Dim.DOLLAR: "美分", Dim.RATE: "万分之一"}.get(fact.dim)
        if smallest is None:
            raise BadAnswer(f"“{fact.name}”须为整数，“{brief(raw)}”过细，最小只能到整数{fact.input_unit}。")
        raise BadAnswer(f"“{fact.name}”的值“{brief(raw)}”过细，最小只能到{smallest}。")
    return int(value)


def _finite(raw: Any) -> bool:
    if isinstance(raw, Decimal):
        return raw.is_finite()
    return not isinstance(raw, bool) and (isinstance(raw, int) or (isinstance(raw, float) and isfinite(raw)))
