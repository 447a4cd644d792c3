"""Passwords and codes: what a good password is, how a secret wraps the register's key, how a recovery code looks.

Argon2id (RFC 9106) turns what a clerk types into a key; AES-256-GCM wraps the register's own random key with it.
The wrapped key is bound to the slot's identity, so that slots can't be swapped about in the file.
"""

from __future__ import annotations

import secrets
import unicodedata
from typing import TypedDict

from pinggu_desk.register.errors import WeakPassword

KEY_BYTES = 32
COST = (3, 64 * 1024, 4)  # passes, KiB of memory, lanes: RFC 9106's choice for a machine short of memory
_LEAST_LENGTH = 8
_LEAST_KINDS = 3
_LETTERS = "23456789ACDEFGHJKMNPQRTUVWXY"  # no 0/O, 1/I/L, 2/Z, 5/S or 8/B side by side
_GROUPS, _GROUP = 6, 4  # 24 of 28 characters: 115 bits


class Wrapped(TypedDict):
    """A key wrapped under a secret, with all that is needed to unwrap it but the secret. Bytes are in hexadecimal."""

    cost: list[int]
    salt: str
    nonce: str
    key: str


def check_password(password: str) -> None:
    """Raise `WeakPassword` unless there are 8 characters of 3 kinds (capitals, small letters, digits, others)."""
    text = _plain(password)
    kinds = {
        "upper" if "A" <= c <= "Z" else "lower" if "a" <= c <= "z" else "digit" if c.isdigit() else "other"
        for c in text
    }
    if len(text) < _LEAST_LENGTH or len(kinds) < _LEAST_KINDS:
        raise WeakPassword(
            f"口令太简单：现有 {len(text)} 位、{len(kinds)} 类字符；"
            f"至少要 {_LEAST_LENGTH} 位，并含大写字母、小写字母、数字、其他符号中的三类。"
        )


def new_recovery_code() -> str:
    """A fresh recovery code (恢复码), in groups of letters and digits that don't look alike."""
    letters = [secrets.choice(_LETTERS) for _ in range(_GROUPS * _GROUP)]
    return "-".join("".join(letters[i : i + _GROUP]) for i in range(0, len(letters), _GROUP))


def read_recovery_code(typed: str) -> str:
    """The code as it was given, from what was typed: case, width, spaces and dashes don't matter."""
    letters = [c for c in _plain(typed).upper() if c.isascii() and c.isalnum()]
    return "-".join("".join(letters[i : i + _GROUP]) for i in range(0, len(letters), _GROUP))


def wrap(key: bytes, secret: str, bound_to: bytes) -> Wrapped:
    """Wrap a key under a secret and bind it to an identity."""
    salt, nonce = secrets.token_bytes(16), secrets.token_bytes(12)
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


def _stretch(secret: str, salt: bytes, cost: list[int]) -> bytes:
    passes, memory, lanes = cost
    from argon2.low_level import Type, hash_secret_raw

    return hash_secret_raw(_plain(secret).encode(), salt, passes, memory, lanes, KEY_BYTES, Type.ID)


def _plain(text: str) -> str:
    """Full-width letters that an input method left on are the same letters."""
    return unicodedata.normalize("NFKC", text)
