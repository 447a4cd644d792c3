"""Offline proof (验真): what a paper's code and its file carry, so that any machine with the public key can check them.

A paper from the register has two signatures (Ed25519, RFC 8032) by the office's key:

- the **code** (验真码), printed as a QR code: number, day, edition of the pack, kind of paper, a salted digest of what was
  stated and found, which key, signature. It has no personal data; without the file's salt nothing can be guessed from it.
- the **record** (验真记录) inside the file: the same, what was stated and found in words, and a digest of every other byte
  of the file by parts, each named (第 2 页, 字体 …), so that a check can say what was altered.

``proof.check`` checks both; it knows them only by what is written here.
"""

from __future__ import annotations

import hashlib
import json
import re
from base64 import b32encode
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

from pinggu_desk.documents.pdf.fonts import clean
from pinggu_desk.policy.district import here

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pinggu_desk.documents.visit import Visit

#: what frames the record in the file; a record's own text has no line ends, so neither can stand in it
OPENING, CLOSING = b"\n%%pinggu-desk proof 1%%\n", b"\n%%pinggu-desk proof end%%\n"
#: the same where a paper is unsigned
UNSIGNED = b"unsigned"
#: how a code begins: the district's letters, then the number of its form; a district may change its letters, so any are read
CODE_MARK = re.compile("[A-Z]{2,6}1")
#: the kinds of paper as a code names them; a letter, once given, is never given to another kind
KINDS = {
    "L": "政策符合性告知书", "N": "一次性告知书", "R": "受理回执", "C": "材料清单", "W": "测算明细", "M": "政策匹配清单",
}  # fmt: skip
OTHER_KIND, PRACTICE = "X", "P"
#: each use of the key signs under its own name, so that no signature can stand for another
CODE_USE, FILE_USE, _SALT_USE = b"pinggu-desk code\n", b"pinggu-desk file\n", b"pinggu-desk salt\n"
SIGNATURE_DIGITS = 128
_PART_ROOM = 130  # bytes that one part takes in the record, at most


class Signer(Protocol):
    """The office's key: signs, and tells its public half (32 bytes)."""

    @property
    def public(self) -> bytes:
        """The public key, 32 bytes."""

    def sign(self, data: bytes) -> bytes:
        """An Ed25519 signature, 64 bytes."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What one paper carries: its record but for the parts of the file, its code, and who signs."""

    record: dict[str, Any]
    code: str
    signer: Signer


def proof_of(visit: Visit, title: str, signer: Signer | None) -> Proof | None:
    """The proof of a paper called ``title``; None for papers made without the register, which are never signed."""
    if visit.serial is None or signer is None:
        return None
    salt = hashlib.sha256(signer.sign(_SALT_USE + f"{visit.serial} {title} {visit.printed_at}".encode())).hexdigest()
    content = {"salt": salt} | content_of(visit)
    day = visit.printed_at.date().isoformat()
    key = fingerprint(signer.public)
    kind = next((letter for letter, name in KINDS.items() if name == title), OTHER_KIND)
    fields = (
        here().code_mark, kind + PRACTICE * visit.practice, visit.serial, day.replace("-", ""), visit.pack_version,
        base32(hashlib.sha256(canonical(content)).digest()), key,
    )  # fmt: skip
    body = ":".join(fields).upper()
    code = f"{body}:{base32(signer.sign(CODE_USE + body.encode()))}"
    record = {
        "kind": title, "serial": visit.serial, "date": day, "pack": visit.pack_version, "office": clean(visit.office),
        "practice": visit.practice, "key": key, "code": code, "content": content,
    }  # fmt: skip
    if visit.anchor:  # the paper then vouches for the register's trail, as its issuer does for the paper
        record["anchor"] = visit.anchor
    return Proof(record, code, signer)


def content_of(visit: Visit) -> dict[str, Any]:
    """What a paper of this visit says, whenever and under whatever number: two with the same are the same paper twice."""
    return {
        "policy": visit.policy,
        "on": visit.on.isoformat(),
        "applicant": clean(visit.applicant.name),
        "stated": [[clean(one.name), clean(one.value)] for one in visit.stated],
        "found": [[d.benefit, clean(d.title), d.status_words, d.headline] for d in visit.determinations],
        "materials": [[clean(line.material.name), line.state] for line in visit.materials],
    }


def with_texts(proof: Proof, pages: Sequence[str], called: Sequence[str]) -> Proof:
    """The proof with each page's name and a digest of its text: tells a file saved anew from one whose words were changed."""
    digests = [text_digest(text) for text in pages]
    return replace(proof, record=proof.record | {"texts": digests, "pages": list(called)})


def text_digest(text: str) -> str:
    """A digest of the characters of a page, in whatever order and with whatever white space they were read."""
    return hashlib.sha256("".join(sorted("".join(text.split()))).encode("utf-8", "replace")).hexdigest()[:16]


def fingerprint(public: bytes) -> str:
    """A key's fingerprint (指纹): 80 bits of its SHA-256 as 16 letters and digits."""
    return base32(hashlib.sha256(public).digest()[:10])


def base32(data: bytes) -> str:
    """Base 32 (RFC 4648) without padding: capitals and digits, which a QR code packs and a scanner types safely."""
    return b32encode(data).decode().rstrip("=")


def canonical(data: Any) -> bytes:
    """JSON in one form only: keys sorted, no spaces, ASCII."""
    return json.dumps(data, sort_keys=True, separators=(",", ":")).encode()


# --- in the file


def blank(proof: Proof | None, pages: int) -> bytes:
    """What stands in the file until it is sealed; as long as the record of a paper of so many pages can be."""
    room = len(UNSIGNED)
    if proof is not None:
        room = len(canonical(proof.record)) + SIGNATURE_DIGITS + _PART_ROOM * (2 * pages + 10)
    return OPENING + b" " * room + CLOSING


def seal(data: bytes, proof: Proof | None, labels: Sequence[tuple[int, str]]) -> bytes:
    """The finished file: its blank filled with the signed record.

    ``labels`` says at which offsets of ``data`` what begins, in order; what comes before the first is the head.
    """
    start = data.index(OPENING) + len(OPENING)
    end = data.index(CLOSING, start)
    if proof is None:
        filled = UNSIGNED
    else:
        record = canonical(proof.record | {"parts": _parts(data, start, end, labels)})
        filled = record + b"\n" + proof.signer.sign(FILE_USE + record).hex().encode()
    return data[:start] + filled.ljust(end - start) + data[end:]


def _parts(data: bytes, start: int, end: int, labels: Sequence[tuple[int, str]]) -> list[list[str | int]]:
    """Everything outside ``start`` to ``end`` as runs: name, length, SHA-256."""
    outside = data[:start] + data[end:]
    runs: list[tuple[int, str]] = [(0, "文件结构")]
    for offset, label in labels:
        if label != runs[-1][1]:
            runs.append((offset if offset <= start else offset - (end - start), label))
    ends = [*(offset for offset, _ in runs[1:]), len(outside)]
    return [
        [label, stop - offset, hashlib.sha256(outside[offset:stop]).hexdigest()]
        for (offset, label), stop in zip(runs, ends, strict=True)
    ]
