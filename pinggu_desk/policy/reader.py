"""Reading the pack's files: YAML with places, text.md; everything wrong becomes a named diagnostic."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Hashable
from pathlib import Path as FilePath
from typing import Any

import yaml

from pinggu_desk.policy.errors import Diagnostic
from pinggu_desk.policy.forms import Path
from pinggu_desk.policy.models import Doubt, Sentence, Text

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_LINE = re.compile(r"^(#+|-) ([a-z]+(?:\.[0-9A-Za-z]+)*) (.+)$")


class _Strict(_Loader):  # type: ignore[misc]
    """SafeLoader that refuses duplicate keys (YAML keeps the last in silence)."""


def _mapping(loader: Any, node: yaml.MappingNode) -> dict[Hashable, Any]:
    seen: dict[Hashable, Any] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if key in seen:
            raise DuplicateKey(str(key), key_node.start_mark.line + 1)
        seen[key] = loader.construct_object(value_node, deep=True)
    return seen


_Strict.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


class DuplicateKey(Exception):
    """A key written twice in one mapping."""

    def __init__(self, key: str, line: int) -> None:
        super().__init__(key)
        self.key, self.line = key, line


class Source:
    """One YAML file of the pack: its data, and the line of any place in it (looked up only when it is needed)."""

    def __init__(self, root: FilePath, name: str) -> None:
        self.name = name
        self.text = (root / name).read_text(encoding="utf-8")
        self.data: Any = None
        self._tree: Any = None

    def read(self) -> list[Diagnostic]:
        """Parse the file; the diagnostics found (an unreadable file has no data)."""
        try:
            self.data = yaml.load(self.text, Loader=_Strict)  # noqa: S506 - a SafeLoader
        except DuplicateKey as error:
            return [Diagnostic("duplicate-key", self.name, error.line, f"“{error.key}”写了两次，请只留一处。")]
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 0
            return [Diagnostic("bad-yaml", self.name, line, "文件格式有误，请检查缩进、引号和冒号后的空格。")]
        return []

    def line(self, path: Path) -> int:
        """The line (from 1) at which the value at ``path`` stands, or of the nearest place above it."""
        if self._tree is None:
            self._tree = yaml.compose(self.text, Loader=_Loader)
        node, line = self._tree, 1
        for step in path:
            found = None
            if isinstance(node, yaml.MappingNode):
                for key, value in node.value:
                    if key.value == str(step):
                        found, line = value, key.start_mark.line + 1
            elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
                found = node.value[step]
                line = found.start_mark.line + 1
            if found is None:
                break
            node = found
        return line

    def found(self, code: str, path: Path, sentence: str) -> Diagnostic:
        """A diagnostic at a place of this file."""
        return Diagnostic(code, self.name, self.line(path), sentence)


def digest(words: str) -> str:
    """The hash (印) of a sentence: the first eight hex digits of SHA-256 over its words without white space."""
    return hashlib.sha256("".join(words.split()).encode()).hexdigest()[:8]


def read_text(root: FilePath, name: str) -> tuple[Text, list[Diagnostic]]:
    """Read a ``text.md``: front matter, then one heading or sentence a line, each with its clause id."""
    raw = (root / name).read_text(encoding="utf-8")
    found: list[Diagnostic] = []
    _, front, body = raw.split("---\n", 2)
    meta = yaml.load(front, Loader=_Loader)  # noqa: S506 - a SafeLoader
    offset = front.count("\n") + 2
    sentences: list[Sentence] = []
    seen: set[str] = set()
    for index, line in enumerate(body.splitlines()):
        if not line.strip():
            continue
        match = _LINE.match(line)
        if match is None:
            found.append(Diagnostic("bad-text-line", name, offset + index + 1, "原文每行应为“- 条款编号 原文”。"))
            continue
        marker, clause, words = match.groups()
        if clause in seen:
            found.append(Diagnostic("duplicate-clause", name, offset + index + 1, f"条款编号“{clause}”用了两次。"))
        seen.add(clause)
        level = len(marker) if marker[0] == "#" else 0
        sentences.append(Sentence(clause, words, marker[0] == "#", level, offset + index + 1))
    doubts = tuple(Doubt(d["at"], d["printed"], d["other"], d["why"]) for d in meta.get("doubts", []))
    title = sentences[0].words if sentences else ""
    return Text(title, tuple(sentences), doubts, meta["source"]), found
