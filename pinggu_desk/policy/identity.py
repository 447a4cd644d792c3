"""Who somebody is: 统一社会信用代码 (GB 32100-2015), 公民身份号码 (GB 11643-1999) and the other documents persons show.

Codes are checked as they are typed, and hidden in one place: `shown` says how any list, screen or paper may print one.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from operator import mul
from typing import Literal, get_args

from pinggu_desk.policy.characters import odd_digit, plain_text
from pinggu_desk.policy.quantity import half_width

DocumentType = Literal[
    "居民身份证", "护照", "外国人永久居留身份证", "港澳台居民居住证", "港澳居民来往内地通行证", "台湾居民来往大陆通行证"
]
#: the documents that a natural person may show, the commonest first
DOCUMENT_TYPES: tuple[DocumentType, ...] = get_args(DocumentType)
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_VALUES = {char: value for value, char in enumerate(_ALPHABET)}
_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_ORGANISATION = (3, 7, 9, 10, 5, 8, 4, 2)
_KINDS = "123456789ANY"
#: the first sign of a code that is given to institutions, organisations and what the market authority registers
_UNITS = ("1", "5", "9")
_LOOKALIKES = {"O": "0", "I": "1", "Z": "2", "S": "5", "V": "U"}
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"
#: the first two figures of a place's code: provinces, and 10 for what is registered with the state itself
_PROVINCES = {"10", *map(str, (*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66),
                               71, 81, 82))}  # fmt: skip
_NO_MEANING = re.compile(r"[\s\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad·.\-‐-―－_]")
_FORMS: dict[str, tuple[re.Pattern[str], str]] = {
    "护照": (re.compile(r"[A-Z0-9]{5,17}"), "护照号码应为 5 至 17 位字母和数字"),
    "港澳居民来往内地通行证": (
        re.compile(r"[HM][0-9]{8}([0-9]{2})?"),
        "港澳居民来往内地通行证号码应为 H 或 M 后接 8 位数字（旧证再加 2 位换证次数）",
    ),
    "台湾居民来往大陆通行证": (
        re.compile(r"[0-9]{8}|[0-9]{10}[A-Z]?|[0-9]{10}\([A-Z]\)"),
        "台湾居民来往大陆通行证号码应为 8 位数字（旧证为 10 位数字）",
    ),
}
_EXTENSION = re.compile(r"(?:转|[-—])[0-9]{1,6}$")
#: mobile, area code and number, this city's own, toll-free
_DIALLED = re.compile(
    r"(?:1[3-9][0-9]{9}|0(?:10|2[0-9])[2-9][0-9]{7}|0[3-9][0-9]{2}[2-9][0-9]{6,7}|[2-9][0-9]{7}|[48]00[0-9]{7})"
)
_PHONE_HINT = "这个号码是 {} 位，手机号码应为 11 位，座机应为区号加 7 至 8 位（如 010-69960000），请核对。"
_OLD_PERMANENT = re.compile(r"[A-Z]{3}[0-9]{12}")


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found: ``normal`` is the code as it should be kept, ``sentence`` the refusal, ``hint`` a mere warning."""

    ok: bool
    normal: str
    sentence: str = ""
    hint: str = ""


def normal_code(text: str) -> str:
    """A code as it is kept and compared: capitals, half width, without spaces, dashes, dots and unseen signs."""
    if text.isascii() and text.isalnum():
        return text.upper()
    return _NO_MEANING.sub("", half_width(text)).upper()


def check_credit_code(text: str) -> Finding:
    """Check a unified social credit code: 18 characters, its alphabet, its check character.

    Look-alike letters (O, I, Z, S, V) are only hinted at, never changed. The organisation part's own check and the
    registering authority are hints, too: real codes exist that break them.
    """
    code = normal_code(text)
    if odd := _odd(text, "统一社会信用代码"):
        return odd
    if len(code) != 18:
        return Finding(False, code, f"统一社会信用代码应为 18 位，现在是 {len(code)} 位，请补全或核对。")
    if not _VALUES.keys() >= set(code):
        place, char = next((place, char) for place, char in enumerate(code, 1) if char not in _ALPHABET)
        meant = f"，是否误输“{_LOOKALIKES[char]}”" if char in _LOOKALIKES else ""
        return Finding(False, code, f"统一社会信用代码第 {place} 位“{char}”不是可用的字符{meant}，请对照证照核对。")
    total = sum(map(mul, map(_VALUES.__getitem__, code), _WEIGHTS))
    if _ALPHABET[(31 - total % 31) % 31] != code[17]:
        return Finding(False, code, "统一社会信用代码的末位校验不符，可能有一位输错，请对照证照核对。")
    hint = "" if code[0] in _KINDS else f"第 1 位“{code[0]}”不是已知的登记管理部门，请对照证照核对。"
    return Finding(True, code, hint=hint or _organisation_hint(code[8:17]))


def _odd(text: str, name: str) -> Finding | None:
    """The refusal of a raised, circled or fractional digit: ``②`` was written for something else than a figure of a number."""
    char = odd_digit(text)
    return Finding(False, normal_code(text), f"{name}里的“{char}”不是普通数字，请改用 0 到 9。") if char else None


def _organisation_hint(part: str) -> str:
    total = sum(int(c, 36) * w for c, w in zip(part, _ORGANISATION, strict=False))
    check = "0123456789X0"[11 - total % 11] if total % 11 else "0"
    return "" if check == part[8] else "其中组织机构代码的校验不符，请对照证照核对。"


def check_id_number(text: str, today: date) -> Finding:
    """Check a citizen identity number: form, a birthday that exists and is past, and the check digit.

    Numbers of 15 figures, as issued until 1999, have no check digit. The region part is never refused: regions were
    renamed and merged, and 81, 82, 83 are residence permits.
    """
    number = normal_code(text)
    if odd := _odd(text, "公民身份号码"):
        return odd
    if len(number) == 15 and number.isdigit():
        return _check_old_number(number)
    if len(number) != 18:
        return Finding(False, number, f"公民身份号码应为 18 位，现在是 {len(number)} 位，请补全或核对。")
    if not number[:17].isdigit() or number[17] not in "0123456789X":
        return Finding(False, number, "公民身份号码前 17 位应为数字，末位为数字或 X，请对照证件核对。")
    born = _day(number[6:14])
    if born is None:
        return Finding(False, number, f"公民身份号码里的出生日期“{number[6:14]}”不存在，请对照证件核对。")
    if born > today:
        return Finding(False, number, f"公民身份号码里的出生日期“{number[6:14]}”晚于今天，请对照证件核对。")
    if not _has_check_digit(number):
        return Finding(False, number, "公民身份号码的末位校验不符，可能有一位输错，请对照证件核对。")
    hint = "" if number[0] in "12345678" else "前两位不是已知的行政区划，请对照证件核对。"
    return Finding(True, number, hint=hint)


def _check_old_number(number: str) -> Finding:
    if _day(f"19{number[6:12]}") is None:
        return Finding(False, number, f"公民身份号码里的出生日期“{number[6:12]}”不存在，请对照证件核对。")
    return Finding(True, number, hint="这是 15 位的旧号码，没有校验位，请与证件逐位核对。")


def _day(figures: str) -> date | None:
    try:
        return date(int(figures[:4]), int(figures[4:6]), int(figures[6:8]))
    except ValueError:
        return None


def _has_check_digit(number: str) -> bool:
    total = sum(int(c) * w for c, w in zip(number, _ID_WEIGHTS, strict=False))
    return _ID_CHECKS[total % 11] == number[17]


def check_document(document: str, text: str, today: date) -> Finding:
    """Check the number of a person's document (证件类型) by that document's own form.

    The permanent residence card of foreigners has 15 signs (until 2017 and on: three letters, twelve figures) or 18
    figures that begin with 9 and end with the check digit of GB 11643; residence permits of 港澳台居民 begin with 81, 82, 83.
    """
    number = normal_code(text)
    if odd := _odd(text, f"{document}号码"):
        return odd
    if document == "外国人永久居留身份证":
        return _check_permanent(number, today)
    if document == "港澳台居民居住证":
        found = check_id_number(number, today)
        if found.ok and number[:2] not in ("81", "82", "83"):
            return Finding(False, number, "港澳台居民居住证号码应以 81、82 或 83 开头，请对照证件核对。")
        return _called(found, document)
    form = _FORMS.get(document)
    if form is None:
        return check_id_number(number, today)
    if form[0].fullmatch(number):
        return Finding(True, number, hint="" if document != "护照" else "护照号码没有校验位，请与证件逐位核对。")
    return Finding(False, number, f"{form[1]}，现在是“{number[:20]}”，请对照证件核对。")


def _check_permanent(number: str, today: date) -> Finding:
    if _OLD_PERMANENT.fullmatch(number):
        return Finding(True, number, hint="这是 15 位的旧证号码，请与证件逐位核对。")
    if len(number) == 18 and number[0] == "9":
        return _called(check_id_number(number, today), "外国人永久居留身份证", hint="")
    return Finding(
        False, number,
        f"外国人永久居留身份证号码应为 3 位字母加 12 位数字（旧证），或 9 开头的 18 位（新证），现在是 {len(number)} 位，"
        "请对照证件核对。",
    )  # fmt: skip


def _called(found: Finding, document: str, hint: str | None = None) -> Finding:
    """A finding on an identity number, said of another document that is numbered likewise."""
    sentence = found.sentence.replace("公民身份号码", f"{document}号码")
    return Finding(found.ok, found.normal, sentence, found.hint if hint is None else hint)


def document_of(number: str, today: date) -> DocumentType | None:
    """The document that a number by itself shows to be a person's; None where it doesn't (passports, permits)."""
    number = normal_code(number)
    if not is_identity_number(number, today):
        return None
    if _OLD_PERMANENT.fullmatch(number) or (len(number) == 18 and number[0] == "9"):
        return "外国人永久居留身份证"
    return "港澳台居民居住证" if len(number) == 18 and number[:2] in ("81", "82", "83") else "居民身份证"


def is_identity_number(text: str, today: date | None = None, *, unit: bool = False) -> bool:
    """Whether a code is a person's number and no unit's: its own check digit decides, then the unit's.

    A firm's code may look like one where all its signs are figures: the place of such a code is a province's. ``unit``
    says that it was given as a unit's. A number whose check digit fails but whose birthday could be somebody's is taken
    for a person's: it is a slip of one figure.
    """
    number, today = normal_code(text), today or date.today()
    if _OLD_PERMANENT.fullmatch(number):
        return True
    if len(number) == 15:
        return number.isdigit() and _day(f"19{number[6:12]}") is not None
    if len(number) != 18 or not number[:17].isdigit() or number[17] not in "0123456789X":
        return False
    born = _day(number[6:14])
    if born is None or not date(1900, 1, 1) <= born <= today:
        return False
    return not _is_units(number, strictly=_has_check_digit(number) and not unit)


def _is_units(code: str, *, strictly: bool) -> bool:
    """Whether a code is a unit's by its check sign and its place; ``strictly`` also by its organisation part."""
    found = check_credit_code(code)
    return found.ok and code[2:4] in _PROVINCES and (not strictly or not found.hint)


def check_particular(name: str, text: str, today: date) -> Finding:
    """Check what is kept with an applicant beside its name and code (长期信息), by the fact's name; most may be anything."""
    plain = normal_code(text)
    if name == "银行账号" and (odd := _odd(text, name)):
        return odd
    if name == "银行账号":
        good = plain.isdigit() and 6 <= len(plain) <= 32
        return Finding(
            good,
            plain,
            "" if good else f"银行账号应为 6 至 32 位数字，现在是“{text.strip()[:40]}”，请对照开户证明核对。",
        )
    if name == "邮政编码":
        good = plain.isdigit() and len(plain) == 6
        return Finding(good, plain, "" if good else f"邮政编码应为 6 位数字，现在是“{text.strip()[:20]}”，请核对。")
    if name.endswith("证件号码"):
        found = check_id_number(plain, today)
        hint = found.hint if found.ok else "不是有效的居民身份证号码；是其他证件的，请与证件逐位核对。"
        return Finding(True, plain, hint=hint)
    return check_phone(text) if name.endswith("电话") else Finding(True, plain_text(text))


def check_phone(text: str) -> Finding:
    """Check a telephone: 7 to 16 figures, and signs that belong to numbers and extensions."""
    plain = unicodedata.normalize("NFKC", plain_text(text))
    if odd := _odd(text, "电话"):
        return odd
    digits = sum(c.isdigit() for c in plain)
    if not 7 <= digits <= 16 or any(not (c.isdigit() or c in " -—()（）转+") for c in plain):
        return Finding(False, plain, f"电话“{plain[:20]}”看不懂，请写成如 13800000000 或 010-69960000。")
    return Finding(True, plain, hint="" if _is_dialled(plain) else _PHONE_HINT.format(digits))


def _is_dialled(plain: str) -> bool:
    """Whether a number can be dialled as it stands, with or without an extension behind it.

    A mobile has eleven figures; an area code stands before seven or eight; eight alone are this city's; 400 and 800 have
    ten. Numbers from abroad (+, 00) have any form.
    """
    for number in (plain, _EXTENSION.sub("", plain)):
        bare = "".join(char for char in number if char in "+0123456789").removeprefix("+86")
        if bare.startswith(("+", "00")) or _DIALLED.fullmatch(bare):
            return True
    return False


def hidden(code: str) -> str:
    """A person's number with its middle hidden: ``110117********123X``, ``E1****678``."""
    plain = normal_code(code)
    ahead, behind = (6, 4) if len(plain) >= 15 else (2, 3) if len(plain) > 7 else (1, 1)
    if len(plain) <= ahead + behind:
        return "*" * len(plain)
    return plain[:ahead] + "*" * (len(plain) - ahead - behind) + plain[len(plain) - behind :]


def hidden_phone(text: str) -> str:
    """A telephone with its middle hidden: ``138****0000``, ``010-****0001``; a short one shows its last three figures."""
    places = [at for at, char in enumerate(text) if char.isdigit()]
    if len(places) >= 11:
        ahead, behind = 3, 4
    else:
        ahead, behind = 0, min(3, len(places) // 2)
    cover = set(places[ahead : len(places) - behind])
    return "".join("*" if at in cover else char for at, char in enumerate(text))


def hidden_account(text: str) -> str:
    """A bank account by its last four figures: ``***************0001``."""
    bare = text.replace(" ", "").replace("-", "")
    return "*" * max(0, len(bare) - 4) + bare[-4:] if len(bare) > 4 else "*" * len(bare)


def who_by(code: str) -> Literal["单位", "个人", ""]:
    """Who a code is given to, as far as it tells, however it was typed: a unit's begins with 1, 5 or 9 and is no person's number."""
    code = normal_code(code)
    if len(code) == 18 and code.isascii() and code.isalnum() and not code[:17].isdigit():
        return "单位" if code[0] in _UNITS else ""  # letters among its figures: no identity number
    if not code or not is_identity_number(code):
        return "单位" if len(code) == 18 and code[0] in _UNITS else ""
    return "个人"


def shown(code: str, kind: str = "") -> str:
    """A code as every screen, list and paper may show it: a person's number hidden, a unit's code whole.

    The kind of applicant decides first: a person's (个人) is hidden whatever it looks like. Of anybody else only what is an
    identity number is hidden, such as one that was put where the credit code belongs.
    """
    if not code.strip():
        return ""
    if (
        kind not in ("个人", "自然人")
        and len(code) == 18
        and code.isascii()
        and code.isalnum()
        and not code[:17].isdigit()
    ):
        return code.upper() if check_credit_code(code).ok else code  # letters among its figures: no identity number
    if kind in ("个人", "自然人") or is_identity_number(code, unit=kind in ("企业", "机构")):
        return hidden(code)
    return normal_code(code) if check_credit_code(code).ok else code
