"""``pack build``, ``pack keygen``, ``pack sign``: a folder of rules becomes one file, and the district's key signs it."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pinggu_desk import __version__
from pinggu_desk.policy.characters import brief
from pinggu_desk.policy.errors import BadInput, reason_of
from pinggu_desk.policy.models import Pack
from pinggu_desk.policy.packfile import MOST_BYTES, PackFile, make_pack_file, name_fault, read_pack_file, signed

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

_FORMS, _POLICIES = "forms", "policies"
#: what lies in the program's own folder beside its pack, or is left there by an editor
_LEFT = re.compile(r"(?:\..*|~.*|.*~|pack\.bin.*|Thumbs\.db)")
_KEY_BYTES = 10_000


@dataclass(frozen=True, slots=True)
class Folder:
    """Where a pack's files lie while they are worked on: the rules' folder, and that of its forms."""

    root: Path
    forms: Path


def folder_of(path: str | Path) -> Folder:
    """The pack in a folder: the folder itself, or its ``resources/``; forms within or beside. Raises BadInput."""
    root = Path(path)
    if not (root / _POLICIES).is_dir() and (root / "resources" / _POLICIES).is_dir():
        root = root / "resources"
    if not (root / _POLICIES).is_dir():
        raise BadInput(f"“{path}”不是政策包目录（其中应有 policies 子目录），请核对路径。")
    beside = root.parent / _FORMS if root.name == "resources" else root / _FORMS
    return Folder(root, root / _FORMS if (root / _FORMS).is_dir() else beside)


def contents_of(folder: Folder) -> dict[str, bytes]:
    """Every file of the pack in a folder, by its name in the pack.

    Raises BadInput for a file among the policies or forms that no pack holds: nothing is left out in silence.
    """
    found: dict[str, bytes] = {}
    names = [(path, path.name) for path in sorted(folder.root.glob("*.yaml"))]
    names += [
        (path, path.relative_to(folder.root).as_posix()) for path in sorted((folder.root / _POLICIES).rglob("*"))
        if not path.is_dir()
    ]  # fmt: skip
    if folder.forms.is_dir():
        names += [(path, f"{_FORMS}/{path.name}") for path in sorted(folder.forms.iterdir()) if not path.is_dir()]
    for path, name in names:
        if _LEFT.fullmatch(path.name):
            continue
        if fault := name_fault(name):
            raise BadInput(f"“{folder.root}”里的{fault}")
        try:
            with path.open("rb") as file:
                found[name] = file.read(MOST_BYTES + 1)
        except OSError as error:
            raise BadInput(f"“{path}”读不出来（{reason_of(error)}），请检查权限和磁盘。") from None
    return found


def build(path: str | Path, *, day: date, pack: Pack, needs: str = "", previous: str = "") -> PackFile:
    """The pack in a folder as a pack file, unsigned; ``pack`` is the same as read and checked. Raises BadInput."""
    contents = contents_of(folder_of(path))
    said = district_words(contents.get("district.yaml", b""))
    return make_pack_file(
        contents, district=said, title=f"{said or '本区'}政策包 {edition_of(pack)}", version=pack.version,
        edition=edition_of(pack), day=day, needs=needs or __version__, previous=previous,
    )  # fmt: skip


def edition_of(pack: Pack) -> str:
    """The edition (版次) of a pack, without the digest of its files."""
    return pack.version.split("+", 1)[0]


def district_words(data: bytes) -> str:
    """The district's name (名称) in its district.yaml; empty where there is none."""
    found = re.search(r"^名称: *[\"']?([^\"'#\n]{1,60})", data.decode("utf-8-sig", "replace"), re.MULTILINE)
    return found[1].strip() if found else ""


# --- keys


def new_key(path: Path, password: str = "") -> bytes:
    """Make a district's key and write its secret half, which only the user can read; its public half.

    Raises BadInput where the file is there already (a key is never written over), or can't be written.
    """
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import (
        BestAvailableEncryption,
        Encoding,
        NoEncryption,
        PrivateFormat,
    )

    key = Ed25519PrivateKey.generate()
    how: Any = BestAvailableEncryption(password.encode()) if password else NoEncryption()
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, how)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(pem)
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError:
        raise BadInput(f"“{path}”已经存在；签名密钥不能覆盖，请换一个文件名，或先把旧密钥妥善移走。") from None
    except OSError as error:
        raise BadInput(f"密钥文件“{path}”写不进去（{reason_of(error)}），请换一个位置。") from None
    return key.public_key().public_bytes_raw()


def read_private_key(path: Path, password: str = "") -> Ed25519PrivateKey:
    """A district's key from its file. Raises BadInput: not there, no such key, locked by a password."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    data = read_some(path, _KEY_BYTES, "签名密钥文件")
    try:
        key = load_pem_private_key(data, password.encode() if password else None)
    except TypeError:
        why = "没有设口令，请去掉口令再试" if password else "设有口令，请给出口令"
        raise BadInput(f"签名密钥“{path}”{why}。") from None
    except (ValueError, UnsupportedAlgorithm):
        wrong = "口令不对，或文件" if password else ""
        raise BadInput(f"签名密钥“{path}”{wrong}不是“pack keygen”做成的密钥，请核对。") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise BadInput(f"签名密钥“{path}”不是 Ed25519 密钥，请用“pack keygen”做成的密钥。")
    return key


def sign_file(path: Path, key: Ed25519PrivateKey) -> PackFile:
    """The pack file at ``path``, signed. Raises BadInput where it is none, or was altered since it was built."""
    return signed(read_file(path), key.public_key().public_bytes_raw(), key.sign)


# --- reading files that somebody brings


def read_file(path: Path) -> PackFile:
    """A pack file, read whole and held against its own manifest. Raises BadInput."""
    return read_pack_file(read_some(path, MOST_BYTES + 1, "政策包"), str(path))


def read_some(path: Path, most: int, what: str) -> bytes:
    """At most so many bytes of a plain file. Raises BadInput naming it."""
    try:
        if path.exists() and not path.is_file():  # a folder, a pipe, a device: reading one may never end
            raise BadInput(f"“{path}”不是文件，请给出{what}。")
        with path.open("rb") as file:
            return file.read(most)
    except FileNotFoundError:
        raise BadInput(f"找不到{what}“{brief(path, 120)}”，请核对路径。") from None
    except (OSError, ValueError):  # ValueError: a path that no system has
        raise BadInput(f"{what}“{brief(path, 120)}”读不出来，请检查路径、权限和磁盘。") from None
