"""Which pack serves this process: told once by whoever starts the program, before anything of a pack is read."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from pinggu_desk.policy.resources import PACK_VARIABLE, choose_pack
from pinggu_desk.work.packs.pointer import BUILT_IN, files_of, read_state

if TYPE_CHECKING:
    from pinggu_desk.policy.models import Pack


def wanted(home: Path) -> str:
    """The name of the installed pack that should serve; `BUILT_IN` for the program's own, or that which the environment names."""
    return BUILT_IN if os.environ.get(PACK_VARIABLE) else read_state(home).serving


def serve(home: Path, tell: Callable[[str], None]) -> str:
    """Let this process answer by the pack that is installed under ``home``; by the program's own where none is. Its name.

    It is verified when it is loaded. ``tell`` hears the one sentence if it can't be used, and which one serves instead.
    """
    name = wanted(home)
    if name == BUILT_IN:
        return name
    from pinggu_desk.policy.compiled import load_by

    root = files_of(home, name)
    choose_pack(root)
    load_by(root, lambda: _load(home, name, tell))
    return name


def _load(home: Path, wanted: str, tell: Callable[[str], None]) -> Pack:
    """The pack that should serve, or the last good one before it, or the program's own. Raises BadPack for the last."""
    from pinggu_desk.policy.compiled import load_bundled
    from pinggu_desk.policy.errors import BadInput, BadPack
    from pinggu_desk.work.packs.store import PackStore

    store, state = PackStore(home), read_state(home)
    why = ""
    for name in dict.fromkeys((wanted, *reversed(state.before))):
        if name == BUILT_IN:
            break
        try:
            one = store.verified(name)
            pack = store.load(one)
        except (BadInput, BadPack) as error:
            why = why or error.sentence
            continue
        if name != wanted:
            choose_pack(one.root)
            tell(f"{why}现按“{pack.version}”测算。")
        return pack
    choose_pack(None)
    pack = load_bundled()
    tell(f"{why}现按程序自带的政策包（{pack.version}）测算。")
    return pack
