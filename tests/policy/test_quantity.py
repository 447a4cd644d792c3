"""Quantities are whole numbers of smallest units: read exactly, shown exactly, never guessed at."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinggu_desk.policy.quantity import (
    UNITS,
    Dim,
    decimal_of,
    half_width,
    headline_sum,
    parse_quantity,
    ratio,
    show,
    wan,
    yuan,
    yuan_words,
)


@pytest.mark.parametrize(
    ("text", "dim", "value"),
    [
        ("500万元", Dim.MONEY, 500_000_000),
        ("0.01元", Dim.MONEY, 1),
        ("1.5亿元", Dim.MONEY, 15_000_000_000),
        ("1,057.70元", Dim.MONEY, 105_770),
        ("5,000万元", Dim.MONEY, 5_000_000_000),
        ("2万美元", Dim.DOLLAR, 2_000_000),
        ("100万美元", Dim.DOLLAR, 100_000_000),
        ("5%", Dim.RATE, 500),
        ("0.05%", Dim.RATE, 5),
        ("3倍", Dim.RATE, 30_000),
        ("1.2倍", Dim.RATE, 12_000),
        ("1600平方米", Dim.AREA, 2_400_000),
        ("0.01平方米", Dim.AREA, 15),
        ("1亩", Dim.AREA, 1_000_000),
        ("1公顷", Dim.AREA, 15_000_000),
        ("30吨标煤", Dim.COAL, 30_000),
        ("12人", Dim.COUNT, 12),
        ("3年", Dim.MONTHS, 36),
        ("36个月", Dim.MONTHS, 36),
        ("60个工作日", Dim.WORKDAYS, 60),
        ("30日", Dim.DAYS, 30),
        ("-5万元", Dim.MONEY, -5_000_000),
        ("８００万元", Dim.MONEY, 800_000_000),
        ("５％", Dim.RATE, 500),
        ("1600㎡", Dim.AREA, 2_400_000),
        ("1600 m²", Dim.AREA, 2_400_000),
        ("1600平米", Dim.AREA, 2_400_000),
    ],
)
def test_what_is_written_is_what_is_counted(text: str, dim: Dim, value: int) -> None:
    quantity = parse_quantity(text)
    assert quantity is not None
    assert (quantity.dim, quantity.value, quantity.text) == (dim, value, text)


@pytest.mark.parametrize(
    "text",
    ["", "元", "五百万元", "500", "500万", "0.001元", "1.5人", "1/2元", "500万万元", "1e3元", "1,5万元", "10,00元",
     "1,0000元", "5.%", "+5元"],
)  # fmt: skip
def test_what_is_no_exact_quantity_is_none(text: str) -> None:
    assert parse_quantity(text) is None


def test_acres_hectares_and_square_metres_agree_exactly() -> None:
    def value(text: str) -> int:
        quantity = parse_quantity(text)
        assert quantity is not None
        return quantity.value

    assert 3 * value("1亩") == value("2000平方米")
    assert value("1公顷") == value("15亩") == value("10000平方米")


@given(st.sampled_from(sorted(UNITS)), st.integers(0, 10**9), st.integers(0, 6))
def test_reading_is_exact_in_every_unit(unit: str, digits: int, places: int) -> None:
    written = Decimal(digits).scaleb(-places)
    quantity = parse_quantity(f"{written:f}{unit}")
    exact = Fraction(written) * UNITS[unit][1]
    assert (quantity.value if quantity else None) == (int(exact) if exact.denominator == 1 else None)


@given(st.integers(0, 10**14 - 1))
def test_money_in_words_reads_back_as_itself(fen: int) -> None:
    for said in (wan(fen), f"{yuan(fen)}元", yuan_words(fen), headline_sum(fen).replace(" ", "")):
        again = parse_quantity(said)
        assert again is not None and again.value == fen, said


@pytest.mark.parametrize(
    ("fen", "words", "headline"),
    [
        (0, "0元", "0 元"),
        (1, "0.01元", "0.01 元"),
        (528_850, "5288.50元", "5288.50 元"),
        (800_000, "8000元", "8000 元"),
        (999_900, "9999元", "9999 元"),
        (40_000_000, "40万元", "40.00 万元"),
        (80_000_800, "80.0008万元", "80.0008 万元"),
        (49_999_990, "499,999.90元", "49.99999 万元"),
        (10_000_000_000, "1亿元", "1.00 亿元"),
        (100_000_000_000, "10亿元", "10.00 亿元"),
        (4_000_000_000_000, "400亿元", "400.00 亿元"),
    ],
)
def test_money_in_words_is_short_and_exact(fen: int, words: str, headline: str) -> None:
    """FOUND 26: 亿 from one 亿 up, 8000元 and not 0.80 万元, separators in long numbers."""
    assert (wan(fen), headline_sum(fen)) == (words, headline)


@given(st.integers(0, 10**14 - 1))
def test_no_sum_in_words_is_a_long_row_of_digits(fen: int) -> None:
    """FOUND 26: neither 4000000万元 nor 10000万元."""
    assert not re.search("[0-9]{5}", wan(fen).partition(".")[0])
    assert not re.search("[0-9]{5}.*万元", wan(fen).partition(".")[0])


@given(
    st.sampled_from([(Dim.DOLLAR, ""), (Dim.RATE, ""), (Dim.COAL, ""), (Dim.COUNT, "人"), (Dim.MONTHS, ""), (Dim.DAYS, ""),
                     (Dim.WORKDAYS, ""), (Dim.AREA, "亩"), (Dim.AREA, "公顷"), (Dim.SCORE, "")]),
    st.integers(0, 10**12),
)  # fmt: skip
def test_every_other_quantity_in_words_reads_back_as_itself(kind: tuple[Dim, str], value: int) -> None:
    dim, unit = kind
    if unit == "公顷":
        value -= value % 15  # a hectare has six places of 15 units
    again = parse_quantity(show(value, dim, unit))
    assert again is not None and (again.dim, again.value) == (dim, value), show(value, dim, unit)


@given(st.integers(0, 10**10))
def test_areas_entered_to_the_hundredth_square_metre_are_shown_exactly(hundredths: int) -> None:
    again = parse_quantity(show(hundredths * 15, Dim.AREA))
    assert again is not None and again.value == hundredths * 15


def test_words_of_dates_terms_and_truth() -> None:
    from datetime import date

    assert show(date(2026, 3, 2).toordinal(), Dim.DATE) == "2026年3月2日"
    assert (show(24, Dim.MONTHS), show(18, Dim.MONTHS), show(0, Dim.MONTHS, "年")) == ("2年", "18个月", "0年")
    assert (show(1, Dim.TRUTH), show(0, Dim.TRUTH)) == ("是", "否")
    assert (show(3, Dim.COUNT, "家"), show(3, Dim.COUNT)) == ("3家", "3个")


def test_beyond_six_places_halves_go_up() -> None:
    assert ratio(1_000_000, 1500) == "666.666667"
    assert (ratio(1, 1500), ratio(-1, 1500), ratio(-1, 10**9)) == ("0.000667", "-0.000667", "0")


@pytest.mark.parametrize(
    "text", ["1,5", "12,34", "1,234,5", ",5", "1,,000", "--1", "1.2.3", "一", "1_000", "NaN", "inf", ""]
)
def test_a_doubtful_number_is_none(text: str) -> None:
    assert decimal_of(text) is None


def test_full_width_signs_and_spaces_are_folded() -> None:
    assert half_width(" １，２３４．５ ％") == "1,234.5%"
    assert decimal_of(half_width("１，２３４．５")) == Decimal("1234.5")
