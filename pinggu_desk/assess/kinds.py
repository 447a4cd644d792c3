"""The kinds of figure that a form can come to, whatever the answers: its own arithmetic, run on a few small spans.

Only how the ends lie matters for the kind (equal, nought, without bound), so a handful of spans stands for all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache

from pinggu_desk.assess.determination import Figure
from pinggu_desk.assess.env import Env
from pinggu_desk.assess.meaning import Meaning
from pinggu_desk.policy import forms as f
from pinggu_desk.policy.facts import Fact
from pinggu_desk.policy.forms import Cond, Expr
from pinggu_desk.policy.quantity import INF

Shape = tuple[bool, bool, bool]  # low end above nought, high end without bound, ends equal
_Ends = tuple[int, int]
_SMALL = [(low, high) for low in range(4) for high in (*range(low, 5), INF)]
_KNOWN: frozenset[Shape] = frozenset({(True, False, True), (False, False, True)})
_OPEN: frozenset[Shape] = frozenset({(False, True, False)})


def _shape(span: _Ends) -> Shape:
    low, high = span
    return low > 0, high >= INF, low == high


@lru_cache(maxsize=512)
def _joined(join: Callable[[_Ends, _Ends], _Ends], left: frozenset[Shape], right: frozenset[Shape]) -> frozenset[Shape]:
    spans = [[span for span in _SMALL if _shape(span) in shapes] for shapes in (left, right)]
    return frozenset(_shape(join(a, b)) for a in spans[0] for b in spans[1])


def _lesser(a: _Ends, b: _Ends) -> _Ends:
    return min(a[0], b[0]), min(a[1], b[1])


def _greater(a: _Ends, b: _Ends) -> _Ends:
    return max(a[0], b[0]), max(a[1], b[1])


def _sum(a: _Ends, b: _Ends) -> _Ends:
    return a[0] + b[0], min(a[1] + b[1], INF)


def _rest(a: _Ends, b: _Ends) -> _Ends:
    return max(a[0] - b[1], 0), INF if a[1] >= INF else max(a[1] - b[0], 0)


def _either(a: _Ends, b: _Ends) -> _Ends:
    return min(a[0], b[0]), max(a[1], b[1])


def _ends(a: _Ends, b: _Ends) -> _Ends:
    return min(a[0], b[0]), b[1]


def _part(a: _Ends, _: _Ends) -> _Ends:
    return a[0] // 2, INF if a[1] >= INF else a[1] // 2


def _product(a: _Ends, b: _Ends) -> _Ends:
    return a[0] * b[0] // 2, INF if INF in (a[1], b[1]) else a[1] * b[1] // 2


def kinds_of(meaning: Meaning, node: Expr | Cond) -> frozenset[Figure]:
    """The kinds of figure that a form can come to; an amount of nought is none, since it rules the benefit out."""
    if isinstance(node, f.InKind):
        return frozenset({"in_kind"})
    shapes = _shapes(meaning, node)
    kinds: dict[Figure, bool] = {
        "computed": (True, False, True) in shapes,
        "up_to": (False, False, False) in shapes,
        "range": (True, False, False) in shapes,
        "by_review": any(open_top for _, open_top, _ in shapes),
    }
    return frozenset(kind for kind, possible in kinds.items() if possible)


def _shapes(meaning: Meaning, node: Expr | Cond) -> frozenset[Shape]:
    if not any(isinstance(item, (f.Name, f.ByReading)) for item in f.walk(node)):
        return frozenset({_shape(meaning.of(node)(Env([], 1)))})

    def of(part: Expr | Cond) -> frozenset[Shape]:
        return _shapes(meaning, part)

    match node:
        case f.Name():
            body = meaning.scope.body(node)
            return of(body) if body is not None else _KNOWN if _is_settled(meaning, node) else _KNOWN | _OPEN
        case f.Share() | f.Per():
            return of(node.base) | _joined(_part, of(node.base), _KNOWN)
        case f.Rounded():
            return of(node.of) | _joined(_part, of(node.of), _KNOWN)
        case f.Times():
            return _joined(_product, of(node.of), of(node.by)) | of(node.of)
        case f.Cap():
            return _joined(_lesser, of(node.of), of(node.cap))
        case f.Less():
            return _joined(_rest, of(node.of), of(node.less))
        case f.UpTo():
            low = of(node.low) if node.low is not None else frozenset({(False, False, True)})
            return _joined(_ends, low, of(node.high))
        case f.Sum():
            return _folded(_sum, map(of, node.parts))
        case f.Choose():
            return _folded(_greater if node.highest else _lesser, map(of, node.parts))
        case f.Verdict():
            return _folded(_either, map(of, node.possible)) if node.possible else _OPEN
        case f.If():
            return _one_of(meaning, node.when, [of(node.then), of(node.other)])
        case f.ByReading():
            return of(node.taken) | of(node.other)
        case f.Bands():
            rest = [] if node.otherwise is None else [of(node.otherwise)]
            return _one_of(meaning, node.on, [*(of(row.value) for row in node.rows), *rest])
        case f.Steps():
            return _one_of(meaning, node.on, [frozenset({_shape((give.value, give.value))}) for give in node.give])
        case _:
            return _KNOWN


def _folded(join: Callable[[_Ends, _Ends], _Ends], parts: Iterable[frozenset[Shape]]) -> frozenset[Shape]:
    first, *others = parts
    for other in others:
        first = _joined(join, first, other)
    return first


def _one_of(meaning: Meaning, chooser: Expr | Cond, parts: list[frozenset[Shape]]) -> frozenset[Shape]:
    """One of the parts, or, where an authority's verdict chooses among them, anything between them."""
    shapes = frozenset[Shape]().union(*parts)
    return shapes if _is_settled(meaning, chooser) else shapes | _joined(_either, shapes, shapes)


def _is_settled(meaning: Meaning, node: Expr | Cond) -> bool:
    """Whether a form has one value once every askable fact is answered."""
    for item in meaning.scope.reach(node):
        if isinstance(item, (f.Verdict, f.Undetermined, f.UpTo)):
            return False
        if isinstance(item, f.Name) and isinstance(fact := meaning.scope.lookup(item), Fact) and fact.decided_by:
            return False
    return True
