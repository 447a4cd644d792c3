"""Errors that a person can act on; each carries its one Chinese sentence."""

from __future__ import annotations

import errno
from dataclasses import dataclass


class DeskError(Exception):
    """Base of every error whose message is meant for the person at the desk.

    ``sentence`` says, in one Chinese sentence, what is wrong, where, and what would be right.
    """

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


_REASONS = {
    errno.ENOENT: "文件夹不存在", errno.ENOTDIR: "文件夹不存在", errno.EACCES: "没有写入权限", errno.EPERM: "没有写入权限",
    errno.EROFS: "磁盘是只读的", errno.ENOSPC: "磁盘空间不足", errno.EDQUOT: "磁盘空间不足", errno.EISDIR: "同名的是一个文件夹",
    errno.EEXIST: "同名的不是文件夹", errno.ELOOP: "链接绕成了圈",
    errno.EBUSY: "文件正被占用", errno.ENAMETOOLONG: "文件名太长", errno.EIO: "磁盘读写出错",
}  # fmt: skip


def reason_of(error: OSError) -> str:
    """Why the system refused, in a few Chinese words; its own are in English, and say less to a clerk."""
    return _REASONS.get(error.errno or 0, f"系统错误 {error.errno or type(error).__name__}")


class BadAnswer(DeskError):
    """A value given for a fact (填报项) that cannot be taken."""


class BadInput(DeskError):
    """A file or option given on the command line that cannot be taken."""


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One named finding of the pack checker (政策包检查), with its place.

    ``code`` is the stable name of the diagnostic, ``file`` the path inside the pack, ``line`` counts from 1
    (0 when the whole file is meant), ``sentence`` is Chinese.
    """

    code: str
    file: str
    line: int
    sentence: str

    def __str__(self) -> str:
        from pinggu_desk.policy.characters import one_line  # its tables of characters are long, and errors are few

        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place} [{self.code}] {one_line(self.sentence, 400)}"


class BadPack(DeskError):
    """A pack that must not be used: it carries every diagnostic that was found."""

    def __init__(self, diagnostics: list[Diagnostic]) -> None:
        self.diagnostics = diagnostics
        first = str(diagnostics[0]) if diagnostics else "原因不明"
        more = f"（另有 {len(diagnostics) - 1} 处）" if len(diagnostics) > 1 else ""
        super().__init__(f"政策包不能使用：{first}{more}")
