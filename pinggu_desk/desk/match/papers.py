"""From an enquiry at work to what its papers are made of (政策匹配清单、政策匹配表). Knows no Qt."""

from __future__ import annotations

from datetime import datetime

from pinggu_desk.desk.match.session import MatchSession
from pinggu_desk.desk.parties import party_of
from pinggu_desk.documents.matchvisit import MatchVisit, match_visit


def visit_of(session: MatchSession, now: datetime) -> MatchVisit:
    """The enquiry as it was stated, each value with where it came from; still without a serial."""
    services, who, enquiry = session.services, session.applicant, session.enquiry
    party = party_of(who, now.date())
    sources = {
        known.name: session.source_of(known.name, known.source) for known in enquiry.known() if known.source
    }  # fmt: skip
    return match_visit(
        enquiry.stated, party, printed_at=now.replace(microsecond=0), sources=sources,
        clerk=f"{services.clerk.name} {services.clerk.no}".strip(), window=services.clerk.window,
        office=services.settings.now.office, practice=services.practice or bool(who and who.sample),
    )  # fmt: skip
