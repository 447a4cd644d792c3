"""Finding a Chinese word by its characters the first letters of its pinyin (拼音首字母) or its whole pinyin (全拼), any reading.

The register's own matcher does it, so that a choice, a policy and an applicant are all found in the same way.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial

from pinggu_desk.policy.characters import plain_name
from pinggu_desk.register.names import Search

_VOWELS = frozenset("aeiouv")


def _spelt(wanted: str) -> bool:
    """Whether letters may be pinyin in full: initials alone have no vowel to speak of."""
    return len(wanted) > 1 and wanted.isascii() and wanted.isalpha() and not _VOWELS.isdisjoint(wanted)


def starts(text: str, typed: str) -> bool:
    """Whether ``text`` begins with what was typed: characters, initials, a mix, or pinyin in full."""
    wanted = plain_name(typed)
    return Search("", "start", wanted).accepts(text) or (
        _spelt(wanted) and Search("", "pinyin start", wanted).accepts(text)
    )


def contains(text: str, typed: str) -> bool:
    """Whether what was typed is anywhere in ``text``; what is empty is in everything."""
    wanted = plain_name(typed)
    return (
        not wanted
        or Search("", "inside", wanted).accepts(text)
        or (_spelt(wanted) and Search("", "pinyin inside", wanted).accepts(text))
    )


def containing(typed: str) -> Callable[[str], bool]:
    """`contains` for the rows of a long list, of which many bear the same words: each different text is looked through once."""
    return cache(partial(_has, typed))


def _has(typed: str, text: str) -> bool:
    return contains(text, typed)


def whole(text: str, typed: str) -> bool:
    """Whether what was typed are all the initials of ``text``, or its pinyin from the beginning, the last part perhaps unfinished."""
    wanted = plain_name(typed)
    return Search("", "whole", wanted).accepts(text) or (
        len(wanted) > 2 and _spelt(wanted) and Search("", "pinyin start", wanted).accepts(text)
    )
