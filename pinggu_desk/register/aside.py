"""Working on while the server is away: what is typed is put aside in a file (`outbox`) and joined when the server is back.

What is put aside counts as done; what needs an answer (a new case, a paper's number, an undo) is refused while the server is away.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import bindparam, select

from pinggu_desk.policy.masking import covered
from pinggu_desk.register import events, roster
from pinggu_desk.register.audit import append
from pinggu_desk.register.errors import (
    CaseClosed,
    InvalidEntry,
    NotAllowed,
    NotFound,
    Overtaken,
    Overtaking,
    RegisterDamaged,
    RegisterError,
    ServerGone,
)
from pinggu_desk.register.files import on_disk
from pinggu_desk.register.importing import ImportShelf
from pinggu_desk.register.outbox import FILE_NAME, STOOD, Entry, Outbox
from pinggu_desk.register.overtaking import overtaken
from pinggu_desk.register.passwords import KEY_BYTES
from pinggu_desk.register.roles import Act
from pinggu_desk.register.rows import add, put
from pinggu_desk.register.shelf import needs
from pinggu_desk.register.tables import cases, counters, edits, meta

T = TypeVar("T")
_KEY = "outbox_key"
_KEPT = select(meta.c.value).where(meta.c.name == bindparam("name"))
_REST = 3.0  # seconds that a server which is away is left in peace: each try may take as long as a connection does
_POLICY = select(cases.c.policy_id).where(cases.c.id == bindparam("case_id"))
_NUMBER = select(cases.c.number).where(cases.c.id == bindparam("case_id"))
_LAST = select(counters.c.last).where(counters.c.scope == bindparam("scope"))
_e = edits.c
_LATEST = (
    select(_e.at, _e.clerk_no, _e.after, cases.c.number)
    .join(cases, cases.c.id == _e.case_id)
    .where(_e.case_id == bindparam("case_id"), _e.fact == bindparam("fact"))
    .order_by(_e.seq.desc())
    .limit(1)
)
#: these are the entry's own, and would refuse it again; anything else may pass, and the entry waits for the next time
_REFUSED = (NotFound, CaseClosed, InvalidEntry, NotAllowed, Overtaken)


def _as_kept(_policy: str, key: str) -> str:
    """A material whose title nobody has told."""
    return key


class AsideShelf(ImportShelf):
    """The part of the register that works on without its server. ``_outbox`` is None where there is none."""

    folder: Path
    _outbox: Outbox | None = None
    _away_until = 0.0
    _away_since = ""
    _joining_aside = False

    @property
    def aside(self) -> int:
        """How many calls are put aside and wait for the server."""
        return self._outbox.count if self._outbox is not None else 0

    @property
    def aside_typed(self) -> int:
        """How many of them somebody typed: where he stood in a case is kept as well, and is nothing to tell him of."""
        return self._outbox.typed if self._outbox is not None else 0

    @property
    def aside_left(self) -> int:
        """How many could not be joined, and wait for somebody to see to them."""
        return self._outbox.left if self._outbox is not None else 0

    def aside_refused(self) -> list[Entry]:
        """What was put aside and could not be joined, and why."""
        return self._outbox.refused() if self._outbox is not None else []

    @needs(Act.WORK)
    def take_aside(self, seq: int) -> None:
        """Let what could not be joined count after all, as the clerk's own change of today; one's own, or anybody's for who is in charge.

        Raises `NotFound`, `NotAllowed`, `CaseClosed` and whatever refuses such a change.
        """
        outbox, entry = self._refused_one(seq)
        case_id = int(entry.given["case_id"])
        given = {name: value for name, value in entry.given.items() if name not in ("origin", "seen")}
        more: dict[str, Any] = {}
        if entry.call == "set_answer":
            more = {"origin": f"断线时由工号{entry.clerk_no}填", "made_on": self.last_edit(case_id)}
        with self._db.transaction():
            getattr(super(), entry.call)(**given, **more)
            append(self._db, self._stamp(), self._clerk.no, events.ASIDE_TAKEN, self._number(case_id), _called(entry))
        outbox.taken(seq)

    @needs(Act.WORK)
    def put_by(self, seq: int) -> None:
        """Let what could not be joined rest: it stays in the machine's file, and the trail says so. Raises as `take_aside`."""
        outbox, entry = self._refused_one(seq)
        number = self._number(int(entry.given["case_id"]))
        with self._db.transaction():
            append(self._db, self._stamp(), self._clerk.no, events.ASIDE_DROPPED, number, _called(entry))
        outbox.rest(seq)

    def aside_words(self, titles: Callable[[str, str], str] = _as_kept) -> list[tuple[int, str, str]]:
        """What could not be joined, for showing: its number, of which case what, and why.

        ``titles`` says what a material is called, by the policy's id and the material's key.
        """
        return [(one.seq, self._aside_line(one, titles), one.refused) for one in self.aside_refused()]

    def _aside_line(self, one: Entry, titles: Callable[[str, str], str]) -> str:
        case_id, when = int(one.given["case_id"]), one.at[5:16].replace("T", " ")
        row = self._db.row(_POLICY, case_id=case_id)
        told = _told(one, partial(titles, str(row[0]) if row else ""))
        return f"办件 {self._number(case_id)}　{told}　工号{one.clerk_no} {when}"

    def _refused_one(self, seq: int) -> tuple[Outbox, Entry]:
        found = next((one for one in self.aside_refused() if one.seq == seq), None)
        if found is None or self._outbox is None:
            raise NotFound("这一处已经处理过了，请看重新列出的。")
        if found.clerk_no != self._clerk.no:
            self.require(Act.CLERKS)
        return self._outbox, found

    def _number(self, case_id: int) -> str:
        row = self._db.row(_NUMBER, case_id=case_id)
        return str(row[0]) if row else f"（内部编号 {case_id}）"

    def set_answer(
        self, case_id: int, fact_name: str, text: str | None, *, origin: str = "", made_on: int | None = None
    ) -> int:
        """See `EditShelf.set_answer`; 0 where it was put aside."""
        if self._outbox is None:  # of a file: nothing is put aside
            return super().set_answer(case_id, fact_name, text, origin=origin, made_on=made_on)
        given = {"case_id": case_id, "fact_name": fact_name, "text": text, "origin": origin}
        keep = partial(super().set_answer, case_id, fact_name, text, origin=origin, made_on=made_on)
        return self._or_aside("set_answer", given, keep, 0)

    def set_material(self, case_id: int, key: str, state: str, *, seen: str | None = None) -> None:
        """See `CaseShelf.set_material`."""
        keep = partial(super().set_material, case_id, key, state, seen=seen)
        given = {"case_id": case_id, "key": key, "state": state, "seen": seen}
        self._or_aside("set_material", given, keep, None)

    def set_position(self, case_id: int, step: str, field: str) -> None:
        """See `CaseShelf.set_position`."""
        keep = partial(super().set_position, case_id, step, field)
        self._or_aside(STOOD, {"case_id": case_id, "step": step, "field": field}, keep, None)

    def _open_outbox(self) -> None:
        """On a server: find what was put aside before, and join it. What can't be read is kept under another name, and noted."""
        if self._db.kind != "postgresql":
            return
        key = self._outbox_key()
        try:
            self._outbox = Outbox(self.folder, key)
        except RegisterDamaged:
            away = f"{FILE_NAME}.{self._now():%Y%m%d-%H%M%S}.damaged"
            with on_disk(self.folder):
                (self.folder / FILE_NAME).rename(self.folder / away)
            with self._db.transaction():
                append(self._db, self._stamp(), self._clerk.no, events.JOINED, "登记库", f"文件读不出来，留存为 {away}")
            self._outbox = Outbox(self.folder, key)
        with suppress(RegisterError):  # it waits for the next time
            self.join_aside()

    def _close_outbox(self) -> None:
        if self._outbox is not None:
            self._outbox.close()

    def _outbox_key(self) -> bytes:
        """The office's key for such files. It is the server's to keep: one that has only the machine reads nothing."""
        row = self._db.row(_KEPT, name=_KEY)
        if row is None:
            with self._db.transaction():
                row = self._db.row(_KEPT, name=_KEY)  # another window may have been quicker
                if row is None:
                    row = (secrets.token_hex(KEY_BYTES),)
                    add(self._db, meta, _KEY, row[0])
        return bytes.fromhex(row[0])

    def join_aside(self) -> int:
        """Join what was put aside, each call in its clerk's name and at its time; returns how many the register took.

        An entry that the register refuses (a case that was closed meanwhile) stays in the file with the reason. Raises
        `ServerGone` where the server is still away.
        """
        if self._outbox is None or not self._outbox.count or self._joining_aside:
            return 0
        try:
            self._look_up()
        except NotAllowed:  # whoever was removed joins nobody's: it waits for who comes next
            return 0
        self._joining_aside = True
        try:
            return self._join_all_aside(self._outbox)
        finally:
            self._joining_aside = False

    def _join_all_aside(self, outbox: Outbox) -> int:
        scope, took = f"outbox:{outbox.name()}", 0
        for entry in outbox.entries():
            try:
                with self._db.transaction():
                    took += self._take_aside(entry, scope)
            except _REFUSED as error:
                outbox.refuse(entry.seq, error.sentence)
            else:
                outbox.taken(entry.seq)
        if took:
            with self._db.transaction():
                append(self._db, self._stamp(), self._clerk.no, events.JOINED, "登记库", f"{took} 条")
        return took

    def _take_aside(self, entry: Entry, scope: str) -> int:
        """Take one call, unless it was taken before a connection or this program broke off (inside a transaction)."""
        row = self._db.row(_LAST, scope=scope)
        if row is not None and row[0] >= entry.seq:
            return 0
        self._refuse_unseen(entry)
        with self._in_the_name_of(entry):
            getattr(super(), entry.call)(**entry.given, **self._as_of_now(entry))
        put(self._db, counters, scope, entry.seq)
        return 1

    def _refuse_unseen(self, entry: Entry) -> None:
        """Refuse an answer where a colleague gave another since the server was missed: nobody's is written over unseen."""
        if entry.call != "set_answer":
            return
        row = self._db.row(_LATEST, case_id=entry.given["case_id"], fact=entry.given["fact_name"])
        if row is not None and row[1] != entry.clerk_no and row[0] >= entry.since and row[2] != entry.given["text"]:
            fact, what = str(entry.given["fact_name"]), f"办件 {row[3]} 的“{entry.given['fact_name']}”"
            raise overtaken(self._db, what, row[1], row[0], [Overtaking(fact, None, row[2])], 0)

    def _as_of_now(self, entry: Entry) -> dict[str, int]:
        """An answer is made on what stands now: that nobody answered the same unseen was looked at for itself."""
        return {"made_on": self.last_edit(int(entry.given["case_id"]))} if entry.call == "set_answer" else {}

    @contextmanager
    def _in_the_name_of(self, entry: Entry) -> Iterator[None]:
        """Who made a call, and when, for the journal; in the role that he has today. Raises `NotAllowed` for one who was removed."""
        clerk, now, at = self._clerk, self._now, datetime.fromisoformat(entry.at)
        if entry.clerk_no != clerk.no:
            then = replace(clerk, no=entry.clerk_no, name="", window="")
            role = roster.role_of(self._db, then)
            if role is None:
                raise NotAllowed(f"工号“{entry.clerk_no}”已被移除，断线时填的没有并入；请负责人看过后决定。")
            self._clerk = replace(then, role=role)
        self._now = lambda: at
        try:
            yield
        finally:
            self._clerk, self._now = clerk, now

    def _or_aside(self, call: str, given: dict[str, Any], work: Callable[[], T], instead: T) -> T:
        outbox = self._outbox
        if outbox is None or self._joining_aside or self._db.at_work:
            return work()
        if time.monotonic() >= self._away_until:
            try:
                self.join_aside()  # what was typed before comes first
                return work()
            except ServerGone:
                self._away_until = time.monotonic() + _REST
        if not outbox.count:
            self._away_since = self._stamp()
        outbox.add(self._away_since, self._stamp(), self._clerk.no, call, given)
        return instead


def _called(entry: Entry) -> str:
    """What an entry changes, for the trail: by which name, not with which text."""
    what = entry.given.get("fact_name") or entry.given.get("key") or "办理位置"
    return f"{what}（工号{entry.clerk_no}，{entry.at[:16].replace('T', ' ')}）"


def _told(entry: Entry, title: Callable[[str], str]) -> str:
    """The same for whoever has to decide, with the text: it stands on a screen, so a person's number in it is covered."""
    if entry.call == "set_answer":
        name, text = entry.given["fact_name"], entry.given.get("text")
        return f"{name}：{'清空' if text is None else covered(name, text)}"
    if entry.call == "set_material":
        return f"材料 {title(entry.given['key'])}：{entry.given['state']}"
    return "办理位置"
