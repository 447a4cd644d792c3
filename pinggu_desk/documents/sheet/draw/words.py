"""What is said of a form (申请表表样) beside its policy: ``form.yaml`` next to ``policy.yaml``, and what holds without one.

Every key may be left out; the policy then decides: whom it serves, who is in charge, whether it pays money.
"""

from __future__ import annotations

from pathlib import Path

import yaml
from pydantic import Field

from pinggu_desk.policy.facts import Strict
from pinggu_desk.policy.models import Policy
from pinggu_desk.policy.resources import pack_root

#: kinds of benefit (类别) that pay nothing
UNPAID = frozenset({"服务", "资格"})


class ByHand(Strict):
    """Rows of one or two labels (``行``) filled in by hand, under a heading; shown only for the benefits in ``当``."""

    title: str = Field(alias="题", default="")
    when: tuple[str, ...] = Field(alias="当", default=())
    rows: tuple[tuple[str, ...], ...] = Field(alias="行")


class Blank(Strict):
    """One part of an annex: a labelled box of ``高`` points, or a table with these columns (``列``) and rows (``行``).

    ``填`` names what the program puts into the box; without it the box is for a person.
    """

    title: str = Field(alias="题")
    height: float = Field(alias="高", default=24.0)
    name: str = Field(alias="填", default="")
    columns: tuple[str, ...] = Field(alias="列", default=())
    rows: int = Field(alias="行", default=0)


class Annex(Strict):
    """A paper that belongs to the form (附件), on a sheet of its own: words, boxes, words again, signatures."""

    title: str = Field(alias="名")
    sheet: str = Field(alias="表")
    when: tuple[str, ...] = Field(alias="当", default=())
    opening: tuple[str, ...] = Field(alias="首", default=())
    blanks: tuple[Blank, ...] = Field(alias="栏", default=())
    closing: tuple[str, ...] = Field(alias="段", default=())
    signed: tuple[str, ...] = Field(alias="落款")


class FormWords(Strict):
    """Everything that a form says of its own.

    ``who`` is what the applicant is called; ``opinions`` are the offices behind 初审, 复审 and 主管部门意见 (empty: left open);
    ``project`` says whether what is applied for is a project with a name and a period (left out: as the policy's facts say).
    """

    who: str = Field(alias="称谓", default="")
    opinions: tuple[str, str, str] | None = Field(alias="意见", default=None)
    undertaking: str = Field(alias="承诺", default="")
    project: bool | None = Field(alias="项目", default=None)
    by_hand: tuple[ByHand, ...] = Field(alias="手填", default=())
    annexes: tuple[Annex, ...] = Field(alias="附件", default=())


def words_of(policy: Policy) -> FormWords:
    """The words of a policy's form, what isn't said filled in from the policy."""
    path = pack_root() / "policies" / policy.folder / "form.yaml"
    said = FormWords.model_validate(_read(path)) if path.exists() else FormWords()
    return FormWords(
        who=said.who or ("申报人" if serves_persons(policy) else "申报单位"),
        opinions=said.opinions or ("", "", policy.department),
        undertaking=said.undertaking or _undertaking(policy),
        project=said.project,
        by_hand=said.by_hand,
        annexes=said.annexes,
    )


def _read(path: Path) -> object:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


def serves_persons(policy: Policy) -> bool:
    """Whether a natural person may be the applicant (服务对象含个人)."""
    return "个人" in policy.serves


def pays(policy: Policy) -> bool:
    """Whether the policy gives money or something counted in money, rather than services and statuses alone."""
    return any(benefit.kind not in UNPAID for benefit in policy.benefits)


def _undertaking(policy: Policy) -> str:
    me = "申报人" if serves_persons(policy) else "本单位"
    words = f"{me}对所填内容和所交材料的真实、准确、完整负责，复印件与原件一致"
    if not pays(policy):
        return f"{words}。情况有变化的，及时告知主管部门。如有不实，依法承担责任。"
    return (
        f"{words}；没有就同一事项隐瞒已经领取的资金或者享受的支持。"
        "情况有变化的，及时告知主管部门。如有不实，愿意退回所得，并依法承担责任。"
    )
