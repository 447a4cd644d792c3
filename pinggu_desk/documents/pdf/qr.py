"""The QR code (二维码, GB/T 18284) of a paper's proof, as black boxes on its page."""

from __future__ import annotations

from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING

from pinggu_desk.documents.pdf.page import MM

if TYPE_CHECKING:
    from pinggu_desk.documents.pdf.page import Flow

#: the side of one module; a counter's scanner and a telephone read half a millimetre at a hand's distance
MODULE = 0.5 * MM
_QUIET = 4  # modules left white on every side


@lru_cache(maxsize=8)
def matrix(text: str) -> tuple[bytearray, ...]:
    """The code's modules, row by row, 1 for black: error correction M (15 %) or better, for a fold or a stamp."""
    import segno

    return segno.make_qr(text, error="m").matrix


def side(text: str) -> float:
    """How wide and high the code is with its white border."""
    return (len(matrix(text)) + 2 * _QUIET) * MODULE


def draw(flow: Flow, text: str, x: float, y: float, alt: str) -> None:
    """Place the code, its border's top left corner given from the type area's; ``alt`` is read aloud in its stead."""
    flow.figure(alt, x, y, side(text), side(text))
    for row, modules in enumerate(matrix(text), start=_QUIET):
        column = _QUIET
        for black, run in groupby(modules):
            length = len(list(run))
            if black:
                flow.box(x + column * MODULE, y + row * MODULE, length * MODULE, MODULE)
            column += length
