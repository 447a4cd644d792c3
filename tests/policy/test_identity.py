"""Codes are checked by their standards' own arithmetic, worked out here a second way; nothing is changed unasked."""

from __future__ import annotations

import random
from datetime import date

import pytest

from pinggu_desk.policy.identity import check_credit_code, check_id_number, masked

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
TODAY = date(2026, 3, 2)


def credit_code(body: str) -> str:
    """GB 32100-2015: the weight of the i-th place is 3 to the power i - 1, modulo 31."""
    total = sum(ALPHABET.index(char) * pow(3, place, 31) for place, char in enumerate(body))
    return body + next(char for char in ALPHABET if (total + ALPHABET.index(char)) % 31 == 0)


def id_number(body: str) -> str:
    """GB 11643-1999: ISO 7064 MOD 11-2, by Horner's rule instead of its table of weights."""
    rest = 0
    for digit in body:
        rest = (rest + int(digit)) * 2 % 11
    check = (12 - rest) % 11
    return body + ("X" if check == 10 else str(check))


def test_the_example_of_the_standard_passes() -> None:
    assert credit_code("91350100M000100Y4") == "91350100M000100Y43"
    found = check_credit_code("91350100M000100Y43")
    assert (found.ok, found.normal, found.sentence, found.hint) == (True, "91350100M000100Y43", "", "")


@pytest.mark.parametrize("first", "123456789ANY")
def test_every_registering_authority_is_known(first: str) -> None:
    code = credit_code(f"{first}1110117MA0000000"[:17])
    found = check_credit_code(code)
    assert found.ok and "登记管理部门" not in found.hint


def test_an_unknown_authority_and_a_broken_inner_check_are_hints_not_refusals() -> None:
    assert "登记管理部门" in check_credit_code(credit_code("B1110117M000100Y4")).hint
    assert "组织机构代码" in check_credit_code(credit_code("91110117M000100Y5")).hint


def test_small_letters_full_width_and_spaces_are_folded() -> None:
    assert check_credit_code(" ９1350100 m000100y43 ").normal == "91350100M000100Y43"


@pytest.mark.parametrize(("typed", "meant"), [("O", "0"), ("I", "1"), ("Z", "2"), ("S", "5"), ("V", "U")])
def test_a_look_alike_is_only_asked_about(typed: str, meant: str) -> None:
    found = check_credit_code(f"9135010{typed}M000100Y43")
    assert not found.ok
    assert found.normal == f"9135010{typed}M000100Y43"
    assert f"第 8 位“{typed}”" in found.sentence and f"是否误输“{meant}”" in found.sentence


def test_one_wrong_character_or_two_exchanged_are_noticed() -> None:
    rnd = random.Random(3)
    for _ in range(300):
        code = credit_code("9111011" + "".join(rnd.choice(ALPHABET) for _ in range(10)))
        place = rnd.randrange(18)
        other = rnd.choice([char for char in ALPHABET if char != code[place]])
        assert not check_credit_code(code[:place] + other + code[place + 1 :]).ok
        left = rnd.randrange(17)
        if code[left] != code[left + 1]:
            swapped = code[:left] + code[left + 1] + code[left] + code[left + 2 :]
            assert not check_credit_code(swapped).ok


@pytest.mark.parametrize(
    "text", ["", "9135", "91350100M000100Y4", "91350100M000100Y430", "91350100M000100Y4！", "统一社会信用代码"]
)
def test_what_is_no_code_is_refused_in_one_sentence(text: str) -> None:
    found = check_credit_code(text)
    assert not found.ok
    assert found.sentence.startswith("统一社会信用代码") and found.sentence.count("。") == 1


def test_the_examples_of_the_identity_standard_pass() -> None:
    assert id_number("11010519491231002") == "11010519491231002X"
    for number in ("11010519491231002X", "440524188001010014"):
        assert check_id_number(number, TODAY).ok
    assert check_id_number("11010519491231002x", TODAY).normal == "11010519491231002X"


def test_residence_permits_pass_and_other_regions_are_a_hint() -> None:
    for region in ("810000", "820000", "830000"):
        found = check_id_number(id_number(f"{region}19900101001"), TODAY)
        assert found.ok and not found.hint
    assert "行政区划" in check_id_number(id_number("91000019900101001"), TODAY).hint


@pytest.mark.parametrize(
    ("number", "says"),
    [
        ("1101051949123100", "应为 18 位，现在是 16 位"),
        ("11010519491231002A", "末位为数字或 X"),
        ("1101O519491231002X", "前 17 位应为数字"),
        (id_number("11010519490230002"), "“19490230”不存在"),
        (id_number("11010520260303002"), "晚于今天"),
        ("110105194912310021", "末位校验不符"),
    ],
)
def test_a_wrong_identity_number_says_what_is_wrong(number: str, says: str) -> None:
    found = check_id_number(number, TODAY)
    assert not found.ok and says in found.sentence and found.sentence.count("。") == 1


def test_born_today_is_not_too_late() -> None:
    assert check_id_number(id_number("11010520260302002"), TODAY).ok


def test_lists_show_an_identity_number_masked_and_a_credit_code_whole() -> None:
    assert masked("11010519491231002X") == "110105********002X"
    assert masked("91350100M000100Y43") == "91350100M000100Y43"
    assert masked("短") == "短"
