"""Papers made again (重算): every determination that was handed out, by the pack and the figures that stood then, byte for byte."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from pinggu_desk.assess.basis import differing, read_bases
from pinggu_desk.assess.engine import Engine
from pinggu_desk.policy.errors import BadPack, DeskError
from pinggu_desk.policy.models import Pack
from pinggu_desk.policy.pack import load_pack, version_of
from pinggu_desk.policy.resources import home, resource_root
from pinggu_desk.work.packs.store import PackStore


class KeptPack(NamedTuple):
    """A pack that doesn't serve but is kept, and the folder of its forms (申请表表样)."""

    pack: Pack
    forms: Path


class Engines:
    """Engines by the version of their pack, each made once: for replay, where what is entered in one is replaced each time."""

    def __init__(self, store: PackStore, own: Pack | None = None) -> None:
        """``own`` is a pack that is loaded already (the one that serves)."""
        self._store = store
        self._made: dict[str, Engine | None] = {}
        if own is not None:
            self._made[own.version] = Engine(own)

    def __call__(self, version: str) -> Engine | None:
        """The engine of that version; None where the pack isn't kept, or can't be used by this program any more."""
        if version not in self._made:
            pack = self._pack(version)
            self._made[version] = Engine(pack) if pack is not None else None
        return self._made[version]

    def kept(self, version: str) -> KeptPack | None:
        """The pack of that version with its own forms; None where it isn't kept."""
        engine = self(version)
        if engine is None:
            return None
        one = self._store.of_version(version) if version != version_of(resource_root()) else None
        return KeptPack(engine.own, one.files.forms if one is not None else home() / "forms")

    def _pack(self, version: str) -> Pack | None:
        try:
            if version == version_of(resource_root()):
                return load_pack(resource_root())
            one = self._store.of_version(version)
            return self._store.load(one) if one is not None else None
        except BadPack:
            return None


@dataclass
class Replayed:
    """What came of it: how many papers came out again as they were, of each other one why not, and how many tell too little."""

    same: int = 0
    without: int = 0
    wrong: list[tuple[str, str]] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        """The report for a person."""
        yield f"{self.same} 份文书重算后与出具时逐字节相同" + (
            "。" if not self.wrong else f"，{len(self.wrong)} 份不同或不能重算："
        )
        for serial, why in self.wrong:
            yield f"    {serial}：{why}"
        if self.without:
            yield f"另有 {self.without} 份由较早的程序出具或并入，没有留下测算依据，不能重算。"


def replay(
    papers: Iterator[tuple[str, str, str]], engine_of: Engines, tell: Callable[[int], None] = lambda _: None
) -> Replayed:
    """Make the determinations of each paper again: its number, what it states (JSON), and what that stood on."""
    out = Replayed()
    for count, (serial, stated, basis) in enumerate(papers, 1):
        try:
            wrong = differing(engine_of, read_bases(basis), json.loads(stated))
        except DeskError as error:
            out.wrong.append((serial, error.sentence))
            continue
        if wrong:
            out.wrong.append((serial, f"{'、'.join(wrong)}重算的结论与出具时不同。"))
        else:
            out.same += 1
        tell(count)
    return out
