"""What in a form (表样) of a pack would run something, or reach out of the workbook, when somebody opens the filled sheet.

Nothing in a pack is executed, and what comes out of the program neither: a form that holds macros, links to other files, data
connections, embedded files or formulas that call a program (DDE) is refused with its pack.
"""

from __future__ import annotations

import html
import re
from io import BytesIO
from zipfile import ZipFile

#: parts by how their path begins, and what a person calls them
_PARTS = (
    ("xl/vbaproject", "宏"), ("xl/macrosheets", "宏工作表"), ("xl/dialogsheets", "对话框工作表"), ("xl/activex", "ActiveX 控件"),
    ("xl/externallinks", "对其他工作簿的引用"), ("xl/connections", "数据连接"), ("xl/querytables", "数据连接"), ("xl/model", "数据模型"),
    ("xl/embeddings", "嵌入的文件"), ("customui", "自定义按钮"), ("xl/webextensions", "网页加载项"),
)  # fmt: skip
_MACROS = b"macroEnabled"
_RELATION = re.compile(r"<(?:\w+:)?Relationship\b[^>]*>")
_GIVEN = re.compile(r"""(\w+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_WEB = re.compile(r"(?:https?://|mailto:|#)", re.IGNORECASE)
_FORMULA = re.compile(
    r"<(?:\w+:)?(?:f|formula|formula1|formula2|definedName)\b[^>]*>(.*?)</(?:\w+:)?(?:f|formula|formula1|formula2|definedName)>",
    re.DOTALL,
)
_TEXT = re.compile(r'"[^"]*"')
#: a program's name and a topic (DDE), another workbook, and what calls something or fetches it
_REACHING = re.compile(
    r"[\w']\s*\|\s*\S|\[[^\]]+\][^!]*!|\b(?:CALL|EXEC|EXECUTE|REGISTER|REGISTER\.ID|WEBSERVICE|RTD|DDE|HYPERLINK|INITIATE)\s*\(",
    re.IGNORECASE,
)


def running(data: bytes) -> tuple[str, ...]:
    """What in a workbook would run or reach out, in words, each once; ``data`` was looked at before (`guard.sound_bytes`)."""
    found: dict[str, None] = {}
    with ZipFile(BytesIO(data)) as package:
        for name in package.namelist():
            low = name.lower()
            found |= {words: None for begin, words in _PARTS if low.startswith(begin)}
            if low.endswith(".rels"):
                found |= dict.fromkeys(_links(_decoded(package.read(name))))
            elif low == "[content_types].xml" and _MACROS in package.read(name):
                found["宏"] = None
            elif low.startswith("xl/") and low.endswith(".xml"):
                found |= dict.fromkeys(_formulas(_decoded(package.read(name))))
    return tuple(found)


def _decoded(data: bytes) -> str:
    return data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8", "replace")


def _links(text: str) -> list[str]:
    """Relations to what is outside of the package: a link to a web page may be there, where nobody follows it unasked."""
    out = []
    for relation in _RELATION.findall(text):
        given = {key: html.unescape(one or other) for key, one, other in _GIVEN.findall(relation)}
        if given.get("TargetMode", "").lower() == "external":
            link = given.get("Type", "").endswith("/hyperlink")
            if not link or not _WEB.match(given.get("Target", "")):
                out.append("指向文件的链接" if link else "连到外面的内容")
    return out


def _formulas(text: str) -> list[str]:
    return [
        f"调用外部内容的公式（{formula.strip()[:40]}）"
        for formula in map(html.unescape, _FORMULA.findall(text))
        if _REACHING.search(_TEXT.sub('""', formula))
    ]
