"""Stamp the ledger (台账) of a policy: write each sentence's hash (印) after it was read against the rules.

usage: python tools/stamp_ledger.py POLICY...   Only for someone who has just read every changed sentence: the hash says so.
"""

from __future__ import annotations

import re
import sys

from pinggu_desk.policy.ledger import headings_digest
from pinggu_desk.policy.reader import digest, read_text
from pinggu_desk.policy.resources import resource_root


def stamp(policy: str) -> int:
    """Rewrite the ledger lines of one policy.yaml; the number of lines changed."""
    root = resource_root()
    text, _ = read_text(root, f"policies/{policy}/text.md")
    words = {sentence.id: sentence.words for sentence in text.sentences}
    path = root / "policies" / policy / "policy.yaml"
    lines, changed = path.read_text(encoding="utf-8").split("\n"), 0
    for index, line in enumerate(lines):
        match = re.match(r"^  ([a-z]+\.[0-9A-Za-z.]+): \{归: ([^,}]+)(?:, 印: '?[0-9a-f]{8}'?)?(.*)\}$", line)
        if match and match[1] in words:
            new = f"  {match[1]}: {{归: {match[2]}, 印: '{digest(words[match[1]])}'{match[3]}}}"
            changed += new != line
            lines[index] = new
    headings = f"标题印: '{headings_digest(text)}'"
    known = next((i for i, line in enumerate(lines) if line.startswith("标题印:")), None)
    if known is None:
        at = next(i for i, line in enumerate(lines) if line.startswith("政策:"))
        lines.insert(at + 1, headings)
        changed += 1
    elif lines[known] != headings:
        lines[known] = headings
        changed += 1
    path.write_text("\n".join(lines), encoding="utf-8")
    return changed


if __name__ == "__main__":
    for name in sys.argv[1:]:
        print(name, stamp(name))
