"""The working (测算过程), line by line, each line naming its clause: a walk over decided and open nodes."""

from __future__ import annotations

from pinggu_desk.assess.determination import Indicator, TraceLine
from pinggu_desk.assess.env import Env
from pinggu_desk.assess.meaning import Meaning
from pinggu_desk.policy import forms as f
from pinggu_desk.policy.facts import Fact
from pinggu_desk.policy.forms import Cond, Expr
from pinggu_desk.policy.models import Definition, Parameter
from pinggu_desk.policy.quantity import INF, Dim, show
from pinggu_desk.policy.reading import step_rows

_MARKS = {(1, 1): "holds", (0, 0): "fails"}
#: Days between the earliest and the latest end of a period that are still worth printing.
_FORESEEABLE = 400
_ENDINGS = {"holds": "符合", "fails": "不符合", "open": "待补充"}


class Explainer:
    """Explains one policy's forms in one environment."""

    def __init__(self, meaning: Meaning, env: Env) -> None:
        self.meaning, self.env, self.scope = meaning, env, meaning.scope
        self._lines: dict[f.Node, list[TraceLine]] = {}
        self._values: dict[f.Node, str] = {}

    def span(self, node: Expr | Cond) -> tuple[int, int]:
        """The span of a form in this environment."""
        return self.meaning.of(node)(self.env)

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
            if isinstance(found, Fact):
                return found.show(low)
            return show(low, self.meaning.dim(node))
        if isinstance(found, (Fact, Parameter)):
            return "未填"
        dim = self.meaning.dim(node)
        if dim is Dim.DATE and high - low < _FORESEEABLE:
            return self._provisional(node) or f"{show(low, dim)}或以后"
        if high >= INF or dim is Dim.DATE:
            return "待定"
        if not low and dim is Dim.MONEY:
            return f"最高{show(high, dim)}"
        return f"{show(low, dim)}至{show(high, dim)}"

    def _provisional(self, node: Expr | Cond) -> str:
        """The one day that is printed of a term which runs into an unpublished year, and which year that is."""
        found = self.scope.lookup(node) if isinstance(node, f.Name) else None
        last = found.body if isinstance(found, Definition) else node
        if not isinstance(last, f.After) or last.term.dim is not Dim.WORKDAYS:
            return ""
        start, calendar = self.span(last.base), self.scope.pack.calendar
        if start[0] != start[1]:
            return ""
        day = calendar.provisional(start[0], last.term.value)
        return f"暂按{show(day, Dim.DATE)}计，{calendar.pending(start[0], day)}"

    def is_outside(self, node: f.Name) -> bool:
        """Whether a name is an outside figure's (外部参数)."""
        return isinstance(self.scope.lookup(node), Parameter)

    # --- conditions ---

    def condition(self, node: Cond) -> list[TraceLine]:
        """The lines that show whether a condition holds; put together once, since benefits share conditions."""
        lines = self._lines.get(node)
        if lines is None:
            lines = self._lines[node] = self._condition(node)
        return lines

    def _condition(self, node: Cond) -> list[TraceLine]:
        span = self.span(node)
        match node:
            case f.All():
                return [line for part in node.parts for line in self.condition(part)]
            case f.AnyOf():
                return self._any(node, span)
            case f.ByReading():
                taken = self.env.values[self.meaning.slots.slot(f"读法:{node.reading}")][0]
                return self.condition(node.taken if taken else node.other)  # type: ignore[arg-type]
            case f.Verdict():
                return [self._line(f"{node.why}，由{node.who}认定", node, "open")]
            case f.Not():
                return [self._verdict_line(f"并非“{self.meaning.said(node.part)}”", node, span)]
            case f.IsOne() if self._definition(node.left) is not None and node.options == ("是",):
                return self.condition(self._definition(node.left))  # type: ignore[arg-type]
            case f.Compare():
                return [self._verdict_line(self._comparison(node), node, span)]
            case f.Since():
                return [
                    self._verdict_line(f"{node.left.name}（{self.value(node.left)}）满{node.term.text}", node, span)
                ]
            case f.IsOne():
                return [self._verdict_line(self._choice(node, span), node, span)]

    def _choice(self, node: f.IsOne, span: tuple[int, int]) -> str:
        value = self.value(node.left)
        if span == (1, 1) or (node.options in (("是",), ("否",)) and span != (0, 0)):
            return f"{node.left.name}：{value}" if value != "未填" else node.left.name
        wanted = "、".join(node.options)
        return f"{node.left.name}：{value}，应为{wanted}" if value != "未填" else f"{node.left.name}（应为{wanted}）"

    def _definition(self, name: f.Name) -> Expr | Cond | None:
        found = self.scope.lookup(name)
        return found.body if isinstance(found, Definition) else None

    def _any(self, node: f.AnyOf, span: tuple[int, int]) -> list[TraceLine]:
        spans = [self.span(part) for part in node.parts]
        if span == (1, 1):
            held = next(p for p, s in zip(node.parts, spans, strict=True) if s[0])
            return [] if _implied(node, held) else self.condition(held)  # 凡: not one of those it is for
        parts = [part for part in node.parts if not _implied(node, part)]
        if span == (0, 0):
            return self._none_of(node, parts)
        return [line for part in parts if self.span(part) == (0, 1) for line in self.condition(part)]

    def _none_of(self, node: f.AnyOf, parts: list[Cond]) -> list[TraceLine]:
        """One line for alternatives that all fail: each alone would read as if every one of them were asked for."""
        failing = [[line for line in self.condition(part) if line.mark == "fails"] for part in parts]
        ways = list(dict.fromkeys("、".join(line.text.removesuffix("：不符合") for line in lines) for lines in failing))
        if len(ways) < 2:
            return failing[0]
        said = "；".join(f"（{number}）{way}" for number, way in enumerate(ways, 1))
        return [self._line(f"须符合以下之一：{said}：不符合", node, "fails")]

    def _comparison(self, node: f.Compare) -> str:
        left = f"{self.meaning.said(node.left)}{'' if isinstance(node.left, f.Lit) else f'（{self.value(node.left)}）'}"
        right = self.meaning.said(node.right)
        if not isinstance(node.right, f.Lit):
            right = f"{right}（{self.value(node.right)}）"
        return f"{left}{node.word}{right}"

    def _verdict_line(self, text: str, node: f.Node, span: tuple[int, int]) -> TraceLine:
        mark = _MARKS.get(span, "open")
        return self._line(f"{text}：{_ENDINGS[mark]}", node, mark)

    @staticmethod
    def _line(text: str, node: f.Node, mark: str) -> TraceLine:
        return TraceLine(text, node.cite[0] if node.cite else "", mark)  # type: ignore[arg-type]

    # --- amounts ---

    def amount(self, node: Expr | Cond) -> list[TraceLine]:
        """The lines that show how a figure is worked out."""
        match node:
            case f.Lit():
                return [self._line(f"按条款给予{node.quantity.text}", node, "value")]
            case f.Name():
                return self._named(node)
            case f.Share() | f.Per():
                return [self._line(self._product(node), node, "value")]
            case f.Times():
                text = (
                    f"{self.value(node.of)} × {self.meaning.said(node.by)} {self.value(node.by)} = {self.value(node)}"
                )
                return [*self._under(node.of), self._line(text, node, "value")]
            case f.Cap():
                return [*self.amount(node.of), self._cap(node)]
            case f.Less():
                text = f"减去{self.meaning.said(node.less)}（{self.value(node.less)}），余{self.value(node)}"
                return [*self.amount(node.of), self._line(text, node, "value")]
            case f.UpTo():
                lines = self._under(node.high)
                ends = f"{self.value(node.low)}至{self.value(node.high)}" if node.low is not None else ""
                note = f"只公布上下限：{ends}" if ends else f"{self.value(node.high)}是上限"
                return [*lines, self._line(f"{note}，实际金额{self.scope.policy.decided}", node, "note")]
            case f.Sum():
                return self._sum(node)
            case f.Choose():
                lines = [line for part in node.parts for line in self.amount(part)]
                word = "高" if node.highest else "低"
                return [*lines, self._line(f"取较{word}者{self.value(node)}", node, "value")]
            case f.Bands():
                return self._bands(node)
            case f.Steps():
                return [*self._basis(node.on), self._step(node)]
            case f.If():
                return self._if(node)
            case f.ByReading():
                taken = self.env.values[self.meaning.slots.slot(f"读法:{node.reading}")][0]
                return self.amount(node.taken if taken else node.other)
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
                return []

    def _under(self, node: Expr | Cond) -> list[TraceLine]:
        """The working under a ceiling or a product; a bare figure there is no sum that is given, so it has no line."""
        return [] if isinstance(node, f.Lit) else self.amount(node)

    def _named(self, node: f.Name) -> list[TraceLine]:
        body = self._definition(node)
        if body is None:
            return [self._line(f"{node.name}：{self.value(node)}", node, "value")]
        return [*self.amount(body), self._line(f"{node.name}：{self.value(node)}", node, "value")]

    def _product(self, node: f.Share | f.Per) -> str:
        base = self.value(node.base)
        if isinstance(node, f.Share):
            said = self.meaning.said(node.base)
            return f"{said} {base} × {node.rate.text} = {self.value(node)}"
        whole = "（只计整数）" if node.whole else ""
        return f"{self.meaning.said(node.base)} {base}，每{node.step.text}{node.each.text}{whole}，计{self.value(node)}"

    def _cap(self, node: f.Cap) -> TraceLine:
        of, cap = self.span(node.of), self.span(node.cap)
        limit = self.value(node.cap)
        known = f"（{self.meaning.said(node.cap)}）" if not isinstance(node.cap, f.Lit) else ""
        if of[0] > cap[1]:
            return self._line(f"超过上限{known}，按上限{limit}计", node, "value")
        if of[1] <= cap[0]:
            return self._line(f"未超过上限{limit}{known}", node, "value")
        return self._line(f"最高不超过{limit.removeprefix('最高')}{known}", node, "value")

    def _sum(self, node: f.Sum) -> list[TraceLine]:
        lines = [line for part in node.parts for line in self.amount(part)]
        if lines and self.meaning.dim(node) is Dim.SCORE:
            lines = [
                line
                for line in lines
                if not line.text.startswith(tuple(self.meaning.said(p) + "：" for p in node.parts))
            ]
        shown = " + ".join(self.value(part) for part in node.parts)
        return [*lines, self._line(f"合计 {shown} = {self.value(node)}", node, "value")]

    def _bands(self, node: f.Bands) -> list[TraceLine]:
        low, high = self.span(node.on)
        rows = [row for row in node.rows if self.meaning.row_test(node, row)(low, high)[1]]
        if low != high:
            return [self._line(f"{node.on.name}（{self.value(node.on)}）尚不能定档", node, "open")]
        if not rows:
            text = f"{node.on.name}（{self.value(node.on)}）不在任何一档之内"
            rest = self.amount(node.otherwise) if node.otherwise is not None else []
            if isinstance(node.otherwise, f.Nothing):
                return [self._line(f"{text}：不符合", node, "fails")]
            return [self._line(text, node, "value"), *rest]
        cite = rows[0].value.cite or node.cite
        fell = f"，属于“{rows[0].label}”一档" if not rows[0].options else ""
        first = TraceLine(f"{node.on.name}：{self.value(node.on)}{fell}", cite[0], "value")
        return [first, *self.amount(rows[0].value)]

    def _basis(self, name: f.Name) -> list[TraceLine]:
        """How the quantity that a table looks at was worked out, when it is itself a definition."""
        body = self._definition(name)
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
        if when == (1, 1):
            return self.amount(node.then)
        if when == (0, 0):
            return self.amount(node.other)
        return [line for line in self.condition(node.when) if line.mark == "open"]

    # --- indicators ---

    def indicator(self, definition: Definition) -> Indicator | None:
        """A definition marked 指标: the value it looks at, the row it fell in, its points or its pass.

        None where its 凡 … 当 … is settled and not so: an indicator of another kind of project.
        """
        low, high = self.span(definition.body)
        body = definition.body
        if isinstance(body, f.AnyOf) and _implied(body, body.parts[0]):
            exempt = self.span(body.parts[0])
            if exempt == (1, 1):
                return None
            body = body.parts[1] if exempt == (0, 0) else body
        base = next(
            (n for n in f.walk(_looked_at(body)) if isinstance(n, f.Name) and not isinstance(
                self.scope.lookup(n), (Definition, Parameter))), None,
        )  # fmt: skip
        bound = ""
        steps = [n for n in f.walk(definition.body) if isinstance(n, f.Steps)]
        if steps and low == high:
            first, last = self.span(steps[0].on)
            if first == last:
                bound = step_rows(steps[0])[sum(first >= q.value for q in steps[0].at)][0]
        known = low == high
        return Indicator(
            name=base.name if base is not None else definition.name,
            value=self.value(base) if base is not None else "",
            bound=bound if not definition.is_condition else self.meaning.said(body),
            score=low if known and not definition.is_condition else None,
            passed=bool(low) if known and definition.is_condition else None,
            clause=definition.cite[0],
        )


def _looked_at(body: Expr | Cond) -> Expr | Cond:
    """Of a 凡 form, what is asked of those it is for (须)."""
    return body.parts[1] if isinstance(body, f.AnyOf) and _implied(body, body.parts[0]) else body


def _implied(node: f.AnyOf, part: Cond) -> bool:
    """The 凡 form's own first half is not a way to satisfy it, so it is not shown as one."""
    return len(node.parts) == 2 and isinstance(node.parts[0], f.Not) and part is node.parts[0]
