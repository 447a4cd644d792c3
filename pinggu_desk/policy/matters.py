"""Matters (事由): the everyday things that a visitor comes with, and which benefits and main questions each opens.

They are data (``matters.yaml``) beside the policies, in a visitor's words. A matter may have details (细), each narrower; what
is ticked opens its benefits, and what nobody mentioned is 来访未涉及, never 否. ``assess.match.triage`` says what follows.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pinggu_desk.policy.columns import fold
from pinggu_desk.policy.errors import Diagnostic
from pinggu_desk.policy.facts import Fact
from pinggu_desk.policy.quantity import Dim

if TYPE_CHECKING:
    from pinggu_desk.policy.models import Policy
    from pinggu_desk.policy.reader import Source

FILE_NAME = "matters.yaml"
#: parts of a name, each of which finds the matter by itself (买设备、技改、信息化)
_PARTS = "、，,/"
#: a word of fewer characters is no clear part of a name
_CLEAR = 2
_SHAPE = "事由文件应写“来者”（填报项）和“组”，每组写“名”和“事由”；事由写名、代号、词，和事项与开，或者细。"


class _Data(BaseModel):
    # not Strict: what is compared by identity stays a record that can be kept in a compiled pack and hashed by its id
    model_config = ConfigDict(extra="forbid", frozen=True)


class Detail(_Data):
    """What a visitor may say: its words, the benefits (事项) that it opens, the main questions (开) that then come first.

    ``says`` (即) are the answers that saying it gives outright, by fact, in words; only where both mean the same.
    """

    name: str = Field(alias="名", min_length=2, max_length=20)
    id: str = Field(alias="代号", pattern=r"^[a-z][a-z_]*$")
    words: tuple[str, ...] = Field(alias="词", default=())
    benefits: tuple[str, ...] = Field(alias="事项", min_length=1)
    opens: tuple[str, ...] = Field(alias="开", min_length=1)
    says: dict[str, str] = Field(alias="即", default={})


class Matter(_Data):
    """A matter (事由): a detail of its own, or several details under one everyday name."""

    name: str = Field(alias="名", min_length=2, max_length=20)
    id: str = Field(alias="代号", pattern=r"^[a-z][a-z_]*$")
    words: tuple[str, ...] = Field(alias="词", default=())
    benefits: tuple[str, ...] = Field(alias="事项", default=())
    opens: tuple[str, ...] = Field(alias="开", default=())
    details: tuple[Detail, ...] = Field(alias="细", default=())

    @property
    def all_benefits(self) -> tuple[str, ...]:
        """The benefits that it opens while none of its details is mentioned, each once."""
        return tuple(dict.fromkeys((*self.benefits, *(b for one in self.details for b in one.benefits))))

    @property
    def all_opens(self) -> tuple[str, ...]:
        """The main questions of all of them, each once."""
        return tuple(dict.fromkeys((*self.opens, *(name for one in self.details for name in one.opens))))


class MatterGroup(_Data):
    """Matters that stand under one heading of the page 来访先问."""

    name: str = Field(alias="名", min_length=2)
    matters: tuple[Matter, ...] = Field(alias="事由", min_length=1)


class Matters(_Data):
    """All matters. ``who`` (来者) are the facts that a licence or an identity card shows: they rule out by subject."""

    who: tuple[str, ...] = Field(alias="来者", default=())
    groups: tuple[MatterGroup, ...] = Field(alias="组", default=())

    def __iter__(self) -> Iterator[Matter]:  # type: ignore[override]
        return (matter for group in self.groups for matter in group.matters)

    @cached_property
    def by_id(self) -> Mapping[str, Matter | Detail]:
        """Matters and details by their ids."""
        out: dict[str, Matter | Detail] = {}
        for matter in self:
            out[matter.id] = matter
            out.update((detail.id, detail) for detail in matter.details)
        return out

    @cached_property
    def parents(self) -> Mapping[str, Matter]:
        """The matter that a detail belongs to, by the detail's id."""
        return {one.id: matter for matter in self for one in matter.details}

    @cached_property
    def gates(self) -> Mapping[str, tuple[str, ...]]:
        """The main questions that any matter opens for a benefit, by benefit."""
        out: dict[str, dict[str, None]] = {}
        for one in self.by_id.values():
            for benefit in one.benefits:
                out.setdefault(benefit, {}).update(dict.fromkeys(one.opens))
        return {benefit: tuple(names) for benefit, names in out.items()}

    def find(self, word: str) -> Matter | Detail | None:
        """What an everyday word means: an id, a name, a part of a matter's name (技改), one of its words (词),

        or a word that stands in one name alone (专利保险).
        """
        if (found := self._words.get(fold(word))) is not None or len(fold(word)) < _CLEAR:
            return found
        within = [one for one in self.by_id.values() if fold(word) in fold(one.name)]
        return within[0] if len(within) == 1 else None

    def near(self, word: str) -> tuple[str, ...]:
        """Names that share a character with a word that means nothing here, the likeliest first; at most five."""
        wanted = set(fold(word))
        scored = sorted(((-len(wanted & set(one.name)), one.name) for one in self.by_id.values()), key=lambda s: s[0])
        return tuple(name for score, name in scored if score)[:5]

    @cached_property
    def _words(self) -> Mapping[str, Matter | Detail]:
        out: dict[str, Matter | Detail] = {}
        for one in self.by_id.values():
            for word in (one.id, one.name, *one.words):
                out.setdefault(fold(word), one)
        for matter in self:  # a part of a name means the matter where nothing is called so itself
            for part in parts(matter.name):
                out.setdefault(fold(part), matter)
        return out

    def opening(self, benefit: str) -> Matter | Detail:
        """The matter or detail, as narrow as can be, that opens a benefit. Raises KeyError where none does."""
        return self._opening[benefit]

    @cached_property
    def _opening(self) -> Mapping[str, Matter | Detail]:
        out: dict[str, Matter | Detail] = {}
        for one in sorted(self.by_id.values(), key=lambda one: len(one.benefits)):
            for benefit in one.benefits:
                out.setdefault(benefit, one)
        return out

    def raised(self, mentioned: Collection[str]) -> frozenset[str]:
        """The benefits that what was mentioned (ids) opens: a matter all of its own, or only those of its mentioned details."""
        out: set[str] = set()
        for one in self._meant(mentioned):
            out.update(one.all_benefits if isinstance(one, Matter) else one.benefits)
        return frozenset(out)

    def opened(self, mentioned: Collection[str]) -> frozenset[str]:
        """The main questions that what was mentioned opens."""
        out: set[str] = set()
        for one in self._meant(mentioned):
            out.update(one.all_opens if isinstance(one, Matter) else one.opens)
        return frozenset(out)

    def said(self, mentioned: Collection[str]) -> dict[str, str]:
        """The answers that what was mentioned gives outright, in words, by fact."""
        return {
            name: text for one in self._meant(mentioned) if isinstance(one, Detail) for name, text in one.says.items()
        }

    def _meant(self, mentioned: Collection[str]) -> list[Matter | Detail]:
        narrowed = {self.parents[i].id for i in mentioned if i in self.parents}
        return [one for i, one in self.by_id.items() if i in mentioned and i not in narrowed]


def parts(name: str) -> list[str]:
    """The parts of a matter's name that stand beside each other."""
    for sign in _PARTS[1:]:
        name = name.replace(sign, _PARTS[0])
    return [part for part in name.split(_PARTS[0]) if part]


def read_matters(
    source: Source, facts: Mapping[str, Fact], policies: Iterable[Policy], found: list[Diagnostic]
) -> Matters:
    """The matters of ``matters.yaml``; what is wrong with them goes to ``found``."""
    try:
        matters = Matters.model_validate(source.data)
    except ValidationError as error:
        where = tuple(step for step in error.errors()[0]["loc"] if isinstance(step, (str, int)))
        found.append(source.found("bad-entry", where, _SHAPE))
        return Matters.model_validate({})
    known = {benefit.id for policy in policies for benefit in policy.benefits}
    told: set[str] = set()
    for path, one in _placed(matters):
        _check_one(source, path, one, facts, known, found)
        for word in (one.id, one.name, *one.words):
            if fold(word) in told:
                found.append(source.found("duplicate-name", path, f"事由的叫法“{word}”用了两次。"))
            told.add(fold(word))
    for name in matters.who:
        if name not in facts:
            found.append(source.found("unknown-name", ("来者",), f"没有名为“{name}”的填报项。"))
    lost = sorted(known - {b for one in matters.by_id.values() for b in one.benefits})
    if lost:
        found.append(source.found("matter-missing", (), f"没有一个事由打开这些支持事项：{'、'.join(lost[:8])}。"))
    return matters


def _placed(matters: Matters) -> Iterator[tuple[tuple[str | int, ...], Matter | Detail]]:
    for g, group in enumerate(matters.groups):
        for m, matter in enumerate(group.matters):
            path: tuple[str | int, ...] = ("组", g, "事由", m)
            yield path, matter
            for d, detail in enumerate(matter.details):
                yield (*path, "细", d), detail


def _check_one(
    source: Source, path: tuple[str | int, ...], one: Matter | Detail, facts: Mapping[str, Fact],
    known: Collection[str], found: list[Diagnostic],
) -> None:  # fmt: skip
    if isinstance(one, Matter) and bool(one.benefits) == bool(one.details):
        found.append(source.found("bad-entry", path, f"事由“{one.name}”应写“事项”和“开”，或者写“细”，只写其一。"))
    for benefit in one.benefits:
        if benefit not in known:
            found.append(source.found("unknown-name", (*path, "事项"), f"没有代号为“{benefit}”的支持事项。"))
    says: Mapping[str, str] = one.says if isinstance(one, Detail) else {}
    for name in (*one.opens, *says):
        if name not in facts:
            found.append(source.found("unknown-name", (*path, "开"), f"没有名为“{name}”的填报项。"))
    for name, text in says.items():
        if name in facts and text not in _answers(facts[name]):
            found.append(source.found("unknown-option", (*path, "即"), f"“{name}”没有“{text}”这个答案。"))
        if name not in one.opens:
            found.append(source.found("bad-entry", (*path, "即"), f"“即”里的“{name}”也应写在“开”里。"))


def _answers(fact: Fact) -> Sequence[str]:
    # only a Yes: a visitor who does not say a thing has not said No to it
    return ("是",) if fact.dim is Dim.TRUTH else [option.name for option in fact.options]


def empty() -> Matters:
    """No matters at all: a pack that was made before there were any."""
    nothing: dict[str, Any] = {}
    return Matters.model_validate(nothing)
