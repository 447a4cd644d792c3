"""Rows of 匹配 are as high as what they say: nothing runs over a row's edge, and little is left blank (FOUND 36, 38 at 特大)."""

from __future__ import annotations

import pytest

from pinggu_desk.desk.match.kept import MATTERS
from pinggu_desk.desk.match.listing import MatchDelegate
from pinggu_desk.desk.theme import Size
from tests.assess.match.test_match import MANUFACTURER
from tests.desk.match.conftest import Enquirer


@pytest.mark.parametrize("size", ["中", "特大"])
def test_rows_hold_their_words_and_hardly_anything_blank(enquirer: Enquirer, size: Size) -> None:
    page = enquirer.begin({MATTERS: "全部", **dict(list(MANUFACTURER.items())[:3])})
    enquirer.desk.services.settings.change(size=size)
    enquirer.desk.window.resize(1366, 768)
    enquirer.desk.settle()
    delegate, model = page.list.itemDelegate(), page.list.model()
    assert isinstance(delegate, MatchDelegate)
    shape, blank, seen = delegate._shape(), 0, 0
    for at, height in enumerate(delegate.heights(page.model)):
        row = page.model.row(at)
        if not row.benefit or row.group in ("ineligible", "not_raised"):
            continue
        words = page.model.words(row.benefit, row.group)
        wide = delegate._title_width(shape, row)
        left = shape.strong.height(words.title, wide) + sum(
            shape.small.height(text, shape.left_width) for text in (words.place, words.detail) if text
        )
        face = shape.figure_face(words.figure) if row.group != "unknown" else shape.strong
        right = face.height(words.figure, shape.figure_width) + shape.small.height(words.meaning, shape.figure_width)
        wanted = max(left, right) if shape.aside else left + right
        room = height - 2 * shape.pad
        assert wanted <= room, (words.title, words.figure, words.meaning)
        blank, seen = blank + (room - wanted), seen + 1
    assert seen > 60 and model.rowCount() > seen
    assert blank / seen < 1.5 * shape.small.line, "of a row, on average, hardly more than the line kept for 口径"
