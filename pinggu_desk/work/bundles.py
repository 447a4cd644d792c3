"""Bundles (数据包) on a stick: made into a folder, joined from a file, with the words that say what came of it."""

from __future__ import annotations

import errno
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from pinggu_desk.policy.errors import BadAnswer, BadInput
from pinggu_desk.policy.facts import Fact, read_answer
from pinggu_desk.policy.identity import shown
from pinggu_desk.policy.masking import covered
from pinggu_desk.register.errors import BundleRefused, RegisterError
from pinggu_desk.register.files import write_whole

if TYPE_CHECKING:
    from pinggu_desk.register import Register
    from pinggu_desk.register.bundles.conflicts import Conflict, Difference
    from pinggu_desk.register.bundles.forks import Fork, Line
    from pinggu_desk.register.bundles.join import Joined

#: how a conflict is called, and what there is to say of it
KINDS = {"applicant": "同一申请人，两边资料不同", "code": "同一号码，两边名称不同", "case": "同一办件，两边都改过"}
RECEIVING_FILE = "收件公钥.json"
_MOST = 300 << 20
_SINCE = Fact.model_validate({"名": "备份的日期", "代号": "again_since", "类": "日期", "问": "备份的日期"})


@dataclass(frozen=True, slots=True)
class Told:
    """What came of a file: a sentence, and how many decisions it left to a clerk."""

    sentence: str
    conflicts: int = 0
    receipt: Path | None = None


def write_receiving_key(register: Register, folder: Path) -> Path:
    """Write what others need to send bundles here; returns the file. Raises `BadInput`, `RegisterError`."""
    _must_be_folder(folder)
    path = folder / RECEIVING_FILE
    write_whole(path, register.receiving_key_file())
    return path


def make_bundles(
    register: Register, folder: Path, *, key_file: Path | None = None, office: str = "", passphrase: str = "",
    again_since: date | None = None,
) -> list[Path]:  # fmt: skip
    """Write all that the receiving register has not confirmed yet, as files in a folder; none where there is nothing new.

    What it confirmed from ``again_since`` on goes once more: it was restored from a backup of that day, and lost it.

    The receiver is told by its receiving key's file, which the bundle is enciphered to; or by the name of a trusted office, with
    a passphrase of the bundle's own. Raises `BadInput`, `RegisterError`.
    """
    from pinggu_desk.register.bundles.sealed import SUFFIX

    _must_be_folder(folder)
    receiver = None
    if key_file is not None:
        receiver = register.read_receiving_key(_read(key_file), key_file.name)
        to = receiver.register_id
    else:
        to = next((key.public.hex() for key in register.trusted_keys() if key.office == office), "")
        if not to:
            names = "、".join(f"“{key.office}”" for key in register.trusted_keys())
            raise BadInput(
                f"可信公钥中没有“{office}”，没有导出；"
                + (f"请从{names}中选一个。" if names else "请先添加收件单位的公钥。")
            )
    if again_since is not None:
        if again_since > date.today():
            raise BadInput(f"再导出一次的起始日期 {again_since} 在今天以后，没有导出；应填对方恢复用的备份是哪一天的。")
        register.send_again(to, again_since)
    made = []
    for parcel in register.export_since(to):
        if parcel.applicants or parcel.cases:
            path = folder / f"数据包-{register.register_id[:6]}-{parcel.number:04d}{SUFFIX}"
            write_whole(path, register.sealed_bundle(parcel, receiver=receiver, passphrase=passphrase))
            made.append(path)
    return made


def read_since(text: str) -> date | None:
    """From which day on is sent again, as it was typed: the day of the backup that the receiver was restored from. Raises `BadInput`."""
    if not text.strip():
        return None
    try:
        value = read_answer(_SINCE, text)
    except BadAnswer as error:
        raise BadInput(f"再发一次：{error.sentence}") from None
    assert isinstance(value, int)
    return date.fromordinal(value)


def take_file(register: Register, path: Path, passphrase: str = "", *, agreed: Fork | None = None) -> Told:
    """Join a bundle's file, or note a receipt's. The receipt of a bundle is written beside it, where that can be written to.

    Raises `BadInput`, `RegisterError` (`TrailForked` unless that fork was ``agreed`` to); nothing has changed then.
    """
    from pinggu_desk.register.bundles.sealed import is_bundle

    data = _read(path)
    if not is_bundle(data):
        return _take_receipt(register, data, path.name)
    opened = register.opened_bundle(data, path.name, passphrase=passphrase)
    done = register.join(opened.parcel, opened.office, agreed=agreed)
    receipt: Path | None = path.with_name(f"回执-{opened.parcel.sender[:6]}-{opened.parcel.number:04d}.json")
    assert receipt is not None
    try:
        write_whole(receipt, register.receipt_file(done.receipt))
    except RegisterError:  # a stick that may not be written to; the bundle can be joined again for a receipt
        receipt = None
    return Told(_joined_words(done, receipt), done.conflicts, receipt)


def fork_of(register: Register, path: Path, passphrase: str = "") -> Fork | None:
    """Where the trail in a bundle's file forks from what its sender brought before; None where it follows. Raises as `take_file`."""
    opened = register.opened_bundle(_read(path), path.name, passphrase=passphrase)
    return register.fork_of(opened.parcel, opened.office)


def fork_rows(fork: Fork, most: int = 12) -> list[tuple[str, str, str]]:
    """Both sides of a fork, entry by entry: its number, what was joined here, what the sender says now; the first ones of many."""
    kept, now = ({line.id: line for line in side} for side in (fork.kept, fork.now))
    numbers = sorted(kept.keys() | now.keys())
    rows = [(f"第 {n} 条", _entry(kept.get(n)), _entry(now.get(n))) for n in numbers[:most]]
    if len(numbers) > most:
        rows.append(("……", f"共 {len(fork.kept)} 条", f"共 {len(fork.now)} 条"))
    return rows


def _entry(line: Line | None) -> str:
    return (
        f"{line.at:%Y-%m-%d %H:%M} 工号{line.clerk_no} {line.event} {line.subject} {line.detail}".rstrip()
        if line
        else "（没有）"
    )


def asks_passphrase(path: Path) -> bool:
    """Whether a file is a bundle under a passphrase. Raises `BadInput`, `BundleRefused`."""
    from pinggu_desk.register.bundles.sealed import is_bundle, needs_passphrase

    data = _read(path)
    return is_bundle(data) and needs_passphrase(data, path.name)


def made_words(made: list[Path]) -> str:
    """What was written, in a sentence."""
    if not made:
        return "没有对方还没确认收到的新内容，没有导出。"
    names = "、".join(path.name for path in made)
    return f"已写到“{made[0].parent}”：{names}。对方并入后把回执带回来，下次只导出新的。"


def conflict_lines(
    conflict: Conflict, titles: dict[str, str] | None = None, *, whole: bool = False
) -> list[tuple[str, str, str]]:
    """What both sides say differently: what it is, ours, theirs. ``titles`` are the facts' own names by what they are kept as.

    Numbers of persons, telephones and accounts are covered, unless ``whole`` was asked for, which belongs on the trail.
    """
    called = titles or {}
    return [
        (
            called.get(one.key, one.called) if one.fact else one.called,
            _said(conflict, one, one.ours, whole),
            _said(conflict, one, one.theirs, whole),
        )
        for one in conflict.differences
    ]


def hides(conflict: Conflict) -> bool:
    """Whether something of it is covered."""
    return conflict_lines(conflict) != conflict_lines(conflict, whole=True)


def _said(conflict: Conflict, one: Difference, text: str | None, whole: bool) -> str:
    if text in (None, ""):
        return "（没有填）"
    if whole:
        return str(text)
    if not one.fact and one.key == "code":
        return shown(str(text), conflict.whose_kind)
    return covered(one.called, str(text))


def _joined_words(done: Joined, receipt: Path | None) -> str:
    if done.again:
        words = f"“{done.office}”的这一包以前并入过，登记库没有改动。"
    else:
        new = "、".join(f"{called} {count}" for called, count in done.taken.items())
        words = f"已并入“{done.office}”的第 {done.receipt.number} 包：{new or '没有新内容'}。"
    if done.forgotten:
        words += f"另有 {done.forgotten} 件办件在本处已到期清除，没有再并入。"
    if done.conflicts:
        words += f"有 {done.conflicts} 处两边不一致，暂按本处的，请逐处裁定。"
    if receipt is not None:
        return words + f"回执已写在旁边：{receipt.name}，请交回对方。"
    return words + "回执没能写在旁边（那里不能写入），下次可把这一包再并入一次来取回执。"


def _take_receipt(register: Register, data: bytes, name: str) -> Told:
    if not data.lstrip().startswith(b"{"):
        raise BundleRefused(
            f"“{name}”既不是数据包，也不是回执，没有并入；请选择对方导出的“*.pgdata”或“回执-….json”文件。"
        )
    receipt = register.read_receipt(data, name)
    register.note_joined(receipt)
    return Told(f"已登记回执：对方收到了第 {receipt.number} 包，下次只导出其后的新内容。")


_UNREAD = {
    errno.ENOENT: "没有这个文件",
    errno.EISDIR: "是一个文件夹",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
}


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > _MOST:
            raise BadInput(f"“{path}”超过 {_MOST >> 20} MB，没有读；请核对是不是数据包。")
        return path.read_bytes()
    except OSError as error:
        raise BadInput(
            f"“{path}”读不出来（{_UNREAD.get(error.errno or 0, '磁盘读写出错')}），请检查路径，或把U盘接好。"
        ) from error


def _must_be_folder(folder: Path) -> None:
    if not folder.is_dir():
        raise BadInput(f"“{folder}”不是文件夹或打不开，请检查路径，或把U盘接好。")
