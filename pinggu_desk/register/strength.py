"""How good a password is: length before kinds of character, and nothing that somebody would try first.

Tried first are the passwords that leaked most (``resources/passwords/common.txt``), and what people put together at a desk:
a place, an office, a common word, a year, a walk over the keyboard, their own number or name (``words.txt`` and what follows).
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import islice, product

from pinggu_desk.policy.resources import resource_root
from pinggu_desk.register.errors import WeakPassword
from pinggu_desk.register.records import Clerk

LEAST, LEAST_KINDS, LONG = 8, 3, 12
#: what would be right, in one breath
RULE = (
    f"至少要 {LEAST} 位并含大写字母、小写字母、数字、符号中的三类，或者 {LONG} 位以上不限类别但不全是数字；"
    "不要用常用词、地名、年份、键盘顺序、工号、姓名拼音拼成"
)
_LEFT = 4  # characters that must be left when everything that can be guessed is taken out
_LEET = str.maketrans("@4013$5!7", "aaoiessit")
_WALKS = (
    "abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop[]", "asdfghjkl;'", "zxcvbnm,./", "!@#$%^&*()",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/", "qazwsxedcrfvtgbyhnujmikolp", "1q2w3e4r5t6y7u8i9o0p", "q1w2e3r4t5y6u7i8o9p0",
    "147258369", "741852963", "789456123", "a1b2c3d4e5f6g7h8i9j0", "1a2b3c4d5e6f7g8h9i0j",
)  # fmt: skip
_STEPS = 3  # characters of a walk
_YEAR = re.compile(r"(?:19[3-9]\d|20[0-4]\d)(?:年|[01]\d[0-3]\d)?")
_AGAIN = re.compile(r"(.)\1{2,}")
#: one word with what is put around it; a dash or a space makes phrases of their own
_HABIT = re.compile(r"([\d@!#$%&*._?~+=]*)([a-z]+)([\d@!#$%&*._?~+=]*)")
_LIKED = re.compile(r"5201?314|1314|520|521|168|518|666|888|999|(?:\d\d)?(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
_FEW = 2  # digits of one's own do not make such a word harder to guess
#: up to three syllables, a name's; a syllable and initials, or initials alone
_SYLLABLE = (
    r"(?:[bpmf]?a(?:ng|i|n|o)?|(?:zh|ch|sh|[dtnlgkhzcsrywbpmf])a(?:ng|i|n|o)?|(?:zh|ch|sh|[bpmfdtnlgkhzcsrwy])?e(?:ng|i|n|r)?"
    r"|(?:zh|ch|sh|[bpmdtnlzcsrjqxy])i(?:a(?:ng|n|o)?|e|n|ng|u|ong)?|[bpmfwyl]?o|(?:zh|ch|sh|[dtnlgkhzcsryjqx])(?:ou|ong)"
    r"|[mpf]ou|(?:zh|ch|sh|[dtnlgkhzcsrjqxybpmfw])u(?:a(?:ng|i|n)?|e|i|n|o)?|[nl]v(?:e)?)"
)
_PINYIN = re.compile(rf"{_SYLLABLE}{{1,3}}|{_SYLLABLE}?[bcdfghjklmnpqrstwxyz]{{1,8}}")
_READINGS = 16  # of a name whose characters have several


def plain(text: str) -> str:
    """Full-width letters that an input method left on are the same letters."""
    return unicodedata.normalize("NFKC", text)


def check_password(password: str, clerk: Clerk | None = None) -> None:
    """Raise `WeakPassword`, saying what is wrong and what would be right, for what is short or soon guessed.

    ``clerk`` is whose it would be: his number and name are tried first.
    """
    text = plain(password)
    if (why := _weakness(text, clerk)) is not None:
        raise WeakPassword(f"口令太简单：{why}；{RULE}。")


def _weakness(text: str, clerk: Clerk | None) -> str | None:
    kinds = len(set(map(_kind, text)))
    if len(text) < LEAST:
        return f"现有 {len(text)} 位"
    if text.isnumeric():  # those in characters among them
        return "全是数字"
    if len(text) < LONG and kinds < LEAST_KINDS:
        return f"现有 {len(text)} 位、{kinds} 类字符"
    small = text.lower()
    if small in _listed("common.txt") or small.translate(_LEET) in _listed("common.txt"):
        return "它在最常见的口令之列"
    own = tuple(_own(clerk)) if clerk is not None else ()
    without_years = _YEAR.sub("\n", small)
    if min(_left(without_years, own), _left(without_years.translate(_LEET), own), _left(small, own)) < _LEFT:
        return "它由常用词、地名、年份、键盘顺序、工号或姓名拼音拼成"
    if _is_habit(small):
        return "它是一个拼音或缩写加上年份、顺口的数字，这样的口令最先被猜"
    return None


def _is_habit(text: str) -> bool:
    """Whether it is one short pinyin word, a name or initials, with a year, a run of digits or a mark before or behind it."""
    found = _HABIT.fullmatch(text)
    if found is None:
        return False
    before, core, behind = found.groups()
    digits = re.sub(r"\D", "", f"{before}\n{behind}")
    left = sum(char != "\n" for char in _without_walks(_AGAIN.sub("\n", _LIKED.sub("\n", _YEAR.sub("\n", digits)))))
    for word in _words():
        core = core.replace(word, "")
    return left <= _FEW and (not core or _PINYIN.fullmatch(core) is not None)


def _kind(char: str) -> str:
    return "大" if "A" <= char <= "Z" else "小" if "a" <= char <= "z" else "数" if char.isdigit() else "号"


def _left(text: str, own: Iterable[str]) -> int:
    """How many characters are left once everything that can be guessed is taken out; what comes twice counts once."""
    for size in range(1, len(text) // 2 + 1):
        if text == (text[:size] * len(text))[: len(text)]:
            text = text[:size]
            break
    for word in (*own, *_words()):
        text = text.replace(word, "\n")
    text = _YEAR.sub("\n", text)
    text = _AGAIN.sub("\n", text)
    return sum(char != "\n" for char in _without_walks(text))


def _without_walks(text: str) -> Iterator[str]:
    at = 0
    while at < len(text):
        size = next((n for n in range(len(text) - at, _STEPS - 1, -1) if text[at : at + n] in _all_walks()), 0)
        if not size:
            yield text[at]
        at += size or 1


@cache
def _all_walks() -> frozenset[str]:
    """Every piece of a walk, forwards and backwards."""
    return frozenset(
        way[start:end]
        for walk in _WALKS
        for way in (walk, walk[::-1])
        for start in range(len(way))
        for end in range(start + _STEPS, len(way) + 1)
    )


def _own(clerk: Clerk) -> Iterator[str]:
    """What is written on somebody's badge: his number, his name in pinyin, whichever comes first."""
    if len(clerk.no) >= _STEPS:
        yield clerk.no.lower()
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "1")  # as `names` does: the packaged folder has no table of words
    os.environ.setdefault("PYPINYIN_NO_DICT_COPY", "1")
    from pypinyin import Style, pinyin  # late: its dictionaries are large

    readings = pinyin(clerk.name, style=Style.NORMAL, heteronym=True, errors="ignore")
    for syllables in islice(product(*readings), _READINGS):
        for name in ("".join(syllables), "".join((*syllables[1:], *syllables[:1]))):
            if len(name) >= LEAST // 2:
                yield name


@cache
def _words() -> tuple[str, ...]:
    """The longest first, so that none leaves the rest of a longer one behind."""
    return tuple(sorted(_listed("words.txt"), key=len, reverse=True))


@cache
def _listed(name: str) -> frozenset[str]:
    lines = (resource_root() / "passwords" / name).read_text("utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))
