"""Codes are checked by their standards' own arithmetic, worked out here a second way; nothing is changed unasked."""

from __future__ import annotations

import random
from datetime import date

import pytest

from pinggu_desk.policy.identity import (
    DOCUMENT_TYPES,
    check_credit_code,
    check_document,
    check_id_number,
    check_particular,
    check_phone,
    document_of,
    is_identity_number,
    shown,
    who_by,
)

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
    assert shown("11010519491231002X") == "110105********002X"
    assert shown("91350100M000100Y43") == "91350100M000100Y43"
    assert shown("短") == "短" and shown("") == ""


def test_the_kind_of_applicant_decides_first_then_the_check_digits() -> None:
    """FOUND 29: districts 118 and 119 put 18 and 19 into places 7 and 8 of a firm's code."""
    for place in ("118", "119", "120"):
        for third in range(400):
            start = f"91110{place}{third * 211:08d}"
            code = next(
                start + a + b for a in "0123456789X" for b in "0123456789ABCDEFGHJKLMNPQRTUWXY"
                if check_credit_code(start + a + b).ok and not check_credit_code(start + a + b).hint
            )  # fmt: skip
            assert shown(code) == code and shown(code, "企业") == code
    assert shown(id_number("11010119900307123"), "企业") == "110101********" + id_number("11010119900307123")[-4:]
    assert shown("91350100M000100Y43", "个人") == "913501********0Y43"
    assert not is_identity_number("短") and is_identity_number("110101 1990 0307 1239"), "one figure is slipped"


@pytest.mark.parametrize(
    ("document", "good", "bad"),
    [
        ("居民身份证", "110101900307123", "110101901307123"),
        ("居民身份证", id_number("11010519491231002"), "110105194912310021"),
        ("护照", "E12345678", "E1"),
        ("外国人永久居留身份证", "USA110000123456", "US1110000123456"),
        ("外国人永久居留身份证", id_number("91110019900101001"), id_number("11010019900101001")),
        ("港澳台居民居住证", id_number("81000019900101001"), id_number("11000019900101001")),
        ("港澳居民来往内地通行证", "M12345678", "T12345678"),
        ("港澳居民来往内地通行证", "H1234567801", "H123456780"),
        ("台湾居民来往大陆通行证", "01234567", "0123456"),
    ],
)
def test_every_document_is_checked_by_its_own_form(document: str, good: str, bad: str) -> None:
    """FOUND 39."""
    assert document in DOCUMENT_TYPES
    assert check_document(document, good, TODAY).ok
    found = check_document(document, bad, TODAY)
    assert not found.ok and found.sentence.count("。") == 1


@pytest.mark.parametrize("odd", ["②", "²", "⑵", "½", "₂", "⒉"])
def test_a_circled_or_raised_digit_is_no_figure_of_a_number(odd: str) -> None:
    """FOUND 41: a passport has no check digit that would tell; a telephone and an account likewise."""
    for found in (
        check_document("护照", f"E1234567{odd}", TODAY), check_document("居民身份证", f"11010119491231002{odd}", TODAY),
        check_credit_code(f"91110117MA00DEMA8{odd}"), check_phone(f"1380013800{odd}"),
        check_particular("银行账号", f"11001{odd}", TODAY),
    ):  # fmt: skip
        assert not found.ok and found.sentence.endswith(f"里的“{odd}”不是普通数字，请改用 0 到 9。"), found
    assert check_document("护照", "Ｅ１２３４５６７８", TODAY).normal == "E12345678"


def test_a_number_tells_its_document_where_it_can() -> None:
    assert document_of("110101 19491231 0025", TODAY) == "居民身份证"
    assert document_of(id_number("82000019900101001"), TODAY) == "港澳台居民居住证"
    assert document_of(id_number("91110019900101001"), TODAY) == "外国人永久居留身份证"
    assert document_of("E12345678", TODAY) is None


def test_a_code_says_who_it_is_given_to() -> None:
    """A list's row of a firm's code is a firm's, of a person's number a person's; of anything else nobody knows."""
    assert who_by(credit_code("91110117MA01ABCD1")) == who_by(credit_code("12110117400000000")) == "单位"
    assert who_by(id_number("11011719900101001")) == "个人"
    assert [who_by(code) for code in ("", "N0110117MA01ABCD1X", "110117", "示例")] == [""] * 4
