"""FOUND 58, 66: whatever a workbook, a facts file or a pack has become, the answer is done (0) or one line and 2, never 70.

A small good list is altered part by part: bytes flipped, cut, doubled, taken out; floods are refused before they are read.
"""

from __future__ import annotations

import random
import re
import shutil
import struct
import time
import tracemalloc
from collections.abc import Callable, Iterator
from functools import cache
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import openpyxl
import pytest

from pinggu_desk.commands.cli import run
from pinggu_desk.documents.books.applicants import EnterpriseList, open_book
from pinggu_desk.policy.errors import BadInput, BadPack
from pinggu_desk.policy.models import Pack
from pinggu_desk.policy.pack import load_pack
from pinggu_desk.policy.resources import resource_root
from pinggu_desk.work.checking import check_everything
from tests import bundled

Out = pytest.CaptureFixture[str]
Edit = Callable[[dict[str, bytes]], None]
SHEET = "xl/worksheets/sheet1.xml"


@cache
def good() -> dict[str, bytes]:
    """The parts of a small list with a bit of everything."""
    book, out = openpyxl.Workbook(), BytesIO()
    sheet = book.worksheets[0]
    sheet.append(["示例名单"])
    sheet.append(["申请人名称", "职工人数（人）", "产业融合审定投资额", "上市挂牌日", "本区工商注册"])
    sheet.append(["示例甲", 12, 100000, 45351, True])
    sheet.append(["示例乙", "12人", "￥8,000,000.00", "2024/2/29 0:00:00", "是"])
    sheet.merge_cells("A1:E1")
    sheet["C3"].number_format, sheet["D3"].number_format = '0!.0,"万元"', "yyyy/m/d"
    sheet.row_dimensions[4].hidden = True
    book.save(out)
    with ZipFile(out) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@cache
def pack() -> Pack:
    return bundled.pack()


def packed(parts: dict[str, bytes]) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def told(path: Path) -> str | None:
    """The refusal of a list, or None where it is read; anything else that is raised is a fault of ours."""
    try:
        with EnterpriseList(str(path), pack(), book=open_book(str(path))) as found:
            list(found.chunks(100))
            found.told()
    except BadInput as error:
        return error.sentence
    return None


def assert_sound(path: Path) -> None:
    sentence = told(path)
    if sentence is not None:
        assert sentence.endswith("。") and "\n" not in sentence and len(sentence) < 400, sentence


def alterations(seed: int, whole: int) -> Iterator[dict[str, bytes]]:
    rnd = random.Random(seed)
    names = list(good())
    for _ in range(whole):
        parts = dict(good())
        name = rnd.choice(names)
        data = bytearray(parts[name])
        place = rnd.randrange(len(data))
        match rnd.randrange(6):
            case 0:
                data[place] ^= 1 << rnd.randrange(8)
            case 1:
                del data[place:]
            case 2:
                data[place:place] = data[place : place + rnd.randrange(1, 200)]
            case 3:
                del data[place : place + rnd.randrange(1, 60)]
            case 4:  # another number, wherever one stands
                numbers = list(re.finditer(rb"[0-9]+", bytes(data)))
                if numbers:
                    one = rnd.choice(numbers)
                    data[one.start() : one.end()] = rnd.choice(
                        [b"0", b"-1", b"99999999999", b"1e999", b"x", b"", b"16385"]
                    )
            case _:
                del parts[name]
                yield parts
                continue
        parts[name] = bytes(data)
        yield parts


@pytest.mark.parametrize("seed", range(8))
def test_an_altered_list_is_read_or_refused_in_one_sentence(tmp_path: Path, seed: int) -> None:
    source = tmp_path / "in.xlsx"
    for parts in alterations(seed, 60):
        source.write_bytes(packed(parts))
        assert_sound(source)


@pytest.mark.parametrize("seed", range(4))
def test_an_altered_package_is_read_or_refused_in_one_sentence(tmp_path: Path, seed: int) -> None:
    """The archive itself: its bytes flipped, cut and doubled."""
    rnd, source = random.Random(seed), tmp_path / "in.xlsx"
    whole = packed(good())
    for _ in range(120):
        data = bytearray(whole)
        place = rnd.randrange(len(data))
        match rnd.randrange(3):
            case 0:
                data[place] ^= 1 << rnd.randrange(8)
            case 1:
                del data[place:]
            case _:
                data[place:place] = data[place : place + rnd.randrange(1, 400)]
        source.write_bytes(bytes(data))
        assert_sound(source)


def test_the_command_answers_0_or_2_with_one_line(tmp_path: Path, capsys: Out) -> None:
    source, out = tmp_path / "in.xlsx", tmp_path / "out.xlsx"
    for parts in alterations(100, 5):
        source.write_bytes(packed(parts))
        code = run(["batch", str(source), "-o", str(out), "--on", "2026-04-01"])
        err = capsys.readouterr().err
        assert code in (0, 2), err
        if code == 2:
            assert err.count("\n") == 1 and len(err) <= 202 and not out.exists(), err
        out.unlink(missing_ok=True)


# --- floods ---------------------------------------------------------------------------------------------------------


def _in_sheet(old: bytes, new: bytes) -> Edit:
    def edit(parts: dict[str, bytes]) -> None:
        assert old in parts[SHEET]
        parts[SHEET] = parts[SHEET].replace(old, new, 1)

    return edit


def _blanks(size: int) -> Edit:
    return _in_sheet(b"</sheetData>", b" " * size + b"</sheetData>")


def _without(name: str) -> Edit:
    def edit(parts: dict[str, bytes]) -> None:
        del parts[name]

    return edit


END = b"</sheetData>"
BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
FLOODS: dict[str, Edit] = {
    "a far row": _in_sheet(END, b'<row r="99999999999"><c r="A99999999999"><v>1</v></c></row>' + END),
    "a row past the last": _in_sheet(END, b'<row r="1048577"/>' + END),
    "a far column": _in_sheet(END, b'<row r="9"><c r="ABCDE9"><v>1</v></c></row>' + END),
    "a column past the last": _in_sheet(END, b'<row r="9"><c r="XFE9"><v>1</v></c></row>' + END),
    "a million columns": _in_sheet(END, b'<row r="9">' + b"<c><v>1</v></c>" * 1_000_000 + b"</row>" + END),
    "a merge over the whole sheet": _in_sheet(b'ref="A1:E1"', b'ref="A1:XFD1048576"'),
    "a merge of no place": _in_sheet(b'ref="A1:E1"', b'ref="A1:ZZZZ1"'),
    "blanks below the head": _blanks(60_000_000),
    "entities": _in_sheet(b"<worksheet", BOMB + b"<worksheet"),
    "an entity used": _in_sheet(b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "1">]><worksheet'),
    "the same row twice": _in_sheet(END, b'<row r="3"/>' + END),
    "a cell of another row": _in_sheet(END, b'<row r="9"><c r="A3"><v>1</v></c></row>' + END),
    "a cell twice": _in_sheet(END, b'<row r="9"><c r="A9"><v>1</v></c><c r="A9"><v>2</v></c></row>' + END),
    "words in a number": _in_sheet(END, b'<row r="9"><c r="B9"><v>abc</v></c></row>' + END),
    "no number": _in_sheet(END, b'<row r="9"><c r="B9"><v>NaN</v></c></row>' + END),
    "a shared text that is not there": _in_sheet(END, b'<row r="9"><c r="B9" t="s"><v>99</v></c></row>' + END),
    "a style that is not there": _in_sheet(END, b'<row r="9"><c r="B9" s="9999"><v>9</v></c></row>' + END),
    "no styles": _without("xl/styles.xml"),
    "no sheet": _without(SHEET),
    "no workbook": _without("xl/workbook.xml"),
}


@pytest.mark.parametrize("name", FLOODS)
def test_a_flood_is_refused_in_one_sentence_before_it_is_read(tmp_path: Path, name: str) -> None:
    source = tmp_path / "in.xlsx"
    parts = dict(good())
    FLOODS[name](parts)
    source.write_bytes(packed(parts))
    del parts
    began = time.process_time()
    sentence = told(source)
    assert time.process_time() - began < 2
    assert sentence is not None and sentence.endswith("。") and "\n" not in sentence


def test_a_lonely_far_cell_is_passed_over_and_told(tmp_path: Path) -> None:
    source, parts = tmp_path / "in.xlsx", dict(good())
    _in_sheet(END, b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>' + END)(parts)
    source.write_bytes(packed(parts))
    with EnterpriseList(str(source), pack()) as found:
        assert len([row for chunk in found.chunks(10) for row in chunk]) == 2
        assert any("1048576" in line for line in found.told())


def test_a_flood_takes_no_room(tmp_path: Path) -> None:
    """FOUND 66: what a part unpacks to is looked at, not unpacked."""
    source, parts = tmp_path / "in.xlsx", dict(good())
    head, tail = parts.pop(SHEET).split(END)
    with ZipFile(source, "w", ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
        with archive.open(SHEET, "w", force_zip64=True) as sheet:
            sheet.write(head)
            for _ in range(400):
                sheet.write(b" " * (1 << 20))
            sheet.write(END + tail)
    tracemalloc.start()
    try:
        sentence = told(source)
        room = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert sentence is not None and "大得不像一份名单" in sentence
    assert room < 20_000_000


def test_a_directory_of_many_names_and_locked_parts_are_refused(tmp_path: Path) -> None:
    source = tmp_path / "in.xlsx"
    with ZipFile(source, "w", ZIP_STORED) as archive:
        for number in range(6000):
            archive.writestr(ZipInfo(f"x{number}"), b"")
    assert "大得不像一份名单" in (told(source) or "")
    data = bytearray(packed(good()))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(signature)
        data[at + offset : at + offset + 2] = struct.pack("<H", 1)
    source.write_bytes(bytes(data))
    assert "加了密码" in (told(source) or "")


# --- a pack ---------------------------------------------------------------------------------------------------------

TEXT, RULES = "policies/ss/text.md", "policies/ss/policy.yaml"
DEEP = "[" * 5000 + "]" * 5000
LAUGHS = "a: &a [x, x]\n" + "".join(
    f"{b}: &{b} [*{a}, *{a}, *{a}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)
DAMAGES: list[tuple[str, bytes | str, str]] = [
    (TEXT, b"\xff\xfe\x00bad", "UTF-8"), (RULES, b"\xc4\xe3\xba\xc3", "UTF-8"), ("facts.yaml", b"\xc4\xe3", "UTF-8"),
    (TEXT, "没有头", "原文文件应以"), (TEXT, "---\n[\n---\n- ss.1a 文\n", "原文文件应以"),
    (TEXT, "---\nsource: 1\ndoubts: 3\n---\n", "原文文件应以"),
    (TEXT, "---\n- a\n---\n", "原文文件应以"), (TEXT, "", "原文文件应以"), (RULES, LAUGHS, "引用别处"), ("facts.yaml", LAUGHS, "引用别处"),
    (RULES, f"政策: {DEEP}", "套得太深"), (RULES, "- " * 5000 + "x", "缩进太深"), (RULES, "政策: \x07", "不能用的字符"),
    (RULES, "已知自: 2024-13-45", "不存在的日期"), (RULES, "{[1]: 2}", "格式有误|不能用"), (RULES, "5", "缺“政策”"), (RULES, "", ""),
    (RULES, "政策: ss\n事项: 5\n台账: [1]\n材料: 3\n服务对象: 7\n申请表: [1]\n", ""), ("facts.yaml", "5", "写法不对"),
    ("facts.yaml", "- 5\n- [1]\n- {名: {a: 1}}\n", "第 1 项"), ("workdays.yaml", "years: [1]", "写法不对"), ("workdays.yaml", "[]", ""),
    ("overlaps.yaml", "a: 1", ""), ("consistency.yaml", "- 1\n- {名: 1, 依据: 3}", "校核"), ("columns.yaml", "别名: [1]", "列名文件"),
    ("columns.yaml", "别名: {申请人名称: [职工人数]}", "已有别的意思"), ("columns.yaml", "别名: {没有的项: [甲]}\n略过: [1]", "没有名为"),
    ("readings.yaml", "x" * 5_000_000, "最多读"),
]  # fmt: skip


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("pack") / "resources"
    shutil.copytree(resource_root(), root, ignore=shutil.ignore_patterns("fonts", "icons", "pack.bin", "cases.yaml"))
    for folder in (root / "policies").iterdir():
        if folder.name not in ("ss", "tztc"):
            shutil.rmtree(folder)
    return root


@pytest.mark.parametrize(("file", "content", "says"), DAMAGES, ids=lambda v: str(v)[:24])
def test_a_damaged_pack_is_told_by_name_and_place(copy: Path, file: str, content: bytes | str, says: str) -> None:
    whole = (copy / file).read_bytes()
    try:
        (copy / file).write_bytes(content if isinstance(content, bytes) else content.encode())
        with pytest.raises(BadPack) as caught:
            load_pack(copy)
        lines = check_everything(copy).lines()
    finally:
        (copy / file).write_bytes(whole)
    mine = [d for d in caught.value.diagnostics if d.file == file]
    assert "\n" not in str(caught.value.diagnostics[0]) and not any("\n" in line for line in lines)
    assert not says or any(re.search(says, d.sentence) for d in mine), caught.value.diagnostics[:3]


def test_altered_packs_are_told_and_never_a_fault(copy: Path) -> None:
    rnd = random.Random(7)
    for file in (RULES, TEXT, "facts.yaml", "workdays.yaml", "overlaps.yaml", "parameters.yaml", "columns.yaml"):
        whole = (copy / file).read_bytes()
        try:
            for _ in range(4):
                data, place = bytearray(whole), rnd.randrange(len(whole))
                data[place : place + rnd.randrange(1, 40)] = rnd.choice(
                    [b"", b"\xff", b"[", b": ", b"\n- ", b"\n", b"5"]
                )
                (copy / file).write_bytes(bytes(data))
                with pytest.raises(BadPack):  # two policies alone are never a whole pack
                    load_pack(copy)
        finally:
            (copy / file).write_bytes(whole)


def test_a_pack_without_a_file_is_refused_by_the_command(copy: Path, capsys: Out, tmp_path: Path) -> None:
    (copy / "readings.yaml").rename(tmp_path / "readings.yaml")
    try:
        assert run(["check", "--pack", str(copy)]) == 2
    finally:
        (tmp_path / "readings.yaml").rename(copy / "readings.yaml")
    err = capsys.readouterr().err
    assert "读不到“readings.yaml”" in err and err.count("\n") == 1
