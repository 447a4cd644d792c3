"""Characters that are not what they seem: unseen ones, breaks inside a value, raised and circled digits, 康熙部首.

What carries no meaning is taken out; what would join two values into one, or make ``10²`` into 102, is told apart.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

#: zero-width, direction and other format characters, controls, halves of characters, places of no character
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\ud800-\udfff\ufdd0-\ufdef\U000e0000-\U000e0fff]"
)
_BREAKS = re.compile("[\t\n\x0b\x0c\r\x1c-\x1f\x85\u2028\u2029]+")
#: controls and the like, which are no part of a name; unassigned and private ones may be rare characters (生僻字)
_MARKS = ("Cc", "Cf", "Cs")
_SPACES = re.compile(r"\s+")
#: 康熙部首, 部首补充 and 兼容汉字: another code for a character that has its own
_OTHER_CODES = re.compile("[\u2e80-\u2fdf\uf900-\ufaff\U0002f800-\U0002fa1f]")
#: those of 部首补充 that are whole characters, which NFKC leaves (a PDF's text gives them: ⺠ for 民, ⻓ for 长)
_RADICALS = str.maketrans(
    "\u2e81\u2e88\u2e8a\u2e8c\u2e8d\u2e8e\u2e92\u2e93\u2e9c\u2e9d\u2ea0\u2ea7\u2ea9\u2eaa\u2eab\u2eac\u2eae"
    "\u2eb6\u2eb7\u2ebb\u2ebc\u2ebd\u2ec1\u2ec4\u2ec5\u2ec6\u2ec7\u2ec9\u2eca\u2ecb\u2ed1\u2ed3\u2ed4\u2ed7"
    "\u2ed8\u2ed9\u2eda\u2edb\u2edc\u2edd\u2ede\u2ee1\u2ee2\u2ee3\u2ee4\u2ee5\u2ee6\u2ee7\u2ee8\u2ee9\u2eea"
    "\u2eec\u2eee\u2ef0\u2ef1",
    "厂刀卜小小兀巳幺日月民牛王疋目示竹羊羊聿肉臼虎西见角角贝足车長长门雨青韦页风飞食食首马骨鬼鱼鸟卤麦黄黾齐齿龙龜",
)


def seen(text: str) -> str:
    """The text without characters that nobody sees; spaces and breaks stay."""
    if text.isascii() and text.isprintable():
        return text
    return _UNSEEN.sub("", text)


def plain_text(text: str) -> str:
    """One line of words: nothing unseen, breaks and runs of spaces as one space, each 汉字 by its own code."""
    if text.isascii() and text.isalnum():
        return text
    return _SPACES.sub(" ", _own_codes(seen(text))).strip()


def _own_codes(text: str) -> str:
    return _OTHER_CODES.sub(lambda found: unicodedata.normalize("NFKC", found[0]).translate(_RADICALS), text)


def plain_name(text: str) -> str:
    """A name as names are compared and searched: one width, one case, without spaces and punctuation."""
    folded = unicodedata.normalize("NFKC", _own_codes(seen(text))).casefold()
    return "".join(
        c for c in folded if unicodedata.category(c)[0] not in "PZS" and unicodedata.category(c) not in _MARKS
    )


def is_broken(text: str) -> bool:
    """Whether a tab or a line break stands inside the text: the contents of two cells, not one value."""
    return bool(_BREAKS.search(seen(text).strip()))


def odd_digit(text: str) -> str:
    """The first raised, lowered, circled or fractional digit (``²``, ``①``, ``½``), which is no digit of a number; or empty."""
    if text.isascii():
        return ""
    for place, char in enumerate(text):
        if _is_odd(char) and not (char in "²³" and text[:place].rstrip().lower().endswith("m")):  # m² is a unit
            return char
    return ""


@lru_cache(maxsize=1 << 14)
def _is_odd(char: str) -> bool:
    form = unicodedata.decomposition(char)
    if not form.startswith("<") or form.startswith(("<wide>", "<narrow>", "<font>")):
        return False
    plain = unicodedata.normalize("NFKC", char)
    return any(one.isdigit() for one in plain) and not any(one.isalpha() for one in plain)


def brief(raw: object, most: int = 40) -> str:
    """What was given, as a sentence may quote it: one line, not more than so many characters."""
    text = plain_text("（列表或对象）" if isinstance(raw, (list, dict)) else str(raw)[: 4 * most])
    return text if len(text) <= most else text[:most] + "…"


def one_line(sentence: str, most: int = 200) -> str:
    """A sentence for one line of a terminal; a longer one loses its middle, since the remedy stands at its end."""
    text = plain_text(sentence)
    if len(text) <= most:
        return text
    tail = most // 3
    return f"{text[: most - tail - 2]}……{text[-tail:]}"
