"""What a policy officer signs off (审签稿): the text sentence by sentence, what the rules make of it, worked examples.

Only gathered here, as plain words in order; ``documents.signoff_book`` and ``documents.signoff_pages`` draw it.
A general condition, definition or benefit is told whole beside the first sentence that it cites; beside the others stands
where that is, or the part that cites them.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import get_args

from pinggu_desk.assess import signoff_overlaps as overlaps
from pinggu_desk.assess.signoff_words import Example, Examples, note
from pinggu_desk.policy import say
from pinggu_desk.policy.cases import Cases
from pinggu_desk.policy.ledger import numbers_in
from pinggu_desk.policy.models import Benefit, Claim, MaterialSpec, Pack, Policy
from pinggu_desk.policy.outline import OutlineLine, outline
from pinggu_desk.policy.parameters import Parameter
from pinggu_desk.policy.reading import covering, deadline_words, limit_words, phrase, pieces_of, worth_words
from pinggu_desk.policy.scope import Scope
from pinggu_desk.policy.text import Sentence
from pinggu_desk.policy.versions import days_of


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of the middle column: its title, and lines with how far in they stand."""

    title: str
    lines: tuple[OutlineLine, ...] = ()


@dataclass(frozen=True, slots=True)
class SignOffRow:
    """One sentence or heading (原文), what the rules make of it (规则读法), and its worked examples (样例)."""

    clause: str
    place: str
    words: str
    heading: bool
    doubt: str
    blocks: tuple[Block, ...]
    examples: tuple[Example, ...]

    @property
    def stamp(self) -> str:
        """The print (印) of what is signed: the sentence with what the rules make of it; another after any change of either."""
        told = [
            self.clause,
            self.words,
            *(word for b in self.blocks for word in (b.title, *(ln.words for ln in b.lines))),
        ]
        return hashlib.sha256("\n".join(told).encode()).hexdigest()[:8]


@dataclass(frozen=True, slots=True)
class SignOff:
    """Everything of one policy that an officer reads before signing; ``counts`` are what was covered, in words."""

    policy: str
    title: str
    product: str
    source: str
    department: str
    known: str
    pack_version: str
    counts: tuple[tuple[str, str], ...]
    rows: tuple[SignOffRow, ...]
    closing: tuple[Block, ...]
    refused: tuple[Block, ...] = ()


def gather(pack: Pack, policy_id: str, cases: Cases) -> SignOff:
    """The sign-off of one policy; ``cases`` are its worked examples."""
    policy = pack.policies[policy_id]
    known = "；".join(filter(None, (policy.known_words, days_of(policy)))) or f"自{policy.known_from.isoformat()}起"
    rows = _Rows(pack, policy, cases).all()
    return SignOff(
        policy.folder or policy.id, policy.title, pack.district.program, policy.source, policy.department, known, pack.version,
        tuple(_counts(policy, cases, rows)), rows, tuple(_closing(pack, cases)), tuple(_refused(cases)),
    )  # fmt: skip


class _Rows:
    """One policy on its way into rows; remembers what has been told whole, and where."""

    def __init__(self, pack: Pack, policy: Policy, cases: Cases) -> None:
        self.pack, self.policy = pack, policy
        self.scope = Scope(pack, policy)
        self.examples = Examples(pack, policy, cases)
        self._told: dict[str, str] = {}
        self._at: dict[str, list[Benefit]] = {}
        for benefit in policy.benefits:
            self._at.setdefault(policy.text.find(benefit.clause)[0].id, []).append(benefit)

    def all(self) -> tuple[SignOffRow, ...]:
        """The rows in the text's order."""
        sentences = tuple(self._row(sentence) for sentence in self.policy.sentences)
        return *sentences, *self._overlap_rows()

    def _row(self, sentence: Sentence) -> SignOffRow:
        doubts = "；".join(
            f"存疑：印作“{d.printed}”，另见“{d.other}”。{d.why}" for d in self.policy.text.doubts if d.at == sentence.id
        )
        return SignOffRow(
            sentence.id, self.policy.place(sentence.id), sentence.words, sentence.heading, doubts,
            tuple(self._blocks(sentence)), self.examples.of(sentence.id),
        )  # fmt: skip

    def _overlap_rows(self) -> Iterator[SignOffRow]:
        """What may not be had beside what, each as a sentence of its own; a heading before them."""
        found = overlaps.overlaps_of(self.pack, self.policy)
        if found:
            yield SignOffRow(overlaps.MARK, "", overlaps.HEADING, True, "", (), ())
        for one in found:
            told = tuple(overlaps.reading(self.pack, self.policy, one))
            words = overlaps.source_words(self.pack, one)
            blocks = (Block("台账：只取一项"), Block(one.matter, told))
            yield SignOffRow(overlaps.clause_of(one), "竞合表", words, False, "", blocks, ())

    def _blocks(self, sentence: Sentence) -> Iterator[Block]:
        if not sentence.heading:
            yield self._claim(sentence)
        for benefit in self._at.get(sentence.id, ()):
            yield self._benefit(benefit)
        if not sentence.heading:
            yield from self._pieces(sentence.id)
            yield from self._around(sentence.id)
        for reading in self.pack.readings.values():
            if reading.clause == sentence.id:
                lines = (f"问：{reading.question}", f"取：{reading.taken}", f"另：{reading.other}",
                         f"影响：{reading.effect}", say.SURE[reading.sure])  # fmt: skip
                yield Block(f"读法（{reading.id}，口径待主管部门确认）", tuple(OutlineLine(0, line) for line in lines))

    def _claim(self, sentence: Sentence) -> Block:
        claim = self.policy.ledger[sentence.id]
        lines = [OutlineLine(0, f"因：{claim.why}")] if claim.why else []
        reasons: dict[str, list[str]] = {}
        for number, why in claim.numbers.items():
            reasons.setdefault(why, []).append(f"“{number}”")
        lines += [OutlineLine(0, f"数{''.join(numbers)}仅见于原文：{why}") for why, numbers in reasons.items()]
        return Block(f"台账：{claim.claim}（印 {claim.hash}）", tuple(lines))

    # --- benefits ---

    def _benefit(self, benefit: Benefit) -> Block:
        """A benefit whole: kind, recipient, conditions, what is given, deadline, limits, materials."""
        place = self.policy.place(benefit.clause)
        self._told |= {f"{benefit.title}·条件": place, f"{benefit.title}·给予": place}
        return Block(f"支持事项：{benefit.title}（{benefit.id}）", tuple(self._of_benefit(benefit)))

    def _of_benefit(self, benefit: Benefit) -> Iterator[OutlineLine]:
        term = f"；期限：最长{benefit.term}" if benefit.term else ""
        yield OutlineLine(0, f"类别：{benefit.kind}；领取人：{benefit.recipient}{term}")
        general = [g.name for g in self.policy.general if g.name not in benefit.exempt]
        if general:
            yield OutlineLine(0, f"总则：{'、'.join(general)}")
        if benefit.exempt:
            yield OutlineLine(0, f"不受总则约束：{'、'.join(benefit.exempt)}")
        if benefit.condition is not None:
            yield from _labelled("条件：", outline(benefit.condition))
        yield from _labelled("给予：", outline(benefit.give))
        if benefit.worth is not None:
            yield OutlineLine(0, f"折算：{worth_words(benefit)}")
        if benefit.decided:
            yield OutlineLine(0, f"核定：{benefit.decided}")
        if benefit.deadline is not None:
            yield OutlineLine(0, f"时限：{deadline_words(benefit)}")
        for limit in self.policy.limits:
            if benefit.id in limit.benefits:
                yield OutlineLine(0, f"限额（{limit.name}）：{limit_words(limit)}")
        yield from self._rests_on(benefit)
        yield from self._overlaps(benefit)
        code = benefit.id.removeprefix(f"{self.policy.id}.")
        names = [m.name for m in self.policy.materials if not m.benefits or code in m.benefits]
        yield OutlineLine(0, f"材料：{'；'.join(names) if names else '原文没有列明'}")
        sometimes = (f"{words}（{phrase(when)}时）" for words, when in benefit.notes_when)
        for words in (benefit.about, *benefit.notes, *sometimes):
            if words:
                yield OutlineLine(0, f"提示：{words}")

    def _rests_on(self, benefit: Benefit) -> Iterator[OutlineLine]:
        roots = [root for root in (benefit.condition, benefit.give) if root is not None]
        names = {getattr(node, "name", "") for root in roots for node in self.scope.reach(root)}
        defined = [d.name for d in self.policy.definitions if d.name in names]
        if defined:
            yield OutlineLine(0, f"用到的定义：{'、'.join(defined)}")
        for name in (name for name in self.pack.parameters if name in names):
            yield OutlineLine(0, f"参数“{name}”：{_parameter(self.pack.parameters[name])}")
        if benefit.readings:
            when = {reading: f"（{phrase(condition)}时）" for reading, condition in benefit.told_when}
            for reading, condition in benefit.doubted_when:
                when[reading] = f"{when.get(reading, '')}（不符合而{phrase(condition)}时也说）"
            yield OutlineLine(0, f"口径待主管部门确认：{'、'.join(r + when.get(r, '') for r in benefit.readings)}")

    def _overlaps(self, benefit: Benefit) -> Iterator[OutlineLine]:
        mine = [one for one in overlaps.overlaps_of(self.pack, self.policy) if benefit.id in one.benefits]
        if mine:
            told = "、".join(f"{one.matter}（{overlaps.clause_of(one)}）" for one in mine)
            yield OutlineLine(0, f"只取一项的：{told}，见文末")

    # --- what else cites a sentence ---

    def _pieces(self, clause: str) -> Iterator[Block]:
        here, elsewhere = self.policy.place(clause), dict[str, str]()
        for piece in pieces_of(self.policy, clause):
            told = self._told.get(piece.title)
            if not piece.whole:
                yield Block(f"{piece.title}（其中）", tuple(outline(piece.node)))
            elif told is None:
                self._told[piece.title] = here
                yield Block(piece.title, tuple(outline(piece.node)))
            elif told != here:
                elsewhere[piece.title.removesuffix("·条件").removesuffix("·给予")] = told
        for title, place in elsewhere.items():
            yield Block(f"{title}：见 {place}")
        meant = covering(self.policy, clause)
        for benefit in self.policy.benefits:
            if benefit.deadline is not None and meant & set(benefit.deadline.cite):
                yield Block(f"{benefit.title}·时限：{deadline_words(benefit)}")
        for limit in self.policy.limits:
            if meant & set(limit.cite):
                titles = "、".join(self.policy.benefit(one).title for one in limit.benefits)
                yield Block(f"限额·{limit.name}（{titles}）：{limit_words(limit)}")
        cited = [one for one in overlaps.overlaps_of(self.pack, self.policy) if one.rule in meant]
        if cited:
            yield Block(f"只取一项的：{'、'.join(overlaps.clause_of(one) for one in cited)}，见文末")

    def _around(self, clause: str) -> Iterator[Block]:
        """Form, materials, steps, contacts and questions that rest on the sentence."""
        policy = self.policy
        if policy.form_clause == clause:
            yield Block(f"申请表：{policy.form_title}")
        for material in policy.materials:
            if material.clause == clause:
                yield Block(f"材料：{self._material(material)}")
        for step in policy.steps:
            if step.clause == clause:
                yield Block(f"流程：{step.text}")
        for contact in policy.contacts:
            if contact.clause == clause:
                yield Block(f"咨询：{contact.role} {contact.text}")
        for fact in self.pack.facts.values():
            if fact.clause == clause:
                yield Block(f"填报项“{fact.name}”：{fact.question}")

    def _material(self, material: MaterialSpec) -> str:
        parts = [material.name, material.form, *(["加盖公章"] if material.sealed else [])]
        parts += [f"来处：{material.source}"] if material.source else []
        titles = [self.policy.benefit(f"{self.policy.id}.{code}").title for code in material.benefits]
        return "；".join([*parts, f"用于：{'、'.join(titles) or '各事项'}"])


def _labelled(label: str, lines: list[OutlineLine]) -> Iterator[OutlineLine]:
    """A label before a form's lines: on the first, the rest a step further in."""
    first, *rest = lines
    if rest and first.level == 0 and any(line.level == 0 for line in rest):
        yield OutlineLine(0, label)
        yield from (OutlineLine(line.level + 1, line.words) for line in lines)
        return
    yield OutlineLine(first.level, label + first.words)
    yield from rest


def _parameter(parameter: Parameter) -> str:
    if not parameter.values:
        return f"{parameter.about}；政策包里没有值，须用到时结论为需补充信息"
    values = "；".join(f"{v.value}（{v.words}）" for v in parameter.values)
    return f"{parameter.about}；{values}"


def _counts(policy: Policy, cases: Cases, rows: tuple[SignOffRow, ...]) -> Iterator[tuple[str, str]]:
    sentences = [s for s in policy.sentences if not s.heading]
    claims = Counter(claim.claim for claim in policy.ledger.values())
    yield "原文", f"{len(sentences)} 句，全部登入台账"
    yield "台账", "，".join(f"{claim} {claims[claim]} 句" for claim in get_args(Claim) if claims[claim])
    listed = sum(len(claim.numbers) for claim in policy.ledger.values())
    numbers = sum(len(numbers_in(s.words)) for s in sentences)
    yield "原文数字", f"{numbers} 个，其中仅见于原文的 {listed} 个已写明原因"
    yield "支持事项", f"{len(policy.benefits)} 个"
    only_one = sum(row.clause.startswith(f"{overlaps.MARK}.") for row in rows)
    if only_one:
        yield "竞合", f"{only_one} 条，在文末逐条审签"
    with_examples = sum(1 for row in rows if row.examples)
    yield "样例", f"{len(cases.cases)} 个，对应条款 {with_examples} 处；拒收样例 {len(cases.refusals)} 个"


def _refused(cases: Cases) -> Iterator[Block]:
    """Answers that must be refused, which stand with the examples."""
    if cases.refusals:
        lines = (f"{one.says} → {one.sentence}" for one in cases.refusals)
        yield Block("应当拒收的填报（拒绝时的提示含有箭头后的字样）", tuple(OutlineLine(0, line) for line in lines))


def _closing(pack: Pack, cases: Cases) -> Iterator[Block]:
    """What stands behind the sentences: lines that nothing reaches, outcomes that can't be."""
    if cases.unreachable:
        reached = (f"{pack.clause_place(one.clause)} “{one.words}”{f'→{one.way}' if one.way else ''}：{one.why}"
                   for one in cases.unreachable)  # fmt: skip
        yield Block("规则中走不到的行", tuple(OutlineLine(0, line) for line in reached))
    if cases.never:
        policy = pack.policies[cases.policy]
        never = (f"{policy.benefit(f'{policy.id}.{one.benefit}').title}不会“{one.status}”：{one.why}"
                 for one in cases.never)  # fmt: skip
        yield Block("不会出现的结论", tuple(OutlineLine(0, line) for line in never))


__all__ = ["Block", "Example", "SignOff", "SignOffRow", "gather", "note"]
