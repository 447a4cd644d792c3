"""Generated lists of firms as an office keeps them: forty columns, seeded, plainly samples, some cells typed untidily.

What is typed untidily means the same (``1,200万元``, full-width digits, ``2019.3.5``); a few cells are blank, and a few say what no
program can take (待核). The rest is consistent: parts are less than their whole.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook

ON = date(2026, 4, 1)
_CODE = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_YES = (
    "本区工商注册", "独立法人资格", "纳入平谷区统计", "位于平谷区内", "符合北京市产业政策",
    "财务管理制度健全规范", "生产经营情况良好", "会计信用良好", "纳税信用良好", "银行信用良好", "符合专项资金支持方向",
    "符合高精尖年度支持重点", "无失信行为", "近三年无财政财务违法处罚",
)  # fmt: skip
_SELDOM = (
    "本区正常生产经营实体工业企业", "列入年度调整退出计划", "充分应用新一代信息技术", "列入十大高精尖产业目录",
    "围绕主导产业开展研发", "高新技术企业证书", "以前领过奖励补贴",
)  # fmt: skip
_SCALE = (1, 2, 3, 5, 8, 10, 12, 20, 30, 50, 80, 100)
HEADS = (
    "企业名称", "统一社会信用代码", "联系人", "联系电话", "注册地址", "申请人类型", *_YES, *_SELDOM,
    "员工人数", "占地面积（平方米）", "能源节约量（吨标煤）", "税收贡献（万元）", "申报主体类型", "生产经营起始日",
    "技改项目类别", "技改固定资产投资（万元）", "技改设备投资（万元）", "技改基建投资（万元）", "信息化投资总额（万元）",
    "研发项目投资额（万元）", "上一年度本区纳税总额（万元）",
)  # fmt: skip


def code(number: int) -> str:
    """A credit code of the right form with its check character; of nobody."""
    body = f"91110117MA{number:07d}"[:17]
    total = sum(_CODE.index(character) * pow(3, at, 31) for at, character in enumerate(body))
    return body + _CODE[(31 - total % 31) % 31]


def firm(number: int, rnd: random.Random) -> list[Any]:
    """One firm's cells under HEADS, as they should be."""
    invested = rnd.choice(_SCALE) * rnd.choice((10, 50, 100))
    plant, works = round(invested * rnd.uniform(0.5, 0.85)), round(invested * rnd.uniform(0.05, 0.15))
    return [
        f"示例制造企业{number}", code(number), "示例联系人", "010-69960000", f"示例路{number % 900 + 1}号",
        "企业" if rnd.random() < 0.9 else "机构",
        *("是" if rnd.random() < 0.93 else "否" for _ in _YES),
        *("是" if rnd.random() < 0.4 else "否" for _ in _SELDOM[:-1]), "否",
        rnd.choice(_SCALE) * rnd.choice((1, 3, 10)), rnd.choice(_SCALE) * 1000, rnd.choice(_SCALE) * 10, rnd.choice(_SCALE) * 10,
        rnd.choice(("实体中小企业", "实体中小企业", "中小企业服务机构", "其他")), ON - timedelta(days=rnd.randint(200, 6000)),
        rnd.choice(("企业技术创新", "科技成果转化", "节能减排技术改造", "都不是")), invested, plant, works,
        rnd.choice(_SCALE) * 10, rnd.choice(_SCALE) * 50, rnd.choice(_SCALE),
    ]  # fmt: skip


def untidy(value: Any, head: str, rnd: random.Random) -> Any:
    """The same as somebody in a hurry typed it; now and then nothing, or what cannot be taken."""
    if rnd.random() < 0.3:
        return None
    if rnd.random() < 0.05:
        return "待核"
    if isinstance(value, date):
        shapes: tuple[Callable[[date], str], ...] = (
            lambda day: f"{day.year}.{day.month}.{day.day}", lambda day: f"{day.year}年{day.month}月{day.day}日",
            lambda day: f" {day.isoformat()} ",
        )  # fmt: skip
        return rnd.choice(shapes)(value)
    if isinstance(value, int):
        unit = head[head.index("（") + 1 : -1] if "（" in head else ""
        wide = "".join(chr(ord(digit) + 0xFEE0) for digit in str(value))
        return rnd.choice((f"{value:,}{unit}", wide, f" {value} ", f"{value}.0"))
    return f" {value}" if head not in HEADS[:5] else value


def rows(count: int, seed: int = 1, share: float = 0.02) -> Iterator[list[Any]]:
    """So many firms; a ``share`` of the cells behind the first five is untidy."""
    rnd, hurry = random.Random(seed), random.Random(seed + 1)  # noqa: S311 - samples, no secrets
    for number in range(1, count + 1):
        cells = firm(number, rnd)
        for at in range(5, len(cells)):
            if hurry.random() < share:
                cells[at] = untidy(cells[at], HEADS[at], hurry)
        yield cells


def write(path: Path, count: int, seed: int = 1, share: float = 0.02, heads: Sequence[str] = HEADS) -> None:
    """A workbook of so many firms, in constant memory."""
    book = Workbook(str(path), {"constant_memory": True})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet("名单")
    sheet.write_row(0, 0, heads)
    text, number = sheet.write_string, sheet.write_number
    for at, cells in enumerate(rows(count, seed, share), 1):
        for column, value in enumerate(cells):
            if isinstance(value, str):
                text(at, column, value)
            elif isinstance(value, date):
                sheet.write_datetime(at, column, value, day)
            elif value is not None:
                number(at, column, value)
    book.close()
