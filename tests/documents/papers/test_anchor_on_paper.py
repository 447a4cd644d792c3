"""The register's head (登记库校验) stands at the foot of an issued paper and in its signed record; it costs no line of the page."""

from __future__ import annotations

import json
from dataclasses import replace

from pinggu_desk.documents.content import content_digest
from pinggu_desk.documents.papers.letter import letter_bytes
from pinggu_desk.documents.pdf.fonts import bundled
from pinggu_desk.documents.proof.record import CLOSING, OPENING
from tests.documents.paper_reader import Paper
from tests.documents.paper_samples import TYPICAL
from tests.documents.signers import OURS

ANCHOR = "123456-ABCD-EFGH-2345"


def test_the_head_is_on_the_paper_and_in_its_record_and_moves_nothing() -> None:
    with_it = letter_bytes(replace(TYPICAL, anchor=ANCHOR), bundled(), OURS)
    without = letter_bytes(TYPICAL, bundled(), OURS)
    paper, before = Paper(with_it), Paper(without)
    assert f"登记库校验{ANCHOR}" in paper.text and "登记库校验" not in before.text
    assert len(paper.pages) == len(before.pages), "it costs no page"
    assert paper.text.replace(f"登记库校验{ANCHOR}", "") == before.text, "nor a line of it"
    start = with_it.index(OPENING) + len(OPENING)
    record = with_it[start : with_it.index(CLOSING, start)].split(b"\n", 1)[0]
    assert json.loads(record)["anchor"] == ANCHOR


def test_a_paper_said_again_later_is_the_same_paper() -> None:
    """补打 is known by what a paper says, not by how far the trail went meanwhile."""
    first, later = (replace(TYPICAL, anchor=code) for code in (ANCHOR, "123999-ABCD-EFGH-2345"))
    assert content_digest("告知书", first) == content_digest("告知书", later)
