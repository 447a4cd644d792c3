"""Where the data beside the code lives: the source tree, or the folder that PyInstaller made; and which pack is in use."""

from __future__ import annotations

import os
import sys
from pathlib import Path

#: the file that names the district, and the variable that names another pack's folder
DISTRICT, PACK_VARIABLE = "district.yaml", "PINGGU_DESK_PACK"
_PRODUCT, _UNNAMED = "程序全名:", "惠企政策窗口"
_chosen: list[Path] = []


def home() -> Path:
    """The folder that holds ``resources/`` and ``forms/``, frozen or not."""
    frozen = getattr(sys, "_MEIPASS", None)
    return Path(frozen) if frozen else Path(__file__).resolve().parents[2]


def resource_root() -> Path:
    """``resources/``: the program's own pack, and fonts, icons, style, which belong to the program whatever pack is in use."""
    return home() / "resources"


def pack_root() -> Path:
    """The folder of the pack in use: the one that was chosen, that the environment names, or the program's own."""
    if _chosen:
        return _chosen[-1]
    named = os.environ.get(PACK_VARIABLE)
    return Path(named) if named else resource_root()


def choose_pack(root: Path | None) -> None:
    """From here on, use the pack in that folder; None for the program's own (or the environment's) again."""
    _chosen[:] = [root] if root is not None else []


def forms_of(root: Path) -> Path:
    """The folder of a pack's forms: in it (``forms/``), or beside it as the program's own are; else the program's own."""
    for folder in (root / "forms", root.parent / "forms"):
        if folder.is_dir():
            return folder
    return home() / "forms"


def forms_root() -> Path:
    """``forms/`` of the pack in use: one workbook template a policy."""
    return forms_of(pack_root())


def product_name(root: Path | None = None) -> str:
    """What the program is called on its first window, by the one line of ``district.yaml`` that says so.

    That window can wait for no YAML; the check holds the line to what YAML reads.
    """
    try:
        with (root or pack_root()).joinpath(DISTRICT).open(encoding="utf-8-sig") as lines:
            for line in lines:
                if line.startswith(_PRODUCT):
                    return line.removeprefix(_PRODUCT).strip()
    except (OSError, ValueError):
        pass
    return _UNNAMED


#: the manuals by whom they are for, in the order in which they are offered
MANUALS = ("窗口人员手册", "政策维护手册", "部署与运维手册")


def manual_path(name: str) -> Path:
    """A manual (手册) of :data:`MANUALS`, in Markdown."""
    return home() / "docs" / f"{name}.md"
