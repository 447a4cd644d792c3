"""Options of every command that answers: with what an office entered (更正、外部参数), from its register or from an exported file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from pinggu_desk.policy.errors import BadInput

if TYPE_CHECKING:
    from pinggu_desk.assess.engine import Engine
    from pinggu_desk.policy.parameters import ParameterValue
    from pinggu_desk.register import Register
    from pinggu_desk.work.entered import Entered

_C = TypeVar("_C", bound=Callable[..., Any])
_META = "pinggu-desk entered"


def _keep(context: click.Context, option: click.Parameter, value: Any) -> None:
    """Kept beside the command's own arguments: all that answer are given it by `enter`, and no signature grows."""
    context.meta[f"{_META} {option.name}"] = value


def _option(name: str, **more: Any) -> Callable[[_C], _C]:
    return click.option(name, expose_value=False, callback=_keep, **more)


_OPTIONS = (
    _option(
        "--register", metavar="目录", default=None,
        help="用这个登记库里录入的更正和外部参数（名单还用其中的以往奖励），与窗口里同样作答；口令从终端或标准输入读。",
    ),
    _option("--clerk", metavar="工号", default=None, help="用谁的口令打开登记库；只有一名经办人时可不写。"),
    _option("--corrections", metavar="文件", default=None, help="用窗口里导出的更正文件（更正和外部参数，已签名）。"),
    _option(
        "--signed-by", metavar="公钥", multiple=True,
        help="导出更正文件的单位的公钥，可重复；默认用本机登记库的和本机信任的政策包公钥。",
    ),
)  # fmt: skip


def answers_as_the_desk(command: _C) -> _C:
    """Give a command these options."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def from_register() -> bool:
    """Whether the command that runs was told to answer with a register, on whose trail it then stands."""
    return click.get_current_context().meta.get(f"{_META} register") is not None


def enter(
    engine: Engine, first: Mapping[str, Sequence[ParameterValue]], note: Callable[[Register], None] | None = None
) -> Entered:  # fmt: skip
    """Let the engine answer with what the options name, ``first`` before it; what that is. Raises BadInput.

    ``note`` puts what is going to be done on the trail of the register that is named; without one there is no trail.
    """
    from pinggu_desk.work.entered import Entered, of_file

    said = click.get_current_context().meta
    folder, file = said.get(f"{_META} register"), said.get(f"{_META} corrections")
    if folder is not None and file is not None:
        raise BadInput("--register 和 --corrections 写一个：登记库里已有录入的全部更正，更正文件是它导出的。")
    entered = Entered()
    if folder is not None:
        entered = _from_register(folder, said.get(f"{_META} clerk"), note)
    elif file is not None:
        entered = of_file(Path(file), engine.own, said.get(f"{_META} signed_by") or ())
    entered.into(engine, first)
    return entered


def _from_register(folder: str, clerk_no: str | None, note: Callable[[Register], None] | None) -> Entered:
    from pinggu_desk.commands.statistics import open_register, register_folder
    from pinggu_desk.register.errors import RegisterError
    from pinggu_desk.work.entered import of_register

    try:
        register = open_register(register_folder(folder), clerk_no)
        try:
            if note is not None:
                note(register)
            return of_register(register)
        finally:
            register.close()
    except RegisterError as error:
        raise BadInput(error.sentence) from error
