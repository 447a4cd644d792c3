"""Why a condition holds, fails or is still open, line by line (测算过程), worded by ``policy.say``.

A condition is laid out as what must all be so and what may be so in one way or another; a negation is carried down to the
statements that it is about, so that no line denies another. Of alternatives that all fail, those that are for another kind of
applicant are named as exceptions, not as demands.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, cast

from pinggu_desk.assess.notes import TraceLine
from pinggu_desk.assess.ways import Choice, Piece, Way, alternatives, joined, line_of
from pinggu_desk.policy import forms as f
from pinggu_desk.policy import say
from pinggu_desk.policy.dates import add_months
from pinggu_desk.policy.facts import Fact
from pinggu_desk.policy.forms import Cond, Expr
from pinggu_desk.policy.models import Definition
from pinggu_desk.policy.parameters import Parameter
from pinggu_desk.policy.quantity import INF, Dim, show
from pinggu_desk.policy.reading import so_many
from pinggu_desk.policy.scope import JUDGED_ON

if TYPE_CHECKING:
    from pinggu_desk.assess.explain import Explainer
    from pinggu_desk.policy.say import Mark

#: so many alternatives in words are kept from case to case
_KEPT = 4096


class Grounds:
    """The lines of conditions in one environment."""

    def __init__(self, explainer: Explainer) -> None:
        self._explainer = explainer
        self._lines: dict[tuple[f.Node, bool], list[TraceLine]] = {}

    def lines(self, node: Cond, want: bool = True) -> list[TraceLine]:
        """The lines that show whether ``node`` is (or, with ``want`` false, is not) so; put together once."""
        found = self._lines.get((node, want))
        if found is None:
            found = self._lines[node, want] = self._made(node, want)
        return found

    def _made(self, node: Cond, want: bool) -> list[TraceLine]:
        inner, want = self._opened(node, want)
        if _every(inner, want):
            return [line for part in _conditions(inner) for line in self.lines(part, want)]
        if isinstance(inner, (f.All, f.AnyOf)):
            return self._either(inner, want)
        if isinstance(inner, f.AtLeast):
            return self._so_many(inner, want)
        return [self._piece(inner, want).line]

    def _opened(self, node: Cond, want: bool) -> tuple[Cond, bool]:
        """What a negation, a reading or a name stands for, and whether that is to be so."""
        while True:
            match node:
                case f.Not():
                    node, want = node.part, not want
                case f.ByReading():
                    node = cast(Cond, self._explainer.taken(node))
                case f.IsOne() if (body := self._explainer.definition(node.left)) is not None:
                    so = want is (node.options == ("是",))
                    if not so and self.mark(node, want) != "open":
                        return node, want  # the condition's own name says it
                    node, want = cast(Cond, body), so
                case _:
                    return node, want

    def mark(self, node: Cond, want: bool) -> Mark:
        """Whether it is as wanted."""
        low, high = self._explainer.span(node)
        if low != high:
            return "open"
        return "holds" if bool(low) is want else "fails"

    # --- alternatives ---

    def _either(self, node: f.All | f.AnyOf, want: bool) -> list[TraceLine]:
        mark, parts = self.mark(node, want), self._ways_in(node, want)
        if mark == "holds":
            held = next(part for part in node.parts if self.mark(part, want) == "holds")
            return self.lines(held, want) if any(part is held for part in parts) else []
        ways = tuple(way for part in parts for way in self._ways(part, want))
        kept = self._explainer.meaning.told_ways
        lines: list[TraceLine] | None = kept.get((node, want, ways))
        if lines is None:
            if len(kept) > _KEPT:
                kept.clear()
            lines = kept[node, want, ways] = alternatives(node.cite, mark, ways)
        return lines

    def _ways_in(self, node: f.All | f.AnyOf, want: bool) -> list[Cond]:
        """The alternatives; the first half of a 凡 … 须 … is none of them, unless all hangs on whether it binds at all."""
        return [part for part in node.parts if not (want and isinstance(node, f.AnyOf) and implied(node, part))
                or (self.mark(part, want) == "open" and self.mark(node.parts[1], want) == "fails")]  # fmt: skip

    def _ways(self, node: Cond, want: bool) -> list[Way]:
        """How ``node`` could yet be as wanted: each way with what does not hold of it."""
        node, want = self._opened(node, want)
        mark = self.mark(node, want)
        if mark == "holds":
            return [()]
        if _every(node, want):
            parts = [self._ways(part, want) for part in _conditions(node) if self.mark(part, want) == mark]
            ways = joined(parts)
            return [tuple(map(_judged, way)) for way in ways] if mark == "fails" and self._waits(node, want) else ways
        if isinstance(node, (f.All, f.AnyOf)):
            return [way for part in self._ways_in(node, want) for way in self._ways(part, want)]
        return [(self._piece(node, want),)]

    def _waits(self, node: Cond, want: bool) -> bool:
        """Whether one of the parts is only for somebody else to decide: a choice beside it would do no more than wait."""
        open_ = (part for part in _conditions(node) if self.mark(part, want) == "open")
        return any(all(piece.judged for way in self._ways(part, want) for piece in way) for part in open_)

    def _so_many(self, node: f.AtLeast, want: bool) -> list[TraceLine]:
        """How many of the lines are as wanted, and those that decide it."""
        mark = self.mark(node, want)
        deciding = [line for part in node.parts if self.mark(part, want) == mark for line in self.lines(part, want)]
        return deciding if mark == "holds" else [self._piece(node, want).line, *deciding]

    def _counted(self, node: f.AtLeast, want: bool) -> str:
        """``以下4项中应至少符合2项，现符合1项``; where it must not be so, one fewer at most."""
        holding = sum(self.mark(part, True) == "holds" for part in node.parts)
        most = f"以下{len(node.parts)}项中至多可符合{node.number.value - 1}项"
        return f"{so_many(node).replace('至少', '应至少') if want else most}，现符合{holding}项"

    # --- one statement ---

    def _piece(self, node: Cond, want: bool) -> Piece:
        """What is said of one statement; kept from case to case where its own answer alone decides the words."""
        span = self._answer(node)
        if span is None:
            return self._told(node, want)
        told = self._explainer.meaning.told
        piece: Piece | None = told.get((node, want, *span))
        if piece is None:
            piece = told[node, want, *span] = self._told(node, want)
        return piece

    def _answer(self, node: Cond) -> tuple[int, int] | None:
        """The span that decides the words; None where more than that does, or where too many are possible to keep."""
        if isinstance(node, f.IsOne):
            return self._explainer.span(node.left)
        if isinstance(node, f.Verdict):
            return 0, 1
        if isinstance(node, f.Compare) and isinstance(node.left, f.Name) and isinstance(node.right, f.Lit):
            low, high = self._explainer.span(node.left)
            if low != high and isinstance(self._explainer.scope.lookup(node.left), Fact):
                return low, high
        return None

    def _told(self, node: Cond, want: bool) -> Piece:
        mark = self.mark(node, want)
        match node:
            case f.Verdict():
                return Piece(line_of(f"{node.why}，由{node.who}认定", node.cite, "open"), None, judged=True)
            case f.IsOne():
                return self._choice(node, want, mark)
            case f.AtLeast():
                return Piece(line_of(say.ended(self._counted(node, want), mark), node.cite, mark), None)
            case f.Since():
                return Piece(line_of(say.ended(self._since(node, want, mark), mark), node.cite, mark), None)
            case f.Compare():
                text = say.ended(self._comparison(node, want, mark), mark)
                return Piece(line_of(text, node.cite, mark), None, far=self._far(node, mark))
            case _:
                raise TypeError(node)

    def _choice(self, node: f.IsOne, want: bool, mark: Mark) -> Piece:
        found = self._explainer.scope.lookup(node.left)
        if isinstance(found, Fact) and found.decided_by and mark == "open":
            return Piece(line_of(f"{found.name}，由{found.decided_by}认定", node.cite, "open"), None, judged=True)
        if isinstance(found, Fact) and found.dim is Dim.TRUTH:
            text = say.answered(found, want is (node.options == ("是",)), mark)
            return Piece(line_of(say.ended(text, mark), node.cite, mark), None)
        if isinstance(found, Definition):
            return Piece(line_of(say.ended(say.defined(found.name, mark), mark), node.cite, mark), None)
        low, high = self._explainer.span(node.left)
        unsaid = f"没有填，按{'或'.join(node.options)}计" if node.presumed else ""
        value = self._explainer.value(node.left) if low == high else unsaid
        stated = node.left.name, value, node.options, want, mark
        text, short = say.chosen(*stated), say.chosen_shortly(*stated)
        choice = Choice(node.left.name, node.options, value) if want else None
        return Piece(line_of(say.ended(text, mark), node.cite, mark, short), choice)

    def _since(self, node: f.Since, want: bool, mark: Mark) -> str:
        low, high = self._explainer.span(node.left)
        if low != high:
            return f"{node.left.name}至今{'应满' if want else '应不满'}{node.term.text}"
        stated = f"{node.left.name}{self._explainer.value(node.left)}"
        on = self._explainer.env.on
        if low > on:
            return f"{stated}，在判断日{show(on, Dim.DATE)}之后，应已满{node.term.text}"
        full = add_months(date.fromordinal(low), node.term.value).toordinal()
        if mark == "holds":
            return f"{stated}，{'已满' if want else '未满'}{node.term.text}"
        if not want:
            return f"{stated}，已满{node.term.text}，本项要求未满"
        return f"{stated}，应满{node.term.text}，到{show(full, Dim.DATE)}才满"

    def _comparison(self, node: f.Compare, want: bool, mark: Mark) -> str:
        if (stands := self._explainer.standing_for(node.left)) is not node.left:
            node = replace(node, left=stands)
        dim, unit = self._explainer.meaning.dim(node.left), self._explainer.unit(node.left)
        word = say.word_for(node.word, dim, want)
        if (said := self._had(node, word, mark) or self._on_time(node, word, mark)) is not None:
            return said
        if word == "超过" and isinstance(node.right, f.Lit) and not node.right.quantity.value:
            return say.more_than_none(self._left(node.left), dim, unit, mark)
        left, right = self._exact(node.left), self._exact(node.right)
        short = ""
        if mark == "fails" and left is not None and right is not None and word not in ("为", "不等于"):
            short = say.short_of(word, left, right, dim, unit)
        asked = self._right(node.right, word, unit)
        if dim is Dim.MONTHS and left is not None and right is not None and left % 12 and not right % 12:
            asked += f"（{right}个月）"
        return say.compared(self._left(node.left), word, asked, mark, short)

    def _far(self, node: f.Compare, mark: Mark) -> Fraction:
        """How far a stated value is from its bound, as a part of the greater of them; the whole way where that is unknown."""
        left, right = self._exact(node.left), self._exact(node.right)
        if mark != "fails" or left is None or right is None or self._explainer.meaning.dim(node.left) is Dim.DATE:
            return Fraction(1)
        return abs(left - right) / (max(abs(left), abs(right)) or 1)

    def _had(self, node: f.Compare, word: str, mark: Mark) -> str | None:
        """What was received before, said as that: never, at all, or as often as it may be had."""
        found = self._explainer.scope.lookup(node.left) if isinstance(node.left, f.Name) else None
        if not (isinstance(found, Fact) and found.history and isinstance(node.right, f.Lit)):
            return None
        bound, value = node.right.quantity, self._explainer.value(node.left)
        if word == "低于":
            return say.at_most(self._left(node.left), say.literal(bound), mark, value == say.literal(bound))
        if bound.value or word not in ("为", "不高于", "超过") or "已" not in found.name:
            return None
        return say.had(found.name, value, word == "超过", mark)

    def _on_time(self, node: f.Compare, word: str, mark: Mark) -> str | None:
        """A day that has passed, or has not come yet, told as that."""
        left, right, on = node.left, node.right, self._explainer.env.on
        if mark == "holds" or word != "不晚于":
            return None
        if isinstance(right, f.Name) and right.name == JUDGED_ON and mark == "fails":
            return say.not_yet(self._left(left), show(on, Dim.DATE))
        if isinstance(left, f.Name) and left.name == JUDGED_ON and isinstance(right, f.After):
            if mark == "open" and not self._known(right.base):
                return say.in_time(self._explainer.meaning.said(right.base), right.term.text, right.deed)
            if mark == "open":
                return None
            low, high = self._explainer.span(right)
            base, start = self._explainer.meaning.said(right.base), self._explainer.value(right.base)
            last, days = self._explainer.value(right), on - low if low == high else None
            return say.too_late(base, start, right.term.text, right.deed, last, days)
        return None

    def _left(self, node: Expr | Cond) -> str:
        """The stated side: ``投资额600万元``; the name alone while it is not stated."""
        said = self._explainer.meaning.said(node)
        if isinstance(node, f.Lit):
            return say.literal(node.quantity)
        if not self._known(node):
            return said
        value = self._explainer.value(node)
        return say.stated(said, value) if isinstance(node, f.Name) else f"{said}（{value}）"

    def _right(self, node: Expr | Cond, word: str, unit: str) -> str:
        """The asked side: a sum, a share or a multiple with what it comes to, or another statement with its value."""
        if isinstance(node, f.Lit):
            return say.literal(node.quantity)
        if isinstance(node, (f.Share, f.Per)) and not (isinstance(node, f.Per) and node.whole):
            factor = (
                f"的{node.rate.text}" if isinstance(node, f.Share) else f"每{node.step.text}{say.literal(node.each)}"
            )
            said, base = self._explainer.meaning.said(node), self._explainer.value(node.base)
            upwards = word in ("不低于", "超过")
            return say.scaled(said, base, factor, self._exact(node), self._explainer.meaning.dim(node), unit, upwards)
        return self._named(node)

    def _named(self, node: Expr | Cond) -> str:
        said = self._explainer.meaning.said(node)
        return said if isinstance(node, f.Lit) else f"{said}（{self._explainer.value(node)}）"

    def _known(self, node: Expr | Cond) -> bool:
        """Whether there is something to show of a side: not where it is a fact that is simply not stated."""
        low, high = self._explainer.span(node)
        found = self._explainer.scope.lookup(node) if isinstance(node, f.Name) else None
        return bool(low == high or not (isinstance(found, (Fact, Parameter)) or high >= INF or low == 0))

    def _exact(self, node: Expr | Cond) -> Fraction | None:
        """A side's exact value, before rounding, in smallest units; None while it is open."""
        if isinstance(node, f.Growth):
            now, then = self._exact(node.now), self._exact(node.then)
            return None if now is None or not then else max(now - then, Fraction(0)) / then * 10_000
        if isinstance(node, f.Share):
            return None if (base := self._exact(node.base)) is None else base * Fraction(node.rate.value, 10_000)
        if isinstance(node, f.Per) and not node.whole:
            base = self._exact(node.base)
            return None if base is None else base * Fraction(node.each.value, node.step.value)
        low, high = self._explainer.span(node)
        return Fraction(int(low)) if low == high else None


def implied(node: f.AnyOf, part: Cond) -> bool:
    """The 凡 form's own first half is not a way to satisfy it, so it is not shown as one."""
    return len(node.parts) == 2 and isinstance(node.parts[0], f.Not) and part is node.parts[0]


def _judged(piece: Piece) -> Piece:
    """A choice beside which somebody's verdict would still be wanted."""
    return piece._replace(judged=True) if piece.choice is not None else piece


def _conditions(node: Cond) -> tuple[Cond, ...]:
    """The parts of a condition that joins conditions."""
    return cast("tuple[Cond, ...]", f.children(node))


def _every(node: Cond, want: bool) -> bool:
    """Whether all parts must be as wanted: 全部 that is to hold, 任一 that is not to."""
    return isinstance(node, f.All if want else f.AnyOf)


__all__ = ["Grounds", "implied"]
