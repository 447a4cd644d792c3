"""Where a paper or a list is to be written (输出位置): checked before the work is begun."""

from __future__ import annotations

from pathlib import Path

from pinggu_desk.policy.errors import BadInput, reason_of


def writable(path: str) -> Path:
    """An output path whose folder exists. Raises BadInput."""
    out = Path(path)
    if out.is_dir():
        raise BadInput(f"“{path}”是一个目录，请给出文件名。")
    if not out.parent.is_dir():
        raise BadInput(f"目录“{out.parent}”不存在，请先建好或换一个目录。")
    return out


def own_folder(path: str | Path) -> Path:
    """A folder for what is written, made where it isn't there and what it lies in is. Raises BadInput."""
    out = Path(path)
    if out.exists() and not out.is_dir():
        raise BadInput(f"“{path}”是一个文件，请给出目录名。")
    if not out.parent.is_dir():
        raise BadInput(f"目录“{out.parent}”不存在，请先建好或换一个目录。")
    try:
        out.mkdir(exist_ok=True)
    except OSError as error:
        raise BadInput(f"目录“{path}”建不了（{reason_of(error)}），请换一个位置。") from None
    return out
