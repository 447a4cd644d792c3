"""Visits for the sheets' tests, from real interviews (示例 throughout), and a reader of what came out."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from io import BytesIO
from typing import Any

from openpyxl import load_workbook

from pinggu_desk.assess.awards import Award
from pinggu_desk.assess.interview import Interview
from pinggu_desk.documents.assemble import assemble
from pinggu_desk.documents.sheet.names import Place, places
from pinggu_desk.documents.visit import Party, Visit
from pinggu_desk.policy.cases import load_cases
from tests import bundled

ON = date(2026, 11, 24)
PACK = bundled.pack()
ENGINE = bundled.engine()
COMPANY = Party(
    "示例谷地农业科技股份有限公司",
    "91110117MA0EXAMPL8",
    contact="示例联系人",
    phone="010-00000000",
    address="示例街道示例路1号",
)
_GOOD = (
    "财务管理制度健全规范",
    "生产经营情况良好",
    "会计信用良好",
    "纳税信用良好",
    "银行信用良好",
    "符合专项资金支持方向",
)
_SME = {
    "位于平谷区内": "是", "申报主体类型": "实体中小企业", "符合北京市产业政策": "是", "独立法人资格": "是",
    "生产经营起始日": "2020-01-01", **dict.fromkeys(_GOOD, "是"),
}  # fmt: skip
ANSWERS: dict[str, dict[str, str]] = {
    "ss": {
        "本区工商注册": "是", "独立法人资格": "是", "纳入平谷区统计": "是", "上市企业来源": "本区企业",
        "上市挂牌板块": "北交所", "上市挂牌方式": "新三板挂牌企业转板上市", "上市挂牌日": "20261010",
        "拟上市挂牌": "否", "已领上市挂牌奖励": "1234567.89元",
    },
    "zxqy": {
        **_SME, "技改项目类别": "企业技术创新", "技改固定资产投资": "8000000.55元", "技改设备投资": "700万",
        "技改基建投资": "50万", "新建项目用地面积": "10.5",
    },
    "tztc": {
        "本区正常生产经营实体工业企业": "是", "列入年度调整退出计划": "是", "能源节约量": "120.5",
        "税收贡献": "180.5", "占地规模": "12000.25", "职工人数": "45",
    },
    "yl": {"平谷区服务包企业": "是", "高级别管理人员": "是", "组织职工体检": "是"},
}  # fmt: skip
SRDI = {**_SME, "专精特新称号": "专精特新企业", "专精特新取得方式": "首次认定", "已领专精特新类奖励": "0"}


def visit(
    policy: str,
    answers: dict[str, str] | None = None,
    *,
    party: Party = COMPANY,
    awards: list[Award] | None = None,
    chosen: list[str] | None = None,
    materials: dict[str, str] | None = None,
    serial: str | None = "PG-03-20261124-0001",
    practice: bool = False,
) -> Visit:
    """A visit on one policy, answered as in ``ANSWERS`` unless told otherwise."""
    given = ANSWERS[policy] if answers is None else answers
    interview = Interview(ENGINE, policy, ON, answers=given, awards=awards, chosen=chosen, materials=materials)
    return assemble(
        ENGINE, interview, party, printed_at=datetime(2026, 11, 24, 9, 30), serial=serial, clerk="示例经办",
        window="03", office="示例街道政务服务中心", practice=practice,
    )  # fmt: skip


@cache
def worked(policy: str) -> dict[str, str]:
    """The answers of the policy's worked example that states the most."""
    facts = max((case.facts for case in load_cases(PACK, policy).cases), key=len)
    return {name: _said(value) for name, value in facts.items()}


@cache
def everything(policy: str) -> dict[str, str]:
    """An answer to every fact that any worked example of the policy states: more than a real visit ever has."""
    answers: dict[str, str] = {}
    for case in load_cases(PACK, policy).cases:
        for name, value in case.facts.items():
            answers.setdefault(name, _said(value))
    return answers


def _said(value: object) -> str:
    return (
        value.isoformat()
        if isinstance(value, date)
        else "是"
        if value is True
        else "否"
        if value is False
        else str(value)
    )


class Read:
    """A sheet opened again: cells by the names that bind them."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.book: Any = load_workbook(BytesIO(data))
        self.places: dict[str, Place]
        self.places, self.wrong = places(self.book)

    def cell(self, name: str, row: int = 0) -> Any:
        """The cell that a name binds, or the one ``row`` below it."""
        place = self.places[name]
        return place.sheet.cell(place.row + row, place.column)

    def column(self, name: str) -> list[Any]:
        """The values of all rows that a name binds."""
        place = self.places[name]
        return [self.cell(name, row).value for row in range(place.last_row - place.row + 1)]

    def cells(self) -> list[Any]:
        """Every cell of every sheet that holds something."""
        return [c for s in self.book.worksheets for row in s.iter_rows() for c in row if c.value is not None]

    def texts(self) -> list[str]:
        """Every text of every sheet."""
        return [c.value for c in self.cells() if isinstance(c.value, str)]

    def shown(self) -> list[str]:
        """Every text that is printed: not those of rows and sheets that are left out."""
        sheets = [sheet for sheet in self.book.worksheets if sheet.sheet_state == "visible"]
        rows = [row for s in sheets for row in s.iter_rows() if not s.row_dimensions[row[0].row].hidden]
        return [cell.value for row in rows for cell in row if isinstance(cell.value, str)]
