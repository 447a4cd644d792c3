"""The nth call of each kind to the disk fails, for n = 1, 2, 3 … until a run meets no failure any more.

Run as `python -m tests.reliability.failing_runs FOLDER SCENARIO ONE_IN` with `failing_disk.c` preloaded (of ONE_IN runs
one is made; SCENARIO may be several, with commas between); prints of each how many runs met a failure, and how many were refused
for it. In each the register must open afterwards,
hold all that was acknowledged and nothing half done, and what was refused must have been told in one sentence.
"""

from __future__ import annotations

import ctypes
import errno
import shutil
import sys
from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import count, product
from pathlib import Path
from unittest.mock import patch

from pinggu_desk.documents.pdf.pdfdoc import save
from pinggu_desk.policy.errors import DeskError
from pinggu_desk.register import Register, RegisterError, errors, passwords
from pinggu_desk.register.backupplan import mark_stick, stick_register
from pinggu_desk.register.files import as_register_error, write_whole
from pinggu_desk.work.packs.store import PackStore
from tests.register.townships import everything

from .failing_bundles import EVERY
from .failing_operations import trying
from .typist import Day, seen
from .writer import PASSWORD

KINDS = ("write", "fsync", "rename", "open", "read", "ftruncate", "link", "unlink", "mkdir")
ERRORS = (errno.EIO, errno.ENOSPC, errno.EROFS, errno.EACCES)
#: of samples as small as this only every third kind is tried, another one in each scenario
SMALL = 20
DONE, STEPS = 40, 12
NAME, APPLICANT = "甲", 1
OTHER, PHRASE = "Sample-2025", "Sample-Stick-2026"
#: a register of an earlier schema, and how many cases it has
OLD, CASES_OF_OLD = Path(__file__).parents[1] / "data" / "schemas" / "8", 3

Failing = Callable[[], AbstractContextManager[None]]


@dataclass
class Place:
    """Where one run works: the register's folder, and one for backups."""

    folder: Path
    backups: Path

    def open(self, password: str = PASSWORD, now: Callable[[], datetime] = datetime.now) -> Register:
        return Register.open(self.folder, clerk_no="01", password=password, now=now)


def prepare(folder: Path) -> None:
    """The register that every run begins with: a copy of it."""
    register, _ = Register.create(folder, clerk_no="01", clerk_name="示例经办", password=PASSWORD)
    assert register.add_applicant("企业", "示例公司").id == APPLICANT
    day = Day(NAME)
    day.go_on(register, APPLICANT)
    while day.done < DONE:
        day.step()
    register.close()


def holds(place: Place, day: Day, password: str = PASSWORD) -> None:
    """The register opens, shows what the day adds up to, and is sound."""
    register = place.open(password)
    assert seen(register, NAME, APPLICANT) == day.seen()
    assert register.check() == []
    register.close()


def told(error: RegisterError) -> None:
    """A sound register is never called damaged, and one sentence is all that is said."""
    assert not isinstance(error, errors.RegisterDamaged), error.sentence
    assert error.sentence.endswith(("。", "）")) and "\n" not in error.sentence and len(error.sentence) < 300, (
        error.sentence
    )


# --- what is done while the disk fails; each raises the error once it has looked at what is left


def creating(place: Place, failing: Failing) -> None:
    """A register is there, or can be made."""
    shutil.rmtree(place.folder)
    try:
        with failing():
            Register.create(place.folder, clerk_no="01", clerk_name="示例经办", password=PASSWORD)[0].close()
    finally:
        try:
            register = place.open()
        except errors.RegisterMissing:
            register, _ = Register.create(place.folder, clerk_no="01", clerk_name="示例经办", password=PASSWORD)
        assert register.check() == []
        register.close()


def opening(place: Place, failing: Failing) -> None:
    """It opens the next time, and holds what it held."""
    try:
        with failing():
            place.open().close()
    finally:
        holds(place, Day(NAME, DONE))


def editing(place: Place, failing: Failing) -> None:
    """The step that failed is not there (or said to be in doubt); the same register goes on with it."""
    register, day = place.open(), Day(NAME, DONE)
    day.go_on(register, APPLICANT)
    try:
        with failing():
            while day.done < DONE + STEPS:
                day.step()
    except RegisterError as error:
        found = seen(register, NAME, APPLICANT)
        if "没有确认" in error.sentence and found != day.seen():
            day.go_on(None, APPLICANT)
            day.step()
        assert found == day.seen()
        day.go_on(register, APPLICANT)
        day.step()
        raise
    finally:
        register.close()
        holds(place, day)


def changing_keys(place: Place, failing: Failing) -> None:
    """Of two passwords the one opens that was acknowledged last, or the one under way."""
    register, password, colleagues = place.open(), [PASSWORD], 0
    try:
        with failing():
            register.add_clerk("02", "示例同事", PASSWORD)
            colleagues = 1
            password.append(OTHER)
            register.change_password(PASSWORD, OTHER)
            del password[0]
            register.new_recovery_code()
    finally:
        register.close()
        assert 1 + colleagues <= len(Register.clerks_of(place.folder)) <= 2
        opened = [each for each in password if opens(place, each)]
        assert len(opened) == 1
        holds(place, Day(NAME, DONE), opened[0])


def opens(place: Place, password: str) -> bool:
    """Whether a password opens the register."""
    try:
        place.open(password).close()
    except errors.WrongPassword:
        return False
    return True


def backing_up(place: Place, failing: Failing) -> None:
    """A backup is whole, or is not called one; another one can be made at once."""
    register = place.open()
    try:
        with failing():
            register.backup(place.backups)
    finally:
        for left in place.backups.glob("*") if place.backups.exists() else ():
            if not left.name.endswith(".未完成"):
                holds(Place(left, place.backups), Day(NAME, DONE))
        register.backup(place.backups / "另一处")
        register.close()
        holds(place, Day(NAME, DONE))


def restoring(place: Place, failing: Failing) -> None:
    """The register of now or the one of the backup is there, whole."""
    register, day = place.open(), Day(NAME, DONE)
    register.backup(place.backups)
    day.go_on(register, APPLICANT)
    day.step()
    day.step()
    try:
        with failing():
            register.restore(place.backups)
    finally:
        register.close()
        again = place.open()
        assert seen(again, NAME, APPLICANT) in (day.seen(), Day(NAME, DONE).seen())
        found = again.check()
        assert found == [], found
        again.close()


def removing(place: Place, failing: Failing) -> None:
    """A colleague goes, and with him the key: whatever stops it, one of the two keys opens everything."""
    register = place.open()
    register.add_clerk("02", "示例同事", PASSWORD)
    try:
        with failing():
            register.remove_clerk("02")
    finally:
        register.close()
        holds(place, Day(NAME, DONE))


def upgrading(place: Place, failing: Failing) -> None:
    """A file of an earlier schema is brought up, or stays what it was."""
    shutil.rmtree(place.folder)
    shutil.copytree(OLD, place.folder)
    try:
        with failing():
            place.open().close()
    finally:
        register = place.open()
        assert len(register.recent()) == CASES_OF_OLD and register.check() == []
        register.close()


def read_whole(path: Path) -> bytes:
    """What is on the stick, as whoever reads it is told of a stick that fails."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise as_register_error(error, path.parent) from error


def onto_stick(place: Place, failing: Failing) -> None:
    """A stick is marked or not; what is called a backup on it is whole."""
    stick = place.backups / "U盘"
    stick.mkdir(parents=True)
    seconds = (datetime(2026, 3, 2, 9) + timedelta(seconds=n) for n in count())  # a second backup has another name
    register = place.open(now=lambda: next(seconds))
    which = register.register_id
    try:
        with failing():
            mark_stick(stick, which)
            register.backup(stick)
    finally:
        assert stick_register(stick) in ("", which)
        for left in stick.glob("*"):
            if left.is_dir() and not left.name.endswith(".未完成"):
                holds(Place(left, stick), Day(NAME, DONE))
        mark_stick(stick, which)
        register.backup(stick)
        register.close()
        assert stick_register(stick) == which
        holds(place, Day(NAME, DONE))


def bundling(place: Place, failing: Failing) -> None:
    """A bundle is whole or not there, and it is joined whole or not at all, and once."""
    place.backups.mkdir(parents=True)
    town, out = place.open(), place.backups / "数据包"
    hub, _ = Register.create(place.folder.with_name("区里"), clerk_no="01", clerk_name="示例经办", password=PASSWORD)
    hub.trust_key(town.office_key().public, "示例镇")

    def carry() -> None:
        for parcel in town.export_since(hub.register_id):
            write_whole(out, town.sealed_bundle(parcel, passphrase=PHRASE))
            opened = hub.opened_bundle(read_whole(out), out.name, passphrase=PHRASE)
            hub.join(opened.parcel, "示例镇")

    try:
        with failing():
            carry()
    finally:
        joined = len(hub.recent())
        assert joined in (0, len(town.recent())), "half of a bundle was joined"
        carry()
        assert everything(hub) == everything(town) != [] and hub.check() == []
        hub.close()
        town.close()
        holds(place, Day(NAME, DONE))


def forgetting(place: Place, failing: Failing) -> None:
    """What is past its term is all there, or gone; a sweep that was refused is done again."""

    def late() -> datetime:
        return datetime(2090, 1, 2, 9)

    register = place.open(now=late)
    try:
        with failing():
            register.forget(register.past_term(), agreed=late().date())
    finally:
        left = register.recent()
        assert not left or seen(register, NAME, APPLICANT) == Day(NAME, DONE).seen()
        register.close()
        register = place.open(now=late)
        assert len(register.recent()) == len(left) and register.check() == []
        register.forget(register.past_term(), agreed=late().date())
        register.sweep()
        assert register.recent() == [] and register.search("示例公司") == [] and register.check() == []
        register.close()


def exporting(place: Place, failing: Failing) -> None:
    """A letter or a sheet that takes the place of an older file: the one or the other is there, whole, and nothing beside it."""
    place.backups.mkdir(parents=True)
    out = place.backups / "告知书.pdf"
    before, after = b"%PDF before" * 9000, b"%PDF after" * 20000
    out.write_bytes(before)
    try:
        with failing():
            save(after, out)
    except DeskError as error:
        raise RegisterError(error.sentence) from error
    finally:
        assert out.read_bytes() in (before, after)
        assert [one.name for one in place.backups.iterdir()] == [out.name]
        save(after, out)
        assert out.read_bytes() == after


SCENARIOS: dict[str, Callable[[Place, Failing], None]] = {
    "create": creating, "open": opening, "edit": editing, "keys": changing_keys, "backup": backing_up,
    "restore": restoring, "remove a clerk": removing, "migration": upgrading, "stick": onto_stick, "bundle": bundling,
    "forget": forgetting, "export": exporting,
}  # fmt: skip


class Disk:
    """The preloaded library."""

    def __init__(self) -> None:
        self._library = ctypes.CDLL(None)

    @contextmanager
    def failing(self, folder: Path, kind: str, n: int, error: int, *, forever: bool) -> Iterator[None]:
        """Within, the nth call of a kind below the folder fails."""
        self._library.failing_arm(str(folder).encode(), kind.encode(), ctypes.c_long(n), error, int(forever))
        try:
            yield
        finally:
            self.met = self._library.failing_disarm()


def of_operation(name: str) -> Callable[[Place, Failing], None]:
    """The same for an operation of `failing_bundles.EVERY`, which has one way of its own for all."""
    once = trying(EVERY[name])
    return lambda place, failing: once(place.folder.parent, failing)


def runs(root: Path, scenario: str, one_in: int, shift: int = 0, kinds: Collection[str] = KINDS) -> tuple[int, int]:
    """Do a scenario until each nth call of each kind has failed, once and for good; how many runs failed, how many were refused.

    Which error the nth call meets goes round. Of ``one_in`` runs one is made; then each kind fails in one way.
    """
    disk, made, refused = Disk(), 0, 0
    pristine = root / "原样"
    if not pristine.exists():
        prepare(pristine)
    act = SCENARIOS.get(scenario) or of_operation(scenario)
    for turn, (kind, forever) in enumerate(product(KINDS, (False, True))):
        at = turn // 2 + shift
        if kind not in kinds or (one_in > 1 and (forever != bool(at % 2) or (one_in >= SMALL and at % 3))):
            continue
        n = 1 + (turn + shift) % one_in
        while True:
            error = ERRORS[(n + turn) % len(ERRORS)]
            place = Place(root / "现场" / "登记库", root / "现场" / "备份")
            shutil.rmtree(place.folder.parent, ignore_errors=True)
            shutil.copytree(pristine, place.folder)
            where = f"{scenario}: {kind} {n}, {errno.errorcode[error]}{' from then on' if forever else ''}"
            try:
                act(place, partial(disk.failing, place.folder.parent, kind, n, error, forever=forever))
            except RegisterError as refusal:
                told(refusal)
                refused += 1
            except BaseException:
                print(f"at {where}", file=sys.stderr)  # noqa: T201
                raise
            if disk.met < n:
                break
            made += 1
            n += one_in
    return made, refused


def main(folder: str, scenario: str, one_in: str, kinds: str = ",".join(KINDS)) -> None:
    passwords.COST = (1, 8, 1)
    with patch.object(PackStore, "_keep_built_in", lambda _self: None):  # it weighs 2 MB, and is installed as any other
        for at, name in enumerate(scenario.split(",")):
            made, refused = runs(Path(folder), name, int(one_in), at, kinds.split(","))
            print(name, made, refused, sep="\t")  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])
