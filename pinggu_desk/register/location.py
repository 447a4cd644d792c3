"""Where a register (登记库) may lie: on a disk of this machine. A network or roaming folder would damage it in time.

The write-ahead log needs memory that processes share and locks that hold; network file systems promise neither, and a
roaming profile is copied whole while the file is open.
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

from pinggu_desk.register.errors import UnfitPlace

_NETWORK_KINDS = frozenset(
    "nfs nfs4 cifs smb smbfs smb2 smb3 ncpfs afs davfs davfs2 fuse.davfs fuse.davfs2 fuse.sshfs sshfs fuse.gvfsd-fuse "
    "glusterfs fuse.glusterfs ceph fuse.ceph fuse.ceph-fuse lustre fuse.rclone fuse.curlftpfs fuse.s3fs fuse.ossfs fuse.cosfs "
    "fuse.gcsfuse fuse.juicefs fuse.mfs beegfs gpfs orangefs pvfs2 coda vboxsf prl_fs fuse.vmhgfs-fuse fuse.onedriver".split()
)
#: folders that a service on the machine copies to others while files in them are open (OneDrive says where its own lie)
_SYNCED = ("OneDrive", "OneDriveCommercial", "OneDriveConsumer")
_OCTAL = re.compile(r"\\([0-7]{3})")
_REMOTE_DRIVE = 4  # DRIVE_REMOTE of the Windows API


def is_unc(path: Path | str) -> bool:
    r"""Whether a path names a server's share (``\\server\share`` or ``//server/share``), on whatever system."""
    text = str(path)
    if text.upper().startswith("\\\\?\\UNC\\"):
        return True
    return text.startswith(("\\\\", "//")) and not text.startswith(("\\\\?\\", "\\\\.\\"))


def refuse_unfit(folder: Path) -> None:
    """Raises `UnfitPlace`, naming what would be right, where a register must not lie."""
    if is_unc(folder) or _on_network(folder):
        raise UnfitPlace(
            f"“{folder}”在网络上，登记库放在网络文件夹里会损坏；请把数据目录改到本机磁盘，网络文件夹可以用来放备份。"
        )
    if _synced(folder):
        raise UnfitPlace(
            f"“{folder}”会由 OneDrive 同步到别处，登记库放在那里会损坏；请把数据目录改到本机磁盘上不同步的文件夹。"
        )
    if _roams(folder):
        raise UnfitPlace(
            f"“{folder}”会随账户漫游同步，登记库放在那里会损坏；请把数据目录改到本机磁盘上不漫游的文件夹。"
        )


def _on_network(folder: Path) -> bool:
    if sys.platform == "win32":
        import ctypes

        drive = os.path.splitdrive(folder.absolute())[0]
        return bool(drive) and ctypes.windll.kernel32.GetDriveTypeW(f"{drive}\\") == _REMOTE_DRIVE
    return kind_of(folder, mounts()) in _NETWORK_KINDS


def _synced(folder: Path) -> bool:
    """Whether the folder is in one that OneDrive copies elsewhere as it changes."""
    named = (os.environ.get(name) for name in _SYNCED)
    return any(name and folder.absolute().is_relative_to(Path(name)) for name in named)


def _roams(folder: Path) -> bool:
    """Whether the folder is in Windows' roaming profile (``%APPDATA%``)."""
    roaming = os.environ.get("APPDATA")
    return bool(roaming) and folder.absolute().is_relative_to(Path(str(roaming)))


def mounts() -> str:
    """What Linux has mounted where; empty elsewhere."""
    try:
        return Path("/proc/mounts").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def kind_of(folder: Path, mounted: str) -> str:
    """The kind of file system that a folder lies on, by the lines of ``/proc/mounts``; empty when unknown."""
    try:
        real = folder.resolve()
    except (OSError, RuntimeError):  # a link that leads to itself is a RuntimeError until Python 3.13
        real = folder.absolute()
    best, kind = -1, ""
    for line in mounted.splitlines():
        parts = line.split(" ")
        if len(parts) < 3:
            continue
        place = _OCTAL.sub(lambda code: chr(int(code[1], 8)), parts[1])
        if real.is_relative_to(place) and len(place) >= best:
            best, kind = len(place), parts[2]
    return kind
