"""The sample list (示例名单) of practice: a few plainly invented applicants, some with slips, to try everything on."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from pinggu_desk.register.files import write_whole

NAME = "示例名单.csv"
_HEAD = (
    "单位名称", "统一社会信用代码", "申请人类型", "本区工商注册", "独立法人资格", "纳入平谷区统计", "上市企业来源",
    "上市挂牌板块", "上市挂牌日", "从业人数",
)  # fmt: skip
_ROWS = (
    ("示例装备制造有限公司", "91110117MA00DEMA8F", "企业", "是", "是", "是", "本区企业", "北交所", "2026-03-02", "120"),
    ("示例谷地农业科技股份有限公司", "91110117MA00DEMB6A", "企业", "是", "是", "是", "本区企业", "新三板创新层", "2026-02-10", "45"),
    ("示例㛃𬭎𡌶新材料有限公司", "91110117MA00DEMC45", "企业", "否", "是", "否", "", "", "", "八十"),
    ("示例甲食品有限公司", "", "企业", "是", "是", "是", "京外迁入", "沪深交易所主板", "", "300"),
    ("示例乙设计有限公司", "", "企业", "是", "是", "", "", "", "", ""),
)  # fmt: skip


def write_sample(folder: Path) -> Path:
    """Write the sample list into a folder, whole; where it is."""
    text = io.StringIO()
    csv.writer(text).writerows([_HEAD, *_ROWS])
    path = folder / NAME
    write_whole(path, text.getvalue().encode("utf-8-sig"))
    return path
