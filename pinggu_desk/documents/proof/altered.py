"""How a paper's file differs from the one that was signed (改动): which pages say something else, which words are gone."""

from __future__ import annotations

from typing import Any, NamedTuple

from pinggu_desk.assess.determination import STATUS_WORDS
from pinggu_desk.documents.pdf.page import FRONT
from pinggu_desk.documents.proof.record import text_digest

#: so many differences are named one by one
_NAMED = 3
#: the words alone are as they were: what is drawn over them nobody can tell without the file that was signed
_AS_SIGNED = "各页文字同签发时一样，画面上有没有遮住、添加什么看不出来；请索取出具时保存的原件。"


def how_altered(record: dict[str, Any], parts: list[str], data: bytes) -> str:
    """Of a file whose bytes are not those that were signed: which pages say something else, which words are gone.

    What a program that saves a file anew does to its frame and its fonts says nothing that a person could use.
    """
    read = _pages(data)
    if read is None:
        return "文件损坏或者被改动，已经打不开，请索取出具时保存的原件。"
    pages = [page.text for page in read]
    signed, called = record.get("texts"), _called(record, len(pages))
    gone = _texts_gone(
        record, "".join(pages), "".join(p for p, name in zip(pages, called, strict=True) if FRONT in name)
    )
    if isinstance(signed, list) and len(signed) != len(pages):
        return f"签发时有 {len(signed)} 页，现在有 {len(pages)} 页{gone}。"
    if isinstance(signed, list):
        changed = [name for name, text, was in zip(called, pages, signed, strict=True) if text_digest(text) != was]
        if changed:
            return f"{'、'.join(changed)}被改动，文字与签发时不同{gone}。"
        if laid := _laid_over(called, read):
            return f"{laid}；各页自己的文字同签发时一样，请索取出具时保存的原件。"
    if named := [part for part in parts if part in called]:
        where = "、".join(named)
        if isinstance(signed, list) and len(named) < len(pages):
            return f"{where}被改动，文字同签发时一样，画面不同，可能遮住或者添加了什么；请索取出具时保存的原件。"
        if not isinstance(signed, list):
            return f"{where}被改动{gone}。"
    if gone:
        return f"文件被改动{gone}。"
    if parts == ["文件属性"]:
        return "文件属性（标题、作者、日期）被改动，各页文字同签发时一样；请索取出具时保存的原件。"
    return f"文件在签发以后被改动过（被别的软件另存，或者附加了内容），{_AS_SIGNED}"


def _laid_over(called: list[str], pages: list[_Page]) -> str:
    """What lies on a page or is cut from it while its own words are as they were: it may show another figure than they say."""
    noted = [name for name, page in zip(called, pages, strict=True) if page.notes]
    if noted:
        return f"{'、'.join(noted)}上加了批注、图章或者表单一类的东西，可能遮住原文、写着别的数"
    sizes = [page.size for page in pages]
    usual = max(sizes, key=sizes.count)
    cut = [name for name, size in zip(called, sizes, strict=True) if size != usual]
    return f"{'、'.join(cut)}的大小或者方向同其他页不同，可能被裁掉一部分" if cut else ""


def _called(record: dict[str, Any], pages: int) -> list[str]:
    """What the record calls the pages (正页第 1 页, 附页第 2 页), or their numbers."""
    names = record.get("pages")
    if isinstance(names, list) and len(names) == pages and all(isinstance(name, str) for name in names):
        return names
    return [f"第 {number} 页" for number in range(1, pages + 1)]


def _texts_gone(record: dict[str, Any], text: str, front: str) -> str:
    """Which recorded words the pages no longer say, where they can still be read and it is a few.

    A figure that can be had stands on the first page (``front``) whatever the others say.
    """
    text, front = "".join(text.split()), "".join(front.split())
    content = record["content"]
    try:
        told = [("申请人", content["applicant"]), ("编号", record["serial"])]
        told += [(name, value) for name, value in content["stated"]]
        told += [(title, figure) for _, title, _, figure in content["found"]]
        had = {(title, figure) for _, title, status, figure in content["found"] if status == STATUS_WORDS["eligible"]}
    except (KeyError, TypeError, ValueError):
        return ""
    gone = [
        f"{name}“{value}”" for name, value in told
        if "".join(str(value).split()) not in (front if front and (name, value) in had else text)
    ]  # fmt: skip
    return f"：记录的{'、'.join(gone)}在页面上已找不到" if 0 < len(gone) <= min(_NAMED, len(told) - 1) else ""


class _Page(NamedTuple):
    """A page as a reader shows it: its own words, how many notes lie on it, its width and height in points."""

    text: str
    notes: int
    size: tuple[int, int]


def _pages(data: bytes) -> list[_Page] | None:
    """The pages; None where the file can't be read as a PDF any more."""
    import pypdfium2
    from pypdfium2 import raw

    try:
        document = pypdfium2.PdfDocument(data)
        try:
            return [
                _Page(
                    page.get_textpage().get_text_range(), raw.FPDFPage_GetAnnotCount(page.raw),
                    (round(page.get_width()), round(page.get_height())),
                )
                for page in document
            ]  # fmt: skip
        finally:
            document.close()
    except pypdfium2.PdfiumError:
        return None
