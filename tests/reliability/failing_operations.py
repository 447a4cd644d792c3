"""Whatever changes something, one operation at a time, for `failing_runs`: done or not done when the disk refuses, never half.

What an operation comes to is not told here: it is done once on a disk that is well, and every run under a failing one must show what
was there before it or what was there after it, row by row, on the trail, in the key slots and in the folders.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import select

from pinggu_desk.documents.pdf.pdfdoc import save
from pinggu_desk.policy.corrections import Correction
from pinggu_desk.policy.errors import DeskError
from pinggu_desk.policy.retention import UNFINISHED
from pinggu_desk.register import Register, RegisterError, events
from pinggu_desk.register.backupplan import PlanFile
from pinggu_desk.register.backups import make_backup, thin
from pinggu_desk.register.files import write_whole
from pinggu_desk.register.importing import Entry, ListedAward, Source
from pinggu_desk.register.issuing import Standing
from pinggu_desk.register.records import Applicant
from pinggu_desk.register.tables import SECRET, audit, key_store, metadata, tallies, trail_end
from pinggu_desk.register.thinning import Keep
from pinggu_desk.work.packs.store import PackStore
from tests.documents.signers import OURS
from tests.work.packs.samples import sample

from .writer import PASSWORD

DAY = date(2026, 3, 2)
OTHER, PHRASE = "Sample-2025", "Sample-Stick-2026"
HUB = "ab" * 32  # whom a bundle is for: a register that nobody has here
LIST = Source("示例花名册.xlsx", "ab" * 32, DAY, "申请人")
READING = Correction("读法", "general.at_least", "另", DAY, "示例局", "示例〔2026〕3号", DAY, "01")
#: what sessions leave on the trail by themselves, failed or not
_OF_SESSIONS = {
    events.LOGGED_IN, events.LOGGED_OUT, events.LOGIN_FAILED, events.LOCKED, events.UNLOCKED, events.ANCHOR_BEGUN,
    events.VERIFIED,
}  # fmt: skip
_ROWS = {
    table: select(*table.columns).order_by(*table.primary_key)
    for table in metadata.sorted_tables
    if table not in (audit, trail_end, tallies, key_store)
}
_DIGEST = re.compile("SHA-256 [0-9a-f]{64}|(?<=条 )[0-9a-f]{16}")
_TRAIL = select(audit.c.event, audit.c.subject, audit.c.detail).order_by(audit.c.id)
#: what only something that was not ended leaves behind
_LEFT = re.compile(r"\.(new|part|未完成|搬走.*)$|-(wal|shm|journal)$|^恢复中$|^恢复\.json$|^\.")


@dataclass
class Clock:
    """Stands still until it is told."""

    at: datetime = datetime(2026, 3, 2, 9)

    def __call__(self) -> datetime:
        return self.at


@dataclass
class Desk:
    """An open window, the folders that it writes to, and what the steps before have made."""

    root: Path
    clock: Clock = field(default_factory=Clock)
    made: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.folder, self.backups, self.out = self.root / "登记库", self.root / "备份", self.root / "文书"
        self.packs = PackStore(self.root / "政策包")
        self.out.mkdir(exist_ok=True)
        self.refusal: RegisterError | None = None
        self.register = self.opened()

    def again(self) -> None:
        """The window is closed and opened again."""
        self.register.close()
        self.register = self.opened()

    def opened(self) -> Register:
        return Register.open(self.folder, clerk_no="01", password=PASSWORD, now=self.clock)

    def later(self, **by: int) -> None:
        """Time passes: another backup has another name."""
        self.clock.at += timedelta(**by)


Step = Callable[[Desk], object]
Stands = dict[str, Any]


class Operation(NamedTuple):
    """One thing that somebody does: ``steps``, each whole or not there; ``first`` is what it finds.

    ``between`` says whether what stands there is a lawful half (of several old backups one is gone).
    """

    steps: tuple[Step, ...]
    first: Step = lambda _desk: None
    between: Callable[[Stands, Stands, Stands], bool] = lambda _before, _after, _now: False


def stands(desk: Desk) -> Stands:
    """All that is there: rows, trail, people, the plan, backups, papers, packs."""
    db = desk.register._db
    found: Stands = {table.name: db.rows(rows) for table, rows in _ROWS.items()}
    # a mark of a slot that is made anew each time
    found["counters"] = [row if not row[0].startswith(SECRET) else row[:1] for row in found["counters"]]
    # a backup is enciphered anew each time: its digest, and the trail's head behind it, say nothing of what stands there
    trail = [(event, subject, _DIGEST.sub("", detail)) for event, subject, detail in db.rows(_TRAIL)]
    found["trail"] = [row for row in trail if row[0] not in _OF_SESSIONS]
    found["people"] = Register.clerks_of(desk.folder)
    found["plan"] = replace(PlanFile(desk.folder).read(), since=None)
    found["backups"] = sorted(one.name for one in _listed(desk.backups) if not one.name.endswith(".未完成"))
    found["papers"] = {one.name: hashlib.sha256(one.read_bytes()).hexdigest() for one in _listed(desk.out)}
    found["packs"] = desk.packs.serving(), [one.name for one in desk.packs.all()]
    return found


def _listed(folder: Path) -> Iterable[Path]:
    return folder.iterdir() if folder.exists() else ()


# --- what is there before an operation


def case_there(desk: Desk) -> None:
    """Two applicants, a case of the first with an answer."""
    register = desk.register
    desk.made["firm"] = register.add_applicant("企业", "示例甲公司", code="91110117MA01ABCD5U", phone="示例一")
    desk.made["double"] = register.add_applicant("企业", "示例甲公司（重复）", phone="示例二")
    case = register.open_case("tztc", "1", applicant_id=desk.made["firm"].id, on=DAY)
    register.set_answer(case.id, "投资额", "600万元")
    desk.made["award"] = register.add_award(desk.made["double"].id, "ss", "ss.2.1", 100, DAY, "上市")
    desk.made["case"], desk.made["other"] = case, register.open_case("ss", "1", on=DAY)


def colleague_there(desk: Desk) -> None:
    desk.register.add_clerk("02", "示例同事", PASSWORD, "04")


def backups_there(desk: Desk) -> None:
    """Three of one day: with a day's last one kept, two may go."""
    for _ in range(3):
        desk.register.backup(desk.backups)
        desk.later(minutes=1)


def past_there(desk: Desk) -> None:
    """Something was forgotten: the backup before it may go, there is a newer one."""
    case_there(desk)
    desk.register.backup(desk.backups)
    desk.clock.at = datetime(2090, 1, 2, 9)
    desk.register.forget(desk.register.past_term(), agreed=desk.clock.at.date())
    desk.later(minutes=1)
    desk.register.backup(desk.backups)


def packs_there(desk: Desk) -> None:
    """A district is trusted, its first pack serves, its second is on a stick."""
    samples = desk.root.with_name("样包")
    if not samples.exists():
        samples.mkdir()
        sample(samples, "甲包", "30万元", date(2026, 1, 1))
        sample(samples, "乙包", "50万元", date(2027, 1, 1))
    desk.packs.trust(OURS.key)
    desk.packs.install(samples / "甲包.pack")
    desk.made["pack"] = samples / "乙包.pack"


def two_packs(desk: Desk) -> None:
    packs_there(desk)
    desk.packs.install(desk.made["pack"])


# --- operations


def issued(desk: Desk, name: str = "告知书.pdf") -> None:
    """A paper goes on record, with its file, what it says and what it stood on."""
    data = b"%PDF-1.7 sample " * 900
    digest, case = hashlib.sha256(data).hexdigest(), desk.made["case"]
    with desk.register.at_once("出具文书"):
        desk.register.refuse_unseen(case.id, Standing(None, None))
        serial = desk.register.record_document(case.id, "告知书", name, digest, "[]", data, digest, "保存", "", "{}")
        desk.register.share_paper(serial, [desk.made["other"].id])


def written(desk: Desk, name: str = "告知书.pdf") -> None:
    save(b"%PDF-1.7 sample " * 900, desk.out / name)


def taken_in(desk: Desk) -> object:
    firm = desk.made["firm"]
    award = ListedAward(3, "ss", "ss.2.1", 300, DAY, "上市", "示例项目", "示例文号", "")
    entries = [
        Entry(2, replace(firm, phone="示例三"), {"职工人数": "31人"}, alike=frozenset((firm.id,))),
        Entry(3, Applicant(0, "企业", "示例乙公司", "91110117MA00DEMA8F"), {"本区工商注册": "是"}, (award,)),
    ]
    return desk.register.import_list(LIST, entries)


def bundled(desk: Desk) -> None:
    """Parcels are on record before they are on the stick."""
    desk.made["parcels"] = desk.register.export_since(HUB)


def onto_stick(desk: Desk) -> None:
    for parcel in desk.made["parcels"]:
        write_whole(desk.out / "数据包", desk.register.sealed_bundle(parcel, passphrase=PHRASE))


def thinned(desk: Desk) -> object:
    return thin(desk.register.source, desk.backups, Keep(1, 1, 1), desk.clock())


def fewer(before: Stands, after: Stands, now: Stands) -> bool:
    """Some of the old backups are gone, and that they go may be told; nothing else is different. What can't be read stays."""
    same = all(now[name] in (before[name], after[name]) for name in now if name != "backups")
    return same and set(after["backups"]) <= set(now["backups"]) <= set(before["backups"])


def told_first(before: Stands, after: Stands, now: Stands) -> bool:
    """What was wanted is on the trail and not done: what is done must not lack there."""
    return now == {**before, "trail": after["trail"]}


def not_yet_serving(before: Stands, after: Stands, now: Stands) -> bool:
    """A pack lies there whole, the one before it serves."""
    same = all(now[name] == before[name] for name in now if name != "packs")
    return same and now["packs"] == (before["packs"][0], after["packs"][1])


def _with(method: str, *values: Any, **named: Any) -> tuple[Step, ...]:
    """A call of the register's own."""
    return (lambda desk: getattr(desk.register, method)(*values, **named),)


def _of(method: str, what: str, *values: Any, **named: Any) -> tuple[Step, ...]:
    """The same of something that is there, by its number."""
    return (lambda desk: getattr(desk.register, method)(desk.made[what].id, *values, **named),)


OPERATIONS: dict[str, Operation] = {
    "answer": Operation(_of("set_answer", "case", "投资额", "700万元", origin="示例"), case_there),
    "undo": Operation(_of("undo", "case"), case_there),
    "material": Operation(_of("set_material", "case", "营业执照", "已收"), case_there),
    "fact": Operation(_of("remember", "firm", "职工人数", "30人", DAY), case_there),
    "case opened": Operation((lambda desk: desk.register.open_case("ss", "1", on=DAY),)),
    "case closed": Operation(_of("close_case", "case"), case_there),
    "visit": Operation(
        (lambda desk: desk.register.join_visit(desk.made["case"].id, [desk.made["other"].id]),), case_there
    ),
    "applicant": Operation(_with("add_applicant", "个人", "示例人", code="11011719900101001X", document="居民身份证")),
    "particulars": Operation(
        (lambda desk: desk.register.update_applicant(replace(desk.made["firm"], address="示例村")),), case_there
    ),
    "merge": Operation((lambda desk: desk.register.merge(desk.made["firm"].id, desk.made["double"].id),), case_there),
    "list taken in": Operation((taken_in,), case_there),
    "award": Operation(_of("add_award", "firm", "ss", "ss.2.1", 200, DAY, title="示例往年项目"), case_there),
    "award taken back": Operation(_of("remove_award", "award"), case_there),
    "letter": Operation((issued, written), case_there),
    "sheet": Operation((partial(issued, name="申请表.xlsx"), partial(written, name="申请表.xlsx")), case_there),
    "figure": Operation(_with("add_parameter", "上一年度北京市全社会职工平均工资", "1万元", DAY, "示例来源")),
    "corrections": Operation(_with("take_corrections", [READING, replace(READING, since=date(2026, 6, 1))], "示例")),
    "correction taken back": Operation(
        _with("withdraw_correction", 1), lambda desk: desk.register.add_correction(READING)
    ),
    "colleague": Operation(_with("add_clerk", "02", "示例同事", PASSWORD, "04", "负责人")),
    "colleague renamed": Operation(_with("rename_clerk", "02", "示例改名", "05"), colleague_there),
    "role": Operation(_with("set_role", "02", "审计员"), colleague_there),
    "trusted office": Operation(_with("trust_key", OURS.key.public, "示例镇")),
    "term": Operation(_with("lengthen", UNFINISHED, 20)),
    "backups kept": Operation(_with("keep_backups", Keep(3, 3, 3)), between=told_first),
    "time of backups": Operation((lambda desk: PlanFile(desk.folder).change(place=str(desk.backups)),)),
    "columns of a list": Operation(_with("keep_list_shape", "cd" * 32, {2: "投资额"})),
    "backup": Operation(
        (
            lambda desk: desk.made.update(backup=make_backup(desk.register.source, desk.backups)),
            lambda desk: desk.register.note_backup(desk.made["backup"]),
        )
    ),
    "thinning": Operation((thinned,), backups_there, fewer),
    "old backups": Operation((lambda desk: desk.register.remove_old_backups([desk.backups]),), past_there, fewer),
    "bundle": Operation((bundled, onto_stick), case_there),
    "pack": Operation((lambda desk: desk.packs.install(desk.made["pack"]),), packs_there, not_yet_serving),
    "pack before": Operation((lambda desk: desk.packs.rollback(),), two_packs),
}


def trying(operation: Operation) -> Callable[[Path, Callable[[], AbstractContextManager[None]]], None]:
    """An operation as `failing_runs` does it: given the folder that everything lies in, and the disk that fails within a block."""
    known: list[Stands] = []

    def once(root: Path, failing: Callable[[], AbstractContextManager[None]]) -> None:
        os.environ["PINGGU_DESK_HOME"] = str(root / "本机")
        if not known:
            known.extend(_on_a_well_disk(root, operation))
        desk = Desk(root)
        try:
            _under_a_failing_one(desk, operation, known, failing)
        finally:
            desk.register.close()
        found = [one for one in root.rglob("*") if _LEFT.search(one.name)]
        # of a backup that goes, an empty folder may stay for a day: it might be another machine's that has just begun
        left = [str(one.relative_to(root)) for one in found if not one.is_dir() or any(one.iterdir())]
        assert left == [], f"left behind: {left}"
        if desk.refusal is not None:
            raise desk.refusal

    return once


def _on_a_well_disk(root: Path, operation: Operation) -> Iterable[Stands]:
    """What an operation comes to after each of its steps; the folder is as it was then."""
    kept = root.with_name("参照")
    shutil.copytree(root, kept)
    desk = Desk(root)
    operation.first(desk)
    for step in operation.steps:
        step(desk)
        yield stands(desk)
    desk.register.close()
    shutil.rmtree(root)
    kept.rename(root)


def _under_a_failing_one(
    desk: Desk, operation: Operation, known: list[Stands], failing: Callable[[], AbstractContextManager[None]]
) -> None:
    operation.first(desk)
    before, done = stands(desk), 0
    try:
        with failing():
            for step in operation.steps:
                step(desk)
                done += 1
    except (RegisterError, DeskError) as error:
        desk.refusal = RegisterError(error.sentence)
    at_once, allowed = stands(desk), [before, *known]
    desk.again()
    now = stands(desk)
    assert {**at_once, "people": now["people"]} == now, f"what was there is not there any more: {_differ(at_once, now)}"
    if operation.between(before, known[-1], now):
        pass
    elif desk.refusal is None:
        assert now == known[-1], f"acknowledged, and not there: {_differ(known[-1], now)}"
    else:
        assert now in allowed[done : done + 2], f"half done: {_differ(allowed[done], now)}"
        assert now != allowed[done + 1] or "没有保存" not in desk.refusal.sentence, "said not to be kept, and is"
    faults = desk.register.verify().faults
    assert faults == () and desk.register.warnings == (), (faults, desk.register.warnings)
    if desk.refusal is not None and (now != allowed[done + 1] or operation.between is fewer):
        desk.later(minutes=1)
        for step in operation.steps[done:]:
            step(desk)
        after = stands(desk)
        assert _shape(after) == _shape(known[-1]), f"the next try does it: {_differ(known[-1], after)}"


def _shape(found: Stands) -> dict[str, Any]:
    """What does not hang on the minute in which something was done."""
    return {
        name: len({(one[0], *one[1:2]) for one in rows}) if name == "trail" else len(rows)
        for name, rows in found.items()
        if isinstance(rows, (list, dict))
    }


def _differ(one: Stands, other: Stands) -> dict[str, Any]:
    return {name: (one[name], other[name]) for name in one if one[name] != other[name]}
