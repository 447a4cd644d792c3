"""What was stated, what is asked, what is missing: the one maker of these sentences, for screens, papers and lists.

A refusal says what was stated, what is asked of it in the clause's words and by how much it falls short (投资额600万元，应不低于1000万元，
差400万元); it never repeats the condition as if it held. Everything here is words alone: ``assess.grounds`` says which apply.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Literal

from pinggu_desk.policy.facts import Fact
from pinggu_desk.policy.quantity import Dim, Quantity, grouped, show, wan, yuan_words

Mark = Literal["holds", "fails", "open", "value", "note"]
#: how a line of the working ends when no column or sign beside it says the same
_ENDINGS = {"holds": "：符合", "fails": "：不符合", "open": "：待补充"}
#: the same where nobody but an authority can close what is open
_JUDGED = "：待认定"
#: the word that is true exactly where the other is not
OPPOSITE = {
    "不低于": "低于", "低于": "不低于", "超过": "不超过", "不超过": "超过", "不晚于": "晚于", "晚于": "不晚于", "不早于": "早于",
    "早于": "不早于", "为": "不等于", "不等于": "为",
}  # fmt: skip
#: words that a value on the bound does not meet
_STRICT = frozenset({"超过", "低于", "晚于", "早于"})
_LONG = re.compile(r"(?<![0-9.,])[0-9]{5,}")
#: sums below this many fen (100万元) stay in 元 where the clause gives them so
_SMALL = 100_000_000
#: so many characters are one line of a paper's column
LINE = 60
#: of days, the same words as of sums
_OF_DAYS = {"不低于": "不早于", "低于": "早于", "超过": "晚于", "不超过": "不晚于"}
#: there are no parts of a person, nor of a fen
_WHOLE = frozenset({Dim.COUNT, Dim.MONEY})
_UPWARDS = frozenset({"不低于", "超过", "不早于", "晚于"})


def ended(text: str, mark: str, *, judged: bool = False) -> str:
    """A line with its verdict at the end: ``本区工商注册：符合``; ``judged``: more answers of the applicant's don't help."""
    return text + (_JUDGED if judged and mark == "open" else _ENDINGS.get(mark, ""))


def bare(text: str) -> str:
    """A line without the verdict at its end, for where a column or a sign says it."""
    for ending in (*_ENDINGS.values(), _JUDGED):
        text = text.removesuffix(ending)
    return text


# --- yes and no ---


def no_words(fact: Fact) -> str:
    """How a No to a yes/no fact reads: ``没有在本区办会展``, ``中试基地尚未备案``, ``有失信行为``."""
    return fact.no or negated(fact.name)


def negated(name: str) -> str:
    """A name of something that is so, as something that is not so."""
    for pattern, made in _NEGATIONS:
        if pattern.search(name):
            return pattern.sub(made, name, count=1)
    return f"“{name}”一项为否"


#: what ends so is something that one is (不是); what begins so is done (没有) or so (不)
_BEINGS = (
    "企业|项目|机构|主体|单位|家庭|集聚区|街区|基地|平台|品牌店|股东|管理人|人员|人才|干部|工商户|博士后|研究生|新品种|饭店|"
    "获奖人|权利人"
)
_STATES = "符合|属于|属|需要|拟|以|在|与|按|因|充分应用|运用"
_DEEDS = (
    "获|参与|参加|开展|组织|承担|列入|纳入|完成|提供|配备|设置|设立|签订|取得|申请|申报|制定|出口|培养|推进|利用|研发|创建|创办|通过|入选|"
    "入住|履行|开通|招用|完善|围绕|提升|上报|同时申报|专人|自主举办|实际"
)
_HELD = "证书|资格|资质|户籍|注册|登记|能力|团队|服务|品牌|产权|认定|纳税|标志|转化|认证|考察|首套住房|贷款"
_NEGATIONS = tuple(
    (re.compile(pattern), made)
    for pattern, made in (
        (r"^(近三年|)无(?=失信|财政|严重|连续|安全|违纪|其他)", r"\1有"),
        (r"未曾", "曾经"),
        (r"尚未|未(?=领过|被|到)", "已"),
        (r"^未缺席", "缺席过"),
        (r"^不在(?=禁限)", "在"),
        (r"^已有", "尚没有"),
        (r"^已婚$", "未婚"),
        (r"(?<!不)可以(?!按)", "不能"),
        (r"已(?!领|过|婚)", "尚未"),
        (r"^(确有|有)", "没有"),
        (r"^(.{0,8})(位于|设在)", r"\1不\2"),
        (r"^(.{2,8}场地|外籍家庭|父母或监护人|用人单位)在", r"\1不在"),
        (r"(经认定|经确认|经评定|经审核|经单位确定|经评议公示)", r"未\1"),
        (r"(审核同意|审核通过|择优入选|胜诉)$", r"未\1"),
        (r"^(领导小组|区政府|乡镇或管委会)", r"\1没有"),
        (rf"^(?:{_STATES})", r"不\g<0>"),
        (rf"^(?:{_DEEDS})", r"没有\g<0>"),
        (rf"^.*(?:{_BEINGS})$", r"不是\g<0>"),
        (r"(齐备|健全|具备|有效)$", r"不\1"),
        (r"(规范|明显|突出|鲜明)$", r"不够\1"),
        (r"(良好|较好)$", r"没有达到\1"),
        (rf"^.*(?:{_HELD})$", r"没有\g<0>"),
    )
)


def answered(fact: Fact, asked: bool, mark: Mark) -> str:
    """A yes/no fact that is to be so (``asked``) or is not to be so, by what is known of it; a verdict, by whose it is."""
    if mark != "fails":
        return fact.name if asked else no_words(fact)
    if asked and fact.decided_by:
        said = no_words(fact)
        return f"{fact.name}：{fact.decided_by}的认定是“{'否' if said.startswith('“') else said}”"
    if asked:
        return f"{no_words(fact)}，本项要求{fact.name}"
    return f"{fact.name}：是，本项只适用于{no_words(fact)}的"


def defined(name: str, mark: Mark) -> str:
    """A condition of the policy that is not to be met, by its name."""
    return f"有“{name}”的情形，本项只适用于没有这一情形的" if mark == "fails" else f"{name}：否"


def chosen(name: str, value: str, options: Sequence[str], asked: bool, mark: Mark) -> str:
    """A choice that is to be (or not to be) one of ``options``; ``value`` is empty while it is open."""
    if mark == "holds":
        return f"{name}：{value}" if value else f"{name}（{'' if asked else '不是'}{one_of(options)}）"
    if not asked:
        return f"{name}：{value}，本项不给予这一类" if value else f"{name}（不是{one_of(options)}）"
    return f"{name}：{value}，本项要求{one_of(options)}" if value else f"{name}（要求{one_of(options)}）"


def one_of(options: Sequence[str]) -> str:
    """``甲``, ``甲、乙之一``."""
    return f"{'、'.join(options)}{'之一' if len(options) > 1 else ''}"


def chosen_shortly(name: str, value: str, options: Sequence[str], asked: bool, mark: Mark) -> str:
    """The same as :func:`chosen` where it must stand in one line: as many options as fit, and how many there are."""
    words = chosen(name, value, options, asked, mark)
    for named in range(len(options) - 1, 0, -1):
        if len(words) <= LINE:
            break
        words = chosen(name, value, [f"{'、'.join(options[:named])}等{len(options)}类"], asked, mark)
    return words


# --- comparisons ---


def literal(quantity: Quantity) -> str:
    """A stated quantity: a sum in the one notation of sums, the rest as the rule writes it, long numbers with separators."""
    if quantity.dim is Dim.MONEY:
        in_yuan = quantity.value < _SMALL and quantity.text[-2:-1].isdigit()
        return yuan_words(quantity.value) if in_yuan else wan(quantity.value)
    return _LONG.sub(lambda found: grouped(found[0]), quantity.text)


def word_for(word: str, dim: Dim, so: bool) -> str:
    """The word of a comparison as it is asked: turned round where it is not to be ``so``, and told of days as of days."""
    word = word if so else OPPOSITE[word]
    return _OF_DAYS.get(word, word) if dim is Dim.DATE else word


def stated(name: str, value: str) -> str:
    """``投资额600万元``; a name that ends in a letter or figure is set off from its value."""
    return f"{name}为{value}" if name[-1:].isascii() else f"{name}{value}"


def compared(left: str, word: str, right: str, mark: Mark, short: str = "") -> str:
    """Two sides of a comparison: as it holds, as it falls short (with ``short``, by how much), or as it is asked."""
    if mark == "holds":
        return f"{left}，{word}{right}"
    return f"{left}，应{word}{right}{f'，{short}' if short else ''}" if mark == "fails" else f"{left}应{word}{right}"


def had(name: str, value: str, some: bool, mark: Mark) -> str:
    """An award that must not (or, with ``some``, must) have been received: ``已领…30万元，本项要求没有领过…``."""
    before, after = name.split("已", 1)
    deed = f"领过{after.removeprefix('领')}" if after.startswith("领") else after
    asked, other = f"{before}没有{deed}", f"{before}{deed}"
    if mark != "fails":
        return other if some else asked
    return f"{asked}，本项要求{other}" if some else f"{name}{value}，本项要求{asked}"


def at_most(stated: str, most: str, mark: Mark, full: bool) -> str:
    """Something that may be had so often or so long: ``已享受租房补贴年限3年，应低于3年（本项最多3年，已满）``."""
    if mark == "fails":
        return f"{stated}，应低于{most}（本项最多{most}，已{'满' if full else '超过'}）"
    return f"{stated}，低于{most}" if mark == "holds" else f"{stated}应低于{most}（本项最多{most}）"


def in_time(base: str, term: str, deed: str) -> str:
    """A term whose beginning is not stated yet, and what has to be done in it."""
    return f"应在{base}后{term}内{deed}（{base}未填）"


def more_than_none(left: str, dim: Dim, unit: str, mark: Mark) -> str:
    """Something of which there must be any: ``入驻企业数0家，应超过0家，至少1家``."""
    if mark == "holds":
        return left
    least = f"应超过{show(0, dim, unit)}" + (f"，至少{show(1, dim, unit)}" if dim is Dim.COUNT else "")
    return f"{left}，{least}" if mark == "fails" else f"{left}{least}"


def short_of(word: str, stated: Fraction, asked: Fraction, dim: Dim, unit: str) -> str:
    """By how much a value falls short of a bound or goes beyond it: ``差400万元``, ``超出3天``, ``已达到``."""
    by = abs(asked - stated)
    if not by:
        return ("没有超过" if word in _UPWARDS else "已达到") if word in _STRICT else ""
    if dim is Dim.DATE:
        return f"{'早' if word in _UPWARDS else '晚'}{by}天"
    if dim in _WHOLE and by.denominator != 1:
        by = Fraction(-(-by.numerator // by.denominator))
    return f"{'差' if word in _UPWARDS else '超出'}{difference(by, dim, unit)}{'以上' if word == '超过' else ''}"


def difference(by: Fraction | int, dim: Dim, unit: str) -> str:
    """A difference between two values: of shares it is told in points (8个百分点), never as a share."""
    return f"{show(by, dim, unit).removesuffix('%')}个百分点" if dim is Dim.RATE else show(by, dim, unit)


def reached(fact: Fact, word: str, bound: int, now: int) -> str:
    """A change that is lacking: ``“投资额”达到1000万元（现为800万元，再多200万元）``; ``word`` is 达到, 超过, 降到 or 低于."""
    by = abs(bound - now)
    more = f"，再{'多' if word in ('达到', '超过') else '少'}{difference(by, fact.dim, fact.unit)}" if by else ""
    least = "以上" if by and word in ("超过", "低于") else ""
    return f"“{fact.name}”{word}{fact.show(bound)}（现为{fact.show(now)}{more}{least}）"


def from_day(day: int) -> str:
    """A change that is only a matter of waiting: ``自2026年3月2日起``."""
    return f"自{show(day, Dim.DATE)}起"


# --- what is lacking ---


def asked(nearest: Sequence[str], every: Sequence[str], most: int | None = None) -> str:
    """``甲、乙``, the facts of the nearest way (or all), at ``most`` so many named, and how many the other ways may ask."""
    nearest = nearest or every
    named, rest = list(nearest[:most]), len(every) - len(nearest)
    more = f"等 {len(nearest)} 项" if len(named) < len(nearest) else ""
    others = f"；以上按最接近的一种情形，其他情形还可能要 {rest} 项" if rest > 0 else ""
    return f"{'、'.join(named)}{more}{others}"


def asked_in_a_row(nearest: Sequence[str], every: Sequence[str], most: int) -> str:
    """The same where there is room for one line only: ``甲、乙等 至少 5 项``."""
    nearest = nearest or every
    if len(nearest) <= most:
        return "、".join(nearest)
    return f"{'、'.join(nearest[:most])}等 {'' if len(nearest) == len(every) else '至少 '}{len(nearest)} 项"


def still_asked(asks: str) -> str:
    """What the applicant has yet to say."""
    return f"还缺：{asks}"


def still_unknown(name: str, why: str) -> str:
    """An outside figure that nobody has entered; ``why`` may begin with its name, which is said once."""
    return f"还缺外部参数：{why if why.startswith(name) else f'{name}（{why}）' if why else name}"


def still_decided(who: str, name: str, why: str) -> str:
    """A verdict that is not there yet, and whose it is; where ``why`` is the question itself it says all that its name says."""
    asks = "是否" in why or "能否" in why
    return f"由{who or '主管部门'}认定：{why if asks else name if not why or why in name else f'{name}（{why}）'}"


def text_of_then(why: str, who: str) -> str:
    """A day whose text is not in the pack, and who knows it."""
    return f"{why}。请向{who or '主管部门'}了解当时的规定。"


def scaled(said: str, base: str, factor: str, bound: Fraction | None, dim: Dim, unit: str, upwards: bool) -> str:
    """A bound that is a share or a multiple of something stated: ``员工总数的40%（8人的40%为3.2人，至少4人）``."""
    if bound is None:
        return said
    words = f"{base}{factor}为{show(bound, dim, unit)}"
    if dim is Dim.COUNT and bound.denominator != 1:
        whole = bound.numerator // bound.denominator
        words += f"，至少{show(whole + 1, dim, unit)}" if upwards else f"，至多{show(whole, dim, unit)}"
    return f"{said}（{words}）"


def too_late(base: str, start: str, term: str, deed: str, last: str, days: int | None) -> str:
    """A term that has run out: when it began, what had to be done in it, its last day, and how long ago that was."""
    gone = f"，已过{days}天" if days is not None else "，已过期限"
    return f"应在{base}后{term}内{deed}（{base}{start}，最后一日{last}）{gone}"


def not_yet(stated: str, today: str) -> str:
    """A day that has not come yet."""
    return f"{stated}，应不晚于判断日{today}，还没有到这一天"


# --- figures ---


def product(each: int, each_words: str, times: str, total: int, total_words: str) -> str:
    """``6000元/月 × 12个月 = 72,000元``: a small total in the unit that its factor is in."""
    small = each < 1_000_000 <= total < _SMALL
    return f"{each_words} × {times} = {yuan_words(total) if small else total_words}"


def no_row(stated: str, rows: Sequence[str]) -> str:
    """A value that falls into none of the rows of a table."""
    return f"{stated}，本项只有下列各档：{'；'.join(rows)}"


def used_up(received: str, due: str, dim: Dim) -> str:
    """What was received before (or is borne by the applicant) leaves no difference of ``due``."""
    left = {Dim.MONTHS: "没有剩余的月数，", Dim.RATE: "没有剩余的比例，"}.get(dim, "")
    return f"{received}，已达到{due}，{left}可得金额为 0元"


def had_before(day: str, amount: str, times: int) -> str:
    """That the very same was had before and no clause settles what follows: ``2026年1月2日已领取本项6万元：这次说的是同一事由的…``."""
    had = f"{day}已领取本项{amount}" if times == 1 else f"已领取本项{times}次，最近一次是{day}{amount}"
    return f"{had}：这次说的是同一事由的，能否再领由主管部门认定"


def no_base(stated: str) -> str:
    """A base of nought."""
    return f"{stated}，可得金额为 0元"


# --- the text on paper and screen ---


def text_words(words: str) -> str:
    """A sentence of the text as a reader sees it: a row of a printed table told as one, without its bars.

    ``税收贡献 B | 指标分档（万元） | B < 10 | B ≥ 500`` reads ``税收贡献 B，指标分档（万元）：B < 10；B ≥ 500``.
    """
    if " | " not in words:
        return words
    cells = [cell for cell in (part.strip() for part in words.split("|")) if cell]
    heads = 2 if len(cells) > 2 and "分档" in cells[1] else 1
    return f"{'，'.join(cells[:heads])}：{'；'.join(cells[heads:])}"


def edition(version: str) -> str:
    """The pack's edition as people name it, without the digest of its files."""
    return version.partition("+")[0]


def is_for_keepers(note: str) -> bool:
    """Whether a remark is about how the text is printed: for those who keep the rules, on no paper or screen of a visit."""
    return "原文印作" in note or "疑为" in note


#: how sure a reading is (把握), for those who settle readings
SURE = {"高": "原文较明确", "中": "原文可有两解", "低": "原文很不明确"}
