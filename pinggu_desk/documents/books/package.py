"""An .xlsx file as a package of parts, opened with suspicion: sizes are looked at before anything is unpacked.

Whoever made the file decides what is in it: a part that unpacks to a gigabyte, a directory of a million names, a part that
is cut, locked or missing. Each is one sentence (BadInput), and nothing is read past its bound.
"""

from __future__ import annotations

import posixpath
import struct
import zlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile, ZipInfo

from pinggu_desk.policy.errors import BadInput

#: the largest file that is opened, what its parts may unpack to, and how many parts it may have
MOST_PACKED = 200_000_000
MOST_UNPACKED = 800_000_000
_MOST_PARTS = 5_000
#: a part of more than this that packs a hundredfold and more is padding, no list
_LARGE = 16_000_000
_MOST_RATIO = 250
#: the largest part that is read whole (relations, styles)
MOST_WHOLE = 32_000_000
_CHUNK = 1 << 16
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LOCKED = "EncryptedPackage".encode("utf-16-le")
#: how a package can be broken; the library raises all of these
BROKEN = (
    BadZipFile, zlib.error, EOFError, OSError, LookupError, ValueError, NotImplementedError, RuntimeError, struct.error,
    expat.ExpatError, OverflowError, TypeError, MemoryError,
)  # fmt: skip

Attributes = Mapping[str, str]


class Package:
    """The open file: parts by name, whatever the case of their letters; raises BadInput for what is wrong with it."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.named = f"文件“{path}”"
        self._zip = self._opened()
        try:
            self._parts = self._listed()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close the file."""
        self._zip.close()

    def damaged(self, what: str) -> BadInput:
        """The refusal of a file that is not whole."""
        return BadInput(f"{self.named}已损坏（{what}），请用电子表格软件打开，核对后另存为 .xlsx 再试。")

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._parts

    def _opened(self) -> ZipFile:
        try:
            with Path(self.path).open("rb") as file:
                head = file.read(512)
                size = file.seek(0, 2)
                file.seek(max(size - (1 << 17), 0))
                tail = file.read()
        except FileNotFoundError:
            raise BadInput(f"找不到{self.named}，请核对路径。") from None
        except IsADirectoryError:
            raise BadInput(f"“{self.path}”是一个目录，请给出 .xlsx 文件。") from None
        except (OSError, ValueError):
            raise BadInput(f"{self.named}读不出来，请检查权限和磁盘。") from None
        self._refuse_other(head, tail, size)
        try:
            return ZipFile(self.path)
        except BROKEN:
            raise BadInput(f"{self.named}不是能读的 Excel 工作簿或已被截断，请用电子表格软件另存为 .xlsx。") from None

    def _refuse_other(self, head: bytes, tail: bytes, size: int) -> None:
        if head.startswith(_OLE):
            with Path(self.path).open("rb") as file:
                locked = _LOCKED in file.read(1 << 22)
            what = "加了打开密码，请去掉密码" if locked else "是旧版 .xls 或 .et 格式，请用电子表格软件打开"
            raise BadInput(f"{self.named}{what}后另存为 .xlsx。")
        if not head.startswith(b"PK"):
            raise BadInput(f"{self.named}不是能读的 Excel 工作簿（也许只是改了扩展名），请另存为 .xlsx。")
        end = tail.rfind(b"PK\x05\x06")
        count, long = struct.unpack("<HI", tail[end + 10 : end + 16]) if 0 <= end <= len(tail) - 22 else (0, 0)
        if size > MOST_PACKED or count > _MOST_PARTS or long > (1 << 22):
            raise self._too_large()

    def _too_large(self) -> BadInput:
        return BadInput(f"{self.named}解开后大得不像一份名单，请删去内容以外的行、列和图，另存后再试。")

    def _listed(self) -> dict[str, ZipInfo]:
        """The parts by their names in small letters."""
        parts = {info.filename.replace("\\", "/").lstrip("/").lower(): info for info in self._zip.infolist()}
        if len(parts) != len(self._zip.infolist()):
            raise self.damaged("同一部分有两份，看不出以哪份为准")
        if any(info.flag_bits & 0x1 for info in parts.values()):
            raise BadInput(f"{self.named}的压缩包加了密码，请去掉密码并另存为 .xlsx 再试。")
        if sum(info.file_size for info in parts.values()) > MOST_UNPACKED:
            raise self._too_large()
        for info in parts.values():
            if info.file_size > _LARGE and info.file_size > _MOST_RATIO * max(info.compress_size, 1):
                raise self._too_large()
        if "mimetype" in parts and "content.xml" in parts:
            raise BadInput(f"{self.named}是 OpenDocument（.ods）表格，请另存为 .xlsx。")
        return parts

    # --- reading ---

    def chunks(self, name: str) -> Iterator[bytes]:
        """A part's bytes, piece by piece."""
        try:
            with self._zip.open(self._parts[name.lower()]) as stream:
                while piece := stream.read(_CHUNK):
                    yield piece
        except BROKEN:
            raise self.damaged(f"{posixpath.basename(name)} 缺失或读不出来") from None

    def parse(
        self,
        name: str,
        start: Callable[[str, Attributes], None],
        end: Callable[[str], None] | None = None,
        text: Callable[[str], None] | None = None,
    ) -> None:
        """Walk through a part of XML; names come without their prefix, which strict files and some programs choose freely."""
        if name.lower() in self._parts and text is None and self._parts[name.lower()].file_size > MOST_WHOLE:
            raise self._too_large()
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        known: dict[str, str] = {}

        def bare(tag: str) -> str:
            found = known.get(tag)
            if found is None:
                found = tag.rsplit(":", 1)[-1]
                if len(known) < 10_000:
                    known[tag] = found
            return found

        def refuse(*_: Any) -> None:
            raise ValueError("a document type has no place in a workbook")

        parser.StartDoctypeDeclHandler = refuse
        parser.EntityDeclHandler = refuse
        parser.StartElementHandler = lambda tag, attributes: start(bare(tag), attributes)
        if end is not None:
            finish = end
            parser.EndElementHandler = lambda tag: finish(bare(tag))
        if text is not None:
            parser.CharacterDataHandler = text
        try:
            for piece in self.chunks(name):
                parser.Parse(piece, False)
            parser.Parse(b"", True)
        except BROKEN:
            raise self.damaged(f"{posixpath.basename(name)} 的内容不完整") from None
        finally:
            # the handlers hold the parser and the parser the handlers
            parser.StartElementHandler = parser.EndElementHandler = parser.CharacterDataHandler = None

    def relations(self, part: str) -> dict[str, tuple[str, str]]:
        """What a part points at: id -> (kind, the name of the other part); none where it says nothing."""
        folder, _, name = part.rpartition("/")
        where = f"{folder}/_rels/{name}.rels".lstrip("/")
        found: dict[str, tuple[str, str]] = {}
        if where not in self:
            return found

        def start(tag: str, attributes: Attributes) -> None:
            if tag == "Relationship" and attributes.get("TargetMode") != "External":
                target = attributes.get("Target", "")
                whole = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
                kind = attributes.get("Type", "").rsplit("/", 1)[-1]
                found[attributes.get("Id", "")] = kind, posixpath.normpath(whole)

        self.parse(where, start)
        return found
