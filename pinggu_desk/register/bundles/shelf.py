"""Bundles as an office uses them: whom they are enciphered to, files made and opened, receipts that go back."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError
from sqlalchemy import select

from pinggu_desk.register.bundles.join import JoinShelf
from pinggu_desk.register.bundles.records import Digest, Parcel, Receipt, canonical
from pinggu_desk.register.errors import BundleRefused, RegisterDamaged
from pinggu_desk.register.roles import Act
from pinggu_desk.register.rows import add
from pinggu_desk.register.shelf import needs
from pinggu_desk.register.signing import TrustedKey
from pinggu_desk.register.tables import exchange_keys, sealed_columns
from pinggu_desk.register.trailcheck import blob

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    from pinggu_desk.register.bundles.sealed import Opened
_KEY = select(*sealed_columns(exchange_keys), exchange_keys.c.seal)
_RECEIVING, _RECEIPT, _FORMAT, _MOST = "receiving key", "receipt", 1, 1 << 16

Signature = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{128}$")]


class _Signed(BaseModel):
    """A short file that one office gives another, signed by its own key."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")
    kind: str
    format: int
    register_id: Digest
    exchange: Digest | None = None
    receipt: Receipt | None = None
    signature: Signature


@dataclass(frozen=True, slots=True)
class Receiver:
    """Whom a bundle is for: the register's id, the key to encipher to (X25519), and what its office is called here."""

    register_id: str
    exchange: bytes
    office: str


class BundleShelf(JoinShelf):
    """The bundles' part of the register."""

    @needs(Act.WORK)
    def receiving_key_file(self) -> bytes:
        """What others need to encipher bundles to this register (收件公钥), signed: for a file that they are given."""
        from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

        public = self._exchange_key().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        return self._signed({"kind": _RECEIVING, "exchange": public.hex()})

    def read_receiving_key(self, data: bytes, name: str) -> Receiver:
        """Whom such a file is of. Raises `BundleRefused` unless a trusted office signed it."""
        told, office = self._read_signed(data, name, _RECEIVING, "收件公钥")
        if told.exchange is None:
            raise BundleRefused(f"“{name}”不是收件公钥文件，请选择对方导出的收件公钥。")
        return Receiver(told.register_id, bytes.fromhex(told.exchange), office)

    @needs(Act.WORK)
    def sealed_bundle(self, parcel: Parcel, *, receiver: Receiver | None = None, passphrase: str = "") -> bytes:
        """The file of a parcel, signed, and enciphered to a register or under a passphrase (which must be a good one)."""
        from pinggu_desk.register.bundles.sealed import seal_bundle
        from pinggu_desk.register.passwords import check_password

        if receiver is None:
            check_password(passphrase)
        exchange = receiver.exchange if receiver else None
        return seal_bundle(parcel, self.office_key(), receiver=exchange, passphrase=passphrase)

    def opened_bundle(self, data: bytes, name: str, *, passphrase: str = "") -> Opened:
        """What a bundle's file holds, and from which office it is. Raises `BundleRefused` in one sentence."""
        from pinggu_desk.register.bundles.sealed import open_bundle

        return open_bundle(data, name, self._senders(), self._exchange_key(), passphrase=passphrase)

    @needs(Act.WORK)
    def receipt_file(self, receipt: Receipt) -> bytes:
        """The receipt of a joined parcel, signed: it goes back to the sender."""
        return self._signed({"kind": _RECEIPT, "receipt": receipt.model_dump()})

    def read_receipt(self, data: bytes, name: str) -> Receipt:
        """What a receipt's file says. Raises `BundleRefused` unless the register that joined signed it, and is trusted."""
        told, _office = self._read_signed(data, name, _RECEIPT, "回执")
        if told.receipt is None or told.receipt.receiver != told.register_id:
            raise BundleRefused(f"“{name}”不是回执文件，请选择对方并入后给出的回执。")
        return told.receipt

    def _senders(self) -> list[TrustedKey]:
        """Those whose bundles are read: trusted offices, and a copy of this very register that was carried elsewhere."""
        return [*self.trusted_keys(), TrustedKey(self.office_key().public, "另一台电脑上的本登记库", self._now())]

    # --- the key pair of this register, and short signed files

    def _exchange_key(self) -> X25519PrivateKey:
        """The register's own pair, made when it is first asked for. Raises `RegisterDamaged` when it was altered."""
        from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

        with self._db.transaction():
            self._db.lock("bundles")
            row = self._db.row(_KEY)
            if row is None:
                made = X25519PrivateKey.generate()
                add(self._db, exchange_keys, 1, made.private_bytes_raw(), self._stamp())
                return made
        private = blob(row[1])
        if blob(row[3]) != self._db.seal(exchange_keys.name, row[0], private, row[2]):
            raise RegisterDamaged(
                f"登记库“{self._db.path.parent}”的收件密钥被改动，不能并入数据包；请从最近的备份恢复。"
            )
        return X25519PrivateKey.from_private_bytes(private)

    def _signed(self, what: dict[str, Any]) -> bytes:
        said = {**what, "format": _FORMAT, "register_id": self.register_id}
        signature = self.office_key().sign(_told(said)).hex()
        return json.dumps({**said, "signature": signature}, ensure_ascii=False, indent=1).encode()

    def _read_signed(self, data: bytes, name: str, kind: str, called: str) -> tuple[_Signed, str]:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        try:
            if len(data) > _MOST:
                raise ValueError(len(data))
            told = _Signed.model_validate_json(data)
            if told.kind != kind:
                raise ValueError(told.kind)
        except (ValidationError, ValueError) as error:
            raise BundleRefused(f"“{name}”不是{called}文件，或已损坏；请选择对方给出的{called}文件。") from error
        if told.format > _FORMAT:
            raise BundleRefused(f"“{name}”由更新版本的程序写成，请升级本程序后再用。")
        office = next((key.office for key in self._senders() if key.public.hex() == told.register_id), None)
        if office is None:
            raise BundleRefused(
                f"“{name}”由本处不认识的单位签发，没有采用；向对方核实后，先把对方的公钥添加到可信公钥。"
            )
        said = told.model_dump(exclude={"signature"}, exclude_none=True)
        try:
            key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(told.register_id))
            key.verify(bytes.fromhex(told.signature), _told(said))
        except (InvalidSignature, ValueError) as error:
            raise BundleRefused(f"“{name}”与对方的签名不符，被改动过，没有采用；请让对方重新给出。") from error
        return told, office


def _told(said: dict[str, Any]) -> bytes:
    return b"pinggu_desk exchange 1" + canonical(said)
