"""Papers: what is previewed is what is saved and printed, on record before it leaves, under a name one can file."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest
from openpyxl import load_workbook
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from pinggu_desk.desk.wizard.issue import CHECKLIST, LETTER, NOTICE, RECEIPT, SHEET, WORKING, Draft, Issued, PaperName
from pinggu_desk.desk.wizard.preview import Preview
from pinggu_desk.desk.wizard.printing import new_printer, page_images, print_pages, sections_of
from pinggu_desk.documents.proof.check import check_bytes
from pinggu_desk.documents.proof.keys import PublicKey
from tests.desk.conftest import PATIENCE
from tests.desk.wizard.conftest import CTRL, LISTED, Work, words

K = Qt.Key


def to(path: Path) -> Callable[[QWidget, Path], Path | None]:
    """Answers the question where to save, as a person would; the system's own dialog can't be driven."""
    return lambda _parent, _suggested: path


def pdf_text(data: bytes) -> str:
    document = pypdfium2.PdfDocument(data)
    try:
        return "".join(page.get_textpage().get_text_bounded() for page in document)
    finally:
        document.close()


def to_file(path: Path) -> QPrinter:
    """A printer as the program sets it up, whose paper is a file."""
    printer: QPrinter = new_printer("示例")
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(path))
    return printer


def ink(data: bytes, page: int, box: tuple[float, float, float, float]) -> int:
    """How many dark dots a part of a page has, given in parts of its width and height."""
    image = page_images(data, 1.0)[page].convertToFormat(QImage.Format.Format_Grayscale8)
    left, top, right, bottom = (
        round(part * side) for part, side in zip(box, (image.width(), image.height()) * 2, strict=True)
    )
    return sum(image.pixelColor(x, y).value() < 128 for x in range(left, right) for y in range(top, bottom))


def press_for_draft(work: Work, key: Qt.Key) -> Draft:
    with work.qtbot.waitSignal(work.page.output.hand.draft_ready, timeout=PATIENCE) as made:
        QTest.keyClick(work.desk.focus, key)
    draft = made.args[0]
    assert isinstance(draft, Draft)
    return draft


def preview_of(work: Work) -> Preview:
    window = work.page.output.hand.preview
    assert window is not None
    return window


def test_the_letter_from_any_step_saved_as_it_was_seen_and_on_record(work: Work, tmp_path: Path) -> None:
    page = work.begin("ss", LISTED, applicant=3)
    page.open_step("data")
    draft = press_for_draft(work, K.Key_F9)
    window = preview_of(work)
    assert window.isVisible() and "第 1 页 共" in window.where.text()
    assert "800.00 万元" in pdf_text(draft.data)
    assert "800.00 万元" in "".join(view.accessibleDescription() for view in window.views)
    path = tmp_path / draft.file_name
    page.output.hand.ask_path = to(path)
    with work.qtbot.waitSignal(page.output.hand.handed_out, timeout=PATIENCE):
        QTest.keyClick(window, K.Key_S, CTRL)
    work.desk.settle()
    data = path.read_bytes()
    assert data == draft.data
    (paper,) = work.register().documents(work.case_id)
    assert (paper.serial, paper.kind, paper.file_name) == (draft.serial, LETTER, draft.file_name)
    assert paper.sha256 == hashlib.sha256(data).hexdigest()
    assert draft.serial in pdf_text(data)
    assert json.loads(paper.determinations_json) == [d.to_json() for d in work.truth().values()]
    counted = next(case for case in work.register().count_cases() if case.id == work.case_id)
    (listing,) = (one for one in counted.findings if one.benefit == "ss.listing")
    assert (listing.certain, listing.given_up, listing.told) == (800_000_000, 0, True)  # what 统计 adds up
    assert paper.serial in words(page.steps["output"])
    assert sorted(p.name for p in tmp_path.iterdir() if p.suffix == ".pdf") == [draft.file_name]
    window.close()


def test_a_paper_of_the_desk_is_signed_by_its_register(work: Work) -> None:
    work.begin("ss", LISTED, applicant=3)
    draft = press_for_draft(work, K.Key_F9)
    found = check_bytes(draft.data, [PublicKey(work.register().office_key().public, "示例")])
    assert not found.ok and "演练文书" in found.sentence  # signed, but by a practice register
    assert found.serial == draft.serial
    preview_of(work).close()


def test_the_same_paper_saved_twice_is_one_record(work: Work, tmp_path: Path) -> None:
    page = work.begin("ss", LISTED)
    press_for_draft(work, K.Key_F9)
    for name in ("one.pdf", "two.pdf"):
        page.output.hand.ask_path = to(tmp_path / name)
        with work.qtbot.waitSignal(page.output.hand.handed_out, timeout=PATIENCE):
            QTest.keyClick(preview_of(work), K.Key_S, CTRL)
        work.desk.settle()
    assert (tmp_path / "one.pdf").read_bytes() == (tmp_path / "two.pdf").read_bytes()
    assert len(work.register().documents(work.case_id)) == 1
    preview_of(work).close()


def test_looking_records_nothing_and_thinking_better_of_it_writes_nothing(work: Work) -> None:
    page = work.begin("ss", LISTED)
    press_for_draft(work, K.Key_F9)
    page.output.hand.ask_path = lambda _parent, _suggested: None
    QTest.keyClick(preview_of(work), K.Key_S, CTRL)
    work.desk.settle()
    QTest.keyClick(preview_of(work), K.Key_Escape)
    work.desk.settle()
    assert page.output.hand.preview is None
    assert work.register().documents(work.case_id) == []


def test_a_paper_whose_serial_was_taken_meanwhile_is_made_again(work: Work, tmp_path: Path) -> None:
    page = work.begin("ss", LISTED)
    draft = press_for_draft(work, K.Key_F9)
    work.register().record_document(work.case_id, NOTICE, "x.pdf", "0" * 64, "[]")
    page.output.hand.ask_path = to(tmp_path / "letter.pdf")
    with work.qtbot.waitSignal(page.output.hand.handed_out, timeout=PATIENCE):
        QTest.keyClick(preview_of(work), K.Key_S, CTRL)
    work.desk.settle()
    serials = [paper.serial for paper in work.register().documents(work.case_id)]
    assert serials[0] == draft.serial and len(set(serials)) == 2
    assert serials[1] in pdf_text((tmp_path / "letter.pdf").read_bytes())
    assert preview_of(work).draft.serial == serials[1]
    preview_of(work).close()


def test_a_folder_that_refuses_is_told_and_leaves_no_half_file(work: Work, tmp_path: Path) -> None:
    page = work.begin("ss", LISTED)
    press_for_draft(work, K.Key_F9)
    page.output.hand.ask_path = to(tmp_path / "nowhere" / "letter.pdf")
    QTest.keyClick(preview_of(work), K.Key_S, CTRL)
    work.desk.settle()
    assert "没有写成" in words(preview_of(work)) and "nowhere" in words(preview_of(work))
    assert not (tmp_path / "nowhere").exists()
    preview_of(work).close()


def test_the_sheet_is_saved_as_a_workbook(work: Work, tmp_path: Path) -> None:
    page = work.begin("ss", LISTED)
    page.output.hand.ask_path = to(tmp_path / "sheet.xlsx")
    with work.qtbot.waitSignal(page.output.hand.handed_out, timeout=PATIENCE):
        QTest.keyClick(work.desk.focus, K.Key_F8)
    work.desk.settle()
    cells = [str(c.value) for sheet in load_workbook(tmp_path / "sheet.xlsx") for row in sheet for c in row if c.value]
    assert any("示例装备制造有限公司" in cell for cell in cells)
    assert [paper.kind for paper in work.register().documents(work.case_id)] == ["申请表"]


def test_the_notice_tells_what_is_still_to_come(work: Work) -> None:
    page = work.begin("ss", LISTED)
    page.open_step("output")
    with work.qtbot.waitSignal(page.output.hand.draft_ready, timeout=PATIENCE) as made:
        QTest.keyClick(page.output.buttons[NOTICE], K.Key_Return)
    text = pdf_text(made.args[0].data).replace("\r", "").replace("\n", "")
    assert "营业执照副本" in text
    preview_of(work).close()


def test_glyphs_that_no_font_has_are_named_before_anything_is_printed(work: Work) -> None:
    applicant = work.register().add_applicant("企业", "示例\U000323ae公司", sample=True)
    work.begin("ss", LISTED, applicant=applicant.id)
    draft = press_for_draft(work, K.Key_F9)
    assert draft.missing and "U+323AE" in draft.missing[0]
    assert "U+323AE" in words(preview_of(work))
    preview_of(work).close()


def test_a_file_name_tells_whose_it_is_and_never_a_number_of_identity(work: Work) -> None:
    person = work.register().add_applicant("个人", "示例 申请/人:甲", code="11011719900307123X", sample=True)
    work.begin("yl", {"平谷区服务包企业": "是"}, applicant=person.id)
    name = press_for_draft(work, K.Key_F9).file_name
    assert "11011719900307123X" not in name and not set(name) & set('\\/:*?"<>| ')
    assert name.startswith("示例申请人甲_平谷区优化营商环境医疗保障政策_政策符合性告知书_") and name.endswith(".pdf")
    preview_of(work).close()


def test_pages_turn_and_zoom_by_keys(work: Work) -> None:
    work.begin("ss", LISTED)
    press_for_draft(work, K.Key_F9)
    window = preview_of(work)
    work.desk.settle()
    wide = window.views[0].pixmap().width()
    QTest.keyClick(window, K.Key_PageDown)
    assert window.where.text().startswith("第 2 页")
    QTest.keyClick(window, K.Key_Plus, CTRL)
    assert window.views[0].pixmap().width() > wide
    QTest.keyClick(window, K.Key_PageUp)
    assert window.where.text().startswith("第 1 页")
    window.close()


def test_without_a_printer_the_preview_says_what_to_do(work: Work) -> None:
    page = work.begin("ss", LISTED)
    page.output.hand.has_printer = lambda: False
    press_for_draft(work, K.Key_F9)
    window = preview_of(work)
    assert not window.print_button.isEnabled()
    assert "没有装打印机" in words(window)
    window.close()


def test_printing_sends_every_page(work: Work, tmp_path: Path) -> None:
    work.begin("ss", LISTED)
    draft = press_for_draft(work, K.Key_F9)
    printer = to_file(tmp_path / "printed.pdf")
    pages = len(page_images(draft.data, 0.5))
    assert print_pages(draft.data, printer) == pages
    assert len(pypdfium2.PdfDocument(tmp_path / "printed.pdf")) == pages
    preview_of(work).close()


def test_the_annex_is_printed_when_asked_for(work: Work, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl+P prints the 正页; Alt+F has the 附页 printed as well, and what is saved is whole either way."""
    page = work.begin("ss", LISTED)
    page.output.hand.has_printer = lambda: True
    draft = press_for_draft(work, K.Key_F9)
    window = preview_of(work)
    sections = sections_of(draft.data)
    assert sections[0] == "正页" and set(sections[1:]) == {"附页"}
    assert window.annex.isVisible() and not window.annex.isChecked()
    for name, annex, pages in (("front.pdf", False, 1), ("whole.pdf", True, len(sections))):
        printer = to_file(tmp_path / name)
        monkeypatch.setattr(page.output.hand, "ask_printer", lambda _parent, _title, chosen=printer: chosen)
        if annex:
            QTest.keyClick(window, K.Key_F, Qt.KeyboardModifier.AltModifier)
            assert window.annex.isChecked()
        with work.qtbot.waitSignal(page.output.hand.handed_out, timeout=PATIENCE):
            QTest.keyClick(window, K.Key_P, CTRL)
        work.desk.settle()
        assert len(pypdfium2.PdfDocument(tmp_path / name)) == pages
        (serial, *_) = (paper.serial for paper in work.register().documents(work.case_id))
        assert printer.docName() == f"{LETTER} {serial}", "others see the queue: no name stands in it"
    window.close()


def test_what_stands_in_the_way_is_said_before_issuing(work: Work) -> None:
    page = work.begin("ss", {"本区工商注册": "是", "上市挂牌日": "去年"})
    page.open_step("output")
    work.desk.settle()
    said = words(page.steps["output"])
    assert "申报数据 1 处" in said and "资格条件还缺" in said


def test_a_finished_case_takes_no_edits_until_it_is_reopened(work: Work) -> None:
    page = work.begin("ss", LISTED)
    page.open_step("output")
    QTest.keyClick(page.output.finish, K.Key_Return)
    work.desk.settle()
    assert page.banner.isVisible() and "已出具" in page.banner.text()
    assert work.register().case(work.case_id).state == "已出具"
    page.open_step("data")
    work.desk.settle()
    assert not any(one.isEnabled() for form in work.forms() for one in form.fields.values())
    page.list.rows["data"].setFocus()
    work.keys((K.Key_R, CTRL))
    assert work.register().case(work.case_id).state == "办理中"
    assert all(one.isEnabled() for form in work.forms() for one in form.fields.values())


@pytest.mark.parametrize("policy", ["ss", "zxqy", "tztc", "yl"])
def test_a_letter_can_be_had_before_anything_is_answered(work: Work, policy: str) -> None:
    work.begin(policy)
    draft = press_for_draft(work, K.Key_F9)
    assert page_images(draft.data, 0.3)
    preview_of(work).close()


# --- the other papers, the set, and having a paper again


@pytest.mark.parametrize("paper", [RECEIPT, CHECKLIST, WORKING])
def test_each_of_the_other_papers_is_previewed_saved_and_on_record(
    work: Work, tmp_path: Path, paper: PaperName
) -> None:
    page = work.begin("ss", LISTED)
    page.open_step("output")
    with work.qtbot.waitSignal(page.output.hand.draft_ready, timeout=PATIENCE) as made:
        QTest.keyClick(page.output.buttons[paper], K.Key_Return)
    draft = made.args[0]
    assert paper in pdf_text(draft.data) and draft.serial in pdf_text(draft.data)
    page.output.hand.ask_path = to(tmp_path / draft.file_name)
    with work.qtbot.waitSignal(page.output.hand.handed_out, timeout=PATIENCE):
        QTest.keyClick(preview_of(work), K.Key_S, CTRL)
    work.desk.settle()
    assert (tmp_path / draft.file_name).read_bytes() == draft.data
    assert [p.kind for p in work.register().documents(work.case_id)] == [paper]
    preview_of(work).close()


def test_the_whole_set_is_saved_under_names_to_file_it_by(work: Work, tmp_path: Path) -> None:
    page = work.begin("ss", LISTED)
    page.session.set_material(page.session.interview.material_list[0].key, "已收")
    page.open_step("output")
    page.output.hand.ask_folder = lambda _parent, _suggested: tmp_path
    work.desk.settle()
    for _ in range(2):  # a second set does not take the place of the first; what says the same today is a reprint of it
        with work.qtbot.waitSignal(page.output.hand.handed_out, timeout=PATIENCE):
            QTest.keyClick(page.output.set_save, K.Key_Return)
        work.desk.settle()
    kinds = [LETTER, NOTICE, RECEIPT, CHECKLIST, SHEET, WORKING]
    documents = work.register().documents(work.case_id)
    assert [d.kind for d in documents] == kinds
    assert len({d.serial for d in documents}) == 6
    again = [row for row in work.register().audit_rows() if row.event == "补打文书"]
    assert [row.detail for row in reversed(again)] == [f"{kind}，另存" for kind in kinds]
    files = {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in tmp_path.iterdir() if p.is_file()}
    papers = {name: digest for name, digest in files.items() if name.endswith((".pdf", ".xlsx"))}
    assert {d.sha256 for d in documents} <= set(papers.values())
    assert not any("91110117" in name for name in papers)
    for kind in kinds:
        assert sum(f"_{kind}_" in name for name in papers) == 2
    assert "已保存 6 件" in words(page.steps["output"])


def test_the_whole_set_is_printed_in_one_go_each_paper_a_job_of_its_own(work: Work, tmp_path: Path) -> None:
    page = work.begin("ss", LISTED)
    page.output.hand.has_printer = lambda: True
    page.open_step("output")
    page.output.refresh()
    asked: list[str] = []

    def printer(_parent: QWidget, title: str) -> QPrinter:
        asked.append(title)
        return to_file(tmp_path / "printed.pdf")

    page.output.hand.ask_printer = printer
    with work.qtbot.waitSignal(page.output.hand.handed_out, timeout=PATIENCE):
        QTest.keyClick(page.output.set_print, K.Key_Return)
    work.desk.settle()
    assert asked == ["整套文书"]
    assert [d.kind for d in work.register().documents(work.case_id)] == [LETTER, NOTICE, CHECKLIST, WORKING]
    said = words(page.steps["output"])
    assert "已送打印机" in said and "申请表请按 F8 保存后打印" in said
    assert len(pypdfium2.PdfDocument(tmp_path / "printed.pdf")) >= 1  # the last job: a file takes one at a time


def test_without_a_printer_the_set_can_still_be_saved(work: Work) -> None:
    page = work.begin("ss", LISTED)
    page.output.hand.has_printer = lambda: False
    page.open_step("output")
    page.output.refresh()
    assert not page.output.set_print.isEnabled() and page.output.set_save.isEnabled()
    assert "本机没有装打印机，请保存整套再打印" in words(page.steps["output"])


def issue_letter(work: Work, path: Path) -> Draft:
    page = work.page
    draft = press_for_draft(work, K.Key_F9)
    page.output.hand.ask_path = to(path)
    with work.qtbot.waitSignal(page.output.hand.handed_out, timeout=PATIENCE):
        QTest.keyClick(preview_of(work), K.Key_S, CTRL)
    work.desk.settle()
    preview_of(work).close()
    work.desk.settle()
    return draft


def test_a_reprint_is_the_same_paper_marked_on_the_page_and_on_the_trail(work: Work, tmp_path: Path) -> None:
    page = work.begin("ss", LISTED)
    draft = issue_letter(work, tmp_path / "first.pdf")
    page.output.hand.has_printer = lambda: True
    page.open_step("output")
    with work.qtbot.waitSignal(page.output.hand.draft_ready, timeout=PATIENCE) as made:
        QTest.keyClick(page.output.again[draft.serial], K.Key_Return)
    copy = made.args[0]
    assert isinstance(copy, Issued) and copy.data == draft.data
    window = preview_of(work)
    assert copy.mark.startswith("补打") and copy.mark in words(window)
    assert all(copy.mark in view.accessibleDescription() for view in window.views)
    assert work.register().audit_rows()[0].event != "补打文书"  # looking is no reprint
    page.output.hand.ask_printer = lambda _parent, _title: to_file(tmp_path / "again.pdf")
    with work.qtbot.waitSignal(page.output.hand.handed_out, timeout=PATIENCE):
        QTest.keyClick(window, K.Key_P, CTRL)
    work.desk.settle()
    head = (0.5, 0.02, 0.9, 0.06)
    printed = (tmp_path / "again.pdf").read_bytes()
    assert ink(draft.data, 0, head) == 0 < ink(printed, 0, head)
    row = work.register().audit_rows()[0]
    assert (row.event, row.subject, row.detail) == ("补打文书", draft.serial, "政策符合性告知书，打印")
    assert len(work.register().documents(work.case_id)) == 1
    window.close()


def test_the_same_letter_on_the_same_day_is_a_reprint_and_a_changed_one_says_what_it_replaces(
    work: Work, tmp_path: Path
) -> None:
    """FOUND 69: F9 again is no way round 补打."""
    page = work.begin("ss", LISTED)
    first = issue_letter(work, tmp_path / "first.pdf")
    with work.qtbot.waitSignal(page.output.hand.draft_ready, timeout=PATIENCE) as made:
        QTest.keyClick(work.desk.focus, K.Key_F9)
    again = made.args[0]
    assert isinstance(again, Issued) and (again.serial, again.data) == (first.serial, first.data)
    assert again.mark.startswith("补打")
    preview_of(work).close()
    work.desk.settle()

    page.session.set("上市挂牌板块", "沪深交易所主板")
    work.desk.settle()
    changed = press_for_draft(work, K.Key_F9)
    assert changed.serial != first.serial
    assert f"取代{first.serial}" in "".join(pdf_text(changed.data).split())
    preview_of(work).close()


def test_a_copy_that_is_saved_again_is_the_file_that_was_signed(work: Work, tmp_path: Path) -> None:
    page = work.begin("ss", LISTED)
    draft = issue_letter(work, tmp_path / "first.pdf")
    page.open_step("output")
    with work.qtbot.waitSignal(page.output.hand.draft_ready, timeout=PATIENCE) as made:
        page.output.again[draft.serial].click()
    assert made.args[0].file_name.endswith("_补打.pdf")
    page.output.hand.ask_path = to(tmp_path / "again.pdf")
    with work.qtbot.waitSignal(page.output.hand.handed_out, timeout=PATIENCE):
        QTest.keyClick(preview_of(work), K.Key_S, CTRL)
    work.desk.settle()
    assert (tmp_path / "again.pdf").read_bytes() == (tmp_path / "first.pdf").read_bytes()
    assert work.register().audit_rows()[0].detail == "政策符合性告知书，另存"
    preview_of(work).close()


def test_a_paper_whose_file_was_not_kept_says_so(work: Work) -> None:
    page = work.begin("ss", LISTED)
    work.register().record_document(work.case_id, LETTER, "x.pdf", "0" * 64, "[]")
    work.open(work.case_id)
    page = work.page
    page.open_step("output")
    (button,) = page.output.again.values()
    button.click()
    work.desk.settle()
    assert page.output.hand.preview is None
    assert "不能补打；请重新出具一份" in words(page.steps["output"])


def test_a_print_keeps_the_page_where_it_is_on_a4(work: Work, tmp_path: Path) -> None:
    work.begin("ss", LISTED)
    draft = press_for_draft(work, K.Key_F9)
    print_pages(draft.data, to_file(tmp_path / "printed.pdf"))
    (page, *_) = pypdfium2.PdfDocument(tmp_path / "printed.pdf")
    assert page.get_width() == pytest.approx(595.28, abs=1) and page.get_height() == pytest.approx(841.89, abs=1)
    printed = (tmp_path / "printed.pdf").read_bytes()
    left = (0.0, 0.1, 28 / 210 - 0.01, 0.9)
    title = (0.3, 36 / 297, 0.7, 60 / 297)
    assert ink(printed, 0, left) == 0 and ink(printed, 0, title) > 0
    preview_of(work).close()


def test_copies_and_a_range_of_pages_are_what_was_asked_for(work: Work, tmp_path: Path) -> None:
    work.begin("ss", LISTED)
    draft = press_for_draft(work, K.Key_F9)
    printer = to_file(tmp_path / "printed.pdf")
    printer.setCopyCount(2)
    printer.setFromTo(2, 3)
    sides = 2 if printer.supportsMultipleCopies() else 4
    assert print_pages(draft.data, printer) == sides
    assert len(pypdfium2.PdfDocument(tmp_path / "printed.pdf")) == sides
    preview_of(work).close()
