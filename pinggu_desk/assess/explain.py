"""The working (测算过程), line by line, each line naming its clauses: a walk over decided and open nodes.

Conditions are told by ``assess.grounds``, figures here; every sentence is worded by ``policy.say``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction

from pinggu_desk.assess.env import Env
from pinggu_desk.assess.grounds import Grounds
from pinggu_desk.assess.meaning import Meaning
from pinggu_desk.assess.notes import TraceLine
from pinggu_desk.policy import forms as f
from pinggu_desk.policy import say
from pinggu_desk.policy.facts import Fact
from pinggu_desk.policy.forms import Cond, Expr
from pinggu_desk.policy.models import Definition
from pinggu_desk.policy.parameters import Parameter
from pinggu_desk.policy.quantity import INF, Dim, show
from pinggu_desk.policy.reading import rounding, step_rows
from pinggu_desk.policy.say import Mark

#: Days between the earliest and the latest end of a period that are still worth printing.
_FORESEEABLE = 400
#: what a value is called while it is not known
_UNSTATED, _UNENTERED, _OPEN = "未填", "未录入", "待定"


class Explainer:
    """Explains one policy's forms in one environment; ``opened`` gives that environment without what unknown facts declare."""

    def __init__(self, meaning: Meaning, env: Env, opened: Callable[[], Env]) -> None:
        self.meaning, self.env, self.scope, self._opened = meaning, env, meaning.scope, opened
        self.grounds = Grounds(self)
        self._values: dict[f.Node, str] = {}
        self._units: dict[f.Node, str] = {}

    def span(self, node: Expr | Cond) -> tuple[int, int]:
        """The span of a form in this environment."""
        return self.meaning.of(node)(self.env)

    def condition(self, node: Cond) -> list[TraceLine]:
        """The lines that show whether a condition holds."""
        return self.grounds.lines(node)

    def taken(self, node: f.ByReading) -> Expr | Cond:
        """The branch of a reading that is taken in this run."""
        taken = self.env.values[self.meaning.slots.slot(f"读法:{node.reading}")][0]
        return node.taken if taken else node.other

    def definition(self, name: f.Name) -> Expr | Cond | None:
        """What a name stands for where the policy defines it."""
        found = self.scope.lookup(name)
        return found.body if isinstance(found, Definition) else None

    def standing_for(self, node: Expr) -> Expr:
        """The fact that a name stands for here, where its definition only says whose answer counts for whom (若 … 则 … 否则 …)."""
        body = self.definition(node) if isinstance(node, f.Name) else None
        given = self._applying(body) if isinstance(body, f.If) else None
        return given if isinstance(given, f.Name) else node

    def unit(self, node: Expr | Cond) -> str:
        """The word for what is counted (人, 家, 人次): that of the first fact in the form that counts anything."""
        word = self._units.get(node)
        if word is None:
            named = (n for n in self.scope.reach(node) if isinstance(n, f.Name))
            word = self._units[node] = next((unit for n in named if (unit := self.scope.unit(n))), "")
        return word

    def value(self, node: Expr | Cond) -> str:
        """A form's value in words: exact, a range, or 未填."""
        words = self._values.get(node)
        if words is None:
            words = self._values[node] = self._value(node)
        return words

    def _value(self, node: Expr | Cond) -> str:
        if isinstance(node, f.Nothing):
            return "不予支持"
        low, high = self.span(node)
        found = self.scope.lookup(node) if isinstance(node, f.Name) else None
        if low == high:
            return found.show(low) if isinstance(found, Fact) else self._shown(low, node)
        if isinstance(found, (Fact, Parameter)):
            return _UNSTATED if isinstance(found, Fact) else _UNENTERED
        dim = self.meaning.dim(node)
        if dim is Dim.DATE and high - low < _FORESEEABLE:
            return self._provisional(node) or f"{show(low, dim)}或以后"
        # the most that an unknown fact declares is a bound on typing, no end that anybody published
        if high >= INF or dim in (Dim.DATE, Dim.TRUTH) or self.meaning.of(node)(self._opened())[1] != high:
            return (self.unstated(node) if dim is Dim.DATE else "") or _OPEN
        if not low and dim is Dim.MONEY:
            return f"最高{show(high, dim)}"
        if dim is Dim.MONTHS and (not low or low % 12 or high % 12):
            return f"{low}个月至{high}个月"
        return f"{self._shown(low, node)}至{self._shown(high, node)}"

    def unstated(self, node: Expr | Cond) -> str:
        """Which of the days that one is counted from are not stated (上市日未填); empty where none of them is what is open."""
        facts = [n for n in self.scope.reach(node) if isinstance(n, f.Name) and isinstance(self.scope.lookup(n), Fact)]
        missing = dict.fromkeys(n.name for n in facts if self.meaning.dim(n) is Dim.DATE and len({*self.span(n)}) > 1)
        return f"{'、'.join(missing)}{_UNSTATED}" if missing else ""

    def _shown(self, value: int, node: Expr | Cond) -> str:
        dim = self.meaning.dim(node)
        return show(value, dim, self.unit(node) if dim is Dim.COUNT else "")

    def _provisional(self, node: Expr | Cond) -> str:
        """The one day that is printed of a term which runs into an unpublished year, and which year that is."""
        found = self.scope.lookup(node) if isinstance(node, f.Name) else None
        last = found.body if isinstance(found, Definition) else node
        if not isinstance(last, f.After) or last.term.dim is not Dim.WORKDAYS:
            return ""
        start, calendar = self.span(last.base), self.meaning.slots.calendar(self.scope.pack.calendar, self.env.on)
        if start[0] != start[1]:
            return ""
        day = calendar.provisional(start[0], last.term.value)
        return f"暂按{show(day, Dim.DATE)}计，{calendar.pending(start[0], day)}"

    @staticmethod
    def _line(text: str, node: f.Node, mark: Mark) -> TraceLine:
        return TraceLine(text, node.cite[0] if node.cite else "", mark, node.cite[1:])

    # --- amounts ---

    def amount(self, node: Expr | Cond) -> list[TraceLine]:
        """The lines that show how a figure is worked out."""
        match node:
            case f.Lit():
                words = say.literal(node.quantity)
                given = f"按条款给予的比例为{words}" if node.quantity.dim is Dim.RATE else f"按条款给予{words}"
                return [self._line(given, node, "value")]
            case f.Name():
                return self._named(node)
            case f.Share() | f.Per():
                return [self._line(self._product(node), node, "value")]
            case f.Times():
                return [*self._under(node.of), self._line(self._times(node), node, "value")]
            case f.Cap():
                return [*self.amount(node.of), self._cap(node)]
            case f.Less():
                rest = "" if self.value(node) == _OPEN else f"，余{self.value(node)}"
                text = f"减去{self._valued(node.less)}{rest}"
                return [*self.amount(node.of), self._line(text, node, "value")]
            case f.UpTo():
                return [*self._under(node.high), self._line(self._ceiling(node), node, "note")]
            case f.Sum():
                return self._sum(node)
            case f.Choose():
                lines = [line for part in node.parts for line in self._under(part)]
                fixed = "、".join(say.literal(part.quantity) for part in node.parts if isinstance(part, f.Lit))
                beside = f"与{fixed}相比，" if fixed else ""  # a floor that isn't reached gives nothing by itself
                word = "高" if node.highest else "低"
                return [*lines, self._line(f"{beside}取较{word}者{self.value(node)}", node, "value")]
            case f.Bands():
                return self._bands(node)
            case f.Steps():
                return [*self._basis(node.on), self._step(node)]
            case f.If():
                return self._if(node)
            case f.ByReading():
                return self.amount(self.taken(node))
            case f.Verdict():
                maybe = f"，可能为{'、'.join(self.value(part) for part in node.possible)}" if node.possible else ""
                return [self._line(f"{node.why}，由{node.who}认定{maybe}", node, "open")]
            case f.Undetermined():
                return [self._line(f"原文未公布金额，{self.scope.policy.decided}", node, "note")]
            case f.InKind():
                return [self._line(f"提供：{one.services[0]}", one, "value") for one in node.each]
            case f.Nothing():
                return [self._line("不在给予支持的范围内", node, "fails")]
            case _:
                return self._measures(node)

    def _under(self, node: Expr | Cond) -> list[TraceLine]:
        """The working under a ceiling or a product; a bare figure there is no sum that is given, so it has no line."""
        return [] if isinstance(node, f.Lit) else self.amount(node)

    def _named(self, node: f.Name) -> list[TraceLine]:
        body = self.definition(node)
        if body is None:
            return [self._line(f"{node.name}：{self.value(node)}", node, "value")]
        return [*self.amount(body), self._line(f"{node.name}：{self.value(node)}", node, "value")]

    def _times(self, node: f.Times) -> str:
        """``6000元/月 × 12个月 = 72,000元``: a sum for each month, day, person, and how many of them."""
        each, by, total = (self.span(part) for part in (node.of, node.by, node))
        dim, said = self.meaning.dim(node.by), self.meaning.said(node.by)
        times = f"{by[0]}个月" if dim is Dim.MONTHS and by[0] == by[1] else self.value(node.by)
        per = {Dim.MONTHS: "/月", Dim.DAYS: "/天"}.get(dim, f"/{self.unit(node.by)}" if self.unit(node.by) else "")
        bare = (not per and isinstance(node.of, f.Name)) or self.value(node.of) in (_OPEN, _UNSTATED, _UNENTERED)
        of = self._valued(node.of) if bare else f"{self.value(node.of)}{per}"
        factor = said if isinstance(node.by, f.Lit) else f"{said}（{times}）"
        if each[0] == each[1] and by[0] == by[1]:
            if dim is Dim.MONTHS or not isinstance(node.by, f.Lit):
                factor = times if times == said else f"{times}（{said}）"
            if self.meaning.dim(node.of) is Dim.MONEY:
                return say.product(each[0], of, factor, total[0], self.value(node))
        return f"{of} × {factor}{self._equals(node)}"

    def _valued(self, node: Expr | Cond) -> str:
        """A form in words with its value behind (``投资额（100万元）``); a figure is its own value, and is said once."""
        said = self.meaning.said(node)
        return said if isinstance(node, f.Lit) else f"{said}（{self.value(node)}）"

    def _measures(self, node: Expr | Cond) -> list[TraceLine]:
        if not isinstance(node, (f.Rounded, f.Between, f.Growth)):
            return []  # a condition has no figure
        under = self._under(node.of) if isinstance(node, f.Rounded) else []
        return [*under, self._line(self._measured(node), node, "value")]

    def _measured(self, node: f.Rounded | f.Between | f.Growth) -> str:
        """``自入驻日（2025年1月6日）至退租日（2025年4月7日）共91日``; ``本年营收（120万元）比上年营收（100万元）的增长率为20%``."""
        if isinstance(node, f.Rounded):
            come = "" if self.value(node) == _OPEN else f"，计{self.value(node)}"
            return f"按{node.step.text}取整（{rounding(node)}）{come}"
        first, second = map(self._valued, f.children(node))
        value = self.value(node)
        if isinstance(node, f.Between):
            return f"自{first}至{second}" + ("" if value == _OPEN else f"共{value}")
        return f"{first}比{second}的增长率" + ("" if value == _OPEN else f"为{value}")

    def _equals(self, node: Expr) -> str:
        """`` = 40万元``; nothing where the result is as open as what it is worked out of."""
        value = self.value(node)
        return "" if value == _OPEN else f" = {value}"

    def _ceiling(self, node: f.UpTo) -> str:
        high = self.value(node.high)
        if node.low is not None:
            return f"只公布上下限：{self.value(node.low)}至{high}，实际金额{self.scope.policy.decided}"
        if high in (_OPEN, _UNSTATED, _UNENTERED):
            return f"以上按比例算出的数额为上限，实际金额{self.scope.policy.decided}"
        return f"上限{high.removeprefix('最高')}，实际金额{self.scope.policy.decided}"

    def _product(self, node: f.Share | f.Per) -> str:
        base = self._valued(node.base)
        if isinstance(node, f.Share):
            return f"{base} × {node.rate.text}{self._equals(node)}"
        whole = "（只计整数）" if node.whole else ""
        come = "" if self.value(node) == _OPEN else f"，计{self.value(node)}"
        return f"{base}，每{node.step.text}{say.literal(node.each)}{whole}{come}"

    def _cap(self, node: f.Cap) -> TraceLine:
        of, cap = self.span(node.of), self.span(node.cap)
        limit = self.value(node.cap)
        applies = self._applying(node.cap)
        known = f"（{self.meaning.said(applies)}）" if not isinstance(applies, f.Lit) else ""
        if of[0] > cap[1]:
            return self._line(f"超过上限{known}，按上限{limit}计", node, "value")
        if of[1] <= cap[0]:
            return self._line(f"未超过上限{limit}{known}", node, "value")
        return self._line(f"最高不超过{limit.removeprefix('最高')}{known}", node, "value")

    def _applying(self, node: Expr | Cond) -> Expr | Cond:
        """What a ceiling comes down to where it is settled which one applies: the others are no part of this working."""
        while True:
            if isinstance(node, f.ByReading):
                node = self.taken(node)
            elif isinstance(node, f.If) and len({*self.span(node.when)}) == 1:
                node = node.then if self.span(node.when)[0] else node.other
            else:
                return node

    def _each(self, node: f.Each) -> list[TraceLine]:
        """Each thing's own working, as many as there are, and what they come to."""
        low, high = self.span(node.over)
        unit = self.unit(node.over)
        if low != high:
            return [self._line(f"{node.over.name}待补充后，逐{unit}计算", node, "open")]
        things = [part.then for part in node.parts[:low] if isinstance(part, f.If)]
        if not things:
            return [self._line(f"{node.over.name}：{self.value(node.over)}", node, "value")]
        shown, total = " + ".join(self.value(one) for one in things), self.value(node)
        words = f"以上{low}{unit}合计，待补充后测算" if total == _OPEN else f"{low}{unit}合计 {shown} = {total}"
        lines = [
            _of_thing(line, f"第{number}{unit}") for number, one in enumerate(things, 1) for line in self.amount(one)
        ]
        return [*lines, self._line(words, node, "value")]

    def _sum(self, node: f.Sum) -> list[TraceLine]:
        if isinstance(node, f.Each):
            return self._each(node)
        lines = [line for part in node.parts for line in self.amount(part)]
        if lines and self.meaning.dim(node) is Dim.SCORE:
            lines = [
                line
                for line in lines
                if not line.text.startswith(tuple(self.meaning.said(p) + "：" for p in node.parts))
            ]
        shown = " + ".join(self.value(part) for part in node.parts)
        total = self.value(node)
        words = f"以上{len(node.parts)}项合计，待补充后测算" if total == _OPEN else f"合计 {shown} = {total}"
        return [*lines, self._line(words, node, "value")]

    def _bands(self, node: f.Bands) -> list[TraceLine]:
        low, high = self.span(node.on)
        rows = [row for row in node.rows if self.meaning.row_test(node, row)(low, high)[1]]
        name, value = node.on.name, self.value(node.on)
        if low != high:
            stated = name if value == _UNSTATED else f"{name}（{value}）"
            return [self._line(f"{stated}待补充后才能定档", node, "open")]
        if not rows:
            return self._no_row(node)
        cite = rows[0].value.cite or node.cite
        alone = rows[0].low is not None and rows[0].high is not None and rows[0].low.value == rows[0].high.value
        fell = "" if rows[0].options else f"，属于“{'正好' + value if alone else rows[0].label}”一档"
        if isinstance(rows[0].value, f.Nothing):
            return [TraceLine(f"{name}：{value}{fell}，这一档不予支持：不符合", cite[0], "fails", cite[1:])]
        return [TraceLine(f"{name}：{value}{fell}", cite[0], "value", cite[1:]), *self.amount(rows[0].value)]

    def _no_row(self, node: f.Bands) -> list[TraceLine]:
        """A value that no row has: what the rows ask, and, where there is a rest, what that gives."""
        name, value = node.on.name, self.value(node.on)
        given = [row for row in node.rows if not isinstance(row.value, f.Nothing)]
        if not isinstance(node.otherwise, f.Nothing):
            rest = self.amount(node.otherwise) if node.otherwise is not None else []
            other = f"{name}：{value}，不在列明的各类之内" if node.rows[0].options else ""
            return [self._line(other or f"{say.stated(name, value)}，不在列明的各档之内", node, "value"), *rest]
        if node.rows[0].options:
            text = say.chosen(name, value, [option for row in given for option in row.options], True, "fails")
        else:
            text = self._below(node, given) or say.no_row(say.stated(name, value), [row.label for row in given])
        return [self._line(say.ended(text, "fails"), node, "fails")]

    def _below(self, node: f.Bands, rows: list[f.Row]) -> str:
        """A value below every row, as it falls short of the lowest."""
        edges = [(row.low.value, number) for number, row in enumerate(rows) if row.low is not None]
        lowest = rows[min(edges)[1]] if edges else None
        value = self.span(node.on)[0]
        if lowest is None or lowest.low is None or len(rows) != sum(row.low is not None for row in rows):
            return ""
        word = "不低于" if lowest.low_in else "超过"
        if value > lowest.low.value:
            return ""
        short = say.short_of(
            word, Fraction(value), Fraction(lowest.low.value), self.meaning.dim(node.on), self.unit(node.on)
        )
        return say.compared(
            say.stated(node.on.name, self.value(node.on)), word, say.literal(lowest.low), "fails", short
        )

    def _basis(self, name: f.Name) -> list[TraceLine]:
        """How the quantity that a table looks at was worked out, when it is itself a definition."""
        body = self.definition(name)
        return self.amount(body) if body is not None else []

    def _step(self, node: f.Steps) -> TraceLine:
        low, high = self.span(node.on)
        if low != high and self.span(node)[0] != self.span(node)[1]:
            return self._line(f"{node.on.name}（{self.value(node.on)}）尚不能定档", node, "open")
        index = sum(low >= quantity.value for quantity in node.at)
        label, give = step_rows(node)[index]
        return self._line(f"{node.on.name} {self.value(node.on)}，在{label}一档：{give.text}", node, "value")

    def _if(self, node: f.If) -> list[TraceLine]:
        when = self.span(node.when)
        if when[0] != when[1]:
            return [line for line in self.condition(node.when) if line.mark == "open"]
        given = node.then if when[0] else node.other
        if isinstance(given, f.Nothing):  # what is not given is told by why it isn't
            return [line for line in self.grounds.lines(node.when, not when[0]) if line.mark == "fails"]
        return self.amount(given)

    def nothing_left(self, node: Expr | Cond) -> list[TraceLine]:
        """Why a figure comes to nought: which base is nought, or what was received before leaves no difference."""
        low, high = self.span(node)
        if low or high:
            return []
        match node:
            case f.Less():
                of, less = self.value(node.of), self.value(node.less)
                if self.span(node.of)[1]:
                    said, dim = self.meaning.said(self.standing_for(node.less)), self.meaning.dim(node.of)
                    text = say.used_up(say.stated(said, less), self._due(node.of, of), dim)
                    return [self._line(say.ended(text, "fails"), node, "fails")]
                return self.nothing_left(node.of)
            case f.Name() if (body := self.definition(node)) is not None:
                return self.nothing_left(body)
            case f.Name() | f.Share() | f.Per():
                base = node if isinstance(node, f.Name) else node.base
                if not isinstance(base, f.Name) or self.definition(base) is not None or self.span(base)[1]:
                    return self.nothing_left(base) if base is not node else []
                text = say.no_base(say.stated(base.name, self.value(base)))
                return [self._line(say.ended(text, "fails"), node, "fails")]
            case f.ByReading():
                return self.nothing_left(self.taken(node))
            case f.Bands():
                row = [row for row in node.rows if self.meaning.row_test(node, row)(*self.span(node.on))[1]]
                given = row[0].value if row else node.otherwise
                own = [line for line in self._bands(node) if line.mark == "fails"]
                return own or ([] if given is None else self.nothing_left(given))
            case f.If():
                when = self.span(node.when)
                if when[0] != when[1]:  # nothing whichever it is
                    return self._first((node.then, node.other)) or self._if(node)
                return self.nothing_left(node.then if when[0] else node.other)
            case _:
                return self._first(f.children(node))

    def _due(self, node: Expr | Cond, value: str) -> str:
        """What there was to have: a stated figure by its name (创业贷款年利率2%), one that the text gives by itself."""
        stated = isinstance(node, f.Name) and self.definition(node) is None
        return say.stated(self.meaning.said(node), value) if stated else f"本项可得的{value}"

    def _first(self, parts: Iterable[Expr | Cond]) -> list[TraceLine]:
        lines = [line for part in parts for line in self.nothing_left(part)]
        return list(dict.fromkeys(lines))


def _of_thing(line: TraceLine, which: str) -> TraceLine:
    """A line of one thing's working, which says of which: two that are alike are two."""
    text, short = (words if not words or which in words else f"{which}：{words}" for words in (line.text, line.short))
    return TraceLine(text, line.clause, line.mark, line.also, short)
