"""The trail's head where the file can't reach it (登记库校验): on paper, in backups, in a second place on the machine.

Who has the register's key can write rows, sums and trail anew, and who has yesterday's copy can put it back; neither can change
what was printed, handed out, or is kept elsewhere. A head is an entry's number and hash; on paper it is a code of twelve letters and
digits, from which nothing about anybody can be told.

The second place is a file of this machine's (`Kept`), one for each register and the folder it lies in: a copy opened elsewhere is
nobody's loss. It is kept as it was while something is wrong, until somebody who may accepts what there is now.
"""

from __future__ import annotations

import hashlib
import json
import re
from base64 import b32encode
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from sqlalchemy import BindParameter, bindparam, select

from pinggu_desk.policy.errors import reason_of
from pinggu_desk.register import events
from pinggu_desk.register.errors import InvalidEntry, RegisterError
from pinggu_desk.register.files import write_whole
from pinggu_desk.register.store import Store
from pinggu_desk.register.tables import audit
from pinggu_desk.register.trailcheck import Fault, claimed_end

_CODE_CHARS = 12
_CODE = re.compile(r"(?:登记库校验[:：]?)?([0-9]{1,12})-?([A-Z2-7]{4})-?([A-Z2-7]{4})-?([A-Z2-7]{4})")
_FORMAT = 1
#: so many heads of earlier days a machine keeps: the latest, and of older ones every other
_MOST_POINTS = 400
_NUMBER: BindParameter[int] = bindparam("number")
_HASH = select(audit.c.hash).where(audit.c.id == _NUMBER)
_AT = select(audit.c.at).where(audit.c.id == _NUMBER)
_RESTORES = select(audit.c.hash, audit.c.detail).where(audit.c.event == bindparam("event")).order_by(audit.c.id)
#: what an entry says of a register that was set up from a backup, where none could be opened
SET_UP = "从备份建立"


@dataclass(frozen=True, slots=True)
class Anchor:
    """How far the trail went: the last entry's number, its hash (hexadecimal) and time, and whose register it is."""

    register: str
    number: int
    hash: str
    at: str

    @property
    def code(self) -> str:
        """As it is printed: the number and twelve letters and digits."""
        return f"{self.number}-{code_of(bytes.fromhex(self.hash))}"


@dataclass(frozen=True, slots=True)
class Printed:
    """What somebody reads from a paper: an entry's number and the code of its hash."""

    number: int
    code: str

    def fits(self, digest: bytes | None) -> bool:
        """Whether it is the code of an entry with this hash."""
        return digest is not None and code_of(digest) == self.code


def code_of(digest: bytes) -> str:
    """The code of an entry's hash: 60 bits of its SHA-256."""
    letters = b32encode(hashlib.sha256(b"pinggu-desk anchor\n" + digest).digest()).decode()[:_CODE_CHARS]
    return "-".join(letters[at : at + 4] for at in range(0, _CODE_CHARS, 4))


def read_printed(text: str) -> Printed:
    """What is printed on a paper, as somebody typed it. Raises `InvalidEntry`."""
    plain = "".join(text.split()).upper().replace("—", "-").replace("－", "-")
    found = _CODE.fullmatch(plain)
    if found is None:
        raise InvalidEntry(
            f"登记库校验“{text.strip()}”写得不对，应照纸上抄写，是条号和三组、每组四位字母或数字，例如 120-ABCD-EFGH-2345。"
        )
    return Printed(int(found[1]), "-".join(found.groups()[1:]))


def mark_of(db: Store) -> str:
    """Which register this is: a mark of its key, which no row can change and no other register has."""
    return db.mac(b"pinggu-desk register")[:8].hex()


def head_of(db: Store) -> Anchor:
    """The trail's head now."""
    number, digest = claimed_end(db)
    row = db.row(_AT, number=number)
    return Anchor(mark_of(db), number, digest.hex(), str(row[0]) if row else "")


def hash_of(db: Store, number: int) -> bytes | None:
    """The hash of an entry; None where there is none such."""
    row = db.row(_HASH, number=number)
    return row[0] if row and isinstance(row[0], bytes) else None


@dataclass
class Kept:
    """What the machine keeps of a register: heads (number, hash, time), oldest first.

    ``closed`` says that the register was closed right after the last, by the last who had it open. ``restored`` are the restores
    that the machine has heard of (`restores_of`), whatever the trail tells of by now.
    """

    register: str
    points: list[tuple[int, str, str]] = field(default_factory=list)
    closed: bool = False
    seal: str = ""
    restored: list[str] = field(default_factory=list)

    def sealed(self) -> list[Any]:
        """What the seal is made over."""
        heard = [self.restored] if self.restored else []
        return ["anchor", _FORMAT, self.register, [list(point) for point in self.points], self.closed, *heard]


class AnchorFile:
    """The file of one register in the folder of the machine's anchors."""

    def __init__(self, home: Path, folder: Path, register: str) -> None:
        where = hashlib.sha256(str(folder.absolute()).encode("utf-8", "surrogatepass")).hexdigest()[:12]
        self.path = home / f"{register}-{where}.json"
        self._restores: list[str] = []  # that the trail tells of: the same as long as the register is open

    def read(self, db: Store) -> Kept | str | None:
        """What is kept; a sentence where it was altered or can't be read, None where there is nothing."""
        try:
            raw = json.loads(self.path.read_bytes())
            points = [(int(n), str(h), str(at)) for n, h, at in raw["points"]]
            restored = [str(one) for one in raw.get("restored", ())]
            kept = Kept(str(raw["register"]), points, bool(raw["closed"]), str(raw["seal"]), restored)
            if kept.seal == db.digest(kept.sealed()).hex() and points:
                return kept
        except FileNotFoundError:
            return None
        except OSError as error:
            return f"本机留存的登记库校验“{self.path}”读不出来（{reason_of(error)}），请检查这个文件的权限。"
        except (ValueError, KeyError, TypeError, RecursionError):
            pass
        return f"本机留存的登记库校验“{self.path}”被改动过，不能拿它核对；请用打印的台账或文书上的登记库校验核对。"

    def hear(self, db: Store) -> None:
        """Take up which restores the trail tells of, at the opening; each file that is written from now on knows of them."""
        self._restores = list(restores_of(db))

    def keep(self, db: Store, head: Anchor, *, closed: bool) -> None:
        """Keep a head on top of those that are kept, where these still hold. A disk that refuses is passed over."""
        before = self.read(db)
        points = before.points if isinstance(before, Kept) else []
        if isinstance(before, str) or gone_from(db, points[-1:]) is not None:
            return
        last = points[-1] if points else (0, "", "")
        if last[0] != head.number:
            points = [*points, (head.number, head.hash, head.at)]
        self.write(db, Kept(head.register, _thinned(points), closed), before)

    def say_closed(self, db: Store) -> None:
        """Whoever kept the last head was the last to leave. No connection is needed."""
        before = self.read(db)
        if isinstance(before, Kept):
            self.write(db, replace(before, closed=True), before)

    def is_left_open(self, db: Store, number: int) -> bool:
        """Whether it is known that somebody still had the file open when its last entry was written, and not that he left."""
        kept = self.read(db)
        return isinstance(kept, Kept) and kept.points[-1][0] == number and not kept.closed

    def write(self, db: Store, kept: Kept, before: Kept | str | None) -> None:
        """Put a file in the place of what there is. A disk that refuses is passed over: work goes on."""
        heard = before.restored if isinstance(before, Kept) else []
        kept.restored = list(dict.fromkeys([*heard, *self._restores]))
        kept.seal = db.digest(kept.sealed()).hex()
        with suppress(OSError, RegisterError):
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            write_whole(self.path, json.dumps(asdict(kept), ensure_ascii=False, indent=1).encode())

    def accept(self, db: Store, head: Anchor) -> None:
        """Begin anew with what there is: after a restore that was meant, or once it is known what happened."""
        self.write(db, Kept(head.register, [(head.number, head.hash, head.at)]), self.read(db))


def gone_from(db: Store, points: Iterable[tuple[int, str, str]]) -> Fault | None:
    """The first head that the trail doesn't have any more; None where it has them all."""
    last, _ = claimed_end(db)
    for number, digest, at in points:
        when = at.replace("T", " ")[:16]
        found = hash_of(db, number)
        if found is None:
            return Fault(
                f"登记库比本机留存的校验旧：{when} 审计记录已到第 {number} 条，现在只到第 {last} 条，可能放回了较早的文件，"
                f"或末尾被删去；请找回最新的登记库，不要在这一份上接着办。",
                last + 1, at,
            )  # fmt: skip
        if found.hex() != digest:
            return Fault(
                f"审计记录第 {number} 条（{when}）与本机留存的校验不符，这一条或之前的记录被重写过；请保留现场，与备份核对。",
                number, at,
            )  # fmt: skip
    return None


def before_words(number: int, digest: bytes) -> str:
    """How an entry of a restore names the head of the register that it replaced."""
    return f"恢复前审计至第 {number} 条 {digest.hex()[:16]}"


def words_of_kept(kept: Kept | str | None) -> str:
    """How an entry of a register that is set up from a backup names the head that the machine kept of the one before it."""
    if not isinstance(kept, Kept):
        return ""
    number, digest, _ = kept.points[-1]
    return before_words(number, bytes.fromhex(digest))


def restores_of(db: Store) -> dict[str, str]:
    """The restores that the trail tells of, in their order: what each says, by the beginning of its entry's hash."""
    return {digest.hex()[:16]: detail for digest, detail in db.rows(_RESTORES, event=events.RESTORED)}


def replaced_on_purpose(db: Store, kept: Kept) -> bool:
    """Whether the register says itself that a backup was put in the place of what the machine kept last.

    The trail tells of a restore that the machine has not heard of: what it kept is of before. It may be the machine of whoever did
    that, another one or another account's, that kept an earlier entry than the last, or of a line that was left twice since. What is
    missed by one that has heard of each was replaced by none of them. Neither numbers nor times are looked at: clocks are set.
    A file that was set up anew must say that it took the place of what lay here; on a server each window's machine kept its head.
    """
    here = words_of_kept(kept)
    return any(
        SET_UP not in told or here in told or db.kind == "postgresql"
        for restore, told in restores_of(db).items()
        if restore not in kept.restored
    )


def _thinned(points: list[tuple[int, str, str]]) -> list[tuple[int, str, str]]:
    if len(points) <= _MOST_POINTS:
        return points
    half = len(points) // 2
    return points[:half][::2] + points[half:]
