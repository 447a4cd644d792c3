"""A bundle as a file (数据包): signed by the office that made it, enciphered to the one that it is for, bounded on reading.

Ed25519 signs the whole file; AES-256-GCM enciphers the content under a key that comes from X25519 (an own pair for each file, to
the receiving register's key; HKDF-SHA256) or is wrapped under a passphrase (Argon2id). The head stands in the open: who made
it, for whom, the how manyth. Nothing of the content is read before the signature of a trusted office was found to be right.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import zlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from pinggu_desk.register.bundles.records import ApplicantRecord, CaseRecord, Digest, Parcel, TrailRecord
from pinggu_desk.register.errors import BundleRefused
from pinggu_desk.register.passwords import KEY_BYTES, Wrapped, unwrap, wrap
from pinggu_desk.register.signing import OfficeKey, TrustedKey

SUFFIX = ".pgdata"
FORMAT = 1
MOST_FILE, MOST_PLAIN, MOST_LINE = 256 << 20, 1 << 30, 128 << 20  # bytes
_MAGIC, _MOST_HEAD, _SIGNATURE = b"PINGGU-DESK-BUNDLE\n", 1 << 16, 64
_PURPOSE = b"pinggu_desk bundle 1"

Hex = Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{2})+$", max_length=512)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")


class _Locked(_Part):
    """A content key under a passphrase."""

    cost: Annotated[list[Annotated[int, Field(ge=1, le=1 << 20)]], Field(min_length=3, max_length=3)]
    salt: Hex
    nonce: Hex
    key: Hex


class _Head(_Part):
    format: int
    sender: Digest
    number: Annotated[int, Field(ge=1)]
    receiver: Literal[""] | Digest  # the receiving register's X25519 key; empty under a passphrase
    made_for: Literal[""] | Hex  # this file's own X25519 key
    locked: _Locked | None
    nonce: Hex
    size: Annotated[int, Field(ge=1)]


class _First(_Part):
    """The content's first line: how many of each follow."""

    sender: Digest
    practice: bool
    number: Annotated[int, Field(ge=1)]
    made_at: str
    applicants: Annotated[int, Field(ge=0)]
    cases: Annotated[int, Field(ge=0)]
    trail: Annotated[int, Field(ge=0)]


@dataclass(frozen=True, slots=True)
class Opened:
    """A bundle that was opened: its parcel, and what the office that signed it is called here."""

    parcel: Parcel
    office: str


def seal_bundle(parcel: Parcel, office: OfficeKey, *, receiver: bytes | None = None, passphrase: str = "") -> bytes:
    """The file of a parcel, enciphered to a receiving register's X25519 key (32 bytes) or under a passphrase."""
    content = zlib.compress(b"\n".join(_lines(parcel)), 6)
    nonce, own, locked = secrets.token_bytes(12), "", None
    if receiver is not None:
        pair = X25519PrivateKey.generate()
        public = pair.public_key().public_bytes_raw()
        own, key = public.hex(), _agreed(pair, X25519PublicKey.from_public_bytes(receiver), public, receiver)
    else:
        key = secrets.token_bytes(KEY_BYTES)
        locked = _Locked.model_validate(dict(wrap(key, passphrase, _bound_to(parcel.sender, parcel.number))))
    head = _Head(
        format=FORMAT, sender=parcel.sender, number=parcel.number, receiver=receiver.hex() if receiver else "",
        made_for=own, locked=locked, nonce=nonce.hex(), size=len(content) + 16,
    ).model_dump_json().encode()  # fmt: skip
    data = _MAGIC + len(head).to_bytes(4, "big") + head
    data += AESGCM(key).encrypt(nonce, content, head)
    if len(data) + _SIGNATURE > MOST_FILE:
        raise BundleRefused(
            f"数据包有 {len(data) >> 20} MB，超过 {MOST_FILE >> 20} MB，没有写出；请联系维护人员分批导出。"
        )
    return data + office.sign(_told(data))


def is_bundle(data: bytes) -> bool:
    """Whether a file begins as a bundle does."""
    return data.startswith(_MAGIC)


def open_bundle(
    data: bytes, name: str, trusted: Collection[TrustedKey], exchange: X25519PrivateKey, *, passphrase: str = ""
) -> Opened:
    """The parcel of a file called ``name`` (for sentences). Raises `BundleRefused`, saying in one sentence why."""
    head, raw_head, content = _parts(data, name)
    office = _signed_by(data, head, name, trusted)
    key = _content_key(head, name, exchange, passphrase)
    try:
        plain = AESGCM(key).decrypt(bytes.fromhex(head.nonce), content, raw_head)
    except (InvalidTag, ValueError) as error:
        raise BundleRefused(f"“{name}”解不开，不是给本登记库的或已损坏，没有并入；请让对方重新导出。") from error
    parcel = _parcel(plain, name)
    if (parcel.sender, parcel.number) != (head.sender, head.number):
        raise BundleRefused(f"“{name}”里外写的单位不一样，没有并入；请让对方重新导出。")
    return Opened(parcel, office)


def needs_passphrase(data: bytes, name: str) -> bool:
    """Whether a bundle is under a passphrase. Raises `BundleRefused` where it is no bundle."""
    return _parts(data, name)[0].locked is not None


# --- reading


def _parts(data: bytes, name: str) -> tuple[_Head, bytes, bytes]:
    if len(data) > MOST_FILE:
        raise BundleRefused(f"“{name}”有 {len(data) >> 20} MB，超过 {MOST_FILE >> 20} MB，没有读；请核对是不是数据包。")
    if not is_bundle(data):
        raise BundleRefused(f"“{name}”不是数据包，没有并入；请选择对方导出的“*{SUFFIX}”文件。")
    at = len(_MAGIC)
    length = int.from_bytes(data[at : at + 4], "big")
    raw = data[at + 4 : at + 4 + length]
    if length > _MOST_HEAD:
        raise _altered(name)
    try:
        told = json.loads(raw) if len(raw) == length else {}
        if isinstance(told, dict) and type(told.get("format")) is int and told["format"] > FORMAT:
            raise BundleRefused(
                f"“{name}”由更新版本的程序导出（格式 {told['format']}，本程序只认到 {FORMAT}），请升级本程序后再并入。"
            )
        head = _Head.model_validate_json(raw)
    except (ValidationError, ValueError, RecursionError) as error:
        raise (_cut_off(name) if len(raw) < length else _altered(name)) from error
    start = at + 4 + length
    if len(data) < start + head.size + _SIGNATURE:
        raise _cut_off(name)
    if len(data) > start + head.size + _SIGNATURE or head.format != FORMAT:
        raise _altered(name)
    return head, raw, data[start : start + head.size]


def _signed_by(data: bytes, head: _Head, name: str, trusted: Collection[TrustedKey]) -> str:
    office = next((key.office for key in trusted if key.public.hex() == head.sender), None)
    if office is None:
        raise BundleRefused(
            f"“{name}”由本处不认识的单位签发（公钥 {head.sender[:8]}…），没有并入；向对方核实后，先把对方的公钥添加到可信公钥。"
        )
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(head.sender))
        key.verify(data[-_SIGNATURE:], _told(data[:-_SIGNATURE]))
    except (InvalidSignature, ValueError) as error:
        raise _altered(name) from error
    return office


def _content_key(head: _Head, name: str, exchange: X25519PrivateKey, passphrase: str) -> bytes:
    mine = exchange.public_key().public_bytes_raw()
    if head.locked is not None:
        if not passphrase:
            raise BundleRefused(f"“{name}”用口令加了密，请输入对方告知的数据包口令。")
        wrapped: Wrapped = {
            "cost": list(head.locked.cost), "salt": head.locked.salt, "nonce": head.locked.nonce, "key": head.locked.key,
        }  # fmt: skip
        key = unwrap(wrapped, passphrase, _bound_to(head.sender, head.number))
        if key is None:
            raise BundleRefused(f"“{name}”的数据包口令不对，没有并入；请向对方核对口令。")
        return key
    if head.receiver != mine.hex():
        raise BundleRefused(f"“{name}”不是发给本登记库的，没有并入；请对方按本登记库的收件公钥重新导出。")
    try:
        own = bytes.fromhex(head.made_for)
        return _agreed(exchange, X25519PublicKey.from_public_bytes(own), own, mine)
    except ValueError as error:
        raise _altered(name) from error


def _parcel(content: bytes, name: str) -> Parcel:
    lines = _unpacked(content, name)
    try:
        first = _First.model_validate_json(next(lines))
        people = [ApplicantRecord.model_validate_json(next(lines)) for _ in range(first.applicants)]
        cases = [CaseRecord.model_validate_json(next(lines)) for _ in range(first.cases)]
        trail = [TrailRecord.model_validate_json(next(lines)) for _ in range(first.trail)]
        return Parcel(
            sender=first.sender, practice=first.practice, number=first.number, made_at=first.made_at, applicants=people,
            cases=cases, trail=trail,
        )  # fmt: skip
    except (ValidationError, StopIteration, ValueError, zlib.error) as error:
        raise BundleRefused(f"“{name}”的内容不合要求，没有并入；请让对方用同一版本的程序重新导出。") from error


def _unpacked(content: bytes, name: str) -> Iterator[bytes]:
    """The lines of the content, unpacked as they are asked for: what swells beyond all measure is refused before it is there."""
    unpacker, rest, total = zlib.decompressobj(), b"", 0
    while True:
        piece = unpacker.decompress(content, 1 << 20)
        content = unpacker.unconsumed_tail
        total += len(piece)
        if total > MOST_PLAIN or len(rest) + len(piece) > MOST_LINE:
            raise BundleRefused(f"“{name}”展开后超过 {MOST_PLAIN >> 20} MB，没有并入；请让对方分批导出。")
        *whole, rest = (rest + piece).split(b"\n")
        yield from whole
        if not piece and (unpacker.eof or not content):
            break
    if not unpacker.eof:
        raise zlib.error("cut off")
    yield rest


def _lines(parcel: Parcel) -> Iterator[bytes]:
    yield _First(
        sender=parcel.sender, practice=parcel.practice, number=parcel.number, made_at=parcel.made_at, applicants=len(parcel.applicants),
        cases=len(parcel.cases), trail=len(parcel.trail),
    ).model_dump_json().encode()  # fmt: skip
    records: Sequence[Sequence[BaseModel]] = (parcel.applicants, parcel.cases, parcel.trail)
    for kind in records:
        for record in kind:
            yield record.model_dump_json().encode()


def _agreed(own: X25519PrivateKey, other: X25519PublicKey, made_for: bytes, receiver: bytes) -> bytes:
    shared = own.exchange(other)
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=_PURPOSE + made_for + receiver).derive(shared)


def _bound_to(sender: str, number: int) -> bytes:
    return _PURPOSE + f" {sender} {number}".encode()


def _told(data: bytes) -> bytes:
    """What is signed: a digest, under the purpose's name."""
    return _PURPOSE + hashlib.sha512(data).digest()


def _altered(name: str) -> BundleRefused:
    return BundleRefused(f"“{name}”与对方的签名不符，被改动过或拷贝时出了错，没有并入；请让对方重新拷贝或导出。")


def _cut_off(name: str) -> BundleRefused:
    return BundleRefused(f"“{name}”不完整，只拷贝了一部分，没有并入；请让对方重新拷贝。")
