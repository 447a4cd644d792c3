"""A pack, read and checked once and kept as one file (编译缓存), so that the desk starts without reading 24 texts.

That of the pack which the program brings lies in the program's own folder, beside its code, and is trusted like it. That of
an installed pack is made on this machine, and believed only under a digest whose key never leaves it (`load_sealed`). Neither
is ever looked for in a pack that was handed over from elsewhere: what comes on a stick is read as text. It is used only while
the sources it was made from, and the code that read them, are the same; else the sources are read and checked as ever.
"""

from __future__ import annotations

import contextlib
import gc
import hashlib
import hmac
import os
import pickle
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

from pinggu_desk import __version__
from pinggu_desk.policy.district import remember
from pinggu_desk.policy.masking import use
from pinggu_desk.policy.models import Pack
from pinggu_desk.policy.resources import pack_root, resource_root

NAME = "pack.bin"
_HEAD = 64


#: how the installed pack that serves is loaded, by its folder; who starts the program says so (`load_by`)
_installed: dict[Path, Callable[[], Pack]] = {}


def load_by(root: Path, load: Callable[[], Pack]) -> None:
    """Say how the installed pack in that folder is verified and loaded, should it be the one in use."""
    _installed[root] = load


def load_bundled() -> Pack:
    """The pack in use: an installed one, else the program's own from the kept file where it holds, else from its sources.

    Raises BadPack.
    """
    root = pack_root()
    if (load := _installed.get(root)) is not None:
        pack: Pack | None = load()
    else:
        pack = _kept(root) if root == resource_root() else None
    if pack is None:
        from pinggu_desk.policy.pack import load_pack

        pack = load_pack(root)
    remember(pack_root(), pack.district)
    use(pack.facts.values())
    return pack.at(date.today())


def keep_bundled() -> Path:
    """Read and check the bundled pack and keep it; the file written. Raises BadPack, or OSError where it can't write."""
    from pinggu_desk.policy.pack import load_pack

    root = resource_root()
    data = pickle.dumps(load_pack(root), pickle.HIGHEST_PROTOCOL)
    beside = root / f"{NAME}.new"
    beside.write_bytes(_stamp(root) + hashlib.sha256(data).digest() + data)
    os.replace(beside, root / NAME)
    return root / NAME


def _kept(root: Path) -> Pack | None:
    try:
        kept = (root / NAME).read_bytes()
    except OSError:
        return None
    stamp, digest, data = kept[:32], kept[32:64], kept[64:]
    if stamp != _stamp(root) or digest != hashlib.sha256(data).digest():
        return None
    return _unpickled(data)


def load_sealed(path: Path, key: bytes, root: Path) -> Pack | None:
    """An installed pack from the file that `keep_sealed` made of ``root``; None where it doesn't hold.

    Not a byte of it is read as anything before its digest under the machine's key was found right.
    """
    try:
        kept = path.read_bytes()
    except OSError:
        return None
    seal, stamp, data = kept[:32], kept[32:64], kept[64:]
    if len(kept) < _HEAD or not hmac.compare_digest(seal, _sealed(key, stamp, data)) or stamp != _stamp(root):
        return None
    return _unpickled(data)


def keep_sealed(path: Path, key: bytes, root: Path, pack: Pack) -> None:
    """Keep an installed pack, as read from ``root``, under the machine's key. Raises OSError where it can't write."""
    data, stamp = pickle.dumps(pack, pickle.HIGHEST_PROTOCOL), _stamp(root)
    beside = path.with_name(f"{path.name}.new")
    try:
        beside.write_bytes(_sealed(key, stamp, data) + stamp + data)
        beside.chmod(0o600)
        os.replace(beside, path)
    except OSError:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)
        raise


def _sealed(key: bytes, stamp: bytes, data: bytes) -> bytes:
    return hmac.digest(key, b"compiled pack\n" + stamp + data, "sha256")


def _unpickled(data: bytes) -> Pack | None:
    collecting = gc.isenabled()
    gc.disable()  # nothing of what is read becomes garbage, and looking for it takes as long as reading
    try:
        with contextlib.suppress(Exception):  # made by another version: read the sources instead
            pack = pickle.loads(data)  # noqa: S301 - made here: in the program's folder, or under the machine's own key
            return pack if isinstance(pack, Pack) else None
        return None
    finally:
        if collecting:
            gc.enable()


def _stamp(root: Path) -> bytes:
    """What the kept file was made from: the pack's files, the code that reads them, and the Python that runs it."""
    sha = hashlib.sha256(f"{__version__} {sys.version}".encode())
    code = sorted(Path(__file__).parent.glob("*.py"))  # none in the packaged program, which is built in one go
    for path in [*sorted(root.glob("*.yaml")), *sorted(root.glob("policies/*/*")), *code]:
        if path.name != "cases.yaml":
            sha.update(path.name.encode() + b"\0")
            sha.update(path.read_bytes())
    return sha.digest()


if __name__ == "__main__" and _kept(resource_root()) is None:
    keep_bundled()
