"""Where the key slots lie: in a folder's ``register.keys``, or wherever a shared register keeps them; read and replaced whole."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol

from pinggu_desk.register import entrance, machine
from pinggu_desk.register.errors import RegisterDamaged
from pinggu_desk.register.files import as_register_error, locked, write_whole

LOCK = "register.lock"


class Held(Protocol):
    """The slots while nobody else may change them."""

    def read(self) -> bytes:
        """What is kept, whole. Raises `RegisterDamaged` where there is nothing, `DiskFault`."""

    def replace(self, data: bytes) -> None:
        """Put other bytes in their place, whole or not at all; they are durable on return.

        They stay also where the block in which they are held ends by an exception: a wrong password is counted and refused.
        """

    def clock(self) -> tuple[str, float]:
        """Seconds by a clock that nobody sets, and which clock that is: readings of the same one can be compared.

        It never runs faster than time; it may begin anew (when a machine starts).
        """


class KeyStore(Protocol):
    """One place of slots. ``where`` names it in sentences."""

    @property
    def where(self) -> str:
        """The place, as a sentence names it."""

    def held(self) -> AbstractContextManager[Held]:
        """Hold the slots against every other window until the block ends. Raises `KeysHeld`, naming the holder."""

    def read(self) -> bytes:
        """What is kept, without waiting for whoever holds it. Raises as `Held.read`."""


class FolderStore:
    """``register.keys`` in a register's folder, held by ``register.lock`` beside it."""

    def __init__(self, folder: Path, patience: float | None = None) -> None:
        self._path, self._lock, self._patience = folder / entrance.KEYS, folder / LOCK, patience

    @property
    def where(self) -> str:
        """See `KeyStore.where`."""
        return str(self._path)

    @contextmanager
    def held(self) -> Iterator[Held]:
        """See `KeyStore.held`."""
        patience, self._patience = self._patience, None  # whoever came in waits as everybody does
        with locked(self._lock, patience):
            yield self

    def read(self) -> bytes:
        """See `KeyStore.read`."""
        try:
            return self._path.read_bytes()
        except FileNotFoundError as error:
            raise RegisterDamaged(
                f"登记库缺少密钥文件“{self._path}”，没有它打不开数据；请从备份中找回同名文件放回原处。"
            ) from error
        except OSError as error:
            raise as_register_error(error, self._path.parent) from error

    def replace(self, data: bytes) -> None:
        """See `Held.replace`."""
        write_whole(self._path, data)

    def clock(self) -> tuple[str, float]:
        """See `Held.clock`: since this machine was started."""
        return machine.name(), machine.uptime()
