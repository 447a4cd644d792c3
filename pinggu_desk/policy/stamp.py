"""Stamping the ledger (台账): each sentence's hash (印), written by someone who has just read the sentence against the rules."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from pinggu_desk.policy.ledger import headings_digest
from pinggu_desk.policy.reader import digest, read_text
from pinggu_desk.policy.text import Sentence, Text

_LINE = re.compile(r"^  ([a-z][0-9a-z]*\.[0-9A-Za-z.]+): \{归: ([^,}]+)(?:, 印: '?[0-9a-f]{8}'?)?(.*)\}$")
_HEADINGS, _LEDGER = "标题印:", "台账:"


def stamp(root: Path, folder: str) -> int:
    """Rewrite the hashes in one policy.yaml by its text.md; the number of lines changed.

    ``folder`` is the policy's, or that of one of its versions (``xx@2027-01-01``). Raises OSError where there is none.
    """
    text, _ = read_text(root, f"policies/{folder}/text.md")
    path = root / "policies" / folder / "policy.yaml"
    before = path.read_text(encoding="utf-8")
    after = stamped_headings(stamped(before, {sentence.id: sentence.words for sentence in text.sentences}), text)
    path.write_text(after, encoding="utf-8")
    return len(set(after.split("\n")) - set(before.split("\n")))


def stamped(rules: str, words: Mapping[str, str]) -> str:
    """A policy.yaml with the ledger lines of these sentences (id to words) stamped, and nothing else touched."""
    lines = rules.split("\n")
    for index, line in enumerate(lines):
        match = _LINE.match(line)
        if match and match[1] in words:
            lines[index] = f"  {match[1]}: {{归: {match[2]}, 印: '{digest(words[match[1]])}'{match[3]}}}"
    return "\n".join(lines)


def stamped_headings(rules: str, text: Text) -> str:
    """A policy.yaml with the print of its text's headings, behind its id where it had none."""
    lines, mark = rules.split("\n"), f"{_HEADINGS} '{headings_digest(text)}'"
    known = next((i for i, line in enumerate(lines) if line.startswith(_HEADINGS)), None)
    if known is None:
        lines.insert(next(i for i, line in enumerate(lines) if line.startswith("政策:")) + 1, mark)
    else:
        lines[known] = mark
    return "\n".join(lines)


def claimed(rules: str, sentence: Sentence, order: Sequence[str]) -> str:
    """A policy.yaml with a sentence in its ledger: stamped where it has a line, else a line of its own (计算), in ``order``.

    ``order`` are the ids of the text's sentences.
    """
    lines = rules.split("\n")
    if any(line.startswith(f"  {sentence.id}: ") for line in lines):
        return stamped(rules, {sentence.id: sentence.words})
    start = next((i for i, line in enumerate(lines) if line.startswith(_LEDGER)), None)
    if start is None:
        start = len(lines) - (not lines[-1])
        lines.insert(start, _LEDGER)
    lines.insert(
        _place(lines, start, order[: order.index(sentence.id)]),
        f"  {sentence.id}: {{归: 计算, 印: '{digest(sentence.words)}'}}",
    )
    return "\n".join(lines)


def _place(lines: Sequence[str], start: int, before: Sequence[str]) -> int:
    """Behind the line of the last sentence before it that has one."""
    at = start + 1
    for index in range(start + 1, len(lines)):
        if lines[index] and not lines[index].startswith((" ", "#")):
            break
        if lines[index].strip().partition(":")[0] in before:
            at = index + 1
    return at


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
