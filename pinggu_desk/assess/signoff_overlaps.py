"""Overlaps (竞合) as sentences of their own to agree to: which benefits, which one is kept, by which words, and what opens it.

A clause such as 不得重复享受 is one sentence of one text, and decides between many benefits of many; whoever agrees to the sentence has
not read which. So each overlap that a policy's benefits stand in has a line of its own behind the text.
"""

from __future__ import annotations

from collections.abc import Iterator

from pinggu_desk.policy import say
from pinggu_desk.policy.models import Pack, Policy
from pinggu_desk.policy.outline import OutlineLine
from pinggu_desk.policy.overlaps import Overlap

#: what stands before an overlap's number where sentences have their clause
MARK = "竞合"
HEADING = "几项只取一项的（竞合），逐条审签"


def overlaps_of(pack: Pack, policy: Policy) -> tuple[Overlap, ...]:
    """The overlaps that the policy's benefits stand in, in the pack's order."""
    mine = {benefit.id for benefit in policy.benefits}
    return tuple(one for one in pack.overlaps if mine & set(one.benefits) and len(one.benefits) > 1)


def clause_of(overlap: Overlap) -> str:
    """What an overlap is called where a sentence has its clause id: ``竞合.studio``."""
    return f"{MARK}.{overlap.id}"


def source_words(pack: Pack, overlap: Overlap) -> str:
    """The words of the text on which it stands, and of which text; or that no text says anything."""
    if not overlap.rule:
        return "原文没有写能否并领。"
    title = pack.policies[overlap.rule.split(".", 1)[0]].title.strip("《》")
    return f"《{title}》{pack.clause_place(overlap.rule)}（{overlap.rule}）：{pack.clause_words(overlap.rule)}"


def reading(pack: Pack, policy: Policy, overlap: Overlap) -> Iterator[OutlineLine]:
    """What the rules make of it, a line each."""
    yield OutlineLine(0, f"在其中的：{'、'.join(_titled(pack, one) for one in overlap.benefits)}")
    yield OutlineLine(0, _kept(pack, overlap))
    for name, options in overlap.when.items():
        yield OutlineLine(0, f"“{name}”为{options}时才是同一件事，为其他的可以分别申请；没有填的按同一件事计")
    if overlap.same:
        yield OutlineLine(0, f"问是否“{overlap.same}”：答“否”的可以分别申请；没有答的按同一件事计，并说明")
    if overlap.rule and not overlap.open and not _all_explicit(policy, overlap):
        yield OutlineLine(0, "所依的那一句写在别的政策里，对这几项是类推，文书上写待主管部门确认")
    yield OutlineLine(0, say.SURE[overlap.sure] + (f"；{overlap.about}" if overlap.about else ""))


def _kept(pack: Pack, overlap: Overlap) -> str:
    if overlap.open:
        return "能否并领未定：两种算法都告知，待主管部门确认"
    if overlap.prefer:
        special = "、".join(_titled(pack, one) for one in overlap.prefer)
        return f"只取一项：有专门办法的{special}可以申请时取它，不比高低；否则取高的一项"
    return "只取一项，就高：取金额高的一项，不合计"


def _all_explicit(policy: Policy, overlap: Overlap) -> bool:
    mine = [one for one in overlap.benefits if one.startswith(f"{policy.id}.")]
    return all(overlap.explicit(one, other) for one in mine for other in overlap.benefits if other != one)


def _titled(pack: Pack, benefit: str) -> str:
    return f"{pack.policies[benefit.split('.', 1)[0]].benefit(benefit).title}（{benefit}）"
