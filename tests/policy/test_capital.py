"""Capital numerals against the rule's own examples, and read back by a reader that shares no code with the writer."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pinggu_desk.policy.capital import CAPITAL_MAX_FEN, capital, rmb_capital

EXAMPLES = {
    1409_50: "人民币壹仟肆佰零玖元伍角",
    6007_14: "人民币陆仟零柒元壹角肆分",
    1680_32: "人民币壹仟陆佰捌拾元零叁角贰分",
    107000_53: "人民币壹拾万柒仟元零伍角叁分",
    16409_02: "人民币壹万陆仟肆佰零玖元零贰分",
    325_04: "人民币叁佰贰拾伍元零肆分",
    100000_00: "人民币壹拾万元整",
    400000_00: "人民币肆拾万元整",
    800008_00: "人民币捌拾万零捌元整",
    10_000_000_00: "人民币壹仟万元整",
    70_000_000_00: "人民币柒仟万元整",
    100_000_000_00: "人民币壹亿元整",
    100_010_000_00: "人民币壹亿零壹万元整",
    5288_50: "人民币伍仟贰佰捌拾捌元伍角",
    10_00: "人民币壹拾元整",
    50: "人民币伍角",
    5: "人民币伍分",
    0: "人民币零元整",
}


@pytest.mark.parametrize(("fen", "words"), EXAMPLES.items())
def test_examples_of_the_rule(fen: int, words: str) -> None:
    assert rmb_capital(fen) == words
    assert capital(fen) == words.removeprefix("人民币")


def read(words: str) -> int:
    """Capital numerals back to fen, by grammar alone."""
    digits = {ch: i for i, ch in enumerate("零壹贰叁肆伍陆柒捌玖")}
    match = re.fullmatch(r"(?:(?P<whole>[^元]+)元)?零?(?:(?P<jiao>.)角)?(?:(?P<fen>.)分)?(?P<zheng>整)?", words)
    assert match is not None, words

    def number(text: str) -> int:
        if not text:
            return 0
        for unit, size in (("亿", 10**8), ("万", 10**4), ("仟", 1000), ("佰", 100), ("拾", 10)):
            if unit in text:
                high, low = text.split(unit, 1)
                return number(high) * size + number(low.lstrip("零"))
        assert len(text) == 1, text
        return digits[text]

    tenths, hundredths = match["jiao"] or "零", match["fen"] or "零"
    assert bool(match["zheng"]) == (not match["jiao"] and not match["fen"]), words
    return number(match["whole"] or "") * 100 + digits[tenths] * 10 + digits[hundredths]


@given(st.one_of(st.integers(0, CAPITAL_MAX_FEN), st.integers(0, 2_000_000_00)))
@example(107000_00)
@example(10**14 - 1)
@example(10_005_000_000_05)
def test_read_back_to_the_fen(fen: int) -> None:
    words = capital(fen)
    assert read(words) == fen
    assert "零零" not in words
    assert not re.search("零[元万亿角分]", words.replace("零元整", "")), words


@given(st.integers(1, 10**6))
def test_two_sums_never_share_their_words(fen: int) -> None:
    assert capital(fen) != capital(fen + 1)


@pytest.mark.parametrize("fen", [-1, CAPITAL_MAX_FEN + 1])
def test_sums_without_words_are_refused(fen: int) -> None:
    with pytest.raises(ValueError, match="capital"):
        capital(fen)
