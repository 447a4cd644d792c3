"""What lies beside a backup (备份说明.json), and what a folder holds of backups. No name of anybody stands in it.

The note tells a person what he holds without a password: day, size, counts, and how far the audit trail went. Its seal is
made with the register's key, so that whoever has the key sees whether it was changed.
"""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from pinggu_desk.register import entrance
from pinggu_desk.register.files import as_register_error, on_disk

PREFIX, PART, NOTE = "登记库备份-", ".未完成", "备份说明.json"
#: the folder of a register that was moved aside by a restore, in the register's own folder
ASIDE = "恢复前-"
_FORMAT = 1
#: machines' clocks may be so far apart
_AHEAD = timedelta(days=2)
_STAMP = "%Y%m%d-%H%M%S"


@dataclass(frozen=True, slots=True)
class Note:
    """What is told of a backup; of a register that was moved aside neither size nor digest is told.

    ``counts`` are numbers of rows by what they are; ``trail`` is the last entry's number and hash.
    """

    register: str
    made_at: str
    why: str
    program: str
    counts: Mapping[str, int] = field(default_factory=dict)
    trail: tuple[int, str] = (0, "")
    size: int = 0
    sha256: str = ""
    machine: str = ""
    seal: str = ""

    def sealed(self) -> list[Any]:
        """What the seal is made over."""
        return [_FORMAT, *(value for name, value in asdict(self).items() if name != "seal")]


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that lies somewhere; ``note`` is None for one of an earlier version. ``register`` is whose it is."""

    folder: Path
    at: datetime
    size: int
    register: str
    note: Note | None

    @property
    def name(self) -> str:
        """Its folder's name."""
        return self.folder.name

    @property
    def whole(self) -> bool:
        """Whether its database has the length that the note says; whether it is sound shows when it is opened."""
        return self.size > 0 and (self.note is None or self.note.size in (0, self.size))

    def unchanged(self) -> bool:
        """Whether its database is byte for byte what was checked when it was made. Reads the whole file."""
        return (
            self.note is not None
            and bool(self.note.sha256)
            and digest_of(self.folder / entrance.DATABASE) == self.note.sha256
        )


def machine() -> str:
    """A mark of the machine, for telling whose unfinished backup it is; not its name, which may be somebody's."""
    return hashlib.sha256(platform.node().encode()).hexdigest()[:12]


def name_at(at: datetime) -> str:
    """What a backup made then is called."""
    return f"{PREFIX}{at:{_STAMP}}"


def digest_of(path: Path) -> str:
    """SHA-256 of a file; empty where it can't be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def note_bytes(note: Note) -> bytes:
    """The note as it is written."""
    return json.dumps({"格式": _FORMAT, **asdict(note)}, ensure_ascii=False, indent=1).encode()


def read_note(folder: Path) -> Note | None:
    """The note in a backup's folder; None where there is none that can be read."""
    try:
        raw = json.loads((folder / NOTE).read_bytes())
        counts = {str(name): int(count) for name, count in raw["counts"].items()}
        number, head = raw["trail"]
        words = {
            name: str(raw[name]) for name in ("register", "made_at", "why", "program", "sha256", "machine", "seal")
        }
        if datetime.fromisoformat(words["made_at"]).tzinfo is not None:
            return None  # local time is what we write
        return Note(counts=counts, trail=(int(number), str(head)), size=int(raw["size"]), **words)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def backup_at(folder: Path) -> Backup | None:
    """The backup that a folder is; None where it is none, or an unfinished one."""
    if folder.name.endswith(PART):
        return None
    try:
        size = (folder / entrance.DATABASE).stat().st_size
        note, register = read_note(folder), entrance.register_id(folder)
        at = datetime.fromisoformat(note.made_at) if note else _at(folder)
    except (OSError, ValueError):
        return None
    return Backup(folder, at, size, register, note)


def backups_in(place: Path) -> list[Backup]:
    """The backups in a folder, newest first, or the one that it is itself. Raises RegisterError where it can't be read."""
    found = [one for path in _folders(place) if (one := backup_at(path)) is not None]
    if not found and (itself := backup_at(place)) is not None:
        found = [itself]
    return sorted(found, key=lambda one: (one.at, one.name), reverse=True)


def newest(found: list[Backup], now: datetime) -> Backup:
    """Which of several (newest first) was made last: one of a day to come only where its trail goes further than the others'."""
    past = next((one for one in found if one.at <= now + _AHEAD), None)
    if past is None or found[0] is past:
        return found[0]
    furthest = max(found[: found.index(past)], key=_goes_to)
    return furthest if furthest.register == past.register and _goes_to(furthest) > _goes_to(past) else past


def _goes_to(backup: Backup) -> int:
    return backup.note.trail[0] if backup.note is not None else 0


def unfinished_in(place: Path) -> Iterator[tuple[Path, Note | None]]:
    """What was begun in a folder and not finished, each with the note that was written first."""
    for path in _folders(place):
        if path.name.endswith(PART):
            yield path, read_note(path)


def _folders(place: Path) -> list[Path]:
    try:
        return [path for path in place.iterdir() if path.name.startswith((PREFIX, ASIDE)) and path.is_dir()]
    except FileNotFoundError:
        return []
    except OSError as error:
        raise as_register_error(error, place) from error


def _at(folder: Path) -> datetime:
    """When an earlier version made a backup: its name says so, else its file does."""
    for prefix in (PREFIX, ASIDE):
        try:
            return datetime.strptime(folder.name.removeprefix(prefix), _STAMP)
        except ValueError:
            continue
    with on_disk(folder):
        return datetime.fromtimestamp((folder / entrance.DATABASE).stat().st_mtime)


def size_words(size: int) -> str:
    """A size in bytes as a person reads it."""
    return f"{size / 1_000_000:.1f} MB" if size >= 100_000 else f"{max(1, round(size / 1000))} KB"
