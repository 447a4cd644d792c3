"""The four primitives that meanings are written in, once for one case (ints) and once for a table (arrays)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from operator import not_
from typing import Any, Protocol

from pinggu_desk.policy.quantity import INF

#: Wider than any product of an entered quantity and a factor; "no bound" on a scaled side of a comparison.
BIG = 10**18
#: Largest factor in a comparison or share, so that INF times it stays below BIG and within 64 bits.
MAX_FACTOR = 10_000
#: The days from 1949 to 2200, by ordinal: what a function makes of one is kept, once worked out.
_FIRST, _LAST = 711_492, 803_533


class Ops(Protocol):
    """where, minimum, maximum, each; none and every to leave out what cannot matter: on whole numbers or on arrays."""

    #: whether it is one case: a truth is then 0 or 1 and nothing else
    single: bool

    def where(self, test: Any, yes: Any, no: Any) -> Any:
        """``yes`` where ``test`` is true, else ``no``."""

    def minimum(self, a: Any, b: Any) -> Any:
        """The lesser."""

    def maximum(self, a: Any, b: Any) -> Any:
        """The greater."""

    def each(self, function: Callable[[int], int], values: Any) -> Any:
        """``function`` of every value."""

    def step(self, edges: list[int], give: list[int], values: Any) -> Any:
        """What a step table gives: ``give[i]`` where ``i`` of the ascending ``edges`` are not above the value."""

    def none(self, test: Any) -> bool:
        """Whether ``test`` is true nowhere."""

    def every(self, test: Any) -> bool:
        """Whether ``test`` is true everywhere."""


class ScalarOps:
    """One case: plain Python ints."""

    single = True

    @staticmethod
    def where(test: Any, yes: Any, no: Any) -> Any:
        """``yes`` where ``test`` is true, else ``no``."""
        return yes if test else no

    minimum = staticmethod(min)
    maximum = staticmethod(max)
    none = staticmethod(not_)
    every = staticmethod(bool)

    @staticmethod
    def each(function: Callable[[int], int], values: int) -> int:
        """``function`` of the value."""
        return function(values)

    @staticmethod
    def step(edges: list[int], give: list[int], values: int) -> int:
        """What a step table gives."""
        return give[bisect_right(edges, values)]


class ArrayOps:
    """A table of cases: NumPy int64 arrays, imported only when a table is run."""

    single = False

    def __init__(self) -> None:
        import numpy

        self._np, self._array = numpy, numpy.ndarray
        self._tables: dict[Callable[[int], int], Any] = {}
        self.minimum = numpy.minimum
        self.maximum = numpy.maximum

    def none(self, test: Any) -> bool:
        """Whether ``test`` is true in no row."""
        return not (test.any() if isinstance(test, self._array) else test)

    def every(self, test: Any) -> bool:
        """Whether ``test`` is true in every row."""
        return bool(test.all() if isinstance(test, self._array) else test)

    def where(self, test: Any, yes: Any, no: Any) -> Any:
        """``yes`` where ``test`` is true, else ``no``."""
        return self._np.where(test, yes, no)

    def step(self, edges: list[int], give: list[int], values: Any) -> Any:
        """What a step table gives."""
        return self._np.array(give)[self._np.searchsorted(edges, values, side="right")]

    def each(self, function: Callable[[int], int], values: Any) -> Any:
        """``function`` of every value, worked out once for each distinct one of all tables (the function must be a lasting one)."""
        if not isinstance(values, self._array):
            return function(int(values))
        table = self._tables.get(function)
        if table is None:
            table = self._tables[function] = self._np.zeros(_LAST - _FIRST + 1, self._np.int64)
        if values.size and (values.min() < _FIRST or values.max() > _LAST):
            distinct, back = self._np.unique(values, return_inverse=True)
            out = self._np.array([function(int(v)) for v in distinct], dtype=self._np.int64)[back]
            return out.reshape(values.shape)
        at = values - _FIRST
        out = table[at]
        if not out.all():
            for day in self._np.unique(values[out == 0]).tolist():
                table[day - _FIRST] = function(day)
            out = table[at]
        return out


def scale(ops: Any, value: Any, numerator: int, denominator: int) -> Any:
    """``value`` times a ratio, rounded half up to the smallest unit: the one place where anything is rounded.

    What comes to more than any entered quantity counts as "no bound", so that spans stay within one another.
    """
    return ops.where(value >= INF, INF, ops.minimum((value * numerator + denominator // 2) // denominator, INF))


def times(ops: Any, value: Any, by: Any, unit: int) -> Any:
    """``value`` times a number of ``unit``-ths, rounded as :func:`scale` does; "no bound" times nought is nought.

    A product that could leave 64 bits counts as "no bound": no entered quantity comes near it.
    """
    small = ops.minimum(by, BIG // ops.maximum(value, 1))
    exact = (value * small + unit // 2) // unit
    wider = (value >= INF) | (by > small)
    return ops.where((value == 0) | (by == 0), 0, ops.where(wider, INF, ops.minimum(exact, INF)))


def wide(ops: Any, value: Any, factor: int) -> Any:
    """``value`` times ``factor`` for an exact comparison; "no bound" stays wider than everything."""
    return value if factor == 1 else ops.where(value >= INF, BIG, value * factor)
