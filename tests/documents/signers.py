"""Keys for the papers' tests: made from plain seeds, so that a paper is the same in every run."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pinggu_desk.documents.proof.keys import PublicKey


class SampleKey:
    """A key of a sample office."""

    def __init__(self, seed: int, office: str) -> None:
        self._private = Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)
        self.public = self._private.public_key().public_bytes_raw()
        self.key = PublicKey(self.public, office)

    def sign(self, data: bytes) -> bytes:
        return self._private.sign(data)


OURS = SampleKey(1, "示例街道政务服务中心")
THEIRS = SampleKey(2, "另一示例中心")
