"""在途 at the desk: a letter of another window, issued before or after this one was previewed, is said before anything is handed out."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from pinggu_desk.desk.wizard.issue import LETTER
from tests.desk.wizard.conftest import CTRL, LISTED, Work, words
from tests.desk.wizard.test_output import pdf_text, press_for_draft, preview_of, to

K = Qt.Key


def issue_elsewhere(work: Work, benefit: str) -> str:
    """A letter for the same applicant, out of a case of his own."""
    register = work.register()
    case = register.open_case("ss", work.desk.services.pack.version, applicant_id=1, on=work.page.session.interview.on)
    stated = {"benefit": benefit, "title": "示例", "status": "eligible", "kind": "grant", "figure": "computed",
              "amount_yuan": "300000.00"}  # fmt: skip
    return register.record_document(case.id, LETTER, "示例.pdf", sha256(b"").hexdigest(), json.dumps([stated]), b"")


def test_a_letter_of_another_window_is_said_on_the_new_one(work: Work, tmp_path: Path) -> None:
    page = work.begin("ss", LISTED)
    benefit = next(d.benefit for d in page.session.interview.determinations if d.status == "eligible")
    first = issue_elsewhere(work, benefit)
    draft = press_for_draft(work, K.Key_F9)
    front = "".join(pdf_text(draft.data).split())
    assert "在途" in front and first in front and "30.00万元" in front
    second = issue_elsewhere(work, benefit)
    page.output.hand.ask_path = to(tmp_path / "letter.pdf")
    QTest.keyClick(preview_of(work), K.Key_S, CTRL)
    work.desk.settle()
    assert "已为同一申请人就同一事项出具告知书" in words(preview_of(work)) and second in words(preview_of(work))
    assert not (tmp_path / "letter.pdf").exists() and work.register().documents(work.case_id) == []
    preview_of(work).close()
    work.desk.settle()
    again = press_for_draft(work, K.Key_F9)
    assert second in "".join(pdf_text(again.data).split())
    preview_of(work).close()
