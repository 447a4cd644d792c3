"""A rule's reading set out in lines: what ``policy.reading`` says in one sentence, numbered and indented.

Conditions that must all hold are numbered 1. 2. 3., alternatives （1）（2）（3）; the rows of a table, the branches of an 若 and
both branches of a reading stand a step further in. What is short and holds no structure stays one line.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from pinggu_desk.policy import forms as f
from pinggu_desk.policy.forms import Cond, Expr
from pinggu_desk.policy.reading import at_least, conjuncts, phrase, rounding, so_many, step_rows, whenever

#: a conjunction of plain conditions up to this many characters stays on one line
_SHORT = 30
_STRUCTURED = (f.AnyOf, f.AtLeast, f.Bands, f.Steps, f.If, f.ByReading)


class OutlineLine(NamedTuple):
    """One line: how far in it stands (0 is the margin), and its words, number included."""

    level: int
    words: str


def outline(node: Expr | Cond, level: int = 0, mark: str = "") -> list[OutlineLine]:
    """The lines of one form; ``mark`` is the number that its first line carries."""
    if _is_plain(node):
        return [OutlineLine(level, mark + phrase(node))]
    match node:
        case f.All():
            return _listed(f"{mark}须同时符合：", conjuncts(node), "{}. ", level)
        case f.AnyOf():
            return _any(node, level, mark)
        case f.AtLeast():
            return _listed(f"{mark}{so_many(node)}：", node.parts, "（{}）", level)
        case f.If():
            return _if(node, level, mark)
        case f.Bands():
            return _bands(node, level, mark)
        case f.Steps():
            rows = [OutlineLine(level + 1, f"{label}：{give.text}") for label, give in step_rows(node)]
            return [OutlineLine(level, f"{mark}按{node.on.name}分档："), *rows]
        case f.ByReading():
            told = OutlineLine(level, f"{mark}口径待主管部门确认：")
            return [told, *_under("取：", node.taken, level + 1), *_under("另：", node.other, level + 1)]
        case f.Verdict():
            head = f"{mark}由{node.who}认定：{node.why}。可能为："
            return _listed(head, node.possible, "· ", level)
        case _:
            return _arithmetic(node, level, mark)


def _is_plain(node: Expr | Cond) -> bool:
    """Whether one line says it well: no structure below it, and, where conditions are joined, not too many."""
    if isinstance(node, f.ByReading) and at_least(node) is not None:
        return True
    if isinstance(node, f.All):
        return all(map(_is_plain, node.parts)) and len(phrase(node)) <= _SHORT
    if isinstance(node, _STRUCTURED):
        return False
    return all(_is_plain(part) for part in f.children(node))


def _under(head: str, node: Expr | Cond, level: int) -> list[OutlineLine]:
    """A head with what belongs to it: on its own line when that is plain, else below it."""
    if _is_plain(node):
        return [OutlineLine(level, head + phrase(node))]
    return [OutlineLine(level, head), *outline(node, level + 1)]


def _listed(head: str, parts: Sequence[Expr | Cond], number: str, level: int) -> list[OutlineLine]:
    lines = [OutlineLine(level, head)]
    for index, part in enumerate(parts, 1):
        lines += outline(part, level + 1, number.format(index))
    return lines


def _any(node: f.AnyOf, level: int, mark: str) -> list[OutlineLine]:
    halves = whenever(node)
    if halves is None:
        return _listed(f"{mark}符合以下任一：", node.parts, "（{}）", level)
    if _is_plain(halves[0]):
        return _under(f"{mark}凡{phrase(halves[0])}的，须：", halves[1], level)
    return [*_under(f"{mark}凡：", halves[0], level), *_under("须：", halves[1], level)]


def _if(node: f.If, level: int, mark: str) -> list[OutlineLine]:
    other = _under("否则：", node.other, level)
    if _is_plain(node.when):
        return [*_under(f"{mark}{phrase(node.when)}的：", node.then, level), *other]
    return [*_under(f"{mark}若：", node.when, level), *_under("则：", node.then, level), *other]


def _bands(node: f.Bands, level: int, mark: str) -> list[OutlineLine]:
    lines = [OutlineLine(level, f"{mark}按{node.on.name}分档：")]
    for row in node.rows:
        lines += _under(f"{row.label}：", row.value, level + 1)
    if node.otherwise is not None:
        lines += _under("其余：", node.otherwise, level + 1)
    return lines


def _arithmetic(node: Expr | Cond, level: int, mark: str) -> list[OutlineLine]:
    """A figure or comparison with structure inside: its parts below, what is done with them in words."""
    match node:
        case f.Cap():
            return [*outline(node.of, level, mark), *_under("最高不超过：", node.cap, level)]
        case f.Less():
            return [*outline(node.of, level, mark), *_under("减去：", node.less, level)]
        case f.Times():
            return [*outline(node.of, level, mark), *_under("乘以：", node.by, level)]
        case f.Rounded():
            told = OutlineLine(level, f"按{node.step.text}取整（{rounding(node)}）")
            return [*outline(node.of, level, mark), told]
        case f.UpTo():
            low = _under("不低于：", node.low, level) if node.low is not None else []
            return [*_under(f"{mark}不高于（上限）：", node.high, level), *low]
        case f.Each():
            return [OutlineLine(level, f"{mark}{node.over.name}逐项计算，合计；每项："), *outline(node.body, level + 1)]
        case f.Sum():
            return _listed(f"{mark}以下各项之和：", node.parts, "· ", level)
        case f.Choose():
            return _listed(f"{mark}以下各项中较{'高' if node.highest else '低'}者：", node.parts, "· ", level)
        case f.Not():
            return [OutlineLine(level, f"{mark}不属于下列情形："), *outline(node.part, level + 1)]
        case f.Compare():
            return [*outline(node.left, level, mark), *_under(f"{node.word}：", node.right, level)]
        case _:
            return [OutlineLine(level, mark + phrase(node))]


__all__ = ["OutlineLine", "outline"]
