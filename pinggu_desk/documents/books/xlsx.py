"""Reading an .xlsx list cell by cell: what each cell holds and how it is shown, with nothing that was hidden or merged unseen.

The usual library gives values without a hint of a merged, hidden or damaged cell, and trips over odd fills, strict files
and far rows; a list needs none of what it does otherwise. Rows come as a stream, in either form of ISO 29500.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pinggu_desk.documents.books.around import may_say_a_unit
from pinggu_desk.documents.books.formats import built_in
from pinggu_desk.documents.books.grid import (
    MOST_COLUMNS,
    MOST_ROWS,
    Area,
    Cell,
    Marks,
    Row,
    SheetName,
    column_letters,
    column_number,
)
from pinggu_desk.documents.books.looked import Looked, look
from pinggu_desk.documents.books.package import Attributes, Package
from pinggu_desk.documents.books.sharedtexts import in_large_pieces, plain_texts, texts_of, unescaped
from pinggu_desk.policy.errors import BadInput

#: the most cells, hidden rows and merges that are read; a cell's text is cut by office programs at 32767
_MOST_CELLS = 20_000_000
_MOST_MARKS = 100_000
_MOST_TEXT = 40_000
_MOST_SHARED = 100_000_000
#: a merge of more rows or columns than this is no heading and no name
_MOST_MERGED = 5_000
_REFERENCE = re.compile(r"^\$?([A-Z]{1,3})\$?([0-9]{1,7})$")
_NUMBER = re.compile(r"^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[Ee][+-]?[0-9]{1,3})?$")


class Book:
    """An open workbook. Raises BadInput, in one sentence, for all that is wrong with the file."""

    def __init__(self, path: str) -> None:
        self.package = Package(path)
        try:
            self.sheets: list[SheetName] = []
            self.first_day_1904 = False
            self._marks: dict[str, Marks] = {}
            self._looked: dict[str, Looked | None] = {}
            self._shared: list[str] | None = None
            self._plain_texts: int | None = None
            self._shared_part = self._styles_part = ""
            self._read_workbook()
            #: the number format of each cell style; None where the file has none
            self.forms = self._read_styles() if self._styles_part in self.package else None
        except BaseException:
            self.package.close()
            raise

    def close(self) -> None:
        """Close the file."""
        self.package.close()

    def _read_workbook(self) -> None:
        package = self.package
        main = next((part for kind, part in package.relations("").values() if kind == "officeDocument"), "")
        if main.lower().endswith(".bin"):
            raise BadInput(f"{package.named}是二进制工作簿（.xlsb），请另存为 .xlsx。")
        if not main or main not in package:
            raise BadInput(f"{package.named}不是能读的 Excel 工作簿，请另存为 .xlsx。")
        relations = package.relations(main)
        for kind, part in relations.values():
            if kind == "sharedStrings":
                self._shared_part = part
            elif kind == "styles":
                self._styles_part = part
        listed: list[tuple[str, str, bool]] = []

        def start(tag: str, attributes: Attributes) -> None:
            if tag == "sheet":
                own = next((value for key, value in attributes.items() if key.endswith(":id")), "")
                listed.append((attributes.get("name", "")[:31], own, attributes.get("state", "visible") != "visible"))
            elif tag == "workbookPr":
                self.first_day_1904 = attributes.get("date1904", "0") in ("1", "true")

        package.parse(main, start)
        for title, own, hidden in listed:
            kind, part = relations.get(own, ("", ""))
            if kind == "worksheet" and part in package:
                self.sheets.append(SheetName(title, part, hidden))
            elif kind in ("", "worksheet"):
                raise package.damaged(f"工作表“{title}”的内容缺失")
        if not listed:
            raise BadInput(f"{package.named}不是 Excel 工作簿（也许是文字文档或演示文稿），请另存为 .xlsx。")
        if not self.sheets:
            raise BadInput(f"{package.named}里没有填写单元格的工作表，只有图表，请换一份。")

    def _read_styles(self) -> list[str]:
        """The number format of each cell style."""
        codes: dict[int, str] = {}
        numbers: list[int] = []
        inside = ""

        def start(tag: str, attributes: Attributes) -> None:
            nonlocal inside
            if tag == "numFmt":
                codes[_whole(attributes.get("numFmtId", ""))] = attributes.get("formatCode", "General")[:500]
            elif tag in ("cellXfs", "cellStyleXfs", "dxfs"):
                inside = tag
            elif tag == "xf" and inside == "cellXfs":
                numbers.append(_whole(attributes.get("numFmtId", "0")))

        self.package.parse(self._styles_part, start)
        return [codes.get(number) or built_in(number) for number in numbers]

    @property
    def shared(self) -> list[str]:
        """The texts that cells share."""
        if self._shared is None:
            self._shared = self.texts if self._plain_texts else self._read_shared() if self._shared_part else []
        return self._shared

    @property
    def plain_texts(self) -> int:
        """How many texts cells share, where all are written in the usual shape (see ``quick``); else nought."""
        if self._plain_texts is None:
            self._plain_texts = plain_texts(self.package, self._shared_part) if self._shared_part else 0
        return self._plain_texts

    @property
    def texts(self) -> list[str]:
        """The same texts where all are written in the usual shape (see ``plain_texts``), which is quicker."""
        if self._shared is None:
            self._shared = texts_of(self.package, self._shared_part)
        return self._shared

    def _read_shared(self) -> list[str]:
        texts: list[str] = []
        pieces: list[str] = []
        taking, spoken, total = False, 0, 0

        def start(tag: str, _: Attributes) -> None:
            nonlocal taking, spoken
            if tag == "si":
                pieces.clear()
            elif tag == "rPh":
                spoken += 1
            taking = tag == "t" and not spoken

        def end(tag: str) -> None:
            nonlocal taking, spoken, total
            taking = False
            if tag == "si":
                texts.append(unescaped("".join(pieces)))
                total += len(texts[-1]) + 50
                if total > _MOST_SHARED:
                    raise ValueError("too much text")
            elif tag == "rPh":
                spoken -= 1

        def text(data: str) -> None:
            if taking and sum(map(len, pieces)) < _MOST_TEXT:
                pieces.append(data)

        self.package.parse(self._shared_part, start, end, text)
        return texts

    # --- a sheet ---

    def marks(self, sheet: SheetName) -> Marks:
        """Look through a sheet: what is hidden and merged, how much there is, whether all of it lies within bounds."""
        if sheet.part not in self._marks:
            looked = self.looked(sheet)
            self._marks[sheet.part] = looked.marks if looked is not None else self._look_through(sheet)
        return self._marks[sheet.part]

    def looked(self, sheet: SheetName) -> Looked | None:
        """What one look at the bytes says of a sheet of the usual shape (see ``quick``); None of any other."""
        if sheet.part not in self._looked:
            self._looked[sheet.part] = look(self, sheet)
        return self._looked[sheet.part]

    def _look_through(self, sheet: SheetName) -> Marks:
        found, scan, before = Marks(), _Scan(self, sheet), 0

        def start(tag: str, attributes: Attributes) -> None:
            nonlocal before
            if tag == "c":
                found.cells += 1
                if found.cells > _MOST_CELLS or found.cells - before > MOST_COLUMNS:
                    raise scan.far("的单元格太多")
            elif tag == "row":
                found.rows += 1
                before = found.cells
                row = scan.row(attributes)
                if attributes.get("hidden") in ("1", "true"):
                    found.hidden_rows.append(row)
            elif tag == "col" and attributes.get("hidden") in ("1", "true"):
                first, last = _whole(attributes.get("min", "")), _whole(attributes.get("max", ""))
                found.hidden_columns.append((first, min(last, MOST_COLUMNS)))
            elif tag == "mergeCell":
                found.merged.append(scan.area(attributes.get("ref", "")))
            if max(len(found.hidden_rows), len(found.merged), len(found.hidden_columns)) > _MOST_MARKS:
                raise scan.far("的隐藏行或合并单元格太多")

        self.package.parse(sheet.part, start, text=_ignore)
        return found

    def may_say_units(self, sheet: SheetName) -> bool:
        """Whether words of the workbook (where it keeps none together: of the sheet) may name a unit, by a look at the bytes."""
        part, before = self._shared_part if self._shared_part in self.package else sheet.part, b""
        for chunk in in_large_pieces(self.package.chunks(part)):
            if may_say_a_unit(before + chunk):
                return True
            before = chunk[-40:]
        return False

    def rows(self, sheet: SheetName) -> Iterator[Row]:
        """The rows with cells that hold something: number, cells by column (both from 1)."""
        taken: list[Row] = []
        reader = _Rows(self, sheet, taken)
        for _ in _fed(self.package, sheet.part, reader):
            yield from taken
            taken.clear()
        yield from taken


def _ignore(_: str) -> None:
    return


def _whole(text: str) -> int:
    return int(text) if text.isdigit() and len(text) < 10 else 0


def _fed(package: Package, part: str, reader: _Rows) -> Iterator[None]:
    """Parse a part piece by piece, giving the caller a turn after each."""
    from xml.parsers import expat

    from pinggu_desk.documents.books.package import BROKEN

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
    parser.CharacterDataHandler = reader.text
    try:
        for piece in package.chunks(part):
            parser.Parse(piece, False)
            yield
        parser.Parse(b"", True)
    except BROKEN:
        raise package.damaged("工作表的内容不完整") from None
    finally:
        parser.StartElementHandler = parser.EndElementHandler = parser.CharacterDataHandler = None


class _Scan:
    """Where a sheet's rows are, checked against its bounds."""

    def __init__(self, book: Book, sheet: SheetName) -> None:
        self.book, self.sheet, self.last = book, sheet, 0

    def far(self, what: str) -> BadInput:
        """The refusal of what lies out of bounds."""
        named = f"{self.book.package.named}工作表“{self.sheet.title}”"
        return BadInput(f"{named}{what}，超出能读的范围，请删去内容以外的行和列，另存后再试。")

    def row(self, attributes: Attributes) -> int:
        """The number of the row that begins."""
        text = attributes.get("r")
        row = self.last + 1 if text is None else _whole(text)
        if text is not None and not row:
            raise self.far(f"有第 {text[:12]} 行")
        if row > MOST_ROWS:
            raise self.far(f"有第 {row} 行")
        if row <= self.last:
            raise self.book.package.damaged(f"工作表“{self.sheet.title}”的第 {row} 行不在应在的位置")
        self.last = row
        return row

    def area(self, text: str) -> Area:
        """A merge, within bounds."""
        first, _, second = text.partition(":")
        corners = [_REFERENCE.match(one) for one in (first, second or first)]
        if corners[0] is None or corners[1] is None:
            raise self.book.package.damaged(f"工作表“{self.sheet.title}”的合并单元格写法不对")
        (left, top), (right, bottom) = ((column_number(c[1]), int(c[2])) for c in corners if c is not None)
        if not (1 <= top <= bottom <= MOST_ROWS and 1 <= left <= right <= MOST_COLUMNS):
            raise self.far(f"的合并单元格 {text[:24]}")
        if bottom - top > _MOST_MERGED or right - left > _MOST_MERGED:
            raise self.far(f"的合并单元格 {text[:24]} 铺得太满")
        return Area(top, left, bottom, right)


class _Rows:
    """The handler of a sheet's elements; finished rows are put into ``out``."""

    def __init__(self, book: Book, sheet: SheetName, out: list[Row]) -> None:
        self._book, self._scan, self._out = book, _Scan(book, sheet), out
        self._row, self._column = 0, 0
        self._cells: dict[int, Cell] = {}
        self._type, self._style = "n", 0
        self._pieces: list[str] = []
        self._held, self._taking, self._formula, self._spoken = 0, False, False, 0
        self._tags: dict[str, str] = {}

    def start(self, tag: str, attributes: Attributes) -> None:
        """An element begins."""
        tag = self._tags.get(tag) or self._tags.setdefault(tag, tag.rsplit(":", 1)[-1])
        if tag == "c":
            self._begin(attributes)
        elif tag in ("v", "t"):
            self._taking = not self._spoken
        elif tag == "row":
            self._row, self._column, self._cells = self._scan.row(attributes), 0, {}
        elif tag == "f":
            self._formula = True
        elif tag == "rPh":
            self._spoken += 1

    def _begin(self, attributes: Attributes) -> None:
        where = attributes.get("r")
        if where is None:
            self._column += 1
        else:
            match = _REFERENCE.match(where)
            column = column_number(match[1]) if match else 0
            if match is None or int(match[2]) != self._row or column <= self._column:
                raise self._book.package.damaged(f"单元格 {where[:12]} 不在应在的位置")
            self._column = column
        if self._column > MOST_COLUMNS:
            raise self._scan.far(f"的第 {self._row} 行有太多列")
        self._type, self._style = attributes.get("t", "n"), _whole(attributes.get("s", "0"))
        self._pieces.clear()
        self._held, self._formula = 0, False

    def text(self, data: str) -> None:
        """Text within an element."""
        if self._taking and self._held < _MOST_TEXT:
            self._pieces.append(data)
            self._held += len(data)

    def end(self, tag: str) -> None:
        """An element ends."""
        tag = self._tags.get(tag) or tag
        if tag in ("v", "t", "f"):
            self._taking = False
        elif tag == "c":
            cell = self._cell("".join(self._pieces))
            if cell is not None:
                self._cells[self._column] = cell
        elif tag == "row":
            if self._cells:
                self._out.append((self._row, self._cells))
            self._row = 0
        elif tag == "rPh":
            self._spoken -= 1

    def _cell(self, text: str) -> Cell | None:
        kind, formula = self._type, self._formula
        if kind == "s" and text:
            shared, index = self._book.shared, _whole(text.strip())
            if not text.strip().isdigit() or index >= len(shared):
                raise self._damaged("用到的共享文本缺失")
            text, kind = shared[index], "str"
        if kind in ("str", "inlineStr"):
            text = text if self._type == "s" else unescaped(text)
            return Cell("text", text, "General", formula) if text else None
        if not text:
            return Cell("formula", "") if formula else None
        if kind == "b":
            return Cell("truth", "1" if text.strip() in ("1", "true") else "0", "General", formula)
        if kind == "e":
            return Cell("error", text.strip()[:20], "General", formula)
        if kind == "d":
            return Cell("date", text.strip(), "General", formula)
        text = text.strip()
        if kind != "n" or not _NUMBER.match(text):
            raise self._damaged("应是数，却不是")
        return Cell("number", text, self._form(), formula)

    def _form(self) -> str:
        forms = self._book.forms
        if not self._style and not forms:
            return "General"
        if forms is None or self._style >= len(forms):
            raise self._damaged("用到的单元格格式缺失，看不出单位")
        return forms[self._style]

    def _damaged(self, what: str) -> BadInput:
        return self._book.package.damaged(f"单元格 {column_letters(self._column)}{self._row} {what}")
