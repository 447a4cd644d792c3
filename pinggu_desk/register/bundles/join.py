"""A parcel of another register is joined: all or nothing, in any order, any number of times, and nothing is guessed."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import bindparam, select

from pinggu_desk.register import events
from pinggu_desk.register.audit import append
from pinggu_desk.register.bundles.casejoin import CaseJoiner
from pinggu_desk.register.bundles.conflicts import ConflictShelf
from pinggu_desk.register.bundles.forks import Fork, SenderTrail, TrailForked
from pinggu_desk.register.bundles.gather import Gatherer
from pinggu_desk.register.bundles.joining import Joining
from pinggu_desk.register.bundles.people import PeopleJoiner
from pinggu_desk.register.bundles.records import Parcel, Receipt
from pinggu_desk.register.errors import InvalidEntry
from pinggu_desk.register.house import is_carried
from pinggu_desk.register.roles import Act
from pinggu_desk.register.rows import add
from pinggu_desk.register.shelf import needs
from pinggu_desk.register.tables import bundles_joined

_j = bundles_joined.c
_JOINED = select(_j.number).where(_j.sender == bindparam("sender"), _j.digest == bindparam("digest"))


@dataclass(frozen=True, slots=True)
class Joined:
    """What joining a parcel did. ``receipt`` is for its sender; ``again`` says that it had been joined before.

    ``counts`` tells how many 申请人, 办件, 文书, 已享受支持, 审计记录 are new or changed, and how many 冲突 a clerk has to decide;
    and, where there are any, how many cases came that were forgotten here and stay so.
    """

    receipt: Receipt
    office: str
    again: bool = False
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def conflicts(self) -> int:
        """How many decisions it left to a clerk."""
        return self.counts.get("冲突", 0)

    @property
    def taken(self) -> dict[str, int]:
        """What of the parcel was new or changed and was taken."""
        return {called: count for called, count in self.counts.items() if count and called not in ("冲突", FORGOTTEN)}

    @property
    def forgotten(self) -> int:
        """How many of its cases were forgotten here before and were not taken."""
        return self.counts.get(FORGOTTEN, 0)


FORGOTTEN = "已清除不再并入"
_CALLED = {"applicants": "申请人", "cases": "办件", "papers": "文书", "awards": "已享受支持", "entries": "审计记录",
           "conflicts": "冲突"}  # fmt: skip


class JoinShelf(ConflictShelf):
    """The part of the register that joins parcels."""

    @needs(Act.WORK)
    def join(self, parcel: Parcel, office: str, *, same_clerks: bool = False, agreed: Fork | None = None) -> Joined:
        """Take over what a parcel of another register has, in one transaction; ``office`` is what its sender is called here.

        Whoever is registered here by the same code and name is the same applicant; where his particulars differ, where a code
        is another's here, or where a case was changed on both sides, ours stands and theirs waits in `conflicts`. Clerks of
        the other office are kept as ``工号@单位``, unless they are the same people (``same_clerks``: an outbox of this register).
        A parcel that was joined before changes nothing at all. Raises `InvalidEntry` for one of this register's own, unless it is
        of the copy that stayed behind when the folder was carried to this machine (`house`), and where practice (演练) and work
        would mix; `TrailForked` where the sender's audit trail is no more what it was, unless who is in charge has seen both
        sides and agreed to that very fork (``agreed``).
        """
        if agreed is not None:
            self.require(Act.FORKS)
        me = self.register_id
        if parcel.sender == me and not is_carried(self._db):
            raise InvalidEntry(
                "这是本登记库自己导出的数据包，不能并回自己；请并入其他单位交来的数据包。登记库被拷到另一台电脑、两边都办过的，"
                "请在拷过去的那一台上，并入这一台导出的。"
            )
        if parcel.practice != self.practice:
            here, there = ("演练", "正式") if self.practice else ("正式", "演练")
            raise InvalidEntry(f"这是{there}登记库的数据包，本登记库是{here}的，两者不能混在一起，没有并入。")
        with self._db.transaction():
            self._db.lock("bundles")
            receipt, digest = Receipt(sender=parcel.sender, receiver=me, number=parcel.number), parcel.digest
            if self._db.row(_JOINED, sender=parcel.sender, digest=digest) is not None:
                return Joined(receipt, office, again=True)
            at = self._stamp()
            theirs = "" if same_clerks or parcel.sender == me else office.strip()
            joining = Joining(self._db, Gatherer(self._db, me), parcel, {}, theirs, at)
            forked = self._keep_trail(parcel, office, joining, agreed)
            if forked and forked.lost_since:  # he may have lost what he confirmed: it is no more what he has of ours
                self.send_again(parcel.sender, forked.lost_since.date())
            joining.shipped = self._sent(parcel.sender, confirmed=False)
            self._take(parcel, joining)
            if forked:
                append(self._db, at, self._clerk.no, events.FORK_AGREED, f"来包{parcel.number}", _fork_words(forked))
            add(self._db, bundles_joined, parcel.sender, digest, parcel.number, office, at, self._clerk.no)
            counts = {called: joining.counts.get(what, 0) for what, called in _CALLED.items()}
            if forgotten := joining.counts.get("forgotten"):
                counts[FORGOTTEN] = forgotten
            told = "、".join(f"{called}{count}" for called, count in counts.items())
            append(self._db, at, self._clerk.no, events.BUNDLE_JOINED, f"来包{parcel.number}", f"{office}：{told}")
            return Joined(receipt, office, False, counts)

    def _take(self, parcel: Parcel, joining: Joining) -> None:
        people, visits = PeopleJoiner(self, joining), CaseJoiner(self, joining)
        new = (case.applicant for case in parcel.cases if joining.is_new("case", case.ref))
        joining.with_news = frozenset(whose for whose in new if whose is not None)
        for applicant in parcel.applicants:
            people.join(applicant)
        for case in parcel.cases:
            visits.join(case)
        visits.tie(parcel.cases)
        for applicant in parcel.applicants:
            people.join_what_he_has(applicant)

    def fork_of(self, parcel: Parcel, office: str) -> Fork | None:
        """Where the sender's trail is no more what it was, both sides of it; None where the parcel follows. Nothing is joined."""
        try:
            with self._db.transaction():
                trail = SenderTrail(self._db, parcel, office)
                for entry in parcel.trail:
                    trail.keep(entry, entry.clerk_no, agreed=None)
                raise _OnlyLooked
        except TrailForked as forked:
            return forked.fork
        except _OnlyLooked:
            return None

    def _keep_trail(self, parcel: Parcel, office: str, joining: Joining, agreed: Fork | None) -> Fork | None:
        """Keep the sender's trail as evidence; the fork that was agreed to, if it is in this parcel. Raises `TrailForked`."""
        trail = SenderTrail(self._db, parcel, office)
        before = trail.forked_at
        for entry in parcel.trail:
            if trail.keep(entry, joining.clerk(entry.clerk_no), agreed=agreed):
                joining.count("entries")
        joining.forked_at = trail.forked_at
        return agreed if joining.forked_at != before else None


class _OnlyLooked(Exception):
    """Takes back what a look has written."""


def _fork_words(fork: Fork) -> str:
    return (
        f"{fork.office}：自第 {fork.number} 条起，以前并入的 {len(fork.kept)} 条留存，对方现在的 {len(fork.now)} 条并入"
    )
