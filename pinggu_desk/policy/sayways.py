"""Several ways to satisfy a condition, said in one line or a line each: the part of ``policy.say`` that tells of alternatives."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pinggu_desk.policy.say import LINE, Mark, bare

#: so many options are named beside a refusal that they are an exception to
_NAMED = 4
_ASKS = re.compile("应|要求|认定")
_OTHERS = re.compile(r"（(?:其他(?P<count>\d+)种|另一种)情形也未达到）$")


def of_a_way(text: str, mark: Mark) -> str:
    """A statement among alternatives; one that is only named while it is open says that it is."""
    words = bare(text)
    return f"{words}（待补充）" if mark == "open" and words != text and not _ASKS.search(words) else words


def ways(said: Sequence[str], mark: Mark, *, fails: int = 0, opens: int = 0) -> str:
    """Alternatives in one line, numbered once: of those that all fail, or of which one is open; how many more fail, are open."""
    numbered = "；".join(f"（{number}）{way}" for number, way in enumerate(said, 1))
    if mark == "fails":
        return f"以下之一即可，均未达到：{numbered}" + (f"；其他{fails}种情形也未达到" if fails else "")
    counts = [f"{opens}种待补充" if opens else "", f"{fails}种未达到" if fails else ""]
    more = f"；其他情形：{'，'.join(filter(None, counts))}" if opens + fails else ""
    return f"以下之一即可：{numbered}{more}"


def ways_below(count: int, *, fails: int = 0, opens: int = 0) -> str:
    """The head of open alternatives that take a line each: ``以下2种情形符合一种即可，逐行列明``."""
    counts = [f"{opens}种待补充" if opens else "", f"{fails}种未达到" if fails else ""]
    more = f"（其他情形：{'，'.join(filter(None, counts))}）" if opens + fails else ""
    return f"以下{count}种情形符合一种即可，逐行列明{more}"


def way_below(number: int, words: str) -> str:
    """One of the alternatives that take a line each."""
    return f"第{number}种情形：{words}"


def besides_below(number: int, words: str, *, also: bool) -> str:
    """What one of them asks besides, in one way or another: ``第1种情形还须以下至少一项〔…〕``."""
    return f"第{number}种情形{'还' if also else ''}须{words}"


def more_points(count: int) -> str:
    """Of a way that asks for much, how many more statements there are."""
    return f"另有{count}项"


def within_a_way(said: Sequence[str], others: int) -> str:
    """Alternatives within a way, which has a number already: ``以下至少一项〔甲，或者乙，或者其他3种情形〕``."""
    more = f"，或者其他{others}种情形" if others else ""
    return f"以下至少一项〔{'，或者'.join(said)}{more}〕"


def nearest_way(points: Sequence[str], others: int) -> str:
    """Of alternatives that all fail, the nearest with what it lacks, and how many others there are."""
    told = list(points)
    if others and len(told) == 1 and (found := _OTHERS.search(told[0])):  # ways within a way are counted with the rest
        others += int(found["count"] or 1)
        told = [told[0][: found.start()]]
    more = f"（其他{others}种情形也未达到）" if others > 1 else "（另一种情形也未达到）" if others else ""
    return f"{'，并且'.join(told)}{more}"


def in_one_line(grounds: Sequence[str]) -> str:
    """Why something is not given, in one line: as many grounds as fit, the first whatever its length, the others counted."""
    told = list(dict.fromkeys(grounds))
    kept = told[:1]
    for ground in told[1:]:
        if len("；".join((*kept, ground))) <= LINE:
            kept.append(ground)
    rest = len(told) - len(kept)
    return "；".join(kept) + (f"；另有{rest}项不符合" if rest else "")


def spared(others: Sequence[tuple[str, Sequence[str], bool]]) -> str:
    """What another choice would change: ``（上市企业来源为京外迁入的除外）``; its name, the options, whether that is enough."""
    parts = []
    for enough, ending in ((True, "的除外"), (False, "的，另有条件")):
        said = [f"{name}为{_some(options)}" for name, options, alone in others if alone is enough]
        parts += [f"{'，'.join(said)}{ending}"] if said else []
    return f"（{'；'.join(parts)}）" if parts else ""


def _some(options: Sequence[str]) -> str:
    return "、".join(options) if len(options) <= _NAMED else f"{options[0]}等{len(options)}类"
