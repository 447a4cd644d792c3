"""FOUND 8: outside figures are kept with dates, source and clerk; ended, replaced, withdrawn; each on the trail."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import bindparam, update

from pinggu_desk.register import Register, errors
from pinggu_desk.register.tables import parameters

from .conftest import PASSWORD, Clock

LPR = "贷款市场报价利率"
FIRST, THEN = date(2026, 1, 20), date(2026, 4, 20)


@pytest.fixture
def register(on_each: Register) -> Register:
    return on_each


def test_a_figure_is_there_again_with_who_entered_it(register: Register, folder: Path, clock: Clock) -> None:
    made = register.add_parameter(LPR, "3%", FIRST, " 公告第1号 ")
    assert (made.source, made.until, made.clerk_no, made.entered_at) == ("公告第1号", None, "01", clock())
    register.close()
    again = Register.open(folder, clerk_no="01", password=PASSWORD, now=clock)
    assert again.parameters() == [made]
    assert again.check() == []
    again.close()


def test_days_may_not_overlap_and_a_new_one_ends_the_old(register: Register) -> None:
    old = register.add_parameter(LPR, "3%", FIRST, "公告")
    with pytest.raises(errors.InvalidEntry, match="日期重叠"):
        register.add_parameter(LPR, "2.9%", THEN, "公告")
    assert register.parameters() == [old], "nothing half is kept"
    new = register.add_parameter(LPR, "2.9%", THEN, "公告", replaces=old.id)
    assert [(one.value, one.until) for one in register.parameters()] == [("3%", date(2026, 4, 19)), ("2.9%", None)]
    register.add_parameter("北京市最低工资标准", "2540元", FIRST, "通知")
    with pytest.raises(errors.InvalidEntry, match="截止日不能早于"):
        register.end_parameter(new.id, date(2026, 4, 1))
    register.end_parameter(new.id, date(2026, 12, 31))
    register.withdraw_parameter(old.id)
    assert [one.value for one in register.parameters() if one.name == LPR] == ["2.9%"]
    with pytest.raises(errors.NotFound):
        register.withdraw_parameter(old.id)
    with pytest.raises(errors.InvalidEntry, match="没有写来源"):
        register.add_parameter(LPR, "3%", date(2027, 1, 1), "  ")
    events = [row.event for row in reversed(register.audit_rows()) if "外部参数" in row.event]
    assert events == ["录入外部参数", "停用外部参数", "录入外部参数", "录入外部参数", "停用外部参数", "撤回外部参数"]
    assert register.check() == []


def test_a_changed_figure_is_found(register: Register) -> None:
    register.add_parameter(LPR, "3%", FIRST, "公告")
    with register._db.transaction():
        register._db.run(update(parameters).values(value=bindparam("now")), now="1%")
    assert "外部参数" in register.check()[0]
