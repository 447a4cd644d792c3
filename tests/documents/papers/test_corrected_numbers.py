"""Issue 13: a telephone number that an office corrected stands on every paper from its day on, and not before."""

from __future__ import annotations

from datetime import date, datetime
from io import BytesIO

import openpyxl
import pytest

from pinggu_desk.assess.engine import Answers, Engine, read_answers
from pinggu_desk.assess.interview import Interview
from pinggu_desk.assess.match.match import Match
from pinggu_desk.documents.assemble import assemble
from pinggu_desk.documents.joined import of_match
from pinggu_desk.documents.matchvisit import match_visit
from pinggu_desk.documents.papers.letter import letter_bytes
from pinggu_desk.documents.papers.matchlist import match_list_bytes
from pinggu_desk.documents.sheet.fill import sheet_bytes
from pinggu_desk.documents.visit import Party
from pinggu_desk.policy.corrections import Correction
from tests import bundled
from tests.documents.paper_reader import Paper
from tests.versions.test_versions import FIRM

SINCE, BEFORE, NEW = date(2026, 3, 2), date(2026, 3, 1), "010-00000000"
SAID = "按示例局2026年3月2日公布"
PARTY, PRINTED = Party("示例公司"), datetime(2026, 3, 2, 9)


@pytest.fixture
def corrected() -> tuple[Engine, str, str]:
    """An engine with one number corrected; the role and the number as the text has it."""
    engine = Engine(bundled.pack())
    own = next(one for one in engine.pack.policies["zxqy"].contacts if one.text[:3].isdigit())
    engine.enter({}, [Correction("电话", f"zxqy/{own.role}", NEW, SINCE, "示例局", "", SINCE)])
    return engine, own.role, own.text


@pytest.mark.parametrize("on", [BEFORE, SINCE])
def test_letter_and_sheet_print_the_number_of_the_day(corrected: tuple[Engine, str, str], on: date) -> None:
    engine, role, old = corrected
    now, other = (NEW, old) if on == SINCE else (old, NEW)
    case = Interview(engine, "zxqy", on, answers=FIRM)
    visit = assemble(
        engine, case, PARTY, printed_at=PRINTED, serial=None, clerk="", window="", office="", practice=False
    )  # fmt: skip
    (contact,) = [one for one in visit.contacts if one.role == role]
    assert contact.text == now
    letter = "".join(Paper(letter_bytes(visit)).text.split())
    assert now in letter and SAID in letter and (f"改为{NEW}" in letter) == (on == BEFORE)
    book = openpyxl.load_workbook(BytesIO(sheet_bytes(visit)))
    cells = " ".join(str(c) for sheet in book for row in sheet.iter_rows(values_only=True) for c in row if c)
    assert now in cells and other not in cells


@pytest.mark.parametrize("on", [BEFORE, SINCE])
def test_the_match_list_and_its_letter_print_the_number_of_the_day(
    corrected: tuple[Engine, str, str], on: date
) -> None:
    engine, role, old = corrected
    match = Match(engine, Answers(on, read_answers(engine.pack, FIRM), ()))
    found = match_visit(match, PARTY, printed_at=PRINTED)
    (part,) = [one for one in of_match(found).each if one.policy == "zxqy"]
    assert next(one.text for one in part.contacts if one.role == role) == (NEW if on == SINCE else old)
    listed = "".join(Paper(match_list_bytes(found)).text.split())
    assert SAID in listed and (old in listed) == (on == BEFORE)


def test_a_reading_that_was_settled_is_on_the_letter_from_its_day_on_and_never_before() -> None:
    """Issue 13: a reading settled by the head, and the letters before and after."""
    at_bound = {**FIRM, "技改固定资产投资": "300万元", "技改设备投资": "250万元", "技改基建投资": "50万元"}
    engine = Engine(bundled.pack())

    def letter(on: date) -> bytes:
        case = Interview(engine, "zxqy", on, answers=at_bound)
        return letter_bytes(
            assemble(engine, case, PARTY, printed_at=PRINTED, serial=None, clerk="", window="", office="", practice=False)
        )  # fmt: skip

    def words(raw: bytes) -> str:
        return "".join(Paper(raw).text.split())

    open_before, open_after = letter(BEFORE), letter(SINCE)
    assert "口径待主管部门确认" in words(open_before) and "口径待主管部门确认" in words(open_after)
    said = "按示例局2026年3月2日答复（示例〔2026〕3号）"
    for branch in ("取", "另"):
        engine.enter(
            {}, [Correction("读法", "general.at_least", branch, SINCE, "示例局", "示例〔2026〕3号", SINCE, "0001")]
        )
        assert letter(BEFORE) == open_before, "an old case keeps its old letter, byte for byte"
        assert said in words(letter(SINCE))
    assert letter(SINCE) != open_after
