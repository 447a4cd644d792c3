"""What is said around a question at 匹配: why it is asked, and, when none is left, what stands open. Knows no Qt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pinggu_desk.policy.facts import PRIOR

if TYPE_CHECKING:
    from pinggu_desk.assess.match.enquiry import Enquiry

_EXAMPLES = 2  # benefits that are named of those that a question is about
_NAMED = 6  # of what was passed over
_ALL_ASKED = "没有要问的了：能靠提问定下来的都已定下，其余由主管部门认定或已无关。"


def reason(enquiry: Enquiry, name: str) -> str:
    """Why a fact is asked for: how much of what this visit goes into hangs on it; empty where nothing does."""
    match, facts = enquiry.match, enquiry.engine.pack.facts
    if name in match.same:
        told = "、".join(f"“{match.rules[i].benefit.title}”" for i in match.same[name])
        return f"{told}都可能申请；没有说明的，按{name}计，只取一项。"
    # whether there ever was an award stands for every question of past awards: its No answers them all
    past = {n for n in match.needed if facts[n].history is not None} if name == PRIOR else {name}
    waiting = [i for i, now in match.live.items() if not past.isdisjoint(now.needs.asks)]
    if not (count := len(waiting)):
        return ""
    titles = [match.rules[i].benefit.title for i in waiting]
    return f"关系到 {count} 项{'，如' if count > _EXAMPLES else ''}：{'、'.join(titles[:_EXAMPLES])}"


def all_asked(enquiry: Enquiry) -> str:
    """That nothing is left to ask; what was passed over for now (暂不清楚) and still matters is named: it isn't settled."""
    passed = [name for name in enquiry.match.needed if name in enquiry.passed]
    if not passed:
        return _ALL_ASKED
    more = f"等 {len(passed)} 项" if len(passed) > _NAMED else ""
    return f"都问过了，还空着：{'、'.join(passed[:_NAMED])}{more}。知道以后在下面补填，结果会跟着变。"
