"""Good lists bent as programs and people bend them: whole XML with other numbers, kinds, orders and names; text with other marks.

Where ``spoiled`` breaks bytes, most of these can still be read, and so may be read wrongly.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

Parts = dict[str, bytes]
Change = Callable[[bytes], bytes]
_CELL = re.compile(rb"<c [^<>]*?(?:/>|>.*?</c>)", re.DOTALL)
_ROW = re.compile(rb"<row [^<>]*?(?:/>|>.*?</row>)", re.DOTALL)
_VALUES = [
    b"0", b"-0", b"+5", b".5", b"5.", b" 12 ", b"1e5", b"1E+2", b"1e400", b"1e-400", b"9" * 400, b"0x10", b"1,000", b"NaN", b"INF",
    b"12 34",
    "١٢".encode(), "１２".encode(), b"&#49;2", b"&lt;", b"", b"1e3_0", b"0012", b"12.5", b"99999999999999999", b"-45000",
    b"2958466",
    b"60", b"59.5", b"0.1", b"true", b"TRUE", b"#N/A", b"1\n", b"_x0031_", b"_x0041_b",
]  # fmt: skip
_KINDS = [b"n", b"s", b"str", b"inlineStr", b"b", b"e", b"d", b"x", b"", b"N", b"S"]
_PLACES = [
    b"A0",
    b"a3",
    b"$C$3",
    b"ZZZ3",
    b"XFD1048576",
    b"C",
    b"3",
    b"",
    b"A1:B2",
    b"C03",
    b" C3",
    b"AAAA1",
    b"C1048577",
]
_INNER = [
    b"<v>1</v><v>2</v>", b"<v>1<!-- 2 -->3</v>", b"<v><![CDATA[12]]></v>", b"<v>1<?x 2?>3</v>", b"<is><t>\xe7\xa4\xba</t></is>",
    b"<f>1+1</f>",
    b'<f t="shared" si="0"/><v>7</v>', b"<f/><v>8</v>", b"<v/>", b"<v></v>", b"<v><x>4</x>5</v>",
    b"<is><r><t>1</t></r><r><t>2</t></r></is>",
    b'<is><t>a</t><rPh sb="0" eb="1"><t>b</t></rPh></is>', b'<v xml:space="preserve"> 9 </v>', b"<v >9</v>", b"<f>A1</f><v>#REF!</v>",
    b"<extLst><ext><v>3</v></ext></extLst><v>4</v>", b"<v>4</v><extLst><ext><c r=\"A1\"><v>3</v></c></ext></extLst>",
    b"<is><t/></is><v>6</v>",
    b"<v>7</v><is><t>x</t></is>", b"<t>5</t>", b"<f>1&lt;2</f><v>1</v>", b"<v>&#x31;</v>", b"<v>\t3\r\n</v>",
]  # fmt: skip
_FORMS = [
    '0.00"万元"', "0,", "0%", "yyyy", "m/d/yyyy", "[h]:mm", "General;General", ";;;", '"x"yyyy-mm-dd', "yyyy-mm-dd", "0.0_ ",
    "#,##0.00_ ", "[Red]0", "",
    "_(* #,##0_)", '0"人"', "\\y0", '0.00\\万', "@", "yyyy/m/d;@", "general", "GENERAL", "[$-804]yyyy/m/d", "0.00E+00", "# ?/?", "d0",
    '0"d"',
]  # fmt: skip


def _swap(rnd: random.Random, data: bytes, pattern: re.Pattern[bytes], change: Change) -> bytes:
    """One found piece changed."""
    found = list(pattern.finditer(data))
    if not found:
        return data
    at = rnd.choice(found)
    return data[: at.start()] + change(at[0]) + data[at.end() :]


def _set(name: bytes, value: bytes) -> Change:
    """Put an attribute into the first tag of a piece, or change it."""
    known = re.compile(rb' %s="[^"]*"' % name)

    def change(piece: bytes) -> bytes:
        head, mark, rest = piece.partition(b">")
        close = b"/" if head.endswith(b"/") else b""
        whole = b' %s="%s"' % (name, value)
        bare = head.removesuffix(b"/")
        bare = known.sub(lambda _: whole, bare, count=1) if known.search(bare) else bare + whole
        return bare + close + mark + rest

    return change


def _without(name: bytes) -> Change:
    return lambda piece: re.sub(rb' %s="[^"]*"' % name, b"", piece, count=1)


def _within(inner: bytes) -> Change:
    def change(piece: bytes) -> bytes:
        head = piece.partition(b">")[0].removesuffix(b"/")
        return head + b">" + inner + b"</c>"

    return change


def bend_sheet(rnd: random.Random, data: bytes) -> bytes:
    """Something about a sheet's cells, rows or marks is otherwise."""
    number = str(rnd.choice((0, 1, 2, 3, 7, 40, 999, 1048576, 1048577, 99999999))).encode()

    def cell(change: Change) -> bytes:
        return _swap(rnd, data, _CELL, change)

    def row(change: Change) -> bytes:
        return _swap(rnd, data, _ROW, change)

    bends: list[Callable[[], bytes]] = [
        lambda: cell(_set(b"r", rnd.choice(_PLACES))), lambda: cell(_without(b"r")), lambda: cell(_set(b"s", number)),
        lambda: cell(_set(b"s", rnd.choice((b"-1", b" 1", b"1.0", b"x", b"")))), lambda: cell(_set(b"t", rnd.choice(_KINDS))),
        lambda: cell(_within(b"<v>" + rnd.choice(_VALUES) + b"</v>")), lambda: cell(_within(rnd.choice(_INNER))),
        lambda: cell(lambda piece: piece * 2), lambda: cell(lambda _: b""), lambda: cell(lambda piece: piece.replace(b'"', b"'")),
        lambda: cell(lambda piece: piece.replace(b" ", b"\n  ")), lambda: cell(lambda piece: b"<x>" + piece + b"</x>"),
        lambda: cell(lambda piece: re.sub(rb"<c ( ?r=\"[^\"]*\")([^>/]*)", rb"<c\2 \1", piece)),
        lambda: cell(lambda piece: piece.replace(b"<c ", b"<m:c ").replace(b"</c>", b"</m:c>")),
        lambda: row(_set(b"r", number)), lambda: row(_without(b"r")), lambda: row(_set(b"hidden", rnd.choice((b"1", b"true", b"on",
            b"0")))),
        lambda: row(lambda piece: piece * 2), lambda: row(lambda piece: b"<!--" + piece + b"-->"), lambda: row(lambda _: b"<row/>"),
        lambda: row(lambda piece: piece.replace(b"<row ", b"<row\t")), lambda: row(lambda _: b'<row r="5"><c r="XFD5"><v>1</v></c></row>'),
        lambda: row(lambda piece: piece + b"<extLst><row r=\"900\"><c r=\"A900\"><v>1</v></c></row></extLst>"),
        lambda: b"".join(rnd.sample(rows := _ROW.findall(data), len(rows))).join((data.partition(b"<row")[0], b"</sheetData></worksheet>")),
        lambda: re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="' + rnd.choice((b"A1", b"A1:XFD1048576", b"", b"Z9:A1",
            b"C3:D4")) + b'"', data),
        lambda: data.replace(b"</sheetData>", b"<a>" * 30_000 + b"</a>" * 30_000 + b"</sheetData>"),
        lambda: data.replace(b"</sheetData>", b"".join(b'<row r="%d"/>' % at for at in range(100, 60_000)) + b"</sheetData>"),
        lambda: data.replace(b"</sheetData>", b"</sheetData><sheetData>" + rnd.choice(_ROW.findall(data) or [b""]) + b"</sheetData>"),
        lambda: data.replace(b"<sheetData>", b'<cols><col min="%s" max="99999" hidden="1"/></cols><sheetData>' % number),
        lambda: data.replace(b"</sheetData>", b'</sheetData><mergeCells><mergeCell ref="%s"/></mergeCells>' % rnd.choice(
            (b"A3:A9", b"A3:XFD9", b"B2", b"B9:A3", b"A0:B1", b"", b"A1:A99999999", b"B3:C3", b"A3:C4"))),
        lambda: data.replace(b"<sheetData>", b"<sheetData >"), lambda: data.replace(b"<v>", b"<v >", 3), lambda: data.replace(b"\n",
            b"\r\n"),
        lambda: data.replace(b"</sheetData>",
            b'<row r="77"><c r="A77" t="inlineStr"><is><t>' + b"\xe7\xa4\xba" * 400_000 + b"</t></is></c></row></sheetData>"),
        lambda: data.replace(b"</sheetData>", b'<row r="78">' + b'<c><v>1</v></c>' * rnd.choice((16_384, 16_400)) + b"</row></sheetData>"),
        lambda: data.replace(b"<row ", b'<row xmlns="urn:other" ', 1),
    ]  # fmt: skip
    return rnd.choice(bends)()


def bend_encoding(rnd: random.Random, data: bytes) -> bytes:
    """Another encoding, declared truly or not."""
    text = re.sub(rb"<\?xml[^>]*\?>", b"", data).decode()
    coding = rnd.choice(("utf-16", "utf-16-le", "utf-16-be", "gb18030", "utf-8-sig", "latin-1", "utf-32", "utf-8"))
    said = rnd.choice((coding.removesuffix("-sig"), "UTF-8", "utf-16", "gbk", "ISO-8859-1", "UTF-18", "us-ascii"))
    return f'<?xml version="1.0" encoding="{said}"?>{text}'.encode(coding, "replace")


def bend_texts(rnd: random.Random, data: bytes) -> bytes:
    """The shared texts: fewer, more, in runs, with readings."""
    item = re.compile(rb"<si>.*?</si>", re.DOTALL)
    change = rnd.choice((
        b"", b"<si/>", b"<si><t/></si>", b"<si><r><t>A</t></r><r><t>B</t></r></si>", b'<si><t>A</t><rPh sb="0" eb="1"><t>B</t></rPh></si>',
        b"<si><t>_x0041__x000D_</t></si>", b'<si><t xml:space="preserve"> A </t></si>', b"<si><t>" + b"x" * 50_000 + b"</t></si>",
        b"<si><t>A</t><t>B</t></si>", b"<si><t><![CDATA[<a>]]></t></si>", b"<si><t>&#65;&#x4e00;</t></si>", b"<si>A</si>",
        b"<si><t>A<x>C</x>B</t></si>",
        b"<si><x><t>A</t></x></si>", b"<t>A</t>", b"<si><si><t>A</t></si></si>",
    ))  # fmt: skip
    return _swap(rnd, data, item, lambda _: change)


def bend_styles(rnd: random.Random, data: bytes) -> bytes:
    """The formats of numbers: others, too few, twice."""
    number = rnd.choice((0, 1, 2, 9, 10, 14, 22, 27, 31, 49, 57, 164, 165, 999)).__str__().encode()
    form = rnd.choice(_FORMS).replace('"', "&quot;").encode()
    xf = re.compile(rb"<xf [^<>]*?/?>")
    match rnd.randrange(5):
        case 0:
            return _swap(rnd, data, xf, _set(b"numFmtId", number))
        case 1:
            return _swap(rnd, data, re.compile(rb'formatCode="[^"]*"'), lambda _: b'formatCode="' + form + b'"')
        case 2:
            own = b'<numFmts><numFmt numFmtId="%s" formatCode="%s"/></numFmts>' % (number, form)
            return data.replace(b"<fonts", own + b"<fonts", 1)
        case 3:
            return re.sub(rb"(<cellXfs[^>]*>.*?)<xf.*?(</cellXfs>)", rb"\1\2", data, flags=re.DOTALL)
        case _:
            return data.replace(b"cellXfs", rnd.choice((b"cellXf", b"dxfs")))


def bend_book(rnd: random.Random, data: bytes) -> bytes:
    """What the workbook or its relations say of the sheets."""
    return rnd.choice((
        lambda: re.sub(rb'name="[^"]*" sheetId', b'name="' + rnd.choice((b"", b"x" * 60, b"&amp;&lt;", b" A ", b"&#10;")) + b'" sheetId',
            data),
        lambda: re.sub(rb"<sheet ", b'<sheet state="%s" ' % rnd.choice((b"hidden", b"veryHidden", b"x")),
            data.replace(b' state="visible"', b"")),
        lambda: re.sub(rb"rId\d", b"rId" + rnd.choice((b"1", b"2", b"3", b"99")), data, count=1),
        lambda: re.sub(rb"<workbookPr[^>]*/>", b'<workbookPr date1904="%s"/>' % rnd.choice((b"1", b"true", b"0", b"on")), data),
        lambda: data.replace(b'Target="' + rnd.choice((b"", b"xl/", b"/xl/")), b'Target="' + rnd.choice((b"./", b"/xl/", b"../xl/",
            b"\\xl\\", b"xl/"))),
        lambda: data.replace(b"sheet1.xml", rnd.choice((b"Sheet1.xml", b"SHEET1.XML", b"sheet2.xml", b"sheet1.bin", b"sheet%31.xml"))),
        lambda: data.replace(b"/worksheet", rnd.choice((b"/chartsheet", b"/dialogsheet", b"/x"))),
        lambda: re.sub(rb"<sheets>(.*?)</sheets>", rb"<sheets>\1\1</sheets>", data, flags=re.DOTALL),
        lambda: data.replace(b"<Relationship ", b'<Relationship TargetMode="External" ', 1),
        lambda: data.replace(b"r:id=", rnd.choice((b"x:id=", b"id=", b"r:ID="))),
    ))()  # fmt: skip


def bent_book(rnd: random.Random, good: Parts) -> bytes:
    """A workbook with one, two or three things otherwise than they were."""
    parts, double = dict(good), dict[str, bytes]()
    for _ in range(rnd.choice((1, 1, 1, 2, 3))):
        sheet = rnd.choice([name for name in parts if "worksheets/sheet" in name])
        kind = rnd.random()
        if kind < 0.6:
            parts[sheet] = bend_sheet(rnd, parts[sheet])
        elif kind < 0.68:
            parts["xl/styles.xml"] = bend_styles(rnd, parts["xl/styles.xml"])
        elif kind < 0.76 and "xl/sharedStrings.xml" in parts:
            parts["xl/sharedStrings.xml"] = bend_texts(rnd, parts["xl/sharedStrings.xml"])
        elif kind < 0.86:
            name = rnd.choice(("xl/workbook.xml", "xl/_rels/workbook.xml.rels", "_rels/.rels"))
            parts[name] = bend_book(rnd, parts[name])
        elif kind < 0.92:
            name = rnd.choice(list(parts))
            parts[name] = bend_encoding(rnd, good[name])
        else:
            name = rnd.choice((sheet, "xl/styles.xml", "xl/workbook.xml"))
            place = rnd.choice((name, name.upper(), f"/{name}", name.replace("/", "\\")))
            double[place] = bend_sheet(rnd, parts[name]) if name == sheet else parts[name]
    return _packed(rnd, parts, double)


def _packed(rnd: random.Random, parts: Parts, double: Parts) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w") as archive:
        first = double if rnd.random() < 0.5 else {}
        for several in (first, parts, {} if first else double):
            for name, data in several.items():
                archive.writestr(ZipInfo(name), data, ZIP_DEFLATED)
    packed = out.getvalue()
    return packed if rnd.random() < 0.97 else rnd.choice((b"MZ" * 50 + packed, packed + b"\x00" * 500, packed + packed))


def bent_text(rnd: random.Random, head: list[str]) -> bytes:
    """Comma-separated text whose marks, line ends, widths and encodings are otherwise."""
    lines = [head, *([f"示例{n}", str(n), f"{n * 12.5}", "2024-02-29", "是", "注"] for n in range(40))]
    for _ in range(rnd.choice((1, 1, 2, 3))):
        row, at = rnd.choice(lines), rnd.randrange(6)
        text = rnd.choice((
            '"', '"a', 'a"b', '""', '"a""', "\0", "示" * 200_000, "a\rb", '"a\nb"', '"a\r\nb"', "a\x85b", "a\u2028b", "a\x0bb", "\ufeff1",
            "1,2", "'1",
            "=1+1", "\t", " ", "１２", "1e400", "NaN", "9" * 400, "12万元", "合计", "\ud800", "—" * 300, "\u202e1",
        ))  # fmt: skip
        if rnd.random() < 0.8:
            row[at : at + 1] = [text]
        else:
            row[:] = rnd.choice((row[:2], row * 2, [], row + [""] * 20_000, ["sep=;"], [""] * 6))
    mark, ends = (
        rnd.choice((",", "\t", ";", ",,", "|")),
        rnd.choice((("\n",), ("\r\n",), ("\r",), ("\n", "\r\n", "\r"), ("\n\n",))),
    )
    text = "".join(mark.join(line) + rnd.choice(ends) for line in lines)
    coding = rnd.choice(
        ("utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "big5", "utf-7")
    )
    data = text.encode(coding, "replace")
    return data[: -rnd.randrange(1, 4)] if rnd.random() < 0.1 else data
