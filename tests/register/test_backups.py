"""A backup counts when it was read back and checked, says what it holds and nobody's name, and leaves nothing half behind."""

from __future__ import annotations

import errno
import json
import shutil
import threading
from pathlib import Path
from types import SimpleNamespace

import pytest

from pinggu_desk.register import Register, backups, errors
from pinggu_desk.register.backupnotes import NOTE, backups_in, read_note
from pinggu_desk.register.backups import make_backup
from pinggu_desk.register.thinning import Keep

from .conftest import PASSWORD, Clock

NAME = "示例果业公司"


@pytest.fixture
def used(register: Register) -> Register:
    firm = register.add_applicant("企业", NAME, code="91110117MA0000000X")
    case = register.open_case("tztc", "1", applicant_id=firm.id)
    register.set_answer(case.id, "投资额", "600万元")
    return register


def test_the_note_says_what_the_backup_holds_and_nobody_s_name(used: Register, tmp_path: Path) -> None:
    before = used.audit_rows(1)[0].id
    made = used.backup(tmp_path / "U盘")
    note = read_note(made)
    assert note is not None
    assert (dict(note.counts), note.trail[0]) == ({"申请人": 1, "办件": 1, "文书": 0, "已享受支持": 0}, before)
    text = (made / NOTE).read_text(encoding="utf-8")
    assert NAME not in text and "91110117" not in text and "示例经办" not in text
    (found,) = backups_in(tmp_path / "U盘")
    assert found.whole and found.unchanged() and found.register == note.register
    assert f"审计至第 {before} 条 {note.trail[1][:16]}，SHA-256 {note.sha256}" in used.audit_rows(1)[0].detail
    with (made / "register.db").open("ab") as file:
        file.write(b"x")
    (found,) = backups_in(tmp_path / "U盘")
    assert not found.whole and not found.unchanged()


def test_older_backups_are_thinned_and_what_is_not_ours_or_not_whole_stays(
    used: Register, clock: Clock, tmp_path: Path
) -> None:
    place = tmp_path / "备份"
    other, _ = Register.create(tmp_path / "别处", clerk_no="9", clerk_name="示例", password=PASSWORD, now=clock)
    stranger = other.backup(place)
    other.close()
    clock.forward(hours=1)
    spoilt = used.backup(place)
    (spoilt / "register.db").write_bytes(b"")
    forged = used.backup(place.parent / "备份2")
    raw = json.loads((forged / NOTE).read_text(encoding="utf-8"))
    (forged / NOTE).write_text(json.dumps(raw | {"why": "改过"}, ensure_ascii=False), encoding="utf-8")
    forged = forged.rename(place / "登记库备份-20260302-103001")
    made: list[Path] = []
    for _ in range(3):
        clock.forward(hours=1)
        made.append(used.backup(place, keep=Keep(1, 1, 1)))
    assert {one.folder for one in backups_in(place)} == {stranger, spoilt, forged, made[-1]}


def test_what_was_cut_short_is_cleared_the_next_time(used: Register, clock: Clock, tmp_path: Path) -> None:
    place = tmp_path / "备份"

    class PulledPlugError(BaseException):
        pass

    def pull() -> None:
        raise PulledPlugError

    rows_there = used.source
    with pytest.raises(PulledPlugError):
        make_backup(rows_there, place, breathe=pull)
    assert list(place.iterdir()) == [], "an end of ours clears up at once"
    left = place / "登记库备份-20260301-173000.未完成"
    left.mkdir()
    whole = used.backup(place.parent / "另一处")
    (left / NOTE).write_bytes((whole / NOTE).read_bytes())
    (left / "register.db").write_bytes(b"half")
    strange = place / "登记库备份-20260301-180000.未完成"  # another machine's, perhaps at work on it
    strange.mkdir()
    clock.forward(hours=1)
    used.backup(place)
    assert not left.exists() and strange.exists()
    assert len(backups_in(place)) == 1


def test_a_backup_is_made_on_another_thread_while_the_clerk_types(used: Register, tmp_path: Path) -> None:
    """What was acknowledged before it began is in it, and it is whole whatever was typed meanwhile."""
    case = used.recent()[0]
    for k in range(200):
        used.set_answer(case.id, f"事项{k}", "内容")
    made: list[Path] = []
    worker = threading.Thread(target=lambda: made.append(make_backup(used.source, tmp_path / "备份").folder))
    worker.start()
    typed = 0
    while worker.is_alive():
        typed += 1
        used.set_answer(case.id, "备注", f"第{typed}次")
    worker.join()
    again = Register.open(made[0], clerk_no="01", password=PASSWORD)
    assert again.check() == []
    assert [again.answers(case.id)[f"事项{k}"] for k in range(200)] == ["内容"] * 200
    again.close()
    assert typed > 1, "nobody waited for the backup"


def test_a_place_that_takes_nothing_is_named_and_not_the_register(used: Register, tmp_path: Path) -> None:
    (tmp_path / "U盘").write_text("不是文件夹")
    with pytest.raises(errors.DiskFault, match="U盘”不是文件夹，备份写不进去") as refused:
        used.backup(tmp_path / "U盘")
    assert str(used.folder) not in refused.value.sentence
    with pytest.raises(errors.DiskFault, match="深处”打不开（可能已经拔出"):
        used.backup(tmp_path / "U盘" / "深处")


def test_a_read_only_stick_is_called_so(used: Register, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_given: object, **_named: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "mkdir", refuse)
        with pytest.raises(errors.DiskFault, match="写不进去（磁盘只读），没有备份；登记库不受影响"):
            used.backup(tmp_path / "U盘")
    assert used.check() == []


def test_no_room_is_told_before_the_disk_is_full(
    used: Register, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: SimpleNamespace(free=300_000))
    with pytest.raises(errors.DiskFull, match=r"备份约需 .*，只剩 0.3 MB.*登记库不受影响"):
        used.backup(tmp_path / "U盘")
    assert list((tmp_path / "U盘").iterdir()) == []


def test_before_an_upgrade_the_old_file_is_kept_whole(
    tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    released = Path(__file__).parents[1] / "data" / "schemas"
    oldest = min(released.glob("[0-9]*"), key=lambda path: int(path.name))
    folder = tmp_path / "登记库"
    shutil.copytree(oldest, folder)
    before = (folder / "register.db").read_bytes()
    with monkeypatch.context() as patch:
        patch.setattr(backups, "_refuse_small", full)
        with pytest.raises(errors.DiskFull, match="没有备份"):
            Register.open(folder, clerk_no="01", password="Sample-2024", now=clock)  # noqa: S106
    assert (folder / "register.db").read_bytes() == before, "no copy, no upgrade"
    opened = Register.open(folder, clerk_no="01", password="Sample-2024", now=clock)  # noqa: S106
    (kept,) = backups_in(folder / backups.UPGRADES)
    assert kept.unchanged() and f"库版本 {oldest.name} 升至" in str(kept.note)
    assert opened.rehearse(kept.folder).faults == (), "it is restored by the same door"
    opened.close()
    Register.open(folder, clerk_no="01", password="Sample-2024", now=clock).close()  # noqa: S106
    assert len(backups_in(folder / backups.UPGRADES)) == 1, "once an upgrade"


def full(place: Path, _path: Path) -> None:
    raise errors.DiskFull(f"“{place}”空间不足，没有备份。")
