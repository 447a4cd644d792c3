"""Rows of 匹配 are written from lines broken once, and put there as pictures from the second time: they look as Qt writes them."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication

from pinggu_desk.desk.match.kept import MATTERS
from pinggu_desk.desk.match.listing import Face
from tests.assess.match.test_match import MANUFACTURER
from tests.desk.match.conftest import Enquirer

_WIDE, _HIGH = 240, 120
_TEXTS = (
    "按条款计算\n口径待主管部门确认",
    "还缺：独立法人资格、本区工商注册、上一年度营业收入等 12 项，以主管部门审核为准",
    "45.00 万元",
    "<b>示例</b>&amp;",
)


def painted(draw: object) -> QImage:
    image = QImage(_WIDE, _HIGH, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    assert callable(draw)
    draw(painter)
    painter.end()
    return image


@pytest.mark.parametrize("way", [Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight])
def test_a_text_is_written_as_qt_would_write_it(qapp: QApplication, way: Qt.AlignmentFlag) -> None:
    """Every line of it (a line break once made one of two), wrapped and aligned alike, markup shown."""
    face, ink = Face(qapp.font()), QColor("black")
    for text in _TEXTS:

        def ours(painter: QPainter, text: str = text) -> None:
            face.write(painter, ink, (10, 8, _WIDE - 20, _HIGH), text, way)

        def theirs(painter: QPainter, text: str = text) -> None:
            painter.setFont(face)
            painter.setPen(ink)
            flags = int(Qt.TextFlag.TextWordWrap | way | Qt.AlignmentFlag.AlignTop)
            painter.drawText(QRect(10, 8, _WIDE - 20, _HIGH), flags, text)

        assert painted(ours) == painted(ours) == painted(theirs), text


def test_a_row_looks_the_same_drawn_at_once_and_as_a_picture(enquirer: Enquirer) -> None:
    page = enquirer.begin({MATTERS: "全部", **MANUFACTURER})
    page.list.stand_on("gjj.rd_subsidy")
    enquirer.desk.settle()
    page.list.forget_pictures()
    seen = [page.list.viewport().grab().toImage() for _ in range(3)]
    assert seen[0] == seen[1] == seen[2]
    page.session.set("研发项目投资额", "600万元")
    enquirer.desk.settle()
    assert page.list.viewport().grab().toImage() != seen[0], "what changed is not an old picture"
    now = page.list.viewport().grab().toImage()
    page.list.forget_pictures()
    assert page.list.viewport().grab().toImage() == now
