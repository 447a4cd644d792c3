"""Stamping the ledger (台账): each sentence's hash (印), written by someone who has just read the sentence against the rules."""

from __future__ import annotations

import re
from pathlib import Path

from pinggu_desk.policy.ledger import headings_digest
from pinggu_desk.policy.reader import digest, read_text

_LINE = re.compile(r"^  ([a-z][0-9a-z]*\.[0-9A-Za-z.]+): \{归: ([^,}]+)(?:, 印: '?[0-9a-f]{8}'?)?(.*)\}$")
_HEADINGS = "标题印:"


def stamp(root: Path, folder: str) -> int:
    """Rewrite the hashes in one policy.yaml by its text.md; the number of lines changed.

    ``folder`` is the policy's, or that of one of its versions (``xx@2027-01-01``). Raises OSError where there is none.
    """
    text, _ = read_text(root, f"policies/{folder}/text.md")
    words = {sentence.id: sentence.words for sentence in text.sentences}
    path = root / "policies" / folder / "policy.yaml"
    lines = path.read_text(encoding="utf-8").split("\n")
    before = list(lines)
    for index, line in enumerate(lines):
        match = _LINE.match(line)
        if match and match[1] in words:
            lines[index] = f"  {match[1]}: {{归: {match[2]}, 印: '{digest(words[match[1]])}'{match[3]}}}"
    headings = f"{_HEADINGS} '{headings_digest(text)}'"
    known = next((i for i, line in enumerate(lines) if line.startswith(_HEADINGS)), None)
    if known is None:
        at = next(i for i, line in enumerate(lines) if line.startswith("政策:"))
        lines.insert(at + 1, headings)
        before.insert(at + 1, "")
    else:
        lines[known] = headings
    path.write_text("\n".join(lines), encoding="utf-8")
    return sum(one != other for one, other in zip(before, lines, strict=True))


def stamp_readings(root: Path) -> int:
    """Rewrite the marks (印) of the readings that rules switch on; the number of marks changed."""
    path = root / "readings.yaml"
    from pinggu_desk.policy.forms import ByReading, walk
    from pinggu_desk.policy.pack import read_pack
    from pinggu_desk.policy.roots import roots

    pack, _ = read_pack(root)
    switched = {
        n.reading
        for p in pack.policies.values()
        for top, _, _ in roots(p)
        for n in walk(top)
        if isinstance(n, ByReading)
    }
    switched |= {limit.reading for p in pack.policies.values() for limit in p.limits}
    text, changed = path.read_text(encoding="utf-8"), 0
    for reading in pack.readings.values():
        mark = digest(reading.words)
        if reading.id not in switched or reading.mark == mark:
            continue
        head = f"- 编号: {reading.id}\n"
        text = text.replace(f"  印: '{reading.mark}'\n", "", 1) if reading.mark else text
        text = text.replace(head, f"{head}  印: '{mark}'\n", 1)
        changed += 1
    path.write_text(text, encoding="utf-8")
    return changed
