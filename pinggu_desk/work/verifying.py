"""Checking papers from the command line (验真): which public keys count, and the verdict as data and as lines."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pinggu_desk.places import data_home
from pinggu_desk.policy.errors import BadInput
from pinggu_desk.register.signing import PUBLIC_FILE

if TYPE_CHECKING:
    from pinggu_desk.documents.proof.check import Verdict


def own_key_path() -> Path:
    """Where the register of this machine lays its own public key."""
    return data_home() / "register" / PUBLIC_FILE


def verdict(paper: str | None, code: str | None, key_paths: Sequence[str]) -> Verdict:
    """The verdict on a file, a scanned code, or both together. Raises BadInput.

    Without key files the public key of this machine's own register counts.
    """
    from pinggu_desk.documents.proof.check import check_code, check_file
    from pinggu_desk.documents.proof.keys import PublicKey, read_key_file

    if paper is None and code is None:
        raise BadInput("没有写要验什么：请给出告知书 PDF 文件，或用 --code 给出扫码得到的文字。")
    if key_paths:
        keys = [read_key_file(Path(path)) for path in key_paths]
    elif own_key_path().exists():
        keys = [PublicKey(read_key_file(own_key_path()).public, "本机登记库")]
    else:
        raise BadInput("本机没有登记库的公钥，请用 --key 给出出具单位的公钥文件（.pub）。")
    if paper is not None:
        return check_file(Path(paper), keys, code or "")
    return check_code(code or "", keys)


def verdict_json(found: Verdict) -> dict[str, Any]:
    """The verdict as scripts read it."""
    return {
        "ok": found.ok, "sentence": found.sentence, "serial": found.serial or None, "lines": list(found.lines),
        "record": list(found.record),
    }  # fmt: skip


def own_key_file(register: str | None, office: str) -> str:
    """The text of this machine's public key as a file to give away. Raises BadInput where there is no register."""
    from pinggu_desk.documents.proof.keys import PublicKey, key_file, read_key_file

    path = Path(register) / PUBLIC_FILE if register is not None else own_key_path()
    if not path.exists():
        raise BadInput(
            f"“{path.parent}”中没有公钥文件 {PUBLIC_FILE}，请先打开一次登记库，或用 --register 指明其文件夹。"
        )
    return key_file(PublicKey(read_key_file(path).public, office))
