"""A policy's text as somebody has it (.txt, .docx) in paragraphs, and the paragraphs as numbered sentences."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

from pinggu_desk.policy.characters import plain_text
from pinggu_desk.policy.errors import BadInput
from pinggu_desk.work.packs.build import read_some

_MOST_BYTES, _MOST_XML, _MOST_PARAGRAPHS = 20 << 20, 20 << 20, 20_000
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_NUMERAL = "[一二三四五六七八九十]+"
#: what opens a section, a part of it, an item, a part of an item; as printed
_MARKS = (
    re.compile(rf"^(?:({_NUMERAL})、|第({_NUMERAL})条)"), re.compile(rf"^[（(]({_NUMERAL})[）)]"),
    re.compile(r"^(?:([0-9]{1,2})[.．、](?![0-9])|[（(]([0-9]{1,2})[）)])"), re.compile(rf"^({_NUMERAL})是"),
)  # fmt: skip
_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九十")}
#: a line up to this long without a full stop is a heading where it opens a section or a part
_HEADING = 40
_EMPHASIS = re.compile(r"\*\*|__|^#+ ")
_SPACES = re.compile(r"(?<=[^\x00-\x7f]) +|(?<=[0-9%]) +(?=[^\x00-\x7f])")
#: before what is numbered anew in the middle of a paragraph
_NUMBERED = re.compile(rf"(?<=[。；])(?={_NUMERAL}是|[（(]{_NUMERAL}[）)])")
_SHORT_HEAD = re.compile(rf"(?:[（(]{_NUMERAL}[）)]|{_NUMERAL}、|{_NUMERAL}是)[^。，；0-9]{{2,24}}[。：]")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of ``text.md``: how deep a heading it is (0: a sentence), its clause id and its words."""

    level: int
    clause: str
    words: str


def paragraphs_of(path: Path) -> list[str]:
    """The paragraphs of a text, empty ones left out. Raises BadInput: neither kind of file, not UTF-8, damaged."""
    raw = read_some(path, _MOST_BYTES + 1, "原文文件")
    if len(raw) > _MOST_BYTES:
        raise BadInput(f"原文文件“{path}”超过 {_MOST_BYTES >> 20} MB，不会是一份政策，请核对。")
    if raw.startswith(b"PK"):
        lines = _of_docx(raw, path)
    else:
        try:
            lines = raw.decode("utf-8-sig").splitlines()
        except UnicodeDecodeError:
            raise BadInput(f"原文文件“{path}”不是 UTF-8 编码的文字，也不是 .docx，请另存后再试。") from None
    found = [words for line in lines for words in _apart(plain_text(line))]
    if not found:
        raise BadInput(f"原文文件“{path}”里没有文字。")
    if len(found) > _MOST_PARAGRAPHS:
        raise BadInput(f"原文文件“{path}”有 {len(found)} 段，不会是一份政策，请核对。")
    return found


def _apart(line: str) -> Iterator[str]:
    """A paragraph as the paragraphs that its printed numbers make of it (一是…。二是…。), a short head (（一）某某奖励。) apart.

    Marks of emphasis, and spaces that a converter put between characters and figures, are no words of the text.
    """
    line = _SPACES.sub("", _EMPHASIS.sub("", line)).strip()
    for part in _NUMBERED.split(line):
        head = _SHORT_HEAD.match(part)
        end = head.end() if head is not None and head.end() < len(part) else 0
        yield from filter(None, (part[:end], part[end:].strip()))


def _of_docx(raw: bytes, path: Path) -> list[str]:
    wrong = BadInput(f"“{path}”不是能读的 .docx 文件（可能是 .doc 或已损坏），请另存为 .docx 或 .txt。")
    try:
        with zipfile.ZipFile(BytesIO(raw)) as archive, archive.open("word/document.xml") as part:
            data = part.read(_MOST_XML + 1)
        if len(data) > _MOST_XML or b"<!DOCTYPE" in data or b"<!ENTITY" in data:
            raise wrong
        tree = ElementTree.fromstring(data)  # noqa: S314 - bounded, and without entities
    except (zipfile.BadZipFile, KeyError, NotImplementedError, RuntimeError, EOFError, OSError, ValueError, zlib.error):
        raise wrong from None
    except ElementTree.ParseError:
        raise wrong from None
    lines = []
    for paragraph in tree.iter(f"{_WORD}p"):
        words = "".join(
            node.text or "" if node.tag == f"{_WORD}t" else "\n" if node.tag == f"{_WORD}br" else " "
            for node in paragraph.iter() if node.tag in (f"{_WORD}t", f"{_WORD}br", f"{_WORD}tab")
        )  # fmt: skip
        lines += words.split("\n")
    return lines


def numbered(policy_id: str, paragraphs: list[str]) -> list[Line]:
    """The paragraphs as headings and sentences, each with an id that follows the printed numbers.

    What has no number counts in order within its section; the sentences of one paragraph get letters.
    """
    out = [Line(1, policy_id, paragraphs[0])]
    at: list[str] = []
    depth_of: list[int] = []
    counted: dict[str, int] = {}
    used = {policy_id}
    for words in paragraphs[1:]:
        depth, number = _mark(words)
        if depth >= 0:
            while depth_of and depth_of[-1] >= depth:
                depth_of.pop()
                at.pop()
        else:  # plain: counted below the last heading
            while depth_of and depth_of[-1] == _ITEM:
                depth_of.pop()
                at.pop()
            stem = ".".join((policy_id, *at))
            counted[stem] = counted.get(stem, 0) + 1
            number = str(counted[stem])
        clause = _unused(".".join((policy_id, *at, number)), used)
        bare = not words.endswith(("。", "；", "，")) or bool(_SHORT_HEAD.fullmatch(words))
        heading = depth in (0, 1, 3) and len(words) <= _HEADING and bare
        if depth >= 0:
            at.append(clause.rsplit(".", 1)[1])
            depth_of.append(depth)
        if heading:
            used.add(clause)
            out.append(Line(min(depth, 2) + 2, clause, words))
        else:
            out += _sentences(clause, words, used)
    return out


#: an item (1. 2. 3.): a plain paragraph after one is no part of it
_ITEM = 2


def _mark(words: str) -> tuple[int, str]:
    """Which kind of number a paragraph opens with, and that number; -1 where it has none."""
    for depth, pattern in enumerate(_MARKS):
        if (found := pattern.match(words)) is not None:
            text = next(group for group in found.groups() if group)
            return depth, text if text.isdigit() else str(_value(text))
    return -1, ""


def _value(text: str) -> int:
    if "十" in text:
        tens, _, ones = text.partition("十")
        return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)
    return _DIGITS[text]


def _unused(clause: str, used: set[str]) -> str:
    """The id, or where the text numbers something twice, the next that is free: each sentence has one of its own."""
    stem, number = clause.rsplit(".", 1)
    count = int(number)
    while f"{stem}.{count}" in used or f"{stem}.{count}a" in used:
        count += 1
    return f"{stem}.{count}"


def _sentences(clause: str, words: str, used: set[str]) -> Iterator[Line]:
    parts = [part for part in re.findall(r"[^。；]+[。；]?[”’」）)]?", words) if part.strip()]
    if len(parts) == 1:
        used.add(clause)
        yield Line(0, clause, parts[0].strip())
        return
    for at, part in enumerate(parts):
        letter = (
            _LETTERS[at]
            if at < len(_LETTERS)
            else f"z{_LETTERS[at // len(_LETTERS) - 1]}{_LETTERS[at % len(_LETTERS)]}"
        )
        used.add(f"{clause}{letter}")
        yield Line(0, f"{clause}{letter}", part.strip())
