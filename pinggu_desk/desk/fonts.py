"""The screen's fonts, from ``resources/fonts``: the system's own are never relied on."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtGui import QFontDatabase

from pinggu_desk.policy.resources import resource_root

#: tried in this order, character by character; HanaMinB holds the rare characters (生僻字)
FAMILIES = ("Noto Sans SC", "HanaMinB")
_FILES = ("NotoSansSC-Regular.ttf", "NotoSansSC-Bold.ttf", "HanaMinB.ttf")


@lru_cache(maxsize=1)
def load_fonts() -> tuple[str, ...]:
    """Load the fonts once and say which families Qt has from them. Raises RuntimeError if a file is missing or bad.

    About 20 ms together: the files are mapped, not read.
    """
    found: list[str] = []
    for name in _FILES:
        number = QFontDatabase.addApplicationFont(str(resource_root() / "fonts" / name))
        if number < 0:
            raise RuntimeError(f"字体文件“resources/fonts/{name}”缺失或损坏，请重新安装本程序。")
        found.extend(QFontDatabase.applicationFontFamilies(number))
    return tuple(dict.fromkeys(found))
