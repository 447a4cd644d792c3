"""A row of the results gone on with: its applicant found in the register or made, a case over everything, all of it filled in."""

from __future__ import annotations

from pathlib import Path

from pinggu_desk.desk.batch.found import Found
from pinggu_desk.desk.match.session import MATTERS
from pinggu_desk.policy.facts import PRIOR
from pinggu_desk.policy.identity import is_identity_number
from pinggu_desk.register.listed import Stated
from pinggu_desk.register.records import Applicant, ApplicantKind

_KINDS: tuple[ApplicantKind, ...] = ("企业", "机构", "个人")
_EVERYTHING = "全部"  # what the enquiry keeps under MATTERS where nobody was asked what he came for
#: the first sign of a code that is given to institutions and organisations
_INSTITUTIONS = ("1", "5")


def stated(found: Found, row: int, source: str, *, sample: bool) -> Stated:
    """What a row states, as the register takes it; ``sample`` marks a new applicant as one for practice."""
    facts, texts = found.engine.pack.facts, found.texts(row)
    party = {facts[name].party: text for name, text in texts.items() if facts[name].party}
    code = found.codes[row]
    who = Applicant(
        0, kind_of(party.get("类型", ""), code), found.names[row], code, party.get("联系人", ""), party.get("电话", ""),
        party.get("地址", ""), sample=sample,
    )  # fmt: skip
    answers = {name: text for name, text in texts.items() if not facts[name].party}
    awards = found.awards(row)
    if awards == () and PRIOR in facts:
        answers.setdefault(PRIOR, "否")
    line = int(found.column("row")[row])
    return Stated(
        who, found.on, {MATTERS: _EVERYTHING, **answers}, {n: t for n, t in texts.items() if facts[n].standing},
        [(a.policy, a.benefit, a.amount_fen, a.on, a.matter) for a in awards or ()],
        f"采用名单“{Path(source).name}”第 {line} 行",
    )  # fmt: skip


def kind_of(said: str, code: str) -> ApplicantKind:
    """What kind of applicant it is: as the list says; else by the code; else an enterprise."""
    for kind in _KINDS:
        if said == kind:
            return kind
    if code and is_identity_number(code):
        return "个人"
    return "机构" if code.startswith(_INSTITUTIONS) else "企业"


__all__ = ["kind_of", "stated"]
