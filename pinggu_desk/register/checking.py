"""Is the register what it was when it was written? Every answer is a Chinese sentence; none means sound.

Each row is held against its seal, each table against its sum (`tallies`), and both against what the audit trail says of them: a
row that was taken out with everything that speaks of it mended is missed by one of the three.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial

from sqlalchemy import Table, select

from pinggu_desk.register import structure
from pinggu_desk.register.dialects import search
from pinggu_desk.register.edits import journal_faults
from pinggu_desk.register.errors import RegisterDamaged
from pinggu_desk.register.sealing import ENTRY, is_counted
from pinggu_desk.register.store import DANGLING, Store
from pinggu_desk.register.tables import (
    SEALED_LATE,
    applicants,
    audit,
    cases,
    documents,
    edits,
    paper_files,
    sealed,
    sealed_columns,
    tallies,
    trail_end,
)
from pinggu_desk.register.tallies import OTHERWISE, Sum, is_past
from pinggu_desk.register.trailcheck import Fault, Trail, blob, read_trail

#: each sealed table: its columns in the order in which they were sealed; the seal is last
_SEALED = {table: select(*sealed_columns(table), table.c.seal) for table in sealed()}
_PAPERS = select(documents.c.serial, documents.c.sha256).order_by(documents.c.serial)
_LOOK_AGAIN = "请与备份核对"


@dataclass
class _Looked:
    """What was looked at so far, and what is wrong; ``gone`` are parts of the structure that are not as they were made."""

    db: Store
    gone: frozenset[str]
    trail: Trail = field(default_factory=Trail)
    counts: dict[str, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    over: bool = False
    #: the SHA-256 of each kept paper, by its serial: files are most of a register, and are read once
    papers: dict[str, str] = field(default_factory=dict)

    def at(self, look: Callable[[_Looked], Iterable[Fault]]) -> None:
        """Add what a look finds; where the rows can't even be read, that is what it found."""
        if self.over:
            return
        try:
            self.faults.extend(look(self))
        except RegisterDamaged as error:
            self.faults.append(Fault(error.sentence))
            self.over = self.db.kind == "postgresql"  # it answers nothing more in a transaction that failed


#: how much was looked at, by what it is, and what is wrong
LookedOver = tuple[dict[str, int], list[Fault]]


def faults(db: Store) -> list[str]:
    """Everything that is wrong with an open database, one Chinese sentence each."""
    return [fault.what for fault in looked_over(db)[1]]


def looked_over(db: Store, progress: Callable[[str], None] | None = None) -> LookedOver:
    """How much was looked at, by what it is, and what is wrong. ``progress`` is told what is looked at next."""
    tell = progress or (lambda _what: None)
    tell("文件结构")
    engine = db.faults()
    found = [Fault(f"登记库文件结构有损坏（{fault}），请从最近的备份恢复。") for fault in engine]
    if any(not fault.startswith(DANGLING) for fault in engine):
        return {}, found  # rows of a broken file can't be trusted to be read
    with db.moment() as still:
        built = list(structure.faults(still))
        looked = _Looked(still, frozenset(fault.row for fault in built))
        tell("审计记录")
        looked.at(_trail)
        for table, called in sealed().items():
            tell(called)
            if table.name not in looked.gone:
                looked.at(partial(_look_at, table, called))
        tell("文书文件")
        looked.at(_papers)
        tell("结构和检索")
        looked.faults += built
        looked.at(_search)
        tell("填报与修改记录")
        looked.at(_journal)
    # what refers to a row that was taken out stands behind the row itself
    return looked.counts, [*looked.faults, *looked.trail.faults(), *found]


def _trail(looked: _Looked) -> Iterator[Fault]:
    """The audit trail; what is wrong with it is told behind the rows."""
    if not looked.gone & {audit.name, trail_end.name}:
        looked.trail = read_trail(looked.db)
        looked.counts["审计记录"] = len(looked.trail.entries)
    yield from ()


def _look_at(table: Table, called: str, looked: _Looked) -> Iterator[Fault]:
    """A table's rows against their seals, its sum, and the trail."""
    db, trail, wrong = looked.db, looked.trail, False
    keys, counted = len(table.primary_key), is_counted(table)
    count = total = 0
    late = table in SEALED_LATE and not trail.sums
    told = {key: said for (name, key), said in trail.rows.items() if name == table.name}
    with db.stream(_SEALED[table]) as rows:
        for row in rows:
            count += 1
            seal = blob(row[-1])
            key = "/".join(map(str, row[:keys]))
            said = told.pop(key, None)
            how, number = "", said.number if said else trail.told(table.name)
            if late and not seal:
                pass
            elif not db.is_whole(table, row):
                how = OTHERWISE
            elif said is not None and said.digest != seal.hex()[:12]:
                how = f"与{trail.named(number)}{'记下的不符，可能被改动' if said.size else '撤去了它，现在又在'}"
            if how:
                wrong = True
                yield _at(trail, f"{called}“{_shown(key)}”{how}，{_LOOK_AGAIN}。", table, key, number)
            if counted:
                total += db.tallies.element(table.name, seal)
            if table is paper_files:
                looked.papers[str(row[0])] = hashlib.sha256(blob(row[1])).hexdigest()
    looked.counts[called] = count
    for key, said in told.items():
        if said.size:
            wrong = True
            what = f"{called}“{_shown(key)}”不见了，{trail.named(said.number)}登记过它；{_LOOK_AGAIN}。"
            yield _at(trail, what, table, key, said.number)
    if counted and trail.sums and not wrong:
        yield from _sums(looked, table, called, Sum().plus(count, total))


def _sums(looked: _Looked, table: Table, called: str, found: Sum) -> Iterator[Fault]:
    """A table's sum as it is, as it is kept, and as the trail tells it."""
    db, trail = looked.db, looked.trail
    try:
        sums = db.tallies.sums()
    except RegisterDamaged:
        yield trail.fault(f"{called}的校验和被改动，{_LOOK_AGAIN}。", trail.told(table.name), tallies.name, table.name)
        return
    kept = sums.get(table.name, Sum())
    said = trail.sums.get(table.name)
    exact, number = table.info["held"] == ENTRY, said.number if said else 0
    if table.name not in sums and found.size:
        yield _at(trail, f"{called}有 {found.size} 条，登记的校验和不见了；{_LOOK_AGAIN}。", table, "", number)
        return
    if not found.of_same_rows(kept):
        yield _at(trail, _sum_words(called, kept.size, found.size, "登记的校验和"), table, "", number)
        return
    if said is None:
        if found.size and exact:
            yield _at(trail, f"{called}有 {found.size} 条，审计记录没有说起过它；{_LOOK_AGAIN}。", table, "", 0)
        return
    now = kept.told()
    if (exact and now != said.told()) or kept.size < said.size or is_past(now, said.told()):
        yield _at(trail, _sum_words(called, said.size, found.size, trail.named(number)), table, "", number)


def _sum_words(called: str, told: int, found: int, by: str) -> str:
    if told != found:
        less = "少了" if found < told else "多了"
        return f"{called}按{by}应有 {told} 条，现有 {found} 条，{less} {abs(told - found)} 条；{_LOOK_AGAIN}。"
    return f"{called}有 {found} 条，内容与{by}不符，可能被换过；{_LOOK_AGAIN}。"


def _at(trail: Trail, what: str, table: Table, key: str, number: int) -> Fault:
    return trail.fault(what, number, table.name, key)


def _shown(key: str) -> str:
    return key.replace("/", "-")


def _papers(looked: _Looked) -> Iterator[Fault]:
    """Kept papers that are not those that were issued."""
    if looked.gone & {paper_files.name, documents.name}:
        return
    told = looked.trail.rows
    with looked.db.stream(_PAPERS) as rows:
        for serial, sha256 in rows:
            if looked.papers.get(str(serial), sha256) != sha256:
                what = f"文书“{serial}”的文件与登记的校验值不符，可能被改动，{_LOOK_AGAIN}。"
                said = told.get((paper_files.name, str(serial)))
                yield _at(looked.trail, what, paper_files, str(serial), said.number if said else 0)


def _search(looked: _Looked) -> Iterator[Fault]:
    """Whether search finds everybody by his name, and nobody by another."""
    if not looked.gone & {applicants.name, search.INDEX}:
        yield from structure.search_faults(looked.db)


def _journal(looked: _Looked) -> Iterator[Fault]:
    """Whether each case's journal goes on from row to row."""
    trail = looked.trail
    if not looked.gone & {edits.name, cases.name}:
        for case, what in journal_faults(looked.db):
            yield trail.fault(what, trail.told(edits.name), edits.name, str(case))
