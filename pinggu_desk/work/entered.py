"""What an office entered (更正、外部参数) for those who have no desk: out of its register, or out of a file that it exported."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pinggu_desk.assess.awards import Award
from pinggu_desk.assess.basis import correction_json
from pinggu_desk.policy.corrections import Correction, standing_on
from pinggu_desk.policy.dates import day_words
from pinggu_desk.policy.errors import BadInput
from pinggu_desk.policy.models import Pack
from pinggu_desk.policy.parameters import ParameterValue
from pinggu_desk.work.packs.sharing import correction_words

if TYPE_CHECKING:
    from pinggu_desk.assess.engine import Engine
    from pinggu_desk.register import Register
    from pinggu_desk.register.listed import ListedAwards


@dataclass(frozen=True)
class Entered:
    """Corrections and figures as they were entered; ``awards`` are the past ones that a register knows of (None: not asked)."""

    corrections: tuple[Correction, ...] = ()
    figures: Mapping[str, Sequence[ParameterValue]] = field(default_factory=dict)
    awards: ListedAwards | None = None

    def into(self, engine: Engine, first: Mapping[str, Sequence[ParameterValue]]) -> None:
        """Let an engine answer with them; ``first`` are figures that go before those entered (of a file, of an option)."""
        names = dict.fromkeys((*first, *self.figures))
        engine.enter({n: (*first.get(n, ()), *self.figures.get(n, ())) for n in names}, self.corrections)

    def awards_of(self, keys: Sequence[tuple[str, str]]) -> Sequence[tuple[Award, ...] | None]:
        """The past awards of applicants by name and code, as rules take them; None where nobody knows."""
        found = self.awards.of(keys) if self.awards is not None else [None] * len(keys)
        return [
            None if one is None else tuple(Award(a.policy_id, a.benefit_id, a.amount_fen, a.on, a.matter) for a in one)
            for one in found
        ]


def of_register(register: Register) -> Entered:
    """All that stands in a register, as the desk answers with it."""
    from pinggu_desk.register.outside import figures_of

    return Entered(
        tuple(kept.correction for kept in register.corrections()), figures_of(register.parameters()),
        register.listed_awards(),
    )  # fmt: skip


def of_file(path: Path, pack: Pack, key_paths: Sequence[str]) -> Entered:
    """What is in an exported file (更正文件); without key files those of this machine's register and trusted packs count.

    Raises BadInput.
    """
    from pinggu_desk.documents.proof.keys import read_key_file
    from pinggu_desk.places import data_home
    from pinggu_desk.work.packs.sharing import read_shared
    from pinggu_desk.work.packs.store import PackStore
    from pinggu_desk.work.verifying import own_key_path

    keys = [read_key_file(Path(one)) for one in key_paths]
    if not keys:
        own = own_key_path()
        keys = [*([read_key_file(own)] if own.exists() else ()), *PackStore(data_home() / "packs").trusted()]
    if not keys:
        raise BadInput(f"没有公钥可核对“{path}”的签名，请用 --signed-by 给出导出它的单位的公钥文件（.pub）。")
    shared = read_shared(path, pack, [key.public for key in keys])
    figures: dict[str, list[ParameterValue]] = {}
    for name, value in shared.figures:
        figures.setdefault(name, []).append(value)
    return Entered(shared.corrections, figures)


def entered_json(engine: Engine, on: date) -> dict[str, Any]:
    """What was entered, as scripts read it: each says whether it counts (``stands``) for a case judged as of the day."""
    standing = standing_on(engine.corrections, on)
    return {
        "corrections": [
            {**correction_json(one), "words": one.words, "stands": one in standing} for one in engine.corrections
        ],
        "parameters": [
            {
                "name": name, "value": value.value, "since": value.since.isoformat() if value.since else None,
                "until": value.until.isoformat() if value.until else None, "source": value.source, "by": value.by,
                "stands": engine.pack.parameters[name].at(on) == value,
            }
            for name, each in engine.figures.items() if name in engine.pack.parameters for value in each
        ],
    }  # fmt: skip


def entered_lines(engine: Engine, on: date) -> Iterator[str]:
    """The same for a person: only what counts on the day."""
    for one in standing_on(engine.corrections, on):
        yield f"更正：{correction_words(engine.pack, one)}，自{day_words(one.since)}起，{one.words}"
    for name in engine.figures:
        parameter = engine.pack.parameters.get(name)
        value = parameter.at(on) if parameter is not None else None
        if value is not None:
            yield f"外部参数：{name}为{value.value}，{value.words}"
