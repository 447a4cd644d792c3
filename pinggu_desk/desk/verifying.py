"""核验 while others type: every row is looked at behind, on a connection of its own; what the open register alone can tell comes after.

The whole of an office's register takes minutes, and on the register's one thread a case that is opened meanwhile would wait as long.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pinggu_desk.desk.keeper import Keeper
from pinggu_desk.desk.services import Services
from pinggu_desk.register.anchor import Printed
from pinggu_desk.register.checking import LookedOver
from pinggu_desk.register.watch import Verification
from pinggu_desk.work.trail import verify_register


def verify(
    services: Services, printed: Sequence[Printed], told: Callable[[str], None], then: Callable[[Verification], None],
    failed: Callable[[Exception], None],
) -> None:  # fmt: skip
    """Look at everything; ``told`` is called, on another thread, with what is looked at next.

    Where something else runs behind (a backup), or nothing may (practice), it takes its turn among the steps of the register.
    """

    def rest(looked: LookedOver) -> None:
        services.operations.run(lambda register: verify_register(register, printed, looked=looked), then, failed)

    keeper = services.keeper
    if isinstance(keeper, Keeper) and keeper.look_over(told, rest, failed):
        return
    services.operations.run(lambda register: verify_register(register, printed, told), then, failed)
