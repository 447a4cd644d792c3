"""Issue 11: whoever a code of a list is given to is asked what such an applicant can tell, however the code was typed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import openpyxl

from pinggu_desk.policy.identity import who_by
from pinggu_desk.work.listrun import Chunk, Done, run_list
from tests import bundled

#: one unit's code as offices type it
CODES = (
    "91110117MA00DEMA8F", "91110117 MA00 DEMA 8F", "９１１１０１１７ＭＡ００ＤＥＭＡ８Ｆ", "91110117ma00dema8f", " 91110117-MA00DEMA-8F",
    "91110117\u00a0MA00DEMA8F", "9１110117\u3000ma00dema８f",
)  # fmt: skip


class Questions:
    """A sink that keeps what is asked of each row (最该补充的一项)."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def start(self, names: Sequence[str]) -> None:
        """What is given does not matter here."""

    def finish(self, done: Done) -> None:
        """Nor does how the list was read."""

    def chunk(self, chunk: Chunk) -> None:
        tally = chunk.tally
        self.asked += [tally.questions[at] if at >= 0 else "" for at in tally.question.tolist()]


def asked(path: Path, codes: tuple[str, ...]) -> list[str]:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["申请人名称", "统一社会信用代码", "本区工商注册"])
    for number, code in enumerate(codes):
        book.worksheets[0].append([f"示例企业{number}", code, "是"])
    book.save(path)
    seen = Questions()
    run_list(bundled.engine(), str(path), date(2026, 4, 1), [seen])
    return seen.asked


def test_a_code_tells_who_applies_however_it_was_typed() -> None:
    assert {who_by(code) for code in CODES} == {"单位"}


def test_the_question_of_a_row_is_the_same_however_its_code_was_typed(tmp_path: Path) -> None:
    found = asked(tmp_path / "in.xlsx", CODES)
    assert len(found) == len(CODES) and found[0]
    assert set(found) == {found[0]}
    owner = bundled.pack().facts[found[0]].owner
    assert owner != "个人", "a unit is asked nothing of a person"
