"""A printed paper opened again with two independent readers, as its tests look at it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pypdf
import pypdfium2

MM = 72 / 25.4
LEFT, RIGHT, TOP, BOTTOM = 28 * MM, 184 * MM, 260 * MM, 35 * MM


@dataclass(frozen=True)
class Char:
    """A character as placed: its ink's box, from the bottom left of the page."""

    text: str
    left: float
    bottom: float
    right: float
    top: float

    @property
    def in_type_area(self) -> bool:
        return self.bottom >= BOTTOM - 1 and self.top <= TOP + 1


class Paper:
    def __init__(self, data: bytes) -> None:
        self.data = data
        self.pdf = pypdf.PdfReader(BytesIO(data))
        document = pypdfium2.PdfDocument(data)
        self.pages: list[str] = []
        self.chars: list[list[Char]] = []
        for page in document:
            text = page.get_textpage()
            self.pages.append(text.get_text_range())
            boxes = []
            for index in range(text.count_chars()):
                char = text.get_text_range(index, 1)
                if char.strip():
                    boxes.append(Char(char, *text.get_charbox(index)))
            self.chars.append(boxes)
            text.close()
            page.close()
        document.close()

    @property
    def text(self) -> str:
        """Everything, without white space: lines and letter spacing are layout."""
        return "".join("".join(self.pages).split())

    @property
    def body(self) -> str:
        """What stands in the type area, page after page, without heads, feet and white space."""
        return "".join(c.text for page in self.chars for c in page if c.in_type_area)

    @property
    def other_text(self) -> str:
        """The same through pypdf."""
        return "".join("".join(page.extract_text() for page in self.pdf.pages).split())

    def fonts(self) -> list[Any]:
        found = {}
        for page in self.pdf.pages:
            resources: Any = page["/Resources"]
            for name, ref in resources["/Font"].items():
                found[name] = ref.get_object()
        return list(found.values())

    def shown_codes(self) -> set[int]:
        """Every glyph code that the pages draw, whatever its subset."""
        codes: set[int] = set()
        for page in self.pdf.pages:
            content = page.get_contents()
            assert content is not None
            for match in re.finditer(rb"<([0-9a-f]*)> Tj", content.get_data()):
                codes |= set(bytes.fromhex(match[1].decode("ascii")))
        return codes

    def baselines(self, page: int) -> list[float]:
        """The y of each text line set on ``page``, from the content stream."""
        content = self.pdf.pages[page].get_contents()
        assert content is not None
        return [float(m[1]) for m in re.finditer(rb"1 0 0 1 [\d.]+ ([\d.]+) Tm", content.get_data())]
