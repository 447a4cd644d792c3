"""The screen's fonts, from ``resources/fonts``: the system's own are never relied on."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtGui import QFontDatabase

from pinggu_desk.policy.resources import resource_root

#: tried in this order, character by character; HanaMinB holds the rare characters (生僻字)
FAMILIES = ("Noto Sans SC", "HanaMinB")
_FIRST, _RARE = ("NotoSansSC-Regular.ttf", "NotoSansSC-Bold.ttf"), ("HanaMinB.ttf",)


@lru_cache(maxsize=1)
def load_first() -> tuple[str, ...]:
    """Load the faces that the first page is written in, once. Raises RuntimeError if a file is missing or bad."""
    return _load(_FIRST)


@lru_cache(maxsize=1)
def load_fonts() -> tuple[str, ...]:
    """Load all the fonts once and say which families Qt has from them. Raises RuntimeError if a file is missing or bad.

    About 8 ms together: the files are mapped, not read.
    """
    return (*load_first(), *_load(_RARE))


def _load(files: tuple[str, ...]) -> tuple[str, ...]:
    found: list[str] = []
    for name in files:
        number = QFontDatabase.addApplicationFont(str(resource_root() / "fonts" / name))
        if number < 0:
            raise RuntimeError(f"字体文件“resources/fonts/{name}”缺失或损坏，请重新安装本程序。")
        found.extend(QFontDatabase.applicationFontFamilies(number))
    return tuple(dict.fromkeys(found))
