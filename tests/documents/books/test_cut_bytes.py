"""A few bytes of a text that are no character: the row is told by line and column, the rest of the list is read."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from pinggu_desk.documents.books.csvlist import CsvBook
from pinggu_desk.policy.errors import BadInput
from tests.documents.books.test_lists_of_people import MONEY, read

HEAD = f"申请人名称,职工人数,{MONEY}（元）,备注"
ROWS = [f"示例{sign}农业科技有限公司,{n},{n}00000,本区企业" for n, sign in enumerate("甲乙丙丁戊己庚辛", 3)]
CODINGS = ("utf-8", "utf-8-sig", "gb18030")


def lines(coding: str) -> list[bytes]:
    return [line.encode(coding if not at else coding.removesuffix("-sig")) for at, line in enumerate([HEAD, *ROWS])]


def written(path: Path, rows: list[bytes]) -> Path:
    path.write_bytes(b"\r\n".join(rows) + b"\r\n")
    return path


def spoil(line: bytes, text: str, coding: str, how: str) -> bytes:
    """A line with a character of some words cut to its first byte, to its last, or with a stray byte before it."""
    raw = text.encode(coding.removesuffix("-sig"))
    one = text[0].encode(coding.removesuffix("-sig"))
    other = {"first byte": one[:1] + raw[len(one) :], "last byte": raw[len(one) - 1 :], "stray": b"\xff" + raw}[how]
    assert raw in line
    return line.replace(raw, other, 1)


@pytest.mark.parametrize("coding", CODINGS)
@pytest.mark.parametrize("how", ["first byte", "last byte", "stray"])
@pytest.mark.parametrize(("words", "column"), [("示例丙", "A"), ("本区企业", "D"), ("企业", "D")])
def test_a_cut_character_costs_its_row_and_no_other(
    tmp_path: Path, coding: str, how: str, words: str, column: str
) -> None:
    rows = lines(coding)
    rows[3] = spoil(rows[3], words, coding, how)
    values, _, bad = read(written(tmp_path / "名单.csv", rows))
    assert [one["职工人数"] for one in values] == [3, 4, 6, 7, 8, 9, 10]
    assert [one[MONEY] for one in values] == [n * 10_000_000 for n in (3, 4, 6, 7, 8, 9, 10)]
    ((row, letters, sentence),) = bad
    assert row == 4 and letters in (column, "")  # a column that is not read has no head to tell
    assert f"这一行 {column} 列有读不出的字节" in sentence and "整行没有读取" in sentence


@pytest.mark.parametrize("coding", CODINGS)
@pytest.mark.parametrize("how", ["first byte", "last byte", "stray"])
def test_a_cut_character_in_what_names_columns_and_units_refuses_the_list(
    tmp_path: Path, coding: str, how: str
) -> None:
    """A head, a title above it or a note below it may say in what unit sums are: a guess could be ten thousand times too much."""
    rows = lines(coding)
    title, note = (text.encode(coding.removesuffix("-sig")) for text in ("金额单位：万元,,,", "注：金额单位为万元,,,"))
    spoiled = {
        1: [spoil(rows[0], "职工人数", coding, how), *rows[1:]],
        2: [rows[1], spoil(title, "万元", coding, how), rows[0], *rows[2:]],
        10: [*rows, spoil(note, "万元", coding, how)],
    }
    for line, made in spoiled.items():
        with pytest.raises(BadInput, match=f"第 {line} 行第 [12] 列") as caught:
            read(written(tmp_path / "名单.csv", made))
        assert "有读不出的字节" in caught.value.sentence


@pytest.mark.parametrize("coding", ["utf-8", "gb18030"])
def test_a_bar_that_a_cut_character_took_with_it_moves_no_figure(tmp_path: Path, coding: str) -> None:
    rows = [line.replace(b",", b"|") for line in lines(coding)]
    rows[3] = rows[3].replace("公司".encode(coding), "公司".encode(coding)[:-1])
    values, _, bad = read(written(tmp_path / "名单.txt", rows))
    assert [row for row, *_ in bad] == [4] and [one["职工人数"] for one in values] == [3, 4, 6, 7, 8, 9, 10]


def test_a_list_of_another_coding_is_refused_still(tmp_path: Path) -> None:
    for content in ("name,staff\ncafé,3\n".encode("latin-1"), random.Random(5).randbytes(4000).replace(b"\0", b"\1")):
        source = tmp_path / "名单.csv"
        source.write_bytes(content)
        with pytest.raises(BadInput):
            read(source)


def test_every_list_with_one_byte_lost_or_gained_reads_each_other_row_as_it_was(tmp_path: Path) -> None:
    """Whatever byte is lost or added: a row that is read says what it said; all others are told."""
    rnd, source = random.Random(11), tmp_path / "名单.csv"
    for coding in ("utf-8", "gb18030"):
        for _ in range(150):
            rows = lines(coding)
            at = rnd.randrange(1, len(rows))
            wide = [place for place, byte in enumerate(rows[at]) if byte > 0x7F]
            place = rnd.choice(wide)
            more = bytes([rnd.randrange(0x81, 0xFF)]) if rnd.random() < 0.5 else b""
            rows[at] = rows[at][:place] + more + rows[at][place + (not more) :]
            values, _, bad = read(written(source, rows))
            told = {row for row, *_ in bad}
            assert told <= {at + 1}
            others = [n for n in range(3, 3 + len(ROWS)) if n - 2 != at]
            assert [one["职工人数"] for one in values if one["职工人数"] in others] == others


@pytest.mark.parametrize("coding", ["utf-8", "gb18030"])
def test_each_of_many_cut_rows_is_told(tmp_path: Path, coding: str) -> None:
    """A line is mended by itself: where each cut had the whole rest of the file read again, a hundred thousand took minutes."""
    rows = [f"示例{n}农业科技有限公司,{n % 900 + 1},{n}00,本区企业".encode(coding) for n in range(20_000)]
    cut = [row[:-1] if n % 10 == 0 else row for n, row in enumerate(rows)]
    book = CsvBook(str(written(tmp_path / "名单.csv", [HEAD.encode(coding), *cut])))
    assert sum("cut" in {cell.kind for cell in row.values()} for _, row in book.rows(book.sheets[0])) == 2000


def test_one_endless_line_of_no_character_is_refused_at_once(tmp_path: Path) -> None:
    source = tmp_path / "名单.csv"
    source.write_bytes(HEAD.encode() + b"\r" + ("示例".encode() * 40 + b"\xff") * 200_000)
    with pytest.raises(BadInput, match="不是 UTF-8 或 GB18030"):
        read(source)
