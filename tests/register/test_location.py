"""FOUND 47, 67: where a register may lie, backups on a share, who holds the keys, and a public key that can't be read."""

from __future__ import annotations

import os
from pathlib import Path, PureWindowsPath

import pytest

from pinggu_desk.register import Register, files, location
from pinggu_desk.register.errors import KeysHeld, UnfitPlace
from pinggu_desk.register.files import file_uri, holder, locked
from pinggu_desk.register.location import is_unc, kind_of, refuse_unfit
from pinggu_desk.register.signing import PUBLIC_FILE

PASSWORD = "Yanlian-Sample-2026"  # noqa: S105 - a sample's
MOUNTS = (
    "/dev/sda1 / ext4 rw 0 0\n//server/share /mnt/share cifs rw 0 0\nserver:/home /home/示例\\040共享 nfs4 rw 0 0\n"
)


@pytest.mark.parametrize("path", [r"\\server\share\登记库", "//server/share/登记库", r"\\?\UNC\server\share\登记库"])
def test_a_share_is_refused_with_one_sentence(path: str) -> None:
    assert is_unc(path)
    with pytest.raises(UnfitPlace) as refused:
        Register.create(Path(path), clerk_no="1", clerk_name="示例", password=PASSWORD)
    assert "在网络上" in refused.value.sentence and "本机" in refused.value.sentence
    with pytest.raises(UnfitPlace):
        Register.open(Path(path), clerk_no="1", password=PASSWORD)


def test_what_is_mounted_from_a_server_is_known() -> None:
    assert kind_of(Path("/mnt/share/库"), MOUNTS) == "cifs"
    assert kind_of(Path("/home/示例 共享/库"), MOUNTS) == "nfs4"
    assert kind_of(Path("/var/lib/库"), MOUNTS) == "ext4"


def test_a_roaming_folder_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    refuse_unfit(tmp_path)
    monkeypatch.setenv("APPDATA", str(tmp_path / "Roaming"))
    with pytest.raises(UnfitPlace, match="漫游"):
        refuse_unfit(tmp_path / "Roaming" / "pinggu-desk")
    refuse_unfit(tmp_path / "Local" / "pinggu-desk")


@pytest.mark.parametrize(
    "kind", ["cifs", "smb3", "nfs4", "fuse.sshfs", "fuse.s3fs", "vboxsf", "fuse.vmhgfs-fuse", "gpfs"]
)
def test_every_kind_of_shared_file_system_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """FOUND 47: also where the place's name has a tab or a backslash in it."""
    place = tmp_path / "共享\t夹"
    written = str(place).replace("\t", "\\011")
    monkeypatch.setattr(location, "mounts", lambda: f"/dev/sda1 / ext4 rw 0 0\nserver:/x {written} {kind} rw 0 0\n")
    with pytest.raises(UnfitPlace, match="在网络上"):
        refuse_unfit(place / "register")
    refuse_unfit(tmp_path / "本机")


def test_a_folder_that_is_synchronised_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """FOUND 47: OneDrive copies what lies there while it is open."""
    monkeypatch.setenv("OneDriveCommercial", str(tmp_path / "OneDrive - 示例"))
    with pytest.raises(UnfitPlace, match="同步"):
        refuse_unfit(tmp_path / "OneDrive - 示例" / "pinggu-desk")
    refuse_unfit(tmp_path / "pinggu-desk")


def test_a_share_s_server_goes_into_the_path_of_the_address() -> None:
    """SQLite refuses file://server/…; a backup to a share is opened by it to be checked."""
    assert file_uri(PureWindowsPath(r"\\server\share\备份\register.db")).startswith("file:////server/share/")
    assert file_uri(PureWindowsPath(r"C:\库\register.db")).startswith("file:///C:/")
    assert file_uri(Path("/srv/库")).startswith("file:///srv/")


def test_who_holds_the_keys_is_said_and_nobody_waits_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "_PATIENCE", 0.1)
    lock = tmp_path / "register.lock"
    with locked(lock):
        assert f"进程号 {os.getpid()}" in holder(lock)
        with pytest.raises(KeysHeld, match=f"进程号 {os.getpid()}"), locked(lock):
            pass
    with locked(lock):
        pass


def test_an_unreadable_public_key_does_not_stop_the_login(tmp_path: Path) -> None:
    folder = tmp_path / "库"
    register, _ = Register.create(folder, clerk_no="1", clerk_name="示例", password=PASSWORD)
    register.close()
    (folder / PUBLIC_FILE).unlink()
    (folder / PUBLIC_FILE).mkdir()  # can be neither read nor written, whoever one is
    Register.open(folder, clerk_no="1", password=PASSWORD).close()
