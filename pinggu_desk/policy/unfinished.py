"""What is still to be written or settled (未完成) before a pack may be built: it stops no check while the rules are being written.

A draft is looked over a hundred times before it is whole, and a check that says no for what the officer knows is not there yet is
soon looked at by nobody. What is printed for the public from a pack must be whole, though: `pack build` refuses as long as one of
these stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path as FilePath
from typing import Any

from pinggu_desk.policy.errors import Diagnostic
from pinggu_desk.policy.forms import Path
from pinggu_desk.policy.reader import Source
from pinggu_desk.policy.resources import DISTRICT
from pinggu_desk.policy.signed import FILE_NAME as SIGNED
from pinggu_desk.policy.signed import Standing

#: what `pack new` leaves in the place of what it can't know
TO_WRITE = "待写"


def unfinished(root: FilePath, folders: Iterable[str], signed: Mapping[str, Standing]) -> list[Diagnostic]:
    """Policies without examples, parts that nobody wrote yet, sentences that were not agreed to; ``folders`` are the policies'."""
    out: list[Diagnostic] = []
    for folder in folders:
        place = f"policies/{folder}"
        out += unwritten(root, f"{place}/policy.yaml")
        if not (root / place / "cases.yaml").is_file():
            out.append(missing_cases(folder))
        if folder in signed and signed[folder].refused:
            out += _refused(Source(root, f"{place}/{SIGNED}"), signed[folder])
    return [*out, *unwritten(root, DISTRICT)]


def missing_cases(folder: str) -> Diagnostic:
    """That a policy has no examples."""
    said = f"“{folder}”还没有样例：没有人照条款算过，规则对不对就没有依据；请写 cases.yaml，每个界限两边各一例。"
    return Diagnostic("missing-cases", f"policies/{folder}/cases.yaml", 0, said)


def unwritten(root: FilePath, name: str) -> Iterator[Diagnostic]:
    """Each part of a file in which 待写 still stands; it would be printed so."""
    if not (root / name).is_file():
        return
    source = Source(root, name)
    if TO_WRITE not in source.text or source.read():
        return
    for path in _to_write(source.data, ()):
        where = "·".join(str(step) for step in path if isinstance(step, str)) or name
        yield source.found("unwritten-part", path, f"“{where}”还写着“{TO_WRITE}”，会照样印在文书上，请照原文写上。")


def _to_write(data: Any, path: Path) -> Iterator[Path]:
    if isinstance(data, str) and TO_WRITE in data:
        yield path
    elif isinstance(data, Mapping):
        for key, value in data.items():
            yield from _to_write(value, (*path, str(key)))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from _to_write(value, (*path, index))


def _refused(source: Source, standing: Standing) -> Iterator[Diagnostic]:
    """Each sentence whose rule was not agreed to (不同意), at the line of the last opinion on it."""
    source.read()
    rows = source.data if isinstance(source.data, list) else []
    for clause in standing.refused:
        one = standing.told[clause]
        index = max(i for i, row in enumerate(rows) if str(row.get("句", "")) == clause)
        words = f"“{one.words}”" if one.words else "没有写理由"
        yield source.found(
            "refused-sentence", (index,),
            f"“{clause}”{one.on}由{one.by}审签为不同意（{words}），请改好规则，把这一句重新送审。",
        )  # fmt: skip
