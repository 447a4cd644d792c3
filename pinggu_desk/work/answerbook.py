"""The answers for a list as a workbook: who can have what, what is near, what it comes to, what is wrong with the list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from pinggu_desk.assess.columnrun import FIGURES, NO_END, NO_FIGURE
from pinggu_desk.assess.determination import FIGURE_WORDS, STATUS_WORDS
from pinggu_desk.assess.engine import Engine
from pinggu_desk.assess.match.bundle import SUMMED
from pinggu_desk.assess.rules import Rule
from pinggu_desk.assess.tally import Hit, Tally
from pinggu_desk.documents.books.batch import BatchBook, Head
from pinggu_desk.policy import say
from pinggu_desk.policy.corrections import standing_on
from pinggu_desk.policy.dates import day_words
from pinggu_desk.policy.models import KIND_CODES
from pinggu_desk.policy.quantity import Dim
from pinggu_desk.work.listrun import Chunk, Done
from pinggu_desk.work.packs.sharing import correction_words

_COMPUTED, _UP_TO = FIGURES.index("computed"), FIGURES.index("up_to")
_PARTY = ("名称", "代码")
_NEAR = "差一点"
_HITS = (
    Head("名单行号", 8, "place"), Head("申请人", 28), Head("结果", 8), Head("政策", 28, "wrap"), Head("支持事项", 28, "wrap"),
    Head("类别", 8), Head("领取人", 9), Head("金额（元）", 15, "money"), Head("最低（元）", 15, "money"),
    Head("最高（元）", 15, "money"), Head("比例（%）", 9, "any"), Head("口径", 24, "wrap"), Head("还差什么", 40, "wrap"),
    Head("计入合计", 8), Head("依据", 18, "wrap"),
)  # fmt: skip
_TOTALS = (
    Head("政策", 34, "wrap"), Head("支持事项", 36, "wrap"), Head("类别", 9), Head("可申请（个）", 10, "number"),
    Head("确定金额（元）", 18, "money"), Head("上限（元）", 18, "money"), Head("差一点（个）", 10, "number"), Head("依据", 18, "wrap"),
)  # fmt: skip
_PROBLEMS = (
    Head("工作表", 14), Head("行", 8, "place"), Head("列", 6), Head("列名", 22, "wrap"), Head("所填内容", 26, "wrap"),
    Head("问题和改法", 70, "wrap"),
)  # fmt: skip
_NOTES = (Head("项", 18, "wrap"), Head("内容", 110, "wrap"))


@dataclass(slots=True)
class _Sum:
    """What one benefit comes to over the list (fen)."""

    eligible: int = 0
    sure: int = 0
    ceiling: int = 0
    near: int = 0


class AnswerBook:
    """A sink of :func:`~pinggu_desk.work.listrun.run_list`: 汇总, 可申请与差一点, 合计, 名单问题, 说明."""

    def __init__(self, engine: Engine, book: BatchBook, on: date) -> None:
        self._engine, self._book, self._on = engine, book, on
        self._sums = {rule.benefit.id: _Sum() for rule in engine.rules}
        self._all = _Sum()
        self._statics = {rule.benefit.id: self._static(rule) for rule in engine.rules}
        self._places: dict[str, str] = {}
        #: rows of 可申请与差一点
        self.hits = 0

    def start(self, names: Sequence[str]) -> None:
        """Open the sheets of rows."""
        facts = [self._engine.pack.facts[name] for name in names]
        self._own = [place for place, fact in enumerate(facts) if fact.party in _PARTY]
        self._name = next((place for place, fact in enumerate(facts) if fact.party == "名称"), None)
        self._summary = self._book.sheet(
            "汇总",
            [
                Head("名单行号", 8, "place"), *(Head(names[place], 24) for place in self._own),
                Head(STATUS_WORDS["eligible"], 8, "number"),
                Head("确定金额合计（元）", 17, "money"), Head("上限合计（元）", 17, "money"), Head(_NEAR, 8, "number"),
                Head("最近的一项", 44, "wrap"), Head("最该补充的一项", 20, "wrap"), Head("补充后可定（项）", 10, "number"),
                Head(STATUS_WORDS["review"], 9, "number"), Head(STATUS_WORDS["unknown"], 9, "number"),
                Head(STATUS_WORDS["ineligible"], 8, "number"), Head("填写问题", 30, "wrap"),
            ],
            1 + len(self._own[:1]),
        )  # fmt: skip
        self._listed = self._book.sheet("可申请与差一点", _HITS, 2)

    def chunk(self, chunk: Chunk) -> None:
        """Write one chunk's rows."""
        self._summary.write(list(self._summaries(chunk)))
        hits = list(self._hits(chunk))
        self.hits += len(hits)
        self._listed.write(hits)
        self._add(chunk.tally)

    def _summaries(self, chunk: Chunk) -> Iterator[list[str | int | float | date | None]]:
        tally = chunk.tally
        counts = {status: tally.counts[status].tolist() for status in tally.counts}
        near, sure, ceiling = tally.near.tolist(), tally.sure.tolist(), tally.ceiling.tolist()
        question, settles, nearest = tally.question.tolist(), tally.settles.tolist(), tally.nearest.benefit.tolist()
        rows = chunk.rows
        own = [rows.shown[place] or [None] * len(rows) for place in self._own]
        for at, number in enumerate(rows.numbers):
            asked = question[at] >= 0
            words = f"{tally.rules[nearest[at]].benefit.title}：{tally.nearest.words(at)}" if nearest[at] >= 0 else None
            faults = f"{'、'.join(rows.faults[at])}：没有读取，按未知" if at in rows.faults else None
            yield [
                number, *(column[at] for column in own), counts["eligible"][at], _yuan(sure[at]),
                _yuan(ceiling[at]), near[at], words, tally.questions[question[at]] if asked else None,
                settles[at] if asked else None, counts["review"][at], counts["unknown"][at], counts["ineligible"][at], faults,
            ]  # fmt: skip

    def _hits(self, chunk: Chunk) -> Iterator[list[str | int | float | date | None]]:
        tally = chunk.tally
        names = chunk.rows.shown[self._name] if self._name is not None else None
        for at, number in enumerate(chunk.rows.numbers):
            name = names[at] if names is not None else None
            for hit in tally.hits(at):
                yield [number, name, *self._hit(hit, "可申请")]
            for hit in tally.near_hits(at):
                yield [number, name, *self._hit(hit, _NEAR)]

    def _static(self, rule: Rule) -> tuple[str, str, str, str]:
        benefit = rule.benefit
        return rule.policy.title, benefit.title, benefit.kind, benefit.recipient

    def _hit(self, hit: Hit, word: str) -> list[str | int | float | date | None]:
        rule, low, high = hit.rule, hit.low, hit.high
        rate = rule.dim is Dim.RATE
        exact = low == high and low != NO_END
        ends: list[str | float | None] = [None, None, None, None]
        if rate:
            shares = [f"{end / 100:g}" for end in (low, high) if end != NO_END]
            ends[3] = (
                low / 100 if exact else "—".join(shares) if len(shares) > 1 else f"最高 {shares[0]}" if shares else None
            )
        elif rule.dim is Dim.MONEY:
            ends[:3] = (_yuan(low), None, None) if exact else (None, _end(low), _end(high))
        meaning = None if hit.figure == NO_FIGURE else rule.figure_meaning(FIGURES[hit.figure], gap=hit.gap) or None
        if word == _NEAR and meaning is not None:
            meaning = f"达到后：{meaning}"
        counted = exact and hit.figure == _COMPUTED and not rate and KIND_CODES[rule.benefit.kind] in SUMMED
        taken = None if word == _NEAR else "不另取" if not hit.taken else "是" if counted else None
        place = self._places.get(hit.clause)
        if place is None:
            place = self._places[hit.clause] = self._engine.pack.clause_place(hit.clause)
        return [word, *self._statics[rule.benefit.id], *ends, meaning, hit.change or None, taken, place]

    def _add(self, tally: Tally) -> None:
        self._all.eligible += int((tally.counts["eligible"] > 0).sum())
        self._all.near += int((tally.near > 0).sum())
        self._all.sure += int(tally.sure.sum())
        self._all.ceiling += int(tally.ceiling.sum())
        for rule in tally.rules:
            column, found = tally.columns[rule.benefit.id], self._sums[rule.benefit.id]
            can = column.status == 0
            found.eligible += int(can.sum())
            if rule.dim is not Dim.MONEY or KIND_CODES[rule.benefit.kind] not in SUMMED:
                continue
            lost = tally.given_up.get(rule.benefit.id)
            taken = can if lost is None else can & ~lost
            sure = taken & (column.figure == _COMPUTED) & (column.low == column.high)
            found.sure += int(column.low[sure].sum())
            found.ceiling += int(column.high[taken & (column.figure == _UP_TO) & (column.high != NO_END)].sum())
        table = tally.nearest.changes.table
        for number, count in zip(*np.unique(table[:, 1], return_counts=True), strict=True) if len(table) else ():
            self._sums[tally.rules[number].benefit.id].near += int(count)

    # --- what is known at the end ---

    def finish(self, done: Done) -> None:
        """Write totals, problems and notes, and put the file in place. Raises DeskError."""
        self._book.sheet("合计", _TOTALS, 2).write(list(self._totals()))
        if done.found:
            problems = self._book.sheet("名单问题", _PROBLEMS)
            problems.write([[b.sheet, b.row, b.column, b.head, b.given, b.sentence] for b in done.found])
        self._book.sheet("说明", _NOTES).write([list(pair) for pair in about(self._engine, self._on, done)])
        self._book.save()

    def _totals(self) -> Iterator[list[str | int | float | date | None]]:
        total = self._all
        yield [
            "全部", "有可申请（差一点）的申请人数；金额已扣除不能并领和共同限额", None, total.eligible, _yuan(total.sure),
            _yuan(total.ceiling), total.near, None,
        ]  # fmt: skip
        for policy in self._engine.pack.policies.values():
            own = [rule for rule in self._engine.rules if rule.policy.id == policy.id]
            sums = [self._sums[rule.benefit.id] for rule in own]
            if not any(one.eligible or one.near for one in sums):
                continue
            yield [
                policy.title, "小计", None, sum(s.eligible for s in sums), _yuan(sum(s.sure for s in sums)),
                _yuan(sum(s.ceiling for s in sums)), sum(s.near for s in sums), None,
            ]  # fmt: skip
            for rule, one in zip(own, sums, strict=True):
                if one.eligible or one.near:
                    money = rule.dim is Dim.MONEY and KIND_CODES[rule.benefit.kind] in SUMMED
                    yield [
                        policy.title, rule.benefit.title, rule.benefit.kind, one.eligible, _yuan(one.sure) if money else None,
                        _yuan(one.ceiling) if money else None, one.near, rule.policy.place(rule.benefit.clause),
                    ]  # fmt: skip


def _yuan(fen: int) -> float:
    return fen / 100


def _end(fen: int) -> float | None:
    return None if fen == NO_END else fen / 100


def about(engine: Engine, on: date, done: Done) -> Iterator[tuple[str, str]]:
    """What the figures mean, what they were judged by, how the list was read."""
    yield "判断日", on.isoformat()
    for parameter in engine.pack.parameters.values():
        value = parameter.at(on)
        if value is not None:
            yield "外部参数", f"{parameter.name}为{value.value}，{value.words}"
    for one in standing_on(engine.corrections, on):
        yield "更正", f"{correction_words(engine.pack, one)}，自{day_words(one.since)}起，{one.words}"
    yield "政策包", say.edition(engine.pack.version)
    yield "性质", "批量测算只供参考，不是批准决定，以主管部门审核为准。"
    yield "名单", "读不出的单元格按“未知”处理，逐格列在“名单问题”工作表，改正后可重新测算。"
    yield "空格", "没有填的填报项按“未知”处理，不按零处理。"
    yield (
        "以往奖励",
        "在名单的工作表“以往奖励”里逐行列明的，或者登记簿里有的才计入；都没有的按不知道处理，写明“无”的按没有领过处理。",
    )
    yield (
        "确定金额合计",
        "只加可申请且按条款计算的资金、贴息，已扣除不能并领的和共同限额；不含上限、由主管部门核定的和贷款。",
    )
    yield "上限合计", "可申请而只公布上限的事项的上限相加，具体由主管部门核定，不计入确定金额。"
    yield (
        "差一点",
        "现在不符合，只差一项依法可以改变的条件；“还差什么”写明差什么；金额是达到以后这一项自己的，没有减去不能并领和共同限额，合计未必增加这么多。",
    )
    yield "最该补充的一项", "补上这一项，最多的支持事项就能有结论；“补充后可定”是只缺这一项的支持事项数。"
    yield (
        "需补充信息",
        "还缺信息的支持事项只计数，不逐项列出；要看全部事项，导出时连明细（CSV）一起存：窗口里按 Ctrl+Shift+E，命令行加 --detail。",
    )
    yield (
        "合计",
        "各事项的确定金额没有分摊共同限额，相加可能大于“全部”一行；“小计”的个数是各事项相加，一个申请人有几项就算几个，“全部”一行是申请人数。",
    )
    yield from (("口径", words) for words in FIGURE_WORDS.values())
    for line in done.told:
        yield "名单", line
    if done.bad > len(done.found):
        yield "名单问题", f"共 {done.bad} 处，只列出前 {len(done.found)} 处。"
