"""What a bundle carries: plain records, each row known by the register that it was made in and its number there.

Everything that is read from outside goes through these models: types, lengths, days and digests are held here, and that a
journal adds up, so that what is joined can be shown and checked like anything else.
"""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    StringConstraints,
    model_serializer,
    model_validator,
)

from pinggu_desk.register.records import ApplicantKind, AwardSource, CaseState

#: of one text; a paper's determinations come to some forty thousand characters
_LONGEST = 4_000_000
_MOST_ROWS = 100_000
#: between a clerk's number and his office's name, where he is another office's; nothing follows where it is the receiver's
AT = "@"
_ID = 1 << 53


def _a_day(text: str) -> str:
    date.fromisoformat(text)
    return text


def _a_moment(text: str) -> str:
    if datetime.fromisoformat(text).tzinfo is not None:
        raise ValueError("a local time has no zone")
    return text


Number = Annotated[int, Field(ge=1, le=_ID)]
Text = Annotated[str, StringConstraints(max_length=_LONGEST)]
Short = Annotated[str, StringConstraints(max_length=2000)]
Day = Annotated[str, StringConstraints(max_length=10), AfterValidator(_a_day)]
Moment = Annotated[str, StringConstraints(max_length=32), AfterValidator(_a_moment)]
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")


class Ref(_Record):
    """A row by the register that it was made in (the office's public key, in hexadecimal) and its number there."""

    origin: Digest
    id: Number


class _SaidAsBefore(_Record):
    """What later programs know of a row, where it has none of it, reads and is digested as before they did."""

    @model_serializer(mode="wrap")
    def _said(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        whole: dict[str, Any] = handler(self)
        return {name: value for name, value in whole.items() if value or name not in _LATER}


_LATER = frozenset(("origin", "noted_by", "title", "document", "noted_at_desk", "basis"))


class _WithOrigin(_SaidAsBefore):
    """A row that may say where it came from."""

    origin: Short = ""
    noted_by: Short = ""


class AwardRecord(_WithOrigin):
    """A past award of an applicant."""

    ref: Ref
    policy_id: Short
    benefit_id: Short
    amount_fen: Annotated[int, Field(ge=0, le=_ID)]
    awarded_on: Day
    matter: Short
    source: AwardSource
    removed_at: Moment | None
    title: Short = ""
    document: Short = ""
    noted_at_desk: Annotated[str, StringConstraints(max_length=32)] = ""


class FactRecord(_WithOrigin):
    """What was noted of an applicant, in which case."""

    ref: Ref
    fact: Short
    text: Text
    noted_on: Day
    case: Ref | None
    noted_at: Moment


class Particulars(_Record):
    """What is known of who an applicant is: what two registers may say differently."""

    kind: ApplicantKind
    name: Annotated[str, StringConstraints(min_length=1, max_length=2000)]
    code: Short
    contact: Short
    phone: Short
    address: Short
    sample: bool
    document: Short
    reason: Short


class ApplicantRecord(_Record):
    """An applicant with what he was awarded and what is known; ``merged`` are those that were made one with him."""

    ref: Ref
    who: Particulars
    merged: Annotated[list[Ref], Field(max_length=_MOST_ROWS)]
    awards: Annotated[list[AwardRecord], Field(max_length=_MOST_ROWS)]
    facts: Annotated[list[FactRecord], Field(max_length=_MOST_ROWS)]


class EditRecord(_Record):
    """One line of a case's journal, and where its text came from."""

    seq: Number
    kind: Literal["edit", "undo", "redo"]
    fact: Short
    before: Text | None
    after: Text | None
    parent: Annotated[int, Field(ge=0, le=_ID)]
    head: Annotated[int, Field(ge=0, le=_ID)]
    at: Moment
    clerk_no: Short
    origin: Short


class MaterialRecord(_Record):
    """How a material stands."""

    material: Short
    state: Short
    at: Moment
    clerk_no: Short


class PaperRecord(_SaidAsBefore):
    """An issued paper with its file (base64), what its answers stood on, and the cases that share it."""

    serial: Short
    kind: Short
    file_name: Short
    sha256: Digest
    determinations: Text
    issued_at: Moment
    clerk_no: Short
    content: Short
    found: Text | None
    data: str | None
    shared: Annotated[list[Ref], Field(max_length=1000)]
    basis: Text = ""

    @model_validator(mode="after")
    def _its_file(self) -> PaperRecord:
        if self.data is not None and hashlib.sha256(self.file or b"").hexdigest() != self.sha256:
            raise ValueError("a paper's file is not what was recorded")
        return self

    @property
    def file(self) -> bytes | None:
        """The paper itself."""
        return None if self.data is None else base64.b64decode(self.data, validate=True)


class CaseRecord(_Record):
    """A case with its journal, materials and papers; ``visit`` is the enquiry that it was opened from."""

    ref: Ref
    number: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    applicant: Ref | None
    policy_id: Short
    opened_at: Moment
    judged_on: Day
    pack_version: Short
    state: CaseState
    clerk_no: Short
    edits: Annotated[list[EditRecord], Field(max_length=_MOST_ROWS)]
    materials: Annotated[list[MaterialRecord], Field(max_length=_MOST_ROWS)]
    papers: Annotated[list[PaperRecord], Field(max_length=1000)]
    visit: Ref | None
    place: Annotated[int, Field(ge=0, le=_ID)]

    @property
    def digest(self) -> str:
        """What it is known by; a paper's file is told by its digest, and what its answers stood on never changes."""
        return digest_of(self.model_dump(mode="json", exclude={"papers": {"__all__": {"data", "basis"}}}))

    @property
    def answers(self) -> dict[str, str | None]:
        """The text of each fact once the journal is done."""
        return {edit.fact: edit.after for edit in self.edits}

    @model_validator(mode="after")
    def _adds_up(self) -> CaseRecord:
        texts: dict[str, str | None] = {}
        for seq, edit in enumerate(self.edits, 1):
            if edit.seq != seq or texts.get(edit.fact) != edit.before or max(edit.parent, edit.head) > seq:
                raise ValueError("a journal does not add up")
            texts[edit.fact] = edit.after
        return self


class TrailRecord(_Record):
    """An entry of the sender's audit trail, as it stands there: kept as evidence, its hash is by a key of the sender's."""

    id: Number
    at: Moment
    clerk_no: Short
    event: Short
    subject: Short
    detail: Text
    previous: Digest
    hash: Digest


class Parcel(_Record):
    """All that is carried in one go: by whom, the how manyth of the sender's, and the records; ``practice`` (演练) never mixes."""

    sender: Digest
    practice: bool
    number: Number
    made_at: Moment
    applicants: Annotated[list[ApplicantRecord], Field(max_length=1_000_000)]
    cases: Annotated[list[CaseRecord], Field(max_length=1_000_000)]
    trail: Annotated[list[TrailRecord], Field(max_length=10_000_000)]

    @property
    def digest(self) -> str:
        """What a parcel is known by, to whoever has joined it."""
        parts = [[a.ref.model_dump(), digest_of(a)] for a in self.applicants]
        parts += [[c.ref.model_dump(), c.digest] for c in self.cases]
        return digest_of([self.sender, self.number, self.made_at, parts, [entry.hash for entry in self.trail]])


class Receipt(_Record):
    """What was joined by whom: the sender need not send it to him again."""

    sender: Digest
    receiver: Digest
    number: Number


def digest_of(value: Any) -> str:
    """The SHA-256 of a record's (or plain value's) canonical JSON, in hexadecimal."""
    plain = value.model_dump(mode="json") if isinstance(value, BaseModel) else value
    return hashlib.sha256(canonical(plain)).hexdigest()


def canonical(value: Any) -> bytes:
    """The one JSON text of a value."""
    said = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return said.encode("utf-8", "surrogatepass")
