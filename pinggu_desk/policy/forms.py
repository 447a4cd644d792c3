"""The closed set of rule forms (规则形式): conditions and quantities as typed nodes.

A node says what a clause says and nothing of how it is computed: its meaning (scalar and columnar) is in
``assess.meaning``, its Chinese reading in ``policy.reading``, its surface syntax in ``policy.surface``.
Every node carries ``cite``, the clause ids (条款) that it rests on, and ``path``, its place in ``policy.yaml``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pinggu_desk.policy.quantity import Quantity

Path = tuple[str | int, ...]
Rounding = Literal["舍去", "进位", "四舍五入"]
Comparison = Literal["不低于", "超过", "低于", "不超过", "为", "不晚于", "不早于"]


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """Base of all forms; compared by identity, since each stands at one place of one rule."""

    cite: tuple[str, ...]
    path: Path


# --- quantities -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class Lit(Node):
    """A stated quantity: ``500万元``."""

    quantity: Quantity


@dataclass(frozen=True, slots=True, eq=False)
class Name(Node):
    """A fact, a parameter or a definition by its name."""

    name: str


@dataclass(frozen=True, slots=True, eq=False)
class Share(Node):
    """``投资额 的 5%``, ``平均工资 的 3倍``: the base times a rate, rounded to the smallest unit once."""

    base: Expr
    rate: Quantity


@dataclass(frozen=True, slots=True, eq=False)
class Per(Node):
    """``到位外资 每100万美元 2万元``: ``each`` for every ``step``, in proportion, or for whole steps only (``整``)."""

    base: Expr
    step: Quantity
    each: Quantity
    whole: bool


@dataclass(frozen=True, slots=True, eq=False)
class Times(Node):
    """``按 … 乘 …``: a sum times a count of things, months or days, or times a rate that is itself asked or worked out."""

    of: Expr
    by: Expr


@dataclass(frozen=True, slots=True, eq=False)
class After(Node):
    """``上市日 后 60个工作日``: the last day of a period; the first day is not counted (起算日不计入).

    ``deed`` is what has to be done by then, as a time limit says it (提出, 整改达标).
    """

    base: Expr
    term: Quantity
    deed: str = "办理"


@dataclass(frozen=True, slots=True, eq=False)
class Cap(Node):
    """``按 … 封顶 …`` (给予最高不超过): the lesser of the two; stays a computed figure."""

    of: Expr
    cap: Expr


@dataclass(frozen=True, slots=True, eq=False)
class Less(Node):
    """``按 … 扣减 …`` (补差): what remains, never below zero."""

    of: Expr
    less: Expr


@dataclass(frozen=True, slots=True, eq=False)
class Rounded(Node):
    """``按 … 取整 1万元 舍去``: in whole steps, what is over left out (舍去), made a whole one (进位) or by halves (四舍五入)."""

    of: Expr
    step: Quantity
    way: Rounding


@dataclass(frozen=True, slots=True, eq=False)
class Between(Node):
    """``{自: 开工日, 至: 竣工日, 计: 天数}``: days or complete months; the first day is not counted (起算日不计入).

    Nought where the second day is not the later.
    """

    start: Expr
    end: Expr
    months: bool


@dataclass(frozen=True, slots=True, eq=False)
class Growth(Node):
    """``{同比: [本年营收, 上年营收]}``: by what part of the second the first is more, as a rate; nought where it is less."""

    now: Expr
    then: Expr


@dataclass(frozen=True, slots=True, eq=False)
class UpTo(Node):
    """``不高于 …`` (with ``不低于`` when the lower end is published): only the ends are certain."""

    low: Expr | None
    high: Expr


@dataclass(frozen=True, slots=True, eq=False)
class Sum(Node):
    """``合计``: the sum of the parts."""

    parts: tuple[Expr, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Each(Sum):
    """``{逐项: 租房处数, 合计: 量}``: what each of several things comes to, added up (``policy.things``).

    ``body`` is the rule for one of them as it is written; ``parts`` are that of the first, the second …, each while there are so many.
    """

    over: Name
    body: Expr


@dataclass(frozen=True, slots=True, eq=False)
class Choose(Node):
    """``较高`` or ``较低`` of several quantities."""

    parts: tuple[Expr, ...]
    highest: bool


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """One row of a band table: a range with its ends said to be in or out, or a set of options."""

    label: str
    low: Quantity | None
    low_in: bool
    high: Quantity | None
    high_in: bool
    options: tuple[str, ...]
    value: Expr
    path: Path


@dataclass(frozen=True, slots=True, eq=False)
class Bands(Node):
    """``分档``: the one row that the quantity or option falls in (no order, no gap, no overlap); ``其余`` otherwise."""

    on: Name
    rows: tuple[Row, ...]
    otherwise: Expr | None


@dataclass(frozen=True, slots=True, eq=False)
class Steps(Node):
    """``阶梯``: a step table by its breakpoints; below ``at[0]`` gives ``give[0]``, from ``at[i]`` on ``give[i+1]``."""

    on: Name
    at: tuple[Quantity, ...]
    give: tuple[Quantity, ...]


@dataclass(frozen=True, slots=True, eq=False)
class If(Node):
    """``若 … 则 … 否则 …``."""

    when: Cond
    then: Expr
    other: Expr


@dataclass(frozen=True, slots=True, eq=False)
class Undetermined(Node):
    """``待定``: no figure is published; review decides (金额未公布)."""


@dataclass(frozen=True, slots=True, eq=False)
class InKind(Node):
    """``实物``: services, places, statuses; no money. ``cites`` are the clauses of each service, where the rule says them."""

    services: tuple[str, ...]
    cites: tuple[tuple[str, ...], ...] = ()

    @property
    def each(self) -> tuple[InKind, ...]:
        """Every service by itself, resting on its own sentence."""
        cites = self.cites or (self.cite,) * len(self.services)
        return tuple(InKind(cite, self.path, (words,)) for words, cite in zip(self.services, cites, strict=True))


@dataclass(frozen=True, slots=True, eq=False)
class Nothing(Node):
    """``不予``: zero, so the benefit is ruled out."""


# --- conditions -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class All(Node):
    """Every line holds."""

    parts: tuple[Cond, ...]


@dataclass(frozen=True, slots=True, eq=False)
class AnyOf(Node):
    """``任一``: at least one line holds."""

    parts: tuple[Cond, ...]


@dataclass(frozen=True, slots=True, eq=False)
class AtLeast(Node):
    """``{至少: 2项, 其中: […]}``: so many of the lines hold, whichever they are; ``number`` counts them."""

    number: Quantity
    parts: tuple[Cond, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Not(Node):
    """``非``."""

    part: Cond


@dataclass(frozen=True, slots=True, eq=False)
class Compare(Node):
    """``名: 判断词 对照`` on quantities or dates. 不低于、不超过 include the bound; 超过、低于 do not."""

    left: Expr
    word: Comparison
    right: Expr


@dataclass(frozen=True, slots=True, eq=False)
class IsOne(Node):
    """``选项: 为 甲、乙``, ``事实: 是``: a choice is among the named ones (yes/no facts name 是 or 否).

    ``presumed`` (``默认为 甲``) takes it to be so while nobody answered: told with the answer and never asked for.
    """

    left: Name
    options: tuple[str, ...]
    presumed: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Since(Node):
    """``投产日期: 满 2年``: so long ago on the day of judgement (判断日) that the term is complete."""

    left: Name
    term: Quantity


# --- both -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class Verdict(Node):
    """``人工认定``: the text leaves a gap; ``who`` decides. As a quantity ``possible`` lists the answers in question.

    ``truth`` tells a verdict that stands for a condition from one that stands for a quantity.
    """

    who: str
    why: str
    possible: tuple[Expr, ...]
    truth: bool


@dataclass(frozen=True, slots=True, eq=False)
class ByReading(Node):
    """``按读法``: one branch as the reading is taken (取), the other as it could be read (另)."""

    reading: str
    taken: Expr | Cond
    other: Expr | Cond


Expr = (
    Lit | Name | Share | Per | Times | After | Cap | Less | Rounded | Between | Growth | UpTo | Sum | Choose | Bands | Steps | If
    | Undetermined | InKind | Nothing | Verdict | ByReading
)  # fmt: skip
Cond = All | AnyOf | AtLeast | Not | Compare | IsOne | Since | Verdict | ByReading


def children(node: Expr | Cond) -> tuple[Expr | Cond, ...]:
    """The nodes directly below ``node``, in reading order."""
    match node:
        case Share() | Per() | After():
            return (node.base,)
        case Times():
            return (node.of, node.by)
        case Cap():
            return (node.of, node.cap)
        case Less():
            return (node.of, node.less)
        case Rounded():
            return (node.of,)
        case Between():
            return (node.start, node.end)
        case Growth():
            return (node.now, node.then)
        case UpTo():
            return (node.low, node.high) if node.low is not None else (node.high,)
        case Sum() | Choose() | All() | AnyOf() | AtLeast():
            return node.parts
        case Bands():
            rest = (node.otherwise,) if node.otherwise is not None else ()
            return (node.on, *(row.value for row in node.rows), *rest)
        case Steps():
            return (node.on,)
        case If():
            return (node.when, node.then, node.other)
        case Not():
            return (node.part,)
        case Compare():
            return (node.left, node.right)
        case IsOne() | Since():
            return (node.left,)
        case Verdict():
            return node.possible
        case ByReading():
            return (node.taken, node.other)
        case _:
            return ()


def walk(node: Expr | Cond) -> list[Expr | Cond]:
    """``node`` and everything below it, in reading order."""
    found = [node]
    for child in children(node):
        found.extend(walk(child))
    return found
