"""How one secret (a clerk's password, the recovery code) leads to the register's key.

Each slot has a key pair of its own (X25519). The password wraps the private half, and the register's key is sealed to the
public half. So the register can be given a new key without anybody's password, and a clerk can be renamed without his; what
a slot is for is bound into both, so that slots can't be swapped about or passed off as another's.
A mark made with the register's own key says that a public half was put there by the program and not by an editor of the
file: nothing is sealed to one without it.
"""

from __future__ import annotations

import hmac
import json
import secrets
from typing import TYPE_CHECKING, Literal, NamedTuple, NotRequired, TypedDict

from pinggu_desk.register.errors import RegisterDamaged
from pinggu_desk.register.passwords import KEY_BYTES, Wrapped, is_wrapped, unwrap, wrap
from pinggu_desk.register.store import derive

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

_FORMAT = 2
_NONCE = 12


class Sealed(TypedDict):
    """A key sealed to a public half: the sender's own share, a nonce and the sealed key, in hexadecimal."""

    share: str
    nonce: str
    key: str


class Lock(TypedDict):
    """What stands between a secret and the register's key; ``renewed`` is its next key while it is being given one."""

    public: str
    private: Wrapped
    sealed: Sealed
    mark: str
    renewed: NotRequired[Sealed]


class Whose(NamedTuple):
    """What a slot is for."""

    register: str
    kind: Literal["clerk", "recovery"]
    no: str = ""
    name: str = ""
    window: str = ""

    def before(self) -> bytes:
        """What a slot of the first format was bound to."""
        who = [self.no, self.name, self.window] if self.kind == "clerk" else []
        return _words(1, self.register, self.kind, *who)

    def private(self, public: str) -> bytes:
        """What the private half is bound to: who it is, whatever he is called."""
        return _words(_FORMAT, "private", self.register, self.kind, self.no, public)

    def sealed(self, public: str) -> bytes:
        """What the register's key is bound to: who it is, and all that is shown of him."""
        return _words(_FORMAT, "sealed", *self, public)


class Opened(NamedTuple):
    """The register's key, and the one that is about to take its place."""

    key: bytes
    renewed: bytes | None = None


def make(secret: str, key: bytes, whose: Whose) -> Lock:
    """A new lock that a secret opens."""
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    pair = X25519PrivateKey.generate()
    public = pair.public_key().public_bytes_raw().hex()
    private = wrap(pair.private_bytes_raw(), secret, whose.private(public))
    return {
        "public": public, "private": private, "sealed": _seal(public, key, whose),
        "mark": _mark(key, whose, public, private),
    }  # fmt: skip


def open_lock(lock: Lock, secret: str, whose: Whose) -> Opened | None:
    """What a lock holds; None for a wrong secret. Raises `RegisterDamaged` where the lock is not the one that was made."""
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    half = unwrap(lock["private"], secret, whose.private(lock["public"]))
    if half is None:
        return None
    pair = X25519PrivateKey.from_private_bytes(half)
    renewed = lock.get("renewed")
    return Opened(_unseal(pair, lock["sealed"], whose), _unseal(pair, renewed, whose) if renewed is not None else None)


def open_before(wrapped: Wrapped, secret: str, whose: Whose) -> Opened | None:
    """What a slot of the first format holds: one key, which rows are sealed by and the file is opened by."""
    key = unwrap(wrapped, secret, whose.before())
    return Opened(key + key) if key is not None else None


def rename(lock: Lock, key: bytes, before: Whose, after: Whose) -> Lock:
    """The same lock for somebody who is called or placed otherwise now. Raises `RegisterDamaged` for one that was altered."""
    check(lock, key, before)
    public, private = lock["public"], lock["private"]
    return {
        "public": public, "private": private, "sealed": _seal(public, key, after),
        "mark": _mark(key, after, public, private),
    }  # fmt: skip


def renewing(lock: Lock, key: bytes, new: bytes, whose: Whose) -> Lock:
    """The lock with the next key beside the one in force. Raises `RegisterDamaged` for one that was altered."""
    check(lock, key, whose)
    return {**lock, "renewed": _seal(lock["public"], new, whose)}


def renewed(lock: Lock) -> Lock:
    """The lock with the next key in force."""
    if "renewed" not in lock:
        return lock
    return {
        "public": lock["public"], "private": lock["private"], "sealed": lock["renewed"], "mark": lock["mark"],
    }  # fmt: skip


def check(lock: Lock, key: bytes, whose: Whose) -> None:
    """Raise `RegisterDamaged` unless the program made this lock, for this person."""
    if not hmac.compare_digest(lock["mark"], _mark(key, whose, lock["public"], lock["private"])):
        raise RegisterDamaged(altered(whose))


def altered(whose: Whose) -> str:
    """The sentence for a slot that is not what the program made."""
    if whose.kind == "recovery":
        return "密钥文件中恢复码的记录被改动或损坏，这个恢复码用不了；请负责人登录后在“设置”里换一个恢复码。"
    return f"密钥文件中工号“{whose.no}”的记录被改动或损坏，不能登录；请负责人在“设置”里重设其口令，或用恢复码重设。"


def is_lock(raw: object) -> bool:
    """Whether something read from a file can be a lock."""
    if not isinstance(raw, dict) or not is_wrapped(raw.get("private"), KEY_BYTES):
        return False
    sealed = [raw.get("sealed"), *([raw["renewed"]] if "renewed" in raw else [])]
    return is_hex(raw.get("public"), KEY_BYTES) and is_hex(raw.get("mark"), KEY_BYTES) and all(map(_is_sealed, sealed))


def is_hex(raw: object, size: int) -> bool:
    """Whether something is so many bytes in hexadecimal."""
    try:
        return isinstance(raw, str) and len(bytes.fromhex(raw)) == size
    except ValueError:
        return False


def _is_sealed(raw: object) -> bool:
    return (
        isinstance(raw, dict) and is_hex(raw.get("share"), KEY_BYTES) and is_hex(raw.get("nonce"), _NONCE)
        and is_hex(raw.get("key"), 2 * KEY_BYTES + 16)
    )  # fmt: skip


def _mark(key: bytes, whose: Whose, public: str, private: Wrapped) -> str:
    """By the half of the register's key that never changes: a lock stays the program's when the key is renewed."""
    text = json.dumps([*whose, public, private], ensure_ascii=False, sort_keys=True).encode()
    return hmac.digest(derive(key[-KEY_BYTES:], "key slots"), text, "sha256").hex()


def _seal(public: str, key: bytes, whose: Whose) -> Sealed:
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    once = X25519PrivateKey.generate()
    share, nonce = once.public_key().public_bytes_raw(), secrets.token_bytes(_NONCE)
    shared = once.exchange(X25519PublicKey.from_public_bytes(bytes.fromhex(public)))
    sealed = AESGCM(_shared(shared, share, public)).encrypt(nonce, key, whose.sealed(public))
    return {"share": share.hex(), "nonce": nonce.hex(), "key": sealed.hex()}


def _unseal(pair: X25519PrivateKey, sealed: Sealed, whose: Whose) -> bytes:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    public, share = pair.public_key().public_bytes_raw().hex(), bytes.fromhex(sealed["share"])
    try:
        shared = pair.exchange(X25519PublicKey.from_public_bytes(share))
        opener = AESGCM(_shared(shared, share, public))
        return opener.decrypt(bytes.fromhex(sealed["nonce"]), bytes.fromhex(sealed["key"]), whose.sealed(public))
    except (InvalidTag, ValueError) as error:
        raise RegisterDamaged(altered(whose)) from error


def _shared(shared: bytes, share: bytes, public: str) -> bytes:
    """A key from what both sides know, bound to both public halves (HKDF of one block, RFC 5869)."""
    return derive(hmac.digest(share + bytes.fromhex(public), shared, "sha256"), "sealed to a key slot")


def _words(*parts: object) -> bytes:
    return json.dumps(parts, ensure_ascii=False).encode()
