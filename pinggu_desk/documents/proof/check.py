"""Checking a paper's proof (验真) without a network or a register: a file, or the code scanned from a print.

Every answer is one Chinese sentence in ``Verdict``: ours and unaltered, or what is wrong and where.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import re
import unicodedata
import zlib
from base64 import b32decode
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from pinggu_desk.documents.proof.altered import how_altered
from pinggu_desk.documents.proof.record import (
    CLOSING,
    CODE_MARK,
    CODE_USE,
    FILE_USE,
    KINDS,
    OPENING,
    PRACTICE,
    SIGNATURE_DIGITS,
    UNSIGNED,
    base32,
    canonical,
    fingerprint,
)
from pinggu_desk.policy.district import here
from pinggu_desk.policy.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from pinggu_desk.documents.proof.keys import PublicKey

_MOST_BYTES = 100 * 1024 * 1024
#: a packed record is looked for in so many streams, each read so far
_MOST_STREAMS, _MOST_RECORD = 2000, 1 << 20
_UNSIGNED_WORDS = "本件未登记、没有签名，不能验真；请以登记后出具的文书为准。"
_NO_RECORD = (
    "文件里没有完整的验真记录，可能是用别的软件编辑、另存或者打印成的，也可能不是本程序出具的；"
    "请索取出具时保存的原件，或者扫描纸面的二维码核对编号。"
)


_SEVERAL = (
    "文件里没有完整的验真记录，有 {} 份验真记录并在一起，像是几件文书拼成了一个文件；请分别索取出具时保存的原件。"
)

#: how every refusal begins: nothing on the paper is to be relied on
REFUSED = "验真未通过，请勿采信："


@dataclass(frozen=True, slots=True)
class Verdict:
    """``ok``: ours and unaltered. ``sentence`` says so, or that it isn't and why.

    ``lines`` are what the signature vouches for, of a sound paper only; ``record`` is what a refused paper's own record says,
    to be shown on demand and never as if it were good.
    """

    ok: bool
    sentence: str
    lines: tuple[str, ...] = ()
    serial: str = ""
    record: tuple[str, ...] = ()


def _refused(why: str, serial: str = "", record: tuple[str, ...] = ()) -> Verdict:
    return Verdict(False, f"{REFUSED}{why}", (), serial, record)


@dataclass(frozen=True, slots=True)
class Code:
    """A code's fields, all in capitals as they were signed."""

    kind: str
    serial: str
    day: str
    pack: str
    digest: str
    key: str
    signature: bytes
    body: str

    @property
    def practice(self) -> bool:
        """Whether it stands on a paper of a practice run (演练)."""
        return self.kind.endswith(PRACTICE)

    @property
    def lines(self) -> tuple[str, ...]:
        """What the code says, in words."""
        name = KINDS.get(self.kind.removesuffix(PRACTICE), "文书")
        return (f"文书：{name}", f"编号：{self.serial}", f"日期：{_day_words(self.day)}", f"政策包：{self.pack}")


# --- a code


def check_code(text: str, keys: Sequence[PublicKey]) -> Verdict:
    """Whether a scanned code was signed by one of ``keys``. Raises BadInput where the text is no such code."""
    code = read_code(text)
    key = _key(keys, code.key)
    if key is None:
        return _refused(_stranger(code.key), code.serial, code.lines)
    if not _signed(key, code.signature, CODE_USE + code.body.encode()):
        return _refused("验真码的签名不符，码中的内容被改动，或者不是该单位签发的。", code.serial, code.lines)
    if code.practice:
        return _refused(f"签名相符，由{key.words}签发，但这是演练文书，不作数。", code.serial, code.lines)
    words = f"验真码属实，由{key.words}签发；请核对纸面的编号、日期与下列一致，金额和结论以电子件验真为准。"
    return Verdict(True, words, code.lines, code.serial)


def read_code(text: str) -> Code:
    """A code from what a scanner or a hand typed: width, case and white space don't matter. Raises BadInput."""
    plain = "".join(unicodedata.normalize("NFKC", text).replace("。", ".").split()).upper()
    fields = plain.split(":")
    if len(fields) != 8 or not CODE_MARK.fullmatch(fields[0]):
        raise BadInput(f"这不是本程序的验真码：应以“{here().code_mark}:”开头、由冒号隔成八段，请重新扫描纸面的二维码。")
    signature = _unbase32(fields[7])
    if not re.fullmatch("[0-9]{8}", fields[3]) or signature is None or len(signature) != SIGNATURE_DIGITS // 2:
        raise BadInput("验真码不完整或有错字，请重新扫描纸面的二维码。")
    _, kind, serial, day, pack, digest, key, _ = fields
    return Code(kind, serial, day, pack, digest, key, signature, plain.rpartition(":")[0])


# --- a file


def check_file(path: Path, keys: Sequence[PublicKey], code_text: str = "") -> Verdict:
    """Whether a file was issued by one of ``keys`` and no byte of it altered since.

    With ``code_text``, scanned from a print, also whether the print is of this file. Raises BadInput where there is no
    PDF to read.
    """
    try:
        with path.open("rb") as file:
            data = file.read(_MOST_BYTES + 1)
    except FileNotFoundError:
        raise BadInput(f"找不到文件“{path}”，请核对路径。") from None
    except OSError:
        raise BadInput(f"文件“{path}”读不出来，请检查路径、权限和磁盘。") from None
    if not data.startswith(b"%PDF-") or len(data) > _MOST_BYTES:
        raise BadInput(f"“{path}”不是 PDF 文件，请选择出具时保存的 PDF；纸面文书请用扫码验真。")
    return check_bytes(data, keys, code_text)


def check_bytes(data: bytes, keys: Sequence[PublicKey], code_text: str = "") -> Verdict:
    """The same for a file's bytes."""
    scanned = read_code(code_text) if code_text else None
    found = _split(data)
    if found is None:
        several = min(data.count(OPENING), data.count(CLOSING))
        return _refused(_SEVERAL.format(several)) if several > 1 else _saved_anew(data, keys)
    filled, outside = found
    if filled.rstrip(b" ") == UNSIGNED:
        return _refused(_UNSIGNED_WORDS)
    record, signed, signature = _read(filled)
    if record is None:
        return _refused("验真记录被改动，已无法辨认。")
    serial = str(record["serial"])
    key = _key(keys, str(record["key"]))
    if key is None:
        return _refused(_stranger(str(record["key"])), serial, _lines(record))
    if signature is None or not _signed(key, signature, FILE_USE + signed):
        return _refused(_forged_words(record, key), serial, _lines(record))
    if changed := _changed(record["parts"], outside):
        return _refused(how_altered(record, changed, data), serial, _lines(record))
    if scanned is not None and scanned.body != str(record["code"]).rpartition(":")[0]:
        why = f"纸面的验真码与这份文件不是同一件：纸面编号 {scanned.serial}，文件编号 {serial}。"
        return _refused(why, serial, _lines(record))
    if record["practice"]:
        return _refused(f"签名相符，由{key.words}签发，但这是演练文书，不作数。", serial, _lines(record))
    return Verdict(True, f"本件由{key.words}签发，自签发以来没有改动。", _lines(record), serial)


def _saved_anew(data: bytes, keys: Sequence[PublicKey]) -> Verdict:
    """A file without a plain record: a program that saved it anew may have packed the record, whose signature still holds."""
    for at in itertools.islice(re.finditer(rb"stream\r?\n", data), _MOST_STREAMS):
        try:
            text = zlib.decompressobj().decompress(data[at.end() : at.end() + _MOST_RECORD], _MOST_RECORD)
        except zlib.error:
            continue
        found = _split(text)
        if found is None:
            continue
        record, signed, signature = _read(found[0])
        key = _key(keys, str(record["key"])) if record is not None else None
        if record is not None and key is not None and signature and _signed(key, signature, FILE_USE + signed):
            return _refused(how_altered(record, [], data), str(record["serial"]), _lines(record))
    return _refused(_NO_RECORD)


def _split(data: bytes) -> tuple[bytes, bytes] | None:
    """What stands between the record's frame, and everything else; None where there is not exactly one frame."""
    if data.count(OPENING) != 1 or data.count(CLOSING) != 1:
        return None
    start = data.index(OPENING) + len(OPENING)
    end = data.index(CLOSING)
    return (data[start:end], data[:start] + data[end:]) if start <= end else None


def _read(filled: bytes) -> tuple[dict[str, Any] | None, bytes, bytes | None]:
    """The record, its bytes as signed, its signature (None where it is not one in the only form there is)."""
    signed, _, rest = filled.partition(b"\n")
    try:
        record = json.loads(signed)
        whole = canonical(record) == signed and _SHAPE.keys() <= record.keys()
        whole = whole and all(isinstance(record[name], kind) for name, kind in _SHAPE.items())
        parts = record["parts"] if whole else []
        whole = whole and all(
            isinstance(label, str) and type(size) is int and size >= 0 and isinstance(digest, str)
            for label, size, digest in parts
        )
    except (ValueError, TypeError, AttributeError, RecursionError):
        whole = False
    if not whole:
        return None, signed, None
    digits, padding = rest[:SIGNATURE_DIGITS], rest[SIGNATURE_DIGITS:]
    sound = re.fullmatch(rb"[0-9a-f]{128}", digits) is not None and not padding.strip(b" ")
    return record, signed, bytes.fromhex(digits.decode()) if sound else None


_SHAPE: dict[str, type] = {
    "kind": str, "serial": str, "date": str, "pack": str, "office": str, "practice": bool, "key": str, "code": str,
    "content": dict, "parts": list,
}  # fmt: skip


def _changed(parts: list[Any], outside: bytes) -> list[str]:
    """Names of the parts that are not as recorded: each must stand where it was, from the start or from the end."""
    shift = len(outside) - sum(size for _, size, _ in parts)
    changed: dict[str, None] = {}
    offset = 0
    for label, size, digest in parts:
        places = dict.fromkeys((offset, offset + shift))
        if not any(hashlib.sha256(outside[at : at + size]).hexdigest() == digest for at in places if at >= 0):
            changed[label] = None
        offset += size
    if shift and not changed:
        changed["文件长度"] = None
    return list(changed)


def _forged_words(record: dict[str, Any], key: PublicKey) -> str:
    """The record's own signature doesn't hold: what in it differs from the code, which is signed by itself."""
    altered: list[str] = []
    try:
        code = read_code(str(record["code"]))
    except BadInput:
        code = None
    if code is not None and _signed(key, code.signature, CODE_USE + code.body.encode()):
        own = {
            "编号": (code.serial, str(record["serial"]).upper()),
            "日期": (code.day, str(record["date"]).replace("-", "")),
            "政策包版本": (code.pack, str(record["pack"]).upper()),
            "陈述与结论": (code.digest, base32(hashlib.sha256(canonical(record["content"])).digest())),
        }
        altered = [name for name, (signed, stands) in own.items() if signed != stands]
    where = f"（{'、'.join(altered)}）" if altered else ""
    return f"验真记录{where}被改动，签名不符。"


def _lines(record: dict[str, Any]) -> tuple[str, ...]:
    """What a record says, in words; nothing where it is no record of ours."""
    try:
        head = (
            f"文书：{record['kind']}",
            f"编号：{record['serial']}",
            f"日期：{_day_words(record['date'].replace('-', ''))}",
        )
        office = (f"单位：{record['office']}",) if record["office"] else ()
        content = record["content"]
        who = (f"申请人：{content['applicant']}", f"政策包：{record['pack']}")
        return (
            *head,
            *office,
            *who,
            *(f"{title}：{status}，{figure}" for _, title, status, figure in content["found"]),
        )
    except (KeyError, TypeError, ValueError):
        return ()


# --- keys


def _key(keys: Iterable[PublicKey], print_: str) -> PublicKey | None:
    return next((key for key in keys if fingerprint(key.public) == print_), None)


def _stranger(print_: str) -> str:
    shown = "-".join(print_[i : i + 4] for i in range(0, len(print_), 4))[:40]
    return f"签发的公钥（指纹 {shown}）不在可信公钥之中，不能确认是谁签发的；请向出具单位索取公钥后再验。"


def _signed(key: PublicKey, signature: bytes, data: bytes) -> bool:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(signature, data)
    except InvalidSignature:
        return False
    return True


def _unbase32(text: str) -> bytes | None:
    """The bytes, if the text is the only form they have."""
    try:
        data = b32decode(text + "=" * (-len(text) % 8))
    except ValueError:
        return None
    return data if base32(data) == text else None


def _day_words(digits: str) -> str:
    try:
        day = date.fromisoformat(digits)
    except ValueError:
        return digits
    return f"{day.year}年{day.month}月{day.day}日"
