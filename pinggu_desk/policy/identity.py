"""Checking a 统一社会信用代码 (GB 32100-2015) or 公民身份号码 (GB 11643-1999) as it is typed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pinggu_desk.policy.quantity import half_width

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_ORGANISATION = (3, 7, 9, 10, 5, 8, 4, 2)
_KINDS = "123456789ANY"
_LOOKALIKES = {"O": "0", "I": "1", "Z": "2", "S": "5", "V": "U"}
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found: ``normal`` is the code as it should be kept, ``sentence`` the refusal, ``hint`` a mere warning."""

    ok: bool
    normal: str
    sentence: str = ""
    hint: str = ""


def check_credit_code(text: str) -> Finding:
    """Check a unified social credit code: 18 characters, its alphabet, its check character.

    Look-alike letters (O, I, Z, S, V) are only hinted at, never changed. The organisation part's own check and the
    registering authority are hints, too: real codes exist that break them.
    """
    code = half_width(text).upper()
    if len(code) != 18:
        return Finding(False, code, f"统一社会信用代码应为 18 位，现在是 {len(code)} 位，请补全或核对。")
    for place, char in enumerate(code, 1):
        if char not in _ALPHABET:
            meant = f"，是否误输“{_LOOKALIKES[char]}”" if char in _LOOKALIKES else ""
            return Finding(False, code, f"统一社会信用代码第 {place} 位“{char}”不是可用的字符{meant}，请对照证照核对。")
    total = sum(_ALPHABET.index(c) * w for c, w in zip(code, _WEIGHTS, strict=False))
    if _ALPHABET[(31 - total % 31) % 31] != code[17]:
        return Finding(False, code, "统一社会信用代码的末位校验不符，可能有一位输错，请对照证照核对。")
    hint = "" if code[0] in _KINDS else f"第 1 位“{code[0]}”不是已知的登记管理部门，请对照证照核对。"
    return Finding(True, code, hint=hint or _organisation_hint(code[8:17]))


def _organisation_hint(part: str) -> str:
    total = sum(int(c, 36) * w for c, w in zip(part, _ORGANISATION, strict=False))
    check = "0123456789X0"[11 - total % 11] if total % 11 else "0"
    return "" if check == part[8] else "其中组织机构代码的校验不符，请对照证照核对。"


def check_id_number(text: str, today: date) -> Finding:
    """Check a citizen identity number: form, a birthday that exists and is past, and the check digit.

    The region part is never refused: regions were renamed and merged, and 81, 82, 83 are residence permits.
    """
    number = half_width(text).upper()
    if len(number) != 18:
        return Finding(False, number, f"公民身份号码应为 18 位，现在是 {len(number)} 位，请补全或核对。")
    if not number[:17].isdigit() or number[17] not in "0123456789X":
        return Finding(False, number, "公民身份号码前 17 位应为数字，末位为数字或 X，请对照证件核对。")
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return Finding(False, number, f"公民身份号码里的出生日期“{number[6:14]}”不存在，请对照证件核对。")
    if born > today:
        return Finding(False, number, f"公民身份号码里的出生日期“{number[6:14]}”晚于今天，请对照证件核对。")
    total = sum(int(c) * w for c, w in zip(number, _ID_WEIGHTS, strict=False))
    if _ID_CHECKS[total % 11] != number[17]:
        return Finding(False, number, "公民身份号码的末位校验不符，可能有一位输错，请对照证件核对。")
    hint = "" if number[0] in "12345678" else "前两位不是已知的行政区划，请对照证件核对。"
    return Finding(True, number, hint=hint)


def masked(code: str) -> str:
    """An identity number as lists show it: ``110117********123X``; other codes as they are."""
    if len(code) == 18 and code[:17].isdigit() and code[6:8] in ("18", "19", "20"):
        return f"{code[:6]}********{code[14:]}"
    return code
