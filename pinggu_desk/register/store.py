"""What every engine that keeps a register gives: transactions, statements, seals. `database` is SQLCipher's.

A statement is one of SQLAlchemy Core, compiled once (`statements`); its values are given by name.
"""

from __future__ import annotations

import ctypes
import hashlib
import hmac
import json
import sys
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from pinggu_desk.register.errors import InvalidEntry
from pinggu_desk.register.statements import Kind, Statement, Value, Values, highest, prepared
from pinggu_desk.register.tables import NUMBERS, as_sealed, of_its_kind, sealed_values
from pinggu_desk.register.tallies import Tallies

if TYPE_CHECKING:
    from sqlalchemy import Table

T = TypeVar("T")
Fetch = Callable[[Any], T]
Breathe = Callable[[], None]
_HALF = 32  # bytes
_BETWEEN = 64  # rows between two breaths
#: how a fault begins that says a row refers to one that isn't there: whatever else is in the file can be read
DANGLING = "foreign_key_check"
_canonically = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=bytes.hex).encode
#: the library makes it anew for each text, which costs more than the text itself; not every interpreter has it
_make_encoder: Any = getattr(json.encoder, "c_make_encoder", None)
_chunks: Any = _make_encoder and _make_encoder(
    None, bytes.hex, json.encoder.encode_basestring, None, ":", ",", False, False, True
)


def _canonical(values: list[Any]) -> str:
    """The canonical JSON that seals are made over."""
    return "".join(_chunks(values, 0)) if _chunks is not None else _canonically(values)


class _Transaction:
    """What `Store.transaction` gives: a plain pair of calls, where a generator would cost an edit a tenth of its work."""

    __slots__ = ("_guarded", "_store")

    def __init__(self, store: Store, *, guarded: bool) -> None:
        self._store, self._guarded = store, guarded

    def __enter__(self) -> None:
        store = self._store
        store._begin()
        store.tallies.entered()
        if self._guarded and store.guard is not None and store._depth == 1:
            try:
                store.guard(None)
            except BaseException as error:
                self.__exit__(None, error, None)
                raise

    def __exit__(self, _kind: type[BaseException] | None, error: BaseException | None, _trace: object) -> None:
        store = self._store
        if not store.tallies.left():
            store._end(error)
            return
        failed = error
        try:
            if error is None:
                store.tallies.settle()
        except BaseException as late:
            failed = late
            raise
        finally:
            self._leave(failed)

    def _leave(self, error: BaseException | None) -> None:
        done = False
        try:
            self._store._end(error)
            done = error is None
        finally:
            if not done:
                self._store.tallies.dropped()


def nothing(_cursor: Any) -> None:
    """What is taken of a statement that gives nothing."""


class Store(ABC):
    """An open register's rows, usable from any thread, one transaction at a time. ``path`` is named in sentences."""

    kind: ClassVar[Kind]
    #: what the driver raises: each is told to a person in a sentence, or is a fault of ours
    failures: ClassVar[type[Exception]]
    #: called between rows of a long reading behind somebody's back: it lets whoever waits go first, or raises to give the reading up
    breathe: Breathe | None = None
    _depth: int

    def __init__(self, path: Path, key: bytes) -> None:
        self.path = path
        #: whether the register has another key by now: what can't be read then is not damaged
        self.renewed: Callable[[], bool] = lambda: False
        #: called within each transaction before anything is changed: raises where whoever is at work may not any more, by the
        #: roster's row, which it looks up unless it is given it
        self.guard: Callable[[tuple[Any, ...] | None], None] | None = None
        self._seal_key = derive(seal_half(key), "row seals and audit chain")
        self._inner, self._outer = _keyed(self._seal_key)
        self.tallies = Tallies(self)

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (self.failures, UnicodeEncodeError) as error:
            self._tell(error)
            raise

    def _tell(self, error: BaseException) -> None:
        """Raise what the person is told of an error; return where it is a fault of the program, not of the data."""
        if isinstance(error, UnicodeEncodeError):
            raise unfinished_character(error) from error
        if isinstance(error, self.failures):
            self._refuse(error)

    @abstractmethod
    def _refuse(self, error: Exception) -> None:
        """Raise what the person is told of one of the driver's `failures`; see `_tell`."""

    @property
    def at_work(self) -> bool:
        """Whether a transaction is at work."""
        return self._depth > 0

    def transaction(self, *, guarded: bool = True) -> AbstractContextManager[None]:
        """All or nothing. On return it is committed and on the disk; an inner one joins the outer one.

        Not ``guarded`` is for a caller whose first query asks what the `guard` would ask, and who calls it with that.
        """
        return _Transaction(self, guarded=guarded)

    def run(self, statement: Statement | str, /, *values: Value, **named: Value) -> None:
        """Run a statement that changes something (inside a transaction), its values by the names that it has for them.

        Raises `InvalidEntry` for a text with NUL, which a file would keep and a server can't.
        """
        if isinstance(statement, str):
            self._do(statement, values, _nothing, query=False)
            return
        sql, order, change = prepared(statement, self.kind)
        values = order(named)
        for value in values:
            if isinstance(value, str) and "\0" in value:
                raise unseen_character()
        if change is None:
            self._do(sql, values, _nothing, query=False)
            return
        gone = self.tallies.before(change, named)
        self._do(sql, values, _nothing, query=False)
        self.tallies.after(change, named, gone)

    def changed(self, statement: Statement, /, **named: Value) -> int:
        """Run a statement that changes what has no sum; how many rows it found."""
        sql, order, _ = prepared(statement, self.kind)
        return self._do(sql, order(named), _count, query=True)

    def rows(self, statement: Statement | str, /, *values: Value, **named: Value) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        sql, values = self._words(statement, values, named)
        return self._do(sql, values, list, query=True)

    def row(self, statement: Statement | str, /, *values: Value, **named: Value) -> tuple[Any, ...] | None:
        """The first row of a query, or None."""
        sql, values = self._words(statement, values, named)
        return self._do(sql, values, _first, query=True)

    def stream(
        self, statement: Statement | str, /, *values: Value, **named: Value
    ) -> AbstractContextManager[Iterator[tuple[Any, ...]]]:
        """The rows of a query one by one, for a reader that may stop early."""
        opened = self._stream(*self._words(statement, values, named))
        return opened if self.breathe is None else _in_breaths(opened, self.breathe)

    @abstractmethod
    def fill(self, statement: Statement, rows: Iterable[Mapping[str, Value]]) -> None:
        """Run a statement once for each of many rows (inside a transaction)."""

    def next_id(self, table: Table) -> int:
        """The id of a row to come (inside a transaction): it goes into the row's seal before it is written.

        One that a row ever had does not come again, though the row was removed (`numbering`).
        """
        row = self.row(highest(table), scope=NUMBERS + table.name)
        return max(int(last or 0) for last in row or (0,)) + 1

    @abstractmethod
    def moment(self) -> AbstractContextManager[Store]:
        """What stands there at one moment, whatever other windows write meanwhile. Nothing is written within it."""

    def glance(self) -> AbstractContextManager[object]:
        """A moment that is soon over, on this very connection; whoever writes meanwhile doesn't wait for it."""
        return self.moment()

    @abstractmethod
    def lock(self, name: str) -> None:
        """Have whoever else asks for that name wait until this transaction's end."""

    @abstractmethod
    def tidy(self) -> None:
        """Do what an edit would have to do otherwise, for moments in which nothing waits."""

    @abstractmethod
    def copy_to(self, path: Path) -> None:
        """Write one consistent copy under the same key to a new file, while others may be writing."""

    @abstractmethod
    def rekey(self, key: bytes) -> None:
        """Take another key, and encrypt with it what is encrypted with the one before."""

    @abstractmethod
    def faults(self) -> list[str]:
        """What the engine says of its own storage; empty when sound."""

    def come_in(self) -> bool:
        """Be seen by whoever opens the register after us; whether nobody else has it open. A file's log tells that."""
        return False

    def looks_for_all(self) -> bool:
        """Whether this window is the one that looks the whole register over: one of all that have it open is enough."""
        return True

    def leave_looking(self) -> bool:
        """Let another window look, too; whether this one was it. A file's windows each look for themselves."""
        return False

    def clock(self) -> datetime | None:
        """What a clock that is not this machine's says, in local time; None where there is none."""
        return None

    def forget(self) -> None:
        """Leave no key in memory, after `close`: as far as the interpreter lets us."""
        wipe(self._seal_key)
        self._inner = self._outer = None  # what they have taken in of it goes with them

    @abstractmethod
    def close(self) -> None:
        """Close the connection; nothing can be done then."""

    def seal(self, table: str, *values: Value) -> bytes:
        """The keyed checksum of a row: whoever changes the row without the key can't make it again."""
        return self.digest([table, *values])[:16]

    def is_whole(self, table: Table, row: Sequence[Any]) -> bool:
        """Whether a row, as its sealed columns and its seal, is what was written: values of their columns' kinds, and sealed."""
        values = sealed_values(row[:-2], row[-2]) if "version" in table.columns else as_sealed(table, row[:-1])
        return of_its_kind(table, row) and bool(row[-1] == self.seal(table.name, *values))

    def digest(self, values: list[Any]) -> bytes:
        """HMAC-SHA256 over canonical JSON (bytes as hexadecimal)."""
        return self.mac(_canonical(values).encode("utf-8", "surrogatepass"))

    def mac(self, data: bytes) -> bytes:
        """HMAC-SHA256 (RFC 2104); its two hashes have taken the key in already: an edit makes half a dozen."""
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(data)
        outer.update(inner.digest())
        digest: bytes = outer.digest()
        return digest

    def _words(self, statement: Statement | str, values: Values, named: Mapping[str, Value]) -> tuple[str, Values]:
        if isinstance(statement, str):
            return statement, values
        sql, order, _ = prepared(statement, self.kind)
        return sql, order(named)

    @abstractmethod
    def _begin(self) -> None: ...

    @abstractmethod
    def _end(self, error: BaseException | None) -> None: ...

    @abstractmethod
    def _do(self, sql: str, values: Values, fetch: Fetch[T], *, query: bool) -> T: ...

    @abstractmethod
    def _stream(self, sql: str, values: Values) -> AbstractContextManager[Iterator[tuple[Any, ...]]]: ...


@contextmanager
def _in_breaths(
    opened: AbstractContextManager[Iterator[tuple[Any, ...]]], breathe: Breathe
) -> Iterator[Iterator[tuple[Any, ...]]]:
    def each(rows: Iterator[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
        for count, row in enumerate(rows):
            if count % _BETWEEN == 0:
                breathe()
            yield row

    with opened as rows:
        yield each(rows)


def unfinished_character(error: UnicodeEncodeError) -> InvalidEntry:
    """The refusal of half of a surrogate pair, as a broken input method may send it."""
    said = error.object.encode("utf-8", "replace").decode()
    return InvalidEntry(f"“{said}”中有不完整的字符，没有保存；请删掉该字重新输入。")


def unseen_character() -> InvalidEntry:
    """The refusal of a text with NUL, which nobody types and a damaged clipboard may hold."""
    return InvalidEntry("填写的内容中有看不见的控制字符，没有保存；请删掉该字符重新输入。")


def _nothing(_cursor: Any) -> None:
    return None


def _count(cursor: Any) -> int:
    return int(cursor.rowcount)


def _first(cursor: Any) -> tuple[Any, ...] | None:
    found: tuple[Any, ...] | None = cursor.fetchone()
    return found


def wipe(secret: bytes) -> None:
    """Write over a secret where it lies. Nobody may need it any more: whoever holds the same object holds noughts then.

    Best effort: what libraries made of it on the way is theirs, and copies that the interpreter made are nobody's.
    """
    if len(secret) > 1 and sys.implementation.name == "cpython":
        ctypes.memset(id(secret) + bytes.__basicsize__ - 1, 0, len(secret))


def file_half(key: bytes) -> bytes:
    """The half of a register's key that its file is opened by: a new one after each clerk who left."""
    return key[:_HALF]


def seal_half(key: bytes) -> bytes:
    """The half that seals hang on, for life. A key of one half (of a register that nobody has left) is both."""
    return key[-_HALF:]


def _keyed(key: bytes) -> tuple[Any, Any]:
    """The two hashes of an HMAC with its key in them."""
    blocks = [bytes(byte ^ pad for byte in key.ljust(64, b"\0")) for pad in (0x36, 0x5C)]
    inner, outer = (hashlib.sha256(block) for block in blocks)
    for block in blocks:
        wipe(block)
    return inner, outer


def derive(key: bytes, purpose: str) -> bytes:
    """A key of its own for each purpose (HKDF-Expand of one block, RFC 5869; the input is random already)."""
    return hmac.digest(key, f"pinggu_desk register: {purpose}".encode() + b"\x01", hashlib.sha256)
