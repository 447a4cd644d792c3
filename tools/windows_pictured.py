"""Pictures of the windows that the manuals show beside the walked visit: the officer's, and the settings of whoever deploys.

usage: python -m tools.windows_pictured FOLDER   (run by tools.make_manuals --pictures, in a process of its own)
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

#: what each picture is called
OFFICER, SETTINGS = "政策维护窗口", "设置"
WINDOWS = (OFFICER, SETTINGS)


def main() -> None:
    """Open each window offscreen and keep its picture in the folder."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    folder = Path(sys.argv[1])
    from pinggu_desk.desk.application import make_application
    from pinggu_desk.desk.fonts import load_fonts
    from pinggu_desk.desk.theme import apply_theme

    app = make_application(["pinggu-desk"])
    load_fonts()
    apply_theme(app, "light", "中")
    _officer(folder)
    _settings(folder)


def _officer(folder: Path) -> None:
    from PySide6.QtCore import QEventLoop, Qt

    from pinggu_desk.desk.officer.window import OfficerWindow
    from pinggu_desk.policy.pack import load_pack
    from pinggu_desk.policy.resources import resource_root

    pack = folder / "pack"
    shutil.copytree(resource_root(), pack, ignore=shutil.ignore_patterns("fonts", "icons", "pack.bin*"))
    window, looking = OfficerWindow(pack), QEventLoop()
    window.looked.connect(lambda _: looking.quit())
    window.resize(1366, 768)
    window.show()
    looking.exec()
    # before the officer: the first sentence of the pack that gives a share up to a ceiling
    benefits = [b for policy in load_pack(pack).policies.values() for b in policy.benefits]
    clause = next(b.clause for b in benefits if b.kind == "贴息")
    window.policy.setCurrentText(clause.split(".", 1)[0])
    looking.exec()
    rows = [window.sentences.item(row) for row in range(window.sentences.count())]
    window.sentences.setCurrentItem(next(row for row in rows if row.data(Qt.ItemDataRole.UserRole) == clause))
    window.grab().save(str(folder / f"{OFFICER}.png"))
    window.close()


def _settings(folder: Path) -> None:
    from pinggu_desk.desk.application import make_services
    from pinggu_desk.desk.rehearsal import Hands, leave
    from pinggu_desk.desk.shell import build_window

    services = make_services(folder / "practice", practice=True)
    window = build_window(services)
    window.resize(1366, 768)
    window.show()
    hands = Hands(window)
    hands.log_in()
    frame = window.frame
    assert frame is not None
    frame.open_place("设置")
    hands.wait(lambda: frame.current() is not None, "the page of settings")
    window.grab().save(str(folder / f"{SETTINGS}.png"))
    leave(window)


if __name__ == "__main__":
    main()
