"""What each table adds up to (校验和): kept with every change, told by every entry of the trail.

A sum is over the seals of a table's rows, each spread by a keyed hash to 256 bits and added mod 2**256: a row put in, taken out or
changed is one addition, however long the table. Who takes a row out and mends whatever else speaks of it can't make the sum again
without the key; who has the key must change the trail too, and its head stands outside the file (`anchor`).

What a transaction changes is gathered while it runs and written at its end, sums first, then the entries that tell them.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import bindparam, insert, select, update

from pinggu_desk.register import events
from pinggu_desk.register.errors import RegisterDamaged
from pinggu_desk.register.sealing import ENTRY
from pinggu_desk.register.statements import upsert
from pinggu_desk.register.tables import audit, meta, metadata, tallies, trail_end

if TYPE_CHECKING:
    from pinggu_desk.register.sealing import Change
    from pinggu_desk.register.statements import Value
    from pinggu_desk.register.store import Store

_MOD = 1 << 256
_TOTAL = re.compile(r"[0-9a-f]{64}")
START = bytes(32)

_SUM = select(tallies.c.count, tallies.c.total, tallies.c.seal).where(tallies.c.name == bindparam("name"))
_ADD_SUM = insert(tallies)
_KEEP_SUM = (
    update(tallies)
    .where(tallies.c.name == bindparam("which"), tallies.c.seal == bindparam("was"))
    .values(count=bindparam("now"), total=bindparam("sum"), seal=bindparam("sealed"))
)
_SUMS = select(tallies.c.name, tallies.c.count, tallies.c.total)
_END = select(trail_end.c.number, trail_end.c.hash, trail_end.c.told, trail_end.c.seal)
#: an entry that tells of sums, and any entry
TELLS = select(audit.c.id).where(audit.c.state != "").order_by(audit.c.id.desc()).limit(1)
ANY_ENTRY = select(audit.c.id).limit(1)
#: what stands behind the last entry that this program wrote
_BEHIND = select(audit.c.id).where(audit.c.id > bindparam("number")).order_by(audit.c.id).limit(1)
_EARLIER = select(meta.c.value).where(meta.c.name == bindparam("name"))
#: where a register of an earlier program keeps how far the trail goes
EARLIER_END = "audit_end"
_KEEP_END = upsert(trail_end, "id")
_ADD_ENTRY = insert(audit)
#: what a table is said to come to: how many rows, and a digest of their sum
Told = dict[str, list[Any]]


class Entry(NamedTuple):
    """An entry of the trail, before it has a number."""

    at: str
    clerk_no: str
    event: str
    subject: str
    detail: str


class Sum(NamedTuple):
    """So many rows, and what their seals add up to."""

    size: int = 0
    total: int = 0

    def plus(self, size: int, total: int) -> Sum:
        """With more rows, or fewer."""
        return Sum(self.size + size, (self.total + total) % _MOD)

    def told(self) -> list[Any]:
        """As an entry tells it."""
        return [self.size, hashlib.sha256(self.total.to_bytes(32, "big")).hexdigest()[:32]]


class Tallies:
    """The sums of an open register, and the entries that wait for their transaction's end."""

    def __init__(self, db: Store) -> None:
        self._db = db
        self._depth = 0
        self._changed: dict[str, list[int]] = {}
        self._rows: dict[str, dict[str, str]] = {}
        self._entries: list[Entry] = []
        self._last: dict[str, tuple[Sum, bytes]] = {}  # the sums as this window wrote them last; others may have since
        self._before: dict[str, Sum] = {}  # what the sums were that this transaction changed
        self._active = False
        #: what was noticed to be altered past the program when an entry was written, one sentence each (`LookShelf.look`)
        self.noticed: list[str] = []
        self.clerk_no = ""
        self.now: Callable[[], datetime] = datetime.now

    # --- what the database tells

    def entered(self) -> None:
        """A transaction, or one within it, begins."""
        self._depth += 1

    def left(self) -> bool:
        """One ends; whether it is the outermost."""
        self._depth -= 1
        return not self._depth

    def before(self, change: Change, named: Mapping[str, Value]) -> list[tuple[Any, ...]]:
        """The rows that a statement is about to change or take."""
        return self._db.rows(change.old, **named) if change.old is not None else []

    def after(self, change: Change, named: Mapping[str, Value], gone: list[tuple[Any, ...]]) -> None:
        """A statement was carried out."""
        difference = self._changed.get(change.table)
        if difference is None:
            difference = self._changed[change.table] = [0, 0]
        for row in gone:
            difference[0] -= 1
            difference[1] -= self.element(change.table, row[-1])
            if change.noted:
                self._name(change.table, row[:-1], b"")
        if change.new is None or not (gone or change.makes):
            return
        seal = named[change.new]
        assert isinstance(seal, bytes)
        fresh = change.old is None or not gone
        difference[0] += 1
        difference[1] += self.element(change.table, seal)
        if change.noted:
            self._name(change.table, [named[key] for key in change.keys] if fresh else gone[0][:-1], seal)

    def _name(self, table: str, key: Any, seal: bytes) -> None:
        self._rows.setdefault(table, {})["/".join(map(str, key))] = seal.hex()[:12]

    def note(self, entry: Entry) -> None:
        """Put an entry on the trail with this transaction."""
        assert self._depth, "an entry belongs to a transaction"
        self._entries.append(entry)

    def dropped(self) -> None:
        """The transaction was taken back."""
        self._changed, self._rows, self._entries, self._last, self._before = {}, {}, [], {}, {}

    # --- at the transaction's end

    def settle(self) -> None:
        """Write sums and entries; the transaction is committed next."""
        if self._changed and not self._begun():
            self._changed, self._rows = {}, {}
        if self._rows and not self._entries:  # a change that belongs on the trail, by a writer that did not say so
            what = "、".join(str(metadata.tables[name].info["sealed"]) for name in sorted(self._rows))
            self._entries.append(
                Entry(self.now().isoformat(timespec="seconds"), self.clerk_no, events.ROWS_CHANGED, what, "")
            )
        for name in sorted(self._changed):
            self._add(name, *self._changed[name])
        rows, self._rows = self._rows, {}
        if self._entries:
            self._db.lock("trail")
            self._notice()
            for entry in self._entries:
                self._append(entry, rows)
                rows = {}
        self._changed, self._entries, self._before = {}, [], {}

    def _notice(self) -> None:
        """Put first on the trail what was altered past the program since the last entry: the next would tell it as what it is.

        A table that changes with an entry only is, but for this transaction, what that entry told.
        """
        told = self.end()[2]
        if not told or any(entry.event == events.ANCHOR_BROKEN for entry in self._entries):
            return
        now, nothing = self.sums() | self._before, Sum()
        altered = [
            str(table.info["sealed"])
            for name, table in metadata.tables.items()
            if table.info.get("held") == ENTRY and now.get(name, nothing).told() != told.get(name, nothing.told())
        ]
        if altered:
            what = altered_words(altered)
            self.noticed.append(what)
            at = self.now().isoformat(timespec="seconds")
            self._entries.insert(0, Entry(at, self.clerk_no, events.ANCHOR_BROKEN, "登记库", what[:200]))

    def _begun(self) -> bool:
        """Whether the register keeps sums: one of an earlier program doesn't until it is opened (`baseline`)."""
        self._active = self._active or self._db.row(TELLS) is not None or self._db.row(ANY_ENTRY) is None
        return self._active

    def _add(self, name: str, count: int, total: int) -> None:
        known = self._last.get(name) or self._read(name)
        while known is not None:
            self._before[name] = known[0]
            new = known[0].plus(count, total)
            seal = self._seal(name, new)
            text = f"{new.total:064x}"
            if self._db.changed(_KEEP_SUM, which=name, was=known[1], now=new.size, sum=text, sealed=seal):
                self._last[name] = new, seal
                return
            known = self._read(name)  # another window has been at it
        self._before[name] = Sum()
        new = Sum().plus(count, total)
        seal = self._seal(name, new)
        self._db.run(_ADD_SUM, name=name, count=new.size, total=f"{new.total:064x}", seal=seal)
        self._last[name] = new, seal

    def _read(self, name: str) -> tuple[Sum, bytes] | None:
        row = self._db.row(_SUM, name=name)
        return None if row is None else (_kept(row[0], row[1]), row[2] if isinstance(row[2], bytes) else b"")

    def _seal(self, name: str, one: Sum) -> bytes:
        return self._db.seal(tallies.name, name, one.size, f"{one.total:064x}")

    def _append(self, entry: Entry, rows: dict[str, dict[str, str]]) -> None:
        number, previous, told = self.end()
        forged = self._db.row(_BEHIND, number=number)
        if forged is not None:
            raise RegisterDamaged(
                f"登记库中审计记录第 {forged[0]} 条不是本程序记的，不能接着记；请保留现场，从最近的备份恢复。"
            )
        now = {name: one.told() for name, one in self.sums().items()}
        state: dict[str, Any] = {}
        if news := {name: one for name, one in now.items() if told.get(name) != one}:
            state["sums"] = news
        if rows:
            state["rows"] = rows
        number += 1
        text = dumped(state) if state else ""
        digest = self._db.digest(chained(number, entry, previous, text))
        self._db.run(
            _ADD_ENTRY, id=number, at=entry.at, clerk_no=entry.clerk_no, event=entry.event, subject=entry.subject,
            detail=entry.detail, previous=previous, hash=digest, state=text,
        )  # fmt: skip
        self.keep_end(number, digest, now)

    # --- reading and making anew

    def element(self, table: str, seal: bytes) -> int:
        """What a row adds to its table's sum."""
        return int.from_bytes(self._db.mac(b"sum\0" + table.encode() + b"\0" + seal), "big")

    @staticmethod
    def kept(count: object, total: object) -> Sum:
        """A sum as its row has it. Raises `RegisterDamaged` where it can't be one."""
        return _kept(count, total)

    def sums(self) -> dict[str, Sum]:
        """What every table comes to, as it is kept."""
        return {_name(name): _kept(count, total) for name, count, total in self._db.rows(_SUMS)}

    def end(self) -> tuple[int, bytes, Told]:
        """The last entry's number and hash, and what it and those before it say that the tables come to."""
        try:
            row = self._db.row(_END)
            if row is not None:
                if row[3] != self._db.seal(trail_end.name, 1, *row[:3]):
                    raise ValueError
                return int(row[0]), bytes(row[1]), json.loads(row[2])
            if self._db.row(TELLS) is not None:
                raise ValueError
            earlier = self._db.row(_EARLIER, name=EARLIER_END)  # a register of a program that kept no sums
            number, _, digest = str(earlier[0]).partition(":") if earlier else ("0", "", START.hex())
            return int(number), bytes.fromhex(digest), {}
        except (ValueError, TypeError):
            raise RegisterDamaged(
                "登记库中审计记录的末条登记被改动，不能接着记；请保留现场，从最近的备份恢复。"
            ) from None

    def keep_end(self, number: int, digest: bytes, told: Mapping[str, list[Any]]) -> None:
        """Say how far the trail goes."""
        text = dumped(told)
        seal = self._db.seal(trail_end.name, 1, number, digest, text)
        self._db.run(_KEEP_END, id=1, number=number, hash=digest, told=text, seal=seal)

    def begin_with(self, found: Mapping[str, Sum]) -> None:
        """Take up sums for a register that had none (inside a transaction), whatever was changed in it so far."""
        self._changed, self._rows, self._active = {}, {}, True
        for name, one in found.items():
            self._add(name, one.size, one.total)


def _kept(count: object, total: object) -> Sum:
    """A sum as it is kept. Raises `RegisterDamaged` where it can't be one."""
    if isinstance(count, int) and isinstance(total, str) and _TOTAL.fullmatch(total):
        return Sum(count, int(total, 16))
    raise _altered()


def _name(name: object) -> str:
    """The name of a table as it is kept. Raises `RegisterDamaged` where it can't be one."""
    if isinstance(name, str):
        return name
    raise _altered()


def _altered() -> RegisterDamaged:
    return RegisterDamaged("登记库中表的校验和被改动，不能接着记；请保留现场，从最近的备份恢复。")


def altered_words(tables: Iterable[str]) -> str:
    """What is said of tables that are not what the last entry told, by what their rows are called."""
    return f"{'、'.join(tables)}与最近一条审计记录登记的校验和不符，有人绕过本程序改动过；请保留现场，与备份核对。"


def chained(number: int, entry: Entry, previous: bytes, state: str) -> list[Any]:
    """What an entry's hash is made over; entries of an earlier program tell nothing of the tables."""
    return [number, *entry, previous, *([state] if state else [])]


def dumped(state: Mapping[str, Any]) -> str:
    """JSON in one form only."""
    return json.dumps(state, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
