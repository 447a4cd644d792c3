"""What a name means inside one policy, and the dimension of every form: the pack's type rules."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from pinggu_desk.policy import forms as f
from pinggu_desk.policy.facts import Fact
from pinggu_desk.policy.forms import Cond, Expr
from pinggu_desk.policy.models import Definition, Pack, Policy
from pinggu_desk.policy.parameters import Parameter
from pinggu_desk.policy.quantity import Dim

#: The built-in fact: the date on which the case is judged (判断日), known in every run.
JUDGED_ON = "判断日"


class ScopeError(Exception):
    """A name or unit that does not fit; carries the diagnostic's code, the node and one Chinese sentence."""

    def __init__(self, code: str, node: f.Node, sentence: str) -> None:
        super().__init__(sentence)
        self.code, self.node, self.sentence = code, node, sentence


@dataclass(frozen=True)
class Scope:
    """Names visible to one policy's rules: its definitions, then facts, then parameters."""

    pack: Pack
    policy: Policy

    def lookup(self, node: f.Name) -> Fact | Definition | Parameter | None:
        """What a name stands for (None for 判断日); raises ScopeError when it stands for nothing."""
        if node.name == JUDGED_ON:
            return None
        found = self._defined.get(node.name) or self.pack.facts.get(node.name) or self.pack.parameters.get(node.name)
        if found is None:
            raise ScopeError("unknown-name", node, f"没有名为“{node.name}”的填报项、参数或定义。")
        return found

    @cached_property
    def _defined(self) -> dict[str, Definition]:
        return {definition.name: definition for definition in self.policy.definitions}

    def body(self, node: f.Name) -> Expr | Cond | None:
        """The rule a name stands for when it is a definition; else None."""
        found = self.lookup(node)
        return found.body if isinstance(found, Definition) else None

    def unit(self, node: Expr | Cond) -> str:
        """The word for one counted thing (人, 家), when ``node`` is a fact that counts."""
        if isinstance(node, f.Name):
            found = self.lookup(node)
            return found.unit if isinstance(found, Fact) else ""
        return ""

    def reach(self, node: Expr | Cond) -> list[Expr | Cond]:
        """``node`` and everything below it, definitions opened."""
        out: list[Expr | Cond] = []
        for item in f.walk(node):
            out.append(item)
            if isinstance(item, f.Name) and (body := self.body(item)) is not None:
                out.extend(self.reach(body))
        return out

    def facts_of(self, node: Expr | Cond) -> list[str]:
        """Names of facts and parameters that a rule can look at, in reading order, each once."""
        names: dict[str, None] = {}
        for item in self.reach(node):
            if isinstance(item, f.Name) and isinstance(self.lookup(item), (Fact, Parameter)):
                names[item.name] = None
        return list(names)

    def dim(self, node: Expr | Cond) -> Dim:
        """The dimension of a form's value; raises ScopeError on mixed units."""
        match node:
            case f.Lit():
                return node.quantity.dim
            case f.Name():
                return self._name(node)
            case f.Share():
                return self.dim(node.base)
            case f.Per():
                self._same(node, self.dim(node.base), node.step.dim)
                return node.each.dim
            case f.Times():
                if self.dim(node.by) not in (Dim.COUNT, Dim.MONTHS, Dim.DAYS, Dim.RATE):
                    raise ScopeError(
                        "mixed-units", node, f"“乘”后面应是数量、月数、天数或比例，{self.dim(node.by)}不行。"
                    )
                return self.dim(node.of)
            case f.After():
                self._same(node, self.dim(node.base), Dim.DATE)
                return Dim.DATE
            case f.Rounded() | f.Between() | f.Growth():
                return self._measured(node)
            case f.Cap() | f.Less() | f.UpTo() | f.Sum() | f.Choose():
                return self._all_same(node, f.children(node))
            case f.Bands():
                values = [row.value for row in node.rows] + ([node.otherwise] if node.otherwise else [])
                return self._all_same(node, tuple(values))
            case f.Steps():
                self._same(node, self.dim(node.on), node.at[0].dim)
                return node.give[0].dim
            case f.If():
                return self._all_same(node, (node.then, node.other))
            case f.ByReading():
                return self._all_same(node, (node.taken, node.other))
            case f.Verdict():
                if node.truth:
                    return Dim.TRUTH
                return self._all_same(node, node.possible) if node.possible else Dim.TEXT
            case f.InKind():
                return Dim.SERVICE
            case f.Undetermined() | f.Nothing():
                return Dim.TEXT  # fits beside any dimension
            case _:
                return Dim.TRUTH

    def _name(self, node: f.Name) -> Dim:
        found = self.lookup(node)
        if found is None:
            return Dim.DATE
        if isinstance(found, Fact):
            return found.dim
        if isinstance(found, Definition):
            return self.dim(found.body)
        return {"金额": Dim.MONEY, "比例": Dim.RATE, "数量": Dim.COUNT, "月数": Dim.MONTHS}[found.kind]

    def _measured(self, node: f.Rounded | f.Between | f.Growth) -> Dim:
        match node:
            case f.Rounded():
                self._same(node, self.dim(node.of), node.step.dim)
                return node.step.dim
            case f.Between():
                for day in (node.start, node.end):
                    self._same(node, self.dim(day), Dim.DATE)
                return Dim.MONTHS if node.months else Dim.DAYS
            case f.Growth():
                self._growth(node)
                return Dim.RATE

    def _growth(self, node: f.Growth) -> None:
        """Both sides in one unit, and nothing to divide by nought: what last year's nought would mean, the text must say."""
        self._all_same(node, (node.now, node.then))
        found = self.lookup(node.then) if isinstance(node.then, f.Name) else None
        if not isinstance(found, Fact) or found.bounds[0] <= 0:
            raise ScopeError(
                "growth-from-nought",
                node,
                "“同比”的上期应是一个填报项，并写明“最少”（大于零）：上期为零时说不出增长率。",
            )

    def _same(self, node: f.Node, left: Dim, right: Dim) -> None:
        if left is not right:
            raise ScopeError("mixed-units", node, f"{left}不能与{right}相比或相加。")

    def _all_same(self, node: f.Node, parts: tuple[Expr | Cond, ...]) -> Dim:
        dims = [dim for part in parts if (dim := self.dim(part)) is not Dim.TEXT]
        for dim in dims[1:]:
            self._same(node, dims[0], dim)
        return dims[0] if dims else Dim.TEXT
