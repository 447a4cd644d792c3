"""The list of what is known: rows may come in another order, fewer and with other words in one step, and it is painted in between."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from pinggu_desk.assess.match.enquiry import KnownValue
from pinggu_desk.desk.match.known import AnswerList
from pinggu_desk.desk.theme import look

pytestmark = pytest.mark.qt


def known(*rows: tuple[str, str]) -> tuple[KnownValue, ...]:
    return tuple(KnownValue(name, words, "", "") for name, words in rows)


@pytest.mark.parametrize("left", [(7,), (7, 2), (0,), (2, 3, 4), ()])
def test_fewer_rows_in_another_order_with_other_words_are_shown(qapp: QApplication, left: tuple[int, ...]) -> None:
    """Painted by the places of before, a row that is gone raised within Qt, and that ends the program."""
    assert look() is not None
    shown = AnswerList()
    shown.resize(300, 400)
    shown.show()
    shown.show_answers(known(*((f"填报项{at}", "1") for at in range(8))), lambda _name, _source: "")
    qapp.processEvents()
    shown.grab()
    shown.show_answers(known(*((f"填报项{at}", "2") for at in left)), lambda _name, _source: "")
    qapp.processEvents()
    shown.grab()
    assert [shown.item(row).words for row in range(shown.count())] == [f"填报项{at}：2" for at in left]
