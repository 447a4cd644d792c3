"""A pack (政策包) as one file that can be carried: a zip in one form only, its manifest, and the district's signature.

Nothing in it is executed and nothing in it is unpacked by size that it tells of itself: the parts are stored, not
compressed, so there is nothing to blow up; names are a closed list, so there is nowhere to lead to; and the bytes have to be
exactly those that this program would have written for the same parts, so no bit of the file escapes the signature.

- ``manifest.json`` comes first: whose pack it is, its version and day, which program it needs, which pack it came after, and
  the size and SHA-256 of every part.
- ``signature.json`` comes last, where there is one: an Ed25519 signature (RFC 8032) over the manifest's bytes, which stand
  for everything else. The public key in it only tells who signed; whether he may is for `signer_of` to say.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import stat
import struct
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pinggu_desk.policy.characters import brief
from pinggu_desk.policy.errors import BadInput

FORMAT = 1
ENDING = ".pack"
MANIFEST, SIGNATURE = "manifest.json", "signature.json"
#: what a pack file may weigh, how many parts it may have and what one part may weigh; ours weighs 3 MB in some 130 parts
MOST_BYTES, MOST_FILES, MOST_PART = 32 << 20, 1_500, 8 << 20
#: what kind of pack: everything of one version, or small corrections to what serves
WHOLE, CORRECTIONS = "政策包", "更正"
CORRECTIONS_FILE = "corrections.json"
#: the use of a key: a signature for a pack can stand for nothing else
USE = b"pinggu-desk pack\n"

_ID = "[a-z][a-z0-9_]{0,31}"
_ALLOWED = re.compile(
    rf"""(?:
        (?:columns|consistency|district|facts|matters|overlaps|parameters|readings|retention|synonyms|usual|workdays)\.yaml
      | policies/{_ID}(?:@[0-9a-z_-]{{1,32}})?/(?:[0-9a-z][0-9a-z_-]{{0,31}}/)?
        (?:policy\.yaml|text\.md|cases\.yaml|form\.yaml|facts\.yaml|readings\.yaml|signed\.yaml)
      | forms/{_ID}(?:@[0-9a-z_-]{{1,32}})?\.xlsx
    )""",
    re.VERBOSE,
)
_DEVICES = re.compile(r"(?:con|prn|aux|nul|clock\$|com[0-9]|lpt[0-9])", re.IGNORECASE)
_VERSION = re.compile(r"[0-9A-Za-z][0-9A-Za-z.+_-]{0,60}")
_PROGRAM = re.compile(r"[0-9]{1,4}(?:\.[0-9]{1,4}){0,3}")
_EDITION = re.compile(r"[0-9A-Za-z][0-9A-Za-z.-]{0,19}")
_HEX = re.compile(r"[0-9a-f]+")
_BEGIN, _END, _END_SIZE = b"PK\x03\x04", b"PK\x05\x06", 22
_DAMAGE = (
    zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError, struct.error, OSError, KeyError,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Part:
    """One file of a pack, as its manifest names it: bytes, and their SHA-256 in hex."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a pack file says of itself; every word of it is signed.

    ``version`` is ``Pack.version`` (edition and a digest of the rules), ``day`` the day of the edition, ``needs`` the
    program's version that it needs at least, ``previous`` the version that it came after (empty for the first).
    """

    district: str
    title: str
    version: str
    edition: str
    day: date
    needs: str
    previous: str
    parts: tuple[Part, ...]
    kind: str = WHOLE

    def to_bytes(self) -> bytes:
        """The manifest in its one form: JSON, keys sorted, a part a line, UTF-8."""
        head = {
            "format": FORMAT, "kind": self.kind, "district": self.district, "title": self.title, "version": self.version,
            "edition": self.edition, "day": self.day.isoformat(), "needs": self.needs, "previous": self.previous,
            "files": [{"name": part.name, "size": part.size, "sha256": part.sha256} for part in self.parts],
        }  # fmt: skip
        return (json.dumps(head, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()

    @property
    def digest(self) -> str:
        """SHA-256 of the manifest, in hex: it stands for every byte of the pack."""
        return hashlib.sha256(self.to_bytes()).hexdigest()

    @property
    def age(self) -> tuple[tuple[int, ...], date]:
        """By what packs are ordered: the edition, then its day."""
        return edition_order(self.edition), self.day


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature (64 bytes) and the public key (32 bytes, Ed25519) that is said to have made it."""

    public: bytes
    value: bytes

    def to_bytes(self) -> bytes:
        """The signature as a part of the file."""
        said = {"public": self.public.hex(), "signature": self.value.hex()}
        return (json.dumps(said, indent=1, sort_keys=True) + "\n").encode()


@dataclass(frozen=True, slots=True)
class PackFile:
    """A pack file that was read whole and agrees with its own manifest; whether it is signed by whom is another question."""

    manifest: Manifest
    contents: Mapping[str, bytes]
    signature: Signature | None

    def to_bytes(self) -> bytes:
        """The file, always the same bytes for the same parts and signature."""
        parts = [(MANIFEST, self.manifest.to_bytes())]
        parts += [(part.name, self.contents[part.name]) for part in self.manifest.parts]
        if self.signature is not None:
            parts.append((SIGNATURE, self.signature.to_bytes()))
        return _zipped(parts)


def edition_order(edition: str) -> tuple[int, ...]:
    """An edition's place in time: ``2024.02-1`` as (2024, 2, 1)."""
    return tuple(int(number) for number in re.findall("[0-9]+", edition))


def make_pack_file(
    contents: Mapping[str, bytes], *, district: str, title: str, version: str, edition: str, day: date, needs: str,
    previous: str = "", kind: str = WHOLE,
) -> PackFile:  # fmt: skip
    """A pack file of these parts, unsigned. Raises BadInput where one may not be in a pack, or all weigh too much."""
    where = "政策包目录"
    names = sorted(contents)
    for name in names:
        if fault := name_fault(name, kind):
            raise BadInput(f"“{where}”里的{fault}")
        if len(contents[name]) > MOST_PART:
            raise BadInput(f"“{where}”里的“{name}”有 {len(contents[name])} 字节，最多 {MOST_PART} 字节，请核对。")
    parts = tuple(Part(name, len(contents[name]), hashlib.sha256(contents[name]).hexdigest()) for name in names)
    if len(parts) > MOST_FILES or sum(part.size for part in parts) > MOST_BYTES - (1 << 20):
        raise BadInput(f"“{where}”太大，政策包最多 {MOST_FILES} 个文件、{MOST_BYTES >> 20} MB，请核对有没有放错文件。")
    for words, pattern, name in (
        (version, _VERSION, "版本"),
        (edition, _EDITION, "版次"),
        (needs, _PROGRAM, "程序版本"),
    ):
        if not pattern.fullmatch(words):
            raise BadInput(f"政策包的{name}“{brief(words)}”写法不对，应写成如 2026.01-1（版次）、0.2.0（程序版本）。")
    return PackFile(
        Manifest(district, title, version, edition, day, needs, previous, parts, kind), dict(contents), None
    )


def signed(pack: PackFile, public: bytes, sign: Callable[[bytes], bytes]) -> PackFile:
    """The same pack with a signature by this key in place of any that it had."""
    value = sign(USE + pack.manifest.to_bytes())
    return PackFile(pack.manifest, pack.contents, Signature(public, value))


def signer_of(pack: PackFile, trusted: Iterable[bytes], where: str) -> bytes:
    """The trusted key that signed it. Raises BadInput: unsigned, signed by another key, or altered since."""
    if pack.signature is None:
        raise BadInput(f"政策包“{where}”没有签名，不能安装；请向本区政策维护部门索取签过名的文件。")
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    own = pack.signature.public
    try:
        Ed25519PublicKey.from_public_bytes(own).verify(pack.signature.value, USE + pack.manifest.to_bytes())
    except (InvalidSignature, ValueError):
        raise BadInput(f"政策包“{where}”的签名不对，签名以后被改动过，不能安装；请重新索取原件。") from None
    if own not in set(trusted):
        raise BadInput(
            f"政策包“{where}”是用别的密钥签名的（公钥指纹 {print_of(own)}），不在本机信任的政策包公钥之列，不能安装；"
            "请核对是不是本区发布的，是的话由负责人先添加它的公钥。"
        )
    return own


def print_of(public: bytes) -> str:
    """A key's fingerprint (指纹) as other papers print it: 80 bits of its SHA-256 in groups of four."""
    from base64 import b32encode

    text = b32encode(hashlib.sha256(public).digest()[:10]).decode()
    return "-".join(text[i : i + 4] for i in range(0, len(text), 4))


# --- reading what somebody else made


def read_pack_file(raw: bytes, where: str) -> PackFile:
    """A pack file from its bytes. Raises BadInput with one sentence: what is wrong, where, what would be right."""
    archive = _opened(raw, where)
    contents = _contents(archive, raw, where)
    manifest = parse_manifest(contents.pop(MANIFEST, None), where)
    signature = parse_signature(contents.pop(SIGNATURE, None), where)
    listed = {part.name: part for part in manifest.parts}
    if lacking := [name for name in listed if name not in contents]:
        raise BadInput(f"政策包“{where}”里缺少“{brief(lacking[0])}”，文件不完整，请重新索取原件。")
    for name, data in contents.items():
        if fault := name_fault(name, manifest.kind):
            raise BadInput(f"政策包“{where}”里的{fault}")
        part = listed.get(name)
        if part is None:
            raise BadInput(f"政策包“{where}”里多出“{brief(name)}”，清单里没有，文件被改动过，请重新索取原件。")
        if len(data) != part.size or hashlib.sha256(data).hexdigest() != part.sha256:
            raise BadInput(f"政策包“{where}”里的“{brief(name)}”与清单不符，文件被改动或损坏，请重新索取原件。")
    pack = PackFile(manifest, contents, signature)
    if pack.to_bytes() != raw:
        raise BadInput(f"政策包“{where}”不是“pack build”写成的样子，被改动或重新打包过，请重新索取原件。")
    return pack


def name_fault(name: str, kind: str = WHOLE) -> str:
    """Why a part of that name may not be in a pack: the rest of a sentence; empty where it may."""
    shown = f"“{brief(name)}”"
    pieces = name.split("/")
    if name.startswith(("/", "\\")) or "\\" in name or ":" in name or ".." in pieces or "." in pieces:
        return f"{shown}指到政策包以外的位置，不能使用；请重新索取原件。"
    if any(_DEVICES.fullmatch(piece.split(".", 1)[0]) for piece in pieces):
        return f"{shown}用了系统保留的设备名，不能使用；请换一个名称。"
    allowed = name == CORRECTIONS_FILE if kind == CORRECTIONS else bool(_ALLOWED.fullmatch(name))
    if not allowed:
        return f"{shown}不是政策包里的文件，只收政策、原文、样例、各 .yaml 和 forms 里的 .xlsx；请去掉它。"
    return ""


def _opened(raw: bytes, where: str) -> zipfile.ZipFile:
    if len(raw) > MOST_BYTES:
        raise BadInput(f"政策包“{where}”太大，超过 {MOST_BYTES >> 20} MB，不会是政策包，请核对文件。")
    if not raw.startswith(_BEGIN):
        raise BadInput(f"“{where}”不是政策包文件，应是“pack build”做成的 {ENDING} 文件，请核对。")
    end = raw[-_END_SIZE:]
    if not end.startswith(_END) or end[-2:] != b"\0\0":
        raise BadInput(f"政策包“{where}”不完整，可能没有拷完或后面被加了东西，请重新拷贝原件。")
    count, size, start = struct.unpack("<HII", end[10:20])
    if count > MOST_FILES + 2 or start + size + _END_SIZE != len(raw):
        raise BadInput(f"政策包“{where}”的目录不对（{count} 项），文件被改动或损坏，请重新索取原件。")
    try:
        return zipfile.ZipFile(io.BytesIO(raw))
    except _DAMAGE:
        raise BadInput(f"政策包“{where}”损坏，打不开，请重新索取原件。") from None


def _contents(archive: zipfile.ZipFile, raw: bytes, where: str) -> dict[str, bytes]:
    """Every part's bytes, after what may be said of each without reading it."""
    infos = archive.infolist()
    seen: dict[str, str] = {}
    for info in infos:
        name = info.orig_filename
        if stat.S_ISLNK(info.external_attr >> 16):
            raise BadInput(f"政策包“{where}”里的“{brief(name)}”是一个链接，政策包里不收链接；请重新索取原件。")
        if name not in (MANIFEST, SIGNATURE, CORRECTIONS_FILE) and (fault := name_fault(name)):
            raise BadInput(f"政策包“{where}”里的{fault}")
        if (other := seen.get(name.lower())) is not None:
            same = "有两个" if other == name else f"“{brief(other)}”和大小写不同的"
            raise BadInput(f"政策包“{where}”里{same}“{brief(name)}”，请重新索取原件。")
        seen[name.lower()] = name
        if info.compress_type != zipfile.ZIP_STORED or info.compress_size != info.file_size:
            raise BadInput(
                f"政策包“{where}”里的“{brief(name)}”是压缩过的（展开有 {info.file_size} 字节），政策包不压缩；"
                "请用“pack build”做成的原件。"
            )
        if info.file_size > MOST_PART:
            raise BadInput(f"政策包“{where}”里的“{brief(name)}”有 {info.file_size} 字节，太大，请核对文件。")
    if sum(info.file_size for info in infos) > len(raw):
        raise BadInput(f"政策包“{where}”里的文件互相重叠，被改动过，请重新索取原件。")
    contents: dict[str, bytes] = {}
    for info in infos:
        try:
            contents[info.orig_filename] = archive.read(info)
        except _DAMAGE:
            raise BadInput(
                f"政策包“{where}”里的“{brief(info.orig_filename)}”读不出来，文件被改动或损坏，请重新索取原件。"
            ) from None
    return contents


def parse_manifest(data: bytes | None, where: str) -> Manifest:
    """A manifest from its bytes, which are the only ones that say the same. Raises BadInput."""
    wrong = BadInput(f"政策包“{where}”的清单（{MANIFEST}）缺失或不合写法，文件被改动或损坏，请重新索取原件。")
    raw = _json(data)
    if not isinstance(raw, dict):
        raise wrong
    if isinstance(raw.get("format"), int) and raw["format"] > FORMAT:
        raise BadInput(f"政策包“{where}”的格式（{raw['format']}）比本程序认得的新，请先升级程序再安装。")
    try:
        parts = tuple(Part(one["name"], one["size"], one["sha256"]) for one in raw["files"])
        made = Manifest(
            raw["district"], raw["title"], raw["version"], raw["edition"], date.fromisoformat(raw["day"]), raw["needs"],
            raw["previous"], parts, raw["kind"],
        )  # fmt: skip
        texts = (made.district, made.title, made.version, made.edition, made.needs, made.previous, made.kind)
        sound = all(isinstance(text, str) and len(text) <= 200 for text in texts)
        sound = sound and all(isinstance(p.name, str) and isinstance(p.size, int) for p in parts)
        sound = sound and bool(_VERSION.fullmatch(made.version) and _EDITION.fullmatch(made.edition))
        sound = sound and bool(_PROGRAM.fullmatch(made.needs)) and made.kind in (WHOLE, CORRECTIONS)
        sound = sound and [p.name for p in parts] == sorted(p.name for p in parts)
        if not sound or made.to_bytes() != data:
            raise wrong
    except (KeyError, TypeError, ValueError, AttributeError):
        raise wrong from None
    return made


def parse_signature(data: bytes | None, where: str) -> Signature | None:
    """A signature from its bytes; None where there are none. Raises BadInput."""
    if data is None:
        return None
    raw = _json(data)
    try:
        public, value = bytes.fromhex(_hex(raw["public"])), bytes.fromhex(_hex(raw["signature"]))
    except (KeyError, TypeError, ValueError):
        public = value = b""
    if len(public) != 32 or len(value) != 64:
        raise BadInput(f"政策包“{where}”的签名（{SIGNATURE}）损坏，文件被改动过，不能安装；请重新索取原件。")
    return Signature(public, value)


def _hex(text: Any) -> str:
    if not isinstance(text, str) or not _HEX.fullmatch(text):
        raise ValueError(text)
    return text


def _json(data: bytes | None) -> Any:
    if data is None or len(data) > MOST_PART:
        return None
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return None


def _zipped(parts: Iterable[tuple[str, bytes]]) -> bytes:
    """A zip of these parts in this order: stored, of one time, one owner's way of writing modes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, data in parts:
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.create_system, info.external_attr = 3, 0o100644 << 16
            archive.writestr(info, data)
    return out.getvalue()
