"""Finding a Chinese word by the first letters of its pinyin (拼音首字母), whichever reading of a character is meant."""

from __future__ import annotations

from functools import lru_cache


@lru_cache(maxsize=4096)
def _letters(char: str) -> str:
    """The first letters of every reading of one character; the character itself, in lower case, if it is none."""
    # pypinyin's tables are large: loaded when the first letter is typed, not with the window
    from pypinyin import Style, pinyin

    readings = pinyin(char, style=Style.FIRST_LETTER, heteronym=True, errors="ignore")
    found = {reading[0] for reading in readings[0] if reading} if readings else set()
    return "".join(sorted(found)) or char.lower()


def initials_at(text: str, typed: str) -> int:
    """Where in ``text`` the letters ``typed`` match consecutive characters' initials; -1 if nowhere.

    Spaces, quotes and punctuation in ``text`` are passed over.
    """
    typed = typed.lower()
    letters = [_letters(char) for char in text if char.isalnum()]
    for start in range(len(letters) - len(typed) + 1):
        if all(wanted in letters[start + i] for i, wanted in enumerate(typed)):
            return start
    return -1


def matches(text: str, typed: str) -> bool:
    """Whether ``typed`` is part of ``text``, or of its initials; what is empty matches everything."""
    typed = typed.strip()
    if not typed or typed.lower() in text.lower():
        return True
    return typed.isascii() and typed.isalnum() and initials_at(text, typed) >= 0
