"""The materials (材料) of what is applied for: the list with the form itself, and what is said beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pinggu_desk.assess.notes import MaterialNote

if TYPE_CHECKING:
    from pinggu_desk.assess.determination import Determination
    from pinggu_desk.policy.models import Policy

#: the form itself among the materials, where the text doesn't list it
FORM_KEY = "form"
#: what is said first where all is ruled out
NOTHING_TO_BRING = "按所述情况没有符合条件的事项，暂不需要提交材料。"


def material_titles(policy: Policy) -> dict[str, str]:
    """What each material is called, by the key that its tick is kept under; the form itself among them."""
    return {FORM_KEY: policy.form_title} | {material.key: material.name for material in policy.materials}


def material_list(policy: Policy, determinations: Sequence[Determination]) -> tuple[MaterialNote, ...]:
    """The materials of what is not ruled out, each once, in the text's order, the form itself always among them."""
    seen: dict[str, MaterialNote] = {}
    for determination in determinations:
        if determination.status != "ineligible":
            for material in determination.materials:
                seen.setdefault(material.key, material)
    order = {m.key: i for i, m in enumerate(policy.materials)}
    listed = sorted(seen.values(), key=lambda m: order[m.key])
    applied, title = any(d.status != "ineligible" for d in determinations), policy.form_title
    if applied and title and all(material.name != title for material in listed):
        listed.insert(0, _form_note(policy))
    return tuple(listed)


def _form_note(policy: Policy) -> MaterialNote:
    """The policy's form (申请表) as a material, where the text doesn't list it for what is chosen."""
    title = policy.form_title
    key = next((m.key for m in policy.materials if m.name == title), FORM_KEY)
    return MaterialNote(key, title, "签字或者盖章", False, "本窗口填好打印", policy.form_clause)


def materials_words(policy: Policy, determinations: Sequence[Determination]) -> str:
    """What is said of the materials beside the list."""
    if not any(d.status != "ineligible" for d in determinations):
        again = f"填《{policy.form_title}》，" if policy.form_title else ""
        return f"{NOTHING_TO_BRING}情况有变化再申请的，{again}其他材料以当年申报通知为准。"
    note, year = policy.materials_note, "其他材料以当年申报通知为准。"
    return note if "当年申报通知为准" in note else f"{note}{year}"
