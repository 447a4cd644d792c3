"""The office's signing key (签发密钥) and the public keys of other offices that this one trusts (可信公钥).

The private half is made with the register and never leaves it: the database is encrypted, and a backup holds it like
everything else. The public half also lies in the open beside the database, for checks without a password.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select, update

from pinggu_desk.register import events
from pinggu_desk.register.audit import append
from pinggu_desk.register.errors import InvalidEntry, NotFound, RegisterDamaged
from pinggu_desk.register.files import write_whole
from pinggu_desk.register.roles import Act
from pinggu_desk.register.rows import add
from pinggu_desk.register.shelf import Shelf, needs
from pinggu_desk.register.store import Store
from pinggu_desk.register.tables import audit, of_its_kind, signing_keys, trusted_keys

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

#: the office's own public key, as PEM, in the register's folder
PUBLIC_FILE = "office.pub"
_KEY_BYTES = 32

_t, _s = trusted_keys.c, signing_keys.c
_TRUSTED = select(_t.public, _t.office, _t.added_at).where(_t.removed_at.is_(None)).order_by(_t.id)
_ONE = select(_t.id, _t.public, _t.office, _t.added_at, _t.clerk_no).where(
    _t.public == bindparam("public"), _t.removed_at.is_(None)
)
_REMOVE = (
    update(trusted_keys)
    .where(_t.id == bindparam("number"))
    .values(removed_at=bindparam("at"), seal=bindparam("new_seal"))
)
_MADE = select(audit.c.id).where(audit.c.event == bindparam("event")).limit(1)
_OWN = select(_s.id, _s.private, _s.made_at, _s.seal)


class OfficeKey:
    """The office's key at work: signs, and tells its public half."""

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private
        #: 32 bytes (Ed25519)
        self.public = private.public_key().public_bytes_raw()

    def sign(self, data: bytes) -> bytes:
        """An Ed25519 signature, 64 bytes; the same data give the same one."""
        return self._private.sign(data)


@dataclass(frozen=True, slots=True)
class TrustedKey:
    """Another office's public key (32 bytes, Ed25519), the name it was added under, and when."""

    public: bytes
    office: str
    added_at: datetime


class SigningShelf(Shelf):
    """The keys' part of the register."""

    folder: Path
    warnings: tuple[str, ...]

    def office_key(self) -> OfficeKey:
        """The office's key. Raises `RegisterDamaged` when it was altered."""
        return OfficeKey(_read(self._db))

    def trusted_keys(self) -> list[TrustedKey]:
        """The other offices' keys that are trusted here, in the order in which they were added."""
        rows = self._db.rows(_TRUSTED)
        return [TrustedKey(bytes(row[0]), row[1], datetime.fromisoformat(row[2])) for row in rows]

    def _publish_key(self) -> None:
        """Lay the public half out again at an opening; that another key lay there is told, and goes on the trail."""
        if publish_key(self._db, self.folder):
            with self._db.transaction():
                append(self._db, self._stamp(), self._clerk.no, events.KEY_LAID_AGAIN, PUBLIC_FILE, "")
            self.warnings += (
                f"登记库旁边的公钥文件 {PUBLIC_FILE} 不是本登记库的，可能被换过，已换回；在此以前用命令行验真的结果请重新验一次。",
            )

    @needs(Act.TRUST)
    def trust_key(self, public: bytes, office: str) -> TrustedKey:
        """Trust another office's key, under a name. Raises `InvalidEntry` (no name, own or known key)."""
        office = office.strip()
        if len(public) != _KEY_BYTES:
            raise InvalidEntry(f"公钥应为 {_KEY_BYTES} 字节，现为 {len(public)} 字节；请重新取得公钥文件。")
        if not office:
            raise InvalidEntry("没有写明公钥属于哪个单位，请填写单位名称。")
        with self._db.transaction():
            if public == self.office_key().public:
                raise InvalidEntry("这是本单位自己的公钥，本机出具的文书本来就能验，不用再添加。")
            known = next((key for key in self.trusted_keys() if key.public == public), None)
            if known is not None:
                raise InvalidEntry(f"这个公钥已以“{known.office}”的名义添加过，不用再添加。")
            number, at = self._db.next_id(trusted_keys), self._stamp()
            add(self._db, trusted_keys, number, public, office, at, self._clerk.no, None)
            append(self._db, at, self._clerk.no, events.KEY_TRUSTED, f"公钥{number}", office)
            return TrustedKey(public, office, datetime.fromisoformat(at))

    @needs(Act.TRUST)
    def distrust_key(self, public: bytes) -> None:
        """Trust a key no more; the row stays, marked, and the trail tells. Raises `NotFound`."""
        with self._db.transaction():
            row = self._db.row(_ONE, public=public)
            if row is None:
                raise NotFound("可信公钥中没有这一个，可能已经移除，请看重新列出的。")
            at = self._stamp()
            seal = self._db.seal("trusted_keys", *row, at)
            self._db.run(_REMOVE, at=at, new_seal=seal, number=row[0])
            append(self._db, at, self._clerk.no, events.KEY_DISTRUSTED, f"公钥{row[0]}", row[2])


def ensure_key(db: Store, at: str, clerk_no: str) -> None:
    """Make the office's key unless the register has one: at set-up, and once in a register of an earlier version.

    One that was taken out is not made anew: `publish_key` says that it is missing.
    """
    if db.row(_OWN) is not None or db.row(_MADE, event=events.KEY_MADE) is not None:
        return
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    private = Ed25519PrivateKey.generate().private_bytes_raw()
    with db.transaction():
        if db.row(_OWN) is not None:  # another window was quicker
            return
        add(db, signing_keys, 1, private, at)
        append(db, at, clerk_no, events.KEY_MADE, "登记库", "")


def publish_key(db: Store, folder: Path) -> bool:
    """Lay the public half beside the database, unless it lies there already; whether another key lay in its place.

    Raises `DiskFull`, `DiskFault`.
    """
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    pem = _read(db).public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    path = folder / PUBLIC_FILE
    there = b""
    with suppress(OSError):  # what can't be read is written anew
        there = path.read_bytes() if path.exists() else b""
    if there == pem:
        return False
    write_whole(path, pem)
    return bool(there)


def _read(db: Store) -> Ed25519PrivateKey:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    row = db.row(_OWN)
    if row is None or not of_its_kind(signing_keys, row) or row[3] != db.seal("signing_keys", *row[:3]):
        raise RegisterDamaged(f"登记库“{db.path.parent}”的签发密钥缺失或被改动，不能出具文书；请从最近的备份恢复。")
    return Ed25519PrivateKey.from_private_bytes(row[1])
