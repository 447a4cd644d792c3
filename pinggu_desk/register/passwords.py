"""Passwords and codes: how a secret wraps the register's key, how a recovery code looks.

Argon2id (RFC 9106) turns what a clerk types into a key; AES-256-GCM wraps the register's own random key with it.
The wrapped key is bound to the slot's identity, so that slots can't be swapped about in the file.
"""

from __future__ import annotations

import secrets
from typing import TypedDict

from pinggu_desk.register.strength import check_password, plain

__all__ = [
    "COST",
    "KEY_BYTES",
    "Wrapped",
    "check_password",
    "is_wrapped",
    "new_recovery_code",
    "read_recovery_code",
    "unwrap",
    "wrap",
]

KEY_BYTES = 32
COST = (3, 64 * 1024, 4)  # passes, KiB of memory, lanes: RFC 9106's choice for a machine short of memory
_MOST_COST = (64, 2 << 20, 64)  # no file makes us work for minutes or ask for more than 2 GiB
_SALT, _NONCE, _TAG = 16, 12, 16
_LETTERS = "23456789ACDEFGHJKMNPQRTUVWXY"  # no 0/O, 1/I/L, 2/Z, 5/S or 8/B side by side
_GROUPS, _GROUP = 6, 4  # 24 of 28 characters: 115 bits


class Wrapped(TypedDict):
    """A key wrapped under a secret, with all that is needed to unwrap it but the secret. Bytes are in hexadecimal."""

    cost: list[int]
    salt: str
    nonce: str
    key: str


def new_recovery_code() -> str:
    """A fresh recovery code (恢复码), in groups of letters and digits that don't look alike."""
    letters = [secrets.choice(_LETTERS) for _ in range(_GROUPS * _GROUP)]
    return "-".join("".join(letters[i : i + _GROUP]) for i in range(0, len(letters), _GROUP))


def read_recovery_code(typed: str) -> str:
    """The code as it was given, from what was typed: case, width, spaces and dashes don't matter."""
    letters = [c for c in plain(typed).upper() if c.isascii() and c.isalnum()]
    return "-".join("".join(letters[i : i + _GROUP]) for i in range(0, len(letters), _GROUP))


def wrap(key: bytes, secret: str, bound_to: bytes) -> Wrapped:
    """Wrap a key under a secret and bind it to an identity."""
    salt, nonce = secrets.token_bytes(_SALT), secrets.token_bytes(_NONCE)
    cost = list(COST)
    from cryptography.hazmat.primitives.ciphers.aead import (
        AESGCM,
    )  # late: the login page is painted before it is needed

    sealed = AESGCM(_stretch(secret, salt, cost)).encrypt(nonce, key, bound_to)
    return {"cost": cost, "salt": salt.hex(), "nonce": nonce.hex(), "key": sealed.hex()}


def unwrap(wrapped: Wrapped, secret: str, bound_to: bytes) -> bytes | None:
    """The key, or None if the secret (or the identity) is not the one that it was wrapped with."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    opener = AESGCM(_stretch(secret, bytes.fromhex(wrapped["salt"]), wrapped["cost"]))
    try:
        return opener.decrypt(bytes.fromhex(wrapped["nonce"]), bytes.fromhex(wrapped["key"]), bound_to)
    except InvalidTag:
        return None


def is_wrapped(raw: object, size: int) -> bool:
    """Whether something read from a file can be a wrapped key of so many bytes; its cost is one that a machine can bear."""
    if not isinstance(raw, dict):
        return False
    cost = raw.get("cost")
    if not isinstance(cost, list) or len(cost) != len(_MOST_COST) or any(type(each) is not int for each in cost):
        return False
    _passes, memory, lanes = cost
    if any(not 1 <= each <= most for each, most in zip(cost, _MOST_COST, strict=True)) or memory < 8 * lanes:
        return False
    sizes = {"salt": _SALT, "nonce": _NONCE, "key": size + _TAG}
    try:
        return all(len(bytes.fromhex(raw[name])) == wanted for name, wanted in sizes.items())
    except (KeyError, TypeError, ValueError):
        return False


def _stretch(secret: str, salt: bytes, cost: list[int]) -> bytes:
    passes, memory, lanes = cost
    from argon2.low_level import Type, hash_secret_raw

    return hash_secret_raw(plain(secret).encode(), salt, passes, memory, lanes, KEY_BYTES, Type.ID)
