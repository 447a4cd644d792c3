"""Everyday words (口语词) that lead to a policy or to something that it offers: ``resources/synonyms.yaml``.

They belong to finding, not to judging: no rule, figure or paper depends on them, so they are no part of the pack's rules.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from pinggu_desk.policy.errors import Diagnostic
from pinggu_desk.policy.models import Pack
from pinggu_desk.policy.reader import Source
from pinggu_desk.policy.resources import pack_root

FILE_NAME = "synonyms.yaml"
#: what a visitor may say before a policy can be called findable
_LEAST = 3
_LONGEST = 12

Synonyms = Mapping[str, tuple[str, ...]]


def load_synonyms(root: Path | None = None) -> Synonyms:
    """The words by policy or benefit id; what the file does not hold in order is left out (the check tells it)."""
    return _load(root or pack_root())


@lru_cache(maxsize=4)
def _load(root: Path) -> Synonyms:
    try:
        source = Source(root, FILE_NAME)
    except (OSError, ValueError):
        return {}
    raw = source.data if not source.read() else None
    if not isinstance(raw, dict):
        return {}
    return {
        str(key): tuple(word for word in words if isinstance(word, str))
        for key, words in raw.items()
        if isinstance(words, list)
    }


def check_synonyms(pack: Pack, root: Path | None = None) -> list[Diagnostic]:
    """What is wrong with the words: names of nothing, empty or doubled words, policies that hardly any word leads to."""
    source = Source(root or pack_root(), FILE_NAME)
    found = list(source.read())
    if found:
        return found
    if not isinstance(source.data, dict):
        return [source.found("synonyms-shape", (), "口语词应按政策或支持事项的代号逐行列出。")]
    known = {policy.id for policy in pack.policies.values()}
    known |= {benefit.id for policy in pack.all_policies() for benefit in policy.benefits}
    counts = dict.fromkeys(pack.policies, 0)
    for key, words in source.data.items():
        if key not in known:
            found.append(source.found("synonyms-unknown", (key,), f"政策包中没有“{key}”这项政策或支持事项。"))
            continue
        if not isinstance(words, list) or not words:
            found.append(source.found("synonyms-empty", (key,), f"“{key}”应列出至少一个口语词。"))
            continue
        counts[key.split(".", 1)[0]] += len(words)
        found += _words(source, key, words)
    for policy_id, count in counts.items():
        if count < _LEAST:
            found.append(source.found("synonyms-few", (), f"“{policy_id}”只有 {count} 个口语词，至少要 {_LEAST} 个。"))
    return found


def _words(source: Source, key: str, words: list[object]) -> list[Diagnostic]:
    found: list[Diagnostic] = []
    for at, word in enumerate(words):
        if not isinstance(word, str) or not 1 < len(word.strip()) <= _LONGEST or word != word.strip():
            sentence = f"“{key}”的口语词“{word}”应为 2 至 {_LONGEST} 个字，前后不留空格。"
            found.append(source.found("synonyms-word", (key, at), sentence))
        elif word in words[:at]:
            found.append(source.found("synonyms-twice", (key, at), f"“{key}”的口语词“{word}”写了两遍。"))
    return found
