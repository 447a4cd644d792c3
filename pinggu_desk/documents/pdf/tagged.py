"""Tagged PDF (ISO 32000-1, 14.7 and 14.8): the structure of a paper as objects of the library's document.

A letter has some hundreds of elements, so each is written as its finished words instead of as the library's dictionaries.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reportlab.pdfbase import pdfdoc

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pinggu_desk.documents.pdf.structure import Part


class _Words(pdfdoc.PDFObject):
    """An object that is written as it is."""

    __RefOnly__ = 1

    def __init__(self) -> None:
        self.words = ""

    def format(self, _document: Any) -> bytes:
        return self.words.encode("ascii")


class Tags:
    """Which part each marked stretch of each page belongs to, gathered while the pages are written."""

    def __init__(self) -> None:
        self._pages: list[list[Part]] = []
        self._marks: dict[Part, list[tuple[int, int]]] = {}

    def new_page(self) -> None:
        """The next page begins; its stretches are counted from 0."""
        self._pages.append([])

    def opening(self, part: Part | None) -> str:
        """The operator that opens a stretch of ``part``; None is what isn't read (page feet, rules)."""
        if part is None:
            return "/Artifact BMC"
        owners = self._pages[-1]
        self._marks.setdefault(part, []).append((len(self._pages) - 1, len(owners)))
        owners.append(part)
        return f"/{part.kind} <</MCID {len(owners) - 1}>> BDC"

    def write(self, doc: Any, parts: Iterable[Part]) -> None:
        """Give the document its structure: ``parts`` in reading order under one Document, once all pages are made."""
        _Writer(doc, self._pages, self._marks).write(parts)


class _Writer:
    """The tree on its way into the document: numbers first, since a parent and its children name each other."""

    def __init__(self, doc: Any, pages: list[list[Part]], marks: dict[Part, list[tuple[int, int]]]) -> None:
        self.doc = doc
        self.pages = pages
        self.marks = marks
        self.numbers: dict[Part, int] = {}
        found: list[Any] = [one for one in doc.idToObject.values() if isinstance(one, pdfdoc.PDFPage)]
        self.page_numbers = [self._number(page) for page in found]
        for key, page in enumerate(found):
            page.__NoDefault__ = [*pdfdoc.PDFPage.__NoDefault__, "StructParents"]
            page.StructParents = key

    def write(self, parts: Iterable[Part]) -> None:
        root, document, owners = _Words(), _Words(), _Words()
        root_number, document_number = self._number(root), self._number(document)
        kids = " ".join(f"{number} 0 R" for part in parts if (number := self._element(part, document_number)))
        document.words = f"<</S/Document/P {root_number} 0 R/K[{kids}]>>"
        listed = [
            f"{key}[{' '.join(f'{self.numbers[part]} 0 R' for part in page)}]" for key, page in enumerate(self.pages)
        ]
        owners.words = f"<</Nums[{' '.join(listed)}]>>"
        root.words = (
            f"<</Type/StructTreeRoot/K {document_number} 0 R/ParentTree {self._number(owners)} 0 R"
            f"/ParentTreeNextKey {len(self.pages)}>>"
        )
        self.doc.Catalog.StructTreeRoot = root
        self.doc.Catalog.MarkInfo = "<</Marked true>>"

    def _number(self, one: Any) -> int:
        number, _ = self.doc.idToObjectNumberAndVersion[self.doc.Reference(one).name]
        return int(number)

    def _element(self, part: Part, parent: int) -> int:
        """The object number of ``part``'s element; 0 where there is nothing in it to be read."""
        if not self._said(part):
            return 0
        element = _Words()
        number = self.numbers[part] = self._number(element)
        kids = [f"{kid} 0 R" for one in part.parts if (kid := self._element(one, number))]
        marks = self.marks.get(part, [])
        first = marks[0][0] if marks else 0
        kids += [
            str(mark) if page == first else f"<</Type/MCR/Pg {self.page_numbers[page]} 0 R/MCID {mark}>>"
            for page, mark in marks
        ]
        held = f"/K {kids[0]}" if len(kids) == 1 else f"/K[{' '.join(kids)}]" if kids else ""
        on = f"/Pg {self.page_numbers[first]} 0 R" if marks else ""
        element.words = f"<</S/{part.kind}/P {parent} 0 R{on}{held}{_more(part)}>>"
        return number

    def _said(self, part: Part) -> bool:
        return part.keeps_empty or part in self.marks or any(map(self._said, part.parts))


def _more(part: Part) -> str:
    """What an element says besides its place in the tree."""
    words = f"/Alt<FEFF{part.alt.encode('utf-16-be').hex().upper()}>" if part.alt else ""
    if part.box is not None:
        words += f"/A<</O/Layout/Placement/Block/BBox[{' '.join(f'{side:.2f}' for side in part.box)}]>>"
    if part.scope or part.across > 1:
        scope = f"/Scope/{part.scope}" if part.scope else ""
        span = f"/ColSpan {part.across}" if part.across > 1 else ""
        words += f"/A<</O/Table{scope}{span}>>"
    return words
