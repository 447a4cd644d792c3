"""The register's tables, declared once for both engines.

Days and times are ISO text, money whole fen. A table whose ``info`` names its rows (``sealed``) is sealed: its column ``seal``
is over all columns before it, in their order, and over ``version`` where the row has had one (`sealed_values`). What is
declared here is what the migrations make; a test compares them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, LargeBinary, MetaData, Table, Text, text

from pinggu_desk.register.sealing import DERIVED, ENTRY, SUM

metadata = MetaData()
#: SQLite's own row number is an INTEGER; as any number up to 2⁶³ it is the same there
Whole = BigInteger().with_variant(Integer(), "sqlite")


def _id(name: str = "id", to: str | None = None) -> Column[Any]:
    """A number that rows are known by; given out by us (`Database.next_id`), since it goes into the seal."""
    to_whom = [ForeignKey(to)] if to else []
    return Column(name, Whole, *to_whom, primary_key=True, autoincrement=False)


def _key(name: str, to: str | None = None) -> Column[Any]:
    return Column(name, Text, *([ForeignKey(to)] if to else []), primary_key=True)


def _text(name: str) -> Column[Any]:
    return Column(name, Text, nullable=False)


def _maybe(name: str) -> Column[Any]:
    return Column(name, Text, nullable=True)


def _whole(name: str, to: str | None = None, *, nullable: bool = False) -> Column[Any]:
    return Column(name, Whole, *([ForeignKey(to)] if to else []), nullable=nullable)


def _bytes(name: str, *, digested: bool = False) -> Column[Any]:
    """``digested`` are bytes that go into the row's seal as their SHA-256."""
    return Column(name, LargeBinary, nullable=False, info={"digested": digested})


def _table(
    name: str, *columns: Column[Any] | Index, called: str = "", held: str = ENTRY, rowid: bool = True, version: bool = False
) -> Table:  # fmt: skip
    """A table; ``called`` is what a row is called where each is sealed. ``rowid`` False clusters by the key (SQLite).

    ``held`` says how a sealed table is held against the audit trail (`sealing`): ``SUM`` where rows change without an entry.
    ``version`` is counted up by each change of a row that two windows may change; nought is one of before there were versions.
    """
    seal = [_bytes("seal")] if called else []
    info = {"sealed": called, "held": held} if called else {}
    versions = [Column("version", Whole, nullable=False, server_default="0")] if version else []
    return Table(name, metadata, *columns, *seal, *versions, info=info, sqlite_with_rowid=rowid)


meta = _table("meta", _key("name"), _text("value"), called="库信息", rowid=False)
#: a shared register's key slots (`engines.serverkeys`); a file's lie beside it. What is in it is wrapped already
key_store = _table("key_store", _key("name"), _bytes("data"), rowid=False)
#: how the scope of a counter begins that says how far a table's ids, and a case's papers, went (`numbering`); after what may have
#: been given out by a register that is lost, windows go on behind a number on days up to that day, papers of cases up to that id; the
#: last two say from which id on a table's rows were lost, and which of them came back
NUMBERS, PAPERS, FROM_DAY, FROM_CASE, GONE, BACK = "编号 ", "文书 ", "日起点 ", "文书起点 ", "遗失 ", "找回 "
#: which secret leads in by a key slot now, and which led in before (`spent`)
SECRET, SPENT = "口令 ", "作废 "
counters = _table("counters", _key("scope"), _whole("last"), called="流水号", rowid=False)

applicants = _table(
    "applicants", _id(), _text("kind"), _text("name"), _text("code"), _text("contact"), _text("phone"), _text("address"),
    _whole("sample"),
    Index("applicants_by_code", "code", unique=True, sqlite_where=text("code <> ''"), postgresql_where=text("code <> ''")),
    called="申请人", version=True,
)  # fmt: skip
applicant_documents = _table(
    "applicant_documents", _id("applicant_id", "applicants.id"), _text("document"), _text("reason"), called="证件类型"
)
merges = _table(
    "merges", _id("from_id", "applicants.id"), _whole("into_id", "applicants.id"), _text("code"), _text("moved"), _text("at"),
    _text("clerk_no"), called="合并",
)  # fmt: skip
known_facts = _table(
    "known_facts", _id(), _whole("applicant_id", "applicants.id"), _text("fact"), _text("text"), _text("noted_on"),
    _whole("case_id", "cases.id", nullable=True), _text("noted_at"),
    Index("known_facts_by_applicant", "applicant_id", "fact", "noted_on", "id"), called="已知信息", held=SUM,
)  # fmt: skip
awards = _table(
    "awards", _id(), _whole("applicant_id", "applicants.id"), _text("policy_id"), _text("benefit_id"), _whole("amount_fen"),
    _text("awarded_on"), _text("matter"), _text("source"), _maybe("removed_at"),
    Index("awards_by_applicant", "applicant_id", "awarded_on", "id"), called="已享受支持", version=True,
)  # fmt: skip
# apart from what they belong to, whose seals are of before there were origins; retention takes them out by what they belong to
fact_origins = _table("fact_origins", _id("fact_id"), _text("origin"), _text("clerk_no"), called="信息来源", held=SUM)
award_origins = _table(
    "award_origins", _id("award_id"), _text("title"), _text("document"), _text("origin"), _text("at"),
    _text("clerk_no"), called="支持来源", held=SUM,
)  # fmt: skip

cases = _table(
    "cases", _id(), Column("number", Text, nullable=False, unique=True), _whole("applicant_id", "applicants.id", nullable=True),
    _text("policy_id"), _text("opened_at"), _text("judged_on"), _text("pack_version"), _text("state"), _text("clerk_no"),
    Index("cases_by_state", "state", "id"), Index("cases_by_applicant", "applicant_id", "id"), called="办件", version=True,
)  # fmt: skip
# apart from cases: it changes at every step of the clerk
positions = _table("positions", _id("case_id", "cases.id"), _text("step"), _text("field"), called="办理位置", held=SUM)
# The journal, clustered by case: what it adds up to is a case's answers, which are kept nowhere else.
edits = _table(
    "edits", _id("case_id", "cases.id"), _id("seq"), _text("kind"), _text("fact"), _maybe("before"), _maybe("after"),
    _whole("parent"), _whole("head"), _text("at"), _text("clerk_no"), called="修改记录", held=SUM, rowid=False,
)  # fmt: skip
edit_origins = _table(
    "edit_origins", _id("case_id", "cases.id"), _id("seq"), _text("origin"), called="填报来源", held=SUM, rowid=False
)
materials = _table(
    "materials", _id("case_id", "cases.id"), _key("material"), _text("state"), _text("at"), _text("clerk_no"),
    called="材料", held=SUM, rowid=False,
)  # fmt: skip
visits = _table(
    "visits", _id("case_id", "cases.id"), _whole("visit", "cases.id"), _whole("place"),
    Index("visits_by_visit", "visit", "place"), called="同一来访",
)  # fmt: skip

documents = _table(
    "documents", _key("serial"), _whole("case_id", "cases.id"), _text("kind"), _text("file_name"), _text("sha256"),
    _text("determinations"), _text("issued_at"), _text("clerk_no"), Index("documents_by_case", "case_id", "serial"),
    called="文书", rowid=False,
)  # fmt: skip
paper_files = _table(
    "paper_files", _key("serial", "documents.serial"), _bytes("data", digested=True), called="文书文件", rowid=False
)
paper_contents = _table(
    "paper_contents", _key("serial", "documents.serial"), _text("content"), called="文书内容", rowid=False
)
paper_findings = _table(
    "paper_findings", _key("serial", "documents.serial"), _whole("case_id", "cases.id"), _text("issued_at"), _text("found"),
    Index("paper_findings_by_case", "case_id", "issued_at"), called="文书结论", rowid=False,
)  # fmt: skip
shared_papers = _table(
    "shared_papers", _key("serial", "documents.serial"), _id("case_id", "cases.id"), Index("shared_papers_by_case", "case_id"),
    called="合用文书", rowid=False,
)  # fmt: skip

parameters = _table(
    "parameters", _id(), _text("name"), _text("value"), _text("since"), _maybe("until"), _text("source"), _text("entered_at"),
    _text("clerk_no"), _maybe("removed_at"), Index("parameters_by_name", "name", "since"), called="外部参数", version=True,
)  # fmt: skip
corrections = _table(
    "corrections", _id(), _text("kind"), _text("subject"), _text("value"), _text("since"), _text("office"), _text("document"),
    _maybe("dated"), _text("origin"), _text("entered_at"), _text("clerk_no"), _maybe("removed_at"),
    Index("corrections_by_subject", "kind", "subject", "since"), called="更正",
)  # fmt: skip
# what the determinations of a paper stood on, so that they can be made again
paper_bases = _table(
    "paper_bases", _key("serial", "documents.serial"), _text("basis"), called="测算依据", rowid=False
)  # fmt: skip
list_shapes = _table(
    "list_shapes", _key("shape"), _text("choices"), _text("by"), _text("at"), called="名单列的对应", rowid=False
)
signing_keys = _table("signing_keys", _id(), _bytes("private"), _text("made_at"), called="签发密钥")
trusted_keys = _table(
    "trusted_keys", _id(), _bytes("public"), _text("office"), _text("added_at"), _text("clerk_no"), _maybe("removed_at"),
    called="可信公钥",
)  # fmt: skip
#: the audit trail (审计): each entry's hash is over the one before; ``state`` is what it tells of the tables (`tallies`)
audit = _table(
    "audit", _id(), _text("at"), _text("clerk_no"), _text("event"), _text("subject"), _text("detail"), _bytes("previous"),
    _bytes("hash"), Column("state", Text, nullable=False, server_default=""),
)  # fmt: skip
#: how far the trail goes and what it says of the tables, and what each table comes to
trail_end = _table("trail_end", _id(), _whole("number"), _bytes("hash"), _text("told"), called="审计末条", held=DERIVED)
tallies = _table(
    "tallies", _key("name"), _whole("count"), _text("total"), called="校验和", held=DERIVED, rowid=False, version=True
)  # fmt: skip


#: their rows had no seal before there were sums: an empty one stands there until the register is opened (`baseline`)
SEALED_LATE = (counters, positions, materials, paper_files)

# bundles from other registers (register.bundles): whom they are enciphered to, which were made and joined, what became of what
exchange_keys = _table("exchange_keys", _id(), _bytes("private"), _text("made_at"), called="收件密钥")
bundles_made = _table(
    "bundles_made", _id(), _text("receiver"), _text("manifest"), _text("at"), _text("clerk_no"), _maybe("joined_at"),
    called="导出的数据包",
)  # fmt: skip
bundles_joined = _table(
    "bundles_joined", _key("sender"), _key("digest"), _whole("number"), _text("office"), _text("at"), _text("clerk_no"),
    called="并入的数据包",
)  # fmt: skip
foreign_ids = _table(
    "foreign_ids", _key("origin"), _key("kind"), _id("foreign_id"), _whole("local_id"), _text("sender"), _whole("number"),
    _text("theirs"), _text("ours"), Index("foreign_ids_by_local", "kind", "local_id"), called="外来编号",
)  # fmt: skip
foreign_trail = _table(
    "foreign_trail", _key("sender"), _id(), _text("at"), _text("clerk_no"), _text("event"), _text("subject"), _text("detail"),
    _text("previous"), _text("hash"), called="外来审计记录",
)  # fmt: skip
join_conflicts = _table(
    "join_conflicts", _id(), _text("sender"), _text("kind"), _text("subject"), _whole("local_id"), _text("theirs"), _text("at"),
    _maybe("decision"), _maybe("decided_at"), _maybe("clerk_no"), called="并入时的冲突",
)  # fmt: skip


def sealed() -> dict[Table, str]:
    """Every table whose rows are sealed, and what a row of it is called."""
    return {table: str(table.info["sealed"]) for table in metadata.tables.values() if "sealed" in table.info}


def sealed_columns(table: Table) -> list[Column[Any]]:
    """The columns that a row's seal is over, in their order; the version, where there is one, is the last."""
    return [column for column in table.columns if column.name != "seal"]


def as_sealed(table: Table, values: Iterable[Any]) -> list[Any]:
    """Values as they go into a row's seal: long ones as their digest."""
    return [
        hashlib.sha256(value).hexdigest() if column.info.get("digested") and isinstance(value, bytes) else value
        for column, value in zip(sealed_columns(table), values, strict=False)
    ]


def sealed_values(values: Sequence[Any], version: int) -> tuple[Any, ...]:
    """What a row's seal is over: a row that has had no version yet is sealed as it was before there were any."""
    return (*values, version) if version else tuple(values)


def of_its_kind(table: Table, row: Sequence[Any]) -> bool:
    """Whether each value of a row, seal last, is of its column's kind.

    A seal is over values as JSON has them, where bytes are the text of their hexadecimal: a file takes either in any column.
    """
    kinds = _KINDS[table]
    return all(type(value) in kind for value, kind in zip(row, kinds, strict=True))


def _kinds(table: Table) -> list[tuple[type, ...]]:
    none = (type(None),)
    return [
        ((bytes,) if isinstance(c.type, LargeBinary) else (str,) if isinstance(c.type, Text) else (int,))
        + (none if c.nullable else ())
        for c in [*sealed_columns(table), table.c.seal]
    ]


_KINDS = {table: _kinds(table) for table in sealed()}
