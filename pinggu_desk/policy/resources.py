"""Where the data beside the code lives: the source tree, or the folder that PyInstaller made."""

from __future__ import annotations

import sys
from pathlib import Path


def home() -> Path:
    """The folder that holds ``resources/`` and ``forms/``, frozen or not."""
    frozen = getattr(sys, "_MEIPASS", None)
    return Path(frozen) if frozen else Path(__file__).resolve().parents[2]


def resource_root() -> Path:
    """``resources/``: policies, facts, fonts, icons, style."""
    return home() / "resources"


def manual_path() -> Path:
    """The clerk's manual (经办人手册)."""
    return home() / "docs" / "经办人手册.md"


def forms_root() -> Path:
    """``forms/``: one workbook template a policy."""
    return home() / "forms"
