"""Statistics (统计): the register's cases counted by policy, benefit, result, month, clerk and window. Knows no Qt.

What is counted is said once, here: a case is one that the ledger lists and nobody withdrew, in the month in which it was opened; its result
is what its latest paper states. Money of one applicant for one benefit counts once in a row, and once in the total, by the latest
paper of the cases that are counted there: a row says the same as the table of that row alone would.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Literal, get_args

from pinggu_desk.documents.statistics.table import StatTable
from pinggu_desk.policy.errors import BadInput
from pinggu_desk.register.records import MATCHING, MATCHING_TITLE
from pinggu_desk.work.periods import ALL_TIME, Period
from pinggu_desk.work.statsums import Record, Sum, sum_of

if TYPE_CHECKING:
    from pinggu_desk.policy.models import Pack
    from pinggu_desk.register import Register
    from pinggu_desk.register.statistics import CountedCase

Dimension = Literal["政策", "支持事项", "结论", "月份", "经办人", "窗口"]
DIMENSIONS: tuple[Dimension, ...] = get_args(Dimension)
#: a table goes by one or two of them
MOST_DIMENSIONS = 2
#: dimensions that a benefit has and a case hasn't
_OF_BENEFIT = frozenset({"支持事项", "结论"})
#: dimensions whose rows have an order of their own
_IN_ORDER = frozenset({"结论", "月份", "经办人", "窗口"})
NO_PAPER = "未出具文书"
#: so many cases are read in one turn: a few milliseconds, so that an edit never waits longer
PORTION = 200
_RESULTS = {"eligible": "可申请", "review": "需人工认定", "unknown": "需补充信息", "ineligible": "不符合"}
_WITHDRAWN = "已撤销"


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked: by which dimensions, of which period, of which values only (dimension, its value's id)."""

    by: tuple[Dimension, ...]
    period: Period = ALL_TIME
    only: tuple[tuple[Dimension, str], ...] = ()


@dataclass
class Cube:
    """The cases as they were read, once; every table is made of them without reading again.

    ``titles`` names policies, ``benefits`` the pack's benefits, ``clerks`` clerks by number. In a practice register invented
    applicants (示例) are what is counted; in a real one they are left out, and that is said.
    """

    titles: Mapping[str, str]
    benefits: Mapping[str, str]
    clerks: Mapping[str, str] = field(default_factory=dict)
    practice: bool = False
    cases: list[CountedCase] = field(default_factory=list)

    def label(self, dimension: Dimension, value: str) -> str:
        """A value of a dimension as it is shown."""
        match dimension:
            case "政策":
                return MATCHING_TITLE if value == MATCHING else self.titles.get(value, value)
            case "支持事项":
                return self._benefit_titles.get(value, value) if value else NO_PAPER
            case "结论":
                return _RESULTS.get(value, NO_PAPER)
            case "月份":
                return f"{int(value[:4])}年{int(value[5:])}月"
            case "经办人":
                name = self.clerks.get(value, "")
                return f"{name}（{value}）" if name else f"工号 {value}"
            case "窗口":
                return "未设窗口号" if value == "0" else f"{value} 号窗口"

    @cached_property
    def _benefit_titles(self) -> dict[str, str]:
        """Benefits by id; two of one title are told apart by their policies."""
        named = {f.benefit: f.title for case in self.cases for f in case.findings} | dict(self.benefits)
        seen: dict[str, list[str]] = {}
        for benefit, title in named.items():
            seen.setdefault(title, []).append(benefit)
        return {
            b: title if len(seen[title]) == 1 else f"{title}（{self.label('政策', policy_of(b))}）"
            for b, title in named.items()
        }

    def values(self, dimension: Dimension) -> list[tuple[str, str]]:
        """The values that a dimension has among the cases, with their labels, in the order of a table."""
        query = Query((dimension,))
        match dimension:
            case "窗口":
                found = {case.window for case in self.counted(query)}
            case "经办人":
                found = {case.clerk_no for case in self.counted(query)}
            case _:
                found = {row.keys[0] for row in self._records(query)}
        return [(key, self.label(dimension, key)) for key in sorted(found, key=lambda k: _order(dimension, k))]

    # --- counting

    def counted(self, query: Query) -> list[CountedCase]:
        """The cases of the period that count: not withdrawn, and none of an invented applicant beside real ones."""
        return [
            case for case in self.cases
            if case.state != _WITHDRAWN and (self.practice or not case.sample) and query.period.holds(case.opened_at.date())
        ]  # fmt: skip

    def table(self, query: Query) -> StatTable:
        """The table of a question; its rows in the order that reads best: months and results in theirs, else the largest first."""
        check_query(query)
        rows: dict[tuple[str, ...], Sum] = {}
        for record in self._records(query):
            row = rows.get(record.keys)
            if row is None:
                row = rows[record.keys] = Sum()
            row.add(record)
        total = sum_of(rows.values())
        places = _places(query, rows)
        made = [rows[key].row(tuple(map(self.label, query.by, key))) for key in sorted(rows, key=places.__getitem__)]
        return StatTable(
            query.by, tuple(made), total.row(("合计",)), query.period.words, self._picked(query),
            tuple(self._notes(query, list(rows.values()), total)),
        )  # fmt: skip

    def _records(self, query: Query) -> Iterator[Record]:
        """Everything that is counted, each with the row it belongs to: the case itself, and each benefit of its paper."""
        by, only = query.by, query.only
        by_benefit = bool(_OF_BENEFIT & {*by, *(d for d, _ in only)})
        for case in self.counted(query):
            own = {"政策": case.policy, "月份": f"{case.opened_at:%Y-%m}", "经办人": case.clerk_no, "窗口": case.window}
            if not by_benefit or not case.findings:
                mine = own | {"支持事项": "", "结论": ""}
                if not only or _fits(mine, only):
                    yield Record(tuple([mine[d] for d in by]), case, None, True)
            for finding in case.findings:
                status = finding.status
                if not by_benefit and status not in ("eligible", "review"):
                    continue  # it adds nothing to a row of cases
                own["政策"], own["支持事项"], own["结论"] = policy_of(finding.benefit), finding.benefit, status
                if not only or _fits(own, only):
                    yield Record(tuple([own[d] for d in by]), case, finding, by_benefit)

    # --- saying

    def _picked(self, query: Query) -> str:
        return "；".join(f"{dimension}：{self.label(dimension, value)}" for dimension, value in query.only)

    def _notes(self, query: Query, rows: Sequence[Sum], total: Sum) -> Iterator[str]:
        """What is counted and what is not, a sentence each."""
        yield (
            "办件按开办日计入月份；结论和金额取自每个办件最近出具的一件文书，没有出具文书的只计件数；金额是按文书测算的数，"
            "不是已批准或已拨付的数，以主管部门审核为准。"
        )
        yield (
            "确定金额只加按条款算定的资金和贴息；上限是只有上限的事项的上限之和，单独一列，不与确定金额相加；"
            "贷款、补贴率、服务不计金额；区间和由主管部门核定金额的列入金额待定。"
        )
        if off := sum(finding.given_up for _, finding in total.money.values()):
            yield f"同一文书中不能并领和超出共同限额的 {_yuan(off)} 元已经扣除；不同文书之间没有核减。"
        else:
            yield "同一文书中不能并领的只计取用的一项；不同文书之间没有核减。"
        if total.older:
            yield (
                f"同一申请人的同一支持事项出过几次结论的，金额只计最近一次；另有较早的 {total.older} 项"
                f"（确定金额 {_yuan(total.older_certain)} 元）没有计入合计。"
            )
        more = sum(row.certain for row in rows) - total.certain, sum(row.ceiling for row in rows) - total.ceiling
        if any(more):
            yield (
                "同一申请人的同一支持事项分在几行的，每行各计一次，合计只计一次："
                f"各行相加比合计多，确定金额多 {_yuan(more[0])} 元，上限多 {_yuan(more[1])} 元。"
            )
        if old := sum(not finding.told for _, finding in total.money.values()):
            yield f"其中 {old} 项取自早先版本出具的文书，没有记下哪些不能并领，按各项全额计。"
        if (
            not _OF_BENEFIT & set(query.by)
            and "政策" in query.by
            and any(c.policy == MATCHING for c in self.counted(query))
        ):
            yield "政策匹配的办件单列一行计件数；它的文书上的各项，项数和金额计入各自的政策。"
        elif _OF_BENEFIT & set(query.by):
            yield "一个办件的文书说到几项，就在几行里各计一件；合计只计一次。"
        yield from self._left_out(query)

    def _left_out(self, query: Query) -> Iterator[str]:
        here = [c for c in self.cases if query.period.holds(c.opened_at.date())]
        if gone := sum(c.state == _WITHDRAWN for c in here):
            yield f"另有 {gone} 件已撤销的办件没有计入。"
        samples = 0 if self.practice else sum(c.sample and c.state != _WITHDRAWN for c in here)
        if samples:
            yield f"另有 {samples} 件示例申请人的办件没有计入。"
        if unnamed := sum(c.applicant is None for c in self.counted(query)):
            yield f"有 {unnamed} 件还没有登记申请人，申请人数里没有它们。"


def policy_of(benefit: str) -> str:
    """The policy of a benefit, by their ids."""
    return benefit.split(".", 1)[0]


def check_query(query: Query) -> None:
    """Raises `BadInput` where a table can't go by these dimensions."""
    if not 1 <= len(query.by) <= MOST_DIMENSIONS or len(set(query.by)) != len(query.by):
        raise BadInput(f"统计一次按一至{MOST_DIMENSIONS}个不同的方面，可用的有{'、'.join(DIMENSIONS)}。")


def read_cube(
    register: Register, pack: Pack, tell: Callable[[int, int], None] = lambda _done, _all: None
) -> Cube:  # fmt: skip
    """Read the whole register at once, for the command line; ``tell`` hears how many of how many cases are read."""
    cube = new_cube(pack, practice=register.practice)
    while register.prepare_statistics():
        pass
    total = register.case_total()
    while portion := register.count_cases(cube.cases[-1].id if cube.cases else 0, PORTION):
        take(cube, portion, register.clerk_name)
        tell(len(cube.cases), total)
    return cube


def new_cube(pack: Pack, *, practice: bool) -> Cube:
    """A cube without cases, whose names are the pack's."""
    policies = pack.all_policies()
    return Cube(
        {p.id: p.title.strip("《》") for p in policies}, {b.id: b.title for p in policies for b in p.benefits},
        practice=practice,
    )  # fmt: skip


def take(cube: Cube, portion: Sequence[CountedCase], name_of: Callable[[str], str]) -> None:
    """Add cases that were read, and the names of their clerks."""
    cube.cases.extend(portion)
    cube.clerks = {**cube.clerks, **{no: name_of(no) for no in {c.clerk_no for c in portion} - cube.clerks.keys()}}


# --- rows


def _fits(values: Mapping[str, str], only: Iterable[tuple[Dimension, str]]) -> bool:
    return all(values.get(dimension) == value for dimension, value in only)


def _places(query: Query, rows: Mapping[tuple[str, ...], Sum]) -> dict[tuple[str, ...], tuple[object, ...]]:
    """Where each row stands: within its first dimension's, which stand by their order or by what is in them, the largest first."""
    groups: dict[str, list[int]] = {}
    for key, row in rows.items():
        group = groups.setdefault(key[0], [0, 0, 0])
        for place, value in enumerate((row.certain, row.ceiling, len(row.cases))):
            group[place] -= value
    out: dict[tuple[str, ...], tuple[object, ...]] = {}
    for key, row in rows.items():
        first = (0,) if query.by[0] in _IN_ORDER else tuple(groups[key[0]])
        rest = (0,) if query.by[-1] in _IN_ORDER else (-row.certain, -row.ceiling, -len(row.cases))
        out[key] = (first, _order(query.by[0], key[0]), rest, _order(query.by[-1], key[-1]))
    return out


def _order(dimension: Dimension, value: str) -> tuple[int, str]:
    """Results from 可申请 on, without a paper last; everything else by its value."""
    results = [*_RESULTS, ""]
    return (results.index(value), "") if dimension == "结论" and value in results else (0, value)


def _yuan(fen: int) -> str:
    return f"{fen // 100:,}.{fen % 100:02d}"
