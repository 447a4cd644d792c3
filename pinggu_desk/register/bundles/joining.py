"""The joining of one parcel: what is known of foreign rows, what was sent the other way, and what a clerk will have to decide."""

from __future__ import annotations

from dataclasses import dataclass, field

from pydantic import BaseModel
from sqlalchemy import bindparam, select

from pinggu_desk.register import numbering
from pinggu_desk.register.bundles.gather import Gatherer, Kind
from pinggu_desk.register.bundles.records import AT, Parcel, Ref
from pinggu_desk.register.rows import put
from pinggu_desk.register.store import Store
from pinggu_desk.register.tables import applicants, awards, cases, foreign_ids, join_conflicts, known_facts

_f, _c = foreign_ids.c, join_conflicts.c
_KNOWN = select(_f.local_id, _f.sender, _f.number, _f.theirs, _f.ours).where(
    _f.origin == bindparam("origin"), _f.kind == bindparam("kind"), _f.foreign_id == bindparam("foreign_id")
)
_OPEN = select(_c.id).where(
    _c.kind == bindparam("kind"), _c.subject == bindparam("subject"), _c.decision.is_(None)
)  # fmt: skip
_TABLES = {"applicant": applicants, "case": cases, "award": awards, "fact": known_facts}
_THERE = {table: select(table.c.id).where(table.c.id == bindparam("number")) for table in _TABLES.values()}


@dataclass(frozen=True, slots=True)
class Known:
    """A row of elsewhere that is here: its number here, who brought it last in which parcel, and both sides' digests then."""

    local: int
    sender: str
    number: int
    theirs: str
    ours: str


@dataclass
class Joining:
    """One parcel on its way in. ``shipped`` is what its sender has had from here, ``office`` what his clerks' numbers end in."""

    db: Store
    gatherer: Gatherer
    parcel: Parcel
    shipped: dict[str, str]
    office: str
    at: str
    counts: dict[str, int] = field(default_factory=dict)
    #: the sender's bundle with which his trail forked last; 0 for never
    forked_at: int = 0
    #: those of whom the parcel has a case that was never here
    with_news: frozenset[Ref] = frozenset()

    def count(self, what: str) -> None:
        """One more of what the joining did."""
        self.counts[what] = self.counts.get(what, 0) + 1

    def known(self, kind: Kind, ref: Ref) -> Known | None:
        """What is known of a foreign row; None for one that was never here."""
        row = self.db.row(_KNOWN, origin=ref.origin, kind=kind, foreign_id=ref.id)
        return None if row is None else Known(*row)

    def local(self, kind: Kind, ref: Ref | None) -> int | None:
        """The number here of a row that is here or was forgotten here (`marks`), be it from elsewhere or of here."""
        if ref is None:
            return None
        known = self.known(kind, ref)
        if known is not None:
            return known.local
        return ref.id if ref.origin == self.gatherer.me and not self.lost(kind, ref) else None

    def here(self, kind: Kind, ref: Ref | None) -> int | None:
        """The number of a row that is here now: what may be referred to."""
        local = self.local(kind, ref)
        return local if local is not None and self.stands(kind, local) else None

    def stands(self, kind: Kind, number: int) -> bool:
        """Whether there is a row of that number here."""
        return self.db.row(_THERE[_TABLES[kind]], number=number) is not None

    def is_new(self, kind: Kind, ref: Ref) -> bool:
        """Whether a row was never here, or is lost."""
        return self.known(kind, ref) is None and (ref.origin != self.gatherer.me or self.lost(kind, ref))

    def was_here(self, kind: Kind, ref: Ref) -> bool:
        """Whether a row was here and was forgotten: a number that nobody was ever given here says nothing of it."""
        local = self.local(kind, ref)
        if local is None or self.stands(kind, local):
            return False
        return ref.origin != self.gatherer.me or ref.id < self.db.next_id(_TABLES[kind])

    def lost(self, kind: Kind, ref: Ref) -> bool:
        """Whether a row that nobody brought yet was this register's own and is lost: what another one has of it is taken back.

        One that was forgotten here is not lost, and doesn't come back.
        """
        return ref.origin == self.gatherer.me and numbering.is_lost(self.db, _TABLES[kind], ref.id)

    def fresh(self, kind: Kind, ref: Ref) -> int:
        """The number of a row to come: one of here that was lost, or forgotten and comes with news, has the number that it had.

        By that papers and others know it.
        """
        return ref.id if ref.origin == self.gatherer.me else self.db.next_id(_TABLES[kind])

    def note(self, kind: Kind, ref: Ref, local: int, theirs: str = "", ours: str = "") -> None:
        """A row of elsewhere is this row, and so both stand now."""
        sender, number = self.parcel.sender, self.parcel.number
        if self.lost(kind, ref):
            numbering.is_back(self.db, _TABLES[kind], ref.id)
        put(self.db, foreign_ids, ref.origin, kind, ref.id, local, sender, number, theirs, ours)
        self.gatherer.learned(kind, local, ref)

    def is_old(self, known: Known | None, theirs: str) -> bool:
        """Whether this was joined already, or the same sender brought something newer."""
        if known is None:
            return False
        return known.theirs == theirs or (known.sender == self.parcel.sender and known.number > self.parcel.number)

    def base(self, known: Known) -> str:
        """Both sides' digest when a row was joined last; none from before the sender's trail forked, for he may have lost what is here."""
        lost = known.sender == self.parcel.sender and known.number < self.forked_at <= self.parcel.number
        return "" if lost else known.ours

    def clerk(self, no: str) -> str:
        """A clerk of the other office, as he is called here: his number is not that of ours. One of ours comes back as ``工号@``."""
        if no.endswith(AT):
            return no.removesuffix(AT)
        return f"{no}{AT}{self.office}" if self.office and AT not in no else no

    def conflict(self, kind: str, ref: Ref, local: int, theirs: BaseModel) -> None:
        """Put what can't be joined without a decision before a clerk; what waits already of the same is renewed."""
        subject = f"{ref.origin}:{ref.id}"
        row = self.db.row(_OPEN, kind=kind, subject=subject)
        number = int(row[0]) if row else self.db.next_id(join_conflicts)
        said = theirs.model_dump_json()
        put(
            self.db, join_conflicts, number, self.parcel.sender, kind, subject, local, said, self.at, None, None, None
        )  # fmt: skip
        self.count("conflicts")
