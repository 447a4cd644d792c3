"""FOUND 69: what a paper says, whenever and under whatever number; by it the same paper is known again, whatever its kind."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import timedelta
from pathlib import Path

import pytest

from pinggu_desk.documents.content import content_digest
from pinggu_desk.documents.visit import Visit
from pinggu_desk.work.papers import Papers
from tests.documents import match_samples
from tests.documents.paper_samples import TYPICAL


def test_number_hour_and_clerk_say_nothing_of_the_matter() -> None:
    later = replace(
        TYPICAL, serial="PG-1-20261124-0001-07", printed_at=TYPICAL.printed_at + timedelta(minutes=5), clerk="示例乙 02",
        window="9号窗口", replaces="PG-1-20261124-0001-01",
    )  # fmt: skip
    assert content_digest("申请表", later) == content_digest("申请表", TYPICAL)
    assert content_digest("材料清单", TYPICAL) != content_digest("申请表", TYPICAL)


@pytest.mark.parametrize(
    "changed",
    [
        replace(TYPICAL, applicant=replace(TYPICAL.applicant, phone="010-00000001")),
        replace(TYPICAL, printed_at=TYPICAL.printed_at + timedelta(days=1)),
        replace(TYPICAL, determinations=TYPICAL.determinations[1:]),
        replace(TYPICAL, values={**TYPICAL.values, "开户银行": "示例银行"}),
        replace(TYPICAL, materials=()),
        replace(TYPICAL, contacts=()),
        replace(TYPICAL, office="另一个单位"),
        replace(TYPICAL, pack_version="2099.01"),
    ],
    ids=["telephone", "another day", "a determination", "the bank", "materials", "contacts", "office", "edition"],
)  # fmt: skip
def test_whatever_a_paper_may_print_makes_it_another(changed: Visit) -> None:
    assert content_digest("申请表", changed) != content_digest("申请表", TYPICAL)


def test_every_field_of_a_visit_counts_or_is_named_as_beside_the_matter() -> None:
    from pinggu_desk.documents.content import _BESIDE

    assert {one.name for one in fields(TYPICAL)} >= _BESIDE


def test_a_match_counts_whole() -> None:
    listed, other = match_samples.sample("listed"), match_samples.sample("manufacturer")
    assert content_digest("政策匹配表", listed.visit, found=listed) == content_digest(
        "政策匹配表", listed.visit, found=listed
    )
    assert content_digest("政策匹配表", listed.visit, found=listed) != content_digest(
        "政策匹配表", other.visit, found=other
    )


def test_another_form_makes_another_sheet(tmp_path: Path) -> None:
    before = Papers(tmp_path).content_of("申请表", TYPICAL)
    (tmp_path / f"{TYPICAL.policy}.xlsx").write_bytes(b"another form")
    assert Papers(tmp_path).content_of("申请表", TYPICAL) != before
    assert Papers(tmp_path).content_of("材料清单", TYPICAL) == Papers(None).content_of("材料清单", TYPICAL)
