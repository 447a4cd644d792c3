"""A desk in a process of its own, which is killed in the middle of a visit. usage: child.py FOLDER

Prints one line once the answer under the cursor is on the disk; then waits to be killed.
"""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtTest import QTest

from pinggu_desk.desk.application import make_application, make_services
from pinggu_desk.desk.rehearsal import Hands
from pinggu_desk.desk.shell import build_window

ANSWERS = {
    "本区正常生产经营实体工业企业": "是", "列入年度调整退出计划": "是", "职工人数": "100", "税收贡献": "499.99",
}  # fmt: skip


def main(folder: Path) -> None:
    make_application(["child"])
    services = make_services(folder, practice=True)
    window = build_window(services)
    window.show()
    hands = Hands(window)
    hands.log_in()
    page = hands.new_case("slzbzz", "ybzzy")
    hands.answer(page, ANSWERS, until="税收贡献")
    case, kept = page.session.case.id, list[dict[str, str]]()

    def on_disk() -> bool:
        if not services.operations.waiting:
            services.operations.run(lambda register: register.answers(case), kept.append)
        return bool(kept) and kept[-1].get("税收贡献") == ANSWERS["税收贡献"]

    hands.wait(on_disk, "the last answer is not kept by itself")
    sys.stdout.write(" ".join(("KEPT", *page.session.position)) + "\n")
    sys.stdout.flush()
    while True:
        QTest.qWait(1000)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
