"""Past awards (以往奖励) as they are given from outside: how the benefit, the sum and the day of one are read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from pinggu_desk.policy.characters import brief
from pinggu_desk.policy.columns import fold
from pinggu_desk.policy.errors import BadAnswer
from pinggu_desk.policy.facts import Fact
from pinggu_desk.policy.models import Benefit, Pack, Policy
from pinggu_desk.policy.usual import AWARD

#: when an award was had, and how much it was, read as any day and any sum is
AWARDED = Fact.model_validate({"名": "奖励日期", "代号": "awarded_on", "类": "日期", "问": "奖励日期"})
AMOUNT = Fact.model_validate(
    {"名": "奖励金额", "代号": "award_amount", "类": "金额", "问": "奖励金额", "平常范围": AWARD}
)


_MOST_ALIKE = 6


@dataclass(frozen=True, slots=True)
class Award:
    """A past award (以往奖励) as the register or the command line gives it; ``amount_fen`` whole fen.

    One whose ``benefit`` is empty is of a benefit that no pack has (往年项目); ``matter`` may say what it was called.
    """

    policy: str
    benefit: str
    amount_fen: int
    on: date
    matter: str = ""

    @property
    def whole_id(self) -> str:
        """The benefit's number with its policy's (``ss.neeq``): the register keeps it so, a list or a facts file may name it alone."""
        return f"{self.policy}.{self.benefit.removeprefix(self.policy + '.')}"


class BenefitWords:
    """The benefits of a pack by what an office calls them: the title or the number, with or without its policy."""

    def __init__(self, pack: Pack) -> None:
        self._policies: dict[str, Policy] = {}
        self._benefits: dict[str, list[tuple[Policy, Benefit]]] = {}
        for policy in pack.all_policies():
            for word in (_bare(policy.id), _bare(policy.title)):
                self._policies.setdefault(word, policy)
            for benefit in policy.benefits:
                own = benefit.id.removeprefix(f"{policy.id}.")
                for word in {_bare(benefit.id), _bare(own), _bare(benefit.title)}:
                    same = self._benefits.setdefault(word, [])
                    if all(benefit.id != other.id for _, other in same):  # two versions offer one benefit once
                        same.append((policy, benefit))

    def policy(self, words: str) -> Policy | None:
        """The policy that is called so, in whichever version."""
        return self._policies.get(_bare(words)) if words else None

    def alike(self, policy: str, benefit: str, synonyms: Mapping[str, tuple[str, ...]]) -> list[tuple[Policy, Benefit]]:
        """The benefits that words which name none for sure may mean: of that title, clause or everyday word, or one like it."""
        own, words = self.policy(policy), _bare(benefit)
        every = {one.id: (whose, one) for pairs in self._benefits.values() for whose, one in pairs}
        close = get_close_matches(words[:60], list(self._benefits), n=_MOST_ALIKE, cutoff=0.5) if words else []
        found = [
            *self._benefits.get(words, ()),
            *(pair for pair in every.values() if words and words in map(_bare, pair[1].cite)),
            *(pair for pair in every.values() if words in map(_bare, synonyms.get(pair[1].id, ()))),
            *(pair for word in close for pair in self._benefits[word]),
            *(pair for pair in every.values() if len(words) > 1 and (words in _bare(pair[1].title) or _bare(pair[1].title) in words)),
        ]  # fmt: skip
        kept = {one.id: (whose, one) for whose, one in found if own is None or whose.id == own.id}
        return list(kept.values())[:_MOST_ALIKE]

    def find(self, policy: str, benefit: str) -> tuple[str, str]:
        """The numbers of the policy and of the benefit within it; ``policy`` may be empty. Raises BadAnswer."""
        own = self._policies.get(_bare(policy)) if policy else None
        if policy and own is None:
            near = _near(policy, self._policies)
            raise BadAnswer(f"没有名为“{brief(policy)}”的政策{near}，请按政策全称或编号填写，或不填这一格。")
        if not benefit:
            raise BadAnswer("没有填支持事项，请按支持事项的名称或编号填写，没有领过填“无”。")
        found = [one for one in self._benefits.get(_bare(benefit), ()) if own is None or one[0].id == own.id]
        if len(found) > 1:
            named = "、".join(f"“{one.title}”" for one, _ in found)
            raise BadAnswer(f"{named}都有“{brief(benefit)}”，请写明是哪一份政策。")
        if not found:
            near = _near(
                benefit, (word for word, pairs in self._benefits.items() if own is None or own.id == pairs[0][0].id)
            )
            where = f"“{own.title}”里" if own is not None else ""
            raise BadAnswer(f"{where}没有“{brief(benefit)}”这个支持事项{near}，请按支持事项的名称或编号填写。")
        return found[0][0].id, found[0][1].id.removeprefix(f"{found[0][0].id}.")


def title_of(pack: Pack, policy_id: str, benefit_id: str, title: str = "") -> str:
    """What an award's benefit is called: of today's text, of an earlier version, or (往年项目) by its own title."""
    whole = f"{policy_id}.{benefit_id.removeprefix(policy_id + '.')}"
    found = next((one.title for policy in pack.all_policies() for one in policy.benefits if one.id == whole), "")
    return title or found or benefit_id


def _bare(words: str) -> str:
    return fold(words).strip("《》〈〉“”\"'")


def _near(words: str, known: Iterable[str]) -> str:
    close = get_close_matches(_bare(words)[:60], list(known), n=1, cutoff=0.6)
    return f"，是否指“{close[0]}”" if close else ""
