"""From an applicant of the register to the party that a paper names."""

from __future__ import annotations

from datetime import date

from pinggu_desk.documents.visit import Party
from pinggu_desk.policy.identity import document_of
from pinggu_desk.register.records import Applicant


def party_of(who: Applicant | None, today: date) -> Party:
    """The party; a person's kind of document is the one that was said, else the one that its number shows."""
    if who is None:
        return Party("")
    document = who.document or (document_of(who.code, today) or "" if who.kind == "个人" else "")
    return Party(who.name, who.code, who.kind, who.contact, who.phone, who.address, document)
