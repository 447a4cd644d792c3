"""A list taken into the register (从名单导入): what was agreed to in its preview, in one transaction, with an entry for each applicant.

The preview is made elsewhere (`work.importing`); here is what it looks at (`bearers`) and what is written. Whatever the register
has learned since the preview and the preview did not show refuses the whole: nothing is overwritten unseen, nothing half written.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from sqlalchemy import select

from pinggu_desk.policy.characters import plain_name
from pinggu_desk.register import events
from pinggu_desk.register.applicants import APPLICANT_ROWS, applicant_of
from pinggu_desk.register.audit import append
from pinggu_desk.register.errors import ImportStopped, InvalidEntry
from pinggu_desk.register.listed import ListedShelf
from pinggu_desk.register.records import Applicant
from pinggu_desk.register.roles import Act
from pinggu_desk.register.shelf import needs
from pinggu_desk.register.tables import merges

_MERGED = select(merges.c.from_id, merges.c.into_id)
What = Literal["申请人", "以往奖励"]
_RENEWED = "请重新预览后再导入，这次没有写入任何内容。"


@dataclass(frozen=True, slots=True)
class Source:
    """The list: its file's name and SHA-256, the day for which it speaks, and what of it is taken."""

    file: str
    sha256: str
    on: date
    what: What

    def origin(self, row: int) -> str:
        """Where what a row says came from, as it is kept: ``名单导入“花名册.xlsx”第 3 行``."""
        return f"{'名单导入' if self.what == '申请人' else '部门名单'}“{self.file}”第 {row} 行"


@dataclass(frozen=True, slots=True)
class ListedAward:
    """One award of a list: see `records.Award`; ``row`` is where it stands."""

    row: int
    policy_id: str
    benefit_id: str
    amount_fen: int
    on: date
    matter: str = ""
    title: str = ""
    document: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """What is agreed to of one applicant: who he is from now on (without number: to be registered), facts, awards.

    ``alike`` are those of his name or code whom the preview saw: where there are others by now, nobody has seen them.
    """

    row: int
    who: Applicant
    facts: Mapping[str, str] = field(default_factory=dict)
    awards: Sequence[ListedAward] = ()
    alike: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import came to."""

    new: int = 0
    changed: int = 0
    facts: int = 0
    awards: int = 0

    @property
    def any(self) -> bool:
        """Whether anything was written."""
        return bool(self.new or self.changed or self.facts or self.awards)

    @property
    def words(self) -> str:
        """``新登记 3 个，修改 2 个，情况 9 项，以往奖励 0 笔``."""
        return f"新登记 {self.new} 个，修改 {self.changed} 个，情况 {self.facts} 项，以往奖励 {self.awards} 笔"


@dataclass(frozen=True, slots=True)
class Bearers:
    """Everybody in the register (those merged into another are him), and who bears which code or name."""

    everyone: Mapping[int, Applicant]
    codes: Mapping[str, int]
    names: Mapping[str, frozenset[int]]

    def alike(self, name: str, code: str) -> frozenset[int]:
        """Whoever bears the code, or the name but for brackets, spaces and width."""
        own = frozenset((self.codes[code],)) if code in self.codes else frozenset()
        return own | self.names.get(plain_name(name), frozenset())


class ImportShelf(ListedShelf):
    """The part of the register that takes lists in."""

    def bearers(self) -> Bearers:
        """Everybody, read once: a list is held against all of them."""
        into: dict[int, int] = dict(self._db.rows(_MERGED))
        everyone: dict[int, Applicant] = {}
        codes: dict[str, int] = {}
        names: dict[str, set[int]] = defaultdict(set)
        for row in self._db.rows(APPLICANT_ROWS):
            one = applicant_of(row)
            whose = self._survivor(one.id) if one.id in into else one.id
            names[plain_name(one.name)].add(whose)
            if whose == one.id:
                everyone[one.id] = one
                if one.code:
                    codes[one.code] = one.id
        return Bearers(everyone, codes, {name: frozenset(whose) for name, whose in names.items()})

    @needs(Act.IMPORT)
    def note_import_seen(self, source: Source, known: int) -> None:
        """Put on the trail that a list was held against the register, and how many of its applicants are known here."""
        with self._db.transaction():
            self._note_import(events.IMPORT_SEEN, source, f"对照了 {known} 个已登记的申请人")

    @needs(Act.IMPORT)
    def import_list(
        self, source: Source, entries: Iterable[Entry],
        step: Callable[[int], None] = lambda _done: None, stop: Callable[[], bool] = lambda: False,
    ) -> Imported:  # fmt: skip
        """Write what was agreed to, whole or not at all. ``step`` is told how many are done, ``stop`` is asked between them.

        Raises `Overtaken`, `DuplicateApplicant` and `InvalidEntry` where the register is not any more what the preview saw,
        `ImportStopped` when it was cancelled.
        """
        wanted = list(entries)
        if not wanted:
            return Imported()
        done = Imported()
        with self._db.transaction():
            there = self.bearers()
            for at, entry in enumerate(wanted, 1):
                if stop():
                    raise ImportStopped
                if unseen := there.alike(entry.who.name, entry.who.code) - entry.alike - {entry.who.id}:
                    other = there.everyone[min(unseen)]
                    raise InvalidEntry(
                        f"名单第 {entry.row} 行的“{entry.who.name}”：预览之后登记库里登记了“{other.name}”，{_RENEWED}"
                    )
                done = self._take_entry(source, entry, done)
                step(at)
            if stop():
                raise ImportStopped
            self._note_import(events.LIST_IMPORTED, source, done.words)
        return done

    def _take_entry(self, source: Source, entry: Entry, done: Imported) -> Imported:
        who, new, changed = entry.who, not entry.who.id, False
        if new:
            kept = self.add_applicant(
                who.kind, who.name, code=who.code, contact=who.contact, phone=who.phone, address=who.address,
                sample=who.sample, document=who.document, reason=who.reason,
            )  # fmt: skip
        else:
            kept = self.update_applicant(who)
            changed = kept.version != who.version
        for fact, text in entry.facts.items():
            self._note_fact(kept.id, fact, text, source.on, None, source.origin(entry.row))
        for award in entry.awards:
            self.add_award(
                kept.id, award.policy_id, award.benefit_id, award.amount_fen, award.on, award.matter, "部门名单",
                title=award.title, document=award.document, origin=source.origin(award.row) + award.note,
            )  # fmt: skip
        told = [
            "新登记" if new else "改资料" if changed else "",
            f"情况 {len(entry.facts)} 项：{'、'.join(entry.facts)}" if entry.facts else "",
            f"以往奖励 {len(entry.awards)} 笔" if entry.awards else "",
        ]
        detail = f"{'；'.join(filter(None, told))}；{source.origin(entry.row)}"
        append(self._db, self._stamp(), self._clerk.no, events.APPLICANT_IMPORTED, f"申请人{kept.id}", detail)
        return Imported(
            done.new + new, done.changed + (not new and (changed or bool(entry.facts))), done.facts + len(entry.facts),
            done.awards + len(entry.awards),
        )  # fmt: skip

    def _note_import(self, event: str, source: Source, told: str) -> None:
        detail = f"{source.what}名单“{source.file}”，情况日期 {source.on}，{told}，SHA-256 {source.sha256}"
        append(self._db, self._stamp(), self._clerk.no, event, "名单", detail)


__all__ = ["Bearers", "Entry", "ImportShelf", "Imported", "ListedAward", "Source", "What"]
