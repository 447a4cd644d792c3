"""What kind of applicant a row of a list is, where the list itself may not say."""

from __future__ import annotations

from collections.abc import Collection

from pinggu_desk.policy.identity import is_identity_number
from pinggu_desk.register.records import ApplicantKind

KINDS: tuple[ApplicantKind, ...] = ("企业", "机构", "个人")
#: the first sign of a code that is given to institutions and organisations
_INSTITUTIONS = ("1", "5")
_BUSINESSES = ("9",)  # ... and to what the market authority registers


def kind_of(said: str, code: str, owners: Collection[str]) -> tuple[ApplicantKind, str]:
    """What kind of applicant it is: as the list says; else by the code; else by whose facts (归属) are stated; else an enterprise.

    The last two are no more than likely: they come with the sentence that the clerk is to read.
    """
    for kind in KINDS:
        if said == kind:
            return kind, ""
    if code and is_identity_number(code):
        return "个人", ""
    if code.startswith(_INSTITUTIONS):
        return "机构", ""
    if code.startswith(_BUSINESSES):
        return "企业", ""
    if "个人" in owners and not {"企业", "机构"} & set(owners):
        return "个人", "名单没有写申请人类型，填的都是个人的情况，先按个人登记，不是个人的请到“企业”（Alt+5）里改。"
    return "企业", "名单和代码都看不出申请人类型，先按企业登记，不是企业的请到“企业”（Alt+5）里改。"


__all__ = ["KINDS", "kind_of"]
