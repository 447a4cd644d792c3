"""Corrections (更正) and outside figures (外部参数) from one window to another: a small signed file, in the form of a pack.

It is never anything but data: a JSON object of ``corrections`` and ``parameters`` (a bare list is an older file's corrections).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pinggu_desk import __version__
from pinggu_desk.assess.basis import correction_json, correction_of
from pinggu_desk.policy.corrections import TAKEN, Correction, check_correction
from pinggu_desk.policy.dates import day_words
from pinggu_desk.policy.errors import BadAnswer, BadInput
from pinggu_desk.policy.models import Pack
from pinggu_desk.policy.outside import check_dates, make_figure, named
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
from pinggu_desk.policy.parameters import ParameterValue
from pinggu_desk.register import events
from pinggu_desk.register.outside import figures_of
from pinggu_desk.work.packs.build import edition_of, read_some

if TYPE_CHECKING:
    from pinggu_desk.register import Register

_MOST, _MOST_BYTES, _LONGEST = 2_000, 4 << 20, 400


@dataclass(frozen=True)
class Shared:
    """What one window gives to others: corrections, figures each with its name, and from whom they come (``origin``)."""

    corrections: tuple[Correction, ...]
    figures: tuple[tuple[str, ParameterValue], ...] = ()
    origin: str = ""

    def lines(self, pack: Pack) -> Iterator[str]:
        """A line each, as a person reads it before taking them."""
        for one in self.corrections:
            yield f"{correction_words(pack, one)}，自{day_words(one.since)}起，{one.words}"
        for name, value in self.figures:
            yield f"外部参数　{name}：{value.value}，{value.words}"


def correction_words(pack: Pack, one: Correction) -> str:
    """What a correction says: the reading's question and the branch that counts, or of what it is and what it says."""
    reading = pack.readings.get(one.subject) if one.kind == "读法" else None
    if reading is None:
        return f"{one.kind}　{one.subject}：{one.value[:80]}"
    taken = reading.taken if one.value == TAKEN else reading.other
    return f"读法　{reading.question.rstrip('。')}：{taken}（{one.value}）"


def correction_file(register: Register, pack: Pack, office: str, on: date) -> PackFile:
    """Everything that was corrected or entered here, signed by the office's key. Raises BadInput where there is nothing."""
    ones = [correction_json(kept.correction) for kept in register.corrections()]
    figures = [
        {"name": name, **value.model_dump(mode="json", by_alias=True)}
        for name, each in figures_of(register.parameters()).items()
        if name in pack.parameters
        for value in each
    ]
    if not ones and not figures:
        raise BadInput("还没有录入更正和外部参数，没有可以导出的。")
    told = json.dumps({"corrections": ones, "parameters": figures}, ensure_ascii=False, indent=1)
    made = make_pack_file(
        {CORRECTIONS_FILE: f"{told}\n".encode()}, district=pack.district.name,
        title=f"{office or pack.district.name}更正 {on.isoformat()}", version=pack.version, edition=edition_of(pack), day=on,
        needs=__version__, kind=CORRECTIONS,
    )  # fmt: skip
    key = register.office_key()
    return signed(made, key.public, key.sign)


def export(register: Register, pack: Pack, office: str, on: date, path: Path) -> Path:
    """Write the corrections and figures as a file to give away; the trail tells. Raises DeskError, RegisterError."""
    from pinggu_desk.documents.pdf.pdfdoc import save

    made = correction_file(register, pack, office, on)
    save(made.to_bytes(), path)
    register.record_event(events.CORRECTIONS_EXPORTED, "更正", path.name)
    return path


def read_shared(path: Path, pack: Pack, trusted: list[bytes]) -> Shared:
    """The corrections and figures of somebody's file, each checked against the pack that serves, and who signed it.

    Raises BadInput with one sentence: no such file, unsigned, by an unknown key, altered, or one that can't be meant here.
    """
    file = read_pack_file(read_some(path, _MOST_BYTES + 1, "更正文件"), str(path))
    if file.manifest.kind != CORRECTIONS:
        raise BadInput(f"“{path}”是政策包，不是更正；请在“政策包”中安装。")
    signer = signer_of(file, trusted, str(path))
    wrong = BadInput(f"更正文件“{path}”的内容不合写法，请重新索取原件。")
    try:
        raw: Any = json.loads(file.contents[CORRECTIONS_FILE])
        told = {"corrections": raw, "parameters": []} if isinstance(raw, list) else raw
        ones = [correction_of(one) for one in told["corrections"]]
        figures = [(str(one.pop("name")), ParameterValue.model_validate(one)) for one in told["parameters"]]
    except (ValueError, KeyError, TypeError, RecursionError, AttributeError):
        raise wrong from None
    if len(ones) + len(figures) > _MOST:
        raise wrong
    try:
        checked = tuple(check_correction(pack, one) for one in ones)
        read = tuple(_figure(pack, name, value) for name, value in figures)
        for name in {name for name, _ in read}:
            check_dates(name, [value for other, value in read if other == name])
    except BadAnswer as error:
        raise BadInput(f"更正文件“{path}”：{error.sentence}") from None
    return Shared(checked, read, f"{file.manifest.title}（公钥指纹 {print_of(signer)}）")


def _figure(pack: Pack, name: str, value: ParameterValue) -> tuple[str, ParameterValue]:
    """A figure as it would have been entered here. Raises BadAnswer: of no such name, one that can't be meant, no source."""
    parameter = named(pack, name)
    if value.since is None or not 0 < len(value.source.strip()) <= _LONGEST:
        raise BadAnswer(
            f"外部参数“{parameter.name}”的值“{value.value[:40]}”应写明起始日和来源，来源不超过 {_LONGEST} 个字。"
        )
    return parameter.name, make_figure(
        parameter, value.value, value.since.isoformat(), value.until.isoformat() if value.until else "", value.source,
        value.by,
    )  # fmt: skip


def trusted_of(register: Register) -> list[bytes]:
    """Whose files are taken in a register: its own, and those of the offices that are trusted in it."""
    return [register.office_key().public, *(key.public for key in register.trusted_keys())]


def take(register: Register, pack: Pack, path: Path) -> int:
    """Enter what is in a file signed by an office that is trusted here, all or none; how many are new.

    Raises BadInput, RegisterError.
    """
    shared = read_shared(path, pack, trusted_of(register))
    return len(register.take_corrections(shared.corrections, f"由{shared.origin}导入", shared.figures))
