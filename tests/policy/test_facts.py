"""Answers are read as they are typed at the window; what cannot be taken is refused in one Chinese sentence.

FOUND 41, 42, 66, 86: unseen characters, signs of currency, powers, times of day, a fact's own unit, floods.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinggu_desk.policy.capital import capital
from pinggu_desk.policy.characters import plain_name, plain_text
from pinggu_desk.policy.errors import BadAnswer
from pinggu_desk.policy.facts import Fact, Option, read_answer
from pinggu_desk.policy.quantity import INF, Dim


def fact(kind: str, **more: Any) -> Fact:
    return Fact(name="示例项", id="sample", kind=kind, question="示例", **more)  # type: ignore[arg-type]


MONEY, AREA, MU = fact("金额"), fact("面积"), fact("面积", unit="亩")
PEOPLE, YEARS, RATE = fact("数量", unit="人"), fact("月数", unit="年"), fact("比例", most="100%")
DAYS = fact("数量", unit="天")
DOLLARS, COAL, DAY, YES, WORDS = fact("美元"), fact("能耗"), fact("日期"), fact("是否"), fact("文本")
CHOICE = fact("选项", options=(Option(name="主板"), Option(name="北交所"), Option(name="其他")))

GOOD: list[tuple[Fact, Any, int | str]] = [
    (MONEY, "800", 800_000_000),
    (MONEY, "800万", 800_000_000),
    (MONEY, "800万元", 800_000_000),
    (MONEY, "8,000,000元", 800_000_000),
    (MONEY, "８００", 800_000_000),
    (MONEY, "￥8,000,000元整", 800_000_000),
    (MONEY, "人民币800万元", 800_000_000),
    (MONEY, "0.8亿", 8_000_000_000),
    (MONEY, "8千万", 8_000_000_000),
    (MONEY, "1.5亿元", 15_000_000_000),
    (MONEY, "￥8,000,000.00", 800_000_000),
    (MONEY, "¥ 8,000,000.00", 800_000_000),
    (MONEY, "RMB8,000,000.00", 800_000_000),
    (MONEY, "￥800万", 800_000_000),
    (MONEY, "1.0E3", 1_000_000_000),
    (MONEY, "1.0E3元", 100_000),
    (MONEY, Decimal("1E+3"), 1_000_000_000),
    (MONEY, "\u200b1\ufeff20\u202c", 120_000_000),
    (MONEY, "120\n", 120_000_000),
    (DOLLARS, "$1,000.50", 100_050),
    (DAYS, "90天", 90),
    (DAYS, "９０ 日", 90),
    (AREA, "1600m²", 2_400_000),
    (MONEY, 800, 800_000_000),
    (MONEY, 0.1, 100_000),
    (MONEY, Decimal("12.345678"), 12_345_678),
    (MONEY, "0", 0),
    (MONEY, "0.000001", 1),
    (MONEY, " 8 0 0 ", 800_000_000),
    (DOLLARS, "250", 250_000_000),
    (DOLLARS, "250万美元", 250_000_000),
    (AREA, "1600", 2_400_000),
    (AREA, "3亩", 3_000_000),
    (AREA, "0.01", 15),
    (MU, "3", 3_000_000),
    (MU, "2000平方米", 3_000_000),
    (COAL, "60.5", 60_500),
    (PEOPLE, "12", 12),
    (PEOPLE, "12人", 12),
    (PEOPLE, "1.2万", 12_000),
    (YEARS, "2", 24),
    (YEARS, "2年", 24),
    (YEARS, "18个月", 18),
    (RATE, "12.5", 1250),
    (RATE, "12.5%", 1250),
    (RATE, "100", 10_000),
    (DAY, "20240312", date(2024, 3, 12).toordinal()),
    (DAY, "2024-03-12", date(2024, 3, 12).toordinal()),
    (DAY, "2024年3月12日", date(2024, 3, 12).toordinal()),
    (DAY, "2024.3.12", date(2024, 3, 12).toordinal()),
    (DAY, "2024/3/12", date(2024, 3, 12).toordinal()),
    (DAY, "2024/2/29 0:00:00", date(2024, 2, 29).toordinal()),
    (DAY, "2024-02-29T00:00:00", date(2024, 2, 29).toordinal()),
    (DAY, "２０２４年２月２９号 00:00", date(2024, 2, 29).toordinal()),
    (DAY, 20240312, date(2024, 3, 12).toordinal()),
    (DAY, date(2024, 3, 12), date(2024, 3, 12).toordinal()),
    (YES, "是", 1),
    (YES, "√", 1),
    (YES, True, 1),
    (YES, "1", 1),
    (YES, "Ｙ", 1),
    (YES, "否", 0),
    (YES, False, 0),
    (YES, "2", 0),
    (YES, "没有", 0),
    (CHOICE, "北交所", 1),
    (CHOICE, "2", 1),
    (MONEY, "1亿5000万元", 15_000_000_000),
    (MONEY, "1亿5000万", 15_000_000_000),
    (MONEY, "人民币1亿零5万元整", 10_005_000_000),
    (MONEY, "3万5000元", 3_500_000),
    (MONEY, "1亿200万零20.5元", 10_200_002_050),
    (MONEY, "500万元人民币", 500_000_000),
    (MONEY, "5百万元", 500_000_000),
    (MONEY, "2.5千万元", 2_500_000_000),
    (DOLLARS, "500万美金", 500_000_000),
    (DOLLARS, "500万USD", 500_000_000),
    (DOLLARS, "1亿2000万美元", 12_000_000_000),
    (COAL, "10吨标准煤", 10_000),
    (COAL, "10tce", 10_000),
    (YEARS, "3年6个月", 42),
    (YEARS, "3年零6个月", 42),
    (YEARS, "36月", 36),
    (CHOICE, "２", 1),
    (CHOICE, 2, 1),
    (CHOICE, "北 交所\u200b", 1),
    (MONEY, "八百万元", 800_000_000),
    (MONEY, "八百万", 800_000_000),
    (MONEY, "捌佰萬圓整", 800_000_000),
    (MONEY, "人民币捌佰万元整", 800_000_000),
    (MONEY, "一亿二千万元", 12_000_000_000),
    (MONEY, "十二万五千元", 12_500_000),
    (MONEY, "一亿零五百万元", 10_500_000_000),
    (MONEY, "一点二亿", 12_000_000_000),
    (MONEY, "壹佰贰拾叁万肆仟伍佰陆拾柒元捌角玖分", 123_456_789),
    (MONEY, "柒万元零伍分", 7_000_005),
    (MONEY, "8百万", 800_000_000),
    (MONEY, "800w", 800_000_000),
    (MONEY, "800W元", 800_000_000),
    (MONEY, "零", 0),
    (DOLLARS, "两百五十万美元", 250_000_000),
    (RATE, "百分之五十", 5000),
    (RATE, "百分之十二点五", 1250),
    (RATE, "百分之12.5", 1250),
    (RATE, "百分之百", 10_000),
    (RATE, "千分之五", 50),
    (RATE, "5‰", 50),
    (RATE, "五成", 5000),
    (YEARS, "两年", 24),
    (YEARS, "一年半", 18),
    (YEARS, "半年", 6),
    (YEARS, "三个月", 3),
    (YEARS, "十八个月", 18),
    (YEARS, "一年零三个月", 15),
    (YEARS, "3周年", 36),
    (DAYS, "九十天", 90),
    (PEOPLE, "十二", 12),
    (PEOPLE, "二十人", 20),
    (PEOPLE, "20位", 20),
    (PEOPLE, "20个人", 20),
    (PEOPLE, "一千零五人", 1005),
    (PEOPLE, "一万二千人", 12_000),
    (AREA, "三十亩", 30_000_000),
    (AREA, "2000平方", 3_000_000),
    (AREA, "两万平方米", 30_000_000),
    (COAL, "三十吨标煤", 30_000),
    (DAY, "二〇二四年二月二十九日", date(2024, 2, 29).toordinal()),
    (DAY, "二零二四年十月一日", date(2024, 10, 1).toordinal()),
    (DAY, "2024。2。29", date(2024, 2, 29).toordinal()),
    (DAY, "2024、2、29", date(2024, 2, 29).toordinal()),
    (DAY, "2024—02—29", date(2024, 2, 29).toordinal()),
    (DAY, "2024 2 29", date(2024, 2, 29).toordinal()),
    (DAY, "2024年2月29日（星期四）", date(2024, 2, 29).toordinal()),
    (DAY, "2024年2月29日 上午10时30分", date(2024, 2, 29).toordinal()),
    (YES, "不是", 0),
    (YES, "是的", 1),
    (WORDS, "示例\u200b\n公司\u00a0⼀部", "示例 公司 一部"),
    (WORDS, " 㛃𬭎𡌶示例有限公司 ", "㛃𬭎𡌶示例有限公司"),
]
BAD: list[tuple[Fact, Any, str]] = [
    (MONEY, "-5", "不能为负数"),
    (MONEY, -5, "不能为负数"),
    (MONEY, "八百", "不是能识别的数"),
    (MONEY, "800元左右", "不是能识别的数"),
    (MONEY, "1,5", "不是能识别的数"),
    (MONEY, "3万5", "不是能识别的数"),
    (MONEY, "1万20000元", "不是能识别的数"),
    (MONEY, "1亿5000元", "不是能识别的数"),
    (MONEY, "1.5亿5000万元", "不是能识别的数"),
    (MONEY, "1亿5000万美元", "如“800万元”"),
    (YEARS, "3年15个月", "如“2年”"),
    (COAL, "10吨", "如“30吨标煤”"),
    (MONEY, "8。5", "不是能识别的数"),
    (MONEY, "1e999999999", "太大或太小"),
    (MONEY, Decimal("1e999999999"), "太大或太小"),
    (MONEY, Decimal("1e-999999999"), "太大或太小"),
    (MONEY, 10**400, "太大或太小"),
    (MONEY, "9" * 5000, "太大或太小"),
    (MONEY, "120\t300", "像是两格内容"),
    (PEOPLE, "120\n300", "像是两格内容"),
    (DAY, "2024\r\n0229", "像是两格内容"),
    (PEOPLE, "10²", "里的“²”不是普通数字"),
    (PEOPLE, "①", "里的“①”不是普通数字"),
    (PEOPLE, "1½", "里的“½”不是普通数字"),
    (MONEY, "￥5美元", "另一种单位"),
    (MONEY, "$5", "不是能识别的数"),
    (PEOPLE, "￥5", "不是能识别的数"),
    (DAYS, "90个工作日", "另一种单位"),
    (DAY, "2024-02-29T16:00:00Z", "看不懂"),
    (DAY, "2024/2/290:00:00", "看不懂"),
    (MONEY, float("nan"), "不是能识别的数"),
    (MONEY, float("inf"), "不是能识别的数"),
    (MONEY, True, "不是能识别的数"),
    (MONEY, [800], "不是能识别的数"),
    (MONEY, {"元": 1}, "不是能识别的数"),
    (MONEY, "0.0000001", "过细，最小只能到分"),
    (MONEY, 0.1 + 0.2, "过细"),
    (MONEY, "800平方米", "另一种单位"),
    (MONEY, "800美元", "另一种单位"),
    (MONEY, "1000000000亿元", "太大"),
    (AREA, "800元", "另一种单位"),
    (PEOPLE, "1.5", "过细，最小只能到整数人"),
    (PEOPLE, "十几", "12人"),
    (PEOPLE, "一百五", "12人"),
    (PEOPLE, "三五人", "12人"),
    (PEOPLE, "20余人", "12人"),
    (MONEY, "三万五", "不是能识别的数"),
    (MONEY, "3千5百元", "不是能识别的数"),
    (MONEY, "一二三万元", "不是能识别的数"),
    (MONEY, "一千零五百元", "不是能识别的数"),
    (RATE, "百分之", "如“20%”"),
    (RATE, "三", "如“20%”"),
    (RATE, "百分之百五", "如“20%”"),
    (DAY, "2024年2月29日星期五", "不是星期五"),
    (DAY, "二〇二四年二月三十日", "在日历上不存在"),
    (RATE, "100.01", "不能超过100%"),
    (RATE, "0.001", "过细"),
    (DAY, "2024-02-30", "在日历上不存在"),
    (DAY, "20241301", "在日历上不存在"),
    (DAY, "去年三月", "看不懂"),
    (DAY, "2024-03", "看不懂"),
    (DAY, "18490101", "1949 年至 2199 年"),
    (DAY, 1.5, "看不懂"),
    (YES, "也许", "请填“是”或“否”"),
    (YES, 1, "请填“是”或“否”"),
    (YES, None, "请填“是”或“否”"),
    (CHOICE, "港股", "请从“主板、北交所、其他”中选一项"),
    (CHOICE, "4", "选一项"),
    (CHOICE, "0", "选一项"),
    (CHOICE, True, "选一项"),
    (CHOICE, None, "选一项"),
    (WORDS, 5, "应为文字"),
    (WORDS, None, "应为文字"),
    (WORDS, "字" * 501, "501 个字"),
]


@pytest.mark.parametrize(("what", "raw", "value"), GOOD, ids=lambda v: str(getattr(v, "kind", v))[:30])
def test_an_answer_is_read(what: Fact, raw: Any, value: int | str) -> None:
    assert read_answer(what, raw) == value


@pytest.mark.parametrize(("what", "raw", "says"), BAD, ids=lambda v: str(getattr(v, "kind", v))[:30])
def test_what_cannot_be_taken_is_refused_in_one_sentence(what: Fact, raw: Any, says: str) -> None:
    with pytest.raises(BadAnswer) as caught:
        read_answer(what, raw)
    assert says in caught.value.sentence
    assert_one_sentence(caught.value.sentence)


def assert_one_sentence(sentence: str) -> None:
    assert sentence.startswith("“示例项”")
    assert sentence.endswith("。") and len(sentence) < 140
    outside = re.sub(r"“[^”]*”", "", sentence)
    assert outside.count("。") == 1
    assert not re.search(r"[A-Za-z]{3}", outside)


@given(st.sampled_from([MONEY, AREA, MU, PEOPLE, YEARS, RATE, DOLLARS, COAL, DAY, YES, CHOICE, WORDS]),
       st.one_of(st.text(max_size=60), st.integers(), st.floats(), st.booleans(), st.none(), st.lists(st.integers(), max_size=2),
                 st.from_regex(r"\A[-+]?[0-9,.]{1,12}(万|亿|千万)?(元|万元|平方米|亩|人|年|%)?\Z")))  # fmt: skip
def test_whatever_is_typed_is_read_within_bounds_or_refused_in_a_sentence(what: Fact, raw: Any) -> None:
    value = read_or_sentence(what, raw)
    if isinstance(value, BadAnswer):
        assert value.sentence.startswith("“示例项”") and value.sentence.endswith("。")
    elif what.dim is Dim.TEXT:
        assert isinstance(value, str)
    else:
        assert type(value) is int
        least, most = what.bounds
        assert least <= value <= most < INF


def read_or_sentence(what: Fact, raw: Any) -> int | str | BadAnswer:
    try:
        return read_answer(what, raw)
    except BadAnswer as error:
        return error


@given(st.sampled_from([MONEY, MU, PEOPLE, YEARS, DOLLARS, COAL, RATE]), st.integers(0, 10**4))
def test_what_is_shown_is_read_back(what: Fact, value: int) -> None:
    assert read_answer(what, what.show(value)) == value


@pytest.mark.parametrize("unit", ["平方米", "亩", "公顷"])
def test_an_area_given_in_another_unit_has_words_that_read_as_the_same_area(unit: str) -> None:
    """1,333亩 is no number of 平方米 with six places: what is handed on (a list's row opened as a case) stays what it was."""
    area = Fact.model_validate({"名": "面积", "代号": "area", "类": "面积", "问": "面积？", "单位": unit})
    for typed in ("1333亩", "1234平方米", "170.33297亩", "0.5公顷", "0平方米"):
        value = read_answer(area, typed)
        assert read_answer(area, area.typed(value)) == value, typed
    assert area.typed(read_answer(area, "1333亩")) == "1333亩"


@given(st.integers(100, 10**11))
def test_a_sum_in_capitals_is_read_back(fen: int) -> None:
    """FOUND 42: what the sheet prints in capitals may be pasted into a field."""
    assert read_answer(MONEY, capital(fen)) == fen


@given(st.integers(1, 9999))
def test_a_count_in_words_is_read_back(number: int) -> None:
    """FOUND 42, 86: 一千零五人 in everyday characters, from the capitals that are held elsewhere."""
    words = (
        capital(number * 100)
        .removesuffix("元整")
        .translate(str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟", "一二三四五六七八九十百千"))
    )
    assert read_answer(PEOPLE, f"{words}人") == number == read_answer(PEOPLE, words)


def test_a_name_is_the_same_name_whatever_nobody_sees_in_it() -> None:
    """FOUND 40, 41: joiners, selectors and fillers, 康熙部首 and what a PDF's text gives for whole characters."""
    for unseen in (
        "\u034f",
        "\ufe0f",
        "\U000e0100",
        "\u115f",
        "\u3164",
        "\u180e",
        "\u00ad",
        "\u200d",
        "\u2066",
        "\t",
        "\u00a0",
    ):
        assert plain_name(f"示例{unseen}公司") == "示例公司" == plain_text(f"示例{unseen}公司").replace(" ", ""), ascii(
            unseen
        )
    for odd, plain in (
        ("\u2f70例公司", "示例公司"),
        ("示例\u2ea0族⻓城\u2ed4业⻋行", "示例民族长城门业车行"),
        ("⻰⻢⻩⻥", "龙马黄鱼"),
    ):
        assert plain_name(odd) == plain == plain_text(odd), odd
        assert read_answer(WORDS, odd) == plain


def test_bounds_that_a_fact_declares_bind_at_the_bound() -> None:
    bounded = fact("数量", unit="人", least="1人", most="100人")
    assert [read_answer(bounded, n) for n in (1, 100)] == [1, 100]
    for wrong, says in ((0, "不能少于1人"), (101, "不能超过100人")):
        with pytest.raises(BadAnswer, match=says):
            read_answer(bounded, wrong)
