"""Public keys (公钥) as small files: PEM that any tool reads, with the office's name and the fingerprint above it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from pinggu_desk.documents.pdf.fonts import clean
from pinggu_desk.documents.proof.record import fingerprint
from pinggu_desk.policy.district import here
from pinggu_desk.policy.errors import BadInput

#: the ending of a public key's file
ENDING = ".pub"
_PEM = re.compile("-----BEGIN PUBLIC KEY-----[0-9A-Za-z+/=\\s]{1,400}-----END PUBLIC KEY-----")
_OFFICE = re.compile("^单位：(.*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class PublicKey:
    """An office's public key: 32 bytes (Ed25519), and the name it was given under, which no signature covers."""

    public: bytes
    office: str = ""

    @property
    def fingerprint(self) -> str:
        """The fingerprint (指纹) in groups of four, for reading out on the telephone."""
        print_ = fingerprint(self.public)
        return "-".join(print_[i : i + 4] for i in range(0, len(print_), 4))

    @property
    def words(self) -> str:
        """The office by name, else by fingerprint."""
        return f"“{self.office}”（公钥指纹 {self.fingerprint}）" if self.office else f"公钥指纹 {self.fingerprint}"


def key_file(key: PublicKey) -> str:
    """The text of a public key's file."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    pem = Ed25519PublicKey.from_public_bytes(key.public).public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    head = f"{here().program} 验真公钥，可以公开；收到后请电话核对指纹。"
    return f"{head}\n单位：{clean(key.office)}\n指纹：{key.fingerprint}\n{pem.decode()}"


def read_key(text: str, where: str) -> PublicKey:
    """A public key from its file's text. Raises BadInput naming ``where``."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    block, office = _PEM.search(text), _OFFICE.search(text)
    try:
        key = load_pem_public_key(block[0].encode()) if block else None
    except (ValueError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PublicKey):
        raise BadInput(f"“{where}”不是验真公钥文件，应是本程序“导出公钥”得到的 {ENDING} 文件。")
    return PublicKey(key.public_bytes_raw(), clean(office[1]).strip()[:100] if office else "")


def read_key_file(path: Path) -> PublicKey:
    """A public key from its file. Raises BadInput naming the file."""
    try:
        with path.open("rb") as file:
            text = file.read(10_000).decode("utf-8-sig", "replace")
    except FileNotFoundError:
        raise BadInput(f"找不到公钥文件“{path}”，请核对路径。") from None
    except OSError:
        raise BadInput(f"公钥文件“{path}”读不出来，请检查路径、权限和磁盘。") from None
    return read_key(text, str(path))
