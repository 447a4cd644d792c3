"""Finding by what a visitor says: everyday words (口语词), phrases around them, mixed pinyin, and words that only sound alike.

What fits as it stands comes first; the looser ways are for when nothing does, and none of them decides anything.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from pinggu_desk.desk import pinyin
from pinggu_desk.policy.characters import plain_name
from pinggu_desk.register.names import Unit, units

if TYPE_CHECKING:
    from pinggu_desk.policy.models import Pack

_A_PHRASE = 16  # characters of what is typed in which an everyday word is looked for
_GAP = 2  # characters that may stand between those of a word: 买几台设备, 孩子能上学
#: what people say around the thing itself
_FILLING = re.compile(
    "有没有|能不能|可不可以|怎么|怎样|如何|什么|哪些|哪个|我们|我要|我想|想要|准备|打算|需要|咨询|请问|问问|一下|政策|补贴|补助|奖励|扶持|"
    "支持|公司|企业|单位|[我们您你想要能会可个几点些给把被让请问的得地了吗呢吧啊么]"
)
_MIXED = re.compile(r"[a-z]")
#: somebody's name, in which everyday words stand by chance (示例文化旅游有限公司): who it is is looked for, not what is said
_NAME = re.compile("..(?:公司|集团|合作社|事务所|研究院|研究所|协会|联社)$")


def said_as(words: Iterable[str], typed: str, *, within: bool = False) -> str:
    """The everyday word that fits what was typed, the closest first; empty for none.

    ``within`` is for when nothing else fits: a word inside a phrase (我想买设备, 买几台设备), or one that sounds the same (租方).
    """
    wanted = plain_name(typed)
    if not enough(wanted):
        return ""
    known = tuple(words)
    if wanted.isascii() and wanted.isalpha():  # initials of the whole word, or its pinyin from the beginning
        found = next((word for word in known if pinyin.whole(word, wanted) or wanted == _plain(word)), "")
        return found or (next((word for word in known if _loosely(word, wanted)), "") if within else "")
    for fits, closest in _ways(wanted, within=within):
        if fitting := [word for word in known if fits(_plain(word))]:
            return closest(fitting, key=len)
    return ""


_Closest = Callable[..., str]


def _ways(wanted: str, *, within: bool) -> Iterator[tuple[Callable[[str], bool], _Closest]]:
    """How a word may fit, the nearest way first, and which of several is the nearest: the shortest around it, the longest inside it."""
    mixed = bool(_MIXED.search(wanted))
    yield lambda word: word == wanted, min
    yield lambda word: wanted in word, min
    if mixed:
        yield lambda word: pinyin.starts(word, wanted), min
    if not within or len(wanted) > _A_PHRASE or _NAME.search(wanted):
        return
    core = _core(wanted) or wanted
    if len(core) > 1:
        yield lambda word: core in word, min
    yield lambda word: word in wanted, max
    yield lambda word: _scattered(word, wanted), max
    yield lambda word: sounds_like(word, core), max
    yield lambda word: sounds_like(word, core, blurred=True) or (mixed and _loosely(word, wanted)), max


def nearly(title: str, typed: str) -> bool:
    """Whether a title fits loosely: without the words around (专利的奖励), or by sound; for when no title fits as it stands."""
    core = _core(wanted := plain_name(typed))
    if not enough(core) or len(core) < 2 or len(wanted) > _A_PHRASE or _NAME.search(wanted):
        return False
    if core.isascii():
        return len(core) > 3 and _loosely(title, core, anywhere=True)
    return core in _plain(title) or sounds_like(title, core, anywhere=True)


def fitting(
    options: Sequence[str], typed: str, said: Callable[[], Mapping[str, Sequence[str]]]
) -> tuple[Collection[str], bool]:
    """The options that fit what was typed, and whether they only do loosely: by other words for them (``said``), by sound.

    Other words are asked for only where no option fits as it stands.
    """
    if strictly := [one for one in options if pinyin.contains(one, typed)]:
        return set(strictly), False
    words = said()
    for within in (False, True):
        called = {one for one, others in words.items() if said_as(others, typed, within=within)}
        if found := [one for one in options if one in called or (within and nearly(one, typed))]:
            return set(found), within
    return (), False


def facts_said(pack: Pack) -> Mapping[str, Sequence[str]]:
    """What facts are called elsewhere: the words of lists' columns for them."""
    found: dict[str, list[str]] = {}
    for word, name in pack.columns.names.items():
        found.setdefault(name, []).append(word)
    return found


_plain = lru_cache(maxsize=1 << 13)(plain_name)
_row = lru_cache(maxsize=1 << 13)(units)


def enough(wanted: str) -> bool:
    """One letter says nothing; one character (房) is a word."""
    return len(wanted) > 1 or (bool(wanted) and not wanted.isascii())


def _scattered(word: str, phrase: str) -> bool:
    """Whether the word's characters stand in the phrase in their order, hardly anything between: 招大学生 in 招几个大学生."""
    return len(word) > 1 and bool(_apart(word).search(phrase))


@lru_cache(maxsize=1 << 13)
def _apart(word: str) -> re.Pattern[str]:
    return re.compile(f".{{0,{_GAP}}}".join(map(re.escape, word)))


@lru_cache(maxsize=64)
def _core(wanted: str) -> str:
    return _FILLING.sub("", wanted)


def sounds_like(word: str, typed: str, *, anywhere: bool = False, blurred: bool = False) -> bool:
    """Whether a word is read as what was typed is read, character by character (租方 for 租房, 得 for 的).

    ``blurred`` takes what is mixed up most for the same: zh and z, -ng and -n.
    """
    row, wanted = _row(word), _row(typed)
    if len(wanted) < 2 or not all(unit.readings for unit in wanted) or plain_name(typed).isascii():
        return False
    starts = range(len(row) - len(wanted) + 1) if anywhere else range(1) if len(row) == len(wanted) else range(0)
    return any(all(_alike(row[at + i], unit, blurred=blurred) for i, unit in enumerate(wanted)) for at in starts)


@lru_cache(maxsize=1 << 14)
def _plain_sounds(unit: Unit) -> frozenset[str]:
    return frozenset(map(_blurred, unit.readings))


def _alike(one: Unit, other: Unit, *, blurred: bool) -> bool:
    if blurred:
        return not _plain_sounds(one).isdisjoint(_plain_sounds(other))
    return any(reading in other.readings for reading in one.readings)


def _blurred(letters: str) -> str:
    """Pinyin without what is mixed up most: zh and z, ch and c, sh and s, -ng and -n."""
    return re.sub("ng(?![aeiouv])", "n", re.sub("([zcs])h", r"\1", letters))


def _loosely(word: str, typed: str, *, anywhere: bool = False) -> bool:
    """Whether letters and characters spell a word in any mixture of initials, full and slightly wrong pinyin (hzshangxue, zhuangli)."""
    row = _row(word)
    if len(typed) < 4 and typed.isascii():
        return False
    starts = range(len(row)) if anywhere else range(1)
    return any(_spells(row, at, typed) for at in starts)


def _spells(row: list[Unit], at: int, text: str) -> bool:
    if not text:
        return True
    if at == len(row) or not text.startswith(ways := _typed_as(row[at])):
        return False
    return any(text.startswith(way) and _spells(row, at + 1, text[len(way) :]) for way in ways)


@lru_cache(maxsize=1 << 13)
def _typed_as(unit: Unit) -> tuple[str, ...]:
    """What may be typed for a character, the longest first: itself, its initial, its pinyin right or mixed up."""
    right = {*unit.singles, *unit.readings}
    wrong = {_blurred(one) for one in right} | {f"{one}g" for one in right if one.endswith("n")}
    return tuple(sorted(right | wrong, key=lambda one: (-len(one), one)))
