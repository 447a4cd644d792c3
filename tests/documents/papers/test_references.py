"""Papers look as they did when somebody last looked at them; a gap, a rule or a page break that moves is seen."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from tests.documents.references import FOLDER, PAPERS, strip

#: a square of dots may differ by so much grey (of 255) on the average: less than one word that moves by a line
_SQUARE, _MOST = 8, 40.0


def differing(ours: Image.Image, reference: Image.Image) -> float:
    """The most that any square of the two differs by; 255 where even their sizes do."""
    if ours.size != reference.size:
        return 255.0
    rows, columns = (side // _SQUARE for side in (ours.height, ours.width))

    def squares(image: Image.Image) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
        dots = np.asarray(image.convert("L"), dtype=np.float64)[: rows * _SQUARE, : columns * _SQUARE]
        means: np.ndarray[tuple[int, ...], np.dtype[np.float64]] = dots.reshape(rows, _SQUARE, columns, _SQUARE).mean(
            axis=(1, 3)
        )
        return means

    return float(np.abs(squares(ours) - squares(reference)).max())


@pytest.mark.parametrize("name", PAPERS)
def test_a_paper_looks_like_its_reference(name: str) -> None:
    with Image.open(FOLDER / f"{name}.png") as reference:
        assert differing(strip(name), reference) < _MOST, f"{name}: look at it, then draw the references anew"


def test_the_measure_sees_a_line_that_moved_and_a_rule_that_is_gone() -> None:
    paper = strip("letter-typical")
    moved = Image.new("L", paper.size, 255)
    moved.paste(paper, (0, 6))
    assert differing(moved, paper) > _MOST
    without = paper.copy()
    without.paste(255, (40, 60, 240, 140))
    assert differing(without, paper) > _MOST
    assert differing(paper, paper.quantize(16)) < _MOST / 2


def test_references_are_small_and_all_in_use() -> None:
    files = list(FOLDER.glob("*.png"))
    assert {path.stem for path in files} == set(PAPERS)
    assert sum(path.stat().st_size for path in files) < 600_000
