"""A policy's benefits as one plain Python function, written from what their meanings work out on symbols (``assess.traced``).

A tree of closures is walked call by call, though most of it is a row of comparisons. Written down, those are one expression that stops at
the first that fails, and what many benefits look at stands in a variable. The source is kept, and a traceback shows its lines.
"""

from __future__ import annotations

import linecache
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import CodeType, FunctionType
from typing import Any, NamedTuple

from pinggu_desk.assess.meaning import Meaning
from pinggu_desk.assess.rules import Rule
from pinggu_desk.assess.traced import Symbol, Tracer

#: of a benefit that may be had: whether it surely may, and both ends of its figure; None: it surely may not
Ends = tuple[Any, int, int] | None
#: so many brackets in brackets at most: Python reads two hundred
_DEEP = 40
_COMPARISONS = ("<", "<=", ">", ">=", "==", "not")
_INPUTS = ("low", "high", "on")


class Straight(NamedTuple):
    """One policy's function, from the low and the high ends of all slots and the day to each benefit's ``Ends``.

    ``at`` says where each benefit stands among them.
    """

    ends: Callable[[Sequence[int], Sequence[int], int], list[Ends]]
    at: Mapping[str, int]
    source: str


def straight(rules: Sequence[Rule]) -> Straight:
    """The function of one policy's rules; the calendar is the pack's own."""
    first = rules[0]
    tracer = Tracer()
    meaning = Meaning(first.meaning.scope, first.meaning.slots, tracer)
    env = tracer.env({slot for rule in rules for slot in rule.sees})
    spans = [(meaning.of(rule.condition)(env), meaning.of(rule.give)(env)) for rule in rules]
    lines, may = _Lines(), [test[1] for test, _ in spans]
    lines.count(may)
    for at, (rule, wanted) in enumerate(zip(rules, may, strict=True)):
        lines.say(f"# {rule.benefit.id} {rule.benefit.title}")
        lines.ready([wanted])
        lines.say(f"p{at} = {lines.words(wanted)}")
    for at, ((sure, _), figure) in enumerate(spans):
        inner, ends = lines.under(f"if p{at}:"), (sure, *figure)
        inner.count(ends)
        inner.ready(ends)
        inner.say(f"r[{at}] = {', '.join(map(inner.words, ends))}")
    source = _source(lines, {at: name for name, at in first.meaning.slots.index.items()}, len(rules))
    ends_of = _compiled(source, first.policy.id, {"bisect": bisect_right, **tracer.named})
    return Straight(ends_of, {rule.benefit.id: at for at, rule in enumerate(rules)}, source)


def _source(lines: _Lines, names: Mapping[int, str], rules: int) -> str:
    legend = (f"# {at}: {names[at]}" for at in sorted(lines.slots))
    return "\n".join((*legend, "def ends(l, h, on):", f"    r = [None] * {rules}", *lines.lines, "    return r", ""))


def _compiled(source: str, name: str, known: dict[str, Any]) -> Callable[..., list[Ends]]:
    file = f"<straight {name}>"
    module = compile(source, file, "exec")
    linecache.cache[file] = len(source), None, source.splitlines(keepends=True), file
    (code,) = (one for one in module.co_consts if isinstance(one, CodeType))
    return FunctionType(code, known)


class _Lines:
    """Lines of Python, and which symbols stand in a variable by then."""

    def __init__(self, outer: _Lines | None = None) -> None:
        self.lines: list[str] = outer.lines if outer else []
        #: the slots that were looked at
        self.slots: set[int] = outer.slots if outer else set()
        self._named: dict[Symbol, str] = dict(outer._named) if outer else {}
        self._indent: str = f"{outer._indent}    " if outer else "    "
        self._uses: Counter[Symbol] = Counter()
        self._depths: dict[Symbol, int] = {}

    def say(self, line: str) -> None:
        """One more line."""
        self.lines.append(self._indent + line)

    def under(self, head: str) -> _Lines:
        """The lines under a head: they see what stands here, and what they put into variables stays among them."""
        self.say(head)
        return _Lines(self)

    def count(self, wanted: Sequence[Any]) -> None:
        """Count how often each symbol is looked at on the way to all that is wanted here."""
        self._uses.update(one for one in wanted if isinstance(one, Symbol))
        for one in _bottom_up(wanted, self._named):
            self._uses.update(part for part in one.args if isinstance(part, Symbol))

    def ready(self, wanted: Sequence[Any]) -> None:
        """Put into variables what is looked at more than once, and what would stand in too many brackets."""
        for one in _bottom_up(wanted, self._named):
            depth = 1 + max((self._depths.get(part, 0) for part in one.args if isinstance(part, Symbol)), default=0)
            if depth > _DEEP or (self._uses[one] > 1 and not _cheap(one)):
                name = f"t{len(self._named)}"
                self.say(f"{name} = {self.words(one)}")
                self._named[one] = name
                depth = 0
            self._depths[one] = depth

    def words(self, one: Any) -> str:
        """A symbol as an expression in brackets, or the variable in which it stands."""
        if not isinstance(one, Symbol):
            return repr(one)
        return self._named.get(one) or self._expression(one)

    def _expression(self, one: Symbol) -> str:
        op, args = one.op, one.args
        match op:
            case "low" | "high":
                self.slots.add(args[0])
                return f"{op[0]}[{args[0]}]"
            case "on":
                return op
            case "not":
                return f"(not {self.words(args[0])})"
            case "and" | "or":
                return f"({f' {op} '.join(map(self.words, self._chain(one, op)))})"
            case "if":
                test, yes, no = map(self.words, args)
                return f"({yes} if {test} else {no})"
            case "min" | "max":
                return self._least(op, *map(self.words, args))
            case "call":
                return f"{args[0]}({self.words(args[1])})"
            case "step":
                return f"{args[1]}[bisect({args[0]}, {self.words(args[2])})]"
            case _:
                left, right = map(self.words, args)
                return f"({left} {op} {right})"

    def _chain(self, one: Symbol, op: str) -> Iterator[Any]:
        """What one word joins, in order: all of it is one expression, but for what stands in a variable."""
        for part in one.args:
            if isinstance(part, Symbol) and part.op == op and part not in self._named:
                yield from self._chain(part, op)
            else:
                yield part

    @staticmethod
    def _least(op: str, a: str, b: str) -> str:
        if "(" in a or "(" in b:
            return f"{op}({a}, {b})"
        return f"({a} if {a} {'<' if op == 'min' else '>'} {b} else {b})"  # a call costs three times as much


def _bottom_up(wanted: Sequence[Any], but: Mapping[Symbol, str]) -> Iterator[Symbol]:
    """The symbols on the way to these, each once and behind what it is made of; what stands in a variable already is left out."""
    done: set[Symbol] = set()
    todo = [(one, False) for one in reversed(wanted)]
    while todo:
        one, parts_done = todo.pop()
        if not isinstance(one, Symbol) or one in done or one in but:
            continue
        if parts_done:
            done.add(one)
            yield one
        else:
            todo.append((one, True))
            todo.extend((part, False) for part in reversed(one.args))


def _cheap(one: Symbol) -> bool:
    """Not worth a variable: an end of a slot, or a comparison of one."""
    return one.op in _INPUTS or (
        one.op in _COMPARISONS and all(part.op in _INPUTS for part in one.args if isinstance(part, Symbol))
    )
