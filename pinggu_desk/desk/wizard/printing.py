"""Printing (打印): which printer, which tray, how many copies, one side or both; pages as they are previewed."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QImage, QPainter, QPen
from PySide6.QtWidgets import QWidget

from pinggu_desk.documents.pdf.page import FRONT

_PRINT_DPI = 300
#: where the mark of a reprint stands: points from the page's right and top edges, and its type size
_MARK_RIGHT, _MARK_TOP, _MARK_SIZE = 26 / 25.4 * 72, 24.0, 10.5


def page_images(data: bytes, scale: float, mark: str = "") -> list[QImage]:
    """The pages of a PDF as pictures, ``scale`` pixels a point, each with ``mark`` (补打 …) in its head."""
    return [image for image, _ in pages_of(data, scale, mark)]


def pages_of(data: bytes, scale: float, mark: str = "") -> list[tuple[QImage, str]]:
    """The same with each page's text."""
    import pypdfium2

    pages: list[tuple[QImage, str]] = []
    document: Any = pypdfium2.PdfDocument(data)
    try:
        for page in document:
            bitmap = page.render(scale=scale, rev_byteorder=True)
            form = QImage.Format.Format_RGB888 if bitmap.n_channels == 3 else QImage.Format.Format_RGBX8888
            image = QImage(bytes(bitmap.buffer), bitmap.width, bitmap.height, bitmap.stride, form).copy()
            if mark:
                _stamp(image, scale, mark)
            pages.append((image, f"{mark}\n{page.get_textpage().get_text_bounded()}".strip()))
    finally:
        document.close()
    return pages


def sections_of(data: bytes) -> list[str]:
    """Of each page the section that it is of (正页, 附页), as its label says; empty for papers of one section."""
    import pypdfium2

    document: Any = pypdfium2.PdfDocument(data)
    try:
        return [document.get_page_label(number).rpartition(" ")[0] for number in range(len(document))]
    finally:
        document.close()


def fronts_of(data: bytes) -> int:
    """How many pages are printed where the 附页 aren't asked for: all, where there are none."""
    sections = sections_of(data)
    return sections.count(FRONT) or len(sections)


def _stamp(image: QImage, scale: float, mark: str) -> None:
    """Write the mark, framed, into the top margin, where no paper has anything of its own."""
    painter = QPainter(image)
    font = QFont()
    font.setPixelSize(max(round(_MARK_SIZE * scale), 1))
    painter.setFont(font)
    painter.setPen(QPen(Qt.GlobalColor.black, max(0.8 * scale, 1.0)))
    pad = 4 * scale
    words = painter.fontMetrics().size(0, mark)
    corner = QPointF(image.width() - _MARK_RIGHT * scale - words.width() - 2 * pad, _MARK_TOP * scale)
    frame = QRectF(corner.x(), corner.y(), words.width() + 2 * pad, words.height() + pad)
    painter.drawRect(frame)
    painter.drawText(frame, Qt.AlignmentFlag.AlignCenter, mark)
    painter.end()


def has_printer() -> bool:
    """Whether this machine has a printer."""
    from PySide6.QtPrintSupport import QPrinterInfo

    return bool(QPrinterInfo.availablePrinterNames())


def new_printer(title: str) -> Any:
    """The machine's default printer, set to A4 to its edges, on both sides where it can."""
    from PySide6.QtGui import QPageSize
    from PySide6.QtPrintSupport import QPrinter

    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName(title)
    printer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    printer.setFullPage(True)  # else the driver's margins would move the type area
    printer.setDuplex(QPrinter.DuplexMode.DuplexAuto)
    return printer


def job_name(paper: str, serial: str) -> str:
    """What a job is called in the printer's queue, which others see and servers write down: never whose it is."""
    return f"{paper} {serial}".strip()


def ask_printer(parent: QWidget, title: str) -> Any:
    """Let the person choose printer, tray, copies and sides; None when thought better of, or locked meanwhile."""
    from PySide6.QtWidgets import QDialog

    from pinggu_desk.desk.printdialog import PrintDialog, set_up

    dialog = PrintDialog(parent, title)
    try:
        accepted = dialog.exec() == QDialog.DialogCode.Accepted
        return set_up(new_printer(title), dialog.choice()) if accepted else None
    finally:
        dialog.deleteLater()


def print_pages(data: bytes, printer: Any, mark: str = "", *, annex: bool = True) -> int:
    """Print a PDF on a QPrinter as a job of its own, in as many copies as were asked for; returns the sheets' sides sent.

    Without ``annex`` its 附页 are left out, unless pages were chosen by number.
    """
    from PySide6.QtPrintSupport import QPrinter

    images = page_images(data, _PRINT_DPI / 72, mark)
    first, last = _range(printer, len(images), len(images) if annex else fronts_of(data))
    times = 1 if printer.supportsMultipleCopies() else max(printer.copyCount(), 1)
    painter = QPainter()
    if not images or not painter.begin(printer):
        return 0
    whole = QRectF(printer.paperRect(QPrinter.Unit.DevicePixel))
    sides = [image for _ in range(times) for image in images[first - 1 : last]]
    for number, image in enumerate(sides):
        if number:
            printer.newPage()
        painter.drawImage(whole, image)
    painter.end()
    return len(sides)


def sent(printer: str, pages: int) -> tuple[str, bool]:
    """What is told of a paper that went to a printer, and whether it is good news; no pages: it did not take them."""
    if pages:
        return f"已送打印机“{printer}”，共 {pages} 页。", True
    return f"打印机“{printer}”没有接受，请检查打印机是否开机、有纸，再打印一次。", False


def _range(printer: Any, pages: int, wanted: int) -> tuple[int, int]:
    """First and last page to print, where the dialog was asked for some only; else as many as are ``wanted``."""
    first, last = printer.fromPage(), printer.toPage()
    return (min(max(first, 1), pages), min(last, pages)) if first and last else (1, wanted)
