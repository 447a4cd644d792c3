"""Make ``.venv-noqt``: an environment with all that ``.venv`` has, except Qt.

In it the tests of everything but the desk are run, which shows that nothing else needs Qt. Packages are linked, not
copied, so that this takes no time and no network; Qt can't be imported from it because it isn't there.
"""

from __future__ import annotations

import shutil
import sys
import sysconfig
import venv
from pathlib import Path

#: What a package of Qt, or one that needs Qt, begins with in site-packages.
QT = ("pyside6", "shiboken6", "pytestqt", "pytest_qt")


def make(target: Path) -> None:
    """Make the environment anew at ``target`` from the one that runs this."""
    shutil.rmtree(target, ignore_errors=True)
    venv.create(target, symlinks=True, with_pip=False)
    source = Path(sysconfig.get_path("purelib"))
    packages = Path(
        sysconfig.get_path("purelib", vars={"base": str(target.resolve()), "platbase": str(target.resolve())})
    )
    for entry in source.iterdir():
        if not entry.name.lower().startswith((*QT, "__pycache__")):
            (packages / entry.name).symlink_to(entry)


if __name__ == "__main__":
    make(Path(sys.argv[1]))
