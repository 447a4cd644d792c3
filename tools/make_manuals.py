"""Renew what commands write into the manuals (docs/): tables of forms and findings, pictures of the real window, the PDFs.

usage: python -m tools.make_manuals [--pictures] [--pdf FOLDER]   (without options: the tables)
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from pinggu_desk.policy.diagnostics import CODES
from pinggu_desk.policy.district import here
from pinggu_desk.policy.quantity import UNITS
from pinggu_desk.policy.shapes import CONDITIONS, JUDGEMENTS, LINES, QUANTITIES, Shape
from tools.windows_pictured import WINDOWS

DOCS = Path(__file__).resolve().parents[1] / "docs"
_BLOCK = re.compile(r"(<!-- 命令生成：(\S+) -->\n).*?(<!-- 到此 -->)", re.S)


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "".join(f"| {' | '.join(cell.replace('|', '｜') for cell in row)} |\n" for row in lines)


def _shapes(shapes: dict[str, Shape]) -> str:
    return _table(("写法", "意思", "例"), [(key, shape.says, f"`{shape.example}`") for key, shape in shapes.items()])


def _lines() -> str:
    lines = [(f"`{key}`", says) for key, (_, says) in LINES.items()]
    return _table(("写法", "意思"), [("、".join(f"`{one}`" for one in JUDGEMENTS), "一行判断"), *lines])


def _units() -> str:
    by_dim: dict[str, list[str]] = {}
    for word, (dim, _) in UNITS.items():
        by_dim.setdefault(dim.value, []).append(word)
    return _table(("类", "单位"), [(dim, "、".join(words)) for dim, words in by_dim.items()])


def _findings() -> str:
    rows = [(f"`{code}`", one.means, one.wrong, one.right) for code, one in CODES.items()]
    return _table(("名称", "意思", "这样写会报", "应当"), rows)


BLOCKS: dict[str, Callable[[], str]] = {
    "量": lambda: _shapes(QUANTITIES),
    "条件": lambda: _shapes(CONDITIONS),
    "判断": _lines,
    "单位": _units,
    "诊断": _findings,
}


def renewed(text: str) -> str:
    """A manual's text with every block as the program says it today."""
    return _BLOCK.sub(lambda found: f"{found[1]}{BLOCKS[found[2]]()}{found[3]}", text)


#: pictures of the walked visit that the manuals show: what the walk calls each
PICTURES = ("受理", "查找申请人", "申报事项", "测算结果", "材料清单", "出具文书", "预览告知书")


def take_pictures() -> None:
    """Walk one visit in the real window, offscreen, and keep its pictures; then the officer's window over our own pack."""
    import subprocess
    import sys
    import tempfile

    with tempfile.TemporaryDirectory() as name:
        subprocess.run([sys.executable, "-m", "pinggu_desk.walk", name], check=True, stdout=subprocess.DEVNULL)
        for path in sorted((Path(name) / "screens").glob("*.png")):
            if (called := path.stem.partition("-")[2]) in PICTURES:
                keep_picture(path, called)
        letter = next(Path(name).glob("*告知书*.pdf"))
        _page(letter, Path(name) / "letter.png")
        keep_picture(Path(name) / "letter.png", "告知书")
        subprocess.run([sys.executable, "-m", "tools.windows_pictured", name], check=True, stdout=subprocess.DEVNULL)
        for called in WINDOWS:
            keep_picture(Path(name) / f"{called}.png", called)


def _page(pdf: Path, out: Path) -> None:
    """The first page of a paper as a picture."""
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    document[0].render(scale=1.4).to_pil().save(out)
    document.close()


def keep_picture(path: Path, called: str) -> None:
    """Keep a picture beside the manuals, with as few colours as it needs: the packaged folder has little room."""
    from PIL import Image

    folder = DOCS / "pictures"
    folder.mkdir(exist_ok=True)
    with Image.open(path) as picture:
        picture.convert("RGB").quantize(64, dither=Image.Dither.NONE).save(folder / f"{called}.png", optimize=True)
    print(f"took {called}.png")


def main() -> None:
    """Write the blocks, and what else was asked for."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--pdf", type=Path)
    options.add_argument("--pictures", action="store_true")
    chosen = options.parse_args()
    if chosen.pictures:
        take_pictures()
    for path in sorted(DOCS.glob("*手册.md")):
        before = path.read_text(encoding="utf-8")
        if (after := renewed(before)) != before:
            path.write_text(after, encoding="utf-8")
            print(f"renewed {path.name}")
        if chosen.pdf is not None:
            from pinggu_desk.documents.papers.manual import manual_pdf

            out = chosen.pdf / f"{path.stem}.pdf"
            out.write_bytes(manual_pdf(after, DOCS, datetime.now(), here().program))
            print(f"wrote {out}")


if __name__ == "__main__":
    main()
