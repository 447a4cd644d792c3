"""What makes a PDF one for the archive (PDF/A-2u, ISO 19005-2): its metadata, its output intent, its streams' ends.

Fonts are embedded as subsets and nothing is transparent anyway (``pdfdoc``). Level u is level b with text that copies
out, which ``paperfont`` sees to.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from reportlab.pdfbase import pdfdoc

from pinggu_desk.policy.resources import resource_root

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

VERSION = (1, 7)
_INTENT = "sRGB IEC61966-2.1"
_END = b"endstream\n"
#: how the library's names of a font's objects begin
_FONT_KEYS = ("BasicFonts", "toUnicodeCMap:", "fontFile:", "fontDescriptor:")

_library_format = pdfdoc.PDFStream.format


def _format(self: Any, document: Any) -> bytes:
    """The library ends a stream's data and writes ``endstream`` on the same line; the standard wants a line end.

    CR LF, always: compressed data may itself end in CR, and a reader that takes the line end off would take a lone LF
    behind it for CR LF, so that the stream seems a byte shorter than its length says.
    """
    data: bytes = _library_format(self, document)
    return data[: -len(_END)] + b"\r\n" + _END


pdfdoc.PDFStream.format = _format  # type: ignore[method-assign]


def conform(doc: Any, title: str, author: str, subject: str, made: datetime) -> None:
    """Give the library's document what the standard asks for; texts must be clean, ``made`` must have a zone."""
    catalog = doc.Catalog
    catalog.__NoDefault__ = [*pdfdoc.PDFCatalog.__NoDefault__, "OutputIntents", "PieceInfo"]
    packet = _metadata(title, author, subject, doc.info.creator, doc.info.producer, made)
    catalog.Metadata = stream(packet, Type="Metadata", Subtype="XML")
    catalog.OutputIntents = pdfdoc.PDFArray([pdfdoc.PDFDictionary({
        "Type": pdfdoc.PDFName("OutputIntent"), "S": pdfdoc.PDFName("GTS_PDFA1"),
        "OutputConditionIdentifier": pdfdoc.PDFString(_INTENT), "Info": pdfdoc.PDFString(_INTENT),
        "RegistryName": pdfdoc.PDFString("http://www.color.org"),
        "DestOutputProfile": doc.Reference(stream(_profile(), N=3)),
    })])  # fmt: skip
    for page in doc.idToObject.values():
        if isinstance(page, pdfdoc.PDFPage):
            page.Trans = None  # an empty transition, which the library gives every page


def keep_private(doc: Any, content: bytes) -> None:
    """Keep ``content``, plain, where a PDF keeps a program's private data: the catalog's page-piece dictionary."""
    doc.Catalog.PieceInfo = pdfdoc.PDFDictionary({
        "pinggu_desk": pdfdoc.PDFDictionary({
            "LastModified": pdfdoc.PDFDate(ts=doc._timeStamp), "Private": doc.Reference(stream(content)),
        }),
    })  # fmt: skip


def name_pages(doc: Any, sections: Sequence[str]) -> None:
    """Give the pages the labels that a viewer shows and printing goes by: 正页 1, 附页 1; none where there is one section."""
    if not any(sections):
        return
    starts = [n for n, section in enumerate(sections) if not n or section != sections[n - 1]]
    ranges = " ".join(f"{n}<</S/D/P<FEFF{f'{sections[n]} '.encode('utf-16-be').hex().upper()}>>>" for n in starts)
    doc.Catalog.PageLabels = f"<</Nums[{ranges}]>>"


def labels(doc: Any, pages_called: Sequence[str]) -> list[tuple[int, str]]:
    """At which offset of the written document what begins (第 1 页, 字体 …), in order."""
    names: dict[int, str] = {id(doc.info): "文件属性", id(doc.Catalog.Metadata): "文件属性"}
    pages = [one for one in doc.idToObject.values() if isinstance(one, pdfdoc.PDFPage)]
    for called, page in zip(pages_called, pages, strict=True):
        names[id(page)] = names[id(page.Contents)] = called
    found = []
    for key, offset in doc.idToOffset.items():
        one = doc.idToObject[key]
        font = key.startswith(_FONT_KEYS) or isinstance(one, pdfdoc.PDFTrueTypeFont)
        found.append((offset, "字体" if font else names.get(id(one), "文件结构")))
    return sorted(found)


def stream(content: bytes, **entries: str | int) -> Any:
    """A stream object of plain bytes; texts among ``entries`` become names."""
    words = {k: pdfdoc.PDFName(v) if isinstance(v, str) else v for k, v in entries.items()}
    return pdfdoc.PDFStream(pdfdoc.PDFDictionary(words), content)


@cache
def _profile() -> bytes:
    return (resource_root() / "colour" / "sRGB.icc").read_bytes()


def _metadata(title: str, author: str, subject: str, creator: str, producer: str, made: datetime) -> bytes:
    """The XMP packet: the same properties as the information dictionary, and which standard the file keeps."""
    day = made.isoformat(timespec="seconds")

    def words(text: str) -> str:
        return escape(text.replace("\ufffe", "").replace("\uffff", ""))

    def alternative(text: str) -> str:
        return f'<rdf:Alt><rdf:li xml:lang="x-default">{words(text)}</rdf:li></rdf:Alt>'

    packet = f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
<pdfaid:part>2</pdfaid:part><pdfaid:conformance>U</pdfaid:conformance>
<dc:format>application/pdf</dc:format><dc:language><rdf:Bag><rdf:li>zh-CN</rdf:li></rdf:Bag></dc:language>
<dc:title>{alternative(title)}</dc:title><dc:description>{alternative(subject)}</dc:description>
<dc:creator><rdf:Seq><rdf:li>{words(author)}</rdf:li></rdf:Seq></dc:creator>
<xmp:CreateDate>{day}</xmp:CreateDate><xmp:ModifyDate>{day}</xmp:ModifyDate>
<xmp:CreatorTool>{words(creator)}</xmp:CreatorTool><pdf:Producer>{words(producer)}</pdf:Producer>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""
    return packet.encode()
