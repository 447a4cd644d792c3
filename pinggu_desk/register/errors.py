"""What can go wrong with the register: one class for each cause that a person can act on.

Every error carries one Chinese sentence saying what is wrong, where, and what would be right; it is also the
text of the exception, so that the command line and the desk show the same words.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple


class RegisterError(Exception):
    """Any refusal of the register; `sentence` is ready to be shown to a clerk."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class RegisterMissing(RegisterError):
    """There is no register in the folder."""


class RegisterExists(RegisterError):
    """A register is already there, and won't be overwritten."""


class RegisterDamaged(RegisterError):
    """The database or its key file can't be read as what it should be."""


class RegisterNewer(RegisterError):
    """The database was written by a later version of the program."""


class RegisterBusy(RegisterError):
    """Another window held the database for longer than we wait."""


class KeysHeld(RegisterBusy):
    """Another program holds ``register.lock``; the sentence says which. Whoever asks may wait and try again."""


class KeyRenewed(RegisterBusy):
    """The register has had another key since this window opened it; whoever gives his password again goes on."""

    def __init__(self) -> None:
        super().__init__("登记库刚换了密钥（有人员被移除），这个窗口还拿着旧的；请锁定后重新输入口令，接着办。")


class UnfitPlace(RegisterError):
    """A register must not lie there: on a network, or in a folder that roams."""


class DiskFull(RegisterError):
    """The disk has no room; nothing was written."""


class DiskFault(RegisterError):
    """The disk refused to read or write for another reason than room."""


class ServerGone(DiskFault):
    """The server on which the register lies can't be reached; it may be back soon, and what was typed is kept till then."""


class ServerRefused(RegisterError):
    """The server doesn't let this account in, or it is not ready for this program."""


class BackupFailed(RegisterError):
    """A backup was made but did not pass its check, and was thrown away."""


class BundleRefused(RegisterError):
    """A bundle (数据包), receipt or receiving key is not one, was altered, is newer, or is not from whom or for whom it must be."""


class WrongPassword(RegisterError):
    """The password does not open this clerk's key slot."""


class WrongRecoveryCode(RegisterError):
    """The recovery code (恢复码) does not open the recovery slot."""


class ClerkLocked(RegisterError):
    """Too many wrong passwords: the clerk must wait until `until` (local time)."""

    def __init__(self, sentence: str, until: datetime) -> None:
        super().__init__(sentence)
        self.until = until


class UnknownClerk(RegisterError):
    """No clerk has this number (工号)."""


class ClerkExists(RegisterError):
    """The clerk number is taken."""


class WeakPassword(RegisterError):
    """The new password is too short or of too few kinds of character."""


class InvalidEntry(RegisterError):
    """A value can't be kept as given."""


class ImportStopped(RegisterError):
    """An import was cancelled while it was written: nothing of it is kept."""

    def __init__(self) -> None:
        super().__init__("已取消导入，登记库没有任何变化。")


class NotAllowed(RegisterError):
    """The clerk's role may not do this; the sentence says whose may."""


class NotFound(RegisterError):
    """No such applicant, case, award or document."""


class DuplicateApplicant(RegisterError):
    """The code is already registered, for the applicant `applicant_id`."""

    def __init__(self, sentence: str, applicant_id: int) -> None:
        super().__init__(sentence)
        self.applicant_id = applicant_id


class Overtaking(NamedTuple):
    """One thing that another window changed: what it is called, its text before (None: not known or not answered), and now."""

    what: str
    before: str | None
    now: str | None


class Overtaken(RegisterError):
    """Another window has changed it since this one looked: nothing was overwritten, and nothing of this change was kept.

    ``clerk`` did that (工号), ``at`` (local time); ``changes`` are all that was changed since; ``version`` is today's, on which
    the change can be made again by one who has seen them.
    """

    def __init__(self, sentence: str, clerk: str, at: datetime, changes: tuple[Overtaking, ...], version: int) -> None:
        super().__init__(sentence)
        self.clerk, self.at, self.changes, self.version = clerk, at, changes, version


class HeadOvertaken(Overtaken):
    """The same of what a case itself says (判断日, 申请人, 政策包, 状态), not of its answers."""


class CaseClosed(RegisterError):
    """The case (办件) was issued or withdrawn and takes no more changes until it is reopened."""
