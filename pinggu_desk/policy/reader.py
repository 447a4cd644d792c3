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
from pinggu_desk.policy.text import Doubt, Sentence, Text

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_LINE = re.compile(r"^(#+|-) ([a-z]+(?:\.[0-9A-Za-z]+)*) (.+)$")


#: what data of another shape than is meant makes the reading code trip over
DAMAGE = (TypeError, AttributeError, KeyError, ValueError, IndexError, RecursionError, ArithmeticError)
#: bytes of one file, and how deep its parts may stand in one another; ours take a tenth
_MOST_BYTES = 4_000_000
_DEEPEST = 60
_ALIAS = re.compile(r"(?:^|[\s\[{,])[&*][A-Za-z0-9_\u3400-\u9fff]", re.MULTILINE)
_NESTED = re.compile(r"[\[\]{}]")
#: a number that goes on and on; ``1:59:59…`` is one to sixty, and takes minutes to read
_ENDLESS = re.compile(r"[0-9][0-9_:.]{60,}|0[xXbo][0-9a-fA-F_]{60,}")
_DASHES = re.compile(rf"^[ ]{{{4 * _DEEPEST},}}\S|^ *(?:[-?] +){{{_DEEPEST},}}", re.MULTILINE)


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


def read_words(root: FilePath, name: str) -> tuple[str, Diagnostic | None]:
    """A file's text; where its bytes are no UTF-8 or far too many, none, and the diagnostic. Raises OSError."""
    raw = (root / name).read_bytes()
    if len(raw) > _MOST_BYTES:
        return "", Diagnostic(
            "bad-file", name, 0, f"文件有 {len(raw)} 字节，最多读 {_MOST_BYTES} 字节，请核对是不是放错了。"
        )
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n"), None
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        return "", Diagnostic("bad-file", name, line, "文件不是 UTF-8 编码，请另存为 UTF-8。")


def unsafe_yaml(text: str, name: str) -> Diagnostic | None:
    """A file that would grow or nest without end when it is read; no pack needs an alias."""
    deep = 0
    for mark in _NESTED.finditer(text):
        deep = max(deep + (1 if mark[0] in "[{" else -1), 0)
        if deep > _DEEPEST:
            return Diagnostic(
                "bad-yaml", name, text.count("\n", 0, mark.start()) + 1, "括号套得太深，请检查是否漏了右括号。"
            )
    if (found := _DASHES.search(text)) is not None:
        return Diagnostic("bad-yaml", name, text.count("\n", 0, found.start()) + 1, "缩进太深，请检查。")
    if (found := _ENDLESS.search(text)) is not None:
        return Diagnostic("bad-yaml", name, text.count("\n", 0, found.end()) + 1, "有一个数写得太长，请核对。")
    if _ALIAS.search(text):
        try:
            for event in yaml.parse(text, Loader=_Loader):
                if isinstance(event, yaml.AliasEvent):
                    line = event.start_mark.line + 1 if event.start_mark else 0
                    return Diagnostic("bad-yaml", name, line, "不能用“*”引用别处的内容，请把内容写在这里。")
        except yaml.YAMLError:
            return None  # told when it is read
    return None


class DuplicateKey(Exception):
    """A key written twice in one mapping."""

    def __init__(self, key: str, line: int) -> None:
        super().__init__(key)
        self.key, self.line = key, line


class Source:
    """One YAML file of the pack: its data, and the line of any place in it (looked up only when it is needed)."""

    def __init__(self, root: FilePath, name: str) -> None:
        self.name = name
        self.text, self._unreadable = read_words(root, name)
        self.data: Any = None
        self._tree: Any = None
        self._keys: dict[int, dict[str, Any]] = {}

    def read(self) -> list[Diagnostic]:
        """Parse the file; the diagnostics found (an unreadable file has no data)."""
        found = self._unreadable or unsafe_yaml(self.text, self.name)
        if found is not None:
            self.text = ""
            return [found]
        try:
            self.data = yaml.load(self.text, Loader=_Strict)  # noqa: S506 - a SafeLoader
        except DuplicateKey as error:
            return [Diagnostic("duplicate-key", self.name, error.line, f"“{error.key}”写了两次，请只留一处。")]
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 0
            return [Diagnostic("bad-yaml", self.name, line, "文件格式有误，请检查缩进、引号和冒号后的空格。")]
        except (yaml.YAMLError, *DAMAGE):  # an unseen character, a day that does not exist, a list for a key
            return [Diagnostic("bad-yaml", self.name, 0, "文件里有不能用的字符、不存在的日期或写错的键，请核对。")]
        return []

    def line(self, path: Path) -> int:
        """The line (from 1) at which the value at ``path`` stands, or of the nearest place above it."""
        if self._tree is None:
            try:
                self._tree = yaml.compose(self.text, Loader=_Loader)
            except yaml.YAMLError:
                return 0
        node, line = self._tree, 1
        for step in path:
            found = None
            if isinstance(node, yaml.MappingNode):
                keys = self._keys.get(id(node))
                if keys is None:  # a table may have thousands
                    keys = self._keys[id(node)] = {str(key.value): (key, value) for key, value in node.value}
                if (pair := keys.get(str(step))) is not None:
                    found, line = pair[1], pair[0].start_mark.line + 1
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


_BAD_HEAD = "原文文件应以两行“---”之间的来源（source）和存疑（doubts）开头，请照其他政策的写法补上。"


def read_text(root: FilePath, name: str) -> tuple[Text, list[Diagnostic]]:
    """Read a ``text.md``: front matter, then one heading or sentence a line, each with its clause id."""
    raw, unreadable = read_words(root, name)
    found: list[Diagnostic] = []
    parts = raw.split("---\n", 2)
    if unreadable is not None or len(parts) < 3 or unsafe_yaml(parts[1], name) is not None:
        return Text("", (), (), ""), [unreadable or Diagnostic("bad-text-head", name, 1, _BAD_HEAD)]
    _, front, body = parts
    try:
        meta = yaml.load(front, Loader=_Loader)  # noqa: S506 - a SafeLoader
        doubts = tuple(Doubt(d["at"], d["printed"], d["other"], d["why"]) for d in meta.get("doubts", []))
        origin = str(meta["source"])
    except (yaml.YAMLError, *DAMAGE):
        found.append(Diagnostic("bad-text-head", name, 1, _BAD_HEAD))
        doubts, origin = (), ""
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
    title = sentences[0].words if sentences else ""
    return Text(title, tuple(sentences), doubts, origin), found
