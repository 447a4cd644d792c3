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
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import bindparam, insert, select, update

from pinggu_desk.register import events
from pinggu_desk.register.errors import RegisterDamaged
from pinggu_desk.register.sealing import ENTRY
from pinggu_desk.register.statements import upsert
from pinggu_desk.register.tables import audit, meta, metadata, sealed_values, tallies, trail_end

if TYPE_CHECKING:
    from pinggu_desk.register.sealing import Change
    from pinggu_desk.register.statements import Value
    from pinggu_desk.register.store import Store

_MOD = 1 << 256
#: what is said of a row that has another seal than it should
OTHERWISE = "的内容与校验码不符，可能被改动"
_TOTAL = re.compile(r"[0-9a-f]{64}")
START = bytes(32)

_SUM = select(tallies.c.count, tallies.c.total, tallies.c.version, tallies.c.seal).where(
    tallies.c.name == bindparam("name")
)
_ADD_SUM = insert(tallies)
_KEEP_SUM = (
    update(tallies)
    .where(tallies.c.name == bindparam("which"), tallies.c.seal == bindparam("was"))
    .values(count=bindparam("now"), total=bindparam("sum"), version=bindparam("next"), seal=bindparam("sealed"))
)
_SUMS = select(tallies.c.name, tallies.c.count, tallies.c.total, tallies.c.version)
_END = select(trail_end.c.number, trail_end.c.hash, trail_end.c.told, trail_end.c.seal)
#: an entry that tells of sums, and any entry
TELLS = select(audit.c.id).where(audit.c.state != "").order_by(audit.c.id.desc()).limit(1)
ANY_ENTRY = select(audit.c.id).limit(1)
#: what stands behind the last entry that this program wrote
_BEHIND = select(audit.c.id).where(audit.c.id > bindparam("number")).order_by(audit.c.id).limit(1)
_HASH = select(audit.c.hash).where(audit.c.id == bindparam("number"))
_EARLIER = select(meta.c.value).where(meta.c.name == bindparam("name"))
#: where a register of an earlier program keeps how far the trail goes
EARLIER_END = "audit_end"
_KEEP_END = upsert(trail_end, "id")
_ADD_ENTRY = insert(audit)
#: what a table is said to come to: how many rows, a digest of their sum, and how often that was changed (once it was counted)
Told = dict[str, list[Any]]


class Entry(NamedTuple):
    """An entry of the trail, before it has a number."""

    at: str
    clerk_no: str
    event: str
    subject: str
    detail: str


class Sum(NamedTuple):
    """So many rows, and what their seals add up to.

    ``version`` counts the changes that it has had: the same rows may come back by work, the same version never does.
    """

    size: int = 0
    total: int = 0
    version: int = 0

    def plus(self, size: int, total: int) -> Sum:
        """With more rows, or fewer."""
        return Sum(self.size + size, (self.total + total) % _MOD, self.version + 1)

    def told(self) -> list[Any]:
        """As an entry tells it."""
        digest = hashlib.sha256(self.total.to_bytes(32, "big")).hexdigest()[:32]
        return [self.size, digest, *([self.version] if self.version else [])]

    def of_same_rows(self, other: Sum) -> bool:
        """Whether both are of the same rows, whenever they were added up."""
        return self[:2] == other[:2]


def is_past(now: Sequence[Any], said: Sequence[Any]) -> bool:
    """Whether a table's sum, as it is told, can't come after one that was told: an earlier one was copied back, or it was altered.

    One that was not counted yet tells nothing.
    """
    version, before = (one[2] if len(one) > 2 else 0 for one in (now, said))
    return bool(version < before or (version == before != 0 and list(now) != list(said)))


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
        #: the last entry that this window wrote, by number and hash: with this transaction, and before it
        self._ours: tuple[int, bytes] | None = None
        self._ours_before: tuple[int, bytes] | None = None
        #: what was noticed to be altered past the program when an entry was written, one sentence each (`LookShelf.look`)
        self.noticed: list[str] = []
        self._suspected: list[str] = []
        self.clerk_no = ""
        self.now: Callable[[], datetime] = datetime.now

    # --- what the database tells

    def entered(self) -> None:
        """A transaction, or one within it, begins."""
        if not self._depth:
            self._ours_before = self._ours
        self._depth += 1

    def left(self) -> bool:
        """One ends; whether it is the outermost."""
        self._depth -= 1
        return not self._depth

    def before(self, change: Change, named: Mapping[str, Value]) -> list[tuple[Any, ...]]:
        """The rows that a statement is about to change or take, by key and seal.

        One that was altered past the program is told of: with a new seal, or gone, nobody could see it any more.
        """
        if change.old is None:
            return []
        keys, rows = len(change.keys), self._db.rows(change.old, **named)
        if change.looked:
            for row in rows:
                self._look_at(change.table, row[:keys], row[keys:])
        return [(*row[:keys], row[-1]) for row in rows]

    def _look_at(self, name: str, key: Sequence[Any], row: Sequence[Any]) -> None:
        table, seal = metadata.tables[name], row[-1]
        if seal and not self._db.is_whole(table, row) and self._begun():
            shown = "-".join(map(str, key))
            self.suspect(f"{table.info['sealed']}“{shown}”{OTHERWISE}，随后照常改写；请保留现场，与备份核对。")

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

    def changes(self, table: str) -> bool:
        """Whether the transaction at work has changed a table so far."""
        return table in self._changed

    def dropped(self) -> None:
        """The transaction was taken back."""
        self._ours = self._ours_before
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

        A table that changes with an entry only is, but for this transaction, what that entry told; no other one is an earlier one.
        """
        number, digest, told = self.end()
        if told and not any(entry.event == events.ANCHOR_BROKEN for entry in self._entries):
            if gone := self.gone(number, digest):
                self.suspect(gone)
            if altered := self._altered(told):
                self.suspect(altered_words(altered))
        at, suspected = self.now().isoformat(timespec="seconds"), self._suspected
        self._entries[:0] = [Entry(at, self.clerk_no, events.ANCHOR_BROKEN, "登记库", what[:200]) for what in suspected]
        self._suspected = []

    def _altered(self, told: Told) -> list[str]:
        """What the rows are called of tables that are not what they were before this transaction, as far as a sum tells."""
        now, nothing = self.sums() | self._before, Sum()
        altered = []
        for name, table in metadata.tables.items():
            said, here = told.get(name, nothing.told()), now.get(name, nothing).told()
            last = self._last.get(name)
            wrong = table.info.get("held") == ENTRY and here != said
            mine = name not in self._changed and last is not None and is_past(here, last[0].told())
            if wrong or mine or is_past(here, said):
                altered.append(str(table.info["sealed"]))
        return altered

    def suspect(self, what: str) -> None:
        """Somebody altered something past the program: the next entry that is written stands behind one that tells it."""
        if what not in self._suspected:
            self.noticed.append(what)
            self._suspected.append(what)

    def gone(self, last: int, hash_of_it: bytes) -> str:
        """What is said where the last entry that this window wrote is not there any more; empty where it is.

        ``last`` is the number of the entry that the trail ends with by now.
        Who cuts the end off and puts back what was kept of it needs no key for that: all of it is genuine, and older.
        """
        if self._ours is None or (last, hash_of_it) == self._ours:
            return ""
        number, digest = self._ours
        row = self._db.row(_HASH, number=number)
        if row is not None and row[0] == digest:
            return ""
        return f"本窗口记下的审计记录第 {number} 条不见了，或被改写，有人绕过本程序截去了末尾；请保留现场，与备份核对。"

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
            if self._db.changed(
                _KEEP_SUM, which=name, was=known[1], now=new.size, sum=text, next=new.version, sealed=seal
            ):
                self._last[name] = new, seal
                return
            known = self._read(name)  # another window has been at it, or somebody past the program
            if name in self._last and is_past((known[0] if known else Sum()).told(), self._last[name][0].told()):
                self.suspect(altered_words([str(metadata.tables[name].info["sealed"])]))
        self._before[name] = Sum()
        new = Sum().plus(count, total)
        seal = self._seal(name, new)
        self._db.run(
            _ADD_SUM, name=name, count=new.size, total=f"{new.total:064x}", version=new.version, seal=seal
        )  # fmt: skip
        self._last[name] = new, seal

    def _read(self, name: str) -> tuple[Sum, bytes] | None:
        row = self._db.row(_SUM, name=name)
        return None if row is None else (_kept(*row[:3]), row[3] if isinstance(row[3], bytes) else b"")

    def _seal(self, name: str, one: Sum) -> bytes:
        return self._db.seal(tallies.name, *sealed_values((name, one.size, f"{one.total:064x}"), one.version))

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
        self._ours = number, digest

    # --- reading and making anew

    def element(self, table: str, seal: bytes) -> int:
        """What a row adds to its table's sum."""
        return int.from_bytes(self._db.mac(b"sum\0" + table.encode() + b"\0" + seal), "big")

    @staticmethod
    def kept(count: object, total: object, version: object) -> Sum:
        """A sum as its row has it. Raises `RegisterDamaged` where it can't be one."""
        return _kept(count, total, version)

    def sums(self) -> dict[str, Sum]:
        """What every table comes to, as it is kept."""
        return {_name(name): _kept(*rest) for name, *rest in self._db.rows(_SUMS)}

    def gone_back(self) -> list[str]:
        """Tables whose sum is not the one that this window wrote last, nor one that came after it."""
        now = self.sums()
        return [name for name, (one, _) in self._last.items() if is_past(now.get(name, Sum()).told(), one.told())]

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


def _kept(count: object, total: object, version: object) -> Sum:
    """A sum as it is kept. Raises `RegisterDamaged` where it can't be one."""
    if type(count) is type(version) is int and isinstance(total, str) and _TOTAL.fullmatch(total):
        return Sum(count, int(total, 16), version)
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
