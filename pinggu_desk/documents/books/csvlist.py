"""A list as comma-separated text (.csv, .txt): UTF-8 with or without a mark, UTF-16 with one, else GB18030."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

from pinggu_desk.documents.books.grid import MOST_COLUMNS, MOST_ROWS, Cell, Marks, Row, SheetName
from pinggu_desk.policy.errors import BadInput

ENDINGS = (".csv", ".txt", ".tsv")
_MOST_BYTES = 100_000_000


class CsvBook:
    """The text as a workbook of one sheet. Raises BadInput."""

    first_day_1904 = False

    def __init__(self, path: str) -> None:
        self._named = f"文件“{path}”"
        self.sheets = [SheetName(Path(path).stem[:31] or "名单", "", False)]
        text = self._decoded(path)
        first = text[:4096].split("\n", 1)[0]
        self._parting = max((first.count(mark), mark) for mark in ("\t", ";", ","))[1] if first else ","
        self._text = text

    def close(self) -> None:
        """Nothing is open."""

    def _decoded(self, path: str) -> str:
        try:
            with Path(path).open("rb") as file:
                raw = file.read(_MOST_BYTES + 1)
        except FileNotFoundError:
            raise BadInput(f"找不到{self._named}，请核对路径。") from None
        except IsADirectoryError:
            raise BadInput(f"“{path}”是一个目录，请给出 .xlsx 或 .csv 文件。") from None
        except (OSError, ValueError):
            raise BadInput(f"{self._named}读不出来，请检查权限和磁盘。") from None
        if len(raw) > _MOST_BYTES:
            raise BadInput(f"{self._named}大得不像一份名单，请分成几份。")
        coding = "utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
        for one in (coding, "gb18030"):
            try:
                text = raw.decode(one)
            except UnicodeDecodeError:
                continue
            if "\0" not in text:
                return text
        raise BadInput(f"{self._named}不是 UTF-8 或 GB18030 编码的文字，请另存为 .xlsx。")

    def marks(self, _: SheetName) -> Marks:
        """Text hides nothing."""
        return Marks(rows=self._text.rstrip("\n").count("\n") + 1)

    def rows(self, _: SheetName) -> Iterator[Row]:
        """The records by the line that they end on, as cells of text."""
        read = csv.reader(StringIO(self._text, newline=""), delimiter=self._parting, strict=True)
        try:
            for number, record in enumerate(read, 1):
                if len(record) > MOST_COLUMNS or number > MOST_ROWS:
                    raise BadInput(f"{self._named}第 {number} 行超出能读的范围，请删去内容以外的行和列。")
                cells = {column: Cell("text", text) for column, text in enumerate(record, 1) if text}
                if cells:
                    yield number, cells
        except csv.Error:
            raise BadInput(f"{self._named}第 {read.line_num} 行的引号或分隔不对，请核对，或另存为 .xlsx。") from None
