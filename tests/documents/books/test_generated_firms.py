"""Issue 11: a generated list of firms is read whole; a word among its values that is also a column's name is a value."""

from __future__ import annotations

from pathlib import Path

from bench import firms
from pinggu_desk.documents.books.applicants import EnterpriseList
from tests import bundled


def test_a_value_that_is_also_a_name_is_no_second_row_of_the_head(tmp_path: Path) -> None:
    """企业 under 申请人类型 is another word for 申请人名称: the first firm was taken for a head of two rows and lost."""
    firms.write(tmp_path / "list.xlsx", 60)
    with EnterpriseList(str(tmp_path / "list.xlsx"), bundled.pack(), None) as found:
        rows = [row for chunk in found.chunks(100) for row in chunk]
        names = [fact.name for fact in found.facts]
    assert len(rows) == 60
    assert len(names) == len(firms.HEADS)
    assert {row.values[names.index("申请人类型")] for row in rows} <= {0, 1, None}
    tidy, kept = firms.rows(60, share=0.0), 0
    for row, cells in zip(rows, tidy, strict=True):
        kept += row.values[names.index("职工人数")] == cells[firms.HEADS.index("员工人数")]
    assert kept > 50, "what was typed untidily means the same"
