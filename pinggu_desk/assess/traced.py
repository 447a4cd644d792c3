"""What a rule's meaning works out, written down instead of worked out: meanings are run once on symbols (``assess.meaning``).

A meaning is written in + - × // comparisons & | ^ and the primitives of ``assess.ops``; run on symbols it yields the expressions of both
ends of its span. So what a form means stays said in one place, and ``assess.straight`` sets the expressions out as plain Python.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from pinggu_desk.assess.env import Env, Span
from pinggu_desk.assess.ops import ScalarOps


class Symbol:
    """A value that is not known yet: what makes it (``op``) of which others. Made by a ``Tracer`` alone, one for the same thing."""

    __slots__ = ("args", "make", "op")

    def __init__(self, make: Callable[..., Symbol], op: str, args: tuple[Any, ...]) -> None:
        self.make, self.op, self.args = make, op, args

    def __bool__(self) -> bool:
        raise TypeError("a meaning branched on a value: what it works out then can't be written down")

    __hash__ = object.__hash__

    def __add__(self, other: Any) -> Any:
        return self if _is(other, 0) else self.make("+", self, other)

    __radd__ = __add__

    def __sub__(self, other: Any) -> Any:
        return self if _is(other, 0) else self.make("-", self, other)

    def __rsub__(self, other: Any) -> Any:
        return self.make("-", other, self)

    def __mul__(self, other: Any) -> Any:
        return self if _is(other, 1) else self.make("*", self, other)

    __rmul__ = __mul__

    def __floordiv__(self, other: Any) -> Any:
        return self if _is(other, 1) else self.make("//", self, other)

    def __rfloordiv__(self, other: Any) -> Any:
        return self.make("//", other, self)

    def __and__(self, other: Any) -> Any:
        if not isinstance(other, Symbol):
            return self if other else False
        return self.make("and", self, other)

    __rand__ = __and__

    def __or__(self, other: Any) -> Any:
        if not isinstance(other, Symbol):
            return True if other else self
        return self.make("or", self, other)

    __ror__ = __or__

    def __xor__(self, other: Any) -> Any:
        if other is not True:
            raise TypeError("only the complement of a truth can be written down")
        return self.make("not", self)

    def __lt__(self, other: Any) -> Any:
        return self.make("<", self, other)

    def __le__(self, other: Any) -> Any:
        return self.make("<=", self, other)

    def __gt__(self, other: Any) -> Any:
        return self.make(">", self, other)

    def __ge__(self, other: Any) -> Any:
        return self.make(">=", self, other)

    def __eq__(self, other: object) -> Any:
        return self.make("==", self, other)


def _is(value: Any, number: int) -> bool:
    return not isinstance(value, Symbol) and bool(value == number)


class Tracer:
    """The primitives (``assess.ops``) over symbols; nothing is left out early, since nothing is known to be so."""

    single = True

    def __init__(self) -> None:
        self._made: dict[tuple[Any, ...], Symbol] = {}
        #: functions and tables that the expressions name, by name
        self.named: dict[str, Any] = {}
        self._names: dict[Any, str] = {}

    def make(self, op: str, *args: Any) -> Symbol:
        """The symbol of an operation: the same object for the same operation."""
        key = (op, *((Symbol, id(a)) if isinstance(a, Symbol) else (type(a), a) for a in args))
        made = self._made.get(key)
        if made is None:
            made = self._made[key] = Symbol(self.make, op, args)
        return made

    def env(self, slots: Iterable[int]) -> Env:
        """An environment in which both ends of these slots are symbols; nothing may look at another."""
        known = {at: (self.make("low", at), self.make("high", at)) for at in slots}
        nothing: Span = (None, None)
        return Env([known.get(at, nothing) for at in range(max(known, default=-1) + 1)], self.make("on"))

    def where(self, test: Any, yes: Any, no: Any) -> Any:
        """``yes`` where ``test`` is true, else ``no``."""
        if not isinstance(test, Symbol):
            return yes if test else no
        return yes if yes is no else self.make("if", test, yes, no)

    def minimum(self, a: Any, b: Any) -> Any:
        """The lesser."""
        return self._one_of("min", min, a, b)

    def maximum(self, a: Any, b: Any) -> Any:
        """The greater."""
        return self._one_of("max", max, a, b)

    def _one_of(self, op: str, join: Callable[[Any, Any], Any], a: Any, b: Any) -> Any:
        if isinstance(a, Symbol) or isinstance(b, Symbol):
            return a if a is b else self.make(op, a, b)
        return join(a, b)

    def none(self, test: Any) -> bool:
        """Whether it is known not to be so."""
        return not isinstance(test, Symbol) and not test

    def every(self, test: Any) -> bool:
        """Whether it is known to be so."""
        return not isinstance(test, Symbol) and bool(test)

    def each(self, function: Callable[[int], int], values: Any) -> Any:
        """``function`` of the value."""
        if not isinstance(values, Symbol):
            return function(values)
        return self.make("call", self._name(function, function), values)

    def step(self, edges: list[int], give: list[int], values: Any) -> Any:
        """What a step table gives."""
        if not isinstance(values, Symbol):
            return ScalarOps.step(edges, give, values)
        return self.make("step", self._name(tuple(edges), edges), self._name(tuple(give), give), values)

    def _name(self, key: Any, value: Any) -> str:
        name = self._names.get(key)
        if name is None:
            name = self._names[key] = f"{'f' if callable(value) else 's'}{len(self.named)}"
            self.named[name] = value
        return name
