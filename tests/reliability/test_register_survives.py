"""No acknowledged edit is lost and no half one appears: killed, cut off, out of room, two windows on one case."""

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from pinggu_desk.register import Register, errors

from . import writer
from .conftest import Start, go, last_edit, reopen, replayed

LONG = "一页也放不下的说明" * 800


@pytest.mark.parametrize("acknowledged", [1, 2, 30, 400])
def test_killed_right_after_an_acknowledgement(case: tuple[Path, int], start: Start, acknowledged: int) -> None:
    folder, case_id = case
    process = start(folder, case_id, "甲", 100_000)
    assert process.stdout
    for line in process.stdout:
        if line.startswith(f"ack {acknowledged} "):
            process.kill()
            break
    told = [line for line in process.stdout if line.startswith("ack ")]  # told before the kill, read after it
    process.wait()
    assert process.returncode == -9

    register = reopen(folder)
    answers = register.answers(case_id)
    kept = last_edit(answers)
    assert acknowledged + len(told) <= kept <= acknowledged + len(told) + 1, "at most the one under way is there too"
    assert answers == replayed("甲", kept)
    assert register.check() == []
    assert register.set_answer(case_id, "接着", "办") == kept + 1
    register.close()


def test_a_log_cut_anywhere_holds_exactly_what_it_holds_whole(case: tuple[Path, int], tmp_path: Path) -> None:
    """Power lost: whatever part of the log reached the disk, the case stands at a whole edit, and at the right one."""
    folder, case_id = case
    register = reopen(folder)
    log, sizes = folder / "register.db-wal", []
    before = log.stat().st_size
    for k in range(1, 41):
        register.set_answer(case_id, writer.fact("乙", k), writer.text(k))
        sizes.append(log.stat().st_size)
    assert sizes[0] > before
    assert sorted(set(sizes)) == sizes, "each edit made the log longer: none had gone into the database yet"
    image = {name: (folder / name).read_bytes() for name in ("register.db", "register.db-wal", "register.keys")}
    register.close()

    chance = random.Random(20240312)
    edges = [size + by for size in chance.sample(sizes, 6) for by in (-1, 0, 1)]
    for cut in [0, *edges, *(chance.randrange(before, sizes[-1]) for _ in range(18))]:
        copy = tmp_path / f"断电{cut}"
        copy.mkdir()
        for name, content in image.items():
            (copy / name).write_bytes(content[:cut] if name.endswith("-wal") else content)
        again = reopen(copy)
        whole = sum(size <= cut for size in sizes)
        assert again.answers(case_id) == replayed("乙", whole), f"cut at {cut}"
        assert again.check() == []
        again.close()
        shutil.rmtree(copy)


def test_a_torn_page_in_the_log_takes_nothing_before_it_along(case: tuple[Path, int], tmp_path: Path) -> None:
    folder, case_id = case
    register = reopen(folder)
    log, sizes = folder / "register.db-wal", []
    for k in range(1, 21):
        register.set_answer(case_id, writer.fact("乙", k), writer.text(k))
        sizes.append(log.stat().st_size)
    image = {name: (folder / name).read_bytes() for name in ("register.db", "register.db-wal", "register.keys")}
    register.close()
    for torn in (3, 11, 19):
        copy = tmp_path / f"坏页{torn}"
        copy.mkdir()
        for name, content in image.items():
            (copy / name).write_bytes(content)
        spoilt = bytearray(image["register.db-wal"])
        spoilt[sizes[torn] - 2000] ^= 255  # in the last page of edit torn + 1
        (copy / "register.db-wal").write_bytes(spoilt)
        again = reopen(copy)
        assert again.answers(case_id) == replayed("乙", torn)
        again.close()


def test_two_windows_on_one_case_lose_nothing(case: tuple[Path, int], start: Start) -> None:
    folder, case_id = case
    count = 300
    windows = {name: start(folder, case_id, name, count, hold=True) for name in ("左", "右")}
    for process in windows.values():
        go(process)
    numbers: list[int] = []
    for process in windows.values():
        output, _ = process.communicate(timeout=600)
        assert process.returncode == 0
        numbers += [int(line.split()[1]) for line in output.splitlines() if line.startswith("ack ")]
    assert sorted(numbers) == list(range(1, 2 * count + 1)), "every edit was acknowledged once, none overwrote another"
    register = reopen(folder)
    assert register.answers(case_id) == replayed("左", count) | replayed("右", count)
    assert register.check() == []
    steps = 0
    while register.undo(case_id):
        steps += 1
    assert steps == 2 * count
    assert register.answers(case_id) == {}
    register.close()


def test_windows_that_never_rest_all_get_their_turn(case: tuple[Path, int], start: Start) -> None:
    """SQLite's own waiting let half of eight such windows be told 正被另一个窗口占用."""
    folder, case_id = case
    windows = [start(folder, case_id, f"窗口{number}", 100, hold=True) for number in range(8)]
    for process in windows:
        go(process)
    said = [process.communicate(timeout=600)[0].splitlines() for process in windows]
    assert [len(lines) for lines in said] == [100] * 8
    assert not [line for lines in said for line in lines if line.startswith("error")]
    register = reopen(folder)
    assert len(register.history(case_id)) == 800
    register.close()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 2 MiB, where the system lets us mount one."""
    place = tmp_path / "小盘"
    place.mkdir()
    mount = shutil.which("mount")
    made = mount and subprocess.run([mount, "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(place)], capture_output=True)
    if not made or made.returncode:
        pytest.skip("mounting a small disk needs root")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def test_a_full_disk_is_said_and_nothing_half_is_written(small_disk: Path) -> None:
    folder = small_disk / "登记库"
    register, _ = Register.create(folder, clerk_no="01", clerk_name="示例经办", password=writer.PASSWORD)
    case_id = register.open_case("tztc", "1").id
    filler = small_disk / "占位"
    kept: dict[str, str] = {}
    with filler.open("wb") as file:
        file.write(b"\0" * 1_200_000)

    def fill() -> None:
        for k in range(1000):
            register.set_answer(case_id, f"事项{k}", LONG)
            kept[f"事项{k}"] = LONG

    with pytest.raises(errors.DiskFull, match=r"磁盘空间不足.*没有保存.*请清理"):
        fill()
    assert len(kept) > 5
    assert register.answers(case_id) == kept
    with pytest.raises(errors.DiskFull):
        register.add_clerk("02", "示例同事" * 20_000, "Sample-2-abc")
    with pytest.raises(errors.DiskFull):
        register.backup(small_disk / "备份")
    assert list((small_disk / "备份").glob("*")) == [], "no half backup is left in the way"
    assert Register.clerks_of(folder) == [("01", "示例经办")]

    filler.unlink()
    register.set_answer(case_id, "事项0", "腾出空间以后")
    kept["事项0"] = "腾出空间以后"
    register.close()
    again = reopen(folder)
    assert again.answers(case_id) == kept
    assert again.check() == []
    again.close()


@pytest.fixture
def small_blocks(tmp_path: Path) -> Iterator[Path]:
    """A disk of 4 MiB with blocks of 1 KiB, as sticks and small partitions have, where the system lets us mount one."""
    image, place = tmp_path / "盘.img", tmp_path / "小盘"
    place.mkdir()
    image.write_bytes(b"")
    os.truncate(image, 4 << 20)
    make, mount = shutil.which("mkfs.ext4", path="/usr/sbin:/sbin:/usr/bin"), shutil.which("mount")
    ready = make and not subprocess.run([make, "-q", "-F", "-O", "^has_journal", "-m", "0", image]).returncode
    if (
        not (ready and mount)
        or subprocess.run([mount, "-o", "loop", image, str(place)], capture_output=True).returncode
    ):
        pytest.skip("mounting a small disk needs root and a loop device")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def test_a_full_disk_of_small_blocks_does_not_end_the_program(small_blocks: Path, start: Start) -> None:
    """FOUND 62: the log's index is mapped; where its blocks weren't all set aside, writing to it was SIGBUS."""
    folder = small_blocks / "登记库"
    register, _ = Register.create(folder, clerk_no="01", clerk_name="示例经办", password=writer.PASSWORD)
    case_id = register.open_case("tztc", "1").id
    register.close()
    filler, before = small_blocks / "占位", shutil.disk_usage(small_blocks).free
    for left in (12, 16, 24, 40, 300):
        with filler.open("wb") as file:
            file.write(bytes(before - left * 1024))
        process = start(folder, case_id, "甲", 100_000, 2000, hold=True)
        output, _ = process.communicate("go\n", timeout=600)
        assert process.returncode in (0, 1), f"ended by signal {-process.returncode} with {left} KiB left"
        assert not output or output.endswith("error DiskFull\n"), "not opened, or refused in the middle"
        filler.unlink()
    again = reopen(folder)
    assert again.check() == []
    again.close()


def test_a_file_that_may_not_grow_is_said_too(case: tuple[Path, int], start: Start) -> None:
    """The same without root: the child may write no file beyond 600 KiB."""
    folder, case_id = case
    prlimit = shutil.which("prlimit")
    if not prlimit:
        pytest.skip("prlimit is not here")
    process = start(folder, case_id, "丙", 10_000, 2000, before=(prlimit, "--fsize=614400:614400"))
    output, _ = process.communicate(timeout=600)
    lines = output.splitlines()
    assert lines[-1] in ("error DiskFull", "error DiskFault"), lines[-3:]
    acknowledged = sum(line.startswith("ack ") for line in lines)
    assert acknowledged > 10
    register = reopen(folder)
    assert register.answers(case_id) == replayed("丙", acknowledged, 2000), (
        "the refused edit is not there, all others are"
    )
    assert register.check() == []
    register.close()


def test_the_disk_has_it_before_the_clerk_is_told(case: tuple[Path, int], start: Start, tmp_path: Path) -> None:
    """Between the last write to the log and each acknowledgement stands a completed sync of that file."""
    strace = shutil.which("strace")
    if not strace or subprocess.run([strace, "-o", "/dev/null", "true"], capture_output=True).returncode:
        pytest.skip("strace is not here, or may not trace")
    folder, case_id = case
    trace = tmp_path / "trace"
    calls = "trace=openat,pwrite64,write,fsync,fdatasync"
    process = start(folder, case_id, "丁", 10, before=(strace, "-f", "-y", "-s", "8", "-e", calls, "-o", str(trace)))
    process.communicate(timeout=600)
    unsynced, synced, told = False, 0, 0
    for line in trace.read_text(errors="replace").splitlines():
        if re.search(r"pwrite64\(\d+<.*register\.db-wal>", line):
            unsynced = True
        elif re.search(r"f(data)?sync\(\d+<.*register\.db-wal>\)\s+= 0", line):
            unsynced, synced = False, synced + 1
        elif "write(1<" in line and '"ack ' in line:
            told += 1
            assert not unsynced, "told before it was on the disk"
            assert synced >= told
    assert told == 10
