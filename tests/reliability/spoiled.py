"""Good lists spoiled by chance: bytes turned, parts cut, doubled, renamed, sizes lied about, encodings and quotes wrong.

``python -m tests.reliability.spoiled FIRST COUNT`` reads that many, in a process that may take 200 MB more than it has when the
first is begun, and prints what was wrong with the reading of any: a crash of the process itself shows in its exit code.
"""

from __future__ import annotations

import json
import random
import sys
import time
import warnings
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import openpyxl
from xlsxwriter import Workbook

from pinggu_desk.assess.engine import Engine
from pinggu_desk.documents.books.applicants import EnterpriseList, open_book
from pinggu_desk.documents.books.csvlist import CsvBook
from pinggu_desk.documents.books.xlsx import Book
from pinggu_desk.policy.errors import BadInput, DeskError
from pinggu_desk.policy.models import Pack
from pinggu_desk.work.batch import preview, run_batch
from tests.reliability.misshapen import bent_book, bent_text

#: a file may take so many seconds and so many bytes more than the process had
SECONDS, ROOM = 2.0, 200_000_000
#: files from this number on are whole, but bent
BENT = 10_000
_HEAD = ["申请人名称", "职工人数（人）", "产业融合审定投资额", "上市挂牌日", "本区工商注册", "备注"]
_NUMBERS = [b"0", b"-1", b"4294967295", b"99999999999", b"1e999", b"x", b"", b"16385", b"1048577", b"NaN"]
_WORDS = [
    b'<c r="XFD1048576"><v>1</v></c>', b'<dimension ref="A1:XFD1048576"/>', b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"&b;", b"<!--",
    b"<f>1+1</f>", b' t="s"', b' t="e"', b' t="d"', b' s="99999"', b"</row>", b"<row>", b"<mergeCells>", b"]]>", b"\x00", b"\xff\xfe",
    b'<mergeCell ref="A1:XFD1048576"/>', b'hidden="1"', b"<is><t>", b"_x0000_",
]  # fmt: skip


@cache
def good_books() -> list[dict[str, bytes]]:
    """The parts of good workbooks, as two programs write them."""
    rows = [[f"示例{n}", n, n * 12.5, 45351 + n, "是" if n % 2 else "否", "示例" * (n % 4)] for n in range(1, 41)]
    one, two = BytesIO(), BytesIO()
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["示例名单"])
    sheet.append(_HEAD)
    for row in rows:
        sheet.append(row)
    sheet.merge_cells("A1:E1")
    sheet["C3"].number_format, sheet["D3"].number_format, sheet["C5"] = '0.00"万元"', "yyyy/m/d", "=1+1"
    sheet.row_dimensions[4].hidden = True
    awards = book.create_sheet("以往奖励")
    awards.append(["申请人名称", "支持事项", "奖励金额", "奖励日期"])
    awards.append(["示例1", "无", None, None])
    book.save(one)
    with Workbook(two, {"in_memory": True}) as fast:
        plain, day = fast.add_worksheet("名单"), fast.add_format({"num_format": "yyyy-mm-dd"})
        for at, cells in enumerate([_HEAD, *rows]):
            plain.write_row(at, 0, cells)
        plain.set_column(3, 3, 12, day)
    return [_parts(one.getvalue()), _parts(two.getvalue())]


def _parts(data: bytes) -> dict[str, bytes]:
    with ZipFile(BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def spoiled_bytes(rnd: random.Random, data: bytes) -> bytes:
    """Some bytes turned, cut, doubled, or replaced by what has no place there."""
    out = bytearray(data)
    for _ in range(rnd.choice((1, 1, 1, 3, 10))):
        place = rnd.randrange(len(out) + 1)
        match rnd.randrange(7):
            case 0 if out:
                out[place % len(out)] ^= 1 << rnd.randrange(8)
            case 1:
                del out[place:]
            case 2:
                out[place:place] = out[place : place + rnd.randrange(1, 400)]
            case 3:
                del out[place : place + rnd.randrange(1, 100)]
            case 4:
                out[place : place + rnd.randrange(5)] = rnd.choice(_NUMBERS)
            case 5:
                out[place:place] = rnd.choice(_WORDS)
            case _:
                out[place : place + 4] = rnd.randbytes(4)
    return bytes(out)


def spoiled_book(rnd: random.Random) -> bytes:
    """A workbook with something wrong in a part, in its list of parts, or in the packed bytes themselves."""
    parts = dict(rnd.choice(good_books()))
    names = list(parts)
    sheets = [name for name in names if "sheet" in name]
    kind = rnd.randrange(8)
    for _ in range(rnd.choice((1, 1, 2))):
        name = rnd.choice(sheets if rnd.random() < 0.6 else names)
        if kind == 0:
            parts.pop(name, None)
        elif kind == 1:
            parts[rnd.choice((name.upper(), f"../{name}", f"{name}.bak", rnd.choice(names)))] = parts.pop(name, b"")
        elif kind < 7:
            parts[name] = spoiled_bytes(rnd, parts.get(name, b"<a/>"))
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED if rnd.random() < 0.8 else ZIP_STORED) as archive:
        for name, data in parts.items():
            archive.writestr(ZipInfo(name), data, ZIP_DEFLATED)
            if rnd.random() < 0.02:
                archive.writestr(ZipInfo(name), data[: len(data) // 2], ZIP_DEFLATED)
    packed = out.getvalue()
    if kind == 7:
        return spoiled_bytes(rnd, packed)
    if rnd.random() < 0.15:
        return _lied(rnd, packed)
    return packed


def _lied(rnd: random.Random, packed: bytes) -> bytes:
    """Another size or checksum in the headers of a part."""
    out, mark = bytearray(packed), rnd.choice((b"PK\x01\x02", b"PK\x03\x04"))
    places = [at for at in range(len(out)) if out.startswith(mark, at)]
    if places:
        start = rnd.choice(places) + (16 if mark.endswith(b"\x02") else 14) + 4 * rnd.randrange(3)
        out[start : start + 4] = rnd.choice((b"\x00" * 4, b"\xff" * 4, b"\x00\x00\x00\x40", rnd.randbytes(4)))
    return bytes(out)


def spoiled_text(rnd: random.Random) -> bytes:
    """Comma-separated text with quotes, encodings and bytes wrong."""
    rows = [_HEAD]
    for n in range(40):
        rows.append([f"示例{n}", str(n), f"{n * 12.5}万元", "2024-02-29", "是", '"注"' if n % 3 else "a,b"])
    mark = rnd.choice((",", "\t", ";"))
    text = "\n".join(mark.join(row) for row in rows)
    data = text.encode(
        rnd.choice(("utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-32", "big5hkscs")), "replace"
    )
    return spoiled_bytes(rnd, data) if rnd.random() < 0.9 else rnd.randbytes(rnd.randrange(3000))


def fault_of(path: Path, pack: Pack) -> str:
    """What is wrong with how a file was read or refused; empty where nothing is."""
    began = time.process_time()
    answer = outcome(path, pack, open_book)
    took = time.process_time() - began
    if took > SECONDS:
        return f"{took:.1f} s"
    if isinstance(answer, str) and (not answer.endswith("。") or len(answer.splitlines()) > 1 or len(answer) > 400):
        return f"no sentence: {answer[:200]}"
    if path.suffix == ".xlsx" and answer != (exact := outcome(path, pack, open_exactly)):
        return f"read otherwise than cell by cell: {answer!s:.300} {exact!s:.300}"
    return ""


def outcome(path: Path, pack: Pack, opened: Callable[[str], Book | CsvBook]) -> object:
    """All that a list says: its rows, what could not be taken, what is told; or the sentence that refuses it."""
    try:
        with EnterpriseList(str(path), pack, book=opened(str(path))) as found:
            rows = [row for chunk in found.chunks(4096) for row in chunk]
            return rows, sorted(map(str, found.bad)), found.told()
    except BadInput as error:
        return error.sentence


def open_exactly(path: str) -> Book:
    """A workbook of which no sheet is read by the library."""
    book = Book(path)
    for sheet in book.sheets:
        book._looked[sheet.part] = None
        book.marks(sheet)
    return book


def batch_fault(path: Path, engine: Engine) -> str:
    """What is wrong with the preview of a list, or with a run of it to a workbook of its own."""
    out, told = path.with_name("out.xlsx"), list[str]()
    with suppress(BadInput):
        preview(engine, str(path))
    try:
        run_batch(engine, str(path), out, date(2026, 4, 1), datetime(2026, 4, 1, 9))
    except DeskError as error:
        told.append(error.sentence)
    left = sorted(one.name for one in path.parent.iterdir() if one != path)
    if told:
        return f"left behind: {left}" if left else "" if told[0].endswith("。") else told[0]
    out.unlink()
    return ""


def run(first: int, count: int, folder: Path, engine: Engine) -> list[tuple[int, str]]:
    """The faults among ``count`` spoiled files, by number."""
    faults = []
    for number in range(first, first + count):
        rnd = random.Random(number)
        text = number % 4 == 3
        path = folder / f"in{number}.{rnd.choice(('csv', 'txt')) if text else 'xlsx'}"
        if number < BENT:
            path.write_bytes(spoiled_text(rnd) if text else spoiled_book(rnd))
        else:
            path.write_bytes(bent_text(rnd, _HEAD) if text else bent_book(rnd, rnd.choice(good_books())))
        sys.stderr.write(f"{number}\n")  # what ends the process is known by its number
        if fault := fault_of(path, engine.pack) or (batch_fault(path, engine) if number % 50 in (0, 3) else ""):
            faults.append((number, fault))
        path.unlink()
    return faults


def _in_little_room(work: Callable[[], object]) -> int:
    """Do it with 200 MB more than the process has; how many bytes it took."""
    import resource

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    size = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (size + ROOM, size + ROOM))
    work()
    return (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024


def main(arguments: list[str]) -> None:
    """Read so many in a process with little room; the faults as JSON, with how much memory was taken beyond the start."""
    from pinggu_desk.policy.compiled import load_bundled

    first, count = map(int, arguments)
    engine, faults, taken = Engine(load_bundled()), list[tuple[int, str]](), 0
    warnings.simplefilter("ignore", UserWarning)  # names that stand twice are meant
    with TemporaryDirectory() as name:
        run(0, 12, Path(name), engine)  # what is imported with the first files is not what a file takes
        if sys.platform == "linux":
            taken = _in_little_room(lambda: faults.extend(run(first, count, Path(name), engine)))
        else:
            faults += run(first, count, Path(name), engine)
    sys.stdout.write(json.dumps({"faults": faults, "taken": taken}, ensure_ascii=False))


if __name__ == "__main__":
    main(sys.argv[1:])
