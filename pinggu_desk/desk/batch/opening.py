"""A row of the results gone on with: its applicant found in the register or made, a case over everything, all of it filled in."""

from __future__ import annotations

from pathlib import Path

from pinggu_desk.desk.batch.found import Found
from pinggu_desk.desk.match.kept import MATTERS
from pinggu_desk.policy.facts import PRIOR
from pinggu_desk.register.listed import Stated
from pinggu_desk.register.records import Applicant, ApplicantKind
from pinggu_desk.work.kinds import kind_of

_EVERYTHING = "全部"  # what the enquiry keeps under MATTERS where nobody was asked what he came for


def stated(found: Found, row: int, source: str, *, sample: bool) -> Stated:
    """What a row states, as the register takes it; ``sample`` marks a new applicant as one for practice."""
    facts, texts = found.engine.pack.facts, found.texts(row)
    party = {facts[name].party: text for name, text in texts.items() if facts[name].party}
    code = found.codes[row]
    who = Applicant(
        0, kind_here(found, row)[0], found.names[row], code, party.get("联系人", ""), party.get("电话", ""),
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


def kind_here(found: Found, row: int) -> tuple[ApplicantKind, str]:
    """What kind of applicant a row is, and the sentence that says so where neither the list nor a code told."""
    facts, texts = found.engine.pack.facts, found.texts(row)
    said = next((text for name, text in texts.items() if facts[name].party == "类型"), "")
    return kind_of(said, found.codes[row], {facts[name].owner for name in texts if facts[name].party in ("", "长期")})


__all__ = ["kind_here", "kind_of", "stated"]
