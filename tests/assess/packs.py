"""A small pack written into a folder and loaded by the real loader, for tests of one form or one mistake at a time."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from pinggu_desk.assess.awards import Award
from pinggu_desk.assess.determination import Determination
from pinggu_desk.assess.determine import determine
from pinggu_desk.assess.engine import Answers, Engine, read_answers
from pinggu_desk.policy.pack import load_pack
from pinggu_desk.policy.reader import digest

ON = date(2026, 3, 2)
FACTS = {
    "投资额": "{名: 投资额, 代号: investment, 类: 金额, 问: 投资额是多少}",
    "营收": "{名: 营收, 代号: revenue, 类: 金额, 问: 营收是多少}",
    "上年营收": "{名: 上年营收, 代号: revenue_before, 类: 金额, 最少: 1元, 问: 上年营收是多少}",
    "外资": "{名: 外资, 代号: foreign, 类: 美元, 问: 到位外资是多少}",
    "面积": "{名: 面积, 代号: area, 类: 面积, 问: 面积是多少}",
    "人数": "{名: 人数, 代号: staff, 类: 数量, 单位: 人, 问: 有多少人}",
    "租期": "{名: 租期, 代号: lease, 类: 月数, 问: 租了几个月}",
    "入选率": "{名: 入选率, 代号: share, 类: 比例, 问: 占百分之几}",
    "席位": "{名: 席位, 代号: seats, 类: 数量, 单位: 个, 最多: 40个, 问: 有多少席位}",
    "类型": "{名: 类型, 代号: kind, 类: 选项, 问: 哪一类, 选项: [{名: 甲类}, {名: 乙类}, {名: 丙类}]}",
    "合格": "{名: 合格, 代号: fit, 类: 是否, 问: 是否合格}",
    "在册": "{名: 在册, 代号: listed, 类: 是否, 问: 是否在册}",
    "评定": "{名: 评定, 代号: rated, 类: 是否, 由: 示例局, 问: 是否通过评定}",
    "成立日": "{名: 成立日, 代号: founded, 类: 日期, 问: 哪天成立}",
    "上市日": "{名: 上市日, 代号: listed_on, 类: 日期, 问: 哪天上市}",
    "已领": "{名: 已领, 代号: received, 类: 金额, 问: 领过多少, 由登记簿: {对: [xx.award], 窗: 本年度, 计: 金额}}",
    "领过年限": "{名: 领过年限, 代号: years, 类: 月数, 单位: 年, 问: 领过几年, "
    "由登记簿: {对: [xx.award], 窗: 以前年度, 计: 年数}}",
    "领过次数": "{名: 领过次数, 代号: times, 类: 数量, 单位: 次, 问: 领过几次, 由登记簿: {对: [xx.award], 计: 次数}}",
}
PARAMETER = (
    "- {名: 平均工资, 代号: wage, 类: 金额, 说明: 上一年度社会平均工资, 值表: "
    "[{自: 2025-01-01, 至: 2025-12-31, 值: 10万元, 来源: 示例公报}]}"
)
READING = "- {编号: xx.alike, 依据: xx.1, 问: 怎样算, 取: 这样, 另: 那样, 影响: 结论不同}"
AT_LEAST = "- {编号: general.at_least, 依据: xx.1, 问: 含不含, 取: 含, 另: 不含, 影响: 恰在界限上时不同}"
WORKDAYS = """years:
  2026:
    state: 已公布
    document: 示例
    "off": [2026-01-01, 2026-05-01, 2026-10-01]
    work: [2026-05-09]
  2027: {state: 未公布, document: 示例, "off": [], work: []}
"""


@dataclass
class Small:
    """What goes into a small pack; its ledger claims every sentence by itself."""

    give: str
    text: Mapping[str, str]
    condition: str = ""
    benefit: str = ""
    sections: str = ""
    consistency: str = "[]"
    numbers: Mapping[str, str] = field(default_factory=dict)
    extra_facts: str = ""
    more: str = ""

    def write(self, root: Path) -> Path:
        """Write the pack's files into ``root``."""
        lines = [f"- {clause} {words}" for clause, words in self.text.items()]
        rules = self.rules()
        used = rules + self.consistency
        facts = [f"- {_worth(line)}" for name, line in FACTS.items() if re.search(name, used)]
        readings = [
            line for key, line in (("xx.alike", READING), (" 以上 |以上 [0-9]", AT_LEAST)) if re.search(key, used)
        ]
        folder = root / "policies" / "xx"
        folder.mkdir(parents=True)
        files = {
            folder / "text.md": "---\npolicy: xx\nsource: 示例\n---\n# xx 示例办法\n" + "\n".join(lines) + "\n",
            folder / "policy.yaml": rules,
            root / "facts.yaml": "\n".join(facts) + f"\n{self.extra_facts}" if facts or self.extra_facts else "[]",
            root / "readings.yaml": "\n".join(readings) or "[]",
            root / "parameters.yaml": PARAMETER if "平均工资" in used else "[]",
            root / "workdays.yaml": WORKDAYS,
            root / "consistency.yaml": self.consistency,
            root / "overlaps.yaml": "[]",
        }
        for path, content in files.items():
            path.write_text(content, encoding="utf-8")
        return root

    def rules(self) -> str:
        """The policy.yaml."""
        condition = f"    条件: {self.condition}\n" if self.condition else ""
        ledger = "".join(
            f"  {clause}: {{归: 计算, 印: '{digest(words)}'{self.numbers.get(clause, '')}}}\n"
            for clause, words in self.text.items()
        )
        return (
            f"政策: xx\n标题印: '{digest('示例办法')}'\n"
            "已知自: 2024-02-01\n主管: 示例局\n申请表: {名: 示例申请表, 依据: xx.1}\n"
            f"{self.sections}"
            f"事项:\n  - 事项: 示例奖励\n    代号: award\n    依据: xx.1\n{self.benefit}{condition}    给予: {self.give}\n{self.more}"
            f"台账:\n{ledger}"
        )

    def engine(self, root: Path) -> Engine:
        """The pack, written, loaded, checked and compiled. Raises BadPack."""
        return Engine(load_pack(self.write(root)))


def _worth(line: str) -> str:
    """A fact's line with what an old answer is worth (旧值), where nothing else of it tells."""
    return line if re.search("由登记簿|由:|旧值|归属: 项目", line) else f"{line[:-1]}, 旧值: 当年}}"


def judge(
    engine: Engine, facts: Mapping[str, Any] | None = None, *, on: date = ON, awards: list[Award] | None = None
) -> Determination:
    """The determination of the small pack's one benefit."""
    return determine(engine, Answers(on, read_answers(engine.pack, facts or {}), awards))[0]


def missing(determination: Determination) -> list[str]:
    """The names of what is still needed."""
    return [item.name for item in determination.missing]


def ends(determination: Determination) -> tuple[str | None, int | None, int | None]:
    """Kind of figure and its two ends in fen."""
    return determination.figure, determination.min_fen, determination.max_fen
