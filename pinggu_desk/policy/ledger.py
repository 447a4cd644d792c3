"""The ledger (台账) between text and rules: every sentence claimed and hashed, every number accounted for both ways."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from typing import Protocol

from pinggu_desk.policy import forms as f
from pinggu_desk.policy.forms import Cond, Expr, Path
from pinggu_desk.policy.models import ClaimOf, Pack, Policy
from pinggu_desk.policy.reader import digest
from pinggu_desk.policy.roots import roots
from pinggu_desk.policy.text import Sentence, Text

_RULED = ("计算", "服务")
_MARKER = re.compile(r"^([（(][一二三四五六七八九十0-9]+[）)] ?|[0-9]+\.(?![0-9]) ?|[一二三四五六七八九十]+、)")
_NUMBER = re.compile(r"([0-9][0-9,]*(?:\.[0-9]+)?)(万|亿)?(?:美?元)?(%)?")
#: 100-500万美元, 500（含）-1000万美元, 1000（含）万美元: the multiple stands behind the range or the remark
_BORROWED = re.compile(r"^(?:（不?含）)?(?:[-—～至][0-9][0-9,.]*(?:（不?含）)?)?(万|亿)(?=美?元)")
_CHINESE = re.compile(r"([一二两三四五六七八九十]+)(?=年|个月|个工作日|倍|次(?!性))")
_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九十")} | {"两": 2}
_BEFORE = (
    ("不得低于", "ge"), ("不低于", "ge"), ("达到", "ge"), ("不超过", "le"), ("不高于", "le"), ("超过", "gt"),
    ("大于", "gt"), ("低于", "lt"), ("最高", "le"), ("上限为", "le"), ("满", "ge"),
)  # fmt: skip
_AFTER = (
    ("（含）以上", "ge"), ("（不含）以上", "gt"), ("以上（含", "ge"), ("以上", "ge"), ("（含）以下", "le"), ("以下", "le"),
    ("（不含）", "x"), ("（含", "i"),
)  # fmt: skip
_WORD_ROLES = {
    "不低于": "ge", "不早于": "ge", "超过": "gt", "低于": "lt", "不超过": "le", "不晚于": "le", "为": "",
}  # fmt: skip


class Sink(Protocol):
    """Where findings go (see ``policy.check.Findings``)."""

    def add(self, code: str, path: Path, sentence: str) -> None:
        """A finding in policy.yaml."""

    def add_text(self, code: str, line: int, sentence: str) -> None:
        """A finding in text.md."""


@dataclass(frozen=True)
class Number:
    """A number as written: its exact value (``%`` kept apart), how it reads, and the bound words around it."""

    value: Decimal
    percent: bool
    words: str
    role: str = ""


@dataclass(frozen=True)
class Used:
    """A number that a rule uses: what it cites, where it stands, and the bound it is used as."""

    cite: tuple[str, ...]
    number: Number
    path: Path
    bare: bool = False
    spoken: bool = False  # so many of a list: printed in characters (下列三项中的两项) as often as in digits


@lru_cache(maxsize=4096)
def numbers_in(words: str) -> tuple[Number, ...]:
    """Every number of a sentence, its list marker aside, with the bound words next to it."""
    body = _MARKER.sub("", words)
    found: list[Number] = []
    for match in _NUMBER.finditer(body):
        digits, multiple, percent = match.groups()
        if not (multiple or percent or match[0].endswith("元")) and (borrowed := _BORROWED.match(body[match.end() :])):
            multiple = borrowed[1]
        value = Decimal(digits.replace(",", "")) * {None: 1, "万": 10**4, "亿": 10**8}[multiple]
        found.append(Number(value, bool(percent), match[0], _role(body, match.start(), match.end())))
    for match in _CHINESE.finditer(body):
        found.append(Number(Decimal(_chinese(match[1])), False, match[0], _role(body, match.start(), match.end())))
    return tuple(found)


def _chinese(text: str) -> int:
    if "十" in text:
        tens, ones = text.split("十", 1)
        return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)
    return _DIGITS[text]


def _role(body: str, start: int, end: int) -> str:
    after = re.sub(r"^(万|亿)?(美?元|平方米|平米|人(?!民币)|家|个|名|年|%)?(人民币)?", "", body[end:])
    for word, role in _AFTER:
        if after.startswith(word):
            return role
    before = body[:start].rstrip("为到")
    for word, role in _BEFORE:
        if body[:start].endswith(word) or before.endswith(word):
            return role
    return ""


def check_ledger(policy: Policy, pack: Pack, sink: Sink) -> None:
    """Every sentence claimed with its hash; every number of a sentence used or listed, and of a rule found in the text."""
    used = list(rule_numbers(policy))
    meant = {clause: {s.id for s in policy.text.find(clause)} for use in used for clause in use.cite}
    cited = _cited(policy)
    asked = {fact.clause for fact in pack.facts.values() if fact.clause}
    for sentence in policy.sentences:
        if sentence.heading:
            continue
        claim = policy.ledger.get(sentence.id)
        if claim is None:
            sink.add_text("unclaimed-sentence", sentence.line, f"“{sentence.id}”这一句没有登入台账。")
        elif claim.hash != digest(sentence.words):
            said = f"“{sentence.id}”的原文与台账的印不符（应为 {digest(sentence.words)}），请核对原文。"
            sink.add_text("changed-sentence", sentence.line, said)
        else:
            _check_claim(sentence, claim, cited, asked, sink)
            mine = [use for use in used if any(sentence.id in meant[clause] for clause in use.cite)]
            _check_numbers(policy, sentence, claim, mine, sink)
    if policy.headings_hash != headings_digest(policy.text):
        line = policy.sentences[0].line if policy.sentences else 0
        sink.add_text(
            "changed-heading", line, f"标题同“标题印”不符（应为 {headings_digest(policy.text)}），请逐个核对标题。"
        )
    ids = {sentence.id for sentence in policy.sentences if not sentence.heading}
    for clause in policy.ledger:
        if clause not in ids:
            sink.add("unknown-clause", ("台账", clause), f"原文里没有“{clause}”这一句。")
    _check_used(policy, list(rule_numbers(policy, beside=False)), sink)


def headings_digest(text: Text) -> str:
    """The hash (标题印) of all headings of a text, in order."""
    return digest("".join(sentence.words for sentence in text.sentences if sentence.heading))


def _cited(policy: Policy) -> set[str]:
    clauses = {c for root, _, _ in roots(policy) for node in f.walk(root) for c in node.cite}
    clauses |= {c for benefit in policy.benefits for c in benefit.cite}
    clauses |= {c for limit in policy.limits for c in limit.cite}
    return {sentence.id for clause in clauses for sentence in policy.text.find(clause)}


def _check_claim(sentence: Sentence, claim: ClaimOf, cited: set[str], asked: set[str], sink: Sink) -> None:
    path: Path = ("台账", sentence.id)
    if claim.claim in _RULED and sentence.id not in cited:
        sink.add("unclaimed-sentence", path, f"“{sentence.id}”登记为“{claim.claim}”，却没有规则以它为依据。")
    if claim.claim == "询问" and sentence.id not in cited | asked:
        sink.add("unclaimed-sentence", path, f"“{sentence.id}”登记为“询问”，却没有填报项或规则以它为依据。")
    if claim.claim not in (*_RULED, "询问"):
        if sentence.id in cited:
            sink.add("unclaimed-sentence", path, f"“{sentence.id}”有规则以它为依据，应登记为“计算”“服务”或“询问”。")
        if not claim.why:
            sink.add("missing-part", path, f"“{sentence.id}”登记为“{claim.claim}”，应写明原因（因）。")


def _check_numbers(policy: Policy, sentence: Sentence, claim: ClaimOf, mine: list[Used], sink: Sink) -> None:
    said = _said(policy, sentence.id)
    listed = set(claim.numbers)
    values = {(one.value, one.percent) for use in mine for one in _forms(use)}
    for number in numbers_in(sentence.words):
        if number.words in listed or (number.value, number.percent) in values:
            continue
        if any(number.words in text for text in said):
            continue
        sink.add_text(
            "number-unaccounted", sentence.line,
            f"“{sentence.id}”里的“{number.words}”没有规则用到，也没有在台账里列为仅见于文本。",
        )  # fmt: skip
    present = {number.words for number in numbers_in(sentence.words)}
    for words in listed - present:
        sink.add("number-invented", ("台账", sentence.id), f"台账列的“{words}”在“{sentence.id}”里找不到。")


def _said(policy: Policy, clause: str) -> list[str]:
    """What materials, steps, contacts and services that cite the sentence say in words."""
    said = [step.text for step in policy.steps if step.clause == clause]
    said += [contact.text for contact in policy.contacts if contact.clause == clause]
    said += [f"{item.name}{item.source}" for item in policy.materials if item.clause == clause]
    for benefit in policy.benefits:
        for node in f.walk(benefit.give):
            if isinstance(node, f.InKind):
                said.extend(words for one in node.each if clause in one.cite for words in one.services)
        if clause in benefit.cite:
            said += [benefit.title, benefit.about, *benefit.notes, *(words for words, _ in benefit.notes_when)]
    return said


def _forms(use: Used) -> list[Number]:
    """A table's cells print bare numbers under a unit in the head, so a step's number may be met without its multiple."""
    if not use.bare:
        return [use.number]
    digits = re.match(r"[0-9.]+", use.number.words)
    return [use.number, Number(Decimal(digits[0]), use.number.percent, use.number.words)] if digits else [use.number]


def _by_value(numbers: Iterable[Number]) -> dict[tuple[Decimal, bool], list[Number]]:
    found: dict[tuple[Decimal, bool], list[Number]] = {}
    for one in numbers:
        found.setdefault((one.value, one.percent), []).append(one)
    return found


def _check_used(policy: Policy, used: list[Used], sink: Sink) -> None:
    numbers: dict[str, dict[tuple[Decimal, bool], list[Number]]] = {}  # by clause: a table may use thousands of one
    for use in used:
        sentences = [s for clause in use.cite for s in policy.text.find(clause)]
        for clause in use.cite:
            if clause not in numbers:
                numbers[clause] = _by_value(n for s in policy.text.find(clause) for n in numbers_in(s.words))
        forms = dict.fromkeys((one.value, one.percent) for one in _forms(use))
        met = [n for clause in use.cite for one in forms for n in numbers[clause].get(one, ())]
        if not met and not (use.spoken and any(_in_characters(use, s.words) for s in sentences)):
            sink.add(
                "number-invented", use.path,
                f"规则里的“{use.number.words}”在所依据的条款（{'、'.join(use.cite)}）里找不到。",
            )  # fmt: skip
            continue
        roles = {n.role for n in met if n.role in ("ge", "gt", "le", "lt")}
        if use.number.role not in ("", "?") and roles and use.number.role not in roles:
            sink.add(
                "word-mismatch", use.path,
                f"“{use.number.words}”的含与不含、以上与超过同原文（{'、'.join(use.cite)}）的用词不一致。",
            )  # fmt: skip


def _in_characters(use: Used, words: str) -> bool:
    """Whether a sentence says in characters that so many of a list will do: ``下列三项中的两项``."""
    named = [name for name, value in _DIGITS.items() if value == use.number.value]
    return bool(named) and re.search(f"(?:{'|'.join(named)})(?:项|条|个|款|种)", words) is not None


# --- numbers of rules -----------------------------------------------------------------------------------------


def rule_numbers(policy: Policy, *, beside: bool = True) -> Iterator[Used]:
    """Every number that the rules of a policy use, with the bound it is used as.

    Without ``beside`` those leave out that only say when a reading is told (口径的当、不符合当): how far a reading that isn't taken
    could reach stands in no sentence.
    """
    told = {id(when) for benefit in policy.benefits for _, when in (*benefit.told_when, *benefit.doubted_when)}
    for root, _, path in roots(policy):
        if beside or id(root) not in told:
            yield from _node_numbers(root, "", path)
    for benefit in policy.benefits:
        if benefit.term:
            yield from _used(benefit.term, benefit.cite, "", (*benefit.path, "期限"))


def _used(text: str, cite: tuple[str, ...], role: str, path: Path, *, bare: bool = False) -> Iterator[Used]:
    for number in numbers_in(text):
        if not number.value:
            continue  # nought is no figure of the text's: it says "none received"
        yield Used(cite, Number(number.value, number.percent, text, role), path, bare)


def _node_numbers(node: Expr | Cond, role: str, path: Path) -> Iterator[Used]:
    path = node.path or path
    match node:
        case f.Lit():
            yield from _used(node.quantity.text, node.cite, role, path)
        case f.Share():
            yield from _used(node.rate.text, node.cite, role, path)
        case f.Per():
            yield from _used(node.step.text, node.cite, "", path)
            yield from _used(node.each.text, node.cite, "", path)
        case f.Rounded():
            yield from _used(node.step.text, node.cite, "", path)
        case f.AtLeast():
            for use in _used(node.number.text, node.cite, "ge", path):
                yield replace(use, spoken=True)
        case f.After() | f.Since():
            yield from _used(node.term.text, node.cite, "ge" if isinstance(node, f.Since) else "", path)
        case f.Steps():
            for quantity in (*node.at, *node.give):
                yield from _used(quantity.text, node.cite, "", path, bare=True)
        case f.Bands():
            for row in node.rows:
                cite = row.value.cite or node.cite
                if row.low is not None:
                    yield from _used(row.low.text, cite, "ge" if row.low_in else "gt", row.path)
                if row.high is not None:
                    yield from _used(row.high.text, cite, "le" if row.high_in else "lt", row.path)
    yield from _child_numbers(node, role, path)


def _child_numbers(node: Expr | Cond, role: str, path: Path) -> Iterator[Used]:
    for child in f.children(node):
        own = role
        if isinstance(node, f.Compare):
            own = "?" if role == "?" else _WORD_ROLES.get(node.word, "") if child is node.right else ""
        elif isinstance(node, f.Cap):
            own = "le" if child is node.cap else role
        elif isinstance(node, f.UpTo):
            own = "le" if child is node.high else "ge"
        elif isinstance(node, f.ByReading):
            own = role if child is node.taken else "?"
        elif not isinstance(node, f.Share):
            own = "?" if role == "?" else ""
        yield from _node_numbers(child, own, path)
