"""Corrections (更正) from one window to another: a small signed file, in the form of a pack, and never anything but data."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pinggu_desk import __version__
from pinggu_desk.assess.basis import correction_json, correction_of
from pinggu_desk.policy.corrections import Correction, check_correction
from pinggu_desk.policy.errors import BadAnswer, BadInput
from pinggu_desk.policy.models import Pack
from pinggu_desk.policy.packfile import (
    CORRECTIONS,
    CORRECTIONS_FILE,
    PackFile,
    make_pack_file,
    print_of,
    read_pack_file,
    signed,
    signer_of,
)
from pinggu_desk.register import events
from pinggu_desk.work.packs.build import edition_of, read_some

if TYPE_CHECKING:
    from pinggu_desk.register import Register

_MOST, _MOST_BYTES = 2_000, 4 << 20


def correction_file(register: Register, pack: Pack, office: str, on: date) -> PackFile:
    """Everything that was corrected here, signed by the office's key. Raises BadInput where there is nothing."""
    ones = [kept.correction for kept in register.corrections()]
    if not ones:
        raise BadInput("还没有录入更正，没有可以导出的。")
    data = (json.dumps([correction_json(one) for one in ones], ensure_ascii=False, indent=1) + "\n").encode()
    made = make_pack_file(
        {CORRECTIONS_FILE: data}, district=pack.district.name, title=f"{office or pack.district.name}更正 {on.isoformat()}",
        version=pack.version, edition=edition_of(pack), day=on, needs=__version__, kind=CORRECTIONS,
    )  # fmt: skip
    key = register.office_key()
    return signed(made, key.public, key.sign)


def export(register: Register, pack: Pack, office: str, on: date, path: Path) -> Path:
    """Write the corrections as a file to give away; the trail tells. Raises DeskError, RegisterError."""
    from pinggu_desk.documents.pdf.pdfdoc import save

    made = correction_file(register, pack, office, on)
    save(made.to_bytes(), path)
    register.record_event(events.CORRECTIONS_EXPORTED, "更正", path.name)
    return path


def read_corrections(path: Path, pack: Pack, trusted: list[bytes]) -> tuple[list[Correction], str]:
    """The corrections of somebody's file, each checked against the pack that serves, and who signed it.

    Raises BadInput with one sentence: no such file, unsigned, by an unknown key, altered, or one that can't be meant here.
    """
    file = read_pack_file(read_some(path, _MOST_BYTES + 1, "更正文件"), str(path))
    if file.manifest.kind != CORRECTIONS:
        raise BadInput(f"“{path}”是政策包，不是更正；请在“政策包”中安装。")
    signer = signer_of(file, trusted, str(path))
    wrong = BadInput(f"更正文件“{path}”的内容不合写法，请重新索取原件。")
    try:
        raw: Any = json.loads(file.contents[CORRECTIONS_FILE])
        ones = [correction_of(one) for one in raw]
    except (ValueError, KeyError, TypeError, RecursionError, AttributeError):
        raise wrong from None
    if len(ones) > _MOST:
        raise wrong
    try:
        checked = [check_correction(pack, one) for one in ones]
    except BadAnswer as error:
        raise BadInput(f"更正文件“{path}”：{error.sentence}") from None
    return checked, f"由{file.manifest.title}导入（公钥指纹 {print_of(signer)}）"


def take(register: Register, pack: Pack, path: Path) -> int:
    """Enter the corrections of a file signed by an office that is trusted here; how many are new. Raises BadInput, RegisterError."""
    trusted = [register.office_key().public, *(key.public for key in register.trusted_keys())]
    ones, origin = read_corrections(path, pack, trusted)
    return len(register.take_corrections(ones, origin))
