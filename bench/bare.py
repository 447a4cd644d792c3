"""The floor beneath a list from workbook to workbook: python-calamine reads it, XlsxWriter writes cells that are there already.

``python -m bench.bare LIST RESULT OUT`` reads LIST and writes the cells of RESULT to OUT, in constant memory, with no style and no
thought; it prints seconds of wall and processor. Reading RESULT beforehand is not counted. ``python -m bench.bare LIST`` reads and
is done: what that holds of memory at its peak is the library's own.
"""

from __future__ import annotations

import gc
import json
import sys
import time
from datetime import date, datetime
from typing import Any

from python_calamine import CalamineWorkbook
from xlsxwriter import Workbook


def write(sheets: list[tuple[str, list[list[Any]]]], out: str) -> None:
    """Every cell by the method for its kind, which is the quickest that the library has."""
    book = Workbook(out, {"constant_memory": True})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for title, rows in sheets:
        sheet = book.add_worksheet(title)
        text, number = sheet.write_string, sheet.write_number
        for at, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, str):
                    if value:
                        text(at, column, value)
                elif isinstance(value, (date, datetime)):
                    sheet.write_datetime(at, column, value, day)
                else:
                    number(at, column, value)
    book.close()


def read(source: str) -> int:
    """The cells of a list, read and let go."""
    return sum(len(row) for row in CalamineWorkbook.from_path(source).get_sheet_by_index(0).iter_rows())


def main(source: str, result: str = "", out: str = "") -> None:
    """Read and write, and say how long it took; without a result, read alone."""
    if not result:
        print(read(source))
        return
    book = CalamineWorkbook.from_path(result)
    sheets = [(name, book.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in book.sheet_names]
    del book
    gc.collect()
    gc.freeze()
    start, spent = time.perf_counter(), time.process_time()
    given = read(source)
    write(sheets, out)
    wall, cpu = time.perf_counter() - start, time.process_time() - spent
    written = sum(len(row) for _, rows in sheets for row in rows)
    print(json.dumps({"wall": wall, "cpu": cpu, "read": given, "written": written}))


if __name__ == "__main__":
    main(*sys.argv[1:])
