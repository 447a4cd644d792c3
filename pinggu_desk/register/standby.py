"""Working although the server was away from the beginning (断线办理): a register of this machine's own for each clerk, joined later.

Whoever comes in on a server has such a register made ready beside the server's name: encrypted as any, opened by the password
that he has just given, good for some days. What he does in it while the server is away is taken over like a parcel of a township
(`bundles`) by the next who comes in: whole, in any order, once, by what the roster says then of who did it. Its key lies on the
server as well, so that it is read even if its clerk never comes again. What must be looked up in the whole register (papers'
numbers, awards, other people's cases) is not promised in it.
"""

from __future__ import annotations

import json
import re
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Table, bindparam, delete, select

from pinggu_desk.register import database, entrance, events, moving, roster
from pinggu_desk.register.aside import AsideShelf
from pinggu_desk.register.audit import append
from pinggu_desk.register.bundles.shelf import BundleShelf
from pinggu_desk.register.database import Database
from pinggu_desk.register.errors import NotAllowed, RegisterDamaged, RegisterError
from pinggu_desk.register.keys import KeyFile
from pinggu_desk.register.keystore import FolderStore
from pinggu_desk.register.people import PeopleShelf
from pinggu_desk.register.records import Clerk
from pinggu_desk.register.roles import CLERK, Act, may
from pinggu_desk.register.rows import add, put
from pinggu_desk.register.tables import applicants, cases, corrections, meta, parameters, sealed_columns

#: in the server's folder; a folder a clerk in it
FOLDER = "断线"
#: how long after his last coming in a clerk may work on without the server
DAYS = 7
_MARK, _KEY = "standby", "standby:"
_KEPT = select(meta.c.value).where(meta.c.name == bindparam("name"))
_FORGET = delete(meta).where(meta.c.name == bindparam("name"))
_CASES, _PEOPLE = select(cases.c.id).limit(1), select(applicants.c.id).limit(1)
#: what answers stand on that an office enters itself: it is taken along
_ALONG = (parameters, corrections)
CALLED = "断线办理"
_NEVER, _DONE = datetime(1970, 1, 1), ".已并入-"


@dataclass(frozen=True, slots=True)
class Standing:
    """What such a register is: its clerk (工号), until when he may come in, when it was used last; ``joined`` once it is empty."""

    clerk_no: str
    until: datetime
    seen: datetime
    password_of: str
    joined: bool = False


@dataclass(frozen=True, slots=True)
class Waiting:
    """What was done on this machine while the server was away and is not joined: whose, how many cases, why."""

    clerk_no: str
    cases: int
    why: str


def home_of(folder: Path, clerk_no: str) -> Path:
    """Where a clerk's register for such days is, beside the server's name."""
    return folder / FOLDER / clerk_no


def homes(folder: Path) -> list[Path]:
    """Those that there are."""
    with suppress(OSError):
        found = [path for path in (folder / FOLDER).iterdir() if re.fullmatch(r"[0-9A-Za-z]{1,20}", path.name)]
        return sorted(path for path in found if entrance.exists(path))
    return []


def clerks(folder: Path) -> tuple[tuple[str, str], ...]:
    """Who could come in without the server: numbers and names."""
    return tuple(one for home in homes(folder) for one in entrance.clerks(home))


class StandbyShelf(BundleShelf, AsideShelf, PeopleShelf):
    """The part of the register that makes ready for an outage, and takes over what was done in one."""

    _at_work: bool
    #: set where this is the register of such a day itself
    standing: Standing | None = None
    #: what the coming in took over, and what it could not
    taken_over = 0
    standby_waiting: tuple[Waiting, ...] = ()

    @property
    def standby_words(self) -> str:
        """What whoever works without the server must know; empty where there is one."""
        if self.standing is None:
            return ""
        until = self.standing.until
        return (
            f"断线办理（到 {until.month}月{until.day}日 {until:%H:%M} 止）：连不上登记库服务器，新办的件和填报加密存在本机，"
            "登录上服务器时自动并入。查不到别的办件和以前的奖励，不能出具文书；服务器恢复后按 Ctrl+L，再选“换其他经办人登录”，重新登录。"
        )

    @property
    def lies_words(self) -> str:
        """Where what is done here goes, where that is not simply a file of this machine's."""
        if self.standing is not None:
            return "断线办理"
        return "登记库在服务器" if self._db.kind == "postgresql" else ""

    def next_serial(self, case_id: int) -> str:
        """See `PaperShelf.next_serial`; no paper is made of what only this machine knows."""
        if self.standing is not None:
            raise NotAllowed(
                "断线办理时不出具文书：以前的奖励和已经出具的文书都查不到，金额可能不对；请等服务器恢复、并入以后再出具。"
            )
        return super().next_serial(case_id)

    # --- in such a register

    def _begin_standby(self) -> None:
        """At the opening of such a register: its days are counted, whatever the clock says. Raises `NotAllowed`."""
        row = self._db.row(_KEPT, name=_MARK)
        if row is None:
            return
        standing, now = _standing(row[0]), self._now()
        if standing.joined:
            raise NotAllowed("这里的内容已经并入登记库服务器；请退出后重新登录服务器。")
        if now > standing.until:
            raise NotAllowed(
                f"断线办理只到 {standing.until:%Y-%m-%d %H:%M}（登录过服务器后 {DAYS} 天内）；"
                "请等服务器恢复后登录。本机已填的都在，届时自动并入。"
            )
        if now < standing.seen:
            raise NotAllowed(
                f"这台电脑的时间（{now:%Y-%m-%d %H:%M}）比上次使用时（{standing.seen:%Y-%m-%d %H:%M}）还早，不能断线办理；请先校准时间。"
            )
        self.standing = replace(standing, seen=now)
        with self._db.transaction():
            put(self._db, meta, _MARK, _told(self.standing))

    # --- on the server

    def change_password(self, old: str, new: str) -> None:
        """See `PeopleShelf.change_password`; his register for days without the server opens by the new one at once."""
        super().change_password(old, new)
        self._make_ready(new)

    def _make_ready(self, password: str) -> None:
        """Make the clerk's own ready, by the password that he came in with; a disk that refuses stops nobody from working."""
        if self._db.kind != "postgresql" or not self.may(Act.WORK):
            return
        with suppress(RegisterError, OSError):
            home = home_of(self.folder, self._clerk.no)
            if not entrance.exists(home):
                self._make(home, password)
            key = self._key_of(home)
            if key is None:  # of another server, or of a time before this one's rows: kept, and a new one made
                home.rename(home.with_name(f"{home.name}.留存-{self._now():%Y%m%d-%H%M%S}"))
                self._make(home, password)
                key = self._key_of(home)
            assert key is not None
            self._renew(home, key, password)

    def _make(self, home: Path, password: str) -> None:
        from pinggu_desk.register.register import Register

        window = f"{self._clerk.window[:5]}L{secrets.randbelow(90) + 10}"  # numbers of cases that are nobody else's
        made, _code = Register.create(
            home, clerk_no=self._clerk.no, clerk_name=self._clerk.name, password=password, window=window,
            practice=self.practice, now=self._now,
        )  # fmt: skip
        try:
            with self._db.transaction():
                put(self._db, meta, _KEY + entrance.register_id(home), json.dumps([made._key.hex(), self._clerk.no]))
                append(self._db, self._stamp(), self._clerk.no, events.STANDBY_MADE, f"工号{self._clerk.no}", "")
            with made._db.transaction():  # nobody is in charge of such a register
                roster.write(made._db, {self._clerk.no: roster.Colleague(replace(made._clerk, role=CLERK))})
                put(
                    made._db,
                    meta,
                    _MARK,
                    _told(Standing(self._clerk.no, self._now(), self._now(), self._password_of())),
                )
        finally:
            made.close()

    def _renew(self, home: Path, key: bytes, password: str) -> None:
        """Count his days anew, take along what the office has entered, let today's password open it."""
        db = Database(home / database.FILE_NAME, key)
        try:
            row = db.row(_KEPT, name=_MARK)
            before = _standing(row[0]) if row else None
            if before is None or before.password_of != self._password_of():
                KeyFile(FolderStore(home), self._now).set_password(self._clerk.no, password, key)
            now = self._now()
            with db.transaction():
                standing = Standing(self._clerk.no, now + timedelta(days=DAYS), now, self._password_of())
                put(db, meta, _MARK, _told(standing))
                for table in _ALONG:
                    self._take_along(db, table)
        finally:
            db.close()

    def _take_along(self, db: Database, table: Table) -> None:
        columns = [column for column in sealed_columns(table) if column.name != "version"]
        wanted = self._db.rows(select(*columns).order_by(columns[0]))
        there = db.rows(select(*columns).order_by(columns[0]))
        if wanted == there:
            return
        for row in there:
            db.run(delete(table).where(table.c.id == bindparam("number")), number=row[0])
        for row in wanted:
            add(db, table, *row)

    def _password_of(self) -> str:
        """Which of the clerk's passwords it is: when he was given it."""
        return self._keys.changed_at(self._clerk.no).isoformat()

    def _key_of(self, home: Path) -> bytes | None:
        row = self._db.row(_KEPT, name=_KEY + entrance.register_id(home))
        try:
            return None if row is None else bytes.fromhex(json.loads(row[0])[0])
        except (ValueError, TypeError, LookupError):  # altered: a check names the row
            return None

    # --- taking over

    def join_standby(self) -> int:
        """Take over what was done on this machine while the server was away; returns how many cases that were.

        What is of somebody who was removed, or may not work any more, stays (`standby_waiting`) until somebody in charge takes it
        (`take_standby`).
        """
        if self._db.kind != "postgresql" or not self.may(Act.WORK):
            return 0
        with suppress(OSError):  # the next time, then
            for left in (self.folder / FOLDER).glob(f"*{_DONE}*"):
                shutil.rmtree(left, ignore_errors=True)
        waiting: list[Waiting] = []
        for home in homes(self.folder):
            if self._join_home(home, waiting, anyway=False):
                self._clear(home)
        self.standby_waiting = tuple(waiting)
        return self.taken_over

    def take_standby(self, clerk_no: str) -> int:
        """The same for one whose work had to wait, by the hand of somebody in charge. Raises `NotAllowed`, `RegisterError`."""
        self.require(Act.CLERKS)
        before, home, waiting = self.taken_over, home_of(self.folder, clerk_no), list[Waiting]()
        if self._join_home(home, waiting, anyway=True):
            self._clear(home)
        self.standby_waiting = tuple(one for one in self.standby_waiting if one.clerk_no != clerk_no) + tuple(waiting)
        return self.taken_over - before

    def _join_home(self, home: Path, waiting: list[Waiting], *, anyway: bool) -> bool:
        """One of them; whether it may be cleared away. Where it can't be taken now, it stays as it is, and why is told."""
        no = home.name
        role = roster.role_of(self._db, Clerk(no, "", "", CLERK))
        welcome = role is not None and may(role, Act.WORK)
        try:
            key = self._key_of(home)
            if key is None:
                waiting.append(Waiting(no, 0, "不是在现在这台服务器的登记库上准备的，不能并入；请负责人查看。"))
                return False
            with self._held(home, key, no) as local:
                count = len(local._db.rows(select(cases.c.id)))
                if not count and local._db.row(_PEOPLE) is None:
                    if not welcome:  # nothing in it, and nobody to come
                        self._end(local)
                    return not welcome
                if not welcome and not anyway:
                    why = "已被移除" if role is None else f"现在的角色是{role}"
                    waiting.append(Waiting(no, count, f"工号“{no}”{why}，断线时办的没有并入；请负责人看过后决定。"))
                    self._put_standing(local, lambda one: replace(one, until=_NEVER))
                    return False
                for parcel in local.export_since(self.register_id):
                    local.note_joined(self.join(parcel, CALLED, same_clerks=True).receipt)
                self._end(local)
                self.taken_over += count
                return True
        except RegisterError as error:
            waiting.append(Waiting(no, 0, error.sentence))
            return False

    @contextmanager
    def _held(self, home: Path, key: bytes, no: str) -> Iterator[StandbyShelf]:
        """Such a register, opened by its key, while nobody else has it open. Raises `RegisterError`."""
        from pinggu_desk.register.register import Register

        with moving.held(home):
            db = Database(home / database.FILE_NAME, key)
            try:
                db.rows("PRAGMA wal_checkpoint(TRUNCATE)")
                db.rows("PRAGMA journal_mode = DELETE")  # refused while another window is at work in it
                yield Register(
                    home, db, KeyFile(FolderStore(home), self._now), key, Clerk(no, "", "", CLERK), self._now
                )
            finally:
                db.close()

    def _end(self, local: StandbyShelf) -> None:
        """All of it is on the server: from now on it is opened by nobody, and cleared away."""
        self._put_standing(local, lambda one: replace(one, joined=True))

    @staticmethod
    def _put_standing(local: StandbyShelf, change: Callable[[Standing], Standing]) -> None:
        row = local._db.row(_KEPT, name=_MARK)
        now = _standing(row[0]) if row else Standing(local.folder.name, _NEVER, _NEVER, "")
        with local._db.transaction():
            put(local._db, meta, _MARK, _told(change(now)))

    def _clear(self, home: Path) -> None:
        """Clear away one that was taken over, and its key; what is cut short here is ended at the next coming in."""
        name = _KEY + entrance.register_id(home)
        done = home.with_name(f"{home.name}{_DONE}{secrets.token_hex(4)}")
        with suppress(OSError, RegisterError):
            home.rename(done)
            with self._db.transaction():
                self._db.run(_FORGET, name=name)
            shutil.rmtree(done, ignore_errors=True)


def _told(standing: Standing) -> str:
    at = [one.isoformat(timespec="seconds") for one in (standing.until, standing.seen)]
    return json.dumps([standing.clerk_no, *at, standing.password_of, standing.joined])


def _standing(text: str) -> Standing:
    try:
        no, until, seen, of, joined = json.loads(text)
        return Standing(no, datetime.fromisoformat(until), datetime.fromisoformat(seen), of, bool(joined))
    except (ValueError, TypeError) as error:
        raise RegisterDamaged("断线办理用的本机登记库说明读不出来，请等服务器恢复后登录。") from error
