"""Finding a Chinese word by its characters or the first letters of its pinyin (拼音首字母), whichever reading is meant.

The register's own matcher does it, so that a choice, a policy and an applicant are all found in the same way.
"""

from __future__ import annotations

from pinggu_desk.register.names import Search, plain


def starts(text: str, typed: str) -> bool:
    """Whether ``text`` begins with what was typed: characters, initials, or a mix."""
    return Search("", "start", plain(typed)).accepts(text)


def contains(text: str, typed: str) -> bool:
    """Whether what was typed is anywhere in ``text``; what is empty is in everything."""
    wanted = plain(typed)
    return not wanted or Search("", "inside", wanted).accepts(text)
