"""The bundled pack, read and checked once and kept as one file (编译缓存), so that the desk starts without reading 24 texts.

The file lies in the program's own folder, beside its code, and is trusted like it; it is never looked for in a pack that
was handed over from elsewhere. It is used only while the sources it was made from, and the code that read them, are the
same; else the sources are read and checked as ever.
"""

from __future__ import annotations

import contextlib
import gc
import hashlib
import os
import pickle
import sys
from pathlib import Path

from pinggu_desk import __version__
from pinggu_desk.policy.district import remember
from pinggu_desk.policy.models import Pack
from pinggu_desk.policy.resources import pack_root, resource_root

NAME = "pack.bin"


def load_bundled() -> Pack:
    """The pack in use: the program's own from the kept file where it holds, else as ``load_pack`` reads it (and raises BadPack)."""
    root = pack_root()
    pack = _kept(root) if root == resource_root() else None
    if pack is None:
        from pinggu_desk.policy.pack import load_pack

        pack = load_pack(root)
    remember(root, pack.district)
    return pack


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
    collecting = gc.isenabled()
    gc.disable()  # nothing of what is read becomes garbage, and looking for it takes as long as reading
    try:
        with contextlib.suppress(Exception):  # made by another version: read the sources instead
            pack = pickle.loads(data)  # noqa: S301 - our own file, in our own folder
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
