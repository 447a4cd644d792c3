"""What is kept in two places, key slots and rows: both or neither, whatever the disk refuses and whenever.

Rows and slots can't be committed together. The slots are written while the rows' transaction is still open, and put back where that
fails. Where the disk refuses that as well, the roster in the rows is what counts: the next opening makes the slots what it says.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from pinggu_desk.register import audit, spent
from pinggu_desk.register import slots as lock_of
from pinggu_desk.register.errors import RegisterError
from pinggu_desk.register.keyfile import clerk_of
from pinggu_desk.register.keys import KeyFile
from pinggu_desk.register.roster import Roster
from pinggu_desk.register.store import Store


@contextmanager
def in_both(db: Store, keys: KeyFile) -> Iterator[None]:
    """A transaction in which the slots are changed last, and put something on the trail: by that it is told whether it was kept."""
    before, number = keys.slots(), audit.claimed_end(db)[0]
    try:
        with db.transaction():
            yield
            spent.settle(db, spent.marks(keys.slots()))
    except BaseException:
        with suppress(RegisterError):
            if audit.claimed_end(db)[0] == number:  # else what could not be confirmed was carried out after all
                put_back(keys, before)
        raise
    with suppress(RegisterError):  # the next opening does it
        _settled(keys)


def put_back(keys: KeyFile, before: bytes) -> None:
    """Have the slots as they were, unless somebody else has been at them since."""
    with keys._store.held() as held:
        if held.read() == keys.written:
            held.replace(before)


def _settled(keys: KeyFile) -> None:
    with keys._held() as file:
        if file.content.pop("changing", None) is not None:
            file.keep()


def mend(people: Roster, keys: KeyFile, key: bytes) -> None:
    """Make the slot that was changed last what the roster says, where nobody could tell whether its rows were kept.

    Any other slot stands for itself: after a restore today's people come in, though the rows of that day don't know them.
    """
    with keys._held() as file:
        no = file.content.get("changing")
        if no is None or not people:
            return
        there, slots = people.get(no), file.content["clerks"]
        if there is None:
            file.content["clerks"] = [slot for slot in slots if slot["no"] != no]
        else:
            for slot in slots:
                if slot["no"] == no and "lock" in slot:
                    was, now = file.whose(clerk_of(slot)), file.whose(there.clerk)
                    slot["lock"] = lock_of.rename(slot["lock"], key, was, now)
                    slot["name"], slot["window"] = now.name, now.window
        del file.content["changing"]
        file.keep()
