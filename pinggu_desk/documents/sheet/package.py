"""What the library drops from an office's own form when it writes it again, carried over part by part.

Text boxes, pictures of seals, comments as they look, buttons, lists and formats of newer programs (``extLst``) are taken from
the form's package as they are and put back beside the cells that were filled. What can't be carried is named (:func:`lost`).
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from openpyxl import Workbook

_SHEET_TYPE = "/worksheet"
#: relations of a sheet that are carried, by the end of their type; hyperlinks, tables and print set-up the library keeps
_CARRIED = (
    "/drawing", "/vmlDrawing", "/comments", "/threadedComment", "/image", "/oleObject", "/package", "/control", "/ctrlProp",
    "/customProperty",
)  # fmt: skip
_KEPT = ("/hyperlink", "/table", "/printerSettings")
#: parts that can't be carried: (how their path begins, what a person calls them)
_LOST = (
    ("xl/vbaProject", "宏"), ("_xmlsignatures", "数字签名"), ("xl/pivot", "数据透视表"), ("xl/slicer", "切片器"),
    ("xl/timeline", "日程表"), ("xl/connections", "数据连接"), ("xl/queryTables", "数据连接"), ("xl/chartsheets", "图表工作表的样子"),
    ("xl/cellimages", "嵌入单元格的图片"), ("xl/richData", "嵌入单元格的图片"), ("customXml", "附带的 XML 数据"),
)  # fmt: skip
#: elements of a sheet that are put back, in the order of the file format
_TAIL = ("drawing", "legacyDrawing", "legacyDrawingHF", "picture", "oleObjects", "controls")
_RELATION = re.compile(r"<(?:\w+:)?Relationship\b[^>]*?/?>")
_ROOT = re.compile(r"<worksheet\b[^>]*>")
_EXT = re.compile(r"<extLst\b.*</extLst>(?=\s*</worksheet>)", re.S)
_RANGES = re.compile(r"<protectedRanges\b.*?</protectedRanges>", re.S)
_PROTECTION = re.compile(r"<sheetProtection\b[^>]*?(?:/>|></sheetProtection>)")
_CHOICE = re.compile(r"<mc:AlternateContent\b.*?</mc:AlternateContent>", re.S)
_REFERENCE = re.compile(r'\b(r:\w+)="([^"]+)"')
_ATTRIBUTE = re.compile(r'([\w:]+)\s*=\s*"([^"]*)"')
_STAMP = (1980, 1, 1, 0, 0, 0)


@dataclass(slots=True)
class _Package:
    """A workbook's parts by path."""

    parts: dict[str, bytes]

    @classmethod
    def read(cls, data: bytes) -> _Package:
        with ZipFile(BytesIO(data)) as package:
            return cls({name: package.read(name) for name in package.namelist() if not name.endswith("/")})

    def relations(self, part: str) -> dict[str, tuple[str, str]]:
        """The relations of a part within the package: id -> (type, path of the other part)."""
        folder, name = posixpath.split(part)
        text = self.parts.get(f"{folder}/_rels/{name}.rels" if folder else f"_rels/{name}.rels", b"").decode("utf-8")
        found = {}
        for match in _RELATION.findall(text):
            given = dict(_ATTRIBUTE.findall(match))
            if given.get("TargetMode") != "External" and "Target" in given:
                target = given["Target"]
                path = target[1:] if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
                found[given.get("Id", "")] = (given.get("Type", ""), path)
        return found

    def sheets(self) -> dict[str, str]:
        """Path of each sheet of cells by its title."""
        relations = self.relations("xl/workbook.xml")
        text = self.parts.get("xl/workbook.xml", b"").decode("utf-8")
        out = {}
        for match in re.findall(r"<(?:\w+:)?sheet\b[^>]*>", text):
            given = dict(_ATTRIBUTE.findall(match))
            kind, path = relations.get(next((v for k, v in given.items() if k.endswith(":id")), ""), ("", ""))
            if kind.endswith(_SHEET_TYPE):
                out[_plain(given.get("name", ""))] = path
        return out


def lost(data: bytes) -> tuple[str, ...]:
    """What a form holds that is not kept when it is filled, in words; empty for all that people usually draw."""
    package = _Package.read(data)
    named = {words: None for path in package.parts for begin, words in _LOST if path.startswith(begin)}
    for path in package.sheets().values():
        text = package.parts.get(path, b"").decode("utf-8", "replace")
        relations = package.relations(path).values()
        if _ROOT.search(text) is None and any(kind.endswith(_CARRIED) for kind, _ in relations):
            named["图形、批注和控件"] = None  # the sheet names its elements in another way than every office program
        for kind, _ in relations:
            if not kind.endswith((*_CARRIED, *_KEPT, "/pivotTable", "/slicer", "/timeline", "/queryTable")):
                named[f"附件（{kind.rpartition('/')[2]}）"] = None
    return tuple(named)


def drawn_texts(data: bytes) -> dict[str, list[str]]:
    """What stands in the text boxes of each sheet, by the sheet's title: a note of units may."""
    package = _Package.read(data)
    found: dict[str, list[str]] = {}
    for title, path in package.sheets().items():
        for kind, part in package.relations(path).values():
            if kind.endswith(("/drawing", "/vmlDrawing")) and part in package.parts:
                text = package.parts[part].decode("utf-8", "replace")
                boxes = re.findall(r"<(?:\w+:)?(?:txBody|textbox)\b.*?</(?:\w+:)?(?:txBody|textbox)>", text, re.S)
                paragraphs = [p for box in boxes for p in re.split(r"</(?:\w+:)?(?:p|div)>", box)]
                words = (_plain(re.sub(r"<[^>]*>", "", one)).strip() for one in paragraphs)
                found.setdefault(title, []).extend(filter(None, words))
    return found


def newer_lists(data: bytes) -> Iterator[tuple[str, str, str]]:
    """Lists to choose from as newer programs write them (words on another sheet): the sheet's title, the cells, the formula."""
    package = _Package.read(data)
    for title, path in package.sheets().items():
        text = package.parts.get(path, b"").decode("utf-8", "replace")
        for rule in re.findall(r"<x14:dataValidation\b.*?</x14:dataValidation>", text, re.S):
            cells = re.search(r"<xm:sqref>([^<]*)</xm:sqref>", rule)
            formula = re.search(r"<x14:formula1>\s*<xm:f>([^<]*)</xm:f>", rule)
            if cells and formula and re.match(r'<x14:dataValidation\b[^>]*\btype="list"', rule):
                yield title, cells[1], _plain(formula[1])


def needs_carrying(data: bytes) -> bool:
    """Whether a form has anything that the library would drop: most have not, ours never."""
    with ZipFile(BytesIO(data)) as package:
        if any("/_rels/sheet" in name for name in package.namelist()):
            return True
        return any(
            b"<extLst" in package.read(n) or b"<protectedRanges" in package.read(n) for n in _sheet_parts(package)
        )


def _sheet_parts(package: ZipFile) -> Iterable[str]:
    return (name for name in package.namelist() if name.startswith("xl/worksheets/") and name.endswith(".xml"))


def set_aside(book: Workbook) -> None:
    """Take out of the opened workbook what is carried over afterwards, so that it isn't there twice."""
    for sheet in book.worksheets:
        inner: Any = sheet
        inner._images, inner._charts, inner.legacy_drawing = [], [], None
        for cell in inner._cells.values():
            if getattr(cell, "_comment", None) is not None:
                cell.comment = None


def carried(form: bytes, filled: bytes) -> bytes:
    """The filled workbook with what the form has beside its cells."""
    return _Carrying(_Package.read(form), _Package.read(filled)).done()


@dataclass(slots=True)
class _Carrying:
    form: _Package
    out: _Package
    taken: list[str] = field(default_factory=list)

    def done(self) -> bytes:
        ours = self.out.sheets()
        for title, path in self.form.sheets().items():
            if title in ours:
                self._sheet(path, ours[title])
        persons = [(k, p) for k, p in self.form.relations("xl/workbook.xml").values() if k.endswith("/person")]
        self._relate("xl/workbook.xml", {f"kept{n}": one for n, one in enumerate(persons, 1)})
        self._types()
        data = BytesIO()
        with ZipFile(data, "w", ZIP_DEFLATED) as package:
            for name, content in self.out.parts.items():
                entry = ZipInfo(name, _STAMP)
                entry.compress_type, entry.create_system, entry.external_attr = ZIP_DEFLATED, 3, 0o600 << 16
                package.writestr(entry, content)
        return data.getvalue()

    def _sheet(self, path: str, ours: str) -> None:
        """Put a sheet's drawings, comments and newer elements back."""
        source = self.form.parts[path].decode("utf-8")
        target = self.out.parts[ours].decode("utf-8")
        root, own = _ROOT.search(source), _ROOT.search(target)
        if root is None or own is None:
            return
        wanted = {f"kept{key}": one for key, one in self.form.relations(path).items() if one[0].endswith(_CARRIED)}
        tail = _outside_choices(source)
        pieces = [piece for name in _TAIL for piece in tail.get(name, ())]
        last = "".join(match[0] for match in [_EXT.search(source)] if match)
        known = {f'"{key.removeprefix("kept")}"' for key in wanted}
        put = _renamed("".join(p for p in pieces if any(key in p for key in known)))
        self._relate(ours, wanted)
        head = _with_names(own[0], root[0])
        body = target[own.end() :]
        if (ranges := _RANGES.search(source)) and (protection := _PROTECTION.search(body)):
            body = body[: protection.end()] + ranges[0] + body[protection.end() :]
        at = body.find("<tableParts")
        at = at if at >= 0 else body.rindex("</worksheet>")
        end = body[at:].replace("</worksheet>", f"{last}</worksheet>")
        self.out.parts[ours] = (target[: own.start()] + head + body[:at] + put + end).encode("utf-8")

    def _relate(self, part: str, wanted: dict[str, tuple[str, str]]) -> None:
        """Add relations to a part, and the parts that they lead to."""
        if not wanted:
            return
        folder, name = posixpath.split(part)
        where = f"{folder}/_rels/{name}.rels"
        lines = "".join(
            f'<Relationship Id="{key}" Type="{kind}" Target="/{path}"/>' for key, (kind, path) in wanted.items()
        )
        empty = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
        text = self.out.parts.get(where, empty.encode()).decode("utf-8")
        text = re.sub(r"<Relationships([^>]*)/>", r"<Relationships\1></Relationships>", text)
        self.out.parts[where] = text.replace("</Relationships>", f"{lines}</Relationships>").encode("utf-8")
        for _, path in wanted.values():
            self._take(path)

    def _take(self, path: str) -> None:
        """Take over a part with everything that it leads to."""
        if path in self.taken or path not in self.form.parts:
            return
        self.taken.append(path)
        self.out.parts[path] = self.form.parts[path]
        folder, name = posixpath.split(path)
        rels = f"{folder}/_rels/{name}.rels"
        if rels in self.form.parts:
            self.out.parts[rels] = self.form.parts[rels]
            for _, further in self.form.relations(path).values():
                self._take(further)

    def _types(self) -> None:
        """Say of each part taken over what it is."""
        source = self.form.parts["[Content_Types].xml"].decode("utf-8")
        target = self.out.parts["[Content_Types].xml"].decode("utf-8")
        add = ""
        for match in re.findall(r"<(?:Override|Default)\b[^>]*?/>", source):
            given = dict(_ATTRIBUTE.findall(match))
            part, extension = given.get("PartName", ""), given.get("Extension", "")
            if part and part[1:] in self.taken and f'PartName="{part}"' not in target:
                add += match
            if extension and any(path.endswith(f".{extension}") for path in self.taken):
                add += match if f'Extension="{extension}"' not in target else ""
        self.out.parts["[Content_Types].xml"] = target.replace("</Types>", f"{add}</Types>").encode("utf-8")


def _outside_choices(source: str) -> dict[str, list[str]]:
    """The sheet's elements behind its cells, by name; one inside a choice between programs comes with the choice."""
    rest = source[source.rfind("</sheetData>") :] if "</sheetData>" in source else source
    rest = _EXT.sub("", rest)
    found: dict[str, list[str]] = {}
    for choice in _CHOICE.findall(rest):
        name = next((one for one in ("controls", "oleObjects", "drawing") if f"<{one}" in choice), "controls")
        found.setdefault(name, []).append(choice)
    rest = _CHOICE.sub("", rest)
    for name in _TAIL:
        found.setdefault(name, []).extend(
            match[0] for match in re.finditer(rf"<{name}\b(?:[^>]*/>|.*?</{name}>)", rest, re.S)
        )
    return found


def _renamed(text: str) -> str:
    return _REFERENCE.sub(lambda match: f'{match[1]}="kept{match[2]}"', text)


def _with_names(own: str, other: str) -> str:
    """Our root element with the names (xmlns) that the form's has beside them."""
    has = dict(_ATTRIBUTE.findall(own))
    more = {k: v for k, v in _ATTRIBUTE.findall(other) if k.startswith("xmlns:") or k == "mc:Ignorable"}
    added = "".join(f' {key}="{value}"' for key, value in more.items() if key not in has)
    return f"{own[:-1]}{added}>"


def _plain(text: str) -> str:
    for coded, plain in (("&quot;", '"'), ("&apos;", "'"), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        text = text.replace(coded, plain)
    return text
