"""Outside figures that differ by area (按区域取值): one figure a township, each published, dated and entered by itself.

Said once, in ``parameters.yaml``: by which option (按) and what each comes to (各区). The rules name it like any figure; under it
stand a parameter an option (``租金指导价·甲镇``) and, in every policy of a clause that names it (依据), a definition that picks
the one of the applicant's own area. So there is no form of its own: whoever knows tables and figures knows this.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from pydantic import Field

from pinggu_desk.policy import forms as f
from pinggu_desk.policy.facts import Fact
from pinggu_desk.policy.models import Definition, Policy
from pinggu_desk.policy.parameters import Parameter, ParameterValue


class AreaParameter(Parameter):
    """A parameter as its file has it; with ``by`` (按, the name of an option) its values stand under each option (各区)."""

    by: str = Field(alias="按", default="")
    areas: dict[str, tuple[ParameterValue, ...]] = Field(alias="各区", default={})

    def of(self, area: str) -> str:
        """What the figure of one area is called."""
        return f"{self.name}·{area}"


#: hears of what is wrong with one parameter: its place in the file, and the sentence
Refuse = Callable[[int, str], None]


def spread(parameters: Sequence[AreaParameter], facts: Mapping[str, Fact], refuse: Refuse) -> dict[str, Parameter]:
    """The parameters by name, those by area as one for each area."""
    out: dict[str, Parameter] = {}
    for at, one in enumerate(parameters):
        if not one.by and not one.areas:
            out[one.name] = one
        elif sentence := _fault(one, facts):
            refuse(at, sentence)
        else:
            out |= {each.name: each for each in _each(one)}
    return out


def _each(one: AreaParameter) -> Iterator[Parameter]:
    for number, (area, values) in enumerate(one.areas.items(), 1):
        yield Parameter.model_validate({
            "名": one.of(area), "代号": f"{one.id}_{number}", "类": one.kind, "说明": f"{one.about}（{area}）", "单位": one.unit,
            "最少": one.least, "最多": one.most, "值表": values,
        })  # fmt: skip


def _fault(one: AreaParameter, facts: Mapping[str, Fact]) -> str:
    fact = facts.get(one.by)
    options = [option.name for option in fact.options] if fact is not None else []
    if not options:
        return f"参数“{one.name}”按“{one.by}”取值，“按”应写一个选项类填报项的名称。"
    if one.values:
        return f"参数“{one.name}”按“{one.by}”取值，值写在“各区”下面，不写“值表”。"
    if not one.clauses:
        return f"参数“{one.name}”按“{one.by}”取值，应写“依据”：哪几条用到它。"
    lacking = [name for name in options if name not in one.areas]
    strange = [name for name in one.areas if name not in options]
    if lacking:
        return f"参数“{one.name}”按“{one.by}”取值，“各区”少了“{lacking[0]}”；还没有公布的写 []。"
    return f"参数“{one.name}”的“各区”多了“{strange[0]}”，“{one.by}”没有这个选项。" if strange else ""


def with_areas(policy: Policy, parameters: Iterable[AreaParameter]) -> Policy:
    """The policy with a definition for each figure by area that its clauses name."""
    own = [_definition(one, cite) for one in parameters if one.by and (cite := _cite(one, policy))]
    return replace(policy, definitions=(*policy.definitions, *own)) if own else policy


def _cite(one: AreaParameter, policy: Policy) -> tuple[str, ...]:
    return tuple(clause for clause in one.clauses if clause.split(".", 1)[0] == policy.id)


def _definition(one: AreaParameter, cite: tuple[str, ...]) -> Definition:
    path: f.Path = ("定义", one.name)
    rows = tuple(
        f.Row(area, None, False, None, False, (area,), f.Name(cite, path, one.of(area)), path) for area in one.areas
    )
    body = f.Bands(cite, path, f.Name(cite, path, one.by), rows, None)
    return Definition(one.name, body, False, cite, path, False)
