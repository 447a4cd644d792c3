"""What a server that is away, or was, means for whoever comes in: said once, in the words of the register."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pinggu_desk.register import Register


class Opening(NamedTuple):
    """What the opening of the register has to tell: what is wrong, what holds while the window is open, what is well, where it lies."""

    alarm: str
    standing: str
    news: str
    lies: str = ""


def told_at_opening(register: Register) -> Opening:
    """Asked once, on the register's thread."""
    standing = register.clock_words + register.elsewhere_words + register.standby_words
    standing += "".join(one.why for one in register.standby_waiting)
    news = f"断线期间在本机办的 {register.taken_over} 件已并入登记库。" if register.taken_over else ""
    return Opening("".join(register.warnings), standing, news, register.lies_words)


def left_words(left: int) -> str:
    """What was typed meanwhile and the register would not take: it is not lost, and it is not there."""
    return (
        f"断线时填的有 {left} 处没能并入，登记库里没有，留在本机：在“设置”的“登记库与服务器”里逐条处理；"
        "打开着的办件请重新打开再看。"
        if left
        else ""
    )


def aside_words(typed: int) -> str:
    """The server is away: what becomes of what is typed, and what has to wait."""
    kept = f"已填的 {typed} 处加密存在本机" if typed else "可以接着填，填的加密存在本机"
    return f"连不上登记库服务器：{kept}，连上后自动并入，关机也不会丢；新开办件、出具文书要等连上以后。"
