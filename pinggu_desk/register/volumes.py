"""What is plugged in: the roots of sticks and other disks that come and go."""

from __future__ import annotations

import sys
from pathlib import Path

from pinggu_desk.register.location import mounts

_ROOTS = ("/media/", "/run/media/", "/mnt/")
_REMOVABLE, _FIXED = 2, 3  # DRIVE_REMOVABLE and DRIVE_FIXED of the Windows API


def plugged_in(mounted: str | None = None) -> list[Path]:
    """The roots of disks beside the system's own, in a steady order; on Linux by the lines of ``/proc/mounts``."""
    if sys.platform == "win32":
        import ctypes

        drives = ctypes.windll.kernel32.GetLogicalDrives()
        roots = [f"{chr(65 + n)}:\\" for n in range(2, 26) if drives >> n & 1]
        return [Path(r) for r in roots if ctypes.windll.kernel32.GetDriveTypeW(r) in (_REMOVABLE, _FIXED)]
    lines = (mounts() if mounted is None else mounted).splitlines()
    places = [line.split(" ")[1].replace("\\040", " ") for line in lines if line.count(" ") > 1]
    return [Path(place) for place in sorted(set(places)) if place.startswith(_ROOTS)]
